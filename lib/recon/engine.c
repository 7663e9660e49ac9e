/*
 * recon/engine.c - a run, from lines to decisions
 * Floor recon: uses base and rec.
 *
 * Lines of the state and of the input go into one pool.  Groups that share a
 * reference are judged one after the other; their decisions leave sorted, so
 * that neither the order of groups nor that of the input shows.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "recon/emit.h"
#include "recon/group.h"
#include "recon/judge.h"
#include "recon/outcome.h"
#include "recon/read.h"
#include "recon/recon.h"
#include "recon/state.h"
#include "recon/summary.h"

struct lgx_recon {
	struct lgx_rules	 rules;
	struct lgx_state	 state;
	bool			 stateful, commits, redo;
	struct lgx_pool		 pool;
	struct group		 group;
	struct run		 run;
	struct summary		 summary;
	struct lgx_buf		 summary_text, line, canonical;
	struct lgx_sorter	 out, dead, keep;
	uint64_t		 digest[4], lines;	/* of the input, whatever its order */
	struct lgx_sha		*sha;
	lgx_time		 as_of, latest;
	lgx_date		 before;	/* as-of date of the run before, LGX_DATE_NONE if none */
	struct lgx_arena	 text, scratch;
	struct lgx_rec		 rec;
};

struct tie_to { struct lgx_pool *pool; uint32_t item; };

static void
tie_item(void *arg, uint64_t tie)
{
	struct tie_to	*t = arg;

	lgx_pool_tie(t->pool, t->item, tie);
}

/*
 * Opening
 */

static int
take_memory(void *arg, struct lgx_str line, unsigned segment, struct lgx_err *err);

static int
check_options(const struct lgx_recon_options *o, struct lgx_err *err)
{
	if (o->state != NULL && o->run == NULL)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "-s needs --run: a state must know which run it is from");
	if (o->run != NULL && (o->run[0] == '\0' || strlen(o->run) > 100 ||
	    !lgx_str_utf8(lgx_str_of(o->run))))
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "--run takes a name of 1 to 100 bytes");
	return LGX_OK;
}

static void
name_rules(struct lgx_recon *r)
{
	struct lgx_buf	 b = { NULL, 0, 0 };

	lgx_buf_puts(&b, r->rules.name);
	lgx_buf_putc(&b, '@');
	lgx_buf_puts(&b, r->rules.version);
	r->run.rules = lgx_arena_str(&r->text, lgx_buf_str(&b));
	r->run.config = lgx_str_of(r->rules.digest);
	lgx_buf_release(&b);
}

static int
open_state(struct lgx_recon *r, const struct lgx_recon_options *o, struct lgx_err *err)
{
	lgx_time	 before;
	int		 st;

	if (o->state == NULL)
		return LGX_OK;
	r->stateful = true;
	if ((st = lgx_state_open(&r->state, o->state, lgx_str_of(o->run), err)) != LGX_OK)
		return st;
	if (r->state.base.number > 0 && lgx_date_or_time_parse(r->state.base.as_of, &before))
		r->before = lgx_time_date(before);
	return lgx_state_read(&r->state, take_memory, r, err);
}

int
lgx_recon_open(struct lgx_recon **out, const struct lgx_recon_options *o,
    const struct lgx_find *find, struct lgx_err *err)
{
	struct lgx_recon	*r;
	int			 st;

	*out = NULL;
	if ((st = check_options(o, err)) != LGX_OK)
		return st;
	r = lgx_calloc(1, sizeof(*r));
	r->as_of = o->as_of;
	r->latest = LGX_TIME_NONE;
	r->before = LGX_DATE_NONE;
	r->redo = o->redo;
	r->sha = lgx_sha_new();
	if ((st = lgx_rules_load(find, o->rules, &r->rules, err)) == LGX_OK) {
		name_rules(r);
		if (o->run != NULL)
			r->run.id = lgx_arena_str(&r->text, lgx_str_of(o->run));
		st = open_state(r, o, err);
	}
	if (st != LGX_OK) {
		lgx_recon_free(r);
		return st;
	}
	*out = r;
	return LGX_OK;
}

