/*
 * cardwright/enumerations.hpp - the enumerations of cardwright.h as types of C++.
 *
 * Written by `cargo xtask gen` from cardwright.h; do not edit.
 */

#ifndef CARDWRIGHT_ENUMERATIONS_HPP
#define CARDWRIGHT_ENUMERATIONS_HPP

#include <cardwright.h>

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace cardwright {

/** A value of an enumeration, and its name in C++. */
template <typename E> struct Named {
    E value;
    std::string_view word;
};

/** @private What is known of an enumeration; of other types, nothing. */
template <typename E> struct Traits {};

/** A value may be compared with the constant of cardwright.h. */
template <typename E> constexpr bool operator==(E one, typename Traits<E>::Constant other) noexcept {
    return static_cast<std::uint32_t>(one) == static_cast<std::uint32_t>(other);
}
template <typename E> constexpr bool operator!=(E one, typename Traits<E>::Constant other) noexcept {
    return !(one == other);
}
#if __cplusplus < 202002L
template <typename E> constexpr bool operator==(typename Traits<E>::Constant one, E other) noexcept {
    return other == one;
}
template <typename E> constexpr bool operator!=(typename Traits<E>::Constant one, E other) noexcept {
    return !(other == one);
}
#endif

/** The numbers of all errors. */
enum class Code : std::uint32_t {
    short_ = CARDWRIGHT_CODE_SHORT, /**< The input ends before what it announces. */
    hex = CARDWRIGHT_CODE_HEX, /**< A character that is not a hexadecimal digit. */
    hex_odd = CARDWRIGHT_CODE_HEX_ODD, /**< A hexadecimal text with half a byte too many. */
    ts = CARDWRIGHT_CODE_TS, /**< The first byte of an ATR is neither 3B nor 3F (ISO/IEC 7816-3, 8.1). */
    guid = CARDWRIGHT_CODE_GUID, /**< Text that is not a GUID. */
    serial = CARDWRIGHT_CODE_SERIAL, /**< Text that is not a serial number. */
    no_such_operation = CARDWRIGHT_CODE_NO_SUCH_OPERATION, /**< The system has no such operation. */
    no_such_call = CARDWRIGHT_CODE_NO_SUCH_CALL, /**< The dialect of the API has no such call. */
    no_such_parameter = CARDWRIGHT_CODE_NO_SUCH_PARAMETER, /**< The dialect of the API has no such parameter. */
    not_allowed = CARDWRIGHT_CODE_NOT_ALLOWED, /**< The operation is not allowed in the card's state. */
    reason_needed = CARDWRIGHT_CODE_REASON_NEEDED, /**< The operation needs a reason. */
    unknown_value = CARDWRIGHT_CODE_UNKNOWN_VALUE, /**< A state, reason or other value of an enumeration that is unknown. */
    parameter_needed = CARDWRIGHT_CODE_PARAMETER_NEEDED, /**< The dialect of the API needs a parameter that is not given. */
    no_such_reason = CARDWRIGHT_CODE_NO_SUCH_REASON, /**< The dialect of the API has no such revocation reason. */
    unconfirmed = CARDWRIGHT_CODE_UNCONFIRMED, /**< The record may be another card's: a weaker identifier found it, or several were found, and nobody has confirmed that it is this card's. */
    json_end = CARDWRIGHT_CODE_JSON_END, /**< The document ends in the middle of a value. */
    json_syntax = CARDWRIGHT_CODE_JSON_SYNTAX, /**< A character that cannot stand here. */
    json_escape = CARDWRIGHT_CODE_JSON_ESCAPE, /**< A wrong escape in a string. */
    json_control = CARDWRIGHT_CODE_JSON_CONTROL, /**< A control character in a string. */
    json_number = CARDWRIGHT_CODE_JSON_NUMBER, /**< A wrong number. */
    json_depth = CARDWRIGHT_CODE_JSON_DEPTH, /**< Lists and objects nested deeper than `MAX_DEPTH`. */
    json_type = CARDWRIGHT_CODE_JSON_TYPE, /**< A value of another type than the field has. */
    json_utf8 = CARDWRIGHT_CODE_JSON_UTF8, /**< Bytes that are not UTF-8. */
    json_trailing = CARDWRIGHT_CODE_JSON_TRAILING, /**< Something after the end of the document. */
    json_missing = CARDWRIGHT_CODE_JSON_MISSING, /**< A field that must be there is not. */
    room = CARDWRIGHT_CODE_ROOM, /**< The caller's buffer is too small, or an element is larger than the buffer. */
    unwritable = CARDWRIGHT_CODE_UNWRITABLE, /**< A value from the caller that cannot be written. */
    no_service = CARDWRIGHT_CODE_NO_SERVICE, /**< The system's smart-card service (pcscd, SCardSvr) cannot be reached. */
    no_reader = CARDWRIGHT_CODE_NO_READER, /**< There is no reader of that name, or it was unplugged. */
    no_card = CARDWRIGHT_CODE_NO_CARD, /**< No card is in the reader. */
    card_removed = CARDWRIGHT_CODE_CARD_REMOVED, /**< The card was pulled while it was in use. */
    card_reset = CARDWRIGHT_CODE_CARD_RESET, /**< Another program reset the card: what was selected or verified is lost. */
    card_busy = CARDWRIGHT_CODE_CARD_BUSY, /**< Another program holds the card. */
    card_mute = CARDWRIGHT_CODE_CARD_MUTE, /**< The card does not answer to reset, or has no power. */
    no_protocol = CARDWRIGHT_CODE_NO_PROTOCOL, /**< Card and reader have none of the transmission protocols that were asked for. */
    card_answer = CARDWRIGHT_CODE_CARD_ANSWER, /**< What came from the card is no response APDU. */
    reader_failed = CARDWRIGHT_CODE_READER_FAILED, /**< The reader, its driver or the service failed. */
    card_timeout = CARDWRIGHT_CODE_CARD_TIMEOUT, /**< Card or reader gave no answer in time. */
    card_endless = CARDWRIGHT_CODE_CARD_ENDLESS, /**< The card goes on for ever: the limit of APDUs was reached. */
    unreachable = CARDWRIGHT_CODE_UNREACHABLE, /**< The server cannot be reached. */
    timeout = CARDWRIGHT_CODE_TIMEOUT, /**< The time is up. */
    broken = CARDWRIGHT_CODE_BROKEN, /**< The connection broke. */
    tls = CARDWRIGHT_CODE_TLS, /**< No trust in the server's certificate, or no common TLS. */
    address = CARDWRIGHT_CODE_ADDRESS, /**< The address is wrong. */
    canceled = CARDWRIGHT_CODE_CANCELED, /**< Not done, because the client was told to stop. */
    certificate = CARDWRIGHT_CODE_CERTIFICATE, /**< A certificate cannot be used: it cannot be read, or the library that does TLS does not take it. */
    key = CARDWRIGHT_CODE_KEY, /**< The key of the client's certificate cannot be used: it cannot be read, its password is missing or wrong, it does not sign, or it is that of another certificate. */
    proxy = CARDWRIGHT_CODE_PROXY, /**< The proxy cannot be used: its address or its account is wrong. */
    header = CARDWRIGHT_CODE_HEADER, /**< A header cannot be sent: it holds what no header can, or the library sets it itself. */
    setting = CARDWRIGHT_CODE_SETTING, /**< Another setting cannot be used, or contradicts one. */
    sign_in = CARDWRIGHT_CODE_SIGN_IN, /**< The server does not accept the sign-in. */
    forbidden = CARDWRIGHT_CODE_FORBIDDEN, /**< The account may not do this. */
    not_found = CARDWRIGHT_CODE_NOT_FOUND, /**< The server has no such card, request or address. */
    refused = CARDWRIGHT_CODE_REFUSED, /**< The server refuses the operation. */
    bad_request = CARDWRIGHT_CODE_BAD_REQUEST, /**< The server finds a fault in the request. */
    server_failed = CARDWRIGHT_CODE_SERVER_FAILED, /**< The server failed. */
    unreadable = CARDWRIGHT_CODE_UNREADABLE, /**< The server's answer cannot be read. */
    busy = CARDWRIGHT_CODE_BUSY, /**< The server asks to wait. */
    request_ended = CARDWRIGHT_CODE_REQUEST_ENDED, /**< The request was denied, canceled or failed in the management system. */
    unexpected = CARDWRIGHT_CODE_UNEXPECTED, /**< The server answered more, or other, than was asked for. */
    internal = CARDWRIGHT_CODE_INTERNAL, /**< A fault of this library. */
    argument = CARDWRIGHT_CODE_ARGUMENT, /**< A function of the C library was called with an invalid argument: a null pointer, a size that no version of the structure has, an object before its initialisation, an index out of range. */
    journal = CARDWRIGHT_CODE_JOURNAL, /**< The journal of a bulk run cannot be used: it is another run's, is being used, or is damaged. */
};
/** @private */
template <> struct Traits<Code> {
    using Constant = ::CardwrightCode;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Code> values[] = {
        {Code::short_, "short"},
        {Code::hex, "hex"},
        {Code::hex_odd, "hex_odd"},
        {Code::ts, "ts"},
        {Code::guid, "guid"},
        {Code::serial, "serial"},
        {Code::no_such_operation, "no_such_operation"},
        {Code::no_such_call, "no_such_call"},
        {Code::no_such_parameter, "no_such_parameter"},
        {Code::not_allowed, "not_allowed"},
        {Code::reason_needed, "reason_needed"},
        {Code::unknown_value, "unknown_value"},
        {Code::parameter_needed, "parameter_needed"},
        {Code::no_such_reason, "no_such_reason"},
        {Code::unconfirmed, "unconfirmed"},
        {Code::json_end, "json_end"},
        {Code::json_syntax, "json_syntax"},
        {Code::json_escape, "json_escape"},
        {Code::json_control, "json_control"},
        {Code::json_number, "json_number"},
        {Code::json_depth, "json_depth"},
        {Code::json_type, "json_type"},
        {Code::json_utf8, "json_utf8"},
        {Code::json_trailing, "json_trailing"},
        {Code::json_missing, "json_missing"},
        {Code::room, "room"},
        {Code::unwritable, "unwritable"},
        {Code::no_service, "no_service"},
        {Code::no_reader, "no_reader"},
        {Code::no_card, "no_card"},
        {Code::card_removed, "card_removed"},
        {Code::card_reset, "card_reset"},
        {Code::card_busy, "card_busy"},
        {Code::card_mute, "card_mute"},
        {Code::no_protocol, "no_protocol"},
        {Code::card_answer, "card_answer"},
        {Code::reader_failed, "reader_failed"},
        {Code::card_timeout, "card_timeout"},
        {Code::card_endless, "card_endless"},
        {Code::unreachable, "unreachable"},
        {Code::timeout, "timeout"},
        {Code::broken, "broken"},
        {Code::tls, "tls"},
        {Code::address, "address"},
        {Code::canceled, "canceled"},
        {Code::certificate, "certificate"},
        {Code::key, "key"},
        {Code::proxy, "proxy"},
        {Code::header, "header"},
        {Code::setting, "setting"},
        {Code::sign_in, "sign_in"},
        {Code::forbidden, "forbidden"},
        {Code::not_found, "not_found"},
        {Code::refused, "refused"},
        {Code::bad_request, "bad_request"},
        {Code::server_failed, "server_failed"},
        {Code::unreadable, "unreadable"},
        {Code::busy, "busy"},
        {Code::request_ended, "request_ended"},
        {Code::unexpected, "unexpected"},
        {Code::internal, "internal"},
        {Code::argument, "argument"},
        {Code::journal, "journal"},
    };
};

/** How bytes are written in hexadecimal. */
enum class Hex : std::uint32_t {
    upper = CARDWRIGHT_HEX_UPPER, /**< `3B8D01`: CertiFlow. */
    lower = CARDWRIGHT_HEX_LOWER, /**< `3b8d01`: MIM CM. */
    spaced = CARDWRIGHT_HEX_SPACED, /**< `3B 8D 01`, for people. */
};
/** @private */
template <> struct Traits<Hex> {
    using Constant = ::CardwrightHex;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Hex> values[] = {
        {Hex::upper, "upper"},
        {Hex::lower, "lower"},
        {Hex::spaced, "spaced"},
    };
};

/** How bits become bytes on the wire (ISO/IEC 7816-3:2006, 8.1). */
enum class Convention : std::uint32_t {
    direct = CARDWRIGHT_CONVENTION_DIRECT, /**< Low level is 0, the lowest bit first. */
    inverse = CARDWRIGHT_CONVENTION_INVERSE, /**< Low level is 1, the highest bit first. */
};
/** @private */
template <> struct Traits<Convention> {
    using Constant = ::CardwrightConvention;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Convention> values[] = {
        {Convention::direct, "direct"},
        {Convention::inverse, "inverse"},
    };
};

/** The category of historical bytes (ISO/IEC 7816-4:2005, 8.1.1). */
enum class Category : std::uint32_t {
    compact_tlv_status = CARDWRIGHT_CATEGORY_COMPACT_TLV_STATUS, /**< 00: COMPACT-TLV data objects, if any, then a status indicator of three bytes without a tag. */
    dir_data_reference = CARDWRIGHT_CATEGORY_DIR_DATA_REFERENCE, /**< 10: the next byte is the DIR data reference. */
    compact_tlv = CARDWRIGHT_CATEGORY_COMPACT_TLV, /**< 80: COMPACT-TLV data objects, if any; a status indicator may be the last of them. */
    reserved = CARDWRIGHT_CATEGORY_RESERVED, /**< 81 to 8F: reserved for future use. */
    proprietary = CARDWRIGHT_CATEGORY_PROPRIETARY, /**< Any other byte: the issuer's or the manufacturer's own coding. */
};
/** @private */
template <> struct Traits<Category> {
    using Constant = ::CardwrightCategory;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Category> values[] = {
        {Category::compact_tlv_status, "compact_tlv_status"},
        {Category::dir_data_reference, "dir_data_reference"},
        {Category::compact_tlv, "compact_tlv"},
        {Category::reserved, "reserved"},
        {Category::proprietary, "proprietary"},
    };
};

/** Whether a check byte is there, must be, and is right. */
enum class TckState : std::uint32_t {
    not_needed = CARDWRIGHT_TCK_STATE_NOT_NEEDED, /**< Must not be there and is not. */
    right = CARDWRIGHT_TCK_STATE_RIGHT, /**< Must be there, is, and is right. */
    wrong = CARDWRIGHT_TCK_STATE_WRONG, /**< Must be there, and another value is. */
    missing = CARDWRIGHT_TCK_STATE_MISSING, /**< Must be there and is not. */
    unexpected = CARDWRIGHT_TCK_STATE_UNEXPECTED, /**< Must not be there, and the only byte too many has its value. */
};
/** @private */
template <> struct Traits<TckState> {
    using Constant = ::CardwrightTckState;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<TckState> values[] = {
        {TckState::not_needed, "not_needed"},
        {TckState::right, "right"},
        {TckState::wrong, "wrong"},
        {TckState::missing, "missing"},
        {TckState::unexpected, "unexpected"},
    };
};

/** The error detection code of T=1 (11.4.4). */
enum class Edc : std::uint32_t {
    lrc = CARDWRIGHT_EDC_LRC, /**< One byte: the exclusive or. */
    crc = CARDWRIGHT_EDC_CRC, /**< Two bytes: the cyclic redundancy check of ISO/IEC 13239. */
};
/** @private */
template <> struct Traits<Edc> {
    using Constant = ::CardwrightEdc;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Edc> values[] = {
        {Edc::lrc, "lrc"},
        {Edc::crc, "crc"},
    };
};

/** X of the first TA for T=15: in what state the clock may be stopped (8.3). */
enum class ClockStop : std::uint32_t {
    not_supported = CARDWRIGHT_CLOCK_STOP_NOT_SUPPORTED, /**< It may not be stopped. */
    state_l = CARDWRIGHT_CLOCK_STOP_STATE_L, /**< In the low state. */
    state_h = CARDWRIGHT_CLOCK_STOP_STATE_H, /**< In the high state. */
    no_preference = CARDWRIGHT_CLOCK_STOP_NO_PREFERENCE, /**< In any state. */
};
/** @private */
template <> struct Traits<ClockStop> {
    using Constant = ::CardwrightClockStop;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<ClockStop> values[] = {
        {ClockStop::not_supported, "not_supported"},
        {ClockStop::state_l, "state_l"},
        {ClockStop::state_h, "state_h"},
        {ClockStop::no_preference, "no_preference"},
    };
};

/** The rules, by numbers that never change their meaning. */
enum class Rule : std::uint32_t {
    longer_than33 = CARDWRIGHT_RULE_LONGER_THAN33, /**< More than TS and 32 bytes. */
    t15_in_td1 = CARDWRIGHT_RULE_T15_IN_TD1, /**< T=15 in TD1, where only a protocol may stand. */
    td_order = CARDWRIGHT_RULE_TD_ORDER, /**< A TD with a lower T than the one before. */
    rfu_protocol = CARDWRIGHT_RULE_RFU_PROTOCOL, /**< A TD with a T from 2 to 13. */
    ta2_rfu_bits = CARDWRIGHT_RULE_TA2_RFU_BITS, /**< TA2 has b7 or b6 set. */
    ta2_t15 = CARDWRIGHT_RULE_TA2_T15, /**< TA2 names T=15. */
    ta2_rfu_protocol = CARDWRIGHT_RULE_TA2_RFU_PROTOCOL, /**< TA2 names a T from 2 to 13. */
    ta2_protocol_not_offered = CARDWRIGHT_RULE_TA2_PROTOCOL_NOT_OFFERED, /**< TA2 names a protocol that no TD indicates. */
    tck_missing = CARDWRIGHT_RULE_TCK_MISSING, /**< No TCK where there must be one. */
    tck_wrong = CARDWRIGHT_RULE_TCK_WRONG, /**< T0 to TCK do not give zero by exclusive or. */
    extra_bytes = CARDWRIGHT_RULE_EXTRA_BYTES, /**< Bytes after the end of the ATR. */
    tck_unexpected = CARDWRIGHT_RULE_TCK_UNEXPECTED, /**< The one extra byte is the right TCK of a card that must not send any. */
    ta1_fi_rfu = CARDWRIGHT_RULE_TA1_FI_RFU, /**< Fi in TA1 is reserved: 7, 8, E or F. */
    ta1_di_rfu = CARDWRIGHT_RULE_TA1_DI_RFU, /**< Di in TA1 is reserved: 0 or A to F. */
    tb1_deprecated = CARDWRIGHT_RULE_TB1_DEPRECATED, /**< TB1 is there. */
    tb2_deprecated = CARDWRIGHT_RULE_TB2_DEPRECATED, /**< TB2 is there. */
    tc2_wi_zero = CARDWRIGHT_RULE_TC2_WI_ZERO, /**< TC2 is 00. */
    tc2_without_t0 = CARDWRIGHT_RULE_TC2_WITHOUT_T0, /**< TC2 is there and T=0 is not offered. */
    repeat_ta = CARDWRIGHT_RULE_REPEAT_TA, /**< A TA for a T that has had one, counted from level 3 on. */
    repeat_tb = CARDWRIGHT_RULE_REPEAT_TB, /**< The same of TB. */
    repeat_tc = CARDWRIGHT_RULE_REPEAT_TC, /**< The same of TC. */
    t1_ifsc_rfu = CARDWRIGHT_RULE_T1_IFSC_RFU, /**< The first TA for T=1 is 00 or FF. */
    t1_bwi_rfu = CARDWRIGHT_RULE_T1_BWI_RFU, /**< The first TB for T=1 has BWI A to F. */
    t1_edc_rfu_bits = CARDWRIGHT_RULE_T1_EDC_RFU_BITS, /**< The first TC for T=1 has one of b8 to b2 set. */
    t15_class_rfu = CARDWRIGHT_RULE_T15_CLASS_RFU, /**< The first TA for T=15 names classes other than A, B, C, AB, BC and ABC. */
    t15_spu_rfu = CARDWRIGHT_RULE_T15_SPU_RFU, /**< The first TB for T=15 is 01 to 7F. */
    t15_tc_rfu = CARDWRIGHT_RULE_T15_TC_RFU, /**< A first TC for T=15. */
    undefined_ta = CARDWRIGHT_RULE_UNDEFINED_TA, /**< A first TA from level 3 on for a T other than 1 and 15. */
    undefined_tb = CARDWRIGHT_RULE_UNDEFINED_TB, /**< The same of TB. */
    undefined_tc = CARDWRIGHT_RULE_UNDEFINED_TC, /**< The same of TC. */
    hb_dir_length = CARDWRIGHT_RULE_HB_DIR_LENGTH, /**< Category 10 without its one byte, or with more than one. */
    hb_status_missing = CARDWRIGHT_RULE_HB_STATUS_MISSING, /**< Category 00 with fewer than three bytes after it. */
    hb_tlv_overrun = CARDWRIGHT_RULE_HB_TLV_OVERRUN, /**< A data object that does not fit; the reading of data objects ends there. */
    hb_tag_length = CARDWRIGHT_RULE_HB_TAG_LENGTH, /**< A data object 43, 44, 47 or 48 of a length that it cannot have. */
    hb_status_not_last = CARDWRIGHT_RULE_HB_STATUS_NOT_LAST, /**< Data object 48 with something after it. */
    hb_status_tlv_in_cat00 = CARDWRIGHT_RULE_HB_STATUS_TLV_IN_CAT00, /**< Data object 48 under category 00. */
    hb_tag_rfu = CARDWRIGHT_RULE_HB_TAG_RFU, /**< A data object 40 or 49 to 4E. */
    pcsc_length = CARDWRIGHT_RULE_PCSC_LENGTH, /**< A storage card whose length is not that of what follows. */
    pcsc_length_not12 = CARDWRIGHT_RULE_PCSC_LENGTH_NOT12, /**< A storage card whose length is not 12. */
};
/** @private */
template <> struct Traits<Rule> {
    using Constant = ::CardwrightRule;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Rule> values[] = {
        {Rule::longer_than33, "longer_than33"},
        {Rule::t15_in_td1, "t15_in_td1"},
        {Rule::td_order, "td_order"},
        {Rule::rfu_protocol, "rfu_protocol"},
        {Rule::ta2_rfu_bits, "ta2_rfu_bits"},
        {Rule::ta2_t15, "ta2_t15"},
        {Rule::ta2_rfu_protocol, "ta2_rfu_protocol"},
        {Rule::ta2_protocol_not_offered, "ta2_protocol_not_offered"},
        {Rule::tck_missing, "tck_missing"},
        {Rule::tck_wrong, "tck_wrong"},
        {Rule::extra_bytes, "extra_bytes"},
        {Rule::tck_unexpected, "tck_unexpected"},
        {Rule::ta1_fi_rfu, "ta1_fi_rfu"},
        {Rule::ta1_di_rfu, "ta1_di_rfu"},
        {Rule::tb1_deprecated, "tb1_deprecated"},
        {Rule::tb2_deprecated, "tb2_deprecated"},
        {Rule::tc2_wi_zero, "tc2_wi_zero"},
        {Rule::tc2_without_t0, "tc2_without_t0"},
        {Rule::repeat_ta, "repeat_ta"},
        {Rule::repeat_tb, "repeat_tb"},
        {Rule::repeat_tc, "repeat_tc"},
        {Rule::t1_ifsc_rfu, "t1_ifsc_rfu"},
        {Rule::t1_bwi_rfu, "t1_bwi_rfu"},
        {Rule::t1_edc_rfu_bits, "t1_edc_rfu_bits"},
        {Rule::t15_class_rfu, "t15_class_rfu"},
        {Rule::t15_spu_rfu, "t15_spu_rfu"},
        {Rule::t15_tc_rfu, "t15_tc_rfu"},
        {Rule::undefined_ta, "undefined_ta"},
        {Rule::undefined_tb, "undefined_tb"},
        {Rule::undefined_tc, "undefined_tc"},
        {Rule::hb_dir_length, "hb_dir_length"},
        {Rule::hb_status_missing, "hb_status_missing"},
        {Rule::hb_tlv_overrun, "hb_tlv_overrun"},
        {Rule::hb_tag_length, "hb_tag_length"},
        {Rule::hb_status_not_last, "hb_status_not_last"},
        {Rule::hb_status_tlv_in_cat00, "hb_status_tlv_in_cat00"},
        {Rule::hb_tag_rfu, "hb_tag_rfu"},
        {Rule::pcsc_length, "pcsc_length"},
        {Rule::pcsc_length_not12, "pcsc_length_not12"},
    };
};

/** The check byte of an ATR that is built. */
enum class CheckByte : std::uint32_t {
    as_it_should_be = CARDWRIGHT_CHECK_BYTE_AS_IT_SHOULD_BE, /**< The right one if the protocols demand one, else none. */
    given = CARDWRIGHT_CHECK_BYTE_GIVEN, /**< `check`, right or wrong, needed or not. */
    omitted = CARDWRIGHT_CHECK_BYTE_OMITTED, /**< None, needed or not. */
};
/** @private */
template <> struct Traits<CheckByte> {
    using Constant = ::CardwrightCheckByte;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<CheckByte> values[] = {
        {CheckByte::as_it_should_be, "as_it_should_be"},
        {CheckByte::given, "given"},
        {CheckByte::omitted, "omitted"},
    };
};

/** Which reset the ATR answered. */
enum class Reset : std::uint32_t {
    cold = CARDWRIGHT_RESET_COLD, /**< The first, with the power. */
    warm = CARDWRIGHT_RESET_WARM, /**< One after that, while the card is under power: TB1 may then be anything. */
};
/** @private */
template <> struct Traits<Reset> {
    using Constant = ::CardwrightReset;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Reset> values[] = {
        {Reset::cold, "cold"},
        {Reset::warm, "warm"},
    };
};

/** Why a terminal refuses an ATR, by numbers that never change their meaning. */
enum class EmvRule : std::uint32_t {
    tb1_missing = CARDWRIGHT_EMV_RULE_TB1_MISSING, /**< No TB1 after a cold reset. */
    tb1_not_zero = CARDWRIGHT_EMV_RULE_TB1_NOT_ZERO, /**< TB1 is not 00 after a cold reset. */
    td1_protocol = CARDWRIGHT_EMV_RULE_TD1_PROTOCOL, /**< TD1 offers neither T=0 nor T=1. */
    ta2_implicit = CARDWRIGHT_EMV_RULE_TA2_IMPLICIT, /**< In specific mode the rate is implicit (b5 of TA2). */
    ta1_rate = CARDWRIGHT_EMV_RULE_TA1_RATE, /**< In specific mode, TA1 is not 11 to 13; a terminal may support other rates. */
    tb2 = CARDWRIGHT_EMV_RULE_TB2, /**< TB2 is there. */
    tc2_wi = CARDWRIGHT_EMV_RULE_TC2_WI, /**< TC2 is not 0A; a terminal may support other values. */
    td2_protocol = CARDWRIGHT_EMV_RULE_TD2_PROTOCOL, /**< TD2 names another T than 1, or 1 and 14 after T=0. */
    ta3_ifsc = CARDWRIGHT_EMV_RULE_TA3_IFSC, /**< TA3 for T=1 is below 10, or FF. */
    tb3_missing = CARDWRIGHT_EMV_RULE_TB3_MISSING, /**< No TB3 although TD1 offers T=1. */
    tb3_range = CARDWRIGHT_EMV_RULE_TB3_RANGE, /**< TB3 for T=1 has a BWI above 4 or a CWI above 5. */
    tb3_guard_time = CARDWRIGHT_EMV_RULE_TB3_GUARD_TIME, /**< 2 to the power of CWI is not greater than N + 1. */
    tc3_edc = CARDWRIGHT_EMV_RULE_TC3_EDC, /**< TC3 for T=1 is not 00. */
    tck = CARDWRIGHT_EMV_RULE_TCK, /**< TCK is wrong, or missing where it must be. */
};
/** @private */
template <> struct Traits<EmvRule> {
    using Constant = ::CardwrightEmvRule;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<EmvRule> values[] = {
        {EmvRule::tb1_missing, "tb1_missing"},
        {EmvRule::tb1_not_zero, "tb1_not_zero"},
        {EmvRule::td1_protocol, "td1_protocol"},
        {EmvRule::ta2_implicit, "ta2_implicit"},
        {EmvRule::ta1_rate, "ta1_rate"},
        {EmvRule::tb2, "tb2"},
        {EmvRule::tc2_wi, "tc2_wi"},
        {EmvRule::td2_protocol, "td2_protocol"},
        {EmvRule::ta3_ifsc, "ta3_ifsc"},
        {EmvRule::tb3_missing, "tb3_missing"},
        {EmvRule::tb3_range, "tb3_range"},
        {EmvRule::tb3_guard_time, "tb3_guard_time"},
        {EmvRule::tc3_edc, "tc3_edc"},
        {EmvRule::tck, "tck"},
    };
};

/** How the card is connected. */
enum class Interface : std::uint32_t {
    unknown = CARDWRIGHT_INTERFACE_UNKNOWN, /**< As the ATR looks: by PC/SC part 3 those of contactless cards begin with 3B 8n 80 01. */
    contact = CARDWRIGHT_INTERFACE_CONTACT, /**< By contacts: the reader is not asked for a UID. */
    contactless = CARDWRIGHT_INTERFACE_CONTACTLESS, /**< Without contacts. */
};
/** @private */
template <> struct Traits<Interface> {
    using Constant = ::CardwrightInterface;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Interface> values[] = {
        {Interface::unknown, "unknown"},
        {Interface::contact, "contact"},
        {Interface::contactless, "contactless"},
    };
};

/** What a card is, or has: one card can be several of these. */
enum class CardKind : std::uint32_t {
    storage = CARDWRIGHT_CARD_KIND_STORAGE, /**< A storage card that a contactless reader presents by PC/SC part 3 (MIFARE, FeliCa, ICODE). */
    des_fire = CARDWRIGHT_CARD_KIND_DES_FIRE, /**< NXP DESFire. */
    german_id = CARDWRIGHT_CARD_KIND_GERMAN_ID, /**< The German identity card, or another that answers like it. */
    yubi_key = CARDWRIGHT_CARD_KIND_YUBI_KEY, /**< A Yubico YubiKey. */
    piv = CARDWRIGHT_CARD_KIND_PIV, /**< A PIV card, or another with the PIV application. */
    nitrokey = CARDWRIGHT_CARD_KIND_NITROKEY, /**< A Nitrokey 3. */
    gids = CARDWRIGHT_CARD_KIND_GIDS, /**< A card of the Generic Identity Device Specification, virtual ones of Windows too. */
    id_prime = CARDWRIGHT_CARD_KIND_ID_PRIME, /**< A Thales (Gemalto) IDPrime, or an eToken with its application. */
    open_pgp = CARDWRIGHT_CARD_KIND_OPEN_PGP, /**< An OpenPGP card. */
    smart_card_hsm = CARDWRIGHT_CARD_KIND_SMART_CARD_HSM, /**< A SmartCard-HSM. */
    my_eid = CARDWRIGHT_CARD_KIND_MY_EID, /**< A MyEID card. */
    card_os = CARDWRIGHT_CARD_KIND_CARD_OS, /**< A card with CardOS, older eTokens too. */
    e_pass2003 = CARDWRIGHT_CARD_KIND_E_PASS2003, /**< A Feitian ePass2003. */
    rutoken = CARDWRIGHT_CARD_KIND_RUTOKEN, /**< An Aktiv Rutoken. */
    ias_ecc = CARDWRIGHT_CARD_KIND_IAS_ECC, /**< An IAS ECC card. */
    e_token = CARDWRIGHT_CARD_KIND_E_TOKEN, /**< A Java-based eToken (PRO 72K, 5100, 5110). */
    sim = CARDWRIGHT_CARD_KIND_SIM, /**< A SIM or UICC. */
    global_platform = CARDWRIGHT_CARD_KIND_GLOBAL_PLATFORM, /**< A card whose issuer's domain answers, as GlobalPlatform has it. */
    token2 = CARDWRIGHT_CARD_KIND_TOKEN2, /**< A Token2 key. */
    cac = CARDWRIGHT_CARD_KIND_CAC, /**< A Common Access Card of the US Department of Defense with a GSC-IS container. */
    cns = CARDWRIGHT_CARD_KIND_CNS, /**< An Italian CNS. */
    ja_carta = CARDWRIGHT_CARD_KIND_JA_CARTA, /**< A card or token with the LASER application of Athena IDProtect: JaCarta PKI, PKI/BIO and -2 PKI. */
    ja_carta_lt = CARDWRIGHT_CARD_KIND_JA_CARTA_LT, /**< An Aladdin JaCarta LT. */
    solo = CARDWRIGHT_CARD_KIND_SOLO, /**< A SoloKeys Solo 2. */
    asepcos = CARDWRIGHT_CARD_KIND_ASEPCOS, /**< A card with Athena's ASEPCOS. */
    est_eid = CARDWRIGHT_CARD_KIND_EST_EID, /**< An Estonian identity card, from 2018 on. */
    fin_eid = CARDWRIGHT_CARD_KIND_FIN_EID, /**< A Finnish identity or organisation card. */
    belgian_eid = CARDWRIGHT_CARD_KIND_BELGIAN_EID, /**< A Belgian identity card. */
    dnie = CARDWRIGHT_CARD_KIND_DNIE, /**< A Spanish identity card (DNI electrónico). */
    esmart = CARDWRIGHT_CARD_KIND_ESMART, /**< An ISBC ESMART Token. */
    safe_sign = CARDWRIGHT_CARD_KIND_SAFE_SIGN, /**< A card or token for SafeSign: Giesecke+Devrient StarSign, and SafeSign's own. */
    activ_id = CARDWRIGHT_CARD_KIND_ACTIV_ID, /**< A HID Crescendo with ActivID applications and without PIV (C1100, C700). */
    crypto_certum = CARDWRIGHT_CARD_KIND_CRYPTO_CERTUM, /**< An Asseco cryptoCertum. */
};
/** @private */
template <> struct Traits<CardKind> {
    using Constant = ::CardwrightCardKind;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_CARD_KIND;
    static constexpr Named<CardKind> values[] = {
        {CardKind::storage, "storage"},
        {CardKind::des_fire, "des_fire"},
        {CardKind::german_id, "german_id"},
        {CardKind::yubi_key, "yubi_key"},
        {CardKind::piv, "piv"},
        {CardKind::nitrokey, "nitrokey"},
        {CardKind::gids, "gids"},
        {CardKind::id_prime, "id_prime"},
        {CardKind::open_pgp, "open_pgp"},
        {CardKind::smart_card_hsm, "smart_card_hsm"},
        {CardKind::my_eid, "my_eid"},
        {CardKind::card_os, "card_os"},
        {CardKind::e_pass2003, "e_pass2003"},
        {CardKind::rutoken, "rutoken"},
        {CardKind::ias_ecc, "ias_ecc"},
        {CardKind::e_token, "e_token"},
        {CardKind::sim, "sim"},
        {CardKind::global_platform, "global_platform"},
        {CardKind::token2, "token2"},
        {CardKind::cac, "cac"},
        {CardKind::cns, "cns"},
        {CardKind::ja_carta, "ja_carta"},
        {CardKind::ja_carta_lt, "ja_carta_lt"},
        {CardKind::solo, "solo"},
        {CardKind::asepcos, "asepcos"},
        {CardKind::est_eid, "est_eid"},
        {CardKind::fin_eid, "fin_eid"},
        {CardKind::belgian_eid, "belgian_eid"},
        {CardKind::dnie, "dnie"},
        {CardKind::esmart, "esmart"},
        {CardKind::safe_sign, "safe_sign"},
        {CardKind::activ_id, "activ_id"},
        {CardKind::crypto_certum, "crypto_certum"},
    };
};

/** Where an identifier comes from. */
enum class Source : std::uint32_t {
    card_id = CARDWRIGHT_SOURCE_CARD_ID, /**< The file `cardid` of a minidriver card (GIDS, IDPrime): 16 bytes, a GUID as Windows keeps it. */
    chuid_guid = CARDWRIGHT_SOURCE_CHUID_GUID, /**< The GUID in the CHUID of a PIV card (tag 34): 16 bytes in the order of RFC 4122. */
    fasc_n = CARDWRIGHT_SOURCE_FASC_N, /**< The FASC-N in the CHUID of a PIV card (tag 30): 25 bytes. */
    cac_cuid = CARDWRIGHT_SOURCE_CAC_CUID, /**< The card's identifier in its capability container (CAC, tag F0): 21 bytes. */
    cplc = CARDWRIGHT_SOURCE_CPLC, /**< Card production life cycle data: 42 bytes. */
    open_pgp_aid = CARDWRIGHT_SOURCE_OPEN_PGP_AID, /**< The application identifier of an OpenPGP card: 16 bytes. */
    yubi_key = CARDWRIGHT_SOURCE_YUBI_KEY, /**< The serial number of a YubiKey: 4 bytes, big-endian. */
    nitrokey = CARDWRIGHT_SOURCE_NITROKEY, /**< The UUID of a Nitrokey 3: 16 bytes. */
    card_os = CARDWRIGHT_SOURCE_CARD_OS, /**< The serial number of CardOS: 8 bytes (5.x) or 6 (4.x). */
    my_eid = CARDWRIGHT_SOURCE_MY_EID, /**< The serial number of MyEID: 10 bytes. */
    smart_card_hsm = CARDWRIGHT_SOURCE_SMART_CARD_HSM, /**< The serial number of a SmartCard-HSM: up to 11 characters. */
    e_pass2003 = CARDWRIGHT_SOURCE_E_PASS2003, /**< The serial number of an ePass2003: 8 bytes. */
    rutoken = CARDWRIGHT_SOURCE_RUTOKEN, /**< The serial number of a Rutoken: 4 bytes, big-endian (the token gives them the other way). */
    token2 = CARDWRIGHT_SOURCE_TOKEN2, /**< The serial number of a Token2 key: 8 to 16 characters, of which an older key tells the last 8 only. */
    iccid = CARDWRIGHT_SOURCE_ICCID, /**< The number of a SIM (EF 2FE2): 10 bytes of decimal digits with the nibbles swapped. */
    iccsn = CARDWRIGHT_SOURCE_ICCSN, /**< The card's number in EF.GDO or EF.SN (tag 5A): up to 10 bytes of decimal digits. */
    cin = CARDWRIGHT_SOURCE_CIN, /**< The card image number of GlobalPlatform (tag 45), the issuer's own count. */
    iin = CARDWRIGHT_SOURCE_IIN, /**< The issuer identification number of GlobalPlatform (tag 42): of the issuer, not of the card. */
    uid = CARDWRIGHT_SOURCE_UID, /**< The UID, PUPI or IDm by which a contactless reader tells cards apart: 4 to 10 bytes. */
    ats_historical = CARDWRIGHT_SOURCE_ATS_HISTORICAL, /**< The historical bytes of the ATS of a contactless card: of the model, not of the card. */
    cns_id = CARDWRIGHT_SOURCE_CNS_ID, /**< The number of an Italian CNS (EF.ID_Carta): 16 characters. */
    ja_carta = CARDWRIGHT_SOURCE_JA_CARTA, /**< The serial number of the LASER application: 8 bytes, two and the chip's serial number and batch. */
    solo = CARDWRIGHT_SOURCE_SOLO, /**< The UUID of a Solo 2: 16 bytes. */
    asepcos = CARDWRIGHT_SOURCE_ASEPCOS, /**< The serial number of ASEPCOS: 8 bytes. */
    est_eid = CARDWRIGHT_SOURCE_EST_EID, /**< The document number of an Estonian identity card: letters and digits. */
    fin_eid = CARDWRIGHT_SOURCE_FIN_EID, /**< The number of a Finnish card in its token information: letters and digits. */
    belgian_eid = CARDWRIGHT_SOURCE_BELGIAN_EID, /**< The chip's number of a Belgian identity card: 16 bytes. */
    dnie = CARDWRIGHT_SOURCE_DNIE, /**< The serial number of a Spanish identity card: 7 bytes. */
};
/** @private */
template <> struct Traits<Source> {
    using Constant = ::CardwrightSource;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_SOURCE;
    static constexpr Named<Source> values[] = {
        {Source::card_id, "card_id"},
        {Source::chuid_guid, "chuid_guid"},
        {Source::fasc_n, "fasc_n"},
        {Source::cac_cuid, "cac_cuid"},
        {Source::cplc, "cplc"},
        {Source::open_pgp_aid, "open_pgp_aid"},
        {Source::yubi_key, "yubi_key"},
        {Source::nitrokey, "nitrokey"},
        {Source::card_os, "card_os"},
        {Source::my_eid, "my_eid"},
        {Source::smart_card_hsm, "smart_card_hsm"},
        {Source::e_pass2003, "e_pass2003"},
        {Source::rutoken, "rutoken"},
        {Source::token2, "token2"},
        {Source::iccid, "iccid"},
        {Source::iccsn, "iccsn"},
        {Source::cin, "cin"},
        {Source::iin, "iin"},
        {Source::uid, "uid"},
        {Source::ats_historical, "ats_historical"},
        {Source::cns_id, "cns_id"},
        {Source::ja_carta, "ja_carta"},
        {Source::solo, "solo"},
        {Source::asepcos, "asepcos"},
        {Source::est_eid, "est_eid"},
        {Source::fin_eid, "fin_eid"},
        {Source::belgian_eid, "belgian_eid"},
        {Source::dnie, "dnie"},
    };
};

/** What it rests on that a card is one of a kind. */
enum class Basis : std::uint32_t {
    answer = CARDWRIGHT_BASIS_ANSWER, /**< The card's own answer: the application gave its name, or an object of the shape that it has. */
    atr = CARDWRIGHT_BASIS_ATR, /**< An ATR that belongs to cards of this kind alone. */
    hint = CARDWRIGHT_BASIS_HINT, /**< A hint: historical bytes that other products have too, and no more. */
};
/** @private */
template <> struct Traits<Basis> {
    using Constant = ::CardwrightBasis;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_BASIS;
    static constexpr Named<Basis> values[] = {
        {Basis::answer, "answer"},
        {Basis::atr, "atr"},
        {Basis::hint, "hint"},
    };
};

/** How far an identifier distinguishes one card from all others. */
enum class Trust : std::uint32_t {
    stable = CARDWRIGHT_TRUST_STABLE, /**< The same each time, and unique to this card if its maker keeps the rules. */
    random = CARDWRIGHT_TRUST_RANDOM, /**< A different one each time. */
    shared = CARDWRIGHT_TRUST_SHARED, /**< The same on other cards too, or not known to be unique to this card. */
    hidden = CARDWRIGHT_TRUST_HIDDEN, /**< The card has one and does not reveal it: there are no bytes. */
};
/** @private */
template <> struct Traits<Trust> {
    using Constant = ::CardwrightTrust;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_TRUST;
    static constexpr Named<Trust> values[] = {
        {Trust::stable, "stable"},
        {Trust::random, "random"},
        {Trust::shared, "shared"},
        {Trust::hidden, "hidden"},
    };
};

/** The evidence for a row of a table. */
enum class Evidence : std::uint32_t {
    documented = CARDWRIGHT_EVIDENCE_DOCUMENTED, /**< The vendor says so. */
    assumed = CARDWRIGHT_EVIDENCE_ASSUMED, /**< Inferred from what the vendor says, or from how such systems work. */
};
/** @private */
template <> struct Traits<Evidence> {
    using Constant = ::CardwrightEvidence;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_EVIDENCE;
    static constexpr Named<Evidence> values[] = {
        {Evidence::documented, "documented"},
        {Evidence::assumed, "assumed"},
    };
};

/** A card management system. */
enum class System : std::uint32_t {
    mim = CARDWRIGHT_SYSTEM_MIM, /**< Microsoft Identity Manager Certificate Management (also FIM CM). */
    certiflow = CARDWRIGHT_SYSTEM_CERTIFLOW, /**< Axidian CertiFlow (also Indeed CM, Rutoken KeyBox). */
};
/** @private */
template <> struct Traits<System> {
    using Constant = ::CardwrightSystem;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_SYSTEM;
    static constexpr Named<System> values[] = {
        {System::mim, "mim"},
        {System::certiflow, "certiflow"},
    };
};

/** How two serials are the same number. */
enum class Match : std::uint32_t {
    same = CARDWRIGHT_MATCH_SAME, /**< The same kind and the same bytes: they are equal. */
    guid_bytes_windows = CARDWRIGHT_MATCH_GUID_BYTES_WINDOWS, /**< One is a GUID, the other its bytes as Windows keeps them. */
    guid_bytes_rfc4122 = CARDWRIGHT_MATCH_GUID_BYTES_RFC4122, /**< One is a GUID, the other its bytes as RFC 4122 has them. */
    guid_fields_swapped = CARDWRIGHT_MATCH_GUID_FIELDS_SWAPPED, /**< Both are GUIDs, or both sixteen bytes, and one is the other with the first three fields reversed: the bytes were read in the wrong order. */
    text_ignoring_case = CARDWRIGHT_MATCH_TEXT_IGNORING_CASE, /**< Both are texts which differ in upper and lower case of ASCII letters only. */
};
/** @private */
template <> struct Traits<Match> {
    using Constant = ::CardwrightMatch;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Match> values[] = {
        {Match::same, "same"},
        {Match::guid_bytes_windows, "guid_bytes_windows"},
        {Match::guid_bytes_rfc4122, "guid_bytes_rfc4122"},
        {Match::guid_fields_swapped, "guid_fields_swapped"},
        {Match::text_ignoring_case, "text_ignoring_case"},
    };
};

/** How a serial number is written. */
enum class SerialForm : std::uint32_t {
    plain = CARDWRIGHT_SERIAL_FORM_PLAIN, /**< As it is: a GUID without braces, upper-case hexadecimal, or the text. */
    braced = CARDWRIGHT_SERIAL_FORM_BRACED, /**< A GUID in braces, in lower case: what MIM CM takes. */
    bare = CARDWRIGHT_SERIAL_FORM_BARE, /**< A GUID without braces, in lower case. */
    hex = CARDWRIGHT_SERIAL_FORM_HEX, /**< Upper-case hexadecimal without separators: what CertiFlow takes. */
};
/** @private */
template <> struct Traits<SerialForm> {
    using Constant = ::CardwrightSerialForm;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<SerialForm> values[] = {
        {SerialForm::plain, "plain"},
        {SerialForm::braced, "braced"},
        {SerialForm::bare, "bare"},
        {SerialForm::hex, "hex"},
    };
};

/** How sixteen bytes stand for the text of a GUID. */
enum class ByteOrder : std::uint32_t {
    rfc4122 = CARDWRIGHT_BYTE_ORDER_RFC4122, /**< As written (RFC 4122, 4.1.2): PIV. */
    windows = CARDWRIGHT_BYTE_ORDER_WINDOWS, /**< The first three fields little-endian, as Windows keeps a `struct GUID` in memory: the file `cardid` of a GIDS or other minidriver card. */
};
/** @private */
template <> struct Traits<ByteOrder> {
    using Constant = ::CardwrightByteOrder;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<ByteOrder> values[] = {
        {ByteOrder::rfc4122, "rfc4122"},
        {ByteOrder::windows, "windows"},
    };
};

/** A card's state, in neutral terms. */
enum class State : std::uint32_t {
    stock = CARDWRIGHT_STATE_STOCK, /**< Registered; nobody has it. */
    assigned = CARDWRIGHT_STATE_ASSIGNED, /**< Given to a user, not yet issued. */
    pending = CARDWRIGHT_STATE_PENDING, /**< An issue or update waits for approval. */
    active = CARDWRIGHT_STATE_ACTIVE, /**< In use. */
    suspended = CARDWRIGHT_STATE_SUSPENDED, /**< On hold. */
    revoked = CARDWRIGHT_STATE_REVOKED, /**< Ended for good; the record is still with the user. */
    retired = CARDWRIGHT_STATE_RETIRED, /**< Out of use; the record's life is over. */
};
/** @private */
template <> struct Traits<State> {
    using Constant = ::CardwrightState;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_STATE;
    static constexpr Named<State> values[] = {
        {State::stock, "stock"},
        {State::assigned, "assigned"},
        {State::pending, "pending"},
        {State::active, "active"},
        {State::suspended, "suspended"},
        {State::revoked, "revoked"},
        {State::retired, "retired"},
    };
};

/** The state of a card (API, Cards). */
enum class CardState : std::uint32_t {
    clean = CARDWRIGHT_CARD_STATE_CLEAN, /**< In the repository, with no user and no content. */
    assigned = CARDWRIGHT_CARD_STATE_ASSIGNED, /**< Tied to a user, not issued. */
    pending = CARDWRIGHT_CARD_STATE_PENDING, /**< An issue or update was started and waits. */
    issued = CARDWRIGHT_CARD_STATE_ISSUED, /**< In use. */
    disabled = CARDWRIGHT_CARD_STATE_DISABLED, /**< Temporarily off. */
    revoked = CARDWRIGHT_CARD_STATE_REVOKED, /**< Finally off, still with the user until it is withdrawn. */
};
/** @private */
template <> struct Traits<CardState> {
    using Constant = ::CardwrightCardState;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_CARD_STATE;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<CardState> values[] = {
        {CardState::clean, "clean"},
        {CardState::assigned, "assigned"},
        {CardState::pending, "pending"},
        {CardState::issued, "issued"},
        {CardState::disabled, "disabled"},
        {CardState::revoked, "revoked"},
    };
};

/** `SmartcardStatus` (SDK). */
enum class SmartcardStatus : std::uint32_t {
    none = CARDWRIGHT_SMARTCARD_STATUS_NONE, /**< No information. */
    new_ = CARDWRIGHT_SMARTCARD_STATUS_NEW, /**< Being made. */
    assigned = CARDWRIGHT_SMARTCARD_STATUS_ASSIGNED, /**< Given to a user as a part of being made. */
    active = CARDWRIGHT_SMARTCARD_STATUS_ACTIVE, /**< In use. */
    suspended = CARDWRIGHT_SMARTCARD_STATUS_SUSPENDED, /**< Temporarily off. */
    disabled = CARDWRIGHT_SMARTCARD_STATUS_DISABLED, /**< All certificates are revoked. */
    retired = CARDWRIGHT_SMARTCARD_STATUS_RETIRED, /**< The life cycle is over. */
};
/** @private */
template <> struct Traits<SmartcardStatus> {
    using Constant = ::CardwrightSmartcardStatus;
#if defined(CARDWRIGHT_MIM)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_SMARTCARD_STATUS;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<SmartcardStatus> values[] = {
        {SmartcardStatus::none, "none"},
        {SmartcardStatus::new_, "new"},
        {SmartcardStatus::assigned, "assigned"},
        {SmartcardStatus::active, "active"},
        {SmartcardStatus::suspended, "suspended"},
        {SmartcardStatus::disabled, "disabled"},
        {SmartcardStatus::retired, "retired"},
    };
};

