/* Texts and numbers on the console. */

#include "board.h"
#include "say.h"

void put(CardwrightText text) { print(text.data, text.length); }

void put_words(const char *words) { put(cardwright_text(words)); }

void put_number(size_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    print(digits + at, sizeof digits - at);
}
