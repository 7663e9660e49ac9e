/*
 * recon/pool.h - the lines of a run, and which of them belong together
 * Floor recon: uses base.
 *
 * A line is kept as text, with 24 bytes about it; what it says is read again
 * when its group is judged.  Lines that share a tie (a reference, a load, a bill
 * number) form a group, found by union of sets while reading.  A tie is 64 bits
 * of a keyed hash: two ties that meet by chance only make a group larger.
 */
#ifndef LGX_RECON_POOL_H
#define LGX_RECON_POOL_H

#include "base/mem.h"

#define LGX_POOL_NONE	UINT32_MAX

struct lgx_pool_item {
	uint64_t	 at;		/* chunk and offset */
	uint32_t	 len;
	uint32_t	 up;		/* union-find: the item itself when it is the root */
	uint32_t	 next;		/* of its group, once grouped */
	uint16_t	 segment;	/* of the state, from 1; 0: read in this run */
	uint8_t		 kind;		/* enum lgx_kind, or LGX_POOL_MEMORY */
	uint8_t		 set;		/* nonzero: head of a group, once grouped */
};

#define LGX_POOL_MEMORY	255		/* what the state remembers of a subject */

struct lgx_pool {			/* all-zero is empty */
	struct lgx_pool_item	*items;
	size_t			 n, cap;
	struct lgx_buf		*chunks;
	size_t			 nchunks, chunk_cap;
	struct lgx_pool_tie	*ties;	/* open addressing, a power of two */
	size_t			 nties, tie_cap;
};

/* Keep a line; its number. */
uint32_t	lgx_pool_add(struct lgx_pool *, struct lgx_str line, unsigned kind, unsigned segment);
struct lgx_str	lgx_pool_line(const struct lgx_pool *, uint32_t item);
/* The item belongs with every other that has this tie. */
void		lgx_pool_tie(struct lgx_pool *, uint32_t item, uint64_t tie);
/* After all ties: the first item of each group has `set`, the others follow by `next`. */
void		lgx_pool_group(struct lgx_pool *);
void		lgx_pool_release(struct lgx_pool *);

#endif
