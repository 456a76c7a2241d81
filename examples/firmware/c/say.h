/*
 * What the terminal says, on its console. A terminal without a display has none of it, and one that is short of flash
 * says numbers instead of words: numbers.c links no text of the library, words.c many.
 */

#ifndef SAY_H
#define SAY_H

#define CARDWRIGHT_BARE
#include <cardwright.h>

void put(CardwrightText text);
void put_words(const char *words);
void put_number(size_t number);

/* What went wrong. */
void say_error(const CardwrightError *error);

/* What the ATR says; a code. */
int32_t say_atr(const uint8_t *bytes, size_t length, CardwrightError *error);

/* What the dialogue found; a code. */
int32_t say_card(const CardwrightIdentity *identity, CardwrightError *error);

/* The serial that is looked for. */
void say_guess(const CardwrightGuess *guess);

/* Where an operation leads. */
void say_verdict(uint32_t operation, uint32_t state, const CardwrightVerdict *verdict);

/* A state of CertiFlow. */
void say_state(uint32_t state);

#endif
