/* Records, in order, what a program does to the files under $WRITE_LOG_ROOT: preload it (LD_PRELOAD), read the log with
 * tests/chaos/write_log.py.
 *
 * A record: kind (1 byte), offset (8), length of the path (4), length of the data (4), path, data; numbers little-endian.
 * One write with O_APPEND each, so that several programs share a log. Whatever is written to $WRITE_LOG_MARK is a record
 * of kind 'A': what the program promised somebody outside, at that moment.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int log_file = -1;
static char root[PATH_MAX], mark[PATH_MAX];

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("WRITE_LOG_ROOT"), *log = getenv("WRITE_LOG"), *promised = getenv("WRITE_LOG_MARK");
    if (!folder || !log || !promised) return;
    snprintf(root, sizeof root, "%s/", folder);
    snprintf(mark, sizeof mark, "%s", promised);
    REAL(int, "open64", const char *, int, ...);
    log_file = real(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* relative paths are not recorded: the workloads use absolute ones */
static int ours(const char *path) { return log_file >= 0 && path && !strncmp(path, root, strlen(root)); }

static void record(char kind, const char *path, int64_t offset, const void *data, uint32_t length) {
    int kept = errno;
    uint32_t path_length = strlen(path);
    char head[17];
    head[0] = kind;
    memcpy(head + 1, &offset, 8);
    memcpy(head + 9, &path_length, 4);
    memcpy(head + 13, &length, 4);
    struct iovec parts[3] = {{head, 17}, {(void *)path, path_length}, {(void *)data, length}};
    static ssize_t (*real)(int, const struct iovec *, int);
    if (!real) real = dlsym(RTLD_NEXT, "writev");
    if (real(log_file, parts, 3) != (ssize_t)(17 + path_length + length)) abort();
    errno = kept;
}

static const char *path_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return path;
}

static void written(int file, int64_t offset, const void *data, ssize_t length) {
    if (length <= 0 || file == log_file || log_file < 0) return;
    char path[PATH_MAX];
    path_of(file, path);
    if (!strcmp(path, mark)) record('A', "", 0, data, length);
    else if (ours(path)) record('W', path, offset, data, length);
}

static int opened(const char *path, int flags, int existed, int file) {
    if (file >= 0 && ours(path)) {
        if ((flags & O_CREAT) && !existed) record('C', path, 0, "", 0);
        else if (flags & O_TRUNC) record('T', path, 0, "", 0);
    }
    return file;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        int existed = ours(path) && !access(path, F_OK); \
        return opened(path, flags, existed, real(path, flags, mode)); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        int existed = ours(path) && !access(path, F_OK); \
        return opened(path, flags, existed, real(folder, path, flags, mode)); \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *data, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    off_t before = log_file >= 0 && file != log_file ? lseek(file, 0, SEEK_CUR) : 0;
    if (fcntl(file, F_GETFL) & O_APPEND) {
        struct stat about;
        if (!fstat(file, &about)) before = about.st_size;
    }
    ssize_t done = real(file, data, length);
    written(file, before, data, done);
    return done;
}

#define PWRITE(name, kind) \
    ssize_t name(int file, const void *data, size_t length, kind offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, kind); \
        ssize_t done = real(file, data, length, offset); \
        written(file, offset, data, done); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name) \
    int name(int file) { \
        REAL(int, #name, int); \
        int done = real(file); \
        char path[PATH_MAX]; \
        if (!done && log_file >= 0) { \
            path_of(file, path); \
            /* the root itself is synced, too */ \
            size_t length = strlen(root) - 1; \
            if (ours(path) || (!strncmp(path, root, length) && !path[length])) record('S', path, 0, "", 0); \
        } \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

int syncfs(int file) {
    REAL(int, "syncfs", int);
    int done = real(file);
    if (!done && log_file >= 0) record('F', "", 0, "", 0);
    return done;
}

#define TRUNCATE(name, kind) \
    int name(int file, kind length) { \
        REAL(int, #name, int, kind); \
        int done = real(file, length); \
        char path[PATH_MAX]; \
        if (!done && ours(path_of(file, path))) record('T', path, length, "", 0); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define TWO(name, mark) \
    int name(const char *from, const char *to) { \
        REAL(int, #name, const char *, const char *); \
        int done = real(from, to); \
        if (!done && ours(to)) record(mark, to, 0, from, strlen(from)); \
        return done; \
    }
TWO(rename, 'R')
TWO(link, 'H')
TWO(symlink, 'L')

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    int done = real(path);
    if (!done && ours(path)) record('U', path, 0, "", 0);
    return done;
}

int rmdir(const char *path) {
    REAL(int, "rmdir", const char *);
    int done = real(path);
    if (!done && ours(path)) record('X', path, 0, "", 0);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    int done = real(path, mode);
    if (!done && ours(path)) record('D', path, 0, "", 0);
    return done;
}
