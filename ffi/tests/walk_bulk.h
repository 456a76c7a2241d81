/*
 * The part of walk.c that is about requests that are followed, cards by their ids, many cards at once, and the doctor.
 */

#if defined(CARDWRIGHT_CLIENT)

/* The ids of cards in use, each a text that ends with \0. */
enum { MANY = 4 };

typedef struct Ids {
    char room[MANY][48];
    CardwrightText texts[MANY];
} Ids;

static void ids_of(const CardwrightClient *from, Ids *ids)
{
    CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_ISSUED, .has_count = 1,
                             .count = MANY};
    CardwrightCards *cards = NULL;
    OK(cardwright_client_cards(from, &query, &cards, NULL));
    for (size_t n = 0; n < MANY; n++) {
        CardwrightCard *card = NULL;
        size_t length = 0;
        OK(cardwright_cards_next(cards, &card, NULL));
        CHECK(card != NULL);
        OK(cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_ID, ids->room[n], sizeof ids->room[n], &length, NULL));
        ids->texts[n] = T(ids->room[n]);
        cardwright_card_free(card);
    }
    cardwright_cards_free(cards);
}

static int is(CardwrightText text, const char *other)
{
    return text.length == strlen(other) && has(text, other);
}

/* The state of a card of CertiFlow by its id. */
static uint32_t state_of_id(const CardwrightClient *from, CardwrightText id)
{
    CardwrightCard *card = NULL;
    uint32_t system = 0, state = 0, known = 0;
    OK(cardwright_client_card(from, id, &card, NULL));
    CHECK(card != NULL);
    OK(cardwright_card_state(card, &system, &state, &known, NULL));
    cardwright_card_free(card);
    return state;
}

/* The name of a file that is not there. */
static const char *no_file(void)
{
    static char path[64];
    static int number = 0;
    (void)snprintf(path, sizeof path, "walk-%p-%d.ndjson", (void *)path, number++);
    (void)remove(path);
    return path;
}

static CardwrightBulk *suspension(const CardwrightClient *from, const Ids *ids)
{
    CardwrightBulk *bulk = NULL;
    OK(cardwright_bulk_of_ids(from, ids->texts, MANY, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &bulk, NULL));
    return bulk;
}

/* Ends the hold on the cards. */
static void resume_all(const CardwrightClient *from, const Ids *ids)
{
    CardwrightBulk *bulk = NULL;
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    OK(cardwright_bulk_of_ids(from, ids->texts, MANY, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &bulk, NULL));
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(end.stopped == 0 && counts.planned + counts.failed + counts.unknown == 0);
    cardwright_bulk_free(bulk);
}

