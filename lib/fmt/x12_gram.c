/*
 * fmt/x12_gram.c - grammars: YAML to tables
 * Floor fmt: a part of the X12 reader.  lgx-grammar(5) describes the files.
 *
 * The files are read at start and every line of them is checked.  The tables
 * of a set in a release are made when the first such set comes, by leaving
 * out the lines of other releases.
 */
#include <stdlib.h>

#include "base/table.h"
#include "fmt/x12_part.h"

#define ELEMS_MAX	62	/* of a segment: a bit each, with room for the shift */
#define CODES_MAX	254	/* different segments of a set */
#define NODES_MAX	0x7FFE

struct span { int from, to; };		/* releases, both included */

struct source {				/* one mappings/x12/SET.yaml */
	struct lgx_str		 set, group;
	const struct lgx_conf	*structure;
	struct compiled		*first;
};

struct compiled {
	struct x12_grammar	 grammar;
	struct compiled		*next;
};

struct lgx_x12_grammars {
	struct lgx_arena	 arena;
	const struct lgx_conf	*segments, *composites;
	int			*releases;
	size_t			 nreleases;
	struct x12_codes	*codes;
	size_t			 ncodes, codes_cap;
	struct source		*sources;
	size_t			 nsources;
};

/*
 * Words of a line
 */

static struct lgx_str
word(struct lgx_str *rest)
{
	while (rest->n > 0 && rest->p[0] == ' ')
		*rest = lgx_str_from(*rest, 1);
	return lgx_str_cut(rest, ' ');
}

static bool
number(struct lgx_str s, uint64_t max, uint64_t *out)
{
	return lgx_str_u64(s, out) && *out <= max;
}

/* "[003050..003070]", either end may be open.  A word that begins otherwise is none. */
static bool
read_range(struct lgx_str *rest, struct span *r)
{
	struct lgx_str	 look = *rest, w = word(&look), from;
	uint64_t	 a = 0, b = 999999;
	ptrdiff_t	 dots;

	*r = (struct span){ 0, 999999 };
	if (w.n < 2 || w.p[0] != '[')
		return true;
	if (w.p[w.n - 1] != ']' || (dots = lgx_str_find(w, LGX_STR(".."))) < 0)
		return false;
	from = (struct lgx_str){ w.p + 1, (size_t)dots - 1 };
	w = (struct lgx_str){ w.p + dots + 2, w.n - (size_t)dots - 3 };
	if ((from.n > 0 && !number(from, 999999, &a)) || (w.n > 0 && !number(w, 999999, &b)))
		return false;
	*r = (struct span){ (int)a, (int)b };
	*rest = look;
	return true;
}

static bool
applies(struct span r, int release)
{
	return r.from <= release && release <= r.to;
}

/*
 * Code lists
 */

static uint64_t
pack(struct lgx_str code)		/* of at most 8 bytes; never 0 */
{
	uint64_t	 v = 0;

	for (size_t i = 0; i < code.n; i++)
		v = v << 8 | (unsigned char)code.p[i];
	return v;
}

