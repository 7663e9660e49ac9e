/*
 * ledger/entry.c - a journal entry, made from an effect of a decision
 * Floor ledger: stands on base and rec.
 */
#include "base/table.h"
#include "ledger/entry.h"

/*
 * Decisions
 */

#define TEXT(m)	{ LGX_M_##m, offsetof(struct lgx_decision, m) }

static const struct { enum lgx_member member; size_t at; } decision_texts[] = {
	TEXT(id), TEXT(subject), TEXT(run), TEXT(as_of), TEXT(company), TEXT(currency),
	TEXT(usage), TEXT(shipment), TEXT(load), TEXT(scac), TEXT(pro), TEXT(bol),
	TEXT(customer), TEXT(rules), TEXT(config),
};

static struct lgx_str
json_of(const struct lgx_rec *rec, enum lgx_member m)
{
	return lgx_rec_has(rec, m) ? lgx_node_json(rec, rec->top[m]) : LGX_STR_EMPTY;
}

void
lgx_decision_read(struct lgx_decision *d, struct lgx_rec *rec)
{
	for (size_t i = 0; i < LGX_LEN(decision_texts); i++)
		*(struct lgx_str *)((char *)d + decision_texts[i].at) =
		    lgx_rec_str(rec, decision_texts[i].member);
	if (d->company.n == 0)
		d->company = LGX_STR("main");
	d->evidence = json_of(rec, LGX_M_evidence);
	d->src = json_of(rec, LGX_M_src);
	d->effects = rec->top[LGX_M_effects];
}

/*
 * Effects
 */

struct effect {
	struct lgx_str	 template, key, company, event_date, reverses;
	uint32_t	 amounts;	/* node, 0 if absent */
};

static const struct { struct lgx_str name; size_t at; } effect_texts[] = {
	{ { "template", 8 }, offsetof(struct effect, template) },
	{ { "key", 3 }, offsetof(struct effect, key) },
	{ { "company", 7 }, offsetof(struct effect, company) },
	{ { "event_date", 10 }, offsetof(struct effect, event_date) },
	{ { "reverses", 8 }, offsetof(struct effect, reverses) },
};

static int
read_effect(struct effect *e, struct lgx_rec *rec, uint32_t node, struct lgx_err *err)
{
	*e = (struct effect){ .template = LGX_STR_EMPTY, .key = LGX_STR_EMPTY,
	    .company = LGX_STR_EMPTY, .event_date = LGX_STR_EMPTY, .reverses = LGX_STR_EMPTY };
	if (rec->nodes[node].type != LGX_OBJECT)
		return lgx_err_reject(err, LGX_E_REC_TYPE, rec->place, "an effect is an object");
	LGX_NODE_EACH(i, rec, node) {
		struct lgx_str	 name = lgx_node_key(rec, i);
		size_t		 row = 0;

		if (lgx_str_eq(name, LGX_STR("amounts")) && rec->nodes[i].type == LGX_OBJECT)
			e->amounts = i;
		while (row < LGX_LEN(effect_texts) && !lgx_str_eq(name, effect_texts[row].name))
			row++;
		if (row < LGX_LEN(effect_texts) && rec->nodes[i].type == LGX_STRING)
			*(struct lgx_str *)((char *)e + effect_texts[row].at) = lgx_node_str(rec, i);
	}
	return LGX_OK;
}

/* A key is graphic ASCII: it stands in journals, URLs and query languages. */
static bool
is_key(struct lgx_str s)
{
	if (s.n == 0 || s.n > LGX_KEY_TEXT)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return true;
}

/* Does the key begin with "company|template|"?  Then nobody posts under another's name. */
static bool
key_agrees(struct lgx_str key, struct lgx_str company, struct lgx_str template)
{
	struct lgx_str	 rest = key;

	return lgx_str_eq(lgx_str_cut(&rest, '|'), company) &&
	    lgx_str_eq(lgx_str_cut(&rest, '|'), template) && rest.n > 0;
}

static int
name_entry(struct lgx_entry *e, const struct effect *f, struct lgx_place place,
    struct lgx_err *err)
{
	if (!is_key(f->key))
		return lgx_err_reject(err, LGX_E_POST_KEY, place,
		    "a key is 1 to %d graphic ASCII characters", LGX_KEY_TEXT);
	e->name = f->key;
	e->key = lgx_key_of(f->key, e->digest);
	return LGX_OK;
}

