/*
 * recon/judge.h - one outcome for every bill and every shipment
 * Floor recon: uses base and rec.  Private to the floor.
 */
#ifndef LGX_RECON_JUDGE_H
#define LGX_RECON_JUDGE_H

#include "recon/model.h"

/* Judge a group that recon_group_build() put together: outcomes, decisions, effects. */
void	recon_judge_group(struct group *);

#endif