/** An operation on a card, in neutral terms. */
enum class Operation : std::uint32_t {
    suspend = CARDWRIGHT_OPERATION_SUSPEND, /**< Puts the card on hold. */
    resume = CARDWRIGHT_OPERATION_RESUME, /**< Lifts the hold. */
    revoke = CARDWRIGHT_OPERATION_REVOKE, /**< Ends the card and its certificates for good; the record stays with the user. */
    retire = CARDWRIGHT_OPERATION_RETIRE, /**< Takes a card out of use for good. */
    pre_update = CARDWRIGHT_OPERATION_PRE_UPDATE, /**< Tells the server to drop certificates that a new policy no longer has. */
};
/** @private */
template <> struct Traits<Operation> {
    using Constant = ::CardwrightOperation;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_OPERATION;
    static constexpr Named<Operation> values[] = {
        {Operation::suspend, "suspend"},
        {Operation::resume, "resume"},
        {Operation::revoke, "revoke"},
        {Operation::retire, "retire"},
        {Operation::pre_update, "pre_update"},
    };
};

/** What the table of a system says about an operation in a state. */
enum class Answer : std::uint32_t {
    allowed = CARDWRIGHT_ANSWER_ALLOWED, /**< The operation is allowed. */
    refused = CARDWRIGHT_ANSWER_REFUSED, /**< The system has the operation, but not in this state. */
    lacks = CARDWRIGHT_ANSWER_LACKS, /**< The system has no such operation. */
};
/** @private */
template <> struct Traits<Answer> {
    using Constant = ::CardwrightAnswer;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Answer> values[] = {
        {Answer::allowed, "allowed"},
        {Answer::refused, "refused"},
        {Answer::lacks, "lacks"},
    };
};

