/*
 * map/run.c - a mapping at work: one source record at a time
 * Floor map.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/table.h"
#include "map/run.h"

#define CURRENCY_DIGITS	2	/* of money in a record that names no currency */

/*
 * Values
 */

/* A value converted; type says which of the fields counts. */
struct value {
	enum lgx_type	 type;
	struct lgx_str	 text;		/* of an instant too */
	struct lgx_dec	 number;
	int64_t		 count;
	lgx_date	 date;
};

static void
note_lenient(struct lgx_mapper *m, const char *name)
{
	for (size_t i = 0; i < m->nlenient; i++)
		if (m->lenient[i] == name)
			return;
	if (m->nlenient < LGX_LEN(m->lenient))
		m->lenient[m->nlenient++] = name;
}

static int
bad_value(struct lgx_mapper *m, const struct map_rule *rule, enum lgx_diag diag,
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
static int
look_up(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str *text)
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
		return bad_value(m, rule, LGX_E_MAP_CODE, *text, "code of the table");
	return rule->otherwise == MAP_DROP ? LGX_EOF : LGX_OK;
}

static int
convert_text(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct value *v)
{
	int	 st;

	if (rule->as == MAP_AS_SCAC)
		text = scac(m, text);
	else if (rule->as == MAP_AS_UPPER)
		text = upper(m, text);
	st = look_up(m, rule, &text);
	v->text = text;
	return st;
}

static int
convert_number(struct lgx_mapper *m, const struct map_rule *rule, const struct map_found *found,
    struct value *v)
{
	bool	 lenient = found->lenient;
	int64_t	 minor;

	v->number = found->number;
	if (!found->is_number && !map_read_number(rule->as, found->text, &v->number, &lenient))
		return bad_value(m, rule, LGX_E_BAD_DECIMAL, found->text, "number");
	if (lenient)
		note_lenient(m, rule->name);
	if (v->type == LGX_T_COUNT && !lgx_dec_minor(v->number, 0, &v->count))
		return bad_value(m, rule, LGX_E_BAD_DECIMAL, found->text, "whole number");
	if (v->type == LGX_T_MONEY && !lgx_dec_minor(v->number, m->digits, &minor))
		return map_reject(m, LGX_E_MONEY_DIGITS, "%s: '%.*s' has more than the %d decimals of %.*s",
		    rule->name, LGX_STR_ARG(found->text), m->digits, LGX_STR_ARG(m->currency));
	return LGX_OK;
}

static struct lgx_str
time_text(struct lgx_mapper *m, lgx_time t)
{
	lgx_buf_clear(&m->text);
	lgx_time_put(&m->text, t);
	return lgx_arena_str(&m->arena, lgx_buf_str(&m->text));
}

/* All zeros stand for no date. */
static bool
is_zeros(struct lgx_str s)
{
	size_t	 i = 0;

	while (i < s.n && s.p[i] == '0')
		i++;
	return i == s.n;
}

static int
convert_date(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct value *v)
{
	if (is_zeros(text))
		return LGX_EOF;
	if (map_read_date(rule->as, text, &v->date))
		return LGX_OK;
	return bad_value(m, rule, LGX_E_BAD_DATE, text, "date");
}

static int
convert_instant(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct value *v)
{
	lgx_time	 t;

	v->text = text;
	if (lgx_time_parse(text, &t))
		return LGX_OK;
	if (!map_read_instant(text, &t))
		return bad_value(m, rule, LGX_E_BAD_DATE, text, "date and time");
	v->text = time_text(m, t);
	return LGX_OK;
}

/* A date stays a date, anything longer is an instant. */
static int
convert_when(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct value *v)
{
	v->type = text.n <= 10 ? LGX_T_DATE : LGX_T_INSTANT;
	return v->type == LGX_T_DATE ? convert_date(m, rule, text, v) :
	    convert_instant(m, rule, text, v);
}

static int
convert_word(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct value *v)
{
	const char *const	*words = lgx_field_words(rule->field);
	int			 st = convert_text(m, rule, text, v);

	for (size_t i = 0; st == LGX_OK && words[i] != NULL; i++)
		if (lgx_str_eq(v->text, lgx_str_of(words[i])))
			return LGX_OK;
	return st == LGX_OK ? bad_value(m, rule, LGX_E_MAP_CODE, v->text, "word that may stand here") : st;
}

static int
convert_currency(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str text,
    struct value *v)
{
	int	 st = convert_text(m, rule, text, v);

	if (st == LGX_OK && lgx_currency_digits(v->text) < 0)
		return bad_value(m, rule, LGX_E_CURRENCY, v->text, "currency of the table");
	return st;
}

