/*
 * base/date.c - dates and instants of the Gregorian calendar
 * Floor base.
 */
#include "base/date.h"

static bool
leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool
lgx_date_make(int year, int month, int day, lgx_date *out)
{
	int	 y, era_year, days;

	if (year < 1 || year > 9999 || month < 1 || month > 12 ||
	    day < 1 || day > month_days(year, month))
		return false;
	/* Years start in March here, so that the leap day comes last. */
	y = year - (month <= 2);
	era_year = y % 400;
	days = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	*out = y / 400 * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + days - 719468;
	return true;
}

struct lgx_civil
lgx_date_civil(lgx_date date)
{
	int	 z = date + 719468, era, doe, yoe, doy, mp;
	struct lgx_civil c;

	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	c.day = doy - (153 * mp + 2) / 5 + 1;
	c.month = mp + (mp < 10 ? 3 : -9);
	c.year = yoe + era * 400 + (c.month <= 2);
	return c;
}

/* n digits at p as a number, or -1. */
static int
digits(const char *p, int n)
{
	int	 v = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = v * 10 + (p[i] - '0');
	}
	return v;
}

bool
lgx_date_parse(struct lgx_str s, lgx_date *out)
{
	return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' &&
	    lgx_date_make(digits(s.p, 4), digits(s.p + 5, 2), digits(s.p + 8, 2), out);
}

bool
lgx_date_parse_x12(struct lgx_str s, lgx_date *out)
{
	int	 y;

	if (s.n == 8)
		return lgx_date_make(digits(s.p, 4), digits(s.p + 4, 2), digits(s.p + 6, 2), out);
	if (s.n != 6 || (y = digits(s.p, 2)) < 0)
		return false;
	return lgx_date_make(y + (y >= 70 ? 1900 : 2000), digits(s.p + 2, 2), digits(s.p + 4, 2), out);
}

bool
lgx_time_parse_x12(struct lgx_str s, int *seconds)
{
	int	 h, m, sec = 0;

	if (s.n != 4 && (s.n < 6 || s.n > 8))
		return false;
	if ((h = digits(s.p, 2)) < 0 || h > 23 || (m = digits(s.p + 2, 2)) < 0 || m > 59)
		return false;
	if (s.n >= 6 && ((sec = digits(s.p + 4, 2)) < 0 || sec > 59))
		return false;
	if (s.n > 6 && digits(s.p + 6, (int)s.n - 6) < 0)
		return false;
	*seconds = h * 3600 + m * 60 + sec;
	return true;
}

static void
put_digits(struct lgx_buf *b, int v, int n)
{
	char	 text[4];

	for (int i = n; i-- > 0; v /= 10)
		text[i] = (char)('0' + v % 10);
	lgx_buf_put(b, text, (size_t)n);
}

void
lgx_date_put(struct lgx_buf *b, lgx_date date)
{
	struct lgx_civil c = lgx_date_civil(date);

	put_digits(b, c.year, 4);
	lgx_buf_putc(b, '-');
	put_digits(b, c.month, 2);
	lgx_buf_putc(b, '-');
	put_digits(b, c.day, 2);
}

bool
lgx_local_parse(struct lgx_str s, lgx_time *out)
{
	lgx_date	 day;
	int		 h, m, sec;

	if (s.n != 19 || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':' ||
	    !lgx_date_parse(lgx_str_head(s, 10), &day))
		return false;
	h = digits(s.p + 11, 2);
	m = digits(s.p + 14, 2);
	sec = digits(s.p + 17, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59)
		return false;
	*out = day * LGX_DAY + h * 3600 + m * 60 + sec;
	return true;
}

bool
lgx_time_parse(struct lgx_str s, lgx_time *out)
{
	return s.n == 20 && s.p[19] == 'Z' && lgx_local_parse(lgx_str_head(s, 19), out);
}

bool
lgx_date_or_time_parse(struct lgx_str s, lgx_time *out)
{
	lgx_date	 day;

	if (lgx_time_parse(s, out))
		return true;
	if (!lgx_date_parse(s, &day))
		return false;
	*out = day * LGX_DAY;
	return true;
}

