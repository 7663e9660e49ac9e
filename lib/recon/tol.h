/*
 * recon/tol.h - money in minor units, and how far it may differ
 * Floor recon: uses base.
 *
 * A tolerance has an absolute part (money) and a percent part (of what was
 * expected, never of what was billed).  "any" passes inside the larger of the
 * two, "all" inside the smaller; bounds are inclusive.  Nothing is rounded to
 * compare.
 */
#ifndef LGX_RECON_TOL_H
#define LGX_RECON_TOL_H

#include "base/dec.h"
#include "base/mem.h"

enum lgx_tol_how { LGX_TOL_ANY, LGX_TOL_ALL, LGX_TOL_UNLIMITED };

struct lgx_tol {
	enum lgx_tol_how how;
	bool		 has_amount, has_percent;
	struct lgx_dec	 amount, percent;
};

#define LGX_TOL_ZERO	((struct lgx_tol){ .how = LGX_TOL_ANY, .has_amount = true })
#define LGX_TOL_NO_LIMIT INT64_MAX
/*
 * No amount of a record is larger, in minor units.  The sums of a group (its
 * bills, their lines, what is open) then fit for 900,000 of them.
 */
#define LGX_AMOUNT_MAX	INT64_C(10000000000000)

/* "any(10.00, 2%)", "all(10.00, 2%)", "5.00", "2%", "none" (no limit). */
LGX_MUST_USE bool lgx_tol_parse(struct lgx_str, struct lgx_tol *);
/* Is |variance| inside?  Both in minor units of a currency with so many digits. */
bool	lgx_tol_pass(const struct lgx_tol *, int64_t variance, int64_t expected, int digits);
/* The limit for people, in minor units, rounded down; LGX_TOL_NO_LIMIT if there is none. */
int64_t	lgx_tol_limit(const struct lgx_tol *, int64_t expected, int digits);

/* "1464.00" to 146400; false if malformed, too precise or too big. */
LGX_MUST_USE bool lgx_money_parse(struct lgx_str, int digits, int64_t *);
void	lgx_money_put(struct lgx_buf *, int64_t minor, int digits);
/* Sum that stays within int64; false leaves *sum alone. */
LGX_MUST_USE bool lgx_money_add(int64_t *sum, int64_t more);
/*
 * Split whole over n weights so that the parts sum to it: largest remainder,
 * ties by order, symmetric in sign.  All weights zero: equal weights.
 */
void	lgx_money_split(int64_t whole, const int64_t *weights, size_t n, int64_t *parts);

#endif
