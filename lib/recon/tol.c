/*
 * recon/tol.c - money in minor units, and how far it may differ
 * Floor recon: uses base.
 *
 * Comparisons are made in 128 bits: an amount has at most 19 digits, a limit
 * 18 and its scale at most 18, so that both sides of a product stay exact
 * within the bounds checked by fits().
 */
#include <stdlib.h>

#include "recon/tol.h"

static const struct { struct lgx_str name; enum lgx_tol_how how; } hows[] = {
	{ { "any(", 4 }, LGX_TOL_ANY },
	{ { "all(", 4 }, LGX_TOL_ALL },
};

static bool
parse_part(struct lgx_str s, struct lgx_tol *t)
{
	bool	 percent;

	s = lgx_str_trim(s);
	percent = lgx_str_ends(s, LGX_STR("%"));
	if (percent)
		s = lgx_str_trim(lgx_str_head(s, s.n - 1));
	if (percent ? t->has_percent : t->has_amount)
		return false;
	if (!lgx_dec_parse(s, percent ? &t->percent : &t->amount))
		return false;
	if (percent)
		t->has_percent = true;
	else
		t->has_amount = true;
	/* Six decimals are more than any contract writes, and keep 128 bits exact. */
	return (percent ? t->percent : t->amount).coef >= 0 &&
	    (percent ? t->percent : t->amount).scale <= 6;
}

bool
lgx_tol_parse(struct lgx_str s, struct lgx_tol *out)
{
	struct lgx_tol	 t = { .how = LGX_TOL_ANY };
	struct lgx_str	 part;

	s = lgx_str_trim(s);
	if (lgx_str_eq(s, LGX_STR("none"))) {
		*out = (struct lgx_tol){ .how = LGX_TOL_UNLIMITED };
		return true;
	}
	for (size_t i = 0; i < LGX_LEN(hows); i++)
		if (lgx_str_starts(s, hows[i].name) && lgx_str_ends(s, LGX_STR(")"))) {
			t.how = hows[i].how;
			s = lgx_str_from(lgx_str_head(s, s.n - 1), hows[i].name.n);
			part = lgx_str_cut(&s, ',');
			if (!parse_part(part, &t) || !parse_part(s, &t))
				return false;
			*out = t;
			return true;
		}
	if (!parse_part(s, &t))
		return false;
	*out = t;
	return true;
}

static lgx_i128
ten_to(int n)
{
	lgx_i128	 v = 1;

	while (n-- > 0)
		v *= 10;
	return v;
}

static lgx_i128
magnitude(int64_t v)
{
	return v < 0 ? -(lgx_i128)v : v;
}

static bool
inside_amount(const struct lgx_tol *t, int64_t v, int digits)
{
	return magnitude(v) * ten_to(t->amount.scale) <= t->amount.coef * ten_to(digits);
}

static bool
inside_percent(const struct lgx_tol *t, int64_t v, int64_t expected)
{
	return magnitude(v) * 100 * ten_to(t->percent.scale) <=
	    t->percent.coef * magnitude(expected);
}

bool
lgx_tol_pass(const struct lgx_tol *t, int64_t v, int64_t expected, int digits)
{
	bool	 amount, percent;

	if (t->how == LGX_TOL_UNLIMITED)
		return true;
	amount = t->has_amount && inside_amount(t, v, digits);
	percent = t->has_percent && inside_percent(t, v, expected);
	if (!t->has_amount || !t->has_percent)
		return amount || percent;
	return t->how == LGX_TOL_ANY ? amount || percent : amount && percent;
}

int64_t
lgx_tol_limit(const struct lgx_tol *t, int64_t expected, int digits)
{
	lgx_i128	 a, p, limit;

	if (t->how == LGX_TOL_UNLIMITED)
		return LGX_TOL_NO_LIMIT;
	a = t->amount.coef * ten_to(digits) / ten_to(t->amount.scale);
	p = t->percent.coef * magnitude(expected) / (100 * ten_to(t->percent.scale));
	if (!t->has_percent)
		limit = a;
	else if (!t->has_amount)
		limit = p;
	else
		limit = (t->how == LGX_TOL_ANY) == (a > p) ? a : p;
	return limit < LGX_TOL_NO_LIMIT ? (int64_t)limit : LGX_TOL_NO_LIMIT;
}

bool
lgx_money_parse(struct lgx_str s, int digits, int64_t *out)
{
	struct lgx_dec	 d;

	return lgx_dec_parse(s, &d) && lgx_dec_minor(d, digits, out);
}

void
lgx_money_put(struct lgx_buf *b, int64_t minor, int digits)
{
	char		 text[32];
	uint64_t	 v = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	size_t		 at = sizeof(text);
	int		 n = 0;

	do {
		if (digits > 0 && n == digits)
			text[--at] = '.';
		text[--at] = (char)('0' + v % 10);
		v /= 10;
		n++;
	} while (v > 0 || n <= digits);
	if (minor < 0)
		text[--at] = '-';
	lgx_buf_put(b, text + at, sizeof(text) - at);
}

bool
lgx_money_add(int64_t *sum, int64_t more)
{
	int64_t	 v;

	if (__builtin_add_overflow(*sum, more, &v))
		return false;
	*sum = v;
	return true;
}

struct share { lgx_i128 rest; size_t at; };

static int
by_rest(const void *va, const void *vb)		/* the largest first, ties by order */
{
	const struct share *a = va, *b = vb;

	if (a->rest != b->rest)
		return a->rest > b->rest ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

void
lgx_money_split(int64_t whole, const int64_t *weights, size_t n, int64_t *parts)
{
	lgx_i128	 total = 0, left = magnitude(whole);
	struct share	*shares = lgx_calloc(n > 0 ? n : 1, sizeof(*shares));
	int		 sign = whole < 0 ? -1 : 1;

	for (size_t i = 0; i < n; i++)
		total += magnitude(weights[i]);
	for (size_t i = 0; i < n; i++) {
		lgx_i128 w = total > 0 ? magnitude(weights[i]) : 1;
		lgx_i128 of = total > 0 ? total : (lgx_i128)n;

		parts[i] = sign * (int64_t)(magnitude(whole) * w / of);
		shares[i] = (struct share){ magnitude(whole) * w % of, i };
		left -= magnitude(parts[i]);
	}
	qsort(shares, n, sizeof(*shares), by_rest);
	for (size_t i = 0; i < n && left > 0; i++, left--)
		parts[shares[i].at] += sign;
	free(shares);
}