static int
convert(struct lgx_mapper *m, const struct map_rule *rule, const struct map_found *found,
    struct value *v)
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

static int
missing(struct lgx_mapper *m, const struct map_rule *rule)
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
static int
evaluate(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at, struct value *v)
{
	struct map_found	 found = { .text = LGX_STR_EMPTY };
	int			 st = map_find(m, rule, at, &found);

	if (st == LGX_OK)
		st = convert(m, rule, &found, v);
	if (st == LGX_REJECT && rule->drop_bad)
		st = LGX_EOF;
	if (st == LGX_EOF && rule->fallback.n > 0 && map_holds(m, rule->when, at)) {
		struct map_rule	 plain = { .name = rule->name, .type = rule->type,
		    .field = rule->field };

		found = (struct map_found){ .text = rule->fallback };
		st = convert(m, &plain, &found, v);
	}
	return st == LGX_EOF && rule->must ? missing(m, rule) : st;
}

/*
 * Instants in pieces
 */

struct wall { struct map_wall wall; bool no_clock; };

/* LGX_OK; LGX_EOF: no date; LGX_REJECT. */
static int
read_wall(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at, struct wall *w)
{
	const struct map_moment	*p = rule->moment;
	enum map_as		 as = m->rec != NULL ? MAP_AS_DT : MAP_AS_PLAIN;
	struct lgx_str		 date, clock;
	lgx_date		 day;
	int			 seconds = 0;

	if (!map_holds(m, rule->when, at) || is_zeros(date = map_get_first(m, p->date, at)))
		return LGX_EOF;
	if (!map_read_date(as, date, &day))
		return bad_value(m, rule, LGX_E_BAD_DATE, date, "date");
	clock = map_get_first(m, p->clock, at);
	if (clock.n > 0 && !map_read_clock(clock, &seconds))
		return bad_value(m, rule, LGX_E_BAD_DATE, clock, "time of day");
	*w = (struct wall){ .no_clock = clock.n == 0, .wall = {
		.local = day * LGX_DAY + seconds,
		.code = map_get_first(m, p->zone, at),
		.region = map_get_first(m, p->region, at),
		.country = map_get_first(m, p->country, at),
		.partner_zone = m->partner != NULL ? m->partner->page->zone : LGX_STR_EMPTY } };
	return LGX_OK;
}

static int
put_moment(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at)
{
	struct wall	 w;
	const char	*how;
	lgx_time	 t;
	int		 st = read_wall(m, rule, at, &w);

	if (st == LGX_REJECT && rule->drop_bad)
		st = LGX_EOF;
	if (st == LGX_EOF)
		return rule->must ? missing(m, rule) : LGX_OK;
	if (st != LGX_OK)
		return st;
	how = map_wall_instant(m->map, &w.wall, &t);
	if (w.no_clock)
		note_lenient(m, rule->name);
	m->texts[rule->member] = time_text(m, t);
	lgx_build_str(&m->build, rule->member, m->texts[rule->member]);
	if (rule->member != LGX_M_time || !lgx_kind_has(m->map->kind, LGX_M_time_local))
		return LGX_OK;
	lgx_buf_clear(&m->text);
	lgx_local_put(&m->text, w.wall.local);
	lgx_build_str(&m->build, LGX_M_time_local, lgx_buf_str(&m->text));
	lgx_build_str(&m->build, LGX_M_tz, lgx_str_of(how));
	return LGX_OK;
}

/*
 * Objects and lists, as JSON
 */

static void
put_value(struct lgx_mapper *m, const struct value *v)
{
	switch (v->type) {
	case LGX_T_MONEY:
		lgx_buf_putc(&m->json, '"');
		if (!lgx_dec_put_fixed(&m->json, v->number, m->digits))
			assert(!"convert_number lets no such amount through");
		lgx_buf_putc(&m->json, '"');
		break;
	case LGX_T_DEC:
		lgx_buf_putc(&m->json, '"');
		lgx_dec_put(&m->json, v->number);
		lgx_buf_putc(&m->json, '"');
		break;
	case LGX_T_DATE:
		lgx_buf_putc(&m->json, '"');
		lgx_date_put(&m->json, v->date);
		lgx_buf_putc(&m->json, '"');
		break;
	default:
		lgx_json_str(&m->json, v->text);
	}
}

