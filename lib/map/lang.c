/*
 * map/lang.c - the mapping language: YAML to tables
 * Floor map: private to it.  lgx-mapping(5) describes the language.
 */
#include <stdlib.h>

#include "map/lang.h"

/* ORDER MAP_AS */
static const char *const as_words[] = {
	"plain", "n0", "n1", "n2", "n3", "n4", "n2-lenient", "dt", "dms", "scac", "upper",
};
_Static_assert(LGX_LEN(as_words) == MAP_AS_UPPER + 1, "as_words and enum map_as run in step");

static const char *const otherwise_words[] = { "keep", "drop", "refuse" };
static const char *const bad_words[] = { "refuse", "drop" };

/* What may stand in a rule that is written as a mapping. */
static const char *const rule_words[] = {
	"from", "value", "join", "sum", "with", "times", "when", "as", "table", "column", "otherwise",
	"partner", "default", "must", "bad", "each", "at", "only", "use", "members", "separator",
	"date", "clock", "zone", "region", "country",
};

static const char *const mapping_words[] = {
	"mapping", "version", "owner", "status", "title", "from", "match", "record", "partner", "read",
	"loops", "define", "each", "only", "members", "split", "any-of", "csv", "examples",
};

#define EACH_ITEM(item, node)						\
	for (const struct lgx_conf *item = (node)->type == LGX_CONF_LIST ? (node)->first : (node); \
	    item != NULL; item = (node)->type == LGX_CONF_LIST ? item->next : NULL)

static size_t
count_items(const struct lgx_conf *node)
{
	return node->type == LGX_CONF_LIST ? node->n : 1;
}

static int	compile_rules(struct map_compiler *, const struct lgx_conf *use,
		    const struct lgx_conf *members, const struct lgx_field *of, struct map_rules *);

/* One path or a list of them; absent: none. */
static int
compile_paths(struct map_compiler *c, const struct lgx_conf *node, struct map_paths *out)
{
	struct map_path	*paths;
	int		 st;

	*out = (struct map_paths){ 0 };
	if (node == NULL)
		return LGX_OK;
	paths = lgx_arena_alloc(&c->maps->arena, count_items(node) * sizeof(*paths));
	EACH_ITEM(item, node) {
		if ((st = lgx_conf_expect(item, LGX_CONF_SCALAR, c->err)) != LGX_OK ||
		    (st = map_path_compile(c, item, item->text, &paths[out->n])) != LGX_OK)
			return st;
		out->n++;
	}
	out->p = paths;
	return LGX_OK;
}

static int
compile_conds(struct map_compiler *c, const struct lgx_conf *node, struct map_conds *out)
{
	struct map_cond	*conds;
	int		 st;

	*out = (struct map_conds){ 0 };
	if (node == NULL)
		return LGX_OK;
	conds = lgx_arena_alloc(&c->maps->arena, count_items(node) * sizeof(*conds));
	EACH_ITEM(item, node)
		if ((st = map_cond_compile(c, item, &conds[out->n++])) != LGX_OK)
			return st;
	out->p = conds;
	return LGX_OK;
}

/*
 * Ways to a value
 */

/* One way that is written as a mapping: {from: ...}, {value: ...}, ... */
static int
compile_way(struct map_compiler *c, const struct lgx_conf *node, struct map_way *way)
{
	static const struct { const char *word; int how; } hows[] = {
		{ "from", MAP_FROM }, { "join", MAP_JOIN }, { "sum", MAP_SUM },
	};
	const struct lgx_conf	*from = NULL;
	int			 st;

	*way = (struct map_way){ .how = MAP_VALUE, .text = LGX_STR_EMPTY };
	for (size_t i = 0; i < LGX_LEN(hows) && from == NULL; i++)
		if ((from = lgx_conf_get(node, hows[i].word)) != NULL)
			way->how = hows[i].how;
	if ((st = compile_paths(c, from, &way->paths)) != LGX_OK ||
	    (st = compile_conds(c, lgx_conf_get(node, "when"), &way->when)) != LGX_OK ||
	    (st = lgx_conf_dec(node, "times", false, &way->times, c->err)) != LGX_OK)
		return st;
	return lgx_conf_str(node, from != NULL ? "with" : "value", from == NULL, &way->text, c->err);
}

