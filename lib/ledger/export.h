/*
 * ledger/export.h - the books in the forms that other programs read
 * Floor ledger: stands on base and rec.
 *
 * Sorted by effective date and key; nothing in it depends on when or in which
 * order entries were booked, so equal books export to equal bytes.
 */
#ifndef LGX_EXPORT_H
#define LGX_EXPORT_H

#include "ledger/ledger.h"

/* ORDER FORMAT: rows in export.c */
enum lgx_format { LGX_FORMAT_LEDGER, LGX_FORMAT_HLEDGER, LGX_FORMAT_BEANCOUNT, LGX_FORMAT_CSV,
    LGX_FORMAT_NDJSON, LGX_FORMATS };

/* By name ("hledger"); LGX_FORMATS if there is none. */
enum lgx_format	 lgx_format_of(struct lgx_str name);

/* Takes finished text.  A status other than LGX_OK ends the export. */
typedef int	 lgx_export_fn(void *arg, struct lgx_str text, struct lgx_err *);

/* company: only its entries; empty: all.  LGX_OK; LGX_FAIL; what fn returned. */
LGX_MUST_USE int lgx_export(struct lgx_ledger *, enum lgx_format, struct lgx_str company,
    lgx_export_fn *, void *arg, struct lgx_err *);

/* An amount in minor units as text, and a cell of a CSV file for people. */
void		 lgx_minor_put(struct lgx_buf *, int64_t minor, int digits);
void		 lgx_cell_put(struct lgx_buf *, struct lgx_str);

#endif
