/*
 * base/str.c - views: borrowed text, pointer and length
 * Floor base.
 */
#include "base/str.h"

int
lgx_str_cmp(struct lgx_str a, struct lgx_str b)
{
	int	 c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

struct lgx_str
lgx_str_cut(struct lgx_str *rest, char sep)
{
	const char	*end = memchr(rest->p, sep, rest->n);
	struct lgx_str	 head = { rest->p, end ? (size_t)(end - rest->p) : rest->n };

	rest->p += head.n + (end != NULL);
	rest->n -= head.n + (end != NULL);
	return head;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct lgx_str
lgx_str_trim(struct lgx_str s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = lgx_str_from(s, 1);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
lgx_str_ends(struct lgx_str s, struct lgx_str tail)
{
	return s.n >= tail.n && memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0;
}

ptrdiff_t
lgx_str_find(struct lgx_str hay, struct lgx_str needle)
{
	const char	*at = memmem(hay.p, hay.n, needle.p, needle.n);

	return at != NULL ? at - hay.p : -1;
}

bool
lgx_str_u64(struct lgx_str s, uint64_t *out)
{
	uint64_t	 v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

#define NEAREST_MAX	32	/* longer words are not worth a guess */

/* Levenshtein distance, two rows. */
static size_t
distance(struct lgx_str a, struct lgx_str b)
{
	size_t	 row[NEAREST_MAX + 1], diag, up;

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		diag = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			up = row[j];
			row[j] = diag + (a.p[i - 1] != b.p[j - 1]);
			if (up + 1 < row[j])
				row[j] = up + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			diag = up;
		}
	}
	return row[b.n];
}

const char *
lgx_str_nearest(struct lgx_str typed, const char *const *words, size_t n)
{
	const char	*best = NULL;
	size_t		 limit = typed.n / 3 + 1, d;

	if (typed.n > NEAREST_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct lgx_str w = lgx_str_of(words[i]);

		if (w.n > NEAREST_MAX || (d = distance(typed, w)) > limit)
			continue;
		if (best == NULL || d < limit) {
			best = words[i];
			limit = d;
		}
	}
	return best;
}

/* RFC 3629, the table of section 4. */
size_t
lgx_utf8_sequence(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned char	 lo = 0x80, hi = 0xBF;
	size_t		 len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		len = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		len = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		len = 4;
	else
		return 0;
	if (n < len)
		return 0;
	switch (p[0]) {
	case 0xE0: lo = 0xA0; break;	/* no overlong form */
	case 0xED: hi = 0x9F; break;	/* no surrogate */
	case 0xF0: lo = 0x90; break;
	case 0xF4: hi = 0x8F; break;	/* at most U+10FFFF */
	}
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xBF)
			return 0;
	return len;
}

bool
lgx_str_utf8(struct lgx_str s)
{
	const unsigned char	*p = (const unsigned char *)s.p, *end = p + s.n;
	uint64_t		 word;
	size_t			 len;

	while (p < end) {
		if (end - p >= 8) {	/* eight ASCII bytes at a time */
			memcpy(&word, p, 8);
			if ((word & 0x8080808080808080u) == 0) {
				p += 8;
				continue;
			}
		}
		if ((len = lgx_utf8_sequence((const char *)p, (size_t)(end - p))) == 0)
			return false;
		p += len;
	}
	return true;
}