/*
 * Taking
 */

static void
seen_at(struct lgx_recon *r, lgx_time t)
{
	if (t != LGX_TIME_NONE && (r->latest == LGX_TIME_NONE || t > r->latest))
		r->latest = t;
}

static bool
is_invoice_booked(struct lgx_rec *rec)
{
	return lgx_rec_has(rec, LGX_M_invoice) && lgx_rec_has(rec, LGX_M_amount);
}

static bool
is_of_ledger(struct lgx_rec *rec)	/* other targets only took a copy */
{
	struct lgx_str	 target = lgx_rec_str(rec, LGX_M_target);

	return lgx_rec_has(rec, LGX_M_key) &&
	    (target.n == 0 || lgx_str_eq(target, LGX_STR("ledger")));
}

static uint32_t
add_item(struct lgx_recon *r, unsigned kind, unsigned segment, struct tie_to *t)
{
	t->pool = &r->pool;
	t->item = lgx_pool_add(&r->pool, r->rec.line, kind, segment);
	return t->item;
}

/* Read once to see that it can be read, and for its ties; judging reads it again. */
static int
take_record(struct lgx_recon *r, unsigned segment, enum lgx_taken *taken, struct lgx_err *err)
{
	struct tie_to	 t;
	union { struct version v; struct bill b; struct event_record e; struct receipt r; } u;
	int		 st = LGX_OK;

	lgx_arena_clear(&r->scratch);
	*taken = LGX_TAKEN;
	switch (r->rec.kind) {
	case LGX_K_SHIPMENT:
		st = recon_read_version(&r->rec, &r->rules, &r->scratch, &u.v, err);
		if (st != LGX_OK)
			return st;
		seen_at(r, u.v.updated);
		add_item(r, LGX_K_SHIPMENT, segment, &t);
		recon_tie_version(&u.v, &r->rules, tie_item, &t);
		return LGX_OK;
	case LGX_K_STATUS:
		st = recon_read_event(&r->rec, &r->rules, &r->scratch, &u.e, err);
		if (st != LGX_OK)
			return st;
		seen_at(r, u.e.received != LGX_TIME_NONE ? u.e.received : u.e.event.time);
		add_item(r, LGX_K_STATUS, segment, &t);
		recon_tie_event(&u.e, tie_item, &t);
		return LGX_OK;
	case LGX_K_INVOICE:
		st = recon_read_bill(&r->rec, &r->rules, &r->scratch, &u.b, err);
		if (st != LGX_OK)
			return st;
		seen_at(r, u.b.received);
		add_item(r, LGX_K_INVOICE, segment, &t);
		recon_tie_bill(&u.b, tie_item, &t);
		return LGX_OK;
	case LGX_K_BOOKED:
		if (!is_invoice_booked(&r->rec))
			break;
		st = recon_read_booked(&r->rec, &r->rules, &r->scratch, &u.b, err);
		if (st != LGX_OK)
			return st;
		add_item(r, LGX_K_BOOKED, segment, &t);
		recon_tie_bill(&u.b, tie_item, &t);
		return LGX_OK;
	case LGX_K_RECEIPT:
		if (!is_of_ledger(&r->rec))
			break;
		st = recon_read_receipt(&r->rec, &r->scratch, &u.r, err);
		if (st != LGX_OK)
			return st;
		add_item(r, LGX_K_RECEIPT, segment, &t);
		recon_tie_receipt(&u.r, tie_item, &t);
		return LGX_OK;
	default:
		break;
	}
	*taken = LGX_PASSED;
	return LGX_OK;
}

