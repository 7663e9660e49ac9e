/*
 * recon/judge.c - one outcome for every bill and every shipment
 * Floor recon: uses base and rec.
 *
 * The table of tests is the table of lgx-reconcile(1), OUTCOMES: the first that
 * holds gives the outcome, so that its order is the order of precedence.
 */
#include "recon/dup.h"
#include "recon/effect.h"
#include "recon/group.h"
#include "recon/judge.h"
#include "recon/outcome.h"
#include "recon/variance.h"

struct judge {
	struct group		*g;
	const struct lgx_rules	*rules;
	struct recon_seen	*seen;
	lgx_date		 today;
};

static int64_t
days_since(const struct judge *j, lgx_date d)
{
	return d == LGX_DATE_NONE ? 0 : (int64_t)j->today - d;
}

static lgx_date
received_on(const struct bill *b)
{
	return b->received == LGX_TIME_NONE ? LGX_DATE_NONE : lgx_time_date(b->received);
}

/*
 * The tests, in order
 */

static bool
is_broken(struct judge *j, struct bill *b)
{
	if (b->broken)
		recon_find(j->g, b, "arithmetic-error")->billed = b->why_broken;
	return b->broken;
}

static bool
is_copy(struct judge *j, struct bill *b)
{
	if (b->twin != NULL)
		recon_find(j->g, b, "duplicate-of")->billed = b->twin->subject;
	return b->twin != NULL;
}

static bool
is_superseded(struct judge *j, struct bill *b)
{
	if (b->superseded_by != NULL)
		recon_find(j->g, b, "superseded-by")->billed = b->superseded_by->subject;
	return b->superseded_by != NULL;
}

static bool
has_no_money(struct judge *j, struct bill *b)
{
	(void)j;
	return b->handling == LGX_NO_MONEY;
}

static bool
cancels(struct judge *j, struct bill *b)
{
	if (b->handling != LGX_CANCEL || b->original == NULL)
		return false;
	recon_find(j->g, b, "cancels")->billed = b->original->subject;
	return true;
}

static bool
is_orphan(struct judge *j, struct bill *b)
{
	(void)j;
	if (b->handling == LGX_ORIGINAL || b->original != NULL)
		return false;
	return b->handling != LGX_DELTA || b->load == NULL || b->load->standing == 0;
}

static bool
has_no_shipment(struct judge *j, struct bill *b)
{
	(void)j;
	return b->load == NULL && b->match_outcome == O_NO_SHIPMENT;
}

static bool
is_ambiguous(struct judge *j, struct bill *b)
{
	(void)j;
	return b->load == NULL && b->match_outcome == O_AMBIGUOUS;
}

static bool
conflicts(struct judge *j, struct bill *b)
{
	(void)j;
	return b->load == NULL && b->match_outcome == O_CONFLICT;
}

static bool
lists_folded(const struct lgx_conf *list, struct lgx_str upper)
{
	LGX_CONF_EACH(item, list) {
		size_t i = 0;

		while (item->text.n == upper.n && i < upper.n && (item->text.p[i] == upper.p[i] ||
		    (item->text.p[i] >= 'a' && item->text.p[i] <= 'z' &&
		    item->text.p[i] - 32 == upper.p[i])))
			i++;
		if (item->text.n == upper.n && i == upper.n)
			return true;
	}
	return false;
}

static bool
is_for_another(struct judge *j, struct bill *b)
{
	struct lgx_str	 ours = lgx_rules_payer(j->rules, b->load->now->terms);
	struct lgx_str	 theirs = lgx_rules_payer(j->rules, b->terms);
	struct finding	*f;

	if (ours.n > 0 && theirs.n > 0 && !lgx_str_eq(ours, theirs)) {
		f = recon_find(j->g, b, "terms");
		f->expected = b->load->now->terms;
		f->billed = b->terms;
		return true;
	}
	if (b->profile->bill_to == NULL || b->bill_to.n == 0 ||
	    lists_folded(b->profile->bill_to, b->bill_to))
		return false;
	recon_find(j->g, b, "bill-to")->billed = b->bill_to;
	return true;
}

