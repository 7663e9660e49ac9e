/*
 * map/convert.c - what a source says, as values of a record
 * Floor map: private to it.
 */
#include "base/table.h"
#include "map/run.h"

void
map_note(struct map_notes *notes, const char *name)
{
	for (size_t i = 0; i < notes->n; i++)
		if (notes->name[i] == name)
			return;
	if (notes->n < LGX_LEN(notes->name))
		notes->name[notes->n++] = name;
}

int
map_bad_value(struct lgx_mapper *m, const struct map_rule *rule, enum lgx_diag diag,
    struct lgx_str text, const char *what)
{
	const struct map_seg	*seg = m->seen != 0 ? &m->tree.segs[m->seen] : NULL;
	struct lgx_str		 tag = seg != NULL ? m->map->tags[seg->tag].name : LGX_STR_EMPTY;

	return map_reject(m, diag, "%.*s%s%s: '%.*s' is no %s", LGX_STR_ARG(tag),
	    tag.n > 0 ? ": " : "", rule->name, LGX_STR_ARG(lgx_str_head(text, 80)), what);
}

static struct lgx_str
upper(struct lgx_mapper *m, struct lgx_str s)
{
	char	*p = NULL;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 'a' || s.p[i] > 'z')
			continue;
		if (p == NULL)
			s.p = p = lgx_arena_z(&m->arena, s);
		p[i] = (char)(s.p[i] - 'a' + 'A');
	}
	return s;
}

/* The carrier's own code instead of an alias of it. */
static struct lgx_str
scac(struct lgx_mapper *m, struct lgx_str s)
{
	const struct lgx_partner *p;

	s = upper(m, s);
	p = lgx_partner_by_scac(&m->maps->partners, s);
	return p != NULL && p->scac.n > 0 ? p->scac : s;
}

/* The code by the partner's page, by the table, or as `otherwise` says.  LGX_EOF: dropped. */
int
map_look_up(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str *text)
{
	const struct lgx_str	*row;

	if (rule->partner_charges && m->partner != NULL)
		LGX_CONF_EACH(code, m->partner->charges)
			if (lgx_str_eq(code->key, *text)) {
				*text = code->text;
				return LGX_OK;
			}
	if (rule->table == NULL)
		return LGX_OK;
	if ((row = lgx_table_row(rule->table, *text)) != NULL) {
		*text = row[rule->table_column];
		return text->n > 0 ? LGX_OK : LGX_EOF;
	}
	if (rule->otherwise == MAP_REFUSE)
		return map_bad_value(m, rule, LGX_E_MAP_CODE, *text, "code of the table");
	return rule->otherwise == MAP_DROP ? LGX_EOF : LGX_OK;
}

static int
convert_text(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct map_value *v)
{
	int	 st;

	if (rule->as == MAP_AS_SCAC)
		text = scac(m, text);
	else if (rule->as == MAP_AS_UPPER)
		text = upper(m, text);
	st = map_look_up(m, rule, &text);
	v->text = text;
	return st;
}

static int
convert_number(struct lgx_mapper *m, const struct map_rule *rule, const struct map_found *found,
    struct map_value *v)
{
	bool	 lenient = found->lenient;
	int64_t	 minor;

	v->number = found->number;
	if (!found->is_number && !map_read_number(rule->as, found->text, &v->number, &lenient))
		return map_bad_value(m, rule, LGX_E_BAD_DECIMAL, found->text, "number");
	if (lenient)
		map_note(&m->lenient, rule->name);
	if (v->type == LGX_T_COUNT && !lgx_dec_minor(v->number, 0, &v->count))
		return map_bad_value(m, rule, LGX_E_BAD_DECIMAL, found->text, "whole number");
	if (v->type == LGX_T_MONEY && !lgx_dec_minor(v->number, m->digits, &minor))
		return map_reject(m, LGX_E_MONEY_DIGITS, "%s: '%.*s' has more than the %d decimals of %.*s",
		    rule->name, LGX_STR_ARG(found->text), m->digits, LGX_STR_ARG(m->currency));
	return LGX_OK;
}

struct lgx_str
map_time_text(struct lgx_mapper *m, lgx_time t)
{
	lgx_buf_clear(&m->text);
	lgx_time_put(&m->text, t);
	return lgx_arena_str(&m->arena, lgx_buf_str(&m->text));
}

