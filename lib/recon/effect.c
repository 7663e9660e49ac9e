/*
 * recon/effect.c - what is to be booked: journals of a shipment and its bills
 * Floor recon: uses base and rec.
 */
#include "recon/effect.h"

static const char *const role_names[] = {	/* ORDER ROLE */
	"ACCRUED_FREIGHT", "AP_CARRIER", "COMMIT", "COMMIT_OFFSET", "DISPUTED_RECV", "FREIGHT_EXP",
	"FREIGHT_VAR", "FX_GAINLOSS", "TAX_RECOV",
};
_Static_assert(LGX_LEN(role_names) == ROLES, "a name for each role");
static const char *const state_names[] = {	/* ORDER EFFECT STATE */
	"sent", "booked", "refused", "reversed",
};
_Static_assert(LGX_LEN(state_names) == EFFECT_STATES, "a name for each state");

const char *
recon_role_name(int role)
{
	return role_names[role];
}

int
recon_role_of(struct lgx_str name)
{
	for (int i = 0; i < ROLES; i++)
		if (lgx_str_eq(name, lgx_str_of(role_names[i])))
			return i;
	return -1;
}

const char *
recon_effect_state_name(enum effect_state s)
{
	return state_names[s];
}

enum effect_state
recon_effect_state(struct lgx_str name)
{
	for (int i = 0; i < EFFECT_STATES; i++)
		if (lgx_str_eq(name, lgx_str_of(state_names[i])))
			return (enum effect_state)i;
	return E_SENT;
}

bool
recon_effect_lives(const struct effect *e)
{
	return e->state == E_SENT || e->state == E_BOOKED;
}

void
recon_effect_count(struct load *load, const struct effect *e)
{
	if (load == NULL || !recon_effect_lives(e))
		return;
	for (int i = 0; i < ROLES; i++)
		load->balance[i] += e->amount[i];
}

static int64_t
accrued(const struct load *load)	/* R: what is still open */
{
	return -load->balance[ACCRUED_FREIGHT];
}

/* One part of a key: its own separator and the escape are escaped. */
static void
key_part(struct lgx_buf *key, struct lgx_str part)
{
	if (part.n == 0)
		lgx_buf_putc(key, '~');
	for (size_t i = 0; i < part.n; i++)
		if (part.p[i] == '|')
			lgx_buf_putz(key, "%7C");
		else
			lgx_buf_putc(key, part.p[i]);
	lgx_buf_putc(key, '|');
}

/*
 * company|template|subject|version|seq: no clock and no chance in it.  An
 * effect that was refused left the list, so its key is given again.
 */
static struct lgx_str
next_key(const struct effect *list, struct lgx_str company, const char *template,
    struct lgx_str subject, struct lgx_str version, struct lgx_arena *arena)
{
	struct lgx_buf	 key = { NULL, 0, 0 };
	struct lgx_str	 text;
	uint64_t	 seq = 1;

	key_part(&key, company);
	key_part(&key, lgx_str_of(template));
	key_part(&key, subject);
	key_part(&key, version);
	for (const struct effect *e = list; e != NULL; e = e->next)
		seq += lgx_str_starts(e->key, lgx_buf_str(&key));
	lgx_buf_putu(&key, seq);
	text = lgx_arena_str(arena, lgx_buf_str(&key));
	lgx_buf_release(&key);
	return text;
}

static bool
is_empty(const int64_t amount[ROLES])
{
	for (int i = 0; i < ROLES; i++)
		if (amount[i] != 0)
			return false;
	return true;
}

static struct effect *
make(const char *template, struct lgx_str company, lgx_date date, const int64_t amount[ROLES],
    struct lgx_arena *arena)
{
	struct effect	*e = lgx_arena_alloc(arena, sizeof(*e));

	*e = (struct effect){ .template = lgx_str_of(template), .company = company, .date = date,
	    .reverses = LGX_STR_EMPTY, .fresh = true };
	memcpy(e->amount, amount, sizeof(e->amount));
	return e;
}

static void
append(struct effect ***end, struct effect *e)
{
	**end = e;
	*end = &e->next;
}

static void
post_load(struct load *load, const char *template, lgx_date date, const int64_t amount[ROLES],
    struct lgx_arena *arena)
{
	struct effect	*e;

	if (is_empty(amount))
		return;
	e = make(template, load->now->company, date, amount, arena);
	e->key = next_key(load->effects, e->company, template, load->now->load,
	    load->now->rate_version, arena);
	append(&load->effect_end, e);
	recon_effect_count(load, e);
}

static struct effect *
post_bill(struct bill *b, const char *template, lgx_date date, const int64_t amount[ROLES],
    struct lgx_arena *arena)
{
	struct effect	*e;

	if (is_empty(amount))
		return NULL;
	e = make(template, b->load->now->company, date, amount, arena);
	e->key = next_key(b->effects, e->company, template, b->subject, LGX_STR("1"), arena);
	append(&b->effect_end, e);
	recon_effect_count(b->load, e);
	return e;
}

static bool
has_live(const struct load *load, const char *template)
{
	for (const struct effect *e = load->effects; e != NULL; e = e->next)
		if (recon_effect_lives(e) && lgx_str_eq(e->template, lgx_str_of(template)))
			return true;
	return false;
}

/*
 * The shipment: projected at dispatch, incurred at delivery
 */

static void
project(struct load *load, int64_t delta, const char *template, lgx_date date,
    struct lgx_arena *arena)
{
	int64_t	 amount[ROLES] = { [COMMIT] = delta, [COMMIT_OFFSET] = -delta };

	post_load(load, template, date, amount, arena);
}

