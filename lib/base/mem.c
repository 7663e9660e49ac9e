/*
 * base/mem.c - memory: allocation that cannot fail, growing buffers, arenas
 * Floor base.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

_Noreturn void
lgx_oom(void)
{
	static const char msg[] = "lgx: mem.exhausted: out of memory\n";

	lgx_out_abandon_all();
	if (write(STDERR_FILENO, msg, sizeof(msg) - 1) < 0)
		_exit(LGX_EXIT_FAILED);
	_exit(LGX_EXIT_FAILED);
}

void *
lgx_alloc(size_t n)
{
	void	*p = malloc(n > 0 ? n : 1);

	if (p == NULL)
		lgx_oom();
	return p;
}

void *
lgx_calloc(size_t count, size_t size)
{
	void	*p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (p == NULL)
		lgx_oom();
	return p;
}

void *
lgx_realloc(void *old, size_t n)
{
	void	*p = realloc(old, n > 0 ? n : 1);

	if (p == NULL)
		lgx_oom();
	return p;
}

void *
lgx_grow(void *p, size_t *cap, size_t need, size_t elem_size)
{
	size_t	 want = *cap > 0 ? *cap : 16, bytes;

	if (need <= *cap && p != NULL)
		return p;
	while (want < need)
		if (__builtin_mul_overflow(want, 2, &want))
			lgx_oom();
	if (__builtin_mul_overflow(want, elem_size, &bytes))
		lgx_oom();
	*cap = want;
	return lgx_realloc(p, bytes);
}

void
lgx_buf_release(struct lgx_buf *b)
{
	free(b->p);
	*b = (struct lgx_buf){ 0 };
}

void
lgx_buf_reserve_slow(struct lgx_buf *b, size_t more)
{
	size_t	 need;

	if (__builtin_add_overflow(b->n, more, &need))
		lgx_oom();
	b->p = lgx_grow(b->p, &b->cap, need > 64 ? need : 64, 1);
}

void
lgx_buf_putf(struct lgx_buf *b, const char *fmt, ...)
{
	va_list	 ap;
	int	 n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	lgx_buf_reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void
lgx_buf_putu(struct lgx_buf *b, uint64_t v)
{
	char	 digits[20];
	size_t	 i = sizeof(digits);

	do
		digits[--i] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	lgx_buf_put(b, digits + i, sizeof(digits) - i);
}

const char *
lgx_buf_z(struct lgx_buf *b)
{
	lgx_buf_reserve(b, 1);
	b->p[b->n] = '\0';
	return b->p;
}

#define BLOCK_MIN	((size_t)16 << 10)

struct lgx_arena_block {
	struct lgx_arena_block	*prev;
	size_t			 size;
	_Alignas(16) char	 data[];
};

void *
lgx_arena_alloc(struct lgx_arena *a, size_t n)
{
	struct lgx_arena_block	*b = a->block;
	size_t			 size = b != NULL && b->size > BLOCK_MIN ? b->size : BLOCK_MIN;
	void			*p;

	if (n > SIZE_MAX / 4)
		lgx_oom();
	n = (n + 15) & ~(size_t)15;
	if (b == NULL || b->size - a->used < n) {
		if (b != NULL && size < (size_t)1 << 20)
			size *= 2;
		if (size < n)
			size = n;
		b = lgx_alloc(sizeof(*b) + size);
		b->prev = a->block;
		b->size = size;
		a->block = b;
		a->used = 0;
	}
	p = b->data + a->used;
	a->used += n;
	return p;
}

struct lgx_str
lgx_arena_str(struct lgx_arena *a, struct lgx_str s)
{
	return (struct lgx_str){ lgx_arena_z(a, s), s.n };
}

char *
lgx_arena_z(struct lgx_arena *a, struct lgx_str s)
{
	char	*p = lgx_arena_alloc(a, s.n + 1);

	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

static void
free_from(struct lgx_arena_block *b)
{
	struct lgx_arena_block	*prev;

	for (; b != NULL; b = prev) {
		prev = b->prev;
		free(b);
	}
}

void
lgx_arena_clear(struct lgx_arena *a)
{
	if (a->block != NULL) {
		free_from(a->block->prev);
		a->block->prev = NULL;
	}
	a->used = 0;
}

void
lgx_arena_release(struct lgx_arena *a)
{
	free_from(a->block);
	*a = (struct lgx_arena){ 0 };
}

size_t
lgx_arena_size(const struct lgx_arena *a)
{
	size_t	 sum = 0;

	for (const struct lgx_arena_block *b = a->block; b != NULL; b = b->prev)
		sum += b->size;
	return sum;
}
