/* Takes an ATR apart: cc atr.c $(pkg-config --cflags --libs cardwright) && ./a.out "3B 65 00 00 ..." */

#include <cardwright.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    uint8_t bytes[CARDWRIGHT_ATR_MAX];
    size_t length = 0;
    CardwrightError error = {.struct_size = sizeof error};
    CardwrightAtr atr = {.struct_size = sizeof atr};

    if (argc != 2) {
        fprintf(stderr, "usage: %s ATR\n", argv[0]);
        return 2;
    }
    if (cardwright_atr_from_hex(cardwright_text(argv[1]), bytes, sizeof bytes, &length, &error) != CARDWRIGHT_OK ||
        cardwright_atr_parse(bytes, length, &atr, &error) != CARDWRIGHT_OK) {
        fprintf(stderr, "%s, at %zu\n", cardwright_code_text(error.code), error.at);
        return 1;
    }

    printf("%s convention\n", atr.convention == CARDWRIGHT_CONVENTION_DIRECT ? "direct" : "inverse");
    for (unsigned t = 0; t < 15; t++) {
        if (atr.protocols & 1u << t) {
            printf("T=%u%s\n", t, t == atr.default_protocol ? ", the default" : "");
        }
    }
    printf("Fi %d, Di %d, at most %d kHz\n", atr.fi, atr.di, atr.fmax_khz);
    if (atr.has_t1) {
        printf("IFSC %d, BWI %d, CWI %d\n", atr.ifsc, atr.bwi, atr.cwi);
    }
    printf("%d historical bytes:", atr.k);
    for (size_t n = 0; n < atr.k; n++) {
        printf(" %02X", bytes[atr.historical_at + n]);
    }
    printf("\n");

    for (size_t n = 0; n < atr.findings; n++) {
        CardwrightFinding finding = {.struct_size = sizeof finding};
        CardwrightRuleFacts rule = {.struct_size = sizeof rule};
        if (cardwright_atr_finding(bytes, length, n, &finding, &error) != CARDWRIGHT_OK ||
            cardwright_atr_rule(finding.rule, &rule, &error) != CARDWRIGHT_OK) {
            fprintf(stderr, "%s\n", cardwright_code_text(error.code));
            return 1;
        }
        printf("at %zu: %.*s (%.*s, %.*s)\n", finding.at, (int)rule.text.length, rule.text.data,
               (int)rule.standard.length, rule.standard.data, (int)rule.clause.length, rule.clause.data);
    }
    return 0;
}
