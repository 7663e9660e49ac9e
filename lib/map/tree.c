/*
 * map/tree.c - a transaction set as a tree of loops
 * Floor map: private to it.
 */
#include <stdlib.h>

#include "map/tree.h"

static void
append(struct map_ends *ends, uint32_t *next_of_last, uint32_t number)
{
	if (ends->first == 0)
		ends->first = number;
	else
		*next_of_last = number;
	ends->last = number;
}

static uint32_t
add_inst(struct map_tree *t, const struct lgx_map *map, uint32_t parent, int loop)
{
	uint32_t	 inst = (uint32_t)t->ninsts++;
	struct map_ends	*ends;

	t->insts = lgx_grow(t->insts, &t->insts_cap, t->ninsts, sizeof(*t->insts));
	t->ends = lgx_grow(t->ends, &t->ends_cap, t->ninsts * t->per_inst, sizeof(*t->ends));
	memset(t->ends + inst * t->per_inst, 0, t->per_inst * sizeof(*t->ends));
	t->insts[inst] = (struct map_inst){ .parent = parent, .loop = (uint8_t)loop };
	if (inst == 0)
		return inst;
	ends = &t->ends[parent * t->per_inst + (size_t)map->ntags + (size_t)loop];
	append(ends, &t->insts[ends->last].next, inst);
	return inst;
}

static void
add_seg(struct map_tree *t, const struct lgx_map *map, uint32_t inst, struct map_seg seg)
{
	uint32_t	 number = (uint32_t)t->nsegs++;
	int		 tag = map->tags[seg.tag].like;
	struct map_ends	*ends;

	seg.inst = inst;
	t->segs = lgx_grow(t->segs, &t->segs_cap, t->nsegs, sizeof(*t->segs));
	t->segs[number] = seg;
	ends = &t->ends[inst * t->per_inst + (size_t)tag];
	append(ends, &t->segs[ends->last].next, number);
	ends = &t->anywhere[tag];
	append(ends, &t->segs[ends->last].next_anywhere, number);
}

/* Where a segment belongs, seen from the loop that is open; it may start one of its own. */
static uint32_t
place_seg(struct map_tree *t, const struct lgx_map *map, uint32_t open, int tag)
{
	int	 act;

	while ((act = map->loops[t->insts[open].loop].act[tag]) == MAP_ENDS)
		open = t->insts[open].parent;
	if (act == MAP_TAKES)
		return open;
	open = add_inst(t, map, open, act);
	t->insts[open].start = (uint32_t)t->nsegs;
	return open;
}

static bool
is_flat(const struct lgx_rec *rec, uint32_t node)
{
	uint32_t	 i = node + 1, end = rec->nodes[node].next;

	while (i < end && rec->nodes[i].next == i + 1)
		i++;
	return i == end;
}

static int
bad_shape(const struct lgx_rec *rec, uint32_t number, struct lgx_err *err)
{
	return lgx_err_reject(err, LGX_E_MAP_SHAPE, rec->place,
	    "segment %lu is not an array of strings", (unsigned long)number);
}

int
map_tree_build(struct map_tree *t, const struct lgx_map *map, struct lgx_rec *rec,
    uint32_t segments, struct lgx_err *err)
{
	uint32_t	 open = 0, number = 0;
	struct map_seg	 seg;
	int		 tag;

	t->per_inst = (size_t)(map->ntags + map->nloops);
	t->nsegs = 1;		/* number 0 is none */
	t->ninsts = 0;
	memset(t->anywhere, 0, sizeof(t->anywhere));
	t->segs = lgx_grow(t->segs, &t->segs_cap, 64, sizeof(*t->segs));
	t->segs[0] = (struct map_seg){ 0 };
	add_inst(t, map, 0, 0);
	if (segments == 0 || rec->nodes[segments].type != LGX_ARRAY)
		return lgx_err_reject(err, LGX_E_MAP_SHAPE, rec->place, "segments is no array");
	LGX_NODE_EACH(i, rec, segments) {
		number++;
		if (rec->nodes[i].type != LGX_ARRAY || rec->nodes[i].next == i + 1 ||
		    rec->nodes[i + 1].type != LGX_STRING)
			return bad_shape(rec, number, err);
		if ((tag = map_tag_of(map, lgx_node_str(rec, i + 1))) == 0)
			continue;
		seg = (struct map_seg){ .node = i, .number = number, .tag = (uint8_t)tag,
		    .flat = is_flat(rec, i) };
		open = place_seg(t, map, open, map->tags[tag].like);
		add_seg(t, map, open, seg);
	}
	return LGX_OK;
}

void
map_tree_release(struct map_tree *t)
{
	free(t->segs);
	free(t->insts);
	free(t->ends);
	*t = (struct map_tree){ 0 };
}
