/*
 * recon/read.c - records and memories as structs
 * Floor recon: uses base and rec.
 */
#include <stdio.h>

#include "base/table.h"
#include "recon/effect.h"
#include "recon/read.h"

#define TRY(call)	do { int try_st = (call); if (try_st != LGX_OK) return try_st; } while (0)

#define CHARGES_MAX	10000	/* of one record: the LX loops of a 210 end at 9,999 */

struct reader {
	struct lgx_rec		*rec;
	struct lgx_arena	*arena;
	const struct lgx_rules	*rules;
	struct lgx_err		*err;
	int			 digits;
	struct lgx_norm		 norm;		/* of the record's carrier */
};

/* Text that lives as long as line and arena. */
static struct lgx_str
keep(struct reader *r, struct lgx_str s)
{
	if (s.p >= r->rec->line.p && s.p <= r->rec->line.p + r->rec->line.n)
		return s;
	return lgx_arena_str(r->arena, s);
}

static struct lgx_str
text(struct reader *r, enum lgx_member m)
{
	return keep(r, lgx_rec_str(r->rec, m));
}

static struct lgx_str
inner(struct reader *r, uint32_t object, const char *name)
{
	return keep(r, lgx_node_get_str(r->rec, object, lgx_str_of(name)));
}

static int
refuse(struct reader *r, enum lgx_diag diag, const char *member, const char *what)
{
	return lgx_err_reject(r->err, diag, r->rec->place, "%s: %s", member, what);
}

static int
need(struct reader *r, enum lgx_member m)
{
	return lgx_rec_has(r->rec, m) ? LGX_OK : refuse(r, LGX_E_REC_MISSING, lgx_member_name(m),
	    "missing");
}

static bool
is_sane(int64_t amount)
{
	return amount <= LGX_AMOUNT_MAX && amount >= -LGX_AMOUNT_MAX;
}

static int
money(struct reader *r, struct lgx_str s, const char *member, int64_t *out)
{
	if (lgx_money_parse(s, r->digits, out) && (r->rules == NULL || is_sane(*out)))
		return LGX_OK;
	return refuse(r, LGX_E_MONEY_DIGITS, member, "is no amount of its currency");
}

static int
read_currency(struct reader *r, struct lgx_str *out)
{
	*out = text(r, LGX_M_currency);
	if (out->n == 0)
		*out = r->rules->currency;
	r->digits = lgx_currency_digits(*out);
	return r->digits >= 0 ? LGX_OK : refuse(r, LGX_E_CURRENCY, "currency", "unknown");
}

/*
 * The place in its interchange, or else in its file.  The name of the file
 * does not count: the same bytes under another name are a redelivery.
 */
