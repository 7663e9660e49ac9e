/*
 * recon/dup.c - corrections, and bills that came before
 * Floor recon: uses base and rec.
 *
 * Every key of lgx-rules(5), "Duplicates", is a text in one hash table; under
 * it hang the bills that have it, the latest first.  A look goes down a chain
 * no further than LOOK, so that a number used a hundred thousand times costs
 * no more than one used twice.
 */
#include <stdlib.h>

#include "recon/dup.h"

#define LOOK	16

struct link { struct bill *bill; struct link *before; };
struct seat { struct lgx_str key; uint64_t hash; struct link *last; };

struct recon_seen {
	struct seat	*seats;
	size_t		 mask;
	struct lgx_arena *arena;
	const struct lgx_rules *rules;
	struct lgx_buf	*key;		/* scratch of the group */
};

#define KEYS_A_BILL	10

static struct link **
chain_of(struct recon_seen *seen)
{
	struct lgx_str	 key = lgx_buf_str(seen->key);
	uint64_t	 hash = lgx_hash(key);
	size_t		 at = hash & seen->mask;

	for (;; at = (at + 1) & seen->mask) {
		struct seat *s = &seen->seats[at];

		if (s->key.n == 0) {
			s->key = lgx_arena_str(seen->arena, key);
			s->hash = hash;
			return &s->last;
		}
		if (s->hash == hash && lgx_str_eq(s->key, key))
			return &s->last;
	}
}

static void
push(struct recon_seen *seen, struct bill *b)
{
	struct link	**chain = chain_of(seen), *l = lgx_arena_alloc(seen->arena, sizeof(*l));

	*l = (struct link){ b, *chain };
	*chain = l;
}

/*
 * Keys
 */

static void
put(struct recon_seen *seen, struct lgx_str s)
{
	lgx_buf_putc(seen->key, '|');
	lgx_buf_puts(seen->key, s);
}

static void
put_number(struct recon_seen *seen, int64_t v)
{
	lgx_buf_putf(seen->key, "|%lld", (long long)v);
}

static void
start_key(struct recon_seen *seen, const char *class, const struct bill *b)
{
	lgx_buf_clear(seen->key);
	lgx_buf_putz(seen->key, class);
	put(seen, b->head.usage);
	put(seen, b->carrier);
}

static void
number_key(struct recon_seen *seen, const struct bill *b, struct lgx_str base)
{
	start_key(seen, "number", b);
	put(seen, base);
	put_number(seen, b->parent.n > 0 ? b->parent_n : 0);
}

static void
exact_key(struct recon_seen *seen, const struct bill *b)
{
	start_key(seen, "exact", b);
	put(seen, b->number.base);
	put(seen, b->number.seq);
	put(seen, b->bill_to);
	put(seen, b->currency);
	put(seen, b->correction);
	put_number(seen, b->received_total);
	if (b->parent.n > 0) {		/* children share their header's number */
		put_number(seen, b->parent_n);
		put(seen, b->pro_ref.base);
	}
}

static bool
move_key(struct recon_seen *seen, const struct bill *b)
{
	start_key(seen, "move", b);
	put(seen, b->pro_ref.base);
	put_number(seen, b->total);
	return b->pro_ref.base.n > 0;
}

static bool
pro_key(struct recon_seen *seen, const struct bill *b)
{
	start_key(seen, "pro", b);
	put(seen, b->pro_ref.base);
	return b->pro_ref.base.n > 0;
}

static struct lgx_str
bol_of(const struct bill *b)
{
	for (size_t i = 0; i < b->keys.n; i++)
		if (b->keys.k[i].class == LGX_REF_BOL)
			return b->keys.k[i].text;
	return LGX_STR_EMPTY;
}

static lgx_date
shipped(const struct bill *b)
{
	return b->ship_date != LGX_DATE_NONE || b->load == NULL ? b->ship_date :
	    b->load->now->ship_date;
}

static bool
payee_key(struct recon_seen *seen, const struct bill *b)	/* any carrier */
{
	lgx_buf_clear(seen->key);
	lgx_buf_putz(seen->key, "payee");
	put(seen, b->head.usage);
	put(seen, bol_of(b));
	put_number(seen, shipped(b));
	return bol_of(b).n > 0 && shipped(b) != LGX_DATE_NONE;
}

static int
by_code_amount(const void *va, const void *vb)
{
	const struct charge *a = va, *b = vb;
	int	 c = lgx_str_cmp(a->code, b->code);

	return c != 0 ? c : a->amount < b->amount ? -1 : a->amount > b->amount;
}

