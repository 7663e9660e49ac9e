/*
 * recon/norm.c - references brought to the form in which they are compared
 * Floor recon: uses base.  The steps and their order are those of
 * lgx-rules(5), "Normalisation".
 */
#include "recon/norm.h"

static bool
is_mark(char c)
{
	return c == ' ' || c == '-' || c == '/' || c == '.' || c == '_' || c == '#';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_digits(struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static size_t
plain_length(struct lgx_str s)		/* characters that are no marks */
{
	size_t	 n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += !is_mark(s.p[i]);
	return n;
}

static struct lgx_str
fold(struct lgx_str raw, struct lgx_arena *arena)
{
	char		*p;

	raw = lgx_str_trim(raw);
	p = lgx_arena_alloc(arena, raw.n + 1);
	for (size_t i = 0; i < raw.n; i++)
		p[i] = raw.p[i] >= 'a' && raw.p[i] <= 'z' ? (char)(raw.p[i] - 'a' + 'A') : raw.p[i];
	return (struct lgx_str){ p, raw.n };
}

/* "-01" always, "-A" when declared; "-00" is the original. */
static void
split_tail(const struct lgx_norm *norm, struct lgx_str *s, struct lgx_str *seq)
{
	size_t		 at = s->n;
	struct lgx_str	 head, tail;

	while (at > 0 && !is_mark(s->p[at - 1]))
		at--;
	if (at == 0 || at == s->n)
		return;
	head = lgx_str_head(*s, at - 1);
	tail = lgx_str_from(*s, at);
	if (plain_length(head) < LGX_NORM_BASE)
		return;
	if (!(tail.n == 2 && all_digits(tail)) &&
	    !(tail.n == 1 && memchr(norm->tails.p, tail.p[0], norm->tails.n) != NULL))
		return;
	*s = head;
	while (tail.n > 0 && tail.p[0] == '0')
		tail = lgx_str_from(tail, 1);
	*seq = tail;
}

static void
split_type(const struct lgx_norm *norm, struct lgx_str *s, struct lgx_str *seq)
{
	if (s->n <= LGX_NORM_BASE || memchr(norm->types.p, s->p[0], norm->types.n) == NULL)
		return;
	if (!is_digit(s->p[1]))
		return;
	/* The first declared letter marks the original. */
	if (seq->n == 0 && s->p[0] != norm->types.p[0])
		*seq = lgx_str_head(*s, 1);
	*s = lgx_str_from(*s, 1);
}

static struct lgx_str
drop_marks(struct lgx_str s, struct lgx_arena *arena)
{
	char	*p = lgx_arena_alloc(arena, s.n + 1);
	size_t	 n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (!is_mark(s.p[i]))
			p[n++] = s.p[i];
	return (struct lgx_str){ p, n };
}

static struct lgx_str
drop_prefix(const struct lgx_norm *norm, struct lgx_str s)
{
	for (size_t i = 0; i < norm->nprefixes; i++)
		if (norm->prefix[i].n > 0 && lgx_str_starts(s, norm->prefix[i]) &&
		    s.n - norm->prefix[i].n >= LGX_NORM_KEEP)
			return lgx_str_from(s, norm->prefix[i].n);
	return s;
}

static struct lgx_str
drop_zeros(struct lgx_str s)
{
	if (!all_digits(s))
		return s;
	while (s.n > 1 && s.p[0] == '0')
		s = lgx_str_from(s, 1);
	return s;
}

static bool
check_mod7(struct lgx_str s)		/* nine digits, the last is the rest of the first eight */
{
	unsigned	 rest = 0;

	if (s.n != 9 || !all_digits(s))
		return false;
	for (size_t i = 0; i < 8; i++)
		rest = (rest * 10 + (unsigned)(s.p[i] - '0')) % 7;
	return rest == (unsigned)(s.p[8] - '0');
}

/* ppp bbbbbb c: 11 - (b mod 11), where 11 is written 0 and 10 is written X. */
static bool
check_mod11(struct lgx_str s)
{
	unsigned	 rest = 0;
	char		 want;

	if (s.n != 10 || !all_digits(lgx_str_head(s, 9)))
		return false;
	for (size_t i = 3; i < 9; i++)
		rest = (rest * 10 + (unsigned)(s.p[i] - '0')) % 11;
	rest = 11 - rest;
	want = rest == 11 ? '0' : rest == 10 ? 'X' : (char)('0' + rest);
	return s.p[9] == want;
}

bool
lgx_norm_checks(enum lgx_check scheme, struct lgx_str s)
{
	switch (scheme) {
	case LGX_CHECK_MOD7:
		return check_mod7(s);
	case LGX_CHECK_MOD11:
		return check_mod11(s);
	default:
		return false;
	}
}

void
lgx_norm_ref(const struct lgx_norm *norm, enum lgx_ref_class class, struct lgx_str raw,
    struct lgx_arena *arena, struct lgx_ref *out)
{
	struct lgx_str	 s = fold(raw, arena);
	bool		 numbered = class == LGX_REF_PRO || class == LGX_REF_INVOICE;

	out->seq = out->bare = LGX_STR_EMPTY;
	if (numbered && norm->sequence) {
		split_tail(norm, &s, &out->seq);
		split_type(norm, &s, &out->seq);
	}
	s = drop_marks(s, arena);
	if (norm->scac)
		s = drop_prefix(norm, s);
	if (class == LGX_REF_PRO && lgx_norm_checks(norm->check, s))
		out->bare = lgx_str_head(s, s.n - 1);
	if (norm->zeros) {
		s = drop_zeros(s);
		out->bare = drop_zeros(out->bare);
	}
	out->base = s;
}
