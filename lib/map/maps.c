/*
 * map/maps.c - the mappings of a run: loading them, picking one
 * Floor map.
 */
#include <stdlib.h>

#include "map/run.h"

static const char *const canon_words[] = { "mapping", "currency", "charges" };

/* canon: {mapping: NAME, currency: CAD, charges: {THEIRS: OURS}} */
static int
read_partner(const struct lgx_partner *page, struct map_partner *p, struct lgx_err *err)
{
	int	 st;

	*p = (struct map_partner){ .page = page, .mapping = LGX_STR_EMPTY,
	    .currency = LGX_STR_EMPTY };
	if (page->canon == NULL)
		return LGX_OK;
	if ((st = lgx_conf_allow(page->canon, canon_words, LGX_LEN(canon_words), err)) != LGX_OK ||
	    (st = lgx_conf_str(page->canon, "mapping", false, &p->mapping, err)) != LGX_OK ||
	    (st = lgx_conf_str(page->canon, "currency", false, &p->currency, err)) != LGX_OK)
		return st;
	if ((p->charges = lgx_conf_get(page->canon, "charges")) == NULL)
		return LGX_OK;
	if ((st = lgx_conf_expect(p->charges, LGX_CONF_MAP, err)) != LGX_OK)
		return st;
	LGX_CONF_EACH(code, p->charges)
		if ((st = lgx_conf_expect(code, LGX_CONF_SCALAR, err)) != LGX_OK)
			return st;
	return LGX_OK;
}

static int
load_partners(struct lgx_maps *maps, struct lgx_err *err)
{
	int	 st;

	if ((st = lgx_partners_load(maps->find, &maps->partners, err)) != LGX_OK)
		return st;
	maps->partner = lgx_arena_alloc(&maps->arena, (maps->partners.n + 1) * sizeof(*maps->partner));
	for (size_t i = 0; i < maps->partners.n; i++)
		if ((st = read_partner(&maps->partners.p[i], &maps->partner[i], err)) != LGX_OK)
			return st;
	return LGX_OK;
}

static int
add_map(struct lgx_maps *maps, const struct lgx_conf *root, struct lgx_err *err)
{
	struct lgx_map	*map;
	int		 st = map_compile(maps, root, &map, err);

	maps->map = lgx_realloc(maps->map, (maps->n + 1) * sizeof(*maps->map));
	maps->map[maps->n++] = map;
	if (st != LGX_OK)
		return st;
	for (size_t i = 0; i + 1 < maps->n; i++)
		if (lgx_str_eq(maps->map[i]->id, map->id))
			return lgx_conf_err(root, err, LGX_E_CONF_AMBIGUOUS,
			    "mapping %.*s is in %s too", LGX_STR_ARG(map->id), maps->map[i]->file);
	return LGX_OK;
}

/* A mapping by name lies in NAME.yaml of the configuration; by path, where the path says. */
static int
load_named(struct lgx_maps *maps, const char *name, struct lgx_err *err)
{
	struct lgx_str		 s = lgx_str_of(name);
	const struct lgx_conf	*root;
	struct lgx_buf		 b = { 0 };
	const char		*path = name;
	int			 st = LGX_OK;

	if (memchr(s.p, '/', s.n) == NULL && !lgx_str_ends(s, LGX_STR(".yaml"))) {
		lgx_buf_putf(&b, "%s.yaml", name);
		st = lgx_find_must(maps->find, lgx_arena_z(&maps->arena, lgx_buf_str(&b)),
		    &maps->arena, &path, err);
		lgx_buf_release(&b);
	}
	if (st == LGX_OK)
		st = lgx_conf_load(path, &maps->arena, &root, err);
	return st == LGX_OK ? add_map(maps, root, err) : st;
}

/*
 * Everything at the top of the configuration that says it is a mapping and
 * reads edi records; other programs keep their files there too.
 */
static int
load_all(struct lgx_maps *maps, struct lgx_err *err)
{
	const struct lgx_conf	 *root;
	const char		**paths;
	size_t			  n;
	int			  st;

	if ((st = lgx_find_folder(maps->find, ".", ".yaml", &maps->arena, &paths, &n, err)) != LGX_OK)
		return st;
	for (size_t i = 0; i < n; i++) {
		if ((st = lgx_conf_load(paths[i], &maps->arena, &root, err)) != LGX_OK)
			return st;
		if (lgx_conf_get(root, "mapping") == NULL ||
		    !lgx_str_eq(lgx_conf_text(root, "from", ""), LGX_STR("edi")) ||
		    !lgx_str_eq(lgx_conf_text(root, "status", "active"), LGX_STR("active")))
			continue;
		if ((st = add_map(maps, root, err)) != LGX_OK)
			return st;
	}
	return LGX_OK;
}

