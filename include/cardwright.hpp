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

#include <array>
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

/** What went wrong. what() has the words: the server's, where it has any. */
class Error : public std::runtime_error {
public:
    Error(const std::string &words, const CardwrightError &error)
        : std::runtime_error(words), code_(error.code), at_(error.at),
          field_(error.what == nullptr ? std::string() : std::string(error.what, error.what_length)) {}

    /** A CardwrightCode. */
    std::int32_t code() const noexcept { return code_; }
    /** Where, in bytes from the start of the input. */
    std::size_t at() const noexcept { return at_; }
    /** The field, parameter or operation concerned, or nothing. */
    const std::string &field() const noexcept { return field_; }

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

/** A text as the C interface takes it; it must outlive its use. */
inline CardwrightText text(std::string_view from) noexcept {
    return {from.data() == nullptr ? "" : from.data(), from.size()};
}

/** A static text of the C interface. */
inline std::string_view view_of(CardwrightText from) noexcept {
    return from.data == nullptr ? std::string_view() : std::string_view(from.data, from.length);
}

/** Calls `function` with a place for its error, and throws what it returns unless it succeeds. */
template <typename Function> void call(Function &&function) {
    auto error = zeroed<CardwrightError>();
    const std::int32_t code = function(&error);
    if (code != CARDWRIGHT_OK) {
        error.code = code;
        throw Error(cardwright_code_text(code), error);
    }
}

/** The text that `function` writes into a buffer, however long it is. */
template <typename Function> std::string written(Function &&function) {
    std::string out(64, '\0');
    for (;;) {
        auto error = zeroed<CardwrightError>();
        std::size_t length = 0;
        const std::int32_t code = function(out.data(), out.size(), &length, &error);
        if (code == CARDWRIGHT_OK) {
            out.resize(length);
            return out;
        }
        if (code != CARDWRIGHT_CODE_ROOM || error.at <= out.size()) {
            throw Error(cardwright_code_text(code), error);
        }
        out.resize(error.at);
    }
}

/** The name of a value of a CardwrightEnumeration. */
inline std::string name(std::uint32_t enumeration, std::uint32_t value) {
    return written([&](auto... out) { return cardwright_name(enumeration, value, out...); });
}

/** What the table of a CardwrightSystem says of a CardwrightOperation in one of its states. */
inline CardwrightVerdict verdict(std::uint32_t system, std::uint32_t state, std::uint32_t operation) {
    auto out = zeroed<CardwrightVerdict>();
    call([&](auto *error) { return cardwright_verdict(system, state, operation, &out, error); });
    return out;
}

/** What a card told of itself: storage of a dialogue, by cardwright_identity_init or Session::identify. */
class Identity {
public:
    CardwrightIdentity storage{};

    /** What the card is, by name. */
    std::vector<std::string> kinds() const {
        std::vector<std::string> out;
        for (std::uint32_t kind = 0; kind < 32; kind++) {
            if (found().first >> kind & 1) {
                out.push_back(name(CARDWRIGHT_ENUMERATION_CARD_KIND, kind));
            }
        }
        return out;
    }

    /** Every number that it told, with where it comes from and how far it can be trusted. */
    std::vector<CardwrightIdentifier> identifiers() const {
        std::vector<CardwrightIdentifier> out(found().second, zeroed<CardwrightIdentifier>());
        for (std::size_t n = 0; n < out.size(); n++) {
            call([&](auto *error) { return cardwright_identity_identifier(&storage, n, &out[n], error); });
        }
        return out;
    }

    /** How a CardwrightSystem may have stored its serial, the best guess first. */
    std::vector<CardwrightGuess> guesses(std::uint32_t system) const {
        std::vector<CardwrightGuess> out;
        auto guess = zeroed<CardwrightGuess>();
        while (cardwright_identity_guess(&storage, system, out.size(), &guess, nullptr) == CARDWRIGHT_OK) {
            out.push_back(guess);
        }
        return out;
    }

private:
    std::pair<std::uint32_t, std::size_t> found() const {
        std::pair<std::uint32_t, std::size_t> out;
        call([&](auto *error) { return cardwright_identity_found(&storage, &out.first, &out.second, error); });
        return out;
    }
};

/** An ATR: its bytes, and by `->` every figure of CardwrightAtr. */
class Atr {
public:
    explicit Atr(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)), facts_(zeroed<CardwrightAtr>()) {
        call([&](auto *error) { return cardwright_atr_parse(bytes_.data(), bytes_.size(), &facts_, error); });
    }

