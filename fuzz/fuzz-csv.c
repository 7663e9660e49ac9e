/*
 * fuzz/fuzz-csv.c - CSV: what any bytes must hold
 *
 * The first byte chooses the separator.  Every row lies where it says, rows
 * do not overlap, every byte outside of rows is a line end or the byte order
 * mark.  Read as TMS loads, what comes out is canonical.
 */
#include <stdlib.h>

#include "base/table.h"
#include "map/map.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct lgx_find	 find;
static struct lgx_maps	*maps;
static struct lgx_rec	 rec;
static struct lgx_buf	 out, again;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
load(void)
{
	static const char *const	 names[] = { "tms-shipments-csv" };
	struct lgx_arena		 arena = { 0 };
	struct lgx_err			 err;
	const char			*path;

	if (find.n > 0)
		return;
	lgx_find_add(&find, getenv("LGX_CONFIG") != NULL ? getenv("LGX_CONFIG") : "mappings");
	must(lgx_find_must(&find, "codes/currencies.csv", &arena, &path, &err) == LGX_OK &&
	    lgx_currency_load(path, &err) == LGX_OK &&
	    lgx_maps_load(&find, names, 1, &maps, &err) == LGX_OK);
	lgx_arena_release(&arena);
}

static void
check_line(struct lgx_str line)
{
	struct lgx_err	 err;

	must(line.n > 0 && line.p[line.n - 1] == '\n');
	line.n--;
	lgx_buf_clear(&again);
	must(lgx_rec_parse(&rec, line, LGX_PLACE_NONE, &err) == LGX_OK);
	must(lgx_rec_rewrite(&rec, &again, &err) == LGX_OK);
	must(lgx_str_eq(lgx_buf_str(&again), line));
}

static bool
is_filler(struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr("\r\n\xef\xbb\xbf", s.p[i], 5) == NULL)
			return false;
	return true;
}

static void
check_row(struct lgx_str data, const struct lgx_csv_row *row, uint64_t *end)
{
	must(row->offset >= *end && row->offset + row->raw.n <= data.n);
	must(memcmp(data.p + row->offset, row->raw.p, row->raw.n) == 0);
	must(is_filler((struct lgx_str){ data.p + *end, row->offset - *end }));
	*end = row->offset + row->raw.n;
	for (size_t i = 0; i < row->n; i++)
		must(lgx_str_utf8(row->cells[i]));
}

static void
map_row(struct lgx_mapper *m, const struct lgx_csv_row *row)
{
	struct lgx_err	 err;
	uint64_t	 made = 0;

	lgx_buf_clear(&out);
	if (lgx_mapper_row(m, row, LGX_PLACE_NONE, LGX_SRC_NONE, &out, &made, &err) != LGX_OK) {
		must(out.n == 0 && made == 0);
		return;
	}
	must(made == 1);
	check_line(lgx_buf_str(&out));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char	 separators[] = ",;\t|";
	struct lgx_str		 data = { n > 1 ? (const char *)p + 1 : "", n > 1 ? n - 1 : 0 };
	struct lgx_in		*in = lgx_in_of(data, "fuzz");
	struct lgx_csv		*csv = lgx_csv_new(in, separators[n > 0 ? p[0] & 3 : 0]);
	const struct lgx_csv_row *row;
	struct lgx_mapper	*m;
	struct lgx_err		 err;
	uint64_t		 end = 0;
	int			 st;
	bool			 header = false;

	load();
	m = lgx_mapper_new(maps, LGX_TIME_NONE);
	while ((st = lgx_csv_next(csv, &row, &err)) != LGX_EOF) {
		must(st == LGX_OK || st == LGX_REJECT);
		check_row(data, row, &end);
		if (st == LGX_OK && header)
			map_row(m, row);
		else if (st == LGX_OK &&
		    (header = lgx_mapper_header(m, row, LGX_PLACE_NONE, &err) == LGX_OK))
			lgx_csv_expect(csv, row->n);
	}
	must(is_filler(lgx_str_from(data, end)));
	lgx_mapper_free(m);
	lgx_csv_free(csv);
	lgx_in_close(in);
	return 0;
}
