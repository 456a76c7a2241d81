/*
 * cardwright/cards.hpp - what a card says of itself: its ATR, and who it is.
 */

#ifndef CARDWRIGHT_CARDS_HPP
#define CARDWRIGHT_CARDS_HPP

#include <cardwright/values.hpp>

#include <algorithm>
#include <array>

namespace cardwright {

/* ---- ATR ---- */

/** A time in cycles of the clock. */
class Ratio {
public:
    explicit Ratio(const CardwrightRatio &from) noexcept : ratio_(from) {}
    std::uint64_t cycles() const noexcept { return ratio_.cycles; } /**< The dividend. */
    std::uint32_t per() const noexcept { return ratio_.per; }       /**< The divisor, never 0. */
    using Nanoseconds = std::chrono::duration<std::uint64_t, std::nano>;
    /** The time at a clock, rounded down. */
    Result<Nanoseconds> try_at(std::uint32_t clock_hz) const {
        return detail::got<std::uint64_t>(cardwright_ratio_nanoseconds, ratio_, clock_hz).map([](std::uint64_t out) {
            return Nanoseconds(out);
        });
    }
    Nanoseconds at(std::uint32_t clock_hz) const { return try_at(clock_hz).value(); }
private:
    CardwrightRatio ratio_;
};

/** The times of an ATR at a rate. */
struct Timing {
    Ratio etu;               /**< One elementary time unit. */
    Ratio gt;                /**< GT, the guard time from the reader to the card. */
    std::optional<Ratio> wt; /**< WT, the waiting time of T=0; none if T=0 is not offered. */
    std::optional<Ratio> cgt, cwt, bgt, bwt; /**< Of T=1: guard and waiting time of characters, and of blocks. */
};

/** The bits per second of a rate at a clock: an etu is f/d cycles of it. */
inline Result<std::uint64_t> try_bits_per_second(std::uint16_t f, std::uint8_t d, std::uint32_t clock_hz) {
    return detail::got<std::uint64_t>(cardwright_rate_bits_per_second, f, d, clock_hz);
}
inline std::uint64_t bits_per_second(std::uint16_t f, std::uint8_t d, std::uint32_t clock_hz) {
    return try_bits_per_second(f, d, clock_hz).value();
}

/** A byte of an ATR, and its offset from TS. */
struct InterfaceByte {
    std::uint8_t value;
    std::size_t at;
};

/** The interface bytes TAi, TBi, TCi, TDi of one i. */
struct Level {
    std::uint32_t number;                     /**< i, from 1. */
    std::optional<std::uint8_t> qualified_by; /**< T of the TD before it; none at level 1. */
    std::optional<InterfaceByte> ta, tb, tc, td;
    /** @private */
    static Level of(const CardwrightAtrLevel &from) {
        const auto byte = [](const CardwrightInterfaceByte &one) {
            return one.present == 0 ? std::nullopt : std::optional<InterfaceByte>({one.value, one.at});
        };
        return {from.number, detail::unless<std::uint8_t>(CARDWRIGHT_NO_T, from.qualified_by),
                byte(from.ta), byte(from.tb), byte(from.tc), byte(from.td)};
    }
};

/** A COMPACT-TLV data object of historical bytes. */
struct DataObject {
    CardwrightAtrObject c; /**< As C has it. */
    std::uint8_t tag() const noexcept { return c.tag; } /**< The lower half of its tag: 7 for 47. */
    ByteView value() const & noexcept { return {c.value, c.length}; }
    ByteView value() const && = delete;
};

/** A rule that an ATR can break, in words. */
struct RuleFacts {
    std::string_view name;     /**< Such as `tck-missing`. */
    std::string_view text;     /**< One line in plain words. */
    std::string_view standard; /**< The standard, such as `ISO/IEC 7816-3:2006`. */
    std::string_view clause;   /**< The clause of it. */
};
inline Result<RuleFacts> try_facts(Arg<Rule> rule) {
    return detail::filled<CardwrightRuleFacts>(cardwright_atr_rule, rule.number()).map([](const CardwrightRuleFacts &from) {
        return RuleFacts{view_of(from.name), view_of(from.text), view_of(from.standard), view_of(from.clause)};
    });
}
inline RuleFacts facts(Arg<Rule> rule) { return try_facts(rule).value(); }

/** The name of a reason for which a payment terminal refuses an ATR, such as `tb1-missing`; none for an unknown one. */
inline std::optional<std::string_view> emv_rule_name(Arg<EmvRule> rule) noexcept {
    return detail::perhaps(cardwright_atr_emv_rule_name(rule.number()));
}

/** One breach of a standard by an ATR. */
struct Finding {
    CardwrightFinding c; /**< As C has it. */
    Rule rule() const noexcept { return static_cast<Rule>(c.rule); }
    /** The offset of the byte concerned; the length of the ATR for a missing one. */
    std::size_t at() const noexcept { return c.at; }
    /** The number of its level, if it is an interface byte. */
    std::optional<std::size_t> level() const noexcept { return detail::unless<std::size_t>(0, c.level); }
    /** The byte concerned; none for a missing one. */
    std::optional<std::uint8_t> value() const noexcept {
        return c.has_value == 0 ? std::nullopt : std::optional<std::uint8_t>(c.value);
    }
    /** T of the TD before it, if it is an interface byte from level 2 on. */
    std::optional<std::uint8_t> qualified_by() const noexcept {
        return detail::unless<std::uint8_t>(CARDWRIGHT_NO_T, c.qualified_by);
    }
    /** Its name, such as `ta3-undefined-for-t14`. */
    Result<String> try_name() const { return detail::wrote(cardwright_atr_finding_name, &c); }
    String name() const { return try_name().value(); }
};

/** What historical bytes say. The texts are static. */
struct Historical {
    CardwrightHistorical c; /**< As C has it: what is not below, too. */
    std::optional<Category> category() const noexcept {
        return c.category == 0 ? std::nullopt : std::optional<Category>(static_cast<Category>(c.category));
    }
    std::optional<std::uint8_t> life_cycle() const noexcept { return one(c.has_life_cycle, c.life_cycle); }
    /** What the life cycle status means, such as `operational-activated`. */
    std::optional<std::string_view> life_cycle_text() const noexcept { return detail::perhaps(c.life_cycle_text); }
    std::optional<std::uint16_t> status_word() const noexcept { return one(c.has_status_word, c.status_word); }
    std::optional<std::uint8_t> card_service() const noexcept { return one(c.has_card_service, c.card_service); }
    std::optional<std::uint16_t> country_code() const noexcept { return one(c.has_country_code, c.country_code); }
    std::optional<std::uint8_t> dir_reference() const noexcept { return one(c.has_dir_reference, c.dir_reference); }
    /** The software function tables: how files are selected, how data are coded, what commands may be. */
    std::optional<std::uint8_t> selection() const noexcept { return one(c.capabilities > 0, c.selection); }
    std::optional<std::uint8_t> data_coding() const noexcept { return one(c.capabilities > 1, c.data_coding); }
    std::optional<std::uint8_t> command_coding() const noexcept { return one(c.capabilities > 2, c.command_coding); }
    /** The number of logical channels, 1 to 8, where 8 is eight or more. */
    std::optional<std::uint8_t> channels() const noexcept { return detail::unless<std::uint8_t>(0, c.channels); }
    /** The command that reads the card's first data; empty if it does not say. */
    ByteView initial_access() const & noexcept {
        return {c.initial_access, c.has_initial_access == 0 ? 0 : sizeof c.initial_access};
    }
    ByteView issuer() const & noexcept { return {c.issuer, c.issuer_length}; }
    ByteView application() const & noexcept { return {c.application, c.application_length}; }
    /** Of a storage card for which a contactless reader made the ATR: standard and name, as numbers and in words. */
    bool is_storage_card() const noexcept { return c.is_storage_card != 0; }
    std::optional<std::uint8_t> standard() const noexcept { return one(c.is_storage_card, c.standard); }
    std::optional<std::uint16_t> card_name() const noexcept { return one(c.is_storage_card, c.card_name); }
    std::optional<std::string_view> standard_text() const noexcept { return detail::perhaps(c.standard_text); }
    std::optional<std::string_view> card_name_text() const noexcept { return detail::perhaps(c.card_name_text); }
private:
    template <typename T> static std::optional<T> one(int has, T value) noexcept {
        return has == 0 ? std::nullopt : std::optional<T>(value);
    }
};

/** The interface bytes of one level, to build an ATR of. */
struct LevelParts {
    std::optional<std::uint8_t> ta{}, tb{}, tc{};
    std::optional<std::uint8_t> t{}; /**< T of TD, 0 to 15: every level but the last must have one. */
};

/** The parts of an ATR. */
struct AtrParts {
    Span<const LevelParts> levels{}; /**< From the first on, at most CARDWRIGHT_MAX_LEVELS. */
    ByteView historical{};           /**< The historical bytes, at most 15. */
    Convention convention = Convention::direct;
    CheckByte check_byte = CheckByte::as_it_should_be;
    std::uint8_t check = 0;          /**< The check byte for CheckByte::given. */
};

/** An ATR: its bytes, and by `->` every figure of CardwrightAtr. */
class Atr {
public:
    /** The bytes as a reader reports them. No ATR that can be parsed is refused. */
    explicit Atr(ByteView bytes) : Atr(parse(bytes)) {}
    static Atr parse(ByteView bytes) { return try_parse(bytes).value(); }
    static Result<Atr> try_parse(ByteView bytes) {
        return detail::filled<CardwrightAtr>(cardwright_atr_parse, bytes.data(), bytes.size())
            .map([bytes](const CardwrightAtr &facts) {
                Atr out;
                out.bytes_.resize(bytes.size());
                std::copy_n(bytes.begin(), out.bytes_.size(), out.bytes_.data());
                out.facts_ = facts;
                return out;
            });
    }
    /** An ATR in hexadecimal, with spaces or colons between the bytes or without. */
    static Result<Atr> try_from_hex(std::string_view hex) {
        auto bytes = detail::wrote_bytes(room(hex), cardwright_atr_from_hex, text(hex));
        return bytes.ok() ? try_parse(*bytes) : Result<Atr>(bytes.error());
    }
    static Atr from_hex(std::string_view hex) { return try_from_hex(hex).value(); }
    /** An ATR of its parts. CARDWRIGHT_CODE_UNWRITABLE for what no ATR can say. */
    static Result<Atr> try_build(const AtrParts &parts) {
        std::array<CardwrightLevelParts, CARDWRIGHT_MAX_LEVELS> levels{};
        // Too many are not read: the library refuses them by their number.
        const auto read = parts.levels.size() <= levels.size() ? parts.levels.size() : 0;
        for (std::size_t at = 0; at < read; ++at) {
            const auto has = [](const std::optional<std::uint8_t> &byte) { return static_cast<std::uint8_t>(byte.has_value()); };
            const auto &from = parts.levels[at];
            levels[at] = {has(from.ta), from.ta.value_or(0), has(from.tb), from.tb.value_or(0),
                          has(from.tc), from.tc.value_or(0), has(from.t), from.t.value_or(0)};
        }
        auto c = zeroed<CardwrightAtrParts>();
        c.convention = number(parts.convention);
        c.check_byte = number(parts.check_byte);
        c.check = parts.check;
        c.levels = levels.data();
        c.level_count = parts.levels.size();
        c.historical = parts.historical.data();
        c.k = parts.historical.size();
        auto bytes = detail::wrote_bytes(CARDWRIGHT_ATR_MAX, cardwright_atr_build, &c);
        return bytes.ok() ? try_parse(*bytes) : Result<Atr>(bytes.error());
    }
    static Atr build(const AtrParts &parts) { return try_build(parts).value(); }

