/*
 * base/io.c - bytes in and out
 * Floor base.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/io.h"

#define BLOCK	((size_t)64 << 10)	/* one read or write: what a pipe likes best */
#define PIPE	(1 << 20)		/* pipe capacity asked for; a refusal is ignored */

/*
 * in
 */

struct lgx_in {
	const char	*name;		/* borrowed */
	int		 fd;		/* -1: memory only */
	bool		 ended;		/* nothing more comes from fd */
	bool		 unzip;
	z_stream	 z;
	char		*raw;		/* compressed bytes, BLOCK long */
	char		*p;		/* window: bytes [at, n) are shown next */
	size_t		 at, n, cap;
	bool		 borrowed;	/* p is the caller's */
	uint64_t	 taken;		/* offset of p[at] */
	size_t		 step;		/* largest read; tests make it 1 or 7 */
	const unsigned char *map;	/* NULL: bytes are shown as they are */
	struct lgx_err	 failure;	/* came after the bytes in the window */
	bool		 failed;
};

/* LGX_READ_SIZE makes every read short, so that tests meet each boundary. */
static size_t
read_step(void)
{
	const char	*z = getenv("LGX_READ_SIZE");
	uint64_t	 v;

	if (z != NULL && lgx_str_u64(lgx_str_of(z), &v) && v > 0 && v < BLOCK)
		return (size_t)v;
	return BLOCK;
}

static ssize_t
read_some(struct lgx_in *in, char *to, size_t room)
{
	ssize_t	 n;

	if (room > in->step)
		room = in->step;
	do
		n = read(in->fd, to, room);
	while (n < 0 && errno == EINTR);
	return n;
}

static void
fail_later(struct lgx_in *in, enum lgx_diag diag, const char *what)
{
	struct lgx_place place = { .file = in->name,
	    .byte = (int64_t)(in->taken + (in->n - in->at)) };

	in->failed = in->ended = true;
	(void)lgx_err_fail(&in->failure, diag, place, "%s", what);
}

static void
make_room(struct lgx_in *in, size_t want)
{
	if (in->at > 0 && in->at == in->n)
		in->at = in->n = 0;
	if (in->at > 0 && (in->cap - in->n < BLOCK || in->cap - in->at < want)) {
		memmove(in->p, in->p + in->at, in->n - in->at);
		in->n -= in->at;
		in->at = 0;
	}
	if (in->cap < in->n + BLOCK || in->cap < in->at + want)
		in->p = lgx_grow(in->p, &in->cap, in->at + (want > in->n + BLOCK ? want : in->n + BLOCK), 1);
}

static void
read_plain(struct lgx_in *in)
{
	ssize_t	 n = read_some(in, in->p + in->n, in->cap - in->n);

	if (n > 0)
		in->n += (size_t)n;
	else if (n == 0)
		in->ended = true;
	else
		fail_later(in, LGX_E_IO_READ, strerror(errno));
}

/* One step of inflation; members that follow one another are one file (RFC 1952). */
static void
read_gzip(struct lgx_in *in)
{
	ssize_t	 got;
	int	 zst;

	if (in->z.avail_in == 0) {
		if ((got = read_some(in, in->raw, BLOCK)) < 0) {
			fail_later(in, LGX_E_IO_READ, strerror(errno));
			return;
		}
		if (got == 0) {
			if (in->z.total_in > 0)	/* inside a member */
				fail_later(in, LGX_E_IO_GZIP, "gzip data ends too early");
			in->ended = true;
			return;
		}
		in->z.next_in = (unsigned char *)in->raw;
		in->z.avail_in = (unsigned)got;
	}
	in->z.next_out = (unsigned char *)in->p + in->n;
	in->z.avail_out = (unsigned)(in->cap - in->n < BLOCK ? in->cap - in->n : BLOCK);
	zst = inflate(&in->z, Z_NO_FLUSH);
	in->n = (size_t)((char *)in->z.next_out - in->p);
	if (zst == Z_STREAM_END)
		inflateReset(&in->z);
	else if (zst != Z_OK && zst != Z_BUF_ERROR)
		fail_later(in, LGX_E_IO_GZIP, in->z.msg != NULL ? in->z.msg : "damaged gzip data");
}

static void
begin_gzip(struct lgx_in *in)
{
	if (inflateInit2(&in->z, 15 + 16) != Z_OK)
		lgx_oom();
	in->unzip = true;
	in->raw = lgx_alloc(BLOCK);
	memcpy(in->raw, in->p, in->n);
	in->z.next_in = (unsigned char *)in->raw;
	in->z.avail_in = (unsigned)in->n;
	in->n = 0;
}