    /** An ATR in hexadecimal, with spaces or colons between the bytes or without. */
    static Atr from_hex(std::string_view hex) {
        std::vector<std::uint8_t> bytes(CARDWRIGHT_ATR_MAX);
        std::size_t length = 0;
        call([&](auto *error) {
            return cardwright_atr_from_hex(text(hex), bytes.data(), bytes.size(), &length, error);
        });
        bytes.resize(length);
        return Atr(std::move(bytes));
    }

    const CardwrightAtr *operator->() const noexcept { return &facts_; }
    const std::vector<std::uint8_t> &bytes() const noexcept { return bytes_; }

    /** Where it breaks the standards, in the order of the bytes. */
    std::vector<CardwrightFinding> findings() const {
        std::vector<CardwrightFinding> out(facts_.findings, zeroed<CardwrightFinding>());
        for (std::size_t n = 0; n < out.size(); n++) {
            call([&](auto *error) { return cardwright_atr_finding(bytes_.data(), bytes_.size(), n, &out[n], error); });
        }
        return out;
    }

private:
    std::vector<std::uint8_t> bytes_;
    CardwrightAtr facts_;
};

/** An object of a reply, over bytes that it does not own. May be shared between threads. */
class View {
public:
    /** The CardwrightObject that a JSON text is. */
    View(std::uint32_t object, std::string_view json) : view_(zeroed<CardwrightView>()) {
        const auto *bytes = reinterpret_cast<const std::uint8_t *>(json.data());
        call([&](auto *error) { return cardwright_view_parse(object, bytes, json.size(), &view_, error); });
    }
    explicit View(const CardwrightView &view) noexcept : view_(view) {}

    /** The object as it was written. */
    std::string_view json() const noexcept { return {reinterpret_cast<const char *>(view_.json), view_.length}; }

    /** A field as a text; empty for null and for a field that is not there. */
    std::string text(std::uint32_t field) const {
        return written([&](auto... out) { return cardwright_view_text(&view_, field, out...); });
    }

    /** A field as a whole number; none for null and for a field that is not there. */
    std::optional<std::int64_t> number(std::uint32_t field) const {
        if (const std::string_view json = raw(field); json.empty() || json == "null") {
            return std::nullopt;
        }
        std::int64_t out = 0;
        call([&](auto *error) { return cardwright_view_number(&view_, field, &out, error); });
        return out;
    }

    /** A field as it was written; empty where there is none. */
    std::string_view raw(std::uint32_t field) const {
        const std::uint8_t *json = nullptr;
        std::size_t length = 0;
        call([&](auto *error) { return cardwright_view_raw(&view_, field, &json, &length, error); });
        return {reinterpret_cast<const char *>(json), length};
    }

    /** The items of a list, each as it was written: for View, or json_text. */
    std::vector<std::string_view> items(std::uint32_t field) const {
        std::vector<std::string_view> out;
        for (;;) {
            const std::uint8_t *json = nullptr;
            std::size_t length = 0;
            call([&](auto *error) { return cardwright_view_item(&view_, field, out.size(), &json, &length, error); });
            if (length == 0) {
                return out;
            }
            out.emplace_back(reinterpret_cast<const char *>(json), length);
        }
    }

    /** The state of a card, by its system's numbers; none where it is not known. */
    std::optional<std::uint32_t> state() const {
        std::uint32_t state = 0, known = 0;
        call([&](auto *error) { return cardwright_view_state(&view_, &state, &known, error); });
        return known == 0 ? std::nullopt : std::optional(state);
    }

private:
    CardwrightView view_;
};

/** The text of a JSON value that is no list and no object. */
inline std::string json_text(std::string_view json) {
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(json.data());
    return written([&](auto... out) { return cardwright_json_text(bytes, json.size(), out...); });
}

#if defined(CARDWRIGHT_HOSTED)

/** As `call`, with the detail of the last error as the words. */
template <typename Function> void ask(Function &&function) {
    auto error = zeroed<CardwrightError>();
    if ((error.code = function(&error)) != CARDWRIGHT_OK) {
        const std::string words = written([](auto... out) { return cardwright_last_error(out...); });
        throw Error(words.empty() ? cardwright_code_text(error.code) : words, error);
    }
}

/** A handle of the library, given back by itself. */
template <auto Free> struct Freed {
    template <typename T> void operator()(T *given) const noexcept { Free(given); }
};
template <typename T, auto Free> using Handle = std::unique_ptr<T, Freed<Free>>;

/** The handle that `function` gives. */
template <typename T, auto Free, typename Function> Handle<T, Free> given(Function &&function) {
    T *out = nullptr;
    ask([&](auto *error) { return function(&out, error); });
    return Handle<T, Free>(out);
}

