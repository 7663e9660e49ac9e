/*
 * recon/event.h - what happened to a shipment, from the set of known events
 * Floor recon: uses base.
 *
 * The state is a function of the set: highest leg, then rank, then time.  A
 * refusal, a return or a failed attempt opens a new leg for what comes after
 * it at the same stop.  The order in which events arrived decides only what
 * was known when each came (enum lgx_event_outcome).
 */
#ifndef LGX_RECON_EVENT_H
#define LGX_RECON_EVENT_H

#include "base/date.h"
#include "base/table.h"

/* ORDER EVENT OUTCOME: names in event.c */
enum lgx_event_outcome {
	LGX_EV_APPLIED, LGX_EV_DUPLICATE, LGX_EV_UNKNOWN, LGX_EV_FUTURE, LGX_EV_OUT_OF_SEQUENCE,
	LGX_EV_STALE, LGX_EV_OUTCOMES
};

#define LGX_EVENT_AHEAD		INT64_C(900)	/* an event may be so many seconds after its receipt */

struct lgx_milestone {
	struct lgx_str	 name;
	int		 rank;		/* 0: an overlay without rank */
	bool		 overlay, leg, pod;	/* leg: opens a new one */
};

/* Loaded from codes/milestones.csv: milestone,rank,overlay,leg,pod. */
struct lgx_milestones { struct lgx_milestone *m; size_t n; struct lgx_table table; };

LGX_MUST_USE int lgx_milestones_load(const char *path, struct lgx_milestones *, struct lgx_err *);
void		 lgx_milestones_release(struct lgx_milestones *);
/* NULL if the name is no milestone. */
const struct lgx_milestone *lgx_milestone_find(const struct lgx_milestones *, struct lgx_str name);

struct lgx_event {
	struct lgx_str	 id;		/* breaks ties */
	struct lgx_str	 stop, code;
	const struct lgx_milestone *milestone;	/* NULL: kept, moves nothing */
	lgx_time	 time, received;	/* received: LGX_TIME_NONE if unknown */
	bool		 zoned;		/* the zone of time is known */
	bool		 estimate;	/* time is when something is to happen: moves nothing */
	/* results */
	enum lgx_event_outcome outcome;
	int		 leg;
};

#define LGX_EVENT_NONE	SIZE_MAX

struct lgx_move {			/* indexes of events, LGX_EVENT_NONE if there is none */
	size_t		 state;		/* where it stands */
	size_t		 pod;		/* what proves delivery */
	size_t		 picked_up;	/* the first event of rank LOADED or more */
	size_t		 overlay;	/* the last one with an overlay */
	bool		 cancelled;	/* overlay cancelled, nothing after it */
};

#define LGX_RANK_LOADED	18

/*
 * Judge n events of one shipment: outcome and leg of each, and *move.  Events
 * after as_of, or after their own receipt, are not judged to have happened.
 * The order of the array does not matter and is not changed.
 */
void		 lgx_events_judge(struct lgx_event *, size_t n, lgx_time as_of, struct lgx_move *);
const char	*lgx_event_outcome_name(enum lgx_event_outcome);

#endif
