/*
 * cardwright/values.hpp - what needs no card and no server: enumerations by name, sets of them, times, dates, serial
 * numbers, the life cycle of a card.
 */

#ifndef CARDWRIGHT_VALUES_HPP
#define CARDWRIGHT_VALUES_HPP

#include <cardwright/result.hpp>

#include <chrono>

namespace cardwright {

/* ---- Enumerations ---- */

/** A value of an enumeration as a parameter: `Operation::revoke`, or the constant of cardwright.h. */
template <typename E> class Arg {
public:
    constexpr Arg(E value) noexcept : value_(value) {}
    constexpr Arg(typename Traits<E>::Constant constant) noexcept : value_(static_cast<E>(constant)) {}
    constexpr operator E() const noexcept { return value_; }
    constexpr E value() const noexcept { return value_; }
    constexpr std::uint32_t number() const noexcept { return static_cast<std::uint32_t>(value_); }
private:
    E value_;
};

/** The number of a value, as cardwright.h has it. */
template <typename E, typename = typename Traits<E>::Constant> constexpr std::uint32_t number(E value) noexcept {
    return static_cast<std::uint32_t>(value);
}

/** All values of an enumeration, each with its name in C++: `for (auto [value, word] : values<Operation>())`. */
template <typename E> constexpr Span<const Named<E>> values() noexcept { return Traits<E>::values; }

/** The name of a value in C++, such as `card_lost`; empty for a number that is none. For logs: name() has the vendors'. */
template <typename E> constexpr std::string_view word(E value) noexcept {
    for (const auto &one : Traits<E>::values) {
        if (one.value == value) return one.word;
    }
    return {};
}

/** The name of a value as its vendor, or cardwright, writes it, such as `Revoked`; for enumerations that have names. */
template <typename E> Result<String> try_name(E value) {
    static_assert(Traits<E>::enumeration != 0, "the values of this enumeration have no names but word()");
    return detail::wrote(cardwright_enumeration_name, Traits<E>::enumeration, number(value));
}
template <typename E, typename = typename Traits<E>::Constant> String name(E value) { return try_name(value).value(); }

/** The name of a value of any CardwrightEnumeration, by their numbers. */
inline Result<String> try_name(std::uint32_t enumeration, std::uint32_t value) {
    return detail::wrote(cardwright_enumeration_name, enumeration, value);
}
inline String name(std::uint32_t enumeration, std::uint32_t value) { return try_name(enumeration, value).value(); }
template <typename E, typename = typename Traits<E>::Constant> String name(std::uint32_t enumeration, E value) {
    return name(enumeration, number(value));
}

/** The value with a name, in upper or lower case: `from_name<Operation>("revoke")`; none if none has it. */
template <typename E> std::optional<E> from_name(std::string_view name) {
    static_assert(Traits<E>::enumeration != 0, "the values of this enumeration have no names but word()");
    std::uint32_t value = 0;
    const auto code = cardwright_enumeration_value(Traits<E>::enumeration, text(name), &value, nullptr);
    return code == CARDWRIGHT_OK ? std::optional<E>(static_cast<E>(value)) : std::nullopt;
}

/** A set of values of an enumeration: bit n for the value n. A range. */
template <typename E> class Set {
public:
    using value_type = E;
    constexpr Set() noexcept = default;
    constexpr Set(E value) noexcept { insert(value); }
    constexpr Set(std::initializer_list<E> values) noexcept {
        for (const E value : values) insert(value);
    }
    /** By its bits, as cardwright.h has them. */
    static constexpr Set of(std::uint64_t bits) noexcept {
        Set out;
        out.bits_ = bits;
        return out;
    }
    constexpr std::uint64_t bits() const noexcept { return bits_; }
    constexpr bool contains(Arg<E> value) const noexcept { return (bits_ & bit(value)) != 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr std::size_t size() const noexcept {
        std::size_t out = 0;
        for (auto left = bits_; left != 0; left &= left - 1) ++out;
        return out;
    }
    constexpr void insert(Arg<E> value) noexcept { bits_ |= bit(value); }
    constexpr void erase(Arg<E> value) noexcept { bits_ &= ~bit(value); }
    friend constexpr Set operator|(Set one, Set other) noexcept { return of(one.bits_ | other.bits_); }
    friend constexpr Set operator&(Set one, Set other) noexcept { return of(one.bits_ & other.bits_); }
    friend constexpr bool operator==(Set one, Set other) noexcept { return one.bits_ == other.bits_; }
    friend constexpr bool operator!=(Set one, Set other) noexcept { return one.bits_ != other.bits_; }

    /** Goes through the values, the lowest first. */
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
#if __cplusplus >= 202002L
        using iterator_concept = std::forward_iterator_tag;
#endif
        using difference_type = std::ptrdiff_t;
        using value_type = E;
        using pointer = const E *;
        using reference = E;
        constexpr iterator() noexcept = default;
        constexpr explicit iterator(std::uint64_t left) noexcept : left_(left) {}
        constexpr E operator*() const noexcept {
            std::uint32_t at = 0;
            while (at < 63 && ((left_ >> at) & 1U) == 0) ++at;
            return static_cast<E>(at);
        }
        constexpr iterator &operator++() noexcept { return left_ &= left_ - 1, *this; }
        constexpr iterator operator++(int) noexcept { auto was = *this; return ++*this, was; }
        friend constexpr bool operator==(iterator one, iterator other) noexcept { return one.left_ == other.left_; }
        friend constexpr bool operator!=(iterator one, iterator other) noexcept { return one.left_ != other.left_; }
    private:
        std::uint64_t left_ = 0;
    };
    using const_iterator = iterator;
    constexpr iterator begin() const noexcept { return iterator(bits_); }
    constexpr iterator end() const noexcept { return iterator(0); }
private:
    static constexpr std::uint64_t bit(E value) noexcept {
        return number(value) < 64 ? std::uint64_t{1} << number(value) : 0;
    }
    std::uint64_t bits_ = 0;
};

/* ---- The library ---- */

/** Its version, such as `0.1.0`. */
inline std::string_view version() noexcept { return cardwright_version(); }

/** What a code means, in plain words. */
inline std::string_view code_text(Arg<Code> code) noexcept {
    return cardwright_code_text(static_cast<std::int32_t>(code.number()));
}

/** What SW1 SW2 of a card means, in plain words. */
inline std::string_view status_word_text(std::uint32_t status_word) noexcept {
    return view_of(cardwright_status_word_text(status_word));
}

/* ---- Times ---- */

/** A point in time to the second: what C++20 calls std::chrono::sys_seconds. */
using Seconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;
/** How long something may take. */
using Milliseconds = std::chrono::milliseconds;

/** A date as servers write it, ISO 8601, rounded down. CARDWRIGHT_CODE_UNKNOWN_VALUE for a text that is none, and for
    0001-01-01, with which servers say "not yet". */
inline Result<Seconds> try_date(std::string_view from) {
    return detail::got<std::int64_t>(cardwright_date_parse, text(from)).map([](std::int64_t seconds) {
        return Seconds(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::duration<std::int64_t>(seconds)));
    });
}
inline Seconds date(std::string_view from) { return try_date(from).value(); }

