/*
 * recon/group.c - one group of records, put together
 * Floor recon: uses base and rec.
 *
 * Everything is sorted by what it says before anything is decided, so that the
 * order of the input cannot matter.
 */
#include <stdlib.h>

#include "recon/effect.h"
#include "recon/group.h"
#include "recon/match.h"
#include "recon/outcome.h"
#include "recon/read.h"

void
recon_group_clear(struct group *g)
{
	lgx_arena_clear(&g->arena);
	g->nversions = g->nloads = g->nbills = g->nevents = g->nreceipts = g->nmemories = 0;
	g->loads = NULL;
	g->order = NULL;
}

void
recon_group_release(struct group *g)
{
	free(g->versions);
	free(g->bills);
	free(g->events);
	free(g->receipts);
	free(g->memories);
	lgx_buf_release(&g->scratch);
	lgx_rec_release(&g->rec);
	lgx_arena_release(&g->arena);
	*g = (struct group){ .rules = NULL };
}

#define PUSH(g, what, n, cap) \
	((g)->what = lgx_grow((g)->what, &(g)->cap, (g)->n + 1, sizeof(*(g)->what)), \
	&(g)->what[(g)->n++])

static int
add_record(struct group *g, unsigned kind, unsigned segment, struct lgx_err *err)
{
	struct lgx_rec	*rec = &g->rec;
	struct bill	*b;
	int		 st;

	switch (kind) {
	case LGX_K_SHIPMENT: {
		struct version *v = PUSH(g, versions, nversions, version_cap);

		st = recon_read_version(rec, g->rules, &g->arena, v, err);
		v->head.segment = segment;
		return st;
	}
	case LGX_K_STATUS: {
		struct event_record *e = PUSH(g, events, nevents, event_cap);

		st = recon_read_event(rec, g->rules, &g->arena, e, err);
		e->head.segment = segment;
		return st;
	}
	case LGX_K_RECEIPT:
		return recon_read_receipt(rec, &g->arena, PUSH(g, receipts, nreceipts, receipt_cap), err);
	case LGX_POOL_MEMORY: {
		struct memory *m = PUSH(g, memories, nmemories, memory_cap);

		st = recon_read_memory(rec, &g->arena, m, err);
		m->segment = segment;
		return st;
	}
	default:
		b = PUSH(g, bills, nbills, bill_cap);
		st = kind == LGX_K_BOOKED ? recon_read_booked(rec, g->rules, &g->arena, b, err) :
		    recon_read_bill(rec, g->rules, &g->arena, b, err);
		b->booked = kind == LGX_K_BOOKED;
		b->head.segment = segment;
		return st;
	}
}

int
recon_group_add(struct group *g, const struct lgx_pool *pool, uint32_t item, struct lgx_err *err)
{
	const struct lgx_pool_item	*it = &pool->items[item];
	int				 st;

	st = lgx_rec_parse(&g->rec, lgx_pool_line(pool, item), LGX_PLACE_NONE, err);
	if (st == LGX_OK)
		st = add_record(g, it->kind, it->segment, err);
	/* What came in this run was read once before; only the state can be wrong here. */
	return st == LGX_REJECT ? LGX_FAIL : st;
}

/*
 * Orders
 */

static void
sort(void *p, size_t n, size_t size, int (*by)(const void *, const void *))
{
	if (n > 1)		/* an empty array has no address */
		qsort(p, n, size, by);
}

