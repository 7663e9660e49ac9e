/*
 * map/eval.c - values of a source by path, condition and way
 * Floor map: private to it.
 */
#include <stdarg.h>
#include <stdio.h>

#include "map/run.h"

int
map_reject(struct lgx_mapper *m, enum lgx_diag diag, const char *fmt, ...)
{
	struct lgx_place place = m->place;
	char		 msg[sizeof(m->err->msg)];
	va_list		 ap;

	if (m->rec != NULL && m->seen != 0) {
		place.unit = LGX_SEGMENT;
		place.n = m->tree.segs[m->seen].number;
	}
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return lgx_err_reject(m->err, diag, place, "%s", msg);
}

/*
 * Elements
 */

/* The node of element `elem` of a segment, 0 if it has fewer. */
static uint32_t
elem_node(const struct lgx_mapper *m, uint32_t seg, unsigned elem)
{
	const struct map_seg	*s = &m->tree.segs[seg];
	const struct lgx_node	*nodes = m->rec->nodes;
	uint32_t		 end = nodes[s->node].next, i = s->node + 1;

	if (s->flat)
		i += elem;
	else
		while (elem-- > 0 && i < end)
			i = nodes[i].next;
	return i < end ? i : 0;
}

/* Text of a node that may be a composite (component comp, from 1) or a repeat (its first). */
static struct lgx_str
node_text(struct lgx_mapper *m, uint32_t node, unsigned comp)
{
	const struct lgx_node	*n = &m->rec->nodes[node];

	switch (n->type) {
	case LGX_STRING:
		return comp <= 1 ? lgx_str_trim(lgx_node_str(m->rec, node)) : LGX_STR_EMPTY;
	case LGX_ARRAY:
		LGX_NODE_EACH(i, m->rec, node)
			if (comp-- <= 1)
				return node_text(m, i, 1);
		return LGX_STR_EMPTY;
	case LGX_OBJECT:
		node = lgx_node_get(m->rec, node, LGX_STR("repeat"));
		return node != 0 && m->rec->nodes[node].next > node + 1 ?
		    node_text(m, node + 1, comp) : LGX_STR_EMPTY;
	default:
		return LGX_STR_EMPTY;
	}
}

static struct lgx_str
seg_text(struct lgx_mapper *m, uint32_t seg, unsigned elem, unsigned comp)
{
	const struct map_tag	*tag = &m->map->tags[m->tree.segs[seg].tag];
	uint32_t		 node;

	m->work++;
	if (elem < MAP_ELEMS_MAX && tag->order[elem] != 0)
		elem = tag->order[elem];
	if (seg == 0 || (node = elem_node(m, seg, elem)) == 0)
		return LGX_STR_EMPTY;
	return node_text(m, node, comp);
}

struct lgx_str
map_elem_at(struct lgx_mapper *m, const struct map_path *path, struct map_at at)
{
	struct lgx_str	 s;

	if (path->elem == 0)
		return LGX_STR_EMPTY;
	if ((s = seg_text(m, at.seg, path->elem, path->comp)).n > 0)
		m->seen = at.seg;
	return s;
}

/*
 * Paths
 */

static bool
word_in(struct lgx_str s, const struct lgx_str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lgx_str_eq(s, words[i]))
			return true;
	return false;
}

static bool
passes(struct lgx_mapper *m, const struct map_step *step, uint32_t seg)
{
	for (size_t i = 0; i < step->ntests; i++) {
		const struct map_test	*t = &step->tests[i];
		struct lgx_str		 s = seg_text(m, seg, t->elem, 0);

		if ((t->present ? s.n > 0 : word_in(s, t->words, t->n)) == t->negate)
			return false;
	}
	return true;
}

static bool	walk_step(struct lgx_mapper *, const struct map_path *, int, struct map_at,
		    map_visit *, void *);

static bool
walk_loops(struct lgx_mapper *m, const struct map_path *path, int step, struct map_at at, int loop,
    map_visit *visit, void *arg)
{
	uint32_t	 i = map_tree_child(&m->tree, m->map, at.inst, loop), end = 0;

	if (m->window.on && at.inst == 0 && loop == m->map->split->loop) {
		i = m->window.first;
		end = m->window.end;
	}
	for (; i != end && i != 0; i = m->tree.insts[i].next) {
		uint32_t seg = m->tree.insts[i].start;

		if (passes(m, &path->steps[step], seg) &&
		    walk_step(m, path, step + 1, (struct map_at){ .inst = i, .seg = seg }, visit, arg))
			return true;
	}
	return false;
}

