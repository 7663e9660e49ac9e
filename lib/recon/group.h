/*
 * recon/group.h - one group of records, put together
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_GROUP_H
#define LGX_RECON_GROUP_H

#include "recon/model.h"
#include "recon/pool.h"

/* Start over for the next group; arrays keep their room. */
void	recon_group_clear(struct group *);
void	recon_group_release(struct group *);
/* Add an item of the pool.  LGX_OK; LGX_FAIL when the state is damaged. */
LGX_MUST_USE int recon_group_add(struct group *, const struct lgx_pool *, uint32_t item,
    struct lgx_err *);
/*
 * All items are in: number the occurrences, build the loads with their events
 * and state, apply receipts, attach what the state remembers.
 */
void	recon_group_build(struct group *);
/* The line of a charge code of a load, made if it is not there. */
struct line *recon_line(struct load *, struct lgx_str code, struct lgx_arena *);
/* A bill that was judged to be about this load. */
void	recon_attach_bill(struct load *, struct bill *, struct lgx_arena *);

#endif
