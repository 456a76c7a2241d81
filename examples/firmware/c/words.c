/* The terminal in words. */

#include "board.h"
#include "say.h"

static void put_name(uint32_t enumeration, uint32_t value)
{
    char name[40];
    size_t length = 0;
    if (cardwright_name(enumeration, value, name, sizeof name, &length, NULL) == CARDWRIGHT_OK) {
        print(name, length);
    }
}

void say_error(const CardwrightError *error)
{
    const CardwrightText what = {error->what, error->what_length};
    put_words(cardwright_code_text(error->code));
    put_words(" at ");
    put_number(error->at);
    put_words(": ");
    put(what);
    put_words("\n");
}

int32_t say_atr(const uint8_t *bytes, size_t length, CardwrightError *error)
{
    CardwrightAtr atr = {.struct_size = sizeof atr};
    char text[3 * CARDWRIGHT_ATR_MAX];
    size_t written = 0;
    int32_t code = cardwright_atr_parse(bytes, length, &atr, error);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_hex(bytes, length, CARDWRIGHT_HEX_SPACED, text, sizeof text, &written, error);
    }
    if (code != CARDWRIGHT_OK) {
        return code;
    }
    put_words("ATR ");
    print(text, written);
    put_words("\nT=");
    put_number(atr.default_protocol);
    put_words(", ");
    put_number(atr.k);
    put_words(" historical bytes\n");
    for (size_t n = 0; n < atr.findings && code == CARDWRIGHT_OK; n++) {
        CardwrightFinding finding = {.struct_size = sizeof finding};
        CardwrightRuleFacts rule = {.struct_size = sizeof rule};
        code = cardwright_atr_finding(bytes, length, n, &finding, error);
        if (code == CARDWRIGHT_OK) {
            code = cardwright_finding_name(&finding, text, sizeof text, &written, error);
        }
        if (code == CARDWRIGHT_OK) {
            code = cardwright_rule(finding.rule, &rule, error);
        }
        if (code == CARDWRIGHT_OK) {
            print(text, written);
            put_words(": ");
            put(rule.text);
            put_words("\n");
        }
    }
    return code;
}

int32_t say_card(const CardwrightIdentity *identity, CardwrightError *error)
{
    uint64_t kinds = 0;
    size_t identifiers = 0;
    int32_t code = cardwright_identity_found(identity, &kinds, &identifiers, error);
    for (uint32_t kind = 0; kind < 64 && code == CARDWRIGHT_OK; kind++) {
        if (kinds >> kind & 1) {
            put_words("kind ");
            put_name(CARDWRIGHT_ENUMERATION_CARD_KIND, kind);
            put_words("\n");
        }
    }
    for (size_t n = 0; n < identifiers && code == CARDWRIGHT_OK; n++) {
        CardwrightIdentifier found = {.struct_size = sizeof found};
        code = cardwright_identity_identifier(identity, n, &found, error);
        if (code == CARDWRIGHT_OK && found.spelling[0] != '\0') {
            put_name(CARDWRIGHT_ENUMERATION_SOURCE, found.source);
            put_words(" ");
            put_words(found.spelling);
            put_words(", ");
            put_name(CARDWRIGHT_ENUMERATION_TRUST, found.trust);
            put_words("\n");
        }
    }
    return code;
}

void say_guess(const CardwrightGuess *guess)
{
    put_words("look for ");
    put_words(guess->spelling);
    put_words(", ");
    put_name(CARDWRIGHT_ENUMERATION_EVIDENCE, guess->evidence);
    put_words("\n");
}

void say_verdict(uint32_t operation, uint32_t state, const CardwrightVerdict *verdict)
{
    put_name(CARDWRIGHT_ENUMERATION_OPERATION, operation);
    put_words(": ");
    put_name(CARDWRIGHT_ENUMERATION_CARD_STATE, state);
    put_words(" to ");
    put_name(CARDWRIGHT_ENUMERATION_CARD_STATE, verdict->to);
    put_words(", ");
    put_name(CARDWRIGHT_ENUMERATION_EVIDENCE, verdict->evidence);
    put_words("\n");
}

void say_state(uint32_t state) { put_name(CARDWRIGHT_ENUMERATION_CARD_STATE, state); }