static int
take_memory(void *arg, struct lgx_str line, unsigned segment, struct lgx_err *err)
{
	struct lgx_recon	*r = arg;
	struct memory		 m;
	struct tie_to		 t;
	enum lgx_taken		 taken;
	int			 st;

	if ((st = lgx_rec_parse(&r->rec, line, LGX_PLACE_NONE, err)) != LGX_OK)
		return LGX_FAIL;
	if (r->rec.kind != LGX_K_NONE)
		return take_record(r, segment, &taken, err) == LGX_OK ? LGX_OK : LGX_FAIL;
	lgx_arena_clear(&r->scratch);
	if (recon_read_memory(&r->rec, &r->scratch, &m, err) != LGX_OK)
		return LGX_FAIL;
	add_item(r, LGX_POOL_MEMORY, segment, &t);
	recon_tie_memory(&m, tie_item, &t);
	return LGX_OK;
}

/* A sum of hashes: every line counts, their order does not. */
static void
digest_line(struct lgx_recon *r, struct lgx_str line)
{
	unsigned char	 bytes[LGX_SHA_SIZE];
	uint64_t	 lane;

	lgx_sha_add(r->sha, line);
	lgx_sha_end(r->sha, bytes);
	for (int i = 0; i < 4; i++) {
		lane = 0;
		for (int b = 0; b < 8; b++)
			lane = lane << 8 | bytes[8 * i + b];
		r->digest[i] += lane;
	}
	r->lines++;
}

static bool
is_ours(enum lgx_kind k)
{
	return k == LGX_K_SHIPMENT || k == LGX_K_STATUS || k == LGX_K_INVOICE || k == LGX_K_BOOKED ||
	    k == LGX_K_RECEIPT || k == LGX_K_NONE;
}

/* Decisions quote what they rest on, so it is brought to canonical bytes first. */
static int
take_canonical(struct lgx_recon *r, enum lgx_taken *taken, struct lgx_err *err)
{
	struct lgx_place	 place = r->rec.place;
	int			 st;

	if (!is_ours(r->rec.kind))
		return LGX_OK;
	lgx_buf_clear(&r->canonical);
	if ((st = lgx_rec_canon(&r->rec, &r->canonical, err)) != LGX_OK)
		return st;
	if (!lgx_str_eq(lgx_buf_str(&r->canonical), r->rec.line) &&
	    (st = lgx_rec_parse(&r->rec, lgx_buf_str(&r->canonical), place, err)) != LGX_OK)
		return st;
	return take_record(r, 0, taken, err);
}

int
lgx_recon_take(struct lgx_recon *r, struct lgx_str line, struct lgx_place place,
    enum lgx_taken *taken, struct lgx_err *err)
{
	int	 st = LGX_OK;

	*taken = LGX_PASSED;
	if (is_ours(lgx_line_kind(line))) {
		if ((st = lgx_rec_parse(&r->rec, line, place, err)) == LGX_OK) {
			if (r->rec.kind == LGX_K_NONE)
				st = lgx_err_reject(err, LGX_E_REC_KIND, place, "no kind that lgx knows");
			else
				st = take_canonical(r, taken, err);
		}
	}
	if (st != LGX_OK)
		return st;
	if (r->stateful)
		digest_line(r, line);
	if (*taken == LGX_PASSED)
		lgx_sorter_add(&r->out, line);
	return LGX_OK;
}

/*
 * Judging
 */

static void
out_line(struct lgx_recon *r)
{
	lgx_sorter_add(&r->out, lgx_buf_str(&r->line));
	lgx_buf_clear(&r->line);
}

static void
keep_memory(struct lgx_recon *r, const struct memory *old)
{
	struct lgx_str	 line = lgx_str_trim(lgx_buf_str(&r->line));

	if (old == NULL || !lgx_str_eq(old->line, line))
		lgx_sorter_add(&r->keep, line);
	lgx_buf_clear(&r->line);
}

static void
finish_bill(struct lgx_recon *r, struct bill *b)
{
	struct lgx_str	 prior = b->memory != NULL ? b->memory->prior : LGX_STR_EMPTY;

	if (b->head.segment == 0)
		lgx_sorter_add(&r->keep, b->head.line);
	if (b->booked || b->header)
		return;
	if (b->changed) {
		recon_sum_bill(&r->summary, b);
		recon_emit_bill(&r->run, &r->group, b, &r->line);
		out_line(r);
		prior = recon_decision_id(&r->run, b->subject, &r->group.arena);
		recon_emit_bill_memory(b, prior, &r->line);
		keep_memory(r, b->memory);
	}
}

