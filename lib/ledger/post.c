/*
 * ledger/post.c - decisions into the books, a batch at a time
 * Floor ledger: stands on base and rec.
 *
 * What can be judged without the ledger is judged when a decision is taken.
 * A flush then goes over the batch twice: in the order of arrival to settle
 * periods, reversals and what is blocked, and in the order of keys to book.
 * A key conflict shows only when booking; it is rare, so the batch is then
 * taken back and done once more with that effect refused.
 */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/table.h"
#include "ledger/post.h"

struct effect {
	struct lgx_entry	 e;
	uint32_t		 record;	/* which decision */
	enum lgx_effect_state	 state;
	const struct lgx_err	*bad;		/* refused for good; NULL: nothing wrong */
	const struct lgx_err	*now;		/* refused in this pass */
	struct lgx_str		 blocked_by;
};

struct record {
	struct lgx_decision	 d;
	struct lgx_place	 place;
};

/* What is taken together is booked together. */
struct batch {
	struct lgx_arena	 text;
	size_t			 bytes;
	struct record		*records;
	struct lgx_post_result	*results;
	size_t			 n, record_cap, result_cap;
	struct effect		*effects;
	size_t			 neffects, effect_cap;
	uint32_t		*order;		/* effects by key */
	size_t			 order_cap;
};

/*
 * Two threads: while the writer books one batch, the caller fills the other.
 * What the writer has is under `writer`; the caller touches it, and the batch
 * being booked, only while no writer runs.
 */
struct lgx_post {
	struct lgx_post_opts	 opts;
	struct batch		 batch[2];
	struct batch		*taking, *booking, *done;	/* done: its results are out */
	bool			 running;	/* a writer is under way with `booking` */
	pthread_t		 thread;
	/* of taking and receipts */
	struct lgx_rec		 rec;
	struct lgx_arena	 names;		/* of inputs */
	const char		*file;		/* the last of them */
	struct lgx_build	 build;
	struct lgx_buf		 scratch, id;
	struct writer {
		struct lgx_post_opts	*opts;
		struct batch		*batch;
		/* shipments with a refused effect, and its key: of the run, and of this pass */
		struct lgx_dict		 blocked, blocked_now;
		struct lgx_str		*blocker, *blocker_now;
		size_t			 blocker_cap, blocker_now_cap;
		struct lgx_arena	 kept;		/* text of blocker */
		struct lgx_dict		 reversed;	/* keys that this pass reverses already */
		bool			 open;		/* a dry run keeps its transaction */
		struct lgx_rec		 rec;
		struct lgx_buf		 scratch;
		struct lgx_post_counts	 counts;
		struct lgx_err		 err;
		int			 status;	/* of the last batch, and why */
	} writer;
};

struct lgx_post *
lgx_post_new(const struct lgx_post_opts *opts)
{
	struct lgx_post	*p = lgx_calloc(1, sizeof(*p));

	p->opts = *opts;
	p->writer.opts = &p->opts;
	p->taking = &p->batch[0];
	return p;
}

static void
forget(struct lgx_dict *dict)
{
	lgx_dict_release(dict);
	*dict = (struct lgx_dict){ 0 };
}

static void
release_batch(struct batch *b)
{
	lgx_arena_release(&b->text);
	free(b->records);
	free(b->results);
	free(b->effects);
	free(b->order);
}

static void
release_writer(struct writer *w)
{
	if (w->open)
		lgx_ledger_rollback(w->opts->ledger);
	lgx_dict_release(&w->blocked);
	lgx_dict_release(&w->blocked_now);
	lgx_dict_release(&w->reversed);
	lgx_arena_release(&w->kept);
	lgx_rec_release(&w->rec);
	lgx_buf_release(&w->scratch);
	free(w->blocker);
	free(w->blocker_now);
}

void
lgx_post_free(struct lgx_post *p)
{
	if (p == NULL)
		return;
	if (p->running)
		pthread_join(p->thread, NULL);
	release_writer(&p->writer);
	release_batch(&p->batch[0]);
	release_batch(&p->batch[1]);
	lgx_rec_release(&p->rec);
	lgx_arena_release(&p->names);
	lgx_build_release(&p->build);
	lgx_buf_release(&p->scratch);
	lgx_buf_release(&p->id);
	free(p);
}