static struct lgx_str
read_envelope(struct reader *r, uint32_t src)
{
	static const char *const in_edi[] = { "isa", "gs", "st", "offset" };
	static const char *const in_file[] = { "sha", "offset", "row", "path" };
	bool			 edi = lgx_node_get(r->rec, src, LGX_STR("isa")) != 0;
	struct lgx_buf		 b = { NULL, 0, 0 };
	struct lgx_str		 out;

	for (size_t i = 0; i < LGX_LEN(in_edi); i++) {
		lgx_buf_puts(&b, lgx_node_get_str(r->rec, src,
		    lgx_str_of(edi ? in_edi[i] : in_file[i])));
		lgx_buf_putc(&b, '|');
	}
	out = lgx_arena_str(r->arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return out;
}

static int
read_head(struct reader *r, struct head *h)
{
	uint32_t	 src = r->rec->top[LGX_M_src];

	TRY(need(r, LGX_M_id));
	h->id = text(r, LGX_M_id);
	h->usage = text(r, LGX_M_usage);
	if (lgx_str_eq(h->usage, LGX_STR("P")))
		h->usage = LGX_STR_EMPTY;
	h->line = r->rec->line;
	h->src = src != 0 ? lgx_node_json(r->rec, src) : LGX_STR_EMPTY;
	h->envelope = src != 0 ? read_envelope(r, src) : LGX_STR_EMPTY;
	h->occurrence = 1;
	return LGX_OK;
}

static bool
read_dec(struct lgx_str s, struct lgx_dec *out)
{
	return s.n > 0 && lgx_dec_parse(s, out);
}

static int
read_charges(struct reader *r, uint32_t list, struct charges *out)
{
	size_t		 n = 0;

	*out = (struct charges){ NULL, 0 };
	if (list == 0)
		return LGX_OK;
	LGX_NODE_EACH(i, r->rec, list)
		n++;
	if (n > CHARGES_MAX)
		return refuse(r, LGX_E_REC_VALUE, "charges", "more than 10,000 of them");
	out->c = lgx_arena_alloc(r->arena, (n + 1) * sizeof(*out->c));
	LGX_NODE_EACH(i, r->rec, list) {
		struct charge *c = &out->c[out->n++];

		*c = (struct charge){ .code = inner(r, i, "code"), .basis = inner(r, i, "basis") };
		TRY(money(r, inner(r, i, "amount"), "charges.amount", &c->amount));
		c->has_qty = read_dec(inner(r, i, "qty"), &c->qty);
		c->has_rate = read_dec(inner(r, i, "rate"), &c->rate);
	}
	return LGX_OK;
}

static int
sum_charges(struct reader *r, const struct charges *c, int64_t *sum)
{
	*sum = 0;
	for (size_t i = 0; i < c->n; i++)
		if (!lgx_money_add(sum, c->c[i].amount) || !is_sane(*sum))
			return refuse(r, LGX_E_DECIMAL_RANGE, "charges", "the sum does not fit");
	return LGX_OK;
}

static void
read_words(struct reader *r, enum lgx_member m, struct words *out)
{
	uint32_t	 list = r->rec->top[m];
	size_t		 n = 0;

	*out = (struct words){ NULL, 0 };
	if (list == 0)
		return;
	LGX_NODE_EACH(i, r->rec, list)
		n++;
	out->w = lgx_arena_alloc(r->arena, (n + 1) * sizeof(*out->w));
	LGX_NODE_EACH(i, r->rec, list)
		out->w[out->n++] = keep(r, lgx_node_str(r->rec, i));
}

/*
 * References
 */

static void
push_key(struct reader *r, struct keys *keys, enum lgx_ref_class class, struct lgx_str base)
{
	if (base.n == 0)
		return;
	for (size_t i = 0; i < keys->n; i++)
		if (keys->k[i].class == class && lgx_str_eq(keys->k[i].text, base))
			return;
	if (keys->n == keys->cap) {
		size_t cap = keys->cap > 0 ? 2 * keys->cap : 4;
		struct key *more = lgx_arena_alloc(r->arena, cap * sizeof(*more));

		if (keys->n > 0)
			memcpy(more, keys->k, keys->n * sizeof(*more));
		keys->k = more;
		keys->cap = cap;
	}
	keys->k[keys->n++] = (struct key){ class, base };
}

/* A carrier without a page still writes its own code before its numbers. */
static void
use_norm(struct reader *r, const struct lgx_profile *p, struct lgx_str scac)
{
	r->norm = p->norm;
	if (r->norm.nprefixes == 0 && scac.n > 0)
		r->norm.prefix[r->norm.nprefixes++] = scac;
}

static struct lgx_ref
add_key(struct reader *r, struct keys *keys, enum lgx_ref_class class, struct lgx_str raw)
{
	struct lgx_ref	 ref = { LGX_STR_EMPTY, LGX_STR_EMPTY, LGX_STR_EMPTY };

	raw = lgx_str_trim(raw);
	if (raw.n == 0 || lgx_rules_lists(r->rules->no_reference, raw))
		return ref;
	lgx_norm_ref(&r->norm, class, raw, r->arena, &ref);
	push_key(r, keys, class, ref.base);
	push_key(r, keys, class, ref.bare);
	return ref;
}

static void
add_refs(struct reader *r, struct keys *keys)
{
	uint32_t	 list = r->rec->top[LGX_M_refs];

	if (list == 0)
		return;
	LGX_NODE_EACH(i, r->rec, list) {
		struct lgx_str		 value = inner(r, i, "value");
		enum lgx_ref_class	 class;

		if (lgx_rules_reference(r->rules, inner(r, i, "qual"), &class))
			add_key(r, keys, class, value);
	}
}

/*
 * Shipments
 */

static struct lgx_str
region_of(struct reader *r, enum lgx_member m)
{
	uint32_t	 place = r->rec->top[m];

	return place != 0 ? inner(r, place, "region") : LGX_STR_EMPTY;
}

static int
read_total(struct reader *r, const struct charges *charges, bool must, int64_t *total, bool *has)
{
	*has = lgx_rec_has(r->rec, LGX_M_total);
	if (*has)
		return money(r, lgx_rec_str(r->rec, LGX_M_total), "total", total);
	if (must && charges->n == 0)
		return need(r, LGX_M_total);
	return sum_charges(r, charges, total);
}

static int
read_weight(struct reader *r, struct lgx_dec *out, bool *has)
{
	*has = lgx_rec_has(r->rec, LGX_M_weight);
	return lgx_rec_dec(r->rec, LGX_M_weight, out, r->err);
}

int
recon_read_version(struct lgx_rec *rec, const struct lgx_rules *rules, struct lgx_arena *arena,
    struct version *v, struct lgx_err *err)
{
	struct reader	 r = { rec, arena, rules, err, 2, LGX_NORM_DEFAULT };
	bool		 has;

	*v = (struct version){ .updated = LGX_TIME_NONE, .ship_date = LGX_DATE_NONE };
	TRY(read_head(&r, &v->head));
	TRY(need(&r, LGX_M_load));
	TRY(read_currency(&r, &v->currency));
	v->digits = r.digits;
	TRY(read_charges(&r, rec->top[LGX_M_charges], &v->charges));
	TRY(read_total(&r, &v->charges, false, &v->total, &has));
	v->has_total = has || v->charges.n > 0;
	TRY(lgx_rec_date(rec, LGX_M_ship_date, &v->ship_date, err));
	TRY(lgx_rec_time(rec, LGX_M_updated_at, &v->updated, err));
	TRY(read_weight(&r, &v->weight, &v->has_weight));
	v->company = text(&r, LGX_M_company);
	if (v->company.n == 0)
		v->company = rules->company;
	v->load = text(&r, LGX_M_load);
	v->scac = text(&r, LGX_M_scac);
	v->pro = text(&r, LGX_M_pro);
	v->bol = text(&r, LGX_M_bol);
	v->customer = text(&r, LGX_M_customer);
	v->terms = text(&r, LGX_M_terms);
	v->state = text(&r, LGX_M_state);
	v->mode = text(&r, LGX_M_mode);
	v->rate_version = text(&r, LGX_M_rate_version);
	v->freight_class = text(&r, LGX_M_freight_class);
	v->lane_from = region_of(&r, LGX_M_origin);
	v->lane_to = region_of(&r, LGX_M_destination);
	read_words(&r, LGX_M_authorised, &v->authorised);
	use_norm(&r, lgx_rules_profile(rules, v->scac), v->scac);
	add_key(&r, &v->keys, LGX_REF_PRO, v->pro);
	add_key(&r, &v->keys, LGX_REF_BOL, v->bol);
	add_key(&r, &v->keys, LGX_REF_LOAD, v->load);
	add_refs(&r, &v->keys);
	return LGX_OK;
}

struct lgx_str
recon_load_name(const struct version *v, struct lgx_arena *arena)
{
	struct lgx_buf	 b = { NULL, 0, 0 };
	struct lgx_str	 name;

	lgx_id_part(&b, v->company);
	lgx_id_part(&b, v->load);
	name = lgx_arena_str(arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return name;
}

/*
 * Bills
 */

/* One word for a party: its code, else its name and postal code, folded. */
static struct lgx_str
party_word(struct reader *r, enum lgx_member m)
{
	uint32_t	 place = r->rec->top[m];
	struct lgx_str	 code, name;
	char		*p;

	if (place == 0)
		return LGX_STR_EMPTY;
	code = inner(r, place, "code");
	name = lgx_str_trim(code.n > 0 ? code : inner(r, place, "name"));
	p = lgx_arena_alloc(r->arena, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		p[i] = name.p[i] >= 'a' && name.p[i] <= 'z' ? (char)(name.p[i] - 32) : name.p[i];
	return (struct lgx_str){ p, name.n };
}

static int64_t
count_of(struct reader *r, uint32_t object, const char *name)
{
	uint64_t	 v = 0;

	return lgx_str_u64(inner(r, object, name), &v) && v < INT32_MAX ? (int64_t)v : 0;
}

static int
read_parent(struct reader *r, struct bill *b)
{
	uint32_t	 parent = r->rec->top[LGX_M_parent];

	b->parent = LGX_STR_EMPTY;
	b->header = lgx_str_eq(b->type, LGX_STR("consolidated")) && parent == 0;
	if (parent == 0)
		return LGX_OK;
	b->parent = inner(r, parent, "id");
	b->parent_n = count_of(r, parent, "n");
	b->parent_of = count_of(r, parent, "of");
	return money(r, inner(r, parent, "total"), "parent.total", &b->parent_total);
}

static int
read_bill_references(struct reader *r, struct bill *b)
{
	b->profile = lgx_rules_profile(r->rules, b->scac);
	use_norm(r, b->profile, b->scac);
	b->number = add_key(r, &b->keys, LGX_REF_INVOICE, b->invoice);
	b->keys.n = 0;			/* its own number is no reference to another bill */
	b->pro_ref = add_key(r, &b->keys, LGX_REF_PRO, b->pro);
	add_key(r, &b->keys, LGX_REF_BOL, b->bol);
	add_key(r, &b->keys, LGX_REF_LOAD, text(r, LGX_M_load));
	add_refs(r, &b->keys);
	if (b->number.base.n == 0)
		return refuse(r, LGX_E_REC_VALUE, "invoice", "nothing is left of the number");
	b->handling = lgx_rules_handling(b->profile, b->correction);
	return LGX_OK;
}

static void
read_bill_texts(struct reader *r, struct bill *b)
{
	b->scac = text(r, LGX_M_scac);
	b->carrier = lgx_rules_carrier(r->rules, b->scac);
	b->invoice = text(r, LGX_M_invoice);
	b->correction = text(r, LGX_M_correction);
	b->pro = text(r, LGX_M_pro);
	b->bol = text(r, LGX_M_bol);
	b->terms = text(r, LGX_M_terms);
	b->type = text(r, LGX_M_type);
	b->freight_class = text(r, LGX_M_freight_class);
	b->bill_to = party_word(r, LGX_M_bill_to);
	b->remit_to = party_word(r, LGX_M_remit_to);
	b->why_broken = b->match_key = b->version = LGX_STR_EMPTY;
}

static void
start_bill(struct bill *b)
{
	*b = (struct bill){ .date = LGX_DATE_NONE, .ship_date = LGX_DATE_NONE,
	    .delivery_date = LGX_DATE_NONE, .received = LGX_TIME_NONE, .contest_by = LGX_DATE_NONE };
}

int
recon_read_bill(struct lgx_rec *rec, const struct lgx_rules *rules, struct lgx_arena *arena,
    struct bill *b, struct lgx_err *err)
{
	struct reader	 r = { rec, arena, rules, err, 2, LGX_NORM_DEFAULT };
	bool		 has;

	start_bill(b);
	TRY(read_head(&r, &b->head));
	TRY(need(&r, LGX_M_invoice));
	TRY(need(&r, LGX_M_scac));
	TRY(read_currency(&r, &b->currency));
	b->digits = r.digits;
	read_bill_texts(&r, b);
	TRY(read_charges(&r, rec->top[LGX_M_charges], &b->charges));
	TRY(read_total(&r, &b->charges, true, &b->total, &has));
	TRY(lgx_rec_date(rec, LGX_M_date, &b->date, err));
	TRY(lgx_rec_date(rec, LGX_M_ship_date, &b->ship_date, err));
	TRY(lgx_rec_date(rec, LGX_M_delivery_date, &b->delivery_date, err));
	TRY(lgx_rec_time(rec, LGX_M_received_at, &b->received, err));
	TRY(read_weight(&r, &b->weight, &b->has_weight));
	if (b->received == LGX_TIME_NONE && b->date != LGX_DATE_NONE)
		b->received = b->date * LGX_DAY;
	TRY(read_parent(&r, b));
	return read_bill_references(&r, b);
}

int
recon_read_booked(struct lgx_rec *rec, const struct lgx_rules *rules, struct lgx_arena *arena,
    struct bill *b, struct lgx_err *err)
{
	struct reader	 r = { rec, arena, rules, err, 2, LGX_NORM_DEFAULT };

	start_bill(b);
	TRY(read_head(&r, &b->head));
	TRY(need(&r, LGX_M_invoice));
	TRY(read_currency(&r, &b->currency));
	b->digits = r.digits;
	read_bill_texts(&r, b);
	TRY(read_charges(&r, rec->top[LGX_M_charges], &b->charges));
	TRY(need(&r, LGX_M_amount));
	TRY(money(&r, lgx_rec_str(rec, LGX_M_amount), "amount", &b->total));
	TRY(lgx_rec_date(rec, LGX_M_date, &b->date, err));
	if (b->date != LGX_DATE_NONE)
		b->received = b->date * LGX_DAY;
	b->parent = LGX_STR_EMPTY;
	return read_bill_references(&r, b);
}

/*
 * Events and receipts
 */

int
recon_read_event(struct lgx_rec *rec, const struct lgx_rules *rules, struct lgx_arena *arena,
    struct event_record *e, struct lgx_err *err)
{
	struct reader	 r = { rec, arena, rules, err, 2, LGX_NORM_DEFAULT };
	lgx_time	 local = LGX_TIME_NONE;
	struct lgx_str	 s;

	*e = (struct event_record){ .received = LGX_TIME_NONE };
	TRY(read_head(&r, &e->head));
	TRY(need(&r, LGX_M_time));
	e->scac = text(&r, LGX_M_scac);
	e->carrier = lgx_rules_carrier(rules, e->scac);
	e->event.time = LGX_TIME_NONE;
	TRY(lgx_rec_time(rec, LGX_M_time, &e->event.time, err));
	TRY(lgx_rec_time(rec, LGX_M_received_at, &e->received, err));
	s = lgx_rec_str(rec, LGX_M_time_local);
	if (s.n == 0 || !lgx_local_parse(s, &local))
		local = e->event.time;
	e->local = lgx_time_date(local);
	e->event.id = e->head.id;
	e->event.received = e->received;
	e->event.stop = text(&r, LGX_M_stop);
	e->event.code = text(&r, LGX_M_code);
	s = lgx_rec_str(rec, LGX_M_milestone);
	if (e->event.code.n == 0)
		e->event.code = keep(&r, s);
	e->event.milestone = lgx_milestone_find(&rules->milestones, s);
	e->event.estimate = lgx_rec_has(rec, LGX_M_eta) &&
	    (e->event.milestone == NULL || e->event.milestone->rank == 0);
	e->event.zoned = !lgx_str_eq(lgx_rec_str(rec, LGX_M_tz), LGX_STR("unknown"));
	use_norm(&r, lgx_rules_profile(rules, e->scac), e->scac);
	add_key(&r, &e->keys, LGX_REF_PRO, text(&r, LGX_M_pro));
	add_key(&r, &e->keys, LGX_REF_BOL, text(&r, LGX_M_bol));
	add_key(&r, &e->keys, LGX_REF_LOAD, text(&r, LGX_M_load));
	add_refs(&r, &e->keys);
	return LGX_OK;
}

int
recon_read_receipt(struct lgx_rec *rec, struct lgx_arena *arena, struct receipt *out,
    struct lgx_err *err)
{
	struct reader	 r = { rec, arena, NULL, err, 2, LGX_NORM_DEFAULT };

	TRY(need(&r, LGX_M_key));
	TRY(need(&r, LGX_M_state));
	out->key = text(&r, LGX_M_key);
	out->state = text(&r, LGX_M_state);
	return LGX_OK;
}

/*
 * Memory: lines of the state, written by state.c
 */

static int
read_effect(struct reader *r, uint32_t node, struct effect *e)
{
	uint32_t	 amounts = lgx_node_get(r->rec, node, LGX_STR("amounts"));
	int		 role;

	*e = (struct effect){ .template = inner(r, node, "template"), .key = inner(r, node, "key"),
	    .company = inner(r, node, "company"), .reverses = inner(r, node, "reverses"),
	    .date = LGX_DATE_NONE };
	if (!lgx_date_parse(inner(r, node, "event_date"), &e->date))
		return refuse(r, LGX_E_STATE_DAMAGED, "effects", "an effect without a date");
	e->state = recon_effect_state(inner(r, node, "state"));
	if (amounts == 0)
		return LGX_OK;
	LGX_NODE_EACH(i, r->rec, amounts) {
		if ((role = recon_role_of(lgx_node_key(r->rec, i))) < 0)
			return refuse(r, LGX_E_STATE_DAMAGED, "effects", "an unknown role");
		TRY(money(r, lgx_node_str(r->rec, i), "effects.amounts", &e->amount[role]));
	}
	return LGX_OK;
}

static int
read_effects(struct reader *r, struct memory *m)
{
	uint32_t	 list = r->rec->top[LGX_M_effects];
	struct effect	**end = &m->effects;

	if (list == 0)
		return LGX_OK;
	LGX_NODE_EACH(i, r->rec, list) {
		*end = lgx_arena_alloc(r->arena, sizeof(**end));
		TRY(read_effect(r, i, *end));
		end = &(*end)->next;
	}
	return LGX_OK;
}

int
recon_read_memory(struct lgx_rec *rec, struct lgx_arena *arena, struct memory *m,
    struct lgx_err *err)
{
	struct reader	 r = { rec, arena, NULL, err, 2, LGX_NORM_DEFAULT };
	struct lgx_str	 settles;

	*m = (struct memory){ .line = rec->line };
	r.digits = lgx_currency_digits(lgx_rec_str(rec, LGX_M_currency));
	if (r.digits < 0)
		return refuse(&r, LGX_E_STATE_DAMAGED, "currency", "unknown");
	m->id = text(&r, LGX_M_id);
	m->outcome = text(&r, LGX_M_outcome);
	m->decision = text(&r, LGX_M_decision);
	m->prior = text(&r, LGX_M_prior_decision);
	m->load = text(&r, LGX_M_load);
	m->version = text(&r, LGX_M_rate_version);
	m->total = text(&r, LGX_M_total);
	if (lgx_rec_has(rec, LGX_M_approved))
		TRY(money(&r, lgx_rec_str(rec, LGX_M_approved), "approved", &m->approved));
	if (lgx_rec_has(rec, LGX_M_disputed))
		TRY(money(&r, lgx_rec_str(rec, LGX_M_disputed), "disputed", &m->disputed));
	settles = lgx_node_get_str(rec, 0, LGX_STR("settles"));
	if (settles.n > 0)
		TRY(money(&r, settles, "settles", &m->settles));
	TRY(read_charges(&r, rec->top[LGX_M_charges], &m->lines));
	TRY(read_charges(&r, lgx_node_get(rec, 0, LGX_STR("cuts")), &m->cuts));
	return read_effects(&r, m);
}

/*
 * Ties
 */

#define TIE_MAX	512	/* longer ones are cut: their group is only larger */

static uint64_t
tie(struct lgx_str usage, const char *class, struct lgx_str scope, struct lgx_str key)
{
	char	 text[TIE_MAX];
	int	 n = snprintf(text, sizeof(text), "%.*s|%s|%.*s|%.*s", LGX_STR_ARG(usage), class,
	    LGX_STR_ARG(scope), LGX_STR_ARG(key));

	return lgx_hash((struct lgx_str){ text, n < TIE_MAX ? (size_t)n : TIE_MAX - 1 });
}

static const char *const tie_classes[] = { "pro", "own", "own", "bill" };	/* as enum lgx_ref_class */
_Static_assert(LGX_LEN(tie_classes) == LGX_REF_CLASSES, "a tie for each class");

/* Numbers of the carrier are scoped by it; ours (BOL, load) are one space. */
static void
tie_keys(struct lgx_str usage, struct lgx_str carrier, const struct keys *keys, recon_tie_fn add,
    void *arg)
{
	for (size_t i = 0; i < keys->n; i++) {
		enum lgx_ref_class class = keys->k[i].class;
		bool ours = class == LGX_REF_BOL || class == LGX_REF_LOAD;

		add(arg, tie(usage, tie_classes[class], ours ? LGX_STR_EMPTY : carrier,
		    keys->k[i].text));
	}
}

void
recon_tie_version(const struct version *v, const struct lgx_rules *rules, recon_tie_fn add,
    void *arg)
{
	struct lgx_arena	 arena = { NULL, 0 };

	tie_keys(v->head.usage, lgx_rules_carrier(rules, v->scac), &v->keys, add, arg);
	add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY, recon_load_name(v, &arena)));
	lgx_arena_release(&arena);
}

void
recon_tie_bill(const struct bill *b, recon_tie_fn add, void *arg)
{
	tie_keys(b->head.usage, b->carrier, &b->keys, add, arg);
	add(arg, tie(b->head.usage, "bill", b->carrier, b->number.base));
	add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY, b->head.id));
	if (b->parent.n > 0)
		add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY, b->parent));
}

