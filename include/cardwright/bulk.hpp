/*
 * cardwright/bulk.hpp - one operation for many cards, with a journal that a run can be taken up from.
 */

#ifndef CARDWRIGHT_BULK_HPP
#define CARDWRIGHT_BULK_HPP

#include <cardwright/client.hpp>

#if defined(CARDWRIGHT_CLIENT)

namespace cardwright {

/** How many cards of a bulk operation have which fate. */
struct BulkCounts {
    std::size_t total, planned, skipped, done, awaiting_approval, failed, unknown, accepted;
    /** @private */
    static BulkCounts of(const CardwrightBulkCounts &from) {
        return {from.total, from.planned, from.skipped, from.done, from.awaiting_approval, from.failed, from.unknown, from.accepted};
    }
};

/** What a bulk operation is. */
struct BulkFacts {
    System system;
    Operation operation;
    std::optional<RevocationReason> reason;
    std::size_t count;  /**< How many rows it has. */
    std::string comment;
    std::string server; /**< The base of the API of the server that it is for. */
    std::optional<std::string> journal;
};

/** A card of a bulk operation, and its outcome. */
struct BulkRow {
    Fate fate;
    std::string id;                     /**< The id in the system. */
    std::string serial_number;
    std::string holder;                 /**< Empty if the record does not say. */
    std::optional<NativeState> state;   /**< At the time of the plan, if it was known. */
    std::string state_text;             /**< The same in the system's word, or what the server sent. */
    std::optional<Verdict> verdict;     /**< What the tables say, if the state is known. */
    std::optional<Code> code;           /**< Why it was skipped, failed or is unknown. */
    std::string words;                  /**< The same in words. */
    std::optional<std::uint32_t> http_status;
    std::uint32_t attempts;             /**< How often the operation was sent. */
    std::optional<std::string> request; /**< The request of MIM CM. */
};

/** How a run proceeds: its pace, and what stops it. */
struct BulkOptions {
    std::optional<std::uint32_t> concurrency{};  /**< Cards at the same time: 8. */
    std::optional<std::uint32_t> attempts{};     /**< How often a card's operation is sent at most: 5. */
    std::optional<Milliseconds> longest_wait{};  /**< That the server may ask for: 5 minutes. */
    std::optional<std::uint32_t> canary{};       /**< Cards that go first, one by one. */
    std::optional<std::uint32_t> max_failures{}; /**< The run stops when more cards have failed or are unknown. */
    std::optional<double> rate{};                /**< The most operations a second on average. */
};

/** How far a run is. */
struct BulkProgress {
    bool waits;           /**< The run is paused, because the server asked for it. */
    BulkCounts counts;    /**< Earlier runs included. */
    Milliseconds elapsed; /**< How long this run has taken. */
    double per_second;    /**< How many cards this run has ended, on average. */
};
/** Is told how far a run is, on the thread that runs it; false stops the run, and so does what it throws, which is thrown
    again at the end: cards that are under way come to their end first. */
using Progress = std::function<bool(const BulkProgress &)>;

/** How a run ended. */
struct BulkEnd {
    std::optional<Stopped> stopped; /**< None if every card was looked at. */
    std::optional<Code> code;       /**< The error that stopped it. */
    std::optional<std::uint32_t> http_status;
    std::string words;              /**< That error in words. */
    Milliseconds elapsed;
};

/** An operation for many cards: what is planned for each, and what has come of it. */
class Bulk : public Handle<CardwrightBulk, cardwright_bulk_free> {
public:
    using Handle::Handle;
    /** Writes the plan into a new journal, from which Client::resume() can go on with a run that was ended by anything. */
    Result<void> try_keep(std::string_view journal) { return does(cardwright_bulk_keep, get(), text(journal)); }
    void keep(std::string_view journal) { try_keep(journal).value(); }
    /** Puts the cards that failed back among those that are planned, for the next run. */
    Result<void> try_retry_failed() { return does(cardwright_bulk_retry_failed, get()); }
    void retry_failed() { try_retry_failed().value(); }
    Result<BulkFacts> try_facts() const {
        return fills<CardwrightBulkFacts>(cardwright_bulk_facts, get()).map([](const CardwrightBulkFacts &from) {
            const auto reason = static_cast<RevocationReason>(from.reason);
            return BulkFacts{static_cast<System>(from.system), static_cast<Operation>(from.operation),
                             from.has_reason == 0 ? std::nullopt : std::optional<RevocationReason>(reason), from.count,
                             std::string(view_of(from.comment)), std::string(view_of(from.server)), copy(from.journal)};
        });
    }
    BulkFacts facts() const { return try_facts().value(); }
    Result<BulkCounts> try_counts() const {
        return fills<CardwrightBulkCounts>(cardwright_bulk_counts, get()).map(BulkCounts::of);
    }
    BulkCounts counts() const { return try_counts().value(); }
    /** The cards, in the order of the ids or of the list: a range, as long as this lives and is not run. */
    Result<Indexed<BulkRow, std::pair<const CardwrightBulk *, System>>> try_rows() const & {
        return try_facts().map([this](const BulkFacts &facts) {
            return Indexed<BulkRow, std::pair<const CardwrightBulk *, System>>({get(), facts.system}, facts.count, row);
        });
    }
    Indexed<BulkRow, std::pair<const CardwrightBulk *, System>> rows() const & { return try_rows().value(); }
    Result<Indexed<BulkRow, std::pair<const CardwrightBulk *, System>>> try_rows() const && = delete;
    Indexed<BulkRow, std::pair<const CardwrightBulk *, System>> rows() const && = delete;
    /** Carries out what is planned. That a card failed is no error: counts() and rows() tell. */
    Result<BulkEnd> try_run(const BulkOptions &options = {}, const Progress &progress = {}) {
        auto c = zeroed<CardwrightBulkOptions>();
        c.concurrency = options.concurrency.value_or(0);
        c.attempts = options.attempts.value_or(0);
        c.longest_wait = detail::limit(options.longest_wait);
        c.canary = options.canary.value_or(0);
        c.has_max_failures = options.max_failures.has_value();
        c.max_failures = options.max_failures.value_or(0);
        c.rate = options.rate.value_or(0);
        Told told{progress, {}};
        auto end = fills<CardwrightBulkEnd>(cardwright_bulk_run, get(), &c, progress ? CardwrightProgress{tell} : nullptr,
                                            static_cast<void *>(&told));
        told.kept.rethrow();
        return std::move(end).map([](const CardwrightBulkEnd &from) {
            return BulkEnd{from.stopped == 0 ? std::nullopt : std::optional<Stopped>(static_cast<Stopped>(from.stopped)),
                           code(from.code), detail::unless<std::uint32_t>(0, from.http_status),
                           std::string(view_of(from.words)), milliseconds(from.elapsed)};
        });
    }
    BulkEnd run(const BulkOptions &options = {}, const Progress &progress = {}) { return try_run(options, progress).value(); }
    /** Stops a run at once and for good, from any thread. */
    Result<void> try_cancel() const { return does(cardwright_bulk_cancel, get()); }
    void cancel() const { try_cancel().value(); }
private:
    struct Told {
        const Progress &progress;
        detail::Kept kept;
    };
    static std::int32_t tell(void *context, const CardwrightBulkProgress *progress) {
        auto &told = *static_cast<Told *>(context);
        return detail::guarded(told.kept, std::int32_t{1}, [&told, progress]() -> std::int32_t {
            return told.progress({progress->waits != 0, BulkCounts::of(*progress->counts), milliseconds(progress->elapsed),
                                  progress->per_second})
                       ? 0
                       : 1;
        });
    }
    static Result<BulkRow> row(const std::pair<const CardwrightBulk *, System> &of, std::size_t at) {
        return detail::filled<CardwrightBulkRow>(cardwright_bulk_row, of.first, at).map([&of](const CardwrightBulkRow &from) {
            return BulkRow{static_cast<Fate>(from.fate), std::string(view_of(from.id)), std::string(view_of(from.serial_number)),
                           std::string(view_of(from.holder)),
                           from.has_state == 0 ? std::nullopt : std::optional<NativeState>({of.second, from.state}),
                           std::string(view_of(from.state_text)),
                           from.has_verdict == 0 ? std::nullopt : std::optional<Verdict>(Verdict::of(of.second, from.verdict)),
                           code(from.code), std::string(view_of(from.words)),
                           detail::unless<std::uint32_t>(0, from.http_status), from.attempts, copy(from.request)};
        });
    }
    static std::optional<std::string> copy(CardwrightText from) {
        return from.data == nullptr ? std::nullopt : std::optional<std::string>(view_of(from));
    }
    static std::optional<Code> code(std::int32_t from) {
        return from == CARDWRIGHT_OK ? std::nullopt : std::optional<Code>(static_cast<Code>(from));
    }
    static Milliseconds milliseconds(std::uint64_t from) { return Milliseconds(static_cast<Milliseconds::rep>(from)); }
};

inline Result<Bulk> Client::try_bulk(const std::vector<std::string> &ids, Arg<Operation> operation, Reason reason,
                                     std::string_view comment) const {
    std::vector<CardwrightText> all;
    for (const auto &id : ids) all.push_back(text(id));
    return gives<Bulk>(cardwright_bulk_of_ids, get(), all.data(), all.size(), operation.number(), has(reason), of(reason),
                       text(comment));
}
inline Bulk Client::bulk(const std::vector<std::string> &ids, Arg<Operation> operation, Reason reason,
                         std::string_view comment) const {
    return try_bulk(ids, operation, reason, comment).value();
}
inline Result<Bulk> Client::try_bulk(const Query &query, Arg<Operation> operation, Reason reason, std::string_view comment) const {
    const detail::RawQuery raw(query);
    return gives<Bulk>(cardwright_bulk_of_query, get(), &raw.c, operation.number(), has(reason), of(reason), text(comment));
}
inline Bulk Client::bulk(const Query &query, Arg<Operation> operation, Reason reason, std::string_view comment) const {
    return try_bulk(query, operation, reason, comment).value();
}
inline Result<Bulk> Client::try_resume(std::string_view journal) const {
    return gives<Bulk>(cardwright_bulk_resume, get(), text(journal));
}
inline Bulk Client::resume(std::string_view journal) const { return try_resume(journal).value(); }

} // namespace cardwright

#endif
#endif /* CARDWRIGHT_BULK_HPP */