static bool
walk_step(struct lgx_mapper *m, const struct map_path *path, int step, struct map_at at,
    map_visit *visit, void *arg)
{
	int	 tag, act;

	if (++m->work > MAP_WORK_MAX)
		return true;	/* the record is refused when it is done */
	if (step == path->nsteps)
		return visit(m, at, arg);
	tag = path->steps[step].tag;
	if ((act = m->map->loops[m->tree.insts[at.inst].loop].act[tag]) >= 0)
		return walk_loops(m, path, step, at, act, visit, arg);
	for (uint32_t i = map_tree_seg(&m->tree, at.inst, tag); i != 0 && m->work <= MAP_WORK_MAX;
	    i = m->tree.segs[i].next)
		if (passes(m, &path->steps[step], i) && walk_step(m, path, step + 1,
		    (struct map_at){ .inst = at.inst, .seg = i }, visit, arg))
			return true;
	return false;
}

static bool
walk_anywhere(struct lgx_mapper *m, const struct map_path *path, map_visit *visit, void *arg)
{
	uint32_t	 i = m->tree.anywhere[path->steps[0].tag].first;

	for (; i != 0; i = m->tree.segs[i].next_anywhere)
		if (passes(m, &path->steps[0], i) && walk_step(m, path, 1,
		    (struct map_at){ .inst = m->tree.segs[i].inst, .seg = i }, visit, arg))
			return true;
	return false;
}

/* "..": from a segment to the one that starts its loop, from that to the loop around. */
static struct map_at
one_up(const struct lgx_mapper *m, struct map_at at)
{
	const struct map_inst	*inst = &m->tree.insts[at.inst];

	if (at.seg == inst->start)
		at.inst = inst->parent;
	at.seg = m->tree.insts[at.inst].start;
	return at;
}

static bool
walk_family(struct lgx_mapper *m, const struct map_path *path, map_visit *visit, void *arg)
{
	const struct map_cells	*cells = &m->cells[path->column];

	for (unsigned i = 1; path->family && cells->family != NULL && i <= MAP_FAMILY_MAX; i++)
		if (cells->family[i] >= 0 && visit(m, (struct map_at){ .column = i }, arg))
			return true;
	return !path->family && visit(m, (struct map_at){ 0 }, arg);
}

bool
map_walk(struct lgx_mapper *m, const struct map_path *path, struct map_at at, map_visit *visit,
    void *arg)
{
	switch (path->origin) {
	case MAP_COLUMN:
		return walk_family(m, path, visit, arg);
	case MAP_ANYWHERE:
		return walk_anywhere(m, path, visit, arg);
	case MAP_ROOT:
		at = (struct map_at){ 0 };
		break;
	case MAP_UP:
		for (int i = 0; i < path->up; i++)
			at = one_up(m, at);
		break;
	default:
		break;
	}
	return walk_step(m, path, 0, at, visit, arg);
}

struct getting { const struct map_path *path; struct lgx_str text; };

static bool
get_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	struct getting	*g = arg;

	g->text = map_elem_at(m, g->path, at);
	return g->text.n > 0;
}

static struct lgx_str
column_text(const struct lgx_mapper *m, const struct map_path *path, struct map_at at)
{
	const struct map_cells	*cells = &m->cells[path->column];
	int32_t			 cell = cells->one;

	if (path->family)
		cell = cells->family != NULL && at.column > 0 ? cells->family[at.column] : -1;
	return cell >= 0 && (size_t)cell < m->row->n ? lgx_str_trim(m->row->cells[cell]) :
	    LGX_STR_EMPTY;
}

/* "02:ABCD" or {"qual":"02","id":"ABCD"} */
struct lgx_str
map_sender(struct lgx_mapper *m, struct lgx_str *qualifier)
{
	uint32_t	 node = m->rec->top[LGX_M_sender];
	struct lgx_str	 s, rest;

	*qualifier = LGX_STR_EMPTY;
	if (node == 0)
		return LGX_STR_EMPTY;
	if (m->rec->nodes[node].type == LGX_OBJECT) {
		*qualifier = lgx_node_get_str(m->rec, node, LGX_STR("qual"));
		return lgx_node_get_str(m->rec, node, LGX_STR("id"));
	}
	rest = s = lgx_node_str(m->rec, node);
	if (memchr(s.p, ':', s.n) == NULL)
		return s;
	*qualifier = lgx_str_cut(&rest, ':');
	return rest;
}

