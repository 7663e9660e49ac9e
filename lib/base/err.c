/*
 * base/err.c - one error record: what, where, how bad
 * Floor base.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

static const struct { const char *code, *text; } diags[] = {
#define LGX_DIAG(id, code, text) { code, text },
#include "base/diag.def"
#undef LGX_DIAG
};

_Static_assert(LGX_LEN(diags) == LGX_DIAG_COUNT, "diag.def feeds both tables");

const char *
lgx_diag_code(enum lgx_diag d)
{
	assert(d < LGX_DIAG_COUNT);
	return diags[d].code;
}

const char *
lgx_diag_text(enum lgx_diag d)
{
	assert(d < LGX_DIAG_COUNT);
	return diags[d].text;
}

/* Control bytes and broken UTF-8 must not reach a terminal or a log. */
static void
make_printable(char *s)
{
	bool	 text = lgx_str_utf8(lgx_str_of(s));

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7F || (c >= 0x80 && !text))
			*s = '?';
	}
}

static void
fill(struct lgx_err *err, enum lgx_diag d, struct lgx_place place, const char *fmt, va_list ap)
{
	if (err == NULL)
		return;
	err->diag = d;
	err->place = place;
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	make_printable(err->msg);
}

/*
 * Configuration is given up when it is wrong, and its file names with it; the
 * error is reported after that.  So the last few names are kept here.
 */
static struct lgx_place
keep_file(struct lgx_place place)
{
	static char	 names[4][1024];
	static unsigned	 next;
	char		*name = names[next++ % LGX_LEN(names)];

	if (place.file != NULL) {
		snprintf(name, sizeof(names[0]), "%s", place.file);
		place.file = name;
	}
	return place;
}

#define FILL(status)							\
	do {								\
		va_list	 ap;						\
									\
		va_start(ap, fmt);					\
		fill(err, d, place, fmt, ap);				\
		va_end(ap);						\
		return status;						\
	} while (0)

int
lgx_err_reject(struct lgx_err *err, enum lgx_diag d, struct lgx_place place, const char *fmt, ...)
{
	FILL(LGX_REJECT);
}

int
lgx_err_config(struct lgx_err *err, enum lgx_diag d, struct lgx_place place, const char *fmt, ...)
{
	place = keep_file(place);
	FILL(LGX_CONFIG);
}

int
lgx_err_fail(struct lgx_err *err, enum lgx_diag d, struct lgx_place place, const char *fmt, ...)
{
	place = keep_file(place);
	FILL(LGX_FAIL);
}

int
lgx_err_errno(struct lgx_err *err, enum lgx_diag d, const char *file, const char *what)
{
	struct lgx_place	 place = { .file = file, .byte = -1 };

	return lgx_err_fail(err, d, place, "%s: %s", what, strerror(errno));
}

static const char *const unit_names[] = {
	[LGX_NOWHERE] = "", [LGX_LINE] = "line", [LGX_SEGMENT] = "segment",
	[LGX_ROW] = "row", [LGX_COLUMN] = "column",
};

int
lgx_err_format(const struct lgx_err *err, char *out, size_t size)
{
	const struct lgx_place	*at = &err->place;
	char			 where[80] = "";
	int			 n = 0;

	if (at->unit != LGX_NOWHERE && at->n > 0)
		n = snprintf(where, sizeof(where), "%s %" PRIu64, unit_names[at->unit], at->n);
	if (at->column > 0)
		n += snprintf(where + n, sizeof(where) - (size_t)n, "%scolumn %" PRIu64,
		    n > 0 ? ", " : "", at->column);
	if (at->byte >= 0)
		n += snprintf(where + n, sizeof(where) - (size_t)n, "%sbyte %" PRId64,
		    n > 0 ? ", " : "", at->byte);
	return snprintf(out, size, "%s%s%s%s%s: %s", at->file ? at->file : "",
	    at->file ? ": " : "", where, n > 0 ? ": " : "", lgx_diag_code(err->diag), err->msg);
}
