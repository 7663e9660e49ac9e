/*
 * map/lang.h - a mapping, compiled
 * Floor map: private to it.  map/lang.c makes it, map/run.c follows it.
 *
 * Names of segments ("tags") and loops have small numbers within a mapping.
 * Everything lives in the arena of struct lgx_maps and is not changed after
 * loading, so that many runs could share it.
 */
#ifndef LGX_MAP_LANG_H
#define LGX_MAP_LANG_H

#include "base/conf.h"
#include "base/table.h"
#include "map/map.h"

#define MAP_TAGS_MAX	64	/* segment names a mapping may speak of */
#define MAP_LOOPS_MAX	16	/* loops, with the set itself */
#define MAP_STEPS_MAX	6	/* of a path */
#define MAP_ELEMS_MAX	32	/* elements of a segment that a mapping can see */
#define MAP_FAMILY_MAX	99	/* columns charge1_code ... charge99_code */

/* How a value is written in the source.  ORDER MAP_AS: map/lang.c. */
enum map_as {
	MAP_AS_PLAIN,		/* text; ISO date; decimal with a point */
	MAP_AS_N0, MAP_AS_N1, MAP_AS_N2, MAP_AS_N3, MAP_AS_N4,	/* implied decimals */
	MAP_AS_N2_LENIENT,	/* N2, but a decimal point counts when there is one */
	MAP_AS_DT,		/* X12 date, 6 or 8 digits */
	MAP_AS_DMS,		/* degrees, minutes, seconds to decimal degrees */
	MAP_AS_SCAC,		/* carrier code; an alias becomes the partner's own */
	MAP_AS_UPPER,		/* letters to upper case */
};

struct map_test { uint8_t elem; bool present, negate; const struct lgx_str *words; size_t n; };

/* A segment, or the loop that it starts: which of the two, the loop we stand in says. */
struct map_step { int tag; const struct map_test *tests; size_t ntests; };

enum map_origin { MAP_HERE, MAP_UP, MAP_ROOT, MAP_ANYWHERE, MAP_SOURCE, MAP_COLUMN };

/* What $name can be. */
enum map_attr { MAP_RECEIVED, MAP_SET, MAP_VERSION, MAP_SENDER, MAP_PARTNER_SCAC, MAP_PARTNER_CURRENCY };

struct map_path {
	enum map_origin		 origin;
	int			 up;		/* how many loops up, for MAP_UP */
	struct map_step		 steps[MAP_STEPS_MAX];
	int			 nsteps;
	uint8_t			 elem, comp;	/* 0: the segment; the whole element */
	enum map_attr		 attr;
	uint32_t		 column;	/* number in map->columns; a family's first */
	bool			 family;	/* column holds '#' */
	struct lgx_str		 text;		/* as it was written */
};

struct map_paths { const struct map_path *p; size_t n; };

struct map_cond {
	const struct map_path	*left, *right;	/* right: <= and >= */
	enum { MAP_IS, MAP_IS_NOT, MAP_HAS, MAP_HAS_NOT, MAP_LE, MAP_GE } op;
	const struct lgx_str	*words;
	size_t			 n;
};

struct map_conds { const struct map_cond *p; size_t n; };	/* all must hold */

/* One way to come by a value; a rule takes the first that gives one. */
struct map_way {
	enum { MAP_FROM, MAP_VALUE, MAP_JOIN, MAP_SUM } how;
	struct map_paths	 paths;
	struct lgx_str		 text;		/* the value; what stands between joined */
	struct map_conds	 when;
	struct lgx_dec		 times;		/* a number is multiplied by it; coef 0: not */
};

/* An instant in pieces. */
struct map_moment { struct map_paths date, clock, zone, region, country; };

struct map_rules { struct map_rule *p; size_t n; };

struct map_part {		/* items of a list, or the one object */
	struct map_paths	 each;
	struct map_conds	 only;
	struct map_rules	 members;	/* in the order of the schema; none in lists of texts */
};

struct map_rule {
	enum lgx_member		 member;	/* at the top, else LGX_M_NONE */
	const struct lgx_field	*field;		/* of the schema: type, order in an object */
	const char		*name;
	struct lgx_str		 key;		/* "name": as it stands in an object */
	enum lgx_type		 type;		/* of the field */
	enum map_as		 as;
	const struct map_way	*ways;
	size_t			 nways;
	const struct map_part	*parts;		/* objects and lists */
	size_t			 nparts;
	const struct map_moment	*moment;	/* instants in pieces */
	struct map_conds	 when;
	const struct lgx_table	*table;
	int			 table_column;
	enum { MAP_KEEP, MAP_DROP, MAP_REFUSE } otherwise;	/* a code that is not in the table */
	bool			 partner_charges; /* the partner's own codes come first */
	char			 separator;	/* of several texts in one value; 0: one */
	struct lgx_str		 fallback;	/* default:, empty if none */
	bool			 must, drop_bad;
	bool			 set;		/* a list in which nothing stands twice */
};

struct map_loop {
	int			 tag;			/* of the segment that starts it; 0: the set */
	int8_t			 act[MAP_TAGS_MAX];	/* what a segment does: the loop that it starts, or */
};
#define MAP_ENDS	(-1)	/* it is none of this loop's: look one loop up */
#define MAP_TAKES	(-2)	/* it is part of this loop */