static size_t
code_slot(const struct x12_codes *c, uint64_t v)
{
	return (size_t)((v * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (c->nslots - 1);
}

bool
x12_code_known(const struct x12_codes *c, struct lgx_str code)
{
	uint64_t	 v;

	if (code.n == 0 || code.n > 8)
		return false;
	v = pack(code);
	for (size_t i = code_slot(c, v); c->slots[i] != 0; i = (i + 1) & (c->nslots - 1))
		if (c->slots[i] == v)
			return true;
	return false;
}

static void
add_code(struct x12_codes *c, struct lgx_str code)
{
	size_t	 i;

	if (x12_code_known(c, code))
		return;
	for (i = code_slot(c, pack(code)); c->slots[i] != 0; i = (i + 1) & (c->nslots - 1))
		;
	c->slots[i] = pack(code);
	c->n++;
}

static void
more_room(struct lgx_x12_grammars *g, struct x12_codes *c, size_t more)
{
	struct x12_codes old = *c;

	if ((c->n + more) * 2 < c->nslots)
		return;
	while (c->nslots < 16 || c->nslots < (old.n + more) * 4)
		c->nslots = c->nslots > 0 ? c->nslots * 2 : 16;
	c->slots = lgx_arena_alloc(&g->arena, c->nslots * sizeof(*c->slots));
	memset(c->slots, 0, c->nslots * sizeof(*c->slots));
	for (size_t i = 0; i < old.nslots; i++)
		if (old.slots[i] != 0) {
			size_t	 k = code_slot(c, old.slots[i]);

			while (c->slots[k] != 0)
				k = (k + 1) & (c->nslots - 1);
			c->slots[k] = old.slots[i];
		}
}

#define REF_I	60000		/* I05 is 60005 */

static bool
read_ref(struct lgx_str w, uint64_t *ref)
{
	if (w.n == 3 && w.p[0] == 'I' && number(lgx_str_from(w, 1), 99, ref)) {
		*ref += REF_I;
		return true;
	}
	return number(w, 9999, ref);
}

static struct x12_codes *
codes_of(const struct lgx_x12_grammars *g, uint16_t ref)
{
	for (size_t i = 0; i < g->ncodes; i++)
		if (g->codes[i].ref == ref)
			return &g->codes[i];
	return NULL;
}

bool
x12_qualifier_known(const struct lgx_x12_grammars *g, struct lgx_str code)
{
	const struct x12_codes	*c = g != NULL ? codes_of(g, REF_I + 5) : NULL;

	return c == NULL || x12_code_known(c, code);
}

static int
load_codes(struct lgx_x12_grammars *g, const struct lgx_find *find, const struct lgx_conf *line,
    struct x12_codes *c, struct lgx_str file, struct lgx_err *err)
{
	struct lgx_table t = { 0 };
	const char	*path;
	int		 st;

	if ((st = lgx_find_must(find, lgx_arena_z(&g->arena, file), &g->arena, &path, err)) != LGX_OK ||
	    (st = lgx_table_load(path, &t, err)) != LGX_OK)
		goto out;
	more_room(g, c, t.nrows);
	for (size_t i = 0; i < t.nrows; i++) {
		struct lgx_str code = t.cells[i * t.ncolumns];

		if (code.n == 0 || code.n > 8) {
			st = lgx_conf_err(line, err, LGX_E_CONF_VALUE,
			    "'%.*s' in %s is no code of 1 to 8 bytes", LGX_STR_ARG(code), path);
			goto out;
		}
		add_code(c, code);
	}
out:
	lgx_table_release(&t);
	return st;
}

/* "1650 codes/1650_shipment_status.csv part" */
static int
read_codes_line(struct lgx_x12_grammars *g, const struct lgx_find *find,
    const struct lgx_conf *line, struct lgx_err *err)
{
	struct lgx_str	  rest = line->text, ref = word(&rest), file = word(&rest), part = word(&rest);
	struct x12_codes *c;
	uint64_t	  n;

	if (!read_ref(ref, &n) || file.n == 0 || (part.n > 0 && !lgx_str_eq(part, LGX_STR("part"))))
		return lgx_conf_err(line, err, LGX_E_CONF_VALUE,
		    "a code list is written as 'ELEMENT FILE' or 'ELEMENT FILE part'");
	if ((c = codes_of(g, (uint16_t)n)) == NULL) {
		c = &g->codes[g->ncodes++];
		*c = (struct x12_codes){ .ref = (uint16_t)n };
	}
	c->part |= part.n > 0;
	return load_codes(g, find, line, c, file, err);
}

static int
read_codes(struct lgx_x12_grammars *g, const struct lgx_find *find, const struct lgx_conf *list,
    struct lgx_err *err)
{
	int	 st;

	if ((st = lgx_conf_expect(list, LGX_CONF_LIST, err)) != LGX_OK)
		return st;
	g->codes = lgx_arena_alloc(&g->arena, (list->n + 1) * sizeof(*g->codes));
	LGX_CONF_EACH(line, list)
		if ((st = lgx_conf_expect(line, LGX_CONF_SCALAR, err)) != LGX_OK ||
		    (st = read_codes_line(g, find, line, err)) != LGX_OK)
			return st;
	return LGX_OK;
}

/*
 * Element lines: "02 76 M AN 1/22 [003040..] invoice number"
 */

static const struct { const char *name; uint8_t type, decimals; } types[] = {
	{ "AN", X12_AN, 0 }, { "ID", X12_ID, 0 }, { "R", X12_R, 0 }, { "DT", X12_DT, 0 },
	{ "TM", X12_TM, 0 }, { "B", X12_B, 0 }, { "C", X12_COMPOSITE, 0 }, { "N", X12_N, 0 },
	{ "N0", X12_N, 0 }, { "N1", X12_N, 1 }, { "N2", X12_N, 2 }, { "N3", X12_N, 3 },
	{ "N4", X12_N, 4 },
};

static bool
read_type(struct lgx_str w, struct x12_el *el)
{
	for (size_t i = 0; i < LGX_LEN(types); i++)
		if (lgx_str_eq(w, lgx_str_of(types[i].name))) {
			el->type = types[i].type;
			el->decimals = types[i].decimals;
			return true;
		}
	return false;
}

static bool
read_length(struct lgx_str w, struct x12_el *el)
{
	uint64_t	 min, max;
	struct lgx_str	 low = lgx_str_cut(&w, '/');

	if (!number(low, UINT16_MAX, &min) || !number(w, UINT16_MAX, &max) || min > max)
		return false;
	el->min = (uint16_t)min;
	el->max = (uint16_t)max;
	return true;
}

struct line { uint64_t pos; struct lgx_str ref; struct x12_el el; struct span range; };

static int
read_element(const struct lgx_conf *c, struct line *l, struct lgx_err *err)
{
	struct lgx_str	 rest = c->text, pos = word(&rest), need, type;
	uint64_t	 ref = 0;

	*l = (struct line){ .pos = 0 };
	l->ref = word(&rest);
	need = word(&rest);
	type = word(&rest);
	if (!number(pos, ELEMS_MAX, &l->pos) || l->pos == 0)
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' is no element position (1 to %d)",
		    LGX_STR_ARG(pos), ELEMS_MAX);
	if (!read_type(type, &l->el))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' is no element type",
		    LGX_STR_ARG(type));
	if (l->el.type != X12_COMPOSITE && !number(l->ref, 9999, &ref) && !lgx_str_eq(l->ref, LGX_STR("-")))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' is no data element number",
		    LGX_STR_ARG(l->ref));
	if (need.n != 1 || memchr("MOX", need.p[0], 3) == NULL)
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' is not M, O or X",
		    LGX_STR_ARG(need));
	if (l->el.type != X12_COMPOSITE && !read_length(word(&rest), &l->el))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "the length is not MIN/MAX");
	if (!read_range(&rest, &l->range))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "releases are written [003050..003070]");
	l->el.ref = (uint16_t)ref;
	l->el.need = need.p[0] == 'M' ? X12_MANDATORY : X12_OPTIONAL;
	return LGX_OK;
}

