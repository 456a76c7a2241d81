/*
 * Walks every function of the header: NULL, no bytes, short buffers, wrong numbers, text that is not UTF-8,
 * and success. functions.h is written from the header, one FUNCTION(name) a line, so that a function
 * without a case below does not compile.
 */

#include <cardwright.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks;

#define CHECK(fact)                                                     \
    do {                                                                \
        checks++;                                                       \
        if (!(fact)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #fact);  \
            exit(1);                                                    \
        }                                                               \
    } while (0)

#define OK(call) CHECK((call) == CARDWRIGHT_OK)
#define ARGUMENT(call) CHECK((call) == CARDWRIGHT_CODE_ARGUMENT)
#define UNKNOWN(call) CHECK((call) == CARDWRIGHT_CODE_UNKNOWN_VALUE)
#define CODE(call, code) CHECK((call) == CARDWRIGHT_CODE_##code)

/* On bare metal parameters have no names. */
#if defined(CARDWRIGHT_HOSTED)
#define NAME(name) name
#else
#define NAME(name) ""
#endif

/* The error that a call of `NAMED` is passed. */
static CardwrightError told;

/* A wrong argument, of which the error has the name. */
#define NAMED(name, call)                                                                        \
    do {                                                                                         \
        size_t expected = strlen(NAME(name));                                                    \
        memset(&told, 0, sizeof told);                                                           \
        told.struct_size = sizeof told;                                                          \
        ARGUMENT(call);                                                                          \
        CHECK(told.what_length == expected && memcmp(told.what, NAME(name), expected) == 0);     \
    } while (0)

/* A function that writes a text: too little room, none, exactly enough, and nowhere to write. */
#define TEXT(expected, function, ...)                                                          \
    do {                                                                                       \
        char room[512];                                                                        \
        size_t wrote = 77, needed = strlen(expected) + 1;                                      \
        CardwrightError error = {.struct_size = sizeof error};                                 \
        memset(room, '#', sizeof room);                                                        \
        CODE(function(__VA_ARGS__, NULL, 0, &wrote, &error), ROOM);                            \
        CHECK(error.at == needed && error.code == CARDWRIGHT_CODE_ROOM && wrote == needed);    \
        wrote = 77;                                                                            \
        CODE(function(__VA_ARGS__, room, needed - 1, &wrote, NULL), ROOM);                     \
        CHECK(room[0] == '#' && wrote == needed);                                              \
        NAMED("buffer", function(__VA_ARGS__, NULL, 5, &wrote, &told));                        \
        NAMED("length", function(__VA_ARGS__, room, sizeof room, NULL, &told));                \
        CHECK(room[0] == '#');                                                                 \
        OK(function(__VA_ARGS__, room, needed, &wrote, &error));                               \
        CHECK(wrote + 1 == needed && strcmp(room, expected) == 0 && room[needed] == '#');      \
    } while (0)

/* The same function with something wrong: nothing is written. */
#define NO_TEXT(code, function, ...)                                       \
    do {                                                                   \
        char room[8] = "#######";                                          \
        size_t wrote = 77;                                                 \
        CODE(function(__VA_ARGS__, room, sizeof room, &wrote, NULL), code); \
        CHECK(strcmp(room, "#######") == 0 && wrote == 77);                \
    } while (0)

/* A structure that the library fills: NULL, and a size that no version has. */
#define STRUCTURE(type, function, ...)                                     \
    do {                                                                   \
        type wrong = {.struct_size = 1};                                   \
        ARGUMENT(function(__VA_ARGS__, NULL, NULL));                       \
        NAMED("struct_size", function(__VA_ARGS__, &wrong, &told));        \
        CHECK(wrong.struct_size == 1);                                     \
    } while (0)

#if defined(CARDWRIGHT_CLIENT)
#define LAST_ENUMERATION CARDWRIGHT_ENUMERATION_STOPPED
#else
#define LAST_ENUMERATION CARDWRIGHT_ENUMERATION_SURE
#endif

/* Those of clients stand between the others. */
#if defined(CARDWRIGHT_CLIENT)
#define IS_THERE(number) 1
#else
#define IS_THERE(number) ((number) <= CARDWRIGHT_ENUMERATION_CARD_KIND || (number) >= CARDWRIGHT_ENUMERATION_BASIS)
#endif

#define BYTES(text) ((const uint8_t *)(text))
#define T(text) cardwright_text(text)

static const CardwrightText not_utf8 = {.data = "ab\xFF", .length = 3};

/* T=0 and T=1, a COMPACT-TLV status, a wrong check byte. */
static const uint8_t atr[] = {0x3B, 0xD5, 0x18, 0xFF, 0x81, 0x91, 0xFE, 0x1F,
                              0xC3, 0x80, 0x73, 0xC8, 0x21, 0x10, 0x0B};
static const char card_json[] =
    "{\"id\":1013,\"serialNumber\":\"02A1\\u00e9\",\"tags\":[\"a\",\"b,c\"],\"state\":\"Issued\","
    "\"certificates\":[{\"type\":\"Managed\",\"validTo\":\"2026-01-01\"}]}";

static void case_cardwright_version(void) { CHECK(strncmp(cardwright_version(), "0.", 2) == 0); }

static void case_cardwright_code_text(void)
{
    CHECK(strcmp(cardwright_code_text(CARDWRIGHT_OK), "success") == 0);
    CHECK(strcmp(cardwright_code_text(CARDWRIGHT_CODE_SHORT), "the input ends too early") == 0);
    CHECK(strcmp(cardwright_code_text(CARDWRIGHT_CODE_NOT_FOUND), "not found") == 0);
    CHECK(strcmp(cardwright_code_text(CARDWRIGHT_CODE_ARGUMENT), "an argument that the function does not take") == 0);
    for (int32_t code = -1000; code <= 1000; code++) {
        CHECK(strlen(cardwright_code_text(code)) > 3);
    }
    CHECK(strcmp(cardwright_code_text(INT32_MIN), cardwright_code_text(INT32_MAX)) == 0);
}

static void case_cardwright_text(void)
{
    CHECK(T(NULL).data == NULL && T(NULL).length == 0);
    CHECK(T("").data != NULL && T("").length == 0);
    CHECK(T("abc").length == 3);
}

static void case_cardwright_enumeration_name(void)
{
    TEXT("Revoked", cardwright_enumeration_name, CARDWRIGHT_ENUMERATION_CARD_STATE, CARDWRIGHT_CARD_STATE_REVOKED);
    TEXT("suspend", cardwright_enumeration_name, CARDWRIGHT_ENUMERATION_OPERATION, CARDWRIGHT_OPERATION_SUSPEND);
    NO_TEXT(UNKNOWN_VALUE, cardwright_enumeration_name, CARDWRIGHT_ENUMERATION_CARD_STATE, 0);
    for (uint32_t number = 0; number < 40; number++) {
        char room[64];
        size_t length;
        int names = 0;
        for (uint32_t value = 0; value < 32; value++) {
            names += cardwright_enumeration_name(number, value, room, sizeof room, &length, NULL) == CARDWRIGHT_OK;
        }
        CHECK((names > 1) == (number >= 1 && number <= LAST_ENUMERATION && IS_THERE(number)));
    }
    NO_TEXT(UNKNOWN_VALUE, cardwright_enumeration_name, UINT32_MAX, UINT32_MAX);
}

static void case_cardwright_enumeration_value(void)
{
    uint32_t value = 77;
    OK(cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_REVOCATION_REASON, T("cardlost"), &value, NULL));
    CHECK(value == CARDWRIGHT_REVOCATION_REASON_CARD_LOST);
    value = 77;
    UNKNOWN(cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SYSTEM, T("nobody"), &value, NULL));
    UNKNOWN(cardwright_enumeration_value(99, T("MIM"), &value, NULL));
    UNKNOWN(cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SYSTEM, T(""), &value, NULL));
    NAMED("name", cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SYSTEM, T(NULL), &value, &told));
    CODE(cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SYSTEM, not_utf8, &value, NULL), JSON_UTF8);
    NAMED("value", cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SYSTEM, T("MIM"), NULL, &told));
    CHECK(value == 77);
}

static void case_cardwright_atr_parse(void)
{
    CardwrightAtr out = {.struct_size = sizeof out};
    CardwrightError error = {.struct_size = sizeof error};
    OK(cardwright_atr_parse(atr, sizeof atr, &out, &error));
    CHECK(out.protocols == 2 && out.default_protocol == 1 && out.k == 5 && out.historical_at == 9);
    CHECK(out.fi == 372 && out.di == 12 && out.ifsc == 254 && out.has_t1 == 1 && out.wi == 0);
    CHECK(out.tck == 0x0B && out.tck_right == 0x0A && out.tck_state == CARDWRIGHT_TCK_STATE_WRONG);
    CHECK(out.findings == 1 && out.broken_rules == UINT64_C(1) << CARDWRIGHT_RULE_TCK_WRONG && out.levels == 4);
    CODE(cardwright_atr_parse(atr, 3, &out, &error), SHORT);
    CHECK(error.at == 3 && error.what_length > 0 && out.k == 5);
    CODE(cardwright_atr_parse(NULL, 0, &out, &error), SHORT);
    CODE(cardwright_atr_parse(BYTES("\x3A\x00"), 2, &out, NULL), TS);
    NAMED("bytes", cardwright_atr_parse(NULL, 5, &out, &told));
    STRUCTURE(CardwrightAtr, cardwright_atr_parse, atr, sizeof atr);
    error.struct_size = 1;
    error.code = 77;
    CODE(cardwright_atr_parse(NULL, 0, &out, &error), SHORT);
    CHECK(error.code == 77);
}

static void case_cardwright_atr_from_hex(void)
{
    uint8_t room[CARDWRIGHT_ATR_MAX + 1] = {0x77, 0x77, 0x77, 0x77, 0x77, 0x77};
    size_t length = 77;
    CODE(cardwright_atr_from_hex(T("3B 6"), room, sizeof room, &length, NULL), HEX_ODD);
    CODE(cardwright_atr_from_hex(T("3G"), room, sizeof room, &length, NULL), HEX);
    CODE(cardwright_atr_from_hex(T(""), room, sizeof room, &length, NULL), SHORT);
    CODE(cardwright_atr_from_hex(not_utf8, room, sizeof room, &length, NULL), JSON_UTF8);
    CODE(cardwright_atr_from_hex(T("3B00"), room, 1, &length, NULL), ROOM);
    NAMED("text", cardwright_atr_from_hex(T(NULL), room, sizeof room, &length, &told));
    NAMED("buffer", cardwright_atr_from_hex(T("3B00"), NULL, 2, &length, &told));
    NAMED("length", cardwright_atr_from_hex(T("3B00"), room, sizeof room, NULL, &told));
    CHECK(room[0] == 0x77 && length == 2);
    OK(cardwright_atr_from_hex(T("3b:00"), room, 2, &length, NULL));
    CHECK(length == 2 && room[0] == 0x3B && room[1] == 0 && room[2] == 0x77);
}

