/*
 * tests/unit-x12.c - the X12 reader by its parts
 */
#include <stdlib.h>

#include "fmt/x12_part.h"
#include "tap.h"

static struct lgx_x12_grammars	*grammars;

static void
load_grammars(void)
{
	const char	*config = getenv("LGX_CONFIG");
	struct lgx_find	 find = { .n = 0 };
	struct lgx_err	 err = { .msg = "" };

	lgx_find_add(&find, config != NULL ? config : "mappings");
	ok(lgx_x12_grammars_load(&find, &grammars, &err) == LGX_OK, "the shipped grammars load%s", err.msg);
}

static void
test_releases(void)
{
	static const char *const sets[] = { "204", "210", "214", "990", "997" };
	static const char *const releases[] = { "003040", "003050", "003060", "003070", "004010",
		"004020", "004030", "004040", "004050", "004060", "005010", "005030" };
	bool	 exact;

	for (size_t s = 0; s < LGX_LEN(sets); s++)
		for (size_t i = 0; i < LGX_LEN(releases); i++)
			ok(x12_grammar_of(grammars, lgx_str_of(sets[s]), lgx_str_of(releases[i]), &exact) !=
			    NULL && exact, "%s compiles for %s", sets[s], releases[i]);
	ok(x12_grammar_of(grammars, LGX_STR("210"), LGX_STR("004010VICS"), &exact) != NULL && exact,
	    "an industry's version is its release");
	ok(x12_grammar_of(grammars, LGX_STR("210"), LGX_STR("004015"), &exact)->release == 4010 && !exact,
	    "an unknown release is read as the one before it");
	ok(x12_grammar_of(grammars, LGX_STR("210"), LGX_STR("002040CHRY"), &exact)->release == 3040,
	    "one before all is read as the first");
	ok(x12_grammar_of(grammars, LGX_STR("850"), LGX_STR("004010"), &exact) == NULL,
	    "a set without grammar has none");
}

/* Cut every segment of random text both ways. */
static void
test_scan(void)
{
	static const char	 bytes[] = "**~AB1 :\"\\\n\xC3";
	struct x12_delims	 d = { .el = '*', .comp = ':', .term = '~' };
	struct x12_cut		 cut = { .n = 0 };
	struct x12_span		 span;
	struct x12_scan		 scan;
	char			 text[400];
	unsigned		 seed = 7, bad = 0, segments = 0;

	for (int round = 0; round < 2000; round++) {
		size_t	 n = 1 + (size_t)round % (sizeof(text) - 1);

		for (size_t i = 0; i < n; i++)
			text[i] = bytes[(seed = seed * 1103515245u + 12345u) / 65536 % (sizeof(bytes) - 1)];
		text[n - 1] = '~';
		x12_scan_init(&scan, (struct lgx_str){ text, n }, &d);
		while (x12_scan_next(&scan, &span, &cut)) {
			struct lgx_str	 rest = { text + span.start, span.end - span.start - 1 };
			bool		 odd = false;

			for (size_t i = 0; i < rest.n; i++)
				odd |= strchr(":\"\\\n\xC3", rest.p[i]) != NULL;
			segments++;
			bad += memchr(rest.p, '~', rest.n) != NULL || text[span.end - 1] != '~';
			bad += odd != cut.odd;
			for (size_t i = 0; i <= cut.n; i++) {
				struct lgx_str	 s = lgx_str_cut(&rest, '*');

				bad += !lgx_str_eq(s, x12_element(&cut, i));
			}
			bad += rest.n != 0;
		}
	}
	ok(bad == 0 && segments > 20000, "%u random segments are cut as a plain split cuts them", segments);
	free(cut.end);
}

static const char one[] =
    "ISA*00*          *00*          *02*ABCD           *ZZ*SHIPPER        *240105*0930*U*00401*"
    "000000101*0*P*>~\nGS*IM*ABCD*SHIPPER*20240105*0930*101*X*004010~\nST*210*0001~\n"
    "B3**INV1*BOL1*PP**20240105*12345****ABCD~\nL3*****12345~\nSE*4*0001~\n"
    "ST*210*0002~\nB3**INV2*BOL1*PP**20240105*12345****ABCD~\nL3*****12345~\nSE*4*0002~\n"
    "GE*2*101~\nIEA*1*000000101~\n";