/*
 * Taking
 */

static const struct lgx_err *
keep_err(struct batch *b, const struct lgx_err *err)
{
	struct lgx_err	*copy = lgx_arena_alloc(&b->text, sizeof(*copy));

	*copy = *err;
	return copy;
}

/* Views into the line stay; unescaped text would go with the next record. */
static void
keep_text(struct batch *b, struct lgx_str line, struct lgx_str *s)
{
	uintptr_t	 at = (uintptr_t)s->p, start = (uintptr_t)line.p;

	if (s->n > 0 && (at < start || at >= start + line.n))
		*s = lgx_arena_str(&b->text, *s);
}

static void
keep_decision(struct batch *b, struct lgx_str line, struct lgx_decision *d)
{
	struct lgx_str	*const texts[] = { &d->id, &d->subject, &d->run, &d->as_of, &d->company,
	    &d->currency, &d->usage, &d->shipment, &d->load, &d->scac, &d->pro, &d->bol,
	    &d->customer, &d->rules, &d->config };

	for (size_t i = 0; i < LGX_LEN(texts); i++)
		keep_text(b, line, texts[i]);
}

/* Lines of a control account are proven per shipment, so they must name one. */
static int
check_shipment(const struct lgx_post *p, const struct lgx_entry *e, const struct lgx_decision *d,
    struct lgx_place place, struct lgx_err *err)
{
	const struct lgx_role	*role;

	for (size_t i = 0; i < e->nlines && d->load.n == 0 && d->shipment.n == 0; i++)
		if ((role = &p->opts.journals->role[e->line[i].role])->control)
			return lgx_err_reject(err, LGX_E_POST_SHIPMENT, place,
			    "%.*s is kept per shipment, and the decision names none",
			    LGX_STR_ARG(role->name));
	return LGX_OK;
}

static int
check_usage(const struct lgx_post *p, const struct lgx_decision *d, struct lgx_place place,
    struct lgx_err *err)
{
	if (d->usage.n == 0 || lgx_str_eq(d->usage, LGX_STR("P")) ||
	    lgx_ledger_is_test(p->opts.ledger))
		return LGX_OK;
	return lgx_err_reject(err, LGX_E_POST_USAGE, place,
	    "usage %.*s, and this is no test ledger", LGX_STR_ARG(lgx_str_head(d->usage, 8)));
}

static void
take_effect(struct lgx_post *p, struct lgx_str line, uint32_t node, const struct lgx_decision *d)
{
	struct batch	*b = p->taking;
	struct lgx_err	 err;
	struct effect	*f;

	b->effects = lgx_grow(b->effects, &b->effect_cap, b->neffects + 1, sizeof(*b->effects));
	f = &b->effects[b->neffects++];
	f->record = (uint32_t)b->n;
	f->bad = NULL;
	if (lgx_entry_read(&f->e, &p->rec, node, d, p->opts.journals, &p->scratch, &err) != LGX_OK ||
	    check_usage(p, d, p->rec.place, &err) != LGX_OK ||
	    check_shipment(p, &f->e, d, p->rec.place, &err) != LGX_OK)
		f->bad = keep_err(b, &err);
	keep_text(b, line, &f->e.name);
	keep_text(b, line, &f->e.reverses);
	if (d->currency.n > 0)
		f->e.currency = d->currency;
}

static int
take_decision(struct lgx_post *p, struct lgx_str line, struct lgx_err *err)
{
	struct batch		*b = p->taking;
	struct record		*r = &b->records[b->n];
	struct lgx_post_result	*result = &b->results[b->n];

	lgx_decision_read(&r->d, &p->rec);
	if (r->d.run.n == 0)
		r->d.run = p->opts.run;
	keep_decision(b, line, &r->d);
	if (r->d.effects == 0)
		return LGX_OK;
	if (p->rec.nodes[r->d.effects].type != LGX_ARRAY)
		return lgx_err_reject(err, LGX_E_REC_TYPE, p->rec.place, "effects is no list");
	LGX_NODE_EACH(i, &p->rec, r->d.effects)
		take_effect(p, line, i, &r->d);
	result->n = b->neffects - result->first;
	return LGX_OK;
}