static void case_cardwright_atr_level(void)
{
    CardwrightAtrLevel level = {.struct_size = sizeof level};
    OK(cardwright_atr_level(atr, sizeof atr, 2, &level, NULL));
    CHECK(level.number == 3 && level.qualified_by == 1 && level.ta.present == 1 && level.ta.value == 0xFE);
    OK(cardwright_atr_level(atr, sizeof atr, 0, &level, NULL));
    CHECK(level.qualified_by == CARDWRIGHT_NO_T && level.ta.value == 0x18 && level.ta.at == 2);
    NAMED("index", cardwright_atr_level(atr, sizeof atr, 4, &level, &told));
    NAMED("index", cardwright_atr_level(atr, sizeof atr, SIZE_MAX, &level, &told));
    NAMED("bytes", cardwright_atr_level(NULL, 2, 0, &level, &told));
    CODE(cardwright_atr_level(NULL, 0, 0, &level, NULL), SHORT);
    CHECK(level.number == 1);
    STRUCTURE(CardwrightAtrLevel, cardwright_atr_level, atr, sizeof atr, 0);
}

static void case_cardwright_atr_object(void)
{
    CardwrightAtrObject object = {.struct_size = sizeof object};
    OK(cardwright_atr_object(atr, sizeof atr, 0, &object, NULL));
    CHECK(object.tag == 7 && object.length == 3 && object.value[0] == 0xC8 && object.value[2] == 0x10);
    NAMED("index", cardwright_atr_object(atr, sizeof atr, 1, &object, &told));
    NAMED("bytes", cardwright_atr_object(NULL, 2, 0, &object, &told));
    CODE(cardwright_atr_object(atr, 0, 0, &object, NULL), SHORT);
    STRUCTURE(CardwrightAtrObject, cardwright_atr_object, atr, sizeof atr, 0);
}

static void case_cardwright_atr_finding(void)
{
    CardwrightFinding finding = {.struct_size = sizeof finding};
    OK(cardwright_atr_finding(atr, sizeof atr, 0, &finding, NULL));
    CHECK(finding.rule == CARDWRIGHT_RULE_TCK_WRONG && finding.at == 14 && finding.value == 0x0B);
    NAMED("index", cardwright_atr_finding(atr, sizeof atr, 1, &finding, &told));
    NAMED("bytes", cardwright_atr_finding(NULL, 2, 0, &finding, &told));
    CODE(cardwright_atr_finding(NULL, 0, 0, &finding, NULL), SHORT);
    STRUCTURE(CardwrightFinding, cardwright_atr_finding, atr, sizeof atr, 0);
}

static void case_cardwright_atr_finding_name(void)
{
    CardwrightFinding finding = {.struct_size = sizeof finding, .rule = CARDWRIGHT_RULE_UNDEFINED_TA,
                                 .level = 3, .qualified_by = 14};
    TEXT("ta3-undefined-for-t14", cardwright_atr_finding_name, &finding);
    NO_TEXT(ARGUMENT, cardwright_atr_finding_name, NULL);
    finding.rule = 258;
    NO_TEXT(UNKNOWN_VALUE, cardwright_atr_finding_name, &finding);
    finding.struct_size--;
    NO_TEXT(ARGUMENT, cardwright_atr_finding_name, &finding);
}

static void case_cardwright_atr_rule(void)
{
    CardwrightRuleFacts facts = {.struct_size = sizeof facts};
    OK(cardwright_atr_rule(CARDWRIGHT_RULE_TCK_MISSING, &facts, NULL));
    CHECK(facts.name.length == 11 && memcmp(facts.name.data, "tck-missing", 11) == 0);
    UNKNOWN(cardwright_atr_rule(0, &facts, NULL));
    UNKNOWN(cardwright_atr_rule(257, &facts, NULL));
    UNKNOWN(cardwright_atr_rule(UINT32_MAX, &facts, NULL));
    STRUCTURE(CardwrightRuleFacts, cardwright_atr_rule, 1);
}

static void case_cardwright_atr_timing(void)
{
    CardwrightTiming timing = {.struct_size = sizeof timing};
    OK(cardwright_atr_timing(atr, sizeof atr, 372, 1, &timing, NULL));
    CHECK(timing.etu.cycles == 372 && timing.etu.per == 1 && timing.wt.cycles == 0 && timing.wt.per == 1);
    CHECK(timing.bwt.cycles > 372 * 960);
    NAMED("f", cardwright_atr_timing(atr, sizeof atr, 0, 1, &timing, &told));
    NAMED("d", cardwright_atr_timing(atr, sizeof atr, 372, 0, &timing, &told));
    NAMED("bytes", cardwright_atr_timing(NULL, 2, 372, 1, &timing, &told));
    CODE(cardwright_atr_timing(NULL, 0, 372, 1, &timing, NULL), SHORT);
    STRUCTURE(CardwrightTiming, cardwright_atr_timing, atr, sizeof atr, 372, 1);
}

static void case_cardwright_atr_historical(void)
{
    /* A status of category 00; a storage card; data objects 41, 43, 44 and 4F. */
    static const uint8_t status[] = {0x3B, 0x04, 0x00, 0x05, 0x90, 0x00};
    static const uint8_t storage[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
                                      0x03, 0x06, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x6A};
    static const uint8_t objects[] = {0x3B, 0x0E, 0x80, 0x12, 0x27, 0x6F, 0x31, 0x80, 0x41, 0x10,
                                      0x21, 0x47, 0x11, 0xF2, 0xA0, 0x01};
    static const uint8_t reference[] = {0x3B, 0x02, 0x10, 0x85};
    CardwrightHistorical out = {.struct_size = sizeof out};
    OK(cardwright_atr_historical(atr, sizeof atr, &out, NULL));
    CHECK(out.category == CARDWRIGHT_CATEGORY_COMPACT_TLV && out.capabilities == 3 && out.selection == 0xC8);
    CHECK(out.data_coding == 0x21 && out.command_coding == 0x10 && out.channels == 1 && !out.is_storage_card);
    OK(cardwright_atr_historical(status, sizeof status, &out, NULL));
    CHECK(out.has_life_cycle && out.life_cycle == 5 && out.has_status_word && out.status_word == 0x9000);
    CHECK(out.life_cycle_text.length == strlen("operational-activated") && out.capabilities == 0);
    OK(cardwright_atr_historical(storage, sizeof storage, &out, NULL));
    CHECK(out.is_storage_card && out.standard == 3 && out.card_name == 1 && out.has_life_cycle == 0);
    CHECK(memcmp(out.card_name_text.data, "MIFARE Classic 1K", out.card_name_text.length) == 0);
    CHECK(out.standard_text.length > 0 && out.life_cycle_text.data == NULL);
    OK(cardwright_atr_historical(objects, sizeof objects, &out, NULL));
    CHECK(out.has_country_code && out.country_code == 276 && out.has_card_service && out.card_service == 0x80);
    CHECK(out.has_initial_access && out.initial_access[1] == 0xB0 && out.initial_access[4] == 0x10);
    CHECK(out.issuer_length == 1 && out.issuer[0] == 0x47 && out.application_length == 0);
    OK(cardwright_atr_historical(reference, sizeof reference, &out, NULL));
    CHECK(out.has_dir_reference && out.dir_reference == 0x85);
    OK(cardwright_atr_historical(BYTES("\x3B\x00"), 2, &out, NULL));
    CHECK(out.category == 0 && out.has_dir_reference == 0);
    CODE(cardwright_atr_historical(NULL, 0, &out, NULL), SHORT);
    NAMED("bytes", cardwright_atr_historical(NULL, 3, &out, &told));
    STRUCTURE(CardwrightHistorical, cardwright_atr_historical, atr, sizeof atr);
}

static void case_cardwright_atr_build(void)
{
    CardwrightLevelParts levels[] = {{.has_ta = 1, .ta = 0x18, .has_td = 1, .t = 1}, {.has_td = 1, .t = 1},
                                     {.has_ta = 1, .ta = 0xFE}};
    CardwrightAtrParts parts = {.struct_size = sizeof parts, .levels = levels, .level_count = 3,
                                .historical = BYTES("ab"), .k = 2};
    uint8_t made[CARDWRIGHT_ATR_MAX + 1];
    size_t length = 77;
    memset(made, 0x77, sizeof made);
    CODE(cardwright_atr_build(&parts, made, 8, &length, NULL), ROOM);
    NAMED("parts", cardwright_atr_build(NULL, made, sizeof made, &length, &told));
    NAMED("buffer", cardwright_atr_build(&parts, NULL, 5, &length, &told));
    NAMED("length", cardwright_atr_build(&parts, made, sizeof made, NULL, &told));
    levels[1].t = 16;
    CODE(cardwright_atr_build(&parts, made, sizeof made, &length, NULL), UNWRITABLE);
    levels[1].t = 1;
    levels[1].has_td = 0;
    CODE(cardwright_atr_build(&parts, made, sizeof made, &length, NULL), UNWRITABLE);
    levels[1].has_td = 1;
    parts.level_count = CARDWRIGHT_MAX_LEVELS + 1;
    CODE(cardwright_atr_build(&parts, made, sizeof made, &length, NULL), ROOM);
    parts.level_count = 3;
    parts.levels = NULL;
    NAMED("levels", cardwright_atr_build(&parts, made, sizeof made, &length, &told));
    parts.levels = levels;
    parts.k = 16;
    parts.historical = BYTES("0123456789abcdef");
    CODE(cardwright_atr_build(&parts, made, sizeof made, &length, NULL), UNWRITABLE);
    parts.k = 2;
    parts.convention = 0x3A;
    UNKNOWN(cardwright_atr_build(&parts, made, sizeof made, &length, NULL));
    parts.convention = 0;
    parts.check_byte = 3;
    UNKNOWN(cardwright_atr_build(&parts, made, sizeof made, &length, NULL));
    parts.check_byte = CARDWRIGHT_CHECK_BYTE_GIVEN;
    parts.check = 256;
    UNKNOWN(cardwright_atr_build(&parts, made, sizeof made, &length, NULL));
    CHECK(made[0] == 0x77 && length > 2);
    parts.check_byte = CARDWRIGHT_CHECK_BYTE_AS_IT_SHOULD_BE;
    OK(cardwright_atr_build(&parts, made, 9, &length, NULL));
    /* TA1, TD1, TD2, TA3; the sum of all from T0 on is 0. */
    CHECK(length == 9 && memcmp(made, "\x3B\x92\x18\x81\x11\xFE" "01", 8) == 0 && made[9] == 0x77);
    CardwrightAtr again = {.struct_size = sizeof again};
    OK(cardwright_atr_parse(made, length, &again, NULL));
    CHECK(again.tck_state == CARDWRIGHT_TCK_STATE_RIGHT && again.ifsc == 0xFE && again.k == 2);
    parts.convention = CARDWRIGHT_CONVENTION_INVERSE;
    parts.check_byte = CARDWRIGHT_CHECK_BYTE_OMITTED;
    parts.level_count = 0;
    parts.k = 0;
    OK(cardwright_atr_build(&parts, made, sizeof made, &length, NULL));
    CHECK(length == 2 && made[0] == 0x3F && made[1] == 0);
    parts.struct_size--;
    NAMED("struct_size", cardwright_atr_build(&parts, made, sizeof made, &length, &told));
}

