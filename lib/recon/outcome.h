/*
 * recon/outcome.h - the closed words of decisions
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_OUTCOME_H
#define LGX_RECON_OUTCOME_H

#include "recon/model.h"

/* Where the money of a bill is counted; each bill stands in exactly one. */
enum recon_bucket { B_NONE, B_APPROVED, B_DISPUTED, B_HELD, B_REJECTED, B_SUPERSEDED, B_DUPLICATE,
    B_NO_EFFECT, BUCKETS };

struct outcome_row {
	const char		*name;
	enum recon_word		 decision;	/* by default */
	enum recon_route	 route;
};

extern const struct outcome_row recon_outcomes[OUTCOMES];

const char	*recon_word_name(enum recon_word);
enum recon_word	 recon_word_of(struct lgx_str);		/* unknown: D_NONE */
const char	*recon_route_name(enum recon_route);
const char	*recon_bucket_name(enum recon_bucket);
enum recon_outcome recon_outcome_of(struct lgx_str);	/* unknown: O_NONE */
/* Will a bill with this decision be judged again tomorrow? */
bool		 recon_stays_open(enum recon_word);
/* The bucket of what is neither approved nor disputed. */
enum recon_bucket recon_bucket_of(enum recon_outcome, enum recon_word);

#endif