static int
take(struct lgx_post *p, struct lgx_str line, struct lgx_place place, struct lgx_err *err)
{
	int	 st;

	if ((st = lgx_rec_parse(&p->rec, line, place, err)) != LGX_OK)
		return st;
	p->taking->results[p->taking->n].letter = p->rec.kind == LGX_K_DEADLETTER;
	if (p->rec.kind == LGX_K_DECISION)
		return take_decision(p, line, err);
	if (p->rec.kind == LGX_K_DEADLETTER)
		return LGX_OK;
	return lgx_err_reject(err, LGX_E_REC_KIND, place, "no record of a kind that lgx knows");
}

/* An input's name goes with the input, which may be closed before the flush. */
static const char *
keep_name(struct lgx_post *p, const char *name)
{
	if (name != NULL && (p->file == NULL || strcmp(p->file, name) != 0))
		p->file = lgx_arena_z(&p->names, lgx_str_of(name));
	return name != NULL ? p->file : NULL;
}

void
lgx_post_add(struct lgx_post *p, struct lgx_str line, struct lgx_place place)
{
	struct batch	*b = p->taking;
	struct lgx_str	 copy = lgx_arena_str(&b->text, line);
	struct lgx_err	 err;

	b->bytes += line.n;
	place.file = keep_name(p, place.file);
	b->records = lgx_grow(b->records, &b->record_cap, b->n + 1, sizeof(*b->records));
	b->results = lgx_grow(b->results, &b->result_cap, b->n + 1, sizeof(*b->results));
	b->records[b->n] = (struct record){ .place = place };
	b->results[b->n] = (struct lgx_post_result){ .line = copy, .first = b->neffects,
	    .blocked_by = LGX_STR_EMPTY };
	if (take(p, copy, place, &err) != LGX_OK)
		b->results[b->n].refused = keep_err(b, &err);
	b->n++;
}

bool
lgx_post_full(const struct lgx_post *p)
{
	const struct batch	*b = p->taking;

	return b->neffects >= LGX_POST_EFFECTS || b->bytes >= LGX_POST_BYTES ||
	    b->n >= LGX_POST_EFFECTS;
}

/*
 * Blocking
 */

static struct lgx_str
blocking_name(const struct writer *w, const struct effect *f)
{
	const struct lgx_decision	*d = &w->batch->records[f->record].d;

	/* a shipment's id changes with its rate version, its load does not */
	return d->load.n > 0 ? d->load : d->shipment.n > 0 ? d->shipment : d->subject;
}

static void
block(struct writer *w, const struct effect *f)
{
	size_t		 before = w->blocked_now.n;
	uint32_t	 n = lgx_dict_add(&w->blocked_now, blocking_name(w, f));

	if (w->blocked_now.n == before)
		return;
	w->blocker_now = lgx_grow(w->blocker_now, &w->blocker_now_cap, n + 1,
	    sizeof(*w->blocker_now));
	w->blocker_now[n] = f->e.name.n > 0 ? f->e.name : w->batch->records[f->record].d.id;
}

/* The key that the shipment waits for, or empty. */
static struct lgx_str
blocker_of(const struct writer *w, const struct effect *f)
{
	uint32_t	 n;

	if (w->blocked.n > 0 &&
	    (n = lgx_dict_find(&w->blocked, blocking_name(w, f))) != LGX_DICT_NONE)
		return w->blocker[n];
	if (w->blocked_now.n > 0 &&
	    (n = lgx_dict_find(&w->blocked_now, blocking_name(w, f))) != LGX_DICT_NONE)
		return w->blocker_now[n];
	return LGX_STR_EMPTY;
}

/* What was blocked in this batch stays so for the rest of the run. */
static void
remember_blocked(struct writer *w)
{
	for (uint32_t i = 0; i < w->blocked_now.n; i++) {
		size_t		 before = w->blocked.n;
		uint32_t	 n = lgx_dict_add(&w->blocked, lgx_dict_text(&w->blocked_now, i));

		if (w->blocked.n == before)
			continue;
		w->blocker = lgx_grow(w->blocker, &w->blocker_cap, n + 1, sizeof(*w->blocker));
		w->blocker[n] = lgx_arena_str(&w->kept, w->blocker_now[i]);
	}
}

