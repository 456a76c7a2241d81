/*
 * A program of the first day of 0.1, compiled against the header of that day and run with the newest library: what it
 * passes is taken, what it is given is no longer than what it knows, and what the numbers meant they still mean.
 *
 * With CARDWRIGHT_URL, _USER and _PASSWORD it is a client of that server, one of `cardwright serve`.
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
#define T(text) cardwright_text(text)

/* A structure that the library fills, `it`: its size stays, and nothing is written behind it. */
#define FILLED(type, call)                                              \
    do {                                                                \
        struct { type it; unsigned char behind[256]; } *room = malloc(sizeof *room); \
        CHECK(room != NULL);                                            \
        memset(room, 0xA5, sizeof *room);                               \
        room->it.struct_size = sizeof(type);                            \
        type *it = &room->it;                                           \
        OK(call);                                                       \
        CHECK(room->it.struct_size == sizeof(type));                    \
        for (size_t n = 0; n < sizeof room->behind; n++) {              \
            CHECK(room->behind[n] == 0xA5);                             \
        }                                                               \
        free(room);                                                     \
    } while (0)

static const uint8_t atr[] = {0x3B, 0xD5, 0x18, 0xFF, 0x81, 0x91, 0xFE, 0x1F, 0xC3, 0x80, 0x73, 0xC8, 0x21, 0x10, 0x0B};

static const char card[] = "{\"id\":1,\"state\":\"Issued\",\"tags\":[\"a\",\"b\"],\"certificates\":[]}";

static void plain(void)
{
    char text[64];
    size_t length = 0;
    CardwrightError error = {.struct_size = sizeof error};
    FILLED(CardwrightError, cardwright_atr_parse(NULL, 1, NULL, it) == CARDWRIGHT_CODE_ARGUMENT ? 0 : 1);
    FILLED(CardwrightAtr, cardwright_atr_parse(atr, sizeof atr, it, NULL));
    FILLED(CardwrightAtrLevel, cardwright_atr_level(atr, sizeof atr, 0, it, NULL));
    FILLED(CardwrightAtrObject, cardwright_atr_object(atr, sizeof atr, 0, it, NULL));
    FILLED(CardwrightHistorical, cardwright_atr_historical(atr, sizeof atr, it, NULL));
    FILLED(CardwrightTiming, cardwright_atr_timing(atr, sizeof atr, 372, 1, it, NULL));
    FILLED(CardwrightRuleFacts, cardwright_rule(1, it, NULL));
    FILLED(CardwrightVerdict, cardwright_verdict(CARDWRIGHT_SYSTEM_CERTIFLOW, CARDWRIGHT_CARD_STATE_ISSUED,
                                                 CARDWRIGHT_OPERATION_SUSPEND, it, NULL));
    FILLED(CardwrightOperationFacts, cardwright_operation(CARDWRIGHT_OPERATION_REVOKE, it, NULL));

    CardwrightView view = {.struct_size = sizeof view};
    FILLED(CardwrightView, cardwright_view_parse(CARDWRIGHT_OBJECT_CARD_INFO, (const uint8_t *)card, strlen(card), it, NULL));
    OK(cardwright_view_parse(CARDWRIGHT_OBJECT_CARD_INFO, (const uint8_t *)card, strlen(card), &view, &error));
    OK(cardwright_view_text(&view, CARDWRIGHT_CARD_INFO_STATE, text, sizeof text, &length, NULL));
    CHECK(strcmp(text, "Issued") == 0);
    const uint8_t *item = NULL;
    OK(cardwright_view_item(&view, CARDWRIGHT_CARD_INFO_TAGS, 1, &item, &length, NULL));
    CHECK(length == 3 && memcmp(item, "\"b\"", 3) == 0);
    uint32_t state = 0, known = 0;
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(state == CARDWRIGHT_CARD_STATE_ISSUED && known == 1);

    const CardwrightAtrParts parts = {.struct_size = sizeof parts};
    uint8_t built[CARDWRIGHT_ATR_MAX];
    OK(cardwright_atr_build(&parts, built, sizeof built, &length, NULL));
    CHECK(length == 2 && built[0] == 0x3B);

    const CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_ISSUED};
    const CardwrightCall call = {.struct_size = sizeof call, .kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARDS,
                                 .dialect = CARDWRIGHT_DIALECT_G7, .query = &query};
    CardwrightSite site = {.struct_size = sizeof site, .host = {"cm.example", 10}};
    char message[400];
    OK(cardwright_call_message(&call, &site, message, sizeof message, &length, NULL));
    CHECK(strstr(message, "/Cards?") != NULL && strstr(message, "state=Issued") != NULL);

    CardwrightReply reply;
    memset(&reply, 0, sizeof reply);
    OK(cardwright_reply_init(&reply, NULL));
    const uint8_t *chunk = (const uint8_t *)"HTTP/1.1 204 \r\n\r\n";
    size_t left = 17;
    FILLED(CardwrightReplyPart, cardwright_reply_next(&reply, &chunk, &left, it, NULL));

    CardwrightProbe probe;
    memset(&probe, 0, sizeof probe);
    OK(cardwright_probe_init(&probe, NULL));
    FILLED(CardwrightGeneration, cardwright_probe_finding(&probe, T(NULL), it, NULL));

    CardwrightIdentity identity;
    memset(&identity, 0, sizeof identity);
    OK(cardwright_identity_init(&identity, atr, sizeof atr, CARDWRIGHT_INTERFACE_CONTACT, NULL));
    OK(cardwright_identity_add(&identity, CARDWRIGHT_CARD_KIND_GIDS, CARDWRIGHT_OTHER, (const uint8_t *)"1234", 4, 1, NULL));
    FILLED(CardwrightKind, cardwright_identity_kind(&identity, 0, it, NULL));
    FILLED(CardwrightIdentifier, cardwright_identity_identifier(&identity, 0, it, NULL));
}

