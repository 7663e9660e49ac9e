/*
 * base/table.h - code tables: small CSV files under mappings/codes
 * Floor base.
 *
 * A table has a header line and rows of the same width (RFC 4180, by libcsv).
 * Rows are found by their first column; a doubled first column is refused.
 */
#ifndef LGX_TABLE_H
#define LGX_TABLE_H

#include "base/dict.h"
#include "base/err.h"

struct lgx_table {			/* all-zero is empty */
	const char	*file;
	struct lgx_str	*columns;	/* header */
	size_t		 ncolumns;
	struct lgx_str	*cells;		/* row by row */
	size_t		 nrows;
	struct lgx_dict	 keys;		/* first column to row */
	struct lgx_arena text;
};

/* LGX_OK; LGX_CONFIG with file and line. */
LGX_MUST_USE int lgx_table_load(const char *path, struct lgx_table *, struct lgx_err *);
void		 lgx_table_release(struct lgx_table *);
/* Index of a column, -1 if there is none of that name. */
int		 lgx_table_column(const struct lgx_table *, const char *name);
/* The row of a key as an array of ncolumns cells, NULL if unknown. */
const struct lgx_str *lgx_table_row(const struct lgx_table *, struct lgx_str key);

/*
 * Currencies (ISO 4217) come from codes/currencies.csv: code,digits,name.
 * Loaded once per process; the digits of a currency, or -1 if it is unknown.
 */
LGX_MUST_USE int lgx_currency_load(const char *path, struct lgx_err *);
int		 lgx_currency_digits(struct lgx_str code);

#endif