static int
compile_item_way(struct map_compiler *c, const struct lgx_conf *item, struct map_way *way)
{
	static const char *const words[] = { "from", "value", "join", "sum", "with", "times", "when" };
	int	 st;

	if (item->type == LGX_CONF_MAP) {
		st = lgx_conf_allow(item, words, LGX_LEN(words), c->err);
		return st == LGX_OK ? compile_way(c, item, way) : st;
	}
	*way = (struct map_way){ .how = MAP_FROM, .text = LGX_STR_EMPTY };
	return compile_paths(c, item, &way->paths);
}

/* "B3/02", or a list whose items are paths or mappings: the first that gives a value. */
static int
compile_ways(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	struct map_way	*ways = lgx_arena_alloc(&c->maps->arena, count_items(node) * sizeof(*ways));
	int		 st;

	rule->ways = ways;
	EACH_ITEM(item, node)
		if ((st = compile_item_way(c, item, &ways[rule->nways++])) != LGX_OK)
			return st;
	return LGX_OK;
}

/*
 * Objects and lists
 */

static int
compile_part(struct map_compiler *c, const struct lgx_conf *node, const struct map_rule *rule,
    struct map_part *part)
{
	const struct lgx_conf	*each = lgx_conf_get(node, "each");
	int			 st;

	*part = (struct map_part){ 0 };
	if (node->type != LGX_CONF_MAP)		/* a list of texts: "N9[01=PO]/02" */
		return compile_paths(c, node, &part->each);
	if ((st = lgx_conf_allow(node, rule_words, LGX_LEN(rule_words), c->err)) != LGX_OK ||
	    (st = compile_paths(c, each != NULL ? each : lgx_conf_get(node, "at"),
	    &part->each)) != LGX_OK ||
	    (st = compile_conds(c, lgx_conf_get(node, "only"), &part->only)) != LGX_OK)
		return st;
	if (!map_is_object(rule->type))
		return each != NULL ? LGX_OK : lgx_conf_err(node, c->err, LGX_E_CONF_MISSING,
		    "each is missing: where the texts of %s stand", rule->name);
	return compile_rules(c, lgx_conf_get(node, "use"), lgx_conf_get(node, "members"), rule->field,
	    &part->members);
}

static int
compile_parts(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	bool		 plain = node->type == LGX_CONF_LIST && node->first != NULL &&
	    node->first->type == LGX_CONF_SCALAR;	/* several paths are one part */
	size_t		 n = plain ? 1 : count_items(node);
	struct map_part	*parts = lgx_arena_alloc(&c->maps->arena, (n + 1) * sizeof(*parts));
	int		 st;

	rule->parts = parts;
	if (plain) {
		rule->nparts = 1;
		return compile_part(c, node, rule, &parts[0]);
	}
	EACH_ITEM(item, node)
		if ((st = compile_part(c, item, rule, &parts[rule->nparts++])) != LGX_OK)
			return st;
	return LGX_OK;
}

/*
 * Rules
 */

static int
find_table(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str name,
    const struct lgx_table **out)
{
	struct map_named_table	*t = c->maps->tables;
	struct lgx_arena	*arena = &c->maps->arena;
	struct lgx_buf		 b = { 0 };
	const char		*relative, *path;

	while (t != NULL && !lgx_str_eq(lgx_str_of(t->name), name))
		t = t->next;
	if (t == NULL) {
		lgx_buf_putf(&b, "codes/%.*s.csv", LGX_STR_ARG(name));
		relative = lgx_arena_z(arena, lgx_buf_str(&b));
		lgx_buf_release(&b);
		if (lgx_find_must(c->maps->find, relative, arena, &path, NULL) != LGX_OK)
			return lgx_conf_err(at, c->err, LGX_E_CONF_OPEN,
			    "no %s in any configuration folder", relative);
		t = lgx_arena_alloc(arena, sizeof(*t));
		*t = (struct map_named_table){ .name = lgx_arena_z(arena, name),
		    .next = c->maps->tables };
		c->maps->tables = t;
		*out = &t->table;
		return lgx_table_load(path, &t->table, c->err);
	}
	*out = &t->table;
	return LGX_OK;
}

