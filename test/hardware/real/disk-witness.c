/*
 * A witness of what a process does to the files of one folder. Loaded before libc, it writes each change into a log outside the
 * folder before it is made, and each flush when it is done: whoever reads the log knows what a power cut may take away.
 *
 * DISK_FOLDER: the folder, without a slash at its end. DISK_LOG: the log.
 *
 * A record is a header (struct record, the machine's own byte order) and its payload: the bytes of a write, or the name of a
 * file in the folder. Not witnessed: the shared memory of SQLite (made anew from its log), and what the simulated devices
 * remember (another machine's).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NAMED = 1, WRITTEN, CUT, FLUSHED, NAMES_FLUSHED, UNNAMED };

struct record {
	uint32_t kind;
	uint32_t payload_bytes;
	uint64_t inode;
	/* Where it was written, or how long the file is then. */
	uint64_t at;
};

enum { HANDLES = 4096 };
/* By file descriptor: the file's inode, 0 for what is not witnessed, and FOLDER for the folder itself. */
static uint64_t witnessed[HANDLES];
#define FOLDER UINT64_MAX

static void tell(uint32_t kind, uint64_t inode, uint64_t at, const void *payload, size_t bytes)
{
	static int log_handle = -1;
	struct record head = { kind, (uint32_t)bytes, inode, at };
	struct iovec parts[2] = { { &head, sizeof head }, { (void *)payload, bytes } };
	int kept = errno;
	if (log_handle < 0)
		log_handle = (int)syscall(SYS_openat, AT_FDCWD, getenv("DISK_LOG"),
		                          O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (syscall(SYS_writev, log_handle, parts, 2) != (long)(sizeof head + bytes)) abort();
	errno = kept;
}

static int ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);
	return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

/* The file's name in the folder; "" for the folder itself; NULL for what is not witnessed. */
static const char *name_of(const char *path)
{
	const char *folder = getenv("DISK_FOLDER");
	size_t length = folder == NULL ? 0 : strlen(folder);
	if (length == 0 || strncmp(path, folder, length) != 0) return NULL;
	if (path[length] == '\0') return "";
	if (path[length] != '/' || strchr(path + length + 1, '/') != NULL) return NULL;
	const char *name = path + length + 1;
	if (ends_with(name, "-shm") || strstr(name, ".world.json") != NULL) return NULL;
	return name;
}

static uint64_t watched(int handle)
{
	return handle >= 0 && handle < HANDLES ? witnessed[handle] : 0;
}

static int opened(int handle, const char *path, int flags)
{
	const char *name = handle < 0 || handle >= HANDLES ? NULL : name_of(path);
	struct stat found;
	if (handle >= 0 && handle < HANDLES) witnessed[handle] = 0;
	if (name == NULL) return handle;
	if (*name == '\0') {
		witnessed[handle] = FOLDER;
		return handle;
	}
	if ((flags & O_ACCMODE) == O_RDONLY || fstat(handle, &found) != 0) return handle;
	witnessed[handle] = found.st_ino;
	tell(NAMED, found.st_ino, 0, name, strlen(name));
	if (flags & O_TRUNC) tell(CUT, found.st_ino, 0, NULL, 0);
	return handle;
}

static mode_t mode_in(int flags, va_list rest)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define REAL(name) \
	static typeof(&name) real; \
	if (real == NULL) real = (typeof(&name))dlsym(RTLD_NEXT, #name)

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		REAL(name); \
		va_list rest; \
		va_start(rest, flags); \
		mode_t mode = mode_in(flags, rest); \
		va_end(rest); \
		return opened(real(path, flags, mode), path, flags); \
	}
OPEN(open)
OPEN(open64)

int openat(int from, const char *path, int flags, ...)
{
	REAL(openat);
	va_list rest;
	va_start(rest, flags);
	mode_t mode = mode_in(flags, rest);
	va_end(rest);
	return opened(real(from, path, flags, mode), path, flags);
}

int close(int handle)
{
	REAL(close);
	if (handle >= 0 && handle < HANDLES) witnessed[handle] = 0;
	return real(handle);
}

#define WRITE_AT(name) \
	ssize_t name(int handle, const void *bytes, size_t count, off_t at) \
	{ \
		REAL(name); \
		uint64_t inode = watched(handle); \
		if (inode != 0) tell(WRITTEN, inode, (uint64_t)at, bytes, count); \
		return real(handle, bytes, count, at); \
	}
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

ssize_t write(int handle, const void *bytes, size_t count)
{
	REAL(write);
	uint64_t inode = watched(handle);
	if (inode != 0) tell(WRITTEN, inode, (uint64_t)lseek(handle, 0, SEEK_CUR), bytes, count);
	return real(handle, bytes, count);
}

#define CUT_TO(name) \
	int name(int handle, off_t bytes) \
	{ \
		REAL(name); \
		uint64_t inode = watched(handle); \
		if (inode != 0) tell(CUT, inode, (uint64_t)bytes, NULL, 0); \
		return real(handle, bytes); \
	}
CUT_TO(ftruncate)
CUT_TO(ftruncate64)

#define FLUSH(name) \
	int name(int handle) \
	{ \
		REAL(name); \
		int answer = real(handle); \
		uint64_t inode = watched(handle); \
		if (answer == 0 && inode != 0) tell(inode == FOLDER ? NAMES_FLUSHED : FLUSHED, inode, 0, NULL, 0); \
		return answer; \
	}
FLUSH(fsync)
FLUSH(fdatasync)

static int gone(const char *path, int answer)
{
	const char *name = name_of(path);
	if (answer == 0 && name != NULL) tell(UNNAMED, 0, 0, name, strlen(name));
	return answer;
}

int unlink(const char *path)
{
	REAL(unlink);
	return gone(path, real(path));
}

int remove(const char *path)
{
	REAL(remove);
	return gone(path, real(path));
}

static int also_named(const char *path, int answer)
{
	const char *name = name_of(path);
	struct stat found;
	if (answer == 0 && name != NULL && stat(path, &found) == 0)
		tell(NAMED, found.st_ino, 0, name, strlen(name));
	return answer;
}

int link(const char *from, const char *to)
{
	REAL(link);
	return also_named(to, real(from, to));
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	return gone(from, also_named(to, real(from, to)));
}
