/*
 * base/dict.h - a set of texts, each with a small number
 * Floor base.
 *
 * Maps text to the order of its first insertion: 0, 1, 2, ...  The hash is
 * keyed per process, so that hostile keys cannot make it slow; nothing may
 * depend on the order of the table, only on the numbers.
 */
#ifndef LGX_DICT_H
#define LGX_DICT_H

#include "base/mem.h"

#define LGX_DICT_NONE	UINT32_MAX

struct lgx_dict_entry { struct lgx_str key; uint64_t hash; };

struct lgx_dict {			/* all-zero is empty */
	struct lgx_dict_entry	*entries;	/* by number */
	size_t			 n, cap;
	uint32_t		*slots;		/* number + 1, 0 empty */
	size_t			 nslots;	/* a power of two */
	struct lgx_arena	 text;
};

/* 64 bits of a keyed hash; the same within a process, different between runs. */
uint64_t	lgx_hash(struct lgx_str);

/* Number of key, LGX_DICT_NONE if it is not there. */
uint32_t	lgx_dict_find(const struct lgx_dict *, struct lgx_str key);
/* Number of key, which is copied and added if it is not there. */
uint32_t	lgx_dict_add(struct lgx_dict *, struct lgx_str key);
/* The text of a number; valid until release. */
struct lgx_str	lgx_dict_text(const struct lgx_dict *, uint32_t number);
void		lgx_dict_release(struct lgx_dict *);

#endif