/** @private */
namespace detail {
/** A limit as C has it: none is 0, the default; what is shorter than a millisecond is one. */
inline std::uint32_t limit(std::optional<Milliseconds> from) noexcept {
    if (!from) return 0;
    return from->count() < 1 ? 1 : from->count() >= UINT32_MAX ? UINT32_MAX - 1 : static_cast<std::uint32_t>(from->count());
}
} // namespace detail

/* ---- Serial numbers and hexadecimal ---- */

/** In what way two serial numbers are the same; none if they differ. */
inline Result<std::optional<Match>> try_serial_match(std::string_view one, std::string_view other) {
    return detail::got<std::uint32_t>(cardwright_serial_match, text(one), text(other)).map([](std::uint32_t how) {
        return how == 0 ? std::nullopt : std::optional<Match>(static_cast<Match>(how));
    });
}
inline std::optional<Match> serial_match(std::string_view one, std::string_view other) {
    return try_serial_match(one, other).value();
}

/** A serial number in another form; `order` is that of the bytes of a GUID. */
inline Result<String> try_serial_spell(std::string_view serial, Arg<SerialForm> form, Arg<ByteOrder> order) {
    return detail::wrote(cardwright_serial_spell, text(serial), form.number(), order.number());
}
inline String serial_spell(std::string_view serial, Arg<SerialForm> form, Arg<ByteOrder> order) {
    return try_serial_spell(serial, form, order).value();
}

