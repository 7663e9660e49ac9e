/*
 * recon/variance.c - why a bill differs: lines, findings, reasons
 * Floor recon: uses base and rec.
 *
 * A variance is taken apart so that one root cause is disputed once: what the
 * quantity did at the old rate, what the rate did at the new quantity, and what
 * followed from both in charges that are a percent of another.
 */
#include "recon/group.h"
#include "recon/variance.h"

struct finding *
recon_find(struct group *g, struct bill *b, const char *code)
{
	struct finding	*f = lgx_arena_alloc(&g->arena, sizeof(*f));

	*f = (struct finding){ .code = code, .charge = LGX_STR_EMPTY, .expected = LGX_STR_EMPTY,
	    .billed = LGX_STR_EMPTY };
	*b->finding_end = f;
	b->finding_end = &f->next;
	return f;
}

void
recon_reason(struct group *g, struct bill *b, const char *code, int64_t amount)
{
	struct reason	*r;

	if (amount == 0)
		return;
	for (r = b->reasons; r != NULL; r = r->next)
		if (strcmp(r->code, code) == 0) {
			r->amount += amount;
			return;
		}
	r = lgx_arena_alloc(&g->arena, sizeof(*r));
	*r = (struct reason){ code, amount, NULL };
	*b->reason_end = r;
	b->reason_end = &r->next;
}

