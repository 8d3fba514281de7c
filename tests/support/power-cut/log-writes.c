/*
 * Takes down, in the order of their completion, all calls by which a process changes the files below POWER_CUT_ROOT, and
 * what it writes to its standard output, in the file POWER_CUT_LOG. For LD_PRELOAD; one line a call:
 *
 *   create INODE PATH | truncate INODE SIZE | write INODE OFFSET HEX | sync INODE | syncdir PATH
 *   rename FROM TO | unlink PATH | said HEX
 *
 * Calls are made one at a time, so that the order of the lines is the order of the calls. What goes another way than by
 * these functions (io_uring, for one) is not seen: whoever reads the log compares its end with the files.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FDS 4096

struct tracked {
  unsigned long inode; /* 0: not below the root */
  char *folder;        /* its path, when it is one */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tracked fds[MAX_FDS];
static const char *root;
static int log_fd = -1;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) abort();
  return found;
}

/** Writes a line by the bare system call, since write() is one of the functions below. */
static void line(const char *format, ...) {
  char text[2 * 4096 + 64];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (log_fd < 0 || length < 0 || syscall(SYS_write, log_fd, text, length) != length) abort();
}

static void begin(void) {
  pthread_mutex_lock(&lock);
  if (root != NULL) return;
  root = getenv("POWER_CUT_ROOT");
  const char *log = getenv("POWER_CUT_LOG");
  if (root == NULL || log == NULL) abort();
  log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void end(void) { pthread_mutex_unlock(&lock); }

static int is_below(const char *path) {
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int is_tracked(int fd) { return fd >= 0 && fd < MAX_FDS && fds[fd].inode != 0; }

static void hex_line(const char *what, const void *data, size_t length) {
  static const char DIGITS[] = "0123456789abcdef";
  size_t start = strlen(what);
  char *text = malloc(start + 2 * length + 1);
  if (text == NULL) abort();
  memcpy(text, what, start);
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = ((const unsigned char *)data)[i];
    text[start + 2 * i] = DIGITS[byte >> 4];
    text[start + 2 * i + 1] = DIGITS[byte & 15];
  }
  text[start + 2 * length] = '\n';
  if (syscall(SYS_write, log_fd, text, start + 2 * length + 1) < 0) abort();
  free(text);
}

static void log_write(int fd, const void *data, ssize_t length, off_t offset) {
  char what[96];
  if (length <= 0) return;
  if (fd == STDOUT_FILENO) {
    hex_line("said ", data, (size_t)length);
  } else if (is_tracked(fd)) {
    snprintf(what, sizeof what, "write %lu %lld ", fds[fd].inode, (long long)offset);
    hex_line(what, data, (size_t)length);
  }
}

/* Opening and closing */

static int log_open(int folder, const char *path, int flags, mode_t mode) {
  struct stat before, now;
  begin();
  int was_there = fstatat(folder, path, &before, AT_SYMLINK_NOFOLLOW) == 0;
  int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (is_tracked(fd)) fds[fd] = (struct tracked){0, NULL}; /* it was closed some other way */
  if (is_below(path) && fd >= 0 && fd < MAX_FDS && fstat(fd, &now) == 0) {
    fds[fd].inode = now.st_ino;
    fds[fd].folder = S_ISDIR(now.st_mode) ? strdup(path) : NULL;
    if (!was_there) line("create %lu %s\n", fds[fd].inode, path);
    else if (flags & O_TRUNC) line("truncate %lu 0\n", fds[fd].inode);
  }
  end();
  return fd;
}

#define OPEN_MODE(flags)                                     \
  mode_t mode = 0;                                           \
  if ((flags) & (O_CREAT | O_TMPFILE)) {                     \
    va_list arguments;                                       \
    va_start(arguments, flags);                              \
    mode = va_arg(arguments, mode_t);                        \
    va_end(arguments);                                       \
  }

int open(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return log_open(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return log_open(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return log_open(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  OPEN_MODE(flags)
  return log_open(folder, path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
  begin();
  if (is_tracked(fd)) {
    free(fds[fd].folder);
    fds[fd] = (struct tracked){0, NULL};
  }
  int result = REAL(close)(fd);
  end();
  return result;
}

/* Writing */

ssize_t write(int fd, const void *data, size_t length) {
  begin();
  off_t offset = is_tracked(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
  ssize_t written = syscall(SYS_write, fd, data, length);
  log_write(fd, data, written, offset);
  end();
  return written;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  begin();
  ssize_t written = REAL(pwrite)(fd, data, length, offset);
  log_write(fd, data, written, offset);
  end();
  return written;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return pwrite(fd, data, length, offset); }

static void log_vector(int fd, const struct iovec *parts, ssize_t written, off_t offset) {
  for (; written > 0; parts++) {
    ssize_t length = written < (ssize_t)parts->iov_len ? written : (ssize_t)parts->iov_len;
    log_write(fd, parts->iov_base, length, offset);
    offset += length;
    written -= length;
  }
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  begin();
  off_t offset = is_tracked(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
  ssize_t written = syscall(SYS_writev, fd, parts, count);
  log_vector(fd, parts, written, offset);
  end();
  return written;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  begin();
  ssize_t written = REAL(pwritev)(fd, parts, count, offset);
  log_vector(fd, parts, written, offset);
  end();
  return written;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }

int ftruncate(int fd, off_t size) {
  begin();
  int result = REAL(ftruncate)(fd, size);
  if (result == 0 && is_tracked(fd)) line("truncate %lu %lld\n", fds[fd].inode, (long long)size);
  end();
  return result;
}

int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

/* Bringing to the disk */

static int log_sync(int fd, int (*sync)(int)) {
  begin();
  int result = sync(fd);
  if (result == 0 && is_tracked(fd)) {
    if (fds[fd].folder != NULL) line("syncdir %s\n", fds[fd].folder);
    else line("sync %lu\n", fds[fd].inode);
  }
  end();
  return result;
}

int fsync(int fd) { return log_sync(fd, REAL(fsync)); }
int fdatasync(int fd) { return log_sync(fd, REAL(fdatasync)); }

/* Names */

int rename(const char *from, const char *to) {
  begin();
  int result = REAL(rename)(from, to);
  if (result == 0 && (is_below(from) || is_below(to))) line("rename %s %s\n", from, to);
  end();
  return result;
}

int unlink(const char *path) {
  begin();
  int result = REAL(unlink)(path);
  if (result == 0 && is_below(path)) line("unlink %s\n", path);
  end();
  return result;
}