struct tally { unsigned records, dead, beyond; };

static void
count_items(struct lgx_x12 *x, size_t n, struct tally *t)
{
	struct lgx_in	*in = lgx_in_of((struct lgx_str){ one, n }, "one");
	struct lgx_rec	 rec = { .kind = LGX_K_NONE };
	struct lgx_dead	 dead;
	struct lgx_str	 line;
	struct lgx_err	 err;
	int		 st;

	*t = (struct tally){ .records = 0 };
	lgx_x12_begin(x, in, LGX_STR_EMPTY);
	while ((st = lgx_x12_next(x, &line, &dead, &err)) == LGX_OK || st == LGX_REJECT) {
		if (st == LGX_REJECT) {
			t->dead++;
			continue;
		}
		t->records++;
		line.n--;
		if (lgx_rec_parse(&rec, line, LGX_PLACE_NONE, &err) != LGX_OK || rec.kind != LGX_K_EDI)
			t->beyond++;
	}
	lgx_rec_release(&rec);
	lgx_in_close(in);
}

/* Whatever a file is cut to, what was whole comes out, and the cut is not silent. */
static void
test_prefixes(void)
{
	struct lgx_x12_opts	 o = { .grammars = grammars, .received = LGX_TIME_NONE };
	size_t			 first = (size_t)(strstr(one, "ST*210*0002") - one) - 1;
	size_t			 second = (size_t)(strstr(one, "GE*2") - one) - 1;
	struct lgx_x12		*x;
	struct lgx_err		 err;
	struct tally		 t;
	unsigned		 bad = 0;

	if (lgx_x12_open(&x, &o, &err) != LGX_OK)
		abort();
	for (size_t n = 0; n < sizeof(one); n++) {
		unsigned due = (n >= first) + (n >= second);
		bool	 whole = n == 0 || n >= sizeof(one) - 3;	/* but for ~ and the line end */

		count_items(x, n, &t);
		if (t.records != due || t.beyond > 0 || (t.dead == 0) != whole)
			bad++;
	}
	ok(bad == 0, "every prefix gives its whole sets, and a dead letter for the cut");
	lgx_x12_close(x);
}

static void
test_headers(void)
{
	static const struct { const char *text; int st; char el, comp, term, rep; } rows[] = {
		{ "ISA*00*          *00*          *02*A              *ZZ*B              *240105*0930*^*"
		  "00501*000000101*0*P*:~", LGX_OK, '*', ':', '~', '^' },
		{ "ISA*00*          *00*          *02*A              *ZZ*B              *240105*0930*^*"
		  "00401*000000101*0*P*:~", LGX_OK, '*', ':', '~', '\0' },
		{ "ISA|00||00||02|A|ZZ|B|240105|0930|U|00501|1|0|P|>\nGS|", LGX_OK, '|', '>', '\n', '\0' },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*00401*1*0*P*~GS*", LGX_OK, '*', '\0', '~', '\0' },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*00401*1*0*P*~\nGS*1~\n", LGX_OK, '*', '\0', '~', '\0' },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*00401*1*0*P*~\nGS*1\n", LGX_OK, '*', '~', '\n', '\0' },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*00401*1*0*P*~\\\nGS*1\\\n", LGX_OK, '*', '~', '\\', '\0' },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*00401*1*0*P", LGX_EOF, 0, 0, 0, 0 },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*VERSN*1*0*P*:~", LGX_REJECT, 0, 0, 0, 0 },
		{ "ISA*00**00**02*A*ZZ*B*240105*0930*U*00401*1*0*P*AB", LGX_REJECT, 0, 0, 0, 0 },
	};
	struct x12_isa	 isa;
	const char	*why;

	for (size_t i = 0; i < LGX_LEN(rows); i++) {
		int	 st = x12_isa_read(lgx_str_of(rows[i].text), &isa, &why);

		ok(st == rows[i].st && (st != LGX_OK || (isa.delims.el == rows[i].el &&
		    isa.delims.comp == rows[i].comp && isa.delims.term == rows[i].term &&
		    isa.delims.rep == rows[i].rep)), "header %zu", i + 1);
	}
}

int
main(void)
{
	load_grammars();
	test_releases();
	test_scan();
	test_headers();
	test_prefixes();
	lgx_x12_grammars_free(grammars);
	return tap_done();
}
