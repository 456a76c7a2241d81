/*
 * cardwright.hpp - C++17 over cardwright.h, header only: what is owned goes by itself, codes are exceptions,
 * texts go in as std::string_view, lists are ranges.
 *
 * The numbers are those of cardwright.h, which has the conventions and says what each function does; what
 * is not wrapped here can be called beside it. A class that is shared between threads says so.
 */

#ifndef CARDWRIGHT_HPP
#define CARDWRIGHT_HPP

#include <cardwright.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardwright {

/** What went wrong. what() has the words: a server's or a reader's, if there are any. */
class Error : public std::runtime_error {
public:
    Error(const std::string &words, const CardwrightError &error)
        : std::runtime_error(words), code_(error.code), at_(error.at),
          field_(error.what == nullptr ? std::string() : std::string(error.what, error.what_length)) {}
    std::int32_t code() const noexcept { return code_; }        /**< A CardwrightCode. */
    std::size_t at() const noexcept { return at_; }             /**< In bytes from the start of the input. */
    const std::string &field() const noexcept { return field_; } /**< Field, parameter or operation, or nothing. */
private:
    std::int32_t code_;
    std::size_t at_;
    std::string field_;
};

/** A structure of the C interface with its size set and all else zero. */
template <typename T> T zeroed() {
    T value{};
    value.struct_size = static_cast<std::uint32_t>(sizeof(T));
    return value;
}

/** A text for the C interface; it must outlive its use. */
inline CardwrightText text(std::string_view from) noexcept {
    return {from.data() == nullptr ? "" : from.data(), from.size()};
}

/** Bytes for the C interface. */
inline const std::uint8_t *bytes_of(std::string_view from) noexcept {
    return reinterpret_cast<const std::uint8_t *>(from.data());
}

/** A text of the C interface, for as long as what it lies in. */
inline std::string_view view_of(CardwrightText from) noexcept {
    return from.data == nullptr ? std::string_view() : std::string_view(from.data, from.length);
}

/** The text that `function` writes into a buffer, however long it is; `in` is what stands before the buffer. */
template <typename Function, typename... In> std::string written(Function *function, In... in) {
    std::string out(64, '\0');
    for (;;) {
        auto error = zeroed<CardwrightError>();
        std::size_t length = 0;
        const std::int32_t code = function(in..., out.data(), out.size(), &length, &error);
        if (code == CARDWRIGHT_OK) return out.substr(0, length);
        if (code != CARDWRIGHT_CODE_ROOM || error.at <= out.size()) throw Error(cardwright_code_text(code), error);
        out.resize(error.at);
    }
}

/** Calls a function of the C interface with a place for its error, and throws what it returns unless it succeeds. */
template <typename Function, typename... In> void call(Function *function, In... in) {
    auto error = zeroed<CardwrightError>();
    if ((error.code = function(in..., &error)) == CARDWRIGHT_OK) return;
    std::string words;
#if defined(CARDWRIGHT_HOSTED)
    words = written(cardwright_last_error);
#endif
    throw Error(words.empty() ? cardwright_code_text(error.code) : words, error);
}

/** The structure that `function` fills; `in` is what stands before it. */
template <typename T, typename Function, typename... In> T filled(Function *function, In... in) {
    auto out = zeroed<T>();
    call(function, in..., &out);
    return out;
}

/** The structures that `function` fills by their index, from 0 to `count`. */
template <typename T, typename Function, typename... In>
std::vector<T> all(std::size_t count, Function *function, In... in) {
    std::vector<T> out;
    while (out.size() < count) out.push_back(filled<T>(function, in..., out.size()));
    return out;
}

/** The name of a value of a CardwrightEnumeration. */
inline std::string name(std::uint32_t enumeration, std::uint32_t value) {
    return written(cardwright_name, enumeration, value);
}