/* Append an object; nothing when it would be empty. */
static int
put_object(struct lgx_mapper *m, const struct map_rules *rules, struct map_at at)
{
	size_t		 start, inside;
	struct value	 v;
	int		 st;

	start = m->json.n;
	if (start > 0 && m->json.p[start - 1] == '}')
		lgx_buf_putc(&m->json, ',');
	lgx_buf_putc(&m->json, '{');
	inside = m->json.n;
	for (size_t i = 0; i < rules->n; i++) {
		if ((st = evaluate(m, &rules->p[i], at, &v)) == LGX_EOF)
			continue;
		if (st != LGX_OK)
			return st;
		if (m->json.n > inside)
			lgx_buf_putc(&m->json, ',');
		lgx_buf_puts(&m->json, rules->p[i].key);
		put_value(m, &v);
	}
	if (m->json.n == inside)
		m->json.n = start;
	else
		lgx_buf_putc(&m->json, '}');
	return LGX_OK;
}

struct filling {
	const struct map_rule	*rule;
	const struct map_part	*part;
	const struct map_path	*path;
	bool			 one;		/* an object, not a list */
	int			 st;
};

static bool
object_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	struct filling	*f = arg;
	size_t		 before = m->json.n;

	if (!map_holds(m, f->part->only, at))
		return false;
	f->st = put_object(m, &f->part->members, at);
	/* A reference that is sent twice is one; the item begins behind its comma. */
	if (f->rule->set && m->json.n > before + 1 &&
	    !map_once_add(&m->once, &m->json, before + (m->json.p[before] == ',')))
		m->json.n = before;
	return f->st != LGX_OK || (f->one && m->json.n > before);
}

static void
put_text_once(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str s)
{
	size_t	 start = m->json.n, at;

	if ((s = lgx_str_trim(s)).n == 0 || look_up(m, rule, &s) != LGX_OK)
		return;
	if (start > 1)
		lgx_buf_putc(&m->json, ',');
	at = m->json.n;
	lgx_json_str(&m->json, s);
	if (!map_once_add(&m->once, &m->json, at))
		m->json.n = start;
}

static void
put_texts(struct lgx_mapper *m, const struct map_rule *rule, struct lgx_str s)
{
	if (rule->separator == 0)
		put_text_once(m, rule, s);
	else
		while (s.n > 0)
			put_text_once(m, rule, lgx_str_cut(&s, rule->separator));
}

static bool
text_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	struct filling	*f = arg;

	if (map_holds(m, f->part->only, at))
		put_texts(m, f->rule, f->path->origin == MAP_COLUMN ? map_get(m, f->path, at) :
		    map_elem_at(m, f->path, at));
	return false;
}

static int
fill_part(struct lgx_mapper *m, struct filling *f, struct map_at at)
{
	map_visit	*visit = f->rule->type == LGX_T_TEXTS ? text_visit : object_visit;

	if (f->part->each.n == 0)	/* no each, no at: from where we stand */
		(void)visit(m, at, f);
	for (size_t i = 0; i < f->part->each.n && f->st == LGX_OK; i++) {
		f->path = &f->part->each.p[i];
		if (map_walk(m, f->path, at, visit, f))
			break;
	}
	return f->st;
}

/* The rule of an object or a list: its JSON, if it is not empty. */
static int
put_parts(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at)
{
	struct filling	 f = { .rule = rule, .one = rule->type == LGX_T_OBJECT };

	lgx_buf_clear(&m->json);
	map_once_clear(&m->once);
	if (!map_holds(m, rule->when, at))
		return LGX_OK;
	if (!f.one)
		lgx_buf_putc(&m->json, '[');
	for (size_t i = 0; i < rule->nparts && f.st == LGX_OK; i++) {
		f.part = &rule->parts[i];
		if (fill_part(m, &f, at) != LGX_OK)
			return f.st;
		if (f.one && m->json.n > 0)
			break;
	}
	if (m->json.n > (f.one ? 0 : 1)) {
		if (!f.one)
			lgx_buf_putc(&m->json, ']');
		lgx_build_json(&m->build, rule->member, lgx_buf_str(&m->json));
	} else if (rule->must) {
		return missing(m, rule);
	}
	return LGX_OK;
}

/* A list of texts that stand in one value: "PO1;PO2". */
static int
put_texts_member(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at)
{
	struct map_found	 found = { .text = LGX_STR_EMPTY };

	if (rule->nways == 0)
		return put_parts(m, rule, at);
	lgx_buf_clear(&m->json);
	map_once_clear(&m->once);
	lgx_buf_putc(&m->json, '[');
	if (map_find(m, rule, at, &found) == LGX_OK)
		put_texts(m, rule, found.text);
	lgx_buf_putc(&m->json, ']');
	if (m->json.n > 2)
		lgx_build_json(&m->build, rule->member, lgx_buf_str(&m->json));
	return LGX_OK;
}

/*
 * Members at the top
 */

static void
set_currency(struct lgx_mapper *m, struct lgx_str code)
{
	m->currency = code;
	m->digits = lgx_currency_digits(code);
}

