/*
 * tests/unit-base.c - floor base: decimals, dates, views, YAML, tables, input
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/date.h"
#include "base/dec.h"
#include "base/dict.h"
#include "base/digest.h"
#include "base/io.h"
#include "base/partner.h"
#include "base/table.h"
#include "tap.h"

static struct lgx_dec
dec(const char *z)
{
	struct lgx_dec	 d = { -1, 18 };

	if (!lgx_dec_parse(lgx_str_of(z), &d))
		printf("# cannot parse %s\n", z);
	return d;
}

static bool
shows(struct lgx_dec d, const char *want)
{
	struct lgx_buf	 b = { 0 };
	bool		 same;

	lgx_dec_put(&b, d);
	same = lgx_str_eq(lgx_buf_str(&b), lgx_str_of(want));
	if (!same)
		printf("# %s, wanted %s\n", lgx_buf_z(&b), want);
	lgx_buf_release(&b);
	return same;
}

static void
test_dec_text(void)
{
	static const struct { const char *in, *out; } good[] = {
		{ "0", "0" }, { "-0", "0" }, { "-0.00", "0" }, { "1464.00", "1464" },
		{ "007", "7" }, { ".5", "0.5" }, { "5.", "5" }, { "-12.50", "-12.5" },
		{ "0.000001", "0.000001" }, { "999999999999999999", "999999999999999999" },
		{ "1.000000000000000000000000", "1" },
	};
	static const char *const bad[] = { "", "-", ".", "-.", "1e3", "+1", "1.2.3", " 1", "1,000",
	    "1000000000000000000", "0.0000000000000000001" };
	struct lgx_dec	 d;

	for (size_t i = 0; i < LGX_LEN(good); i++)
		ok(shows(dec(good[i].in), good[i].out), "decimal %s is %s", good[i].in, good[i].out);
	for (size_t i = 0; i < LGX_LEN(bad); i++)
		ok(!lgx_dec_parse(lgx_str_of(bad[i]), &d), "decimal '%s' is refused", bad[i]);
	ok(lgx_dec_parse_implied(LGX_STR("146400"), 2, &d) && shows(d, "1464"), "N2 146400");
	ok(lgx_dec_parse_implied(LGX_STR("5"), 2, &d) && shows(d, "0.05"), "N2 5 is 0.05");
	ok(lgx_dec_parse_implied(LGX_STR("-1274"), 2, &d) && shows(d, "-12.74"), "N2 with a sign");
	ok(!lgx_dec_parse_implied(LGX_STR("12.34"), 2, &d), "N2 with a point is refused");
}

static void
test_dec_sums(void)
{
	struct lgx_dec	 d;
	struct lgx_buf	 b = { 0 };
	int64_t		 minor;

	ok(lgx_dec_add(dec("0.1"), dec("0.2"), &d) && shows(d, "0.3"), "0.1 + 0.2");
	ok(lgx_dec_sub(dec("1"), dec("1.01"), &d) && shows(d, "-0.01"), "1 - 1.01");
	ok(lgx_dec_mul(dec("2.70"), dec("18.40"), &d) && shows(d, "49.68"), "2.70 x 18.40");
	ok(!lgx_dec_add(dec("999999999999999999"), dec("1"), &d), "a sum of 19 digits is refused");
	ok(!lgx_dec_mul(dec("999999999999"), dec("999999999999"), &d), "so is a product");
	ok(lgx_dec_round(dec("2.345"), 2, LGX_HALF_AWAY, &d) && shows(d, "2.35"), "2.345 away");
	ok(lgx_dec_round(dec("-2.345"), 2, LGX_HALF_AWAY, &d) && shows(d, "-2.35"), "-2.345 away");
	ok(lgx_dec_round(dec("2.345"), 2, LGX_HALF_EVEN, &d) && shows(d, "2.34"), "2.345 even");
	ok(lgx_dec_round(dec("-2.355"), 2, LGX_HALF_EVEN, &d) && shows(d, "-2.36"), "-2.355 even");
	ok(lgx_dec_mul_round(dec("740.00"), dec("1.3512"), 2, LGX_HALF_AWAY, &d) && shows(d, "999.89"),
	    "740.00 x 1.3512 = 999.888, rounded once");
	ok(lgx_dec_div(dec("940"), dec("100"), 6, LGX_HALF_AWAY, &d) && shows(d, "9.4"), "940 lb in cwt");
	ok(lgx_dec_div(dec("-2"), dec("3"), 2, LGX_HALF_AWAY, &d) && shows(d, "-0.67"), "-2 / 3");
	ok(lgx_dec_div(dec("1"), dec("-0.00003"), 2, LGX_HALF_AWAY, &d) && shows(d, "-33333.33"),
	    "1 / -0.00003");
	ok(!lgx_dec_div(dec("1"), dec("0"), 2, LGX_HALF_AWAY, &d), "division by zero is refused");
	ok(lgx_dec_cmp(dec("1.10"), dec("1.1")) == 0 && lgx_dec_cmp(dec("-1"), dec("0.5")) < 0, "order");
	ok(lgx_dec_minor(dec("12.5"), 2, &minor) && minor == 1250, "12.5 in cents");
	ok(!lgx_dec_minor(dec("12.505"), 2, &minor), "12.505 has no cents");
	ok(lgx_dec_put_fixed(&b, dec("-0.5"), 2) && lgx_str_eq(lgx_buf_str(&b), LGX_STR("-0.50")),
	    "-0.50 as money");
	lgx_buf_release(&b);
}

static void
test_dates(void)
{
	static const char *const bad[] = { "2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01",
	    "2024-1-1", "20240101", "2024-01-32", "1900-02-29" };
	struct lgx_buf	 b = { 0 };
	lgx_date	 d, back = 0, first;
	lgx_time	 t;
	int		 sec;
	bool		 same = true;

	ok(lgx_date_make(1970, 1, 1, &d) && d == 0, "the first day");
	ok(lgx_date_make(2000, 3, 1, &d) && d == 11017, "1 March 2000");
	for (size_t i = 0; i < LGX_LEN(bad); i++)
		ok(!lgx_date_parse(lgx_str_of(bad[i]), &d), "date %s is refused", bad[i]);
	if (!lgx_date_make(1, 1, 1, &first))
		same = false;
	for (d = first; d < first + 3652059 && same; d++) {	/* to 9999-12-31 */
		struct lgx_civil c = lgx_date_civil(d);

		same = lgx_date_make(c.year, c.month, c.day, &back) && back == d;
	}
	ok(same, "every day of 9999 years goes there and back");
	ok(lgx_date_parse_x12(LGX_STR("691231"), &d) && lgx_date_civil(d).year == 2069, "691231 is 2069");
	ok(lgx_date_parse_x12(LGX_STR("700101"), &d) && lgx_date_civil(d).year == 1970, "700101 is 1970");
	ok(!lgx_date_parse_x12(LGX_STR("2024010"), &d), "seven digits are no date");
	ok(lgx_time_parse_x12(LGX_STR("2359"), &sec) && sec == 86340, "TM 2359");
	ok(lgx_time_parse_x12(LGX_STR("08301599"), &sec) && sec == 30615, "TM with hundredths");
	ok(!lgx_time_parse_x12(LGX_STR("2400"), &sec) && !lgx_time_parse_x12(LGX_STR("08300"), &sec),
	    "TM 2400 and five digits are refused");
	ok(lgx_time_parse(LGX_STR("1969-12-31T23:59:59Z"), &t) && t == -1, "before the epoch");
	lgx_time_put(&b, t);
	ok(lgx_str_eq(lgx_buf_str(&b), LGX_STR("1969-12-31T23:59:59Z")), "and back");
	ok(!lgx_time_parse(LGX_STR("2024-01-01T00:00:00"), &t), "an instant needs its Z");
	lgx_buf_release(&b);
}

