/*
 * cardwright/client.hpp - the clients of both systems: cards, operations, requests.
 */

#ifndef CARDWRIGHT_CLIENT_HPP
#define CARDWRIGHT_CLIENT_HPP

#include <cardwright/cards.hpp>
#include <cardwright/options.hpp>

#if defined(CARDWRIGHT_CLIENT)

namespace cardwright {

/** A card's record with its bytes. May be shared between threads. */
class Card : public Handle<CardwrightCard, cardwright_card_free> {
public:
    using Handle::Handle;
    /** Its fields, as long as the card lives. */
    Result<View> try_view() const & {
        return fills<CardwrightView>(cardwright_card_view, get()).map([](const CardwrightView &view) { return View(view); });
    }
    View view() const & { return try_view().value(); }
    Result<View> try_view() const && = delete;
    View view() const && = delete;
    /** A field as a text; empty for null and for a field that is not there. */
    Result<std::string> try_text(Field field) const {
        auto view = try_view();
        return view.ok() ? view->try_text(field) : Result<std::string>(view.error());
    }
    std::string text(Field field) const { return try_text(field).value(); }
    /** What both systems know of a card; empty if the record does not say. */
    Result<std::string> try_of_both(Arg<CardText> what) const { return detail::wrote(cardwright_card_text, get(), what.number()); }
    std::string of_both(Arg<CardText> what) const { return try_of_both(what).value(); }
    std::string id() const { return of_both(CardText::id); }
    std::string serial_number() const { return of_both(CardText::serial_number); }
    std::string user() const { return of_both(CardText::user); }
    /** Its state by its client's scheme; none if the server says something unknown. */
    Result<std::optional<NativeState>> try_state() const {
        std::uint32_t system = 0, state = 0;
        return detail::got<std::uint32_t>(cardwright_card_state, get(), &system, &state).map([&system, &state](std::uint32_t known) {
            return known == 0 ? std::nullopt : std::optional<NativeState>({static_cast<System>(system), state});
        });
    }
    std::optional<NativeState> state() const { return try_state().value(); }
    /** Says that it is the record of the card which is meant, though `Client::records` is not certain of it. */
    Result<void> try_confirm() { return does(cardwright_card_confirm, get()); }
    void confirm() { try_confirm().value(); }
};

/** A card as a parameter: one, or what find() has given, which must be one. */
class CardArg {
public:
    CardArg(const Card &card) noexcept : card_(card.get()) {}
    CardArg(const std::optional<Card> &card) noexcept : card_(card ? card->get() : nullptr) {}
    const CardwrightCard *get() const noexcept { return card_; }
private:
    const CardwrightCard *card_;
};

/** Results, one after another, until there are no more: a range for one pass. */
template <typename Source> class Results {
public:
    using value_type = Result<typename Source::value_type>;
    explicit Results(Source *source) noexcept : source_(source) {}
    Once<Results> begin() { return Once<Results>(this); }
    Once<Results> end() const noexcept { return {}; }
    /** @private */
    bool advance() {
        // After an error from 601 on there are no more.
        if (here_ && !here_->ok() && number(here_->error().code()) >= 601) return false;
        auto next = source_->try_next();
        if (!next.ok()) return here_.emplace(std::move(next).error()), true;
        auto value = std::move(next).value();
        return value ? (here_.emplace(std::move(*value)), true) : false;
    }
    /** @private */
    value_type &here() noexcept { return *here_; }
private:
    Source *source_;
    std::optional<value_type> here_;
};

/** Cards as they arrive: a range that is gone through once. */
class Cards : public Handle<CardwrightCards, cardwright_cards_free> {
public:
    using value_type = Card;
    using Handle::Handle;
    /** The next card, or none. After a card that cannot be read (a code from 301 on) the next one follows. */
    Result<std::optional<Card>> try_next() { return may_give<Card>(cardwright_cards_next, get()); }
    std::optional<Card> next() { return try_next().value(); }
    Once<Cards> begin() { return Once<Cards>(this); }
    Once<Cards> end() const noexcept { return {}; }
    /** The cards as results: for programs without exceptions, and to go on behind a card that cannot be read. */
    Results<Cards> results() & { return Results<Cards>(this); }
    /** @private */
    bool advance() {
        auto next = this->next();
        if (next) here_ = std::move(*next);
        return next.has_value();
    }
    /** @private */
    Card &here() noexcept { return here_; }
private:
    Card here_;
};

/** Entries of the register of SKZI, each a JSON object: a range that is gone through once. */
class Skzi : public Handle<CardwrightSkzi, cardwright_skzi_free> {
public:
    using value_type = std::string;
    using Handle::Handle;
    /** The next entry, or none. */
    Result<std::optional<std::string>> try_next() {
        CardwrightText entry{};
        auto error = detail::called(cardwright_skzi_next, get(), &entry);
        return settle(std::move(error), entry.data == nullptr ? std::nullopt : std::optional<std::string>(view_of(entry)));
    }
    std::optional<std::string> next() { return try_next().value(); }
    Once<Skzi> begin() { return Once<Skzi>(this); }
    Once<Skzi> end() const noexcept { return {}; }
    Results<Skzi> results() & { return Results<Skzi>(this); }
    /** @private */
    bool advance() {
        auto next = this->next();
        if (next) here_ = std::move(*next);
        return next.has_value();
    }
    /** @private */
    std::string &here() noexcept { return here_; }
private:
    std::string here_;
};

/** Which entries of the register of SKZI; all values are texts, as the lists of them are open. */
struct SkziQuery {
    std::optional<std::uint32_t> offset{};
    std::optional<std::uint32_t> count{};
    Text object_type{};     /**< `Distributive`, `License`, `Documentation`, `KeyDocument`, `Card` or `Custom`. */
    Text skzi_type_id{};
    Text serial_number{};
    Text instance_number{};
    Text state{};           /**< Such as `Issued`. */
    Text user_name{};       /**< The user, by the Common Name. */
    Text start_date{}, end_date{}; /**< ISO 8601. */
};

/** An answer as it came. */
class Raw : public Handle<CardwrightRaw, cardwright_raw_free> {
public:
    using Handle::Handle;
    /** The HTTP status, whatever it is. */
    std::uint32_t status() const { return facts().status; }
    /** The header `Content-Type`, or nothing. */
    std::string content_type() const { return std::string(view_of(facts().content_type)); }
    std::string body() const {
        const auto from = facts();
        return std::string(chars_of({from.body, from.body_length}));
    }
    /** The value of a header by its name, and its index among those of this name; none past the last. */
    std::optional<std::string> header(std::string_view name, std::size_t index = 0) const {
        CardwrightText value{};
        const auto code = cardwright_raw_header(get(), cardwright::text(name), index, &value, nullptr);
        return code == CARDWRIGHT_OK ? std::optional<std::string>(view_of(value)) : std::nullopt;
    }
    /** @private */
    Result<CardwrightRawFacts> try_facts() const { return fills<CardwrightRawFacts>(cardwright_raw_facts, get()); }
    CardwrightRawFacts facts() const { return try_facts().value(); }
};

/** What an operation came to. */
struct Outcome {
    OperationResult result;
    bool answer_lost;             /**< The answer was lost or said that it failed: the result was read from the card. */
    std::optional<Card> card;     /**< The card as it is now, where it could be read again. */
    std::string request;          /**< The id of MIM CM's request, or nothing. */
    std::optional<Verdict> verdict; /**< What the tables said before, if they were asked and know the state. */
};

/** An operation that may be done with a card. */
struct Listed {
    std::optional<Operation> operation; /**< None for one that this library cannot perform. */
    bool by_server;                     /**< Whether the server itself listed it. */
    std::string word;                   /**< The system's own word. */
    std::optional<Verdict> verdict;     /**< What the tables say, if state and operation are known. */
};

/** A request that would be sent. */
struct Planned {
    std::string method;
    std::string address; /**< `{request}` stands for the id that MIM CM will give to its request. */
    std::optional<std::string> body;
};

/** How a search for a card's record went. */
struct Search {
    System system;
    std::size_t tried;             /**< How many guesses were tried. */
    std::size_t records;           /**< How many records were found. */
    std::optional<std::size_t> by; /**< The index of the guess that found something first. */
    std::size_t passed_over;       /**< How many guesses of stronger identifiers found nothing. */
    Found found;                   /**< What may be done with the records. */
};
/** The records of a card that was identified: `auto [cards, search] = client.records(identity);` */
struct Records {
    Cards cards;
    Search search;
};

/** A request of MIM CM as it is now. */
struct Followed {
    RequestStep step;                    /**< What comes next. */
    std::optional<RequestStatus> status;
    std::optional<RequestType> type;
    std::optional<Operation> operation;  /**< What it is for; none if this library cannot perform it. */
    std::string request;                 /**< As the server sent it: for View(Object::request, …). */
    std::optional<Card> card;            /**< The card that it is for, where there is one that can be read. */
    std::optional<Code> card_code;       /**< What kept the card from being read. */
};

/** Which rows of an audit log. */
struct AuditQuery {
    std::optional<std::uint32_t> limit{}; /**< The most rows, 1 to 1000; 100 without one. */
    std::int64_t after = 0;               /**< The rows after this one: 0, or Audit::next. */
    Text card{}, account{}, issuer{}, subject{};
    Text since{}, until{};                /**< ISO 8601. */
};
/** Rows of an audit log. */
struct Audit {
    std::string rows;  /**< A list in JSON. */
    std::int64_t next; /**< What to give as `after` for the next ones. */
};

/** What to change in an account: what is absent stays as it is. A new one needs a password and a role. */
struct AccountChange {
    Text name{};
    Text password{};
    Text role{};
    Text user{}; /**< The user that it is in MIM CM, a GUID. */
    std::optional<bool> disabled{};
};

/** A check of a server. */
struct DoctorCheck {
    DoctorLevel level;
    std::string name; /**< What was looked at, such as `TLS`. */
    std::string seen;
    std::optional<std::string> next; /**< The next step. */
};

/** Examines a server without changing anything, and says what is in the way; within 5 minutes, or a limit. */
inline Result<std::vector<DoctorCheck>> try_doctor(const Options &options, std::optional<Milliseconds> limit = std::nullopt) {
    const detail::RawOptions raw(options);
    CardwrightDoctor *doctor = nullptr;
    std::size_t count = 0;
    auto error = detail::called(cardwright_doctor_examine, &raw.c, detail::limit(limit), &doctor, &count);
    const Handle<CardwrightDoctor, cardwright_doctor_free> owned(doctor);
    std::vector<DoctorCheck> out;
    while (!error && out.size() < count) {
        auto one = zeroed<CardwrightDoctorCheck>();
        error = detail::called(cardwright_doctor_at, doctor, out.size(), &one);
        const auto next = one.next.data == nullptr ? std::nullopt : std::optional<std::string>(view_of(one.next));
        out.push_back({static_cast<DoctorLevel>(one.level), std::string(view_of(one.name)), std::string(view_of(one.seen)), next});
    }
    if (raw.callbacks) raw.callbacks->kept.rethrow();
    return detail::result(std::move(error), std::move(out));
}
inline std::vector<DoctorCheck> doctor(const Options &options, std::optional<Milliseconds> limit = std::nullopt) {
    return try_doctor(options, limit).value();
}

/** The library that does TLS in this process, such as `OpenSSL 3.0.22 5 Aug 2026`; none where it is not there. */
inline std::optional<std::string_view> tls_library(Arg<Tls> tls) noexcept {
    return detail::perhaps(cardwright_tls_library(tls.number()));
}

/** A client of one of the APIs. May be shared between threads. */
class Client : public Handle<CardwrightClient, cardwright_client_free> {
public:
    using Handle::Handle;
    /** Sets it up; nothing is sent. */
    explicit Client(const Options &options) : Client(make(options)) {}
    explicit Client(const CardwrightOptions &options) : Client(make(options)) {}
    static Result<Client> try_make(const Options &options) {
        const detail::RawOptions raw(options);
        auto out = try_make(raw.c);
        if (out.ok()) out->callbacks_ = raw.callbacks;
        if (raw.callbacks) raw.callbacks->kept.rethrow();
        return out;
    }
    static Result<Client> try_make(const CardwrightOptions &options) {
        CardwrightClient *out = nullptr;
        auto error = detail::called(cardwright_client_new, &options, &out);
        return detail::result(std::move(error), Client(out));
    }
    template <typename O> static Client make(const O &options) { return try_make(options).value(); }

