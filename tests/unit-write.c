/*
 * tests/unit-write.c - records: building, streams of lines, dead letters
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/table.h"
#include "rec/rec.h"
#include "tap.h"

static struct lgx_rec	 rec;
static struct lgx_err	 err;
static struct lgx_buf	 out;

static struct lgx_str
text(const char *z)
{
	return lgx_str_of(z);
}

static bool
is(struct lgx_buf *b, const char *want)
{
	bool	 same = lgx_str_eq(lgx_buf_str(b), text(want));

	if (!same)
		printf("# got  %.*s\n# want %s\n", LGX_STR_ARG(lgx_buf_str(b)), want);
	lgx_buf_clear(b);
	return same;
}

static void
test_json(void)
{
	char		 all[256];
	size_t		 n = 0;

	lgx_json_str(&out, text("a\"b\\c\b\f\n\r\t\x01\x1f/\x7f\xC3\xA9"));
	ok(is(&out, "\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001f/\x7f\xC3\xA9\""), "shortest escapes");
	for (int c = 0; c < 128; c++)
		all[n++] = (char)c;
	lgx_buf_putz(&out, "{\"x\":");
	lgx_json_str(&out, (struct lgx_str){ all, n });
	lgx_buf_putc(&out, '}');
	ok(lgx_rec_parse(&rec, lgx_buf_str(&out), LGX_PLACE_NONE, &err) == LGX_OK &&
	    lgx_str_eq(lgx_node_str(&rec, 1), (struct lgx_str){ all, n }), "ASCII there and back");
	lgx_buf_clear(&out);
	lgx_json_octets(&out, (struct lgx_str){ "\xFF\x00\xFE\x01", 4 });
	ok(is(&out, "{\"b64\":\"/wD+AQ==\"}"), "octets, two over");
	lgx_json_octets(&out, (struct lgx_str){ "\xFF\x00", 2 });
	ok(is(&out, "{\"b64\":\"/wA=\"}"), "one short");
	lgx_json_octets(&out, (struct lgx_str){ "\xFF\x00\xFE", 3 });
	ok(is(&out, "{\"b64\":\"/wD+\"}"), "whole");
	lgx_buf_putc(&out, '{');
	lgx_json_member(&out, "a", text("1"));
	lgx_json_member(&out, "b", LGX_STR_EMPTY);
	lgx_json_key(&out, "c");
	lgx_json_int(&out, INT64_MIN);
	lgx_json_name(&out, text("d\""));
	lgx_json_dec(&out, (struct lgx_dec){ -1500, 3 });
	ok(!lgx_json_money(&out, (struct lgx_dec){ 1005, 3 }, 2), "money with too many digits");
	ok(is(&out, "{\"a\":\"1\",\"c\":-9223372036854775808,\"d\\\"\":\"-1.5\""), "members");
}

static void
test_id(void)
{
	lgx_id_part(&out, text("invoice"));
	lgx_id_part(&out, text("A B/C%~#\xC3\xA9"));
	lgx_id_part(&out, LGX_STR_EMPTY);
	lgx_id_part(&out, text("2024-03-04T15:10:00Z_1.x"));
	ok(is(&out, "invoice/A%20B%2FC%25%7E%23%C3%A9/~/2024-03-04T15:10:00Z_1.x"), "parts of an id");
}

static void
test_build(void)
{
	struct lgx_build	 b = { .kind = LGX_K_NONE };
	struct lgx_src		 src = LGX_SRC_NONE;
	struct lgx_buf		*v;
	char			 one[13], two[13];

	lgx_build_start(&b, LGX_K_STATUS);
	lgx_build_extra(&b, text("zeta"), text("1"));
	lgx_build_extra(&b, text("alpha"), text("2"));
	lgx_build_extra(&b, text("zeta"), text("3"));
	src.file = text("a.edi");
	src.offset = 0;
	src.isa = text("\xFF");
	lgx_src_put(lgx_build_open(&b, LGX_M_src), &src);
	lgx_build_close(&b);
	lgx_build_str(&b, LGX_M_usage, text("T"));
	lgx_build_str(&b, LGX_M_invoice, text("I"));	/* no member of a status */
	lgx_build_time(&b, LGX_M_received_at, 0);
	lgx_build_digest(&b, one);
	lgx_build_time(&b, LGX_M_received_at, 1);
	lgx_build_str(&b, LGX_M_pro, text("no"));
	lgx_build_str(&b, LGX_M_pro, text("7"));
	lgx_build_str(&b, LGX_M_bol, LGX_STR_EMPTY);
	v = lgx_build_open(&b, LGX_M_refs);
	lgx_buf_putz(v, "[");
	lgx_json_next(v);
	lgx_buf_putz(v, "{\"qual\":\"BM\"}");
	lgx_json_next(v);
	lgx_buf_putz(v, "{\"qual\":\"SI\"}]");
	lgx_build_close(&b);
	lgx_buf_putz(lgx_build_open(&b, LGX_M_city), "\"\"");
	lgx_build_close(&b);
	ok(lgx_build_has(&b, LGX_M_pro) && lgx_build_has(&b, LGX_M_invoice) &&
	    !lgx_build_has(&b, LGX_M_bol) && !lgx_build_has(&b, LGX_M_city), "what is set");
	lgx_build_digest(&b, two);
	lgx_build_finish(&b, text("status/x"), &out);
	ok(lgx_rec_parse(&rec, lgx_str_head(lgx_buf_str(&out), out.n - 1), LGX_PLACE_NONE, &err) == LGX_OK &&
	    lgx_rec_digest(&rec, one, &err) == LGX_OK && strcmp(one, two) == 0,
	    "the digest of what was built is that of what is read");
	ok(is(&out, "{\"lgx\":1,\"kind\":\"status\",\"id\":\"status/x\",\"pro\":\"7\","
	    "\"refs\":[{\"qual\":\"BM\"},{\"qual\":\"SI\"}],\"received_at\":\"1970-01-01T00:00:01Z\","
	    "\"usage\":\"T\",\"alpha\":2,\"invoice\":\"I\",\"zeta\":3,\"src\":{\"file\":\"a.edi\",\"offset\":0,\"isa\":{\"b64\":\"/w==\"}}}\n"),
	    "members come out in order, others by name before src");
	lgx_build_start(&b, LGX_K_STATUS);
	lgx_build_digest(&b, one);
	lgx_build_time(&b, LGX_M_received_at, 5);
	lgx_src_put(lgx_build_open(&b, LGX_M_src), &src);
	lgx_build_close(&b);
	lgx_build_digest(&b, two);
	ok(strcmp(one, two) == 0 && strcmp(one, "0018207f273f") == 0,
	    "received_at and src are not hashed: %s", one);
	lgx_build_release(&b);
}

