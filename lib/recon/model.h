/*
 * recon/model.h - what a group of records says, ready to be judged
 * Floor recon: uses base and rec.  Private to the floor.
 *
 * A group is everything tied together by shared references.  Its structs live
 * in one arena and last until the next group.  Amounts are in minor units.
 */
#ifndef LGX_RECON_MODEL_H
#define LGX_RECON_MODEL_H

#include "rec/rec.h"
#include "recon/rules.h"

/* ORDER ROLE, by name: effect.c */
enum recon_role { ACCRUED_FREIGHT, AP_CARRIER, COMMIT, COMMIT_OFFSET, DISPUTED_RECV, FREIGHT_EXP,
    FREIGHT_VAR, FX_GAINLOSS, TAX_RECOV, ROLES };

/* ORDER OUTCOME: the table of freight-audit, in order; outcomes.c */
enum recon_outcome {
	O_NONE,
	O_ARITHMETIC, O_DUPLICATE_EXACT, O_SUPERSEDED, O_NO_EFFECT, O_CANCELLATION, O_ORPHAN,
	O_NO_SHIPMENT, O_AMBIGUOUS, O_CONFLICT, O_WRONG_PARTY, O_CURRENCY, O_DUPLICATE_PROBABLE,
	O_NO_POD, O_LATE, O_OVERBILLED, O_UNDERBILLED, O_WITHIN, O_MATCHED,
	O_NOT_YET_BILLABLE, O_UNBILLED, O_PARTLY_BILLED, O_BILLED, O_CANCELLED,
	OUTCOMES
};

/* ORDER DECISION: outcomes.c */
enum recon_word { D_NONE, D_APPROVE, D_SHORT_PAY, D_HOLD, D_DISPUTE, D_REJECT, D_REVERSE, D_ACCRUE,
    D_PROJECT, DECISIONS };

/* ORDER ROUTE: outcomes.c */
enum recon_route { R_LOG, R_POST, R_FINANCE, R_CARRIER, R_TRANSPORT, R_CUSTOMER, R_MASTER, R_WAIT,
    R_AGEING, ROUTES };

/* ORDER EFFECT STATE: state.c */
enum effect_state { E_SENT, E_BOOKED, E_REFUSED, E_REVERSED, EFFECT_STATES };

struct effect {
	struct lgx_str	 template, key, company, reverses;	/* "T3", ... */
	lgx_date	 date;
	int64_t		 amount[ROLES];		/* debit positive */
	enum effect_state state;
	bool		 fresh;			/* made in this run */
	bool		 mirrored;		/* reversed by another live effect */
	struct effect	*next;
};

struct charge {
	struct lgx_str	 code, basis;
	int64_t		 amount;
	struct lgx_dec	 qty, rate;
	bool		 has_qty, has_rate;
};

struct charges { struct charge *c; size_t n; };

struct words { struct lgx_str *w; size_t n; };

struct key { enum lgx_ref_class class; struct lgx_str text; };	/* a normalised reference */
struct keys { struct key *k; size_t n, cap; };

/* What every record has. */
struct head {
	struct lgx_str	 id, src, usage, line;
	struct lgx_str	 envelope;		/* tells a redelivery from another occurrence */
	unsigned	 segment;		/* of the state; 0: came in this run */
	unsigned	 occurrence;		/* 1, 2, ... */
};

struct version {			/* of a shipment */
	struct head	 head;
	struct lgx_str	 company, load, scac, pro, bol, customer, terms, state, rate_version;
	struct lgx_str	 currency, mode, lane_from, lane_to, freight_class;
	lgx_time	 updated;
	lgx_date	 ship_date;
	int		 digits;
	struct charges	 charges;
	int64_t		 total;
	struct words	 authorised;
	struct lgx_dec	 weight;
	bool		 has_weight, has_total;
	struct keys	 keys;
};

/* A charge code of a load, over all its live bills. */
struct line { struct lgx_str code; int64_t expected, approved, disputed; const struct charge *charge; };

struct load {
	struct version	*versions;		/* oldest first; the last is in force */
	size_t		 nversions;
	struct version	*now;
	struct lgx_str	 name, carrier;		/* "COMPANY/LOAD", escaped */
	struct lgx_str	 lane;
	const struct lgx_profile *profile;
	bool		 fresh;			/* something about it came in this run */
	bool		 rate_conflict;
	/* events */
	struct lgx_event *events;
	struct event_record **event_of;
	size_t		 nevents;
	struct lgx_move	 move;
	lgx_date	 delivered, dispatched;	/* LGX_DATE_NONE if not */
	/* money */
	int64_t		 expected, prior;	/* E, P */
	int64_t		 disputed;		/* of bills paid short, and not credited yet */
	struct line	*lines;
	size_t		 nlines, line_cap;
	int64_t		 live;			/* billed by bills that stand, */
	size_t		 standing;		/* and how many they are */
	int64_t		 approved_bills;	/* how many were approved */
	struct effect	*effects, **effect_end;	/* of the shipment itself */
	int64_t		 balance[ROLES];	/* of live effects, bills included */
	struct bill	**bills;
	size_t		 nbills, bill_cap;
	/* memory */
	struct memory	*memory;		/* NULL: new */
	enum recon_outcome outcome;
	enum recon_word	 decision;
	enum recon_route route;
};