static bool
is_in_other_money(struct judge *j, struct bill *b)
{
	struct finding	*f;

	if (lgx_str_eq(b->currency, b->load->now->currency))
		return false;
	f = recon_find(j->g, b, "currency");
	f->expected = b->load->now->currency;
	f->billed = b->currency;
	return true;
}

static bool
repeats(struct judge *j, struct bill *b)
{
	const char	*why;

	b->likely = recon_likely_twin(j->seen, b, &why);
	if (b->likely == NULL)
		return false;
	b->likely_why = why;
	recon_find(j->g, b, why)->billed = b->likely->subject;
	return true;
}

static bool
is_unproven(struct judge *j, struct bill *b)
{
	(void)j;
	return b->profile->pod_required && b->load->delivered == LGX_DATE_NONE &&
	    b->load->outcome != O_CANCELLED;
}

static const char *
late_by(const struct judge *j, const struct bill *b)
{
	lgx_date	 got = received_on(b), done = b->load->delivered;
	bool		 more = b->handling == LGX_DELTA && b->total > 0;

	if (got == LGX_DATE_NONE)
		return NULL;
	if (more && b->original != NULL && received_on(b->original) != LGX_DATE_NONE &&
	    got - received_on(b->original) > j->rules->balance_due_days)
		return "balance-due-180";
	if (done == LGX_DATE_NONE)
		return NULL;
	if (!more && b->profile->contract_days > 0 && got - done > b->profile->contract_days)
		return "contract";
	return got - done > j->rules->limitation_days ? "limitation-18m" : NULL;
}

static bool
is_late(struct judge *j, struct bill *b)
{
	const char	*why = late_by(j, b);

	if (why != NULL)
		recon_find(j->g, b, why);
	return why != NULL;
}

static bool
is_over(struct judge *j, struct bill *b)
{
	for (size_t i = 0; i < b->nverdicts; i++)
		if (!b->verdicts[i].pass && b->verdicts[i].variance > 0)
			return true;
	return b->variance > 0 && !recon_total_passes(j->g, b->load, b->variance);
}

static bool
is_under(struct judge *j, struct bill *b)
{
	for (size_t i = 0; i < b->nverdicts; i++)
		if (!b->verdicts[i].pass && b->verdicts[i].variance < 0)
			return true;
	return b->variance < 0 && !recon_total_passes(j->g, b->load, b->variance);
}

static bool
differs(struct judge *j, struct bill *b)
{
	(void)j;
	for (size_t i = 0; i < b->nverdicts; i++)
		if (b->verdicts[i].variance != 0)
			return true;
	return b->variance != 0;
}

static bool
agrees(struct judge *j, struct bill *b)
{
	(void)j;
	(void)b;
	return true;
}

enum stage { ALONE, LINKED, MEASURED };	/* what a test needs to be known */

static const struct {
	enum recon_outcome outcome;
	enum stage	 stage;
	bool		(*holds)(struct judge *, struct bill *);
} tests[] = {
	{ O_ARITHMETIC,		ALONE,		is_broken },
	{ O_DUPLICATE_EXACT,	ALONE,		is_copy },
	{ O_SUPERSEDED,		ALONE,		is_superseded },
	{ O_NO_EFFECT,		ALONE,		has_no_money },
	{ O_CANCELLATION,	ALONE,		cancels },
	{ O_ORPHAN,		ALONE,		is_orphan },
	{ O_NO_SHIPMENT,	ALONE,		has_no_shipment },
	{ O_AMBIGUOUS,		ALONE,		is_ambiguous },
	{ O_CONFLICT,		ALONE,		conflicts },
	{ O_WRONG_PARTY,	LINKED,		is_for_another },
	{ O_CURRENCY,		LINKED,		is_in_other_money },
	{ O_DUPLICATE_PROBABLE,	MEASURED,	repeats },
	{ O_NO_POD,		MEASURED,	is_unproven },
	{ O_LATE,		MEASURED,	is_late },
	{ O_OVERBILLED,		MEASURED,	is_over },
	{ O_UNDERBILLED,	MEASURED,	is_under },
	{ O_WITHIN,		MEASURED,	differs },
	{ O_MATCHED,		MEASURED,	agrees },
};

