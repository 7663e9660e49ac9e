/*
 * recon/match.h - which shipment a bill or an event is about
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_MATCH_H
#define LGX_RECON_MATCH_H

#include "recon/model.h"

/*
 * Find the loads of all events and bills of the group: rounds of finding and
 * of learning the references that a found record brings, then a last look at
 * all with everything known.  Order plays no part.
 */
void	recon_match_group(struct group *);

#endif
