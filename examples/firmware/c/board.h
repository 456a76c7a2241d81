/*
 * The machine: QEMU, with the debugger as card, network and console (semihosting). On a terminal these are the
 * drivers of the card interface, which speaks T=0 and T=1 and fetches what comes after 61xx, of a TLS
 * connection, and of a display.
 */

#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Powers the card: its ATR of at most `capacity` bytes; the length, 0 without a card. */
size_t slot_power(uint8_t *atr, size_t capacity);

/* Sends a command APDU; the length of the response APDU, 0 where none came. */
size_t slot_exchange(const uint8_t *command, size_t length, uint8_t *response, size_t capacity);

/* Finds the way to the server; 0 is success. */
int connection_open(void);

/* Sends a request, over a new connection: an answer that comes late is not taken for that of the next request. 0 is
 * success. */
int connection_send(const char *bytes, size_t length);

/* Waits for bytes; how many came, 0 when the server has closed the connection. */
size_t connection_receive(uint8_t *piece, size_t capacity);

/* Prints. */
void print(const char *text, size_t length);

/* The program. */
int main(void);

#endif