/*
 * Periods and reversals: what only the ledger knows
 */

/* Booked already, with the same content: what is judged below was judged then. */
static int
is_repeat(struct writer *w, const struct effect *f, bool *repeat, struct lgx_err *err)
{
	struct lgx_posted	 there;
	int			 st = lgx_ledger_find(w->opts->ledger, &f->e.key, &there, err);

	*repeat = st == LGX_OK && lgx_str_eq(there.name, f->e.name);
	return st == LGX_FAIL ? st : LGX_OK;
}

static lgx_date
next_month(lgx_date d)
{
	struct lgx_civil c = lgx_date_civil(d);
	lgx_date	 first = d;

	if (!lgx_date_make(c.year + c.month / 12, c.month % 12 + 1, 1, &first))
		return d;
	return first;
}

/* The first day of the next open month, or LGX_DATE_NONE. */
static lgx_date
next_open(const struct writer *w, const struct lgx_entry *e)
{
	lgx_date	 d = e->event;

	for (int64_t i = 0; i < e->company->months; i++) {
		d = next_month(d);
		if (!lgx_ledger_closed(w->opts->ledger, e->company->name, e->template->journal, d))
			return d;
	}
	return LGX_DATE_NONE;
}

static bool
may_move(const struct lgx_entry *e)
{
	struct lgx_dec	 amount = { lgx_entry_amount(e), e->digits };

	return e->company->closed == LGX_CLOSED_NEXT_OPEN &&
	    lgx_dec_cmp(amount, e->company->materiality) <= 0;
}

static int
settle_period(struct writer *w, struct effect *f, struct lgx_err *err)
{
	struct lgx_entry	*e = &f->e;
	struct lgx_civil	 c = lgx_date_civil(e->event);
	bool			 repeat;
	int			 st;

	e->effective = e->event;
	if (!lgx_ledger_closed(w->opts->ledger, e->company->name, e->template->journal, e->event))
		return LGX_OK;
	if ((st = is_repeat(w, f, &repeat, err)) != LGX_OK || repeat)
		return st;
	if (may_move(e) && (e->effective = next_open(w, e)) != LGX_DATE_NONE)
		return LGX_OK;
	e->effective = e->event;
	return lgx_err_reject(err, LGX_E_POST_PERIOD, w->batch->records[f->record].place,
	    "%04d-%02d is closed for %.*s journals of %.*s%s", c.year, c.month,
	    LGX_STR_ARG(e->template->journal), LGX_STR_ARG(e->company->name),
	    e->company->closed != LGX_CLOSED_NEXT_OPEN ? "" : may_move(e) ?
	    ", and no later period in reach is open" : ", and the amount is too large to move");
}