static int
put_scalar(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at)
{
	struct value	 v;
	int		 st = evaluate(m, rule, at, &v);

	if (st != LGX_OK)
		return st == LGX_EOF ? LGX_OK : st;
	switch (v.type) {
	case LGX_T_DATE:
		lgx_build_date(&m->build, rule->member, v.date);
		break;
	case LGX_T_DEC:
		lgx_build_dec(&m->build, rule->member, v.number);
		break;
	case LGX_T_MONEY:
		if (!lgx_build_money(&m->build, rule->member, v.number, m->digits))
			assert(!"convert_number lets no such amount through");
		break;
	case LGX_T_COUNT:
		lgx_build_int(&m->build, rule->member, v.count);
		break;
	default:
		lgx_build_str(&m->build, rule->member, v.text);
		m->texts[rule->member] = v.text;
		if (rule->member == LGX_M_currency)
			set_currency(m, v.text);
	}
	return LGX_OK;
}

static int
put_rule(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at)
{
	m->seen = 0;
	if (map_is_object(rule->type))
		return put_parts(m, rule, at);
	if (rule->type == LGX_T_TEXTS)
		return put_texts_member(m, rule, at);
	if (rule->moment != NULL)
		return put_moment(m, rule, at);
	return put_scalar(m, rule, at);
}

/* "lenient":["total"]: what was read though it was not written as it should be */
static void
put_lenient(struct lgx_mapper *m)
{
	if (m->nlenient == 0)
		return;
	lgx_buf_clear(&m->json);
	lgx_buf_putc(&m->json, '[');
	for (size_t i = 0; i < m->nlenient; i++) {
		lgx_json_next(&m->json);
		lgx_json_str(&m->json, lgx_str_of(m->lenient[i]));
	}
	lgx_buf_putc(&m->json, ']');
	lgx_build_extra(&m->build, LGX_STR("lenient"), lgx_buf_str(&m->json));
}

static int
check_any_of(struct lgx_mapper *m)
{
	const struct lgx_map	*map = m->map;

	m->seen = 0;
	for (size_t i = 0; i < map->nany_of; i++)
		if (lgx_build_has(&m->build, map->any_of[i]))
			return LGX_OK;
	if (map->nany_of == 0)
		return LGX_OK;
	lgx_buf_clear(&m->text);
	for (size_t i = 0; i < map->nany_of; i++)
		lgx_buf_putf(&m->text, "%s%s", i > 0 ? ", " : "", lgx_member_name(map->any_of[i]));
	return map_reject(m, LGX_E_MAP_MISSING, "none of %s is there", lgx_buf_z(&m->text));
}

/*
 * Ids: business keys as sent, and a digest.  ORDER of the parts is design §1.
 */

static const struct { enum lgx_kind kind; enum lgx_member part[4][3]; } id_parts[] = {
	{ LGX_K_INVOICE, { { LGX_M_scac }, { LGX_M_invoice }, { LGX_M_correction } } },
	{ LGX_K_STATUS, { { LGX_M_scac }, { LGX_M_pro, LGX_M_bol, LGX_M_load }, { LGX_M_code },
	    { LGX_M_time } } },
	{ LGX_K_SHIPMENT, { { LGX_M_load }, { LGX_M_rate_version } } },
	{ LGX_K_ORDER, { { LGX_M_company }, { LGX_M_order } } },
	{ LGX_K_PARTY, { { LGX_M_role }, { LGX_M_code } } },
	{ LGX_K_BOOKED, { { LGX_M_type }, { LGX_M_scac }, { LGX_M_invoice, LGX_M_load } } },
	{ LGX_K_PAYMENT, { { LGX_M_scac }, { LGX_M_invoice }, { LGX_M_trace } } },
	{ LGX_K_FXRATE, { { LGX_M_base }, { LGX_M_quote } } },
	{ LGX_K_APPROVAL, { { LGX_M_proposal }, { LGX_M_actor } } },
};

static struct lgx_str
id_part(const struct lgx_mapper *m, const enum lgx_member alternatives[3])
{
	for (int i = 0; i < 3 && alternatives[i] != LGX_M_NONE; i++)
		if (m->texts[alternatives[i]].n > 0)
			return m->texts[alternatives[i]];
	return LGX_STR_EMPTY;
}

static void
make_id(struct lgx_mapper *m)
{
	char	 hex[13];

	lgx_buf_clear(&m->id);
	lgx_id_part(&m->id, lgx_str_of(lgx_kind_name(m->map->kind)));
	for (size_t i = 0; i < LGX_LEN(id_parts); i++)
		if (id_parts[i].kind == m->map->kind)
			for (int p = 0; p < 4 && id_parts[i].part[p][0] != LGX_M_NONE; p++)
				lgx_id_part(&m->id, id_part(m, id_parts[i].part[p]));
	lgx_build_digest(&m->build, hex);
	lgx_id_part(&m->id, lgx_str_of(hex));
}