lgx_date
lgx_time_date(lgx_time t)
{
	return (lgx_date)((t >= 0 ? t : t - (LGX_DAY - 1)) / LGX_DAY);
}

void
lgx_local_put(struct lgx_buf *b, lgx_time t)
{
	lgx_date	 day = lgx_time_date(t);
	int		 sec = (int)(t - day * LGX_DAY);

	lgx_date_put(b, day);
	lgx_buf_putc(b, 'T');
	put_digits(b, sec / 3600, 2);
	lgx_buf_putc(b, ':');
	put_digits(b, sec / 60 % 60, 2);
	lgx_buf_putc(b, ':');
	put_digits(b, sec % 60, 2);
}

void
lgx_time_put(struct lgx_buf *b, lgx_time t)
{
	lgx_local_put(b, t);
	lgx_buf_putc(b, 'Z');
}

/* Standard offset in minutes, and whether the zone keeps North American daylight time. */
static const struct { const char *name; int minutes; bool daylight; } zones[] = {
	{ "UTC",		    0, false },
	{ "America/St_Johns",	 -210, true },
	{ "America/Halifax",	 -240, true },
	{ "America/Puerto_Rico", -240, false },
	{ "America/New_York",	 -300, true },
	{ "America/Toronto",	 -300, true },
	{ "America/Chicago",	 -360, true },
	{ "America/Winnipeg",	 -360, true },
	{ "America/Regina",	 -360, false },
	{ "America/Mexico_City", -360, false },
	{ "America/Denver",	 -420, true },
	{ "America/Edmonton",	 -420, true },
	{ "America/Phoenix",	 -420, false },
	{ "America/Los_Angeles", -480, true },
	{ "America/Vancouver",	 -480, true },
	{ "America/Anchorage",	 -540, true },
	{ "Pacific/Honolulu",	 -600, false },
};

/* The day of the nth Sunday of a month (n from 1). */
static lgx_date
nth_sunday(int year, int month, int n)
{
	lgx_date	 first;

	if (!lgx_date_make(year, month, 1, &first))
		return 0;
	/* 1970-01-01 was a Thursday: Sunday is weekday 3 of days since then. */
	return first + (3 - first % 7 + 7) % 7 + 7 * (n - 1);
}

/*
 * Energy Policy Act of 2005: since 2007 from the second Sunday of March, 2:00
 * standard time, to the first Sunday of November, 2:00 daylight time; before
 * that (from 1987) first Sunday of April to last Sunday of October.
 */
static bool
in_daylight(lgx_time local)
{
	int		 year = lgx_date_civil(lgx_time_date(local)).year;
	lgx_date	 from, to;

	if (year >= 2007) {
		from = nth_sunday(year, 3, 2);
		to = nth_sunday(year, 11, 1);
	} else {
		from = nth_sunday(year, 4, 1);
		to = nth_sunday(year, 11, 1) - 7;
	}
	return local >= from * LGX_DAY + 7200 && local < to * LGX_DAY + 7200;
}

/* "+02:00", "-05:00" */
static bool
fixed_offset(struct lgx_str zone, int *seconds)
{
	int	 h, m;

	if (zone.n != 6 || (zone.p[0] != '+' && zone.p[0] != '-') || zone.p[3] != ':')
		return false;
	if ((h = digits(zone.p + 1, 2)) < 0 || h > 14 || (m = digits(zone.p + 4, 2)) < 0 || m > 59)
		return false;
	*seconds = (h * 3600 + m * 60) * (zone.p[0] == '-' ? -1 : 1);
	return true;
}

bool
lgx_zone_offset(struct lgx_str zone, lgx_time local, int *seconds)
{
	for (size_t i = 0; i < LGX_LEN(zones); i++) {
		if (!lgx_str_eq(zone, lgx_str_of(zones[i].name)))
			continue;
		*seconds = zones[i].minutes * 60 +
		    (zones[i].daylight && in_daylight(local) ? 3600 : 0);
		return true;
	}
	return fixed_offset(zone, seconds);
}
