/*
 * base/io.h - bytes in and out
 * Floor base.
 *
 * Inputs are files or stdin; gzip is recognised by content and read through.
 * Outputs are stdout, or files that appear complete or not at all: written
 * beside their name, flushed, fsynced, renamed, and the folder fsynced.
 */
#ifndef LGX_IO_H
#define LGX_IO_H

#include "base/err.h"
#include "base/mem.h"

struct lgx_in;
struct lgx_out;

/*
 * path "-" or NULL is stdin.  path is borrowed, and every place in a
 * diagnostic points to it, also after close: operands of the command line live
 * long enough.  LGX_OK, or LGX_FAIL with err filled and *in NULL.
 */
LGX_MUST_USE int lgx_in_open(struct lgx_in **in, const char *path, struct lgx_err *);
/* Bytes in memory as an input, for tests and fuzzing; borrowed until close. */
struct lgx_in	*lgx_in_of(struct lgx_str bytes, const char *name);
void		 lgx_in_close(struct lgx_in *);		/* NULL is fine */

/*
 * Show the bytes at the current position: *view gets at least want bytes, or
 * fewer when the input ends before that, and all that is buffered.  The view
 * is valid until the next fill.  LGX_OK (an empty view is the end); LGX_FAIL.
 * After a failure (a gzip cut short, an I/O error) the bytes that came before
 * it were shown first: a later fill that needs more fails, none is lost.
 */
LGX_MUST_USE int lgx_in_fill(struct lgx_in *, size_t want, struct lgx_str *view,
    struct lgx_err *);
void		 lgx_in_take(struct lgx_in *, size_t n);	/* move past n shown bytes */
uint64_t	 lgx_in_offset(const struct lgx_in *);	/* of the position, uncompressed */
const char	*lgx_in_name(const struct lgx_in *);	/* as given; "-" for stdin */
/* How the name is given from now on (--source); borrowed. */
void		 lgx_in_rename(struct lgx_in *, const char *name);

/* From the current position on every byte is shown as map[byte], 256 long and borrowed. */
void		 lgx_in_map(struct lgx_in *, const unsigned char *map);

/*
 * path NULL or "-" is stdout; a name ending in .gz is compressed.
 * LGX_OK, or LGX_FAIL with *out NULL.
 */
LGX_MUST_USE int lgx_out_open(struct lgx_out **out, const char *path, struct lgx_err *);
/*
 * Write.  A failure is kept and reported by every later call, so a caller may
 * check only where it hands a record over.  LGX_OK or LGX_FAIL; a reader that
 * closed a pipe ends the program quietly by SIGPIPE.
 */
LGX_MUST_USE int lgx_out_put(struct lgx_out *, struct lgx_str, struct lgx_err *);
LGX_MUST_USE int lgx_out_flush(struct lgx_out *, struct lgx_err *);
/* Flush, and for a file make it appear under its name.  Frees in every case; NULL is fine. */
LGX_MUST_USE int lgx_out_commit(struct lgx_out *, struct lgx_err *);
void		 lgx_out_abandon(struct lgx_out *);	/* no trace; NULL is fine */
void		 lgx_out_abandon_all(void);		/* unlinks; safe in a signal handler */

/* Write a whole small file durably in place of what has its name. */
LGX_MUST_USE int lgx_file_write(const char *path, struct lgx_str, struct lgx_err *);
/* The whole of a file, at most max bytes, into b (cleared first). */
LGX_MUST_USE int lgx_file_read(const char *path, size_t max, struct lgx_buf *, struct lgx_err *);
/* fsync the folder that holds path, so that a rename there survives a crash. */
LGX_MUST_USE int lgx_folder_sync(const char *path, struct lgx_err *);

#endif