/* What a stream gives for bytes, line by line: "3" a line of so many bytes, "r" refused, "e" end. */
static const char *
lines(struct lgx_in *in, size_t max, struct lgx_buf *seen)
{
	struct lgx_stream	 s;
	struct lgx_str		 line;
	struct lgx_place	 place;
	int			 st;

	lgx_buf_clear(seen);
	lgx_stream_init(&s, in, max);
	while ((st = lgx_stream_line(&s, &line, &place, &err)) != LGX_EOF) {
		if (st == LGX_FAIL)
			lgx_buf_putc(seen, 'f');
		if (st == LGX_FAIL)
			break;
		lgx_buf_putf(seen, "%s%zu/%llu@%lld ", st == LGX_REJECT ? "r" : "", line.n,
		    (unsigned long long)s.length, (long long)place.byte);
	}
	lgx_in_close(in);
	lgx_stream_release(&s);
	return lgx_buf_z(seen);
}

static const char *
lines_of(const char *z, size_t max, struct lgx_buf *seen)
{
	return lines(lgx_in_of(text(z), "memory"), max, seen);
}

/* The same from a file, read a few bytes at a time. */
static void
test_short_reads(const char *z, size_t max, const char *size)
{
	struct lgx_buf	 from_memory = { 0 }, from_file = { 0 };
	char		 path[] = "unit-write.XXXXXX";
	int		 fd = mkstemp(path);
	struct lgx_in	*in;

	if (fd < 0 || write(fd, z, strlen(z)) < 0 || close(fd) != 0)
		printf("Bail out! no temporary file\n");
	setenv("LGX_READ_SIZE", size, 1);
	if (lgx_in_open(&in, path, &err) != LGX_OK)
		printf("Bail out! %s\n", err.msg);
	lines(in, max, &from_file);
	ok(strcmp(lgx_buf_z(&from_file), lines_of(z, max, &from_memory)) == 0,
	    "the same with %s-byte reads", size);
	unsetenv("LGX_READ_SIZE");
	unlink(path);
	lgx_buf_release(&from_memory);
	lgx_buf_release(&from_file);
}