static bool
is_due(const struct load *load)
{
	if (load->memory == NULL || load->fresh)
		return true;
	if (load->outcome != O_BILLED && load->outcome != O_CANCELLED)
		return true;
	if (!lgx_str_eq(load->memory->outcome, lgx_str_of(recon_outcomes[load->outcome].name)))
		return true;
	for (const struct effect *e = load->effects; e != NULL; e = e->next)
		if (e->fresh)
			return true;
	return false;
}

static void
finish_load(struct lgx_recon *r, struct load *load)
{
	struct lgx_str	 prior = load->memory != NULL ? load->memory->prior : LGX_STR_EMPTY;

	for (size_t i = 0; i < load->nversions; i++)
		if (load->versions[i].head.segment == 0)
			lgx_sorter_add(&r->keep, load->versions[i].head.line);
	if (is_due(load)) {
		recon_sum_load(&r->summary, load);
		recon_emit_load(&r->run, &r->group, load, &r->line);
		out_line(r);
		prior = recon_decision_id(&r->run, load->now->head.id, &r->group.arena);
	} else {
		load->decision = recon_word_of(load->memory->decision);
	}
	recon_emit_load_memory(load, prior, &r->line);
	keep_memory(r, load->memory);
}

/* Unknown for longer than it is carried forward, and not so yesterday. */
static bool
gives_up(const struct lgx_recon *r, const struct event_record *e)
{
	lgx_time	 t = e->received != LGX_TIME_NONE ? e->received : e->event.time;
	int64_t		 due = (int64_t)lgx_time_date(t) + r->rules.unmatched_days;

	if (e->load != NULL || lgx_time_date(r->as_of) <= due)
		return false;
	return e->head.segment == 0 || r->before == LGX_DATE_NONE || r->before <= due;
}

static void
finish_event(struct lgx_recon *r, struct event_record *e)
{
	if (gives_up(r, e))
		lgx_sorter_add(&r->dead, e->head.line);
	else if (e->head.segment == 0)
		lgx_sorter_add(&r->keep, e->head.line);
	if (e->head.segment == 0)
		r->summary.events[e->event.outcome]++;
}

static int
judge_group(struct lgx_recon *r, uint32_t first, struct lgx_err *err)
{
	struct group	*g = &r->group;
	int		 st;

	recon_group_clear(g);
	for (uint32_t i = first; i != LGX_POOL_NONE; i = r->pool.items[i].next)
		if ((st = recon_group_add(g, &r->pool, i, err)) != LGX_OK)
			return st;
	recon_group_build(g);
	recon_judge_group(g);
	for (size_t i = 0; i < g->nbills; i++)
		finish_bill(r, &g->bills[i]);
	for (size_t i = 0; i < g->nloads; i++)
		finish_load(r, &g->loads[i]);
	for (size_t i = 0; i < g->nevents; i++)
		finish_event(r, &g->events[i]);
	return LGX_OK;
}

/* A date means its whole day. */
static void
settle_as_of(struct lgx_recon *r)
{
	struct lgx_buf	 b = { NULL, 0, 0 };

	if (r->as_of == LGX_TIME_NONE)
		r->as_of = r->latest != LGX_TIME_NONE ? lgx_time_date(r->latest) * LGX_DAY : 0;
	if (r->as_of % LGX_DAY == 0)
		r->as_of += LGX_DAY - 1;
	r->run.as_of = r->group.as_of = r->as_of;
	if (r->run.id.n > 0)
		return;
	lgx_date_put(&b, lgx_time_date(r->as_of));
	r->run.id = lgx_arena_str(&r->text, lgx_buf_str(&b));
	lgx_buf_release(&b);
}

