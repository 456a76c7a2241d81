/*
 * A card terminal, whole: a card comes, its record is looked up in CertiFlow, and it is put on hold. The same
 * program as src/main.rs, over the library without an operating system.
 *
 * It changes one card or none: two records of one serial number are an error. It says "done" when the card, read
 * again, is on hold, whatever the answer was; if it is not, or cannot be read, that is unknown and said so.
 *
 * How it speaks is in say.h: in words (words.c), or where flash is short in numbers (numbers.c). All that is particular
 * to the machine is in board.c: a slot that powers a card and carries APDUs, a connection, a console. There is no heap.
 */

#include "board.h"
#include "say.h"

/* The dialect that the server speaks. */
#define DIALECT CARDWRIGHT_DIALECT_G7

/* Says what went wrong; the exit code. */
static int failed(const CardwrightError *error)
{
    say_error(error);
    return 1;
}

static int because(const char *why)
{
    put_words(why);
    put_words("\n");
    return 1;
}

static int refused(uint32_t status)
{
    put_words("the server says ");
    put_number(status);
    return because("");
}

/* Powers the card, says what its ATR says, and holds the dialogue that tells who it is. */
static int read_card(CardwrightIdentity *identity, CardwrightError *error)
{
    uint8_t bytes[CARDWRIGHT_ATR_MAX];
    const size_t length = slot_power(bytes, sizeof bytes);
    if (say_atr(bytes, length, error) != CARDWRIGHT_OK) {
        return failed(error);
    }
    if (cardwright_identity_init(identity, bytes, length, CARDWRIGHT_INTERFACE_CONTACT, error) != CARDWRIGHT_OK) {
        return failed(error);
    }
    for (;;) {
        uint8_t command[CARDWRIGHT_COMMAND_ROOM], response[258];
        size_t command_length = 0;
        if (cardwright_identity_command(identity, command, sizeof command, &command_length, error) != CARDWRIGHT_OK) {
            return failed(error);
        }
        if (command_length == 0) {
            return 0;
        }
        const size_t came = slot_exchange(command, command_length, response, sizeof response);
        if (cardwright_identity_answer(identity, response, came, error) != CARDWRIGHT_OK) {
            return failed(error);
        }
    }
}

/* The serial as CertiFlow most likely writes it. */
static int guess_serial(const CardwrightIdentity *identity, CardwrightGuess *guess, CardwrightError *error)
{
    if (say_card(identity, error) != CARDWRIGHT_OK) {
        return failed(error);
    }
    if (cardwright_identity_guess(identity, CARDWRIGHT_SYSTEM_CERTIFLOW, 0, guess, NULL) != CARDWRIGHT_OK) {
        return because("the card hides its serial");
    }
    say_guess(guess);
    return 0;
}

/* Sends a call as a whole message. */
static int send_call(const CardwrightCall *call, CardwrightError *error)
{
    /* A password belongs where the board keeps secrets, and the connection is to be one over TLS. */
    const CardwrightSite site = {
        .struct_size = sizeof site,
        .host = cardwright_text("cm.example"),
        .base = cardwright_text("/certiflow/api"),
        .user = cardwright_text("terminal-7"),
        .password = cardwright_text("not a secret"),
    };
    char message[400];
    size_t length = 0;
    if (cardwright_call_message(call, &site, message, sizeof message, &length, error) != CARDWRIGHT_OK) {
        return failed(error);
    }
    return connection_send(message, length) == 0 ? 0 : because("nothing can be sent");
}

/* The first record of our card in a reply, how many different ones there are, and how many of other cards. */
typedef struct Record {
    char id[40];
    uint32_t state, known;
    size_t records, others;
} Record;

/* How the reading of a reply ended. */
typedef enum Ending { ENDING_RECORD, ENDING_NONE, ENDING_SEVERAL, ENDING_STATUS, ENDING_ERROR } Ending;

/* Says why it is not one record; the exit code. */
static int say_ending(Ending ending, uint32_t status, const CardwrightError *error)
{
    switch (ending) {
    case ENDING_RECORD:
        return 0;
    case ENDING_NONE:
        return because("no such card");
    case ENDING_SEVERAL:
        return because("two cards have this serial number");
    case ENDING_STATUS:
        return refused(status);
    default:
        return failed(error);
    }
}

