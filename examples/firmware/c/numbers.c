/* The terminal in numbers, which the header explains; of texts it has only those that the card and the server send. */

#include "say.h"

void say_error(const CardwrightError *error)
{
    put_words("error ");
    put_number((size_t)error->code);
    put_words(" at ");
    put_number(error->at);
    put_words("\n");
}

int32_t say_atr(const uint8_t *bytes, size_t length, CardwrightError *error)
{
    (void)bytes, (void)length, (void)error;
    return CARDWRIGHT_OK;
}

int32_t say_card(const CardwrightIdentity *identity, CardwrightError *error)
{
    (void)identity, (void)error;
    return CARDWRIGHT_OK;
}

void say_guess(const CardwrightGuess *guess)
{
    put_words("look for ");
    put_words(guess->spelling);
    put_words("\n");
}

void say_verdict(uint32_t operation, uint32_t state, const CardwrightVerdict *verdict)
{
    put_words("operation ");
    put_number(operation);
    put_words(": ");
    put_number(state);
    put_words(" to ");
    put_number(verdict->to);
    put_words("\n");
}

void say_state(uint32_t state) { put_number(state); }