static int
find_column(struct map_compiler *c, const struct lgx_conf *column, struct map_rule *rule)
{
	const struct lgx_table	 *t = rule->table;
	const char		**words = lgx_arena_alloc(&c->maps->arena,
	    (t->ncolumns + 1) * sizeof(*words));

	for (size_t i = 0; i < t->ncolumns; i++) {
		words[i] = lgx_arena_z(&c->maps->arena, t->columns[i]);
		if (lgx_str_eq(t->columns[i], column->text)) {
			rule->table_column = (int)i;
			return LGX_OK;
		}
	}
	return map_unknown(c, column, "column", column->text, words, t->ncolumns);
}

static int
compile_table(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	const struct lgx_conf	*name = lgx_conf_get(node, "table"), *column;
	int			 st, word = MAP_KEEP;

	if (name == NULL)
		return LGX_OK;
	if ((st = lgx_conf_expect(name, LGX_CONF_SCALAR, c->err)) != LGX_OK ||
	    (st = find_table(c, name, name->text, &rule->table)) != LGX_OK ||
	    (st = lgx_conf_word(node, "otherwise", false, otherwise_words, LGX_LEN(otherwise_words),
	    &word, c->err)) != LGX_OK)
		return st;
	rule->otherwise = word;
	rule->table_column = 1;
	if ((column = lgx_conf_get(node, "column")) != NULL)
		return find_column(c, column, rule);
	if (rule->table->ncolumns > 1)
		return LGX_OK;
	return lgx_conf_err(name, c->err, LGX_E_CONF_VALUE, "a code table needs two columns");
}

/* An instant in pieces: date, and perhaps clock, zone, region, country. */
static int
compile_moment(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	struct map_moment	*m;
	int			 st;

	if (lgx_conf_get(node, "date") == NULL)
		return LGX_OK;
	m = lgx_arena_alloc(&c->maps->arena, sizeof(*m));
	if ((st = compile_paths(c, lgx_conf_get(node, "date"), &m->date)) != LGX_OK ||
	    (st = compile_paths(c, lgx_conf_get(node, "clock"), &m->clock)) != LGX_OK ||
	    (st = compile_paths(c, lgx_conf_get(node, "zone"), &m->zone)) != LGX_OK ||
	    (st = compile_paths(c, lgx_conf_get(node, "region"), &m->region)) != LGX_OK ||
	    (st = compile_paths(c, lgx_conf_get(node, "country"), &m->country)) != LGX_OK)
		return st;
	rule->moment = m;
	if (rule->type != LGX_T_INSTANT && rule->type != LGX_T_WHEN)
		return lgx_conf_err(node, c->err, LGX_E_CONF_TYPE, "%s is no instant", rule->name);
	return LGX_OK;
}

static int
compile_separator(struct map_compiler *c, const struct lgx_conf *node, char *out)
{
	struct lgx_str	 text = LGX_STR_EMPTY;
	int		 st = lgx_conf_str(node, "separator", false, &text, c->err);

	if (lgx_str_eq(text, LGX_STR("tab")))
		text = LGX_STR("\t");
	if (st == LGX_OK && text.n > 1)
		return lgx_conf_err(lgx_conf_get(node, "separator"), c->err, LGX_E_CONF_VALUE,
		    "separator: expected one character or tab");
	if (text.n == 1)
		*out = text.p[0];
	return st;
}

static int
compile_settings(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	static const char *const partner_words[] = { "charges" };
	int	 st, as = rule->as, bad = 0, partner = -1;

	if ((st = lgx_conf_allow(node, rule_words, LGX_LEN(rule_words), c->err)) != LGX_OK ||
	    (st = lgx_conf_word(node, "as", false, as_words, LGX_LEN(as_words), &as, c->err)) != LGX_OK ||
	    (st = lgx_conf_word(node, "bad", false, bad_words, LGX_LEN(bad_words), &bad, c->err)) != LGX_OK ||
	    (st = lgx_conf_word(node, "partner", false, partner_words, LGX_LEN(partner_words),
	    &partner, c->err)) != LGX_OK ||
	    (st = lgx_conf_bool(node, "must", false, &rule->must, c->err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "default", false, &rule->fallback, c->err)) != LGX_OK ||
	    (st = compile_separator(c, node, &rule->separator)) != LGX_OK ||
	    (st = compile_moment(c, node, rule)) != LGX_OK)
		return st;
	rule->as = (enum map_as)as;
	rule->drop_bad = bad == 1;
	rule->partner_charges = partner == 0;
	return compile_table(c, node, rule);
}