/** A range that is gone through once: what `next` of the source gives, until it gives none. */
template <typename Source, typename Value> class Once {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = Value *;
    using reference = Value &;

    Once() = default;
    explicit Once(Source *source) : source_(source) { ++*this; }
    Value &operator*() const { return *source_->here_; }
    Value *operator->() const { return &*source_->here_; }
    Once &operator++() {
        source_->here_ = source_->next();
        source_ = source_->here_ ? source_ : nullptr;
        return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Once &other) const noexcept { return source_ == other.source_; }
    bool operator!=(const Once &other) const noexcept { return source_ != other.source_; }

private:
    Source *source_ = nullptr;
};

#endif /* CARDWRIGHT_HOSTED */

#if defined(CARDWRIGHT_CLIENT)

/** A card's record with its bytes. May be shared between threads. */
class Card {
public:
    explicit Card(CardwrightCard *card) noexcept : card_(card) {}

    /** Its fields, as long as the card lives. */
    View view() const {
        auto view = zeroed<CardwrightView>();
        call([&](auto *error) { return cardwright_card_view(card_.get(), &view, error); });
        return View(view);
    }
    std::string text(std::uint32_t field) const { return view().text(field); }
    /** A CardwrightCardText, which both systems know. */
    std::string neutral(std::uint32_t what) const {
        return written([&](auto... out) { return cardwright_card_text(card_.get(), what, out...); });
    }
    const CardwrightCard *get() const noexcept { return card_.get(); }

private:
    Handle<CardwrightCard, cardwright_card_free> card_;
};

/** What an operation came to. */
struct Outcome {
    /** A CardwrightResult. */
    std::uint32_t result;
    /** The answer was lost, and the card, read again, shows that it was carried out. */
    bool answer_lost;
    /** The card as it is now, where it could be read again. */
    std::optional<Card> card;
    /** The id of MIM CM's request, or nothing. */
    std::string request;
};

/** Cards as they arrive: a range that is gone through once. */
class Cards {
public:
    using Handle_ = Handle<CardwrightCards, cardwright_cards_free>;
    explicit Cards(Handle_ cards) noexcept : cards_(std::move(cards)) {}

    /** The next card, or none. After a card that cannot be read, which throws, the next one follows. */
    std::optional<Card> next() {
        CardwrightCard *card = nullptr;
        ask([&](auto *error) { return cardwright_cards_next(cards_.get(), &card, error); });
        return card == nullptr ? std::nullopt : std::optional<Card>(Card(card));
    }
    Once<Cards, Card> begin() { return Once<Cards, Card>(this); }
    Once<Cards, Card> end() const noexcept { return {}; }

private:
    friend class Once<Cards, Card>;
    Handle_ cards_;
    std::optional<Card> here_;
};

/** A client of one of the APIs. May be shared between threads. */
class Client {
public:
    explicit Client(const CardwrightOptions &options)
        : client_(given<CardwrightClient, cardwright_client_free>(
              [&](auto... out) { return cardwright_client_new(&options, out...); })) {}

    /** The cards that a query finds; all without one. */
    Cards cards(const CardwrightQuery *query = nullptr) const {
        return Cards(given<CardwrightCards, cardwright_cards_free>(
            [&](auto... out) { return cardwright_client_cards(get(), query, out...); }));
    }

    /** The records of a card that told who it is, and how the search went. */
    std::pair<Cards, CardwrightSearch> records(const Identity &identity, CardwrightText user = {}) const {
        auto search = zeroed<CardwrightSearch>();
        auto cards = given<CardwrightCards, cardwright_cards_free>([&](auto *cards, auto *error) {
            return cardwright_client_records(get(), &identity.storage, user, cards, &search, error);
        });
        return {Cards(std::move(cards)), search};
    }

    /** The card with a serial number, or none. */
    std::optional<Card> find(std::string_view serial) const {
        return one([&](auto... out) { return cardwright_client_find(get(), text(serial), out...); });
    }

    /** The card with an id, or none. */
    std::optional<Card> card(std::string_view id) const {
        return one([&](auto... out) { return cardwright_client_card(get(), text(id), out...); });
    }

    /** Carries out a CardwrightOperation; `reason` is a CardwrightRevocationReason. */
    Outcome operate(const Card &card, std::uint32_t operation, std::optional<std::uint32_t> reason = std::nullopt,
                    std::string_view comment = {}) const {
        auto out = zeroed<CardwrightOutcome>();
        ask([&](auto *error) {
            return cardwright_client_operate(get(), card.get(), operation, reason ? 1u : 0u, reason.value_or(0),
                                             text(comment), &out, error);
        });
        auto now = out.card == nullptr ? std::nullopt : std::optional<Card>(Card(out.card));
        return {out.result, out.answer_lost != 0, std::move(now), out.request};
    }