static int
by_count(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int64_t
age(const struct head *h)		/* the oldest segment first, this run last */
{
	return h->segment > 0 ? h->segment : INT64_MAX;
}

static int
by_head(const struct head *a, lgx_time ta, const struct head *b, lgx_time tb)
{
	int	 c;

	if ((c = lgx_str_cmp(a->id, b->id)) != 0 ||
	    (c = by_count(age(a), age(b))) != 0 ||
	    (c = by_count(ta, tb)) != 0 || (c = lgx_str_cmp(a->envelope, b->envelope)) != 0)
		return c;
	return lgx_str_cmp(a->line, b->line);
}

static bool
is_number(struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static int
by_rate_version(struct lgx_str a, struct lgx_str b)	/* 10 after 9, b after a */
{
	if (is_number(a) && is_number(b)) {
		while (a.n > 1 && a.p[0] == '0')
			a = lgx_str_from(a, 1);
		while (b.n > 1 && b.p[0] == '0')
			b = lgx_str_from(b, 1);
		if (a.n != b.n)
			return a.n < b.n ? -1 : 1;
	}
	return lgx_str_cmp(a, b);
}

static int
by_load_version(const void *va, const void *vb)
{
	const struct version *a = va, *b = vb;
	int	 c;

	if ((c = lgx_str_cmp(a->head.usage, b->head.usage)) != 0 ||
	    (c = lgx_str_cmp(a->company, b->company)) != 0 ||
	    (c = lgx_str_cmp(a->load, b->load)) != 0 ||
	    (c = by_rate_version(a->rate_version, b->rate_version)) != 0 ||
	    (c = by_count(a->updated, b->updated)) != 0)
		return c;
	return by_head(&a->head, 0, &b->head, 0);
}

static int
by_event(const void *va, const void *vb)
{
	const struct event_record *a = va, *b = vb;

	return by_head(&a->head, a->received, &b->head, b->received);
}

static int
by_bill(const void *va, const void *vb)
{
	const struct bill *a = va, *b = vb;

	return by_head(&a->head, a->received, &b->head, b->received);
}

/* Bill date, receipt, number; what corrects comes after what it corrects. */
static int
by_turn(const void *va, const void *vb)
{
	const struct bill *a = *(struct bill *const *)va, *b = *(struct bill *const *)vb;
	int	 c;

	if ((c = by_count(a->date, b->date)) != 0 || (c = by_count(a->received, b->received)) != 0 ||
	    (c = lgx_str_cmp(a->number.base, b->number.base)) != 0 ||
	    (c = (int)a->handling - (int)b->handling) != 0 ||
	    (c = lgx_str_cmp(a->number.seq, b->number.seq)) != 0 ||
	    (c = (int)b->booked - (int)a->booked) != 0)
		return c;
	return lgx_str_cmp(a->subject, b->subject);
}

static int
by_memory(const void *va, const void *vb)
{
	const struct memory *a = va, *b = vb;
	int	 c = lgx_str_cmp(a->id, b->id);

	return c != 0 ? c : by_count(a->segment, b->segment);
}

static int
by_receipt(const void *va, const void *vb)
{
	const struct receipt *a = va, *b = vb;
	int	 c = lgx_str_cmp(a->key, b->key);

	return c != 0 ? c : lgx_str_cmp(a->state, b->state);
}

/*
 * One of each
 */

static void
drop_repeats(struct group *g)
{
	size_t	 n = 0;

	sort(g->versions, g->nversions, sizeof(*g->versions), by_load_version);
	for (size_t i = 0; i < g->nversions; i++)
		if (n == 0 || !lgx_str_eq(g->versions[n - 1].head.id, g->versions[i].head.id))
			g->versions[n++] = g->versions[i];
	g->redelivered += g->nversions - n;
	g->nversions = n;
	n = 0;
	sort(g->events, g->nevents, sizeof(*g->events), by_event);
	for (size_t i = 0; i < g->nevents; i++)
		if (n == 0 || !lgx_str_eq(g->events[n - 1].head.id, g->events[i].head.id))
			g->events[n++] = g->events[i];
	g->redelivered += g->nevents - n;
	g->nevents = n;
	n = 0;
	sort(g->memories, g->nmemories, sizeof(*g->memories), by_memory);
	for (size_t i = 0; i < g->nmemories; i++) {	/* the newest counts */
		if (n > 0 && lgx_str_eq(g->memories[n - 1].id, g->memories[i].id))
			n--;
		g->memories[n++] = g->memories[i];
	}
	g->nmemories = n;
}

static struct lgx_str
subject_of(struct group *g, const struct head *h)
{
	struct lgx_buf	 b = { NULL, 0, 0 };
	struct lgx_str	 s;

	if (h->occurrence == 1)
		return h->id;
	lgx_buf_puts(&b, h->id);
	lgx_buf_putc(&b, '#');
	lgx_buf_putu(&b, h->occurrence);
	s = lgx_arena_str(&g->arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return s;
}

static int
by_place(const void *va, const void *vb)
{
	const struct bill *a = va, *b = vb;
	int	 c;

	if ((c = lgx_str_cmp(a->head.id, b->head.id)) != 0 ||
	    (c = lgx_str_cmp(a->head.envelope, b->head.envelope)) != 0)
		return c;
	return by_head(&a->head, a->received, &b->head, b->received);
}

/* The same bill in the same place is a redelivery; in another, one more occurrence. */
static void
number_bills(struct group *g)
{
	size_t	 n = 0;

	sort(g->bills, g->nbills, sizeof(*g->bills), by_place);
	for (size_t i = 0; i < g->nbills; i++)
		if (n == 0 || !lgx_str_eq(g->bills[n - 1].head.id, g->bills[i].head.id) ||
		    !lgx_str_eq(g->bills[n - 1].head.envelope, g->bills[i].head.envelope))
			g->bills[n++] = g->bills[i];
	g->redelivered += g->nbills - n;
	g->nbills = n;
	sort(g->bills, n, sizeof(*g->bills), by_bill);
	for (size_t i = 0; i < n; i++) {
		struct head *h = &g->bills[i].head;

		if (i > 0 && lgx_str_eq(g->bills[i - 1].head.id, h->id))
			h->occurrence = g->bills[i - 1].head.occurrence + 1;
		g->bills[i].subject = subject_of(g, h);
	}
}

static void
order_bills(struct group *g)
{
	g->order = lgx_arena_alloc(&g->arena, (g->nbills + 1) * sizeof(*g->order));
	for (size_t i = 0; i < g->nbills; i++) {
		g->order[i] = &g->bills[i];
		g->bills[i].effect_end = &g->bills[i].effects;
		g->bills[i].finding_end = &g->bills[i].findings;
		g->bills[i].reason_end = &g->bills[i].reasons;
	}
	sort(g->order, g->nbills, sizeof(*g->order), by_turn);
}

/*
 * Loads
 */

static bool
same_load(const struct version *a, const struct version *b)
{
	return lgx_str_eq(a->load, b->load) && lgx_str_eq(a->company, b->company) &&
	    lgx_str_eq(a->head.usage, b->head.usage);
}

static bool
same_price(const struct version *a, const struct version *b)
{
	if (a->total != b->total || a->charges.n != b->charges.n)
		return false;
	for (size_t i = 0; i < a->charges.n; i++)
		if (a->charges.c[i].amount != b->charges.c[i].amount ||
		    !lgx_str_eq(a->charges.c[i].code, b->charges.c[i].code))
			return false;
	return true;
}

static void
start_load(struct group *g, struct load *load)
{
	struct lgx_buf	 b = { NULL, 0, 0 };

	load->now = &load->versions[load->nversions - 1];
	load->name = recon_load_name(load->now, &g->arena);
	load->carrier = lgx_rules_carrier(g->rules, load->now->scac);
	load->profile = lgx_rules_profile(g->rules, load->now->scac);
	load->effect_end = &load->effects;
	load->delivered = load->dispatched = LGX_DATE_NONE;
	lgx_buf_puts(&b, load->now->lane_from);
	lgx_buf_putc(&b, '>');
	lgx_buf_puts(&b, load->now->lane_to);
	load->lane = lgx_arena_str(&g->arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	for (size_t i = 0; i < load->nversions; i++) {
		load->fresh |= load->versions[i].head.segment == 0;
		load->rate_conflict |= i > 0 && !same_price(&load->versions[i - 1],
		    &load->versions[i]) && lgx_str_eq(load->versions[i - 1].rate_version,
		    load->versions[i].rate_version);
	}
}

static void
build_loads(struct group *g)
{
	g->loads = lgx_arena_alloc(&g->arena, (g->nversions + 1) * sizeof(*g->loads));
	for (size_t i = 0; i < g->nversions; i++) {
		struct load *last = g->nloads > 0 ? &g->loads[g->nloads - 1] : NULL;

		if (last != NULL && same_load(last->versions, &g->versions[i])) {
			last->nversions++;
			continue;
		}
		g->loads[g->nloads++] = (struct load){ .versions = &g->versions[i], .nversions = 1 };
	}
	for (size_t i = 0; i < g->nloads; i++)
		start_load(g, &g->loads[i]);
}

static struct load *
load_named(struct group *g, struct lgx_str name)
{
	for (size_t i = 0; i < g->nloads; i++)
		if (lgx_str_eq(g->loads[i].name, name))
			return &g->loads[i];
	return NULL;
}

/*
 * Events
 */

/* The carrier's page may say other milestones that prove delivery. */
static const struct lgx_milestone *
proving(struct group *g, const struct lgx_profile *p, const struct lgx_milestone *m)
{
	struct lgx_milestone	*own;

	if (m == NULL || p->pod_events == NULL ||
	    lgx_rules_lists(p->pod_events, m->name) == m->pod)
		return m;
	own = lgx_arena_alloc(&g->arena, sizeof(*own));
	*own = *m;
	own->pod = !m->pod;
	return own;
}

static void
hand_out_events(struct group *g)
{
	for (size_t i = 0; i < g->nevents; i++)
		if (g->events[i].load != NULL)
			g->events[i].load->nevents++;
	for (size_t i = 0; i < g->nloads; i++) {
		struct load *load = &g->loads[i];

		load->events = lgx_arena_alloc(&g->arena, (load->nevents + 1) * sizeof(*load->events));
		load->event_of = lgx_arena_alloc(&g->arena,
		    (load->nevents + 1) * sizeof(*load->event_of));
		load->nevents = 0;
	}
	for (size_t i = 0; i < g->nevents; i++) {
		struct event_record	*e = &g->events[i];
		struct load		*load = e->load;

		if (load == NULL) {
			e->event.outcome = LGX_EV_UNKNOWN;
			continue;
		}
		e->event.milestone = proving(g, load->profile, e->event.milestone);
		load->event_of[load->nevents] = e;
		load->events[load->nevents++] = e->event;
		load->fresh |= e->head.segment == 0;
	}
}

static lgx_date
dispatch_date(const struct group *g, const struct load *load)
{
	const struct version	*now = load->now;
	lgx_date		 today = lgx_time_date(g->as_of), date;

	if (load->move.picked_up != LGX_EVENT_NONE)
		return load->event_of[load->move.picked_up]->local;
	if (!lgx_str_eq(now->state, LGX_STR("dispatched")) &&
	    !lgx_str_eq(now->state, LGX_STR("delivered")))
		return LGX_DATE_NONE;
	date = now->ship_date != LGX_DATE_NONE ? now->ship_date :
	    now->updated != LGX_TIME_NONE ? lgx_time_date(now->updated) : today;
	return date < today ? date : today;
}

static void
move_loads(struct group *g)
{
	for (size_t i = 0; i < g->nloads; i++) {
		struct load *load = &g->loads[i];

		lgx_events_judge(load->events, load->nevents, g->as_of, &load->move);
		for (size_t e = 0; e < load->nevents; e++)
			load->event_of[e]->event = load->events[e];
		if (load->move.pod != LGX_EVENT_NONE)
			load->delivered = load->event_of[load->move.pod]->local;
		load->dispatched = dispatch_date(g, load);
		if (load->delivered == LGX_DATE_NONE &&
		    (load->move.cancelled || lgx_str_eq(load->now->state, LGX_STR("cancelled"))))
			load->outcome = O_CANCELLED;
	}
}

/*
 * What was expected
 */

static bool
among(const struct words *words, struct lgx_str w)
{
	for (size_t i = 0; i < words->n; i++)
		if (lgx_str_eq(words->w[i], w))
			return true;
	return false;
}

struct line *
recon_line(struct load *load, struct lgx_str code, struct lgx_arena *arena)
{
	for (size_t i = 0; i < load->nlines; i++)
		if (lgx_str_eq(load->lines[i].code, code))
			return &load->lines[i];
	if (load->nlines == load->line_cap) {
		size_t		 cap = load->line_cap > 0 ? 2 * load->line_cap : 8;
		struct line	*more = lgx_arena_alloc(arena, cap * sizeof(*more));

		if (load->nlines > 0)
			memcpy(more, load->lines, load->nlines * sizeof(*more));
		load->lines = more;
		load->line_cap = cap;
	}
	load->lines[load->nlines] = (struct line){ .code = code };
	return &load->lines[load->nlines++];
}

/* A cancelled shipment is owed only what was authorised for it (order not used). */
static void
expect(struct group *g)
{
	for (size_t i = 0; i < g->nloads; i++) {
		struct load		*load = &g->loads[i];
		const struct version	*now = load->now;
		bool			 cancelled = load->outcome == O_CANCELLED;

		load->expected = cancelled ? 0 : now->total;
		for (size_t c = 0; c < now->charges.n; c++) {
			const struct charge	*charge = &now->charges.c[c];
			struct line		*line;

			if (cancelled && !among(&now->authorised, charge->code))
				continue;
			line = recon_line(load, charge->code, &g->arena);
			line->expected += charge->amount;
			if (line->charge == NULL)
				line->charge = charge;
			if (cancelled)
				load->expected += charge->amount;
		}
	}
}

/*
 * Memory
 */

static struct memory *
remembered(struct group *g, const char *class, struct lgx_str subject)
{
	struct lgx_buf	 id = { NULL, 0, 0 };
	struct memory	*found, key = { .segment = 0 };
	size_t		 low = 0, high = g->nmemories;

	lgx_buf_putz(&id, class);
	lgx_buf_puts(&id, subject);
	key.id = lgx_buf_str(&id);
	found = NULL;
	while (low < high && found == NULL) {
		size_t mid = low + (high - low) / 2;
		int c = lgx_str_cmp(g->memories[mid].id, key.id);

		if (c == 0)
			found = &g->memories[mid];
		else if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	lgx_buf_release(&id);
	return found;
}

static size_t
first_receipt(const struct group *g, struct lgx_str key)
{
	size_t	 low = 0, high = g->nreceipts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (lgx_str_cmp(g->receipts[mid].key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What lgx-post says of an effect; other words change nothing. */
static enum effect_state
told(struct lgx_str state)
{
	static const struct { struct lgx_str word; enum effect_state state; } words[] = {
		{ { "booked", 6 }, E_BOOKED }, { { "repeated", 8 }, E_BOOKED },
		{ { "refused", 7 }, E_REFUSED }, { { "blocked", 7 }, E_REFUSED },
		{ { "reversed", 8 }, E_REVERSED },
	};

	for (size_t i = 0; i < LGX_LEN(words); i++)
		if (lgx_str_eq(words[i].word, state))
			return words[i].state;
	return E_SENT;
}

/* Undone outweighs booked, booked outweighs refused: the order of receipts is not known. */
static void
hear(const struct group *g, struct effect *e)
{
	for (size_t i = first_receipt(g, e->key); i < g->nreceipts &&
	    lgx_str_eq(g->receipts[i].key, e->key); i++) {
		enum effect_state s = told(g->receipts[i].state);

		if (s == E_REVERSED || (s == E_BOOKED && e->state != E_REVERSED) ||
		    (s == E_REFUSED && e->state == E_SENT))
			e->state = s;
	}
}

/* Move the effects of a memory to their subject; refused ones are as if never sent. */
static bool
recall(struct group *g, struct memory *m, struct load *load, struct effect ***end)
{
	bool	 whole = true;

	for (struct effect *e = m->effects, *next; e != NULL; e = next) {
		next = e->next;
		e->next = NULL;
		hear(g, e);
		whole &= recon_effect_lives(e);
		if (e->state == E_REFUSED)
			continue;
		**end = e;
		*end = &e->next;
		recon_effect_count(load, e);
	}
	return whole;
}

static void
recall_bill(struct group *g, struct bill *b)
{
	bool	 whole;

	b->memory = remembered(g, "bill/", b->subject);
	if (b->memory == NULL)
		return;
	b->outcome = recon_outcome_of(b->memory->outcome);
	b->decision = recon_word_of(b->memory->decision);
	b->version = b->memory->version;
	/* What was booked on a load stays there, whatever the references say now. */
	if (b->memory->load.n > 0 &&
	    (b->load == NULL || !lgx_str_eq(b->load->name, b->memory->load)))
		b->load = load_named(g, b->memory->load);
	whole = recall(g, b->memory, b->load, &b->effect_end);
	b->settled = whole && !recon_stays_open(b->decision);
	/* Of a bill that is judged again, a part may be booked already. */
	for (const struct effect *e = b->effects; e != NULL && !b->settled; e = e->next)
		if (recon_effect_lives(e) && e->reverses.n == 0)
			b->paid -= e->amount[AP_CARRIER];
	if (b->settled) {
		b->approved = b->memory->approved;
		b->disputed = b->memory->disputed;
		b->settles = b->memory->settles;
	}
}

static void
attach(struct load *load, struct bill *b, struct lgx_arena *arena)
{
	if (load->nbills == load->bill_cap) {
		size_t		  cap = load->bill_cap > 0 ? 2 * load->bill_cap : 4;
		struct bill	**more = lgx_arena_alloc(arena, cap * sizeof(*more));

		if (load->nbills > 0)
			memcpy(more, load->bills, load->nbills * sizeof(*more));
		load->bills = more;
		load->bill_cap = cap;
	}
	load->bills[load->nbills++] = b;
	load->fresh |= b->head.segment == 0;
}

void
recon_attach_bill(struct load *load, struct bill *b, struct lgx_arena *arena)
{
	attach(load, b, arena);
}

static void
recall_all(struct group *g)
{
	sort(g->receipts, g->nreceipts, sizeof(*g->receipts), by_receipt);
	for (size_t i = 0; i < g->nloads; i++) {
		struct load *load = &g->loads[i];

		load->memory = remembered(g, "load/", load->name);
		if (load->memory != NULL)
			recall(g, load->memory, load, &load->effect_end);
	}
	for (size_t i = 0; i < g->nbills; i++)
		if (!g->bills[i].booked)
			recall_bill(g, &g->bills[i]);
}

/* The smallest load, else the smallest bill: what all of the group is called. */
static void
name_group(struct group *g)
{
	g->corr = LGX_STR_EMPTY;
	for (size_t i = 0; i < g->nloads; i++)
		if (g->corr.n == 0 || lgx_str_cmp(g->loads[i].name, g->corr) < 0)
			g->corr = g->loads[i].name;
	if (g->nloads > 0)
		return;
	for (size_t i = 0; i < g->nbills; i++)
		if (g->corr.n == 0 || lgx_str_cmp(g->bills[i].subject, g->corr) < 0)
			g->corr = g->bills[i].subject;
}

void
recon_group_build(struct group *g)
{
	drop_repeats(g);
	number_bills(g);
	build_loads(g);
	recon_match_group(g);
	hand_out_events(g);
	move_loads(g);
	expect(g);
	order_bills(g);
	recall_all(g);
	name_group(g);
}