static void case_cardwright_client_follow(void)
{
    CardwrightClient *each = client(), *other = mim(), *nobody = lonely(CARDWRIGHT_SYSTEM_MIM);
    CardwrightFollowed now = {.struct_size = sizeof now};
    CardwrightView view = {.struct_size = sizeof view};
    CardwrightRaw *raw = NULL;
    char request[64];
    ARGUMENT(cardwright_client_follow(NULL, T("1"), &now, NULL));
    ARGUMENT(cardwright_client_follow(other, T(NULL), &now, NULL));
    CODE(cardwright_client_follow(other, not_utf8, &now, NULL), JSON_UTF8);
    STRUCTURE(CardwrightFollowed, cardwright_client_follow, other, T("1"));
    CODE(cardwright_client_follow(each, T("1"), &now, NULL), NO_SUCH_CALL);
    CODE(cardwright_client_follow(nobody, T("1"), &now, NULL), UNREACHABLE);
    CODE(cardwright_client_follow(other, T("11111111-2222-3333-4444-555555555555"), &now, NULL), NOT_FOUND);
    CHECK(now.request == NULL && now.card == NULL && now.step == 0);
    waiting(other, request);
    for (int round = 0; round < 2; round++) {
        OK(cardwright_client_follow(other, T(request), &now, NULL));
        CHECK(now.step == CARDWRIGHT_REQUEST_STEP_AWAIT_APPROVAL && now.operation == CARDWRIGHT_OPERATION_RETIRE);
        CHECK(now.has_status == 1 && now.status == CARDWRIGHT_REQUEST_STATUS_PENDING);
        CHECK(now.has_request_type == 1 && now.request_type == CARDWRIGHT_REQUEST_TYPE_RETIRE);
        CHECK(now.card_code == CARDWRIGHT_OK && now.card != NULL);
        /* Nothing was changed by the look. */
        uint32_t system = 0, state = 0, known = 0;
        OK(cardwright_card_state(now.card, &system, &state, &known, NULL));
        CHECK(system == CARDWRIGHT_SYSTEM_MIM && state == CARDWRIGHT_SMARTCARD_STATUS_ACTIVE);
        CardwrightText sent = body(now.request);
        OK(cardwright_view_parse(CARDWRIGHT_OBJECT_REQUEST, (const uint8_t *)sent.data, sent.length, &view, NULL));
        TEXT("to wait", cardwright_view_text, &view, CARDWRIGHT_REQUEST_COMMENT);
        cardwright_raw_free(now.request);
        cardwright_card_free(now.card);
    }
    OK(cardwright_client_deny(other, T(request), &raw, NULL));
    cardwright_raw_free(raw);
    OK(cardwright_client_follow(other, T(request), &now, NULL));
    CHECK(now.step == CARDWRIGHT_REQUEST_STEP_ENDED && now.status == CARDWRIGHT_REQUEST_STATUS_DENIED);
    cardwright_raw_free(now.request);
    cardwright_card_free(now.card);
    cardwright_client_free(each);
    cardwright_client_free(other);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_operate_by_id(void)
{
    CardwrightClient *each = client(), *other = mim(), *nobody = lonely(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightOutcome out = {.struct_size = sizeof out};
    Ids ids;
    ids_of(each, &ids);
    CardwrightText id = ids.texts[0];
    ARGUMENT(cardwright_client_operate_by_id(NULL, id, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    ARGUMENT(cardwright_client_operate_by_id(each, T(NULL), CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    UNKNOWN(cardwright_client_operate_by_id(each, id, (CARDWRIGHT_ENUM(CardwrightOperation))6, 0, 0, T(NULL), &out, NULL));
    CODE(cardwright_client_operate_by_id(each, not_utf8, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL), JSON_UTF8);
    CODE(cardwright_client_operate_by_id(each, T(""), CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL),
         PARAMETER_NEEDED);
    CODE(cardwright_client_operate_by_id(each, T("999999"), CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL),
         NOT_FOUND);
    CODE(cardwright_client_operate_by_id(other, T("11111111-2222-3333-4444-555555555555"), CARDWRIGHT_OPERATION_RETIRE, 0, 0,
                                         T(NULL), &out, NULL), NOT_FOUND);
    CODE(cardwright_client_operate_by_id(nobody, id, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL), UNREACHABLE);
    STRUCTURE(CardwrightOutcome, cardwright_client_operate_by_id, each, id, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL));
    CHECK(out.result == 0 && out.card == NULL && state_of_id(each, id) == CARDWRIGHT_CARD_STATE_ISSUED);
    OK(cardwright_client_operate_by_id(each, id, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_DONE && out.card != NULL);
    cardwright_card_free(out.card);
    CHECK(state_of_id(each, id) == CARDWRIGHT_CARD_STATE_DISABLED);
    CODE(cardwright_client_operate_by_id(each, id, CARDWRIGHT_OPERATION_PRE_UPDATE, 0, 0, T(NULL), &out, NULL), NOT_ALLOWED);
    OK(cardwright_client_operate_by_id(each, id, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    cardwright_client_free(each);
    cardwright_client_free(other);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_plan_by_id(void)
{
    CardwrightClient *nobody = lonely(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightPlan *plan = NULL;
    CardwrightPlanned planned = {.struct_size = sizeof planned};
    size_t count = 77;
    const CARDWRIGHT_ENUM(CardwrightOperation) disable = CARDWRIGHT_OPERATION_SUSPEND;
    ARGUMENT(cardwright_client_plan_by_id(NULL, T("7"), disable, 0, 0, T(NULL), &plan, &count, NULL));
    ARGUMENT(cardwright_client_plan_by_id(nobody, T(NULL), disable, 0, 0, T(NULL), &plan, &count, NULL));
    ARGUMENT(cardwright_client_plan_by_id(nobody, T("7"), disable, 0, 0, T(NULL), NULL, &count, NULL));
    ARGUMENT(cardwright_client_plan_by_id(nobody, T("7"), disable, 0, 0, T(NULL), &plan, NULL, NULL));
    CODE(cardwright_client_plan_by_id(nobody, T("7"), disable, 0, 0, not_utf8, &plan, &count, NULL), JSON_UTF8);
    CODE(cardwright_client_plan_by_id(nobody, T("7"), CARDWRIGHT_OPERATION_REVOKE, 0, 0, T(NULL), &plan, &count, NULL),
         REASON_NEEDED);
    CHECK(plan == NULL && count == 77);
    /* Nothing is sent. */
    OK(cardwright_client_plan_by_id(nobody, T("7"), disable, 0, 0, T(NULL), &plan, &count, NULL));
    CHECK(count == 1);
    OK(cardwright_plan_at(plan, 0, &planned, NULL));
    CHECK(is(planned.method, "POST") && has(planned.address, "/Cards/7/Disable"));
    cardwright_plan_free(plan);
    cardwright_client_free(nobody);
}

static void case_cardwright_bulk_of_ids(void)
{
    CardwrightClient *each = client(), *nobody = lonely(CARDWRIGHT_SYSTEM_CERTIFLOW);
    const CARDWRIGHT_ENUM(CardwrightOperation) suspend = CARDWRIGHT_OPERATION_SUSPEND;
    CardwrightBulk *bulk = NULL;
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    Ids ids;
    ids_of(each, &ids);
    CardwrightText twice[3] = {ids.texts[0], ids.texts[1], ids.texts[0]};
    CardwrightText missing[2] = {ids.texts[0], T("999999")}, wrong[2] = {ids.texts[0], not_utf8};
    ARGUMENT(cardwright_bulk_of_ids(NULL, twice, 3, suspend, 0, 0, T(NULL), &bulk, NULL));
    ARGUMENT(cardwright_bulk_of_ids(each, NULL, 3, suspend, 0, 0, T(NULL), &bulk, NULL));
    ARGUMENT(cardwright_bulk_of_ids(each, twice, SIZE_MAX, suspend, 0, 0, T(NULL), &bulk, NULL));
    ARGUMENT(cardwright_bulk_of_ids(each, twice, 3, suspend, 0, 0, T(NULL), NULL, NULL));
    UNKNOWN(cardwright_bulk_of_ids(each, twice, 3, (CARDWRIGHT_ENUM(CardwrightOperation))99, 0, 0, T(NULL), &bulk, NULL));
    CODE(cardwright_bulk_of_ids(each, twice, 3, CARDWRIGHT_OPERATION_REVOKE, 0, 0, T(NULL), &bulk, NULL), REASON_NEEDED);
    CODE(cardwright_bulk_of_ids(each, twice, 3, suspend, 0, 0, not_utf8, &bulk, NULL), JSON_UTF8);
    CODE(cardwright_bulk_of_ids(each, wrong, 2, suspend, 0, 0, T(NULL), &bulk, NULL), JSON_UTF8);
    CODE(cardwright_bulk_of_ids(each, missing, 2, suspend, 0, 0, T(NULL), &bulk, NULL), NOT_FOUND);
    char said[64];
    size_t length = 0;
    OK(cardwright_last_error(said, sizeof said, &length, NULL));
    CHECK(strcmp(said, "the server has no card 999999") == 0);
    missing[1] = T(NULL);
    ARGUMENT(cardwright_bulk_of_ids(each, missing, 2, suspend, 0, 0, T(NULL), &bulk, NULL));
    CODE(cardwright_bulk_of_ids(nobody, twice, 3, suspend, 0, 0, T(NULL), &bulk, NULL), UNREACHABLE);
    CHECK(bulk == NULL);
    OK(cardwright_bulk_of_ids(each, twice, 3, suspend, 0, 0, T(NULL), &bulk, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.total == 2 && counts.planned == 2);
    cardwright_bulk_free(bulk);
    OK(cardwright_bulk_of_ids(each, NULL, 0, suspend, 0, 0, T(NULL), &bulk, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.total == 0);
    cardwright_bulk_free(bulk);
    CHECK(state_of_id(each, ids.texts[0]) == CARDWRIGHT_CARD_STATE_ISSUED);
    cardwright_client_free(each);
    cardwright_client_free(nobody);
}

static void case_cardwright_bulk_of_query(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_REVOKED, .has_count = 1, .count = 2};
    const CARDWRIGHT_ENUM(CardwrightOperation) suspend = CARDWRIGHT_OPERATION_SUSPEND;
    CardwrightBulk *bulk = NULL;
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    ARGUMENT(cardwright_bulk_of_query(NULL, &query, suspend, 0, 0, T(NULL), &bulk, NULL));
    ARGUMENT(cardwright_bulk_of_query(each, &query, suspend, 0, 0, T(NULL), NULL, NULL));
    CODE(cardwright_bulk_of_query(other, &query, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T(NULL), &bulk, NULL), NO_SUCH_PARAMETER);
    query.struct_size = 1;
    ARGUMENT(cardwright_bulk_of_query(each, &query, suspend, 0, 0, T(NULL), &bulk, NULL));
    query.struct_size = sizeof query;
    CHECK(bulk == NULL);
    OK(cardwright_bulk_of_query(each, &query, CARDWRIGHT_OPERATION_PRE_UPDATE, 0, 0, T(NULL), &bulk, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.total == 2 && counts.planned + counts.skipped == 2);
    cardwright_bulk_free(bulk);
    OK(cardwright_bulk_of_query(other, NULL, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("a comment"), &bulk, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.total > 0 && counts.skipped == 0);
    cardwright_bulk_free(bulk);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_bulk_keep(void)
{
    CardwrightClient *each = client();
    const char *path = no_file();
    CardwrightBulkFacts facts = {.struct_size = sizeof facts};
    Ids ids;
    ids_of(each, &ids);
    CardwrightBulk *bulk = suspension(each, &ids);
    ARGUMENT(cardwright_bulk_keep(NULL, T(path), NULL));
    ARGUMENT(cardwright_bulk_keep(bulk, T(NULL), NULL));
    CODE(cardwright_bulk_keep(bulk, not_utf8, NULL), JSON_UTF8);
    CODE(cardwright_bulk_keep(bulk, T("/no folder/of/this name"), NULL), JOURNAL);
    OK(cardwright_bulk_facts(bulk, &facts, NULL));
    CHECK(facts.journal.data == NULL);
    OK(cardwright_bulk_keep(bulk, T(path), NULL));
    OK(cardwright_bulk_facts(bulk, &facts, NULL));
    CHECK(is(facts.journal, path));
    CODE(cardwright_bulk_keep(bulk, T(path), NULL), JOURNAL);
    cardwright_bulk_free(bulk);
    (void)remove(path);
    cardwright_client_free(each);
}

static void case_cardwright_bulk_resume(void)
{
    CardwrightClient *each = client(), *other = mim();
    const char *path = no_file();
    CardwrightBulkFacts facts = {.struct_size = sizeof facts};
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightBulk *again = NULL;
    Ids ids;
    ids_of(each, &ids);
    CardwrightBulk *bulk = suspension(each, &ids);
    OK(cardwright_bulk_keep(bulk, T(path), NULL));
    /* Another run has it. */
    CODE(cardwright_bulk_resume(each, T(path), &again, NULL), JOURNAL);
    cardwright_bulk_free(bulk);
    ARGUMENT(cardwright_bulk_resume(NULL, T(path), &again, NULL));
    ARGUMENT(cardwright_bulk_resume(each, T(NULL), &again, NULL));
    ARGUMENT(cardwright_bulk_resume(each, T(path), NULL, NULL));
    CODE(cardwright_bulk_resume(each, not_utf8, &again, NULL), JSON_UTF8);
    CODE(cardwright_bulk_resume(each, T("no such file"), &again, NULL), JOURNAL);
    CODE(cardwright_bulk_resume(other, T(path), &again, NULL), JOURNAL);
    CHECK(again == NULL);
    OK(cardwright_bulk_resume(each, T(path), &again, NULL));
    OK(cardwright_bulk_facts(again, &facts, NULL));
    CHECK(facts.operation == CARDWRIGHT_OPERATION_SUSPEND && facts.count == MANY && is(facts.journal, path));
    OK(cardwright_bulk_run(again, NULL, NULL, NULL, &end, NULL));
    CHECK(end.stopped == 0);
    cardwright_bulk_free(again);
    /* What was done is known to the next one. */
    OK(cardwright_bulk_resume(each, T(path), &again, NULL));
    OK(cardwright_bulk_counts(again, &counts, NULL));
    CHECK(counts.done == MANY && counts.total == MANY);
    cardwright_bulk_free(again);
    (void)remove(path);
    resume_all(each, &ids);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_bulk_retry_failed(void)
{
    CardwrightClient *each = client(), *changes = client();
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    CardwrightBulkRow row = {.struct_size = sizeof row};
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightOutcome out = {.struct_size = sizeof out};
    Ids ids;
    ids_of(each, &ids);
    CardwrightBulk *bulk = suspension(each, &ids);
    ARGUMENT(cardwright_bulk_retry_failed(NULL, NULL));
    /* Somebody else puts one on hold meanwhile: the server refuses to do it twice. */
    OK(cardwright_client_operate_by_id(changes, ids.texts[2], CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(end.stopped == 0 && counts.failed == 1 && counts.done == MANY - 1);
    OK(cardwright_bulk_row(bulk, 2, &row, NULL));
    CHECK(row.fate == CARDWRIGHT_FATE_FAILED && row.code != CARDWRIGHT_OK && row.words.length > 0);
    OK(cardwright_client_operate_by_id(changes, ids.texts[2], CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    /* It stays failed until it is asked for. */
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.failed == 1);
    OK(cardwright_bulk_retry_failed(bulk, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.failed == 0 && counts.planned == 1);
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.done == MANY);
    cardwright_bulk_free(bulk);
    resume_all(each, &ids);
    cardwright_client_free(each);
    cardwright_client_free(changes);
}

static void case_cardwright_bulk_facts(void)
{
    CardwrightClient *each = client();
    CardwrightBulkFacts facts = {.struct_size = sizeof facts};
    CardwrightBulk *bulk = NULL;
    Ids ids;
    ids_of(each, &ids);
    OK(cardwright_bulk_of_ids(each, ids.texts, 2, CARDWRIGHT_OPERATION_REVOKE, 1, CARDWRIGHT_REVOCATION_REASON_CARD_LOST,
                              T(NULL), &bulk, NULL));
    ARGUMENT(cardwright_bulk_facts(NULL, &facts, NULL));
    STRUCTURE(CardwrightBulkFacts, cardwright_bulk_facts, bulk);
    CHECK(facts.count == 0);
    OK(cardwright_bulk_facts(bulk, &facts, NULL));
    CHECK(facts.system == CARDWRIGHT_SYSTEM_CERTIFLOW && facts.operation == CARDWRIGHT_OPERATION_REVOKE);
    CHECK(facts.has_reason == 1 && facts.reason == CARDWRIGHT_REVOCATION_REASON_CARD_LOST && facts.count == 2);
    CHECK(facts.comment.length == 0 && is(facts.server, getenv("CARDWRIGHT_URL")) && facts.journal.data == NULL);
    cardwright_bulk_free(bulk);
    cardwright_client_free(each);
}

static void case_cardwright_bulk_counts(void)
{
    CardwrightClient *each = client();
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    Ids ids;
    ids_of(each, &ids);
    CardwrightBulk *bulk = suspension(each, &ids);
    ARGUMENT(cardwright_bulk_counts(NULL, &counts, NULL));
    STRUCTURE(CardwrightBulkCounts, cardwright_bulk_counts, bulk);
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.total == MANY && counts.planned == MANY);
    CHECK(counts.skipped + counts.done + counts.awaiting_approval + counts.failed + counts.unknown + counts.accepted == 0);
    cardwright_bulk_free(bulk);
    cardwright_client_free(each);
}

static void case_cardwright_bulk_row(void)
{
    CardwrightClient *each = client();
    CardwrightBulkRow row = {.struct_size = sizeof row};
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    Ids ids;
    ids_of(each, &ids);
    CardwrightBulk *bulk = suspension(each, &ids);
    ARGUMENT(cardwright_bulk_row(NULL, 0, &row, NULL));
    ARGUMENT(cardwright_bulk_row(bulk, MANY, &row, NULL));
    ARGUMENT(cardwright_bulk_row(bulk, SIZE_MAX, &row, NULL));
    STRUCTURE(CardwrightBulkRow, cardwright_bulk_row, bulk, 0);
    CHECK(row.fate == 0);
    for (size_t n = 0; n < MANY; n++) {
        OK(cardwright_bulk_row(bulk, n, &row, NULL));
        CHECK(is(row.id, ids.room[n]) && row.serial_number.length > 0 && row.holder.length > 0);
        CHECK(row.fate == CARDWRIGHT_FATE_PLANNED && row.attempts == 0 && row.code == CARDWRIGHT_OK && row.words.length == 0);
        CHECK(row.has_state == 1 && row.state == CARDWRIGHT_CARD_STATE_ISSUED && is(row.state_text, "Issued"));
        CHECK(row.has_verdict == 1 && row.verdict.answer == CARDWRIGHT_ANSWER_ALLOWED && row.request.data == NULL);
    }
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_row(bulk, 1, &row, NULL));
    CHECK(row.fate == CARDWRIGHT_FATE_DONE && row.attempts == 1 && row.state == CARDWRIGHT_CARD_STATE_ISSUED);
    CHECK(row.http_status >= 200 && row.http_status < 300);
    cardwright_bulk_free(bulk);
    resume_all(each, &ids);
    /* One that the tables do not allow. */
    CardwrightQuery query = {.struct_size = sizeof query, .state = CARDWRIGHT_CARD_STATE_DISABLED, .has_count = 1, .count = 1};
    OK(cardwright_bulk_of_query(each, &query, CARDWRIGHT_OPERATION_PRE_UPDATE, 0, 0, T(NULL), &bulk, NULL));
    OK(cardwright_bulk_row(bulk, 0, &row, NULL));
    CHECK(row.fate == CARDWRIGHT_FATE_SKIPPED && row.code == CARDWRIGHT_CODE_NOT_ALLOWED && has(row.words, "not allowed"));
    cardwright_bulk_free(bulk);
    /* In MIM CM a request waits for approval, and the next run goes on with it. */
    CardwrightClient *other = mim();
    CardwrightCard *card = active_of(other, APPROVED);
    CardwrightRaw *raw = NULL;
    char id[64];
    size_t length = 0;
    OK(cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_ID, id, sizeof id, &length, NULL));
    cardwright_card_free(card);
    CardwrightText one = T(id);
    OK(cardwright_bulk_of_ids(other, &one, 1, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("in bulk"), &bulk, NULL));
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_row(bulk, 0, &row, NULL));
    CHECK(end.stopped == 0 && row.fate == CARDWRIGHT_FATE_AWAITING_APPROVAL && row.request.length == 36);
    OK(cardwright_client_deny(other, row.request, &raw, NULL));
    cardwright_raw_free(raw);
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_row(bulk, 0, &row, NULL));
    CHECK(row.fate == CARDWRIGHT_FATE_FAILED && row.code == CARDWRIGHT_CODE_REQUEST_ENDED);
    cardwright_bulk_free(bulk);
    cardwright_client_free(other);
    cardwright_client_free(each);
}

static void case_cardwright_bulk_free(void)
{
    CardwrightClient *each = client();
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    Ids ids;
    ids_of(each, &ids);
    CardwrightBulk *bulk = suspension(each, &ids);
    cardwright_bulk_free(NULL);
    /* It keeps the client alive. */
    cardwright_client_free(each);
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.planned == MANY);
    cardwright_bulk_free(bulk);
}

/* What a run has told. */
struct told {
    CardwrightBulk *bulk;
    int calls;
    /* At which call it is to stop; 0 for none. */
    int stop;
    /* Whether it cancels then, instead. */
    int cancels;
    size_t done;
};

static int32_t tell(void *context, const CardwrightBulkProgress *progress)
{
    struct told *heard = context;
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CHECK(progress->struct_size == sizeof *progress && progress->counts->struct_size == sizeof counts);
    CHECK(progress->counts->total == MANY && progress->waits == 0 && progress->per_second >= 0.0);
    /* What runs is not for others. */
    ARGUMENT(cardwright_bulk_counts(heard->bulk, &counts, NULL));
    ARGUMENT(cardwright_bulk_run(heard->bulk, NULL, NULL, NULL, &end, NULL));
    ARGUMENT(cardwright_bulk_retry_failed(heard->bulk, NULL));
    heard->calls++;
    heard->done = progress->counts->done;
    if (heard->calls == heard->stop) {
        if (heard->cancels) {
            OK(cardwright_bulk_cancel(heard->bulk, NULL));
        }
        return heard->cancels ? 0 : 1;
    }
    return 0;
}

static void case_cardwright_bulk_run(void)
{
    CardwrightClient *each = client();
    CardwrightBulkOptions options = {.struct_size = sizeof options, .concurrency = 2, .canary = 1, .rate = 1000.0,
                                     .has_max_failures = 1};
    CardwrightBulkEnd end = {.struct_size = sizeof end, .stopped = (CARDWRIGHT_ENUM(CardwrightStopped))77};
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    Ids ids;
    ids_of(each, &ids);
    struct told heard = {.bulk = suspension(each, &ids), .stop = 1};
    ARGUMENT(cardwright_bulk_run(NULL, &options, tell, &heard, &end, NULL));
    STRUCTURE(CardwrightBulkEnd, cardwright_bulk_run, heard.bulk, &options, NULL, NULL);
    options.struct_size = 1;
    ARGUMENT(cardwright_bulk_run(heard.bulk, &options, tell, &heard, &end, NULL));
    options.struct_size = sizeof options;
    options.rate = -1.0;
    CODE(cardwright_bulk_run(heard.bulk, &options, tell, &heard, &end, NULL), SETTING);
    options.rate = 1000.0;
    options.concurrency = 1025;
    CODE(cardwright_bulk_run(heard.bulk, &options, tell, &heard, &end, NULL), SETTING);
    options.concurrency = 2;
    CHECK(heard.calls == 0 && (uint32_t)end.stopped == 77);
    /* Its function stops it at once: what is left is planned, and the next run does it. */
    OK(cardwright_bulk_run(heard.bulk, &options, tell, &heard, &end, NULL));
    CHECK(end.stopped == CARDWRIGHT_STOPPED_CANCELED && end.code == CARDWRIGHT_OK && end.words.length == 0);
    OK(cardwright_bulk_counts(heard.bulk, &counts, NULL));
    CHECK(counts.planned > 0 && counts.planned + counts.done == MANY);
    heard.stop = 0;
    OK(cardwright_bulk_run(heard.bulk, &options, tell, &heard, &end, NULL));
    CHECK(end.stopped == 0 && end.code == CARDWRIGHT_OK && end.http_status == 0 && heard.calls > 2 && heard.done == MANY);
    for (size_t n = 0; n < MANY; n++) {
        CHECK(state_of_id(each, ids.texts[n]) == CARDWRIGHT_CARD_STATE_DISABLED);
    }
    /* Nothing is left. */
    OK(cardwright_bulk_run(heard.bulk, NULL, NULL, NULL, &end, NULL));
    CHECK(end.stopped == 0);
    cardwright_bulk_free(heard.bulk);
    resume_all(each, &ids);
    /* The account is refused: no other card would fare better, and the words of the server are there. */
    CardwrightBulkRow row = {.struct_size = sizeof row};
    const char *path = no_file();
    CardwrightOptions wrong = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightBulk *bulk = suspension(each, &ids);
    OK(cardwright_bulk_keep(bulk, T(path), NULL));
    cardwright_bulk_free(bulk);
    CardwrightClient *stranger = NULL;
    wrong.password = T("another password");
    OK(cardwright_client_new(&wrong, &stranger, NULL));
    OK(cardwright_bulk_resume(stranger, T(path), &bulk, NULL));
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    CHECK(end.stopped == CARDWRIGHT_STOPPED_SIGN_IN && end.code == CARDWRIGHT_CODE_SIGN_IN && end.http_status == 401);
    CHECK(has(end.words, "401"));
    OK(cardwright_bulk_row(bulk, 0, &row, NULL));
    CHECK(row.fate == CARDWRIGHT_FATE_PLANNED || row.fate == CARDWRIGHT_FATE_FAILED);
    cardwright_bulk_free(bulk);
    (void)remove(path);
    cardwright_client_free(stranger);
    cardwright_client_free(each);
}

static void case_cardwright_bulk_cancel(void)
{
    CardwrightClient *each = client();
    CardwrightBulkOptions options = {.struct_size = sizeof options, .concurrency = 1, .rate = 0.5};
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    const char *path = no_file();
    Ids ids;
    ids_of(each, &ids);
    struct told heard = {.bulk = suspension(each, &ids), .stop = 2, .cancels = 1};
    ARGUMENT(cardwright_bulk_cancel(NULL, NULL));
    OK(cardwright_bulk_keep(heard.bulk, T(path), NULL));
    OK(cardwright_bulk_run(heard.bulk, &options, tell, &heard, &end, NULL));
    /* At once, though one card in two seconds is all that may be sent. */
    CHECK(end.stopped == CARDWRIGHT_STOPPED_CANCELED && end.elapsed < 1900);
    OK(cardwright_bulk_counts(heard.bulk, &counts, NULL));
    CHECK(counts.planned > 0);
    /* For good. */
    OK(cardwright_bulk_run(heard.bulk, NULL, NULL, NULL, &end, NULL));
    CHECK(end.stopped == CARDWRIGHT_STOPPED_CANCELED);
    cardwright_bulk_free(heard.bulk);
    /* The client goes on, and takes up the rest. */
    OK(cardwright_bulk_resume(each, T(path), &heard.bulk, NULL));
    OK(cardwright_bulk_run(heard.bulk, NULL, NULL, NULL, &end, NULL));
    OK(cardwright_bulk_counts(heard.bulk, &counts, NULL));
    CHECK(end.stopped == 0 && counts.done == MANY);
    cardwright_bulk_free(heard.bulk);
    (void)remove(path);
    resume_all(each, &ids);
    /* A client that is canceled stops its runs too. */
    CardwrightBulk *bulk = suspension(each, &ids);
    OK(cardwright_client_cancel(each, NULL));
    OK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL));
    CHECK(end.stopped == CARDWRIGHT_STOPPED_CANCELED);
    OK(cardwright_bulk_counts(bulk, &counts, NULL));
    CHECK(counts.planned == MANY);
    cardwright_bulk_free(bulk);
    cardwright_client_free(each);
}

/* The check with this name; its level is 0 if there is none. */
static CardwrightDoctorCheck check_of(const CardwrightDoctor *doctor, size_t count, const char *name)
{
    CardwrightDoctorCheck check = {.struct_size = sizeof check};
    for (size_t n = 0; n < count; n++) {
        OK(cardwright_doctor_at(doctor, n, &check, NULL));
        CHECK(check.level >= CARDWRIGHT_DOCTOR_LEVEL_OK && check.level <= CARDWRIGHT_DOCTOR_LEVEL_FAIL);
        CHECK(check.name.length > 0 && check.seen.length > 0);
        CHECK((check.level == CARDWRIGHT_DOCTOR_LEVEL_OK) == (check.next.data == NULL));
        if (is(check.name, name)) {
            return check;
        }
    }
    return (CardwrightDoctorCheck){.struct_size = sizeof check};
}

static void case_cardwright_doctor_examine(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightDoctor *doctor = NULL;
    size_t count = 77;
    ARGUMENT(cardwright_doctor_examine(NULL, 0, &doctor, &count, NULL));
    ARGUMENT(cardwright_doctor_examine(&options, 0, NULL, &count, NULL));
    ARGUMENT(cardwright_doctor_examine(&options, 0, &doctor, NULL, NULL));
    options.struct_size = 1;
    ARGUMENT(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL));
    options.struct_size = sizeof options;
    options.system = (CARDWRIGHT_ENUM(CardwrightSystem))9;
    UNKNOWN(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL));
    options.system = CARDWRIGHT_SYSTEM_CERTIFLOW;
    options.roots = T("no certificate");
    CODE(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL), CERTIFICATE);
    options.roots = T(NULL);
    CHECK(doctor == NULL && count == 77);
    OK(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL));
    CHECK(check_of(doctor, count, "sign-in").level == CARDWRIGHT_DOCTOR_LEVEL_OK);
    CHECK(check_of(doctor, count, "base").level == CARDWRIGHT_DOCTOR_LEVEL_OK);
    CHECK(check_of(doctor, count, "dialect").level == CARDWRIGHT_DOCTOR_LEVEL_OK);
    cardwright_doctor_free(doctor);
    options = served("CARDWRIGHT_MIM_URL", CARDWRIGHT_SYSTEM_MIM);
    OK(cardwright_doctor_examine(&options, 60000, &doctor, &count, NULL));
    CHECK(check_of(doctor, count, "base").level == CARDWRIGHT_DOCTOR_LEVEL_OK);
    cardwright_doctor_free(doctor);
    /* What is wrong with the server, and with the account, is a check. */
    options.password = T("another password");
    OK(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL));
    CardwrightDoctorCheck check = check_of(doctor, count, "sign-in");
    CHECK(check.level == CARDWRIGHT_DOCTOR_LEVEL_FAIL && has(check.seen, "401") && check.next.length > 0);
    cardwright_doctor_free(doctor);
    options.base = T("http://127.0.0.1:1/CertificateManagement");
    OK(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL));
    CHECK(check_of(doctor, count, "connection").level == CARDWRIGHT_DOCTOR_LEVEL_FAIL);
    cardwright_doctor_free(doctor);
    options.base = T("no address");
    CODE(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL), ADDRESS);
}

static void case_cardwright_doctor_at(void)
{
    CardwrightOptions options = served("CARDWRIGHT_URL", CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightDoctor *doctor = NULL;
    CardwrightDoctorCheck check = {.struct_size = sizeof check};
    size_t count = 0;
    options.base = T("http://127.0.0.1:1/api");
    OK(cardwright_doctor_examine(&options, 0, &doctor, &count, NULL));
    CHECK(count > 1);
    ARGUMENT(cardwright_doctor_at(NULL, 0, &check, NULL));
    ARGUMENT(cardwright_doctor_at(doctor, count, &check, NULL));
    STRUCTURE(CardwrightDoctorCheck, cardwright_doctor_at, doctor, 0);
    CHECK(check.level == 0);
    OK(cardwright_doctor_at(doctor, count - 1, &check, NULL));
    CHECK(is(check.name, "connection") && check.level == CARDWRIGHT_DOCTOR_LEVEL_FAIL && check.next.length > 0);
    cardwright_doctor_free(doctor);
}

static void case_cardwright_doctor_free(void)
{
    cardwright_doctor_free(NULL);
}

#endif
