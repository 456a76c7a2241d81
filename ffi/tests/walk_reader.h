/*
 * The part of walk.c that is about the log and about readers.
 */

#if defined(CARDWRIGHT_HOSTED)

struct heard {
    int lines, inside;
    uint32_t highest;
    char all[4096];
};

static void hear(void *context, const CardwrightLogRecord *record)
{
    struct heard *heard = context;
    CHECK(record->struct_size == sizeof *record && record->target.length > 0);
    CHECK(heard->inside++ == 0);
    heard->lines++;
    if (record->level > heard->highest) {
        heard->highest = record->level;
    }
    size_t at = strlen(heard->all), room = sizeof heard->all - 1 - at;
    size_t length = record->message.length < room ? record->message.length : room;
    memcpy(heard->all + at, record->message.data, length);
    heard->all[at + length] = '\0';
#if defined(CARDWRIGHT_CLIENT)
    /* It may call the library, also what would be told, and set the log. */
    CardwrightClient *each = client();
    CardwrightCard *card = NULL;
    OK(cardwright_client_card(each, T("1013"), &card, NULL));
    cardwright_card_free(card);
    cardwright_client_free(each);
    OK(cardwright_log_set(hear, context, CARDWRIGHT_LOG_LEVEL_TRACE, NULL));
#endif
    heard->inside--;
}

static void case_cardwright_log_set(void)
{
    static struct heard heard;
    UNKNOWN(cardwright_log_set(hear, &heard, 6, NULL));
    UNKNOWN(cardwright_log_set(NULL, NULL, UINT32_MAX, NULL));
    OK(cardwright_log_set(NULL, NULL, CARDWRIGHT_LOG_LEVEL_TRACE, NULL));
    OK(cardwright_log_set(hear, &heard, CARDWRIGHT_LOG_LEVEL_OFF, NULL));
#if defined(CARDWRIGHT_CLIENT)
    CardwrightClient *each = client();
    CardwrightCard *card = NULL;
    OK(cardwright_client_find(each, T("02A1B3C4"), &card, NULL));
    cardwright_card_free(card);
    CHECK(heard.lines == 0);
    OK(cardwright_log_set(hear, &heard, CARDWRIGHT_LOG_LEVEL_DEBUG, NULL));
    OK(cardwright_client_find(each, T("02A1B3C4"), &card, NULL));
    cardwright_card_free(card);
    /* A line for each page. */
    CHECK(heard.lines >= 1 && heard.highest == CARDWRIGHT_LOG_LEVEL_DEBUG);
    CHECK(strstr(heard.all, "GET") != NULL && strstr(heard.all, "200") != NULL);
    /* No password, and no value of a parameter. */
    CHECK(strstr(heard.all, getenv("CARDWRIGHT_PASSWORD")) == NULL && strstr(heard.all, "02A1B3C4") == NULL);
    OK(cardwright_log_set(NULL, NULL, 0, NULL));
    heard.lines = 0;
    OK(cardwright_client_find(each, T("02A1B3C4"), &card, NULL));
    cardwright_card_free(card);
    CHECK(heard.lines == 0);
    cardwright_client_free(each);
#endif
}

#endif /* CARDWRIGHT_HOSTED */

#if defined(CARDWRIGHT_READER)

/* The reader with a card in it: one of `cardwright virtual-card gids`. NULL where there are none to try. */
static const char *full(void) { return getenv("CARDWRIGHT_READER"); }

static CardwrightSession *session(void)
{
    CardwrightOpen open = {.struct_size = sizeof open, .limit = 20000};
    CardwrightSession *made = NULL;
    OK(cardwright_session_new(T(full()), &open, &made, NULL));
    return made;
}

static int log_lines;

static const uint8_t select_gids[] = {0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00,
                                      0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x00};

static void case_cardwright_readers_new(void)
{
    CardwrightReaders *readers = NULL;
    size_t count = 77;
    NAMED("readers", cardwright_readers_new(NULL, &count, &told));
    NAMED("count", cardwright_readers_new(&readers, NULL, &told));
    CHECK(readers == NULL && count == 77);
    if (full() != NULL) {
        OK(cardwright_readers_new(&readers, &count, NULL));
        CHECK(readers != NULL && count == 2);
        cardwright_readers_free(readers);
    }
}