static bool
content_key(struct recon_seen *seen, const struct bill *b)
{
	size_t		 n = b->charges.n;
	struct charge	*sorted;

	if (bol_of(b).n == 0 || n == 0)
		return false;
	sorted = lgx_arena_alloc(seen->arena, n * sizeof(*sorted));
	memcpy(sorted, b->charges.c, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_code_amount);
	start_key(seen, "content", b);
	put(seen, bol_of(b));
	for (size_t i = 0; i < n; i++) {
		put(seen, sorted[i].code);
		put_number(seen, sorted[i].amount);
	}
	return true;
}

/*
 * Guards: what looks like a repetition and is none
 */

static bool
shares_charge(const struct bill *a, const struct bill *b)
{
	for (size_t i = 0; i < a->charges.n; i++)
		for (size_t j = 0; j < b->charges.n; j++)
			if (lgx_str_eq(a->charges.c[i].code, b->charges.c[j].code))
				return true;
	return a->charges.n == 0 || b->charges.n == 0;
}

static bool
apart(lgx_date a, lgx_date b)
{
	return a != LGX_DATE_NONE && b != LGX_DATE_NONE && a != b;
}

static bool
guarded(const struct bill *first, const struct bill *b)
{
	if (b->handling != LGX_ORIGINAL || first->handling == LGX_CANCEL)
		return true;
	if (first->parent.n > 0 && lgx_str_eq(first->parent, b->parent))
		return true;
	if ((first->total < 0) != (b->total < 0))
		return true;
	if (b->number.seq.n > 0 && !lgx_str_eq(first->number.seq, b->number.seq) &&
	    !shares_charge(first, b))
		return true;
	return apart(first->ship_date, b->ship_date) || apart(first->delivery_date, b->delivery_date);
}

static bool
within_days(const struct bill *a, const struct bill *b, int64_t days)
{
	if (a->received == LGX_TIME_NONE || b->received == LGX_TIME_NONE)
		return true;
	return llabs((long long)(lgx_time_date(a->received) - lgx_time_date(b->received))) <= days;
}

static bool
same_number(const struct bill *a, const struct bill *b)
{
	return lgx_str_eq(a->carrier, b->carrier) && lgx_str_eq(a->number.base, b->number.base) &&
	    lgx_str_eq(a->number.seq, b->number.seq);
}

static bool
alike(const struct recon_seen *seen, const struct bill *a, const struct bill *b)
{
	int64_t	 v;

	return !lgx_str_eq(a->carrier, b->carrier) && lgx_str_eq(a->currency, b->currency) &&
	    !__builtin_sub_overflow(a->total, b->total, &v) &&
	    lgx_tol_pass(&seen->rules->payee, v, a->total, a->digits);
}

enum probe { ALTERED, SAME_MOVE, SAME_CONTENT, OTHER_PAYEE };

/* What was replaced is still owed, if at another amount; what was cancelled is not. */
bool
recon_is_cancelled(const struct bill *b)
{
	while (b->superseded_by != NULL)
		b = b->superseded_by;
	return b->handling == LGX_CANCEL;
}

static struct bill *
probe(struct recon_seen *seen, const struct bill *b, enum probe how)
{
	int	 steps = 0;

	for (struct link *l = *chain_of(seen); l != NULL && steps < LOOK; l = l->before, steps++) {
		struct bill *first = l->bill;

		if (first == b || guarded(first, b) || recon_is_cancelled(first) ||
		    !within_days(first, b, seen->rules->probable_days))
			continue;
		if (how == ALTERED)	/* an exact copy was found before */
			return first;
		if (how == OTHER_PAYEE && alike(seen, first, b))
			return first;
		if ((how == SAME_MOVE || how == SAME_CONTENT) && !same_number(first, b))
			return first;
	}
	return NULL;
}

struct bill *
recon_likely_twin(struct recon_seen *seen, struct bill *b, const char **why)
{
	struct bill	*first;

	number_key(seen, b, b->number.base);
	*why = "altered";
	if ((first = probe(seen, b, ALTERED)) != NULL)
		return first;
	*why = "same-move";
	if (move_key(seen, b) && (first = probe(seen, b, SAME_MOVE)) != NULL)
		return first;
	*why = "same-content";
	if (content_key(seen, b) && (first = probe(seen, b, SAME_CONTENT)) != NULL)
		return first;
	*why = "other-payee";
	if (payee_key(seen, b) && (first = probe(seen, b, OTHER_PAYEE)) != NULL)
		return first;
	return NULL;
}