static void
test_stream(void)
{
	static const char	 mixed[] = "{}\n\n0123456789\n01234567890\nx\r\nlast";
	struct lgx_buf		 b = { 0 }, big = { 0 };
	struct lgx_stream	 s;
	struct lgx_str		 line;
	struct lgx_place	 place;
	struct lgx_in		*in;
	char			 hex[65];
	unsigned char		 sum[LGX_SHA_SIZE];

	ok(strcmp(lines_of("", 0, &b), "") == 0, "nothing");
	ok(strcmp(lines_of("ab", 0, &b), "2/2@0 ") == 0, "a last line without a newline");
	ok(strcmp(lines_of(mixed, 10, &b), "2/2@0 r0/0@3 10/10@4 r11/11@15 2/2@27 4/4@30 ") == 0,
	    "empty lines and long ones are refused: %s", b.p);
	test_short_reads(mixed, 10, "1");
	test_short_reads(mixed, 10, "7");
	for (int i = 0; i < 300000; i++)
		lgx_buf_putc(&big, 'x');
	in = lgx_in_of(lgx_buf_str(&big), "memory");
	lgx_stream_init(&s, in, 1000);
	ok(lgx_stream_line(&s, &line, &place, &err) == LGX_REJECT && err.diag == LGX_E_JSON_LONG &&
	    line.n == LGX_DEAD_HEAD && s.length == 300000, "the head of a line that is too long");
	lgx_sha_of(lgx_buf_str(&big), sum);
	lgx_hex(sum, sizeof(sum), hex);
	ok(strcmp(s.sha, hex) == 0, "and the digest of all of it");
	ok(lgx_stream_line(&s, &line, &place, &err) == LGX_EOF, "then the end");
	lgx_in_close(in);
	in = lgx_in_of(text("{\"kind\":\"status\"}\n{]\n{}"), "memory");
	lgx_stream_init(&s, in, 0);
	ok(lgx_stream_next(&s, &rec, &err) == LGX_OK && rec.kind == LGX_K_STATUS, "a record");
	ok(lgx_stream_next(&s, &rec, &err) == LGX_REJECT && err.place.n == 2 && err.place.byte == 19 &&
	    lgx_str_eq(rec.line, text("{]")), "a line that is none, with its place");
	ok(lgx_stream_next(&s, &rec, &err) == LGX_OK && rec.kind == LGX_K_NONE, "an object of no kind");
	ok(lgx_stream_next(&s, &rec, &err) == LGX_EOF, "the end");
	lgx_in_close(in);
	lgx_buf_release(&b);
	lgx_buf_release(&big);
}

static struct lgx_dead
letter(struct lgx_str record, struct lgx_str raw)
{
	(void)lgx_err_reject(&err, LGX_E_REC_VALUE,
	    (struct lgx_place){ .file = "f", .unit = LGX_LINE, .n = 3, .byte = 40 }, "it is bad");
	return (struct lgx_dead){ .stage = "canon", .err = &err, .blocked_by = LGX_STR_EMPTY,
	    .record = record, .raw = raw, .src = LGX_SRC_NONE, .sha = LGX_STR_EMPTY };
}

/* The letter is canonical and its member m is want. */
static bool
holds(const struct lgx_dead *d, enum lgx_member m, const char *want)
{
	struct lgx_buf	 again = { 0 };
	struct lgx_err	 e;
	struct lgx_str	 json;
	bool		 good;

	lgx_buf_clear(&out);
	lgx_dead_put(&out, d);
	good = lgx_rec_parse(&rec, lgx_str_head(lgx_buf_str(&out), out.n - 1), LGX_PLACE_NONE, &e) == LGX_OK &&
	    lgx_rec_rewrite(&rec, &again, &e) == LGX_OK && lgx_str_eq(lgx_buf_str(&again), rec.line) &&
	    lgx_rec_has(&rec, m);
	if (good) {
		json = lgx_str_head(lgx_node_json(&rec, rec.top[m]), strlen(want));
		good = lgx_str_eq(json, text(want));
	}
	if (!good)
		printf("# %.*s\n", (int)(out.n < 300 ? out.n : 300), out.p);
	lgx_buf_release(&again);
	return good;
}

/* What is kept of a line of 70,000 bytes where 100 are allowed. */
static void
refuse_long(struct lgx_dead *d)
{
	static struct lgx_stream s;
	static char		 bytes[70004] = "{}\n";
	struct lgx_str		 line;
	struct lgx_place	 place;
	struct lgx_in		*in;

	memset(bytes + 3, 'x', 70000);
	bytes[70003] = '\n';
	in = lgx_in_of((struct lgx_str){ bytes, sizeof(bytes) }, "memory");
	lgx_stream_init(&s, in, 100);
	while (lgx_stream_line(&s, &line, &place, NULL) == LGX_OK)
		;
	lgx_dead_line(d, &s, line, place);
	lgx_in_close(in);
}

