/*
 * recon/match.c - which shipment a bill or an event is about
 * Floor recon: uses base and rec.
 *
 * An index from reference to the loads that hold it.  Numbers of a carrier are
 * looked up under that carrier; our own (BOL, load) are found for every carrier
 * and filtered, so that "no match" can say why not.
 */
#include "recon/match.h"

#define ROUNDS		4	/* of learning; a chain of references longer than that is none */
#define CANDIDATES	64	/* looked at for one bill; more are ambiguous in any case */

struct holder { struct load *load; struct holder *next; };

struct slot {
	enum lgx_ref_class class;
	struct lgx_str	 carrier, text;
	uint64_t	 hash;
	struct holder	*first;
	size_t		 n;
};

struct index {
	struct slot	*slots;
	uint64_t	*pairs;		/* slot and load, so that a load stands once in a slot */
	size_t		 mask, pair_mask;
	struct lgx_arena *arena;
	const struct group *group;
};

struct found {
	enum recon_outcome outcome;	/* O_NONE: one load */
	struct load	*load;
	const char	*by;
	struct lgx_str	 key;
	struct candidate candidates[CANDIDATES];
	size_t		 n;
};

static const char *const by_names[] = { "pro", "bol", "load", "invoice" };
_Static_assert(LGX_LEN(by_names) == LGX_REF_CLASSES, "a name for each class");

/*
 * The index
 */

static size_t
power_of_two(size_t n)
{
	size_t	 p = 16;

	while (p < n)
		p *= 2;
	return p;
}

static void
index_init(struct index *ix, struct group *g, size_t nkeys)
{
	size_t	 n = power_of_two(2 * nkeys + 1), pairs = power_of_two(4 * nkeys + 1);

	ix->slots = lgx_arena_alloc(&g->arena, n * sizeof(*ix->slots));
	memset(ix->slots, 0, n * sizeof(*ix->slots));
	ix->pairs = lgx_arena_alloc(&g->arena, pairs * sizeof(*ix->pairs));
	memset(ix->pairs, 0, pairs * sizeof(*ix->pairs));
	ix->mask = n - 1;
	ix->pair_mask = pairs - 1;
	ix->arena = &g->arena;
	ix->group = g;
}

static struct slot *
slot_of(const struct index *ix, enum lgx_ref_class class, struct lgx_str carrier,
    struct lgx_str text)
{
	uint64_t	 hash = lgx_hash(text) + class;
	size_t		 at = hash & ix->mask;

	for (;; at = (at + 1) & ix->mask) {
		struct slot *s = &ix->slots[at];

		if (s->first == NULL || (s->hash == hash && s->class == class &&
		    lgx_str_eq(s->text, text) && lgx_str_eq(s->carrier, carrier)))
			return s;
	}
}

/* True if the pair was not there. */
static bool
add_pair(struct index *ix, const struct slot *s, const struct load *load)
{
	uint64_t	 pair = ((uint64_t)(s - ix->slots) << 32 | (uint64_t)(load - ix->group->loads)) + 1;
	size_t		 at = (pair * UINT64_C(0x9E3779B97F4A7C15)) >> 20 & ix->pair_mask;

	for (; ix->pairs[at] != 0; at = (at + 1) & ix->pair_mask)
		if (ix->pairs[at] == pair)
			return false;
	ix->pairs[at] = pair;
	return true;
}

static struct lgx_str
scope_of(enum lgx_ref_class class, struct lgx_str carrier)
{
	return class == LGX_REF_PRO ? carrier : LGX_STR_EMPTY;
}

static void
hold(struct index *ix, struct load *load, const struct key *k)
{
	struct lgx_str	 carrier = scope_of(k->class, load->carrier);
	struct slot	*s = slot_of(ix, k->class, carrier, k->text);
	struct holder	*h;

	if (!add_pair(ix, s, load))
		return;
	h = lgx_arena_alloc(ix->arena, sizeof(*h));
	*h = (struct holder){ load, s->first };
	if (s->first == NULL)
		*s = (struct slot){ k->class, carrier, k->text, lgx_hash(k->text) + k->class, NULL, 0 };
	s->first = h;
	s->n++;
}

/*
 * Finding
 */

static bool
is_candidate(const struct found *f, const struct load *load)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->candidates[i].load == load)
			return true;
	return false;
}