struct map_tag {
	struct lgx_str		 name;
	uint32_t		 code;		/* the bytes of the name */
	uint8_t			 like;		/* tag that it is read as; itself */
	uint8_t			 order[MAP_ELEMS_MAX];	/* element of the other to ours; 0: as it stands */
};

struct map_split {
	int			 loop;		/* whose occurrences may be bills of their own */
	struct map_path		 keys;
	struct map_conds	 when;
	struct map_rules	 header, child;
};

struct map_column { struct lgx_str name; bool must; bool family; };

struct lgx_map {
	struct lgx_str		 id, version, owner, status;
	struct lgx_str		 at;		/* "210@1" */
	const char		*file;
	enum lgx_map_from	 from;
	enum lgx_kind		 kind;
	/* match */
	struct lgx_str		 set, release, sender;
	struct map_paths	 partner;	/* where the carrier's code stands */
	/* segments and loops; tag 0 is no tag, loop 0 is the set */
	struct map_tag		 tags[MAP_TAGS_MAX];
	int			 ntags;
	uint8_t			 tag_slots[256];	/* hash of a name to a tag, open addressing */
	struct map_loop		 loops[MAP_LOOPS_MAX];
	int			 nloops;
	/* columns */
	struct map_column	*columns;
	size_t			 ncolumns, columns_cap;
	char			 separator;
	/* rules */
	struct map_paths	 each;
	struct map_conds	 only;
	struct map_rules	 members;
	struct map_split	*split;
	const enum lgx_member	*any_of;
	size_t			 nany_of;
	const struct lgx_table	*time_codes, *zones, *countries;
};

/* Partner pages, with the canon section read. */
struct map_partner {
	const struct lgx_partner *page;		/* NULL: unknown partner */
	struct lgx_str		 mapping, currency;
	const struct lgx_conf	*charges;	/* code: canonical code */
};

struct map_named_table { const char *name; struct lgx_table table; struct map_named_table *next; };

struct lgx_maps {
	const struct lgx_find	*find;
	struct lgx_map		**map;
	size_t			 n;
	struct lgx_partners	 partners;
	struct map_partner	*partner;	/* in step with partners.p */
	struct map_named_table	*tables;
	struct lgx_arena	 arena;
};

static inline bool
map_is_object(enum lgx_type type)	/* one or a list of them */
{
	return type == LGX_T_OBJECT || type == LGX_T_OBJECTS;
}

/* The number of a segment's name, 0 if the mapping does not speak of it. */
int		map_tag_of(const struct lgx_map *, struct lgx_str name);

/* Compile a mapping.  LGX_OK or LGX_CONFIG. */
LGX_MUST_USE int map_compile(struct lgx_maps *, const struct lgx_conf *root, struct lgx_map **,
    struct lgx_err *);

/* While compiling. */
struct map_compiler {
	struct lgx_maps		*maps;
	struct lgx_map		*map;
	const struct lgx_conf	*define;	/* shared members by name, or NULL */
	struct lgx_err		*err;
};

/* The items of a list, or the one that stands for a list of one. */
#define MAP_EACH_ITEM(item, node)					\
	for (const struct lgx_conf *item = (node)->type == LGX_CONF_LIST ? (node)->first : (node); \
	    item != NULL; item = (node)->type == LGX_CONF_LIST ? item->next : NULL)

LGX_MUST_USE int map_path_compile(struct map_compiler *, const struct lgx_conf *at,
    struct lgx_str text, struct map_path *);
LGX_MUST_USE int map_cond_compile(struct map_compiler *, const struct lgx_conf *at,
    struct map_cond *);
/* One of these or a list of them; absent (NULL): none. */
LGX_MUST_USE int map_paths_compile(struct map_compiler *, const struct lgx_conf *,
    struct map_paths *);
LGX_MUST_USE int map_conds_compile(struct map_compiler *, const struct lgx_conf *,
    struct map_conds *);
/*
 * The rules of a mapping of members: those of base (may be NULL), over them
 * the shared members that use names, over them members' own.  of is the field
 * whose objects they fill, NULL at the top of the record.
 */
LGX_MUST_USE int map_rules_overlay(struct map_compiler *, const struct map_rules *base,
    const struct lgx_conf *use, const struct lgx_conf *members, const struct lgx_field *of,
    struct map_rules *);
LGX_MUST_USE int map_rules_compile(struct map_compiler *, const struct lgx_conf *use,
    const struct lgx_conf *members, const struct lgx_field *of, struct map_rules *);
/* separator: one character or tab; *out untouched if absent. */
LGX_MUST_USE int map_separator_compile(struct map_compiler *, const struct lgx_conf *, char *out);
/* codes/NAME.csv, loaded once. */
LGX_MUST_USE int map_table_find(struct map_compiler *, const struct lgx_conf *at,
    struct lgx_str name, const struct lgx_table **);
/* A mapping, or NULL. */
LGX_MUST_USE int map_expect_members(struct map_compiler *, const struct lgx_conf *);
/* The number of a segment's name, added if need be; 0 if it is no name or there are too many. */
int		map_tag_add(struct lgx_map *, struct lgx_str name);
/* LGX_CONFIG: "no WHAT 'word'", with the nearest of n words if one is near. */
int		map_unknown(struct map_compiler *, const struct lgx_conf *at, const char *what,
		    struct lgx_str word, const char *const *words, size_t n);
/* "A|B|C" as words in the arena. */
const struct lgx_str *map_words(struct lgx_maps *, struct lgx_str text, size_t *n);

#endif