/** An ATR: its bytes, and by `->` every figure of CardwrightAtr. */
class Atr {
public:
    explicit Atr(std::vector<std::uint8_t> bytes)
        : bytes_(std::move(bytes)), facts_(filled<CardwrightAtr>(cardwright_atr_parse, bytes_.data(), bytes_.size())) {}
    /** An ATR in hexadecimal, with spaces or colons between the bytes or without. */
    static Atr from_hex(std::string_view hex) {
        std::vector<std::uint8_t> bytes(CARDWRIGHT_ATR_MAX);
        std::size_t length = 0;
        call(cardwright_atr_from_hex, text(hex), bytes.data(), bytes.size(), &length);
        bytes.resize(length);
        return Atr(std::move(bytes));
    }
    const CardwrightAtr *operator->() const noexcept { return &facts_; }
    const std::vector<std::uint8_t> &bytes() const noexcept { return bytes_; }
    /** Where it breaks the standards, in the order of the bytes. */
    std::vector<CardwrightFinding> findings() const {
        return all<CardwrightFinding>(facts_.findings, cardwright_atr_finding, bytes_.data(), bytes_.size());
    }
private:
    std::vector<std::uint8_t> bytes_;
    CardwrightAtr facts_;
};

/** A card's identity, from Session::identify, or from cardwright_identity_init and what follows it. */
struct Identity {
    CardwrightIdentity storage{};
    /** The set of what the card is, bit n for the CardwrightCardKind n; and how many numbers it has. */
    std::pair<std::uint64_t, std::size_t> found() const {
        std::pair<std::uint64_t, std::size_t> out;
        call(cardwright_identity_found, &storage, &out.first, &out.second);
        return out;
    }
    /** What the card is, each with what it rests on. */
    std::vector<CardwrightKind> kinds() const {
        auto first = zeroed<CardwrightKind>();
        const bool none = cardwright_identity_kind(&storage, 0, &first, nullptr) == CARDWRIGHT_CODE_ARGUMENT;
        return all<CardwrightKind>(none ? 0 : first.count, cardwright_identity_kind, &storage);
    }
    /** All its numbers, each with its source and how far it can be trusted. */
    std::vector<CardwrightIdentifier> identifiers() const {
        return all<CardwrightIdentifier>(found().second, cardwright_identity_identifier, &storage);
    }
    /** The guesses at how a CardwrightSystem stored its serial, the strongest identifier first: `count` of them, or all. */
    std::vector<CardwrightGuess> guesses(std::uint32_t system, std::size_t count = SIZE_MAX) const {
        auto first = zeroed<CardwrightGuess>();
        const bool none = found().second == 0 || cardwright_identity_guess(&storage, system, 0, &first, nullptr) ==
                                                     CARDWRIGHT_CODE_ARGUMENT;
        const std::size_t known = none ? 0 : first.count == 0 ? 1 : first.count;
        return all<CardwrightGuess>(std::min(count, known), cardwright_identity_guess, &storage, system);
    }
};

/** An object of a reply, over bytes that it does not own. May be shared between threads. */
class View {
public:
    /** The CardwrightObject that a JSON text is. */
    View(std::uint32_t object, std::string_view json)
        : view_(filled<CardwrightView>(cardwright_view_parse, object, bytes_of(json), json.size())) {}
    explicit View(const CardwrightView &view) noexcept : view_(view) {}
    /** The object as it was written. */
    std::string_view json() const noexcept { return {reinterpret_cast<const char *>(view_.json), view_.length}; }
    /** A field as a text; empty for null and for a field that is not there. */
    std::string text(std::uint32_t field) const { return written(cardwright_view_text, &view_, field); }
    /** A field as it was written; empty if there is none. */
    std::string_view raw(std::uint32_t field) const { return lies(cardwright_view_raw, &view_, field); }
    /** A field as a whole number; none for null and for a field that is not there. */
    std::optional<std::int64_t> number(std::uint32_t field) const {
        if (const std::string_view json = raw(field); json.empty() || json == "null") return std::nullopt;
        std::int64_t out = 0;
        call(cardwright_view_number, &view_, field, &out);
        return out;
    }
    /** The items of a list, each as it was written: for View, or json_text. */
    std::vector<std::string_view> items(std::uint32_t field) const {
        std::vector<std::string_view> out;
        for (std::string_view item; !(item = lies(cardwright_view_item, &view_, field, out.size())).empty();) {
            out.push_back(item);
        }
        return out;
    }
    /** The state of a card, by its system's numbers; none if it is unknown. */
    std::optional<std::uint32_t> state() const {
        std::uint32_t state = 0, known = 0;
        call(cardwright_view_state, &view_, &state, &known);
        return known == 0 ? std::nullopt : std::optional(state);
    }
private:
    template <typename Function, typename... In> static std::string_view lies(Function *function, In... in) {
        const std::uint8_t *json = nullptr;
        std::size_t length = 0;
        call(function, in..., &json, &length);
        return {reinterpret_cast<const char *>(json), length};
    }
    CardwrightView view_;
};