/*
 * Records
 */

struct made { struct lgx_src src; struct lgx_buf *out; uint64_t count; };

static void
start_record(struct lgx_mapper *m)
{
	lgx_build_start(&m->build, m->map->kind);
	memset(m->texts, 0, sizeof(m->texts));
	m->nlenient = 0;
	m->currency = LGX_STR_EMPTY;
	m->digits = CURRENCY_DIGITS;
}

/* A set made to have each of its records repeat all of it must not fill the disk. */
static int
check_bounds(struct lgx_mapper *m, const struct lgx_buf *out)
{
	m->seen = 0;
	if (m->work <= MAP_WORK_MAX && m->build.text.n <= LGX_LINE_MAX && out->n <= MAP_MADE_MAX)
		return LGX_OK;
	return map_reject(m, LGX_E_MAP_SIZE, "%s", m->work > MAP_WORK_MAX ?
	    "too many segments of a kind for the records it gives" :
	    "the records it gives are too large");
}

static int
fill_record(struct lgx_mapper *m, const struct map_rules *rules, struct map_at at,
    const struct lgx_buf *out)
{
	int	 st;

	start_record(m);
	for (size_t i = 0; i < rules->n; i++)
		if ((st = put_rule(m, &rules->p[i], at)) != LGX_OK)
			return st;
	st = check_any_of(m);
	return st == LGX_OK ? check_bounds(m, out) : st;
}

static void
finish_record(struct lgx_mapper *m, struct made *made, struct map_at at)
{
	struct lgx_src	 src = made->src;
	struct lgx_str	 usage = m->rec != NULL ? lgx_rec_str(m->rec, LGX_M_usage) : LGX_STR_EMPTY;

	if (lgx_str_eq(usage, LGX_STR("T")) || lgx_str_eq(usage, LGX_STR("I")))
		lgx_build_str(&m->build, LGX_M_usage, usage);
	put_lenient(m);
	make_id(m);
	src.map = m->map->at;
	if (m->rec != NULL && at.seg != 0) {
		lgx_buf_clear(&m->text);
		lgx_buf_puts(&m->text, m->map->tags[m->tree.segs[at.seg].tag].name);
		lgx_buf_putc(&m->text, '@');
		lgx_buf_putu(&m->text, m->tree.segs[at.seg].number);
		src.path = lgx_buf_str(&m->text);
	}
	lgx_src_put(lgx_build_open(&m->build, LGX_M_src), &src);
	lgx_build_close(&m->build);
	lgx_build_finish(&m->build, lgx_buf_str(&m->id), made->out);
	made->count++;
}

/*
 * A bill of several shipments: the header, then a child for each group of
 * loops with the same references.
 */

struct child { uint32_t first, end; };	/* instances of the loop, end exclusive */

struct key { struct lgx_str qual, value; };

struct splitting {
	const struct map_split	*split;
	struct child		*children;
	size_t			 n, cap;
	struct key		*keys;		/* of the child that is growing */
	size_t			 nkeys, keys_cap;
	bool			 fresh, conflict; /* of the loop at hand: a new key; another value */
};

static bool
key_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	static const struct map_path qual_path = { .elem = 1 };
	struct splitting	*s = arg;
	struct key		 key = { map_elem_at(m, &qual_path, at),
	    map_elem_at(m, &s->split->keys, at) };
	size_t			 i = 0;

	if (key.value.n == 0)
		return false;
	while (i < s->nkeys && !lgx_str_eq(s->keys[i].qual, key.qual))
		i++;
	if (i == MAP_KEYS_MAX)
		return true;
	if (i < s->nkeys) {
		s->conflict |= !lgx_str_eq(s->keys[i].value, key.value);
		return s->conflict;
	}
	s->keys = lgx_grow(s->keys, &s->keys_cap, s->nkeys + 1, sizeof(*s->keys));
	s->keys[s->nkeys++] = key;
	s->fresh = true;
	return false;
}

static void
look_at_keys(struct lgx_mapper *m, struct splitting *s, uint32_t inst)
{
	struct map_at	 at = { .inst = inst, .seg = m->tree.insts[inst].start };

	s->fresh = s->conflict = false;
	(void)map_walk(m, &s->split->keys, at, key_visit, s);
}

