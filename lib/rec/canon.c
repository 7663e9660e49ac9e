/*
 * rec/canon.c - canonical bytes
 * Floor rec.
 *
 * Each type of member has two functions.  put writes a value in canonical
 * form or refuses it; fits says that the value's bytes are what put would
 * write.  A record of which all fits is copied as it stands; fits may say no
 * to a value that is canonical, never yes to one that is not.
 */
#include <assert.h>

#include "base/digest.h"
#include "base/table.h"
#include "rec/schema.h"

#define DIGITS_DEFAULT	2	/* of money in a record that names no currency */

struct writer {
	struct lgx_rec	*rec;
	struct lgx_buf	*out;
	struct lgx_err	*err;
	int		 digits;	/* of the record's currency; -1: it is not in the table */
	bool		 keep;		/* write what the schema refuses as it is */
	bool		 partial;	/* leave out id, src and received_at */
	bool		 thorough;	/* take no short way */
};

static const struct lgx_field free_row = { "", LGX_T_FREE, 0, "" };
static const struct lgx_field text_row = { "", LGX_T_TEXT, 0, "" };
static const struct lgx_field money_row = { "", LGX_T_MONEY, 0, "" };
static const struct lgx_field dec_row = { "", LGX_T_DEC, 0, "" };

static bool	fits_free(const struct writer *, uint32_t, const struct lgx_field *);
static bool	fits_value(const struct writer *, uint32_t, const struct lgx_field *);
static int	put_free(struct writer *, uint32_t, const struct lgx_field *);
static int	put_value(struct writer *, uint32_t, const struct lgx_field *);

static inline const struct lgx_node *
node_of(const struct writer *w, uint32_t at)
{
	return &w->rec->nodes[at];
}

static inline struct lgx_str
raw_of(const struct writer *w, uint32_t at)
{
	const struct lgx_node	*node = node_of(w, at);

	return (struct lgx_str){ w->rec->line.p + node->off, node->len };
}

/*
 * fits
 */

/* Is it u00xx of a control character that has no short form, in lower case? */
static bool
unicode_fits(const char *p)
{
	return (memcmp(p, "u000", 4) == 0 && memchr("01234567bef", p[4], 11) != NULL) ||
	    (memcmp(p, "u001", 4) == 0 && memchr("0123456789abcdef", p[4], 16) != NULL);
}

/* Are the escapes the shortest ones? */
static bool
escapes_fit(struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\')
			continue;
		i++;
		if (memchr("\"\\bfnrt", s.p[i], 7) == NULL &&
		    (s.p[i] != 'u' || !unicode_fits(s.p + i)))
			return false;
	}
	return true;
}

static bool
fits_text(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct lgx_node	*node = node_of(w, at);

	(void)row;
	return node->type == LGX_STRING && node->len > 0 &&
	    (!(node->escaped & 1) || escapes_fit(raw_of(w, at)));
}

static inline bool
is_plain_string(const struct lgx_node *node)
{
	return node->type == LGX_STRING && !(node->escaped & 1);
}

/*
 * Is it -?(0|[1-9][0-9]*)(.[0-9]+)? with at most 18 digits and no -0?
 * *decimals are its digits after the point.
 */
