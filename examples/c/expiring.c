/*
 * Lists the cards of CertiFlow whose certificates expire soon: all of them, or the first COUNT.
 *
 *   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
 *   cc expiring.c $(pkg-config --cflags --libs cardwright) -o expiring && ./expiring [COUNT]
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

/* A field of a card; empty where it is not there or too long. */
static const char *field(const CardwrightView *view, uint32_t number, char *buffer, size_t capacity)
{
    size_t length = 0;
    if (cardwright_view_text(view, number, buffer, capacity, &length, NULL) != CARDWRIGHT_OK) {
        return "";
    }
    return buffer;
}

int main(int argc, char **argv)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightQuery query = {
        .struct_size = sizeof query,
        .content_expiration_status = CARDWRIGHT_CONTENT_EXPIRATION_STATUS_MANAGED_CERTIFICATES_EXPIRING,
        .has_count = argc > 1,
        .count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0,
    };
    CardwrightClient *client = NULL;
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;

    options.base = cardwright_text(getenv("CARDWRIGHT_URL"));
    options.user = cardwright_text(getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(getenv("CARDWRIGHT_PASSWORD"));
    int32_t code = cardwright_client_new(&options, &client, NULL);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_client_cards(client, &query, &cards, NULL);
    }
    while (code == CARDWRIGHT_OK && (code = cardwright_cards_next(cards, &card, NULL)) == CARDWRIGHT_OK && card) {
        CardwrightView view = {.struct_size = sizeof view};
        char serial[65], user[128];
        code = cardwright_card_view(card, &view, NULL);
        if (code == CARDWRIGHT_OK) {
            printf("%s %s\n", field(&view, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER, serial, sizeof serial),
                   field(&view, CARDWRIGHT_CARD_INFO_USER_NAME, user, sizeof user));
        }
        cardwright_card_free(card);
    }
    int result = code == CARDWRIGHT_OK ? 0 : failed(code);
    cardwright_cards_free(cards);
    cardwright_client_free(client);
    return result;
}
