/* A program with two static libraries that are written in Rust: each does what it does without the other. */

#include <cardwright.h>
#include <stdio.h>
#include <string.h>

uint32_t other_count(uint32_t n);

int main(void)
{
    CardwrightError error = {.struct_size = sizeof error};
    CardwrightAtr atr = {.struct_size = sizeof atr};
    static const uint8_t bytes[] = {0x3B, 0x65, 0x00, 0x00, 0x9C, 0x02, 0x02, 0x07, 0x02};
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightClient *client = NULL;
    CardwrightCard *card = NULL;
    int32_t code;

    if (other_count(1000) != 1000) {
        fprintf(stderr, "the other library does not count\n");
        return 1;
    }
    if (cardwright_atr_parse(bytes, sizeof bytes, &atr, &error) != CARDWRIGHT_OK || atr.k != 5) {
        fprintf(stderr, "the ATR is not parsed: %d\n", error.code);
        return 1;
    }
    /* Nobody listens there: addresses, certificates, threads and errors, as far as the network. */
    options.base = cardwright_text("https://127.0.0.1:1/certiflow/api");
    options.user = cardwright_text("EXAMPLE\\user1");
    options.password = cardwright_text("secret");
    if (cardwright_client_new(&options, &client, &error) != CARDWRIGHT_OK) {
        fprintf(stderr, "no client: %d\n", error.code);
        return 1;
    }
    code = cardwright_client_card(client, cardwright_text("1"), &card, &error);
    cardwright_client_free(client);
    if (code == CARDWRIGHT_OK || code != error.code || other_count(10) != 10) {
        fprintf(stderr, "one of the libraries is not as it was: %d\n", code);
        return 1;
    }
    printf("%s %d\n", cardwright_version(), code);
    return 0;
}