static struct lgx_str
money_text(struct group *g, int64_t v, int digits)
{
	struct lgx_buf	 b = { NULL, 0, 0 };
	struct lgx_str	 s;

	lgx_money_put(&b, v, digits);
	s = lgx_arena_str(&g->arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return s;
}

static struct lgx_str
dec_text(struct group *g, struct lgx_dec d)
{
	struct lgx_buf	 b = { NULL, 0, 0 };
	struct lgx_str	 s;

	lgx_dec_put(&b, d);
	s = lgx_arena_str(&g->arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return s;
}

/*
 * Lines
 */

static struct lgx_tol_query
query(const struct load *load, enum lgx_tol_scope scope, struct lgx_str code)
{
	return (struct lgx_tol_query){ .scope = scope, .ship_date = load->now->ship_date,
	    .sel = { [LGX_SEL_CARRIER] = load->carrier, [LGX_SEL_CUSTOMER] = load->now->customer,
	    [LGX_SEL_MODE] = load->now->mode, [LGX_SEL_LANE] = load->lane,
	    [LGX_SEL_CHARGE] = code } };
}

static const struct lgx_tol *
limit_of(const struct lgx_tol_rule *rule, int64_t variance)
{
	return variance < 0 ? &rule->under : &rule->over;
}

bool
recon_total_passes(const struct group *g, const struct load *load, int64_t v)
{
	struct lgx_tol_query q = query(load, LGX_SCOPE_TOTAL, LGX_STR_EMPTY);

	return lgx_tol_pass(limit_of(lgx_rules_tol(g->rules, &q), v), v, load->expected,
	    load->now->digits);
}

/* A charge nobody expected has no tolerance, unless its own maximum is listed. */
static struct lgx_tol
unexpected_limit(const struct bill *b, struct lgx_str code)
{
	struct lgx_tol	 t = LGX_TOL_ZERO;

	LGX_CONF_EACH(item, b->profile->charge_max)
		if (lgx_str_eq(item->key, code) && !lgx_dec_parse(item->text, &t.amount))
			t.amount = LGX_DEC_ZERO;	/* unreached: checked at start */
	return t;
}

static void
judge_line(const struct group *g, const struct bill *b, struct verdict *v)
{
	struct lgx_tol_query q = query(b->load, LGX_SCOPE_LINE, v->code);
	struct lgx_tol	 t;

	if (lgx_rules_lists(g->rules->taxes, v->code))
		t = LGX_TOL_ZERO;
	else if (v->rated == NULL && v->expected == 0)
		t = unexpected_limit(b, v->code);
	else
		t = *limit_of(lgx_rules_tol(g->rules, &q), v->variance);
	v->limit = lgx_tol_limit(&t, v->expected, b->digits);
	v->pass = v->mine + v->settles == 0 || lgx_tol_pass(&t, v->variance, v->expected, b->digits);
	v->separable = true;
	v->cut = 0;
	if (!v->pass && v->variance > 0)
		v->cut = v->variance < v->mine ? v->variance : v->mine;
	if (v->cut < 0)
		v->cut = 0;
}

static struct verdict *
verdict_of(struct bill *b, struct lgx_str code)
{
	for (size_t i = 0; i < b->nverdicts; i++)
		if (lgx_str_eq(b->verdicts[i].code, code))
			return &b->verdicts[i];
	b->verdicts[b->nverdicts] = (struct verdict){ .code = code };
	return &b->verdicts[b->nverdicts++];
}

static int64_t
less(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
disputed_of(const struct load *load, struct lgx_str code)
{
	for (size_t i = 0; i < load->nlines; i++)
		if (lgx_str_eq(load->lines[i].code, code))
			return load->lines[i].disputed;
	return 0;
}

/* A credit first ends what was disputed: that was never owed, and is no variance. */
void
recon_measure(struct group *g, struct bill *b)
{
	struct load	*load = b->load;

	b->verdicts = lgx_arena_alloc(&g->arena,
	    (b->charges.n + load->nlines + 1) * sizeof(*b->verdicts));
	b->nverdicts = 0;
	for (size_t i = 0; i < b->charges.n; i++) {
		struct verdict *v = verdict_of(b, b->charges.c[i].code);

		v->mine += b->charges.c[i].amount;
		if (v->charge == NULL)
			v->charge = &b->charges.c[i];
	}
	for (size_t i = 0; i < load->nlines && b->charges.n > 0; i++) {
		struct verdict *v = verdict_of(b, load->lines[i].code);

		v->expected = load->lines[i].expected;
		v->billed = load->lines[i].approved;
		v->rated = load->lines[i].charge;
	}
	for (size_t i = 0; i < b->nverdicts; i++) {
		struct verdict *v = &b->verdicts[i];

		if (v->mine < 0)
			v->settles = less(-v->mine, disputed_of(load, v->code));
		v->billed += v->mine + v->settles;
		v->variance = v->billed - v->expected;
		judge_line(g, b, v);
	}
	b->has_expected = true;
	b->expected = load->expected;
	b->prior = load->prior;
	if (b->total < 0)
		b->settles = less(-b->total, load->disputed);
	b->variance = b->prior + b->total + b->settles - b->expected;
}

/*
 * Taking a line apart
 */

static const struct lgx_dec hundred = { 100, 0 };

/* Quantity in units of the rate: as it stands, or per hundred of it. */
static bool
units(const struct charge *c, int digits, struct lgx_dec *out)
{
	struct lgx_dec	 per, amount;
	int64_t		 minor, d;

	if (c == NULL || !c->has_qty || !c->has_rate)
		return false;
	if (!lgx_dec_div(c->qty, hundred, 8, LGX_HALF_AWAY, &per))
		return false;
	for (int i = 0; i < 2; i++) {
		*out = i == 0 ? c->qty : per;
		if (!lgx_dec_mul_round(*out, c->rate, digits, LGX_HALF_AWAY, &amount) ||
		    !lgx_dec_minor(amount, digits, &minor))
			continue;
		d = minor - c->amount;
		if (d >= -1 && d <= 1)
			return true;
	}
	return false;
}

static bool
times(struct lgx_dec a, struct lgx_dec b, int digits, int64_t *out)
{
	struct lgx_dec	 d;

	return lgx_dec_mul_round(a, b, digits, LGX_HALF_AWAY, &d) && lgx_dec_minor(d, digits, out);
}

static struct finding *
find_amount(struct group *g, struct bill *b, const char *code, const struct verdict *v,
    int64_t amount)
{
	struct finding	*f = recon_find(g, b, code);

	f->charge = v->code;
	f->expected = money_text(g, v->expected, b->digits);
	f->billed = money_text(g, v->billed, b->digits);
	f->variance = amount;
	f->has_variance = true;
	recon_reason(g, b, code, amount);
	return f;
}

static bool
beyond_weight(const struct group *g, const struct load *load, struct lgx_dec was,
    struct lgx_dec is)
{
	struct lgx_tol_query	 q = query(load, LGX_SCOPE_WEIGHT, LGX_STR_EMPTY);
	int64_t			 a, b;

	if (!lgx_dec_minor(was, 6, &a) || !lgx_dec_minor(is, 6, &b))
		return true;
	return !lgx_tol_pass(limit_of(lgx_rules_tol(g->rules, &q), b - a), b - a, a, 6);
}

/* (qty billed - qty expected) x rate expected; what is left is the rate. */
static bool
split_quantity(struct group *g, struct bill *b, struct verdict *v)
{
	struct lgx_dec	 was, is, more;
	int64_t		 amount;
	bool		 weight;

	if (v->billed != v->mine || !units(v->charge, b->digits, &is) ||
	    !units(v->rated, b->digits, &was) || !lgx_dec_sub(is, was, &more) ||
	    !times(more, v->rated->rate, b->digits, &amount))
		return false;
	if (amount == 0 || !beyond_weight(g, b->load, was, is))
		return false;
	weight = lgx_rules_lists(g->rules->weight_bases, v->rated->basis) ||
	    lgx_rules_lists(g->rules->weight_bases, v->charge->basis);
	struct finding *f = find_amount(g, b, weight ? "weight-variance" : "quantity-variance", v,
	    amount);
	f->expected = dec_text(g, was);
	f->billed = dec_text(g, is);
	v->separable = false;
	if (v->variance != amount)
		find_amount(g, b, "rate-variance", v, v->variance - amount);
	return true;
}

static const struct verdict *
linehaul_of(const struct group *g, const struct bill *b)
{
	for (size_t i = 0; i < b->nverdicts; i++)
		if (lgx_rules_lists(g->rules->linehaul, b->verdicts[i].code))
			return &b->verdicts[i];
	return NULL;
}

static bool
percent_of(const struct lgx_rules *rules, const struct charge *c, int64_t base, int digits,
    int64_t *out)
{
	struct lgx_dec	 share, whole = { base, digits };

	if (c == NULL || !c->has_rate || !lgx_rules_lists(rules->percent_bases, c->basis))
		return false;
	return lgx_dec_div(c->rate, hundred, 18, LGX_HALF_AWAY, &share) &&
	    times(share, whole, digits, out);
}

/* A percent of the linehaul that is wrong only because the linehaul is. */
static bool
split_derived(struct group *g, struct bill *b, struct verdict *v)
{
	const struct verdict	*base = linehaul_of(g, b);
	int64_t			 right, derived;

	if (base == NULL || base == v || base->variance == 0 || v->billed != v->mine ||
	    !percent_of(g->rules, v->rated, base->billed, b->digits, &right))
		return false;
	derived = right - v->expected;
	if (v->billed - right >= -1 && v->billed - right <= 1)
		derived = v->variance;
	if (derived == 0)
		return false;
	find_amount(g, b, "derived-variance", v, derived);
	if (!base->pass)
		v->separable = base->separable;
	if (v->variance != derived)
		find_amount(g, b, "fuel-variance", v, v->variance - derived);
	return true;
}

static const char *
plain_cause(const struct group *g, const struct bill *b, const struct verdict *v)
{
	const struct words *authorised = &b->load->now->authorised;

	if (lgx_rules_lists(g->rules->taxes, v->code))
		return "tax-variance";
	if (lgx_rules_lists(g->rules->fuel, v->code) && v->rated != NULL)
		return "fuel-variance";
	if (v->rated != NULL)
		return "rate-variance";
	for (size_t i = 0; i < authorised->n; i++)
		if (lgx_str_eq(authorised->w[i], v->code))
			return "charge-not-priced";
	return "charge-not-authorised";
}

static void
explain_line(struct group *g, struct bill *b, struct verdict *v)
{
	if (v->variance == 0)
		return;
	if (v->mine == 0) {
		if (v->variance < 0 && v->billed == 0)
			find_amount(g, b, "charge-missing", v, v->variance);
		else
			recon_reason(g, b, "billed-before", v->variance);
		return;
	}
	if (v->pass) {
		recon_reason(g, b, v->variance < 0 && b->outcome == O_UNDERBILLED ?
		    "underbilled" : "within-tolerance", v->variance);
		return;
	}
	if (!split_quantity(g, b, v) && !split_derived(g, b, v))
		find_amount(g, b, plain_cause(g, b, v), v, v->variance);
}

/*
 * Findings of the bill as a whole
 */

static void
find_class(struct group *g, struct bill *b)
{
	struct lgx_str	 was = b->load->now->freight_class, is = b->freight_class;
	struct finding	*f;

	if (was.n == 0 || is.n == 0 || lgx_str_eq(was, is))
		return;
	f = recon_find(g, b, "class-variance");
	f->expected = was;
	f->billed = is;
	for (size_t i = 0; i < b->nverdicts; i++)
		if (lgx_rules_lists(g->rules->linehaul, b->verdicts[i].code))
			b->verdicts[i].separable &= b->verdicts[i].pass;
}

static void
find_double_lines(struct group *g, struct bill *b)
{
	const struct charge *c = b->charges.c;

	for (size_t i = 0; i < b->charges.n; i++)
		for (size_t j = 0; j < i; j++)
			if (c[i].amount == c[j].amount && lgx_str_eq(c[i].code, c[j].code) &&
			    lgx_str_eq(c[i].basis, c[j].basis)) {
				struct finding *f = recon_find(g, b, "duplicate-line");

				f->charge = c[i].code;
				f->billed = money_text(g, c[i].amount, b->digits);
				break;
			}
}

static void
find_extensions(struct group *g, struct bill *b)
{
	struct lgx_dec	 ignored;

	for (size_t i = 0; i < b->charges.n; i++) {
		const struct charge	*c = &b->charges.c[i];
		int64_t			 amount;
		struct finding		*f;

		if (!c->has_qty || !c->has_rate || units(c, b->digits, &ignored) ||
		    lgx_rules_lists(g->rules->percent_bases, c->basis) ||
		    !times(c->qty, c->rate, b->digits, &amount))
			continue;
		f = recon_find(g, b, "extension-error");
		f->charge = c->code;
		f->expected = money_text(g, amount, b->digits);
		f->billed = money_text(g, c->amount, b->digits);
	}
}

void
recon_explain(struct group *g, struct bill *b)
{
	int64_t	 left = b->variance;

	find_class(g, b);
	/* The linehaul first: others derive from it. */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < b->nverdicts; i++)
			if (lgx_rules_lists(g->rules->linehaul, b->verdicts[i].code) == (pass == 0))
				explain_line(g, b, &b->verdicts[i]);
	find_double_lines(g, b);
	find_extensions(g, b);
	for (const struct reason *r = b->reasons; r != NULL; r = r->next)
		left -= r->amount;
	recon_reason(g, b, "unexplained", left);
}