static bool
gives_value(const struct lgx_conf *node)
{
	return lgx_conf_get(node, "from") != NULL || lgx_conf_get(node, "value") != NULL ||
	    lgx_conf_get(node, "join") != NULL || lgx_conf_get(node, "sum") != NULL;
}

/* {from: [a, {value: b, when: c}], ...}: the items of from are ways of their own. */
static int
compile_map_ways(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	const struct lgx_conf	*from = lgx_conf_get(node, "from");
	struct map_way		*way;
	int			 st;

	if (from != NULL && from->type == LGX_CONF_LIST) {
		if ((st = compile_ways(c, from, rule)) != LGX_OK)
			return st;
		return compile_conds(c, lgx_conf_get(node, "when"), &rule->when);
	}
	if (!gives_value(node))
		return compile_conds(c, lgx_conf_get(node, "when"), &rule->when);
	rule->ways = way = lgx_arena_alloc(&c->maps->arena, sizeof(*way));
	rule->nways = 1;
	return compile_way(c, node, way);
}

static int
compile_rule(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	bool	 parts = map_is_object(rule->type) ||
	    (rule->type == LGX_T_TEXTS && !gives_value(node));
	int	 st;

	if ((rule->type == LGX_T_DATE || rule->type == LGX_T_WHEN) && c->map->from == LGX_FROM_EDI)
		rule->as = MAP_AS_DT;
	rule->fallback = LGX_STR_EMPTY;
	if (node->type == LGX_CONF_MAP && (st = compile_settings(c, node, rule)) != LGX_OK)
		return st;
	if (parts)
		return node->type == LGX_CONF_MAP && gives_value(node) ?
		    compile_map_ways(c, node, rule) : compile_parts(c, node, rule);
	return node->type == LGX_CONF_MAP ? compile_map_ways(c, node, rule) :
	    compile_ways(c, node, rule);
}

/* The i-th field of the objects in `of`, or of the kind when it is NULL. */
static const struct lgx_field *
field_at(const struct map_compiler *c, const struct lgx_field *of, size_t i)
{
	return of != NULL ? lgx_field_sub(of, i) : lgx_kind_field(c->map->kind, i);
}

static int
unknown_member(struct map_compiler *c, const struct lgx_conf *node, const struct lgx_field *of)
{
	const struct lgx_field	*field;
	const char		*words[LGX_MEMBER_COUNT] = { NULL };
	size_t			 n = 0;

	for (; n < LGX_LEN(words) && (field = field_at(c, of, n)) != NULL; n++)
		words[n] = field->name;
	return map_unknown(c, node, "member", node->key, words, n);
}

/* What lgx-canon itself puts into every record, and what no value can become. */
static bool
is_ours(const struct lgx_field *field, const struct lgx_field *of)
{
	static const char *const names[] = { "lgx", "kind", "id", "usage", "src", "parent" };

	for (size_t i = 0; of == NULL && i < LGX_LEN(names); i++)
		if (strcmp(field->name, names[i]) == 0)
			return true;
	switch (field->type) {
	case LGX_T_LIMIT:
	case LGX_T_LOCAL:
	case LGX_T_BOOL:
	case LGX_T_KIND:
	case LGX_T_MONEYS:
	case LGX_T_DECS:
	case LGX_T_FREE:
	case LGX_T_RECORD:
		return true;
	default:
		return of != NULL && (field->type > LGX_TYPE_SCALARS || field->type == LGX_T_COUNT);
	}
}