static void
find_children(struct lgx_mapper *m, struct splitting *s)
{
	uint32_t	 i = map_tree_child(&m->tree, m->map, 0, s->split->loop);

	for (; i != 0; i = m->tree.insts[i].next) {
		look_at_keys(m, s, i);
		if (s->conflict) {
			s->nkeys = 0;
			look_at_keys(m, s, i);
		} else if (!(s->n == 0 && s->fresh)) {
			continue;	/* goes with the child before it, or with the header */
		}
		if (s->n > 0)
			s->children[s->n - 1].end = i;
		s->children = lgx_grow(s->children, &s->cap, s->n + 1, sizeof(*s->children));
		s->children[s->n++] = (struct child){ .first = i };
	}
}

static void
put_parent(struct lgx_mapper *m, struct lgx_str id, struct lgx_str total, size_t n, size_t of)
{
	struct lgx_buf	*b = lgx_build_open(&m->build, LGX_M_parent);

	lgx_buf_putz(b, "{\"id\":");
	lgx_json_str(b, id);
	lgx_buf_putf(b, ",\"n\":%zu,\"of\":%zu", n, of);
	if (total.n > 0) {
		lgx_buf_putz(b, ",\"total\":");
		lgx_buf_puts(b, total);
	}
	lgx_buf_putc(b, '}');
	lgx_build_close(&m->build);
}

/* The JSON of a member that was set, kept beyond the record. */
static struct lgx_str
built(struct lgx_mapper *m, enum lgx_member member)
{
	if (!lgx_build_has(&m->build, member))
		return LGX_STR_EMPTY;
	return lgx_arena_str(&m->arena, (struct lgx_str){ m->build.text.p + m->build.slot[member].off,
	    m->build.slot[member].n });
}

static int
make_consolidated(struct lgx_mapper *m, const struct splitting *s, struct made *made)
{
	uint32_t	 first = map_tree_child(&m->tree, m->map, 0, s->split->loop);
	struct lgx_str	 id, total;
	struct map_at	 at = { 0 };
	int		 st;

	/* What stands before the first child is the header's own. */
	m->window = (struct map_window){ true, first, s->children[0].first };
	if ((st = fill_record(m, &s->split->header, at, made->out)) != LGX_OK)
		return st;
	total = built(m, LGX_M_total);
	finish_record(m, made, at);
	id = lgx_arena_str(&m->arena, lgx_buf_str(&m->id));
	for (size_t i = 0; i < s->n; i++) {
		m->window = (struct map_window){ true, s->children[i].first, s->children[i].end };
		if ((st = fill_record(m, &s->split->child, at, made->out)) != LGX_OK)
			return st;
		put_parent(m, id, total, i + 1, s->n);
		finish_record(m, made, (struct map_at){ .seg = m->tree.insts[s->children[i].first].start });
	}
	return LGX_OK;
}

static int
make_one(struct lgx_mapper *m, struct map_at at, struct made *made)
{
	int	 st = fill_record(m, &m->map->members, at, made->out);

	if (st == LGX_OK)
		finish_record(m, made, at);
	return st;
}

static int
make_bill(struct lgx_mapper *m, struct made *made)
{
	struct splitting	 s = { .split = m->map->split };
	struct map_at		 at = { 0 };
	int			 st;

	find_children(m, &s);
	if (s.n > 1 || (s.n == 1 && s.split->when.n > 0 && map_holds(m, s.split->when, at)))
		st = make_consolidated(m, &s, made);
	else
		st = make_one(m, at, made);
	m->window.on = false;
	free(s.children);
	free(s.keys);
	return st;
}

struct each { struct made *made; int st; };

static bool
each_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	struct each	*e = arg;

	if (map_holds(m, m->map->only, at))
		e->st = make_one(m, at, e->made);
	return e->st != LGX_OK;
}

static int
make_records(struct lgx_mapper *m, struct made *made)
{
	struct each	 e = { made, LGX_OK };
	size_t		 start = made->out->n;

	if (m->map->split != NULL)
		e.st = make_bill(m, made);
	else if (m->map->each.n == 0)
		e.st = make_one(m, (struct map_at){ 0 }, made);
	for (size_t i = 0; i < m->map->each.n && e.st == LGX_OK; i++)
		(void)map_walk(m, &m->map->each.p[i], (struct map_at){ 0 }, each_visit, &e);
	m->seen = 0;
	if (e.st == LGX_OK && made->count == 0)
		e.st = map_reject(m, LGX_E_MAP_MISSING, "nothing in it gives a %s",
		    lgx_kind_name(m->map->kind));
	if (e.st != LGX_OK)
		made->out->n = start;
	return e.st;
}

/*
 * When a record reached us
 */

/* A date as parse-edi writes it, or as sent. */
static bool
read_any_date(struct lgx_str s, lgx_date *out)
{
	return lgx_date_parse(s, out) || lgx_date_parse_x12(s, out);
}