/** A call of one of the APIs. */
enum class CallKind : std::uint32_t {
#if defined(CARDWRIGHT_CERTIFLOW)
    certiflow_cards = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARDS, /**< CertiFlow: list cards, by `query` or all of them. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    certiflow_card = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARD, /**< CertiFlow: the card `id`. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    certiflow_operate = CARDWRIGHT_CALL_KIND_CERTIFLOW_OPERATE, /**< CertiFlow: `operation` on the card `id`, with `reason` if the operation takes one. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_smartcards = CARDWRIGHT_CALL_KIND_MIM_SMARTCARDS, /**< MIM CM: the caller's cards. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_smartcard_by_card_id = CARDWRIGHT_CALL_KIND_MIM_SMARTCARD_BY_CARD_ID, /**< MIM CM: the card that carries `card_id`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_smartcard = CARDWRIGHT_CALL_KIND_MIM_SMARTCARD, /**< MIM CM: the card `id`, by its id in the database. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_operations = CARDWRIGHT_CALL_KIND_MIM_OPERATIONS, /**< MIM CM: what the caller may do with the card `id`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_assign_smartcard = CARDWRIGHT_CALL_KIND_MIM_ASSIGN_SMARTCARD, /**< MIM CM: give the card `card_id` with `atr` to `request`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_update_smartcard = CARDWRIGHT_CALL_KIND_MIM_UPDATE_SMARTCARD, /**< MIM CM: set the card `id` to `status` in the course of `request`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_create_request = CARDWRIGHT_CALL_KIND_MIM_CREATE_REQUEST, /**< MIM CM: make a request of `request_kind`, or if that is 0 one for `operation`, with `id` as the card, `profile_template`, `target`, `data_collection`, `comment` and `priority`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_request = CARDWRIGHT_CALL_KIND_MIM_REQUEST, /**< MIM CM: the request `request`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_end_request = CARDWRIGHT_CALL_KIND_MIM_END_REQUEST, /**< MIM CM: end `request` by `request_end`. */
#endif
#if defined(CARDWRIGHT_MIM)
    mim_requests = CARDWRIGHT_CALL_KIND_MIM_REQUESTS, /**< MIM CM: the requests that the caller may see: those with `request_status` if `has_request_status` is 1, and those for the caller if `for_caller` is 1. */
#endif
};
/** @private */
template <> struct Traits<CallKind> {
    using Constant = ::CardwrightCallKind;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<CallKind> values[] = {
#if defined(CARDWRIGHT_CERTIFLOW)
        {CallKind::certiflow_cards, "certiflow_cards"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {CallKind::certiflow_card, "certiflow_card"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {CallKind::certiflow_operate, "certiflow_operate"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_smartcards, "mim_smartcards"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_smartcard_by_card_id, "mim_smartcard_by_card_id"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_smartcard, "mim_smartcard"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_operations, "mim_operations"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_assign_smartcard, "mim_assign_smartcard"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_update_smartcard, "mim_update_smartcard"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_create_request, "mim_create_request"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_request, "mim_request"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_end_request, "mim_end_request"},
#endif
#if defined(CARDWRIGHT_MIM)
        {CallKind::mim_requests, "mim_requests"},
#endif
    };
};

/** A generation of the API. */
enum class Dialect : std::uint32_t {
    g1 = CARDWRIGHT_DIALECT_G1, /**< Indeed CM up to 5.7, base `/icmapi`: the cards of one user, with six fields, and four operations with the id as a parameter. */
    g2 = CARDWRIGHT_DIALECT_G2, /**< Indeed CM after 5.7: also all cards (`Card/GetAllCards`), page by page and without filters. */
    g3 = CARDWRIGHT_DIALECT_G3, /**< Indeed CM before 2022: also four filters, such as `filter.serialNumber`. */
    g4 = CARDWRIGHT_DIALECT_G4, /**< Indeed CM of 2022, the last at `/icmapi`: `Cards` with seven filters, and operations by the card's path. */
    g5 = CARDWRIGHT_DIALECT_G5, /**< Indeed CM 6.x and Rutoken KeyBox, base `/cm/api`: the calls of G4. */
    g6 = CARDWRIGHT_DIALECT_G6, /**< CertiFlow before 7.1, Indeed CM 7.0, newer Rutoken KeyBox: filters without a prefix, the reason as a parameter. */
    g7 = CARDWRIGHT_DIALECT_G7, /**< CertiFlow 7.1 and later: also one card by its id, Withdraw, and more filters. */
};
/** @private */
template <> struct Traits<Dialect> {
    using Constant = ::CardwrightDialect;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_DIALECT;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<Dialect> values[] = {
        {Dialect::g1, "g1"},
        {Dialect::g2, "g2"},
        {Dialect::g3, "g3"},
        {Dialect::g4, "g4"},
        {Dialect::g5, "g5"},
        {Dialect::g6, "g6"},
        {Dialect::g7, "g7"},
    };
};

/** Why a card is revoked (API, Revoke). */
enum class RevocationReason : std::uint32_t {
    none = CARDWRIGHT_REVOCATION_REASON_NONE, /**< No reason given. */
    card_broken = CARDWRIGHT_REVOCATION_REASON_CARD_BROKEN, /**< Out of order or destroyed. */
    card_lost = CARDWRIGHT_REVOCATION_REASON_CARD_LOST, /**< Lost, or cannot be found. */
    card_upgrade = CARDWRIGHT_REVOCATION_REASON_CARD_UPGRADE, /**< To be replaced by a new one. */
    card_expired = CARDWRIGHT_REVOCATION_REASON_CARD_EXPIRED, /**< At the end of its life. */
    card_withdraw = CARDWRIGHT_REVOCATION_REASON_CARD_WITHDRAW, /**< Taken back, as the user leaves. */
    user_removed = CARDWRIGHT_REVOCATION_REASON_USER_REMOVED, /**< The user is gone from the directory. */
    card_compromised = CARDWRIGHT_REVOCATION_REASON_CARD_COMPROMISED, /**< The key may be known to others though the card is here. */
};
/** @private */
template <> struct Traits<RevocationReason> {
    using Constant = ::CardwrightRevocationReason;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_REVOCATION_REASON;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<RevocationReason> values[] = {
        {RevocationReason::none, "none"},
        {RevocationReason::card_broken, "card_broken"},
        {RevocationReason::card_lost, "card_lost"},
        {RevocationReason::card_upgrade, "card_upgrade"},
        {RevocationReason::card_expired, "card_expired"},
        {RevocationReason::card_withdraw, "card_withdraw"},
        {RevocationReason::user_removed, "user_removed"},
        {RevocationReason::card_compromised, "card_compromised"},
    };
};

/** What a request is made for: the words of "Create request". */
enum class RequestKind : std::uint32_t {
    enroll = CARDWRIGHT_REQUEST_KIND_ENROLL, /**< A new card. */
    duplicate = CARDWRIGHT_REQUEST_KIND_DUPLICATE, /**< A copy. */
    offline_unblock = CARDWRIGHT_REQUEST_KIND_OFFLINE_UNBLOCK, /**< The PIN, with no connection to the server. */
    online_update = CARDWRIGHT_REQUEST_KIND_ONLINE_UPDATE, /**< New content. */
    renew = CARDWRIGHT_REQUEST_KIND_RENEW, /**< New certificates. */
    recover = CARDWRIGHT_REQUEST_KIND_RECOVER, /**< A replacement. */
    recover_on_behalf = CARDWRIGHT_REQUEST_KIND_RECOVER_ON_BEHALF, /**< A replacement for somebody else. */
    reinstate = CARDWRIGHT_REQUEST_KIND_REINSTATE, /**< Off hold. */
    retire = CARDWRIGHT_REQUEST_KIND_RETIRE, /**< The end of a card. */
    revoke = CARDWRIGHT_REQUEST_KIND_REVOKE, /**< The end of its certificates. */
    temporary_cards = CARDWRIGHT_REQUEST_KIND_TEMPORARY_CARDS, /**< A temporary card. */
    unblock = CARDWRIGHT_REQUEST_KIND_UNBLOCK, /**< The PIN. */
};
/** @private */
template <> struct Traits<RequestKind> {
    using Constant = ::CardwrightRequestKind;
#if defined(CARDWRIGHT_MIM)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_REQUEST_KIND;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<RequestKind> values[] = {
        {RequestKind::enroll, "enroll"},
        {RequestKind::duplicate, "duplicate"},
        {RequestKind::offline_unblock, "offline_unblock"},
        {RequestKind::online_update, "online_update"},
        {RequestKind::renew, "renew"},
        {RequestKind::recover, "recover"},
        {RequestKind::recover_on_behalf, "recover_on_behalf"},
        {RequestKind::reinstate, "reinstate"},
        {RequestKind::retire, "retire"},
        {RequestKind::revoke, "revoke"},
        {RequestKind::temporary_cards, "temporary_cards"},
        {RequestKind::unblock, "unblock"},
    };
};

/** How a request is ended ("Cancel, abandon, complete request"). */
enum class RequestEnd : std::uint32_t {
    completed = CARDWRIGHT_REQUEST_END_COMPLETED, /**< Carried out. */
    canceled = CARDWRIGHT_REQUEST_END_CANCELED, /**< Given up; it cannot be resumed. */
    abandoned = CARDWRIGHT_REQUEST_END_ABANDONED, /**< Given up after approval. */
};
/** @private */
template <> struct Traits<RequestEnd> {
    using Constant = ::CardwrightRequestEnd;
#if defined(CARDWRIGHT_MIM)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_REQUEST_END;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<RequestEnd> values[] = {
        {RequestEnd::completed, "completed"},
        {RequestEnd::canceled, "canceled"},
        {RequestEnd::abandoned, "abandoned"},
    };
};

