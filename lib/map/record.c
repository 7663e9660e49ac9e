/*
 * map/record.c - records: members, id and lineage; one or several of a source
 * Floor map: private to it.
 */
#include <stdlib.h>

#include "map/run.h"

#define CURRENCY_DIGITS	2	/* of money in a record that names no currency */

/* "lenient":["total"], "dropped":["weight"]: what is not as it was sent */
static void
put_notes(struct lgx_mapper *m, const char *member, const struct map_notes *notes)
{
	if (notes->n == 0)
		return;
	lgx_buf_clear(&m->json);
	lgx_buf_putc(&m->json, '[');
	for (size_t i = 0; i < notes->n; i++) {
		lgx_json_next(&m->json);
		lgx_json_str(&m->json, lgx_str_of(notes->name[i]));
	}
	lgx_buf_putc(&m->json, ']');
	lgx_build_extra(&m->build, lgx_str_of(member), lgx_buf_str(&m->json));
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
 * Ids: business keys as sent, and a digest.  lgx-records(5) has the order.
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

static void
start_record(struct lgx_mapper *m)
{
	lgx_build_start(&m->build, m->map->kind);
	memset(m->texts, 0, sizeof(m->texts));
	m->lenient.n = m->dropped.n = 0;
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
		if ((st = map_put_rule(m, &rules->p[i], at)) != LGX_OK)
			return st;
	st = check_any_of(m);
	return st == LGX_OK ? check_bounds(m, out) : st;
}

static void
finish_record(struct lgx_mapper *m, struct map_made *made, struct map_at at)
{
	struct lgx_src	 src = made->src;
	struct lgx_str	 usage = m->rec != NULL ? lgx_rec_str(m->rec, LGX_M_usage) : LGX_STR_EMPTY;

	if (lgx_str_eq(usage, LGX_STR("T")) || lgx_str_eq(usage, LGX_STR("I")))
		lgx_build_str(&m->build, LGX_M_usage, usage);
	put_notes(m, "lenient", &m->lenient);
	put_notes(m, "dropped", &m->dropped);
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
make_consolidated(struct lgx_mapper *m, const struct splitting *s, struct map_made *made)
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
make_one(struct lgx_mapper *m, struct map_at at, struct map_made *made)
{
	int	 st = fill_record(m, &m->map->members, at, made->out);

	if (st == LGX_OK)
		finish_record(m, made, at);
	return st;
}

static int
make_bill(struct lgx_mapper *m, struct map_made *made)
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

struct each { struct map_made *made; int st; };

static bool
each_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	struct each	*e = arg;

	if (map_holds(m, m->map->only, at))
		e->st = make_one(m, at, e->made);
	return e->st != LGX_OK;
}

int
map_make_records(struct lgx_mapper *m, struct map_made *made)
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
