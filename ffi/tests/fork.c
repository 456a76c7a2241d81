/*
 * A process with a client forks, a hundred times, while another of its threads uses the client. Parent and child go on
 * at the same moment: each gets its own answers, over connections of its own. A list and a watch that the parent has
 * begun are an error in the child, and go on in the parent.
 *
 * ffi/tests/fork.rs is the server, and runs it over plain HTTP and over TLS.
 */

#define _DEFAULT_SOURCE 1
#include <cardwright.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(fact)                                                           \
    do {                                                                      \
        if (!(fact)) {                                                        \
            fprintf(stderr, "%s:%d: %s; %s\n", __FILE__, __LINE__, #fact, words()); \
            _exit(1);                                                         \
        }                                                                     \
    } while (0)

/* How many cards the server has, and how long a process may take for its part of a round, in seconds. */
enum { ROUNDS = 100, CARDS = 40, LIMIT = 60 };

static const char *words(void)
{
    static _Thread_local char text[400];
    size_t length = 0;
    return cardwright_last_error(text, sizeof text, &length, NULL) == CARDWRIGHT_OK ? text : "";
}

static CardwrightClient *new_client(void)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightClient *made = NULL;
    options.base = cardwright_text(getenv("CARDWRIGHT_URL"));
    options.user = cardwright_text("demo");
    options.password = cardwright_text("secret");
    options.no_proxy = 1;
    options.attempts = 1;
    if (getenv("CARDWRIGHT_CA") != NULL) {
        options.roots = cardwright_text(getenv("CARDWRIGHT_CA"));
        options.only_roots = 1;
    }
    CHECK(cardwright_client_new(&options, &made, NULL) == CARDWRIGHT_OK);
    return made;
}

/* The card with this id, whose serial number is made of it. */
static CardwrightCard *card_of(const CardwrightClient *client, int id)
{
    char key[16], serial[16], expected[16];
    size_t length = 0;
    CardwrightCard *card = NULL;
    (void)snprintf(key, sizeof key, "%d", id);
    (void)snprintf(expected, sizeof expected, "%08X", (unsigned)id);
    CHECK(cardwright_client_card(client, cardwright_text(key), &card, NULL) == CARDWRIGHT_OK);
    CHECK(card != NULL);
    CHECK(cardwright_card_text(card, CARDWRIGHT_CARD_TEXT_SERIAL_NUMBER, serial, sizeof serial, &length, NULL) ==
          CARDWRIGHT_OK);
    CHECK(strcmp(serial, expected) == 0);
    return card;
}

static void read_card(const CardwrightClient *client, int id)
{
    cardwright_card_free(card_of(client, id));
}

/* Suspends a card, or resumes one that is suspended. */
static void operate(const CardwrightClient *client, int id, uint32_t operation)
{
    CardwrightOutcome outcome = {.struct_size = sizeof outcome};
    CardwrightCard *card = card_of(client, id);
    CHECK(cardwright_client_operate(client, card, operation, 0, 0, (CardwrightText){0}, &outcome, NULL) ==
          CARDWRIGHT_OK);
    CHECK(outcome.result == CARDWRIGHT_RESULT_DONE && outcome.answer_lost == 0);
    cardwright_card_free(outcome.card);
    cardwright_card_free(card);
}

/* Reads a list to its end, and returns how many cards came. */
static int rest_of(CardwrightCards *cards)
{
    int count = 0;
    for (;;) {
        CardwrightCard *card = NULL;
        CHECK(cardwright_cards_next(cards, &card, NULL) == CARDWRIGHT_OK);
        if (card == NULL) {
            return count;
        }
        count++;
        cardwright_card_free(card);
    }
}

static atomic_int stop, started;

/*
 * Another thread of the parent, which may hold any lock of the client at the moment of a fork. It has its connection by
 * then: a name that is looked up at that moment would keep the system's own lock in the child for good.
 */
static void *use(void *client)
{
    while (!stop) {
        read_card(client, 5);
        started = 1;
    }
    return NULL;
}