/** Whether the certificates of a card expire (API, Cards). */
enum class ContentExpirationStatus : std::uint32_t {
    none = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_NONE, /**< Nothing expires. */
    managed_certificates_expiring = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRING, /**< A managed certificate expires soon. */
    managed_certificates_expired = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRED, /**< A managed certificate has expired. */
    common_certificates_expiring = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_COMMON_CERTIFICATES_EXPIRING, /**< A common certificate expires soon. */
    common_certificates_expired = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_COMMON_CERTIFICATES_EXPIRED, /**< A common certificate has expired. */
    traced_certificates_expiring = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_TRACED_CERTIFICATES_EXPIRING, /**< A traced certificate expires soon. */
    traced_certificates_expired = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_TRACED_CERTIFICATES_EXPIRED, /**< A traced certificate has expired. */
};
/** @private */
template <> struct Traits<ContentExpirationStatus> {
    using Constant = ::CardwrightContentExpirationStatus;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_CONTENT_EXPIRATION_STATUS;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<ContentExpirationStatus> values[] = {
        {ContentExpirationStatus::none, "none"},
        {ContentExpirationStatus::managed_certificates_expiring, "managed_certificates_expiring"},
        {ContentExpirationStatus::managed_certificates_expired, "managed_certificates_expired"},
        {ContentExpirationStatus::common_certificates_expiring, "common_certificates_expiring"},
        {ContentExpirationStatus::common_certificates_expired, "common_certificates_expired"},
        {ContentExpirationStatus::traced_certificates_expiring, "traced_certificates_expiring"},
        {ContentExpirationStatus::traced_certificates_expired, "traced_certificates_expired"},
    };
};