    /* -- Cards -- */

    /** The cards that a query finds; all without one. */
    Result<Cards> try_cards() const { return try_cards(static_cast<const CardwrightQuery *>(nullptr)); }
    Result<Cards> try_cards(const Query &query) const {
        const detail::RawQuery raw(query);
        return try_cards(&raw.c);
    }
    Result<Cards> try_cards(const CardwrightQuery *query) const { return gives<Cards>(cardwright_client_cards, get(), query); }
    Cards cards() const { return try_cards().value(); }
    Cards cards(const Query &query) const { return try_cards(query).value(); }
    Cards cards(const CardwrightQuery *query) const { return try_cards(query).value(); }
    /** The card with a serial number, in any spelling that means the same; or none. */
    Result<std::optional<Card>> try_find(std::string_view serial) const {
        return may_give<Card>(cardwright_client_find, get(), text(serial));
    }
    std::optional<Card> find(std::string_view serial) const { return try_find(serial).value(); }
    /** The card with an id, or none. */
    Result<std::optional<Card>> try_card(std::string_view id) const {
        return may_give<Card>(cardwright_client_card, get(), text(id));
    }
    std::optional<Card> card(std::string_view id) const { return try_card(id).value(); }
    /** One card of a user of CertiFlow, by its id or its serial number; the only way in G1. */
    Result<std::optional<Card>> try_card_of(std::string_view user, std::string_view key) const {
        return may_give<Card>(cardwright_client_card_of, get(), text(user), text(key));
    }
    std::optional<Card> card_of(std::string_view user, std::string_view key) const { return try_card_of(user, key).value(); }
    /** The records of a card that was identified, and how the search for them went: `found` says whose they are. */
    Result<Records> try_records(const Identity &identity, std::optional<std::string_view> user = std::nullopt) const {
        CardwrightCards *cards = nullptr;
        auto search = fills<CardwrightSearch>(cardwright_client_records, get(), &identity.storage, detail::maybe(user), &cards);
        auto owned = lives_with<Cards>(cards);
        return std::move(search).map([&owned](const CardwrightSearch &from) {
            return Records{std::move(owned),
                           {static_cast<System>(from.system), from.tried, from.records,
                            from.records == 0 ? std::nullopt : std::optional<std::size_t>(from.by), from.passed_over,
                            static_cast<Found>(from.found)}};
        });
    }
    Records records(const Identity &identity, std::optional<std::string_view> user = std::nullopt) const {
        return try_records(identity, user).value();
    }
    /** The register of SKZI of Indeed CM 7.1: the entries that a query finds. */
    Result<Skzi> try_skzi(const SkziQuery &query = {}) const {
        auto c = zeroed<CardwrightSkziQuery>();
        c.has_offset = query.offset.has_value();
        c.offset = query.offset.value_or(0);
        c.has_count = query.count.has_value();
        c.count = query.count.value_or(0);
        c.object_type = query.object_type.c();
        c.skzi_type_id = query.skzi_type_id.c();
        c.serial_number = query.serial_number.c();
        c.instance_number = query.instance_number.c();
        c.state = query.state.c();
        c.user_name = query.user_name.c();
        c.start_date = query.start_date.c();
        c.end_date = query.end_date.c();
        return gives<Skzi>(cardwright_client_skzi, get(), &c);
    }
    Skzi skzi(const SkziQuery &query = {}) const { return try_skzi(query).value(); }