static void case_cardwright_readers_at(void)
{
    CardwrightReaders *readers = NULL;
    CardwrightReader reader = {.struct_size = sizeof reader};
    size_t count;
    NAMED("readers", cardwright_readers_at(NULL, 0, &reader, &told));
    if (full() != NULL) {
        OK(cardwright_readers_new(&readers, &count, NULL));
        OK(cardwright_readers_at(readers, 0, &reader, NULL));
        CHECK(reader.slot == CARDWRIGHT_SLOT_CARD && reader.atr_length == 17 && reader.atr[0] == 0x3B);
        CHECK(has(reader.name, full()) && reader.name.length == strlen(full()));
        OK(cardwright_readers_at(readers, 1, &reader, NULL));
        CHECK(reader.slot == CARDWRIGHT_SLOT_EMPTY && reader.atr_length == 0);
        CHECK(reader.sharing == CARDWRIGHT_SHARING_FREE);
        NAMED("index", cardwright_readers_at(readers, 2, &reader, &told));
        STRUCTURE(CardwrightReader, cardwright_readers_at, readers, 0);
        cardwright_readers_free(readers);
    }
}

static void case_cardwright_readers_free(void) { cardwright_readers_free(NULL); }

static void case_cardwright_watch_new(void)
{
    CardwrightWatch *watch = NULL;
    NAMED("watch", cardwright_watch_new(NULL, &told));
    OK(cardwright_watch_new(&watch, NULL));
    CHECK(watch != NULL);
    cardwright_watch_free(watch);
}

static void case_cardwright_watch_next(void)
{
    CardwrightWatch *watch = NULL;
    CardwrightEvent event = {.struct_size = sizeof event};
    OK(cardwright_watch_new(&watch, NULL));
    NAMED("watch", cardwright_watch_next(NULL, 0, &event, &told));
    STRUCTURE(CardwrightEvent, cardwright_watch_next, watch, 0);
    if (full() != NULL) {
        uint32_t added = 0, inserted = 0;
        for (;;) {
            OK(cardwright_watch_next(watch, 100, &event, NULL));
            if (event.kind == CARDWRIGHT_EVENT_KIND_NONE) {
                break;
            }
            CHECK(event.reader.data != NULL && event.code == 0);
            added += event.kind == CARDWRIGHT_EVENT_KIND_READER_ADDED;
            if (event.kind == CARDWRIGHT_EVENT_KIND_CARD_INSERTED) {
                CHECK(has(event.reader, full()) && event.atr_length == 17 && event.atr[1] == 0x8D);
                inserted++;
            }
        }
        CHECK(added == 2 && inserted == 1 && event.reader.data == NULL && event.atr_length == 0);
    }
    cardwright_watch_free(watch);
}

static void case_cardwright_watch_cancel(void)
{
    CardwrightWatch *watch = NULL;
    CardwrightEvent event = {.struct_size = sizeof event};
    NAMED("watch", cardwright_watch_cancel(NULL, &told));
    OK(cardwright_watch_new(&watch, NULL));
    OK(cardwright_watch_cancel(watch, NULL));
    CODE(cardwright_watch_next(watch, CARDWRIGHT_NO_LIMIT, &event, NULL), CANCELED);
    CODE(cardwright_watch_next(watch, 0, &event, NULL), CANCELED);
    cardwright_watch_free(watch);
}

static void case_cardwright_watch_free(void) { cardwright_watch_free(NULL); }

static void case_cardwright_session_new(void)
{
    CardwrightSession *made = NULL;
    CardwrightOpen open = {.struct_size = sizeof open};
    NAMED("reader", cardwright_session_new(T(NULL), NULL, &made, &told));
    NAMED("session", cardwright_session_new(T("no such reader"), NULL, NULL, &told));
    CODE(cardwright_session_new(not_utf8, NULL, &made, NULL), JSON_UTF8);
    open.share = 2;
    UNKNOWN(cardwright_session_new(T("no such reader"), &open, &made, NULL));
    open.share = CARDWRIGHT_SHARE_EXCLUSIVE;
    open.protocol = 3;
    UNKNOWN(cardwright_session_new(T("no such reader"), &open, &made, NULL));
    open.struct_size--;
    NAMED("struct_size", cardwright_session_new(T("no such reader"), &open, &made, &told));
    if (full() != NULL) {
        char said[256];
        size_t length;
        CODE(cardwright_session_new(T("no such reader"), NULL, &made, NULL), NO_READER);
        OK(cardwright_last_error(said, sizeof said, &length, NULL));
        CHECK(strstr(said, "no such reader") != NULL);
        CHECK(made == NULL);
        OK(cardwright_session_new(T(full()), NULL, &made, NULL));
        cardwright_session_free(made);
        open = (CardwrightOpen){.struct_size = sizeof open, .share = CARDWRIGHT_SHARE_EXCLUSIVE,
                                .protocol = CARDWRIGHT_PROTOCOL_T1};
        OK(cardwright_session_new(T(full()), &open, &made, NULL));
        CardwrightSession *second = NULL;
        CODE(cardwright_session_new(T(full()), NULL, &second, NULL), CARD_BUSY);
        cardwright_session_free(made);
    }
}