static void
test_zones(void)
{
	static const struct { const char *zone, *local; int hours; } cases[] = {
		{ "America/Chicago", "2026-03-08T01:59:59", -6 },
		{ "America/Chicago", "2026-03-08T03:00:00", -5 },
		{ "America/Chicago", "2026-11-01T01:30:00", -5 },
		{ "America/Chicago", "2026-11-01T02:00:00", -6 },
		{ "America/New_York", "2006-03-20T12:00:00", -5 },
		{ "America/New_York", "2006-04-20T12:00:00", -4 },
		{ "America/Phoenix", "2026-07-01T12:00:00", -7 },
		{ "+02:00", "2026-07-01T12:00:00", 2 },
	};
	lgx_time	 local;
	int		 sec = 0;

	for (size_t i = 0; i < LGX_LEN(cases); i++)
		ok(lgx_local_parse(lgx_str_of(cases[i].local), &local) &&
		    lgx_zone_offset(lgx_str_of(cases[i].zone), local, &sec) &&
		    sec == cases[i].hours * 3600, "%s at %s is UTC%+d", cases[i].zone,
		    cases[i].local, cases[i].hours);
	ok(!lgx_zone_offset(LGX_STR("Mars/Olympus"), 0, &sec), "an unknown zone is not guessed");
}

