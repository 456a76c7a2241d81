/*
 * What compilers need of memory, byte by byte: smaller and slower than the library's own, which are weak symbols, so
 * that a program's stand in their place.
 */

#include <stddef.h>

void *memmove(void *to, const void *from, size_t length);
void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *one, const void *other, size_t length);

void *memmove(void *to, const void *from, size_t length)
{
    char *out = to;
    const char *in = from;
    if (out > in) {
        while (length-- > 0) {
            out[length] = in[length];
        }
    } else {
        while (length-- > 0) {
            *out++ = *in++;
        }
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t length) { return memmove(to, from, length); }

void *memset(void *to, int value, size_t length)
{
    char *out = to;
    while (length-- > 0) {
        *out++ = (char)value;
    }
    return to;
}

int memcmp(const void *one, const void *other, size_t length)
{
    const unsigned char *a = one, *b = other;
    for (; length > 0; length--, a++, b++) {
        if (*a != *b) {
            return *a < *b ? -1 : 1;
        }
    }
    return 0;
}

#if defined(__ARM_EABI__)
/* By these names compilers call them on Arm. */
void __aeabi_memcpy(void *to, const void *from, size_t length);
void __aeabi_memcpy4(void *to, const void *from, size_t length);
void __aeabi_memcpy8(void *to, const void *from, size_t length);
void __aeabi_memclr(void *to, size_t length);
void __aeabi_memclr4(void *to, size_t length);
void __aeabi_memclr8(void *to, size_t length);

void __aeabi_memcpy(void *to, const void *from, size_t length) { memmove(to, from, length); }
void __aeabi_memcpy4(void *to, const void *from, size_t length) { memmove(to, from, length); }
void __aeabi_memcpy8(void *to, const void *from, size_t length) { memmove(to, from, length); }
void __aeabi_memclr(void *to, size_t length) { memset(to, 0, length); }
void __aeabi_memclr4(void *to, size_t length) { memset(to, 0, length); }
void __aeabi_memclr8(void *to, size_t length) { memset(to, 0, length); }
#endif
