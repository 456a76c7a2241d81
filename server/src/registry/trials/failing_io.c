/* Makes one call that writes to a registry fail, for a test: preloaded into a server on Linux.
 *
 * The file that CARDWRIGHT_FAILING_IO names holds four numbers of 64 bits, which the test sets and reads: how many
 * calls pass before one fails (below zero: none fails), whether all further ones fail too, the errno, and how many
 * have failed. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic(int64_t) *shared(void) {
    static _Atomic(int64_t) *_Atomic mapped;
    if (!mapped) {
        const char *name = getenv("CARDWRIGHT_FAILING_IO");
        int fd = name ? open(name, O_RDWR) : -1;
        void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 32, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at != MAP_FAILED) mapped = at;
    }
    return mapped;
}

/* Whether this call is to fail: only those on a file of a registry are counted. */
static int fails(int fd) {
    char link[64], path[4096];
    _Atomic(int64_t) *control = shared();
    if (!control || control[0] < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, "registry.sqlite")) return 0;
    if (control[0] > 0) {
        control[0]--;
        return 0;
    }
    if (!control[1]) control[0] = -1;
    control[3]++;
    errno = (int)control[2];
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *from, size_t length) { return fails(fd) ? -1 : NEXT(write)(fd, from, length); }
ssize_t pwrite(int fd, const void *from, size_t length, off_t at) { return fails(fd) ? -1 : NEXT(pwrite)(fd, from, length, at); }
ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) { return fails(fd) ? -1 : NEXT(pwrite64)(fd, from, length, at); }
int fsync(int fd) { return fails(fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : NEXT(fdatasync)(fd); }
int ftruncate(int fd, off_t length) { return fails(fd) ? -1 : NEXT(ftruncate)(fd, length); }
int ftruncate64(int fd, off64_t length) { return fails(fd) ? -1 : NEXT(ftruncate64)(fd, length); }
int fallocate(int fd, int mode, off_t at, off_t length) { return fails(fd) ? -1 : NEXT(fallocate)(fd, mode, at, length); }