/** `RequestStatus` (SQL API, `externalGetStatus`; the REST examples agree). */
enum class RequestStatus : std::uint32_t {
    not_processed = CARDWRIGHT_REQUEST_STATUS_NOT_PROCESSED, /**< Not looked at yet. */
    approved = CARDWRIGHT_REQUEST_STATUS_APPROVED, /**< It can be carried out. */
    denied = CARDWRIGHT_REQUEST_STATUS_DENIED, /**< Somebody said no. */
    completed = CARDWRIGHT_REQUEST_STATUS_COMPLETED, /**< Carried out. */
    failed = CARDWRIGHT_REQUEST_STATUS_FAILED, /**< Tried, and failed. */
    pending = CARDWRIGHT_REQUEST_STATUS_PENDING, /**< Waits for approval. */
    canceled = CARDWRIGHT_REQUEST_STATUS_CANCELED, /**< Given up. */
    executing = CARDWRIGHT_REQUEST_STATUS_EXECUTING, /**< Being carried out. */
};
/** @private */
template <> struct Traits<RequestStatus> {
    using Constant = ::CardwrightRequestStatus;
#if defined(CARDWRIGHT_MIM)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_REQUEST_STATUS;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<RequestStatus> values[] = {
        {RequestStatus::not_processed, "not_processed"},
        {RequestStatus::approved, "approved"},
        {RequestStatus::denied, "denied"},
        {RequestStatus::completed, "completed"},
        {RequestStatus::failed, "failed"},
        {RequestStatus::pending, "pending"},
        {RequestStatus::canceled, "canceled"},
        {RequestStatus::executing, "executing"},
    };
};

/** The methods that the two APIs use. */
enum class Method : std::uint32_t {
    get = CARDWRIGHT_METHOD_GET, /**< Reads, and changes nothing. */
    post = CARDWRIGHT_METHOD_POST, /**< Creates or operates. */
    put = CARDWRIGHT_METHOD_PUT, /**< Changes what exists. */
    patch = CARDWRIGHT_METHOD_PATCH, /**< Changes a part of what exists. */
    delete_ = CARDWRIGHT_METHOD_DELETE, /**< Removes what exists. */
};
/** @private */
template <> struct Traits<Method> {
    using Constant = ::CardwrightMethod;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Method> values[] = {
        {Method::get, "get"},
        {Method::post, "post"},
        {Method::put, "put"},
        {Method::patch, "patch"},
        {Method::delete_, "delete"},
    };
};

/** What a part of a response is. */
enum class ReplyPartKind : std::uint32_t {
    more = CARDWRIGHT_REPLY_PART_KIND_MORE, /**< The chunk is used up; the next one is wanted. */
    status = CARDWRIGHT_REPLY_PART_KIND_STATUS, /**< The status. */
    header = CARDWRIGHT_REPLY_PART_KIND_HEADER, /**< A header: `name` and `data`. */
    body = CARDWRIGHT_REPLY_PART_KIND_BODY, /**< Bytes of the body: `data`, never none. */
    end = CARDWRIGHT_REPLY_PART_KIND_END, /**< The end. */
};
/** @private */
template <> struct Traits<ReplyPartKind> {
    using Constant = ::CardwrightReplyPartKind;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<ReplyPartKind> values[] = {
        {ReplyPartKind::more, "more"},
        {ReplyPartKind::status, "status"},
        {ReplyPartKind::header, "header"},
        {ReplyPartKind::body, "body"},
        {ReplyPartKind::end, "end"},
    };
};

/** The fields of CardInfo, for the functions `cardwright_view_…`. */
enum class CardInfoField : std::uint32_t {
    id = CARDWRIGHT_CARD_INFO_ID, /**< `id`, a text, a number, true or false. Opaque; the documents show a number, older ones a text. */
    serial_number = CARDWRIGHT_CARD_INFO_SERIAL_NUMBER, /**< `serialNumber`, a text. The card's serial number, as its middleware writes it. */
    card_type_name = CARDWRIGHT_CARD_INFO_CARD_TYPE_NAME, /**< `cardTypeName`, a text. The name of the card's type. */
    card_model_name = CARDWRIGHT_CARD_INFO_CARD_MODEL_NAME, /**< `cardModelName`, a text. The model, where the type is split into models. */
    atr = CARDWRIGHT_CARD_INFO_ATR, /**< `atr`, a text. The ATR in hexadecimal digits. */
    label = CARDWRIGHT_CARD_INFO_LABEL, /**< `label`, a text. The name of the card. */
    comment = CARDWRIGHT_CARD_INFO_COMMENT, /**< `comment`, a text. A note. */
    tags = CARDWRIGHT_CARD_INFO_TAGS, /**< `tags`, a list. Tags. */
    state = CARDWRIGHT_CARD_INFO_STATE, /**< `state`, a text, a number, true or false. The state. */
    form_factor = CARDWRIGHT_CARD_INFO_FORM_FACTOR, /**< `formFactor`, a text, a number, true or false. The form: the values are not documented. */
    pac_number = CARDWRIGHT_CARD_INFO_PAC_NUMBER, /**< `pacNumber`, a text, a number, true or false. The number for physical access ("HID label"). */
    expiration_date = CARDWRIGHT_CARD_INFO_EXPIRATION_DATE, /**< `expirationDate`, a text. When the card expires, ISO 8601. */
    time_issued = CARDWRIGHT_CARD_INFO_TIME_ISSUED, /**< `timeIssued`, a text. When the card was issued, ISO 8601. */
    time_disabled = CARDWRIGHT_CARD_INFO_TIME_DISABLED, /**< `timeDisabled`, a text. When the card was put on hold, ISO 8601. */
    time_updated = CARDWRIGHT_CARD_INFO_TIME_UPDATED, /**< `timeUpdated`, a text. When the card was updated, ISO 8601. */
    time_revoked = CARDWRIGHT_CARD_INFO_TIME_REVOKED, /**< `timeRevoked`, a text. When the card was revoked, ISO 8601. */
    user_id = CARDWRIGHT_CARD_INFO_USER_ID, /**< `userId`, a text, a number, true or false. The user's id, opaque. */
    user_name = CARDWRIGHT_CARD_INFO_USER_NAME, /**< `userName`, a text. The user, `DOMAIN\LogonName`. */
    policy_id = CARDWRIGHT_CARD_INFO_POLICY_ID, /**< `policyId`, a text, a number, true or false. The policy's id, opaque. */
    policy_name = CARDWRIGHT_CARD_INFO_POLICY_NAME, /**< `policyName`, a text. The policy's name. */
    certificates = CARDWRIGHT_CARD_INFO_CERTIFICATES, /**< `certificates`, a list. The certificates on the card. */
};
/** @private */
template <> struct Traits<CardInfoField> {
    using Constant = ::CardwrightCardInfoField;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<CardInfoField> values[] = {
        {CardInfoField::id, "id"},
        {CardInfoField::serial_number, "serial_number"},
        {CardInfoField::card_type_name, "card_type_name"},
        {CardInfoField::card_model_name, "card_model_name"},
        {CardInfoField::atr, "atr"},
        {CardInfoField::label, "label"},
        {CardInfoField::comment, "comment"},
        {CardInfoField::tags, "tags"},
        {CardInfoField::state, "state"},
        {CardInfoField::form_factor, "form_factor"},
        {CardInfoField::pac_number, "pac_number"},
        {CardInfoField::expiration_date, "expiration_date"},
        {CardInfoField::time_issued, "time_issued"},
        {CardInfoField::time_disabled, "time_disabled"},
        {CardInfoField::time_updated, "time_updated"},
        {CardInfoField::time_revoked, "time_revoked"},
        {CardInfoField::user_id, "user_id"},
        {CardInfoField::user_name, "user_name"},
        {CardInfoField::policy_id, "policy_id"},
        {CardInfoField::policy_name, "policy_name"},
        {CardInfoField::certificates, "certificates"},
    };
};

/** The fields of Certificate, for the functions `cardwright_view_…`. */
enum class CertificateField : std::uint32_t {
    type = CARDWRIGHT_CERTIFICATE_TYPE, /**< `type`, a text, a number, true or false. Where it comes from. */
    serial_number = CARDWRIGHT_CERTIFICATE_SERIAL_NUMBER, /**< `serialNumber`, a text. Its serial number in hexadecimal digits. */
    thumbprint = CARDWRIGHT_CERTIFICATE_THUMBPRINT, /**< `thumbprint`, a text. Its SHA-1 thumbprint in hexadecimal digits. */
    subject = CARDWRIGHT_CERTIFICATE_SUBJECT, /**< `subject`, a text. The common name of its subject. */
    issuer = CARDWRIGHT_CERTIFICATE_ISSUER, /**< `issuer`, a text. The common name of its issuer. */
    valid_to = CARDWRIGHT_CERTIFICATE_VALID_TO, /**< `validTo`, a text. When it expires, ISO 8601. */
};
/** @private */
template <> struct Traits<CertificateField> {
    using Constant = ::CardwrightCertificateField;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<CertificateField> values[] = {
        {CertificateField::type, "type"},
        {CertificateField::serial_number, "serial_number"},
        {CertificateField::thumbprint, "thumbprint"},
        {CertificateField::subject, "subject"},
        {CertificateField::issuer, "issuer"},
        {CertificateField::valid_to, "valid_to"},
    };
};