    /* -- Operations -- */

    /** Carries out an operation. If it fails, the error says whether it was sent, and which request is left behind. */
    Result<Outcome> try_operate(CardArg card, Arg<Operation> operation,
                                std::optional<Arg<RevocationReason>> reason = std::nullopt, std::string_view comment = {}) const {
        return outcome(cardwright_client_operate, card.get(), operation.number(), reason, comment);
    }
    Outcome operate(CardArg card, Arg<Operation> operation, std::optional<Arg<RevocationReason>> reason = std::nullopt,
                    std::string_view comment = {}) const {
        return try_operate(card, operation, reason, comment).value();
    }
    /** Reads the card with an id, and carries out an operation on it. CARDWRIGHT_CODE_NOT_FOUND if there is none. */
    Result<Outcome> try_operate_by_id(std::string_view id, Arg<Operation> operation,
                                      std::optional<Arg<RevocationReason>> reason = std::nullopt,
                                      std::string_view comment = {}) const {
        return outcome(cardwright_client_operate_by_id, text(id), operation.number(), reason, comment);
    }
    Outcome operate_by_id(std::string_view id, Arg<Operation> operation,
                          std::optional<Arg<RevocationReason>> reason = std::nullopt, std::string_view comment = {}) const {
        return try_operate_by_id(id, operation, reason, comment).value();
    }
    /** What operate() would send with the same parameters; nothing is sent. */
    Result<std::vector<Planned>> try_plan(CardArg card, Arg<Operation> operation,
                                          std::optional<Arg<RevocationReason>> reason = std::nullopt,
                                          std::string_view comment = {}) const {
        return planned(cardwright_client_plan, card.get(), operation.number(), reason, comment);
    }
    std::vector<Planned> plan(CardArg card, Arg<Operation> operation, std::optional<Arg<RevocationReason>> reason = std::nullopt,
                              std::string_view comment = {}) const {
        return try_plan(card, operation, reason, comment).value();
    }
    /** What operate_by_id() would send after it has read the card. */
    Result<std::vector<Planned>> try_plan_by_id(std::string_view id, Arg<Operation> operation,
                                                std::optional<Arg<RevocationReason>> reason = std::nullopt,
                                                std::string_view comment = {}) const {
        return planned(cardwright_client_plan_by_id, text(id), operation.number(), reason, comment);
    }
    std::vector<Planned> plan_by_id(std::string_view id, Arg<Operation> operation,
                                    std::optional<Arg<RevocationReason>> reason = std::nullopt,
                                    std::string_view comment = {}) const {
        return try_plan_by_id(id, operation, reason, comment).value();
    }
    /** What may be done with a card: in MIM CM as the server lists it, in CertiFlow by the tables. */
    Result<std::vector<Listed>> try_operations(CardArg card) const {
        CardwrightOperations *list = nullptr;
        std::size_t count = 0;
        auto error = detail::called(cardwright_client_operations, get(), card.get(), &list, &count);
        const Handle<CardwrightOperations, cardwright_operations_free> owned(list);
        std::vector<Listed> out;
        while (!error && out.size() < count) {
            auto one = zeroed<CardwrightListed>();
            error = detail::called(cardwright_operations_at, list, out.size(), &one);
            out.push_back({one.operation == 0 ? std::nullopt : std::optional<Operation>(static_cast<Operation>(one.operation)),
                           one.by_server != 0, std::string(view_of(one.word)), verdict(one.has_verdict, one.verdict)});
        }
        return settle(std::move(error), std::move(out));
    }
    std::vector<Listed> operations(CardArg card) const { return try_operations(card).value(); }