    const CardwrightAtr *operator->() const noexcept { return &facts_; }
    const Bytes &bytes() const noexcept { return bytes_; }
    String hex(Arg<Hex> style = Hex::upper) const { return cardwright::hex(bytes_, style); }
    Convention convention() const noexcept { return static_cast<Convention>(facts_.convention); }
    /** The category of the historical bytes; none if there are none. */
    std::optional<Category> category() const noexcept {
        return facts_.category == 0 ? std::nullopt : std::optional<Category>(static_cast<Category>(facts_.category));
    }
    TckState tck_state() const noexcept { return static_cast<TckState>(facts_.tck_state); }
    ClockStop clock_stop() const noexcept { return static_cast<ClockStop>(facts_.clock_stop); }
    /** Whether T=t is offered. */
    bool offers(std::uint8_t t) const noexcept { return t < 16 && ((facts_.protocols >> t) & 1) != 0; }
    /** The first protocol offered; none if only T=15 is indicated. */
    std::optional<std::uint8_t> first_offered() const noexcept { return t(facts_.first_offered); }
    /** T of TA2; none in negotiable mode. */
    std::optional<std::uint8_t> specific_t() const noexcept { return t(facts_.specific_t); }
    /** The protocol that a PC/SC service negotiates; none if that is neither 0 nor 1. */
    std::optional<std::uint8_t> pcsc_protocol() const noexcept { return t(facts_.pcsc_protocol); }
    /** How T=1 finds errors of transmission; none if T=1 is not offered. */
    std::optional<Edc> edc() const noexcept {
        return facts_.has_t1 == 0 ? std::nullopt : std::optional<Edc>(static_cast<Edc>(facts_.edc));
    }
    ByteView historical_bytes() const & noexcept { return {bytes_.data() + facts_.historical_at, facts_.k}; }
    ByteView historical_bytes() const && = delete;
    /** The rules that it breaks; findings() says where. */
    Set<Rule> broken_rules() const noexcept { return Set<Rule>::of(facts_.broken_rules); }
    /** Where it breaks the standards, in the order of the bytes. */
    Indexed<Finding, Bytes> findings() const {
        return {bytes_, facts_.findings, [](const Bytes &bytes, std::size_t at) {
                    return detail::filled<CardwrightFinding>(cardwright_atr_finding, bytes.data(), bytes.size(), at)
                        .map([](const CardwrightFinding &from) { return Finding{from}; });
                }};
    }
    /** Its levels of interface bytes. */
    Indexed<Level, Bytes> levels() const {
        return {bytes_, facts_.levels, [](const Bytes &bytes, std::size_t at) {
                    return detail::filled<CardwrightAtrLevel>(cardwright_atr_level, bytes.data(), bytes.size(), at).map(Level::of);
                }};
    }
    /** The data objects of its historical bytes. */
    Indexed<DataObject, Bytes> objects() const {
        return {bytes_, facts_.objects, [](const Bytes &bytes, std::size_t at) {
                    return detail::filled<CardwrightAtrObject>(cardwright_atr_object, bytes.data(), bytes.size(), at)
                        .map([](const CardwrightAtrObject &from) { return DataObject{from}; });
                }};
    }
    /** What its historical bytes say. */
    Result<Historical> try_historical() const {
        return detail::filled<CardwrightHistorical>(cardwright_atr_historical, bytes_.data(), bytes_.size())
            .map([](const CardwrightHistorical &from) { return Historical{from}; });
    }
    Historical historical() const { return try_historical().value(); }
    /** Why a payment terminal refuses it (EMV 4.3); empty if it does not. */
    Result<Set<EmvRule>> try_emv_refusals(Arg<Reset> reset = Reset::cold) const {
        return detail::got<std::uint32_t>(cardwright_atr_emv_refusals, bytes_.data(), bytes_.size(), reset.number())
            .map([](std::uint32_t bits) { return Set<EmvRule>::of(bits); });
    }
    Set<EmvRule> emv_refusals(Arg<Reset> reset = Reset::cold) const { return try_emv_refusals(reset).value(); }
    /** Its times if one etu takes f/d cycles of the clock. */
    Result<Timing> try_timing(std::uint16_t f = 372, std::uint8_t d = 1) const {
        return detail::filled<CardwrightTiming>(cardwright_atr_timing, bytes_.data(), bytes_.size(), f, d)
            .map([](const CardwrightTiming &from) {
                const auto maybe = [](const CardwrightRatio &one) {
                    return one.cycles == 0 ? std::nullopt : std::optional<Ratio>(Ratio(one));
                };
                return Timing{Ratio(from.etu), Ratio(from.gt), maybe(from.wt), maybe(from.cgt),
                              maybe(from.cwt), maybe(from.bgt), maybe(from.bwt)};
            });
    }
    Timing timing(std::uint16_t f = 372, std::uint8_t d = 1) const { return try_timing(f, d).value(); }
private:
    Atr() = default;
    static std::optional<std::uint8_t> t(std::uint8_t value) noexcept {
        return detail::unless<std::uint8_t>(CARDWRIGHT_NO_T, value);
    }
    /** Bytes of room for an ATR in hexadecimal: those that are too many are told too. */
    static std::size_t room(std::string_view hex) noexcept {
        Bytes most;
        most.resize(std::max<std::size_t>(CARDWRIGHT_ATR_MAX, hex.size() / 2));
        return most.size();
    }
    Bytes bytes_;
    CardwrightAtr facts_{};
};

/* ---- Who a card is ---- */

/** What a card is, and what that rests on. */
struct Kind {
    CardKind kind; /**< Of the program's own, by identity.add(): its number as it was given. */
    Basis basis;
    String unread; /**< Why the number of such a card is not read; empty where it is. */
};

/** A number by which a card identifies itself. */
struct Identifier {
    Source source;
    Trust trust;       /**< How reliably it tells one card from all others. */
    Evidence evidence; /**< How sure it is that this is the card's number. */
    bool personal;     /**< Whether it stands for a person: logs should not have it. */
    Bytes bytes;       /**< As the card gave them; empty if it hides them. */
    String spelling;   /**< As its makers print it; empty if the card hides it. */
};

/** One way in which a system may have stored the serial of a card. */
struct Guess {
    Source source;       /**< The identifier that it was made from. */
    Evidence evidence;   /**< Whether the vendor documents it, or it is assumed. */
    std::uint32_t count; /**< The number of guesses for the system. */
    String spelling;     /**< The serial as the system would write it. */
};

/** A card's identity: from Session::identify, or by a dialogue that the program carries out.
 *
 *     Identity identity(atr);
 *     for (auto command = identity.command(); !command.empty(); command = identity.command())
 *         identity.answer(exchange(command));
 */
struct Identity {
    CardwrightIdentity storage{}; /**< As C has it. */
    /** Nothing is known, and nothing can be asked. */
    Identity() = default;
    /** Begins a dialogue with a card that has just been reset. */
    explicit Identity(ByteView atr, Arg<Interface> by = Interface::unknown) { begin(atr, by); }
    void begin(ByteView atr, Arg<Interface> by = Interface::unknown) { try_begin(atr, by).value(); }
    Result<void> try_begin(ByteView atr, Arg<Interface> by = Interface::unknown) {
        return detail::did(cardwright_identity_init, &storage, atr.data(), atr.size(), by.number());
    }
    /** The command to send next; empty at the end of the dialogue. All of them only read. */
    Result<Bytes> try_command() const {
        return detail::wrote_bytes(CARDWRIGHT_COMMAND_ROOM, cardwright_identity_command, &storage);
    }
    Bytes command() const { return try_command().value(); }
    /** Takes the answer to the command, with SW1 SW2; an empty one says that there was none. */
    Result<void> try_answer(ByteView response) {
        return detail::did(cardwright_identity_answer, &storage, response.data(), response.size());
    }
    void answer(ByteView response) { try_answer(response).value(); }
    /** Ends the dialogue, and adds what the program's own has found: a kind, or 0, and an identifier of a source, both
        from CARDWRIGHT_OTHER on. `is_text` is for printable ASCII, which is written as it is. */
    Result<void> try_add(std::uint32_t kind, std::uint32_t source, ByteView bytes, bool is_text = false) {
        return detail::did(cardwright_identity_add, &storage, kind, source, bytes.data(), bytes.size(), std::uint32_t{is_text});
    }
    void add(std::uint32_t kind, std::uint32_t source, ByteView bytes, bool is_text = false) {
        try_add(kind, source, bytes, is_text).value();
    }

