/*
 * base/date.h - dates and instants of the Gregorian calendar
 * Floor base.
 *
 * A date is a count of days since 1970-01-01, an instant a count of seconds
 * since 1970-01-01T00:00:00Z without leap seconds (POSIX).  Years 1 to 9999.
 * Nothing here asks the clock, the locale or TZ.
 */
#ifndef LGX_DATE_H
#define LGX_DATE_H

#include "base/mem.h"

typedef int32_t lgx_date;	/* days since 1970-01-01 */
typedef int64_t lgx_time;	/* seconds since 1970-01-01T00:00:00Z */

#define LGX_DATE_NONE	INT32_MIN
#define LGX_TIME_NONE	INT64_MIN
#define LGX_DAY		INT64_C(86400)

struct lgx_civil { int year, month, day; };

LGX_MUST_USE bool lgx_date_make(int year, int month, int day, lgx_date *);
struct lgx_civil  lgx_date_civil(lgx_date);
/* "2024-02-29" */
LGX_MUST_USE bool lgx_date_parse(struct lgx_str, lgx_date *);
/* X12 DT: CCYYMMDD, or YYMMDD with the window 70-99 = 19xx, 00-69 = 20xx. */
LGX_MUST_USE bool lgx_date_parse_x12(struct lgx_str, lgx_date *);
/* X12 TM: HHMM, HHMMSS, HHMMSSD, HHMMSSDD, as seconds of the day (hundredths dropped). */
LGX_MUST_USE bool lgx_time_parse_x12(struct lgx_str, int *seconds);
void		  lgx_date_put(struct lgx_buf *, lgx_date);
/* "2024-02-29T23:59:59Z" */
LGX_MUST_USE bool lgx_time_parse(struct lgx_str, lgx_time *);
void		  lgx_time_put(struct lgx_buf *, lgx_time);
/* "2024-02-29T23:59:59", the form of *_local members. */
LGX_MUST_USE bool lgx_local_parse(struct lgx_str, lgx_time *);
void		  lgx_local_put(struct lgx_buf *, lgx_time);
/* A date, or the day of an instant: what --as-of takes. */
LGX_MUST_USE bool lgx_date_or_time_parse(struct lgx_str, lgx_time *);
lgx_date	  lgx_time_date(lgx_time);	/* its day in UTC */

/*
 * UTC offset in seconds of a zone at a local wall time.  zone is an IANA name
 * of the small table of North American and fixed zones in date.c
 * ("America/Chicago", "UTC", "+02:00"); false if unknown.  A wall time that
 * occurs twice is taken at its first (daylight) occurrence.
 */
LGX_MUST_USE bool lgx_zone_offset(struct lgx_str zone, lgx_time local, int *seconds);

#endif
