/*
 * cardwright/reader.hpp - the readers of this machine, what happens at them, and the cards in them.
 */

#ifndef CARDWRIGHT_READER_HPP
#define CARDWRIGHT_READER_HPP

#include <cardwright/cards.hpp>
#include <cardwright/handle.hpp>

#if defined(CARDWRIGHT_READER)

namespace cardwright {

/** A reader as it was. */
struct Reader {
    CardwrightReader facts; /**< As C has it, but for what it points to. */
    std::string reader;     /**< The name by which the system knows it. */
    Bytes atr;              /**< Of the card in the reader, unchecked; empty without one. */
    Slot slot;
    Sharing sharing;
    /** How often a card was inserted or removed; none if the system does not count. */
    std::optional<std::uint32_t> events;
};

/** The readers of this machine, in the system's order. */
inline Result<std::vector<Reader>> try_readers() {
    CardwrightReaders *list = nullptr;
    std::size_t count = 0;
    auto error = detail::called(cardwright_readers_new, &list, &count);
    const Handle<CardwrightReaders, cardwright_readers_free> owned(list);
    std::vector<Reader> out;
    while (!error && out.size() < count) {
        auto one = zeroed<CardwrightReader>();
        error = detail::called(cardwright_readers_at, list, out.size(), &one);
        if (error) break;
        Reader reader{one, std::string(view_of(one.name)), Bytes(one.atr, one.atr + one.atr_length), static_cast<Slot>(one.slot),
                      static_cast<Sharing>(one.sharing), detail::unless<std::uint32_t>(0, one.events)};
        reader.facts.name = {};
        reader.facts.atr = nullptr;
        out.push_back(std::move(reader));
    }
    return detail::result(std::move(error), std::move(out));
}
inline std::vector<Reader> readers() { return try_readers().value(); }

/** Something that happened at a reader; false if nothing did. */
struct Event {
    CardwrightEvent facts{}; /**< As C has it, but for what it points to. */
    std::string reader;      /**< The name of the reader; empty if the event is not about one. */
    Bytes atr;               /**< The ATR of an inserted card, unchecked; empty if it is mute. */
    EventKind kind = EventKind::none;
    /** Of a service that does not answer: why. */
    std::optional<Code> code;
    explicit operator bool() const noexcept { return kind != EventKind::none; }
};

/** The events of the readers, as they happen: a range for one pass, which ends when the watch is canceled. */
class Watch : public Handle<CardwrightWatch, cardwright_watch_free> {
public:
    using value_type = Event;
    using Handle::Handle;
    /** Begins to watch: the readers and cards that are there come first. */
    Watch() : Watch(make()) {}
    static Result<Watch> try_make() {
        CardwrightWatch *out = nullptr;
        auto error = detail::called(cardwright_watch_new, &out);
        return detail::result(std::move(error), Watch(out));
    }
    static Watch make() { return try_make().value(); }
    /** The next event; false if nothing happened within the limit, which may be 0, or none at all. CARDWRIGHT_CODE_CANCELED
        once it is canceled. */
    Result<Event> try_next(std::optional<Milliseconds> limit = std::nullopt) {
        const auto most = !limit ? CARDWRIGHT_NO_LIMIT : limit->count() <= 0 ? 0 : detail::limit(limit);
        return fills<CardwrightEvent>(cardwright_watch_next, get(), most).map([](const CardwrightEvent &from) {
            Event out{from, std::string(view_of(from.reader)), Bytes(from.atr, from.atr + from.atr_length),
                      static_cast<EventKind>(from.kind),
                      from.code == CARDWRIGHT_OK ? std::nullopt : std::optional<Code>(static_cast<Code>(from.code))};
            out.facts.reader = {};
            out.facts.atr = nullptr;
            return out;
        });
    }
    Event next(std::optional<Milliseconds> limit = std::nullopt) { return try_next(limit).value(); }
    /** The same with a limit in milliseconds, or CARDWRIGHT_NO_LIMIT. */
    Event next(std::uint32_t limit) {
        return limit == CARDWRIGHT_NO_LIMIT ? next() : next(std::optional<Milliseconds>(limit));
    }
    Once<Watch> begin() { return Once<Watch>(this); }
    Once<Watch> end() const noexcept { return {}; }
    /** Ends it, from any thread. */
    Result<void> try_cancel() const { return does(cardwright_watch_cancel, get()); }
    void cancel() const { try_cancel().value(); }
    /** @private */
    bool advance() {
        auto next = try_next();
        if (!next.ok() && next.error().code() == Code::canceled) return false;
        here_ = std::move(next).value();
        return true;
    }
    /** @private */
    Event &here() noexcept { return here_; }
private:
    Event here_;
};

/** How to connect to a card; what is absent is the default. */
struct Open {
    Share share = Share::shared;
    Protocol protocol = Protocol::any;
    std::optional<Milliseconds> limit{};           /**< Of each exchange, and each wait for other programs: 60 seconds. */
    std::optional<Milliseconds> card_time_limit{}; /**< Of all that one command comes to: 12 seconds, or `limit`. */
    std::optional<std::uint32_t> card_apdus{};     /**< How many APDUs one command may come to: 200. */
};

/** Facts about a session. */
struct SessionFacts {
    Protocol protocol;     /**< In use. */
    std::uint32_t resets;  /**< By other programs, that the session has noticed. */
    std::uint32_t missed;  /**< Commands of the last identify() without a proper answer. */
    bool in_transaction;
    Bytes atr;             /**< Unchecked. It may change after a reset. */
    std::uint32_t attempts; /**< How many the connect took. */
};

/** The answer of a card: data and SW1 SW2. */
struct Response {
    Bytes bytes;          /**< All of it. */
    std::uint32_t status; /**< SW1 SW2. */
    ByteView data() const & noexcept { return {bytes.data(), bytes.size() < 2 ? 0 : bytes.size() - 2}; }
    ByteView data() const && = delete;
    /** Whether SW1 SW2 is 9000. */
    bool ok() const noexcept { return status == 0x9000; }
    /** SW1 SW2 in plain words. */
    std::string_view text() const noexcept { return status_word_text(status); }
    operator const Bytes &() const & noexcept { return bytes; }
    operator Bytes() && noexcept { return std::move(bytes); }
};

/** A connection to the card in a reader, which is left as it was in the end. */
class Session : public Handle<CardwrightSession, cardwright_session_free> {
public:
    using Handle::Handle;
    /** Connects to the card in the reader of this name. */
    explicit Session(std::string_view reader, const Open &open = {}) : Session(make(reader, open)) {}
    Session(std::string_view reader, const CardwrightOpen *open) : Session(connect(reader, open).value()) {}
    static Result<Session> try_make(std::string_view reader, const Open &open = {}) {
        auto c = zeroed<CardwrightOpen>();
        c.share = number(open.share);
        c.protocol = number(open.protocol);
        c.limit = detail::limit(open.limit);
        c.card_time_limit = detail::limit(open.card_time_limit);
        c.card_apdus = open.card_apdus.value_or(0);
        return connect(reader, &c);
    }
    static Session make(std::string_view reader, const Open &open = {}) { return try_make(reader, open).value(); }