/* "P0304", "L010203 [004010..]" */
static bool
is_syntax(struct lgx_str s)
{
	return s.n >= 5 && memchr("PRECL", s.p[0], 5) != NULL && s.p[1] >= '0' && s.p[1] <= '9';
}

static int
read_syntax(const struct lgx_conf *c, struct x12_syntax *s, struct span *range, struct lgx_err *err)
{
	struct lgx_str	 rest = c->text, w = word(&rest);
	uint64_t	 n;

	*s = (struct x12_syntax){ .kind = w.p[0] };
	for (size_t i = 1; i < w.n; i += 2) {
		if (i + 2 > w.n || !number((struct lgx_str){ w.p + i, 2 }, ELEMS_MAX, &n) || n == 0)
			return lgx_conf_err(c, err, LGX_E_CONF_VALUE,
			    "a syntax note is a letter and two digits an element, as P0304");
		if (s->first == 0)
			s->first = (uint8_t)n;
		s->mask |= UINT64_C(1) << n;
	}
	if (!read_range(&rest, range))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "releases are written [003050..003070]");
	return LGX_OK;
}

/*
 * A segment or composite in a release
 */

static int make_elements(struct lgx_x12_grammars *, const struct lgx_conf *, int release,
    bool composite, struct x12_segdef *, struct lgx_err *);