struct lgx_str
map_received(struct lgx_mapper *m)
{
	struct map_wall	 w = { .code = LGX_STR_EMPTY, .region = LGX_STR_EMPTY,
	    .country = LGX_STR_EMPTY, .partner_zone = LGX_STR_EMPTY };
	struct lgx_str	 clock;
	lgx_date	 day;
	lgx_time	 t = m->received;
	int		 seconds;

	if (t == LGX_TIME_NONE && m->rec != NULL &&
	    !lgx_time_parse(lgx_rec_str(m->rec, LGX_M_received_at), &t)) {
		if (!read_any_date(lgx_rec_str(m->rec, LGX_M_date), &day))
			return LGX_STR_EMPTY;
		clock = lgx_rec_str(m->rec, LGX_M_time);
		w.local = day * LGX_DAY + (map_read_clock(clock, &seconds) ? seconds : 0);
		if (m->partner != NULL)
			w.partner_zone = m->partner->page->zone;
		(void)map_wall_instant(m->map, &w, &t);
	}
	return t != LGX_TIME_NONE ? time_text(m, t) : LGX_STR_EMPTY;
}

/*
 * Sources
 */

struct lgx_mapper *
lgx_mapper_new(const struct lgx_maps *maps, lgx_time received)
{
	struct lgx_mapper	*m = lgx_calloc(1, sizeof(*m));

	m->maps = maps;
	m->received = received;
	m->map = maps->n > 0 ? maps->map[0] : NULL;
	return m;
}

void
lgx_mapper_free(struct lgx_mapper *m)
{
	if (m == NULL)
		return;
	map_tree_release(&m->tree);
	lgx_build_release(&m->build);
	lgx_arena_release(&m->arena);
	lgx_arena_release(&m->header);
	lgx_buf_release(&m->id);
	lgx_buf_release(&m->json);
	lgx_buf_release(&m->text);
	map_once_release(&m->once);
	free(m);
}

static struct lgx_str
src_text(struct lgx_rec *rec, uint32_t src, const char *name)
{
	return src != 0 ? lgx_node_get_str(rec, src, lgx_str_of(name)) : LGX_STR_EMPTY;
}

static int64_t
src_number(struct lgx_rec *rec, uint32_t src, const char *name)
{
	uint64_t	 v;

	return lgx_str_u64(src_text(rec, src, name), &v) && v <= INT64_MAX ? (int64_t)v : -1;
}

/* Lineage is handed down. */
static struct lgx_src
read_src(struct lgx_rec *rec)
{
	uint32_t	 src = rec->top[LGX_M_src];

	return (struct lgx_src){ .file = src_text(rec, src, "file"), .sha = src_text(rec, src, "sha"),
	    .offset = src_number(rec, src, "offset"), .length = src_number(rec, src, "length"),
	    .isa = src_text(rec, src, "isa"), .gs = src_text(rec, src, "gs"),
	    .st = src_text(rec, src, "st"), .row = src_number(rec, src, "row"),
	    .path = src_text(rec, src, "path"), .map = LGX_STR_EMPTY };
}

static void
find_partner(struct lgx_mapper *m)
{
	struct lgx_str		 qualifier, id, code;
	const struct lgx_partner *page = NULL;

	m->partner = NULL;
	if (m->rec != NULL && (id = map_sender(m, &qualifier)).n > 0)
		page = lgx_partner_by_isa(&m->maps->partners, qualifier, id);
	if (page == NULL && (code = map_get_first(m, m->map->partner, (struct map_at){ 0 })).n > 0)
		page = lgx_partner_by_scac(&m->maps->partners, code);
	if (page != NULL)
		m->partner = &m->maps->partner[page - m->maps->partners.p];
}

/* The set's own file, at the byte where it begins, rather than the line that carried it here. */
static struct lgx_place
source_place(struct lgx_mapper *m, const struct lgx_src *src)
{
	if (src->file.n == 0)
		return m->rec->place;
	return (struct lgx_place){ .file = lgx_arena_z(&m->arena, src->file), .byte = src->offset };
}

int
lgx_mapper_edi(struct lgx_mapper *m, struct lgx_rec *rec, struct lgx_buf *out, uint64_t *made,
    struct lgx_err *err)
{
	struct made	 result = { .src = read_src(rec), .out = out };
	int		 st;

	m->rec = rec;
	m->row = NULL;
	m->err = err;
	m->seen = 0;
	m->work = 0;
	lgx_arena_clear(&m->arena);
	m->place = source_place(m, &result.src);
	if ((m->map = map_pick(m->maps, m)) == NULL)
		return map_reject(m, LGX_E_MAP_NONE, "no mapping for set %.*s, version %.*s",
		    LGX_STR_ARG(lgx_rec_str(rec, LGX_M_set)), LGX_STR_ARG(lgx_rec_str(rec, LGX_M_version)));
	if ((st = map_tree_build(&m->tree, m->map, rec, rec->top[LGX_M_segments], err)) != LGX_OK)
		return st;
	find_partner(m);
	if ((st = make_records(m, &result)) == LGX_OK)
		*made += result.count;
	return st;
}