void
recon_tie_event(const struct event_record *e, recon_tie_fn add, void *arg)
{
	tie_keys(e->head.usage, e->carrier, &e->keys, add, arg);
	add(arg, tie(LGX_STR_EMPTY, "event", LGX_STR_EMPTY, e->head.id));
}

static struct lgx_str
without_occurrence(struct lgx_str subject)
{
	const char	*mark = memrchr(subject.p, '#', subject.n);

	return mark != NULL ? lgx_str_head(subject, (size_t)(mark - subject.p)) : subject;
}

void
recon_tie_memory(const struct memory *m, recon_tie_fn add, void *arg)
{
	struct lgx_str	 subject = m->id;

	lgx_str_cut(&subject, '/');
	add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY, without_occurrence(subject)));
	if (m->load.n > 0)
		add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY, m->load));
}

/* company|template|subject|version|seq */
void
recon_tie_receipt(const struct receipt *r, recon_tie_fn add, void *arg)
{
	struct lgx_str	 rest = r->key, company = lgx_str_cut(&rest, '|'), subject;
	char		 name[TIE_MAX];
	int		 n;

	lgx_str_cut(&rest, '|');
	subject = without_occurrence(lgx_str_cut(&rest, '|'));
	n = snprintf(name, sizeof(name), "%.*s/%.*s", LGX_STR_ARG(company), LGX_STR_ARG(subject));
	add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY, subject));
	add(arg, tie(LGX_STR_EMPTY, "subject", LGX_STR_EMPTY,
	    (struct lgx_str){ name, n < TIE_MAX ? (size_t)n : TIE_MAX - 1 }));
}