static struct lgx_str
quoted_key(struct map_compiler *c, struct lgx_str name)
{
	struct lgx_buf	 b = { 0 };
	struct lgx_str	 key;

	lgx_buf_putf(&b, "\"%.*s\":", LGX_STR_ARG(name));
	key = lgx_arena_str(&c->maps->arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return key;
}

/* Which member a key names: fills what the schema says of it. */
static int
name_rule(struct map_compiler *c, const struct lgx_conf *node, const struct lgx_field *of,
    struct map_rule *rule)
{
	const struct lgx_field	*field;
	size_t			 i = 0;

	while ((field = field_at(c, of, i)) != NULL && !lgx_str_eq(node->key, lgx_str_of(field->name)))
		i++;
	if (field == NULL)
		return unknown_member(c, node, of);
	if (is_ours(field, of))
		return lgx_conf_err(node, c->err, LGX_E_CONF_VALUE, "%s cannot be mapped", field->name);
	*rule = (struct map_rule){ .field = field, .type = field->type, .name = field->name,
	    .member = of == NULL ? lgx_member_of(node->key) : LGX_M_NONE,
	    .key = quoted_key(c, node->key),
	    .set = field->type == LGX_T_TEXTS || strcmp(lgx_field_shape(field), "reference") == 0 };
	return LGX_OK;
}

/* A rule of the same member is replaced: that is what an overlay is. */
static int
add_rules(struct map_compiler *c, const struct lgx_conf *members, const struct lgx_field *of,
    struct map_rules *rules)
{
	struct map_rule	 rule;
	size_t		 i;
	int		 st;

	LGX_CONF_EACH(node, members) {
		if ((st = name_rule(c, node, of, &rule)) != LGX_OK ||
		    (st = compile_rule(c, node, &rule)) != LGX_OK)
			return st;
		for (i = 0; i < rules->n; i++)
			if (rules->p[i].field == rule.field)
				break;
		rules->p[i] = rule;
		rules->n += i == rules->n;
	}
	return LGX_OK;
}

/* In an object the order of the schema; at the top the currency first, the rest needs none. */
static int
by_order(const void *a, const void *b)
{
	const struct map_rule	*x = a, *y = b;

	if (x->member == LGX_M_NONE)
		return (x->field > y->field) - (x->field < y->field);
	return (y->member == LGX_M_currency) - (x->member == LGX_M_currency);
}

static int
expect_members(struct map_compiler *c, const struct lgx_conf *node)
{
	return node == NULL ? LGX_OK : lgx_conf_expect(node, LGX_CONF_MAP, c->err);
}

static int
unknown_shared(struct map_compiler *c, const struct lgx_conf *use)
{
	const char	*words[16];
	size_t		 n = 0;

	LGX_CONF_EACH(node, c->define)
		if (n < LGX_LEN(words))
			words[n++] = lgx_arena_z(&c->maps->arena, node->key);
	return map_unknown(c, use, "shared members (define:) called", use->text, words, n);
}

static int
find_shared(struct map_compiler *c, const struct lgx_conf *use, const struct lgx_conf **out)
{
	*out = NULL;
	if (use == NULL)
		return LGX_OK;
	LGX_CONF_EACH(node, c->define)
		if (lgx_str_eq(node->key, use->text)) {
			*out = node;
			return lgx_conf_expect(node, LGX_CONF_MAP, c->err);
		}
	return unknown_shared(c, use);
}

/* Rules of `base`, then those of the shared members, then the members' own. */
static int
overlay_rules(struct map_compiler *c, const struct map_rules *base, const struct lgx_conf *use,
    const struct lgx_conf *members, const struct lgx_field *of, struct map_rules *out)
{
	const struct lgx_conf	*shared;
	size_t			 most = base != NULL ? base->n : 0;
	int			 st;

	if ((st = find_shared(c, use, &shared)) != LGX_OK || (st = expect_members(c, members)) != LGX_OK)
		return st;
	most += (shared != NULL ? shared->n : 0) + (members != NULL ? members->n : 0) + 1;
	*out = (struct map_rules){ .p = lgx_arena_alloc(&c->maps->arena, most * sizeof(*out->p)) };
	if (base != NULL && base->n > 0) {
		memcpy(out->p, base->p, base->n * sizeof(*out->p));
		out->n = base->n;
	}
	if ((st = add_rules(c, shared, of, out)) != LGX_OK ||
	    (st = add_rules(c, members, of, out)) != LGX_OK)
		return st;
	qsort(out->p, out->n, sizeof(*out->p), by_order);
	return LGX_OK;
}

static int
compile_rules(struct map_compiler *c, const struct lgx_conf *use, const struct lgx_conf *members,
    const struct lgx_field *of, struct map_rules *out)
{
	return overlay_rules(c, NULL, use, members, of, out);
}

/*
 * The source: segments and loops, columns
 */

static int
tag_of(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str name, int *tag)
{
	*tag = map_tag_add(c->map, name);
	return *tag != 0 ? LGX_OK : lgx_conf_err(at, c->err, LGX_E_CONF_VALUE,
	    "'%.*s' is no segment name, or there are too many", LGX_STR_ARG(name));
}

/* loops: {N1: {takes: [N2, N3, N4]}, LX: {takes: [...], holds: [N1]}} */
static int
declare_loops(struct map_compiler *c, const struct lgx_conf *loops)
{
	static const char *const words[] = { "takes", "holds" };
	struct lgx_map	*map = c->map;
	int		 st, tag;

	memset(map->loops[0].act, MAP_TAKES, sizeof(map->loops[0].act));
	map->nloops = 1;
	if ((st = expect_members(c, loops)) != LGX_OK)
		return st;
	LGX_CONF_EACH(node, loops) {
		if (map->nloops == MAP_LOOPS_MAX)
			return lgx_conf_err(node, c->err, LGX_E_CONF_VALUE, "more than %d loops",
			    MAP_LOOPS_MAX - 1);
		if ((st = lgx_conf_expect(node, LGX_CONF_MAP, c->err)) != LGX_OK ||
		    (st = lgx_conf_allow(node, words, LGX_LEN(words), c->err)) != LGX_OK ||
		    (st = tag_of(c, node, node->key, &tag)) != LGX_OK)
			return st;
		memset(map->loops[map->nloops].act, MAP_ENDS, sizeof(map->loops[0].act));
		map->loops[map->nloops].tag = tag;
		map->loops[0].act[tag] = (int8_t)map->nloops++;
	}
	return LGX_OK;
}

static int
fill_loop(struct map_compiler *c, const struct lgx_conf *node, struct map_loop *loop)
{
	const struct lgx_conf	*takes = lgx_conf_get(node, "takes");
	const struct lgx_conf	*holds = lgx_conf_get(node, "holds");
	int			 st, tag;

	if (takes != NULL)
		EACH_ITEM(item, takes) {
			if ((st = tag_of(c, item, item->text, &tag)) != LGX_OK)
				return st;
			loop->act[tag] = MAP_TAKES;
		}
	if (holds != NULL)
		EACH_ITEM(item, holds) {
			tag = map_tag_of(c->map, item->text);
			if (tag == 0 || c->map->loops[0].act[tag] <= 0)
				return lgx_conf_err(item, c->err, LGX_E_CONF_UNKNOWN,
				    "loops: has no %.*s", LGX_STR_ARG(item->text));
			loop->act[tag] = c->map->loops[0].act[tag];
		}
	return LGX_OK;
}

static int
compile_loops(struct map_compiler *c, const struct lgx_conf *loops)
{
	int	 st = declare_loops(c, loops), i = 1;

	if (st != LGX_OK)
		return st;
	LGX_CONF_EACH(node, loops)
		if ((st = fill_loop(c, node, &c->map->loops[i++])) != LGX_OK)
			return st;
	return LGX_OK;
}

/* read: {L11: {as: N9, order: [02, 01, 03]}}: element 1 of N9 is element 2 of L11, ... */
static int
compile_reading(struct map_compiler *c, const struct lgx_conf *node)
{
	static const char *const words[] = { "as", "order" };
	const struct lgx_conf	*order = lgx_conf_get(node, "order");
	struct map_tag		*tag;
	struct lgx_str		 name = LGX_STR_EMPTY;
	uint64_t		 elem;
	int			 st, from, like, i = 0;

	if ((st = lgx_conf_expect(node, LGX_CONF_MAP, c->err)) != LGX_OK ||
	    (st = lgx_conf_allow(node, words, LGX_LEN(words), c->err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "as", true, &name, c->err)) != LGX_OK ||
	    (st = tag_of(c, node, node->key, &from)) != LGX_OK ||
	    (st = tag_of(c, node, name, &like)) != LGX_OK)
		return st;
	tag = &c->map->tags[from];
	tag->like = (uint8_t)like;
	LGX_CONF_EACH(item, order) {
		if (!lgx_str_u64(item->text, &elem) || elem < 1 || elem >= MAP_ELEMS_MAX ||
		    ++i >= MAP_ELEMS_MAX)
			return lgx_conf_err(item, c->err, LGX_E_CONF_VALUE,
			    "order: expected an element number");
		tag->order[i] = (uint8_t)elem;
	}
	return LGX_OK;
}

static int
compile_readings(struct map_compiler *c, const struct lgx_conf *read)
{
	int	 st = expect_members(c, read);

	LGX_CONF_EACH(node, read)
		if (st == LGX_OK)
			st = compile_reading(c, node);
	return st;
}

static int
compile_csv(struct map_compiler *c, const struct lgx_conf *csv)
{
	static const char *const words[] = { "separator", "must" };
	const struct lgx_conf	*must = lgx_conf_get(csv, "must");
	struct map_path		 path;
	int			 st;

	c->map->separator = ',';
	if (csv == NULL)
		return LGX_OK;
	if ((st = lgx_conf_allow(csv, words, LGX_LEN(words), c->err)) != LGX_OK ||
	    (st = compile_separator(c, csv, &c->map->separator)) != LGX_OK)
		return st;
	LGX_CONF_EACH(item, must) {
		if ((st = map_path_compile(c, item, item->text, &path)) != LGX_OK)
			return st;
		c->map->columns[path.column].must = true;
	}
	return LGX_OK;
}

/*
 * The whole
 */

static int
compile_split(struct map_compiler *c, const struct lgx_conf *node)
{
	static const char *const words[] = { "by", "keys", "when", "header", "child" };
	const struct lgx_conf	*keys = lgx_conf_get(node, "keys");
	struct map_split	*s;
	struct lgx_str		 by = LGX_STR_EMPTY;
	int			 st, tag;

	if (node == NULL)
		return LGX_OK;
	s = lgx_arena_alloc(&c->maps->arena, sizeof(*s));
	*s = (struct map_split){ 0 };
	if ((st = lgx_conf_allow(node, words, LGX_LEN(words), c->err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "by", true, &by, c->err)) != LGX_OK)
		return st;
	tag = map_tag_of(c->map, by);
	if (tag == 0 || c->map->loops[0].act[tag] <= 0)
		return lgx_conf_err(lgx_conf_get(node, "by"), c->err, LGX_E_CONF_UNKNOWN,
		    "loops: has no %.*s", LGX_STR_ARG(by));
	s->loop = c->map->loops[0].act[tag];
	if (keys == NULL)
		return lgx_conf_err(node, c->err, LGX_E_CONF_MISSING, "keys is missing");
	if ((st = map_path_compile(c, keys, keys->text, &s->keys)) != LGX_OK ||
	    (st = compile_conds(c, lgx_conf_get(node, "when"), &s->when)) != LGX_OK ||
	    (st = overlay_rules(c, &c->map->members, NULL, lgx_conf_get(node, "header"), NULL,
	    &s->header)) != LGX_OK ||
	    (st = overlay_rules(c, &c->map->members, NULL, lgx_conf_get(node, "child"), NULL,
	    &s->child)) != LGX_OK)
		return st;
	c->map->split = s;
	return LGX_OK;
}

static int
compile_any_of(struct map_compiler *c, const struct lgx_conf *node)
{
	enum lgx_member	*members;

	if (node == NULL)
		return LGX_OK;
	members = lgx_arena_alloc(&c->maps->arena, (node->n + 1) * sizeof(*members));
	c->map->any_of = members;
	LGX_CONF_EACH(item, node) {
		members[c->map->nany_of] = lgx_member_of(item->text);
		if (!lgx_kind_has(c->map->kind, members[c->map->nany_of++]))
			return lgx_conf_err(item, c->err, LGX_E_CONF_UNKNOWN, "no member '%.*s'",
			    LGX_STR_ARG(item->text));
	}
	return LGX_OK;
}

static int
compile_match(struct map_compiler *c, const struct lgx_conf *node)
{
	static const char *const words[] = { "set", "version", "sender" };
	struct lgx_map	*map = c->map;
	int		 st;

	map->set = map->release = map->sender = LGX_STR_EMPTY;
	if (node == NULL)
		return LGX_OK;
	if ((st = lgx_conf_allow(node, words, LGX_LEN(words), c->err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "set", false, &map->set, c->err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "version", false, &map->release, c->err)) != LGX_OK)
		return st;
	return lgx_conf_str(node, "sender", false, &map->sender, c->err);
}

/* What a mapping can make: the others come from the filters downstream. */
static const enum lgx_kind kinds[] = {
	LGX_K_ORDER, LGX_K_SHIPMENT, LGX_K_STATUS, LGX_K_INVOICE, LGX_K_PARTY, LGX_K_BOOKED,
	LGX_K_PAYMENT, LGX_K_FXRATE, LGX_K_APPROVAL, LGX_K_CASE, LGX_K_NOTICE,
};

static int
compile_kind(struct map_compiler *c, const struct lgx_conf *root)
{
	const char	*words[LGX_LEN(kinds)];
	int		 st, word;

	for (size_t i = 0; i < LGX_LEN(kinds); i++)
		words[i] = lgx_kind_name(kinds[i]);
	if ((st = lgx_conf_word(root, "record", true, words, LGX_LEN(words), &word, c->err)) == LGX_OK)
		c->map->kind = kinds[word];
	return st;
}

static int
compile_head(struct map_compiler *c, const struct lgx_conf *root)
{
	static const char *const froms[] = { [LGX_FROM_NONE] = "", [LGX_FROM_EDI] = "edi",
	    [LGX_FROM_CSV] = "csv" };
	static const char *const statuses[] = { "active", "draft", "retired" };
	struct lgx_map	*map = c->map;
	struct lgx_buf	 at = { 0 };
	int		 st, from = 0, status = 0;

	if ((st = lgx_conf_allow(root, mapping_words, LGX_LEN(mapping_words), c->err)) != LGX_OK ||
	    (st = lgx_conf_str(root, "mapping", true, &map->id, c->err)) != LGX_OK ||
	    (st = lgx_conf_str(root, "version", true, &map->version, c->err)) != LGX_OK ||
	    (st = lgx_conf_str(root, "owner", true, &map->owner, c->err)) != LGX_OK ||
	    (st = lgx_conf_word(root, "status", true, statuses, LGX_LEN(statuses), &status, c->err)) != LGX_OK ||
	    (st = lgx_conf_word(root, "from", true, froms, LGX_LEN(froms), &from, c->err)) != LGX_OK ||
	    (st = compile_kind(c, root)) != LGX_OK)
		return st;
	map->status = lgx_str_of(statuses[status]);
	map->from = (enum lgx_map_from)from;
	lgx_buf_putf(&at, "%.*s@%.*s", LGX_STR_ARG(map->id), LGX_STR_ARG(map->version));
	map->at = lgx_arena_str(&c->maps->arena, lgx_buf_str(&at));
	lgx_buf_release(&at);
	return LGX_OK;
}

static int
find_clock_tables(struct map_compiler *c, const struct lgx_conf *root)
{
	int	 st;

	if ((st = find_table(c, root, LGX_STR("time-codes"), &c->map->time_codes)) != LGX_OK ||
	    (st = find_table(c, root, LGX_STR("zones"), &c->map->zones)) != LGX_OK)
		return st;
	return find_table(c, root, LGX_STR("countries"), &c->map->countries);
}

int
map_compile(struct lgx_maps *maps, const struct lgx_conf *root, struct lgx_map **out,
    struct lgx_err *err)
{
	struct lgx_map		*map = lgx_calloc(1, sizeof(*map));
	struct map_compiler	 c = { maps, map, lgx_conf_get(root, "define"), err };
	int			 st;

	*out = map;
	map->file = root->file;
	map->ntags = 1;
	map->tags[0].name = LGX_STR_EMPTY;
	if ((st = lgx_conf_expect(root, LGX_CONF_MAP, err)) != LGX_OK ||
	    (st = compile_head(&c, root)) != LGX_OK ||
	    (st = compile_match(&c, lgx_conf_get(root, "match"))) != LGX_OK ||
	    (st = find_clock_tables(&c, root)) != LGX_OK ||
	    (st = compile_readings(&c, lgx_conf_get(root, "read"))) != LGX_OK ||
	    (st = compile_loops(&c, lgx_conf_get(root, "loops"))) != LGX_OK ||
	    (st = compile_csv(&c, lgx_conf_get(root, "csv"))) != LGX_OK ||
	    (st = compile_paths(&c, lgx_conf_get(root, "partner"), &map->partner)) != LGX_OK ||
	    (st = compile_paths(&c, lgx_conf_get(root, "each"), &map->each)) != LGX_OK ||
	    (st = compile_conds(&c, lgx_conf_get(root, "only"), &map->only)) != LGX_OK ||
	    (st = compile_rules(&c, NULL, lgx_conf_get(root, "members"), NULL, &map->members)) != LGX_OK ||
	    (st = compile_split(&c, lgx_conf_get(root, "split"))) != LGX_OK)
		return st;
	return compile_any_of(&c, lgx_conf_get(root, "any-of"));
}