    /* -- Many cards -- */

    /** Plans an operation for the cards with these ids; nothing is sent that changes anything. */
    Result<class Bulk> try_bulk(const std::vector<std::string> &ids, Arg<Operation> operation,
                                std::optional<Arg<RevocationReason>> reason = std::nullopt, std::string_view comment = {}) const;
    class Bulk bulk(const std::vector<std::string> &ids, Arg<Operation> operation,
                    std::optional<Arg<RevocationReason>> reason = std::nullopt, std::string_view comment = {}) const;
    /** Plans it for the cards that a query finds: look at the counts before anything is run. */
    Result<class Bulk> try_bulk(const Query &query, Arg<Operation> operation,
                                std::optional<Arg<RevocationReason>> reason = std::nullopt, std::string_view comment = {}) const;
    class Bulk bulk(const Query &query, Arg<Operation> operation, std::optional<Arg<RevocationReason>> reason = std::nullopt,
                    std::string_view comment = {}) const;
    /** Takes up the plan in a journal, whatever ended the run that wrote it. */
    Result<class Bulk> try_resume(std::string_view journal) const;
    class Bulk resume(std::string_view journal) const;

    /* -- Requests of MIM CM -- */

    /** A request and its card, as they are now; nothing is changed. */
    Result<Followed> try_follow(std::string_view request) const {
        return fills<CardwrightFollowed>(cardwright_client_follow, get(), text(request)).map([this](const CardwrightFollowed &from) {
            const auto owned = lives_with<Raw>(from.request);
            auto card = lives_with<Card>(from.card);
            return Followed{static_cast<RequestStep>(from.step),
                            from.has_status == 0 ? std::nullopt : std::optional<RequestStatus>(static_cast<RequestStatus>(from.status)),
                            from.has_request_type == 0 ? std::nullopt : std::optional<RequestType>(static_cast<RequestType>(from.request_type)),
                            from.operation == 0 ? std::nullopt : std::optional<Operation>(static_cast<Operation>(from.operation)),
                            owned ? owned.body() : std::string(), card ? std::optional<Card>(std::move(card)) : std::nullopt,
                            from.card_code == CARDWRIGHT_OK ? std::nullopt : std::optional<Code>(static_cast<Code>(from.card_code))};
        });
    }
    Followed follow(std::string_view request) const { return try_follow(request).value(); }
    /** Continues a request that waited for approval; if it still waits, that is the outcome again. */
    Result<Outcome> try_go_on(std::string_view request) const {
        auto c = zeroed<CardwrightOutcome>();
        auto error = detail::called(cardwright_client_go_on, get(), text(request), &c);
        return outcome(std::move(error), c);
    }
    Outcome go_on(std::string_view request) const { return try_go_on(request).value(); }
    /** Gives up a request that is not carried out yet. */
    Result<void> try_cancel_request(std::string_view request) const {
        return does(cardwright_client_cancel_request, get(), text(request));
    }
    void cancel_request(std::string_view request) const { try_cancel_request(request).value(); }
    /** Requests, a list in JSON: those with a status, those that have not ended, one's own. */
    Result<std::string> try_requests(std::optional<Arg<RequestStatus>> status = std::nullopt, bool open = false,
                                     bool own = false) const {
        return told(cardwright_client_requests, std::uint32_t{status.has_value()}, status ? status->number() : 0,
                    std::uint32_t{open}, std::uint32_t{own});
    }
    std::string requests(std::optional<Arg<RequestStatus>> status = std::nullopt, bool open = false, bool own = false) const {
        return try_requests(status, open, own).value();
    }

