/*
 * map/rule.c - the mapping language: rules, from YAML to tables
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

static size_t
count_items(const struct lgx_conf *node)
{
	return node->type == LGX_CONF_LIST ? node->n : 1;
}

/* One path or a list of them; absent: none. */
int
map_paths_compile(struct map_compiler *c, const struct lgx_conf *node, struct map_paths *out)
{
	struct map_path	*paths;
	int		 st;

	*out = (struct map_paths){ 0 };
	if (node == NULL)
		return LGX_OK;
	paths = lgx_arena_alloc(&c->maps->arena, count_items(node) * sizeof(*paths));
	MAP_EACH_ITEM(item, node) {
		if ((st = lgx_conf_expect(item, LGX_CONF_SCALAR, c->err)) != LGX_OK ||
		    (st = map_path_compile(c, item, item->text, &paths[out->n])) != LGX_OK)
			return st;
		out->n++;
	}
	out->p = paths;
	return LGX_OK;
}

int
map_conds_compile(struct map_compiler *c, const struct lgx_conf *node, struct map_conds *out)
{
	struct map_cond	*conds;
	int		 st;

	*out = (struct map_conds){ 0 };
	if (node == NULL)
		return LGX_OK;
	conds = lgx_arena_alloc(&c->maps->arena, count_items(node) * sizeof(*conds));
	MAP_EACH_ITEM(item, node)
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
	if ((st = map_paths_compile(c, from, &way->paths)) != LGX_OK ||
	    (st = map_conds_compile(c, lgx_conf_get(node, "when"), &way->when)) != LGX_OK ||
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
	return map_paths_compile(c, item, &way->paths);
}

/* "B3/02", or a list whose items are paths or mappings: the first that gives a value. */
static int
compile_ways(struct map_compiler *c, const struct lgx_conf *node, struct map_rule *rule)
{
	struct map_way	*ways = lgx_arena_alloc(&c->maps->arena, count_items(node) * sizeof(*ways));
	int		 st;

	rule->ways = ways;
	MAP_EACH_ITEM(item, node)
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
		return map_paths_compile(c, node, &part->each);
	if ((st = lgx_conf_allow(node, rule_words, LGX_LEN(rule_words), c->err)) != LGX_OK ||
	    (st = map_paths_compile(c, each != NULL ? each : lgx_conf_get(node, "at"),
	    &part->each)) != LGX_OK ||
	    (st = map_conds_compile(c, lgx_conf_get(node, "only"), &part->only)) != LGX_OK)
		return st;
	if (!map_is_object(rule->type))
		return each != NULL ? LGX_OK : lgx_conf_err(node, c->err, LGX_E_CONF_MISSING,
		    "each is missing: where the texts of %s stand", rule->name);
	return map_rules_compile(c, lgx_conf_get(node, "use"), lgx_conf_get(node, "members"), rule->field,
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
	MAP_EACH_ITEM(item, node)
		if ((st = compile_part(c, item, rule, &parts[rule->nparts++])) != LGX_OK)
			return st;
	return LGX_OK;
}

/*
 * Rules
 */

int
map_table_find(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str name,
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
	    (st = map_table_find(c, name, name->text, &rule->table)) != LGX_OK ||
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
	if ((st = map_paths_compile(c, lgx_conf_get(node, "date"), &m->date)) != LGX_OK ||
	    (st = map_paths_compile(c, lgx_conf_get(node, "clock"), &m->clock)) != LGX_OK ||
	    (st = map_paths_compile(c, lgx_conf_get(node, "zone"), &m->zone)) != LGX_OK ||
	    (st = map_paths_compile(c, lgx_conf_get(node, "region"), &m->region)) != LGX_OK ||
	    (st = map_paths_compile(c, lgx_conf_get(node, "country"), &m->country)) != LGX_OK)
		return st;
	rule->moment = m;
	if (rule->type != LGX_T_INSTANT && rule->type != LGX_T_WHEN)
		return lgx_conf_err(node, c->err, LGX_E_CONF_TYPE, "%s is no instant", rule->name);
	return LGX_OK;
}

int
map_separator_compile(struct map_compiler *c, const struct lgx_conf *node, char *out)
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
	    (st = map_separator_compile(c, node, &rule->separator)) != LGX_OK ||
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
		return map_conds_compile(c, lgx_conf_get(node, "when"), &rule->when);
	}
	if (!gives_value(node))
		return map_conds_compile(c, lgx_conf_get(node, "when"), &rule->when);
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

int
map_expect_members(struct map_compiler *c, const struct lgx_conf *node)
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
int
map_rules_overlay(struct map_compiler *c, const struct map_rules *base, const struct lgx_conf *use,
    const struct lgx_conf *members, const struct lgx_field *of, struct map_rules *out)
{
	const struct lgx_conf	*shared;
	size_t			 most = base != NULL ? base->n : 0;
	int			 st;

	if ((st = find_shared(c, use, &shared)) != LGX_OK || (st = map_expect_members(c, members)) != LGX_OK)
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

int
map_rules_compile(struct map_compiler *c, const struct lgx_conf *use, const struct lgx_conf *members,
    const struct lgx_field *of, struct map_rules *out)
{
	return map_rules_overlay(c, NULL, use, members, of, out);
}