static int is_same(const char *one, const char *other)
{
    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

/* One card of the reply. What a server does not understand of a query it may ignore, and then send every card. */
static int read_record(const uint8_t *json, size_t length, CardwrightText serial, Record *record, CardwrightError *error)
{
    CardwrightView view = {.struct_size = sizeof view};
    Record here = {.records = 1};
    char theirs[64], state[20];
    size_t id_length = 0, theirs_length = 0, state_length = 0;
    uint32_t how = 0;
    if (cardwright_view_parse(CARDWRIGHT_OBJECT_CARD_INFO, json, length, &view, error) != CARDWRIGHT_OK ||
        cardwright_view_text(&view, CARDWRIGHT_CARD_INFO_ID, here.id, sizeof here.id, &id_length, error) !=
            CARDWRIGHT_OK ||
        cardwright_view_text(&view, CARDWRIGHT_CARD_INFO_STATE, state, sizeof state, &state_length, error) !=
            CARDWRIGHT_OK ||
        cardwright_view_state(&view, &here.state, &here.known, error) != CARDWRIGHT_OK ||
        cardwright_view_text(&view, CARDWRIGHT_CARD_INFO_SERIAL_NUMBER, theirs, sizeof theirs, &theirs_length, error) !=
            CARDWRIGHT_OK) {
        return 1;
    }
    /* A serial number that cannot be read is another card's. */
    (void)cardwright_serial_match(cardwright_text(theirs), serial, &how, NULL);
    if (how == 0) {
        record->others++;
        return 0;
    }
    put_words("card ");
    put_words(here.id);
    put_words(", ");
    put_words(state);
    put_words("\n");
    if (record->records == 0) {
        here.others = record->others;
        *record = here;
    } else if (!is_same(record->id, here.id)) {
        record->records++;
    }
    return 0;
}

/* Reads the list of cards that the server sends, or the one card, piece by piece. */
static Ending read_reply(CardwrightText serial, Record *record, uint32_t *status, CardwrightError *error)
{
    static uint8_t buffer[1024];
    CardwrightReply reply = {{0}};
    CardwrightList list = {{0}};
    if (cardwright_reply_init(&reply, error) != CARDWRIGHT_OK ||
        cardwright_list_init(&list, buffer, sizeof buffer, error) != CARDWRIGHT_OK) {
        return ENDING_ERROR;
    }
    for (int ended = 0; !ended;) {
        uint8_t piece[100];
        const uint8_t *chunk = piece;
        size_t left = connection_receive(piece, sizeof piece);
        if (left == 0) {
            if (cardwright_reply_finish(&reply, error) != CARDWRIGHT_OK) {
                return ENDING_ERROR;
            }
            break;
        }
        for (;;) {
            CardwrightReplyPart part = {.struct_size = sizeof part};
            if (cardwright_reply_next(&reply, &chunk, &left, &part, error) != CARDWRIGHT_OK) {
                return ENDING_ERROR;
            }
            if (part.kind == CARDWRIGHT_REPLY_PART_KIND_MORE) {
                break;
            }
            if (part.kind == CARDWRIGHT_REPLY_PART_KIND_END) {
                ended = 1;
                break;
            }
            if (part.kind == CARDWRIGHT_REPLY_PART_KIND_STATUS && part.status != 200) {
                *status = part.status;
                return ENDING_STATUS;
            }
            while (part.kind == CARDWRIGHT_REPLY_PART_KIND_BODY) {
                const uint8_t *element = NULL;
                size_t length = 0, at = 0;
                if (cardwright_list_next(&list, &part.data, &part.length, &element, &length, &at, error) !=
                    CARDWRIGHT_OK) {
                    return ENDING_ERROR;
                }
                if (length == 0) {
                    break;
                }
                if (read_record(element, length, serial, record, error) != 0) {
                    return ENDING_ERROR;
                }
            }
        }
    }
    if (cardwright_list_finish(&list, error) != CARDWRIGHT_OK) {
        return ENDING_ERROR;
    }
    if (record->others > 0) {
        put_words("other cards: ");
        put_number(record->others);
        put_words("\n");
    }
    return record->records == 0 ? ENDING_NONE : record->records == 1 ? ENDING_RECORD : ENDING_SEVERAL;
}

/* Whether a status says that nothing was done and nothing will be. */
static int is_refusal(uint32_t status) { return status >= 400 && status < 500 && status != 408 && status != 429; }

/* Reads the answer to the operation, of which a refusal counts; else 0, as no other answer proves anything, not even
 * one that says that it failed. */
static int read_refusal(CardwrightError *error)
{
    CardwrightReply reply = {{0}};
    if (cardwright_reply_init(&reply, error) != CARDWRIGHT_OK) {
        return failed(error);
    }
    for (;;) {
        uint8_t piece[100];
        const uint8_t *chunk = piece;
        size_t left = connection_receive(piece, sizeof piece);
        CardwrightReplyPart part = {.struct_size = sizeof part};
        if (left == 0) {
            return 0;
        }
        do {
            if (cardwright_reply_next(&reply, &chunk, &left, &part, error) != CARDWRIGHT_OK ||
                part.kind == CARDWRIGHT_REPLY_PART_KIND_END) {
                return 0;
            }
            if (part.kind == CARDWRIGHT_REPLY_PART_KIND_STATUS && is_refusal(part.status)) {
                return refused(part.status);
            }
        } while (part.kind != CARDWRIGHT_REPLY_PART_KIND_MORE);
    }
}

int main(void)
{
    CardwrightError error = {.struct_size = sizeof error};
    CardwrightIdentity identity = {{0}};
    CardwrightGuess guess = {.struct_size = sizeof guess};
    if (read_card(&identity, &error) != 0 || guess_serial(&identity, &guess, &error) != 0) {
        return 1;
    }

    if (connection_open() != 0) {
        return because("no connection");
    }
    const CardwrightText serial = cardwright_text(guess.spelling);
    const CardwrightQuery query = {.struct_size = sizeof query, .serial_number = serial};
    const CardwrightCall list = {
        .struct_size = sizeof list, .kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARDS, .dialect = DIALECT, .query = &query};
    Record record = {.records = 0}, again = {.records = 0};
    uint32_t status = 0;
    if (send_call(&list, &error) != 0) {
        return 1;
    }
    const Ending ending = read_reply(serial, &record, &status, &error);
    if (ending != ENDING_RECORD) {
        return say_ending(ending, status, &error);
    }
    if (!record.known) {
        return because("a state that is not known");
    }

    CardwrightVerdict verdict = {.struct_size = sizeof verdict};
    const uint32_t operation = CARDWRIGHT_OPERATION_SUSPEND;
    if (cardwright_verdict(CARDWRIGHT_SYSTEM_CERTIFLOW, record.state, operation, &verdict, &error) != CARDWRIGHT_OK) {
        return failed(&error);
    }
    if (verdict.answer != CARDWRIGHT_ANSWER_ALLOWED) {
        /* The server may allow what an assumption refuses: ask it. This terminal does not. */
        return because("not allowed in this state");
    }
    say_verdict(operation, record.state, &verdict);
    const CardwrightCall disable = {.struct_size = sizeof disable,
                                    .kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_OPERATE,
                                    .dialect = DIALECT,
                                    .operation = operation,
                                    .id = cardwright_text(record.id)};
    const CardwrightCall look = {.struct_size = sizeof look,
                                 .kind = CARDWRIGHT_CALL_KIND_CERTIFLOW_CARD,
                                 .dialect = DIALECT,
                                 .id = cardwright_text(record.id)};
    if (send_call(&disable, &error) == 0 && read_refusal(&error) != 0) {
        return 1;
    }
    if (send_call(&look, &error) != 0 || read_reply(serial, &again, &status, &error) != ENDING_RECORD ||
        !is_same(record.id, again.id) || !again.known) {
        return because("unknown: the card cannot be read again");
    }
    if (again.state != verdict.to) {
        put_words("unknown: the card is ");
        say_state(again.state);
        return because(" now");
    }
    put_words("done\n");
    return 0;
}