    /** As it is now. */
    Result<SessionFacts> try_facts() const {
        return fills<CardwrightSessionFacts>(cardwright_session_facts, get()).map([](const CardwrightSessionFacts &from) {
            return SessionFacts{static_cast<Protocol>(from.protocol), from.resets, from.missed, from.in_transaction != 0,
                                Bytes(from.atr, from.atr + from.atr_length), from.attempts};
        });
    }
    SessionFacts facts() const { return try_facts().value(); }
    /** Sends a command APDU. Any status word is a success of this function. */
    Result<Response> try_transmit(ByteView command) {
        Response out{Bytes(65538), 0};
        std::size_t length = 0;
        auto error = detail::called(cardwright_session_transmit, get(), command.data(), command.size(), out.bytes.data(),
                                    out.bytes.size(), &length, &out.status);
        out.bytes.resize(length);
        return settle(std::move(error), std::move(out));
    }
    Response transmit(ByteView command) { return try_transmit(command).value(); }
    /** The same; SW1 SW2 go to `status`. */
    Bytes transmit(ByteView command, std::uint32_t *status) {
        auto out = transmit(command);
        if (status != nullptr) *status = out.status;
        return std::move(out.bytes);
    }
    /** Sets how long each exchange may take from now on; the default without one. */
    Result<void> try_limit(std::optional<Milliseconds> limit) {
        return does(cardwright_session_limit, get(), detail::limit(limit));
    }
    void limit(std::optional<Milliseconds> most) { try_limit(most).value(); }
    /** Resets the card: what was selected or verified is lost, for other programs too. */
    Result<void> try_reset_card() { return does(cardwright_session_reset, get()); }
    void reset_card() { try_reset_card().value(); }

    /** Keeps other programs from the card, until this goes, which must be before the session does. */
    class Transaction {
    public:
        Transaction(Transaction &&other) noexcept
            : session_(std::exchange(other.session_, nullptr)), reset_(other.reset_), was_reset_(other.was_reset_) {}
        Transaction &operator=(Transaction &&) = delete;
        ~Transaction() {
            if (session_ != nullptr) static_cast<void>(cardwright_session_end(session_, reset_, nullptr));
        }
        /** Whether another program has reset the card since the last exchange: nothing is selected or verified. */
        bool was_reset() const noexcept { return was_reset_ != 0; }
        /** Ends it now, even if this fails: to hear of it. */
        Result<void> try_end() { return detail::did(cardwright_session_end, std::exchange(session_, nullptr), reset_); }
        void end() { try_end().value(); }
    private:
        friend class Session;
        Transaction(CardwrightSession *session, bool reset, std::uint32_t was_reset) noexcept
            : session_(session), reset_(reset), was_reset_(was_reset) {}
        CardwrightSession *session_;
        std::uint32_t reset_, was_reset_;
    };
    /** Begins one; with `reset` the card is reset at the end, as it should be if a PIN was verified. */
    Result<Transaction> try_transaction(bool reset = false) & {
        std::uint32_t was_reset = 0;
        auto error = detail::called(cardwright_session_begin, get(), &was_reset);
        return settle(std::move(error), Transaction(error ? nullptr : get(), reset, was_reset));
    }
    Transaction transaction(bool reset = false) & { return try_transaction(reset).value(); }
    Result<Transaction> try_transaction(bool reset = false) && = delete;
    Transaction transaction(bool reset = false) && = delete;

    /** Asks the card who it is, by commands that only read. */
    Result<Identity> try_identify() {
        Identity out;
        auto error = detail::called(cardwright_session_identify, get(), &out.storage);
        return settle(std::move(error), out);
    }
    Identity identify() { return try_identify().value(); }
private:
    static Result<Session> connect(std::string_view reader, const CardwrightOpen *open) {
        CardwrightSession *out = nullptr;
        auto error = detail::called(cardwright_session_new, text(reader), open, &out);
        return detail::result(std::move(error), Session(out));
    }
};

} // namespace cardwright

#endif
#endif /* CARDWRIGHT_READER_HPP */
