/*
 * bench/bench-rec.c - the record codec by itself
 *
 * bench-rec [FILE]		read records, write them canonically
 * bench-rec -t N FILE		the best of N passes in memory: MB/s and records/s of each step
 * bench-rec -g N		N generated invoices, shipments and events, as records
 * bench-rec -x [FILE]		the records with their members shuffled at every level
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/table.h"
#include "rec/rec.h"

static uint64_t	 seed = 1;
static struct lgx_err	 err;

static uint32_t
draw(uint32_t below)	/* splitmix64 */
{
	uint64_t	 z = seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (uint32_t)(((z ^ z >> 31) >> 32) * below >> 32);
}

static int
die(void)
{
	char	 text[600];

	lgx_err_format(&err, text, sizeof(text));
	fprintf(stderr, "bench-rec: %s\n", text);
	exit(LGX_EXIT_FAILED);
}

/*
 * generate
 */

static const char *const cities[][3] = {
	{ "Chicago", "IL", "60607" }, { "Memphis", "TN", "38118" }, { "Laredo", "TX", "78045" },
	{ "Québec", "QC", "G1K 3X2" }, { "Atlanta", "GA", "30303" }, { "Reno", "NV", "89502" },
};
static const char *const scacs[] = { "ABCD", "NWTL", "RDBX" };

static void
put_place(struct lgx_build *b, enum lgx_member m, const char *name)
{
	const char *const	*city = cities[draw(LGX_LEN(cities))];
	struct lgx_buf		*out = lgx_build_open(b, m);

	lgx_buf_putc(out, '{');
	lgx_json_member(out, "name", lgx_str_of(name));
	lgx_json_member(out, "city", lgx_str_of(city[0]));
	lgx_json_member(out, "region", lgx_str_of(city[1]));
	lgx_json_member(out, "postal", lgx_str_of(city[2]));
	lgx_json_member(out, "country", LGX_STR("US"));
	lgx_buf_putc(out, '}');
	lgx_build_close(b);
}

static void
put_text(struct lgx_build *b, enum lgx_member m, const char *fmt, unsigned v)
{
	struct lgx_buf	*out = lgx_build_open(b, m);

	lgx_buf_putc(out, '"');
	lgx_buf_putf(out, "%s%07u\"", fmt, v);
	lgx_build_close(b);
}

static void
put_charges(struct lgx_build *b)
{
	static const char *const codes[] = { "LHL", "FSC", "DET" };
	struct lgx_buf		*out = lgx_build_open(b, LGX_M_charges);
	int64_t			 total = 0, cents;
	unsigned		 n = 2 + draw(2);

	lgx_buf_putc(out, '[');
	for (unsigned i = 0; i < n; i++) {
		cents = 100 + draw(200000);
		total += cents;
		lgx_buf_putf(out, "%s{\"code\":\"%s\",\"amount\":\"%d.%02d\"", i > 0 ? "," : "",
		    codes[i], (int)(cents / 100), (int)(cents % 100));
		if (i == 0)
			lgx_buf_putf(out, ",\"basis\":\"DM\",\"qty\":\"%u\",\"rate\":\"2.%u\"",
			    100 + draw(900), 1 + 10 * draw(90));
		lgx_buf_putc(out, '}');
	}
	lgx_buf_putc(out, ']');
	lgx_build_close(b);
	if (!lgx_build_money(b, LGX_M_total, (struct lgx_dec){ total, 2 }, 2))
		abort();
}

static void
put_refs(struct lgx_build *b, unsigned load)
{
	struct lgx_buf	*out = lgx_build_open(b, LGX_M_refs);

	lgx_buf_putf(out, "[{\"qual\":\"BM\",\"value\":\"B%07u\"},{\"qual\":\"SI\",\"value\":\"L%07u\"}]",
	    load, load);
	lgx_build_close(b);
}

static void
put_src(struct lgx_build *b, unsigned n)
{
	struct lgx_src	 src = LGX_SRC_NONE;

	src.file = LGX_STR("in/nwtl-20240305.edi");
	src.sha = LGX_STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
	src.offset = 1000 * (int64_t)n;
	src.length = 700;
	src.isa = LGX_STR("000000042");
	src.gs = LGX_STR("42");
	src.st = LGX_STR("0001");
	src.map = LGX_STR("x12-210@1");
	lgx_src_put(lgx_build_open(b, LGX_M_src), &src);
	lgx_build_close(b);
}