static int
admit(struct lgx_recon *r, struct lgx_err *err)
{
	struct lgx_buf	 as_of = { NULL, 0, 0 };
	char		 text[128];
	int		 st;

	if (!r->stateful)
		return LGX_OK;
	snprintf(text, sizeof(text), "%016llx%016llx%016llx%016llx-%llu",
	    (unsigned long long)r->digest[0], (unsigned long long)r->digest[1],
	    (unsigned long long)r->digest[2], (unsigned long long)r->digest[3],
	    (unsigned long long)r->lines);
	lgx_time_put(&as_of, r->as_of);
	st = lgx_state_admit(&r->state, lgx_buf_str(&as_of), lgx_str_of(text), r->run.config,
	    r->redo, &r->commits, err);
	lgx_buf_release(&as_of);
	return st;
}

static int
hand_out(struct lgx_recon *r, int (*emit)(void *, struct lgx_str, struct lgx_err *),
    int (*dead)(void *, struct lgx_str, const struct lgx_err *, struct lgx_err *), void *arg,
    struct lgx_err *err)
{
	struct lgx_err	 why;
	int		 st = LGX_OK;

	lgx_sorter_sort(&r->dead);
	for (size_t i = 0; i < r->dead.n && st == LGX_OK; i++) {
		(void)lgx_err_reject(&why, LGX_E_EVENT_UNKNOWN, LGX_PLACE_NONE,
		    "no shipment within %lld days", (long long)r->rules.unmatched_days);
		st = dead(arg, lgx_str_trim(lgx_sorter_line(&r->dead, i)), &why, err);
	}
	lgx_sorter_sort(&r->out);
	for (size_t i = 0; i < r->out.n && st == LGX_OK; i++)
		st = emit(arg, lgx_sorter_line(&r->out, i), err);
	return st;
}

int
lgx_recon_finish(struct lgx_recon *r, int (*emit)(void *, struct lgx_str, struct lgx_err *),
    int (*dead)(void *, struct lgx_str, const struct lgx_err *, struct lgx_err *), void *arg,
    struct lgx_err *err)
{
	int	 st;

	settle_as_of(r);
	r->group.rules = &r->rules;
	if ((st = admit(r, err)) != LGX_OK)
		return st;
	lgx_pool_group(&r->pool);
	for (size_t i = 0; i < r->pool.n; i++)
		if (r->pool.items[i].set && (st = judge_group(r, (uint32_t)i, err)) != LGX_OK)
			return st;
	r->summary.redelivered = r->group.redelivered;
	recon_put_summary(&r->summary, r->run.id, r->as_of, &r->summary_text);
	if ((st = recon_prove(&r->summary, err)) != LGX_OK)
		return st;
	if (r->commits && (st = lgx_state_add(&r->state, &r->keep, err)) != LGX_OK)
		return st;
	return hand_out(r, emit, dead, arg, err);
}

struct lgx_str
lgx_recon_summary(struct lgx_recon *r)
{
	return lgx_buf_str(&r->summary_text);
}

uint64_t
lgx_recon_bills(const struct lgx_recon *r)
{
	return r->summary.bills;
}

uint64_t
lgx_recon_exceptions(const struct lgx_recon *r)
{
	return r->summary.exceptions;
}

int
lgx_recon_commit(struct lgx_recon *r, struct lgx_err *err)
{
	return r->commits ? lgx_state_commit(&r->state, err) : LGX_OK;
}

void
lgx_recon_free(struct lgx_recon *r)
{
	if (r == NULL)
		return;
	lgx_rules_release(&r->rules);
	lgx_state_release(&r->state);
	lgx_pool_release(&r->pool);
	recon_group_release(&r->group);
	lgx_build_release(&r->run.build);
	recon_summary_release(&r->summary);
	lgx_buf_release(&r->summary_text);
	lgx_buf_release(&r->line);
	lgx_buf_release(&r->canonical);
	lgx_sorter_release(&r->out);
	lgx_sorter_release(&r->dead);
	lgx_sorter_release(&r->keep);
	lgx_sha_free(r->sha);
	lgx_rec_release(&r->rec);
	lgx_arena_release(&r->text);
	lgx_arena_release(&r->scratch);
	free(r);
}