static struct lgx_str
attr_text(struct lgx_mapper *m, enum map_attr attr)
{
	struct lgx_str	 qualifier;

	switch (attr) {
	case MAP_RECEIVED:
		return map_received(m);
	case MAP_PARTNER_SCAC:
		return m->partner != NULL ? m->partner->page->scac : LGX_STR_EMPTY;
	case MAP_PARTNER_CURRENCY:
		return m->partner != NULL ? m->partner->currency : LGX_STR_EMPTY;
	case MAP_SET:
		return m->rec != NULL ? lgx_rec_str(m->rec, LGX_M_set) : LGX_STR_EMPTY;
	case MAP_VERSION:
		return m->rec != NULL ? lgx_rec_str(m->rec, LGX_M_version) : LGX_STR_EMPTY;
	case MAP_SENDER:
		return m->rec != NULL ? map_sender(m, &qualifier) : LGX_STR_EMPTY;
	default:
		return LGX_STR_EMPTY;
	}
}

/*
 * Most paths are B3/02 and N9[01=CN]/02: segments of one loop, which need no
 * walk.  False when the step is a loop after all.
 */
static bool
get_from_loop(struct lgx_mapper *m, const struct map_path *path, uint32_t inst,
    struct lgx_str *text)
{
	const struct map_step	*step = &path->steps[0];

	if (m->map->loops[m->tree.insts[inst].loop].act[step->tag] >= 0)
		return false;
	*text = LGX_STR_EMPTY;
	for (uint32_t i = map_tree_seg(&m->tree, inst, step->tag); i != 0 && text->n == 0 &&
	    m->work <= MAP_WORK_MAX; i = m->tree.segs[i].next)
		if (step->ntests == 0 || passes(m, step, i))
			*text = map_elem_at(m, path, (struct map_at){ .inst = inst, .seg = i });
	return true;
}

struct lgx_str
map_get(struct lgx_mapper *m, const struct map_path *path, struct map_at at)
{
	struct getting	 g = { path, LGX_STR_EMPTY };

	if (path->origin == MAP_HERE && path->nsteps == 0)
		return map_elem_at(m, path, at);
	if (path->nsteps == 1 && (path->origin == MAP_HERE || path->origin == MAP_ROOT) &&
	    get_from_loop(m, path, path->origin == MAP_ROOT ? 0 : at.inst, &g.text))
		return g.text;
	if (path->origin == MAP_SOURCE)
		return attr_text(m, path->attr);
	if (path->origin == MAP_COLUMN)
		return column_text(m, path, at);
	(void)map_walk(m, path, at, get_visit, &g);
	return g.text;
}

struct lgx_str
map_get_first(struct lgx_mapper *m, struct map_paths paths, struct map_at at)
{
	struct lgx_str	 s = LGX_STR_EMPTY;

	for (size_t i = 0; i < paths.n && s.n == 0; i++)
		s = map_get(m, &paths.p[i], at);
	return s;
}

/*
 * Conditions
 */

static bool
there_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	(void)m;
	(void)at;
	(void)arg;
	return true;
}

/* A path without an element asks whether the segment is there. */
static bool
is_there(struct lgx_mapper *m, const struct map_path *path, struct map_at at)
{
	if (path->origin == MAP_COLUMN || path->origin == MAP_SOURCE || path->elem != 0)
		return map_get(m, path, at).n > 0;
	return map_walk(m, path, at, there_visit, NULL);
}

static bool
cond_holds(struct lgx_mapper *m, const struct map_cond *c, struct map_at at)
{
	struct lgx_str	 left, right;

	if (c->op == MAP_HAS || c->op == MAP_HAS_NOT)
		return is_there(m, c->left, at) == (c->op == MAP_HAS);
	left = map_get(m, c->left, at);
	if (c->op == MAP_IS || c->op == MAP_IS_NOT)
		return word_in(left, c->words, c->n) == (c->op == MAP_IS);
	right = map_get(m, c->right, at);
	if (left.n == 0 || left.n != right.n)
		return false;
	return c->op == MAP_LE ? lgx_str_cmp(left, right) <= 0 : lgx_str_cmp(left, right) >= 0;
}