/** The fields of Smartcard, for the functions `cardwright_view_…`. */
enum class SmartcardField : std::uint32_t {
    uuid = CARDWRIGHT_SMARTCARD_UUID, /**< `Uuid`, a text. Its id in the database. */
    status = CARDWRIGHT_SMARTCARD_STATUS, /**< `Status`, a text, a number, true or false. The status, as a number; `StatusScheme` reads it. */
    flags = CARDWRIGHT_SMARTCARD_FLAGS, /**< `Flags`, a text, a number, true or false. Its relation to other cards: bits, of which only 1 (Primary) is known. */
    parent_smartcard_uuid = CARDWRIGHT_SMARTCARD_PARENT_SMARTCARD_UUID, /**< `ParentSmartcardUuid`, a text. The card that this one replaces. */
    primary_smartcard_uuid = CARDWRIGHT_SMARTCARD_PRIMARY_SMARTCARD_UUID, /**< `PrimarySmartcardUuid`, a text. The card that this one is a duplicate of. */
    permanent_smartcard_uuid = CARDWRIGHT_SMARTCARD_PERMANENT_SMARTCARD_UUID, /**< `PermanentSmartcardUuid`, a text. The permanent card of this temporary one. */
    assigned_user_uuid = CARDWRIGHT_SMARTCARD_ASSIGNED_USER_UUID, /**< `AssignedUserUuid`, a text. The user. */
    profile_template_uuid = CARDWRIGHT_SMARTCARD_PROFILE_TEMPLATE_UUID, /**< `ProfileTemplateUuid`, a text. The profile template. */
    profile_template_version = CARDWRIGHT_SMARTCARD_PROFILE_TEMPLATE_VERSION, /**< `ProfileTemplateVersion`, a text, a number, true or false. The template's version when the profile was made. */
    comment = CARDWRIGHT_SMARTCARD_COMMENT, /**< `Comment`, a text. A comment; `""` if there is none. */
    serial_number = CARDWRIGHT_SMARTCARD_SERIAL_NUMBER, /**< `SerialNumber`, a text. The serial number; for a Base CSP card its `cardid` in braces. */
    middleware = CARDWRIGHT_SMARTCARD_MIDDLEWARE, /**< `Middleware`, a text. The middleware, such as `MSBaseCSP`. */
    atr = CARDWRIGHT_SMARTCARD_ATR, /**< `Atr`, a text. The ATR in lower-case hexadecimal digits. */
};
/** @private */
template <> struct Traits<SmartcardField> {
    using Constant = ::CardwrightSmartcardField;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<SmartcardField> values[] = {
        {SmartcardField::uuid, "uuid"},
        {SmartcardField::status, "status"},
        {SmartcardField::flags, "flags"},
        {SmartcardField::parent_smartcard_uuid, "parent_smartcard_uuid"},
        {SmartcardField::primary_smartcard_uuid, "primary_smartcard_uuid"},
        {SmartcardField::permanent_smartcard_uuid, "permanent_smartcard_uuid"},
        {SmartcardField::assigned_user_uuid, "assigned_user_uuid"},
        {SmartcardField::profile_template_uuid, "profile_template_uuid"},
        {SmartcardField::profile_template_version, "profile_template_version"},
        {SmartcardField::comment, "comment"},
        {SmartcardField::serial_number, "serial_number"},
        {SmartcardField::middleware, "middleware"},
        {SmartcardField::atr, "atr"},
    };
};

/** The fields of Request, for the functions `cardwright_view_…`. */
enum class RequestField : std::uint32_t {
    uuid = CARDWRIGHT_REQUEST_UUID, /**< `Uuid`, a text. Its id. */
    request_type = CARDWRIGHT_REQUEST_REQUEST_TYPE, /**< `RequestType`, a text, a number, true or false. What it is for. */
    status = CARDWRIGHT_REQUEST_STATUS, /**< `Status`, a text, a number, true or false. How far it is. */
    flags = CARDWRIGHT_REQUEST_FLAGS, /**< `Flags`, a text, a number, true or false. Options: bits, not published. */
    data_collection = CARDWRIGHT_REQUEST_DATA_COLLECTION, /**< `DataCollection`, a list. The answers to the policy's questions. */
    data_collection_flags = CARDWRIGHT_REQUEST_DATA_COLLECTION_FLAGS, /**< `DataCollectionFlags`, a text, a number, true or false. Options of the data collection: bits, not published. */
    originator_user_uuid = CARDWRIGHT_REQUEST_ORIGINATOR_USER_UUID, /**< `OriginatorUserUuid`, a text. The user who made it. */
    target_user_uuid = CARDWRIGHT_REQUEST_TARGET_USER_UUID, /**< `TargetUserUuid`, a text. The user that it is for. */
    submitted = CARDWRIGHT_REQUEST_SUBMITTED, /**< `Submitted`, a text. When it was made, ISO 8601. */
    completed = CARDWRIGHT_REQUEST_COMPLETED, /**< `Completed`, a text. When it was completed, ISO 8601; `0001-01-01T00:00:00` until then. */
    new_profile_uuid = CARDWRIGHT_REQUEST_NEW_PROFILE_UUID, /**< `NewProfileUuid`, a text. The profile that it makes. */
    old_profile_uuid = CARDWRIGHT_REQUEST_OLD_PROFILE_UUID, /**< `OldProfileUuid`, a text. The profile that it is about. */
    new_smartcard_uuid = CARDWRIGHT_REQUEST_NEW_SMARTCARD_UUID, /**< `NewSmartcardUuid`, a text. The card that it gives; the empty GUID until one is assigned. */
    old_smartcard_uuid = CARDWRIGHT_REQUEST_OLD_SMARTCARD_UUID, /**< `OldSmartcardUuid`, a text. The card that it is about. */
    priority = CARDWRIGHT_REQUEST_PRIORITY, /**< `Priority`, a text, a number, true or false. 0 to 255; 0 is the highest. */
    comment = CARDWRIGHT_REQUEST_COMMENT, /**< `Comment`, a text. A comment; `""` if there is none. */
    profile_template_uuid = CARDWRIGHT_REQUEST_PROFILE_TEMPLATE_UUID, /**< `ProfileTemplateUuid`, a text. The profile template. */
    security_descriptor = CARDWRIGHT_REQUEST_SECURITY_DESCRIPTOR, /**< `SecurityDescriptor`, a text. The access rights, in SDDL. */
    is_smartcard = CARDWRIGHT_REQUEST_IS_SMARTCARD, /**< `IsSmartcard`, a text, a number, true or false. Whether it is about a smart card. */
    is_enrollment_agent = CARDWRIGHT_REQUEST_IS_ENROLLMENT_AGENT, /**< `IsEnrollmentAgent`, a text, a number, true or false. Whether an enrollment agent must carry it out. */
    is_data_collection_complete = CARDWRIGHT_REQUEST_IS_DATA_COLLECTION_COMPLETE, /**< `IsDataCollectionComplete`, a text, a number, true or false. Whether all questions are answered. */
};
/** @private */
template <> struct Traits<RequestField> {
    using Constant = ::CardwrightRequestField;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<RequestField> values[] = {
        {RequestField::uuid, "uuid"},
        {RequestField::request_type, "request_type"},
        {RequestField::status, "status"},
        {RequestField::flags, "flags"},
        {RequestField::data_collection, "data_collection"},
        {RequestField::data_collection_flags, "data_collection_flags"},
        {RequestField::originator_user_uuid, "originator_user_uuid"},
        {RequestField::target_user_uuid, "target_user_uuid"},
        {RequestField::submitted, "submitted"},
        {RequestField::completed, "completed"},
        {RequestField::new_profile_uuid, "new_profile_uuid"},
        {RequestField::old_profile_uuid, "old_profile_uuid"},
        {RequestField::new_smartcard_uuid, "new_smartcard_uuid"},
        {RequestField::old_smartcard_uuid, "old_smartcard_uuid"},
        {RequestField::priority, "priority"},
        {RequestField::comment, "comment"},
        {RequestField::profile_template_uuid, "profile_template_uuid"},
        {RequestField::security_descriptor, "security_descriptor"},
        {RequestField::is_smartcard, "is_smartcard"},
        {RequestField::is_enrollment_agent, "is_enrollment_agent"},
        {RequestField::is_data_collection_complete, "is_data_collection_complete"},
    };
};

/** The fields of DataItem, for the functions `cardwright_view_…`. */
enum class DataItemField : std::uint32_t {
    name = CARDWRIGHT_DATA_ITEM_NAME, /**< `Name`, a text. The question. */
    value = CARDWRIGHT_DATA_ITEM_VALUE, /**< `Value`, a text. The answer. */
};
/** @private */
template <> struct Traits<DataItemField> {
    using Constant = ::CardwrightDataItemField;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<DataItemField> values[] = {
        {DataItemField::name, "name"},
        {DataItemField::value, "value"},
    };
};

/** An object that servers send. */
enum class Object : std::uint32_t {
#if defined(CARDWRIGHT_CERTIFLOW)
    card_info = CARDWRIGHT_OBJECT_CARD_INFO, /**< A card's record of CertiFlow: `CardwrightCardInfoField`. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    certificate = CARDWRIGHT_OBJECT_CERTIFICATE, /**< A certificate on a card of CertiFlow: `CardwrightCertificateField`. */
#endif
#if defined(CARDWRIGHT_MIM)
    smartcard = CARDWRIGHT_OBJECT_SMARTCARD, /**< A card's record of MIM CM: `CardwrightSmartcardField`. */
#endif
#if defined(CARDWRIGHT_MIM)
    request = CARDWRIGHT_OBJECT_REQUEST, /**< A request of MIM CM: `CardwrightRequestField`. */
#endif
#if defined(CARDWRIGHT_MIM)
    data_item = CARDWRIGHT_OBJECT_DATA_ITEM, /**< An answer to a question of a policy of MIM CM: `CardwrightDataItemField`. */
#endif
};
/** @private */
template <> struct Traits<Object> {
    using Constant = ::CardwrightObject;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Object> values[] = {
#if defined(CARDWRIGHT_CERTIFLOW)
        {Object::card_info, "card_info"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {Object::certificate, "certificate"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Object::smartcard, "smartcard"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Object::request, "request"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Object::data_item, "data_item"},
#endif
    };
};

#if defined(CARDWRIGHT_CLIENT)
/** What the numbers of `Smartcard.Status` of MIM CM mean. */
enum class StatusScheme : std::uint32_t {
    b = CARDWRIGHT_STATUS_SCHEME_B, /**< The scheme that agrees with every example of the REST documents: None, New, Assigned, Active, Disabled, Suspended and Retired are 0 to 6. */
    a = CARDWRIGHT_STATUS_SCHEME_A, /**< The column `sc_status` of the SQL API: New, Assigned, Active and Disabled are 0 to 3. */
};
/** @private */
template <> struct Traits<StatusScheme> {
    using Constant = ::CardwrightStatusScheme;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<StatusScheme> values[] = {
        {StatusScheme::b, "b"},
        {StatusScheme::a, "a"},
    };
};
#endif

/** How sure a `Finding` is. */
enum class Sure : std::uint32_t {
    nothing = CARDWRIGHT_SURE_NOTHING, /**< Nothing was learned. */
    several = CARDWRIGHT_SURE_SEVERAL, /**< Several generations would answer so. */
    shown = CARDWRIGHT_SURE_SHOWN, /**< Only this generation answers so, or only two with the same calls. */
};
/** @private */
template <> struct Traits<Sure> {
    using Constant = ::CardwrightSure;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_SURE;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<Sure> values[] = {
        {Sure::nothing, "nothing"},
        {Sure::several, "several"},
        {Sure::shown, "shown"},
    };
};

/** Where a certificate on a card comes from. */
enum class CertificateType : std::uint32_t {
    managed = CARDWRIGHT_CERTIFICATE_TYPE_MANAGED, /**< Issued through the system: it can be renewed, held and revoked. */
    common = CARDWRIGHT_CERTIFICATE_TYPE_COMMON, /**< One for many users, made elsewhere: never held or revoked. */
    traced = CARDWRIGHT_CERTIFICATE_TYPE_TRACED, /**< Found on the card, and only watched. */
};
/** @private */
template <> struct Traits<CertificateType> {
    using Constant = ::CardwrightCertificateType;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_CERTIFICATE_TYPE;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<CertificateType> values[] = {
        {CertificateType::managed, "managed"},
        {CertificateType::common, "common"},
        {CertificateType::traced, "traced"},
    };
};

/** What a service role may be allowed (API, first section). */
enum class Privilege : std::uint32_t {
    finding_users = CARDWRIGHT_PRIVILEGE_FINDING_USERS, /**< To look for a user. */
    viewing_card_repository = CARDWRIGHT_PRIVILEGE_VIEWING_CARD_REPOSITORY, /**< To read cards. */
    enabling_card = CARDWRIGHT_PRIVILEGE_ENABLING_CARD, /**< Enable. */
    disabling_card = CARDWRIGHT_PRIVILEGE_DISABLING_CARD, /**< Disable. */
    updating_card = CARDWRIGHT_PRIVILEGE_UPDATING_CARD, /**< PreUpdate. */
    resetting_pin = CARDWRIGHT_PRIVILEGE_RESETTING_PIN, /**< No documented call needs it. */
    locking_card = CARDWRIGHT_PRIVILEGE_LOCKING_CARD, /**< No documented call needs it. */
    revoking_card = CARDWRIGHT_PRIVILEGE_REVOKING_CARD, /**< Revoke; that Withdraw needs it too is assumed. */
    removing_tasks = CARDWRIGHT_PRIVILEGE_REMOVING_TASKS, /**< No documented call needs it. */
};
/** @private */
template <> struct Traits<Privilege> {
    using Constant = ::CardwrightPrivilege;
#if defined(CARDWRIGHT_CERTIFLOW)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_PRIVILEGE;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<Privilege> values[] = {
        {Privilege::finding_users, "finding_users"},
        {Privilege::viewing_card_repository, "viewing_card_repository"},
        {Privilege::enabling_card, "enabling_card"},
        {Privilege::disabling_card, "disabling_card"},
        {Privilege::updating_card, "updating_card"},
        {Privilege::resetting_pin, "resetting_pin"},
        {Privilege::locking_card, "locking_card"},
        {Privilege::revoking_card, "revoking_card"},
        {Privilege::removing_tasks, "removing_tasks"},
    };
};