struct finding { const char *code; struct lgx_str charge, expected, billed; int64_t variance;
    bool has_variance; struct finding *next; };
struct reason { const char *code; int64_t amount; struct reason *next; };
struct candidate { struct load *load; const char *why_not; };

struct verdict {			/* of a charge code of a bill */
	struct lgx_str	 code;
	int64_t		 expected, billed, variance, limit;	/* cumulative */
	int64_t		 mine, cut;		/* billed by this bill; of it above what is owed */
	int64_t		 settles;		/* of a credit: what was disputed before */
	bool		 pass, separable;
	const struct charge *charge;		/* of this bill, the first of the code */
	const struct charge *rated;		/* of the shipment, or NULL */
};

struct bill {
	struct head	 head;
	struct lgx_str	 subject;		/* id, with #n from the second occurrence on */
	struct lgx_str	 scac, carrier, invoice, correction, pro, bol, terms, type, currency;
	struct lgx_str	 bill_to, remit_to, freight_class;
	struct lgx_str	 parent;
	int64_t		 parent_n, parent_of, parent_total;
	struct lgx_ref	 number, pro_ref;
	struct keys	 keys;
	lgx_date	 date, ship_date, delivery_date;
	lgx_time	 received;
	int		 digits;
	struct charges	 charges;
	int64_t		 total, received_total;	/* with and without allocated header charges */
	struct lgx_dec	 weight;
	bool		 has_weight;
	const struct lgx_profile *profile;
	enum lgx_handling handling;
	/* judged */
	bool		 header;		/* of a consolidated bill: not judged itself */
	bool		 broken;		/* lines or children do not sum */
	struct lgx_str	 why_broken;
	struct bill	*original, *superseded_by, *twin, *likely;
	const char	*likely_why;
	struct load	*load;
	enum recon_outcome match_outcome;	/* O_NONE when matched */
	const char	*match_by;
	struct lgx_str	 match_key;
	struct candidate *candidates;
	size_t		 ncandidates;
	enum recon_outcome outcome;
	enum recon_word	 decision;
	enum recon_route route;
	int64_t		 expected, prior, variance, approved, disputed;
	int64_t		 settles;		/* of a credit: the dispute it ends */
	int64_t		 paid;			/* by an earlier run, of a bill judged again */
	bool		 has_expected;
	struct verdict	*verdicts;
	size_t		 nverdicts;
	struct finding	*findings, **finding_end;
	struct reason	*reasons, **reason_end;
	struct effect	*effects, **effect_end;
	struct memory	*memory;
	bool		 settled;		/* by an earlier run: not judged again */
	bool		 booked;		/* known from the books only: never judged */
	bool		 changed;		/* its decision is due */
	lgx_date	 contest_by;
	struct lgx_str	 version;		/* rate version it was judged against */
};

struct event_record {
	struct head	 head;
	struct lgx_str	 scac, carrier;
	struct keys	 keys;
	struct load	*load;
	lgx_time	 received;
	lgx_date	 local;
	struct lgx_event event;
};

struct receipt { struct lgx_str key, state; };

/* What the state says about a load or a bill. */
struct memory {
	struct lgx_str	 id;			/* "load/main/L1", "bill/invoice/..." */
	struct lgx_str	 line;			/* as it stands in the state */
	struct lgx_str	 outcome, decision, prior, load, version, total;
	int64_t		 approved, disputed, settles;
	struct charges	 lines, cuts;		/* approved and disputed by code */
	struct effect	*effects;
	unsigned	 segment;
};

struct group {
	const struct lgx_rules *rules;
	lgx_time	 as_of;
	struct lgx_arena arena;
	struct lgx_rec	 rec;
	struct version	*versions;
	size_t		 nversions, version_cap;
	struct load	*loads;
	size_t		 nloads;
	struct bill	*bills;
	size_t		 nbills, bill_cap;
	struct event_record *events;
	size_t		 nevents, event_cap;
	struct receipt	*receipts;
	size_t		 nreceipts, receipt_cap;
	struct memory	*memories;
	size_t		 nmemories, memory_cap;
	struct bill	**order;		/* bills in the order of judging */
	uint64_t	 redelivered;
	struct lgx_buf	 scratch;
	struct lgx_str	 corr;
};

#endif
