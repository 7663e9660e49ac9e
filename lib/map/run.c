/*
 * map/run.c - a mapping at work: edi records and rows in, records out
 * Floor map.
 */
#include <stdlib.h>

#include "map/run.h"

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
	return t != LGX_TIME_NONE ? map_time_text(m, t) : LGX_STR_EMPTY;
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
	struct map_made	 result = { .src = read_src(rec), .out = out };
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
	if ((st = map_make_records(m, &result)) == LGX_OK)
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
	struct map_made	 result = { .src = src, .out = out };
	int		 st;

	m->rec = NULL;
	m->row = row;
	m->err = err;
	m->seen = 0;
	m->work = 0;
	m->place = place;
	lgx_arena_clear(&m->arena);
	find_partner(m);
	if ((st = map_make_records(m, &result)) == LGX_OK)
		*made += result.count;
	return st;
}

char
lgx_mapper_separator(const struct lgx_mapper *m)
{
	return m->map->separator;
}
