/*
 * base/dec.h - exact decimals
 * Floor base.
 *
 * A decimal is coef / 10^scale: an integer of at most 18 digits and a scale of
 * 0 to 18.  Nothing here is ever a double.  A result that does not fit makes
 * the function return false and leaves *out untouched; it never wraps.
 */
#ifndef LGX_DEC_H
#define LGX_DEC_H

#include "base/mem.h"

#define LGX_DEC_DIGITS	18
#define LGX_DEC_COEF_MAX INT64_C(999999999999999999)

struct lgx_dec { int64_t coef; int scale; };

#define LGX_DEC_ZERO	((struct lgx_dec){ 0, 0 })

__extension__ typedef __int128 lgx_i128;

enum lgx_rounding { LGX_HALF_AWAY, LGX_HALF_EVEN };

/* "-12.50", "7", ".5", "3.": optional minus, digits, one point; no exponent, no blank. */
LGX_MUST_USE bool lgx_dec_parse(struct lgx_str, struct lgx_dec *);
/* Digits with an optional minus and `digits` implied decimals: X12 type Nn ("146400", 2 = 1464.00). */
LGX_MUST_USE bool lgx_dec_parse_implied(struct lgx_str, int digits, struct lgx_dec *);
/* Shortest form: no trailing zero, no final point, no -0. */
void	lgx_dec_put(struct lgx_buf *, struct lgx_dec);
/* With exactly `digits` decimals, as money is written; false if it has more. */
LGX_MUST_USE bool lgx_dec_put_fixed(struct lgx_buf *, struct lgx_dec, int digits);

LGX_MUST_USE bool lgx_dec_add(struct lgx_dec, struct lgx_dec, struct lgx_dec *);
LGX_MUST_USE bool lgx_dec_sub(struct lgx_dec, struct lgx_dec, struct lgx_dec *);
/* Exact product; false if it needs more than 18 digits after dropping trailing zeros. */
LGX_MUST_USE bool lgx_dec_mul(struct lgx_dec, struct lgx_dec, struct lgx_dec *);
/* Quotient rounded once to `digits` decimals; false on division by zero too. */
LGX_MUST_USE bool lgx_dec_div(struct lgx_dec, struct lgx_dec, int digits, enum lgx_rounding,
    struct lgx_dec *);
/* Product rounded once to `digits` decimals (qty times rate to money). */
LGX_MUST_USE bool lgx_dec_mul_round(struct lgx_dec, struct lgx_dec, int digits, enum lgx_rounding,
    struct lgx_dec *);
LGX_MUST_USE bool lgx_dec_round(struct lgx_dec, int digits, enum lgx_rounding, struct lgx_dec *);
int		  lgx_dec_cmp(struct lgx_dec, struct lgx_dec);
struct lgx_dec	  lgx_dec_neg(struct lgx_dec);
/* The integer count of 10^-digits units; false if it has more digits or does not fit. */
LGX_MUST_USE bool lgx_dec_minor(struct lgx_dec, int digits, int64_t *);

#endif