    /** Stops the client for good, from any thread. */
    void cancel() const {
        ask([&](auto *error) { return cardwright_client_cancel(get(), error); });
    }
    const CardwrightClient *get() const noexcept { return client_.get(); }

private:
    template <typename Function> static std::optional<Card> one(Function &&function) {
        auto card = given<CardwrightCard, cardwright_card_free>(function);
        return card == nullptr ? std::nullopt : std::optional<Card>(Card(card.release()));
    }

    Handle<CardwrightClient, cardwright_client_free> client_;
};

#endif /* CARDWRIGHT_CLIENT */

#if defined(CARDWRIGHT_READER)

/** A reader, or what happened at one; by `facts` what else there is. */
template <typename Facts> struct At {
    Facts facts;
    /** The reader's name. */
    std::string reader;
    /** The ATR of the card in it, unchecked. */
    std::vector<std::uint8_t> atr;
};
using Event = At<CardwrightEvent>;

/** The readers of this machine. */
inline std::vector<At<CardwrightReader>> readers() {
    std::size_t count = 0;
    const auto list = given<CardwrightReaders, cardwright_readers_free>(
        [&](auto *list, auto *error) { return cardwright_readers_new(list, &count, error); });
    std::vector<At<CardwrightReader>> out;
    for (std::size_t n = 0; n < count; n++) {
        auto facts = zeroed<CardwrightReader>();
        ask([&](auto *error) { return cardwright_readers_at(list.get(), n, &facts, error); });
        out.push_back({facts, std::string(view_of(facts.name)), {facts.atr, facts.atr + facts.atr_length}});
    }
    return out;
}

/** What happens at the readers, as it happens: a range without an end, which is gone through once. */
class Watch {
public:
    Watch() : watch_(given<CardwrightWatch, cardwright_watch_free>(cardwright_watch_new)) {}

    /** The next event, or none in so many milliseconds, or once it was canceled. */
    std::optional<Event> next(std::uint32_t limit = CARDWRIGHT_NO_LIMIT) {
        auto facts = zeroed<CardwrightEvent>();
        try {
            ask([&](auto *error) { return cardwright_watch_next(watch_.get(), limit, &facts, error); });
        } catch (const Error &error) {
            if (error.code() != CARDWRIGHT_CODE_CANCELED) {
                throw;
            }
        }
        if (facts.kind == CARDWRIGHT_EVENT_KIND_NONE) {
            return std::nullopt;
        }
        return Event{facts, std::string(view_of(facts.reader)), {facts.atr, facts.atr + facts.atr_length}};
    }
    Once<Watch, Event> begin() { return Once<Watch, Event>(this); }
    Once<Watch, Event> end() const noexcept { return {}; }

    /** Ends it, from any thread. */
    void cancel() const {
        ask([&](auto *error) { return cardwright_watch_cancel(watch_.get(), error); });
    }

private:
    friend class Once<Watch, Event>;
    Handle<CardwrightWatch, cardwright_watch_free> watch_;
    std::optional<Event> here_;
};

/** A connection to the card in a reader, which is left as it was in the end. */
class Session {
public:
    explicit Session(std::string_view reader, const CardwrightOpen *open = nullptr)
        : session_(given<CardwrightSession, cardwright_session_free>(
              [&](auto... out) { return cardwright_session_new(text(reader), open, out...); })) {}

    /** The response APDU to a command: data and SW1 SW2. */
    std::vector<std::uint8_t> transmit(const std::vector<std::uint8_t> &command) {
        std::vector<std::uint8_t> out(65538);
        std::size_t length = 0;
        ask([&](auto *error) {
            return cardwright_session_transmit(session_.get(), command.data(), command.size(), out.data(), out.size(),
                                               &length, nullptr, error);
        });
        out.resize(length);
        return out;
    }

    /** Asks the card who it is. */
    Identity identify() {
        Identity out;
        ask([&](auto *error) { return cardwright_session_identify(session_.get(), &out.storage, error); });
        return out;
    }
    CardwrightSession *get() const noexcept { return session_.get(); }

private:
    Handle<CardwrightSession, cardwright_session_free> session_;
};

/** A while in which no other program comes to the card of a session. */
class Transaction {
public:
    explicit Transaction(Session &session) : session_(&session) {
        ask([&](auto *error) { return cardwright_session_begin(session.get(), nullptr, error); });
    }
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    ~Transaction() { cardwright_session_end(session_->get(), 0, nullptr); }

private:
    Session *session_;
};

#endif /* CARDWRIGHT_READER */

} // namespace cardwright

#endif /* CARDWRIGHT_HPP */
