/*
 * fmt/csv.h - rows of a CSV file, each knowing where it lies
 * Floor fmt: stands on base and rec.
 *
 * Cells are cut by libcsv (RFC 4180; quotes, doubled quotes, line ends inside
 * quotes).  A row ends at LF; a CR before it is no data.  A byte order mark
 * before the first row is skipped.  A cell that is not UTF-8 is read as
 * Latin-1.  Blanks around an unquoted cell are dropped.
 */
#ifndef LGX_CSV_H
#define LGX_CSV_H

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"

#define LGX_CSV_ROW_MAX		((size_t)1 << 20)	/* longest row, bytes */
#define LGX_CSV_CELL_MAX	((size_t)64 << 10)	/* longest cell, bytes */
#define LGX_CSV_CELLS_MAX	((size_t)4096)		/* cells in a row */

struct lgx_csv;		/* a file being read */

struct lgx_csv_row {
	struct lgx_str	*cells;		/* UTF-8 */
	size_t		 n;
	struct lgx_str	 raw;		/* as it stands, without its line end */
	uint64_t	 row;		/* from 1; the header is row 1; blank rows count */
	uint64_t	 offset;	/* of raw in the uncompressed file */
};

/* in is borrowed; sep is the byte between cells. */
struct lgx_csv	*lgx_csv_new(struct lgx_in *, char sep);
void		 lgx_csv_free(struct lgx_csv *);	/* NULL is fine */

/* From now on a row must have that many cells; 0: any number. */
void		 lgx_csv_expect(struct lgx_csv *, size_t width);

/*
 * The next row that is not blank; *row and its views are valid until the next
 * call.  LGX_OK; LGX_EOF; LGX_REJECT: the row breaks a bound, has another
 * width, or a quote in it never closes; of several lines only the first is
 * refused, since a stray quote is likely.  (*row)->raw is what was refused,
 * reading goes on behind it.  LGX_FAIL.  err's place names row and byte.
 */
LGX_MUST_USE int lgx_csv_next(struct lgx_csv *, const struct lgx_csv_row **row, struct lgx_err *);

/* The place of a row, for diagnostics. */
struct lgx_place lgx_csv_place(const struct lgx_csv *, const struct lgx_csv_row *);

#endif
