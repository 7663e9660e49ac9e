/*
 * recon/rules.h - what the operator decided: lgx-rules(5)
 * Floor recon: uses base.
 *
 * One rules file, and the `audit:` section of partner pages over it.  All is
 * read and checked at start; a rule that could be beaten by none and beats none
 * (two that fit the same line equally well) is refused then, not met at night.
 */
#ifndef LGX_RECON_RULES_H
#define LGX_RECON_RULES_H

#include "base/date.h"
#include "base/digest.h"
#include "base/find.h"
#include "base/partner.h"
#include "recon/event.h"
#include "recon/norm.h"
#include "recon/tol.h"

enum lgx_tol_scope { LGX_SCOPE_TOTAL, LGX_SCOPE_LINE, LGX_SCOPE_WEIGHT };

/* ORDER SELECTOR: names in rules.c */
enum lgx_selector { LGX_SEL_CARRIER, LGX_SEL_CUSTOMER, LGX_SEL_MODE, LGX_SEL_LANE, LGX_SEL_CHARGE,
    LGX_SEL_COUNT };

/* A tolerance and what it is for.  A selector that is empty fits everything. */
struct lgx_tol_rule {
	struct lgx_str	 name;
	enum lgx_tol_scope scope;
	struct lgx_str	 sel[LGX_SEL_COUNT];
	lgx_date	 from, until;		/* by ship date; LGX_DATE_NONE: open */
	int		 nselectors, seq;
	struct lgx_tol	 over, under;
	const struct lgx_conf *at;
};

/* What a tolerance is asked for. */
struct lgx_tol_query {
	enum lgx_tol_scope scope;
	struct lgx_str	 sel[LGX_SEL_COUNT];	/* carrier: the partner's SCAC */
	lgx_date	 ship_date;
};

/* ORDER HANDLING: names in rules.c */
enum lgx_handling { LGX_ORIGINAL, LGX_DELTA, LGX_REPLACE, LGX_CANCEL, LGX_NO_MONEY };

#define LGX_KEYS_MAX	4

struct lgx_profile {			/* of one carrier */
	const struct lgx_partner *partner;	/* NULL: the house's default */
	struct lgx_norm	 norm;
	enum lgx_ref_class key[LGX_KEYS_MAX];	/* in order */
	size_t		 nkeys;
	bool		 pod_required;
	const struct lgx_conf *pod_events;	/* list of milestones, or NULL: those of the table */
	int64_t		 pod_escalate_days;
	const struct lgx_conf *corrections;	/* code: handling */
	bool		 replace_by_pro;	/* a correction may name its original by PRO alone */
	const struct lgx_conf *remit_to, *bill_to;	/* lists of codes or names, or NULL */
	const struct lgx_conf *charge_max;	/* code: most that may be billed unexpected */
	int64_t		 contract_days;		/* to bill after delivery; 0: no limit */
};

struct lgx_rules {
	struct lgx_str	 name, version;		/* "default", "1" */
	struct lgx_str	 company, currency;	/* of records that name none */
	bool		 at_dispatch;		/* recognition: dispatch */
	bool		 periodic;		/* accrual: periodic */
	bool		 gross;			/* short-pay: gross */
	bool		 release;		/* underbilled: release */
	bool		 has_cap;
	struct lgx_dec	 cap;			/* auto_approve_max */
	int64_t		 unmatched_days, contest_days, balance_due_days, limitation_days;
	int64_t		 exact_days, probable_days;
	struct lgx_tol	 payee;			/* amounts of carrier and broker that look alike */
	const struct lgx_conf *payers;		/* class: list of terms */
	const struct lgx_conf *no_reference;	/* words that are no reference */
	const struct lgx_conf *weight_bases;	/* bases that count weight */
	const struct lgx_conf *percent_bases;
	const struct lgx_conf *taxes;		/* codes of taxes, */
	const struct lgx_conf *linehaul;	/* of the freight itself, */
	const struct lgx_conf *fuel;		/* and of fuel surcharges */
	const struct lgx_conf *reference[LGX_REF_CLASSES];	/* qualifiers that feed each key */
	struct lgx_tol_rule *tol;		/* most selectors first, then the higher seq */
	size_t		 ntol;
	struct lgx_profile base, *profile;	/* one a partner, in their order */
	struct lgx_partners partners;
	struct lgx_milestones milestones;
	char		 digest[LGX_SHA_HEX];	/* of all that decides */
	struct lgx_arena text;
};

/*
 * Read rules, partner pages and milestones.  file NULL is rules/default.yaml of
 * the search path.  The currency table is in the digest and must be loaded by
 * the caller (lgx_currency_load).  LGX_OK; LGX_CONFIG.
 */
LGX_MUST_USE int lgx_rules_load(const struct lgx_find *, const char *file, struct lgx_rules *,
    struct lgx_err *);
void		 lgx_rules_release(struct lgx_rules *);

const struct lgx_profile *lgx_rules_profile(const struct lgx_rules *, struct lgx_str scac);
/* The SCAC a carrier is known by: its partner's, or as sent. */
struct lgx_str	 lgx_rules_carrier(const struct lgx_rules *, struct lgx_str scac);
/* The rule that fits best; there always is one. */
const struct lgx_tol_rule *lgx_rules_tol(const struct lgx_rules *, const struct lgx_tol_query *);
/* How a correction indicator (X12 element 202) is handled; an unknown one as an original. */
enum lgx_handling lgx_rules_handling(const struct lgx_profile *, struct lgx_str code);
/* Who pays under these terms; empty if the rules do not say. */
struct lgx_str	 lgx_rules_payer(const struct lgx_rules *, struct lgx_str terms);
/* Which key a reference of this qualifier (X12 element 128) feeds; false if none. */
bool		 lgx_rules_reference(const struct lgx_rules *, struct lgx_str qual,
		    enum lgx_ref_class *);
/* Is the word in the list?  NULL: no. */
bool		 lgx_rules_lists(const struct lgx_conf *list, struct lgx_str word);

#endif