static void
test_str(void)
{
	static const char *const words[] = { "shipment", "status", "invoice" };
	struct lgx_str	 rest = LGX_STR("a,,b"), piece;
	uint64_t	 v;
	const char	*near;

	piece = lgx_str_cut(&rest, ',');
	ok(lgx_str_eq(piece, LGX_STR("a")) && lgx_str_eq(rest, LGX_STR(",b")), "cut before a comma");
	(void)lgx_str_cut(&rest, ',');
	piece = lgx_str_cut(&rest, ',');
	ok(lgx_str_eq(piece, LGX_STR("b")) && rest.n == 0, "cut the last piece");
	ok(lgx_str_cmp(LGX_STR("ab"), LGX_STR("abc")) < 0, "a prefix comes first");
	ok(lgx_str_u64(LGX_STR("18446744073709551615"), &v) && v == UINT64_MAX, "largest u64");
	ok(!lgx_str_u64(LGX_STR("18446744073709551616"), &v), "one more is refused");
	near = lgx_str_nearest(LGX_STR("shipmnet"), words, 3);
	ok(near != NULL && strcmp(near, "shipment") == 0, "shipmnet is near shipment");
	ok(lgx_str_nearest(LGX_STR("zzz"), words, 3) == NULL, "zzz is near nothing");
	ok(lgx_str_utf8(LGX_STR("gr\xc3\xbc\xc3\x9f" "e 12345678")), "UTF-8 is UTF-8");
	ok(!lgx_str_utf8(LGX_STR("12345678\xfc")) && !lgx_str_utf8(LGX_STR("\xc0\x80")) &&
	    !lgx_str_utf8(LGX_STR("\xed\xa0\x80")) && !lgx_str_utf8(LGX_STR("\xf4\x90\x80\x80")) &&
	    !lgx_str_utf8(LGX_STR("\xe2\x82")), "Latin-1, overlong, surrogate, too large, cut are not");
}

static void
test_dict(void)
{
	struct lgx_dict	 d = { 0 };
	char		 key[16];
	bool		 good = true;

	ok(lgx_dict_find(&d, LGX_STR("x")) == LGX_DICT_NONE, "nothing in an empty dict");
	for (uint32_t i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		good &= lgx_dict_add(&d, lgx_str_of(key)) == i;
	}
	ok(good, "numbers in order of insertion");
	for (uint32_t i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		good &= lgx_dict_find(&d, lgx_str_of(key)) == i && lgx_dict_add(&d, lgx_str_of(key)) == i;
	}
	ok(good && d.n == 5000, "found again, none twice");
	ok(lgx_dict_find(&d, LGX_STR("k5000")) == LGX_DICT_NONE, "what is not there is not found");
	lgx_dict_release(&d);
}

static void
test_sha(void)
{
	unsigned char	 out[LGX_SHA_SIZE];
	char		 hex[LGX_SHA_HEX];

	lgx_sha_of(LGX_STR("abc"), out);	/* FIPS 180-4 example */
	lgx_hex(out, sizeof(out), hex);
	ok(strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0,
	    "SHA-256 of abc");
}