bool
map_all_hold(struct lgx_mapper *m, struct map_conds conds, struct map_at at)
{
	uint32_t	 seen = m->seen;
	bool		 good = true;

	for (size_t i = 0; i < conds.n && good; i++)
		good = cond_holds(m, &conds.p[i], at);
	m->seen = seen;
	return good;
}

/*
 * Ways
 */

struct adding { const struct map_path *path; enum map_as as; struct lgx_dec sum; bool lenient;
    int n, st; };

static bool
add_visit(struct lgx_mapper *m, struct map_at at, void *arg)
{
	struct adding	*a = arg;
	struct lgx_str	 s = a->path->origin == MAP_COLUMN ? column_text(m, a->path, at) :
	    map_elem_at(m, a->path, at);
	struct lgx_dec	 d;
	bool		 lenient;

	if (s.n == 0)
		return false;
	a->n++;
	if (!map_read_number(a->as, s, &d, &lenient))
		a->st = map_reject(m, LGX_E_MAP_VALUE, "%.*s: '%.*s' is no number",
		    LGX_STR_ARG(a->path->text), LGX_STR_ARG(s));
	else if (!lgx_dec_add(a->sum, d, &a->sum))
		a->st = map_reject(m, LGX_E_DECIMAL_RANGE, "%.*s: the sum is too large",
		    LGX_STR_ARG(a->path->text));
	else
		a->lenient |= lenient;
	return a->st != LGX_OK;
}

static int
find_sum(struct lgx_mapper *m, const struct map_way *way, enum map_as as, struct map_at at,
    struct map_found *found)
{
	struct adding	 a = { .as = as, .st = LGX_OK };

	for (size_t i = 0; i < way->paths.n && a.st == LGX_OK; i++) {
		a.path = &way->paths.p[i];
		(void)map_walk(m, a.path, at, add_visit, &a);
	}
	if (a.st != LGX_OK)
		return a.st;
	found->is_number = true;
	found->lenient = a.lenient;
	found->number = a.sum;
	return a.n > 0 ? LGX_OK : LGX_EOF;
}

static struct lgx_str
join(struct lgx_mapper *m, const struct map_way *way, struct map_at at)
{
	struct lgx_str	 s;

	lgx_buf_clear(&m->text);
	for (size_t i = 0; i < way->paths.n; i++) {
		if ((s = map_get(m, &way->paths.p[i], at)).n == 0)
			continue;
		if (m->text.n > 0)
			lgx_buf_puts(&m->text, way->text);
		lgx_buf_puts(&m->text, s);
	}
	return lgx_arena_str(&m->arena, lgx_buf_str(&m->text));
}

static int
find_by_way(struct lgx_mapper *m, const struct map_rule *rule, const struct map_way *way,
    struct map_at at, struct map_found *found)
{
	*found = (struct map_found){ .text = LGX_STR_EMPTY };
	if (!map_holds(m, way->when, at))
		return LGX_EOF;
	switch (way->how) {
	case MAP_FROM:
		found->text = map_get_first(m, way->paths, at);
		break;
	case MAP_VALUE:
		found->text = way->text;
		break;
	case MAP_JOIN:
		found->text = join(m, way, at);
		break;
	case MAP_SUM:
		return find_sum(m, way, rule->as, at, found);
	}
	if (found->text.n == 0)
		return LGX_EOF;
	if (way->times.coef == 0 || !map_read_number(rule->as, found->text, &found->number, &found->lenient))
		return LGX_OK;	/* a malformed number is found by whoever converts it */
	found->is_number = lgx_dec_mul(found->number, way->times, &found->number);
	return LGX_OK;
}

int
map_find(struct lgx_mapper *m, const struct map_rule *rule, struct map_at at,
    struct map_found *found)
{
	int	 st = LGX_EOF;

	if (!map_holds(m, rule->when, at))
		return LGX_EOF;
	for (size_t i = 0; i < rule->nways && st == LGX_EOF; i++)
		st = find_by_way(m, rule, &rule->ways[i], at, found);
	return st;
}