/** `RequestType` (SDK; the numbers by published reports over the database). */
enum class RequestType : std::uint32_t {
    none = CARDWRIGHT_REQUEST_TYPE_NONE, /**< No type. */
    enroll = CARDWRIGHT_REQUEST_TYPE_ENROLL, /**< A new card. */
    recover = CARDWRIGHT_REQUEST_TYPE_RECOVER, /**< For a card: its replacement. */
    renew = CARDWRIGHT_REQUEST_TYPE_RENEW, /**< New certificates. */
    disable = CARDWRIGHT_REQUEST_TYPE_DISABLE, /**< What the API calls Revoke. */
    unblock = CARDWRIGHT_REQUEST_TYPE_UNBLOCK, /**< The PIN. */
    duplicate = CARDWRIGHT_REQUEST_TYPE_DUPLICATE, /**< A copy. */
    retire = CARDWRIGHT_REQUEST_TYPE_RETIRE, /**< The end of a card. */
    recover_on_behalf = CARDWRIGHT_REQUEST_TYPE_RECOVER_ON_BEHALF, /**< For somebody else. */
    suspend_or_reinstate = CARDWRIGHT_REQUEST_TYPE_SUSPEND_OR_REINSTATE, /**< Suspend and reinstate share one number. */
    online_update = CARDWRIGHT_REQUEST_TYPE_ONLINE_UPDATE, /**< New content. */
    temporary_card_enroll = CARDWRIGHT_REQUEST_TYPE_TEMPORARY_CARD_ENROLL, /**< A temporary card. */
};
/** @private */
template <> struct Traits<RequestType> {
    using Constant = ::CardwrightRequestType;
#if defined(CARDWRIGHT_MIM)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_REQUEST_TYPE;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<RequestType> values[] = {
        {RequestType::none, "none"},
        {RequestType::enroll, "enroll"},
        {RequestType::recover, "recover"},
        {RequestType::renew, "renew"},
        {RequestType::disable, "disable"},
        {RequestType::unblock, "unblock"},
        {RequestType::duplicate, "duplicate"},
        {RequestType::retire, "retire"},
        {RequestType::recover_on_behalf, "recover_on_behalf"},
        {RequestType::suspend_or_reinstate, "suspend_or_reinstate"},
        {RequestType::online_update, "online_update"},
        {RequestType::temporary_card_enroll, "temporary_card_enroll"},
    };
};

/** What a caller may be allowed: the extended rights that set-up adds to the directory, and the SDK's `UserPermission`. */
enum class Permission : std::uint32_t {
    audit = CARDWRIGHT_PERMISSION_AUDIT, /**< To see what belongs to others. */
    enrollment_agent = CARDWRIGHT_PERMISSION_ENROLLMENT_AGENT, /**< To act as an enrollment agent. */
    request_enroll = CARDWRIGHT_PERMISSION_REQUEST_ENROLL, /**< To ask for a card. */
    request_recover = CARDWRIGHT_PERMISSION_REQUEST_RECOVER, /**< To ask for a replacement. */
    request_renew = CARDWRIGHT_PERMISSION_REQUEST_RENEW, /**< To ask for new certificates. */
    request_revoke = CARDWRIGHT_PERMISSION_REQUEST_REVOKE, /**< To ask for a revocation; that Reinstate needs it too is assumed. */
    request_unblock = CARDWRIGHT_PERMISSION_REQUEST_UNBLOCK, /**< To ask for the PIN to be unblocked. */
    request_retire = CARDWRIGHT_PERMISSION_REQUEST_RETIRE, /**< To ask for the end of a card. */
};
/** @private */
template <> struct Traits<Permission> {
    using Constant = ::CardwrightPermission;
#if defined(CARDWRIGHT_MIM)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_PERMISSION;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<Permission> values[] = {
        {Permission::audit, "audit"},
        {Permission::enrollment_agent, "enrollment_agent"},
        {Permission::request_enroll, "request_enroll"},
        {Permission::request_recover, "request_recover"},
        {Permission::request_renew, "request_renew"},
        {Permission::request_revoke, "request_revoke"},
        {Permission::request_unblock, "request_unblock"},
        {Permission::request_retire, "request_retire"},
    };
};

/** What a search for the record of a card found, and what may be done with it. */
enum class Found : std::uint32_t {
    nothing = CARDWRIGHT_FOUND_NOTHING, /**< No record: the system does not know the card, or not by anything that the card reveals. */
    record = CARDWRIGHT_FOUND_RECORD, /**< The record of the card: its strongest identifier found this one and no other. */
    weaker = CARDWRIGHT_FOUND_WEAKER, /**< A record that may be another card's: a weaker identifier found it, after a stronger one had found nothing. */
    several = CARDWRIGHT_FOUND_SEVERAL, /**< Several records, and nothing to tell which is the card's. */
};
/** @private */
template <> struct Traits<Found> {
    using Constant = ::CardwrightFound;
#if defined(CARDWRIGHT_CLIENT)
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_FOUND;
#else
    static constexpr std::uint32_t enumeration = 0;
#endif
    static constexpr Named<Found> values[] = {
        {Found::nothing, "nothing"},
        {Found::record, "record"},
        {Found::weaker, "weaker"},
        {Found::several, "several"},
    };
};

