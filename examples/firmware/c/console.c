/* Texts and numbers on the console. */

#include "board.h"
#include "say.h"

void put(CardwrightText text) { print(text.data, text.length); }

void put_words(const char *words) { put(cardwright_text(words)); }

/* Without a division, which small processors do not have. */
void put_number(size_t number)
{
    static const uint32_t powers[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    int begun = 0;
    for (size_t n = 0; n < sizeof powers / sizeof *powers; n++) {
        char digit = '0';
        for (; number >= powers[n]; number -= powers[n]) {
            digit++;
        }
        begun = begun || digit != '0' || powers[n] == 1;
        if (begun) {
            print(&digit, 1);
        }
    }
}
