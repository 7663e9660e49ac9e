/*
 * recon/variance.h - why a bill differs: lines, findings, reasons
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_VARIANCE_H
#define LGX_RECON_VARIANCE_H

#include "recon/model.h"

/*
 * Compare a bill with its load, line by line and cumulatively: verdicts, E, P
 * and V of the bill.
 */
void	recon_measure(struct group *, struct bill *);
/* Findings of the lines that fail, and reasons that add up to V. */
void	recon_explain(struct group *, struct bill *);
/* Is V inside the limits of the total? */
bool	recon_total_passes(const struct group *, const struct load *, int64_t variance);

/* Add a finding; empty views and has_variance say what it lacks. */
struct finding *recon_find(struct group *, struct bill *, const char *code);
void	recon_reason(struct group *, struct bill *, const char *code, int64_t amount);

#endif
