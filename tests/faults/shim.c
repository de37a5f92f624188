/* Faults between a process and its disk, by LD_PRELOAD: counts the calls that touch one folder, and at a chosen one
   kills the process, tears the write, or reports an error. Made by tests/faults/shim.py, for tests alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, CUT = 8, RENAME = 16, UNLINK = 32, READ = 64, MKDIR = 128, CREATE = 256, STAT = 512 };
enum { COUNT, KILL_BEFORE, KILL_TORN, KILL_AFTER, FAIL_ONCE, FAIL_ON, SHORT };

static char folder[PATH_MAX];
static size_t length;
static unsigned kinds;
static long chosen, seen, by_kind[1024];
static int what, number;

void faults_arm(const char *where, unsigned mask, long at, int action, int error) {
    snprintf(folder, sizeof folder, "%s", where);
    kinds = mask;
    chosen = at;
    what = action;
    number = error;
    __atomic_store_n(&seen, 0, __ATOMIC_SEQ_CST);
    memset(by_kind, 0, sizeof by_kind);
    length = strlen(folder);
}

void faults_disarm(void) { length = 0; }
long faults_seen_of(unsigned kind) { return by_kind[kind & 1023]; }
long faults_seen(void) { return __atomic_load_n(&seen, __ATOMIC_SEQ_CST); }

static int inside(const char *path) { return length && path && strncmp(path, folder, length) == 0; }

static int inside_open(int file) {
    char link[64], path[PATH_MAX];
    if (!length) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count < 0) return 0;
    path[count] = 0;
    return inside(path);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* 0: go on; 1: fail with errno; 2: this is the call, and it is to be cut or outlived. */
static int turn(unsigned kind, int here) {
    if (!here || !(kinds & kind)) return 0;
    __atomic_add_fetch(&by_kind[kind], 1, __ATOMIC_SEQ_CST);
    long now = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
    if (what == FAIL_ON && now >= chosen) { errno = number; return 1; }
    if (now != chosen || what == COUNT) return 0;
    if (what == KILL_BEFORE) die();
    if (what == FAIL_ONCE) { errno = number; return 1; }
    return 2;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define AFTER(turned) do { if ((turned) == 2 && (what == KILL_AFTER || what == KILL_TORN)) die(); } while (0)

#define WRITER(name, signature, file, room, call_all, call_half) \
    ssize_t name signature { \
        REAL(name); \
        int t = length ? turn(WRITE, inside_open(file)) : 0; \
        if (t == 1) return -1; \
        if (t == 2 && room > 1 && (what == KILL_TORN || what == SHORT)) { \
            ssize_t done = call_half; \
            if (what == KILL_TORN) die(); \
            return done; \
        } \
        ssize_t done = call_all; \
        AFTER(t); \
        return done; \
    }

WRITER(write, (int f, const void *b, size_t n), f, n, real(f, b, n), real(f, b, n / 2))
WRITER(pwrite, (int f, const void *b, size_t n, off_t o), f, n, real(f, b, n, o), real(f, b, n / 2, o))
WRITER(pwrite64, (int f, const void *b, size_t n, off64_t o), f, n, real(f, b, n, o), real(f, b, n / 2, o))
WRITER(sendfile, (int f, int g, off_t *o, size_t n), f, n, real(f, g, o, n), real(f, g, o, n / 2))
WRITER(sendfile64, (int f, int g, off64_t *o, size_t n), f, n, real(f, g, o, n), real(f, g, o, n / 2))

#define PLAIN(type, name, signature, kind, here, call) \
    type name signature { \
        REAL(name); \
        int t = length ? turn(kind, here) : 0; \
        if (t == 1) return -1; \
        type done = call; \
        AFTER(t); \
        return done; \
    }

PLAIN(ssize_t, read, (int f, void *b, size_t n), READ, inside_open(f), real(f, b, n))
PLAIN(ssize_t, pread, (int f, void *b, size_t n, off_t o), READ, inside_open(f), real(f, b, n, o))
PLAIN(ssize_t, pread64, (int f, void *b, size_t n, off64_t o), READ, inside_open(f), real(f, b, n, o))
PLAIN(int, fsync, (int f), SYNC, inside_open(f), real(f))
PLAIN(int, fdatasync, (int f), SYNC, inside_open(f), real(f))
PLAIN(int, ftruncate, (int f, off_t n), CUT, inside_open(f), real(f, n))
PLAIN(int, ftruncate64, (int f, off64_t n), CUT, inside_open(f), real(f, n))
PLAIN(int, rename, (const char *a, const char *b), RENAME, inside(a) || inside(b), real(a, b))
PLAIN(int, unlink, (const char *a), UNLINK, inside(a), real(a))
PLAIN(int, unlinkat, (int d, const char *a, int g), UNLINK, inside(a) || inside_open(d), real(d, a, g))
PLAIN(int, rmdir, (const char *a), UNLINK, inside(a), real(a))
PLAIN(int, mkdir, (const char *a, mode_t m), MKDIR, inside(a), real(a, m))

PLAIN(int, stat, (const char *a, struct stat *b), STAT, inside(a), real(a, b))
PLAIN(int, stat64, (const char *a, struct stat64 *b), STAT, inside(a), real(a, b))
PLAIN(int, lstat, (const char *a, struct stat *b), STAT, inside(a), real(a, b))
PLAIN(int, lstat64, (const char *a, struct stat64 *b), STAT, inside(a), real(a, b))

#define OPENER(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
        int t = length ? turn(flags & O_CREAT ? CREATE : OPEN, inside(path)) : 0; \
        if (t == 1) return -1; \
        int done = real(path, flags, mode); \
        AFTER(t); \
        return done; \
    }

OPENER(open)
OPENER(open64)