/** The text of a JSON value that is no list and no object. */
inline std::string json_text(std::string_view json) {
    return written(cardwright_json_text, bytes_of(json), json.size());
}

#if defined(CARDWRIGHT_HOSTED)

/** A handle of the library, which is freed by itself; false if there is none. */
template <typename T, void (*Free)(T *)> class Handle {
public:
    Handle() = default;
    explicit Handle(T *given) noexcept : owned_(given) {}
    T *get() const noexcept { return owned_.get(); }
    explicit operator bool() const noexcept { return owned_ != nullptr; }
private:
    struct Freed { void operator()(T *given) const noexcept { Free(given); } };
    std::unique_ptr<T, Freed> owned_;
};

/** The handle that `function` writes; `in` are the arguments before it. */
template <typename H, typename Function, typename... In> H given(Function *function, In... in) {
    decltype(H().get()) out = nullptr;
    call(function, in..., &out);
    return H(out);
}

/** A range over what next() of a source returns, until there is no more: for one pass. */
template <typename Source, typename Value> class Once {
public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = Value;
    using pointer = Value *;
    using reference = Value &;
    Once() = default;
    explicit Once(Source *source) : source_(source) { ++*this; }
    Value &operator*() const { return source_->here; }
    Value *operator->() const { return &source_->here; }
    Once &operator++() {
        source_->here = source_->next();
        source_ = source_->here ? source_ : nullptr;
        return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Once &other) const noexcept { return source_ == other.source_; }
    bool operator!=(const Once &other) const noexcept { return source_ != other.source_; }
private:
    Source *source_ = nullptr;
};

#endif
#if defined(CARDWRIGHT_CLIENT)

/** A card's record with its bytes; false if there is none. May be shared between threads. */
struct Card : Handle<CardwrightCard, cardwright_card_free> {
    using Handle::Handle;
    /** Its fields, as long as the card lives. */
    View view() const & { return View(filled<CardwrightView>(cardwright_card_view, get())); }
    View view() const && = delete;
    std::string text(std::uint32_t field) const { return view().text(field); }
    /** A CardwrightCardText: what both systems know. */
    std::string of_both(std::uint32_t what) const { return written(cardwright_card_text, get(), what); }
    /** Says that it is the record of the card which is meant, though `Client::records` is not certain of it. */
    void confirm() { call(cardwright_card_confirm, get()); }
};

/** What an operation came to. */
struct Outcome {
    std::uint32_t result; /**< A CardwrightResult. */
    bool answer_lost;     /**< The answer was lost, or said that it failed; what `result` says was read from the card, or could not be. */
    Card card;            /**< The card as it is now, where it could be read again. */
    std::string request;  /**< The id of MIM CM's request, or nothing. */
};