/** Bytes in hexadecimal. */
inline Result<String> try_hex(ByteView bytes, Arg<Hex> style = Hex::upper) {
    return detail::wrote(cardwright_hex_write, bytes.data(), bytes.size(), style.number());
}
inline String hex(ByteView bytes, Arg<Hex> style = Hex::upper) { return try_hex(bytes, style).value(); }

/* ---- The life cycle of a card ---- */

/** A card's state as its system has it: a CardState of CertiFlow, or a SmartcardStatus of MIM CM. */
class NativeState {
public:
    constexpr NativeState(CardState state) noexcept : system_(System::certiflow), number_(cardwright::number(state)) {}
    constexpr NativeState(SmartcardStatus state) noexcept : system_(System::mim), number_(cardwright::number(state)) {}
    constexpr NativeState(CardwrightCardState state) noexcept : NativeState(static_cast<CardState>(state)) {}
    constexpr NativeState(CardwrightSmartcardStatus state) noexcept : NativeState(static_cast<SmartcardStatus>(state)) {}
    /** By its number. */
    constexpr NativeState(Arg<System> system, std::uint32_t number) noexcept : system_(system), number_(number) {}
    constexpr System system() const noexcept { return system_; }
    constexpr std::uint32_t number() const noexcept { return number_; }
    /** The state in CertiFlow; none for a card of MIM CM. */
    constexpr std::optional<CardState> card_state() const noexcept {
        return system_ == System::certiflow ? std::optional<CardState>(static_cast<CardState>(number_)) : std::nullopt;
    }
    /** The state in MIM CM; none for a card of CertiFlow. */
    constexpr std::optional<SmartcardStatus> smartcard_status() const noexcept {
        return system_ == System::mim ? std::optional<SmartcardStatus>(static_cast<SmartcardStatus>(number_)) : std::nullopt;
    }
    /** Its name in its system. */
    Result<String> try_name() const {
        return cardwright::try_name(system_ == System::mim ? CARDWRIGHT_ENUMERATION_SMARTCARD_STATUS
                                                           : CARDWRIGHT_ENUMERATION_CARD_STATE, number_);
    }
    String name() const { return try_name().value(); }
    friend constexpr bool operator==(const NativeState &one, const NativeState &other) noexcept {
        return one.system_ == other.system_ && one.number_ == other.number_;
    }
    friend constexpr bool operator!=(const NativeState &one, const NativeState &other) noexcept { return !(one == other); }
private:
    System system_;
    std::uint32_t number_;
};