/*
 * CSV
 */

/* "charge1_code" for "charge#_code" is 1; 0 if the name is none of the family. */
static unsigned
family_number(struct lgx_str pattern, struct lgx_str name)
{
	size_t		 head = (size_t)((const char *)memchr(pattern.p, '#', pattern.n) - pattern.p);
	struct lgx_str	 tail = lgx_str_from(pattern, head + 1);
	uint64_t	 v;

	if (name.n < pattern.n || !lgx_str_starts(name, lgx_str_head(pattern, head)) ||
	    !lgx_str_ends(name, tail) ||
	    !lgx_str_u64((struct lgx_str){ name.p + head, name.n - head - tail.n }, &v) ||
	    v < 1 || v > MAP_FAMILY_MAX)
		return 0;
	return (unsigned)v;
}

static int32_t
find_cell(const struct lgx_csv_row *header, struct lgx_str name, bool *twice)
{
	int32_t	 at = -1;

	for (size_t i = 0; i < header->n; i++)
		if (lgx_str_eq(lgx_str_trim(header->cells[i]), name)) {
			*twice |= at >= 0;
			at = (int32_t)i;
		}
	return at;
}

static int32_t *
find_family(struct lgx_mapper *m, const struct lgx_csv_row *header, struct lgx_str pattern)
{
	int32_t		*cells = lgx_arena_alloc(&m->header, (MAP_FAMILY_MAX + 1) * sizeof(*cells));
	unsigned	 n;

	for (unsigned i = 0; i <= MAP_FAMILY_MAX; i++)
		cells[i] = -1;
	for (size_t i = 0; i < header->n; i++)
		if ((n = family_number(pattern, lgx_str_trim(header->cells[i]))) != 0)
			cells[n] = (int32_t)i;
	return cells;
}

/* The header's name that is nearest to what is missing. */
static const char *
nearest_column(struct lgx_mapper *m, const struct lgx_csv_row *header, struct lgx_str name)
{
	const char	**words = lgx_arena_alloc(&m->header, (header->n + 1) * sizeof(*words));

	for (size_t i = 0; i < header->n; i++)
		words[i] = lgx_arena_z(&m->header, header->cells[i]);
	return lgx_str_nearest(name, words, header->n);
}

int
lgx_mapper_header(struct lgx_mapper *m, const struct lgx_csv_row *header, struct lgx_place place,
    struct lgx_err *err)
{
	const struct lgx_map	*map = m->map;

	lgx_arena_clear(&m->header);
	m->cells = lgx_arena_alloc(&m->header, (map->ncolumns + 1) * sizeof(*m->cells));
	for (size_t i = 0; i < map->ncolumns; i++) {
		const struct map_column	*c = &map->columns[i];
		const char		*near;
		bool			 twice = false;

		m->cells[i] = (struct map_cells){ .one = -1 };
		if (c->family)
			m->cells[i].family = find_family(m, header, c->name);
		else
			m->cells[i].one = find_cell(header, c->name, &twice);
		if (twice)
			return lgx_err_reject(err, LGX_E_CSV_HEADER, place, "column %.*s stands twice",
			    LGX_STR_ARG(c->name));
		if (!c->must || c->family || m->cells[i].one >= 0)
			continue;
		near = nearest_column(m, header, c->name);
		return lgx_err_reject(err, LGX_E_CSV_HEADER, place, "%.*s needs a column %.*s%s%s%s",
		    LGX_STR_ARG(map->at), LGX_STR_ARG(c->name), near != NULL ? "; is it '" : "",
		    near != NULL ? near : "", near != NULL ? "'?" : "");
	}
	return LGX_OK;
}

int
lgx_mapper_row(struct lgx_mapper *m, const struct lgx_csv_row *row, struct lgx_place place,
    struct lgx_src src, struct lgx_buf *out, uint64_t *made, struct lgx_err *err)
{
	struct made	 result = { .src = src, .out = out };
	int		 st;

	m->rec = NULL;
	m->row = row;
	m->err = err;
	m->seen = 0;
	m->work = 0;
	m->place = place;
	lgx_arena_clear(&m->arena);
	find_partner(m);
	if ((st = make_records(m, &result)) == LGX_OK)
		*made += result.count;
	return st;
}

char
lgx_mapper_separator(const struct lgx_mapper *m)
{
	return m->map->separator;
}
