/*
 * Signs in to CertiFlow by one of the ways there are, shows the first card, and says what the server offered and
 * took.
 *
 *   export CARDWRIGHT_URL=https://cm.example/certiflow/api
 *   cc sign_in.c $(pkg-config --cflags --libs cardwright) -o sign_in && ./sign_in WAY [FILE]
 *
 * WAY is auto, negotiate, ntlm or basic, with CARDWRIGHT_USER and CARDWRIGHT_PASSWORD or what is at hand (FILE is a
 * keytab); bearer, with CARDWRIGHT_TOKEN; oidc, with CARDWRIGHT_ISSUER, CARDWRIGHT_CLIENT_ID and
 * CARDWRIGHT_CLIENT_SECRET, or as a person without a secret; certificate, with certificate and key in FILE.
 */

#include <cardwright.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tells a person the code. The call that needs a token waits until it was typed. */
static void tell(void *to, const CardwrightDeviceCode *code)
{
    fprintf(to, "open %.*s and type %.*s, within %u s\n", (int)code->address.length, code->address.data,
            (int)code->user_code.length, code->user_code.data, (unsigned)code->lasts);
}

static CardwrightText environment(const char *name) { return cardwright_text(getenv(name)); }

/* The client that signs in this way. */
static int32_t client_by(const char *way, const char *file, CardwrightClient **client)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightSignIn sign_in = {.struct_size = sizeof sign_in};
    CardwrightOidc oidc = {.struct_size = sizeof oidc};
    CardwrightClientCertificate certificate = {.struct_size = sizeof certificate};

    options.base = environment("CARDWRIGHT_URL");
    if (strcmp(way, "bearer") == 0) {
        options.token = environment("CARDWRIGHT_TOKEN");
    } else if (strcmp(way, "oidc") == 0) {
        oidc.issuer = environment("CARDWRIGHT_ISSUER");
        oidc.client_id = environment("CARDWRIGHT_CLIENT_ID");
        oidc.client_secret = environment("CARDWRIGHT_CLIENT_SECRET");
        if (oidc.client_secret.data == NULL) {
            oidc.prompt = tell;
            oidc.context = stderr;
        }
        options.oidc = &oidc;
    } else if (strcmp(way, "certificate") == 0) {
        certificate.certificate_file = cardwright_text(file);
        options.certificate = &certificate;
    } else {
        uint32_t scheme = 0;
        if (strcmp(way, "auto") != 0) {
            int32_t code = cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SCHEME, cardwright_text(way), &scheme, NULL);
            if (code != CARDWRIGHT_OK) {
                return code;
            }
            sign_in.schemes = 1u << scheme;
        }
        options.user = environment("CARDWRIGHT_USER");
        options.password = environment("CARDWRIGHT_PASSWORD");
        sign_in.keytab = cardwright_text(file);
        options.sign_in = &sign_in;
    }
    return cardwright_client_new(&options, client, NULL);
}

/* The serial number of the first card. */
static int32_t first(const CardwrightClient *client, char *serial, size_t capacity)
{
    CardwrightQuery query = {.struct_size = sizeof query, .has_count = 1, .count = 1};
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;
    size_t length = 0;
    int32_t code = cardwright_client_cards(client, &query, &cards, NULL);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_cards_next(cards, &card, NULL);
    }
    if (code == CARDWRIGHT_OK && card != NULL) {
        code = cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER, serial, capacity, &length, NULL);
    }
    cardwright_card_free(card);
    cardwright_cards_free(cards);
    return code;
}

int main(int argc, char **argv)
{
    CardwrightClient *client = NULL;
    char serial[128] = "no card", said[1024] = "";
    size_t length = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: %s WAY [FILE]\n", argv[0]);
        return 2;
    }
    int32_t code = client_by(argv[1], argc > 2 ? argv[2] : NULL, &client);
    if (code == CARDWRIGHT_OK) {
        code = first(client, serial, sizeof serial);
    }
    if (code != CARDWRIGHT_OK) {
        cardwright_last_error(said, sizeof said, &length, NULL);
        fprintf(stderr, "%s\n", length > 0 ? said : cardwright_code_text(code));
    } else if (cardwright_client_explain(client, said, sizeof said, &length, NULL) == CARDWRIGHT_OK) {
        printf("%s; %s\n", serial, said);
    }
    cardwright_client_free(client);
    return code == CARDWRIGHT_OK ? 0 : 1;
}
