/*
 * map/value.c - texts of a source as values of a record
 * Floor map: private to it.
 */
#include "map/value.h"

/*
 * DDDMMSS (X12 elements 1654 and 1655; six digits are seen for latitudes) or
 * plain decimal degrees, to decimal degrees with six digits.
 */
static bool
read_dms(struct lgx_str s, struct lgx_dec *out)
{
	uint64_t	 v;

	if (memchr(s.p, '.', s.n) != NULL)
		return lgx_dec_parse(s, out);
	if ((s.n != 6 && s.n != 7) || !lgx_str_u64(s, &v) || v / 100 % 100 > 59 || v % 100 > 59 ||
	    v / 10000 > 180)
		return false;
	return lgx_dec_div((struct lgx_dec){ (int64_t)(v / 10000 * 3600 + v / 100 % 100 * 60 + v % 100), 0 },
	    (struct lgx_dec){ 3600, 0 }, 6, LGX_HALF_AWAY, out);
}

bool
map_read_number(enum map_as as, struct lgx_str s, struct lgx_dec *out, bool *lenient)
{
	*lenient = as == MAP_AS_N2_LENIENT && memchr(s.p, '.', s.n) != NULL;
	if (as == MAP_AS_DMS)
		return read_dms(s, out);
	if (s.n > 1 && s.p[0] == '+')
		s = lgx_str_from(s, 1);
	if (as >= MAP_AS_N0 && as <= MAP_AS_N4)
		return lgx_dec_parse_implied(s, (int)(as - MAP_AS_N0), out);
	if (as == MAP_AS_N2_LENIENT && !*lenient)
		return lgx_dec_parse_implied(s, 2, out);
	return lgx_dec_parse(s, out);
}

bool
map_read_date(enum map_as as, struct lgx_str s, lgx_date *out)
{
	return as == MAP_AS_DT ? lgx_date_parse_x12(s, out) : lgx_date_parse(s, out);
}

static bool
two_digits(struct lgx_str s, size_t at, int below, int *out)
{
	if (at + 2 > s.n || s.p[at] < '0' || s.p[at] > '9' || s.p[at + 1] < '0' || s.p[at + 1] > '9')
		return false;
	*out = (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
	return *out < below;
}

bool
map_read_clock(struct lgx_str s, int *seconds)
{
	int	 h, m, sec = 0;

	if (s.n < 5 || s.p[2] != ':')
		return lgx_time_parse_x12(s, seconds);
	if (!two_digits(s, 0, 24, &h) || !two_digits(s, 3, 60, &m) ||
	    (s.n != 5 && (s.n != 8 || s.p[5] != ':' || !two_digits(s, 6, 60, &sec))))
		return false;
	*seconds = h * 3600 + m * 60 + sec;
	return true;
}

bool
map_read_instant(struct lgx_str s, lgx_time *out)
{
	lgx_date	 day;
	int		 seconds = 0, offset = 0;
	size_t		 end = 10;

	if (lgx_time_parse(s, out))
		return true;
	if (!lgx_date_parse(lgx_str_head(s, 10), &day))
		return false;
	if (s.n > 10) {
		if (s.p[10] != 'T' && s.p[10] != ' ')
			return false;
		end = s.n > 16 && s.p[16] == ':' ? 19 : 16;
		if (end > s.n || !map_read_clock((struct lgx_str){ s.p + 11, end - 11 }, &seconds))
			return false;
	}
	s = lgx_str_from(s, end < s.n ? end : s.n);
	if (s.n > 0 && !lgx_str_eq(s, LGX_STR("Z")) && !lgx_zone_offset(s, 0, &offset))
		return false;
	*out = day * LGX_DAY + seconds - offset;
	return true;
}

/* "US-TX": the key of a state in the table of zones; false if it cannot be one. */
static bool
zone_of_region(const struct lgx_map *map, const char *country, struct lgx_str region,
    const struct lgx_str **row)
{
	char	 key[8];

	if (region.n != 2)
		return false;
	memcpy(key, country, 2);
	key[2] = '-';
	memcpy(key + 3, region.p, 2);
	return (*row = lgx_table_row(map->zones, (struct lgx_str){ key, 5 })) != NULL;
}

/* The codes of the states and provinces tell the country where it is not said. */
static bool
zone_of_any_region(const struct lgx_map *map, struct lgx_str region, const struct lgx_str **row)
{
	const struct lgx_table	*t = map->zones;

	if (region.n != 2)
		return false;
	for (size_t i = 0; i < t->nrows; i++) {
		struct lgx_str key = t->cells[i * t->ncolumns];

		if (key.n == 5 && lgx_str_ends(key, region)) {
			*row = t->cells + i * t->ncolumns;
			return true;
		}
	}
	return false;
}

/* The zone of a state or province, or of a country with one zone. */
static bool
place_offset(const struct lgx_map *map, const struct map_wall *w, int *offset)
{
	struct lgx_str		 country = w->country;
	const struct lgx_str	*row = lgx_table_row(map->countries, country);

	if (row != NULL)
		country = row[1];
	if (country.n == 2 ? !zone_of_region(map, country.p, w->region, &row) :
	    !zone_of_any_region(map, w->region, &row))
		row = country.n > 0 ? lgx_table_row(map->zones, country) : NULL;
	return row != NULL && lgx_zone_offset(row[1], w->local, offset);
}

const char *
map_wall_instant(const struct lgx_map *map, const struct map_wall *w, lgx_time *out)
{
	const struct lgx_str	*row = w->code.n > 0 ? lgx_table_row(map->time_codes, w->code) : NULL;
	bool			 partner, place;
	int			 offset = 0, at_place = 0, at_partner = 0;
	const char		*how;

	if (row != NULL && row[1].n > 0 && lgx_zone_offset(row[1], w->local, &offset)) {
		*out = w->local - offset;
		return "sent";
	}
	place = place_offset(map, w, &at_place);
	partner = w->partner_zone.n > 0 && lgx_zone_offset(w->partner_zone, w->local, &at_partner);
	/* A code without a zone, LT, says: local time of the place.  No code: the partner's habit. */
	if (place && (row != NULL || !partner)) {
		how = "place";
		offset = at_place;
	} else {
		how = partner ? "partner" : "unknown";
		offset = at_partner;
	}
	*out = w->local - offset;
	return how;
}
