/*
 * tests/unit-map.c - CSV rows, values and sets of the mapping engine
 */
#include <stdlib.h>

#include "fmt/csv.h"
#include "map/once.h"
#include "map/value.h"
#include "tap.h"

/* The first row of a text, as "cell|cell@offset", or the code of what refuses it. */
static const char *
first_row(struct lgx_str text)
{
	static struct lgx_buf	 b;
	struct lgx_in		*in = lgx_in_of(text, "t.csv");
	struct lgx_csv		*csv = lgx_csv_new(in, ',');
	const struct lgx_csv_row *row;
	struct lgx_err		 err;
	int			 st = lgx_csv_next(csv, &row, &err);

	lgx_buf_clear(&b);
	for (size_t i = 0; st == LGX_OK && i < row->n; i++)
		lgx_buf_putf(&b, "%s%.*s", i > 0 ? "|" : "", LGX_STR_ARG(row->cells[i]));
	if (st == LGX_OK)
		lgx_buf_putf(&b, "@%lu", (unsigned long)row->offset);
	else
		lgx_buf_putz(&b, st == LGX_EOF ? "end" : lgx_diag_code(err.diag));
	lgx_csv_free(csv);
	lgx_in_close(in);
	return lgx_buf_z(&b);
}

static bool
reads(const char *text, const char *expected)
{
	const char	*got = first_row(lgx_str_of(text));

	if (strcmp(got, expected) == 0)
		return true;
	printf("# got %s\n", got);
	return false;
}

static void
test_csv(void)
{
	ok(reads("", "end"), "an empty file has no row");
	ok(reads("\n\n", "end"), "nor has one of blank lines");
	ok(reads("a,b", "a|b@0"), "a last row without LF");
	ok(reads("a,\"b\"", "a|b@0"), "a last cell in quotes without LF");
	ok(reads("a,b\r\nc", "a|b@0"), "CR LF");
	ok(reads("\xef\xbb\xbf" "a,b\n", "a|b@3"), "a byte order mark is skipped");
	ok(reads("\n\na,b\n", "a|b@2"), "blank rows are skipped");
	ok(reads(",\n", "|@0"), "empty cells are cells");
	ok(reads("\"x\ny\",\"a\"\"b\"\n", "x\ny|a\"b@0"), "line ends and quotes in quotes");
	ok(reads(" a , b c ,\" d \"\n", "a|b c| d @0"), "blanks around cells");
	ok(reads("12\" pipe,b\n", "12\" pipe|b@0"), "a quote inside a cell is itself");
	ok(reads("caf\xe9\n", "caf\xc3\xa9@0"), "Latin-1");
	ok(reads("caf\xc3\xa9\n", "caf\xc3\xa9@0"), "UTF-8");
	ok(reads("a,\"b\nc\n", "csv.row"), "a quote that is never closed");
}

/* A row of one cell of n bytes. */
static bool
cell_fits(size_t n)
{
	struct lgx_buf	 b = { 0 };
	bool		 good;

	for (size_t i = 0; i < n; i++)
		lgx_buf_putc(&b, 'x');
	lgx_buf_putc(&b, '\n');
	good = strcmp(first_row(lgx_buf_str(&b)), "csv.row") != 0;
	lgx_buf_release(&b);
	return good;
}

static bool
cells_fit(size_t n, const char *cell)
{
	struct lgx_buf	 b = { 0 };
	bool		 good;

	for (size_t i = 0; i < n; i++)
		lgx_buf_putf(&b, "%s%s", i > 0 ? "," : "", cell);
	good = strcmp(first_row(lgx_buf_str(&b)), "csv.row") != 0;
	lgx_buf_release(&b);
	return good;
}

static void
test_bounds(void)
{
	char	 cell[1024];

	memset(cell, 'y', sizeof(cell) - 1);
	cell[sizeof(cell) - 1] = '\0';
	ok(cell_fits(LGX_CSV_CELL_MAX), "a cell of 64 KiB fits");
	ok(!cell_fits(LGX_CSV_CELL_MAX + 1), "one byte more does not");
	ok(cells_fit(LGX_CSV_CELLS_MAX, "z"), "4096 cells fit");
	ok(!cells_fit(LGX_CSV_CELLS_MAX + 1, "z"), "one more does not");
	ok(cells_fit(1024, cell), "a row of 1 MiB fits");	/* 1024 * 1024 - 1 bytes */
	ok(!cells_fit(1025, cell), "a longer one does not");
}

