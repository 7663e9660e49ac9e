/*
 * recon/summary.h - counts, and the proof that no bill fell through
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_SUMMARY_H
#define LGX_RECON_SUMMARY_H

#include "recon/model.h"
#include "recon/outcome.h"

struct sums {				/* of one outcome or of all, in one currency */
	struct lgx_str	 currency;
	int		 digits;
	uint64_t	 count;
	int64_t		 billed, expected, open, bucket[BUCKETS];
};

struct sums_list { struct sums *s; size_t n, cap; };

struct summary {			/* all-zero is empty */
	struct sums_list outcome[OUTCOMES];
	struct sums_list proof;		/* all bills */
	uint64_t	 events[LGX_EV_OUTCOMES];
	uint64_t	 bills, exceptions, redelivered, carried;
	bool		 overflow;
	struct lgx_arena text;
};

void	recon_sum_bill(struct summary *, const struct bill *);
void	recon_sum_load(struct summary *, const struct load *);
/* LGX_OK; LGX_FAIL when the buckets do not add up to what was billed. */
LGX_MUST_USE int recon_prove(const struct summary *, struct lgx_err *);
/* Append the rows, a JSON object a line. */
void	recon_put_summary(const struct summary *, struct lgx_str run, lgx_time as_of,
	    struct lgx_buf *);
void	recon_summary_release(struct summary *);

#endif
