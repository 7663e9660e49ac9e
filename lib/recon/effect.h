/*
 * recon/effect.h - what is to be booked: journals of a shipment and its bills
 * Floor recon: uses base and rec.  Private to the floor.
 *
 * The balances of a shipment follow from its live effects, so that what was
 * refused or undone is open again by itself.
 */
#ifndef LGX_RECON_EFFECT_H
#define LGX_RECON_EFFECT_H

#include "recon/model.h"

const char	*recon_role_name(int role);
int		 recon_role_of(struct lgx_str name);	/* -1 if unknown */
const char	*recon_effect_state_name(enum effect_state);
enum effect_state recon_effect_state(struct lgx_str name);	/* unknown: E_SENT */

bool		 recon_effect_lives(const struct effect *);	/* not refused, not undone */
/* Add a live effect to the balances of the load (NULL: nothing). */
void		 recon_effect_count(struct load *, const struct effect *);

/* Effects of the shipment itself: T1, T1d, T1x, T2, T2d.  Appended to load->effects. */
void		 recon_book_load(struct load *, const struct lgx_rules *, lgx_date as_of,
		    struct lgx_arena *);
/* A bill was approved before delivery was seen: what it pays for is incurred. */
void		 recon_book_incurred(struct load *, const struct lgx_rules *, const struct bill *,
		    lgx_date as_of, struct lgx_arena *);
/* Mirror what the bill's original posted in earlier runs, and what that one replaced. */
void		 recon_book_reversals(struct bill *, lgx_date as_of, struct lgx_arena *);
/*
 * The approved amount of a bill.  final: it completes the shipment and clears
 * what is left of the accrual.
 */
void		 recon_book_bill(struct bill *, const struct lgx_rules *, bool final,
		    lgx_date as_of, struct lgx_arena *);

#endif
