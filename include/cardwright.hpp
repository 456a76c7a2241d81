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

/** As `call`, with the detail of the client's last error as the words. */
template <typename Function> void ask(Function &&function) {
    auto error = zeroed<CardwrightError>();
    const std::int32_t code = function(&error);
    if (code == CARDWRIGHT_OK) {
        return;
    }
    error.code = code;
    const bool of_client = code == CARDWRIGHT_CODE_ADDRESS || code == CARDWRIGHT_CODE_NOT_ALLOWED || code >= 600;
    std::string words;
    if (of_client && code != CARDWRIGHT_CODE_ARGUMENT) {
        words = written([](auto... out) { return cardwright_last_error(out...); });
    }
    throw Error(words.empty() ? cardwright_code_text(code) : words, error);
}

/** A card's record with its bytes. May be shared between threads. */
class Card {
public:
    explicit Card(CardwrightCard *card) noexcept : card_(card, cardwright_card_free) {}

    /** Its fields, as long as the card lives. */
    View view() const {
        auto view = zeroed<CardwrightView>();
        call([&](auto *error) { return cardwright_card_view(card_.get(), &view, error); });
        return View(view);
    }
    std::string text(std::uint32_t field) const { return view().text(field); }
    const CardwrightCard *get() const noexcept { return card_.get(); }

private:
    std::unique_ptr<CardwrightCard, void (*)(CardwrightCard *)> card_;
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
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Card;
        using difference_type = std::ptrdiff_t;
        using pointer = Card *;
        using reference = Card &;

        iterator() = default;
        explicit iterator(Cards *cards) : cards_(cards) { ++*this; }
        Card &operator*() const { return *cards_->here_; }
        Card *operator->() const { return &*cards_->here_; }
        iterator &operator++() {
            cards_->here_ = cards_->next();
            cards_ = cards_->here_ ? cards_ : nullptr;
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(const iterator &other) const noexcept { return cards_ == other.cards_; }
        bool operator!=(const iterator &other) const noexcept { return cards_ != other.cards_; }

    private:
        Cards *cards_ = nullptr;
    };

    explicit Cards(CardwrightCards *cards) noexcept : cards_(cards, cardwright_cards_free) {}

    /** The next card, or none. After a card that cannot be read, which throws, the next one follows. */
    std::optional<Card> next() {
        CardwrightCard *card = nullptr;
        ask([&](auto *error) { return cardwright_cards_next(cards_.get(), &card, error); });
        return card == nullptr ? std::nullopt : std::optional<Card>(Card(card));
    }
    iterator begin() { return iterator(this); }
    iterator end() const noexcept { return {}; }

private:
    std::unique_ptr<CardwrightCards, void (*)(CardwrightCards *)> cards_;
    std::optional<Card> here_;
};

/** A client of one of the APIs. May be shared between threads. */
class Client {
public:
    explicit Client(const CardwrightOptions &options) : client_(make(options), cardwright_client_free) {}

    /** The cards that a query finds; all without one. */
    Cards cards(const CardwrightQuery *query = nullptr) const {
        CardwrightCards *cards = nullptr;
        ask([&](auto *error) { return cardwright_client_cards(client_.get(), query, &cards, error); });
        return Cards(cards);
    }

    /** The card with a serial number, or none. */
    std::optional<Card> find(std::string_view serial) const {
        CardwrightCard *card = nullptr;
        ask([&](auto *error) { return cardwright_client_find(client_.get(), text(serial), &card, error); });
        return card == nullptr ? std::nullopt : std::optional<Card>(Card(card));
    }

    /** The card with an id, or none. */
    std::optional<Card> card(std::string_view id) const {
        CardwrightCard *card = nullptr;
        ask([&](auto *error) { return cardwright_client_card(client_.get(), text(id), &card, error); });
        return card == nullptr ? std::nullopt : std::optional<Card>(Card(card));
    }

    /** Carries out a CardwrightOperation; `reason` is a CardwrightRevocationReason. */
    Outcome operate(const Card &card, std::uint32_t operation, std::optional<std::uint32_t> reason = std::nullopt,
                    std::string_view comment = {}) const {
        auto out = zeroed<CardwrightOutcome>();
        ask([&](auto *error) {
            return cardwright_client_operate(client_.get(), card.get(), operation, reason ? 1u : 0u,
                                             reason.value_or(0), text(comment), &out, error);
        });
        auto now = out.card == nullptr ? std::nullopt : std::optional<Card>(Card(out.card));
        return {out.result, out.answer_lost != 0, std::move(now), out.request};
    }

    /** Stops the client for good, from any thread. */
    void cancel() const {
        call([&](auto *error) { return cardwright_client_cancel(client_.get(), error); });
    }

private:
    static CardwrightClient *make(const CardwrightOptions &options) {
        CardwrightClient *client = nullptr;
        ask([&](auto *error) { return cardwright_client_new(&options, &client, error); });
        return client;
    }

    std::unique_ptr<CardwrightClient, void (*)(CardwrightClient *)> client_;
};

#endif /* CARDWRIGHT_HOSTED */

} // namespace cardwright

#endif /* CARDWRIGHT_HPP */
