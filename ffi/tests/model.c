/*
 * Does what it reads from standard input, a line each, and prints what it came to, a line each. Words are separated by
 * tabs, numbers are those of the library's enumerations, and "-" stands for nothing:
 *
 *   operate ADDRESS SYSTEM DIALECT VERIFY SETTLE OPERATION REASON id|serial|of KEY USER
 *   list ADDRESS SYSTEM DIALECT VERIFY SETTLE PAGE LIMIT DISABLES STATE EXPIRY USER TYPE MODEL COMMENT POLICY TAG ISSUED
 *        UPDATED REVOKED
 *
 * An operation prints the number of its result, or 0 and the code of the error where it was not begun; a list prints
 * the code of its first error, and the ids.
 *
 * ffi/tests/model.rs has the server that it does this with, and judges what it prints.
 */

#include <cardwright.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(fact)                                                     \
    do {                                                                \
        if (!(fact)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #fact);  \
            exit(1);                                                    \
        }                                                               \
    } while (0)

enum { WORDS = 20, LINE = 2000 };

static uint32_t number(const char *word)
{
    return (uint32_t)strtoul(word, NULL, 10);
}

static CardwrightText text(const char *word)
{
    CardwrightText none = {.data = NULL, .length = 0};
    return strcmp(word, "-") == 0 ? none : cardwright_text(word);
}

static CardwrightClient *new_client(char **word)
{
    CardwrightOptions options = {.struct_size = sizeof options, .no_proxy = 1, .longest_wait = 1};
    CardwrightClient *client = NULL;
    options.base = text(word[1]);
    options.system = number(word[2]);
    options.dialect = number(word[3]);
    options.verify = number(word[4]);
    options.settle_limit = number(word[5]);
    options.page_size = strcmp(word[0], "list") == 0 ? number(word[6]) : 0;
    CHECK(cardwright_client_new(&options, &client, NULL) == CARDWRIGHT_OK);
    return client;
}

static void operate(char **word)
{
    CardwrightClient *client = new_client(word);
    CardwrightOutcome outcome = {.struct_size = sizeof outcome};
    CardwrightCard *card = NULL;
    CardwrightText comment = {.data = NULL, .length = 0};
    const char *by = word[8];
    int32_t code;
    if (strcmp(by, "of") == 0) {
        code = cardwright_client_card_of(client, text(word[10]), text(word[9]), &card, NULL);
    } else if (strcmp(by, "serial") == 0) {
        code = cardwright_client_find(client, text(word[9]), &card, NULL);
    } else {
        code = cardwright_client_card(client, text(word[9]), &card, NULL);
    }
    if (code == CARDWRIGHT_OK && card != NULL) {
        uint32_t has_reason = strcmp(word[7], "-") != 0;
        uint32_t reason = has_reason ? number(word[7]) : 0;
        code = cardwright_client_operate(client, card, number(word[6]), has_reason, reason, comment, &outcome, NULL);
    }
    /* A refusal and what kept the request from being sent are codes, and results too. */
    printf("%u %d\n", (unsigned)outcome.result, (int)code);
    cardwright_card_free(outcome.card);
    cardwright_card_free(card);
    cardwright_client_free(client);
}

static void list(char **word)
{
    CardwrightClient *client = new_client(word);
    CardwrightQuery query = {.struct_size = sizeof query};
    CardwrightText tag = text(word[16]), none = {.data = NULL, .length = 0};
    CardwrightCards *cards = NULL;
    uint32_t disables = number(word[8]);
    int32_t first = 0, code;
    char ids[20000] = "";
    query.has_count = strcmp(word[7], "-") != 0;
    query.count = query.has_count ? number(word[7]) : 0;
    query.state = number(word[9]);
    query.content_expiration_status = number(word[10]);
    query.user_name = text(word[11]);
    query.card_type_name = text(word[12]);
    query.card_model_name = text(word[13]);
    query.comment = text(word[14]);
    query.policy_name = text(word[15]);
    query.tags = &tag;
    query.tag_count = tag.data != NULL;
    query.time_issued = text(word[17]);
    query.time_updated = text(word[18]);
    query.time_revoked = text(word[19]);
    first = cardwright_client_cards(client, &query, &cards, NULL);
    while (first == 0 || first < 601) {
        CardwrightOutcome outcome = {.struct_size = sizeof outcome};
        CardwrightCard *card = NULL;
        char id[64];
        size_t length = 0;
        if (cards == NULL) {
            break;
        }
        code = cardwright_cards_next(cards, &card, NULL);
        if (code != CARDWRIGHT_OK) {
            first = first == 0 ? code : first;
            if (code >= 601) {
                break;
            }
            continue;
        }
        if (card == NULL) {
            break;
        }
        CHECK(cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_ID, id, sizeof id, &length, NULL) == CARDWRIGHT_OK);
        CHECK(strlen(ids) + strlen(id) + 2 < sizeof ids);
        strcat(strcat(ids, " "), id);
        if (disables) {
            uint32_t suspend = CARDWRIGHT_OPERATION_SUSPEND;
            code = cardwright_client_operate(client, card, suspend, 0, 0, none, &outcome, NULL);
            first = first == 0 && outcome.result == 0 ? code : first;
            cardwright_card_free(outcome.card);
        }
        cardwright_card_free(card);
    }
    printf("%d%s\n", (int)first, ids);
    cardwright_cards_free(cards);
    cardwright_client_free(client);
}

int main(void)
{
    char line[LINE];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *word[WORDS + 1] = {NULL}, *rest = line;
        size_t count = 0;
        line[strcspn(line, "\n")] = '\0';
        while (rest != NULL && count <= WORDS) {
            char *tab = strchr(rest, '\t');
            word[count++] = rest;
            if (tab != NULL) {
                *tab++ = '\0';
            }
            rest = tab;
        }
        if (count == 11 && strcmp(word[0], "operate") == 0) {
            operate(word);
        } else {
            CHECK(count == 20 && strcmp(word[0], "list") == 0);
            list(word);
        }
        (void)fflush(stdout);
    }
    return 0;
}
