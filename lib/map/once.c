/*
 * map/once.c - which items stand in a list already
 * Floor map: private to it.
 */
#include <stdlib.h>

#include "base/dict.h"
#include "map/once.h"

#define SLOTS_MIN	64	/* a power of two; half of them are used at most */

void
map_once_clear(struct map_once *o)
{
	o->n = 0;
	if (++o->round != 0)
		return;
	/* The counter went round: what is left of 2^32 lists ago must not count. */
	memset(o->slots, 0, o->nslots * sizeof(*o->slots));
	o->round = 1;
}

void
map_once_release(struct map_once *o)
{
	free(o->slots);
	*o = (struct map_once){ 0 };
}

static struct map_piece *
find_slot(struct map_once *o, const struct lgx_buf *b, const struct map_piece *piece)
{
	size_t	 i = piece->hash & (o->nslots - 1);

	for (; o->slots[i].round == o->round; i = (i + 1) & (o->nslots - 1))
		if (o->slots[i].hash == piece->hash && o->slots[i].n == piece->n &&
		    memcmp(b->p + o->slots[i].off, b->p + piece->off, piece->n) == 0)
			break;
	return &o->slots[i];
}

static void
make_room(struct map_once *o, const struct lgx_buf *b)
{
	struct map_once	 bigger = { .round = 1, .n = o->n,
	    .nslots = o->nslots > 0 ? 2 * o->nslots : SLOTS_MIN };

	if (o->round == 0)
		o->round = 1;
	bigger.slots = lgx_calloc(bigger.nslots, sizeof(*bigger.slots));
	for (size_t i = 0; i < o->nslots; i++)
		if (o->slots[i].round == o->round) {
			struct map_piece *to = find_slot(&bigger, b, &o->slots[i]);

			*to = o->slots[i];
			to->round = bigger.round;
		}
	free(o->slots);
	*o = bigger;
}

bool
map_once_add(struct map_once *o, const struct lgx_buf *b, size_t off)
{
	struct map_piece	 piece = { .off = off, .n = b->n - off }, *slot;

	if (2 * (o->n + 1) > o->nslots)
		make_room(o, b);
	piece.hash = lgx_hash((struct lgx_str){ b->p + off, piece.n });
	piece.round = o->round;
	slot = find_slot(o, b, &piece);
	if (slot->round == o->round)
		return false;
	*slot = piece;
	o->n++;
	return true;
}