/** Cards as they arrive: a range that is gone through once. */
struct Cards : Handle<CardwrightCards, cardwright_cards_free> {
    using Handle::Handle;
    /** The next card, or none. After a card that cannot be read, which throws, the next one follows. */
    Card next() { return given<Card>(cardwright_cards_next, get()); }
    Once<Cards, Card> begin() { return Once<Cards, Card>(this); }
    Once<Cards, Card> end() const noexcept { return {}; }
    Card here; /**< Where the range is. */
};

/** JSON as a server sent it. */
struct Raw : Handle<CardwrightRaw, cardwright_raw_free> {
    using Handle::Handle;
    std::string body() const {
        const auto facts = filled<CardwrightRawFacts>(cardwright_raw_facts, get());
        return std::string(reinterpret_cast<const char *>(facts.body), facts.body_length);
    }
};

/** A client of one of the APIs. May be shared between threads. */
struct Client : Handle<CardwrightClient, cardwright_client_free> {
    using Handle::Handle;
    explicit Client(const CardwrightOptions &options) : Client(given<Client>(cardwright_client_new, &options)) {}
    /** The cards that a query finds; all without one. */
    Cards cards(const CardwrightQuery *query = nullptr) const {
        return given<Cards>(cardwright_client_cards, get(), query);
    }
    /** The records of a card that was identified, and how the search for them went: `found` says whose they are. */
    std::pair<Cards, CardwrightSearch> records(const Identity &identity, CardwrightText user = {}) const {
        CardwrightCards *cards = nullptr;
        const auto search =
            filled<CardwrightSearch>(cardwright_client_records, get(), &identity.storage, user, &cards);
        return {Cards(cards), search};
    }
    /** The card with a serial number, or none. */
    Card find(std::string_view serial) const { return given<Card>(cardwright_client_find, get(), text(serial)); }
    /** The card with an id, or none. */
    Card card(std::string_view id) const { return given<Card>(cardwright_client_card, get(), text(id)); }
    /** Carries out a CardwrightOperation; `reason` is a CardwrightRevocationReason. */
    Outcome operate(const Card &card, std::uint32_t operation, std::optional<std::uint32_t> reason = std::nullopt,
                    std::string_view comment = {}) const {
        const auto out = filled<CardwrightOutcome>(cardwright_client_operate, get(), card.get(), operation,
                                                   reason.has_value(), reason.value_or(0), text(comment));
        return {out.result, out.answer_lost != 0, Card(out.card), out.request};
    }
    /** Requests of MIM CM, a list in JSON: those with a CardwrightRequestStatus, those that have not ended, one's own. */
    std::string requests(std::optional<std::uint32_t> status = std::nullopt, bool open = false, bool own = false) const {
        return given<Raw>(cardwright_client_requests, get(), status.has_value(), status.value_or(0), open, own).body();
    }
    /** On a server of `cardwright serve`, in JSON: who did what to a card; the requests that wait, also of one card;
        decisions on a request; the accounts. */
    std::string history(std::string_view card) const { return told(cardwright_client_history, text(card)); }
    std::string open_requests(CardwrightText card = {}) const { return told(cardwright_client_open_requests, card); }
    std::string approve(std::string_view request) const { return told(cardwright_client_approve, text(request)); }
    std::string deny(std::string_view request) const { return told(cardwright_client_deny, text(request)); }
    std::string accounts() const { return told(cardwright_client_accounts); }
    /** Which generation of CertiFlow's API the server speaks, by questions; from what that is known; what is spoken. */
    CardwrightGeneration probe() const { return filled<CardwrightGeneration>(cardwright_client_probe, get()); }
    std::string found() const { return written(cardwright_client_found, get()); }
    std::uint32_t dialect() const { std::uint32_t out = 0; return call(cardwright_client_dialect, get(), &out), out; }
    /** How the last sign-in went: what the server offered, what was tried, and with what result. */
    std::string explain() const { return written(cardwright_client_explain, get()); }
    /** Stops the client for good, from any thread. */
    void cancel() const { call(cardwright_client_cancel, get()); }
private:
    template <typename Function, typename... In> std::string told(Function *function, In... in) const {
        return given<Raw>(function, get(), in...).body();
    }
};