static int
look_up(struct lgx_entry *e, const struct effect *f, const struct lgx_decision *d,
    const struct lgx_journals *j, struct lgx_place place, struct lgx_err *err)
{
	struct lgx_str	 company = f->company.n > 0 ? f->company : d->company;

	if ((e->template = lgx_template_of(j, f->template)) == NULL)
		return lgx_err_reject(err, LGX_E_POST_TEMPLATE, place,
		    "no journal template '%.*s'", LGX_STR_ARG(lgx_str_head(f->template, 60)));
	if ((e->company = lgx_company_of(j, company)) == NULL)
		return lgx_err_reject(err, LGX_E_POST_COMPANY, place, "no company '%.*s'",
		    LGX_STR_ARG(lgx_str_head(company, 60)));
	if (!key_agrees(e->name, company, f->template))
		return lgx_err_reject(err, LGX_E_POST_KEY, place,
		    "the key does not begin with %.*s|%.*s|", LGX_STR_ARG(company),
		    LGX_STR_ARG(f->template));
	e->currency = d->currency.n > 0 ? d->currency : e->company->currency[0];
	if ((e->digits = lgx_currency_digits(e->currency)) < 0)
		return lgx_err_reject(err, LGX_E_CURRENCY, place, "no currency '%.*s'",
		    LGX_STR_ARG(lgx_str_head(e->currency, 60)));
	if (!lgx_company_keeps(e->company, e->currency))
		return lgx_err_reject(err, LGX_E_POST_CURRENCY, place,
		    "company %.*s keeps no books in %.*s", LGX_STR_ARG(company),
		    LGX_STR_ARG(e->currency));
	if (!lgx_date_parse(f->event_date, &e->event))
		return lgx_err_reject(err, LGX_E_BAD_DATE, place, "event_date '%.*s' is no date",
		    LGX_STR_ARG(lgx_str_head(f->event_date, 60)));
	e->effective = e->event;
	return LGX_OK;
}

static int
check_reverses(struct lgx_entry *e, const struct effect *f, struct lgx_place place,
    struct lgx_err *err)
{
	e->reverses = f->reverses;
	if (e->template->mirror && !is_key(e->reverses))
		return lgx_err_reject(err, LGX_E_POST_REVERSES, place,
		    "template %.*s needs the key of the entry that it reverses",
		    LGX_STR_ARG(e->template->name));
	if (!e->template->mirror && e->reverses.n > 0)
		return lgx_err_reject(err, LGX_E_POST_REVERSES, place,
		    "template %.*s reverses nothing", LGX_STR_ARG(e->template->name));
	return LGX_OK;
}

static int
read_minor(struct lgx_rec *rec, uint32_t node, const struct lgx_entry *e, int64_t *minor,
    struct lgx_err *err)
{
	struct lgx_str	 text = lgx_node_str(rec, node), role = lgx_node_key(rec, node);
	struct lgx_dec	 amount;
	int		 type = rec->nodes[node].type;

	if ((type != LGX_STRING && type != LGX_NUMBER) || !lgx_dec_parse(text, &amount))
		return lgx_err_reject(err, LGX_E_BAD_DECIMAL, rec->place, "%.*s: '%.*s' is no amount",
		    LGX_STR_ARG(lgx_str_head(role, 60)), LGX_STR_ARG(lgx_str_head(text, 60)));
	if (!lgx_dec_minor(amount, e->digits, minor))
		return lgx_err_reject(err, LGX_E_MONEY_DIGITS, rec->place,
		    "%.*s: %.*s has more than the %d decimals of %.*s",
		    LGX_STR_ARG(lgx_str_head(role, 60)), LGX_STR_ARG(lgx_str_head(text, 60)),
		    e->digits, LGX_STR_ARG(e->currency));
	return LGX_OK;
}

/* May the role stand in this journal with this sign, and does the company have the account? */
static int
check_role(const struct lgx_entry *e, const struct lgx_journals *j, int role, int64_t minor,
    struct lgx_place place, struct lgx_err *err)
{
	enum lgx_side	 side = minor > 0 ? LGX_DEBIT : LGX_CREDIT;
	struct lgx_str	 name = j->role[role].name;

