/*
 * map/tree.h - a transaction set as a tree of loops
 * Floor map: private to it.
 *
 * One walk over the segments of an edi record, with the loops of a mapping at
 * hand, gives every loop that occurs (an "instance"; instance 0 is the set)
 * and, for each, its segments by name, in order.  Segments that the mapping
 * does not speak of are passed over.  Number 0 of a segment means none.
 */
#ifndef LGX_MAP_TREE_H
#define LGX_MAP_TREE_H

#include "map/lang.h"

struct map_seg {
	uint32_t	 node;		/* of the segment's array in the record */
	uint32_t	 number;	/* in the set, ST is 1 */
	uint32_t	 inst;		/* the loop that it is part of, or starts */
	uint32_t	 next;		/* of the same name in that loop */
	uint32_t	 next_anywhere;	/* of the same name in the set */
	uint8_t		 tag;		/* as sent, before read: */
	bool		 flat;		/* no composite: element i is node + 1 + i */
};

struct map_inst {
	uint32_t	 parent;
	uint32_t	 start;		/* the segment that starts it; 0 for the set */
	uint32_t	 next;		/* of the same loop in the same parent */
	uint8_t		 loop;
};

struct map_tree {
	struct map_seg	*segs;
	size_t		 nsegs, segs_cap;
	struct map_inst	*insts;
	size_t		 ninsts, insts_cap;
	/* by instance: first and last segment of each tag, then instance of each loop */
	struct map_ends { uint32_t first, last; } *ends;
	size_t		 ends_cap, per_inst;
	struct map_ends	 anywhere[MAP_TAGS_MAX];
};

/*
 * Build the tree of a set; segments is the node of the record's array.
 * LGX_OK; LGX_REJECT when it is not the shape of an edi record.
 */
LGX_MUST_USE int map_tree_build(struct map_tree *, const struct lgx_map *, struct lgx_rec *,
    uint32_t segments, struct lgx_err *);
void		 map_tree_release(struct map_tree *);

static inline uint32_t
map_tree_seg(const struct map_tree *t, uint32_t inst, int tag)	/* first of a name in a loop */
{
	return t->ends[inst * t->per_inst + (size_t)tag].first;
}

static inline uint32_t
map_tree_child(const struct map_tree *t, const struct lgx_map *map, uint32_t inst, int loop)
{
	return t->ends[inst * t->per_inst + (size_t)map->ntags + (size_t)loop].first;
}

#endif