static void case_cardwright_hex_write(void)
{
    TEXT("3B00FE", cardwright_hex_write, BYTES("\x3B\x00\xFE"), 3, CARDWRIGHT_HEX_UPPER);
    TEXT("3b00fe", cardwright_hex_write, BYTES("\x3B\x00\xFE"), 3, CARDWRIGHT_HEX_LOWER);
    TEXT("3B 00 FE", cardwright_hex_write, BYTES("\x3B\x00\xFE"), 3, CARDWRIGHT_HEX_SPACED);
    TEXT("", cardwright_hex_write, NULL, 0, CARDWRIGHT_HEX_SPACED);
    NO_TEXT(UNKNOWN_VALUE, cardwright_hex_write, BYTES("a"), 1, 3);
    NO_TEXT(ARGUMENT, cardwright_hex_write, NULL, 1, 0);
}

static void case_cardwright_atr_emv_refusals(void)
{
    uint32_t refusals = 77;
    UNKNOWN(cardwright_atr_emv_refusals(atr, sizeof atr, 0, &refusals, NULL));
    UNKNOWN(cardwright_atr_emv_refusals(atr, sizeof atr, 3, &refusals, NULL));
    NAMED("bytes", cardwright_atr_emv_refusals(NULL, 3, 1, &refusals, &told));
    NAMED("refusals", cardwright_atr_emv_refusals(atr, sizeof atr, 1, NULL, &told));
    CODE(cardwright_atr_emv_refusals(NULL, 0, 1, &refusals, NULL), SHORT);
    CHECK(refusals == 77);
    OK(cardwright_atr_emv_refusals(atr, sizeof atr, CARDWRIGHT_RESET_COLD, &refusals, NULL));
    CHECK(refusals >> CARDWRIGHT_EMV_RULE_TB1_MISSING & 1 && refusals >> CARDWRIGHT_EMV_RULE_TCK & 1);
    OK(cardwright_atr_emv_refusals(atr, sizeof atr, CARDWRIGHT_RESET_WARM, &refusals, NULL));
    CHECK(!(refusals >> CARDWRIGHT_EMV_RULE_TB1_MISSING & 1));
    /* EMV's own basic response. */
    OK(cardwright_atr_emv_refusals(BYTES("\x3B\x60\x00\x00"), 4, CARDWRIGHT_RESET_COLD, &refusals, NULL));
    CHECK(refusals == 0);
}

static void case_cardwright_atr_emv_rule_name(void)
{
    CardwrightText name = cardwright_atr_emv_rule_name(CARDWRIGHT_EMV_RULE_TB1_MISSING);
    CHECK(name.length == 11 && memcmp(name.data, "tb1-missing", 11) == 0);
    CHECK(cardwright_atr_emv_rule_name(0).data == NULL && cardwright_atr_emv_rule_name(257).data == NULL);
}

static void case_cardwright_ratio_nanoseconds(void)
{
    CardwrightRatio etu = {.cycles = 372, .per = 1};
    uint64_t time = 77;
    NAMED("clock_hz", cardwright_ratio_nanoseconds(etu, 0, &time, &told));
    NAMED("nanoseconds", cardwright_ratio_nanoseconds(etu, 4000000, NULL, &told));
    CHECK(time == 77);
    OK(cardwright_ratio_nanoseconds(etu, 4000000, &time, NULL));
    CHECK(time == 93000);
    etu.per = 0;
    OK(cardwright_ratio_nanoseconds(etu, 4000000, &time, NULL));
    CHECK(time == 93000);
    etu.cycles = UINT64_MAX;
    OK(cardwright_ratio_nanoseconds(etu, 1, &time, NULL));
}

static void case_cardwright_rate_bits_per_second(void)
{
    uint64_t bits = 77;
    NAMED("f", cardwright_rate_bits_per_second(0, 1, 4000000, &bits, &told));
    NAMED("d", cardwright_rate_bits_per_second(372, 0, 4000000, &bits, &told));
    NAMED("bits", cardwright_rate_bits_per_second(372, 1, 4000000, NULL, &told));
    CHECK(bits == 77);
    OK(cardwright_rate_bits_per_second(372, 1, 3571200, &bits, NULL));
    CHECK(bits == 9600);
}

static void case_cardwright_date_parse(void)
{
    int64_t seconds = 77;
    UNKNOWN(cardwright_date_parse(T("0001-01-01T00:00:00"), &seconds, NULL));
    UNKNOWN(cardwright_date_parse(T("soon"), &seconds, NULL));
    NAMED("date", cardwright_date_parse(T(NULL), &seconds, &told));
    NAMED("seconds", cardwright_date_parse(T("2026-01-01"), NULL, &told));
    CODE(cardwright_date_parse(not_utf8, &seconds, NULL), JSON_UTF8);
    CHECK(seconds == 77);
    OK(cardwright_date_parse(T("1970-01-02T00:00:01.5+01:00"), &seconds, NULL));
    CHECK(seconds == 82801);
}

static void case_cardwright_status_word_text(void)
{
    CHECK(memcmp(cardwright_status_word_text(0x9000).data, "done", 4) == 0);
    for (uint32_t word = 0; word <= 0xFFFF; word++) {
        CHECK(cardwright_status_word_text(word).length > 0);
    }
}

static void case_cardwright_serial_match(void)
{
    CardwrightText guid = T("{D1EF6869-5517-42A0-8F05-16CA1A0B834D}");
    uint32_t how = 77;
    CODE(cardwright_serial_match(T(""), guid, &how, NULL), SERIAL);
    CODE(cardwright_serial_match(guid, T("a\nb"), &how, NULL), SERIAL);
    CODE(cardwright_serial_match(guid, not_utf8, &how, NULL), JSON_UTF8);
    NAMED("one", cardwright_serial_match(T(NULL), guid, &how, &told));
    NAMED("other", cardwright_serial_match(guid, T(NULL), &how, &told));
    NAMED("how", cardwright_serial_match(guid, guid, NULL, &told));
    CHECK(how == 77);
    OK(cardwright_serial_match(guid, T("d1ef6869-5517-42a0-8f05-16ca1a0b834d"), &how, NULL));
    CHECK(how == CARDWRIGHT_MATCH_SAME);
    OK(cardwright_serial_match(guid, T("6968EFD11755A0428F0516CA1A0B834D"), &how, NULL));
    CHECK(how == CARDWRIGHT_MATCH_GUID_BYTES_WINDOWS);
    OK(cardwright_serial_match(T("02A1"), T("02 a1"), &how, NULL));
    CHECK(how == CARDWRIGHT_MATCH_SAME);
    OK(cardwright_serial_match(T("02A1"), T("02A2"), &how, NULL));
    CHECK(how == 0);
}

static void case_cardwright_serial_spell(void)
{
    CardwrightText bytes = T("69 68 EF D1 17 55 A0 42 8F 05 16 CA 1A 0B 83 4D");
    TEXT("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}", cardwright_serial_spell, bytes, CARDWRIGHT_SERIAL_FORM_BRACED,
         CARDWRIGHT_BYTE_ORDER_WINDOWS);
    TEXT("6968efd1-1755-a042-8f05-16ca1a0b834d", cardwright_serial_spell, bytes, CARDWRIGHT_SERIAL_FORM_BARE,
         CARDWRIGHT_BYTE_ORDER_RFC4122);
    TEXT("02A1", cardwright_serial_spell, T("02:a1"), CARDWRIGHT_SERIAL_FORM_HEX, CARDWRIGHT_BYTE_ORDER_WINDOWS);
    TEXT("a text", cardwright_serial_spell, T(" a text "), CARDWRIGHT_SERIAL_FORM_PLAIN, CARDWRIGHT_BYTE_ORDER_WINDOWS);
    NO_TEXT(GUID, cardwright_serial_spell, T("02A1"), CARDWRIGHT_SERIAL_FORM_BARE, CARDWRIGHT_BYTE_ORDER_WINDOWS);
    NO_TEXT(SERIAL, cardwright_serial_spell, T(" "), CARDWRIGHT_SERIAL_FORM_BARE, CARDWRIGHT_BYTE_ORDER_WINDOWS);
    NO_TEXT(UNKNOWN_VALUE, cardwright_serial_spell, bytes, 4, CARDWRIGHT_BYTE_ORDER_WINDOWS);
    NO_TEXT(UNKNOWN_VALUE, cardwright_serial_spell, bytes, 1, 0);
    NO_TEXT(ARGUMENT, cardwright_serial_spell, T(NULL), 1, 1);
    NO_TEXT(JSON_UTF8, cardwright_serial_spell, not_utf8, 1, 1);
}

/* A dialogue with a PIV card that answers its CHUID and nothing else; returns the number of commands. */
static int piv(CardwrightIdentity *identity)
{
    static const uint8_t chuid[] = {0x53, 0x12, 0x34, 0x10, 0x5C, 0x0E, 0x91, 0xA7, 0x4F, 0x2D, 0x48,
                                    0x3B, 0xB6, 0xD0, 0x18, 0xE2, 0x93, 0x7A, 0x6C, 0x45, 0x90, 0x00};
    uint8_t command[CARDWRIGHT_COMMAND_ROOM];
    size_t length;
    int commands = 0;
    OK(cardwright_identity_init(identity, BYTES("\x3B\x00"), 2, CARDWRIGHT_INTERFACE_CONTACT, NULL));
    for (;;) {
        OK(cardwright_identity_command(identity, command, sizeof command, &length, NULL));
        if (length == 0) {
            return commands;
        }
        CHECK(++commands <= CARDWRIGHT_MAX_COMMANDS);
        int is_piv = command[1] == 0xA4 && length > 9 && command[5] == 0xA0 && command[8] == 0x03 && command[9] == 0x08;
        int is_chuid = command[1] == 0xCB && length >= 10 && command[7] == 0x5F && command[9] == 0x02;
        if (is_chuid) {
            OK(cardwright_identity_answer(identity, chuid, sizeof chuid, NULL));
        } else {
            OK(cardwright_identity_answer(identity, BYTES(is_piv ? "\x90\x00" : "\x6A\x82"), 2, NULL));
        }
    }
}