int
lgx_in_open(struct lgx_in **out, const char *path, struct lgx_err *err)
{
	bool		 standard = path == NULL || strcmp(path, "-") == 0;
	struct stat	 sb;
	struct lgx_in	*in;
	int		 fd;

	*out = NULL;
	fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return lgx_err_errno(err, LGX_E_IO_OPEN, path, "cannot open");
	if (fstat(fd, &sb) == 0 && S_ISDIR(sb.st_mode)) {
		if (!standard)
			close(fd);
		errno = EISDIR;
		return lgx_err_errno(err, LGX_E_IO_OPEN, standard ? "-" : path, "cannot read");
	}
#ifdef F_SETPIPE_SZ
	if (S_ISFIFO(sb.st_mode))
		(void)fcntl(fd, F_SETPIPE_SZ, PIPE);
#endif
	in = lgx_calloc(1, sizeof(*in));
	in->fd = fd;
	in->step = read_step();
	in->name = standard ? "-" : path;
	make_room(in, BLOCK);
	while (in->n < 2 && !in->ended)
		read_plain(in);
	if (in->n >= 2 && memcmp(in->p, "\x1f\x8b", 2) == 0)
		begin_gzip(in);
	*out = in;
	return LGX_OK;
}

struct lgx_in *
lgx_in_of(struct lgx_str bytes, const char *name)
{
	struct lgx_in	*in = lgx_calloc(1, sizeof(*in));

	in->name = name;
	in->fd = -1;
	in->ended = in->borrowed = true;
	in->p = (char *)(uintptr_t)bytes.p;
	in->n = in->cap = bytes.n;
	return in;
}

void
lgx_in_close(struct lgx_in *in)
{
	if (in == NULL)
		return;
	if (in->unzip)
		inflateEnd(&in->z);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	if (!in->borrowed)
		free(in->p);
	free(in->raw);
	free(in);
}

static void
map_bytes(struct lgx_in *in, size_t from)
{
	for (size_t i = from; i < in->n; i++)
		in->p[i] = (char)in->map[(unsigned char)in->p[i]];
}

void
lgx_in_map(struct lgx_in *in, const unsigned char *map)
{
	if (in->borrowed) {
		char	*own = lgx_alloc(in->n > 0 ? in->n : 1);

		memcpy(own, in->p, in->n);
		in->p = own;
		in->borrowed = false;
	}
	in->map = map;
	map_bytes(in, in->at);
}

int
lgx_in_fill(struct lgx_in *in, size_t want, struct lgx_str *view, struct lgx_err *err)
{
	while (in->n - in->at < want && !in->ended) {
		size_t	 had;

		make_room(in, want);
		had = in->n;
		if (in->unzip)
			read_gzip(in);
		else
			read_plain(in);
		if (in->map != NULL)
			map_bytes(in, had);
	}
	*view = (struct lgx_str){ in->n > in->at ? in->p + in->at : "", in->n - in->at };
	if (view->n < want && in->failed) {
		if (err != NULL)
			*err = in->failure;
		return LGX_FAIL;
	}
	return LGX_OK;
}

void
lgx_in_take(struct lgx_in *in, size_t n)
{
	assert(n <= in->n - in->at);
	in->at += n;
	in->taken += n;
}

uint64_t
lgx_in_offset(const struct lgx_in *in)
{
	return in->taken;
}

const char *
lgx_in_name(const struct lgx_in *in)
{
	return in->name;
}

void
lgx_in_rename(struct lgx_in *in, const char *name)
{
	in->name = name;
}

/*
 * out
 */

#define OPEN_MAX_OUT	16	/* files one filter writes at once */

struct lgx_out {
	const char	*name;		/* for messages */
	char		*path, *part;	/* NULL for stdout; part NULL for a device or FIFO */
	int		 fd;
	bool		 zip, failed;
	z_stream	 z;
	struct lgx_err	 failure;
	size_t		 n;
	char		 block[BLOCK];
	char		 zipped[BLOCK];
};

/* Unfinished files, for whoever must leave in a hurry. */
static char *volatile parts[OPEN_MAX_OUT];

static void
remember(char *part)
{
	for (size_t i = 0; i < OPEN_MAX_OUT; i++)
		if (parts[i] == NULL) {
			parts[i] = part;
			return;
		}
	assert(!"more open outputs than OPEN_MAX_OUT");
}