static void in_child(CardwrightClient *client, CardwrightCards *list, CardwrightBulk *bulk, CardwrightWatch *watch)
{
    CardwrightCard *card = NULL;
    CardwrightEvent event = {.struct_size = sizeof event};
    read_card(client, 2);
    CHECK(cardwright_cards_next(list, &card, NULL) == CARDWRIGHT_CODE_ARGUMENT);
    CHECK(strstr(words(), "after a fork") != NULL);
    cardwright_cards_free(list);
    if (watch != NULL) {
        CHECK(cardwright_watch_next(watch, 0, &event, NULL) == CARDWRIGHT_CODE_ARGUMENT);
        CHECK(strstr(words(), "after a fork") != NULL);
        CHECK(cardwright_watch_cancel(watch, NULL) == CARDWRIGHT_OK);
        cardwright_watch_free(watch);
    }
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightBulkRow row = {.struct_size = sizeof row};
    CHECK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL) == CARDWRIGHT_CODE_ARGUMENT);
    CHECK(strstr(words(), "after a fork") != NULL);
    CHECK(cardwright_bulk_keep(bulk, cardwright_text("a journal of the child's"), NULL) == CARDWRIGHT_CODE_ARGUMENT);
    CHECK(cardwright_bulk_row(bulk, 0, &row, NULL) == CARDWRIGHT_OK && row.fate == CARDWRIGHT_FATE_PLANNED);
    CHECK(cardwright_bulk_cancel(bulk, NULL) == CARDWRIGHT_OK);
    cardwright_bulk_free(bulk);
    CardwrightCards *own = NULL;
    CHECK(cardwright_client_cards(client, NULL, &own, NULL) == CARDWRIGHT_OK);
    CHECK(rest_of(own) == CARDS);
    cardwright_cards_free(own);
    operate(client, 2, CARDWRIGHT_OPERATION_SUSPEND);
    operate(client, 2, CARDWRIGHT_OPERATION_RESUME);
    const pid_t grandchild = fork();
    if (grandchild == 0) {
        (void)alarm(LIMIT);
        read_card(client, 3);
        cardwright_client_free(client);
        _exit(0);
    }
    read_card(client, 2);
    int status = 0;
    CHECK(waitpid(grandchild, &status, 0) == grandchild && status == 0);
    /* What a child stops is its own. */
    CHECK(cardwright_client_cancel(client, NULL) == CARDWRIGHT_OK);
    CHECK(cardwright_client_card(client, cardwright_text("2"), &card, NULL) == CARDWRIGHT_CODE_CANCELED);
    cardwright_client_free(client);
}

/* Runs an operation for many cards, which are all done then. */
static void run_all(CardwrightBulk *bulk, size_t cards)
{
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    CHECK(cardwright_bulk_run(bulk, NULL, NULL, NULL, &end, NULL) == CARDWRIGHT_OK);
    CHECK(cardwright_bulk_counts(bulk, &counts, NULL) == CARDWRIGHT_OK);
    CHECK(end.stopped == 0 && counts.done == cards && counts.total == cards);
}

static void round_of(int with_watch)
{
    CardwrightClient *client = new_client();
    CardwrightCards *list = NULL;
    CardwrightWatch *watch = NULL;
    CardwrightCard *first = NULL;
    pthread_t thread;
    read_card(client, 1);
    CHECK(cardwright_client_cards(client, NULL, &list, NULL) == CARDWRIGHT_OK);
    CHECK(cardwright_cards_next(list, &first, NULL) == CARDWRIGHT_OK);
    cardwright_card_free(first);
    if (with_watch) {
        CardwrightEvent event = {.struct_size = sizeof event};
        CHECK(cardwright_watch_new(&watch, NULL) == CARDWRIGHT_OK);
        CHECK(cardwright_watch_next(watch, 0, &event, NULL) == CARDWRIGHT_OK);
    }
    const CardwrightText ids[] = {cardwright_text("4"), cardwright_text("5")};
    CardwrightBulk *bulk = NULL;
    CHECK(cardwright_bulk_of_ids(client, ids, 2, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, cardwright_text(NULL), &bulk, NULL) ==
          CARDWRIGHT_OK);
    stop = started = 0;
    CHECK(pthread_create(&thread, NULL, use, client) == 0);
    while (!started) {
        (void)usleep(100);
    }
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)alarm(LIMIT);
        in_child(client, list, bulk, watch);
        _exit(0);
    }
    read_card(client, 1);
    CHECK(rest_of(list) == CARDS - 1);
    operate(client, 1, CARDWRIGHT_OPERATION_SUSPEND);
    operate(client, 1, CARDWRIGHT_OPERATION_RESUME);
    /* Whatever the child does with it, the parent's run goes on. */
    run_all(bulk, 2);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    cardwright_bulk_free(bulk);
    CHECK(cardwright_bulk_of_ids(client, ids, 2, CARDWRIGHT_OPERATION_RESUME, 0, 0, cardwright_text(NULL), &bulk, NULL) ==
          CARDWRIGHT_OK);
    run_all(bulk, 2);
    cardwright_bulk_free(bulk);
    read_card(client, 1);
    stop = 1;
    CHECK(pthread_join(thread, NULL) == 0);
    if (watch != NULL) {
        CardwrightEvent event = {.struct_size = sizeof event};
        CHECK(cardwright_watch_next(watch, 0, &event, NULL) == CARDWRIGHT_OK);
    }
    cardwright_watch_free(watch);
    cardwright_cards_free(list);
    cardwright_client_free(client);
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        /* A watch costs a look for the system's service. */
        round_of(round % 10 == 0);
    }
    printf("%d forks\n", ROUNDS);
    return 0;
}