static int
add_element(struct lgx_x12_grammars *g, const struct lgx_conf *c, struct line *l, int release,
    struct x12_el *els, struct x12_segdef *def, struct lgx_err *err)
{
	struct x12_segdef	 parts = { .n = 0 };
	const struct lgx_conf	*composite;
	int			 st;

	if (els[l->pos - 1].max > 0)
		return lgx_conf_err(c, err, LGX_E_CONF_AMBIGUOUS, "element %d has two lines in release %06d",
		    (int)l->pos, release);
	if (l->el.type == X12_COMPOSITE) {
		if ((composite = lgx_conf_get(g->composites, lgx_arena_z(&g->arena, l->ref))) == NULL)
			return lgx_conf_err(c, err, LGX_E_CONF_UNKNOWN, "no composite '%.*s'",
			    LGX_STR_ARG(l->ref));
		if ((st = make_elements(g, composite, release, true, &parts, err)) != LGX_OK)
			return st;
		l->el.parts = parts.el;
		l->el.nparts = parts.n;
		l->el.max = UINT16_MAX;
	} else {
		l->el.codes = codes_of(g, l->el.ref);
	}
	els[l->pos - 1] = l->el;
	if (l->pos > def->n)
		def->n = (uint8_t)l->pos;
	if (l->el.need == X12_MANDATORY)
		def->must |= UINT64_C(1) << l->pos;
	return LGX_OK;
}

static int
make_elements(struct lgx_x12_grammars *g, const struct lgx_conf *list, int release,
    bool composite, struct x12_segdef *def, struct lgx_err *err)
{
	struct x12_el		*els = lgx_arena_alloc(&g->arena, ELEMS_MAX * sizeof(*els));
	struct x12_syntax	*notes = lgx_arena_alloc(&g->arena, (list->n + 1) * sizeof(*notes));
	struct span		 range;
	struct line		 l;
	int			 st;

	memset(els, 0, ELEMS_MAX * sizeof(*els));
	def->el = els;
	def->syntax = notes;
	LGX_CONF_EACH(c, list) {
		if ((st = lgx_conf_expect(c, LGX_CONF_SCALAR, err)) != LGX_OK)
			return st;
		if (!composite && is_syntax(c->text)) {
			if ((st = read_syntax(c, &notes[def->nsyntax], &range, err)) != LGX_OK)
				return st;
			def->nsyntax += applies(range, release);
			continue;
		}
		if ((st = read_element(c, &l, err)) != LGX_OK)
			return st;
		if (applies(l.range, release) &&
		    (st = add_element(g, c, &l, release, els, def, err)) != LGX_OK)
			return st;
	}
	return LGX_OK;
}

/*
 * The structure of a set in a release
 */

struct making {
	struct lgx_x12_grammars	*g;
	int			 release;
	struct x12_node		*nodes;
	struct x12_loop		*loops;
	size_t			 nnodes, nodes_cap, nloops, loops_cap;
	struct x12_grammar	*grammar;
	const struct x12_segdef	*defs[CODES_MAX];	/* by code */
};

static int
segment_code(struct making *m, const struct lgx_conf *c, struct lgx_str id, int *code,
    struct lgx_err *err)
{
	struct x12_grammar	*g = m->grammar;
	const struct lgx_conf	*list;
	struct x12_segdef	*def;
	uint32_t		 packed;
	size_t			 i;
	int			 st;

	if (id.n < 2 || id.n > 3)
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' is no segment id", LGX_STR_ARG(id));
	packed = X12_TAG(id.p[0], id.p[1], id.n > 2 ? id.p[2] : 0);
	if ((*code = x12_grammar_code(g, packed)) >= 0)
		return LGX_OK;
	if ((list = lgx_conf_get(m->g->segments, lgx_arena_z(&m->g->arena, id))) == NULL)
		return lgx_conf_err(c, err, LGX_E_CONF_UNKNOWN, "segment %.*s is not in segments.yaml",
		    LGX_STR_ARG(id));
	if (g->ncodes == CODES_MAX)
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "more than %d different segments", CODES_MAX);
	def = lgx_arena_alloc(&m->g->arena, sizeof(*def));
	*def = (struct x12_segdef){ .n = 0 };
	memcpy(def->id, id.p, id.n);
	if ((st = make_elements(m->g, list, m->release, false, def, err)) != LGX_OK)
		return st;
	*code = (int)g->ncodes++;
	m->defs[*code] = def;
	for (i = x12_id_slot(packed); g->ids[i] != 0; i = (i + 1) & 511)
		;
	g->ids[i] = packed << 8 | (uint32_t)(*code + 1);
	return LGX_OK;
}