static void case_cardwright_session_facts(void)
{
    CardwrightSessionFacts facts = {.struct_size = sizeof facts};
    NAMED("session", cardwright_session_facts(NULL, &facts, &told));
    if (full() != NULL) {
        CardwrightSession *made = session();
        OK(cardwright_session_facts(made, &facts, NULL));
        CHECK(facts.protocol == CARDWRIGHT_PROTOCOL_T1 && facts.atr_length == 17 && facts.atr[0] == 0x3B);
        CHECK(facts.resets == 0 && facts.missed == 0 && facts.in_transaction == 0 && facts.attempts == 1);
        STRUCTURE(CardwrightSessionFacts, cardwright_session_facts, made);
        cardwright_session_free(made);
    }
}

/* The session that is in use cannot be used. */
static void transmit_again(void *context, const CardwrightLogRecord *record)
{
    CardwrightSessionFacts facts = {.struct_size = sizeof facts};
    NAMED("session", cardwright_session_reset(context, &told));
    NAMED("session", cardwright_session_facts(context, &facts, &told));
    CHECK(record->message.length > 0);
    log_lines++;
}

static void case_cardwright_session_transmit(void)
{
    uint8_t response[300] = {0x77};
    size_t length = 77;
    uint32_t status = 77;
    const size_t room = sizeof response;
    NAMED("session", cardwright_session_transmit(NULL, select_gids, 15, response, room, &length, &status, &told));
    if (full() != NULL) {
        static const uint8_t unknown[] = {0x00, 0x01, 0x00, 0x00};
        CardwrightSession *made = session();
        NAMED("command", cardwright_session_transmit(made, NULL, 15, response, room, &length, &status, &told));
        NAMED("response", cardwright_session_transmit(made, select_gids, 15, NULL, room, &length, &status, &told));
        NAMED("length", cardwright_session_transmit(made, select_gids, 15, response, room, NULL, &status, &told));
        CHECK(response[0] == 0x77 && length == 77 && status == 77);
        OK(cardwright_session_transmit(made, select_gids, 15, response, room, &length, &status, NULL));
        CHECK(status == 0x9000 && length >= 2 && response[length - 2] == 0x90);
        OK(cardwright_session_transmit(made, unknown, sizeof unknown, response, room, &length, NULL, NULL));
        CHECK(length == 2 && response[0] == 0x6D);
        response[0] = 0x77;
        CODE(cardwright_session_transmit(made, select_gids, 15, response, 2, &length, &status, NULL), ROOM);
        CHECK(response[0] == 0x77 && length > 2);
        OK(cardwright_log_set(transmit_again, made, CARDWRIGHT_LOG_LEVEL_TRACE, NULL));
        CODE(cardwright_session_transmit(made, select_gids, 15, response, 1, &length, &status, NULL), ROOM);
        /* Nothing was sent, so that no line tells it. */
        CHECK(log_lines == 0);
        OK(cardwright_session_transmit(made, select_gids, 15, response, room, &length, &status, NULL));
        OK(cardwright_log_set(NULL, NULL, CARDWRIGHT_LOG_LEVEL_OFF, NULL));
        CHECK(log_lines > 0);
        cardwright_session_free(made);
    }
}

static void case_cardwright_session_limit(void)
{
    NAMED("session", cardwright_session_limit(NULL, 0, &told));
    if (full() != NULL) {
        CardwrightSession *made = session();
        OK(cardwright_session_limit(made, 5000, NULL));
        OK(cardwright_session_begin(made, NULL, NULL));
        NAMED("session", cardwright_session_limit(made, 0, &told));
        cardwright_session_free(made);
    }
}

/* A limit that one command uses up ends an identification, and what the card had told is there. */
static void check_limits(void)
{
    CardwrightOpen open = {.struct_size = sizeof open, .card_apdus = 1};
    CardwrightSession *made = NULL;
    CardwrightIdentity identity;
    uint64_t kinds = 0;
    size_t count = 77, length;
    uint8_t response[300];
    OK(cardwright_session_new(T(full()), &open, &made, NULL));
    CODE(cardwright_session_identify(made, &identity, NULL), CARD_ENDLESS);
    OK(cardwright_identity_found(&identity, &kinds, &count, NULL));
    CHECK(kinds != 0 && count == 0);
    OK(cardwright_session_transmit(made, select_gids, 15, response, sizeof response, &length, NULL, NULL));
    cardwright_session_free(made);
    open.card_apdus = 0;
    open.card_time_limit = 20000;
    made = NULL;
    OK(cardwright_session_new(T(full()), &open, &made, NULL));
    OK(cardwright_session_identify(made, &identity, NULL));
    cardwright_session_free(made);
}