/* Nothing is sent. */
static void alone(void)
{
    const CardwrightSignIn sign_in = {.struct_size = sizeof sign_in, .schemes = 1u << CARDWRIGHT_SCHEME_NTLM};
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_MIM, .no_proxy = 1};
    CardwrightClient *client = NULL;
    options.base = T("http://127.0.0.1:1/api");
    options.user = T("EXAMPLE\\user1");
    options.password = T("secret");
    options.sign_in = &sign_in;
    OK(cardwright_client_new(&options, &client, NULL));
    cardwright_client_free(client);
    const CardwrightClientCertificate certificate = {.struct_size = sizeof certificate};
    options.certificate = &certificate;
    CHECK(cardwright_client_new(&options, &client, NULL) == CARDWRIGHT_CODE_ARGUMENT);
    options.certificate = NULL;
    options.sign_in = NULL;
    options.user = options.password = T(NULL);
    CardwrightOidc oidc = {.struct_size = sizeof oidc};
    oidc.issuer = T("https://127.0.0.1:1/");
    oidc.client_id = T("terminal");
    oidc.client_secret = T("secret");
    options.oidc = &oidc;
    options.base = T("https://127.0.0.1:1/api");
    OK(cardwright_client_new(&options, &client, NULL));
    cardwright_client_free(client);
    CHECK(cardwright_session_new(T("no such reader"), &(CardwrightOpen){.struct_size = sizeof(CardwrightOpen)},
                                 &(CardwrightSession *){NULL}, NULL) / 100 == 5);
}

static void served(const char *url)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    options.base = T(url);
    options.user = T(getenv("CARDWRIGHT_USER"));
    options.password = T(getenv("CARDWRIGHT_PASSWORD"));
    CardwrightClient *client = NULL;
    OK(cardwright_client_new(&options, &client, NULL));
    CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_ISSUED};
    CardwrightCards *cards = NULL;
    OK(cardwright_client_cards(client, &query, &cards, NULL));
    CardwrightCard *found = NULL;
    OK(cardwright_cards_next(cards, &found, NULL));
    CHECK(found != NULL);
    cardwright_cards_free(cards);
    FILLED(CardwrightView, cardwright_card_view(found, it, NULL));

    CardwrightOperations *operations = NULL;
    CardwrightPlan *plan = NULL;
    size_t count = 0;
    OK(cardwright_client_operations(client, found, &operations, &count, NULL));
    FILLED(CardwrightListed, cardwright_operations_at(operations, 0, it, NULL));
    cardwright_operations_free(operations);
    OK(cardwright_client_plan(client, found, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &plan, &count, NULL));
    FILLED(CardwrightPlanned, cardwright_plan_at(plan, 0, it, NULL));
    cardwright_plan_free(plan);
    FILLED(CardwrightGeneration, cardwright_client_probe(client, it, NULL));
    CardwrightRaw *raw = NULL;
    OK(cardwright_client_raw(client, CARDWRIGHT_METHOD_GET, T("Cards?count=1"), T(NULL), &raw, NULL));
    FILLED(CardwrightRawFacts, cardwright_raw_facts(raw, it, NULL));
    cardwright_raw_free(raw);

    CardwrightOutcome outcome = {.struct_size = sizeof outcome};
    OK(cardwright_client_operate(client, found, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &outcome, NULL));
    CHECK(outcome.result == CARDWRIGHT_RESULT_DONE && outcome.struct_size == sizeof outcome);
    cardwright_card_free(found);
    found = outcome.card;
    OK(cardwright_client_operate(client, found, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &outcome, NULL));
    cardwright_card_free(found);
    cardwright_card_free(outcome.card);
    cardwright_client_free(client);
}

int main(void)
{
    const char *url = getenv("CARDWRIGHT_URL");
    plain();
    alone();
    if (url != NULL) {
        served(url);
    }
    printf("%d checks\n", checks);
    return 0;
}
