/*
 * fuzz/fuzz-rec.c - records: what any bytes must hold
 *
 * Read as lines, each line that is a record is written canonically.  The
 * canonical bytes are a fixed point, the short way (copy a line that is
 * canonical already) and the long way agree, and what a dead letter keeps of
 * any object can be read again and is a fixed point too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "rec/rec.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LINE_MAX_FUZZ	4096	/* small, so that too long lines are met */

static struct lgx_rec	 rec, second;
static struct lgx_buf	 a, b, c;
static struct lgx_err	 err;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
same(const struct lgx_buf *x, const struct lgx_buf *y)
{
	return lgx_str_eq(lgx_buf_str(x), lgx_buf_str(y));
}

static void
check_canon(void)
{
	int	 fast, slow;

	lgx_buf_clear(&a);
	lgx_buf_clear(&b);
	lgx_buf_clear(&c);
	fast = lgx_rec_canon(&rec, &a, &err);
	slow = lgx_rec_rewrite(&rec, &b, &err);
	must(fast == slow && same(&a, &b));
	if (fast != LGX_OK)
		return;
	must(lgx_rec_parse(&second, lgx_buf_str(&a), LGX_PLACE_NONE, &err) == LGX_OK);
	must(lgx_rec_rewrite(&second, &c, &err) == LGX_OK && same(&a, &c));
	lgx_buf_clear(&c);
	must(lgx_rec_canon(&second, &c, &err) == LGX_OK && same(&a, &c));
	must(lgx_line_kind(lgx_buf_str(&a)) == rec.kind);
}

static void
check_keep(void)
{
	lgx_buf_clear(&a);
	lgx_buf_clear(&b);
	lgx_rec_keep(&rec, &a);
	must(lgx_rec_parse_any(&second, lgx_buf_str(&a), LGX_PLACE_NONE, &err) == LGX_OK);
	lgx_rec_keep(&second, &b);
	must(same(&a, &b));
}

/* The dead letter of any line is a canonical record. */
static void
check_dead(struct lgx_str line)
{
	struct lgx_err	 why;
	struct lgx_dead	 dead = { .stage = "fuzz", .err = &why, .blocked_by = LGX_STR_EMPTY,
	    .record = line, .raw = LGX_STR_EMPTY, .src = LGX_SRC_NONE, .sha = LGX_STR_EMPTY };
	struct lgx_str	 bytes;

	(void)lgx_err_reject(&why, LGX_E_REC_VALUE, LGX_PLACE_NONE, "of any kind");
	lgx_buf_clear(&a);
	lgx_buf_clear(&b);
	lgx_dead_put(&a, &dead);
	bytes = lgx_str_head(lgx_buf_str(&a), a.n - 1);
	must(lgx_rec_parse(&second, bytes, LGX_PLACE_NONE, &err) == LGX_OK);
	must(lgx_rec_rewrite(&second, &b, &err) == LGX_OK && lgx_str_eq(bytes, lgx_buf_str(&b)));
}

/* Without the table records with a currency are refused: less is met, nothing breaks. */
static void
load_currencies(void)
{
	static bool	 tried;
	const char	*config = getenv("LGX_CONFIG");
	char		 path[4096];

	if (tried)
		return;
	tried = true;
	snprintf(path, sizeof(path), "%s/codes/currencies.csv", config != NULL ? config : "mappings");
	(void)!lgx_currency_load(path, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct lgx_str	 all = { n > 0 ? (const char *)data : "", n }, line;
	struct lgx_place place;
	struct lgx_stream s;
	struct lgx_in	*in = lgx_in_of(all, "fuzz");
	int		 st;

	load_currencies();
	lgx_stream_init(&s, in, LINE_MAX_FUZZ);
	while ((st = lgx_stream_line(&s, &line, &place, &err)) != LGX_EOF) {
		must(st != LGX_FAIL);
		if (line.n > 0)
			check_dead(line);
		if (st != LGX_OK)
			continue;
		if (lgx_rec_parse(&rec, line, place, &err) == LGX_OK)
			check_canon();
		if (lgx_rec_parse_any(&rec, line, place, &err) == LGX_OK)
			check_keep();
	}
	lgx_in_close(in);
	return 0;
}