	if (!e->template->mirror && e->template->side[role] == LGX_SIDE_NONE)
		return lgx_err_reject(err, LGX_E_POST_ROLE, place, "template %.*s has no line %.*s",
		    LGX_STR_ARG(e->template->name), LGX_STR_ARG(name));
	if (!e->template->mirror && (e->template->side[role] & side) == 0)
		return lgx_err_reject(err, LGX_E_POST_SIDE, place,
		    "template %.*s has %.*s on the other side", LGX_STR_ARG(e->template->name),
		    LGX_STR_ARG(name));
	if (e->company->account[role].n == 0)
		return lgx_err_reject(err, LGX_E_POST_ACCOUNT, place,
		    "company %.*s has no account for %.*s", LGX_STR_ARG(e->company->name),
		    LGX_STR_ARG(name));
	return LGX_OK;
}

/* Lines stay in the order of roles, so that equal content is equal whatever its order. */
static int
add_line(struct lgx_entry *e, int role, int64_t minor, struct lgx_place place,
    struct lgx_err *err)
{
	size_t	 at = e->nlines;

	if (e->nlines == LGX_ENTRY_LINES)
		return lgx_err_reject(err, LGX_E_POST_EFFECT, place, "more than %d lines",
		    LGX_ENTRY_LINES);
	for (; at > 0 && e->line[at - 1].role > role; at--)
		e->line[at] = e->line[at - 1];
	e->line[at] = (struct lgx_line){ (uint8_t)role, minor, 0 };
	e->nlines++;
	return LGX_OK;
}

static int
read_lines(struct lgx_entry *e, struct lgx_rec *rec, uint32_t amounts,
    const struct lgx_journals *j, struct lgx_err *err)
{
	int64_t	 minor;
	int	 role, st;

	if (amounts == 0)
		return lgx_err_reject(err, LGX_E_POST_EFFECT, rec->place, "no amounts");
	LGX_NODE_EACH(i, rec, amounts) {
		if ((role = lgx_role_of(j, lgx_node_key(rec, i))) < 0)
			return lgx_err_reject(err, LGX_E_POST_ROLE, rec->place,
			    "no account role '%.*s'",
			    LGX_STR_ARG(lgx_str_head(lgx_node_key(rec, i), 60)));
		if ((st = read_minor(rec, i, e, &minor, err)) != LGX_OK)
			return st;
		if (minor == 0)
			continue;
		if ((st = check_role(e, j, role, minor, rec->place, err)) != LGX_OK ||
		    (st = add_line(e, role, minor, rec->place, err)) != LGX_OK)
			return st;
	}
	return LGX_OK;
}

static int
check_balance(const struct lgx_entry *e, struct lgx_place place, struct lgx_err *err)
{
	lgx_i128	 debit = 0, credit = 0;

	for (size_t i = 0; i < e->nlines; i++)
		if (e->line[i].minor > 0)
			debit += e->line[i].minor;
		else
			credit -= e->line[i].minor;
	if (e->nlines == 0)
		return lgx_err_reject(err, LGX_E_POST_EFFECT, place, "nothing to book: every amount is 0");
	if (debit != credit)
		return lgx_err_reject(err, LGX_E_POST_BALANCE, place,
		    "debits less credits is %+lld of the smallest %.*s unit",
		    (long long)(debit - credit), LGX_STR_ARG(e->currency));
	if (debit > LGX_DEC_COEF_MAX)
		return lgx_err_reject(err, LGX_E_DECIMAL_RANGE, place, "the sum does not fit");
	return LGX_OK;
}

static void
put_minor(struct lgx_buf *b, int64_t minor)
{
	if (minor < 0)
		lgx_buf_putc(b, '-');
	lgx_buf_putu(b, minor < 0 ? (uint64_t)-minor : (uint64_t)minor);
}

/*
 * The content that a key stands for.  Two effects with one key must agree in
 * it; no part can hold a newline.
 */
