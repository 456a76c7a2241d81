/*
 * Puts the cards of CertiFlow with these ids on hold, an id a line on standard input, with a journal: if the program is
 * ended by anything, even a power failure, the same command goes on where it was, and no card is operated on twice.
 *
 *   export CARDWRIGHT_URL=https://cm.example/certiflow/api CARDWRIGHT_USER=operator CARDWRIGHT_PASSWORD=...
 *   cc bulk.c $(pkg-config --cflags --libs cardwright) -o bulk && ./bulk hold.ndjson <ids.txt
 *
 * Once the journal is there, it names the cards, and the standard input is not read.
 */

#include <cardwright.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000, LONGEST = 64 };

/* Says what went wrong, in the server's words where it has any. */
static int failed(int32_t code)
{
    char detail[512];
    size_t length = 0;
    if (cardwright_last_error(detail, sizeof detail, &length, NULL) != CARDWRIGHT_OK || length == 0) {
        fprintf(stderr, "%s\n", cardwright_code_text(code));
    } else {
        fprintf(stderr, "%s\n", detail);
    }
    return 1;
}

/* Reads the ids and plans what is to be done with their cards; nothing is changed yet. */
static int32_t plan(const CardwrightClient *client, CardwrightText journal, CardwrightBulk **bulk)
{
    static char lines[MOST][LONGEST], line[LONGEST];
    static CardwrightText ids[MOST];
    size_t count = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        const size_t length = strcspn(line, "\r\n");
        if (length + 1 == sizeof line || count == MOST) {
            return CARDWRIGHT_CODE_ROOM;
        }
        line[length] = '\0';
        if (length > 0) {
            ids[count] = cardwright_text(strcpy(lines[count], line));
            count++;
        }
    }
    if (count == 0) {
        return CARDWRIGHT_CODE_SHORT;
    }
    int32_t code = cardwright_bulk_of_ids(client, ids, count, CARDWRIGHT_OPERATION_SUSPEND, 0, 0, cardwright_text(NULL),
                                          bulk, NULL);
    return code == CARDWRIGHT_OK ? cardwright_bulk_keep(*bulk, journal, NULL) : code;
}

static int32_t tell(void *context, const CardwrightBulkProgress *progress)
{
    (void)context;
    fprintf(stderr, "\r%zu of %zu", progress->counts->total - progress->counts->planned, progress->counts->total);
    return 0;
}

/* Runs what is left, and tells what has become of each card that is not done. */
static int run(CardwrightBulk *bulk)
{
    /* Two cards first, one by one; and no more than five that fail. */
    CardwrightBulkOptions options = {.struct_size = sizeof options, .canary = 2, .has_max_failures = 1, .max_failures = 5};
    CardwrightBulkEnd end = {.struct_size = sizeof end};
    CardwrightBulkCounts counts = {.struct_size = sizeof counts};
    int32_t code = cardwright_bulk_run(bulk, &options, tell, NULL, &end, NULL);
    fprintf(stderr, "\n");
    if (code == CARDWRIGHT_OK) {
        code = cardwright_bulk_counts(bulk, &counts, NULL);
    }
    if (code != CARDWRIGHT_OK) {
        return failed(code);
    }
    for (size_t n = 0; n < counts.total; n++) {
        CardwrightBulkRow row = {.struct_size = sizeof row};
        char fate[32];
        size_t length = 0;
        if (cardwright_bulk_row(bulk, n, &row, NULL) == CARDWRIGHT_OK && row.fate != CARDWRIGHT_FATE_DONE &&
            cardwright_name(CARDWRIGHT_ENUMERATION_FATE, row.fate, fate, sizeof fate, &length, NULL) == CARDWRIGHT_OK) {
            printf("%.*s %s: %.*s\n", (int)row.id.length, row.id.data, fate, (int)row.words.length, row.words.data);
        }
    }
    printf("%zu of %zu cards are on hold\n", counts.done, counts.total);
    if (end.stopped != 0) {
        fprintf(stderr, "stopped: %.*s\n", (int)end.words.length, end.words.data);
    }
    return end.stopped == 0 && counts.done == counts.total ? 0 : 1;
}

int main(int argc, char **argv)
{
    CardwrightOptions options = {.struct_size = sizeof options, .system = CARDWRIGHT_SYSTEM_CERTIFLOW};
    CardwrightClient *client = NULL;
    CardwrightBulk *bulk = NULL;

    if (argc != 2) {
        fprintf(stderr, "usage: %s JOURNAL <IDS\n", argv[0]);
        return 2;
    }
    options.base = cardwright_text(getenv("CARDWRIGHT_URL"));
    options.user = cardwright_text(getenv("CARDWRIGHT_USER"));
    options.password = cardwright_text(getenv("CARDWRIGHT_PASSWORD"));
    int32_t code = cardwright_client_new(&options, &client, NULL);
    if (code == CARDWRIGHT_OK) {
        FILE *there = fopen(argv[1], "rb");
        CardwrightText journal = cardwright_text(argv[1]);
        if (there != NULL) {
            (void)fclose(there);
            code = cardwright_bulk_resume(client, journal, &bulk, NULL);
        } else {
            code = plan(client, journal, &bulk);
        }
    }
    int result = code == CARDWRIGHT_OK ? run(bulk) : failed(code);
    cardwright_bulk_free(bulk);
    cardwright_client_free(client);
    return result;
}
