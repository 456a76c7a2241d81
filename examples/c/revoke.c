/*
 * Revokes the card of CertiFlow with this serial number, as lost: shows what may be done with it, does it, and
 * says what it came to.
 *
 *   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
 *   cc revoke.c $(pkg-config --cflags --libs cardwright) -o revoke && ./revoke SERIAL
 */

#include <cardwright.h>
#include <stdio.h>
#include <stdlib.h>

/* Says what went wrong, in the server's words where it has any. */
static int failed(int32_t code)
{
    char detail[512];
    size_t length = 0;
    if (cardwright_last_error(detail, sizeof detail, &length, NULL) != CARDWRIGHT_OK || length == 0) {
        fprintf(stderr, "%s\n", cardwright_code_text(code));
    } else {
        fprintf(stderr, "%s\n", detail);
    }
    return 1;
}

static int32_t show(const CardwrightClient *client, const CardwrightCard *card)
{
    CardwrightOperations *operations = NULL;
    char state[64];
    size_t count = 0, length = 0;
    int32_t code = cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_STATE, state, sizeof state, &length, NULL);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_client_operations(client, card, &operations, &count, NULL);
    }
    if (code != CARDWRIGHT_OK) {
        return code;
    }
    printf("%s; allowed:", state);
    for (size_t n = 0; n < count; n++) {
        CardwrightListed listed = {.struct_size = sizeof listed};
        if (cardwright_operations_at(operations, n, &listed, NULL) == CARDWRIGHT_OK) {
            printf(" %.*s", (int)listed.word.length, listed.word.data);
        }
    }
    printf("\n");
    cardwright_operations_free(operations);
    return CARDWRIGHT_OK;
}

static int revoke(const CardwrightClient *client, const char *serial)
{
    CardwrightCard *card = NULL;
    CardwrightOutcome outcome = {.struct_size = sizeof outcome};
    int32_t code = cardwright_client_find(client, cardwright_text(serial), &card, NULL);
    if (code == CARDWRIGHT_OK && card == NULL) {
        fprintf(stderr, "no card has the serial number %s\n", serial);
        return 1;
    }
    if (code == CARDWRIGHT_OK) {
        code = show(client, card);
    }
    if (code == CARDWRIGHT_OK) {
        code = cardwright_client_operate(client, card, CARDWRIGHT_OPERATION_REVOKE, 1,
                                         CARDWRIGHT_REVOCATION_REASON_CARD_LOST, cardwright_text(NULL), &outcome, NULL);
    }
    cardwright_card_free(card);
    if (code != CARDWRIGHT_OK) {
        return failed(code);
    }
    cardwright_card_free(outcome.card);
    /* Done is what the card says that was read again; anything else is not known to be so. */
    const char *said = outcome.result == CARDWRIGHT_RESULT_DONE ? "is revoked" : "unknown, it may be revoked: look again";
    printf("%s %s\n", serial, said);
    return outcome.result == CARDWRIGHT_RESULT_DONE ? 0 : 1;
}

int main(int argc, char **argv)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightClient *client = NULL;

    if (argc != 2) {
        fprintf(stderr, "usage: %s SERIAL\n", argv[0]);
        return 2;
    }
    options.base = cardwright_text(getenv("CARDWRIGHT_URL"));
    options.user = cardwright_text(getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(getenv("CARDWRIGHT_PASSWORD"));
    int32_t code = cardwright_client_new(&options, &client, NULL);
    if (code != CARDWRIGHT_OK) {
        return failed(code);
    }
    int result = revoke(client, argv[1]);
    cardwright_client_free(client);
    return result;
}