static bool
read_max(struct lgx_str w, uint32_t *max)
{
	uint64_t	 n;

	if (lgx_str_eq(w, LGX_STR("any")) || lgx_str_eq(w, LGX_STR(">1"))) {
		*max = UINT32_MAX;
		return true;
	}
	if (!number(w, UINT32_MAX, &n) || n == 0)
		return false;
	*max = (uint32_t)n;
	return true;
}

/* "N9 O 300 [..004030]" */
static int
make_node(struct making *m, const struct lgx_conf *c, int loop, bool trigger, bool *used,
    struct lgx_err *err)
{
	static const char *const needs[] = { "O", "M", "M!", "H" };	/* ORDER enum x12_need */
	struct lgx_str	 rest = c->text, id = word(&rest), need = word(&rest);
	struct x12_node	 node = { .loop = (int16_t)loop, .trigger = trigger };
	struct span	 range;
	size_t		 i = 0;
	int		 code, st;

	while (i < LGX_LEN(needs) && !lgx_str_eq(need, lgx_str_of(needs[i])))
		i++;
	if (i == LGX_LEN(needs) || !read_max(word(&rest), &node.max))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE,
		    "a segment's place is written as 'ID NEED MAX', NEED being M!, M, O or H");
	if (!read_range(&rest, &range))
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "releases are written [003050..003070]");
	if (rest.n > 0)
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' behind the releases",
		    LGX_STR_ARG(rest));
	if (!(*used = applies(range, m->release)))
		return LGX_OK;
	if ((st = segment_code(m, c, id, &code, err)) != LGX_OK)
		return st;
	node.need = (uint8_t)i;
	node.code = (uint16_t)code;
	node.def = m->defs[code];
	if (m->nnodes == NODES_MAX)
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "more than %d places", NODES_MAX);
	m->nodes = lgx_grow(m->nodes, &m->nodes_cap, m->nnodes + 1, sizeof(*m->nodes));
	m->nodes[m->nnodes++] = node;
	return LGX_OK;
}

static int make_list(struct making *, const struct lgx_conf *, int loop, struct lgx_err *);

/* "loop 0400 9999 any [004010..]": a list of its segments, the first begins it */
static int
make_loop(struct making *m, const struct lgx_conf *c, int parent, struct lgx_err *err)
{
	const struct lgx_conf	*body = c->first;
	struct lgx_str		 rest = body->key, w = word(&rest), id = word(&rest), look;
	struct x12_loop		 loop = { .parent = (int16_t)parent };
	struct span		 range;
	size_t			 at = m->nloops;
	bool			 used = true;
	int			 st;

	if (c->n != 1 || !lgx_str_eq(w, LGX_STR("loop")) || id.n == 0 || id.n >= sizeof(loop.id) ||
	    !read_max(word(&rest), &loop.max))
		return lgx_conf_err(body, err, LGX_E_CONF_VALUE,
		    "a loop is written as 'loop ID MAX', with 'unordered' if its segments come in any order");
	look = rest;
	if ((loop.any = lgx_str_eq(word(&look), LGX_STR("unordered"))))
		rest = look;
	if (!read_range(&rest, &range) || rest.n > 0)
		return lgx_conf_err(body, err, LGX_E_CONF_VALUE, "releases are written [003050..003070]");
	if ((st = lgx_conf_expect(body, LGX_CONF_LIST, err)) != LGX_OK)
		return st;
	if (!applies(range, m->release))
		return LGX_OK;
	if (body->n == 0 || body->first->type != LGX_CONF_SCALAR)
		return lgx_conf_err(body, err, LGX_E_CONF_VALUE, "a loop begins with a segment");
	memcpy(loop.id, id.p, id.n);
	loop.first = (uint16_t)m->nnodes;
	m->loops = lgx_grow(m->loops, &m->loops_cap, m->nloops + 1, sizeof(*m->loops));
	m->loops[m->nloops++] = loop;
	if ((st = make_node(m, body->first, (int)at, true, &used, err)) != LGX_OK)
		return st;
	if (!used)
		return lgx_conf_err(body->first, err, LGX_E_CONF_VALUE,
		    "the first segment of a loop cannot have releases of its own");
	st = make_list(m, &(struct lgx_conf){ .type = LGX_CONF_LIST, .first = body->first->next },
	    (int)at, err);
	m->loops[at].last = (uint16_t)(m->nnodes - 1);
	return st;
}

