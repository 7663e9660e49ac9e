/*
 * base/mem.h - memory: allocation that cannot fail, growing buffers, arenas
 * Floor base.
 *
 * Out of memory is not handled call by call: lgx_oom() removes unfinished
 * output files, says so on stderr and ends the program with status 3.
 */
#ifndef LGX_MEM_H
#define LGX_MEM_H

#include "base/str.h"

void	*lgx_alloc(size_t n) __attribute__((malloc, returns_nonnull));
void	*lgx_calloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void	*lgx_realloc(void *, size_t n) __attribute__((returns_nonnull));
_Noreturn void lgx_oom(void);

/*
 * Grow an array so that it can hold `need` elements: p is realloc'ed to a
 * capacity of at least need, doubling; *cap is in elements.
 */
void	*lgx_grow(void *p, size_t *cap, size_t need, size_t elem_size)
	    __attribute__((returns_nonnull));

/*
 * A byte buffer that grows.  An all-zero struct is an empty buffer.  p belongs
 * to the buffer and may move at every lgx_buf_put*(); it is NULL while empty.
 */
struct lgx_buf { char *p; size_t n, cap; };

void	lgx_buf_release(struct lgx_buf *);
void	lgx_buf_reserve_slow(struct lgx_buf *, size_t more);
void	lgx_buf_putf(struct lgx_buf *, const char *fmt, ...) LGX_PRINTF(2, 3);
void	lgx_buf_putu(struct lgx_buf *, uint64_t);	/* decimal */
/* Contents with a final NUL (not counted in n); valid until the next put. */
const char *lgx_buf_z(struct lgx_buf *);

static inline void
lgx_buf_reserve(struct lgx_buf *b, size_t more)	/* room for more bytes */
{
	if (b->cap - b->n < more)
		lgx_buf_reserve_slow(b, more);
}

static inline void
lgx_buf_put(struct lgx_buf *b, const void *p, size_t n)
{
	lgx_buf_reserve(b, n);
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
lgx_buf_puts(struct lgx_buf *b, struct lgx_str s)
{
	lgx_buf_put(b, s.p, s.n);
}

static inline void
lgx_buf_putz(struct lgx_buf *b, const char *z)
{
	lgx_buf_put(b, z, strlen(z));
}

static inline void
lgx_buf_putc(struct lgx_buf *b, char c)
{
	lgx_buf_reserve(b, 1);
	b->p[b->n++] = c;
}

static inline void
lgx_buf_clear(struct lgx_buf *b)
{
	b->n = 0;
}

static inline struct lgx_str
lgx_buf_str(const struct lgx_buf *b)
{
	return (struct lgx_str){ b->n > 0 ? b->p : "", b->n };
}

/*
 * An arena: many small pieces with one end.  An all-zero struct is an empty
 * arena.  Pieces are aligned to 16 bytes and stay where they are until clear
 * or release; clear keeps one block for reuse.
 */
struct lgx_arena { struct lgx_arena_block *block; size_t used; };

void		*lgx_arena_alloc(struct lgx_arena *, size_t n)
		    __attribute__((malloc, returns_nonnull));
struct lgx_str	 lgx_arena_str(struct lgx_arena *, struct lgx_str);	/* a copy */
char		*lgx_arena_z(struct lgx_arena *, struct lgx_str);	/* a copy with NUL */
void		 lgx_arena_clear(struct lgx_arena *);
void		 lgx_arena_release(struct lgx_arena *);
size_t		 lgx_arena_size(const struct lgx_arena *);	/* bytes held */

#endif