static void case_cardwright_identity_init(void)
{
    CardwrightIdentity identity;
    OK(cardwright_identity_init(&identity, NULL, 0, CARDWRIGHT_INTERFACE_UNKNOWN, NULL));
    OK(cardwright_identity_init(&identity, BYTES("\xFF\xFF"), 2, CARDWRIGHT_INTERFACE_CONTACTLESS, NULL));
    UNKNOWN(cardwright_identity_init(&identity, NULL, 0, 3, NULL));
    UNKNOWN(cardwright_identity_init(&identity, NULL, 0, 256, NULL));
    NAMED("identity", cardwright_identity_init(NULL, NULL, 0, 0, &told));
    NAMED("atr", cardwright_identity_init(&identity, NULL, 2, 0, &told));
}

static void case_cardwright_identity_add(void)
{
    CardwrightIdentity identity;
    CardwrightKind kind = {.struct_size = sizeof kind};
    CardwrightIdentifier found = {.struct_size = sizeof found};
    uint64_t kinds;
    size_t identifiers, length;
    uint8_t command[CARDWRIGHT_COMMAND_ROOM];
    const uint32_t own = CARDWRIGHT_OTHER + 7, source = CARDWRIGHT_OTHER + 3;
    memset(&identity, 0, sizeof identity);
    NAMED("identity", cardwright_identity_add(&identity, own, source, BYTES("LX-1"), 4, 1, &told));
    NAMED("identity", cardwright_identity_add(NULL, own, source, BYTES("LX-1"), 4, 1, &told));
    OK(cardwright_identity_init(&identity, NULL, 0, CARDWRIGHT_INTERFACE_CONTACT, NULL));
    UNKNOWN(cardwright_identity_add(&identity, 64, source, BYTES("LX-1"), 4, 1, NULL));
    UNKNOWN(cardwright_identity_add(&identity, own, 0, BYTES("LX-1"), 4, 1, NULL));
    NAMED("bytes", cardwright_identity_add(&identity, own, source, NULL, 0, 0, &told));
    NAMED("bytes", cardwright_identity_add(&identity, own, source, BYTES("\xFF\xFF"), 2, 0, &told));
    NAMED("bytes", cardwright_identity_add(&identity, own, source, BYTES("\xFF\x01"), 2, 1, &told));
    OK(cardwright_identity_add(&identity, own, source, BYTES("LX-1"), 4, 1, NULL));
    OK(cardwright_identity_add(&identity, 0, source + 1, BYTES("\xAB\x01"), 2, 0, NULL));
    OK(cardwright_identity_command(&identity, command, sizeof command, &length, NULL));
    CHECK(length == 0);
    OK(cardwright_identity_found(&identity, &kinds, &identifiers, NULL));
    CHECK(kinds == 0 && identifiers == 2);
    OK(cardwright_identity_kind(&identity, 0, &kind, NULL));
    CHECK(kind.kind == own && kind.basis == CARDWRIGHT_BASIS_ANSWER && kind.count == 1);
    OK(cardwright_identity_identifier(&identity, 0, &found, NULL));
    CHECK(found.source == source && strcmp(found.spelling, "LX-1") == 0);
    OK(cardwright_identity_identifier(&identity, 1, &found, NULL));
    CHECK(found.source == source + 1 && strcmp(found.spelling, "AB01") == 0);
    for (uint32_t n = 1; n < 4; n++) {
        OK(cardwright_identity_add(&identity, own + n, source, BYTES("LX-2"), 4, 1, NULL));
    }
    CODE(cardwright_identity_add(&identity, own + 4, source, BYTES("LX-2"), 4, 1, NULL), ROOM);
}

static void case_cardwright_identity_command(void)
{
    CardwrightIdentity identity;
    uint8_t command[CARDWRIGHT_COMMAND_ROOM] = {0x77};
    size_t length = 77;
    memset(&identity, 0, sizeof identity);
    NAMED("identity", cardwright_identity_command(&identity, command, sizeof command, &length, &told));
    NAMED("identity", cardwright_identity_command(NULL, command, sizeof command, &length, &told));
    OK(cardwright_identity_init(&identity, NULL, 0, 0, NULL));
    CODE(cardwright_identity_command(&identity, command, 4, &length, NULL), ROOM);
    CODE(cardwright_identity_command(&identity, NULL, 0, &length, NULL), ROOM);
    NAMED("buffer", cardwright_identity_command(&identity, NULL, 4, &length, &told));
    NAMED("length", cardwright_identity_command(&identity, command, sizeof command, NULL, &told));
    CHECK(command[0] == 0x77 && length > 4 && length <= CARDWRIGHT_COMMAND_ROOM);
    CHECK(piv(&identity) > 1);
}

static void case_cardwright_identity_answer(void)
{
    CardwrightIdentity identity;
    memset(&identity, 0, sizeof identity);
    NAMED("identity", cardwright_identity_answer(&identity, NULL, 0, &told));
    NAMED("identity", cardwright_identity_answer(NULL, NULL, 0, &told));
    OK(cardwright_identity_init(&identity, NULL, 0, 0, NULL));
    NAMED("response", cardwright_identity_answer(&identity, NULL, 2, &told));
    for (int n = 0; n < 2 * CARDWRIGHT_MAX_COMMANDS; n++) {
        OK(cardwright_identity_answer(&identity, NULL, 0, NULL));
    }
}

static void case_cardwright_identity_found(void)
{
    CardwrightIdentity identity;
    uint64_t kinds = 77;
    size_t count = 77;
    memset(&identity, 0, sizeof identity);
    NAMED("identity", cardwright_identity_found(&identity, &kinds, &count, &told));
    piv(&identity);
    NAMED("kinds", cardwright_identity_found(&identity, NULL, &count, &told));
    NAMED("identifiers", cardwright_identity_found(&identity, &kinds, NULL, &told));
    NAMED("identity", cardwright_identity_found(NULL, &kinds, &count, &told));
    CHECK(kinds == 77 && count == 77);
    OK(cardwright_identity_found(&identity, &kinds, &count, NULL));
    CHECK(kinds & UINT64_C(1) << CARDWRIGHT_CARD_KIND_PIV && count == 1);
}

static void case_cardwright_identity_kind(void)
{
    /* The whole ATR of a Java-based eToken, which tells no number. */
    static const uint8_t etoken[] = {0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0xFE, 0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0xF4};
    CardwrightIdentity identity;
    CardwrightKind out = {.struct_size = sizeof out};
    memset(&identity, 0, sizeof identity);
    NAMED("identity", cardwright_identity_kind(&identity, 0, &out, &told));
    piv(&identity);
    OK(cardwright_identity_kind(&identity, 0, &out, NULL));
    CHECK(out.kind == CARDWRIGHT_CARD_KIND_PIV && out.basis == CARDWRIGHT_BASIS_ANSWER && out.count == 1);
    CHECK(out.unread[0] == '\0');
    NAMED("index", cardwright_identity_kind(&identity, 1, &out, &told));
    NAMED("identity", cardwright_identity_kind(NULL, 0, &out, &told));
    STRUCTURE(CardwrightKind, cardwright_identity_kind, &identity, 0);
    OK(cardwright_identity_init(&identity, etoken, sizeof etoken, CARDWRIGHT_INTERFACE_CONTACT, NULL));
    OK(cardwright_identity_kind(&identity, 0, &out, NULL));
    CHECK(out.kind == CARDWRIGHT_CARD_KIND_E_TOKEN && out.basis == CARDWRIGHT_BASIS_ATR && out.count == 1);
    CHECK(strstr(out.unread, "SafeNet") != NULL);
}

static void case_cardwright_identity_identifier(void)
{
    CardwrightIdentity identity;
    CardwrightIdentifier out = {.struct_size = sizeof out};
    memset(&identity, 0, sizeof identity);
    NAMED("identity", cardwright_identity_identifier(&identity, 0, &out, &told));
    piv(&identity);
    OK(cardwright_identity_identifier(&identity, 0, &out, NULL));
    CHECK(out.source == CARDWRIGHT_SOURCE_CHUID_GUID && out.trust == CARDWRIGHT_TRUST_STABLE && out.length == 16);
    CHECK(strcmp(out.spelling, "5c0e91a7-4f2d-483b-b6d0-18e2937a6c45") == 0);
    CHECK(out.evidence == CARDWRIGHT_EVIDENCE_DOCUMENTED && out.personal == 0);
    NAMED("index", cardwright_identity_identifier(&identity, 1, &out, &told));
    NAMED("identity", cardwright_identity_identifier(NULL, 0, &out, &told));
    STRUCTURE(CardwrightIdentifier, cardwright_identity_identifier, &identity, 0);
}

static void case_cardwright_identity_guess(void)
{
    CardwrightIdentity identity;
    CardwrightGuess guess = {.struct_size = sizeof guess};
    piv(&identity);
    OK(cardwright_identity_guess(&identity, CARDWRIGHT_SYSTEM_MIM, 0, &guess, NULL));
    CHECK(strcmp(guess.spelling, "{a7910e5c-2d4f-3b48-b6d0-18e2937a6c45}") == 0 && guess.count == 2);
    CHECK(guess.evidence == CARDWRIGHT_EVIDENCE_ASSUMED);
    NAMED("index", cardwright_identity_guess(&identity, CARDWRIGHT_SYSTEM_MIM, 2, &guess, &told));
    UNKNOWN(cardwright_identity_guess(&identity, 3, 0, &guess, NULL));
    NAMED("identity", cardwright_identity_guess(NULL, CARDWRIGHT_SYSTEM_MIM, 0, &guess, &told));
    STRUCTURE(CardwrightGuess, cardwright_identity_guess, &identity, CARDWRIGHT_SYSTEM_MIM, 0);
}

static void case_cardwright_lifecycle_verdict(void)
{
    CardwrightVerdict verdict = {.struct_size = sizeof verdict};
    OK(cardwright_lifecycle_verdict(CARDWRIGHT_SYSTEM_CERTIFLOW, CARDWRIGHT_CARD_STATE_ISSUED,
                          CARDWRIGHT_OPERATION_SUSPEND, &verdict, NULL));
    CHECK(verdict.answer == CARDWRIGHT_ANSWER_ALLOWED && verdict.to == CARDWRIGHT_CARD_STATE_DISABLED);
    CHECK(verdict.evidence == CARDWRIGHT_EVIDENCE_DOCUMENTED && verdict.source.length > 0);
    OK(cardwright_lifecycle_verdict(CARDWRIGHT_SYSTEM_MIM, 3, CARDWRIGHT_OPERATION_SUSPEND, &verdict, NULL));
    CHECK(verdict.answer == CARDWRIGHT_ANSWER_LACKS && verdict.source.length == 0);
    UNKNOWN(cardwright_lifecycle_verdict(0, 1, 1, &verdict, NULL));
    UNKNOWN(cardwright_lifecycle_verdict(2, 7, 1, &verdict, NULL));
    UNKNOWN(cardwright_lifecycle_verdict(2, 1, 6, &verdict, NULL));
    UNKNOWN(cardwright_lifecycle_verdict(258, 257, 257, &verdict, NULL));
    STRUCTURE(CardwrightVerdict, cardwright_lifecycle_verdict, 2, 4, 1);
}

