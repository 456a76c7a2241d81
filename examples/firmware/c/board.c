/* See board.h. The card is the file card.txt: its ATR, and an answer to each command, in hexadecimal. */

#include "board.h"

/* Operations of Arm's semihosting, which RISC-V has too. */
enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT_EXTENDED = 0x20 };
enum { READ_BINARY = 1, WRITE_BINARY = 5 };
enum { STOPPED = 0x20026 };

static intptr_t semihosting(uintptr_t operation, const void *arguments)
{
#if defined(__riscv)
    register uintptr_t a0 __asm("a0") = operation;
    register const void *a1 __asm("a1") = arguments;
    __asm volatile(".option push\n.option norvc\n.balign 16\nslli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
    return (intptr_t)a0;
#else
    register uintptr_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return (intptr_t)r0;
#endif
}

/* A file of the debugger's machine; below 0 where there is none. */
static intptr_t file_open(const char *name, size_t length, uintptr_t mode)
{
    const uintptr_t arguments[] = {(uintptr_t)name, mode, length};
    return semihosting(SYS_OPEN, arguments);
}

/* How many bytes were read. */
static size_t file_read(intptr_t file, void *to, size_t capacity)
{
    const uintptr_t arguments[] = {(uintptr_t)file, (uintptr_t)to, capacity};
    const intptr_t left = semihosting(SYS_READ, arguments);
    return left < 0 || (size_t)left > capacity ? 0 : capacity - (size_t)left;
}

/* 0 is success. */
static int file_write(intptr_t file, const char *bytes, size_t length)
{
    const uintptr_t arguments[] = {(uintptr_t)file, (uintptr_t)bytes, length};
    return semihosting(SYS_WRITE, arguments) != 0;
}

static char script[512];
static size_t script_length;

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes the digits at `*at`, moves it behind them, and returns the number of bytes. */
static size_t decode(size_t *at, uint8_t *bytes, size_t capacity)
{
    size_t length = 0;
    while (*at + 1 < script_length && length < capacity) {
        const int high = digit(script[*at]), low = digit(script[*at + 1]);
        if (high < 0 || low < 0) {
            break;
        }
        bytes[length++] = (uint8_t)(high << 4 | low);
        *at += 2;
    }
    return length;
}

static size_t next_line(size_t at)
{
    while (at < script_length && script[at] != '\n') {
        at++;
    }
    return at + 1;
}

size_t slot_power(uint8_t *atr, size_t capacity)
{
    const intptr_t file = file_open("card.txt", 8, READ_BINARY);
    script_length = file < 0 ? 0 : file_read(file, script, sizeof script);
    for (size_t at = 0; at + 4 < script_length; at = next_line(at)) {
        if (script[at] == 'a' && script[at + 1] == 't' && script[at + 2] == 'r') {
            at += 4;
            return decode(&at, atr, capacity);
        }
    }
    return 0;
}

size_t slot_exchange(const uint8_t *command, size_t length, uint8_t *response, size_t capacity)
{
    for (size_t at = 0; at < script_length; at = next_line(at)) {
        uint8_t known[64];
        size_t same = decode(&at, known, sizeof known);
        if (same == length) {
            while (same > 0 && known[same - 1] == command[same - 1]) {
                same--;
            }
            if (same == 0) {
                at++;
                return decode(&at, response, capacity);
            }
        }
    }
    if (capacity >= 2) {
        /* The card does not know the command. */
        response[0] = 0x6D;
        response[1] = 0x00;
        return 2;
    }
    return 0;
}

static intptr_t sent, reply;
/* How many requests have been sent. */
static unsigned requests;

int connection_open(void)
{
    sent = file_open("sent.http", 9, WRITE_BINARY);
    return sent < 0;
}

int connection_send(const char *bytes, size_t length)
{
    switch (requests++) {
    case 0:
        reply = file_open("reply.http", 10, READ_BINARY);
        break;
    case 1:
        reply = file_open("done.http", 9, READ_BINARY);
        break;
    default:
        reply = file_open("again.http", 10, READ_BINARY);
    }
    return reply < 0 || file_write(sent, bytes, length);
}

size_t connection_receive(uint8_t *piece, size_t capacity)
{
    return file_read(reply, piece, capacity);
}

void print(const char *text, size_t length)
{
    static intptr_t console = -1;
    if (console < 0) {
        console = file_open(":tt", 3, WRITE_BINARY);
    }
    (void)file_write(console, text, length);
}

/* Ends QEMU with an exit code, which SYS_EXIT of 32 bits could not say. */
static void stop(int code)
{
    const uintptr_t reason[] = {STOPPED, (uintptr_t)code};
    semihosting(SYS_EXIT_EXTENDED, reason);
    for (;;) {
    }
}

extern uint32_t stack_top[], data_load[], data_start[], data_end[], bss_start[], bss_end[];
void reset(void);
void fault(void);

/* Memory as the C language has it at the start. */
void reset(void)
{
    for (uint32_t *to = data_start, *from = data_load; to < data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end;) {
        *to++ = 0;
    }
    stop(main());
}

void fault(void)
{
    stop(2);
}

#if defined(__riscv)
__attribute__((naked, section(".vectors"), used)) void start(void);
void start(void)
{
    __asm volatile("la sp, stack_top\nla t0, fault\ncsrw mtvec, t0\nj reset");
}
#else
struct vectors {
    uint32_t *stack;
    void (*entries[15])(void);
};
__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    stack_top,
    {reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault},
};
#endif