static bool
is_decimal(struct lgx_str s, size_t *decimals)
{
	size_t	 i = s.n > 0 && s.p[0] == '-', first = i, point;
	char	 any = 0;

	if (s.n > first + LGX_DEC_DIGITS)
		return false;
	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		any |= (char)(s.p[i] ^ '0');
	if (i == first || (s.p[first] == '0' && i > first + 1))
		return false;
	*decimals = 0;
	if (i < s.n) {
		if (s.p[i] != '.')
			return false;
		for (point = i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			any |= (char)(s.p[i] ^ '0');
		*decimals = i - point - 1;
		if (i < s.n || *decimals == 0)
			return false;
	}
	return any != 0 || first == 0;
}

static bool
fits_dec(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_str	 s = raw_of(w, at);
	size_t		 decimals;

	(void)row;
	return is_plain_string(node_of(w, at)) && is_decimal(s, &decimals) &&
	    (decimals == 0 || s.p[s.n - 1] != '0');
}

static bool
fits_money(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	size_t	 decimals;

	(void)row;
	return is_plain_string(node_of(w, at)) && is_decimal(raw_of(w, at), &decimals) &&
	    decimals == (size_t)w->digits;
}

static bool
fits_limit(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_str	 s = raw_of(w, at);
	size_t		 decimals;

	(void)row;
	return is_plain_string(node_of(w, at)) && is_decimal(s, &decimals) && w->digits >= 0 &&
	    (decimals == (size_t)w->digits ||
	    (decimals > (size_t)w->digits && s.p[s.n - 1] != '0'));
}

static bool
is_word(const struct writer *w, struct lgx_str s, const struct lgx_field *row)
{
	lgx_date	 day;
	lgx_time	 t;

	(void)w;
	switch (row->type) {
	case LGX_T_CURRENCY:
		return lgx_currency_digits(s) >= 0;
	case LGX_T_DATE:
		return lgx_date_parse(s, &day);
	case LGX_T_INSTANT:
		return lgx_time_parse(s, &t);
	case LGX_T_LOCAL:
		return lgx_local_parse(s, &t);
	case LGX_T_WHEN:
		return lgx_date_or_time_parse(s, &t) || lgx_local_parse(s, &t);
	case LGX_T_WORD:
		return rec_word_in((enum rec_words_id)row->sub, s);
	case LGX_T_KIND:
		return lgx_kind_of(s) != LGX_K_NONE;
	default:
		assert(!"a type that is no word");
		return false;
	}
}

/* Text that has one form only. */
static bool
fits_word(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	return is_plain_string(node_of(w, at)) && is_word(w, raw_of(w, at), row);
}

static bool
fits_count(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	size_t	 decimals;

	(void)row;
	return node_of(w, at)->type == LGX_NUMBER && is_decimal(raw_of(w, at), &decimals) &&
	    decimals == 0;
}

static bool
fits_bool(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	return node_of(w, at)->type == LGX_TRUE || node_of(w, at)->type == LGX_FALSE;
}

static bool
is_empty(const struct writer *w, uint32_t at)
{
	const struct lgx_node	*node = node_of(w, at);

	return node->type == LGX_NULL || (node->type == LGX_STRING && node->len == 0) ||
	    (node->type >= LGX_OBJECT && node->next == at + 1);
}

/* Members in order: of the shape, others by name, then those of the shape's tail. */
static bool
fits_members(const struct writer *w, uint32_t at, const struct rec_shape *shape,
    const struct lgx_field *other)
{
	struct lgx_rec		*rec = w->rec;
	const struct lgx_field	*row;
	uint32_t		 stranger = 0;
	unsigned		 last = 0, pos;

	LGX_NODE_EACH(i, rec, at) {
		if (rec->nodes[i].escaped & 2 || is_empty(w, i))
			return false;
		if ((pos = shape->at[rec->nodes[i].name]) != 0) {
			if (pos <= last || (stranger != 0 && pos < shape->tail))
				return false;
			last = pos;
			row = shape->row[pos];
		} else {
			if ((last != 0 && last >= shape->tail) ||
			    (stranger != 0 && rec_key_cmp(rec, stranger, i) >= 0))
				return false;
			stranger = i;
			row = other;
		}
		if (!fits_value(w, i, row))
			return false;
	}
	return true;
}

static bool
fits_object(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	return node_of(w, at)->type == LGX_OBJECT &&
	    fits_members(w, at, &rec_shapes[row->sub], &free_row);
}

static bool
fits_map(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	return node_of(w, at)->type == LGX_OBJECT && fits_members(w, at, &rec_shapes[S_NONE],
	    row->type == LGX_T_MONEYS ? &money_row : &dec_row);
}

static bool
fits_objects(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	if (node_of(w, at)->type != LGX_ARRAY)
		return false;
	LGX_NODE_EACH(i, w->rec, at)
		if (is_empty(w, i) || !fits_object(w, i, row))
			return false;
	return true;
}

/* {"b64":"..."}, how octets stand that are no text */
static bool
is_base64(const struct writer *w, uint32_t at)
{
	const struct lgx_node	*node = node_of(w, at), *only = node + 1;

	return node->type == LGX_OBJECT && node->next > at + 1 && only->next == node->next &&
	    only->type == LGX_STRING && lgx_str_eq(lgx_node_key(w->rec, at + 1), LGX_STR("b64"));
}

static bool
fits_octets(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	return fits_text(w, at, row) || (is_base64(w, at) && fits_free(w, at, row));
}

static bool
fits_texts(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	if (node_of(w, at)->type != LGX_ARRAY)
		return false;
	LGX_NODE_EACH(i, w->rec, at)
		if (!fits_text(w, i, row))
			return false;
	return true;
}

static bool
fits_items(const struct writer *w, uint32_t at)
{
	LGX_NODE_EACH(i, w->rec, at)
		if (!fits_value(w, i, &free_row))
			return false;
	return true;
}

static bool
fits_number(struct lgx_str s)
{
	size_t	 decimals;

	return is_decimal(s, &decimals) && (decimals == 0 || s.p[s.n - 1] != '0');
}

static bool
fits_free(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	switch ((enum lgx_json)node_of(w, at)->type) {
	case LGX_STRING:
		return !(node_of(w, at)->escaped & 1) || escapes_fit(raw_of(w, at));
	case LGX_NUMBER:
		return fits_number(raw_of(w, at));
	case LGX_OBJECT:
		return fits_members(w, at, &rec_shapes[S_NONE], &free_row);
	case LGX_ARRAY:
		return fits_items(w, at);
	default:
		return true;
	}
}

/*
 * put
 */

/* Which child of `parent` holds the node `at`, and how it is called there. */
static uint32_t
put_step(struct lgx_rec *rec, uint32_t parent, uint32_t at, struct lgx_buf *path)
{
	size_t	 item = 0;

	LGX_NODE_EACH(i, rec, parent) {
		if (at >= rec->nodes[i].next) {
			item++;
			continue;
		}
		if (rec->nodes[parent].type == LGX_ARRAY)
			lgx_buf_putf(path, "[%zu]", item);
		else
			lgx_buf_putf(path, "%s%.*s", parent > 0 ? "." : "",
			    LGX_STR_ARG(lgx_str_head(lgx_node_key(rec, i), 40)));
		return i;
	}
	assert(!"a node outside of the record");
	return at;
}

/* "charges[1].amount: "1.005" is not an amount ..." */
static int
refuse(struct writer *w, uint32_t at, enum lgx_diag diag, const char *what)
{
	struct lgx_str	 text = lgx_str_head(lgx_node_json(w->rec, at), 60);
	struct lgx_buf	 path = { 0 };
	int		 st;

	if (w->keep || w->err == NULL)
		return LGX_REJECT;
	for (uint32_t i = 0; i != at;)
		i = put_step(w->rec, i, at, &path);
	st = lgx_err_reject(w->err, diag, lgx_node_place(w->rec, at), "%s: %.*s is not %s",
	    lgx_buf_z(&path), LGX_STR_ARG(text), what);
	lgx_buf_release(&path);
	return st;
}

static void
put_string(struct writer *w, uint32_t at)
{
	const struct lgx_node	*node = node_of(w, at);

	if (node->escaped & 1)
		lgx_json_str(w->out, lgx_node_str(w->rec, at));
	else
		lgx_buf_puts(w->out, lgx_node_json(w->rec, at));
}

static int
put_text(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	if (node_of(w, at)->type != LGX_STRING)
		return refuse(w, at, LGX_E_REC_TYPE, "a string");
	put_string(w, at);
	return LGX_OK;
}

/* The decimal in a string or number. */
static int
take_dec(struct writer *w, uint32_t at, struct lgx_dec *d)
{
	const struct lgx_node	*node = node_of(w, at);

	if (node->type != LGX_STRING && node->type != LGX_NUMBER)
		return refuse(w, at, LGX_E_REC_TYPE, "a decimal");
	return rec_node_dec(w->rec, at, d) ? LGX_OK :
	    refuse(w, at, LGX_E_BAD_DECIMAL, "a decimal of at most 18 digits");
}

static int
put_dec(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_dec	 d;

	(void)row;
	if (take_dec(w, at, &d) != LGX_OK)
		return LGX_REJECT;
	lgx_json_dec(w->out, d);
	return LGX_OK;
}

static int
put_money(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_dec	 d;

	if (take_dec(w, at, &d) != LGX_OK)
		return LGX_REJECT;
	if (w->digits < 0)
		return refuse(w, at, LGX_E_CURRENCY, "money of a known currency");
	if (lgx_json_money(w->out, d, w->digits))
		return LGX_OK;
	if (row->type != LGX_T_LIMIT)
		return refuse(w, at, LGX_E_MONEY_DIGITS, "an amount with the digits of its currency");
	lgx_json_dec(w->out, d);
	return LGX_OK;
}

static int
put_word(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	static const struct { enum lgx_diag diag; const char *what; } expected[LGX_TYPE_COUNT] = {
		[LGX_T_CURRENCY] =	{ LGX_E_CURRENCY, "a currency of the table" },
		[LGX_T_DATE] =	{ LGX_E_BAD_DATE, "a date (YYYY-MM-DD)" },
		[LGX_T_INSTANT] =	{ LGX_E_BAD_DATE, "an instant (YYYY-MM-DDThh:mm:ssZ)" },
		[LGX_T_LOCAL] =	{ LGX_E_BAD_DATE, "a local time (YYYY-MM-DDThh:mm:ss)" },
		[LGX_T_WHEN] =	{ LGX_E_BAD_DATE, "a date, an instant or a local time" },
		[LGX_T_KIND] =	{ LGX_E_REC_KIND, "a kind of record" },
	};
	struct lgx_str	 s;

	if (node_of(w, at)->type != LGX_STRING)
		return refuse(w, at, LGX_E_REC_TYPE, "a string");
	s = lgx_node_str(w->rec, at);
	if (is_word(w, s, row)) {
		lgx_json_str(w->out, s);
		return LGX_OK;
	}
	return row->type == LGX_T_WORD ?
	    refuse(w, at, LGX_E_REC_VALUE, rec_words_text((enum rec_words_id)row->sub)) :
	    refuse(w, at, expected[row->type].diag, expected[row->type].what);
}

static int
put_count(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_dec	 d;
	int64_t		 v;

	(void)row;
	if (node_of(w, at)->type != LGX_NUMBER)
		return refuse(w, at, LGX_E_REC_TYPE, "a number");
	if (!rec_node_dec(w->rec, at, &d) || !lgx_dec_minor(d, 0, &v))
		return refuse(w, at, LGX_E_REC_VALUE, "a whole number of at most 18 digits");
	lgx_json_int(w->out, v);
	return LGX_OK;
}

static int
put_bool(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	if (!fits_bool(w, at, row))
		return refuse(w, at, LGX_E_REC_TYPE, "true or false");
	lgx_buf_puts(w->out, raw_of(w, at));
	return LGX_OK;
}

/* null, "", [] and {} are absent rather than written. */
static bool
is_nothing(const char *p, size_t n)
{
	return n == 0 || (n == 4 && memcmp(p, "null", 4) == 0) ||
	    (n == 2 && (memcmp(p, "\"\"", 2) == 0 || memcmp(p, "[]", 2) == 0 ||
	    memcmp(p, "{}", 2) == 0));
}

/* A name that some schema has, with its comma, quotes and colon. */
static inline void
put_known_name(struct lgx_buf *b, const struct rec_name *nm)
{
	lgx_buf_reserve(b, REC_NAME_MAX + 4);
	if (b->p[b->n - 1] != '{')
		b->p[b->n++] = ',';
	b->p[b->n++] = '"';
	memcpy(b->p + b->n, nm->quoted, sizeof(nm->quoted));
	b->n += nm->len + 2;
}

static int
put_member(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct lgx_node	*node = node_of(w, at);
	size_t			 mark = w->out->n, value;

	if (is_empty(w, at))
		return LGX_OK;
	if (node->name != 0)
		put_known_name(w->out, &rec_names[node->name]);
	else
		lgx_json_name(w->out, lgx_node_key(w->rec, at));
	if (row->type <= LGX_TYPE_SCALARS && !w->thorough && fits_value(w, at, row)) {
		lgx_buf_puts(w->out, lgx_node_json(w->rec, at));
		return LGX_OK;
	}
	value = w->out->n;
	if (put_value(w, at, row) != LGX_OK)
		return LGX_REJECT;
	if (is_nothing(w->out->p + value, w->out->n - value))
		w->out->n = mark;
	return LGX_OK;
}

static bool
left_out(const struct writer *w, const struct rec_shape *shape, uint32_t at)
{
	unsigned	 name = node_of(w, at)->name;

	return w->partial && shape >= &rec_shapes[S_KIND] &&
	    (name == LGX_M_id || name == LGX_M_src || name == LGX_M_received_at);
}

static int
put_slots(struct writer *w, const struct rec_shape *shape, const uint32_t *slot,
    unsigned from, unsigned to)
{
	for (unsigned pos = from; pos < to; pos++)
		if (slot[pos] != 0 && !left_out(w, shape, slot[pos]) &&
		    put_member(w, slot[pos], shape->row[pos]) != LGX_OK)
			return LGX_REJECT;
	return LGX_OK;
}

/* Members of the shape's tail stand behind those that it does not know. */
static int
put_members(struct writer *w, uint32_t at, const struct rec_shape *shape,
    const struct lgx_field *other)
{
	struct lgx_rec	*rec = w->rec;
	uint32_t	 slot[REC_MEMBERS + 1] = { 0 };
	size_t		 base = rec->nlist;
	unsigned	 pos;
	int		 st;

	LGX_NODE_EACH(i, rec, at) {
		if ((pos = shape->at[rec->nodes[i].name]) != 0)
			slot[pos] = i;
		else
			rec_list_push(rec, i);
	}
	rec_list_sort(rec, base);
	lgx_buf_putc(w->out, '{');
	if (shape >= &rec_shapes[S_KIND] && (slot[1] == 0 || is_empty(w, slot[1])) && !w->keep)
		lgx_buf_puts(w->out, LGX_STR("\"lgx\":1"));
	st = put_slots(w, shape, slot, 1, shape->tail);
	for (size_t i = base; i < rec->nlist && st == LGX_OK; i++)
		if (!left_out(w, shape, rec->list[i]))
			st = put_member(w, rec->list[i], other);
	if (st == LGX_OK)
		st = put_slots(w, shape, slot, shape->tail, shape->n + 1u);
	lgx_buf_putc(w->out, '}');
	rec->nlist = base;
	return st;
}

static int
put_object(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	if (node_of(w, at)->type != LGX_OBJECT)
		return refuse(w, at, LGX_E_REC_TYPE, "an object");
	return put_members(w, at, &rec_shapes[row->sub], &free_row);
}

static int
put_map(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	if (node_of(w, at)->type != LGX_OBJECT)
		return refuse(w, at, LGX_E_REC_TYPE, "an object");
	return put_members(w, at, &rec_shapes[S_NONE],
	    row->type == LGX_T_MONEYS ? &money_row : &dec_row);
}

static int
put_octets(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	if (node_of(w, at)->type != LGX_STRING && !is_base64(w, at))
		return refuse(w, at, LGX_E_REC_TYPE, "a string or {\"b64\":...}");
	return put_free(w, at, row);
}

/* Items of a typed array; empty ones are left out. */
static int
put_list(struct writer *w, uint32_t at, const struct lgx_field *item)
{
	size_t	 mark, value;

	if (node_of(w, at)->type != LGX_ARRAY)
		return refuse(w, at, LGX_E_REC_TYPE, "an array");
	lgx_buf_putc(w->out, '[');
	LGX_NODE_EACH(i, w->rec, at) {
		mark = w->out->n;
		lgx_json_next(w->out);
		value = w->out->n;
		if (is_empty(w, i))
			w->out->n = mark;
		else if (put_value(w, i, item) != LGX_OK)
			return LGX_REJECT;
		else if (is_nothing(w->out->p + value, w->out->n - value))
			w->out->n = mark;
	}
	lgx_buf_putc(w->out, ']');
	return LGX_OK;
}

static int
put_objects(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_field	 item = { row->name, LGX_T_OBJECT, row->sub, "" };

	return put_list(w, at, &item);
}

static int
put_texts(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	return put_list(w, at, &text_row);
}

static void
put_number(struct writer *w, struct lgx_str text)
{
	struct lgx_dec	 d;

	if (rec_number(text, &d))
		lgx_dec_put(w->out, d);
	else
		lgx_buf_puts(w->out, text);
}

static int
put_free(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	switch ((enum lgx_json)node_of(w, at)->type) {
	case LGX_STRING:
		put_string(w, at);
		return LGX_OK;
	case LGX_NUMBER:
		put_number(w, raw_of(w, at));
		return LGX_OK;
	case LGX_OBJECT:
		return put_members(w, at, &rec_shapes[S_NONE], &free_row);
	case LGX_ARRAY:
		lgx_buf_putc(w->out, '[');
		LGX_NODE_EACH(i, w->rec, at) {
			lgx_json_next(w->out);
			if (put_free(w, i, &free_row) != LGX_OK)
				return LGX_REJECT;
		}
		lgx_buf_putc(w->out, ']');
		return LGX_OK;
	default:
		lgx_buf_puts(w->out, raw_of(w, at));
		return LGX_OK;
	}
}

/*
 * a record in a record
 */

static int
digits_of(struct lgx_rec *rec, uint32_t currency)
{
	if (currency == 0 || (rec->nodes[currency].type == LGX_STRING &&
	    rec->nodes[currency].len == 0))
		return DIGITS_DEFAULT;
	return rec->nodes[currency].type != LGX_STRING ? -1 :
	    lgx_currency_digits(lgx_node_str(rec, currency));
}

/* The shape of the object at `at` by its own kind, and a writer for it. */
static const struct rec_shape *
enter(const struct writer *w, uint32_t at, struct writer *inner)
{
	uint32_t	 kind = lgx_node_get(w->rec, at, LGX_STR("kind"));

	*inner = *w;
	inner->keep = true;
	inner->partial = false;
	inner->digits = digits_of(w->rec, lgx_node_get(w->rec, at, LGX_STR("currency")));
	return &rec_shapes[kind == 0 || node_of(w, kind)->type != LGX_STRING ? S_NONE :
	    S_KIND + (int)lgx_kind_of(lgx_node_str(w->rec, kind))];
}

static bool
fits_record(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct rec_shape	*shape;
	struct writer		 inner;

	(void)row;
	if (node_of(w, at)->type != LGX_OBJECT)
		return false;
	shape = enter(w, at, &inner);
	return fits_members(&inner, at, shape, &free_row);
}

static int
put_record(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct rec_shape	*shape;
	struct writer		 inner;

	(void)row;
	if (node_of(w, at)->type != LGX_OBJECT)
		return refuse(w, at, LGX_E_REC_TYPE, "an object");
	shape = enter(w, at, &inner);
	return put_members(&inner, at, shape, &free_row);
}

/* ORDER TYPE */
static const struct {
	bool	(*fits)(const struct writer *, uint32_t, const struct lgx_field *);
	int	(*put)(struct writer *, uint32_t, const struct lgx_field *);
} types[] = {
	[LGX_T_TEXT] =	{ fits_text, put_text },
	[LGX_T_DEC] =	{ fits_dec, put_dec },
	[LGX_T_MONEY] =	{ fits_money, put_money },
	[LGX_T_LIMIT] =	{ fits_limit, put_money },
	[LGX_T_CURRENCY] =	{ fits_word, put_word },
	[LGX_T_DATE] =	{ fits_word, put_word },
	[LGX_T_INSTANT] =	{ fits_word, put_word },
	[LGX_T_LOCAL] =	{ fits_word, put_word },
	[LGX_T_WHEN] =	{ fits_word, put_word },
	[LGX_T_WORD] =	{ fits_word, put_word },
	[LGX_T_COUNT] =	{ fits_count, put_count },
	[LGX_T_BOOL] =	{ fits_bool, put_bool },
	[LGX_T_OCTETS] = { fits_octets, put_octets },
	[LGX_T_TEXTS] =	{ fits_texts, put_texts },
	[LGX_T_OBJECT] =	{ fits_object, put_object },
	[LGX_T_OBJECTS] =	{ fits_objects, put_objects },
	[LGX_T_MONEYS] =	{ fits_map, put_map },
	[LGX_T_DECS] =	{ fits_map, put_map },
	[LGX_T_FREE] =	{ fits_free, put_free },
	[LGX_T_RECORD] =	{ fits_record, put_record },
	[LGX_T_KIND] =	{ fits_word, put_word },
};

_Static_assert(LGX_LEN(types) == LGX_TYPE_COUNT, "a row for every type");

static bool
fits_value(const struct writer *w, uint32_t at, const struct lgx_field *row)
{
	return types[row->type].fits(w, at, row);
}

static int
put_value(struct writer *w, uint32_t at, const struct lgx_field *row)
{
	size_t	 mark = w->out->n;

	if (types[row->type].put(w, at, row) == LGX_OK)
		return LGX_OK;
	if (!w->keep)
		return LGX_REJECT;
	w->out->n = mark;
	return put_free(w, at, &free_row);
}

/*
 * whole records
 */

/* What every record must have, and what must be known before its money is read. */
static int
check_record(struct lgx_rec *rec, int *digits, struct lgx_err *err)
{
	uint32_t	 kind = rec->top[LGX_M_kind], id = rec->top[LGX_M_id];
	uint32_t	 currency = rec->top[LGX_M_currency];

	if (rec->kind == LGX_K_NONE)
		return kind == 0 ?
		    lgx_err_reject(err, LGX_E_REC_KIND, rec->place, "a record without a kind") :
		    lgx_err_reject(err, LGX_E_REC_KIND, lgx_node_place(rec, kind),
		    "kind: %.*s is not a kind of record",
		    LGX_STR_ARG(lgx_str_head(lgx_node_json(rec, kind), 60)));
	if (id == 0 || rec->nodes[id].type != LGX_STRING || rec->nodes[id].len == 0)
		return lgx_err_reject(err, LGX_E_REC_MISSING, rec->place, "a record without an id");
	if (!lgx_kind_has(rec->kind, LGX_M_currency))
		currency = 0;
	if ((*digits = digits_of(rec, currency)) < 0)
		return lgx_err_reject(err, LGX_E_CURRENCY, lgx_node_place(rec, currency),
		    "currency: %.*s is not a currency of the table",
		    LGX_STR_ARG(lgx_str_head(lgx_node_json(rec, currency), 60)));
	return LGX_OK;
}

static int
rewrite(struct lgx_rec *rec, struct lgx_buf *out, bool partial, bool thorough,
    struct lgx_err *err)
{
	struct writer	 w = { rec, out, err, 0, false, partial, thorough };
	size_t		 mark = out->n;

	if (check_record(rec, &w.digits, err) != LGX_OK)
		return LGX_REJECT;
	if (put_members(&w, 0, rec_shape_of(rec->kind), &free_row) == LGX_OK)
		return LGX_OK;
	out->n = mark;
	return LGX_REJECT;
}

int
lgx_rec_rewrite(struct lgx_rec *rec, struct lgx_buf *out, struct lgx_err *err)
{
	return rewrite(rec, out, false, true, err);
}

static bool
is_canonical(struct lgx_rec *rec)
{
	struct writer	 w = { rec, NULL, NULL, 0, false, false, false };

	return !rec->spaced && rec->n > 1 && rec->nodes[1].name == LGX_M_lgx &&
	    check_record(rec, &w.digits, NULL) == LGX_OK &&
	    fits_members(&w, 0, rec_shape_of(rec->kind), &free_row);
}

int
lgx_rec_canon(struct lgx_rec *rec, struct lgx_buf *out, struct lgx_err *err)
{
	if (!is_canonical(rec))
		return rewrite(rec, out, false, false, err);
	lgx_buf_puts(out, rec->line);
	return LGX_OK;
}

void
lgx_rec_keep(struct lgx_rec *rec, struct lgx_buf *out)
{
	struct writer	 w = { rec, out, NULL, 0, true, false, false };
	int		 st;

	st = put_record(&w, 0, &free_row);
	assert(st == LGX_OK);
	(void)st;
}

int
lgx_rec_digest(struct lgx_rec *rec, char hex[13], struct lgx_err *err)
{
	struct lgx_buf	 b = { 0 };
	unsigned char	 sha[LGX_SHA_SIZE];
	int		 st;

	if ((st = rewrite(rec, &b, true, false, err)) == LGX_OK) {
		lgx_sha_of(lgx_buf_str(&b), sha);
		lgx_hex(sha, 6, hex);
	}
	lgx_buf_release(&b);
	return st;
}