void
recon_accept(struct recon_seen *seen, struct bill *b)
{
	number_key(seen, b, b->number.base);
	push(seen, b);
	if (move_key(seen, b))
		push(seen, b);
	if (content_key(seen, b))
		push(seen, b);
	if (payee_key(seen, b))
		push(seen, b);
}

/*
 * The survey
 */

static void
find_copy(struct recon_seen *seen, struct bill *b)
{
	struct link	**chain, *l;

	exact_key(seen, b);
	chain = chain_of(seen);
	if (*chain != NULL && within_days((*chain)->bill, b, seen->rules->exact_days)) {
		b->twin = (*chain)->bill;
		return;
	}
	l = lgx_arena_alloc(seen->arena, sizeof(*l));
	*l = (struct link){ b, *chain };
	*chain = l;
}

/* A correction whose own original is unknown is nothing to add to or to replace. */
static bool
is_rootless(const struct bill *first, const struct bill *b)
{
	if (first->original != NULL || first->booked || b->handling == LGX_CANCEL)
		return false;
	return first->handling == LGX_REPLACE ||
	    (first->handling == LGX_DELTA && b->handling == LGX_DELTA);
}

/* The latest bill of the chain that still stands. */
static struct bill *
standing(struct recon_seen *seen, const struct bill *b)
{
	int	 steps = 0;

	for (struct link *l = *chain_of(seen); l != NULL && steps < LOOK; l = l->before, steps++)
		if (l->bill != b && l->bill->superseded_by == NULL && !is_rootless(l->bill, b) &&
		    l->bill->handling != LGX_CANCEL && l->bill->handling != LGX_NO_MONEY &&
		    (b->handling == LGX_DELTA || l->bill->handling != LGX_DELTA ||
		    lgx_str_eq(b->number.seq, l->bill->number.seq)))
			return l->bill;
	return NULL;
}

/* By a number that it names, else by its own number, else (if the page says so) by PRO. */
static struct bill *
find_original(struct recon_seen *seen, const struct bill *b)
{
	struct bill	*first;

	for (size_t i = 0; i < b->keys.n; i++) {
		if (b->keys.k[i].class != LGX_REF_INVOICE)
			continue;
		start_key(seen, "chain", b);
		put(seen, b->keys.k[i].text);
		if ((first = standing(seen, b)) != NULL)
			return first;
	}
	start_key(seen, "chain", b);
	put(seen, b->number.base);
	if ((first = standing(seen, b)) != NULL)
		return first;
	if ((b->handling == LGX_DELTA || b->profile->replace_by_pro) && pro_key(seen, b))
		return standing(seen, b);
	return NULL;
}

static void
push_chain(struct recon_seen *seen, struct bill *b)
{
	start_key(seen, "chain", b);
	put(seen, b->number.base);
	push(seen, b);
	if (pro_key(seen, b))
		push(seen, b);
}

static bool
is_spent(const struct bill *b)		/* a copy says nothing that its twin did not */
{
	return b->header || b->twin != NULL || (b->settled && b->outcome == O_DUPLICATE_EXACT);
}

static void
link_bill(struct recon_seen *seen, struct bill *b)
{
	if (is_spent(b))
		return;
	if (b->handling != LGX_ORIGINAL && b->handling != LGX_NO_MONEY && !b->broken)
		b->original = find_original(seen, b);
	if (b->original != NULL && b->handling != LGX_DELTA)
		b->original->superseded_by = b;
	push_chain(seen, b);		/* a broken one too: it may be rebilled */
}

/*
 * Of two copies the one that an earlier run settled came first, whatever its
 * date says.  What a correction is about never depends on what is settled: it
 * would be about another bill the next night.
 */
static void
survey_bills(struct recon_seen *seen, struct group *g)
{
	for (int open = 0; open < 2; open++)
		for (size_t i = 0; i < g->nbills; i++) {
			struct bill *b = g->order[i];

			if ((b->settled || b->booked) == (open == 0) && !b->broken && !is_spent(b))
				find_copy(seen, b);
		}
	for (int own = 0; own < 2; own++)
		for (size_t i = 0; i < g->nbills; i++)
			if (g->order[i]->booked == (own == 0))
				link_bill(seen, g->order[i]);
}

/*
 * Sums.  A bill without lines says only its total.
 */

static void
check_lines(struct bill *b)
{
	int64_t	 sum = 0;

	b->received_total = b->total;
	if (b->charges.n == 0 || b->booked)
		return;
	for (size_t i = 0; i < b->charges.n; i++)
		b->broken |= !lgx_money_add(&sum, b->charges.c[i].amount);
	b->broken |= sum != b->total;
	if (b->broken)
		b->why_broken = LGX_STR("lines");
}

