/*
 * rec/fits.c - is this value canonical as it stands?
 * Floor rec.
 *
 * A function for each type of member says whether the bytes of a value are
 * those that rec/put.c would write.  It may say no to bytes that are canonical,
 * which costs time, never yes to others.
 */
#include <assert.h>

#include "base/table.h"
#include "rec/canon.h"

static bool	fits_free(const struct rec_writer *, uint32_t, const struct lgx_field *);

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
fits_text(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct lgx_node	*node = rec_node(w, at);

	(void)row;
	return node->type == LGX_STRING && node->len > 0 &&
	    (!(node->escaped & 1) || escapes_fit(rec_raw(w, at)));
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
fits_dec(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_str	 s = rec_raw(w, at);
	size_t		 decimals;

	(void)row;
	return is_plain_string(rec_node(w, at)) && is_decimal(s, &decimals) &&
	    (decimals == 0 || s.p[s.n - 1] != '0');
}

static bool
fits_money(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	size_t	 decimals;

	(void)row;
	return is_plain_string(rec_node(w, at)) && is_decimal(rec_raw(w, at), &decimals) &&
	    decimals == (size_t)w->digits;
}

static bool
fits_limit(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	struct lgx_str	 s = rec_raw(w, at);
	size_t		 decimals;

	(void)row;
	return is_plain_string(rec_node(w, at)) && is_decimal(s, &decimals) && w->digits >= 0 &&
	    (decimals == (size_t)w->digits ||
	    (decimals > (size_t)w->digits && s.p[s.n - 1] != '0'));
}

bool
rec_is_word(struct lgx_str s, const struct lgx_field *row)
{
	lgx_date	 day;
	lgx_time	 t;

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
fits_word(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	return is_plain_string(rec_node(w, at)) && rec_is_word(rec_raw(w, at), row);
}

static bool
fits_count(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	size_t	 decimals;

	(void)row;
	return rec_node(w, at)->type == LGX_NUMBER && is_decimal(rec_raw(w, at), &decimals) &&
	    decimals == 0;
}

static bool
fits_bool(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	return rec_node(w, at)->type == LGX_TRUE || rec_node(w, at)->type == LGX_FALSE;
}

/* Members in order: of the shape, others by name, then those of the shape's tail. */
bool
rec_fits_members(const struct rec_writer *w, uint32_t at, const struct rec_shape *shape,
    const struct lgx_field *other)
{
	struct lgx_rec		*rec = w->rec;
	const struct lgx_field	*row;
	uint32_t		 stranger = 0;
	unsigned		 last = 0, pos;

	LGX_NODE_EACH(i, rec, at) {
		if (rec->nodes[i].escaped & 2 || rec_is_empty(w, i))
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
		if (!rec_fits_value(w, i, row))
			return false;
	}
	return true;
}

static bool
fits_object(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	return rec_node(w, at)->type == LGX_OBJECT &&
	    rec_fits_members(w, at, &rec_shapes[row->sub], &rec_free_field);
}

const struct lgx_field *
rec_map_field(const struct lgx_field *map)
{
	static const struct lgx_field	 money = { "", LGX_T_MONEY, 0, "" };
	static const struct lgx_field	 dec = { "", LGX_T_DEC, 0, "" };

	return map->type == LGX_T_MONEYS ? &money : &dec;
}

static bool
fits_map(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	return rec_node(w, at)->type == LGX_OBJECT &&
	    rec_fits_members(w, at, &rec_shapes[S_NONE], rec_map_field(row));
}

static bool
fits_objects(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	if (rec_node(w, at)->type != LGX_ARRAY)
		return false;
	LGX_NODE_EACH(i, w->rec, at)
		if (rec_is_empty(w, i) || !fits_object(w, i, row))
			return false;
	return true;
}

/* {"b64":"..."}, how octets stand that are no text */
bool
rec_is_base64(const struct rec_writer *w, uint32_t at)
{
	const struct lgx_node	*node = rec_node(w, at), *only = node + 1;

	return node->type == LGX_OBJECT && node->next > at + 1 && only->next == node->next &&
	    only->type == LGX_STRING && lgx_str_eq(lgx_node_key(w->rec, at + 1), LGX_STR("b64"));
}

static bool
fits_octets(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	return fits_text(w, at, row) || (rec_is_base64(w, at) && fits_free(w, at, row));
}

static bool
fits_texts(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	if (rec_node(w, at)->type != LGX_ARRAY)
		return false;
	LGX_NODE_EACH(i, w->rec, at)
		if (!fits_text(w, i, row))
			return false;
	return true;
}

static bool
fits_items(const struct rec_writer *w, uint32_t at)
{
	LGX_NODE_EACH(i, w->rec, at)
		if (!rec_fits_value(w, i, &rec_free_field))
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
fits_free(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	(void)row;
	switch ((enum lgx_json)rec_node(w, at)->type) {
	case LGX_STRING:
		return !(rec_node(w, at)->escaped & 1) || escapes_fit(rec_raw(w, at));
	case LGX_NUMBER:
		return fits_number(rec_raw(w, at));
	case LGX_OBJECT:
		return rec_fits_members(w, at, &rec_shapes[S_NONE], &rec_free_field);
	case LGX_ARRAY:
		return fits_items(w, at);
	default:
		return true;
	}
}

static bool
fits_record(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	const struct rec_shape	*shape;
	struct rec_writer		 inner;

	(void)row;
	if (rec_node(w, at)->type != LGX_OBJECT)
		return false;
	shape = rec_enter(w, at, &inner);
	return rec_fits_members(&inner, at, shape, &rec_free_field);
}

/* ORDER TYPE */
static bool (*const checks[])(const struct rec_writer *, uint32_t, const struct lgx_field *) = {
	[LGX_T_TEXT] = fits_text,
	[LGX_T_DEC] = fits_dec,
	[LGX_T_MONEY] = fits_money,
	[LGX_T_LIMIT] = fits_limit,
	[LGX_T_CURRENCY] = fits_word,
	[LGX_T_DATE] = fits_word,
	[LGX_T_INSTANT] = fits_word,
	[LGX_T_LOCAL] = fits_word,
	[LGX_T_WHEN] = fits_word,
	[LGX_T_WORD] = fits_word,
	[LGX_T_COUNT] = fits_count,
	[LGX_T_BOOL] = fits_bool,
	[LGX_T_OCTETS] = fits_octets,
	[LGX_T_TEXTS] = fits_texts,
	[LGX_T_OBJECT] = fits_object,
	[LGX_T_OBJECTS] = fits_objects,
	[LGX_T_MONEYS] = fits_map,
	[LGX_T_DECS] = fits_map,
	[LGX_T_FREE] = fits_free,
	[LGX_T_RECORD] = fits_record,
	[LGX_T_KIND] = fits_word,
};

_Static_assert(LGX_LEN(checks) == LGX_TYPE_COUNT, "a check for every type");

bool
rec_fits_value(const struct rec_writer *w, uint32_t at, const struct lgx_field *row)
{
	return checks[row->type](w, at, row);
}
