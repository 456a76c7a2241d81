/*
 * The part of walk.c that is about clients.
 */

#if defined(CARDWRIGHT_HOSTED)

/* Whether a text that lies in the library has this in it. */
static int has(CardwrightText text, const char *part)
{
    size_t length = strlen(part);
    for (size_t n = 0; n + length <= text.length; n++) {
        if (memcmp(text.data + n, part, length) == 0) {
            return 1;
        }
    }
    return 0;
}

#endif

#if defined(CARDWRIGHT_CLIENT)

/* How to reach the server that CARDWRIGHT_URL, _MIM_URL, _OLD_URL, _USER and _PASSWORD name: one of
 * `cardwright serve`. */
static CardwrightOptions served(const char *url, uint32_t system)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = system};
    options.base = T(getenv(url));
    options.user = T(getenv("CARDWRIGHT_USER"));
    options.password = T(getenv("CARDWRIGHT_PASSWORD"));
    CHECK(options.base.data != NULL);
    return options;
}

static CardwrightClient *client(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightClient *made = NULL;
    OK(cardwright_client_new(&options, &made, NULL));
    return made;
}

static CardwrightClient *mim(void)
{
    CardwrightOptions options = served("CARDWRIGHT_MIM_URL", CARDWRIGHT_SYSTEM_MIM);
    CardwrightClient *made = NULL;
    OK(cardwright_client_new(&options, &made, NULL));
    return made;
}

/* Of the caller's cards in MIM CM that are in use: one of which nobody has to approve what is done with it, and
 * one of which somebody has to. */
enum approval { FREE, APPROVED };

static CardwrightCard *active_of(const CardwrightClient *from, enum approval approval)
{
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL, *found = NULL;
    OK(cardwright_client_cards(from, NULL, &cards, NULL));
    for (;;) {
        uint32_t system = 0, state = 0, known = 0;
        OK(cardwright_cards_next(cards, &card, NULL));
        if (card == NULL) {
            break;
        }
        OK(cardwright_card_state(card, &system, &state, &known, NULL));
        CHECK(system == CARDWRIGHT_SYSTEM_MIM && known == 1);
        if (state == CARDWRIGHT_SMARTCARD_STATUS_ACTIVE && (approval == APPROVED || found == NULL)) {
            cardwright_card_free(found);
            found = card;
        } else {
            cardwright_card_free(card);
        }
    }
    cardwright_cards_free(cards);
    CHECK(found != NULL);
    return found;
}

static CardwrightCard *active(const CardwrightClient *from) { return active_of(from, APPROVED); }

/* A client that reaches nobody. */
static CardwrightClient *lonely(uint32_t system)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = system, .connect_timeout = 2000};
    CardwrightClient *made = NULL;
    options.base = T("http://127.0.0.1:1/api");
    OK(cardwright_client_new(&options, &made, NULL));
    return made;
}

/* A card in use. */
static CardwrightCard *issued(const CardwrightClient *from)
{
    CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_ISSUED, .has_count = 1,
                             .count = 1};
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;
    OK(cardwright_client_cards(from, &query, &cards, NULL));
    OK(cardwright_cards_next(cards, &card, NULL));
    cardwright_cards_free(cards);
    CHECK(card != NULL);
    return card;
}

static void field(const CardwrightCard *card, uint32_t number, char *room, size_t capacity)
{
    CardwrightView view = {.struct_size = sizeof view};
    size_t length;
    OK(cardwright_card_view(card, &view, NULL));
    CHECK(view.object == CARDWRIGHT_OBJECT_CARD_INFO);
    OK(cardwright_view_text(&view, number, room, capacity, &length, NULL));
    CHECK(length > 0);
}

static void errors_that_speak(void);
static void earlier_sizes(void);

static void case_cardwright_client_new(void)
{
    CardwrightOptions options = {.struct_size = sizeof options};
    CardwrightClient *made = NULL;
    NAMED("base", cardwright_client_new(&options, &made, &told));
    options.base = T("http://127.0.0.1:1/api");
    UNKNOWN(cardwright_client_new(&options, &made, NULL));
    options.system = CARDWRIGHT_SYSTEM_CERTIFLOW;
    options.dialect = 8;
    UNKNOWN(cardwright_client_new(&options, &made, NULL));
    options.dialect = 0;
    options.check = 3;
    UNKNOWN(cardwright_client_new(&options, &made, NULL));
    options.check = CARDWRIGHT_CHECK_STRICT;
    options.user = T("only a user");
    NAMED("password", cardwright_client_new(&options, &made, &told));
    options.user = T(NULL);
    options.roots = T("no certificate");
    CODE(cardwright_client_new(&options, &made, NULL), CERTIFICATE);
    options.roots = T(NULL);
    options.proxy = T("http://127.0.0.1:1");
    options.no_proxy = 1;
    NAMED("proxy", cardwright_client_new(&options, &made, &told));
    options.no_proxy = 0;
    options.proxy = T("ftp://no proxy");
    CODE(cardwright_client_new(&options, &made, NULL), PROXY);
    options.proxy = T(NULL);
    options.user_agent = T("two\nlines");
    CODE(cardwright_client_new(&options, &made, NULL), UNWRITABLE);
    options.user_agent = T(NULL);
    options.system = CARDWRIGHT_SYSTEM_MIM;
    options.status_scheme = 2;
    UNKNOWN(cardwright_client_new(&options, &made, NULL));
    options.status_count = 1;
    NAMED("statuses", cardwright_client_new(&options, &made, &told));
    const CardwrightStatusRow rows[] = {{.number = 3, .status = 7}};
    options.statuses = rows;
    UNKNOWN(cardwright_client_new(&options, &made, NULL));
    options.status_count = SIZE_MAX / 8;
    NAMED("statuses", cardwright_client_new(&options, &made, &told));
    options.status_count = 0;
    options.status_scheme = CARDWRIGHT_STATUS_SCHEME_B;
    options.base = T("no address");
    CODE(cardwright_client_new(&options, &made, NULL), ADDRESS);
    options.base = not_utf8;
    CODE(cardwright_client_new(&options, &made, NULL), JSON_UTF8);
    NAMED("client", cardwright_client_new(&options, NULL, &told));
    NAMED("options", cardwright_client_new(NULL, &made, &told));
    options.struct_size = 5;
    NAMED("struct_size", cardwright_client_new(&options, &made, &told));
    CHECK(made == NULL);
    cardwright_client_free(lonely(CARDWRIGHT_SYSTEM_MIM));

    /* Each of the settings is felt: the proxy is asked, and asked twice, for what it cannot give. */
    options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    options.proxy = T("http://127.0.0.1:1");
    options.attempts = 2;
    options.longest_wait = 1;
    OK(cardwright_client_new(&options, &made, NULL));
    CardwrightCard *card = NULL;
    CODE(cardwright_client_card(made, T("1013"), &card, NULL), UNREACHABLE);
    char said[512];
    size_t length;
    OK(cardwright_last_error(said, sizeof said, &length, NULL));
    CHECK(strstr(said, "after 2 attempts") != NULL);
    cardwright_client_free(made);
    options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    options.no_proxy = 1;
    options.max_element = 16;
    options.user_agent = T("walk/1.0");
    OK(cardwright_client_new(&options, &made, NULL));
    CODE(cardwright_client_card(made, T("1013"), &card, NULL), ROOM);
    cardwright_client_free(made);
    /* What 3 means is the site's to say. */
    const CardwrightStatusRow own[] = {{.number = 3, .status = CARDWRIGHT_SMARTCARD_STATUS_SUSPENDED}};
    for (int with = 0; with < 3; with++) {
        uint32_t system, state, known;
        options = served("CARDWRIGHT_MIM_URL", CARDWRIGHT_SYSTEM_MIM);
        options.status_scheme = with == 1 ? CARDWRIGHT_STATUS_SCHEME_A : CARDWRIGHT_STATUS_SCHEME_B;
        options.statuses = own;
        options.status_count = with == 2 ? 1 : 0;
        CardwrightClient *usual = mim();
        CardwrightCard *one = active(usual);
        char id[64];
        OK(cardwright_card_text(one, CARDWRIGHT_CARD_TEXT_ID, id, sizeof id, &length, NULL));
        cardwright_card_free(one);
        cardwright_client_free(usual);
        OK(cardwright_client_new(&options, &made, NULL));
        OK(cardwright_client_card(made, T(id), &card, NULL));
        CHECK(card != NULL);
        OK(cardwright_card_state(card, &system, &state, &known, NULL));
        static const uint32_t expected[] = {CARDWRIGHT_SMARTCARD_STATUS_ACTIVE, CARDWRIGHT_SMARTCARD_STATUS_DISABLED,
                                            CARDWRIGHT_SMARTCARD_STATUS_SUSPENDED};
        CHECK(known == 1 && state == expected[with]);
        uint32_t seen = 0;
        CardwrightView view = {.struct_size = sizeof view};
        /* The card does not need its client, nor the client's rows. */
        cardwright_client_free(made);
        OK(cardwright_card_state(card, &system, &state, &known, NULL));
        OK(cardwright_card_view(card, &view, NULL));
        OK(cardwright_view_state(&view, &seen, &known, NULL));
        CHECK(known == 1 && seen == state);
        cardwright_card_free(card);
    }
    errors_that_speak();
    earlier_sizes();
}

