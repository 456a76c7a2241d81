/*
 * Eight threads share a client and ask it without a pause; one of them cancels it in the middle. Each of the
 * others gets an error, and a new client works. A watch is canceled from another thread, too.
 */

#include <cardwright.h>
#include <pthread.h>
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

enum { THREADS = 8, BEFORE = 3 };

static struct {
    CardwrightClient *client;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* How many threads have asked often enough. */
    int ready;
    /* How many were told that the client is canceled. */
    int canceled;
    /* How many lines the log had. */
    int lines;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static CardwrightClient *client(void)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightClient *made = NULL;
    options.base = cardwright_text(getenv("CARDWRIGHT_URL"));
    options.user = cardwright_text(getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(getenv("CARDWRIGHT_PASSWORD"));
    CHECK(cardwright_client_new(&options, &made, NULL) == CARDWRIGHT_OK);
    return made;
}

/* Takes the lock that the threads take around nothing of the library's. */
static void count_line(void *context, const CardwrightLogRecord *record)
{
    CHECK(context == &shared && record->message.length > 0);
    pthread_mutex_lock(&shared.lock);
    shared.lines++;
    pthread_mutex_unlock(&shared.lock);
}

static int32_t ask(const CardwrightClient *of, size_t number)
{
    CardwrightCard *card = NULL;
    int32_t code;
    if (number % 2 == 0) {
        code = cardwright_client_find(of, cardwright_text("02A1B3C4"), &card, NULL);
        CHECK(code != CARDWRIGHT_OK || card != NULL);
        cardwright_card_free(card);
        return code;
    }
    CardwrightCards *cards = NULL;
    code = cardwright_client_cards(of, NULL, &cards, NULL);
    do {
        if (code == CARDWRIGHT_OK) {
            code = cardwright_cards_next(cards, &card, NULL);
        }
        if (code == CARDWRIGHT_OK) {
            cardwright_card_free(card);
        }
    } while (code == CARDWRIGHT_OK && card != NULL);
    cardwright_cards_free(cards);
    return code;
}

static void *work(void *context)
{
    const size_t number = *(const size_t *)context;
    for (int turn = 1;; turn++) {
        int32_t code = ask(shared.client, number);
        if (code != CARDWRIGHT_OK) {
            char detail[256];
            size_t length = 0;
            CHECK(code == CARDWRIGHT_CODE_CANCELED);
            /* The detail is this thread's own. */
            CHECK(cardwright_last_error(detail, sizeof detail, &length, NULL) == CARDWRIGHT_OK && length > 0);
            break;
        }
        if (turn == BEFORE) {
            pthread_mutex_lock(&shared.lock);
            shared.ready++;
            pthread_cond_broadcast(&shared.changed);
            while (number == 0 && shared.ready < THREADS) {
                pthread_cond_wait(&shared.changed, &shared.lock);
            }
            pthread_mutex_unlock(&shared.lock);
            if (number == 0) {
                CHECK(cardwright_client_cancel(shared.client, NULL) == CARDWRIGHT_OK);
            }
        }
    }
    pthread_mutex_lock(&shared.lock);
    shared.canceled++;
    pthread_mutex_unlock(&shared.lock);
    return NULL;
}

static void *wait_for_readers(void *context)
{
    CardwrightEvent event = {.struct_size = sizeof event};
    int32_t code;
    while ((code = cardwright_watch_next(context, CARDWRIGHT_NO_LIMIT, &event, NULL)) == CARDWRIGHT_OK) {
        CHECK(event.kind != CARDWRIGHT_EVENT_KIND_NONE);
    }
    CHECK(code == CARDWRIGHT_CODE_CANCELED);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS], watcher;
    size_t numbers[THREADS];
    CardwrightWatch *watch = NULL;

    CHECK(cardwright_log_set(count_line, &shared, CARDWRIGHT_LOG_LEVEL_DEBUG, NULL) == CARDWRIGHT_OK);
    CHECK(cardwright_watch_new(&watch, NULL) == CARDWRIGHT_OK);
    CHECK(pthread_create(&watcher, NULL, wait_for_readers, watch) == 0);
    shared.client = client();
    for (size_t n = 0; n < THREADS; n++) {
        numbers[n] = n;
        CHECK(pthread_create(&threads[n], NULL, work, &numbers[n]) == 0);
    }
    for (size_t n = 0; n < THREADS; n++) {
        CHECK(pthread_join(threads[n], NULL) == 0);
    }
    CHECK(shared.canceled == THREADS && shared.lines >= THREADS * BEFORE);
    cardwright_client_free(shared.client);
    CHECK(cardwright_log_set(NULL, NULL, CARDWRIGHT_LOG_LEVEL_OFF, NULL) == CARDWRIGHT_OK);

    CardwrightClient *anew = client();
    CHECK(ask(anew, 0) == CARDWRIGHT_OK && ask(anew, 1) == CARDWRIGHT_OK);
    cardwright_client_free(anew);

    CHECK(cardwright_watch_cancel(watch, NULL) == CARDWRIGHT_OK);
    CHECK(pthread_join(watcher, NULL) == 0);
    cardwright_watch_free(watch);
    printf("%d threads were told\n", shared.canceled);
    return 0;
}