/** What the table of a system says about an operation in a state, and how certain that is. */
struct Verdict {
    Answer answer;
    std::optional<NativeState> to; /**< The state to which it leads, if it is allowed. */
    Evidence evidence;             /**< What is only assumed should stop nobody. */
    std::string_view source;       /**< The clause that says so; empty if the system lacks the operation. */
    bool allowed() const noexcept { return answer == Answer::allowed; }
    /** @private */
    static Verdict of(System system, const CardwrightVerdict &from) {
        const auto to = from.answer == CARDWRIGHT_ANSWER_ALLOWED ? std::optional<NativeState>({system, from.to}) : std::nullopt;
        return {static_cast<Answer>(from.answer), to, static_cast<Evidence>(from.evidence), view_of(from.source)};
    }
};
inline Result<Verdict> try_verdict(NativeState state, Arg<Operation> operation) {
    return detail::filled<CardwrightVerdict>(cardwright_lifecycle_verdict, cardwright::number(state.system()), state.number(),
                                             operation.number())
        .map([state](const CardwrightVerdict &from) { return Verdict::of(state.system(), from); });
}
inline Verdict verdict(NativeState state, Arg<Operation> operation) { return try_verdict(state, operation).value(); }

/** Where an operation leads from a state; CARDWRIGHT_CODE_NOT_ALLOWED if the table refuses it. */
inline Result<NativeState> try_after(NativeState state, Arg<Operation> operation) {
    return detail::got<std::uint32_t>(cardwright_lifecycle_after, cardwright::number(state.system()), state.number(), operation.number())
        .map([state](std::uint32_t to) { return NativeState(state.system(), to); });
}
inline NativeState after(NativeState state, Arg<Operation> operation) { return try_after(state, operation).value(); }

/** The operations that the table allows in a state, and those of them that the vendor documents. */
struct Legal {
    Set<Operation> operations, documented;
};
inline Result<Legal> try_legal(NativeState state) {
    std::uint32_t operations = 0;
    return detail::got<std::uint32_t>(cardwright_lifecycle_legal, cardwright::number(state.system()), state.number(), &operations)
        .map([&operations](std::uint32_t documented) {
            return Legal{Set<Operation>::of(operations), Set<Operation>::of(documented)};
        });
}
inline Legal legal(NativeState state) { return try_legal(state).value(); }

/** What a system's own state means; none for MIM CM's None, which says nothing. */
inline Result<std::optional<State>> try_neutral_state(NativeState state) {
    return detail::got<std::uint32_t>(cardwright_lifecycle_neutral, cardwright::number(state.system()), state.number())
        .map([](std::uint32_t neutral) {
            return neutral == 0 ? std::nullopt : std::optional<State>(static_cast<State>(neutral));
        });
}
inline std::optional<State> neutral_state(NativeState state) { return try_neutral_state(state).value(); }

/** A system's own state for a neutral one; none if it has none. */
inline std::optional<NativeState> native_state(Arg<State> state, Arg<System> system) {
    std::uint32_t out = 0;
    const auto code = cardwright_lifecycle_native(system.number(), state.number(), &out, nullptr);
    return code == CARDWRIGHT_OK ? std::optional<NativeState>({system, out}) : std::nullopt;
}

/** Facts about an operation. */
struct OperationFacts {
    bool takes_reason;          /**< Whether CertiFlow takes a revocation reason for it. */
    bool repeatable;            /**< Whether doing it twice is the same as doing it once. */
    bool is_final;              /**< Whether no operation undoes it: somebody should confirm it first. */
    std::string_view name;      /**< The neutral name. */
    std::string_view about;     /**< One line on what it does. */
    std::optional<std::string_view> certiflow; /**< What CertiFlow calls it; none if it lacks it. */
    std::optional<std::string_view> mim;       /**< What MIM CM calls it; none if it lacks it. */
};
inline Result<OperationFacts> try_facts(Arg<Operation> operation) {
    return detail::filled<CardwrightOperationFacts>(cardwright_lifecycle_operation, operation.number())
        .map([](const CardwrightOperationFacts &from) {
            return OperationFacts{from.takes_reason != 0, from.repeatable != 0, from.is_final != 0, view_of(from.name),
                                  view_of(from.about), detail::perhaps(from.certiflow), detail::perhaps(from.mim)};
        });
}
inline OperationFacts facts(Arg<Operation> operation) { return try_facts(operation).value(); }

} // namespace cardwright

#endif /* CARDWRIGHT_VALUES_HPP */
