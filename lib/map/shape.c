/*
 * map/shape.c - what the members of records hold
 * Floor map.  The order of an object's members is that of lgx-records(5).
 */
#include "map/lang.h"

static const struct { enum lgx_member member; enum map_type type; } types[] = {
	{ LGX_M_order_date, MAP_DATE }, { LGX_M_due_date, MAP_DATE }, { LGX_M_ship_date, MAP_DATE },
	{ LGX_M_delivery_due, MAP_DATE }, { LGX_M_delivery_date, MAP_DATE }, { LGX_M_date, MAP_DATE },
	{ LGX_M_time, MAP_INSTANT }, { LGX_M_eta, MAP_INSTANT }, { LGX_M_received_at, MAP_INSTANT },
	{ LGX_M_updated_at, MAP_INSTANT },
	{ LGX_M_total, MAP_MONEY }, { LGX_M_amount, MAP_MONEY },
	{ LGX_M_weight, MAP_DECIMAL }, { LGX_M_pieces, MAP_DECIMAL }, { LGX_M_rate, MAP_DECIMAL },
	{ LGX_M_lat, MAP_DECIMAL }, { LGX_M_lon, MAP_DECIMAL },
	{ LGX_M_po, MAP_TEXTS }, { LGX_M_authorised, MAP_TEXTS },
	{ LGX_M_bill_to, MAP_PLACE }, { LGX_M_remit_to, MAP_PLACE }, { LGX_M_origin, MAP_PLACE },
	{ LGX_M_destination, MAP_PLACE }, { LGX_M_parties, MAP_PARTIES },
	{ LGX_M_charges, MAP_CHARGES }, { LGX_M_refs, MAP_REFS }, { LGX_M_lines, MAP_LINES },
};

static const struct map_field place[] = {
	{ "code", MAP_TEXT }, { "name", MAP_TEXT }, { "city", MAP_TEXT }, { "region", MAP_TEXT },
	{ "postal", MAP_TEXT }, { "country", MAP_TEXT },
};

static const struct map_field party[] = {
	{ "role", MAP_TEXT }, { "code", MAP_TEXT }, { "name", MAP_TEXT }, { "city", MAP_TEXT },
	{ "region", MAP_TEXT }, { "postal", MAP_TEXT }, { "country", MAP_TEXT },
};

static const struct map_field charge[] = {
	{ "code", MAP_TEXT }, { "amount", MAP_MONEY }, { "basis", MAP_TEXT }, { "qty", MAP_DECIMAL },
	{ "rate", MAP_DECIMAL }, { "desc", MAP_TEXT },
};

static const struct map_field ref[] = { { "qual", MAP_TEXT }, { "value", MAP_TEXT } };

static const struct map_field line[] = {
	{ "line", MAP_TEXT }, { "item", MAP_TEXT }, { "qty", MAP_DECIMAL }, { "unit", MAP_TEXT },
	{ "weight", MAP_DECIMAL },
};

static const struct map_shape shapes[] = {
	[MAP_PLACE] = { place, LGX_LEN(place), false },
	[MAP_PARTIES] = { party, LGX_LEN(party), true },
	[MAP_CHARGES] = { charge, LGX_LEN(charge), true },
	[MAP_REFS] = { ref, LGX_LEN(ref), true },
	[MAP_LINES] = { line, LGX_LEN(line), true },
};

enum map_type
map_member_type(enum lgx_member m)
{
	for (size_t i = 0; i < LGX_LEN(types); i++)
		if (types[i].member == m)
			return types[i].type;
	return MAP_TEXT;
}

const struct map_shape *
map_shape(enum map_type type)
{
	return type < LGX_LEN(shapes) && shapes[type].fields != NULL ? &shapes[type] : NULL;
}
