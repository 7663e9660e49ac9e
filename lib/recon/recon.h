/*
 * recon/recon.h - reconcile: records in, decisions out
 * Floor recon: uses base and rec.  What lgx-reconcile calls; the rest of the
 * floor is behind it, except what stands alone (norm, tol, event, rules).
 *
 * A run has four steps: open, take every line, finish, and commit once the
 * output is safe.  Nothing is handed out before finish, because what happens
 * in a run may only be known when all of its input is.
 */
#ifndef LGX_RECON_H
#define LGX_RECON_H

#include "base/find.h"
#include "rec/rec.h"

struct lgx_recon;

struct lgx_recon_options {
	const char	*rules;		/* file, NULL: rules/default.yaml of the search path */
	const char	*state;		/* folder, NULL: none, a pure filter */
	const char	*run;		/* NULL: the as-of date; must be given with a state */
	lgx_time	 as_of;		/* LGX_TIME_NONE: the latest receipt in the input */
	bool		 redo;
};

enum lgx_taken { LGX_TAKEN, LGX_PASSED };

/* LGX_OK; LGX_CONFIG; LGX_FAIL (the state is damaged).  *r is NULL unless LGX_OK. */
LGX_MUST_USE int lgx_recon_open(struct lgx_recon **r, const struct lgx_recon_options *,
    const struct lgx_find *, struct lgx_err *);
/*
 * Take a line (without newline), which is copied.  LGX_OK, *taken says whether
 * it is consumed or will leave as it came; LGX_REJECT, it is not kept.
 */
LGX_MUST_USE int lgx_recon_take(struct lgx_recon *, struct lgx_str line, struct lgx_place,
    enum lgx_taken *taken, struct lgx_err *);
/*
 * Judge.  emit gets every line of the output in order, newline included; dead
 * gets events that found no shipment in time.  LGX_OK; LGX_CONFIG (the run was
 * done before with other input; nothing was emitted); LGX_FAIL.
 */
LGX_MUST_USE int lgx_recon_finish(struct lgx_recon *,
    int (*emit)(void *arg, struct lgx_str line, struct lgx_err *),
    int (*dead)(void *arg, struct lgx_str line, const struct lgx_err *why, struct lgx_err *),
    void *arg, struct lgx_err *);
/* What --summary writes; valid until free. */
struct lgx_str	 lgx_recon_summary(struct lgx_recon *);
/* Bills judged, and those that a person must look at. */
uint64_t	 lgx_recon_bills(const struct lgx_recon *);
uint64_t	 lgx_recon_exceptions(const struct lgx_recon *);
/* Make the new state the newest; nothing without a state or for an older run. */
LGX_MUST_USE int lgx_recon_commit(struct lgx_recon *, struct lgx_err *);
void		 lgx_recon_free(struct lgx_recon *);	/* NULL is fine */

#endif