static void
hash_content(struct lgx_entry *e, const struct lgx_journals *j, struct lgx_buf *b)
{
	unsigned char	 sha[LGX_SHA_SIZE];

	lgx_buf_clear(b);
	lgx_buf_puts(b, e->name);
	lgx_buf_putc(b, '\n');
	lgx_date_put(b, e->event);
	lgx_buf_putc(b, '\n');
	lgx_buf_puts(b, e->reverses);
	lgx_buf_putc(b, '\n');
	lgx_buf_puts(b, e->currency);
	put_minor(b, e->digits);
	for (size_t i = 0; i < e->nlines; i++) {
		lgx_buf_putc(b, '\n');
		lgx_buf_puts(b, j->role[e->line[i].role].name);
		lgx_buf_putc(b, ' ');
		put_minor(b, e->line[i].minor);
	}
	lgx_sha_of(lgx_buf_str(b), sha);
	memcpy(e->hash, sha, sizeof(e->hash));
}

int
lgx_entry_read(struct lgx_entry *e, struct lgx_rec *rec, uint32_t node,
    const struct lgx_decision *d, const struct lgx_journals *j, struct lgx_buf *scratch,
    struct lgx_err *err)
{
	struct effect	 f;
	int		 st;

	*e = (struct lgx_entry){ .name = LGX_STR_EMPTY, .currency = LGX_STR_EMPTY,
	    .reverses = LGX_STR_EMPTY };
	if ((st = read_effect(&f, rec, node, err)) != LGX_OK ||
	    (st = name_entry(e, &f, rec->place, err)) != LGX_OK ||
	    (st = look_up(e, &f, d, j, rec->place, err)) != LGX_OK ||
	    (st = check_reverses(e, &f, rec->place, err)) != LGX_OK ||
	    (st = read_lines(e, rec, f.amounts, j, err)) != LGX_OK ||
	    (st = check_balance(e, rec->place, err)) != LGX_OK)
		return st;
	hash_content(e, j, scratch);
	return LGX_OK;
}

int64_t
lgx_entry_amount(const struct lgx_entry *e)
{
	int64_t	 sum = 0;

	for (size_t i = 0; i < e->nlines; i++)
		if (e->line[i].minor > 0)
			sum += e->line[i].minor;
	return sum;
}

/*
 * Keys
 */

#define LEAD	6	/* bytes of a key that follow the shipment's number */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The longest run of digits, its last 14 when it is longer; the first of equals. */
static uint64_t
number_in(struct lgx_str s)
{
	struct lgx_str	 best = LGX_STR_EMPTY;
	uint64_t	 v = 0;

	for (size_t i = 0, end; i < s.n; i = end + 1) {
		for (end = i; end < s.n && is_digit(s.p[end]); end++)
			;
		if (end - i > best.n)
			best = (struct lgx_str){ s.p + i, end - i };
	}
	if (best.n > 14)
		best = lgx_str_from(best, best.n - 14);
	(void)lgx_str_u64(best, &v);
	return v;
}

struct lgx_key
lgx_key_of(struct lgx_str name, unsigned char digest[LGX_DIGEST_SIZE])
{
	struct lgx_str	 rest = name;
	struct lgx_key	 key;
	unsigned char	 sha[LGX_SHA_SIZE];
	uint64_t	 lead;

	(void)lgx_str_cut(&rest, '|');
	(void)lgx_str_cut(&rest, '|');
	lead = number_in(lgx_str_cut(&rest, '|'));
	for (int i = LEAD - 1; i >= 0; i--, lead >>= 8)
		key.b[i] = (unsigned char)lead;
	lgx_sha_of(name, sha);
	memcpy(key.b + LEAD, sha, LGX_KEY_SIZE - LEAD);
	if (digest != NULL)
		memcpy(digest, sha, LGX_DIGEST_SIZE);
	return key;
}

int
lgx_key_cmp(const struct lgx_key *a, const struct lgx_key *b)
{
	return memcmp(a->b, b->b, LGX_KEY_SIZE);
}

void
lgx_key_public(const unsigned char digest[LGX_DIGEST_SIZE], char out[LGX_KEY_PUBLIC])
{
	memcpy(out, "lgx:", 4);
	lgx_hex(digest, LGX_DIGEST_SIZE, out + 4);
}
