/*
 * fuzz/fuzz-x12.c - any bytes as X12 interchanges
 *
 * What must hold whatever the bytes are: the reader ends; each item is a
 * record that parses or a dead letter; every transaction set counts once.
 */
#include <stdint.h>
#include <stdlib.h>

#include "fmt/x12.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct lgx_x12_grammars	*grammars;
static struct lgx_rec		 rec;

static void
prepare(void)
{
	const char	*config = getenv("LGX_CONFIG");
	struct lgx_find	 find = { .n = 0 };
	struct lgx_err	 err;

	lgx_find_add(&find, config != NULL ? config : "mappings");
	if (grammars == NULL && lgx_x12_grammars_load(&find, &grammars, &err) != LGX_OK)
		abort();
}

static void
check_record(struct lgx_str line)
{
	struct lgx_err	 err;

	if (line.n == 0 || line.p[line.n - 1] != '\n')
		abort();
	line.n--;
	if (lgx_rec_parse(&rec, line, LGX_PLACE_NONE, &err) != LGX_OK || rec.kind != LGX_K_EDI)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lgx_x12_opts	 o = { .test = size % 2, .max_set = 16384,
		.received = LGX_TIME_NONE };
	const struct lgx_x12_totals *t;
	struct lgx_str		 bytes = { size > 0 ? (const char *)data : "", size }, line;
	struct lgx_in		*in = lgx_in_of(bytes, "fuzz");
	struct lgx_x12		*x;
	struct lgx_buf		 b = { 0 };
	struct lgx_dead		 dead;
	struct lgx_err		 err;
	int			 st;

	prepare();
	o.grammars = grammars;
	if (lgx_x12_open(&x, &o, &err) != LGX_OK)
		abort();
	lgx_x12_begin(x, in, LGX_STR_EMPTY);
	while ((st = lgx_x12_next(x, &line, &dead, &err)) != LGX_EOF) {
		if (st == LGX_OK) {
			check_record(line);
			continue;
		}
		if (st != LGX_REJECT || dead.raw.n == 0)
			abort();
		dead.stage = "parse-edi";
		lgx_buf_clear(&b);
		lgx_dead_put(&b, &dead);
	}
	t = lgx_x12_totals(x);
	if (t->sets != t->records + t->dead_sets || lgx_in_offset(in) != size)
		abort();
	lgx_buf_release(&b);
	lgx_x12_close(x);
	lgx_in_close(in);
	return 0;
}