    /** What the card is, but for kinds of the program's own; and how many numbers it has. */
    Result<std::pair<Set<CardKind>, std::size_t>> try_found() const {
        std::uint64_t kinds = 0;
        return detail::got<std::size_t>(cardwright_identity_found, &storage, &kinds).map([&kinds](std::size_t identifiers) {
            return std::make_pair(Set<CardKind>::of(kinds), identifiers);
        });
    }
    std::pair<Set<CardKind>, std::size_t> found() const { return try_found().value(); }
    /** What the card is, each with what it rests on. */
    Indexed<Kind, CardwrightIdentity> kinds() const {
        auto first = zeroed<CardwrightKind>();
        const bool none = cardwright_identity_kind(&storage, 0, &first, nullptr) != CARDWRIGHT_OK;
        return {storage, none ? 0 : first.count, [](const CardwrightIdentity &of, std::size_t at) {
                    return detail::filled<CardwrightKind>(cardwright_identity_kind, &of, at).map([](const CardwrightKind &from) {
                        return Kind{static_cast<CardKind>(from.kind), static_cast<Basis>(from.basis), copy(from.unread)};
                    });
                }};
    }
    /** All its numbers, each with its source and how far it can be trusted. */
    Indexed<Identifier, CardwrightIdentity> identifiers() const {
        std::uint64_t kinds = 0;
        std::size_t count = 0;
        static_cast<void>(cardwright_identity_found(&storage, &kinds, &count, nullptr));
        return {storage, count, [](const CardwrightIdentity &of, std::size_t at) {
                    return detail::filled<CardwrightIdentifier>(cardwright_identity_identifier, &of, at)
                        .map([](const CardwrightIdentifier &from) {
                            Identifier out{static_cast<Source>(from.source), static_cast<Trust>(from.trust),
                                           static_cast<Evidence>(from.evidence), from.personal != 0, {}, copy(from.spelling)};
                            out.bytes.resize(from.length);
                            std::copy_n(from.bytes, out.bytes.size(), out.bytes.data());
                            return out;
                        });
                }};
    }
    /** The guesses at how a system stored its serial, the strongest identifier first: `count` of them, or all. */
    Indexed<Guess, std::pair<CardwrightIdentity, System>> guesses(Arg<System> system, std::size_t count = SIZE_MAX) const {
        auto first = zeroed<CardwrightGuess>();
        const bool none = cardwright_identity_guess(&storage, system.number(), 0, &first, nullptr) != CARDWRIGHT_OK;
        return {{storage, system}, std::min<std::size_t>(count, none ? 0 : first.count),
                [](const std::pair<CardwrightIdentity, System> &of, std::size_t at) {
                    return detail::filled<CardwrightGuess>(cardwright_identity_guess, &of.first, number(of.second), at)
                        .map([](const CardwrightGuess &from) {
                            return Guess{static_cast<Source>(from.source), static_cast<Evidence>(from.evidence), from.count,
                                         copy(from.spelling)};
                        });
                }};
    }
private:
    static String copy(const char *terminated) {
        const std::string_view from(terminated);
        String out;
        out.resize(from.size());
        std::copy_n(from.begin(), out.size(), out.data());
        return out;
    }
};

} // namespace cardwright

#endif /* CARDWRIGHT_CARDS_HPP */
