/*
 * recon/emit.h - decisions and memories as lines
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_EMIT_H
#define LGX_RECON_EMIT_H

#include "recon/model.h"

/* What every decision of a run has in common. */
struct run {
	struct lgx_str	 id, rules, config;	/* "2026-03-04", "default@1", digest */
	lgx_time	 as_of;
	struct lgx_build build;			/* scratch */
};

/* Append the decision of a bill or a shipment as a line, newline included. */
void	recon_emit_bill(struct run *, const struct group *, const struct bill *, struct lgx_buf *);
void	recon_emit_load(struct run *, const struct group *, const struct load *, struct lgx_buf *);
/* Append what the state keeps of it, newline included; prior: id of its last decision. */
void	recon_emit_bill_memory(const struct bill *, struct lgx_str prior, struct lgx_buf *);
void	recon_emit_load_memory(const struct load *, struct lgx_str prior, struct lgx_buf *);
/* "decision/RUN/SUBJECT" */
struct lgx_str recon_decision_id(const struct run *, struct lgx_str subject, struct lgx_arena *);

#endif