static void
fill_common(struct lgx_build *b, unsigned load)
{
	lgx_build_str(b, LGX_M_scac, lgx_str_of(scacs[load % LGX_LEN(scacs)]));
	put_text(b, LGX_M_pro, "", 7000000 + load);
	put_text(b, LGX_M_bol, "B", load);
	put_text(b, LGX_M_load, "L", load);
	lgx_build_dec(b, LGX_M_weight, (struct lgx_dec){ 500 + draw(30000), 0 });
	lgx_build_dec(b, LGX_M_pieces, (struct lgx_dec){ 1 + draw(30), 0 });
	put_refs(b, load);
}

static void
fill_move(struct lgx_build *b)
{
	lgx_build_str(b, LGX_M_terms, LGX_STR("PP"));
	lgx_build_date(b, LGX_M_ship_date, 19780 + (lgx_date)draw(30));
	lgx_build_str(b, LGX_M_currency, LGX_STR("USD"));
	lgx_build_str(b, LGX_M_weight_unit, LGX_STR("LB"));
	put_charges(b);
}

static void
make_invoice(struct lgx_build *b, unsigned load)
{
	lgx_build_start(b, LGX_K_INVOICE);
	fill_common(b, load);
	fill_move(b);
	put_text(b, LGX_M_invoice, "INV", load);
	put_place(b, LGX_M_bill_to, "Freight Payables \"West\"");
	lgx_build_date(b, LGX_M_date, 19785 + (lgx_date)draw(30));
	lgx_build_time(b, LGX_M_received_at, 19790 * LGX_DAY + draw(86400));
}

static void
make_shipment(struct lgx_build *b, unsigned load)
{
	lgx_build_start(b, LGX_K_SHIPMENT);
	fill_common(b, load);
	fill_move(b);
	lgx_build_str(b, LGX_M_company, LGX_STR("main"));
	lgx_build_str(b, LGX_M_mode, LGX_STR("LTL"));
	lgx_build_str(b, LGX_M_state, LGX_STR("dispatched"));
	put_place(b, LGX_M_origin, "Plant 4");
	put_place(b, LGX_M_destination, "Acme Receiving");
	lgx_build_str(b, LGX_M_rate_version, LGX_STR("1"));
}

static void
make_status(struct lgx_build *b, unsigned load)
{
	lgx_build_start(b, LGX_K_STATUS);
	fill_common(b, load);
	lgx_build_str(b, LGX_M_milestone, LGX_STR("delivered"));
	lgx_build_str(b, LGX_M_code, LGX_STR("D1"));
	lgx_build_str(b, LGX_M_reason, LGX_STR("NS"));
	lgx_build_time(b, LGX_M_time, 19785 * LGX_DAY + draw(86400));
	lgx_build_str(b, LGX_M_time_local, LGX_STR("2024-03-04T15:10:00"));
	lgx_build_str(b, LGX_M_tz, LGX_STR("sent"));
	lgx_build_str(b, LGX_M_city, lgx_str_of(cities[draw(LGX_LEN(cities))][0]));
	lgx_build_time(b, LGX_M_received_at, 19790 * LGX_DAY + draw(86400));
}

static void
generate(unsigned n)
{
	static void (*const	 make[])(struct lgx_build *, unsigned) = {
		make_shipment, make_status, make_status, make_status, make_invoice };
	struct lgx_build	 b = { .kind = LGX_K_NONE };
	struct lgx_buf		 id = { 0 }, line = { 0 };
	char			 digest[13];

	for (unsigned i = 0; i < n; i++) {
		make[i % LGX_LEN(make)](&b, i / (unsigned)LGX_LEN(make));
		put_src(&b, i);
		lgx_build_digest(&b, digest);
		lgx_buf_clear(&id);
		lgx_id_part(&id, lgx_str_of(lgx_kind_name(b.kind)));
		lgx_id_part(&id, lgx_str_of(digest));
		lgx_buf_clear(&line);
		lgx_build_finish(&b, lgx_buf_str(&id), &line);
		fwrite(line.p, 1, line.n, stdout);
	}
	lgx_build_release(&b);
	lgx_buf_release(&id);
	lgx_buf_release(&line);
}

/*
 * shuffle
 */

