/*
 * map/member.c - members of a record by their rules
 * Floor map: private to it.
 */
#include <assert.h>

#include "base/table.h"
#include "map/run.h"

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

	if (!map_holds(m, rule->when, at) || map_is_zeros(date = map_get_first(m, p->date, at)))
		return LGX_EOF;
	if (!map_read_date(as, date, &day))
		return map_bad_value(m, rule, LGX_E_BAD_DATE, date, "date");
	clock = map_get_first(m, p->clock, at);
	if (clock.n > 0 && !map_read_clock(clock, &seconds))
		return map_bad_value(m, rule, LGX_E_BAD_DATE, clock, "time of day");
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

	if (st == LGX_REJECT && rule->drop_bad) {
		map_note(&m->dropped, rule->name);
		st = LGX_EOF;
	}
	if (st == LGX_EOF)
		return rule->must ? map_missing(m, rule) : LGX_OK;
	if (st != LGX_OK)
		return st;
	how = map_wall_instant(m->map, &w.wall, &t);
	if (w.no_clock)
		map_note(&m->lenient, rule->name);
	m->texts[rule->member] = map_time_text(m, t);
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
put_value(struct lgx_mapper *m, const struct map_value *v)
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
	struct map_value	 v;
	int		 st;

	start = m->json.n;
	if (start > 0 && m->json.p[start - 1] == '}')
		lgx_buf_putc(&m->json, ',');
	lgx_buf_putc(&m->json, '{');
	inside = m->json.n;
	for (size_t i = 0; i < rules->n; i++) {
		if ((st = map_evaluate(m, &rules->p[i], at, &v)) == LGX_EOF)
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

	if ((s = lgx_str_trim(s)).n == 0 || map_look_up(m, rule, &s) != LGX_OK)
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
		return map_missing(m, rule);
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
	struct map_value	 v;
	int		 st = map_evaluate(m, rule, at, &v);

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

int
map_put_rule(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at)
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