#if defined(CARDWRIGHT_CLIENT)
/** Whether a card is read again after an operation. */
enum class Verify : std::uint32_t {
    always = CARDWRIGHT_VERIFY_ALWAYS, /**< Always: `CARDWRIGHT_RESULT_DONE` means that the card was seen so. */
    never = CARDWRIGHT_VERIFY_NEVER, /**< Not after a success: the server's word is taken, and the result is `CARDWRIGHT_RESULT_ACCEPTED`. */
};
/** @private */
template <> struct Traits<Verify> {
    using Constant = ::CardwrightVerify;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Verify> values[] = {
        {Verify::always, "always"},
        {Verify::never, "never"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** What has become of a card of a bulk operation. */
enum class Fate : std::uint32_t {
    planned = CARDWRIGHT_FATE_PLANNED, /**< Nothing was done yet. */
    skipped = CARDWRIGHT_FATE_SKIPPED, /**< Nothing will be done: the tables do not allow it. */
    done = CARDWRIGHT_FATE_DONE, /**< It was carried out: the card was read again, and is as the operation leaves it. */
    awaiting_approval = CARDWRIGHT_FATE_AWAITING_APPROVAL, /**< MIM CM took the request; somebody must approve it. */
    failed = CARDWRIGHT_FATE_FAILED, /**< It was refused, or could not be begun. */
    unknown = CARDWRIGHT_FATE_UNKNOWN, /**< It is not known whether it was carried out, or not yet. */
    accepted = CARDWRIGHT_FATE_ACCEPTED, /**< The server said yes, and the card was not read again, as `CARDWRIGHT_VERIFY_NEVER` asks. */
};
/** @private */
template <> struct Traits<Fate> {
    using Constant = ::CardwrightFate;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_FATE;
    static constexpr Named<Fate> values[] = {
        {Fate::planned, "planned"},
        {Fate::skipped, "skipped"},
        {Fate::done, "done"},
        {Fate::awaiting_approval, "awaiting_approval"},
        {Fate::failed, "failed"},
        {Fate::unknown, "unknown"},
        {Fate::accepted, "accepted"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** Why a run ended before every card was looked at. */
enum class Stopped : std::uint32_t {
    canceled = CARDWRIGHT_STOPPED_CANCELED, /**< Somebody asked for it. */
    canary = CARDWRIGHT_STOPPED_CANARY, /**< One of the first cards was not done. */
    failures = CARDWRIGHT_STOPPED_FAILURES, /**< Too many cards failed or are unknown. */
    unreachable = CARDWRIGHT_STOPPED_UNREACHABLE, /**< The server cannot be reached. */
    sign_in = CARDWRIGHT_STOPPED_SIGN_IN, /**< The server does not accept the sign-in, or the issuer gives no token: more attempts could lock the account. */
    busy = CARDWRIGHT_STOPPED_BUSY, /**< The server asks for a longer wait than `longest_wait`. */
    journal = CARDWRIGHT_STOPPED_JOURNAL, /**< The journal cannot be written. */
};
/** @private */
template <> struct Traits<Stopped> {
    using Constant = ::CardwrightStopped;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_STOPPED;
    static constexpr Named<Stopped> values[] = {
        {Stopped::canceled, "canceled"},
        {Stopped::canary, "canary"},
        {Stopped::failures, "failures"},
        {Stopped::unreachable, "unreachable"},
        {Stopped::sign_in, "sign_in"},
        {Stopped::busy, "busy"},
        {Stopped::journal, "journal"},
    };
};
#endif

/** An enumeration of this header whose values have names. */
enum class Enumeration : std::uint32_t {
    system = CARDWRIGHT_ENUMERATION_SYSTEM, /**< `CardwrightSystem`. */
    operation = CARDWRIGHT_ENUMERATION_OPERATION, /**< `CardwrightOperation`, by its neutral names. */
    state = CARDWRIGHT_ENUMERATION_STATE, /**< `CardwrightState`. */
#if defined(CARDWRIGHT_CERTIFLOW)
    card_state = CARDWRIGHT_ENUMERATION_CARD_STATE, /**< `CardwrightCardState`. */
#endif
#if defined(CARDWRIGHT_MIM)
    smartcard_status = CARDWRIGHT_ENUMERATION_SMARTCARD_STATUS, /**< `CardwrightSmartcardStatus`. */
#endif
    evidence = CARDWRIGHT_ENUMERATION_EVIDENCE, /**< `CardwrightEvidence`. */
#if defined(CARDWRIGHT_CERTIFLOW)
    revocation_reason = CARDWRIGHT_ENUMERATION_REVOCATION_REASON, /**< `CardwrightRevocationReason`. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    content_expiration_status = CARDWRIGHT_ENUMERATION_CONTENT_EXPIRATION_STATUS, /**< `CardwrightContentExpirationStatus`. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    dialect = CARDWRIGHT_ENUMERATION_DIALECT, /**< `CardwrightDialect`. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    certificate_type = CARDWRIGHT_ENUMERATION_CERTIFICATE_TYPE, /**< `CardwrightCertificateType`. */
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
    privilege = CARDWRIGHT_ENUMERATION_PRIVILEGE, /**< `CardwrightPrivilege`. */
#endif
#if defined(CARDWRIGHT_MIM)
    request_kind = CARDWRIGHT_ENUMERATION_REQUEST_KIND, /**< `CardwrightRequestKind`. */
#endif
#if defined(CARDWRIGHT_MIM)
    request_end = CARDWRIGHT_ENUMERATION_REQUEST_END, /**< `CardwrightRequestEnd`. */
#endif
#if defined(CARDWRIGHT_MIM)
    request_status = CARDWRIGHT_ENUMERATION_REQUEST_STATUS, /**< `CardwrightRequestStatus`. */
#endif
#if defined(CARDWRIGHT_MIM)
    request_type = CARDWRIGHT_ENUMERATION_REQUEST_TYPE, /**< `CardwrightRequestType`. */
#endif
#if defined(CARDWRIGHT_MIM)
    permission = CARDWRIGHT_ENUMERATION_PERMISSION, /**< `CardwrightPermission`. */
#endif
    source = CARDWRIGHT_ENUMERATION_SOURCE, /**< `CardwrightSource`. */
    trust = CARDWRIGHT_ENUMERATION_TRUST, /**< `CardwrightTrust`. */
    card_kind = CARDWRIGHT_ENUMERATION_CARD_KIND, /**< `CardwrightCardKind`. */
#if defined(CARDWRIGHT_CLIENT)
    scheme = CARDWRIGHT_ENUMERATION_SCHEME, /**< `CardwrightScheme`. */
#endif
#if defined(CARDWRIGHT_CLIENT)
    found = CARDWRIGHT_ENUMERATION_FOUND, /**< `CardwrightFound`. */
#endif
    basis = CARDWRIGHT_ENUMERATION_BASIS, /**< `CardwrightBasis`. */
#if defined(CARDWRIGHT_CERTIFLOW)
    sure = CARDWRIGHT_ENUMERATION_SURE, /**< `CardwrightSure`. */
#endif
#if defined(CARDWRIGHT_CLIENT)
    fate = CARDWRIGHT_ENUMERATION_FATE, /**< `CardwrightFate`. */
#endif
#if defined(CARDWRIGHT_CLIENT)
    stopped = CARDWRIGHT_ENUMERATION_STOPPED, /**< `CardwrightStopped`. */
#endif
};
/** @private */
template <> struct Traits<Enumeration> {
    using Constant = ::CardwrightEnumeration;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Enumeration> values[] = {
        {Enumeration::system, "system"},
        {Enumeration::operation, "operation"},
        {Enumeration::state, "state"},
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::card_state, "card_state"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Enumeration::smartcard_status, "smartcard_status"},
#endif
        {Enumeration::evidence, "evidence"},
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::revocation_reason, "revocation_reason"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::content_expiration_status, "content_expiration_status"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::dialect, "dialect"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::certificate_type, "certificate_type"},
#endif
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::privilege, "privilege"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Enumeration::request_kind, "request_kind"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Enumeration::request_end, "request_end"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Enumeration::request_status, "request_status"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Enumeration::request_type, "request_type"},
#endif
#if defined(CARDWRIGHT_MIM)
        {Enumeration::permission, "permission"},
#endif
        {Enumeration::source, "source"},
        {Enumeration::trust, "trust"},
        {Enumeration::card_kind, "card_kind"},
#if defined(CARDWRIGHT_CLIENT)
        {Enumeration::scheme, "scheme"},
#endif
#if defined(CARDWRIGHT_CLIENT)
        {Enumeration::found, "found"},
#endif
        {Enumeration::basis, "basis"},
#if defined(CARDWRIGHT_CERTIFLOW)
        {Enumeration::sure, "sure"},
#endif
#if defined(CARDWRIGHT_CLIENT)
        {Enumeration::fate, "fate"},
#endif
#if defined(CARDWRIGHT_CLIENT)
        {Enumeration::stopped, "stopped"},
#endif
    };
};

#if defined(CARDWRIGHT_CLIENT)
/** A scheme of HTTP authentication, strongest first. */
enum class Scheme : std::uint32_t {
    negotiate = CARDWRIGHT_SCHEME_NEGOTIATE, /**< Kerberos by SPNEGO (RFC 4559); on Windows also what else the system's Negotiate takes. */
    ntlm = CARDWRIGHT_SCHEME_NTLM, /**< NTLMv2 (MS-NLMP). */
    basic = CARDWRIGHT_SCHEME_BASIC, /**< Name and password (RFC 7617). */
    bearer = CARDWRIGHT_SCHEME_BEARER, /**< A token (RFC 6750): `token` or `oidc` of `CardwrightOptions`. */
};
/** @private */
template <> struct Traits<Scheme> {
    using Constant = ::CardwrightScheme;
    static constexpr std::uint32_t enumeration = CARDWRIGHT_ENUMERATION_SCHEME;
    static constexpr Named<Scheme> values[] = {
        {Scheme::negotiate, "negotiate"},
        {Scheme::ntlm, "ntlm"},
        {Scheme::basic, "basic"},
        {Scheme::bearer, "bearer"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** What to do about an operation that the tables do not allow. */
enum class Check : std::uint32_t {
    warn = CARDWRIGHT_CHECK_WARN, /**< Stop it if the vendor documents that it is not allowed; send it if that is only assumed. */
    strict = CARDWRIGHT_CHECK_STRICT, /**< Stop it even if that is only assumed. */
    off = CARDWRIGHT_CHECK_OFF, /**< Never stop it. */
};
/** @private */
template <> struct Traits<Check> {
    using Constant = ::CardwrightCheck;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Check> values[] = {
        {Check::warn, "warn"},
        {Check::strict, "strict"},
        {Check::off, "off"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** Whether the server must prove its identity when Kerberos signs in. */
enum class Mutual : std::uint32_t {
    warn = CARDWRIGHT_MUTUAL_WARN, /**< A wrong proof is an error; a missing one is reported in the log and by `cardwright_client_explain`. */
    require = CARDWRIGHT_MUTUAL_REQUIRE, /**< A missing proof is an error too. */
};
/** @private */
template <> struct Traits<Mutual> {
    using Constant = ::CardwrightMutual;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Mutual> values[] = {
        {Mutual::warn, "warn"},
        {Mutual::require, "require"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** How a client authenticates to the issuer (RFC 6749, 2.3.1). */
enum class ClientAuth : std::uint32_t {
    discover = CARDWRIGHT_CLIENT_AUTH_DISCOVER, /**< As the issuer's document says, preferably `client_secret_basic`. */
    basic = CARDWRIGHT_CLIENT_AUTH_BASIC, /**< `client_secret_basic`: in the header. */
    post = CARDWRIGHT_CLIENT_AUTH_POST, /**< `client_secret_post`: in the form. */
};
/** @private */
template <> struct Traits<ClientAuth> {
    using Constant = ::CardwrightClientAuth;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<ClientAuth> values[] = {
        {ClientAuth::discover, "discover"},
        {ClientAuth::basic, "basic"},
        {ClientAuth::post, "post"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** How a key signs, by the numbers of TLS (RFC 8446, 4.2.3). */
enum class SignatureScheme : std::uint32_t {
    rsa_pss_sha256 = CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA256, /**< RSASSA-PSS with SHA-256, its salt as long as the hash. */
    rsa_pss_sha384 = CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA384, /**< The same with SHA-384. */
    rsa_pss_sha512 = CARDWRIGHT_SIGNATURE_SCHEME_RSA_PSS_SHA512, /**< The same with SHA-512. */
    rsa_pkcs1_sha256 = CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA256, /**< RSASSA-PKCS1-v1_5 with SHA-256. */
    rsa_pkcs1_sha384 = CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA384, /**< The same with SHA-384. */
    rsa_pkcs1_sha512 = CARDWRIGHT_SIGNATURE_SCHEME_RSA_PKCS1_SHA512, /**< The same with SHA-512. */
    ecdsa_p256_sha256 = CARDWRIGHT_SIGNATURE_SCHEME_ECDSA_P256_SHA256, /**< ECDSA on P-256 with SHA-256; the signature is in DER, a sequence of r and s. */
    ecdsa_p384_sha384 = CARDWRIGHT_SIGNATURE_SCHEME_ECDSA_P384_SHA384, /**< ECDSA on P-384 with SHA-384, in DER. */
    ed25519 = CARDWRIGHT_SIGNATURE_SCHEME_ED25519, /**< Ed25519. */
};
/** @private */
template <> struct Traits<SignatureScheme> {
    using Constant = ::CardwrightSignatureScheme;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<SignatureScheme> values[] = {
        {SignatureScheme::rsa_pss_sha256, "rsa_pss_sha256"},
        {SignatureScheme::rsa_pss_sha384, "rsa_pss_sha384"},
        {SignatureScheme::rsa_pss_sha512, "rsa_pss_sha512"},
        {SignatureScheme::rsa_pkcs1_sha256, "rsa_pkcs1_sha256"},
        {SignatureScheme::rsa_pkcs1_sha384, "rsa_pkcs1_sha384"},
        {SignatureScheme::rsa_pkcs1_sha512, "rsa_pkcs1_sha512"},
        {SignatureScheme::ecdsa_p256_sha256, "ecdsa_p256_sha256"},
        {SignatureScheme::ecdsa_p384_sha384, "ecdsa_p384_sha384"},
        {SignatureScheme::ed25519, "ed25519"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** The library that does TLS. */
enum class Tls : std::uint32_t {
    rustls = CARDWRIGHT_TLS_RUSTLS, /**< rustls, which is built in. */
    system = CARDWRIGHT_TLS_SYSTEM, /**< The system's OpenSSL, which must be installed, on Windows SChannel: for older servers (CBC, RSA key exchange, P-521, client certificates that are asked for after the handshake). */
};
/** @private */
template <> struct Traits<Tls> {
    using Constant = ::CardwrightTls;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Tls> values[] = {
        {Tls::rustls, "rustls"},
        {Tls::system, "system"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** What both systems know about a card, whatever they call it. */
enum class CardText : std::uint32_t {
    id = CARDWRIGHT_CARD_TEXT_ID, /**< The id that the system looks the record up by: `id` of CertiFlow, `Uuid` of MIM CM. */
    serial_number = CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER, /**< The serial number, as the system writes it. */
    atr = CARDWRIGHT_CARD_TEXT_ATR, /**< The ATR in hexadecimal digits, as the system writes it. */
    user = CARDWRIGHT_CARD_TEXT_USER, /**< The user: `userName` of CertiFlow, `AssignedUserUuid` of MIM CM. */
    state = CARDWRIGHT_CARD_TEXT_STATE, /**< The state, in the system's word; if it is unknown, what the server sent. */
};
/** @private */
template <> struct Traits<CardText> {
    using Constant = ::CardwrightCardText;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<CardText> values[] = {
        {CardText::id, "id"},
        {CardText::serial_number, "serial_number"},
        {CardText::atr, "atr"},
        {CardText::user, "user"},
        {CardText::state, "state"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** The result of an operation. */
enum class OperationResult : std::uint32_t {
    done = CARDWRIGHT_RESULT_DONE, /**< It was carried out: the card was read again, and is as the operation leaves it. `cardwright_last_error` has what a person should know all the same, or nothing. */
    unknown = CARDWRIGHT_RESULT_UNKNOWN, /**< It may have been carried out, or may still be: the card was read again until the settle limit, and does not tell. `cardwright_last_error` says what was seen. */
    awaiting_approval = CARDWRIGHT_RESULT_AWAITING_APPROVAL, /**< MIM CM accepted the request; somebody must approve it before it can be carried out. */
    refused = CARDWRIGHT_RESULT_REFUSED, /**< The server refused it, or does not accept the account. */
    not_sent = CARDWRIGHT_RESULT_NOT_SENT, /**< No byte of its request left. */
    accepted = CARDWRIGHT_RESULT_ACCEPTED, /**< The server said yes, and the card was not read again, as `CARDWRIGHT_VERIFY_NEVER` asks. */
};
/** @private */
template <> struct Traits<OperationResult> {
    using Constant = ::CardwrightResult;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<OperationResult> values[] = {
        {OperationResult::done, "done"},
        {OperationResult::unknown, "unknown"},
        {OperationResult::awaiting_approval, "awaiting_approval"},
        {OperationResult::refused, "refused"},
        {OperationResult::not_sent, "not_sent"},
        {OperationResult::accepted, "accepted"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** What comes next for a request of MIM CM. */
enum class RequestStep : std::uint32_t {
    await_approval = CARDWRIGHT_REQUEST_STEP_AWAIT_APPROVAL, /**< Somebody must approve it first, or MIM CM has not looked at it yet. */
    carry_out = CARDWRIGHT_REQUEST_STEP_CARRY_OUT, /**< It is approved, or its carrying out was begun: `cardwright_client_go_on` carries it out. */
    done = CARDWRIGHT_REQUEST_STEP_DONE, /**< It is completed. */
    ended = CARDWRIGHT_REQUEST_STEP_ENDED, /**< It was denied, was canceled or has failed, as `status` says: nothing more comes of it. */
    unknown = CARDWRIGHT_REQUEST_STEP_UNKNOWN, /**< Its status is not known: nothing should be sent on its strength. */
};
/** @private */
template <> struct Traits<RequestStep> {
    using Constant = ::CardwrightRequestStep;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<RequestStep> values[] = {
        {RequestStep::await_approval, "await_approval"},
        {RequestStep::carry_out, "carry_out"},
        {RequestStep::done, "done"},
        {RequestStep::ended, "ended"},
        {RequestStep::unknown, "unknown"},
    };
};
#endif

#if defined(CARDWRIGHT_CLIENT)
/** How a check of a server came out. */
enum class DoctorLevel : std::uint32_t {
    ok = CARDWRIGHT_DOCTOR_LEVEL_OK, /**< Nothing is in the way. */
    warn = CARDWRIGHT_DOCTOR_LEVEL_WARN, /**< Something to look at. */
    fail = CARDWRIGHT_DOCTOR_LEVEL_FAIL, /**< Something is in the way. */
};
/** @private */
template <> struct Traits<DoctorLevel> {
    using Constant = ::CardwrightDoctorLevel;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<DoctorLevel> values[] = {
        {DoctorLevel::ok, "ok"},
        {DoctorLevel::warn, "warn"},
        {DoctorLevel::fail, "fail"},
    };
};
#endif

#if defined(CARDWRIGHT_READER)
/** What is in a reader. */
enum class Slot : std::uint32_t {
    empty = CARDWRIGHT_SLOT_EMPTY, /**< Nothing. */
    card = CARDWRIGHT_SLOT_CARD, /**< A card. */
    mute = CARDWRIGHT_SLOT_MUTE, /**< A card that does not answer to reset: inserted upside down, broken, or not a smart card. */
    unavailable = CARDWRIGHT_SLOT_UNAVAILABLE, /**< The reader itself cannot be used. */
};
/** @private */
template <> struct Traits<Slot> {
    using Constant = ::CardwrightSlot;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Slot> values[] = {
        {Slot::empty, "empty"},
        {Slot::card, "card"},
        {Slot::mute, "mute"},
        {Slot::unavailable, "unavailable"},
    };
};
#endif

#if defined(CARDWRIGHT_READER)
/** Who uses the card in a reader. */
enum class Sharing : std::uint32_t {
    free = CARDWRIGHT_SHARING_FREE, /**< Nobody. */
    shared = CARDWRIGHT_SHARING_SHARED, /**< One or more programs, which share it. */
    exclusive = CARDWRIGHT_SHARING_EXCLUSIVE, /**< One program, exclusively. */
};
/** @private */
template <> struct Traits<Sharing> {
    using Constant = ::CardwrightSharing;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Sharing> values[] = {
        {Sharing::free, "free"},
        {Sharing::shared, "shared"},
        {Sharing::exclusive, "exclusive"},
    };
};
#endif

#if defined(CARDWRIGHT_READER)
/** The kind of an event. */
enum class EventKind : std::uint32_t {
    none = CARDWRIGHT_EVENT_KIND_NONE, /**< Nothing happened within the limit. */
    reader_added = CARDWRIGHT_EVENT_KIND_READER_ADDED, /**< There is a reader: at the start of the watch, or newly plugged in. */
    reader_removed = CARDWRIGHT_EVENT_KIND_READER_REMOVED, /**< A reader was unplugged, or disappeared with the service. */
    card_inserted = CARDWRIGHT_EVENT_KIND_CARD_INSERTED, /**< A card is in a reader: at the start of the watch, or newly inserted. */
    card_removed = CARDWRIGHT_EVENT_KIND_CARD_REMOVED, /**< A card was removed, or disappeared with its reader or the service. */
    missed = CARDWRIGHT_EVENT_KIND_MISSED, /**< Events of a reader were missed: cards were inserted or removed faster than events were read. */
    service_lost = CARDWRIGHT_EVENT_KIND_SERVICE_LOST, /**< The service does not answer. */
    service_back = CARDWRIGHT_EVENT_KIND_SERVICE_BACK, /**< The service answers again. */
};
/** @private */
template <> struct Traits<EventKind> {
    using Constant = ::CardwrightEventKind;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<EventKind> values[] = {
        {EventKind::none, "none"},
        {EventKind::reader_added, "reader_added"},
        {EventKind::reader_removed, "reader_removed"},
        {EventKind::card_inserted, "card_inserted"},
        {EventKind::card_removed, "card_removed"},
        {EventKind::missed, "missed"},
        {EventKind::service_lost, "service_lost"},
        {EventKind::service_back, "service_back"},
    };
};
#endif

#if defined(CARDWRIGHT_READER)
/** Whether other programs may use the card during a session. */
enum class Share : std::uint32_t {
    shared = CARDWRIGHT_SHARE_SHARED, /**< They may; a transaction keeps them out for a while. */
    exclusive = CARDWRIGHT_SHARE_EXCLUSIVE, /**< They may not. */
};
/** @private */
template <> struct Traits<Share> {
    using Constant = ::CardwrightShare;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Share> values[] = {
        {Share::shared, "shared"},
        {Share::exclusive, "exclusive"},
    };
};
#endif

#if defined(CARDWRIGHT_READER)
/** Which transmission protocols a session accepts, or which one it uses. */
enum class Protocol : std::uint32_t {
    any = CARDWRIGHT_PROTOCOL_ANY, /**< Accepted: whichever the system chooses of those that the card offers. */
    t0 = CARDWRIGHT_PROTOCOL_T0, /**< T=0: bytes. */
    t1 = CARDWRIGHT_PROTOCOL_T1, /**< T=1: blocks. */
};
/** @private */
template <> struct Traits<Protocol> {
    using Constant = ::CardwrightProtocol;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<Protocol> values[] = {
        {Protocol::any, "any"},
        {Protocol::t0, "t0"},
        {Protocol::t1, "t1"},
    };
};
#endif

#if defined(CARDWRIGHT_HOSTED)
/** The level of a line of the log. */
enum class LogLevel : std::uint32_t {
    off = CARDWRIGHT_LOG_LEVEL_OFF, /**< No lines. */
    error = CARDWRIGHT_LOG_LEVEL_ERROR, /**< Something does not work. */
    warn = CARDWRIGHT_LOG_LEVEL_WARN, /**< Something is not as expected. */
    info = CARDWRIGHT_LOG_LEVEL_INFO, /**< Something notable was done. */
    debug = CARDWRIGHT_LOG_LEVEL_DEBUG, /**< Each request to a server and each connection to a card. */
    trace = CARDWRIGHT_LOG_LEVEL_TRACE, /**< Each exchange with a card: lengths, instructions and status words. */
};
/** @private */
template <> struct Traits<LogLevel> {
    using Constant = ::CardwrightLogLevel;
    static constexpr std::uint32_t enumeration = 0;
    static constexpr Named<LogLevel> values[] = {
        {LogLevel::off, "off"},
        {LogLevel::error, "error"},
        {LogLevel::warn, "warn"},
        {LogLevel::info, "info"},
        {LogLevel::debug, "debug"},
        {LogLevel::trace, "trace"},
    };
};
#endif

} // namespace cardwright

#endif /* CARDWRIGHT_ENUMERATIONS_HPP */