static void
shuffle_value(struct lgx_rec *rec, uint32_t at, struct lgx_buf *out)
{
	uint32_t	 kids[256], n = 0;
	bool		 object = rec->nodes[at].type == LGX_OBJECT;

	if (rec->nodes[at].type < LGX_OBJECT) {
		lgx_buf_puts(out, lgx_node_json(rec, at));
		return;
	}
	LGX_NODE_EACH(i, rec, at)
		if (n < LGX_LEN(kids))
			kids[n++] = i;
	lgx_buf_putc(out, object ? '{' : '[');
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = object ? i + draw(n - i) : i, kid = kids[j];

		kids[j] = kids[i];
		if (object)
			lgx_json_name(out, lgx_node_key(rec, kid));
		else
			lgx_json_next(out);
		shuffle_value(rec, kid, out);
	}
	lgx_buf_putc(out, object ? '}' : ']');
}

/*
 * measure
 */

enum step { LINES, PARSE, CANON, REWRITE, SHUFFLE };

/* One pass over the input; records go to out if it is not NULL.  The number of records. */
static uint64_t
pass(struct lgx_in *in, enum step step, struct lgx_out *out)
{
	static struct lgx_rec	 rec;
	struct lgx_buf		 b = { 0 };
	struct lgx_stream	 s;
	struct lgx_str		 line;
	struct lgx_place	 place;
	uint64_t		 n = 0;
	int			 st;

	lgx_stream_init(&s, in, 0);
	for (; (st = lgx_stream_line(&s, &line, &place, &err)) == LGX_OK; n++) {
		lgx_buf_clear(&b);
		if (step >= PARSE && lgx_rec_parse(&rec, line, place, &err) != LGX_OK)
			die();
		if ((step == CANON && lgx_rec_canon(&rec, &b, &err) != LGX_OK) ||
		    (step == REWRITE && lgx_rec_rewrite(&rec, &b, &err) != LGX_OK))
			die();
		if (step == SHUFFLE)
			shuffle_value(&rec, 0, &b);
		lgx_buf_putc(&b, '\n');
		if (out != NULL && lgx_out_put(out, lgx_buf_str(&b), &err) != LGX_OK)
			die();
	}
	if (st != LGX_EOF)
		die();
	lgx_buf_release(&b);
	return n;
}

static void
filter(const char *path, enum step step)
{
	struct lgx_in	*in;
	struct lgx_out	*out = NULL;

	if (lgx_in_open(&in, path, &err) != LGX_OK || lgx_out_open(&out, "-", &err) != LGX_OK)
		die();
	pass(in, step, out);
	lgx_in_close(in);
	if (lgx_out_commit(out, &err) != LGX_OK)
		die();
}

/* CPU time: the codec waits for nothing, and the machine may have other work. */
static double
now(void)
{
	struct timespec	 t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
measure(struct lgx_str all, const char *what, enum step step, unsigned times)
{
	double		 best = 1e9, start, took;
	uint64_t	 n = 0;
	struct lgx_in	*in;
	struct lgx_out	*out;

	for (unsigned i = 0; i < times; i++) {
		in = lgx_in_of(all, "memory");
		if (lgx_out_open(&out, "/dev/null", &err) != LGX_OK)
			die();
		start = now();
		n = pass(in, step, out);
		took = now() - start;
		best = took < best ? took : best;
		lgx_in_close(in);
		lgx_out_abandon(out);
	}
	printf("%-24s %8.1f MB/s %10.0f records/s\n", what, (double)all.n / best / 1e6,
	    (double)n / best);
}

static void
table(const char *path, unsigned times)
{
	struct lgx_buf	 all = { 0 };

	if (lgx_file_read(path, (size_t)4 << 30, &all, &err) != LGX_OK)
		die();
	measure(lgx_buf_str(&all), "split lines", LINES, times);
	measure(lgx_buf_str(&all), "parse", PARSE, times);
	measure(lgx_buf_str(&all), "parse, check, copy", CANON, times);
	measure(lgx_buf_str(&all), "parse, check, rewrite", REWRITE, times);
	lgx_buf_release(&all);
}

int
main(int argc, char **argv)
{
	const char	*config = getenv("LGX_CONFIG");
	struct lgx_buf	 path = { 0 };
	int		 c;

	lgx_buf_putf(&path, "%s/codes/currencies.csv", config != NULL ? config : "mappings");
	if (lgx_currency_load(lgx_buf_z(&path), &err) != LGX_OK)
		die();
	lgx_buf_release(&path);
	while ((c = getopt(argc, argv, "g:t:x")) != -1) {
		if (c == 'g')
			generate((unsigned)atoi(optarg));
		else if (c == 't' && optind < argc)
			table(argv[optind], (unsigned)atoi(optarg));
		else if (c == 'x')
			filter(argv[optind], SHUFFLE);
		return c == '?';
	}
	filter(argv[optind], CANON);
	return 0;
}
