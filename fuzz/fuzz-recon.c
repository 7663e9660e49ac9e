/*
 * fuzz/fuzz-recon.c - a night of any lines
 *
 * Whatever the lines say, the run ends, its amounts add up, every line of the
 * output is a canonical record, and the lines backwards give the same output.
 */
#include <stdlib.h>

#include "base/table.h"
#include "recon/recon.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LINES	256

static struct lgx_find	 find;
static struct lgx_rec	 rec;
static struct lgx_err	 err;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static int
emit(void *arg, struct lgx_str line, struct lgx_err *why)
{
	struct lgx_buf	*out = arg, canonical = { 0 };

	(void)why;
	lgx_buf_puts(out, line);
	line = lgx_str_trim(line);
	must(lgx_rec_parse_any(&rec, line, LGX_PLACE_NONE, &err) == LGX_OK ||
	    lgx_line_kind(line) != LGX_K_DECISION);
	if (lgx_line_kind(line) == LGX_K_DECISION) {
		must(lgx_rec_parse(&rec, line, LGX_PLACE_NONE, &err) == LGX_OK);
		must(lgx_rec_rewrite(&rec, &canonical, &err) == LGX_OK &&
		    lgx_str_eq(lgx_buf_str(&canonical), line));
	}
	lgx_buf_release(&canonical);
	return LGX_OK;
}

static int
dead(void *arg, struct lgx_str line, const struct lgx_err *why, struct lgx_err *ignored)
{
	(void)ignored;
	(void)why;
	lgx_buf_puts(arg, line);
	return LGX_OK;
}

static void
night(struct lgx_str *line, size_t n, bool backwards, struct lgx_buf *out)
{
	struct lgx_recon_options options = { .run = "fuzz", .as_of = 1772755200 };
	struct lgx_recon	*r;
	enum lgx_taken		 taken;

	must(lgx_recon_open(&r, &options, &find, &err) == LGX_OK);
	for (size_t i = 0; i < n; i++)
		(void)!lgx_recon_take(r, line[backwards ? n - 1 - i : i], LGX_PLACE_NONE, &taken, &err);
	must(lgx_recon_finish(r, emit, dead, out, &err) == LGX_OK);
	lgx_recon_free(r);
}

static void
prepare(void)
{
	struct lgx_arena	 arena = { 0 };
	const char		*path;

	lgx_find_add(&find, getenv("LGX_CONFIG") != NULL ? getenv("LGX_CONFIG") : "mappings");
	must(lgx_find_must(&find, "codes/currencies.csv", &arena, &path, &err) == LGX_OK);
	must(lgx_currency_load(path, &err) == LGX_OK);
	lgx_arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lgx_str	 rest = { (const char *)data, size }, line[LINES];
	struct lgx_buf	 forth = { 0 }, back = { 0 };
	size_t		 n = 0;

	if (size == 0)
		return 0;
	if (find.n == 0)
		prepare();
	while (rest.n > 0 && n < LINES)
		line[n++] = lgx_str_cut(&rest, '\n');
	night(line, n, false, &forth);
	night(line, n, true, &back);
	must(lgx_str_eq(lgx_buf_str(&forth), lgx_buf_str(&back)));
	lgx_buf_release(&forth);
	lgx_buf_release(&back);
	return 0;
}