static void case_cardwright_lifecycle_after(void)
{
    uint32_t to = 77;
    CODE(cardwright_lifecycle_after(2, CARDWRIGHT_CARD_STATE_REVOKED, CARDWRIGHT_OPERATION_RESUME, &to, NULL), NOT_ALLOWED);
    CODE(cardwright_lifecycle_after(1, 3, CARDWRIGHT_OPERATION_PRE_UPDATE, &to, NULL), NO_SUCH_OPERATION);
    UNKNOWN(cardwright_lifecycle_after(3, 1, 1, &to, NULL));
    NAMED("to", cardwright_lifecycle_after(2, 4, 1, NULL, &told));
    CHECK(to == 77);
    OK(cardwright_lifecycle_after(2, CARDWRIGHT_CARD_STATE_REVOKED, CARDWRIGHT_OPERATION_RETIRE, &to, NULL));
    CHECK(to == CARDWRIGHT_CARD_STATE_CLEAN);
}

static void case_cardwright_lifecycle_legal(void)
{
    uint32_t all = 77, documented = 77;
    UNKNOWN(cardwright_lifecycle_legal(2, 0, &all, &documented, NULL));
    NAMED("operations", cardwright_lifecycle_legal(2, 1, NULL, &documented, &told));
    NAMED("documented", cardwright_lifecycle_legal(2, 1, &all, NULL, &told));
    CHECK(all == 77 && documented == 77);
    OK(cardwright_lifecycle_legal(2, CARDWRIGHT_CARD_STATE_DISABLED, &all, &documented, NULL));
    CHECK(all == (1u << CARDWRIGHT_OPERATION_RESUME | 1u << CARDWRIGHT_OPERATION_REVOKE));
    CHECK(documented == 1u << CARDWRIGHT_OPERATION_RESUME);
}

static void case_cardwright_lifecycle_neutral(void)
{
    uint32_t neutral = 77;
    UNKNOWN(cardwright_lifecycle_neutral(1, 7, &neutral, NULL));
    NAMED("neutral", cardwright_lifecycle_neutral(1, 1, NULL, &told));
    CHECK(neutral == 77);
    OK(cardwright_lifecycle_neutral(1, CARDWRIGHT_SMARTCARD_STATUS_DISABLED, &neutral, NULL));
    CHECK(neutral == CARDWRIGHT_STATE_REVOKED);
    OK(cardwright_lifecycle_neutral(1, CARDWRIGHT_SMARTCARD_STATUS_NONE, &neutral, NULL));
    CHECK(neutral == 0);
}

static void case_cardwright_lifecycle_native(void)
{
    uint32_t state = 77;
    UNKNOWN(cardwright_lifecycle_native(1, 0, &state, NULL));
    UNKNOWN(cardwright_lifecycle_native(CARDWRIGHT_SYSTEM_MIM, CARDWRIGHT_STATE_PENDING, &state, NULL));
    UNKNOWN(cardwright_lifecycle_native(9, 1, &state, NULL));
    NAMED("state", cardwright_lifecycle_native(1, 1, NULL, &told));
    CHECK(state == 77);
    OK(cardwright_lifecycle_native(CARDWRIGHT_SYSTEM_CERTIFLOW, CARDWRIGHT_STATE_SUSPENDED, &state, NULL));
    // By its earlier name the state comes first.
    UNKNOWN(cardwright_native_state(CARDWRIGHT_STATE_PENDING, CARDWRIGHT_SYSTEM_MIM, &state, NULL));
    OK(cardwright_native_state(CARDWRIGHT_STATE_SUSPENDED, CARDWRIGHT_SYSTEM_CERTIFLOW, &state, NULL));
    CHECK(state == CARDWRIGHT_CARD_STATE_DISABLED);
}

static void case_cardwright_lifecycle_operation(void)
{
    CardwrightOperationFacts facts = {.struct_size = sizeof facts};
    OK(cardwright_lifecycle_operation(CARDWRIGHT_OPERATION_SUSPEND, &facts, NULL));
    CHECK(facts.mim.data == NULL && facts.certiflow.length == 7 && memcmp(facts.certiflow.data, "Disable", 7) == 0);
    UNKNOWN(cardwright_lifecycle_operation(0, &facts, NULL));
    STRUCTURE(CardwrightOperationFacts, cardwright_lifecycle_operation, 1);
}

static CardwrightCall revoke(void)
{
    CardwrightCall call = {.struct_size = sizeof call, .kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_OPERATE,
                           .dialect = CARDWRIGHT_DIALECT_G7, .operation = CARDWRIGHT_OPERATION_REVOKE,
                           .has_reason = 1, .reason = CARDWRIGHT_REVOCATION_REASON_CARD_LOST};
    call.id = T("1013");
    return call;
}

static void case_cardwright_call_method(void)
{
    CardwrightCall call = revoke();
    uint32_t method = 77;
    NAMED("call", cardwright_call_method(NULL, &method, &told));
    NAMED("method", cardwright_call_method(&call, NULL, &told));
    call.struct_size = 0;
    NAMED("struct_size", cardwright_call_method(&call, &method, &told));
    for (uint32_t kind = 0; kind < 40; kind++) {
        CardwrightCall empty = {.struct_size = sizeof empty, .kind = kind};
        if (kind != CARDWRIGHT_CALL_KIND_MIM_SMARTCARDS && kind != CARDWRIGHT_CALL_KIND_MIM_REQUESTS) {
            CHECK(cardwright_call_method(&empty, &method, NULL) != CARDWRIGHT_OK);
        }
    }
    CHECK(method == 77);
    call = revoke();
    OK(cardwright_call_method(&call, &method, NULL));
    CHECK(method == CARDWRIGHT_METHOD_POST);
}

static void case_cardwright_call_target(void)
{
    CardwrightCall call = revoke();
    TEXT("Cards/1013/Revoke?reason=CardLost", cardwright_call_target, &call);
    call.dialect = CARDWRIGHT_DIALECT_G1;
    TEXT("card/revoke?id=1013", cardwright_call_target, &call);
    call.has_reason = 0;
    NO_TEXT(REASON_NEEDED, cardwright_call_target, &call);
    call = revoke();
    call.reason = 8;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_target, &call);
    call = revoke();
    call.dialect = 8;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_target, &call);
    call.dialect = CARDWRIGHT_DIALECT_G5;
    TEXT("Cards/1013/Revoke", cardwright_call_target, &call);
    call = revoke();
    call.operation = CARDWRIGHT_OPERATION_RETIRE;
    NO_TEXT(NO_SUCH_PARAMETER, cardwright_call_target, &call);
    call.has_reason = 0;
    call.dialect = CARDWRIGHT_DIALECT_G6;
    NO_TEXT(NO_SUCH_CALL, cardwright_call_target, &call);
    call = revoke();
    call.id = T("..");
    NO_TEXT(UNWRITABLE, cardwright_call_target, &call);
    call.id = not_utf8;
    NO_TEXT(JSON_UTF8, cardwright_call_target, &call);
    call.id = T(NULL);
    NO_TEXT(ARGUMENT, cardwright_call_target, &call);
    NO_TEXT(ARGUMENT, cardwright_call_target, NULL);

    CardwrightText tags[CARDWRIGHT_MAX_TAGS + 1];
    for (size_t n = 0; n <= CARDWRIGHT_MAX_TAGS; n++) {
        tags[n] = T("x");
    }
    CardwrightQuery query = {.struct_size = sizeof query, .tags = tags, .tag_count = 2, .has_count = 1, .count = 5,
                             .state = CARDWRIGHT_CARD_STATE_ISSUED};
    query.user_name = T("DEMO\\ipetrov");
    call = revoke();
    call.kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARDS;
    TEXT("Cards", cardwright_call_target, &call);
    call.query = &query;
    TEXT("Cards?count=5&userName=DEMO%5Cipetrov&tags=x&tags=x&state=Issued", cardwright_call_target, &call);
    query.tag_count = CARDWRIGHT_MAX_TAGS + 1;
    /* More room in the buffer would not help. */
    NO_TEXT(ARGUMENT, cardwright_call_target, &call);
    query.tag_count = 1;
    query.tags = NULL;
    NO_TEXT(ARGUMENT, cardwright_call_target, &call);
    query.tag_count = 0;
    query.state = 99;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_target, &call);
    query.struct_size = 2;
    NO_TEXT(ARGUMENT, cardwright_call_target, &call);

    static const struct { uint32_t kind; const char *target; } mim[] = {
        {CARDWRIGHT_CALL_KIND_MIM_SMARTCARDS, "api/v1.0/smartcards"},
        {CARDWRIGHT_CALL_KIND_MIM_SMARTCARD_BY_CARD_ID, "api/v1.0/smartcards?cardid=g"},
        {CARDWRIGHT_CALL_KIND_MIM_SMARTCARD, "api/v1.0/smartcards/i"},
        {CARDWRIGHT_CALL_KIND_MIM_OPERATIONS, "api/v1.0/smartcards/i/operations"},
        {CARDWRIGHT_CALL_KIND_MIM_ASSIGN_SMARTCARD, "api/v1.0/smartcards"},
        {CARDWRIGHT_CALL_KIND_MIM_UPDATE_SMARTCARD, "api/v1.0/requests/r/smartcards/i"},
        {CARDWRIGHT_CALL_KIND_MIM_CREATE_REQUEST, "api/v1.0/requests"},
        {CARDWRIGHT_CALL_KIND_MIM_REQUEST, "api/v1.0/requests/r"},
        {CARDWRIGHT_CALL_KIND_MIM_END_REQUEST, "api/v1.0/requests/r"},
    };
    for (size_t n = 0; n < sizeof mim / sizeof *mim; n++) {
        CardwrightCall each = {.struct_size = sizeof each, .kind = mim[n].kind,
                               .request_kind = CARDWRIGHT_REQUEST_KIND_REVOKE,
                               .request_end = CARDWRIGHT_REQUEST_END_COMPLETED};
        each.id = T("i");
        each.request = T("r");
        each.card_id = T("g");
        each.atr = T("3b00");
        TEXT(mim[n].target, cardwright_call_target, &each);
    }
    call = (CardwrightCall){.struct_size = sizeof call, .kind = CARDWRIGHT_CALL_KIND_MIM_REQUESTS};
    TEXT("api/v1.0/requests", cardwright_call_target, &call);
    call.has_request_status = call.for_caller = 1;
    call.request_status = CARDWRIGHT_REQUEST_STATUS_PENDING;
    TEXT("api/v1.0/requests?status=Pending&targetuser=current", cardwright_call_target, &call);
    call.request_status = 99;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_target, &call);
}