/* What is wrong with a way to sign in is told before anything is sent. */
static void prompt(void *context, const CardwrightDeviceCode *code) { (void)context, (void)code; }

static int32_t no_signature(void *context, uint32_t scheme, const uint8_t *message, size_t message_length,
                            uint8_t *signature, size_t capacity, size_t *length)
{
    (void)context, (void)scheme, (void)message, (void)message_length, (void)signature, (void)capacity, (void)length;
    return CARDWRIGHT_CODE_CARD_REMOVED;
}

static void ways_to_sign_in(void)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightSignIn way = {.struct_size = sizeof way};
    CardwrightOidc oidc = {.struct_size = sizeof oidc};
    CardwrightClientCertificate shown = {.struct_size = sizeof shown};
    CardwrightClient *made = NULL;
    uint32_t scheme = 0;
    char said[512];
    size_t length;
    told.struct_size = sizeof told;
#define NEW cardwright_client_new(&options, &made, &told)
#define MADE OK(NEW); cardwright_client_free(made); made = NULL
    options.base = T("http://127.0.0.1:1/api");

    options.sign_in = &way;
    MADE;
    OK(cardwright_enumeration_value(CARDWRIGHT_ENUMERATION_SCHEME, T("negotiate"), &scheme, NULL));
    CHECK(scheme == CARDWRIGHT_SCHEME_NEGOTIATE);
    way.schemes = 1u << scheme;
    way.mutual = CARDWRIGHT_MUTUAL_REQUIRE;
    way.no_channel_bindings = 1;
    way.service = T("HTTP@elsewhere");
    way.keytab = T("no such keytab");
    way.ccache = T("no such cache");
    options.user = T("batch@EXAMPLE.COM");
    MADE;
    options.password = T("a password");
    NAMED("keytab", NEW);
    way.keytab = way.ccache = T(NULL);
    way.basic_in_clear = 1;
    MADE;
    way.mutual = 2;
    UNKNOWN(NEW);
    way.mutual = CARDWRIGHT_MUTUAL_WARN;
    way.schemes = 1u << CARDWRIGHT_SCHEME_BEARER;
    UNKNOWN(NEW);
    way.schemes = 0;
    way.service = not_utf8;
    CODE(NEW, JSON_UTF8);
    way.service = T(NULL);
    options.user = T(NULL);
    NAMED("user", NEW);
    options.password = T(NULL);
    options.token = T("a token");
    NAMED("token", NEW);
    options.token = T(NULL);
    way.struct_size = 3;
    NAMED("struct_size", NEW);
    way.struct_size = sizeof way;
    options.oidc = &oidc;
    NAMED("oidc", NEW);
    options.sign_in = NULL;

    NAMED("issuer", NEW);
    oidc.issuer = T("http://127.0.0.1:1");
    oidc.client_id = T("cards");
    CODE(NEW, SETTING);
    oidc.prompt = prompt;
    MADE;
    oidc.client_secret = T("a secret of the issuer");
    oidc.scope = oidc.resource = oidc.audience = T("cards");
    oidc.token_endpoint = oidc.device_endpoint = T("http://127.0.0.1:1/token");
    oidc.cache = T("no/such/folder/token");
    oidc.client_auth = CARDWRIGHT_CLIENT_AUTH_POST;
    MADE;
    oidc.client_auth = 3;
    UNKNOWN(NEW);
    oidc.client_auth = CARDWRIGHT_CLIENT_AUTH_DISCOVER;
    oidc.issuer = T("http://issuer.example");
    CODE(NEW, ADDRESS);
    OK(cardwright_last_error(said, sizeof said, &length, NULL));
    CHECK(length > 0 && strstr(said, "a secret") == NULL);
    oidc.issuer = not_utf8;
    CODE(NEW, JSON_UTF8);
    oidc.issuer = T("http://127.0.0.1:1");
    options.user = T("somebody");
    NAMED("oidc", NEW);
    options.user = T(NULL);
    oidc.struct_size = 3;
    NAMED("struct_size", NEW);
    options.oidc = NULL;

    options.certificate = &shown;
    NAMED("certificates", NEW);
    shown.certificates = T("no certificate");
    CODE(NEW, CERTIFICATE);
    shown.certificate_file = T("no such file");
    NAMED("certificate_file", NEW);
    shown.certificates = T(NULL);
    CODE(NEW, CERTIFICATE);
    OK(cardwright_last_error(said, sizeof said, &length, NULL));
    CHECK(strstr(said, "no such file") != NULL);
    shown.certificate_file = T("/dev/zero");
    CODE(NEW, CERTIFICATE);
    shown.certificate_file = T(NULL);
    shown.certificates = T("no certificate");
    shown.key = T("a private key");
    CODE(NEW, CERTIFICATE);
    OK(cardwright_last_error(said, sizeof said, &length, NULL));
    CHECK(strstr(said, "a private key") == NULL);
    shown.sign = no_signature;
    NAMED("sign", NEW);
    shown.key = T(NULL);
    CODE(NEW, CERTIFICATE);
    shown.scheme_count = 1;
    NAMED("schemes", NEW);
    const uint32_t schemes[] = {CARDWRIGHT_SIGNATURE_SCHEME_ED25519, 7};
    shown.schemes = schemes;
    CODE(NEW, CERTIFICATE);
    shown.scheme_count = 2;
    UNKNOWN(NEW);
    shown.scheme_count = 99;
    NAMED("scheme_count", NEW);
    shown.struct_size = 3;
    NAMED("struct_size", NEW);
    CHECK(made == NULL);
#undef NEW
#undef MADE
}