static void
find_outcome(struct judge *j, struct bill *b)
{
	bool	 measured = false;

	for (size_t i = 0; i < LGX_LEN(tests); i++) {
		if (tests[i].stage == MEASURED && !measured) {
			recon_measure(j->g, b);
			measured = true;
		}
		if (tests[i].holds(j, b)) {
			b->outcome = tests[i].outcome;
			return;
		}
	}
}

/*
 * From outcome to decision
 */

/* A correction without references of its own is about what its original was about. */
static void
inherit(struct bill *b)
{
	if (b->load == NULL && b->match_outcome == O_NO_SHIPMENT && b->original != NULL &&
	    b->original->load != NULL) {
		b->load = b->original->load;
		b->match_outcome = O_NONE;
		b->match_by = "original";
		b->match_key = b->original->number.base;
	}
}

/* Pay what is owed when the rest can be told apart, and nothing otherwise. */
static void
decide_over(struct judge *j, struct bill *b)
{
	int64_t	 cut = 0, owed;
	bool	 separable = false;

	for (size_t i = 0; i < b->nverdicts; i++) {
		if (b->verdicts[i].pass)
			continue;
		separable = true;
		cut += b->verdicts[i].cut;
	}
	for (size_t i = 0; i < b->nverdicts; i++)
		separable &= b->verdicts[i].pass || b->verdicts[i].separable;
	owed = b->total - cut;
	if (!separable || cut <= 0 || owed < 0 || !(b->variance - cut <= 0 ||
	    recon_total_passes(j->g, b->load, b->variance - cut)))
		return;			/* hold, by default */
	b->decision = owed > 0 ? D_SHORT_PAY : D_DISPUTE;
	b->route = R_CARRIER;
	b->approved = owed;
	b->disputed = cut;
}

static bool
above_cap(const struct judge *j, const struct bill *b)
{
	int64_t	 cap;

	return j->rules->has_cap && lgx_dec_minor(j->rules->cap, b->digits, &cap) && b->total > cap;
}

static bool
pays(const struct bill *b)
{
	return b->decision == D_APPROVE || b->decision == D_SHORT_PAY;
}

static void
hold_back(struct bill *b, enum recon_route route)
{
	b->decision = D_HOLD;
	b->route = route;
	b->approved = b->disputed = 0;
}

/* What holds a bill back whatever its amount. */
static void
check_release(struct judge *j, struct bill *b)
{
	if (!pays(b))
		return;
	if (above_cap(j, b)) {
		recon_find(j->g, b, "approval-limit");
		hold_back(b, R_FINANCE);
	}
	if (b->profile->remit_to != NULL && b->remit_to.n > 0 &&
	    !lists_folded(b->profile->remit_to, b->remit_to)) {
		recon_find(j->g, b, "remit-to-changed")->billed = b->remit_to;
		hold_back(b, R_MASTER);
	}
}

static void
decide(struct judge *j, struct bill *b)
{
	int64_t	 age = days_since(j, received_on(b));

	b->decision = recon_outcomes[b->outcome].decision;
	b->route = recon_outcomes[b->outcome].route;
	b->approved = b->disputed = 0;
	if (b->decision == D_APPROVE)
		b->approved = b->total;
	if (b->outcome == O_OVERBILLED)
		decide_over(j, b);
	if (b->outcome == O_NO_SHIPMENT && age > j->rules->unmatched_days) {
		b->decision = D_DISPUTE;
		b->route = R_CARRIER;
	}
	if (b->outcome == O_NO_POD && age > b->profile->pod_escalate_days)
		b->route = R_CUSTOMER;
	check_release(j, b);
	if (b->decision == D_DISPUTE)
		b->disputed = b->total;
	if ((b->decision == D_DISPUTE || b->decision == D_SHORT_PAY) &&
	    received_on(b) != LGX_DATE_NONE)
		b->contest_by = received_on(b) + (lgx_date)j->rules->contest_days;
}