static void case_cardwright_call_body(void)
{
    CardwrightCall call = revoke();
    TEXT("", cardwright_call_body, &call);
    call.dialect = CARDWRIGHT_DIALECT_G1;
    TEXT("{\"reason\":2}", cardwright_call_body, &call);
    call = (CardwrightCall){.struct_size = sizeof call, .kind = CARDWRIGHT_CALL_KIND_MIM_CREATE_REQUEST,
                            .operation = CARDWRIGHT_OPERATION_RESUME, .has_priority = 1};
    call.id = T("i");
    call.comment = T("a \"b\"");
    TEXT("{\"datacollection\":\"[]\",\"type\":\"Reinstate\",\"smartcard\":\"i\",\"comment\":\"a \\\"b\\\"\",\"priority\":0}",
         cardwright_call_body, &call);
    call.priority = 256;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_body, &call);
    call.priority = 0;
    call.operation = CARDWRIGHT_OPERATION_SUSPEND;
    NO_TEXT(NO_SUCH_OPERATION, cardwright_call_body, &call);
    call.request_kind = 13;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_body, &call);
    call = (CardwrightCall){.struct_size = sizeof call, .kind = CARDWRIGHT_CALL_KIND_MIM_END_REQUEST};
    call.request = T("r");
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_body, &call);
    call.kind = CARDWRIGHT_CALL_KIND_MIM_UPDATE_SMARTCARD;
    call.id = T("i");
    call.status = 7;
    NO_TEXT(UNKNOWN_VALUE, cardwright_call_body, &call);
    NO_TEXT(ARGUMENT, cardwright_call_body, NULL);
}

static void case_cardwright_call_message(void)
{
    CardwrightCall call = revoke();
    CardwrightSite site = {.struct_size = sizeof site};
    NO_TEXT(ARGUMENT, cardwright_call_message, &call, &site);
    site.host = T("cm.example");
    site.base = T("/certiflow/api/");
    site.user = T("Aladdin");
    NO_TEXT(ARGUMENT, cardwright_call_message, &call, &site);
    site.password = T("open sesame");
    TEXT("POST /certiflow/api/Cards/1013/Revoke?reason=CardLost HTTP/1.1\r\nHost: cm.example\r\n"
         "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nAccept: application/json\r\n"
         "Content-Length: 0\r\n\r\n", cardwright_call_message, &call, &site);
    site.token = T("t");
    NO_TEXT(ARGUMENT, cardwright_call_message, &call, &site);
    site.user = site.password = T(NULL);
    call.kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARD;
    TEXT("GET /certiflow/api/Cards/1013 HTTP/1.1\r\nHost: cm.example\r\nAuthorization: Bearer t\r\n"
         "Accept: application/json\r\n\r\n", cardwright_call_message, &call, &site);
    site.token = T("a\r\nb");
    NO_TEXT(UNWRITABLE, cardwright_call_message, &call, &site);
    site.host = T("a b");
    NO_TEXT(ADDRESS, cardwright_call_message, &call, &site);
    site.host = not_utf8;
    NO_TEXT(JSON_UTF8, cardwright_call_message, &call, &site);
    site.struct_size = 9;
    NO_TEXT(ARGUMENT, cardwright_call_message, &call, &site);
    NO_TEXT(ARGUMENT, cardwright_call_message, &call, NULL);
    NO_TEXT(ARGUMENT, cardwright_call_message, NULL, &site);
}

/* Reads a whole response byte by byte, or at once; returns the length of the body. */
static size_t response(CardwrightReply *reply, const char *text, size_t step, char *body)
{
    CardwrightReplyPart part = {.struct_size = sizeof part};
    size_t total = strlen(text), length = 0, headers = 0;
    OK(cardwright_reply_init(reply, NULL));
    for (size_t at = 0; at < total; at += step) {
        const uint8_t *chunk = BYTES(text) + at;
        size_t left = step < total - at ? step : total - at;
        do {
            OK(cardwright_reply_next(reply, &chunk, &left, &part, NULL));
            if (part.kind == CARDWRIGHT_REPLY_PART_KIND_STATUS) {
                CHECK(part.status == 200);
            } else if (part.kind == CARDWRIGHT_REPLY_PART_KIND_HEADER) {
                CHECK(part.name.length == 17 && memcmp(part.data, "chunked", part.length) == 0);
                headers++;
            } else if (part.kind == CARDWRIGHT_REPLY_PART_KIND_BODY) {
                memcpy(body + length, part.data, part.length);
                length += part.length;
            } else if (part.kind == CARDWRIGHT_REPLY_PART_KIND_END) {
                CHECK(headers == 1);
                return length;
            }
        } while (part.kind != CARDWRIGHT_REPLY_PART_KIND_MORE);
    }
    CHECK(part.kind == CARDWRIGHT_REPLY_PART_KIND_END);
    return 0;
}

