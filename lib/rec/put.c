/*
 * rec/put.c - a value in canonical form
 * Floor rec.
 *
 * A function for each type of member writes a value as the schema wants it, or
 * refuses it.
 */
#include <assert.h>

#include "rec/canon.h"

static int	put_free(struct rec_writer *, uint32_t, const struct lgx_field *);
static int	put_value(struct rec_writer *, uint32_t, const struct lgx_field *);

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
refuse(struct rec_writer *w, uint32_t at, enum lgx_diag diag, const char *what)
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
put_string(struct rec_writer *w, uint32_t at)
{
	const struct lgx_node	*node = rec_node(w, at);

	if (node->escaped & 1)
		lgx_json_str(w->out, lgx_node_str(w->rec, at));
	else
		lgx_buf_puts(w->out, lgx_node_json(w->rec, at));
}

static int
put_text(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	if (rec_node(w, at)->type != LGX_STRING)
		return refuse(w, at, LGX_E_REC_TYPE, "a string");
	put_string(w, at);
	return LGX_OK;
}

/* The decimal in a string or number. */
static int
take_dec(struct rec_writer *w, uint32_t at, struct lgx_dec *d)
{
	const struct lgx_node	*node = rec_node(w, at);

	if (node->type != LGX_STRING && node->type != LGX_NUMBER)
		return refuse(w, at, LGX_E_REC_TYPE, "a decimal");
	return rec_node_dec(w->rec, at, d) ? LGX_OK :
	    refuse(w, at, rec_dec_fault(w->rec, at), "a decimal of at most 18 digits");
}

static int
put_dec(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_dec	 d;

	(void)row;
	if (take_dec(w, at, &d) != LGX_OK)
		return LGX_REJECT;
	lgx_json_dec(w->out, d);
	return LGX_OK;
}