static int
make_list(struct making *m, const struct lgx_conf *list, int loop, struct lgx_err *err)
{
	bool	 used;
	int	 st;

	LGX_CONF_EACH(c, list) {
		if (c->type == LGX_CONF_MAP)
			st = make_loop(m, c, loop, err);
		else if ((st = lgx_conf_expect(c, LGX_CONF_SCALAR, err)) == LGX_OK)
			st = make_node(m, c, loop, false, &used, err);
		if (st != LGX_OK)
			return st;
	}
	return LGX_OK;
}

/*
 * Steps: from a place, with a segment id, to the next place
 */

/* Is node n a child of the loop: a segment of it, or what begins a loop in it? */
static bool
is_child(const struct making *m, size_t n, int loop)
{
	const struct x12_node	*node = &m->nodes[n];

	if (node->trigger)
		return m->loops[node->loop].parent == loop;
	return node->loop == loop;
}

/* Forward in the loop of `from`, then once more the loop, then the loop around it. */
static uint16_t
find_step(const struct making *m, size_t from, uint16_t code)
{
	int	 loop = m->nodes[from].loop;
	size_t	 pos = from;

	for (;;) {
		const struct x12_loop	*l = loop >= 0 ? &m->loops[loop] : NULL;
		size_t			 end = l != NULL ? (size_t)l->last + 1 : m->nnodes;

		for (size_t n = l != NULL && l->any ? l->first : pos; n < end; n++)
			if (m->nodes[n].code == code && is_child(m, n, loop))
				return (uint16_t)n;
		if (l == NULL)
			return X12_NOWHERE;
		if (m->nodes[l->first].code == code)
			return l->first;
		pos = l->first;
		loop = l->parent;
	}
}

/* Does the step leave, or begin again, a loop with mandatory segments? */
static bool
leaves_must(const struct making *m, size_t from, size_t to)
{
	for (int loop = m->nodes[from].loop; loop >= 0; loop = m->loops[loop].parent) {
		const struct x12_loop	*l = &m->loops[loop];

		if (l->first < to && to <= l->last)
			return false;
		if (l->must)
			return true;
	}
	return false;
}

static void
make_steps(struct making *m)
{
	struct x12_grammar	*g = m->grammar;
	uint16_t		*steps = lgx_arena_alloc(&m->g->arena,
				    m->nnodes * g->ncodes * sizeof(*steps));

	for (size_t i = 0; i < m->nnodes; i++)
		if (m->nodes[i].loop >= 0 && !m->nodes[i].trigger && m->nodes[i].need == X12_MANDATORY)
			m->loops[m->nodes[i].loop].must = true;
	for (size_t n = 0; n < m->nnodes; n++)
		for (size_t c = 0; c < g->ncodes; c++) {
			uint16_t	 to = find_step(m, n, (uint16_t)c);

			if (to != X12_NOWHERE && leaves_must(m, n, to))
				to |= X12_CHECK;
			steps[n * g->ncodes + c] = to;
		}
	g->steps = steps;
}

static void
make_musts(struct making *m)
{
	struct x12_grammar	*g = m->grammar;
	uint16_t		*musts = lgx_arena_alloc(&m->g->arena, m->nnodes * sizeof(*musts));

	for (size_t i = 0; i < m->nnodes; i++)
		if (is_child(m, i, X12_NO_LOOP) &&
		    (m->nodes[i].need == X12_MANDATORY || m->nodes[i].need == X12_KEY))
			musts[g->nmusts++] = (uint16_t)i;
	g->musts = musts;
}