static const char answer[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

/* A zeroed probe is none. */
static void case_cardwright_probe_init(void)
{
    CardwrightProbe probe = {{0}};
    NAMED("probe", cardwright_probe_init(NULL, &told));
    NO_TEXT(ARGUMENT, cardwright_probe_target, &probe);
    OK(cardwright_probe_init(&probe, NULL));
    TEXT("Cards?offset=0&count=1", cardwright_probe_target, &probe);
}

/* The answers of a server, and the dialect that they show at a base. */
static const char one_card[] = "[{\"id\":7,\"serialNumber\":\"A1\"}]";

static const struct { const char *base; uint32_t dialect, dialects, sure; uint32_t statuses[7]; const char *bodies[6]; } probes[] = {
    {"/certiflow/api", 7, 1u << 7, CARDWRIGHT_SURE_SHOWN, {200, 200}, {one_card, "{\"id\":7,\"serialNumber\":\"A1\"}"}},
    {"/certiflow/api", 6, 1u << 6, CARDWRIGHT_SURE_SHOWN, {200, 404, 200, 200}, {one_card, "", "[]", one_card}},
    {"/cm/api", 5, 1u << 4 | 1u << 5, CARDWRIGHT_SURE_SHOWN, {200, 404, 200, 200}, {one_card, "", one_card, "[]"}},
    {"/icmapi", 4, 1u << 4 | 1u << 5, CARDWRIGHT_SURE_SHOWN, {200, 404, 200, 200}, {one_card, "", one_card, "[]"}},
    {"/icmapi", 3, 1u << 3, CARDWRIGHT_SURE_SHOWN, {404, 200, 200}, {"", one_card, "[]"}},
    {"/icmapi", 2, 1u << 2, CARDWRIGHT_SURE_SHOWN, {404, 200, 200}, {"", one_card, one_card}},
    {"/icmapi", 1, 1u << 1, CARDWRIGHT_SURE_SHOWN, {404, 404, 200}, {"", "", "[]"}},
    {NULL, 0, 0, CARDWRIGHT_SURE_NOTHING, {500, 500, 500}, {"", "", ""}},
    {NULL, 0, 0, CARDWRIGHT_SURE_NOTHING, {403}, {""}},
};

static void case_cardwright_probe_answer(void)
{
    for (size_t n = 0; n < sizeof probes / sizeof *probes; n++) {
        CardwrightProbe probe = {{0}};
        CardwrightGeneration found = {.struct_size = sizeof found};
        char target[256];
        size_t length = 1, asked = 0;
        OK(cardwright_probe_init(&probe, NULL));
        for (;; asked++) {
            OK(cardwright_probe_target(&probe, target, sizeof target, &length, NULL));
            if (length == 0) {
                break;
            }
            CHECK(asked < CARDWRIGHT_MAX_QUESTIONS && probes[n].statuses[asked] != 0);
            const char *body = probes[n].bodies[asked];
            OK(cardwright_probe_answer(&probe, probes[n].statuses[asked], BYTES(body), strlen(body), NULL));
        }
        CHECK(probes[n].statuses[asked] == 0);
        /* At the end nothing is taken. */
        OK(cardwright_probe_answer(&probe, 200, BYTES(one_card), strlen(one_card), NULL));
        OK(cardwright_probe_finding(&probe, T(probes[n].base), &found, NULL));
        CHECK(found.dialect == probes[n].dialect && found.dialects == probes[n].dialects);
        CHECK(found.sure == probes[n].sure);
    }
    CardwrightProbe probe = {{0}};
    NAMED("probe", cardwright_probe_answer(&probe, 200, BYTES("[]"), 2, &told));
    OK(cardwright_probe_init(&probe, NULL));
    NAMED("probe", cardwright_probe_answer(NULL, 200, BYTES("[]"), 2, &told));
    NAMED("body", cardwright_probe_answer(&probe, 200, NULL, 2, &told));
    /* No answer, and a status that is none. */
    OK(cardwright_probe_answer(&probe, 0, NULL, 0, NULL));
    OK(cardwright_probe_init(&probe, NULL));
    OK(cardwright_probe_answer(&probe, 65536 + 200, BYTES("[]"), 2, NULL));
    TEXT("cannot tell: Cards gives no answer of this API", cardwright_probe_text, &probe);
}

static void case_cardwright_probe_target(void)
{
    CardwrightProbe probe = {{0}};
    OK(cardwright_probe_init(&probe, NULL));
    NO_TEXT(ARGUMENT, cardwright_probe_target, NULL);
    /* The beginning of a body is enough, if it has the whole first card. */
    static const char cut[] = "[{\"id\":\"a b\",\"serialNumber\":\"A1\"},{\"id";
    OK(cardwright_probe_answer(&probe, 200, BYTES(cut), strlen(cut), NULL));
    TEXT("Cards/a%20b", cardwright_probe_target, &probe);
    OK(cardwright_probe_answer(&probe, 404, NULL, 0, NULL));
    TEXT("Cards?offset=0&count=1&serialNumber=0cardwright-no-such-value", cardwright_probe_target, &probe);
}

static void case_cardwright_probe_message(void)
{
    CardwrightProbe probe = {{0}};
    CardwrightSite site = {.struct_size = sizeof site};
    OK(cardwright_probe_init(&probe, NULL));
    NO_TEXT(ARGUMENT, cardwright_probe_message, &probe, &site);
    site.host = T("cm.example");
    site.base = T("/icmapi");
    NO_TEXT(ARGUMENT, cardwright_probe_message, NULL, &site);
    NO_TEXT(ARGUMENT, cardwright_probe_message, &probe, NULL);
    TEXT("GET /icmapi/Cards?offset=0&count=1 HTTP/1.1\r\nHost: cm.example\r\nAccept: application/json\r\n\r\n",
         cardwright_probe_message, &probe, &site);
    OK(cardwright_probe_answer(&probe, 200, BYTES("[]"), 2, NULL));
    TEXT("", cardwright_probe_message, &probe, &site);
}

static void case_cardwright_probe_finding(void)
{
    CardwrightProbe probe = {{0}};
    CardwrightGeneration found = {.struct_size = sizeof found, .dialect = 77};
    NAMED("probe", cardwright_probe_finding(&probe, T(NULL), &found, &told));
    OK(cardwright_probe_init(&probe, NULL));
    NAMED("probe", cardwright_probe_finding(NULL, T(NULL), &found, &told));
    CODE(cardwright_probe_finding(&probe, not_utf8, &found, NULL), JSON_UTF8);
    STRUCTURE(CardwrightGeneration, cardwright_probe_finding, &probe, T(NULL));
    CHECK(found.dialect == 77);
    /* A list without a card: several answer so, and the base chooses. */
    OK(cardwright_probe_answer(&probe, 200, BYTES("[]"), 2, NULL));
    OK(cardwright_probe_finding(&probe, T("https://cm.example/icmapi"), &found, NULL));
    CHECK(found.dialect == CARDWRIGHT_DIALECT_G4 && found.dialects == 0xF0 && found.sure == CARDWRIGHT_SURE_SEVERAL);
    OK(cardwright_probe_finding(&probe, T("/certiflow/api"), &found, NULL));
    CHECK(found.dialect == CARDWRIGHT_DIALECT_G7);
}

static void case_cardwright_probe_text(void)
{
    CardwrightProbe probe = {{0}};
    NO_TEXT(ARGUMENT, cardwright_probe_text, &probe);
    OK(cardwright_probe_init(&probe, NULL));
    NO_TEXT(ARGUMENT, cardwright_probe_text, NULL);
    TEXT("cannot tell", cardwright_probe_text, &probe);
    OK(cardwright_probe_answer(&probe, 200, BYTES("[]"), 2, NULL));
    TEXT("G4, G5, G6 or G7: Cards answers, without a card", cardwright_probe_text, &probe);
}

static void case_cardwright_reply_init(void)
{
    CardwrightReply reply;
    NAMED("reply", cardwright_reply_init(NULL, &told));
    OK(cardwright_reply_init(&reply, NULL));
}

static void case_cardwright_reply_next(void)
{
    CardwrightReply reply;
    CardwrightReplyPart part = {.struct_size = sizeof part, .kind = 77};
    char body[16];
    for (size_t step = 1; step < sizeof answer; step++) {
        CHECK(response(&reply, answer, step, body) == 5 && memcmp(body, "abcde", 5) == 0);
    }
    const uint8_t *chunk = BYTES("SSH-2.0\n");
    size_t left = 8;
    OK(cardwright_reply_init(&reply, NULL));
    NAMED("reply", cardwright_reply_next(NULL, &chunk, &left, &part, &told));
    NAMED("chunk", cardwright_reply_next(&reply, NULL, &left, &part, &told));
    NAMED("length", cardwright_reply_next(&reply, &chunk, NULL, &part, &told));
    STRUCTURE(CardwrightReplyPart, cardwright_reply_next, &reply, &chunk, &left);
    CODE(cardwright_reply_next(&reply, &chunk, &left, &part, NULL), UNREADABLE);
    CODE(cardwright_reply_next(&reply, &chunk, &left, &part, NULL), UNREADABLE);
    CHECK(part.kind == 77);
    chunk = NULL;
    left = 0;
    OK(cardwright_reply_init(&reply, NULL));
    OK(cardwright_reply_next(&reply, &chunk, &left, &part, NULL));
    CHECK(part.kind == CARDWRIGHT_REPLY_PART_KIND_MORE && chunk == NULL);
    left = 3;
    NAMED("chunk", cardwright_reply_next(&reply, &chunk, &left, &part, &told));
    memset(&reply, 0, sizeof reply);
    left = 0;
    NAMED("reply", cardwright_reply_next(&reply, &chunk, &left, &part, &told));
}

static void case_cardwright_reply_finish(void)
{
    CardwrightReply reply;
    char body[16];
    NAMED("reply", cardwright_reply_finish(NULL, &told));
    memset(&reply, 0, sizeof reply);
    NAMED("reply", cardwright_reply_finish(&reply, &told));
    OK(cardwright_reply_init(&reply, NULL));
    CODE(cardwright_reply_finish(&reply, NULL), BROKEN);
    response(&reply, answer, 7, body);
    OK(cardwright_reply_finish(&reply, NULL));
}

static void case_cardwright_reply_keeps_connection(void)
{
    CardwrightReply reply;
    char body[16];
    uint32_t keeps = 77;
    memset(&reply, 0, sizeof reply);
    NAMED("reply", cardwright_reply_keeps_connection(&reply, &keeps, &told));
    NAMED("reply", cardwright_reply_keeps_connection(NULL, &keeps, &told));
    response(&reply, answer, 7, body);
    NAMED("keeps", cardwright_reply_keeps_connection(&reply, NULL, &told));
    CHECK(keeps == 77);
    OK(cardwright_reply_keeps_connection(&reply, &keeps, NULL));
    CHECK(keeps == 1);
}

static void case_cardwright_list_init(void)
{
    CardwrightList list;
    uint8_t buffer[4];
    OK(cardwright_list_init(&list, NULL, 0, NULL));
    OK(cardwright_list_init(&list, buffer, sizeof buffer, NULL));
    NAMED("list", cardwright_list_init(NULL, buffer, sizeof buffer, &told));
    NAMED("buffer", cardwright_list_init(&list, NULL, 4, &told));
    NAMED("capacity", cardwright_list_init(&list, buffer, SIZE_MAX, &told));
}

static void case_cardwright_list_next(void)
{
    static const char text[] = "[{\"a\":1}, {\"b\":[2,3]} ,\"c\"]";
    static const char *const elements[] = {"{\"a\":1}", "{\"b\":[2,3]}", "\"c\""};
    CardwrightList list;
    uint8_t buffer[12] = {0};
    const uint8_t *chunk, *element;
    size_t left, length, at;
    for (size_t step = 1; step < sizeof text; step++) {
        size_t found = 0;
        OK(cardwright_list_init(&list, buffer, 11, NULL));
        for (size_t from = 0; from < sizeof text - 1; from += step) {
            chunk = BYTES(text) + from;
            left = step < sizeof text - 1 - from ? step : sizeof text - 1 - from;
            for (;;) {
                OK(cardwright_list_next(&list, &chunk, &left, &element, &length, &at, NULL));
                if (length == 0) {
                    break;
                }
                CHECK(found < 3 && length == strlen(elements[found]));
                CHECK(memcmp(element, elements[found], length) == 0 && memcmp(element, text + at, length) == 0);
                found++;
            }
        }
        CHECK(found == 3 && buffer[11] == 0);
        OK(cardwright_list_finish(&list, NULL));
    }
    OK(cardwright_list_init(&list, buffer, 2, NULL));
    chunk = BYTES("[\"abc");
    left = 5;
    CODE(cardwright_list_next(&list, &chunk, &left, &element, &length, &at, NULL), ROOM);
    OK(cardwright_list_init(&list, NULL, 0, NULL));
    chunk = BYTES("7");
    left = 1;
    CODE(cardwright_list_next(&list, &chunk, &left, &element, &length, &at, NULL), JSON_TYPE);
    NAMED("list", cardwright_list_next(NULL, &chunk, &left, &element, &length, &at, &told));
    NAMED("chunk", cardwright_list_next(&list, NULL, &left, &element, &length, &at, &told));
    NAMED("length", cardwright_list_next(&list, &chunk, NULL, &element, &length, &at, &told));
    NAMED("element", cardwright_list_next(&list, &chunk, &left, NULL, &length, &at, &told));
    NAMED("element_length", cardwright_list_next(&list, &chunk, &left, &element, NULL, &at, &told));
    NAMED("at", cardwright_list_next(&list, &chunk, &left, &element, &length, NULL, &told));
    memset(&list, 0, sizeof list);
    NAMED("list", cardwright_list_next(&list, &chunk, &left, &element, &length, &at, &told));
}

static void case_cardwright_list_finish(void)
{
    CardwrightList list;
    memset(&list, 0, sizeof list);
    NAMED("list", cardwright_list_finish(&list, &told));
    NAMED("list", cardwright_list_finish(NULL, &told));
    OK(cardwright_list_init(&list, NULL, 0, NULL));
    CODE(cardwright_list_finish(&list, NULL), JSON_END);
}

static CardwrightView card_view(void)
{
    CardwrightView view = {.struct_size = sizeof view};
    OK(cardwright_view_parse(CARDWRIGHT_OBJECT_CARD_INFO, BYTES(card_json), strlen(card_json), &view, NULL));
    return view;
}

static void case_cardwright_view_parse(void)
{
    CardwrightView view = card_view();
    CardwrightError error = {.struct_size = sizeof error};
    CHECK(view.json == BYTES(card_json) && view.length == strlen(card_json));
    CODE(cardwright_view_parse(1, BYTES("{}"), 2, &view, &error), JSON_MISSING);
    CHECK(error.what_length == 2 && memcmp(error.what, "id", 2) == 0);
    CODE(cardwright_view_parse(1, BYTES("{\"id\":1,}"), 9, &view, &error), JSON_SYNTAX);
    CODE(cardwright_view_parse(1, BYTES("{\"id\":\"\xFF\"}"), 10, &view, &error), JSON_UTF8);
    CODE(cardwright_view_parse(1, NULL, 0, &view, &error), JSON_END);
    UNKNOWN(cardwright_view_parse(0, BYTES("{}"), 2, &view, NULL));
    UNKNOWN(cardwright_view_parse(6, BYTES("{}"), 2, &view, NULL));
    NAMED("json", cardwright_view_parse(1, NULL, 2, &view, &told));
    CHECK(view.json == BYTES(card_json));
    STRUCTURE(CardwrightView, cardwright_view_parse, 1, BYTES(card_json), strlen(card_json));
    for (uint32_t object = CARDWRIGHT_OBJECT_CERTIFICATE; object <= CARDWRIGHT_OBJECT_DATA_ITEM; object++) {
        OK(cardwright_view_parse(object, BYTES("{\"Uuid\":\"a\"}"), 12, &view, NULL));
    }
}

static void case_cardwright_view_text(void)
{
    CardwrightView view = card_view();
    TEXT("02A1\xC3\xA9", cardwright_view_text, &view, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER);
    TEXT("1013", cardwright_view_text, &view, CARDWRIGHT_CARD_INFO_ID);
    TEXT("", cardwright_view_text, &view, CARDWRIGHT_CARD_INFO_LABEL);
    NO_TEXT(JSON_TYPE, cardwright_view_text, &view, CARDWRIGHT_CARD_INFO_TAGS);
    NO_TEXT(UNKNOWN_VALUE, cardwright_view_text, &view, 21);
    NO_TEXT(UNKNOWN_VALUE, cardwright_view_text, &view, UINT32_MAX);
    NO_TEXT(ARGUMENT, cardwright_view_text, NULL, 0);
    view.spans[CARDWRIGHT_CARD_INFO_ID & 0xFFFF].from = UINT32_MAX;
    TEXT("", cardwright_view_text, &view, CARDWRIGHT_CARD_INFO_ID);
    view.object = 9;
    NO_TEXT(UNKNOWN_VALUE, cardwright_view_text, &view, 0);
    view = card_view();
    view.json = NULL;
    NO_TEXT(ARGUMENT, cardwright_view_text, &view, 0);
    view.struct_size = 3;
    NO_TEXT(ARGUMENT, cardwright_view_text, &view, 0);
}

static void case_cardwright_view_number(void)
{
    CardwrightView view = card_view();
    int64_t number = 77;
    CODE(cardwright_view_number(&view, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER, &number, NULL), JSON_TYPE);
    CODE(cardwright_view_number(&view, CARDWRIGHT_CARD_INFO_LABEL, &number, NULL), JSON_MISSING);
    UNKNOWN(cardwright_view_number(&view, 99, &number, NULL));
    NAMED("number", cardwright_view_number(&view, 0, NULL, &told));
    NAMED("view", cardwright_view_number(NULL, 0, &number, &told));
    CHECK(number == 77);
    OK(cardwright_view_number(&view, CARDWRIGHT_CARD_INFO_ID, &number, NULL));
    CHECK(number == 1013);
}

static void case_cardwright_view_raw(void)
{
    CardwrightView view = card_view();
    const uint8_t *json = NULL;
    size_t length = 77;
    UNKNOWN(cardwright_view_raw(&view, 99, &json, &length, NULL));
    NAMED("view", cardwright_view_raw(NULL, 0, &json, &length, &told));
    NAMED("json", cardwright_view_raw(&view, 0, NULL, &length, &told));
    NAMED("length", cardwright_view_raw(&view, 0, &json, NULL, &told));
    CHECK(json == NULL && length == 77);
    OK(cardwright_view_raw(&view, CARDWRIGHT_CARD_INFO_STATE, &json, &length, NULL));
    CHECK(length == 8 && memcmp(json, "\"Issued\"", 8) == 0);
    /* A field belongs to its object; the index alone is what it was in 0.1.0. */
    OK(cardwright_view_raw(&view, (CARDWRIGHT_OBJECT_CARD_INFO << 16) + 8, &json, &length, NULL));
    CHECK(length == 8 && memcmp(json, "\"Issued\"", 8) == 0);
    OK(cardwright_view_raw(&view, 8, &json, &length, NULL));
    CHECK(length == 8);
    UNKNOWN(cardwright_view_raw(&view, (CARDWRIGHT_OBJECT_SMARTCARD << 16) + 8, &json, &length, NULL));
    UNKNOWN(cardwright_view_raw(&view, (CARDWRIGHT_OBJECT_CARD_INFO << 16) + 21, &json, &length, NULL));
    OK(cardwright_view_raw(&view, CARDWRIGHT_CARD_INFO_LABEL, &json, &length, NULL));
    CHECK(length == 0);
}

static void case_cardwright_view_item(void)
{
    CardwrightView view = card_view(), certificate = {.struct_size = sizeof certificate};
    const uint8_t *json = NULL;
    size_t length = 77;
    UNKNOWN(cardwright_view_item(&view, 99, 0, &json, &length, NULL));
    NAMED("view", cardwright_view_item(NULL, 0, 0, &json, &length, &told));
    NAMED("json", cardwright_view_item(&view, 0, 0, NULL, &length, &told));
    NAMED("length", cardwright_view_item(&view, 0, 0, &json, NULL, &told));
    CHECK(json == NULL && length == 77);
    OK(cardwright_view_item(&view, CARDWRIGHT_CARD_INFO_TAGS, 1, &json, &length, NULL));
    CHECK(length == 5 && memcmp(json, "\"b,c\"", 5) == 0);
    OK(cardwright_view_item(&view, CARDWRIGHT_CARD_INFO_TAGS, 2, &json, &length, NULL));
    CHECK(length == 0);
    OK(cardwright_view_item(&view, CARDWRIGHT_CARD_INFO_ID, 0, &json, &length, NULL));
    CHECK(length == 4);
    OK(cardwright_view_item(&view, CARDWRIGHT_CARD_INFO_CERTIFICATES, 0, &json, &length, NULL));
    OK(cardwright_view_parse(CARDWRIGHT_OBJECT_CERTIFICATE, json, length, &certificate, NULL));
    TEXT("2026-01-01", cardwright_view_text, &certificate, CARDWRIGHT_CERTIFICATE_VALID_TO);
}

static void case_cardwright_view_next_item(void)
{
    static const char lists[] = "{\"id\":7,\"state\":\"Issued\",\"label\":null,\"tags\": [ \"a\" , \"b,[c\"\n,\"\"]}";
    static const char *const tags[] = {"\"a\"", "\"b,[c\"", "\"\""};
    CardwrightView view = {.struct_size = sizeof view};
    const uint8_t *json = NULL;
    size_t length = 0;
    OK(cardwright_view_parse(CARDWRIGHT_OBJECT_CARD_INFO, BYTES(lists), strlen(lists), &view, NULL));
    UNKNOWN(cardwright_view_next_item(&view, 99, &json, &length, NULL));
    NAMED("view", cardwright_view_next_item(NULL, 0, &json, &length, &told));
    NAMED("json", cardwright_view_next_item(&view, 0, NULL, &length, &told));
    NAMED("length", cardwright_view_next_item(&view, 0, &json, NULL, &told));
    for (size_t n = 0; n < 3; n++) {
        const uint8_t *same = NULL;
        size_t as_long = 77;
        OK(cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_TAGS, &json, &length, NULL));
        CHECK(length == strlen(tags[n]) && memcmp(json, tags[n], length) == 0);
        OK(cardwright_view_item(&view, CARDWRIGHT_CARD_INFO_TAGS, n, &same, &as_long, NULL));
        CHECK(same == json && as_long == length);
    }
    for (int n = 0; n < 3; n++) {
        OK(cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_TAGS, &json, &length, NULL));
        CHECK(length == 0 && json != NULL);
    }
    /* A lone value is a list of one, and null an empty one. */
    json = NULL;
    OK(cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_ID, &json, &length, NULL));
    CHECK(length == 1 && *json == '7');
    OK(cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_ID, &json, &length, NULL));
    CHECK(length == 0);
    json = NULL;
    OK(cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_LABEL, &json, &length, NULL));
    CHECK(length == 0);
    json = NULL;
    OK(cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_CERTIFICATES, &json, &length, NULL));
    CHECK(length == 0);
    /* What lies elsewhere is no item. */
    json = BYTES(lists);
    length = 3;
    NAMED("json", cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_TAGS, &json, &length, &told));
    json = BYTES(lists) + strlen(lists) - 1;
    length = 9;
    NAMED("json", cardwright_view_next_item(&view, CARDWRIGHT_CARD_INFO_TAGS, &json, &length, &told));
}