static int
by_parent(const void *va, const void *vb)
{
	const struct bill *a = *(struct bill *const *)va, *b = *(struct bill *const *)vb;
	struct lgx_str	 pa = a->header ? a->head.id : a->parent;
	struct lgx_str	 pb = b->header ? b->head.id : b->parent;
	int		 c;

	if ((c = lgx_str_cmp(pa, pb)) != 0 || (c = (int)b->header - (int)a->header) != 0)
		return c;
	if (a->parent_n != b->parent_n)
		return a->parent_n < b->parent_n ? -1 : 1;
	return lgx_str_cmp(a->subject, b->subject);
}

static int64_t
linehaul(const struct lgx_rules *rules, const struct bill *b)
{
	int64_t	 sum = 0;

	for (size_t i = 0; i < b->charges.n; i++)
		if (lgx_rules_lists(rules->linehaul, b->charges.c[i].code))
			sum += b->charges.c[i].amount;
	return sum;
}

/* Charges of the header go to the children by linehaul, to the cent. */
static void
allocate(struct recon_seen *seen, struct bill *header, struct bill **child, size_t n)
{
	int64_t	*weight = lgx_arena_alloc(seen->arena, n * sizeof(*weight));
	int64_t	*part = lgx_arena_alloc(seen->arena, n * sizeof(*part));

	for (size_t i = 0; i < n; i++)
		weight[i] = linehaul(seen->rules, child[i]);
	for (size_t h = 0; h < header->charges.n; h++) {
		lgx_money_split(header->charges.c[h].amount, weight, n, part);
		for (size_t i = 0; i < n; i++) {
			struct charges	*c = &child[i]->charges;
			struct charge	*more = lgx_arena_alloc(seen->arena, (c->n + 1) * sizeof(*more));

			if (c->n > 0)
				memcpy(more, c->c, c->n * sizeof(*more));
			more[c->n] = (struct charge){ .code = header->charges.c[h].code,
			    .amount = part[i], .basis = LGX_STR_EMPTY };
			*c = (struct charges){ more, c->n + 1 };
			child[i]->total += part[i];
		}
	}
}

/* What the header and its children say must agree to the cent. */
static void
check_family(struct recon_seen *seen, struct bill *header, struct bill **child, size_t n)
{
	int64_t	 sum = 0, shared = 0;
	bool	 good = true;

	for (size_t i = 0; i < n; i++)
		good &= lgx_money_add(&sum, child[i]->total);
	if (header != NULL)
		for (size_t i = 0; i < header->charges.n; i++)
			good &= lgx_money_add(&shared, header->charges.c[i].amount);
	if (good && sum == child[0]->parent_total)
		return;
	if (good && header != NULL && lgx_money_add(&sum, shared) &&
	    sum == child[0]->parent_total) {
		allocate(seen, header, child, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		child[i]->broken = true;
		child[i]->why_broken = LGX_STR("children");
	}
}

static void
check_families(struct recon_seen *seen, struct group *g)
{
	struct bill	**by = lgx_arena_alloc(&g->arena, (g->nbills + 1) * sizeof(*by));
	size_t		  n = 0, at, end;

	for (size_t i = 0; i < g->nbills; i++)
		if (g->bills[i].header || g->bills[i].parent.n > 0)
			by[n++] = &g->bills[i];
	qsort(by, n, sizeof(*by), by_parent);
	for (at = 0; at < n; at = end) {
		struct bill	*header = by[at]->header ? by[at] : NULL;
		struct lgx_str	 id = header != NULL ? header->head.id : by[at]->parent;

		for (end = at + 1; end < n && !by[end]->header &&
		    lgx_str_eq(by[end]->parent, id); end++)
			;
		at += header != NULL;
		if (end > at)
			check_family(seen, header, by + at, end - at);
	}
}

struct recon_seen *
recon_survey(struct group *g)
{
	struct recon_seen	*seen = lgx_arena_alloc(&g->arena, sizeof(*seen));
	size_t			 n = 16;

	while (n < KEYS_A_BILL * (g->nbills + 1))
		n *= 2;
	*seen = (struct recon_seen){ .arena = &g->arena, .rules = g->rules, .mask = n - 1,
	    .key = &g->scratch };
	seen->seats = lgx_arena_alloc(&g->arena, n * sizeof(*seen->seats));
	memset(seen->seats, 0, n * sizeof(*seen->seats));
	for (size_t i = 0; i < g->nbills; i++)
		check_lines(&g->bills[i]);
	check_families(seen, g);
	survey_bills(seen, g);
	return seen;
}
