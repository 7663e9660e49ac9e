/*
 * map/run.h - a mapping at work: one source record at a time
 * Floor map: private to it.  map/eval.c finds values, map/convert.c checks
 * them, map/member.c and map/record.c write them, map/run.c reads the sources.
 */
#ifndef LGX_MAP_RUN_H
#define LGX_MAP_RUN_H

#include "map/once.h"
#include "map/tree.h"
#include "map/value.h"

#define MAP_WORK_MAX	((uint64_t)50000000)	/* segments looked at for one source record */
#define MAP_MADE_MAX	((size_t)256 << 20)	/* bytes of records from one source record */
#define MAP_KEYS_MAX	64			/* qualifiers of a child of a consolidated bill */

/* Where we stand in a source: a segment in a loop, or a column number of a family. */
struct map_at { uint32_t inst, seg; unsigned column; };

/* Of the loop that split: names, only these occurrences are seen; all when off. */
struct map_window { bool on; uint32_t first, end; };

/* Columns of the CSV file at hand: by column number of the mapping. */
struct map_cells { int32_t one; int32_t *family; };	/* cell, -1 none; 1..MAP_FAMILY_MAX */

/* Names of members, none twice. */
struct map_notes { const char *name[16]; size_t n; };

struct lgx_mapper {
	const struct lgx_maps	*maps;
	const struct lgx_map	*map;
	lgx_time		 received;	/* given for everything, or LGX_TIME_NONE */
	/* the source record */
	struct lgx_rec		*rec;		/* edi */
	struct map_tree		 tree;
	const struct lgx_csv_row *row;		/* CSV */
	struct map_cells	*cells;
	struct lgx_arena	 header;	/* cells[].family */
	struct lgx_place	 place;
	const struct map_partner *partner;	/* NULL: unknown */
	struct map_window	 window;
	/* the record being made */
	struct lgx_build	 build;
	struct lgx_str		 texts[LGX_MEMBER_COUNT];	/* what went into its id, in the arena */
	int			 digits;	/* of its currency; -1 unknown */
	struct lgx_str		 currency;
	struct map_notes	 lenient;	/* members that were not written as they should be */
	struct map_notes	 dropped;	/* members with a malformed value that counts as none */
	uint32_t		 seen;		/* segment that the last value came from */
	uint64_t		 work;		/* segments looked at for this source record */
	struct map_once		 once;		/* items of the list being made */
	/* memory */
	struct lgx_arena	 arena;		/* of one source record */
	struct lgx_buf		 id, json, text;
	struct lgx_err		*err;
};

/* A value before it is converted: a text, or a number from sum or times. */
struct map_found { struct lgx_str text; bool is_number, lenient; struct lgx_dec number; };

/* The first non-empty text on a path; empty if there is none.  m->seen is its segment. */
struct lgx_str	map_get(struct lgx_mapper *, const struct map_path *, struct map_at);
struct lgx_str	map_get_first(struct lgx_mapper *, struct map_paths, struct map_at);
bool		map_all_hold(struct lgx_mapper *, struct map_conds, struct map_at);

static inline bool
map_holds(struct lgx_mapper *m, struct map_conds conds, struct map_at at)
{
	return conds.n == 0 || map_all_hold(m, conds, at);
}

/*
 * Take each place on a path, in order, until the visitor says true.  What it
 * returns is whether one did.
 */
typedef bool	map_visit(struct lgx_mapper *, struct map_at, void *);
bool		map_walk(struct lgx_mapper *, const struct map_path *, struct map_at, map_visit *,
		    void *);
/* The text of the element a path names at a place that map_walk gave. */
struct lgx_str	map_elem_at(struct lgx_mapper *, const struct map_path *, struct map_at);
/*
 * The value of a rule by the first of its ways that has one.
 * LGX_OK; LGX_EOF: none has; LGX_REJECT: a number to add is malformed.
 */
LGX_MUST_USE int map_find(struct lgx_mapper *, const struct map_rule *, struct map_at,
    struct map_found *);
/* The sender of an edi record, its id and qualifier; when the record reached us, as an instant. */
struct lgx_str	map_sender(struct lgx_mapper *, struct lgx_str *qualifier);
struct lgx_str	map_received(struct lgx_mapper *);
/* The mapping for the record at hand (map/maps.c); NULL: none. */
const struct lgx_map *map_pick(const struct lgx_maps *, struct lgx_mapper *);
/* LGX_REJECT at the segment or row that the last value came from. */
int		map_reject(struct lgx_mapper *, enum lgx_diag, const char *fmt, ...)
		    LGX_PRINTF(3, 4);

/* A value converted; type says which of the fields counts. */
struct map_value {
	enum lgx_type	 type;
	struct lgx_str	 text;		/* of an instant too */
	struct lgx_dec	 number;
	int64_t		 count;
	lgx_date	 date;
};

/*
 * The value of a rule, converted.  LGX_OK; LGX_EOF: absent; LGX_REJECT.
 */
LGX_MUST_USE int map_evaluate(struct lgx_mapper *, const struct map_rule *, struct map_at,
    struct map_value *);
/* The code by the partner's page, by the table, or as `otherwise` says.  LGX_EOF: dropped. */
LGX_MUST_USE int map_look_up(struct lgx_mapper *, const struct map_rule *, struct lgx_str *text);
/* LGX_REJECT: there is no value where one must be; this value is no WHAT. */
int		map_missing(struct lgx_mapper *, const struct map_rule *);
int		map_bad_value(struct lgx_mapper *, const struct map_rule *, enum lgx_diag,
		    struct lgx_str text, const char *what);
void		map_note(struct map_notes *, const char *member);
bool		map_is_zeros(struct lgx_str);	/* all zeros stand for no date; so does nothing */
struct lgx_str	map_time_text(struct lgx_mapper *, lgx_time);	/* valid for this source record */

/* Set the member of a rule at the top of the record that is being built. */
LGX_MUST_USE int map_put_rule(struct lgx_mapper *, const struct map_rule *, struct map_at);

/* Records of one source record, as lines; count is how many there are. */
struct map_made { struct lgx_src src; struct lgx_buf *out; uint64_t count; };

/* All records of the source at hand.  LGX_OK; LGX_REJECT, made->out as it was. */
LGX_MUST_USE int map_make_records(struct lgx_mapper *, struct map_made *made);

#endif
