/*
 * recon/dup.h - corrections, and bills that came before
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_DUP_H
#define LGX_RECON_DUP_H

#include "recon/model.h"

struct recon_seen;			/* of one group, in its arena */

/*
 * Before judging: which bills do not sum, which are exact copies of an earlier
 * one, which bill each correction is about.  Walks the bills in their order.
 */
struct recon_seen *recon_survey(struct group *);
/*
 * An earlier bill that this one probably repeats, NULL if none; *why says by
 * which key.  Only bills that recon_accept() was told of count.
 */
struct bill	*recon_likely_twin(struct recon_seen *, struct bill *, const char **why);
void		 recon_accept(struct recon_seen *, struct bill *);
/* Is the last of those that replaced it a cancellation? */
bool		 recon_is_cancelled(const struct bill *);

#endif