/* What the YAML says, or the diagnostic. */
static void
yaml_refused(const char *text, const char *want)
{
	struct lgx_arena	 arena = { 0 };
	const struct lgx_conf	*root;
	struct lgx_err		 err;
	char			 line[500] = "";

	if (lgx_conf_parse(lgx_str_of(text), "t.yaml", &arena, &root, &err) == LGX_CONFIG)
		lgx_err_format(&err, line, sizeof(line));
	ok(strstr(line, want) != NULL, "YAML refused: %s", want);
	if (strstr(line, want) == NULL)
		printf("# got: %s\n", line);
	lgx_arena_release(&arena);
}

static void
test_conf(void)
{
	static const char *const words[] = { "count", "name" };
	struct lgx_arena	 arena = { 0 };
	const struct lgx_conf	*root;
	struct lgx_err		 err;
	int64_t			 n = -1;
	char			 line[500];

	ok(lgx_conf_parse(LGX_STR("name: x\nlist: [a, b]\ncount: 3\n"), "t.yaml", &arena, &root, &err)
	    == LGX_OK && root->n == 3, "a small mapping");
	ok(lgx_conf_get(root, "list")->n == 2 && lgx_conf_get(root, "count")->line == 3,
	    "nodes know their line");
	ok(lgx_conf_int(root, "count", true, 0, 9, &n, &err) == LGX_OK && n == 3, "a number");
	ok(lgx_conf_int(root, "name", true, 0, 9, &n, &err) == LGX_CONFIG, "a word is no number");
	ok(lgx_conf_int(root, "gone", true, 0, 9, &n, &err) == LGX_CONFIG, "a missing one is named");
	ok(lgx_conf_int(root, "gone", false, 0, 9, &n, &err) == LGX_OK && n == 3, "unless it may be");
	ok(lgx_conf_parse(LGX_STR("cuont: 3\n"), "t.yaml", &arena, &root, &err) == LGX_OK &&
	    lgx_conf_allow(root, words, 2, &err) == LGX_CONFIG, "an unknown setting is refused");
	lgx_err_format(&err, line, sizeof(line));
	ok(strcmp(line, "t.yaml: line 1, column 1: conf.unknown: unknown setting 'cuont';"
	    " did you mean 'count'?") == 0, "with its place and the nearest word");
	ok(lgx_conf_parse(LGX_STR(""), "t.yaml", &arena, &root, &err) == LGX_OK && root->n == 0,
	    "an empty file is an empty mapping");
	lgx_arena_release(&arena);
	yaml_refused("a: 1\na: 2\n", "t.yaml: line 2, column 1: conf.syntax: key 'a' stands twice");
	yaml_refused("a: &x 1\nb: *x\n", "anchors, aliases and tags");
	yaml_refused("a: [1\n", "conf.syntax");
	yaml_refused("{a: 1}\n---\n{b: 1}\n", "more than one document");
}

static void
test_table(const char *root)
{
	struct lgx_err	 err;
	char		 path[4096];

	snprintf(path, sizeof(path), "%s/codes/currencies.csv", root);
	ok(lgx_currency_load(path, &err) == LGX_OK, "the currency table");
	ok(lgx_currency_digits(LGX_STR("USD")) == 2 && lgx_currency_digits(LGX_STR("JPY")) == 0 &&
	    lgx_currency_digits(LGX_STR("BHD")) == 3 && lgx_currency_digits(LGX_STR("XQQ")) == -1,
	    "digits of USD, JPY, BHD and of none");
}

static void
put_file(const char *path, struct lgx_str text)
{
	struct lgx_err	 err;

	ok(lgx_file_write(path, text, &err) == LGX_OK, "%s is written", path);
}

