/*
 * recon/read.h - records and memories as structs
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_READ_H
#define LGX_RECON_READ_H

#include "recon/model.h"

/*
 * Everything read lies in the arena or in the line of the record, which must
 * outlive it.  LGX_OK; LGX_REJECT with err filled.
 */
LGX_MUST_USE int recon_read_version(struct lgx_rec *, const struct lgx_rules *, struct lgx_arena *,
    struct version *, struct lgx_err *);
LGX_MUST_USE int recon_read_bill(struct lgx_rec *, const struct lgx_rules *, struct lgx_arena *,
    struct bill *, struct lgx_err *);
LGX_MUST_USE int recon_read_event(struct lgx_rec *, const struct lgx_rules *, struct lgx_arena *,
    struct event_record *, struct lgx_err *);
LGX_MUST_USE int recon_read_receipt(struct lgx_rec *, struct lgx_arena *, struct receipt *,
    struct lgx_err *);
/* A booked bill of the past, as a bill that was approved. */
LGX_MUST_USE int recon_read_booked(struct lgx_rec *, const struct lgx_rules *, struct lgx_arena *,
    struct bill *, struct lgx_err *);
LGX_MUST_USE int recon_read_memory(struct lgx_rec *, struct lgx_arena *, struct memory *,
    struct lgx_err *);

/* "COMPANY/LOAD" of a version, parts escaped. */
struct lgx_str	recon_load_name(const struct version *, struct lgx_arena *);

/* Ties of a record for the pool, each a call of add(arg, tie). */
typedef void (*recon_tie_fn)(void *arg, uint64_t tie);
void	recon_tie_version(const struct version *, const struct lgx_rules *, recon_tie_fn, void *);
void	recon_tie_bill(const struct bill *, recon_tie_fn, void *);
void	recon_tie_event(const struct event_record *, recon_tie_fn, void *);
void	recon_tie_memory(const struct memory *, recon_tie_fn, void *);
void	recon_tie_receipt(const struct receipt *, recon_tie_fn, void *);

#endif
