/*
 * map/value.h - texts of a source as values of a record
 * Floor map: private to it.
 */
#ifndef LGX_MAP_VALUE_H
#define LGX_MAP_VALUE_H

#include "map/lang.h"

/* A number as the rule says it is written; *lenient: it was not quite so. */
LGX_MUST_USE bool map_read_number(enum map_as, struct lgx_str, struct lgx_dec *, bool *lenient);
LGX_MUST_USE bool map_read_date(enum map_as, struct lgx_str, lgx_date *);
/* "2024-02-29", with T or a blank "14:05[:09]", with Z or "+02:00"; no zone is UTC. */
LGX_MUST_USE bool map_read_instant(struct lgx_str, lgx_time *);
/* "1405", "140509", "14:05", "14:05:09" as seconds of the day */
LGX_MUST_USE bool map_read_clock(struct lgx_str, int *seconds);

/* Where an event happened, when it did by the clock on the wall, and the sender's time code. */
struct map_wall {
	lgx_time	 local;
	struct lgx_str	 code, region, country;
	struct lgx_str	 partner_zone;
};

/*
 * The instant of a wall time.  Returns how the zone was known: "sent",
 * "place", "partner" or "unknown" (then UTC).
 */
const char	*map_wall_instant(const struct lgx_map *, const struct map_wall *, lgx_time *);

#endif
