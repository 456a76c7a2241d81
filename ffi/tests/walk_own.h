/*
 * The part of walk.c that is about requests of MIM CM, and about what a server of `cardwright serve` has of its own.
 */

#if defined(CARDWRIGHT_CLIENT)

static CardwrightText body(const CardwrightRaw *raw)
{
    CardwrightRawFacts facts = {.struct_size = sizeof facts};
    OK(cardwright_raw_facts(raw, &facts, NULL));
    CHECK(facts.status == 200);
    return (CardwrightText){.data = (const char *)facts.body, .length = facts.body_length};
}

/* Whether an answer has this in it; it is freed. */
static int tells(CardwrightRaw *raw, const char *part)
{
    int found = has(body(raw), part);
    cardwright_raw_free(raw);
    return found;
}

/* A request that waits for approval: its id. */
static void waiting(const CardwrightClient *from, char request[64])
{
    CardwrightOutcome out = {.struct_size = sizeof out};
    CardwrightCard *card = active_of(from, APPROVED);
    OK(cardwright_client_operate(from, card, CARDWRIGHT_OPERATION_RETIRE, 0, 0, T("to wait"), &out, NULL));
    CHECK(out.result == CARDWRIGHT_RESULT_AWAITING_APPROVAL);
    memcpy(request, out.request, 64);
    cardwright_card_free(card);
}