static void
collect_slot(const struct slot *s, struct lgx_str carrier, struct found *f)
{
	for (const struct holder *h = s->first; h != NULL && f->n < CANDIDATES; h = h->next) {
		bool ours = carrier.n == 0 || h->load->carrier.n == 0 ||
		    lgx_str_eq(h->load->carrier, carrier);

		if (!is_candidate(f, h->load))
			f->candidates[f->n++] = (struct candidate){ h->load, ours ? NULL : "carrier" };
	}
}

static void
collect_as(const struct index *ix, const struct key *k, enum lgx_ref_class class,
    struct lgx_str carrier, struct found *f)
{
	collect_slot(slot_of(ix, class, scope_of(class, carrier), k->text), carrier, f);
	if (class == LGX_REF_PRO && carrier.n > 0)	/* loads that name no carrier */
		collect_slot(slot_of(ix, class, LGX_STR_EMPTY, k->text), carrier, f);
}

/* What a BOL is to the shipper may be a load id to the carrier, and the other way round. */
static enum lgx_ref_class
sibling(enum lgx_ref_class class)
{
	return class == LGX_REF_BOL ? LGX_REF_LOAD : LGX_REF_BOL;
}

static size_t
standing(const struct found *f)
{
	size_t	 n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->candidates[i].why_not == NULL;
	return n;
}

static size_t
collect(const struct index *ix, const struct keys *keys, enum lgx_ref_class class,
    struct lgx_str carrier, struct found *f)
{
	f->n = 0;
	f->key = LGX_STR_EMPTY;
	for (size_t i = 0; i < keys->n; i++) {
		if (keys->k[i].class != class)
			continue;
		collect_as(ix, &keys->k[i], class, carrier, f);
		if (f->n == 0 && class != LGX_REF_PRO)
			collect_as(ix, &keys->k[i], sibling(class), carrier, f);
		if (f->key.n == 0)
			f->key = keys->k[i].text;
	}
	f->by = by_names[class];
	return standing(f);
}

static void
reject_others(struct found *f, const struct found *with, const char *why)
{
	for (size_t i = 0; i < f->n; i++) {
		bool also = false;

		for (size_t j = 0; j < with->n; j++)
			also |= with->candidates[j].why_not == NULL &&
			    with->candidates[j].load == f->candidates[i].load;
		if (!also && f->candidates[i].why_not == NULL)
			f->candidates[i].why_not = why;
	}
}

static struct load *
only(const struct found *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->candidates[i].why_not == NULL)
			return f->candidates[i].load;
	return NULL;
}

/* Tie-breakers, among several only: a single candidate is never filtered away. */
static bool
is_cancelled(const struct load *load, const struct bill *b)
{
	(void)b;
	return lgx_str_eq(load->now->state, LGX_STR("cancelled"));
}

static bool
other_currency(const struct load *load, const struct bill *b)
{
	return b != NULL && !lgx_str_eq(load->now->currency, b->currency);
}

static bool
other_terms(const struct load *load, const struct bill *b)
{
	return b != NULL && b->terms.n > 0 && load->now->terms.n > 0 &&
	    !lgx_str_eq(load->now->terms, b->terms);
}

static const struct {
	bool		(*fails)(const struct load *, const struct bill *);
	const char	*why;
} breakers[] = {
	{ is_cancelled, "cancelled" },
	{ other_currency, "currency" },
	{ other_terms, "terms" },
};

static void
break_tie(struct found *f, const struct bill *b)
{
	for (size_t t = 0; t < LGX_LEN(breakers) && standing(f) > 1; t++) {
		size_t failing = 0;

		for (size_t i = 0; i < f->n; i++)
			failing += f->candidates[i].why_not == NULL &&
			    breakers[t].fails(f->candidates[i].load, b);
		if (failing == standing(f))
			continue;
		for (size_t i = 0; i < f->n; i++)
			if (f->candidates[i].why_not == NULL &&
			    breakers[t].fails(f->candidates[i].load, b))
				f->candidates[i].why_not = breakers[t].why;
	}
}

/*
 * The first key that finds anything leads; the other strong keys may narrow
 * it, or contradict it, but never outvote it.
 */
static void
resolve(const struct index *ix, const struct lgx_profile *p, const struct keys *keys,
    struct lgx_str carrier, const struct bill *b, struct found *lead)
{
	struct found	 other;
	bool		 led = false;