/* All zeros stand for no date. */
bool
map_is_zeros(struct lgx_str s)
{
	size_t	 i = 0;

	while (i < s.n && s.p[i] == '0')
		i++;
	return i == s.n;
}

static int
convert_date(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct map_value *v)
{
	if (map_is_zeros(text))
		return LGX_EOF;
	if (map_read_date(rule->as, text, &v->date))
		return LGX_OK;
	return map_bad_value(m, rule, LGX_E_BAD_DATE, text, "date");
}

static int
convert_instant(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct map_value *v)
{
	lgx_time	 t;

	v->text = text;
	if (lgx_time_parse(text, &t))
		return LGX_OK;
	if (!map_read_instant(text, &t))
		return map_bad_value(m, rule, LGX_E_BAD_DATE, text, "date and time");
	v->text = map_time_text(m, t);
	return LGX_OK;
}

/* A date stays a date, anything longer is an instant. */
static int
convert_when(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct map_value *v)
{
	v->type = text.n <= 10 ? LGX_T_DATE : LGX_T_INSTANT;
	return v->type == LGX_T_DATE ? convert_date(m, rule, text, v) :
	    convert_instant(m, rule, text, v);
}

static int
convert_word(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct map_value *v)
{
	const char *const	*words = lgx_field_words(rule->field);
	int			 st = convert_text(m, rule, text, v);

	for (size_t i = 0; st == LGX_OK && words[i] != NULL; i++)
		if (lgx_str_eq(v->text, lgx_str_of(words[i])))
			return LGX_OK;
	return st == LGX_OK ? map_bad_value(m, rule, LGX_E_MAP_CODE, v->text, "word that may stand here") : st;
}

static int
convert_currency(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct map_value *v)
{
	int	 st = convert_text(m, rule, text, v);

	if (st == LGX_OK && lgx_currency_digits(v->text) < 0)
		return map_bad_value(m, rule, LGX_E_CURRENCY, v->text, "currency of the table");
	return st;
}

static int
convert(struct lgx_mapper *m, const struct map_rule *rule, const struct map_found *found,
    struct map_value *v)
{
	v->type = rule->type;
	switch (rule->type) {
	case LGX_T_DATE:
		return convert_date(m, rule, found->text, v);
	case LGX_T_INSTANT:
		return convert_instant(m, rule, found->text, v);
	case LGX_T_WHEN:
		return convert_when(m, rule, found->text, v);
	case LGX_T_MONEY:
	case LGX_T_DEC:
	case LGX_T_COUNT:
		return convert_number(m, rule, found, v);
	case LGX_T_WORD:
		return convert_word(m, rule, found->text, v);
	case LGX_T_CURRENCY:
		return convert_currency(m, rule, found->text, v);
	default:
		return convert_text(m, rule, found->text, v);
	}
}

int
map_missing(struct lgx_mapper *m, const struct map_rule *rule)
{
	struct map_paths	 paths = rule->nways > 0 ? rule->ways[0].paths :
	    rule->moment != NULL ? rule->moment->date : (struct map_paths){ 0 };
	struct lgx_str		 where = paths.n > 0 ? paths.p[0].text : LGX_STR_EMPTY;

	return map_reject(m, LGX_E_MAP_MISSING, "%s is missing%s%.*s", rule->name,
	    where.n > 0 ? ": nothing at " : "", LGX_STR_ARG(where));
}

/*
 * The value of a rule, converted.  LGX_OK; LGX_EOF: absent; LGX_REJECT.
 */
int
map_evaluate(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at, struct map_value *v)
{
	struct map_found	 found = { .text = LGX_STR_EMPTY };
	int			 st = map_find(m, rule, at, &found);

	if (st == LGX_OK)
		st = convert(m, rule, &found, v);
	if (st == LGX_REJECT && rule->drop_bad) {
		map_note(&m->dropped, rule->name);
		st = LGX_EOF;
	}
	if (st == LGX_EOF && rule->fallback.n > 0 && map_holds(m, rule->when, at)) {
		struct map_rule	 plain = { .name = rule->name, .type = rule->type,
		    .field = rule->field };

		found = (struct map_found){ .text = rule->fallback };
		st = convert(m, &plain, &found, v);
	}
	return st == LGX_EOF && rule->must ? map_missing(m, rule) : st;
}
