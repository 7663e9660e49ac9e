/*
 * fuzz/fuzz-mapping.c - mappings, and records mapped: what any bytes must hold
 *
 * Bytes that begin with '{' are an edi record for the shipped mappings, other
 * bytes are a mapping, which maps a fixed set or a fixed row if it compiles.
 * Either way what comes out is canonical, and a refusal leaves nothing behind.
 */
#include <stdlib.h>

#include "base/table.h"
#include "map/map.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char	sample[] =
    "{\"lgx\":1,\"kind\":\"edi\",\"id\":\"e\",\"set\":\"210\",\"version\":\"004010\",\"sender\":\"02:ABCD\","
    "\"date\":\"2024-03-04\",\"time\":\"20:15\",\"segments\":[[\"ST\",\"210\",\"1\"],"
    "[\"B3\",\"C\",\"INV1\",\"B1\",\"PP\",\"L\",\"20240304\",\"3000\",\"\",\"20240303\",\"035\",\"ABCD\"],"
    "[\"N9\",\"CN\",\"P1\"],[\"N9\",\"PO\",\"O1\",\"\",\"\",\"\",\"\",[\"A\",\"B\"]],"
    "[\"L11\",\"B9\",\"BM\"],[\"N1\",\"SH\",\"NAME\"],[\"N4\",\"CITY\",\"TX\",\"75001\",\"US\"],"
    "[\"LX\",\"1\"],[\"N9\",\"CN\",\"P1\"],[\"L0\",\"1\",\"\",\"\",\"500\"],[\"L1\",\"1\",\"2.5\",\"CW\",\"1000\"],"
    "[\"LX\",\"2\"],[\"N9\",\"CN\",\"P2\"],[\"L1\",\"2\",\"\",\"\",\"2000\",\"\",\"\",\"\",\"FUE\"],"
    "[\"AT7\",\"AF\",\"NS\",\"\",\"\",\"20240301\",\"0900\",\"CT\"],[\"MS1\",\"CITY\",\"TX\",\"US\"],"
    "[\"SE\",\"17\",\"1\"]]}";
static const char	table[] =
    "a,b,c,charge1_code,charge1_amount,charge2_code,charge2_amount,date\n"
    "L-1,ABCD,12.50,LHL,10.00,FUE,2.50,2024-03-04\n";

static struct lgx_find	 find;
static struct lgx_maps	*shipped;
static struct lgx_rec	 rec, line_rec;
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
	struct lgx_arena	 arena = { 0 };
	struct lgx_err		 err;
	const char		*path;

	if (find.n > 0)
		return;
	lgx_find_add(&find, getenv("LGX_CONFIG") != NULL ? getenv("LGX_CONFIG") : "mappings");
	must(lgx_find_must(&find, "codes/currencies.csv", &arena, &path, &err) == LGX_OK &&
	    lgx_currency_load(path, &err) == LGX_OK &&
	    lgx_maps_load(&find, NULL, 0, &shipped, &err) == LGX_OK);
	lgx_arena_release(&arena);
}

static void
check_output(uint64_t made)
{
	struct lgx_str	 rest = lgx_buf_str(&out), line;
	struct lgx_err	 err;

	for (; rest.n > 0; made--) {
		line = lgx_str_cut(&rest, '\n');
		lgx_buf_clear(&again);
		must(lgx_rec_parse(&line_rec, line, LGX_PLACE_NONE, &err) == LGX_OK);
		must(lgx_rec_rewrite(&line_rec, &again, &err) == LGX_OK);
		must(lgx_str_eq(lgx_buf_str(&again), line));
	}
	must(made == 0);
}

static void
map_record(const struct lgx_maps *maps, struct lgx_str line)
{
	struct lgx_mapper	*m = lgx_mapper_new(maps, LGX_TIME_NONE);
	struct lgx_err		 err;
	uint64_t		 made = 0;

	lgx_buf_clear(&out);
	if (lgx_rec_parse(&rec, line, LGX_PLACE_NONE, &err) == LGX_OK && rec.kind == LGX_K_EDI &&
	    lgx_mapper_edi(m, &rec, &out, &made, &err) != LGX_OK)
		must(out.n == 0 && made == 0);
	check_output(made);
	lgx_mapper_free(m);
}

static void
map_rows(const struct lgx_maps *maps)
{
	struct lgx_mapper	 *m = lgx_mapper_new(maps, 0);
	struct lgx_in		 *in = lgx_in_of((struct lgx_str){ table, sizeof(table) - 1 }, "table");
	struct lgx_csv		 *csv = lgx_csv_new(in, ',');
	const struct lgx_csv_row *row;
	struct lgx_err		  err;
	uint64_t		  made = 0;

	lgx_buf_clear(&out);
	must(lgx_csv_next(csv, &row, &err) == LGX_OK);
	if (lgx_mapper_header(m, row, LGX_PLACE_NONE, &err) == LGX_OK) {
		must(lgx_csv_next(csv, &row, &err) == LGX_OK);
		if (lgx_mapper_row(m, row, LGX_PLACE_NONE, LGX_SRC_NONE, &out, &made, &err) != LGX_OK)
			must(out.n == 0 && made == 0);
	}
	check_output(made);
	lgx_csv_free(csv);
	lgx_in_close(in);
	lgx_mapper_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct lgx_str	 data = { n > 0 ? (const char *)p : "", n };
	struct lgx_maps	*maps;
	struct lgx_err	 err;

	load();
	if (n > 0 && p[0] == '{') {
		map_record(shipped, lgx_str_cut(&data, '\n'));
		return 0;
	}
	if (lgx_maps_parse(&find, data, "fuzz.yaml", &maps, &err) != LGX_OK) {
		must(maps == NULL && err.msg[0] != '\0');
		return 0;
	}
	if (lgx_maps_from(maps) == LGX_FROM_CSV)
		map_rows(maps);
	else
		map_record(maps, (struct lgx_str){ sample, sizeof(sample) - 1 });
	lgx_maps_free(maps);
	return 0;
}