static void case_cardwright_client_requests(void)
{
    CardwrightClient *each = client(), *other = mim(), *nobody = lonely(CARDWRIGHT_SYSTEM_MIM);
    CardwrightRaw *raw = NULL;
    char request[64];
    NAMED("client", cardwright_client_requests(NULL, 0, 0, 0, 0, &raw, &told));
    NAMED("raw", cardwright_client_requests(other, 0, 0, 0, 0, NULL, &told));
    UNKNOWN(cardwright_client_requests(other, 1, 99, 0, 0, &raw, NULL));
    CODE(cardwright_client_requests(each, 0, 0, 0, 0, &raw, NULL), NO_SUCH_CALL);
    CODE(cardwright_client_requests(nobody, 0, 0, 0, 0, &raw, NULL), UNREACHABLE);
    CHECK(raw == NULL);
    waiting(other, request);
    OK(cardwright_client_requests(other, 1, CARDWRIGHT_REQUEST_STATUS_PENDING, 0, 1, &raw, NULL));
    CHECK(tells(raw, request));
    OK(cardwright_client_requests(other, 0, 0, 1, 0, &raw, NULL));
    CHECK(tells(raw, request));
    OK(cardwright_client_cancel_request(other, T(request), NULL));
    OK(cardwright_client_requests(other, 0, 0, 1, 0, &raw, NULL));
    CHECK(!tells(raw, request));
    OK(cardwright_client_requests(other, 0, 0, 0, 0, &raw, NULL));
    CHECK(tells(raw, request));
    cardwright_client_free(each);
    cardwright_client_free(other);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_audit(void)
{
    CardwrightClient *each = client(), *nobody = lonely(CARDWRIGHT_SYSTEM_CERTIFLOW);
    CardwrightAuditQuery query = {.struct_size = sizeof query, .limit = 1};
    CardwrightCard *card = issued(each);
    CardwrightOutcome out = {.struct_size = sizeof out};
    CardwrightRaw *raw = NULL;
    int64_t next = -1;
    NAMED("client", cardwright_client_audit(NULL, &query, &raw, &next, &told));
    NAMED("query", cardwright_client_audit(each, NULL, &raw, &next, &told));
    NAMED("raw", cardwright_client_audit(each, &query, NULL, &next, &told));
    NAMED("next", cardwright_client_audit(each, &query, &raw, NULL, &told));
    query.struct_size = 1;
    NAMED("struct_size", cardwright_client_audit(each, &query, &raw, &next, &told));
    query.struct_size = sizeof query;
    query.card = not_utf8;
    CODE(cardwright_client_audit(each, &query, &raw, &next, NULL), JSON_UTF8);
    query.card = T("no card");
    CODE(cardwright_client_audit(each, &query, &raw, &next, NULL), BAD_REQUEST);
    query.card = T(NULL);
    CODE(cardwright_client_audit(nobody, &query, &raw, &next, NULL), UNREACHABLE);
    CHECK(raw == NULL && next == -1);
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    cardwright_card_free(card);
    query.account = T(getenv("CARDWRIGHT_USER"));
    query.since = T("2020-01-01");
    OK(cardwright_client_audit(each, &query, &raw, &next, NULL));
    CHECK(next > 0 && tells(raw, "\"account\":\"demo\""));
    query.after = next;
    query.limit = 0;
    OK(cardwright_client_audit(each, &query, &raw, &next, NULL));
    CHECK(next > query.after);
    CHECK(has(body(raw), "\"operation\":\"resume\"") && tells(raw, "\"after\":\"active\""));
    query.after = next;
    OK(cardwright_client_audit(each, &query, &raw, &next, NULL));
    CHECK(next == query.after && body(raw).length == 2);
    cardwright_raw_free(raw);
    query.until = T("2020-01-01");
    query.after = 0;
    OK(cardwright_client_audit(each, &query, &raw, &next, NULL));
    CHECK(body(raw).length == 2);
    cardwright_raw_free(raw);
    cardwright_client_free(each);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_history(void)
{
    CardwrightClient *each = client();
    CardwrightCard *card = issued(each);
    CardwrightOutcome out = {.struct_size = sizeof out};
    CardwrightRaw *raw = NULL;
    char id[32];
    size_t length;
    OK(cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_ID, id, sizeof id, &length, NULL));
    NAMED("client", cardwright_client_history(NULL, T(id), &raw, &told));
    NAMED("card", cardwright_client_history(each, T(NULL), &raw, &told));
    NAMED("raw", cardwright_client_history(each, T(id), NULL, &told));
    CODE(cardwright_client_history(each, not_utf8, &raw, NULL), JSON_UTF8);
    CODE(cardwright_client_history(each, T("999999"), &raw, NULL), NOT_FOUND);
    CHECK(raw == NULL);
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    OK(cardwright_client_operate(each, card, CARDWRIGHT_OPERATION_RESUME, 0, 0, T(NULL), &out, NULL));
    cardwright_card_free(out.card);
    OK(cardwright_client_history(each, T(id), &raw, NULL));
    CHECK(has(body(raw), "\"operation\":\"suspend\"") && tells(raw, "\"operation\":\"resume\""));
    cardwright_card_free(card);
    cardwright_client_free(each);
}

static void case_cardwright_client_open_requests(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightRaw *raw = NULL;
    char request[64];
    NAMED("client", cardwright_client_open_requests(NULL, T(NULL), &raw, &told));
    NAMED("raw", cardwright_client_open_requests(each, T(NULL), NULL, &told));
    CODE(cardwright_client_open_requests(each, not_utf8, &raw, NULL), JSON_UTF8);
    CODE(cardwright_client_open_requests(each, T("999999"), &raw, NULL), NOT_FOUND);
    CHECK(raw == NULL);
    waiting(other, request);
    OK(cardwright_client_open_requests(each, T(NULL), &raw, NULL));
    CHECK(has(body(raw), request) && tells(raw, "\"approvals\":0,\"needed\":1"));
    OK(cardwright_client_cancel_request(other, T(request), NULL));
    OK(cardwright_client_open_requests(other, T(NULL), &raw, NULL));
    CHECK(!tells(raw, request));
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_client_approve(void)
{
    CardwrightClient *each = client(), *other = mim(), *nobody = lonely(CARDWRIGHT_SYSTEM_MIM);
    CardwrightRaw *raw = NULL;
    char request[64];
    NAMED("client", cardwright_client_approve(NULL, T("1"), &raw, &told));
    NAMED("request", cardwright_client_approve(each, T(NULL), &raw, &told));
    NAMED("raw", cardwright_client_approve(each, T("1"), NULL, &told));
    CODE(cardwright_client_approve(each, not_utf8, &raw, NULL), JSON_UTF8);
    CODE(cardwright_client_approve(each, T("1"), &raw, NULL), BAD_REQUEST);
    CODE(cardwright_client_approve(nobody, T("1"), &raw, NULL), UNREACHABLE);
    CODE(cardwright_client_approve(each, T("11111111-2222-3333-4444-555555555555"), &raw, NULL), NOT_FOUND);
    waiting(other, request);
    /* Its own request somebody else must approve. */
    CODE(cardwright_client_approve(each, T(request), &raw, NULL), FORBIDDEN);
    CHECK(raw == NULL);
    /* Somebody else does. */
    CardwrightAccountChange change = {.struct_size = sizeof change, .name = T("second"), .password = T("of the walk"),
                                      .role = T("administrator")};
    OK(cardwright_client_put_account(each, &change, &raw, NULL));
    cardwright_raw_free(raw);
    CardwrightOptions options = served("CARDWRIGHT_MIM_URL", CARDWRIGHT_SYSTEM_MIM);
    options.user = change.name;
    options.password = change.password;
    CardwrightClient *second = NULL;
    OK(cardwright_client_new(&options, &second, NULL));
    OK(cardwright_client_approve(second, T(request), &raw, NULL));
    CHECK(tells(raw, "\"status\":\"Approved\",\"approvals\":1,\"needed\":1"));
    OK(cardwright_client_cancel_request(other, T(request), NULL));
    cardwright_client_free(each);
    cardwright_client_free(other);
    cardwright_client_free(second);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_deny(void)
{
    CardwrightClient *each = client(), *other = mim();
    CardwrightRaw *raw = NULL;
    char request[64];
    NAMED("client", cardwright_client_deny(NULL, T("1"), &raw, &told));
    NAMED("request", cardwright_client_deny(each, T(NULL), &raw, &told));
    NAMED("raw", cardwright_client_deny(each, T("1"), NULL, &told));
    CODE(cardwright_client_deny(each, not_utf8, &raw, NULL), JSON_UTF8);
    waiting(other, request);
    OK(cardwright_client_deny(each, T(request), &raw, NULL));
    CHECK(tells(raw, "\"status\":\"Denied\""));
    raw = NULL;
    CODE(cardwright_client_deny(each, T(request), &raw, NULL), REFUSED);
    CHECK(raw == NULL);
    cardwright_client_free(each);
    cardwright_client_free(other);
}

static void case_cardwright_client_accounts(void)
{
    CardwrightClient *each = client(), *nobody = lonely(CARDWRIGHT_SYSTEM_MIM);
    CardwrightRaw *raw = NULL;
    NAMED("client", cardwright_client_accounts(NULL, &raw, &told));
    NAMED("raw", cardwright_client_accounts(each, NULL, &told));
    CODE(cardwright_client_accounts(nobody, &raw, NULL), UNREACHABLE);
    CHECK(raw == NULL);
    OK(cardwright_client_accounts(each, &raw, NULL));
    CHECK(has(body(raw), "\"name\":\"demo\",\"role\":\"administrator\"") && !tells(raw, "argon2"));
    cardwright_client_free(each);
    cardwright_client_free(nobody);
}

static void case_cardwright_client_put_account(void)
{
    CardwrightClient *each = client();
    CardwrightAccountChange change = {.struct_size = sizeof change, .name = T("of the walk")};
    CardwrightRaw *raw = NULL;
    NAMED("client", cardwright_client_put_account(NULL, &change, &raw, &told));
    NAMED("change", cardwright_client_put_account(each, NULL, &raw, &told));
    NAMED("raw", cardwright_client_put_account(each, &change, NULL, &told));
    change.role = T("viewer");
    CODE(cardwright_client_put_account(each, &change, &raw, NULL), NOT_FOUND);
    change.password = not_utf8;
    CODE(cardwright_client_put_account(each, &change, &raw, NULL), JSON_UTF8);
    change.password = T("first");
    change.user = T("no GUID");
    CODE(cardwright_client_put_account(each, &change, &raw, NULL), BAD_REQUEST);
    change.user = T("11111111-2222-3333-4444-555555555555");
    CHECK(raw == NULL);
    OK(cardwright_client_put_account(each, &change, &raw, NULL));
    CHECK(has(body(raw), "\"role\":\"viewer\"") && tells(raw, "\"disabled\":false"));
    change = (CardwrightAccountChange){.struct_size = sizeof change, .name = T("of the walk"), .has_disabled = 1,
                                       .disabled = 1};
    OK(cardwright_client_put_account(each, &change, &raw, NULL));
    CHECK(has(body(raw), "\"role\":\"viewer\"") && tells(raw, "\"disabled\":true"));
    raw = NULL;
    change.name = T(NULL);
    NAMED("name", cardwright_client_put_account(each, &change, &raw, &told));
    change.struct_size = 1;
    NAMED("struct_size", cardwright_client_put_account(each, &change, &raw, &told));
    CHECK(raw == NULL);
    cardwright_client_free(each);
}

#endif