/*
 * Effects and sums
 */

static bool
is_live(const struct bill *b)		/* it asks for money that may still be owed */
{
	switch (b->outcome) {
	case O_NONE:
	case O_ARITHMETIC:
	case O_DUPLICATE_EXACT:
	case O_SUPERSEDED:
	case O_NO_EFFECT:
	case O_CANCELLATION:
	case O_WRONG_PARTY:
		return false;
	default:
		return true;
	}
}

/* It was measured against the shipment, and what it asks for is not refused outright. */
static bool
stands(const struct bill *b)
{
	return b->outcome == O_NO_POD || (b->outcome >= O_OVERBILLED && b->outcome <= O_MATCHED);
}

static void
add_lines(struct judge *j, struct bill *b)
{
	if (b->verdicts == NULL) {	/* settled before */
		for (size_t i = 0; b->memory != NULL && i < b->memory->lines.n; i++)
			recon_line(b->load, b->memory->lines.c[i].code, &j->g->arena)->approved +=
			    b->memory->lines.c[i].amount;
		for (size_t i = 0; b->memory != NULL && i < b->memory->cuts.n; i++)
			recon_line(b->load, b->memory->cuts.c[i].code, &j->g->arena)->disputed +=
			    b->memory->cuts.c[i].amount;
		return;
	}
	for (size_t i = 0; i < b->nverdicts; i++) {
		const struct verdict *v = &b->verdicts[i];
		struct line *line;

		if (v->mine == 0)
			continue;
		line = recon_line(b->load, v->code, &j->g->arena);
		line->approved += v->mine + v->settles - v->cut;
		line->disputed += v->cut - v->settles;
	}
}

static void
count_in(struct judge *j, struct bill *b)
{
	struct load	*load = b->load;

	if (!is_live(b))
		return;
	recon_accept(j->seen, b);
	if (load == NULL)
		return;
	recon_attach_bill(load, b, &j->g->arena);
	if (stands(b)) {
		load->live += b->total;
		load->standing++;
	}
	if (!pays(b))
		return;
	load->prior += b->approved + b->settles;
	load->disputed += b->disputed - b->settles;
	load->approved_bills++;
	add_lines(j, b);
}

static bool
is_final(const struct judge *j, const struct bill *b)
{
	return b->outcome == O_MATCHED || b->outcome == O_WITHIN ||
	    (b->outcome == O_UNDERBILLED && j->rules->release);
}

static void
book(struct judge *j, struct bill *b)
{
	if (!pays(b))
		return;
	recon_book_incurred(b->load, j->rules, b, j->today, &j->g->arena);
	recon_book_bill(b, j->rules, is_final(j, b), j->today, &j->g->arena);
}

/*
 * Paid short, and the shipment was re-rated since: what was disputed may have
 * been authorised.  More may be paid then, never less.
 */
static bool
may_be_owed_now(const struct judge *j, const struct bill *b)
{
	return b->decision == D_SHORT_PAY && !j->rules->gross && b->load != NULL &&
	    b->disputed > 0 && !lgx_str_eq(b->version, b->load->now->rate_version);
}

static void
reopen(struct bill *b)
{
	b->settled = false;
	b->paid = b->approved;
}

static void
keep_paid(struct bill *b)
{
	if (b->paid == 0 || (pays(b) && b->approved >= b->paid))
		return;
	b->decision = D_SHORT_PAY;
	b->route = R_CARRIER;
	b->approved = b->paid;
	b->disputed = b->total - b->paid;
}