	lead->n = 0;
	lead->by = NULL;
	for (size_t k = 0; k < p->nkeys; k++) {
		struct found *f = led ? &other : lead;

		if (collect(ix, keys, p->key[k], carrier, f) == 0)
			continue;
		if (!led) {
			led = true;
			continue;
		}
		reject_others(lead, &other, other.by);
		if (standing(lead) == 0) {
			lead->outcome = O_CONFLICT;
			return;
		}
	}
	lead->outcome = O_NO_SHIPMENT;
	if (!led)
		return;
	if (standing(lead) > 1)
		break_tie(lead, b);
	lead->outcome = standing(lead) == 1 ? O_NONE : O_AMBIGUOUS;
	lead->load = only(lead);
}

/*
 * Rounds of finding and learning
 */

/* A reference that nobody holds yet becomes one of the load's; a load id is never learned. */
static bool
learn(struct index *ix, struct load *load, const struct keys *keys)
{
	bool	 any = false;

	for (size_t i = 0; i < keys->n; i++) {
		const struct key *k = &keys->k[i];

		if (k->class == LGX_REF_LOAD || k->class == LGX_REF_INVOICE)
			continue;
		if (slot_of(ix, k->class, scope_of(k->class, load->carrier), k->text)->first != NULL)
			continue;
		hold(ix, load, k);
		any = true;
	}
	return any;
}

static struct load *
find_event(const struct index *ix, const struct event_record *e, const struct lgx_profile *p)
{
	struct found	 f;

	resolve(ix, p, &e->keys, e->carrier, NULL, &f);
	return f.outcome == O_NONE ? f.load : NULL;
}

static struct load *
find_bill(const struct index *ix, struct bill *b, struct lgx_arena *arena)
{
	struct found	 f;

	resolve(ix, b->profile, &b->keys, b->carrier, b, &f);
	b->match_outcome = f.outcome;
	b->match_by = f.n > 0 ? f.by : NULL;
	b->match_key = f.key;
	b->ncandidates = f.n;
	b->candidates = NULL;
	if (f.n > 0) {
		b->candidates = lgx_arena_alloc(arena, f.n * sizeof(*b->candidates));
		memcpy(b->candidates, f.candidates, f.n * sizeof(*b->candidates));
	}
	return f.outcome == O_NONE ? f.load : NULL;
}

static const struct lgx_profile *
event_profile(const struct group *g, const struct event_record *e)
{
	return lgx_rules_profile(g->rules, e->scac);
}

/* Two steps, so that what one record teaches does not depend on who asks first. */
static bool
round_of_learning(struct index *ix, struct group *g)
{
	bool	 any = false;

	for (size_t i = 0; i < g->nevents; i++)
		if (g->events[i].load == NULL)
			g->events[i].load = find_event(ix, &g->events[i],
			    event_profile(g, &g->events[i]));
	for (size_t i = 0; i < g->nbills; i++)
		if (g->bills[i].load == NULL && !g->bills[i].header)
			g->bills[i].load = find_bill(ix, &g->bills[i], &g->arena);
	for (size_t i = 0; i < g->nevents; i++)
		if (g->events[i].load != NULL)
			any |= learn(ix, g->events[i].load, &g->events[i].keys);
	for (size_t i = 0; i < g->nbills; i++)
		if (g->bills[i].load != NULL)
			any |= learn(ix, g->bills[i].load, &g->bills[i].keys);
	return any;
}

static size_t
count_keys(const struct group *g)
{
	size_t	 n = 0;

	for (size_t i = 0; i < g->nversions; i++)
		n += g->versions[i].keys.n;
	for (size_t i = 0; i < g->nevents; i++)
		n += g->events[i].keys.n;
	for (size_t i = 0; i < g->nbills; i++)
		n += g->bills[i].keys.n;
	return n;
}

void
recon_match_group(struct group *g)
{
	struct index	 ix;

	index_init(&ix, g, count_keys(g));
	for (size_t i = 0; i < g->nloads; i++)
		for (size_t v = 0; v < g->loads[i].nversions; v++)
			for (size_t k = 0; k < g->loads[i].versions[v].keys.n; k++)
				hold(&ix, &g->loads[i], &g->loads[i].versions[v].keys.k[k]);
	if (g->nloads > 0)
		for (int i = 0; i < ROUNDS && round_of_learning(&ix, g); i++)
			;
	for (size_t i = 0; i < g->nevents; i++)
		g->events[i].load = find_event(&ix, &g->events[i], event_profile(g, &g->events[i]));
	for (size_t i = 0; i < g->nbills; i++)
		if (!g->bills[i].header)
			g->bills[i].load = find_bill(&ix, &g->bills[i], &g->arena);
}