static void case_cardwright_tls_library(void)
{
    CardwrightText built_in = cardwright_tls_library(CARDWRIGHT_TLS_RUSTLS);
    CHECK(built_in.length == 16 && memcmp(built_in.data, "rustls with ring", 16) == 0);
    CardwrightText system = cardwright_tls_library(CARDWRIGHT_TLS_SYSTEM);
    CHECK(system.data == NULL || (system.length > 8 && memcmp(system.data, "OpenSSL ", 8) == 0));
    CHECK(cardwright_tls_library(2).data == NULL);
}

static void case_cardwright_client_explain(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightSignIn way = {.struct_size = sizeof way};
    CardwrightClient *made = NULL;
    CardwrightCard *found = NULL;
    char said[512];
    size_t length;
    ways_to_sign_in();
    options.sign_in = &way;
    OK(cardwright_client_new(&options, &made, NULL));
    NO_TEXT(ARGUMENT, cardwright_client_explain, NULL);
    TEXT("the server offered nothing", cardwright_client_explain, made);
    OK(cardwright_client_card(made, T("1013"), &found, NULL));
    CHECK(found != NULL);
    cardwright_card_free(found);
    OK(cardwright_client_explain(made, said, sizeof said, &length, NULL));
    CHECK(strstr(said, "the server offers Basic") != NULL && strstr(said, "Basic: signed in") != NULL);
    CHECK(strstr(said, getenv("CARDWRIGHT_PASSWORD")) == NULL);
    cardwright_client_free(made);
}

static void case_cardwright_client_free(void)
{
    cardwright_client_free(NULL);
    cardwright_client_free(lonely(CARDWRIGHT_SYSTEM_CERTIFLOW));
}

static void case_cardwright_client_cancel(void)
{
    CardwrightClient *each = client();
    CardwrightCard *card = NULL;
    NAMED("client", cardwright_client_cancel(NULL, &told));
    OK(cardwright_client_cancel(each, NULL));
    CODE(cardwright_client_find(each, T("02A1"), &card, NULL), CANCELED);
    cardwright_client_free(each);
    /* Lists end too, at once and for good: what was read ahead is not handed out. */
    CardwrightCards *cards = NULL, *none = NULL;
    each = client();
    OK(cardwright_client_cards(each, NULL, &cards, NULL));
    OK(cardwright_cards_next(cards, &card, NULL));
    CHECK(card != NULL);
    OK(cardwright_client_cancel(each, NULL));
    for (int n = 0; n < 3; n++) {
        CardwrightCard *next = NULL;
        CODE(cardwright_cards_next(cards, &next, NULL), CANCELED);
        CHECK(next == NULL);
        int32_t code = cardwright_client_cards(each, NULL, &none, NULL);
        if (code == CARDWRIGHT_OK) {
            code = cardwright_cards_next(none, &next, NULL);
            cardwright_cards_free(none);
        }
        CHECK(code == CARDWRIGHT_CODE_CANCELED);
    }
    CardwrightOutcome out = {.struct_size = sizeof out};
    CODE(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL), CANCELED);
    cardwright_card_free(card);
    cardwright_cards_free(cards);
    cardwright_client_free(each);
}

/* What a server refuses, as members and as cardwright_last_error writes it. */
static void errors_that_speak(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightClient *each = NULL;
    CardwrightCard *card = NULL;
    CardwrightError spoken = {.struct_size = sizeof spoken};
    char room[512];
    size_t length = 0;
    options.password = T("another password");
    OK(cardwright_client_new(&options, &each, NULL));
    CODE(cardwright_client_card(each, T("1013"), &card, &spoken), SIGN_IN);
    CHECK(spoken.http_status == 401 && spoken.words_length > 0);
    OK(cardwright_last_error(room, sizeof room, &length, NULL));
    CHECK(length == spoken.words_length && memcmp(room, spoken.words, length) == 0);
    /* A structure of before there were these members. */
    spoken.struct_size = (uint32_t)offsetof(CardwrightError, http_status);
    spoken.http_status = 77;
    CODE(cardwright_client_card(each, T("1013"), &card, &spoken), SIGN_IN);
    CHECK(spoken.http_status == 77 && spoken.struct_size == offsetof(CardwrightError, http_status));
    spoken.struct_size = sizeof spoken;
    CODE(cardwright_atr_parse(NULL, 0, &(CardwrightAtr){.struct_size = sizeof(CardwrightAtr)}, &spoken), SHORT);
    CHECK(spoken.http_status == 0 && spoken.words != NULL && spoken.words_length > 0);
    cardwright_client_free(each);

    /* Each error of set-up has the member. */
    static const char *const wrong[][2] = {{"a:b", "user"}, {"DOMAIN\\a:b", "user"}, {"a\nb", "user"}, {"a\x7f", "user"}};
    options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    const CardwrightSignIn any = {.struct_size = sizeof any};
    const CardwrightSignIn ntlm = {.struct_size = sizeof ntlm, .schemes = 1u << CARDWRIGHT_SCHEME_NTLM};
    for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        options.user = T(wrong[n][0]);
        options.sign_in = n % 2 ? &any : NULL;
        CODE(cardwright_client_new(&options, &each, &spoken), HEADER);
        CHECK(spoken.what_length == strlen(wrong[n][1]) && memcmp(spoken.what, wrong[n][1], spoken.what_length) == 0);
    }
    options.sign_in = &ntlm;
    /* A control character is in no name; a colon is what Basic alone cannot carry. */
    CODE(cardwright_client_new(&options, &each, &spoken), HEADER);
    CHECK(spoken.what_length == 4 && memcmp(spoken.what, "user", 4) == 0);
    options.user = T("a:b");
    OK(cardwright_client_new(&options, &each, NULL));
    cardwright_client_free(each);
    options.sign_in = NULL;
    options.user = T("DOMAIN\\a");
    OK(cardwright_client_new(&options, &each, NULL));
    cardwright_client_free(each);
    options.password = T("a password\n");
    CODE(cardwright_client_new(&options, &each, &spoken), HEADER);
    CHECK(spoken.what_length == 8 && memcmp(spoken.what, "password", 8) == 0);
    options.password = T("a password");
    options.base = T("nonsense");
    CODE(cardwright_client_new(&options, &each, &spoken), ADDRESS);
    CHECK(spoken.what_length == 4 && memcmp(spoken.what, "base", 4) == 0 && spoken.words_length > 8);
}

/* Structures of a program that was compiled when they had fewer members. */
static void earlier_sizes(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightClient *each = NULL;
    CardwrightCards *cards = NULL;
    static const size_t ends[] = {offsetof(CardwrightOptions, sign_in), offsetof(CardwrightOptions, status_count),
                                  offsetof(CardwrightOptions, verify), offsetof(CardwrightOptions, list_timeout)};
    static const uint32_t none[] = {0, 1, 3, 4, 5, 7, sizeof options - 1, sizeof options + 8, UINT32_MAX};
    for (size_t n = 0; n < sizeof ends / sizeof *ends; n++) {
        options.struct_size = (uint32_t)ends[n];
        OK(cardwright_client_new(&options, &each, NULL));
        cardwright_client_free(each);
    }
    for (size_t n = 0; n < sizeof none / sizeof *none; n++) {
        options.struct_size = none[n];
        NAMED("struct_size", cardwright_client_new(&options, &each, &told));
    }
    options.struct_size = sizeof options;
    OK(cardwright_client_new(&options, &each, NULL));
    /* What is behind its end does not count. */
    CardwrightQuery query = {.struct_size = (uint32_t)offsetof(CardwrightQuery, serial_number)};
    query.serial_number = T("nobody has it");
    CardwrightCard *card = NULL;
    OK(cardwright_client_cards(each, &query, &cards, NULL));
    OK(cardwright_cards_next(cards, &card, NULL));
    CHECK(card != NULL);
    cardwright_cards_free(cards);
    CardwrightView view = {.struct_size = (uint32_t)offsetof(CardwrightView, statuses), .status_count = 77};
    OK(cardwright_card_view(card, &view, NULL));
    CHECK(view.status_count == 77 && view.struct_size == offsetof(CardwrightView, statuses));
    uint32_t state, known;
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(known == 1);
    cardwright_card_free(card);
    cardwright_client_free(each);
}

