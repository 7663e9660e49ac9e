/*
 * recon/sorter.c - lines that leave in the order of their bytes
 * Floor recon: uses base.
 */
#include <stdlib.h>

#include "recon/sorter.h"

void
lgx_sorter_add(struct lgx_sorter *s, struct lgx_str line)
{
	if (line.n > 0 && line.p[line.n - 1] == '\n')
		line.n--;
	s->lines = lgx_grow(s->lines, &s->cap, s->n + 1, sizeof(*s->lines));
	s->lines[s->n++] = (struct lgx_sorted){ s->text.n, line.n };
	lgx_buf_puts(&s->text, line);
	lgx_buf_putc(&s->text, '\n');
}

static int
by_bytes(const void *va, const void *vb, void *text)
{
	const struct lgx_sorted	*a = va, *b = vb;
	const char		*p = text;

	return lgx_str_cmp((struct lgx_str){ p + a->off, a->n }, (struct lgx_str){ p + b->off, b->n });
}

void
lgx_sorter_sort(struct lgx_sorter *s)
{
	if (s->n > 1)
		qsort_r(s->lines, s->n, sizeof(*s->lines), by_bytes, s->text.p);
}

struct lgx_str
lgx_sorter_line(const struct lgx_sorter *s, size_t i)
{
	return (struct lgx_str){ s->text.p + s->lines[i].off, s->lines[i].n + 1 };
}

void
lgx_sorter_release(struct lgx_sorter *s)
{
	lgx_buf_release(&s->text);
	free(s->lines);
	*s = (struct lgx_sorter){ .lines = NULL };
}