/* The end of what was projected, and the expense. */
static void
incur(struct load *load, lgx_date date, lgx_date changed, struct lgx_arena *arena)
{
	int64_t	 delta = load->expected - load->balance[FREIGHT_EXP];
	int64_t	 amount[ROLES] = { [FREIGHT_EXP] = delta, [ACCRUED_FREIGHT] = -delta };

	project(load, -load->balance[COMMIT], "T1x", date, arena);
	if (has_live(load, "T2"))
		post_load(load, "T2d", changed > date ? changed : date, amount, arena);
	else
		post_load(load, "T2", date, amount, arena);
}

static lgx_date
changed_on(const struct load *load, lgx_date as_of)
{
	return load->now->updated != LGX_TIME_NONE ? lgx_time_date(load->now->updated) : as_of;
}

void
recon_book_load(struct load *load, const struct lgx_rules *rules, lgx_date as_of,
    struct lgx_arena *arena)
{
	lgx_date	 when = rules->at_dispatch ? load->dispatched : load->delivered;
	int64_t		 open = load->balance[COMMIT];
	bool		 incurred = when != LGX_DATE_NONE || has_live(load, "T2");

	if (load->outcome == O_CANCELLED && !incurred) {
		project(load, -open, "T1x", as_of, arena);
	} else if (incurred && !rules->periodic) {
		incur(load, when != LGX_DATE_NONE ? when : as_of, changed_on(load, as_of), arena);
	} else if (!incurred && load->dispatched != LGX_DATE_NONE) {
		bool first = !has_live(load, "T1");

		project(load, load->expected - open, first ? "T1" : "T1d",
		    first ? load->dispatched : changed_on(load, as_of), arena);
	}
}

void
recon_book_incurred(struct load *load, const struct lgx_rules *rules, const struct bill *b,
    lgx_date as_of, struct lgx_arena *arena)
{
	lgx_date	 when = b->delivery_date != LGX_DATE_NONE ? b->delivery_date : as_of;

	if (!rules->periodic && !has_live(load, "T2") && load->expected != 0)
		incur(load, when, when, arena);
}

/*
 * Bills
 */

/* A supplement adds to its original; whoever replaces it leaves that alone. */
static struct bill *
replaced_by(const struct bill *b)
{
	return b->handling == LGX_DELTA ? NULL : b->original;
}

/* Bills that replace one another: is there a live mirror of this effect among them? */
static bool
mirrored(const struct effect *of, const struct bill *chain)
{
	for (; chain != NULL; chain = replaced_by(chain))
		for (const struct effect *e = chain->effects; e != NULL; e = e->next)
			if (recon_effect_lives(e) && lgx_str_eq(e->reverses, of->key))
				return true;
	return false;
}

static void
mirror(struct bill *b, const struct bill *original, const struct effect *e, lgx_date as_of,
    struct lgx_arena *arena)
{
	int64_t		 amount[ROLES];
	struct effect	*m;

	for (int i = 0; i < ROLES; i++)
		amount[i] = -e->amount[i];
	m = make("T7", e->company, as_of, amount, arena);
	m->reverses = e->key;
	m->key = next_key(b->effects, e->company, "T7", original->subject, LGX_STR("1"), arena);
	append(&b->effect_end, m);
	recon_effect_count(original->load, m);
}

void
recon_book_reversals(struct bill *b, lgx_date as_of, struct lgx_arena *arena)
{
	for (struct bill *o = b->original; o != NULL; o = replaced_by(o))
		for (struct effect *e = o->effects; e != NULL; e = e->next)
			if (!e->fresh && recon_effect_lives(e) && e->reverses.n == 0 &&
			    !mirrored(e, b))
				mirror(b, o, e, as_of, arena);
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * A credit first pays back what was claimed, then the variance.  What was
 * disputed and never booked (short-pay net) needs no journal to go away.
 */
static void
book_credit(struct bill *b, lgx_date as_of, struct lgx_arena *arena)
{
	int64_t	 claimed = smaller(-b->approved, b->load->balance[DISPUTED_RECV]);
	int64_t	 unbooked = b->settles > claimed ? b->settles - claimed : 0;
	int64_t	 credit = -b->approved - unbooked;
	int64_t	 amount[ROLES] = { [AP_CARRIER] = credit, [DISPUTED_RECV] = -claimed,
	    [FREIGHT_VAR] = claimed - credit };

	post_bill(b, "T5", as_of, amount, arena);
}

void
recon_book_bill(struct bill *b, const struct lgx_rules *rules, bool final, lgx_date as_of,
    struct lgx_arena *arena)
{
	int64_t		 open = accrued(b->load), clears, paid = b->approved - b->paid, claimed = 0;
	const char	*template = "T3";
	bool		 gross = b->decision == D_SHORT_PAY && rules->gross;

	if (b->total < 0) {
		book_credit(b, as_of, arena);
		return;
	}
	clears = final || gross ? open : open < 0 ? 0 : smaller(open, paid);
	if (b->decision == D_SHORT_PAY)
		template = gross ? "T4g" : "T4";
	else if (b->outcome == O_UNDERBILLED && final)
		template = "T3u";
	if (gross) {
		claimed = b->disputed;
		paid += claimed;
	}
	post_bill(b, template, as_of, rules->periodic ?
	    (int64_t [ROLES]){ [FREIGHT_EXP] = paid - claimed, [DISPUTED_RECV] = claimed,
	    [AP_CARRIER] = -paid } :
	    (int64_t [ROLES]){ [ACCRUED_FREIGHT] = clears, [DISPUTED_RECV] = claimed,
	    [FREIGHT_VAR] = paid - claimed - clears, [AP_CARRIER] = -paid }, arena);
}