static void
test_dead(void)
{
	struct lgx_dead	 d = letter(text(" {\"total\":\"bad\",\"kind\":\"invoice\",\"lgx\":7}"), LGX_STR_EMPTY);
	struct lgx_buf	 big = { 0 };

	ok(holds(&d, LGX_M_record, "{\"lgx\":7,\"kind\":\"invoice\",\"total\":\"bad\"}"), "a record is kept as JSON");
	ok(holds(&d, LGX_M_message, "\"line 3, byte 40: it is bad\""), "the message has the place");
	ok(holds(&d, LGX_M_reason, "\"rec.value\""), "the reason is the code");
	ok(holds(&d, LGX_M_id, "\"deadletter/canon/rec.value/"), "the id has both");
	d = letter(text("{\"a\":1,\"a\":2}"), LGX_STR_EMPTY);
	ok(holds(&d, LGX_M_raw, "\"{\\\"a\\\":1,\\\"a\\\":2}\""), "what is no JSON is kept raw");
	d = letter(LGX_STR_EMPTY, text("ISA*00\xFF"));
	ok(holds(&d, LGX_M_raw, "{\"b64\":\"SVNBKjAw/w==\"}"), "what is no text in base 64");
	lgx_buf_putz(&big, "{\"x\":");
	for (int i = 0; i < 63; i++)
		lgx_buf_putc(&big, '[');
	for (int i = 0; i < 63; i++)
		lgx_buf_putc(&big, ']');
	lgx_buf_putc(&big, '}');
	d = letter(lgx_buf_str(&big), LGX_STR_EMPTY);
	ok(holds(&d, LGX_M_raw, "\"{\\\"x\\\":[["), "what is too deep to stand in another record, raw");
	lgx_buf_clear(&big);
	for (size_t i = 0; i <= LGX_DEAD_WHOLE / 2; i++)
		lgx_buf_putz(&big, "\xC3\xA9");
	d = letter(LGX_STR_EMPTY, lgx_str_head(lgx_buf_str(&big), LGX_DEAD_WHOLE));
	ok(holds(&d, LGX_M_raw, "\"\xC3\xA9"), "1 MiB is kept whole");
	d = letter(LGX_STR_EMPTY, lgx_buf_str(&big));
	ok(holds(&d, LGX_M_raw, "{\"head\":\"\xC3\xA9") &&
	    lgx_str_eq(lgx_node_get_str(&rec, rec.top[LGX_M_raw], text("length")), text("1048578")) &&
	    lgx_node_get_str(&rec, rec.top[LGX_M_raw], text("head")).n == LGX_DEAD_HEAD &&
	    lgx_node_get_str(&rec, rec.top[LGX_M_raw], text("sha")).n == 64, "more is kept by its head");
	d = letter(text("{\"long\":"), LGX_STR_EMPTY);
	d.length = 20000000;
	d.sha = text("ab");
	ok(holds(&d, LGX_M_raw, "{\"head\":\"{\\\"long\\\":\",\"length\":20000000,\"sha\":\"ab\"}"),
	    "so is a line of which only the head was read");
	d = letter(LGX_STR_EMPTY, LGX_STR_EMPTY);
	refuse_long(&d);
	ok(holds(&d, LGX_M_raw, "{\"head\":\"xxxxxxxxxx") &&
	    lgx_str_eq(lgx_node_get_str(&rec, rec.top[LGX_M_raw], text("length")), text("70000")) &&
	    lgx_str_eq(lgx_node_get_str(&rec, rec.top[LGX_M_src], text("length")), text("70000")) &&
	    lgx_str_eq(lgx_node_get_str(&rec, rec.top[LGX_M_src], text("offset")), text("3")),
	    "with its place and length");
	lgx_buf_release(&big);
}

int
main(void)
{
	const char	*config = getenv("LGX_CONFIG");
	struct lgx_buf	 path = { 0 };

	lgx_buf_putf(&path, "%s/codes/currencies.csv", config != NULL ? config : "mappings");
	if (lgx_currency_load(lgx_buf_z(&path), &err) != LGX_OK) {
		printf("Bail out! %s\n", err.msg);
		return 99;
	}
	lgx_buf_release(&path);
	test_json();
	test_id();
	test_build();
	test_stream();
	test_dead();
	lgx_rec_release(&rec);
	lgx_buf_release(&out);
	return tap_done();
}