static void case_cardwright_session_begin(void)
{
    uint32_t was_reset = 77;
    NAMED("session", cardwright_session_begin(NULL, &was_reset, &told));
    if (full() != NULL) {
        CardwrightSession *made = session(), *other = session();
        CardwrightSessionFacts facts = {.struct_size = sizeof facts};
        uint8_t response[300];
        size_t length;
        OK(cardwright_session_begin(made, &was_reset, NULL));
        CHECK(was_reset == 0);
        NAMED("session", cardwright_session_begin(made, &was_reset, &told));
        OK(cardwright_session_facts(made, &facts, NULL));
        CHECK(facts.in_transaction == 1);
        OK(cardwright_session_transmit(made, select_gids, 15, response, sizeof response, &length, NULL, NULL));
        /* Another one waits no longer than it said. */
        OK(cardwright_session_limit(other, 50, NULL));
        CODE(cardwright_session_begin(other, NULL, NULL), CARD_TIMEOUT);
        cardwright_session_free(made);
        cardwright_session_free(other);
    }
}

static void case_cardwright_session_end(void)
{
    NAMED("session", cardwright_session_end(NULL, 0, &told));
    if (full() != NULL) {
        CardwrightSession *made = session();
        NAMED("session", cardwright_session_end(made, 0, &told));
        for (uint32_t reset = 0; reset < 2; reset++) {
            OK(cardwright_session_begin(made, NULL, NULL));
            OK(cardwright_session_end(made, reset, NULL));
            NAMED("session", cardwright_session_end(made, reset, &told));
        }
        cardwright_session_free(made);
    }
}

static void case_cardwright_session_reset(void)
{
    NAMED("session", cardwright_session_reset(NULL, &told));
    if (full() != NULL) {
        CardwrightSession *made = session(), *other = session();
        uint8_t response[300];
        size_t length;
        OK(cardwright_session_transmit(other, select_gids, 15, response, sizeof response, &length, NULL, NULL));
        OK(cardwright_session_reset(made, NULL));
        /* Who has selected something is told that it is lost. */
        CODE(cardwright_session_transmit(other, select_gids, 15, response, sizeof response, &length, NULL, NULL),
             CARD_RESET);
        OK(cardwright_session_transmit(other, select_gids, 15, response, sizeof response, &length, NULL, NULL));
        OK(cardwright_session_begin(made, NULL, NULL));
        NAMED("session", cardwright_session_reset(made, &told));
        cardwright_session_free(made);
        cardwright_session_free(other);
    }
}

static void case_cardwright_session_identify(void)
{
    CardwrightIdentity identity = {{0}};
    NAMED("session", cardwright_session_identify(NULL, &identity, &told));
    if (full() != NULL) {
        CardwrightSession *made = session();
        CardwrightIdentifier one = {.struct_size = sizeof one};
        uint8_t command[CARDWRIGHT_COMMAND_ROOM];
        uint64_t kinds;
        size_t count;
        NAMED("identity", cardwright_session_identify(made, NULL, &told));
        check_limits();
        OK(cardwright_session_begin(made, NULL, NULL));
        /* What fails leaves no identity of the card before. */
        OK(cardwright_identity_init(&identity, NULL, 0, CARDWRIGHT_INTERFACE_CONTACT, NULL));
        NAMED("session", cardwright_session_identify(made, &identity, &told));
        OK(cardwright_session_end(made, 0, NULL));
        NAMED("identity", cardwright_identity_found(&identity, &kinds, &count, &told));
        OK(cardwright_session_identify(made, &identity, NULL));
        OK(cardwright_identity_found(&identity, &kinds, &count, NULL));
        CHECK(kinds == UINT64_C(1) << CARDWRIGHT_CARD_KIND_GIDS && count == 1);
        OK(cardwright_identity_identifier(&identity, 0, &one, NULL));
        CHECK(strcmp(one.spelling, "d1ef6869-5517-42a0-8f05-16ca1a0b834d") == 0);
        CHECK(one.source == CARDWRIGHT_SOURCE_CARD_ID && one.trust == CARDWRIGHT_TRUST_STABLE);
        /* It is over. */
        OK(cardwright_identity_command(&identity, command, sizeof command, &count, NULL));
        CHECK(count == 0);
        cardwright_session_free(made);
    }
}

static void case_cardwright_session_free(void) { cardwright_session_free(NULL); }

#endif /* CARDWRIGHT_READER */
