/*
 * base/str.h - views: borrowed text, pointer and length
 * Floor base.
 *
 * Text in flight is a view.  It may hold NUL, so nothing here uses str*().
 * A view never owns; how long it stays valid is said by whoever hands it out.
 */
#ifndef LGX_STR_H
#define LGX_STR_H

#include <string.h>

#include "base/base.h"

struct lgx_str { const char *p; size_t n; };	/* p never NULL; no final NUL */

#define LGX_STR(lit)	((struct lgx_str){ "" lit, sizeof(lit) - 1 })
#define LGX_STR_EMPTY	((struct lgx_str){ "", 0 })
#define LGX_STR_ARG(s)	(int)(s).n, (s).p	/* for "%.*s" */

static inline struct lgx_str
lgx_str_of(const char *z)
{
	return (struct lgx_str){ z, strlen(z) };
}

static inline bool
lgx_str_eq(struct lgx_str a, struct lgx_str b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static inline bool
lgx_str_starts(struct lgx_str s, struct lgx_str head)
{
	return s.n >= head.n && memcmp(s.p, head.p, head.n) == 0;
}

static inline struct lgx_str
lgx_str_from(struct lgx_str s, size_t start)	/* start <= s.n */
{
	return (struct lgx_str){ s.p + start, s.n - start };
}

static inline struct lgx_str
lgx_str_head(struct lgx_str s, size_t n)	/* at most n bytes of it */
{
	return (struct lgx_str){ s.p, s.n < n ? s.n : n };
}

/* By bytes, a prefix before what it begins: the order of `LC_ALL=C sort`. */
int		lgx_str_cmp(struct lgx_str, struct lgx_str);
/* The piece before the first sep; *rest moves past it (to empty if none). */
struct lgx_str	lgx_str_cut(struct lgx_str *rest, char sep);
/* Without leading and trailing blanks (space, tab, CR, LF). */
struct lgx_str	lgx_str_trim(struct lgx_str);
bool		lgx_str_ends(struct lgx_str, struct lgx_str tail);
/* Offset of the first needle, or -1. */
ptrdiff_t	lgx_str_find(struct lgx_str hay, struct lgx_str needle);
/* Decimal digits only, no sign, no blank; false if empty, other, or too big. */
bool		lgx_str_u64(struct lgx_str, uint64_t *);
/* Of n words the nearest to what was typed, by edit distance; NULL if none is near. */
const char	*lgx_str_nearest(struct lgx_str typed, const char *const *words, size_t n);
/* Is it well-formed UTF-8 (no overlong form, no surrogate, at most U+10FFFF)? */
bool		lgx_str_utf8(struct lgx_str);
/* Bytes of the well-formed UTF-8 sequence at p, of which n > 0 may be read; 0 if there is none. */
size_t		lgx_utf8_sequence(const char *p, size_t n);

#endif
