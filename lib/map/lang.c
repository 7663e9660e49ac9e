/*
 * map/lang.c - the mapping language: head, source and the whole, to tables
 * Floor map: private to it.  lgx-mapping(5) describes the language.
 */
#include <stdlib.h>

#include "map/lang.h"

static const char *const mapping_words[] = {
	"mapping", "version", "owner", "status", "title", "from", "match", "record", "partner", "read",
	"loops", "define", "each", "only", "members", "split", "any-of", "csv", "examples",
};

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
	if ((st = map_expect_members(c, loops)) != LGX_OK)
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
		MAP_EACH_ITEM(item, takes) {
			if ((st = tag_of(c, item, item->text, &tag)) != LGX_OK)
				return st;
			loop->act[tag] = MAP_TAKES;
		}
	if (holds != NULL)
		MAP_EACH_ITEM(item, holds) {
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
	int	 st = map_expect_members(c, read);

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
	    (st = map_separator_compile(c, csv, &c->map->separator)) != LGX_OK)
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
	    (st = map_conds_compile(c, lgx_conf_get(node, "when"), &s->when)) != LGX_OK ||
	    (st = map_rules_overlay(c, &c->map->members, NULL, lgx_conf_get(node, "header"), NULL,
	    &s->header)) != LGX_OK ||
	    (st = map_rules_overlay(c, &c->map->members, NULL, lgx_conf_get(node, "child"), NULL,
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

	if ((st = map_table_find(c, root, LGX_STR("time-codes"), &c->map->time_codes)) != LGX_OK ||
	    (st = map_table_find(c, root, LGX_STR("zones"), &c->map->zones)) != LGX_OK)
		return st;
	return map_table_find(c, root, LGX_STR("countries"), &c->map->countries);
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
	    (st = map_paths_compile(&c, lgx_conf_get(root, "partner"), &map->partner)) != LGX_OK ||
	    (st = map_paths_compile(&c, lgx_conf_get(root, "each"), &map->each)) != LGX_OK ||
	    (st = map_conds_compile(&c, lgx_conf_get(root, "only"), &map->only)) != LGX_OK ||
	    (st = map_rules_compile(&c, NULL, lgx_conf_get(root, "members"), NULL, &map->members)) != LGX_OK ||
	    (st = compile_split(&c, lgx_conf_get(root, "split"))) != LGX_OK)
		return st;
	return compile_any_of(&c, lgx_conf_get(root, "any-of"));
}
