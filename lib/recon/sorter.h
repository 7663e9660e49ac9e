/*
 * recon/sorter.h - lines that leave in the order of their bytes
 * Floor recon: uses base.
 *
 * That is the order of `LC_ALL=C sort`, and since a canonical line begins with
 * kind and id, the order of ids within a kind.
 */
#ifndef LGX_RECON_SORTER_H
#define LGX_RECON_SORTER_H

#include "base/mem.h"

struct lgx_sorted { size_t off, n; };

struct lgx_sorter {			/* all-zero is empty */
	struct lgx_buf		 text;
	struct lgx_sorted	*lines;
	size_t			 n, cap;
};

/* line may end in a newline or not. */
void		lgx_sorter_add(struct lgx_sorter *, struct lgx_str line);
void		lgx_sorter_sort(struct lgx_sorter *);
/* Line i with its newline, valid until the next add. */
struct lgx_str	lgx_sorter_line(const struct lgx_sorter *, size_t i);
void		lgx_sorter_release(struct lgx_sorter *);

#endif