static int
put_money(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
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
put_word(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
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

	if (rec_node(w, at)->type != LGX_STRING)
		return refuse(w, at, LGX_E_REC_TYPE, "a string");
	s = lgx_node_str(w->rec, at);
	if (rec_is_word(s, row)) {
		lgx_json_str(w->out, s);
		return LGX_OK;
	}
	return row->type == LGX_T_WORD ?
	    refuse(w, at, LGX_E_REC_VALUE, rec_words_text((enum rec_words_id)row->sub)) :
	    refuse(w, at, expected[row->type].diag, expected[row->type].what);
}

static int
put_count(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_dec	 d;
	int64_t		 v;

	(void)row;
	if (rec_node(w, at)->type != LGX_NUMBER)
		return refuse(w, at, LGX_E_REC_TYPE, "a number");
	if (!rec_node_dec(w->rec, at, &d) || !lgx_dec_minor(d, 0, &v))
		return refuse(w, at, LGX_E_REC_VALUE, "a whole number of at most 18 digits");
	lgx_json_int(w->out, v);
	return LGX_OK;
}

static int
put_bool(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	if (!rec_fits_value(w, at, row))
		return refuse(w, at, LGX_E_REC_TYPE, "true or false");
	lgx_buf_puts(w->out, rec_raw(w, at));
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
put_member(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct lgx_node	*node = rec_node(w, at);
	size_t			 mark = w->out->n, value;

	if (rec_is_empty(w, at))
		return LGX_OK;
	if (node->name != 0)
		put_known_name(w->out, &rec_names[node->name]);
	else
		lgx_json_name(w->out, lgx_node_key(w->rec, at));
	if (row->type <= LGX_TYPE_SCALARS && !w->thorough && rec_fits_value(w, at, row)) {
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
left_out(const struct rec_writer *w, const struct rec_shape *shape, uint32_t at)
{
	unsigned	 name = rec_node(w, at)->name;

	return w->partial && shape >= &rec_shapes[S_KIND] &&
	    (name == LGX_M_id || name == LGX_M_src || name == LGX_M_received_at);
}

static int
put_slots(struct rec_writer *w, const struct rec_shape *shape, const uint32_t *slot,
    unsigned from, unsigned to)
{
	for (unsigned pos = from; pos < to; pos++)
		if (slot[pos] != 0 && !left_out(w, shape, slot[pos]) &&
		    put_member(w, slot[pos], shape->row[pos]) != LGX_OK)
			return LGX_REJECT;
	return LGX_OK;
}

/* Members of the shape's tail stand behind those that it does not know. */
int
rec_put_members(struct rec_writer *w, uint32_t at, const struct rec_shape *shape,
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
	if (shape >= &rec_shapes[S_KIND] && (slot[1] == 0 || rec_is_empty(w, slot[1])) && !w->keep)
		lgx_buf_puts(w->out, LGX_STR("\"lgx\":1"));
	st = put_slots(w, shape, slot, 1, shape->tail);
	for (size_t i = base; i < rec->nlist && st == LGX_OK; i++)
		if (!left_out(w, shape, rec->list[i].node))
			st = put_member(w, rec->list[i].node, other);
	if (st == LGX_OK)
		st = put_slots(w, shape, slot, shape->tail, shape->n + 1u);
	lgx_buf_putc(w->out, '}');
	rec->nlist = base;
	return st;
}

static int
put_object(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	if (rec_node(w, at)->type != LGX_OBJECT)
		return refuse(w, at, LGX_E_REC_TYPE, "an object");
	return rec_put_members(w, at, &rec_shapes[row->sub], &rec_free_field);
}

static int
put_map(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	if (rec_node(w, at)->type != LGX_OBJECT)
		return refuse(w, at, LGX_E_REC_TYPE, "an object");
	return rec_put_members(w, at, &rec_shapes[S_NONE], rec_map_field(row));
}

static int
put_octets(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	if (rec_node(w, at)->type != LGX_STRING && !rec_is_base64(w, at))
		return refuse(w, at, LGX_E_REC_TYPE, "a string or {\"b64\":...}");
	return put_free(w, at, row);
}

/* Items of a typed array; empty ones are left out. */
static int
put_list(struct rec_writer *w, uint32_t at, const struct lgx_field *item)
{
	size_t	 mark, value;

	if (rec_node(w, at)->type != LGX_ARRAY)
		return refuse(w, at, LGX_E_REC_TYPE, "an array");
	lgx_buf_putc(w->out, '[');
	LGX_NODE_EACH(i, w->rec, at) {
		mark = w->out->n;
		lgx_json_next(w->out);
		value = w->out->n;
		if (rec_is_empty(w, i))
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
put_objects(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_field	 item = { row->name, LGX_T_OBJECT, row->sub, "" };

	return put_list(w, at, &item);
}

static int
put_texts(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	static const struct lgx_field	 text = { "", LGX_T_TEXT, 0, "" };

	(void)row;
	return put_list(w, at, &text);
}

static void
put_number(struct rec_writer *w, struct lgx_str text)
{
	struct lgx_dec	 d;

	if (rec_number(text, &d))
		lgx_dec_put(w->out, d);
	else
		lgx_buf_puts(w->out, text);
}

static int
put_free(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	switch ((enum lgx_json)rec_node(w, at)->type) {
	case LGX_STRING:
		put_string(w, at);
		return LGX_OK;
	case LGX_NUMBER:
		put_number(w, rec_raw(w, at));
		return LGX_OK;
	case LGX_OBJECT:
		return rec_put_members(w, at, &rec_shapes[S_NONE], &rec_free_field);
	case LGX_ARRAY:
		lgx_buf_putc(w->out, '[');
		LGX_NODE_EACH(i, w->rec, at) {
			lgx_json_next(w->out);
			if (put_free(w, i, &rec_free_field) != LGX_OK)
				return LGX_REJECT;
		}
		lgx_buf_putc(w->out, ']');
		return LGX_OK;
	default:
		lgx_buf_puts(w->out, rec_raw(w, at));
		return LGX_OK;
	}
}

static int
put_record(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct rec_shape	*shape;
	struct rec_writer		 inner;

	(void)row;
	if (rec_node(w, at)->type != LGX_OBJECT)
		return refuse(w, at, LGX_E_REC_TYPE, "an object");
	shape = rec_enter(w, at, &inner);
	return rec_put_members(&inner, at, shape, &rec_free_field);
}

/* ORDER TYPE */
static int (*const writers[])(struct rec_writer *, uint32_t, const struct lgx_field *) = {
	[LGX_T_TEXT] = put_text,
	[LGX_T_DEC] = put_dec,
	[LGX_T_MONEY] = put_money,
	[LGX_T_LIMIT] = put_money,
	[LGX_T_CURRENCY] = put_word,
	[LGX_T_DATE] = put_word,
	[LGX_T_INSTANT] = put_word,
	[LGX_T_LOCAL] = put_word,
	[LGX_T_WHEN] = put_word,
	[LGX_T_WORD] = put_word,
	[LGX_T_COUNT] = put_count,
	[LGX_T_BOOL] = put_bool,
	[LGX_T_OCTETS] = put_octets,
	[LGX_T_TEXTS] = put_texts,
	[LGX_T_OBJECT] = put_object,
	[LGX_T_OBJECTS] = put_objects,
	[LGX_T_MONEYS] = put_map,
	[LGX_T_DECS] = put_map,
	[LGX_T_FREE] = put_free,
	[LGX_T_RECORD] = put_record,
	[LGX_T_KIND] = put_word,
};

_Static_assert(LGX_LEN(writers) == LGX_TYPE_COUNT, "a writer for every type");

static int
put_value(struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	size_t	 mark = w->out->n;

	if (writers[row->type](w, at, row) == LGX_OK)
		return LGX_OK;
	if (!w->keep)
		return LGX_REJECT;
	w->out->n = mark;
	return put_free(w, at, &rec_free_field);
}