static void case_cardwright_last_error(void)
{
    CardwrightClient *each = lonely(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightCard *card = NULL;
    char room[512] = "#";
    size_t length = 77;
    CODE(cardwright_client_find(each, T("02A1"), &card, NULL), UNREACHABLE);
    CODE(cardwright_last_error(room, 3, &length, NULL), ROOM);
    NAMED("buffer", cardwright_last_error(NULL, 3, &length, &told));
    NAMED("length", cardwright_last_error(room, sizeof room, NULL, &told));
    CHECK(length > 20 && room[0] == '#');
    OK(cardwright_last_error(room, sizeof room, &length, NULL));
    CHECK(strstr(room, "127.0.0.1:1") != NULL && strlen(room) == length);
    /* It is that of the last failure, whatever failed. */
    NAMED("client", cardwright_client_find(NULL, T("02A1"), &card, &told));
    OK(cardwright_last_error(room, sizeof room, &length, NULL));
    CHECK(strstr(room, "client") != NULL && strstr(room, "NULL") != NULL);
    CODE(cardwright_client_find(each, T("02A1"), &card, NULL), UNREACHABLE);
    CHECK(cardwright_version() != NULL && T("").length == 0);
    OK(cardwright_last_error(room, sizeof room, &length, NULL));
    CHECK(length > 0);
    NAMED("verdict", cardwright_lifecycle_verdict(0, 0, 0, NULL, &told));
    OK(cardwright_last_error(room, sizeof room, &length, NULL));
    CHECK(strstr(room, "verdict") != NULL);
    cardwright_client_free(each);
}

static void case_cardwright_client_cards(void)
{
    CardwrightClient *each = client(), *other = lonely(CARDWRIGHT_SYSTEM_MIM);
    CardwrightQuery query = {.struct_size = sizeof query};
    CardwrightText tags[] = {not_utf8};
    CardwrightCards *cards = NULL;
    NAMED("client", cardwright_client_cards(NULL, NULL, &cards, &told));
    NAMED("cards", cardwright_client_cards(each, NULL, NULL, &told));
    query.state = 99;
    UNKNOWN(cardwright_client_cards(each, &query, &cards, NULL));
    query.state = 0;
    query.tags = tags;
    query.tag_count = 1;
    CODE(cardwright_client_cards(each, &query, &cards, NULL), JSON_UTF8);
    tags[0] = T("");
    CODE(cardwright_client_cards(each, &query, &cards, NULL), UNWRITABLE);
    query.tag_count = 0;
    query.user_name = T("nobody");
    CODE(cardwright_client_cards(other, &query, &cards, NULL), NO_SUCH_PARAMETER);
    query.struct_size = 1;
    NAMED("struct_size", cardwright_client_cards(each, &query, &cards, &told));
    CHECK(cards == NULL);
    tags[0] = T("no such tag");
    query = (CardwrightQuery){.struct_size = sizeof query, .tags = tags, .tag_count = 1};
    query.user_name = T("DEMO\\nobody");
    OK(cardwright_client_cards(each, &query, &cards, NULL));
    CardwrightCard *card = (CardwrightCard *)&query;
    OK(cardwright_cards_next(cards, &card, NULL));
    CHECK(card == NULL);
    cardwright_cards_free(cards);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

struct again {
    CardwrightCards *cards;
    int lines;
};

/* The list that is asked cannot be asked. */
static void ask_again(void *context, const CardwrightLogRecord *record)
{
    struct again *again = context;
    CardwrightCard *card = NULL;
    CHECK(record->message.length > 0);
    NAMED("cards", cardwright_cards_next(again->cards, &card, &told));
    again->lines++;
}

static void case_cardwright_cards_next(void)
{
    struct again again = {NULL, 0};
    CardwrightClient *each = client();
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;
    size_t count = 0;
    OK(cardwright_client_cards(each, NULL, &cards, NULL));
    /* The list keeps the client. */
    cardwright_client_free(each);
    NAMED("cards", cardwright_cards_next(NULL, &card, &told));
    NAMED("card", cardwright_cards_next(cards, NULL, &told));
    again.cards = cards;
    OK(cardwright_log_set(ask_again, &again, CARDWRIGHT_LOG_LEVEL_TRACE, NULL));
    for (;;) {
        OK(cardwright_cards_next(cards, &card, NULL));
        if (card == NULL) {
            break;
        }
        char id[32];
        field(card, CARDWRIGHT_CARD_INFO_ID, id, sizeof id);
        cardwright_card_free(card);
        count++;
    }
    CHECK(count > 20);
    OK(cardwright_log_set(NULL, NULL, CARDWRIGHT_LOG_LEVEL_OFF, NULL));
    CHECK(again.lines > 0);
    cardwright_cards_free(cards);
}

static void case_cardwright_cards_free(void)
{
    CardwrightClient *each = client();
    CardwrightCards *cards = NULL;
    cardwright_cards_free(NULL);
    OK(cardwright_client_cards(each, NULL, &cards, NULL));
    cardwright_cards_free(cards);
    cardwright_client_free(each);
}

static void case_cardwright_client_find(void)
{
    CardwrightClient *each = client();
    CardwrightCard *one = issued(each), *found = NULL;
    char serial[128], again[128];
    NAMED("client", cardwright_client_find(NULL, T("02A1"), &found, &told));
    NAMED("serial", cardwright_client_find(each, T(NULL), &found, &told));
    NAMED("card", cardwright_client_find(each, T("02A1"), NULL, &told));
    CODE(cardwright_client_find(each, T(""), &found, NULL), SERIAL);
    CODE(cardwright_client_find(each, not_utf8, &found, NULL), JSON_UTF8);
    CHECK(found == NULL);
    field(one, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER, serial, sizeof serial);
    OK(cardwright_client_find(each, T(serial), &found, NULL));
    CHECK(found != NULL);
    field(found, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER, again, sizeof again);
    CHECK(strcmp(serial, again) == 0);
    cardwright_card_free(found);
    OK(cardwright_client_find(each, T("no such serial"), &found, NULL));
    CHECK(found == NULL);
    cardwright_card_free(one);
    cardwright_client_free(each);
}

static void case_cardwright_client_card(void)
{
    CardwrightClient *each = client();
    CardwrightCard *one = issued(each), *found = NULL;
    char id[32];
    NAMED("client", cardwright_client_card(NULL, T("1"), &found, &told));
    NAMED("id", cardwright_client_card(each, T(NULL), &found, &told));
    NAMED("card", cardwright_client_card(each, T("1"), NULL, &told));
    CODE(cardwright_client_card(each, T(".."), &found, NULL), UNWRITABLE);
    CHECK(found == NULL);
    field(one, CARDWRIGHT_CARD_INFO_ID, id, sizeof id);
    OK(cardwright_client_card(each, T(id), &found, NULL));
    CHECK(found != NULL);
    cardwright_card_free(found);
    cardwright_card_free(one);
    cardwright_client_free(each);
}

static void case_cardwright_card_view(void)
{
    CardwrightClient *each = client();
    CardwrightCard *one = issued(each);
    CardwrightView view = {.struct_size = sizeof view};
    uint32_t state, known;
    NAMED("card", cardwright_card_view(NULL, &view, &told));
    STRUCTURE(CardwrightView, cardwright_card_view, one);
    OK(cardwright_card_view(one, &view, NULL));
    OK(cardwright_view_state(&view, &state, &known, NULL));
    CHECK(known == 1 && state == CARDWRIGHT_CARD_STATE_ISSUED);
    cardwright_card_free(one);
    cardwright_client_free(each);
}

static void case_cardwright_card_free(void) { cardwright_card_free(NULL); }

static void case_cardwright_client_operate(void)
{
    CardwrightClient *each = client();
    CardwrightCard *one = issued(each);
    CardwrightOutcome out = {.struct_size = sizeof out};
    NAMED("client", cardwright_client_operate(NULL, one, 1, 0, 0, T(NULL), &out, &told));
    NAMED("card", cardwright_client_operate(each, NULL, 1, 0, 0, T(NULL), &out, &told));
    UNKNOWN(cardwright_client_operate(each, one, 6, 0, 0, T(NULL), &out, NULL));
    UNKNOWN(cardwright_client_operate(each, one, CARDWRIGHT_OPERATION_REVOKE, 1, 8, T(NULL), &out, NULL));
    CODE(cardwright_client_operate(each, one, CARDWRIGHT_OPERATION_REVOKE, 0, 0, T(NULL), &out, NULL), REASON_NEEDED);
    CODE(cardwright_client_operate(each, one, 1, 0, 0, not_utf8, &out, NULL), JSON_UTF8);
    STRUCTURE(CardwrightOutcome, cardwright_client_operate, each, one, 1, 0, 0, T(NULL));
    CHECK(out.result == 0 && out.card == NULL);
    OK(cardwright_client_operate(each, one, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE && out.card != NULL && out.answer_lost == 0);
    CHECK(out.has_verdict == 1 && out.verdict.answer == CARDWRIGHT_ANSWER_ALLOWED && out.request[0] == '\0');
    cardwright_card_free(one);
    one = out.card;
    CODE(cardwright_client_operate(each, one, CARDWRIGHT_OPERATION_PRE_UPDATE, 0, 0, T(NULL), &out, NULL), NOT_ALLOWED);
    OK(cardwright_client_operate(each, one, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE);
    cardwright_card_free(out.card);
    cardwright_card_free(one);

    /* What is only assumed to be refused is sent, and the server refuses it; a strict client does not send it. */
    CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_REVOKED, .has_count = 1,
                             .count = 1};
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightCards *cards = NULL;
    CardwrightClient *strict = NULL;
    OK(cardwright_client_cards(each, &query, &cards, NULL));
    OK(cardwright_cards_next(cards, &one, NULL));
    CHECK(one != NULL);
    CODE(cardwright_client_operate(each, one, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL), REFUSED);
    options.check = CARDWRIGHT_CHECK_STRICT;
    OK(cardwright_client_new(&options, &strict, NULL));
    CODE(cardwright_client_operate(strict, one, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL), NOT_ALLOWED);
    cardwright_client_free(strict);
    cardwright_card_free(one);
    cardwright_cards_free(cards);
    cardwright_client_free(each);
}

static void case_cardwright_client_card_of(void)
{
    CardwrightOptions options = served("CARDWRIGHT_OLD_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightClient *each = NULL, *other = mim();
    CardwrightCard *card = NULL;
    CardwrightOutcome out = {.struct_size = sizeof out};
    options.dialect = CARDWRIGHT_DIALECT_G1;
    OK(cardwright_client_new(&options, &each, NULL));
    NAMED("client", cardwright_client_card_of(NULL, T("a@b"), T("1"), &card, &told));
    NAMED("user", cardwright_client_card_of(each, T(NULL), T("1"), &card, &told));
    NAMED("key", cardwright_client_card_of(each, T("a@b"), T(NULL), &card, &told));
    NAMED("card", cardwright_client_card_of(each, T("a@b"), T("1"), NULL, &told));
    CODE(cardwright_client_card_of(each, not_utf8, T("1"), &card, NULL), JSON_UTF8);
    CODE(cardwright_client_card_of(other, T("a@b"), T("1"), &card, NULL), NO_SUCH_CALL);
    CODE(cardwright_client_find(each, T("02A1B3D7"), &card, NULL), NO_SUCH_PARAMETER);
    OK(cardwright_client_card_of(each, T("aweber@demo.example"), T("no such"), &card, NULL));
    CHECK(card == NULL);
    OK(cardwright_client_card_of(each, T("aweber@demo.example"), T("02A1B3D7"), &card, NULL));
    CHECK(card != NULL);
    /* The user that it was found by is kept: G1 could not read it again otherwise. */
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE && out.card != NULL);
    cardwright_card_free(card);
    card = out.card;
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    CHECK(out.card != NULL);
    cardwright_card_free(out.card);
    cardwright_card_free(card);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_card_text(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightCard *one = NULL, *its = active(other);
    OK(cardwright_client_card(each, T("1013"), &one, NULL));
    TEXT("1013", cardwright_card_text, one, CARDWRIGHT_CARD_TEXT_ID);
    TEXT("02A1B3C4", cardwright_card_text, one, CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER);
    TEXT("DEMO\\ipetrov", cardwright_card_text, one, CARDWRIGHT_CARD_TEXT_USER);
    TEXT("Active", cardwright_card_text, its, CARDWRIGHT_CARD_TEXT_STATE);
    TEXT("3b8d0180fba000000397425446590301c8", cardwright_card_text, its, CARDWRIGHT_CARD_TEXT_ATR);
    NO_TEXT(UNKNOWN_VALUE, cardwright_card_text, one, 0);
    NO_TEXT(UNKNOWN_VALUE, cardwright_card_text, one, 6);
    NO_TEXT(ARGUMENT, cardwright_card_text, NULL, 1);
    cardwright_card_free(its);
    cardwright_card_free(one);
    cardwright_client_free(other);
    cardwright_client_free(each);
}

static void case_cardwright_card_state(void)
{
    CardwrightClient *each = client();
    CardwrightCard *one = issued(each);
    uint32_t system = 77, state = 77, known = 77;
    NAMED("card", cardwright_card_state(NULL, &system, &state, &known, &told));
    NAMED("system", cardwright_card_state(one, NULL, &state, &known, &told));
    NAMED("state", cardwright_card_state(one, &system, NULL, &known, &told));
    NAMED("known", cardwright_card_state(one, &system, &state, NULL, &told));
    CHECK(system == 77 && state == 77 && known == 77);
    OK(cardwright_card_state(one, &system, &state, &known, NULL));
    CHECK(system == CARDWRIGHT_SYSTEM_CERTIFLOW && state == CARDWRIGHT_CARD_STATE_ISSUED && known == 1);
    cardwright_card_free(one);
    cardwright_client_free(each);
}

static void case_cardwright_client_operations(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightCard *one = issued(each);
    CardwrightOperations *list = NULL;
    size_t count = 77;
    NAMED("client", cardwright_client_operations(NULL, one, &list, &count, &told));
    NAMED("card", cardwright_client_operations(each, NULL, &list, &count, &told));
    NAMED("operations", cardwright_client_operations(each, one, NULL, &count, &told));
    NAMED("count", cardwright_client_operations(each, one, &list, NULL, &told));
    CODE(cardwright_client_operations(other, one, &list, &count, NULL), SETTING);
    CHECK(list == NULL && count == 77);
    OK(cardwright_client_operations(each, one, &list, &count, NULL));
    CHECK(count >= 2);
    cardwright_operations_free(list);
    cardwright_card_free(one);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_operations_at(void)
{
    CardwrightClient *each = mim();
    CardwrightCard *one = active(each);
    CardwrightOperations *list = NULL;
    CardwrightListed listed = {.struct_size = sizeof listed};
    size_t count, retire = 0, others = 0;
    OK(cardwright_client_operations(each, one, &list, &count, NULL));
    for (size_t n = 0; n < count; n++) {
        OK(cardwright_operations_at(list, n, &listed, NULL));
        CHECK(listed.by_server == 1 && listed.word.length > 0);
        if (listed.operation == CARDWRIGHT_OPERATION_RETIRE) {
            CHECK(listed.has_verdict == 1 && listed.verdict.answer == CARDWRIGHT_ANSWER_ALLOWED);
            CHECK(listed.word.length == 6 && memcmp(listed.word.data, "retire", 6) == 0);
            retire++;
        } else if (listed.operation == 0) {
            CHECK(listed.has_verdict == 0);
            others++;
        }
    }
    CHECK(retire == 1 && others > 0);
    NAMED("index", cardwright_operations_at(list, count, &listed, &told));
    NAMED("operations", cardwright_operations_at(NULL, 0, &listed, &told));
    STRUCTURE(CardwrightListed, cardwright_operations_at, list, 0);
    cardwright_operations_free(list);
    cardwright_card_free(one);
    cardwright_client_free(each);
}

static void case_cardwright_operations_free(void) { cardwright_operations_free(NULL); }

static void case_cardwright_client_plan(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightCard *one = issued(each);
    CardwrightPlan *plan = NULL;
    size_t count = 77;
    const uint32_t revoke_it = CARDWRIGHT_OPERATION_REVOKE;
    NAMED("client", cardwright_client_plan(NULL, one, revoke_it, 1, 1, T(NULL), &plan, &count, &told));
    NAMED("card", cardwright_client_plan(each, NULL, revoke_it, 1, 1, T(NULL), &plan, &count, &told));
    NAMED("plan", cardwright_client_plan(each, one, revoke_it, 1, 1, T(NULL), NULL, &count, &told));
    NAMED("count", cardwright_client_plan(each, one, revoke_it, 1, 1, T(NULL), &plan, NULL, &told));
    UNKNOWN(cardwright_client_plan(each, one, 0, 0, 0, T(NULL), &plan, &count, NULL));
    UNKNOWN(cardwright_client_plan(each, one, revoke_it, 1, 99, T(NULL), &plan, &count, NULL));
    CODE(cardwright_client_plan(each, one, revoke_it, 0, 0, T(NULL), &plan, &count, NULL), REASON_NEEDED);
    CODE(cardwright_client_plan(each, one, revoke_it, 1, 1, not_utf8, &plan, &count, NULL), JSON_UTF8);
    CODE(cardwright_client_plan(other, one, revoke_it, 0, 0, T(NULL), &plan, &count, NULL), SETTING);
    CHECK(plan == NULL && count == 77);
    OK(cardwright_client_plan(each, one, revoke_it, 1, 1, T(NULL), &plan, &count, NULL));
    CHECK(count == 1);
    cardwright_plan_free(plan);
    cardwright_card_free(one);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_plan_at(void)
{
    CardwrightClient *each = mim();
    CardwrightCard *one = active(each);
    CardwrightPlan *plan = NULL;
    CardwrightPlanned planned = {.struct_size = sizeof planned};
    size_t count;
    OK(cardwright_client_plan(each, one, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("lost"), &plan, &count, NULL));
    CHECK(count == 5);
    OK(cardwright_plan_at(plan, 0, &planned, NULL));
    CHECK(has(planned.method, "POST") && has(planned.address, "requests") && has(planned.body, "lost"));
    OK(cardwright_plan_at(plan, 1, &planned, NULL));
    CHECK(has(planned.method, "GET") && has(planned.address, "{request}") && planned.body.data == NULL);
    NAMED("index", cardwright_plan_at(plan, 5, &planned, &told));
    NAMED("plan", cardwright_plan_at(NULL, 0, &planned, &told));
    STRUCTURE(CardwrightPlanned, cardwright_plan_at, plan, 0);
    cardwright_plan_free(plan);
    cardwright_card_free(one);
    cardwright_client_free(each);
}

static void case_cardwright_plan_free(void) { cardwright_plan_free(NULL); }

static void case_cardwright_client_go_on(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightCard *one = active_of(other, FREE), *waits = active_of(other, APPROVED);
    CardwrightOutcome out = {.struct_size = sizeof out};
    char request[sizeof out.request];
    NAMED("client", cardwright_client_go_on(NULL, T("1"), &out, &told));
    NAMED("request", cardwright_client_go_on(other, T(NULL), &out, &told));
    CODE(cardwright_client_go_on(other, not_utf8, &out, NULL), JSON_UTF8);
    STRUCTURE(CardwrightOutcome, cardwright_client_go_on, other, T("1"));
    CODE(cardwright_client_go_on(each, T("1"), &out, NULL), NO_SUCH_CALL);
    CODE(cardwright_client_go_on(other, T("11111111-2222-3333-4444-555555555555"), &out, NULL), NOT_FOUND);
    CHECK(out.result == 0);
    /* A retirement by the workflow of MIM CM; its request is done, so that going on with it finds that. */
    OK(cardwright_client_operate(other, one, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("by the walk"), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE && out.card != NULL && strlen(out.request) == 36);
    TEXT("Retired", cardwright_card_text, out.card, CARDWRIGHT_CARD_TEXT_STATE);
    cardwright_card_free(out.card);
    memcpy(request, out.request, sizeof request);
    OK(cardwright_client_go_on(other, T(request), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE && strcmp(out.request, request) == 0 && out.has_verdict == 0);
    cardwright_card_free(out.card);
    /* One that waits for approval goes on waiting. */
    OK(cardwright_client_operate(other, waits, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("by the walk"), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_AWAITING_APPROVAL && out.card == NULL && strlen(out.request) == 36);
    memcpy(request, out.request, sizeof request);
    OK(cardwright_client_go_on(other, T(request), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_AWAITING_APPROVAL && strcmp(out.request, request) == 0);
    OK(cardwright_client_cancel_request(other, T(request), NULL));
    cardwright_card_free(waits);
    CODE(cardwright_client_operate(other, one, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T(NULL), &out, NULL), NOT_ALLOWED);
    CODE(cardwright_client_operate(other, one, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL),
         NO_SUCH_OPERATION);
    cardwright_card_free(one);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_client_cancel_request(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightCard *waits = active_of(other, APPROVED);
    CardwrightOutcome out = {.struct_size = sizeof out};
    NAMED("client", cardwright_client_cancel_request(NULL, T("1"), &told));
    NAMED("request", cardwright_client_cancel_request(other, T(NULL), &told));
    CODE(cardwright_client_cancel_request(other, not_utf8, NULL), JSON_UTF8);
    CODE(cardwright_client_cancel_request(each, T("1"), NULL), NO_SUCH_CALL);
    CODE(cardwright_client_cancel_request(other, T("11111111-2222-3333-4444-555555555555"), NULL), NOT_FOUND);
    OK(cardwright_client_operate(other, waits, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("by the walk"), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_AWAITING_APPROVAL);
    OK(cardwright_client_cancel_request(other, T(out.request), NULL));
    CODE(cardwright_client_cancel_request(other, T(out.request), NULL), REQUEST_ENDED);
    CODE(cardwright_client_go_on(other, T(out.request), &out, NULL), REQUEST_ENDED);
    CHECK(out.result == CARDWRIGHT_RESULT_REFUSED && out.card == NULL);
    cardwright_card_free(waits);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

/* Where nothing is given, it is found out: what the server of CARDWRIGHT_URL speaks. */
static void case_cardwright_client_probe(void)
{
    CardwrightClient *each = client(), *other = mim(), *nobody = lonely(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightGeneration found = {.struct_size = sizeof found, .dialect = 77};
    NAMED("client", cardwright_client_probe(NULL, &found, &told));
    STRUCTURE(CardwrightGeneration, cardwright_client_probe, each);
    CODE(cardwright_client_probe(other, &found, NULL), NO_SUCH_CALL);
    CODE(cardwright_client_probe(nobody, &found, NULL), UNREACHABLE);
    CHECK(found.dialect == 77);
    OK(cardwright_client_probe(each, &found, NULL));
    CHECK(found.dialect == CARDWRIGHT_DIALECT_G7 && found.dialects == 1u << CARDWRIGHT_DIALECT_G7);
    CHECK(found.sure == CARDWRIGHT_SURE_SHOWN);
    cardwright_client_free(each);
    CardwrightOptions options = served("CARDWRIGHT_OLD_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    OK(cardwright_client_new(&options, &each, NULL));
    OK(cardwright_client_probe(each, &found, NULL));
    CHECK(found.dialect == CARDWRIGHT_DIALECT_G1 && found.sure == CARDWRIGHT_SURE_SHOWN);
    cardwright_client_free(each);
    cardwright_client_free(other);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_found(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightGeneration found = {.struct_size = sizeof found};
    NO_TEXT(ARGUMENT, cardwright_client_found, NULL);
    TEXT("", cardwright_client_found, each);
    TEXT("", cardwright_client_found, other);
    OK(cardwright_client_probe(each, &found, NULL));
    TEXT("G7: Cards answers, Cards/{id} answers", cardwright_client_found, each);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_client_dialect(void)
{
    CardwrightOptions options = served("CARDWRIGHT_OLD_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightClient *each = client(), *other = mim(), *old = NULL;
    uint32_t dialect = 77;
    NAMED("client", cardwright_client_dialect(NULL, &dialect, &told));
    NAMED("dialect", cardwright_client_dialect(each, NULL, &told));
    CHECK(dialect == 77);
    OK(cardwright_client_dialect(each, &dialect, NULL));
    CHECK(dialect == CARDWRIGHT_DIALECT_G7);
    OK(cardwright_client_dialect(other, &dialect, NULL));
    CHECK(dialect == 0);
    OK(cardwright_client_new(&options, &old, NULL));
    OK(cardwright_client_dialect(old, &dialect, NULL));
    CHECK(dialect == CARDWRIGHT_DIALECT_G1);
    cardwright_client_free(old);
    options.dialect = CARDWRIGHT_DIALECT_G4;
    OK(cardwright_client_new(&options, &old, NULL));
    OK(cardwright_client_dialect(old, &dialect, NULL));
    CHECK(dialect == CARDWRIGHT_DIALECT_G4);
    cardwright_client_free(old);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

/* The server of the tests has no register of SKZI: its reply is not documented. ffi/tests/skzi.rs has one. */
static void case_cardwright_client_skzi(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightClient *each = client(), *other = mim(), *old = NULL;
    CardwrightSkziQuery query = {.struct_size = sizeof query};
    CardwrightSkzi *skzi = NULL;
    NAMED("client", cardwright_client_skzi(NULL, &query, &skzi, &told));
    NAMED("skzi", cardwright_client_skzi(each, &query, NULL, &told));
    CODE(cardwright_client_skzi(other, &query, &skzi, NULL), NO_SUCH_CALL);
    query.state = not_utf8;
    CODE(cardwright_client_skzi(each, &query, &skzi, NULL), JSON_UTF8);
    query.state = T("");
    CODE(cardwright_client_skzi(each, &query, &skzi, NULL), UNWRITABLE);
    query.struct_size = 3;
    NAMED("struct_size", cardwright_client_skzi(each, &query, &skzi, &told));
    options.dialect = CARDWRIGHT_DIALECT_G6;
    OK(cardwright_client_new(&options, &old, NULL));
    CODE(cardwright_client_skzi(old, NULL, &skzi, NULL), NO_SUCH_CALL);
    CHECK(skzi == NULL);
    OK(cardwright_client_skzi(each, NULL, &skzi, NULL));
    cardwright_skzi_free(skzi);
    cardwright_client_free(each);
    cardwright_client_free(other);
    cardwright_client_free(old);
}

static void case_cardwright_skzi_next(void)
{
    CardwrightClient *each = client();
    CardwrightSkzi *skzi = NULL;
    CardwrightText entry = {0};
    OK(cardwright_client_skzi(each, NULL, &skzi, NULL));
    /* It keeps the client alive. */
    cardwright_client_free(each);
    NAMED("skzi", cardwright_skzi_next(NULL, &entry, &told));
    NAMED("entry", cardwright_skzi_next(skzi, NULL, &told));
    CODE(cardwright_skzi_next(skzi, &entry, NULL), NOT_FOUND);
    OK(cardwright_skzi_next(skzi, &entry, NULL));
    CHECK(entry.data == NULL);
    cardwright_skzi_free(skzi);
}

static void case_cardwright_skzi_free(void) { cardwright_skzi_free(NULL); }

static void case_cardwright_client_raw(void)
{
    CardwrightClient *each = client(), *nobody = lonely(CARDWRIGHT_SYSTEM_MIM);
    CardwrightRaw *raw = NULL;
    const uint32_t get = CARDWRIGHT_METHOD_GET;
    NAMED("client", cardwright_client_raw(NULL, get, T("Cards/1013"), T(NULL), &raw, &told));
    NAMED("path", cardwright_client_raw(each, get, T(NULL), T(NULL), &raw, &told));
    NAMED("raw", cardwright_client_raw(each, get, T("Cards/1013"), T(NULL), NULL, &told));
    UNKNOWN(cardwright_client_raw(each, 99, T("Cards/1013"), T(NULL), &raw, NULL));
    CODE(cardwright_client_raw(each, get, not_utf8, T(NULL), &raw, NULL), JSON_UTF8);
    CODE(cardwright_client_raw(each, get, T("Cards/1013"), not_utf8, &raw, NULL), JSON_UTF8);
    CODE(cardwright_client_raw(nobody, get, T("Cards/1013"), T(NULL), &raw, NULL), UNREACHABLE);
    CODE(cardwright_client_raw(each, get, T("no address"), T(NULL), &raw, NULL), ADDRESS);
    CHECK(raw == NULL);
    cardwright_client_free(each);
    cardwright_client_free(nobody);
}

static void case_cardwright_raw_facts(void)
{
    CardwrightClient *each = client();
    CardwrightRaw *raw = NULL;
    CardwrightRawFacts facts = {.struct_size = sizeof facts};
    CardwrightView view = {.struct_size = sizeof view};
    NAMED("raw", cardwright_raw_facts(NULL, &facts, &told));
    OK(cardwright_client_raw(each, CARDWRIGHT_METHOD_GET, T("Cards/1013"), T(NULL), &raw, NULL));
    STRUCTURE(CardwrightRawFacts, cardwright_raw_facts, raw);
    OK(cardwright_raw_facts(raw, &facts, NULL));
    CHECK(facts.status == 200 && has(facts.content_type, "application/json"));
    OK(cardwright_view_parse(CARDWRIGHT_OBJECT_CARD_INFO, facts.body, facts.body_length, &view, NULL));
    TEXT("02A1B3C4", cardwright_view_text, &view, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER);
    cardwright_raw_free(raw);
    /* A refusal is an answer. */
    OK(cardwright_client_raw(each, CARDWRIGHT_METHOD_POST, T("Cards/1/Revoke"), T("{}"), &raw, NULL));
    OK(cardwright_raw_facts(raw, &facts, NULL));
    CHECK(facts.status >= 400 && facts.status < 500);
    cardwright_raw_free(raw);
    cardwright_client_free(each);
}

static void case_cardwright_raw_header(void)
{
    CardwrightClient *each = client();
    CardwrightRaw *raw = NULL;
    CardwrightText value = T(NULL);
    NAMED("raw", cardwright_raw_header(NULL, T("Date"), 0, &value, &told));
    OK(cardwright_client_raw(each, CARDWRIGHT_METHOD_GET, T("Cards/1013"), T(NULL), &raw, NULL));
    NAMED("name", cardwright_raw_header(raw, T(NULL), 0, &value, &told));
    NAMED("value", cardwright_raw_header(raw, T("Date"), 0, NULL, &told));
    NAMED("index", cardwright_raw_header(raw, T("Date"), 1, &value, &told));
    NAMED("index", cardwright_raw_header(raw, T("X-No-Such"), 0, &value, &told));
    CODE(cardwright_raw_header(raw, not_utf8, 0, &value, NULL), JSON_UTF8);
    CHECK(value.data == NULL);
    OK(cardwright_raw_header(raw, T("dAtE"), 0, &value, NULL));
    CHECK(has(value, "GMT"));
    cardwright_raw_free(raw);
    cardwright_client_free(each);
}

static void case_cardwright_raw_free(void) { cardwright_raw_free(NULL); }

static void case_cardwright_client_records(void)
{
    /* The virtual smart card of the server's records in MIM CM. */
    static const uint8_t card_id[] = {0xDF, 0x20, 0x10, 0x69, 0x68, 0xEF, 0xD1, 0x17, 0x55, 0xA0, 0x42,
                                      0x8F, 0x05, 0x16, 0xCA, 0x1A, 0x0B, 0x83, 0x4D, 0x90, 0x00};
    static const uint8_t gids[] = {0x3B, 0x8D, 0x01, 0x80, 0xFB, 0xA0, 0x00, 0x00, 0x03,
                                   0x97, 0x42, 0x54, 0x46, 0x59, 0x03, 0x01, 0xC8};
    CardwrightClient *each = client(), *other = mim();
    CardwrightIdentity identity, nobody = {{0}};
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;
    CardwrightSearch search = {.struct_size = sizeof search};
    OK(cardwright_identity_init(&identity, gids, sizeof gids, CARDWRIGHT_INTERFACE_CONTACT, NULL));
    OK(cardwright_identity_answer(&identity, BYTES("\x90\x00"), 2, NULL));
    OK(cardwright_identity_answer(&identity, card_id, sizeof card_id, NULL));
    NAMED("client", cardwright_client_records(NULL, &identity, T(NULL), &cards, &search, &told));
    NAMED("identity", cardwright_client_records(other, NULL, T(NULL), &cards, &search, &told));
    NAMED("identity", cardwright_client_records(other, &nobody, T(NULL), &cards, &search, &told));
    NAMED("cards", cardwright_client_records(other, &identity, T(NULL), NULL, &search, &told));
    STRUCTURE(CardwrightSearch, cardwright_client_records, other, &identity, T(NULL), &cards);
    CODE(cardwright_client_records(each, &identity, not_utf8, &cards, &search, NULL), JSON_UTF8);
    CODE(cardwright_client_records(other, &identity, T("user"), &cards, &search, NULL), NO_SUCH_PARAMETER);
    CHECK(cards == NULL);
    OK(cardwright_client_records(other, &identity, T(NULL), &cards, &search, NULL));
    /* In both byte orders, which are spellings of one number. */
    CHECK(search.system == CARDWRIGHT_SYSTEM_MIM && search.tried == 2 && search.records == 1);
    CHECK(search.found == CARDWRIGHT_FOUND_RECORD && search.by == 0 && search.passed_over == 0);
    OK(cardwright_cards_next(cards, &card, NULL));
    TEXT("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}", cardwright_card_text, card, CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER);
    cardwright_card_free(card);
    OK(cardwright_cards_next(cards, &card, NULL));
    CHECK(card == NULL);
    cardwright_cards_free(cards);
    /* CertiFlow has it under no spelling; each was tried. */
    OK(cardwright_client_records(each, &identity, T(NULL), &cards, &search, NULL));
    CHECK(search.system == CARDWRIGHT_SYSTEM_CERTIFLOW && search.tried == 2 && search.records == 0);
    CHECK(search.found == CARDWRIGHT_FOUND_NOTHING);
    OK(cardwright_cards_next(cards, &card, NULL));
    CHECK(card == NULL);
    cardwright_cards_free(cards);
    OK(cardwright_client_records(each, &identity, T("DEMO\\ipetrov"), &cards, &search, NULL));
    CHECK(search.tried == 2 && search.records == 0);
    cardwright_cards_free(cards);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

/* What only the UID of a card finds, while its GUID finds nothing, may be another card's. */
static void case_cardwright_card_confirm(void)
{
    static const uint8_t of_piv[] = {0x3B, 0x87, 0x80, 0x01, 0x80, 0xF5, 0xA0, 0x00, 0x00, 0x03, 0x08, 0xD8};
    static const char *answers[] = {"02A1B3C49000", "61114F0600001000010079074F05A0000003089000",
                                    "531234102F6D1B0A4C8E4795A3B1D07E5C924F189000"};
    CardwrightClient *each = client();
    CardwrightIdentity identity;
    CardwrightCards *cards = NULL;
    CardwrightCard *card = NULL;
    CardwrightSearch search = {.struct_size = sizeof search};
    CardwrightOutcome out = {.struct_size = sizeof out};
    OK(cardwright_identity_init(&identity, of_piv, sizeof of_piv, CARDWRIGHT_INTERFACE_CONTACTLESS, NULL));
    for (size_t n = 0; n < sizeof answers / sizeof *answers; n++) {
        uint8_t bytes[64];
        size_t length = 0;
        for (; answers[n][2 * length] != '\0'; length++) {
            char digits[3] = {answers[n][2 * length], answers[n][2 * length + 1], '\0'};
            bytes[length] = (uint8_t)strtoul(digits, NULL, 16);
        }
        OK(cardwright_identity_answer(&identity, bytes, length, NULL));
    }
    OK(cardwright_client_records(each, &identity, T(NULL), &cards, &search, NULL));
    CHECK(search.found == CARDWRIGHT_FOUND_WEAKER && search.records == 1);
    CHECK(search.passed_over == 2 && search.by == 2 && search.tried == 3);
    OK(cardwright_cards_next(cards, &card, NULL));
    cardwright_cards_free(cards);
    TEXT("02A1B3C4", cardwright_card_text, card, CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER);
    CODE(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL), UNCONFIRMED);
    NAMED("card", cardwright_card_confirm(NULL, &told));
    OK(cardwright_card_confirm(card, NULL));
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE);
    cardwright_card_free(card);
    /* The same record by its own number needs no confirmation. */
    card = out.card;
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    cardwright_card_free(card);
    cardwright_client_free(each);
}

#endif /* CARDWRIGHT_CLIENT */
