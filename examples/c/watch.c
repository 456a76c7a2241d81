/*
 * Watches the readers, and shows who each card is that comes, and its record in MIM CM. It ends after CARDS of
 * them; without a number, never.
 *
 *   export CARDWRIGHT_MIM_URL=https://cm.example/CertificateManagement CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
 *   cc watch.c $(pkg-config --cflags --libs cardwright) -o watch && ./watch [CARDS]
 */

#include <cardwright.h>
#include <stdio.h>
#include <stdlib.h>

/* Says what went wrong, in the words of the reader or the server. */
static void say(const char *what, int32_t code)
{
    char detail[512];
    size_t length = 0;
    if (cardwright_last_error(detail, sizeof detail, &length, NULL) != CARDWRIGHT_OK || length == 0) {
        fprintf(stderr, "%s: %s\n", what, cardwright_code_text(code));
    } else {
        fprintf(stderr, "%s: %s\n", what, detail);
    }
}

/* Asks the card in a reader who it is, and prints every number that it tells. */
static int32_t identify(CardwrightText reader, CardwrightIdentity *identity)
{
    CardwrightSession *session = NULL;
    size_t count = 0, length = 0;
    uint64_t kinds = 0;
    char name[64];
    int32_t code = cardwright_session_new(reader, NULL, &session, NULL);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_session_identify(session, identity, NULL);
    }
    /* The card is left as it was, and free for others while a server is asked. */
    cardwright_session_free(session);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_identity_found(identity, &kinds, &count, NULL);
    }
    if (code != CARDWRIGHT_OK) {
        return code;
    }
    for (size_t n = 0; kinds != 0; n++) {
        CardwrightKind one = {.struct_size = sizeof one};
        char basis[32];
        if (cardwright_identity_kind(identity, n, &one, NULL) != CARDWRIGHT_OK) {
            break;
        }
        if (cardwright_enumeration_name(CARDWRIGHT_ENUMERATION_CARD_KIND, one.kind, name, sizeof name, &length, NULL) == 0 &&
            cardwright_enumeration_name(CARDWRIGHT_ENUMERATION_BASIS, one.basis, basis, sizeof basis, &length, NULL) == 0) {
            printf("  a card of the kind %s, by %s\n", name, basis);
        }
        if (one.unread[0] != '\0') {
            printf("  %s\n", one.unread);
        }
    }
    for (size_t n = 0; n < count; n++) {
        CardwrightIdentifier one = {.struct_size = sizeof one};
        char trust[32];
        if (cardwright_identity_identifier(identity, n, &one, NULL) == CARDWRIGHT_OK &&
            cardwright_enumeration_name(CARDWRIGHT_ENUMERATION_SOURCE, one.source, name, sizeof name, &length, NULL) == 0 &&
            cardwright_enumeration_name(CARDWRIGHT_ENUMERATION_TRUST, one.trust, trust, sizeof trust, &length, NULL) == 0) {
            printf("  %s %s (%s)\n", name, one.spelling, trust);
        }
    }
    return CARDWRIGHT_OK;
}

/* Finds the card's record, and prints what was tried and what it says. */
static int32_t show_record(const CardwrightClient *client, const CardwrightIdentity *identity)
{
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;
    CardwrightSearch search = {.struct_size = sizeof search};
    int32_t code = cardwright_client_records(client, identity, cardwright_text(NULL), &cards, &search, NULL);
    for (size_t n = 0; code == CARDWRIGHT_OK && n < search.tried; n++) {
        CardwrightGuess guess = {.struct_size = sizeof guess};
        code = cardwright_identity_guess(identity, search.system, n, &guess, NULL);
        printf("  asked MIM CM for %s\n", guess.spelling);
    }
    if (code == CARDWRIGHT_OK) {
        char found[16];
        size_t length = 0;
        code = cardwright_enumeration_name(CARDWRIGHT_ENUMERATION_FOUND, search.found, found, sizeof found, &length, NULL);
        printf("  records: %zu (%s)\n", search.records, found);
    }
    if (code == CARDWRIGHT_OK && search.found == CARDWRIGHT_FOUND_WEAKER) {
        printf("  its strongest identifier finds nothing: the record may be another card's\n");
    }
    while (code == CARDWRIGHT_OK && (code = cardwright_cards_next(cards, &card, NULL)) == CARDWRIGHT_OK && card) {
        char id[64] = "", state[64] = "", user[128] = "";
        size_t length = 0;
        cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_ID, id, sizeof id, &length, NULL);
        cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_STATE, state, sizeof state, &length, NULL);
        cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_USER, user, sizeof user, &length, NULL);
        printf("  %s: %s, of %s\n", id, state, user);
        cardwright_card_free(card);
    }
    cardwright_cards_free(cards);
    return code;
}

int main(int argc, char **argv)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_MIM};
    CardwrightEvent event = {.struct_size = sizeof event};
    CardwrightClient *client = NULL;
    CardwrightWatch *watch = NULL;
    unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 10) : (unsigned long)-1;

    options.base = cardwright_text(getenv("CARDWRIGHT_MIM_URL"));
    options.user = cardwright_text(getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(getenv("CARDWRIGHT_PASSWORD"));
    int32_t code = cardwright_client_new(&options, &client, NULL);
    if (code == CARDWRIGHT_OK) {
        code = cardwright_watch_new(&watch, NULL);
    }
    while (code == CARDWRIGHT_OK && left > 0 &&
           (code = cardwright_watch_next(watch, CARDWRIGHT_NO_LIMIT, &event, NULL)) == CARDWRIGHT_OK) {
        if (event.kind == CARDWRIGHT_EVENT_KIND_SERVICE_LOST) {
            say("readers", event.code);
        }
        if (event.kind != CARDWRIGHT_EVENT_KIND_CARD_INSERTED) {
            continue;
        }
        CardwrightIdentity identity = {{0}};
        printf("%.*s\n", (int)event.reader.length, event.reader.data);
        int32_t shown = identify(event.reader, &identity);
        if (shown == CARDWRIGHT_OK) {
            shown = show_record(client, &identity);
        }
        /* A card that was pulled meanwhile, or a server that does not answer, is no reason to stop. */
        if (shown != CARDWRIGHT_OK) {
            say("card", shown);
        }
        fflush(stdout);
        left--;
    }
    if (code != CARDWRIGHT_OK) {
        say("watch", code);
    }
    cardwright_watch_free(watch);
    cardwright_client_free(client);
    return code == CARDWRIGHT_OK ? 0 : 1;
}