    /* -- A server of `cardwright serve` -- */

    /** Rows of its audit log: who did what, and what was refused. */
    Result<Audit> try_audit(const AuditQuery &query = {}) const {
        auto c = zeroed<CardwrightAuditQuery>();
        c.limit = query.limit.value_or(0);
        c.after = query.after;
        c.card = query.card.c();
        c.account = query.account.c();
        c.issuer = query.issuer.c();
        c.subject = query.subject.c();
        c.since = query.since.c();
        c.until = query.until.c();
        CardwrightRaw *raw = nullptr;
        std::int64_t next = 0;
        auto error = detail::called(cardwright_client_audit, get(), &c, &raw, &next);
        const Raw owned(raw);
        return settle(std::move(error), Audit{owned ? owned.body() : std::string(), next});
    }
    Audit audit(const AuditQuery &query = {}) const { return try_audit(query).value(); }
    /** All its rows about a card, in JSON. */
    Result<std::string> try_history(std::string_view card) const { return told(cardwright_client_history, text(card)); }
    std::string history(std::string_view card) const { return try_history(card).value(); }
    /** The requests that have not ended, with what they wait for, in JSON: all, or those about a card. */
    Result<std::string> try_open_requests(std::optional<std::string_view> card = std::nullopt) const {
        return told(cardwright_client_open_requests, detail::maybe(card));
    }
    std::string open_requests(std::optional<std::string_view> card = std::nullopt) const { return try_open_requests(card).value(); }
    /** Decides on a request; what it is then, in JSON. */
    Result<std::string> try_approve(std::string_view request) const { return told(cardwright_client_approve, text(request)); }
    std::string approve(std::string_view request) const { return try_approve(request).value(); }
    Result<std::string> try_deny(std::string_view request) const { return told(cardwright_client_deny, text(request)); }
    std::string deny(std::string_view request) const { return try_deny(request).value(); }
    /** Its accounts, in JSON. */
    Result<std::string> try_accounts() const { return told(cardwright_client_accounts); }
    std::string accounts() const { return try_accounts().value(); }
    /** Changes an account, or adds it; as it is then, in JSON. */
    Result<std::string> try_put_account(const AccountChange &change) const {
        auto c = zeroed<CardwrightAccountChange>();
        c.has_disabled = change.disabled.has_value();
        c.disabled = change.disabled.value_or(false);
        c.name = change.name.c();
        c.password = change.password.c();
        c.role = change.role.c();
        c.user = change.user.c();
        return told(cardwright_client_put_account, &c);
    }
    std::string put_account(const AccountChange &change) const { return try_put_account(change).value(); }