static struct lgx_maps *
new_maps(const struct lgx_find *find)
{
	struct lgx_maps	*maps = lgx_calloc(1, sizeof(*maps));

	maps->find = find;
	return maps;
}

static int
check_sources(const struct lgx_maps *maps, struct lgx_err *err)
{
	for (size_t i = 1; i < maps->n; i++)
		if (maps->map[i]->from != LGX_FROM_EDI || maps->map[0]->from != LGX_FROM_EDI)
			return lgx_err_config(err, LGX_E_CONF_AMBIGUOUS, LGX_PLACE_NONE,
			    "%.*s and %.*s cannot both read one input; only mappings from edi can",
			    LGX_STR_ARG(maps->map[0]->id), LGX_STR_ARG(maps->map[i]->id));
	return LGX_OK;
}

int
lgx_maps_load(const struct lgx_find *find, const char *const *names, size_t n,
    struct lgx_maps **out, struct lgx_err *err)
{
	struct lgx_maps	*maps = new_maps(find);
	int		 st = load_partners(maps, err);

	for (size_t i = 0; i < n && st == LGX_OK; i++)
		st = load_named(maps, names[i], err);
	if (n == 0 && st == LGX_OK)
		st = load_all(maps, err);
	if (st == LGX_OK)
		st = check_sources(maps, err);
	if (st != LGX_OK) {
		lgx_maps_free(maps);
		maps = NULL;
	}
	*out = maps;
	return st;
}

int
lgx_maps_parse(const struct lgx_find *find, struct lgx_str text, const char *name,
    struct lgx_maps **out, struct lgx_err *err)
{
	struct lgx_maps		*maps = new_maps(find);
	const struct lgx_conf	*root;
	int			 st = lgx_conf_parse(text, name, &maps->arena, &root, err);

	if (st == LGX_OK)
		st = add_map(maps, root, err);
	if (st != LGX_OK) {
		lgx_maps_free(maps);
		maps = NULL;
	}
	*out = maps;
	return st;
}

void
lgx_maps_free(struct lgx_maps *maps)
{
	if (maps == NULL)
		return;
	for (size_t i = 0; i < maps->n; i++) {
		free(maps->map[i]->columns);
		free(maps->map[i]);
	}
	free(maps->map);
	for (struct map_named_table *t = maps->tables; t != NULL; t = t->next)
		lgx_table_release(&t->table);
	lgx_partners_release(&maps->partners);
	lgx_arena_release(&maps->arena);
	free(maps);
}

enum lgx_map_from
lgx_maps_from(const struct lgx_maps *maps)
{
	return maps->n > 0 ? maps->map[0]->from : LGX_FROM_NONE;
}

/* "0040" fits 004010: a version in match: is the head of those it is for. */
static int
fitness(const struct lgx_map *map, struct lgx_str set, struct lgx_str version,
    struct lgx_str sender)
{
	if (map->from != LGX_FROM_EDI || (map->set.n > 0 && !lgx_str_eq(map->set, set)) ||
	    !lgx_str_starts(version, map->release) ||
	    (map->sender.n > 0 && !lgx_str_eq(map->sender, sender)))
		return 0;
	return 1 + (map->set.n > 0) + (int)map->release.n + (map->sender.n > 0 ? 1000 : 0);
}

/* The page of the sender may name the mapping, if that fits the set. */
static struct lgx_str
partner_mapping(struct lgx_mapper *m, struct lgx_str qualifier, struct lgx_str id)
{
	const struct lgx_partner *page = lgx_partner_by_isa(&m->maps->partners, qualifier, id);

	return page != NULL ? m->maps->partner[page - m->maps->partners.p].mapping : LGX_STR_EMPTY;
}

const struct lgx_map *
map_pick(const struct lgx_maps *maps, struct lgx_mapper *m)
{
	struct lgx_str		 set = lgx_rec_str(m->rec, LGX_M_set), qualifier;
	struct lgx_str		 version = lgx_rec_str(m->rec, LGX_M_version);
	struct lgx_str		 sender = map_sender(m, &qualifier);
	struct lgx_str		 named = partner_mapping(m, qualifier, sender);
	const struct lgx_map	*best = NULL;
	int			 most = 0, fit;

	for (size_t i = 0; i < maps->n; i++) {
		fit = fitness(maps->map[i], set, version, sender);
		if (fit > 0 && lgx_str_eq(maps->map[i]->id, named))
			fit += 10000;
		if (fit > most) {
			most = fit;
			best = maps->map[i];
		}
	}
	return best;
}
