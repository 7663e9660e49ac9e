/*
 * map/once.h - which items stand in a list already
 * Floor map: private to it.
 *
 * A set of pieces of one buffer, by content.  Emptying it costs nothing, so
 * that a short list of references is as cheap as comparing its items.
 */
#ifndef LGX_MAP_ONCE_H
#define LGX_MAP_ONCE_H

#include "base/mem.h"

struct map_once {			/* all-zero is empty */
	struct map_piece { uint64_t hash; size_t off, n; uint32_t round; } *slots;
	size_t		 nslots, n;
	uint32_t	 round;		/* pieces of earlier rounds are none */
};

void	map_once_clear(struct map_once *);
void	map_once_release(struct map_once *);
/* Add the piece of b from off to its end; false, nothing added, if its like is there. */
bool	map_once_add(struct map_once *, const struct lgx_buf *b, size_t off);

#endif