/* Place of the first effect of the batch, in the order of keys, that is not below key. */
static size_t
seek_key(const struct writer *w, const struct lgx_key *key)
{
	size_t	 low = 0, high = w->batch->neffects;

	while (low < high) {
		size_t	 mid = low + (high - low) / 2;

		if (lgx_key_cmp(&w->batch->effects[w->batch->order[mid]].e.key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The entry of this batch that another one reverses: taken before it. */
static const struct effect *
find_in_batch(const struct writer *w, const struct effect *before, const struct lgx_key *key)
{
	for (size_t i = seek_key(w, key); i < w->batch->neffects; i++) {
		const struct effect *f = &w->batch->effects[w->batch->order[i]];

		if (lgx_key_cmp(&f->e.key, key) != 0)
			break;
		if (f < before && f->state == LGX_EFFECT_BOOKED &&
		    lgx_str_eq(f->e.name, before->e.reverses))
			return f;
	}
	return NULL;
}

/* Lines of the original as an entry's, so that both are compared alike. */
static void
lines_of(const struct writer *w, const struct lgx_posted *there, struct lgx_entry *e)
{
	e->nlines = there->nlines;
	for (size_t i = 0; i < there->nlines; i++) {
		int	 role = lgx_role_of(w->opts->journals, there->line[i].role);

		e->line[i] = (struct lgx_line){ (uint8_t)(role < 0 ? LGX_ROLES_MAX : role),
		    there->line[i].minor, there->line[i].account_id };
	}
}

/* Does e undo exactly what the original did?  It then takes the original's accounts. */
static bool
mirrors(struct lgx_entry *e, const struct lgx_entry *original)
{
	bool	 taken[LGX_ENTRY_LINES] = { false };

	if (e->nlines != original->nlines)
		return false;
	for (size_t i = 0; i < e->nlines; i++) {
		size_t	 k = 0;

		while (k < original->nlines && (taken[k] || original->line[k].role !=
		    e->line[i].role || original->line[k].minor != -e->line[i].minor))
			k++;
		if (k == original->nlines)
			return false;
		taken[k] = true;
		e->line[i].account = original->line[k].account;
	}
	return true;
}

static int
bad_reversal(const struct writer *w, const struct effect *f, struct lgx_err *err,
    const char *why)
{
	return lgx_err_reject(err, LGX_E_POST_REVERSES, w->batch->records[f->record].place, "%s %.*s",
	    why, LGX_STR_ARG(f->e.reverses));
}

/* What is to be reversed, of this batch or of the ledger, as far as a reversal needs it. */
static int
find_original(struct writer *w, const struct effect *f, struct lgx_entry *original,
    struct lgx_err *err)
{
	struct lgx_key		 key = lgx_key_of(f->e.reverses, NULL), by;
	const struct effect	*near = find_in_batch(w, f, &key);
	struct lgx_posted	 there;
	int			 st;

	if ((st = lgx_ledger_reversed_by(w->opts->ledger, &key, &by, err)) == LGX_FAIL)
		return st;
	if (st == LGX_OK)
		return bad_reversal(w, f, err, "reversed already:");
	if (near != NULL) {
		*original = near->e;
		return LGX_OK;
	}
	if ((st = lgx_ledger_find(w->opts->ledger, &key, &there, err)) == LGX_FAIL)
		return st;
	if (st == LGX_EOF || !lgx_str_eq(there.name, f->e.reverses))
		return bad_reversal(w, f, err, "there is no entry");
	original->effective = there.effective;
	original->currency = lgx_arena_str(&w->batch->text, there.currency);
	original->company = lgx_str_eq(there.company, f->e.company->name) ? f->e.company : NULL;
	lines_of(w, &there, original);
	return LGX_OK;
}

static int
settle_reversal(struct writer *w, struct effect *f, struct lgx_err *err)
{
	struct lgx_entry	*e = &f->e, original = { .nlines = 0 };
	size_t			 before = w->reversed.n;
	bool			 repeat;
	int			 st;

	if ((st = is_repeat(w, f, &repeat, err)) != LGX_OK || repeat)
		return st;
	if ((st = find_original(w, f, &original, err)) != LGX_OK)
		return st;
	if (e->company != original.company || !lgx_str_eq(e->currency, original.currency) ||
	    !mirrors(e, &original))
		return bad_reversal(w, f, err, "the amounts are not the opposite of");
	if (e->effective < original.effective)
		return bad_reversal(w, f, err, "dated before the entry that it reverses,");
	(void)lgx_dict_add(&w->reversed, e->reverses);
	if (w->reversed.n == before)
		return bad_reversal(w, f, err, "reversed already:");
	return LGX_OK;
}

/*
 * Booking
 */

/* Is there a reason to refuse it that its line alone does not show? */
static int
settle_effect(struct writer *w, struct effect *f, struct lgx_err *err)
{
	int	 st = settle_period(w, f, err);

	if (st == LGX_OK && f->e.reverses.n > 0)
		st = settle_reversal(w, f, err);
	return st;
}

/* One pass in the order of arrival: which effects are to be booked. */
static int
settle_batch(struct writer *w, struct lgx_err *err)
{
	int	 st;

	forget(&w->blocked_now);
	forget(&w->reversed);
	for (size_t i = 0; i < w->batch->neffects; i++) {
		struct effect *f = &w->batch->effects[i];

		f->now = f->bad;
		f->blocked_by = LGX_STR_EMPTY;
		if (f->now == NULL && (f->blocked_by = blocker_of(w, f)).n > 0) {
			f->state = LGX_EFFECT_BLOCKED;
			continue;
		}
		if (f->now == NULL && (st = settle_effect(w, f, err)) != LGX_OK) {
			if (st == LGX_FAIL)
				return st;
			f->now = keep_err(w->batch, err);
		}
		f->state = f->now == NULL ? LGX_EFFECT_BOOKED : LGX_EFFECT_REFUSED;
		if (f->now != NULL)
			block(w, f);
	}
	return LGX_OK;
}

static const struct effect	*sorted;	/* qsort has no argument for it */

static int
by_key(const void *a, const void *b)
{
	uint32_t	 x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int		 cmp = lgx_key_cmp(&sorted[x].e.key, &sorted[y].e.key);

	return cmp != 0 ? cmp : (x > y) - (x < y);
}

static void
sort_batch(struct writer *w)
{
	w->batch->order = lgx_grow(w->batch->order, &w->batch->order_cap, w->batch->neffects + 1, sizeof(*w->batch->order));
	for (uint32_t i = 0; i < w->batch->neffects; i++)
		w->batch->order[i] = i;
	sorted = w->batch->effects;
	if (w->batch->neffects > 0)
		qsort(w->batch->order, w->batch->neffects, sizeof(*w->batch->order), by_key);
}

/* One pass in the order of keys.  *conflicts: some effect turned out to be refused. */
static int
book_batch(struct writer *w, bool *conflicts, struct lgx_err *err)
{
	enum lgx_booking	 booking;

	*conflicts = false;
	for (size_t i = 0; i < w->batch->neffects; i++) {
		struct effect	*f = &w->batch->effects[w->batch->order[i]];
		struct record	*r = &w->batch->records[f->record];

		if (f->state != LGX_EFFECT_BOOKED)
			continue;
		if (lgx_ledger_book(w->opts->ledger, w->opts->journals, &f->e, &r->d, &booking,
		    err) != LGX_OK)
			return LGX_FAIL;
		if (booking == LGX_REPEATED)
			f->state = LGX_EFFECT_REPEATED;
		if (booking == LGX_CONFLICT) {
			(void)lgx_err_reject(err, LGX_E_POST_CONFLICT, r->place,
			    "%.*s is booked with other content", LGX_STR_ARG(f->e.name));
			f->bad = keep_err(w->batch, err);
			*conflicts = true;
		}
	}
	return LGX_OK;
}

static int
book_all(struct writer *w, struct lgx_err *err)
{
	bool	 conflicts;
	int	 st;

	sort_batch(w);
	for (;;) {
		if ((st = settle_batch(w, err)) != LGX_OK ||
		    (st = book_batch(w, &conflicts, err)) != LGX_OK || !conflicts)
			return st;
		if ((st = lgx_ledger_retry(w->opts->ledger, err)) != LGX_OK)
			return st;
	}
}

/*
 * Results
 */

/* What happened to the effects of a decision is what happened to it. */
static void
sum_up(struct writer *w, size_t i)
{
	struct lgx_post_result	*r = &w->batch->results[i];
	uint64_t		*const counts[] = { &w->counts.booked, &w->counts.repeated,
	    &w->counts.refused, &w->counts.blocked };	/* ORDER enum lgx_effect_state */

	for (size_t k = r->first; k < r->first + r->n; k++) {
		struct effect	*f = &w->batch->effects[k];

		(*counts[f->state])++;
		if (f->state == LGX_EFFECT_REFUSED && (r->refused == NULL || r->retryable)) {
			r->refused = f->now;
			r->retryable = false;
			r->blocked_by = LGX_STR_EMPTY;
		}
		if (f->state == LGX_EFFECT_BLOCKED && r->refused == NULL) {
			struct lgx_err	 err;

			(void)lgx_err_reject(&err, LGX_E_POST_BLOCKED, w->batch->records[i].place,
			    "waits for %.*s", LGX_STR_ARG(f->blocked_by));
			r->refused = keep_err(w->batch, &err);
			r->retryable = true;
			r->blocked_by = f->blocked_by;
		}
	}
}

/* The effect that a decision was refused for. */
static const struct effect *
culprit(const struct writer *w, const struct lgx_post_result *r)
{
	for (size_t k = r->first; k < r->first + r->n; k++)
		if (w->batch->effects[k].state == LGX_EFFECT_REFUSED ||
		    (r->retryable && w->batch->effects[k].state == LGX_EFFECT_BLOCKED))
			return &w->batch->effects[k];
	return NULL;
}

static int
file_letter(struct writer *w, struct lgx_str line, const struct effect *of,
    struct lgx_place place, struct lgx_str when, struct lgx_err *err)
{
	bool	 keyed = of != NULL && of->e.name.n > 0;
	bool	 conflict = keyed && of->now != NULL && of->now->diag == LGX_E_POST_CONFLICT;
	int64_t	 id;
	int	 st;

	if ((st = lgx_rec_parse(&w->rec, line, place, err)) == LGX_OK)
		st = lgx_queue_file(w->opts->ledger, &w->rec, keyed ? &of->e.key : NULL,
		    conflict ? of->e.hash : NULL, when, &id, err);
	return st;
}

static int
file_refused(struct writer *w, size_t i, struct lgx_str when, struct lgx_err *err)
{
	struct lgx_post_result	*r = &w->batch->results[i];
	struct lgx_dead		 dead = { .stage = "post", .err = r->refused,
	    .retryable = r->retryable, .blocked_by = r->blocked_by, .record = r->line,
	    .raw = LGX_STR_EMPTY, .src = LGX_SRC_NONE };

	lgx_buf_clear(&w->scratch);
	lgx_dead_put(&w->scratch, &dead);
	w->scratch.n--;		/* the newline */
	return file_letter(w, lgx_buf_str(&w->scratch), culprit(w, r), w->batch->records[i].place, when,
	    err);
}

/* Letters go into the queue in the same transaction, so that none is lost or kept in vain. */
static int
file_letters(struct writer *w, struct lgx_err *err)
{
	struct lgx_buf	 now = { 0 };
	int		 st = LGX_OK;

	if (w->opts->when.n > 0)
		lgx_buf_puts(&now, w->opts->when);
	else
		lgx_ledger_now(&now);
	for (size_t i = 0; i < w->batch->n && st == LGX_OK; i++) {
		if (!w->batch->results[i].letter) {
			sum_up(w, i);
			if (w->batch->results[i].refused != NULL)
				st = file_refused(w, i, lgx_buf_str(&now), err);
			continue;
		}
		w->counts.letters++;
		st = file_letter(w, w->batch->results[i].line, NULL, w->batch->records[i].place,
		    lgx_buf_str(&now), err);
		if (st == LGX_REJECT) {	/* a letter without an original: refused as it stands */
			w->batch->results[i].letter = false;
			w->batch->results[i].refused = keep_err(w->batch, err);
			st = LGX_OK;
		}
	}
	lgx_buf_release(&now);
	return st;
}

static int
book_and_file(struct writer *w)
{
	struct lgx_ledger	*l = w->opts->ledger;
	int			 st;

	if (!w->open && (st = lgx_ledger_begin(l, &w->err)) != LGX_OK)
		return st;
	w->open = true;
	if ((st = book_all(w, &w->err)) != LGX_OK || (st = file_letters(w, &w->err)) != LGX_OK)
		return st;
	remember_blocked(w);
	if (w->opts->dry)
		return lgx_ledger_keep(l, &w->err);
	w->open = false;
	return lgx_ledger_commit(l, &w->err);
}

static void *
write_batch(void *arg)
{
	struct writer	*w = arg;

	w->status = book_and_file(w);
	return NULL;
}

/*
 * Two batches
 */

/* Wait for the batch under way.  LGX_OK, also if there is none. */
static int
join(struct lgx_post *p, struct lgx_err *err)
{
	if (p->booking == NULL)
		return LGX_OK;
	if (p->running)
		pthread_join(p->thread, NULL);
	p->running = false;
	if (p->writer.status != LGX_OK)
		*err = p->writer.err;
	return p->writer.status;
}

/* A machine that gives no thread books all the same, only slower. */
static void
start(struct lgx_post *p)
{
	sigset_t	 all, before;

	p->writer.batch = p->booking;
	/* Signals are the caller's: its handler removes unfinished files. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	p->running = pthread_create(&p->thread, NULL, write_batch, &p->writer) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!p->running)
		(void)write_batch(&p->writer);
}

static void
clear_batch(struct batch *b)
{
	b->n = b->neffects = b->bytes = 0;
	lgx_arena_clear(&b->text);
}

int
lgx_post_flush(struct lgx_post *p, const struct lgx_post_result **results, size_t *n,
    struct lgx_err *err)
{
	struct batch	*done = p->booking;
	int		 st = join(p, err);

	*n = 0;
	p->done = done;
	p->booking = NULL;
	if (st != LGX_OK)
		return st;
	if (done != NULL) {
		*results = done->results;
		*n = done->n;
	}
	if (p->taking->n > 0) {
		p->booking = p->taking;
		start(p);
	}
	p->taking = p->booking == &p->batch[0] ? &p->batch[1] : &p->batch[0];
	return LGX_OK;
}

void
lgx_post_clear(struct lgx_post *p)
{
	if (p->done != NULL)
		clear_batch(p->done);
	p->done = NULL;
}

int
lgx_post_finish(struct lgx_post *p, struct lgx_err *err)
{
	struct lgx_ledger	*l = p->opts.ledger;
	int			 st;

	assert(!p->running);
	if (p->opts.dry)
		return LGX_OK;
	if ((st = lgx_ledger_begin(l, err)) != LGX_OK)
		return st;
	if ((st = lgx_queue_settle(l, err)) == LGX_OK)
		return lgx_ledger_commit(l, err);
	lgx_ledger_rollback(l);
	return st;
}

const struct lgx_post_counts *
lgx_post_counts(const struct lgx_post *p)
{
	return &p->writer.counts;
}

/*
 * Receipts
 */

/* ORDER enum lgx_effect_state */
static const char *const state_names[] = { "booked", "repeated", "refused", "blocked" };

static void
put_detail(struct lgx_post *p, const struct effect *f)
{
	struct lgx_buf	*b = &p->scratch;

	lgx_buf_clear(b);
	if (f->state == LGX_EFFECT_REFUSED) {
		lgx_buf_putf(b, "%s: %s", lgx_diag_code(f->now->diag), f->now->msg);
	} else if (f->state == LGX_EFFECT_BLOCKED) {
		lgx_buf_putz(b, "waits for ");
		lgx_buf_puts(b, f->blocked_by);
	} else if (f->e.effective != f->e.event) {
		lgx_buf_putz(b, "moved from ");
		lgx_date_put(b, f->e.event);
	}
	lgx_build_str(&p->build, LGX_M_detail, lgx_buf_str(b));
}

static void
put_period(struct lgx_post *p, const struct effect *f)
{
	struct lgx_buf	*b = &p->scratch;

	if (f->state != LGX_EFFECT_BOOKED && f->state != LGX_EFFECT_REPEATED)
		return;
	lgx_buf_clear(b);
	lgx_date_put(b, f->e.effective);
	b->n = sizeof("2026-03") - 1;
	lgx_build_str(&p->build, LGX_M_period, lgx_buf_str(b));
}

void
lgx_post_receipt(struct lgx_post *p, size_t effect, struct lgx_buf *line)
{
	const struct effect		*f = &p->done->effects[effect];
	const struct lgx_decision	*d = &p->done->records[f->record].d;
	struct lgx_build		*b = &p->build;
	char				 journal[LGX_KEY_PUBLIC];
	const char			*state = state_names[f->state];

	if (p->opts.dry && f->state == LGX_EFFECT_BOOKED)
		state = "planned";
	lgx_key_public(f->e.digest, journal);
	lgx_build_start(b, LGX_K_RECEIPT);
	lgx_build_str(b, LGX_M_subject, d->subject);
	lgx_build_str(b, LGX_M_target, LGX_STR("ledger"));
	lgx_build_str(b, LGX_M_state, lgx_str_of(state));
	lgx_build_str(b, LGX_M_key, f->e.name);
	if (f->e.name.n > 0)
		lgx_build_str(b, LGX_M_journal, lgx_str_of(journal));
	put_period(p, f);
	lgx_build_int(b, LGX_M_attempts, 1);
	put_detail(p, f);
	lgx_buf_clear(&p->id);
	lgx_id_part(&p->id, LGX_STR("receipt"));
	lgx_id_part(&p->id, d->run);
	lgx_id_part(&p->id, LGX_STR("ledger"));
	lgx_id_part(&p->id, f->e.name);
	lgx_build_finish(b, lgx_buf_str(&p->id), line);
}