static void case_cardwright_view_state(void)
{
    CardwrightView view = card_view();
    uint32_t state = 77, known = 77;
    NAMED("view", cardwright_view_state(NULL, &state, &known, &told));
    NAMED("state", cardwright_view_state(&view, NULL, &known, &told));
    NAMED("known", cardwright_view_state(&view, &state, NULL, &told));
    CHECK(state == 77 && known == 77);
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(state == CARDWRIGHT_CARD_STATE_ISSUED && known == 1);
    OK(cardwright_view_parse(3, BYTES("{\"Uuid\":\"a\",\"Status\":3}"), 23, &view, NULL));
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(state == CARDWRIGHT_SMARTCARD_STATUS_ACTIVE && known == 1);
    OK(cardwright_view_parse(3, BYTES("{\"Uuid\":\"a\",\"Status\":9}"), 23, &view, NULL));
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(known == 0);
    /* What the numbers mean is the site's to say. */
    const CardwrightStatusRow rows[] = {{.number = 8, .status = CARDWRIGHT_SMARTCARD_STATUS_NEW},
                                        {.number = 9, .status = CARDWRIGHT_SMARTCARD_STATUS_RETIRED}};
    const CardwrightStatusRow wrong[] = {{.number = 9, .status = 99}};
    CHECK(view.statuses == NULL && view.status_count == 0);
    view.statuses = rows;
    view.status_count = 2;
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(state == CARDWRIGHT_SMARTCARD_STATUS_RETIRED && known == 1);
    view.status_count = 1;
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(known == 0);
    view.status_count = SIZE_MAX / 2;
    NAMED("statuses", cardwright_view_state(&view, &state, &known, &told));
    view.statuses = wrong;
    view.status_count = 1;
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(known == 0);
    view.object = CARDWRIGHT_OBJECT_REQUEST;
    NAMED("view", cardwright_view_state(&view, &state, &known, &told));
}

static void case_cardwright_json_text(void)
{
    TEXT("a\nb", cardwright_json_text, BYTES("\"a\\nb\""), 6);
    NO_TEXT(JSON_END, cardwright_json_text, NULL, 0);
    NO_TEXT(ARGUMENT, cardwright_json_text, NULL, 3);
    NO_TEXT(JSON_TYPE, cardwright_json_text, BYTES("[1]"), 3);
    NO_TEXT(JSON_UTF8, cardwright_json_text, BYTES("\"\xFF\""), 3);
}

static void case_cardwright_json_path(void)
{
    TEXT("$.certificates[0].type", cardwright_json_path, BYTES(card_json), strlen(card_json),
         (size_t)(strstr(card_json, "Managed") - card_json));
    TEXT("$", cardwright_json_path, NULL, 0, 5);
    NO_TEXT(ARGUMENT, cardwright_json_path, NULL, 3, 0);
}

#include "walk_client.h"
#include "walk_own.h"
#include "walk_bulk.h"
#include "walk_reader.h"

#if defined(CARDWRIGHT_HOSTED)
/* What the thread had of its own is gone by then. */
static void at_exit(void)
{
    char detail[8] = "#";
    size_t length = 77;
    CardwrightAtr parsed = {.struct_size = sizeof parsed};
    if (cardwright_log_set(NULL, NULL, CARDWRIGHT_LOG_LEVEL_OFF, NULL) != CARDWRIGHT_OK ||
        cardwright_log_set(NULL, NULL, 6, NULL) != CARDWRIGHT_CODE_UNKNOWN_VALUE ||
        cardwright_atr_parse(NULL, 5, &parsed, NULL) != CARDWRIGHT_CODE_ARGUMENT ||
        cardwright_last_error(detail, sizeof detail, &length, NULL) != CARDWRIGHT_OK || length != 0) {
        fprintf(stderr, "the library is of no use at the end\n");
        _Exit(1);
    }
}
#endif

int main(void)
{
    int functions = 0;
#if defined(CARDWRIGHT_HOSTED)
    CHECK(atexit(at_exit) == 0);
#endif
#define FUNCTION(name) case_##name(); functions++;
#include "functions.h"
    printf("%d functions, %d checks\n", functions, checks);
    return functions > 0 ? 0 : 1;
}