static bool
number(enum map_as as, const char *text, int64_t coef, int scale)
{
	struct lgx_dec	 d;
	bool		 lenient;

	return map_read_number(as, lgx_str_of(text), &d, &lenient) &&
	    lgx_dec_cmp(d, (struct lgx_dec){ coef, scale }) == 0;
}

static bool
no_number(enum map_as as, const char *text)
{
	struct lgx_dec	 d;
	bool		 lenient;

	return !map_read_number(as, lgx_str_of(text), &d, &lenient);
}

static void
test_numbers(void)
{
	struct lgx_dec	 d;
	bool		 lenient;

	ok(number(MAP_AS_N2, "146400", 1464, 0), "N2");
	ok(number(MAP_AS_N2, "5", 5, 2), "N2 shorter than its decimals");
	ok(number(MAP_AS_N2, "-00044949", -44949, 2), "N2 with a sign and zeros");
	ok(no_number(MAP_AS_N2, "1464.00"), "N2 has no point");
	ok(number(MAP_AS_N2_LENIENT, "1464.00", 1464, 0), "unless it is read leniently");
	ok(map_read_number(MAP_AS_N2_LENIENT, LGX_STR("1.5"), &d, &lenient) && lenient,
	    "which is said");
	ok(map_read_number(MAP_AS_N2_LENIENT, LGX_STR("150"), &d, &lenient) && !lenient,
	    "and only then");
	ok(number(MAP_AS_PLAIN, "+1.50", 15, 1), "a plus sign");
	ok(no_number(MAP_AS_PLAIN, "1,200.00"), "no grouping");
	ok(no_number(MAP_AS_PLAIN, "1e3"), "no exponent");
	ok(number(MAP_AS_DMS, "0914726", 91790556, 6), "degrees, minutes, seconds");
	ok(number(MAP_AS_DMS, "431836", 4331, 2), "with six digits");
	ok(no_number(MAP_AS_DMS, "0916000"), "sixty minutes are a degree");
	ok(number(MAP_AS_DMS, "91.790556", 91790556, 6), "decimal degrees");
}

static bool
instant(const char *text, const char *expected)
{
	struct lgx_buf	 b = { 0 };
	lgx_time	 t;
	bool		 good = map_read_instant(lgx_str_of(text), &t);

	if (good)
		lgx_time_put(&b, t);
	good = strcmp(good ? lgx_buf_z(&b) : "none", expected) == 0;
	lgx_buf_release(&b);
	return good;
}

static void
test_instants(void)
{
	ok(instant("2024-03-04T20:15:00Z", "2024-03-04T20:15:00Z"), "canonical");
	ok(instant("2024-03-04 20:15", "2024-03-04T20:15:00Z"), "a blank, no seconds, no zone");
	ok(instant("2024-03-04T20:15:30+02:00", "2024-03-04T18:15:30Z"), "an offset");
	ok(instant("2024-03-04", "2024-03-04T00:00:00Z"), "a date");
	ok(instant("2024-02-30T00:00:00Z", "none"), "not in the calendar");
	ok(instant("2024-03-04T24:00", "none"), "no hour 24");
	ok(instant("2024-03-04T20:15:00 CT", "none"), "no names of zones");
	ok(instant("2024-03-04T2", "none"), "cut");
}

static void
test_once(void)
{
	struct map_once	 once = { 0 };
	struct lgx_buf	 b = { 0 };
	size_t		 added = 0, off;

	for (int round = 0; round < 3; round++) {
		map_once_clear(&once);
		lgx_buf_clear(&b);
		added = 0;
		for (int i = 0; i < 1000; i++) {
			off = b.n;
			lgx_buf_putf(&b, "item %d", i % 300);
			added += map_once_add(&once, &b, off);
		}
		ok(added == 300, "each of 300 items once, round %d", round);
	}
	map_once_release(&once);
	lgx_buf_release(&b);
}

int
main(void)
{
	test_csv();
	test_bounds();
	test_numbers();
	test_instants();
	test_once();
	return tap_done();
}