    /* -- The server and the client -- */

    /** Sends a request for which there is no function; the answer comes as it is. */
    Result<Raw> try_raw(Arg<Method> method, std::string_view path, std::optional<std::string_view> body = std::nullopt) const {
        return gives<Raw>(cardwright_client_raw, get(), method.number(), text(path), detail::maybe(body));
    }
    Raw raw(Arg<Method> method, std::string_view path, std::optional<std::string_view> body = std::nullopt) const {
        return try_raw(method, path, body).value();
    }
    /** Which generation of CertiFlow's API the server speaks, by questions that change nothing. */
    Result<Generation> try_probe() const {
        return fills<CardwrightGeneration>(cardwright_client_probe, get()).map(Generation::of);
    }
    Generation probe() const { return try_probe().value(); }
    /** From what that is known; empty if nothing was asked. */
    Result<std::string> try_found() const { return detail::wrote(cardwright_client_found, get()); }
    std::string found() const { return try_found().value(); }
    /** The generation that is spoken; none for MIM CM. */
    Result<std::optional<Dialect>> try_dialect() const {
        return detail::got<std::uint32_t>(cardwright_client_dialect, get()).map([](std::uint32_t dialect) {
            return dialect == 0 ? std::nullopt : std::optional<Dialect>(static_cast<Dialect>(dialect));
        });
    }
    std::optional<Dialect> dialect() const { return try_dialect().value(); }
    /** How the last sign-in went: what the server offered, what was tried, and with what result. */
    Result<std::string> try_explain() const { return detail::wrote(cardwright_client_explain, get()); }
    std::string explain() const { return try_explain().value(); }
    /** Stops the client for good, from any thread. */
    Result<void> try_cancel() const { return does(cardwright_client_cancel, get()); }
    void cancel() const { try_cancel().value(); }
private:
    friend class Bulk;
    using Reason = std::optional<Arg<RevocationReason>>;
    static std::uint32_t has(const Reason &reason) noexcept { return reason.has_value(); }
    static std::uint32_t of(const Reason &reason) noexcept { return reason ? reason->number() : 0; }
    /** The system, by what is known of the client without asking. */
    System system() const {
        std::uint32_t dialect = 0;
        return cardwright_client_dialect(get(), &dialect, nullptr) == CARDWRIGHT_OK && dialect == 0 ? System::mim : System::certiflow;
    }
    std::optional<Verdict> verdict(std::uint32_t known, const CardwrightVerdict &from) const {
        return known == 0 ? std::nullopt : std::optional<Verdict>(Verdict::of(system(), from));
    }
    template <typename Function, typename... In> Result<std::string> told(Function *function, In... in) const {
        return gives<Raw>(function, get(), in...).map([](const Raw &raw) { return raw.body(); });
    }
    template <typename Function, typename Which>
    Result<Outcome> outcome(Function *function, Which card, std::uint32_t operation, const Reason &reason, std::string_view comment) const {
        auto c = zeroed<CardwrightOutcome>();
        auto error = detail::called(function, get(), card, operation, has(reason), of(reason), text(comment), &c);
        return outcome(std::move(error), c);
    }
    Result<Outcome> outcome(std::optional<Error> error, const CardwrightOutcome &c) const {
        auto card = lives_with<Card>(c.card);
        if (error) error.emplace(std::move(*error).left(c.result, c.request));
        return settle(std::move(error), Outcome{static_cast<OperationResult>(c.result), c.answer_lost != 0,
                                                card ? std::optional<Card>(std::move(card)) : std::nullopt, c.request,
                                                verdict(c.has_verdict, c.verdict)});
    }
    template <typename Function, typename Which>
    Result<std::vector<Planned>> planned(Function *function, Which card, std::uint32_t operation, const Reason &reason,
                                         std::string_view comment) const {
        CardwrightPlan *list = nullptr;
        std::size_t count = 0;
        auto error = detail::called(function, get(), card, operation, has(reason), of(reason), text(comment), &list, &count);
        const Handle<CardwrightPlan, cardwright_plan_free> owned(list);
        std::vector<Planned> out;
        while (!error && out.size() < count) {
            auto one = zeroed<CardwrightPlanned>();
            error = detail::called(cardwright_plan_at, list, out.size(), &one);
            out.push_back({std::string(view_of(one.method)), std::string(view_of(one.address)),
                           one.body.data == nullptr ? std::nullopt : std::optional<std::string>(view_of(one.body))});
        }
        return settle(std::move(error), std::move(out));
    }
};

} // namespace cardwright

#include <cardwright/bulk.hpp>

#endif
#endif /* CARDWRIGHT_CLIENT_HPP */
