/*
 * base/err.h - one error record: what, where, how bad
 * Floor base.
 *
 * The lowest function that knows the facts fills the record, once; callers
 * hand the status up.  Only cli/ and cmd/ print.
 */
#ifndef LGX_ERR_H
#define LGX_ERR_H

#include "base/str.h"

/* Every diagnostic has a stable dotted code; base/diag.def lists them all. */
enum lgx_diag {
#define LGX_DIAG(id, code, text) LGX_E_##id,
#include "base/diag.def"
#undef LGX_DIAG
	LGX_DIAG_COUNT
};

const char	*lgx_diag_code(enum lgx_diag);	/* "x12.count" */
const char	*lgx_diag_text(enum lgx_diag);	/* what it means, one sentence */

enum lgx_unit { LGX_NOWHERE, LGX_LINE, LGX_SEGMENT, LGX_ROW, LGX_COLUMN };

/* A place in an input.  file is borrowed and may be NULL. */
struct lgx_place {
	const char	*file;
	enum lgx_unit	 unit;
	uint64_t	 n;		/* which line, segment or row, from 1; 0: unknown */
	uint64_t	 column;	/* of configuration, from 1; 0: unknown */
	int64_t		 byte;		/* offset in the uncompressed file; -1: unknown */
};

#define LGX_PLACE_NONE	((struct lgx_place){ .byte = -1 })

struct lgx_err {
	enum lgx_diag	 diag;
	struct lgx_place place;
	char		 msg[400];	/* for people; no newline, no file or place in it */
};

/*
 * Fill *err and return the status in the name, so that a caller can write
 * `return lgx_err_reject(err, LGX_E_X12_COUNT, place, "SE01 says %d", n)`.
 * Bytes of the message that are not printable ASCII or UTF-8 become '?'.
 * err may be NULL.  The place's file is borrowed by reject, which is reported
 * at once; config and fail keep a copy, as they are reported when all is freed.
 */
int	lgx_err_reject(struct lgx_err *, enum lgx_diag, struct lgx_place, const char *, ...)
	    LGX_PRINTF(4, 5);
int	lgx_err_config(struct lgx_err *, enum lgx_diag, struct lgx_place, const char *, ...)
	    LGX_PRINTF(4, 5);
int	lgx_err_fail(struct lgx_err *, enum lgx_diag, struct lgx_place, const char *, ...)
	    LGX_PRINTF(4, 5);
/* LGX_FAIL with the text of errno, as "what: No space left on device". */
int	lgx_err_errno(struct lgx_err *, enum lgx_diag, const char *file, const char *what);

/*
 * One line for people, without a newline and without the program's name:
 * "acme.edi: segment 13, byte 1423: x12.count: SE01 says 12, counted 13".
 * Returns the length that was needed, as snprintf.
 */
int	lgx_err_format(const struct lgx_err *, char *out, size_t size);

#endif