static bool
reads_as(const char *path, struct lgx_str want, int status)
{
	struct lgx_buf	 all = { 0 };
	struct lgx_in	*in;
	struct lgx_str	 view;
	struct lgx_err	 err;
	bool		 same;
	int		 st;

	if (lgx_in_open(&in, path, &err) != LGX_OK)
		return false;
	while ((st = lgx_in_fill(in, 1, &view, &err)) == LGX_OK && view.n > 0) {
		lgx_buf_puts(&all, view);
		lgx_in_take(in, view.n);
	}
	same = st == status && lgx_str_eq(lgx_buf_str(&all), want) && lgx_in_offset(in) == want.n;
	lgx_in_close(in);
	lgx_buf_release(&all);
	return same;
}

static bool
is_regular(const char *path)
{
	struct stat	 sb;

	return stat(path, &sb) == 0 && S_ISREG(sb.st_mode);
}

static void
test_io(void)
{
	char		 dir[] = "/tmp/lgx-unit-XXXXXX", part[64];
	struct lgx_buf	 big = { 0 }, zip = { 0 };
	struct lgx_out	*out;
	struct lgx_err	 err;

	ok(mkdtemp(dir) != NULL && chdir(dir) == 0, "a scratch folder");
	for (int i = 0; i < 40000; i++)
		lgx_buf_putf(&big, "%d,", i);
	put_file("big", lgx_buf_str(&big));
	put_file("big.gz", lgx_buf_str(&big));
	ok(reads_as("big", lgx_buf_str(&big), LGX_OK), "plain file");
	ok(reads_as("big.gz", lgx_buf_str(&big), LGX_OK), "gzip file");
	ok(lgx_file_read("big.gz", 1 << 20, &zip, &err) == LGX_OK && zip.n == big.n, "read whole");
	ok(lgx_file_read("big.gz", 100, &zip, &err) == LGX_FAIL, "but not above the limit");
	setenv("LGX_READ_SIZE", "7", 1);
	ok(reads_as("big", lgx_buf_str(&big), LGX_OK), "plain file, 7-byte reads");
	ok(reads_as("big.gz", lgx_buf_str(&big), LGX_OK), "gzip file, 7-byte reads");
	unsetenv("LGX_READ_SIZE");
	ok(system("cat big.gz big.gz | head -c -5 > cut.gz; gzip -dc cut.gz 2>/dev/null > cut") == 0 ||
	    true, "a gzip of two members, cut short");
	ok(lgx_file_read("cut", 1 << 24, &zip, &err) == LGX_OK && zip.n >= big.n &&
	    reads_as("cut.gz", lgx_buf_str(&zip), LGX_FAIL), "what came before the cut is read, then it fails");
	ok(lgx_in_open(&(struct lgx_in *){ NULL }, "absent", &err) == LGX_FAIL, "a missing file");
	ok(lgx_out_open(&out, "new", &err) == LGX_OK && lgx_out_put(out, LGX_STR("x"), &err) == LGX_OK &&
	    access("new", F_OK) != 0, "an output does not appear before it is complete");
	snprintf(part, sizeof(part), "new.part.%ld", (long)getpid());
	lgx_out_abandon(out);
	ok(access("new", F_OK) != 0 && access(part, F_OK) != 0, "abandoned, it leaves no trace");
	ok(lgx_file_write("/dev/null", LGX_STR("x"), &err) == LGX_OK && !is_regular("/dev/null"),
	    "a device is written to, not replaced");
	ok(lgx_file_write("/dev/full", LGX_STR("x"), &err) == LGX_FAIL, "a full one fails");
	ok(lgx_file_write("no/such/folder", LGX_STR("x"), &err) == LGX_FAIL, "an impossible name");
	ok(system("rm -f big big.gz cut cut.gz") == 0 && chdir("/") == 0 && rmdir(dir) == 0,
	    "nothing is left in the folder");
	lgx_buf_release(&big);
	lgx_buf_release(&zip);
}

int
main(void)
{
	const char	*root = getenv("LGX_CONFIG");

	test_dec_text();
	test_dec_sums();
	test_dates();
	test_zones();
	test_str();
	test_dict();
	test_sha();
	test_conf();
	test_table(root != NULL ? root : "mappings");
	test_io();
	return tap_done();
}