static void *
keep(struct lgx_arena *arena, const void *p, size_t n)
{
	void	*copy = lgx_arena_alloc(arena, n > 0 ? n : 1);

	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

static int
compile(struct lgx_x12_grammars *g, const struct source *s, int release, struct x12_grammar *out,
    struct lgx_err *err)
{
	struct making	*m = lgx_calloc(1, sizeof(*m));
	int		 st;

	*out = (struct x12_grammar){ .group = s->group, .release = release };
	*m = (struct making){ .g = g, .release = release, .grammar = out };
	if ((st = make_list(m, s->structure, X12_NO_LOOP, err)) != LGX_OK)
		goto out;
	if (m->nnodes == 0 || memcmp(m->nodes[0].def->id, "ST", 3) != 0) {
		st = lgx_conf_err(s->structure, err, LGX_E_CONF_VALUE, "a set begins with ST");
		goto out;
	}
	make_steps(m);
	make_musts(m);
	out->nodes = keep(&g->arena, m->nodes, m->nnodes * sizeof(*m->nodes));
	out->loops = keep(&g->arena, m->loops, m->nloops * sizeof(*m->loops));
	out->nnodes = m->nnodes;
	out->nloops = m->nloops;
out:
	free(m->nodes);
	free(m->loops);
	free(m);
	return st;
}

/*
 * Files
 */

static int
read_releases(struct lgx_x12_grammars *g, const struct lgx_conf *list, struct lgx_err *err)
{
	uint64_t	 n;
	int		 st;

	if ((st = lgx_conf_expect(list, LGX_CONF_LIST, err)) != LGX_OK)
		return st;
	g->releases = lgx_arena_alloc(&g->arena, (list->n + 1) * sizeof(*g->releases));
	LGX_CONF_EACH(c, list) {
		if (!number(c->text, 999999, &n) ||
		    (g->nreleases > 0 && (int)n <= g->releases[g->nreleases - 1]))
			return lgx_conf_err(c, err, LGX_E_CONF_VALUE,
			    "releases are numbers of six digits, in order");
		g->releases[g->nreleases++] = (int)n;
	}
	return g->nreleases > 0 ? LGX_OK :
	    lgx_conf_err(list, err, LGX_E_CONF_VALUE, "no release at all");
}

static int
must(const struct lgx_conf *root, const char *key, const struct lgx_conf **out, struct lgx_err *err)
{
	if ((*out = lgx_conf_get(root, key)) == NULL)
		return lgx_conf_err(root, err, LGX_E_CONF_MISSING, "'%s' is missing", key);
	return LGX_OK;
}

static int
read_dictionary(struct lgx_x12_grammars *g, const struct lgx_find *find, struct lgx_err *err)
{
	static const char *const words[] = { "releases", "codes", "composites", "segments" };
	const struct lgx_conf	*root, *codes, *releases;
	const char		*path;
	int			 st;

	if ((st = lgx_find_must(find, "x12/segments.yaml", &g->arena, &path, err)) != LGX_OK ||
	    (st = lgx_conf_load(path, &g->arena, &root, err)) != LGX_OK ||
	    (st = lgx_conf_expect(root, LGX_CONF_MAP, err)) != LGX_OK ||
	    (st = lgx_conf_allow(root, words, LGX_LEN(words), err)) != LGX_OK ||
	    (st = must(root, "releases", &releases, err)) != LGX_OK ||
	    (st = read_releases(g, releases, err)) != LGX_OK ||
	    (st = must(root, "codes", &codes, err)) != LGX_OK ||
	    (st = must(root, "segments", &g->segments, err)) != LGX_OK ||
	    (st = lgx_conf_expect(g->segments, LGX_CONF_MAP, err)) != LGX_OK)
		return st;
	g->composites = lgx_conf_get(root, "composites");
	return read_codes(g, find, codes, err);
}

static bool
is_segments(const char *path)
{
	return lgx_str_ends(lgx_str_of(path), LGX_STR("/segments.yaml"));
}

static int
read_set(struct lgx_x12_grammars *g, const char *path, struct source *s, struct lgx_err *err)
{
	static const char *const words[] = { "set", "group", "name", "structure" };
	const struct lgx_conf	*root;
	int			 st;

	*s = (struct source){ .group = LGX_STR_EMPTY };
	if ((st = lgx_conf_load(path, &g->arena, &root, err)) != LGX_OK ||
	    (st = lgx_conf_expect(root, LGX_CONF_MAP, err)) != LGX_OK ||
	    (st = lgx_conf_allow(root, words, LGX_LEN(words), err)) != LGX_OK ||
	    (st = lgx_conf_str(root, "set", true, &s->set, err)) != LGX_OK ||
	    (st = lgx_conf_str(root, "group", true, &s->group, err)) != LGX_OK ||
	    (st = must(root, "structure", &s->structure, err)) != LGX_OK)
		return st;
	return lgx_conf_expect(s->structure, LGX_CONF_LIST, err);
}

/* A set in the newest release that we describe, to find mistakes at start. */
static int
try_set(struct lgx_x12_grammars *g, struct source *s, struct lgx_err *err)
{
	struct compiled	*c = lgx_arena_alloc(&g->arena, sizeof(*c));
	int		 release = 4010, st;

	if ((st = compile(g, s, release, &c->grammar, err)) != LGX_OK)
		return st;
	c->next = s->first;
	s->first = c;
	return LGX_OK;
}

int
lgx_x12_grammars_load(const struct lgx_find *find, struct lgx_x12_grammars **out,
    struct lgx_err *err)
{
	struct lgx_x12_grammars	 *g = lgx_calloc(1, sizeof(*g));
	const char		**paths;
	size_t			  n;
	int			  st;

	*out = NULL;
	if ((st = read_dictionary(g, find, err)) != LGX_OK ||
	    (st = lgx_find_folder(find, "x12", ".yaml", &g->arena, &paths, &n, err)) != LGX_OK)
		goto out;
	g->sources = lgx_arena_alloc(&g->arena, (n + 1) * sizeof(*g->sources));
	for (size_t i = 0; i < n; i++) {
		struct source	*s = &g->sources[g->nsources];

		if (is_segments(paths[i]))
			continue;
		if ((st = read_set(g, paths[i], s, err)) != LGX_OK || (st = try_set(g, s, err)) != LGX_OK)
			goto out;
		g->nsources++;
	}
	*out = g;
	return LGX_OK;
out:
	lgx_x12_grammars_free(g);
	return st;
}

void
lgx_x12_grammars_free(struct lgx_x12_grammars *g)
{
	if (g == NULL)
		return;
	lgx_arena_release(&g->arena);
	free(g);
}

/* The newest release not above that of the version; else the oldest. */
static int
nearest_release(const struct lgx_x12_grammars *g, struct lgx_str version, bool *exact)
{
	uint64_t	 n;
	int		 release = g->releases[0];

	*exact = false;
	if (version.n < 6 || !number(lgx_str_head(version, 6), 999999, &n))
		return 4010;
	for (size_t i = 0; i < g->nreleases && (uint64_t)g->releases[i] <= n; i++)
		release = g->releases[i];
	*exact = (uint64_t)release == n;
	return release;
}

static const struct x12_grammar *
compiled_in(struct lgx_x12_grammars *g, struct source *s, int release)
{
	struct compiled	*c;

	for (c = s->first; c != NULL; c = c->next)
		if (c->grammar.release == release)
			return &c->grammar;
	c = lgx_arena_alloc(&g->arena, sizeof(*c));
	if (compile(g, s, release, &c->grammar, NULL) != LGX_OK)
		return NULL;
	c->next = s->first;
	s->first = c;
	return &c->grammar;
}

const struct x12_grammar *
x12_grammar_of(struct lgx_x12_grammars *g, struct lgx_str set, struct lgx_str version, bool *exact)
{
	int	 release;

	*exact = true;
	for (size_t i = 0; g != NULL && i < g->nsources; i++)
		if (lgx_str_eq(g->sources[i].set, set)) {
			release = nearest_release(g, version, exact);
			return compiled_in(g, &g->sources[i], release);
		}
	return NULL;
}
