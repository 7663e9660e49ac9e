/*
 * map/map.h - from what partners send to canonical records, by mappings
 * Floor map: stands on base, rec and fmt.  lgx-mapping(5) is the language.
 *
 * A mapping is a YAML file that is compiled once to tables: loops and segment
 * names to small numbers, paths to steps, rules to rows in the order in which
 * members are written.  Nothing about a carrier, a column or a code is known
 * here.  A source record is refused whole or mapped whole.
 */
#ifndef LGX_MAP_H
#define LGX_MAP_H

#include "base/find.h"
#include "base/partner.h"
#include "fmt/csv.h"
#include "rec/rec.h"

struct lgx_map;		/* one mapping, compiled */
struct lgx_maps;	/* those of a run, with their code tables */
struct lgx_mapper;	/* working memory: a record at a time */

enum lgx_map_from { LGX_FROM_NONE, LGX_FROM_EDI, LGX_FROM_CSV, LGX_FROM_NDJSON };

/*
 * Load the named mappings (a name, or a path with a slash or ".yaml"), or all
 * that read edi records when n is 0, and the partner pages.  Borrows find.
 * LGX_OK; LGX_CONFIG with file, line, column and what was expected.
 */
LGX_MUST_USE int lgx_maps_load(const struct lgx_find *find, const char *const *names, size_t n,
    struct lgx_maps **, struct lgx_err *);
void		 lgx_maps_free(struct lgx_maps *);	/* NULL is fine */
/* One mapping from text, for tests: `name` stands for its file. */
LGX_MUST_USE int lgx_maps_parse(const struct lgx_find *, struct lgx_str text, const char *name,
    struct lgx_maps **, struct lgx_err *);
/* What the first mapping reads: with -m, the form of the input. */
enum lgx_map_from lgx_maps_from(const struct lgx_maps *);

/* received: instant that stands for the arrival of everything, or LGX_TIME_NONE. */
struct lgx_mapper *lgx_mapper_new(const struct lgx_maps *, lgx_time received);
void		 lgx_mapper_free(struct lgx_mapper *);	/* NULL is fine */

/*
 * Append to *out the records that an edi record gives, a line each, and add
 * their number to *made.  LGX_OK; LGX_REJECT, *out as it was; err's place is
 * the segment at fault.
 */
LGX_MUST_USE int lgx_mapper_edi(struct lgx_mapper *, struct lgx_rec *, struct lgx_buf *out,
    uint64_t *made, struct lgx_err *);
/*
 * Begin a CSV file with its header row.  LGX_OK; LGX_REJECT: a column that
 * the mapping must have is not there, or stands twice.
 */
LGX_MUST_USE int lgx_mapper_header(struct lgx_mapper *, const struct lgx_csv_row *,
    struct lgx_place, struct lgx_err *);
/* A row; src says where it came from (its map is filled in here). */
LGX_MUST_USE int lgx_mapper_row(struct lgx_mapper *, const struct lgx_csv_row *,
    struct lgx_place, struct lgx_src, struct lgx_buf *out, uint64_t *made, struct lgx_err *);
/* The byte between the cells that the CSV mapping expects. */
char		 lgx_mapper_separator(const struct lgx_mapper *);

#endif