static void
judge_bill(struct judge *j, struct bill *b)
{
	inherit(b);
	find_outcome(j, b);
	if (b->has_expected && b->outcome != O_DUPLICATE_PROBABLE)
		recon_explain(j->g, b);
	decide(j, b);
	keep_paid(b);
	book(j, b);
	count_in(j, b);
	b->changed = true;
	b->version = b->load != NULL ? b->load->now->rate_version : LGX_STR_EMPTY;
}

/* Settled long ago, and now replaced: its amount moves, its journals are mirrored elsewhere. */
static void
unsettle(struct judge *j, struct bill *b)
{
	if (b->outcome == O_SUPERSEDED || b->decision == D_REJECT)
		return;
	b->outcome = O_SUPERSEDED;
	is_superseded(j, b);
	decide(j, b);
	b->changed = true;
}

/*
 * A supplement that names no bill adds to whatever was billed: it waits for the
 * others, or the next run would see more than this one.
 */
static bool
adds_to_any(const struct bill *b)
{
	return b->handling == LGX_DELTA && b->original == NULL;
}

/* First of all, so that whoever is judged next meets the accrual open again. */
static void
take_back(struct judge *j, struct bill *b)
{
	if (b->original != NULL && b->superseded_by == NULL &&
	    (b->handling == LGX_REPLACE || b->handling == LGX_CANCEL))
		recon_book_reversals(b, j->today, &j->g->arena);
}

/*
 * Shipments
 */

static enum recon_outcome
load_outcome(const struct group *g, const struct load *load)
{
	if (load->outcome == O_CANCELLED)
		return O_CANCELLED;
	if (load->standing == 0 || (load->delivered == LGX_DATE_NONE && load->approved_bills == 0))
		return load->delivered == LGX_DATE_NONE ? O_NOT_YET_BILLABLE : O_UNBILLED;
	if (load->live < load->expected && !g->rules->release &&
	    !recon_total_passes(g, load, load->live - load->expected))
		return O_PARTLY_BILLED;
	return O_BILLED;
}

static void
judge_load(struct group *g, struct load *load)
{
	load->outcome = load_outcome(g, load);
	load->decision = D_NONE;
	load->route = recon_outcomes[load->outcome].route;
	for (const struct effect *e = load->effects; e != NULL; e = e->next) {
		if (!e->fresh)
			continue;
		if (lgx_str_starts(e->template, LGX_STR("T2")))
			load->decision = D_ACCRUE;
		else if (load->decision != D_ACCRUE)
			load->decision = lgx_str_eq(e->template, LGX_STR("T1x")) ? D_REVERSE : D_PROJECT;
		if (load->route == R_LOG)
			load->route = R_POST;
	}
}

void
recon_judge_group(struct group *g)
{
	struct judge	 j = { g, g->rules, recon_survey(g), lgx_time_date(g->as_of) };

	for (size_t i = 0; i < g->nloads; i++)
		recon_book_load(&g->loads[i], g->rules, j.today, &g->arena);
	for (size_t i = 0; i < g->nbills; i++) {
		struct bill *b = g->order[i];

		if (b->booked && b->twin == NULL)
			recon_accept(j.seen, b);
		else if (b->settled && b->superseded_by != NULL)
			unsettle(&j, b);
		else if (b->settled && may_be_owed_now(&j, b))
			reopen(b);
		if (b->settled)
			count_in(&j, b);
	}
	for (size_t i = 0; i < g->nbills; i++)
		if (!g->order[i]->booked && !g->order[i]->settled)
			take_back(&j, g->order[i]);
	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < g->nbills; i++) {
			struct bill *b = g->order[i];

			if (b->booked || b->header || adds_to_any(b) != (late == 1))
				continue;
			if (!b->settled)
				judge_bill(&j, b);
			if (b->outcome == O_SUPERSEDED && !recon_is_cancelled(b))
				recon_accept(j.seen, b);
		}
	for (size_t i = 0; i < g->nloads; i++)
		judge_load(g, &g->loads[i]);
}