#endif
#if defined(CARDWRIGHT_READER)

/** A reader as it was, or something that happened at one: the facts, and copies of what they point to. */
template <typename Facts> struct At {
    Facts facts;
    std::string reader;
    std::vector<std::uint8_t> atr; /**< Of the card in the reader, unchecked. */
};
using Reader = At<CardwrightReader>;
/** False if nothing happened. */
struct Event : At<CardwrightEvent> {
    explicit operator bool() const noexcept { return facts.kind != CARDWRIGHT_EVENT_KIND_NONE; }
};

/** The readers of this machine. */
inline std::vector<Reader> readers() {
    CardwrightReaders *list = nullptr;
    std::size_t count = 0;
    call(cardwright_readers_new, &list, &count);
    const Handle<CardwrightReaders, cardwright_readers_free> owned(list);
    std::vector<Reader> out;
    for (const auto &one : all<CardwrightReader>(count, cardwright_readers_at, owned.get())) {
        out.push_back({one, std::string(view_of(one.name)), {one.atr, one.atr + one.atr_length}});
    }
    return out;
}

/** The events of the readers, as they happen: a range for one pass, which has no end. */
struct Watch : Handle<CardwrightWatch, cardwright_watch_free> {
    Watch() : Handle(given<Handle>(cardwright_watch_new)) {}
    /** The next event; false if nothing happened within the limit in milliseconds. Throws once it is canceled. */
    Event next(std::uint32_t limit = CARDWRIGHT_NO_LIMIT) {
        const auto one = filled<CardwrightEvent>(cardwright_watch_next, get(), limit);
        return {{one, std::string(view_of(one.reader)), {one.atr, one.atr + one.atr_length}}};
    }
    Once<Watch, Event> begin() { return Once<Watch, Event>(this); }
    Once<Watch, Event> end() const noexcept { return {}; }
    Event here{}; /**< Where the range is. */
    /** Ends it, from any thread. */
    void cancel() const { call(cardwright_watch_cancel, get()); }
};

/** A connection to the card in a reader, which is left as it was in the end. */
struct Session : Handle<CardwrightSession, cardwright_session_free> {
    using Handle::Handle;
    explicit Session(std::string_view reader, const CardwrightOpen *open = nullptr)
        : Session(given<Session>(cardwright_session_new, text(reader), open)) {}
    /** The response APDU to a command: data and SW1 SW2, which go to `status` too. */
    std::vector<std::uint8_t> transmit(const std::vector<std::uint8_t> &command, std::uint32_t *status = nullptr) {
        std::vector<std::uint8_t> out(65538);
        std::size_t length = 0;
        const auto room = out.size();
        call(cardwright_session_transmit, get(), command.data(), command.size(), out.data(), room, &length, status);
        out.resize(length);
        return out;
    }
    /** Keeps other programs from the card, until this goes, which must be before the session does. */
    class Transaction {
        CardwrightSession *session_;
        std::uint32_t reset_, was_reset_ = 0;
    public:
        Transaction(CardwrightSession *session, bool reset) : session_(session), reset_(reset) {
            call(cardwright_session_begin, session, &was_reset_);
        }
        Transaction(const Transaction &) = delete;
        ~Transaction() { cardwright_session_end(session_, reset_, nullptr); }
        /** Whether another program has reset the card since the last exchange: nothing is selected or verified. */
        bool was_reset() const noexcept { return was_reset_ != 0; }
    };
    /** Begins one; with `reset` the card is reset at the end, as it should be if a PIN was verified. */
    Transaction transaction(bool reset = false) & { return Transaction(get(), reset); }
    Transaction transaction(bool reset = false) && = delete;
    /** Asks the card who it is. */
    Identity identify() {
        Identity out;
        call(cardwright_session_identify, get(), &out.storage);
        return out;
    }
};
#endif
} // namespace cardwright

#endif /* CARDWRIGHT_HPP */
