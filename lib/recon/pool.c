/*
 * recon/pool.c - the lines of a run, and which of them belong together
 * Floor recon: uses base.
 */
#include <assert.h>
#include <stdlib.h>

#include "recon/pool.h"

#define CHUNK_FIRST	((size_t)64 << 10)
#define CHUNK_LAST	((size_t)16 << 20)

struct lgx_pool_tie { uint64_t tie; uint32_t item; };	/* item LGX_POOL_NONE: free */

static struct lgx_buf *
chunk_for(struct lgx_pool *p, size_t n)
{
	struct lgx_buf	*last = p->nchunks > 0 ? &p->chunks[p->nchunks - 1] : NULL;
	size_t		 size;

	if (last != NULL && last->cap - last->n >= n)
		return last;
	size = last == NULL ? CHUNK_FIRST : last->cap < CHUNK_LAST ? 2 * last->cap : CHUNK_LAST;
	if (size < n)
		size = n;
	p->chunks = lgx_grow(p->chunks, &p->chunk_cap, p->nchunks + 1, sizeof(*p->chunks));
	last = &p->chunks[p->nchunks++];
	*last = (struct lgx_buf){ lgx_alloc(size), 0, size };
	return last;
}

uint32_t
lgx_pool_add(struct lgx_pool *p, struct lgx_str line, unsigned kind, unsigned segment)
{
	struct lgx_buf		*chunk = chunk_for(p, line.n);
	struct lgx_pool_item	*it;

	assert(p->n < LGX_POOL_NONE);
	p->items = lgx_grow(p->items, &p->cap, p->n + 1, sizeof(*p->items));
	it = &p->items[p->n];
	*it = (struct lgx_pool_item){ .at = (uint64_t)(p->nchunks - 1) << 32 | chunk->n,
	    .len = (uint32_t)line.n, .up = (uint32_t)p->n, .next = LGX_POOL_NONE,
	    .segment = (uint16_t)segment, .kind = (uint8_t)kind };
	lgx_buf_puts(chunk, line);
	return (uint32_t)p->n++;
}

struct lgx_str
lgx_pool_line(const struct lgx_pool *p, uint32_t item)
{
	const struct lgx_pool_item	*it = &p->items[item];

	return (struct lgx_str){ p->chunks[it->at >> 32].p + (uint32_t)it->at, it->len };
}

static uint32_t
root_of(struct lgx_pool *p, uint32_t i)
{
	while (p->items[i].up != i) {
		p->items[i].up = p->items[p->items[i].up].up;	/* halve the path */
		i = p->items[i].up;
	}
	return i;
}

static void
grow_ties(struct lgx_pool *p)
{
	struct lgx_pool_tie	*old = p->ties;
	size_t			 n = p->tie_cap, cap = n > 0 ? 2 * n : 1024;

	p->ties = lgx_alloc(cap * sizeof(*p->ties));
	for (size_t i = 0; i < cap; i++)
		p->ties[i].item = LGX_POOL_NONE;
	p->tie_cap = cap;
	for (size_t i = 0; i < n; i++) {
		size_t at = old[i].tie & (cap - 1);

		if (old[i].item == LGX_POOL_NONE)
			continue;
		while (p->ties[at].item != LGX_POOL_NONE)
			at = (at + 1) & (cap - 1);
		p->ties[at] = old[i];
	}
	free(old);
}

void
lgx_pool_tie(struct lgx_pool *p, uint32_t item, uint64_t tie)
{
	size_t		 at;
	uint32_t	 a, b;

	if (4 * (p->nties + 1) > 3 * p->tie_cap)
		grow_ties(p);
	for (at = tie & (p->tie_cap - 1); p->ties[at].item != LGX_POOL_NONE;
	    at = (at + 1) & (p->tie_cap - 1))
		if (p->ties[at].tie == tie)
			break;
	if (p->ties[at].item == LGX_POOL_NONE) {
		p->ties[at] = (struct lgx_pool_tie){ tie, item };
		p->nties++;
		return;
	}
	a = root_of(p, item);
	b = root_of(p, p->ties[at].item);
	if (a < b)
		p->items[b].up = a;
	else
		p->items[a].up = b;
}

void
lgx_pool_group(struct lgx_pool *p)
{
	free(p->ties);
	p->ties = NULL;
	p->nties = p->tie_cap = 0;
	/* Backwards, so that each chain is in order; a root comes first in its group. */
	for (size_t i = p->n; i-- > 0;) {
		uint32_t root = root_of(p, (uint32_t)i);

		p->items[i].set = root == i;
		if (root != i) {
			p->items[i].next = p->items[root].next;
			p->items[root].next = (uint32_t)i;
		}
	}
}

void
lgx_pool_release(struct lgx_pool *p)
{
	for (size_t i = 0; i < p->nchunks; i++)
		lgx_buf_release(&p->chunks[i]);
	free(p->chunks);
	free(p->items);
	free(p->ties);
	*p = (struct lgx_pool){ .items = NULL };
}
