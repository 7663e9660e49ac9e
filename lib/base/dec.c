/*
 * base/dec.c - exact decimals
 * Floor base.
 *
 * Every operation works on 128-bit integers and comes back through fit(),
 * the one place that knows the 18-digit bound.
 */
#include <assert.h>

#include "base/dec.h"

static const int64_t pow10_64[LGX_DEC_DIGITS + 1] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
	100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000,
};

/* Drop trailing zeros while the coefficient or the scale is out of bounds. */
static bool
fit(lgx_i128 coef, int scale, struct lgx_dec *out)
{
	while ((scale > LGX_DEC_DIGITS || coef > LGX_DEC_COEF_MAX || coef < -LGX_DEC_COEF_MAX) &&
	    scale > 0 && coef % 10 == 0) {
		coef /= 10;
		scale--;
	}
	if (scale > LGX_DEC_DIGITS || coef > LGX_DEC_COEF_MAX || coef < -LGX_DEC_COEF_MAX)
		return false;
	*out = (struct lgx_dec){ (int64_t)coef, scale };
	return true;
}

static lgx_i128
divide(lgx_i128 num, lgx_i128 den, enum lgx_rounding mode)	/* den > 0 */
{
	lgx_i128	 q = num / den, r = num % den, twice;

	if (r < 0)
		r = -r;
	twice = 2 * r;
	if (twice > den || (twice == den && (mode == LGX_HALF_AWAY || q % 2 != 0)))
		q += num < 0 ? -1 : 1;
	return q;
}

/* coef / 10^scale as a count of 10^-digits, rounded once; false if the scaling overflows. */
static bool
rescale(lgx_i128 coef, int scale, int digits, enum lgx_rounding mode, lgx_i128 *out)
{
	lgx_i128	 ten = 10;

	for (; scale < digits; scale++)
		if (__builtin_mul_overflow(coef, ten, &coef))
			return false;
	if (scale > digits) {
		lgx_i128 den = 1;

		for (; scale > digits; scale--)
			den *= 10;	/* scale is at most 36 here */
		coef = divide(coef, den, mode);
	}
	*out = coef;
	return true;
}

bool
lgx_dec_parse(struct lgx_str s, struct lgx_dec *out)
{
	lgx_i128	 coef = 0;
	int		 scale = 0;
	bool		 minus = s.n > 0 && s.p[0] == '-', point = false, digit = false;

	for (size_t i = minus; i < s.n; i++) {
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		digit = true;
		if (scale == 2 * LGX_DEC_DIGITS || coef > (lgx_i128)LGX_DEC_COEF_MAX * 1000000000)
			return false;
		coef = coef * 10 + (s.p[i] - '0');
		scale += point;
	}
	return digit && fit(minus ? -coef : coef, scale, out);
}

bool
lgx_dec_parse_implied(struct lgx_str s, int digits, struct lgx_dec *out)
{
	struct lgx_dec	 d;

	if (memchr(s.p, '.', s.n) != NULL || !lgx_dec_parse(s, &d))
		return false;
	return fit(d.coef, digits, out);
}

static void
put(struct lgx_buf *b, int64_t coef, int scale)
{
	char		 text[24];
	size_t		 i = sizeof(text);
	uint64_t	 v = coef < 0 ? -(uint64_t)coef : (uint64_t)coef;

	for (int k = 0; v > 0 || k <= scale; k++, v /= 10) {
		if (k == scale && scale > 0)
			text[--i] = '.';
		text[--i] = (char)('0' + v % 10);
	}
	if (coef < 0)
		text[--i] = '-';
	lgx_buf_put(b, text + i, sizeof(text) - i);
}

void
lgx_dec_put(struct lgx_buf *b, struct lgx_dec d)
{
	while (d.scale > 0 && d.coef % 10 == 0) {
		d.coef /= 10;
		d.scale--;
	}
	put(b, d.coef, d.scale);
}

bool
lgx_dec_put_fixed(struct lgx_buf *b, struct lgx_dec d, int digits)
{
	int64_t	 minor;

	if (!lgx_dec_minor(d, digits, &minor))
		return false;
	put(b, minor, digits);
	return true;
}

/* Both coefficients at the larger of the two scales; at most 36 digits each. */
static int
align(struct lgx_dec a, struct lgx_dec b, lgx_i128 *ca, lgx_i128 *cb)
{
	int	 scale = a.scale > b.scale ? a.scale : b.scale;

	*ca = (lgx_i128)a.coef * pow10_64[scale - a.scale];
	*cb = (lgx_i128)b.coef * pow10_64[scale - b.scale];
	return scale;
}

bool
lgx_dec_add(struct lgx_dec a, struct lgx_dec b, struct lgx_dec *out)
{
	lgx_i128	 ca, cb;
	int		 scale = align(a, b, &ca, &cb);

	return fit(ca + cb, scale, out);
}

bool
lgx_dec_sub(struct lgx_dec a, struct lgx_dec b, struct lgx_dec *out)
{
	return lgx_dec_add(a, lgx_dec_neg(b), out);
}

bool
lgx_dec_mul(struct lgx_dec a, struct lgx_dec b, struct lgx_dec *out)
{
	return fit((lgx_i128)a.coef * b.coef, a.scale + b.scale, out);
}

bool
lgx_dec_mul_round(struct lgx_dec a, struct lgx_dec b, int digits, enum lgx_rounding mode,
    struct lgx_dec *out)
{
	lgx_i128	 coef;

	return rescale((lgx_i128)a.coef * b.coef, a.scale + b.scale, digits, mode, &coef) &&
	    fit(coef, digits, out);
}

bool
lgx_dec_div(struct lgx_dec a, struct lgx_dec b, int digits, enum lgx_rounding mode,
    struct lgx_dec *out)
{
	lgx_i128	 num = a.coef, den = b.coef;

	if (den == 0)
		return false;
	if (den < 0) {
		num = -num;
		den = -den;
	}
	for (int up = digits + b.scale - a.scale; up > 0; up--)
		if (__builtin_mul_overflow(num, (lgx_i128)10, &num))
			return false;
	for (int down = a.scale - b.scale - digits; down > 0; down--)
		if (__builtin_mul_overflow(den, (lgx_i128)10, &den))
			return false;
	return fit(divide(num, den, mode), digits, out);
}

bool
lgx_dec_round(struct lgx_dec d, int digits, enum lgx_rounding mode, struct lgx_dec *out)
{
	lgx_i128	 coef;

	if (d.scale <= digits) {
		*out = d;
		return true;
	}
	return rescale(d.coef, d.scale, digits, mode, &coef) && fit(coef, digits, out);
}

int
lgx_dec_cmp(struct lgx_dec a, struct lgx_dec b)
{
	lgx_i128	 ca, cb;

	align(a, b, &ca, &cb);
	return (ca > cb) - (ca < cb);
}

struct lgx_dec
lgx_dec_neg(struct lgx_dec d)
{
	return (struct lgx_dec){ -d.coef, d.scale };
}

bool
lgx_dec_minor(struct lgx_dec d, int digits, int64_t *out)
{
	lgx_i128	 coef = d.coef;

	assert(digits >= 0 && digits <= LGX_DEC_DIGITS);
	for (; d.scale > digits; d.scale--) {
		if (coef % 10 != 0)
			return false;
		coef /= 10;
	}
	coef *= pow10_64[digits - d.scale];
	if (coef > INT64_MAX || coef < INT64_MIN)
		return false;
	*out = (int64_t)coef;
	return true;
}