static void
forget(const char *part)
{
	for (size_t i = 0; i < OPEN_MAX_OUT; i++)
		if (parts[i] == part)
			parts[i] = NULL;
}

void
lgx_out_abandon_all(void)
{
	for (size_t i = 0; i < OPEN_MAX_OUT; i++)
		if (parts[i] != NULL)
			unlink(parts[i]);
}

static int
create_part(struct lgx_out *out, const char *path, struct lgx_err *err)
{
	struct lgx_buf	 b = { 0 };

	out->path = lgx_alloc(strlen(path) + 1);
	strcpy(out->path, path);
	lgx_buf_putf(&b, "%s.part.%ld", path, (long)getpid());
	out->part = lgx_alloc(b.n + 1);
	strcpy(out->part, lgx_buf_z(&b));
	lgx_buf_release(&b);
	out->fd = open(out->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (out->fd < 0)
		return lgx_err_errno(err, LGX_E_IO_OPEN, path, "cannot create");
	remember(out->part);
	return LGX_OK;
}

static void
free_out(struct lgx_out *out)
{
	if (out->zip)
		deflateEnd(&out->z);
	free(out->path);
	free(out->part);
	free(out);
}

/* A device or FIFO has nothing to be put in place of: renaming over /dev/null would replace it. */
static bool
is_special(const char *path)
{
	struct stat	 sb;

	return stat(path, &sb) == 0 && !S_ISREG(sb.st_mode) && !S_ISDIR(sb.st_mode);
}

static int
open_special(struct lgx_out *out, const char *path, struct lgx_err *err)
{
	if ((out->fd = open(path, O_WRONLY | O_CLOEXEC)) < 0)
		return lgx_err_errno(err, LGX_E_IO_OPEN, path, "cannot open");
	out->path = lgx_alloc(strlen(path) + 1);
	strcpy(out->path, path);
	return LGX_OK;
}

static void
open_stdout(struct lgx_out *out)
{
	out->name = "stdout";
	out->fd = STDOUT_FILENO;
#ifdef F_SETPIPE_SZ
	(void)fcntl(out->fd, F_SETPIPE_SZ, PIPE);
#endif
}

int
lgx_out_open(struct lgx_out **res, const char *path, struct lgx_err *err)
{
	struct lgx_out	*out = lgx_calloc(1, sizeof(*out));
	int		 st = LGX_OK;

	*res = NULL;
	if (path == NULL || strcmp(path, "-") == 0) {
		open_stdout(out);
	} else {
		st = is_special(path) ? open_special(out, path, err) : create_part(out, path, err);
		out->name = out->path;
		out->zip = lgx_str_ends(lgx_str_of(path), LGX_STR(".gz"));
	}
	if (st != LGX_OK) {
		out->zip = false;
		free_out(out);
		return st;
	}
	/* No time and no name in the gzip header: same bytes in, same bytes out. */
	if (out->zip && deflateInit2(&out->z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		lgx_oom();
	*res = out;
	return LGX_OK;
}

static int
keep_failure(struct lgx_out *out, struct lgx_err *err, const char *what)
{
	if (!out->failed)
		(void)lgx_err_errno(&out->failure, LGX_E_IO_WRITE, out->name, what);
	out->failed = true;
	if (err != NULL)
		*err = out->failure;
	return LGX_FAIL;
}

static int
write_all(struct lgx_out *out, const char *p, size_t n, struct lgx_err *err)
{
	ssize_t	 done;

	while (n > 0) {
		if ((done = write(out->fd, p, n)) < 0) {
			if (errno == EINTR)
				continue;
			return keep_failure(out, err, "cannot write");
		}
		p += done;
		n -= (size_t)done;
	}
	return LGX_OK;
}

static int
deflate_block(struct lgx_out *out, int flush, struct lgx_err *err)
{
	int	 zst;

	out->z.next_in = (unsigned char *)out->block;
	out->z.avail_in = (unsigned)out->n;
	do {
		out->z.next_out = (unsigned char *)out->zipped;
		out->z.avail_out = BLOCK;
		zst = deflate(&out->z, flush);
		assert(zst != Z_STREAM_ERROR);
		if (write_all(out, out->zipped, BLOCK - out->z.avail_out, err) != LGX_OK)
			return LGX_FAIL;
	} while (out->z.avail_out == 0);
	return LGX_OK;
}

static int
send_block(struct lgx_out *out, int flush, struct lgx_err *err)
{
	int	 st;

	if (out->failed)
		return keep_failure(out, err, "");
	st = out->zip ? deflate_block(out, flush, err) : write_all(out, out->block, out->n, err);
	out->n = 0;
	return st;
}

int
lgx_out_put(struct lgx_out *out, struct lgx_str s, struct lgx_err *err)
{
	size_t	 room;

	if (out->failed)
		return keep_failure(out, err, "");
	while (s.n > (room = BLOCK - out->n)) {
		memcpy(out->block + out->n, s.p, room);
		out->n = BLOCK;
		if (send_block(out, Z_NO_FLUSH, err) != LGX_OK)
			return LGX_FAIL;
		s = lgx_str_from(s, room);
	}
	memcpy(out->block + out->n, s.p, s.n);
	out->n += s.n;
	return LGX_OK;
}

int
lgx_out_flush(struct lgx_out *out, struct lgx_err *err)
{
	return out->n > 0 || out->failed ? send_block(out, Z_NO_FLUSH, err) : LGX_OK;
}

int
lgx_folder_sync(const char *path, struct lgx_err *err)
{
	const char	*slash = strrchr(path, '/');
	struct lgx_buf	 b = { 0 };
	int		 fd, st = LGX_OK;

	lgx_buf_putf(&b, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
	if ((fd = open(lgx_buf_z(&b), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 || fsync(fd) != 0)
		st = lgx_err_errno(err, LGX_E_IO_WRITE, path, "cannot sync folder");
	if (fd >= 0)
		close(fd);
	lgx_buf_release(&b);
	return st;
}

static int
publish(struct lgx_out *out, struct lgx_err *err)
{
	if (fsync(out->fd) != 0)
		return keep_failure(out, err, "cannot sync");
	if (close(out->fd) != 0)
		return keep_failure(out, err, "cannot close");
	out->fd = -1;
	if (rename(out->part, out->path) != 0)
		return keep_failure(out, err, "cannot rename");
	forget(out->part);
	return lgx_folder_sync(out->path, err);
}

/* Closing tells late about a full disk behind NFS: stdout is closed and checked too. */
static int
finish_direct(struct lgx_out *out, struct lgx_err *err)
{
	if (close(out->fd) != 0 && errno != EBADF)
		return keep_failure(out, err, "cannot close");
	out->fd = -1;
	return LGX_OK;
}

int
lgx_out_commit(struct lgx_out *out, struct lgx_err *err)
{
	int	 st;

	if (out == NULL)
		return LGX_OK;
	st = out->n > 0 || out->zip || out->failed ? send_block(out, Z_FINISH, err) : LGX_OK;
	if (st == LGX_OK)
		st = out->part != NULL ? publish(out, err) : finish_direct(out, err);
	if (st == LGX_OK)
		free_out(out);
	else
		lgx_out_abandon(out);
	return st;
}

void
lgx_out_abandon(struct lgx_out *out)
{
	if (out == NULL)
		return;
	if (out->path != NULL && out->fd >= 0)
		close(out->fd);
	if (out->part != NULL) {
		unlink(out->part);
		forget(out->part);
	}
	free_out(out);
}

int
lgx_file_write(const char *path, struct lgx_str text, struct lgx_err *err)
{
	struct lgx_out	*out;

	if (lgx_out_open(&out, path, err) != LGX_OK)
		return LGX_FAIL;
	if (lgx_out_put(out, text, err) != LGX_OK) {
		lgx_out_abandon(out);
		return LGX_FAIL;
	}
	return lgx_out_commit(out, err);
}

int
lgx_file_read(const char *path, size_t max, struct lgx_buf *b, struct lgx_err *err)
{
	struct lgx_place place = { .file = path, .byte = -1 };
	struct lgx_in	*in;
	struct lgx_str	 view;
	int		 st;

	lgx_buf_clear(b);
	if ((st = lgx_in_open(&in, path, err)) != LGX_OK)
		return st;
	while ((st = lgx_in_fill(in, 1, &view, err)) == LGX_OK && view.n > 0) {
		if (b->n + view.n > max) {
			st = lgx_err_fail(err, LGX_E_IO_READ, place, "file is larger than %zu bytes", max);
			break;
		}
		lgx_buf_puts(b, view);
		lgx_in_take(in, view.n);
	}
	lgx_in_close(in);
	return st;
}
