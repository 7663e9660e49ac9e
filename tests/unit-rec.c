/*
 * tests/unit-rec.c - records: reading, canonical bytes, writing
 */
#include <stdlib.h>

#include "base/table.h"
#include "rec/rec.h"
#include "tap.h"

static struct lgx_rec	 rec;
static struct lgx_err	 err;
static struct lgx_buf	 out, again;

static struct lgx_str
text(const char *z)
{
	return lgx_str_of(z);
}

static int
parse(const char *z)
{
	return lgx_rec_parse(&rec, text(z), LGX_PLACE_NONE, &err);
}

/* Canonical bytes of a line into out; the same by the long way, and of these bytes again. */
static int
canon(struct lgx_str line)
{
	int	 st;

	lgx_buf_clear(&out);
	lgx_buf_clear(&again);
	if ((st = lgx_rec_parse(&rec, line, LGX_PLACE_NONE, &err)) != LGX_OK ||
	    (st = lgx_rec_canon(&rec, &out, &err)) != LGX_OK)
		return st;
	if (lgx_rec_rewrite(&rec, &again, &err) != LGX_OK ||
	    !lgx_str_eq(lgx_buf_str(&out), lgx_buf_str(&again)))
		return -1;
	lgx_buf_clear(&again);
	lgx_buf_puts(&again, lgx_buf_str(&out));
	lgx_buf_clear(&out);
	if (lgx_rec_parse(&rec, lgx_buf_str(&again), LGX_PLACE_NONE, &err) != LGX_OK ||
	    lgx_rec_rewrite(&rec, &out, &err) != LGX_OK ||
	    !lgx_str_eq(lgx_buf_str(&out), lgx_buf_str(&again)))
		return -2;
	return LGX_OK;
}

static bool
becomes(const char *line, const char *want)
{
	int	 st = canon(text(line));

	if (st != LGX_OK) {
		printf("# status %d: %s %s\n", st, lgx_diag_code(err.diag), err.msg);
		return false;
	}
	if (lgx_str_eq(lgx_buf_str(&out), text(want)))
		return true;
	printf("# got  %.*s\n# want %s\n", LGX_STR_ARG(lgx_buf_str(&out)), want);
	return false;
}

static bool
refused(const char *line, enum lgx_diag diag, int64_t byte)
{
	int	 st = canon(text(line));

	if (st == LGX_REJECT && err.diag == diag && (byte < 0 || err.place.byte == byte))
		return true;
	printf("# status %d %s byte %lld: %s\n", st, lgx_diag_code(err.diag),
	    (long long)err.place.byte, err.msg);
	return false;
}

/*
 * Members of a status in a record; what comes out of them.
 */
#define HEAD(kind)	"{\"lgx\":1,\"kind\":\"" kind "\",\"id\":\"x\""
#define STATUS(members)	HEAD("status") members "}"
#define BILL(members)	HEAD("invoice") members "}"

static void
test_order(void)
{
	ok(becomes(" { \"src\":{\"length\":3,\"offset\":4,\"file\":\"a\"}, \"zeta\":1,\"id\":\"x\","
	    "\"alpha\":{\"b\":1,\"a\":[]},\"kind\":\"status\",\"bol\":\"B\",\"scac\":\"ABCD\" }\t",
	    STATUS(",\"scac\":\"ABCD\",\"bol\":\"B\",\"alpha\":{\"b\":1},\"zeta\":1,"
	    "\"src\":{\"file\":\"a\",\"offset\":4,\"length\":3}")),
	    "members in the order of the schema, others by name before src");
	ok(becomes(BILL(",\"charges\":[{\"amount\":\"1.5\",\"code\":\"LHL\"},{}],\"currency\":\"USD\""),
	    BILL(",\"currency\":\"USD\",\"charges\":[{\"code\":\"LHL\",\"amount\":\"1.50\"}]")),
	    "nested members too");
	ok(becomes(STATUS(",\"bol\":null,\"pro\":\"\",\"refs\":[],\"x\":{\"y\":{\"z\":null}}"),
	    STATUS("")), "absent rather than empty");
	ok(becomes(STATUS(",\"x\":[null,\"\",{},[]]"), STATUS(",\"x\":[null,\"\",{},[]]")),
	    "items of free arrays stay");
	ok(becomes("{\"kind\":\"status\",\"id\":\"x\"}", STATUS("")), "no lgx is version 1");
	ok(becomes("{\"lgx\":null,\"kind\":\"status\",\"id\":\"x\"}", STATUS("")), "nor is null");
	ok(becomes(STATUS(",\"usage\":\"T\",\"new\":true"), STATUS(",\"usage\":\"T\",\"new\":true")),
	    "usage before unknown members");
}

static void
test_values(void)
{
	ok(becomes(STATUS(",\"weight\":2120.0"), STATUS(",\"weight\":\"2120\"")), "number to string");
	ok(becomes(STATUS(",\"weight\":1.25e2"), STATUS(",\"weight\":\"125\"")), "exponent, expanded");
	ok(becomes(STATUS(",\"weight\":125E-4"), STATUS(",\"weight\":\"0.0125\"")), "and down");
	ok(becomes(STATUS(",\"weight\":-0"), STATUS(",\"weight\":\"0\"")), "no -0");
	ok(becomes(STATUS(",\"weight\":\"-0.00\""), STATUS(",\"weight\":\"0\"")), "no -0.00");
	ok(becomes(STATUS(",\"weight\":\"007.10\""), STATUS(",\"weight\":\"7.1\"")), "shortest");
	ok(becomes(STATUS(",\"weight\":\"999999999999999999\""),
	    STATUS(",\"weight\":\"999999999999999999\"")), "18 digits");
	ok(refused(STATUS(",\"weight\":\"1000000000000000000\""), LGX_E_DECIMAL_RANGE, -1), "19 are not");
	ok(refused(STATUS(",\"weight\":\"-.0000000000000000001\""), LGX_E_DECIMAL_RANGE, -1), "nor are 19 decimals");
	ok(refused(STATUS(",\"weight\":\"1.2.3\""), LGX_E_BAD_DECIMAL, -1), "two points");
	ok(refused(STATUS(",\"weight\":\"-\""), LGX_E_BAD_DECIMAL, -1), "no digit");
	ok(refused(STATUS(",\"weight\":\"1e3\""), LGX_E_BAD_DECIMAL, -1), "no exponent in a string");
	ok(refused(STATUS(",\"weight\":1e400"), LGX_E_DECIMAL_RANGE, -1), "no exponent out of bounds");
	ok(becomes(STATUS(",\"x\":[1.50,1e400,-0.0,1E2]"), STATUS(",\"x\":[1.5,1e400,0,100]")),
	    "free numbers are shortest where they fit");
	ok(becomes(BILL(",\"currency\":\"JPY\",\"total\":\"1500.0\""),
	    BILL(",\"currency\":\"JPY\",\"total\":\"1500\"")), "yen have no decimals");
	ok(becomes(BILL(",\"currency\":\"BHD\",\"total\":\"1.5\""),
	    BILL(",\"currency\":\"BHD\",\"total\":\"1.500\"")), "dinars have three");
	ok(becomes(BILL(",\"total\":12"), BILL(",\"total\":\"12.00\"")), "no currency: two");
	ok(refused(BILL(",\"currency\":\"USD\",\"total\":\"1.005\""), LGX_E_MONEY_DIGITS, 61),
	    "more digits than the currency are refused");
	ok(refused(BILL(",\"currency\":\"XXQ\""), LGX_E_CURRENCY, -1), "unknown currency");
	ok(refused(STATUS(",\"time\":\"2024-02-30T00:00:00Z\""), LGX_E_BAD_DATE, -1), "bad instant");
	ok(refused(STATUS(",\"tz\":\"guess\""), LGX_E_REC_VALUE, -1) && strcmp(err.msg,
	    "tz: \"guess\" is not one of sent, partner, place, unknown") == 0, "closed words");
	ok(refused(BILL(",\"charges\":[{\"code\":\"LHL\"},{\"amount\":\"1.005\"}]"),
	    LGX_E_MONEY_DIGITS, -1) && strcmp(err.msg, "charges[1].amount: \"1.005\" is not an "
	    "amount with the digits of its currency") == 0, "a message names the member by its path");
	ok(refused(HEAD("edi") ",\"isa\":{\"b65\":\"\"}}", LGX_E_REC_TYPE, -1), "no octets");
	ok(refused(STATUS(",\"pro\":7"), LGX_E_REC_TYPE, -1), "a number is no text");
	ok(refused("{\"lgx\":2,\"kind\":\"status\",\"id\":\"x\"}", LGX_E_REC_VERSION, 7), "newer version");
	ok(refused("{\"lgx\":1,\"kind\":\"stat\",\"id\":\"x\"}", LGX_E_REC_KIND, 17), "unknown kind");
	ok(refused("{\"lgx\":1,\"kind\":\"status\"}", LGX_E_REC_MISSING, -1), "no id");
}

static void
test_text(void)
{
	ok(becomes(STATUS(",\"pro\":\"\\u0041\\/\\u00e9\\ud83d\\ude9a\""),
	    STATUS(",\"pro\":\"A/\xC3\xA9\xF0\x9F\x9A\x9A\"")), "escapes that are not needed go");
	ok(becomes(STATUS(",\"pro\":\"\\u0000\\u0008\\u001F\\u000b\\\"\\\\\\t\""),
	    STATUS(",\"pro\":\"\\u0000\\b\\u001f\\u000b\\\"\\\\\\t\"")), "shortest escapes");
	ok(becomes(STATUS(",\"\\u0070ro\":\"1\""), STATUS(",\"pro\":\"1\"")), "an escaped name");
	ok(becomes(STATUS(",\"\\u007a\\\"\":\"1\",\"a\":1"), STATUS(",\"a\":1,\"z\\\"\":\"1\"")),
	    "an unknown name with escapes");
	ok(refused(STATUS(",\"pro\":\"\\ud800\""), LGX_E_JSON_SURROGATE, -1), "a lone high surrogate");
	ok(refused(STATUS(",\"pro\":\"\\ud800\\u0041\""), LGX_E_JSON_SURROGATE, -1), "and before a letter");
	ok(refused(STATUS(",\"pro\":\"\\udc00\""), LGX_E_JSON_SURROGATE, -1), "a lone low surrogate");
	ok(refused(STATUS(",\"pro\":\"\xC0\x80\""), LGX_E_JSON_UTF8, 41), "overlong UTF-8");
	ok(refused(STATUS(",\"pro\":\"a\",\"\\u0070ro\":\"b\""), LGX_E_JSON_DOUBLE, -1), "doubled by escape");
	ok(refused(STATUS(",\"x\":{\"a\":1,\"b\":2,\"\\u0061\":3}"), LGX_E_JSON_DOUBLE, -1), "doubled below");
	ok(refused(STATUS(",\"pro\":1,\"pro\":2"), LGX_E_JSON_DOUBLE, 42) &&
	    strcmp(err.msg, "\"pro\" stands twice in one object") == 0, "doubled, by name and byte");
	ok(refused(STATUS(",\"qq\":1,\"rr\":2,\"qq\":null"), LGX_E_JSON_DOUBLE, -1), "doubled unknown");
}

/*
 * RFC 8259: what is JSON and what is not.  # stands for NUL.
 */
static const char *const valid[] = {
	"{}", " {} ", "{\"\":0}", "{\"a\":[]}", "{\"a\":[[]]}", "{\"a\":[ 1 , 2 ]}",
	"{\"a\":0e1}", "{\"a\":0E+1}", "{\"a\":-0}", "{\"a\":-1.5e-10}", "{\"a\":1e400}",
	"{\"a\":123456789012345678901234567890}", "{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}",
	"{\"a\":\"\\uD801\\udc37\"}", "{\"a\":\"\\uDBFF\\uDFFF\"}", "{\"a\":\"\\uFFFF\"}",
	"{\"a\":\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"}", "{\"a\":\"\x7F\"}", "{\"a\":\"\xC2\x80\"}",
	"{\"a\":\"\xF4\x8F\xBF\xBF\"}", "{\"a\":\"\xEF\xBF\xBF\"}", "{\"a\":\"\xE2\x80\xA8\"}",
	"{\"a\":{\"a\":1},\"b\":{\"a\":1}}", "\t{\"a\"\t:\ttrue\t,\t\"b\":false}\r",
	"{\"scac\":null,\"pro\":null}", "{\"a\":\"0123456789abcde\"}", "{\"a\":\"0123456789abcdef\"}",
};

static const struct { const char *text; enum lgx_diag diag; } invalid[] = {
	{ "[]", LGX_E_JSON_SYNTAX }, { "1", LGX_E_JSON_SYNTAX }, { "\"a\"", LGX_E_JSON_SYNTAX },
	{ "null", LGX_E_JSON_SYNTAX }, { "", LGX_E_JSON_SYNTAX }, { " ", LGX_E_JSON_SYNTAX },
	{ "{", LGX_E_JSON_SYNTAX }, { "{\"a\"", LGX_E_JSON_SYNTAX }, { "{\"a\":", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1", LGX_E_JSON_SYNTAX }, { "{\"a\":1,", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1,}", LGX_E_JSON_SYNTAX }, { "{,\"a\":1}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1}}", LGX_E_JSON_SYNTAX }, { "{\"a\":1}{}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1} x", LGX_E_JSON_SYNTAX }, { "{\"a\":1}#", LGX_E_JSON_SYNTAX },
	{ "{\"a\" 1}", LGX_E_JSON_SYNTAX }, { "{\"a\"::1}", LGX_E_JSON_SYNTAX },
	{ "{a:1}", LGX_E_JSON_SYNTAX }, { "{'a':1}", LGX_E_JSON_SYNTAX }, { "{1:1}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1 \"b\":2}", LGX_E_JSON_SYNTAX }, { "{\"a\":[1 2]}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":[1,]}", LGX_E_JSON_SYNTAX }, { "{\"a\":[,1]}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":[1}", LGX_E_JSON_SYNTAX }, { "{\"a\":{]}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":[1:2]}", LGX_E_JSON_SYNTAX }, { "{\"a\":[\"x\"", LGX_E_JSON_SYNTAX },
	{ "{\"a\":01}", LGX_E_JSON_SYNTAX }, { "{\"a\":+1}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":.5}", LGX_E_JSON_SYNTAX }, { "{\"a\":1.}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":-}", LGX_E_JSON_SYNTAX }, { "{\"a\":1e}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1e+}", LGX_E_JSON_SYNTAX }, { "{\"a\":1.e1}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":-01}", LGX_E_JSON_SYNTAX }, { "{\"a\":0x1}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":NaN}", LGX_E_JSON_SYNTAX }, { "{\"a\":Infinity}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":True}", LGX_E_JSON_SYNTAX }, { "{\"a\":tru}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":nul", LGX_E_JSON_SYNTAX }, { "{\"a\":truex}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"", LGX_E_JSON_SYNTAX }, { "{\"a\":\"x", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"\\", LGX_E_JSON_SYNTAX }, { "{\"a\":\"\\\"}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"\\x41\"}", LGX_E_JSON_SYNTAX }, { "{\"a\":\"\\u12\"}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"\\u12G4\"}", LGX_E_JSON_SYNTAX }, { "{\"a\":\"\\U0041\"}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"\\#\"}", LGX_E_JSON_SYNTAX }, { "{\"a\":\"x#y\"}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"a\tb\"}", LGX_E_JSON_SYNTAX }, { "{\"a\":\"a\nb\"}", LGX_E_JSON_SYNTAX },
	{ "{\"a\tb\":1}", LGX_E_JSON_SYNTAX }, { "{\f}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":1/**/}", LGX_E_JSON_SYNTAX }, { "//\n{}", LGX_E_JSON_SYNTAX },
	{ "\xEF\xBB\xBF{}", LGX_E_JSON_SYNTAX }, { "{\"a\":\xC2\xA0}", LGX_E_JSON_SYNTAX },
	{ "{\"a\":\"\x80\"}", LGX_E_JSON_UTF8 }, { "{\"a\":\"\xC1\xBF\"}", LGX_E_JSON_UTF8 },
	{ "{\"a\":\"\xE0\x9F\xBF\"}", LGX_E_JSON_UTF8 }, { "{\"a\":\"\xED\xA0\x80\"}", LGX_E_JSON_UTF8 },
	{ "{\"a\":\"\xF0\x8F\xBF\xBF\"}", LGX_E_JSON_UTF8 }, { "{\"a\":\"\xF4\x90\x80\x80\"}", LGX_E_JSON_UTF8 },
	{ "{\"a\":\"\xF8\x88\x80\x80\x80\"}", LGX_E_JSON_UTF8 }, { "{\"a\":\"\xE2\x82\"}", LGX_E_JSON_UTF8 },
	{ "{\"a\":\"\xFF\"}", LGX_E_JSON_UTF8 }, { "{\"\xFE\":1}", LGX_E_JSON_UTF8 },
	{ "{\"a\":\"\xC3", LGX_E_JSON_UTF8 },
	{ "{\"a\":\"\\uD800\"}", LGX_E_JSON_SURROGATE }, { "{\"a\":\"\\uDFFF\"}", LGX_E_JSON_SURROGATE },
	{ "{\"a\":\"\\uD800\\uD800\"}", LGX_E_JSON_SURROGATE }, { "{\"a\":\"\\uD800\\n\"}", LGX_E_JSON_SURROGATE },
	{ "{\"a\":\"\\uD800\\u00\"}", LGX_E_JSON_SURROGATE }, { "{\"\\uDC00\":1}", LGX_E_JSON_SURROGATE },
	{ "{\"scac\":1,\"scac\":1}", LGX_E_JSON_DOUBLE }, { "{\"\":1,\"\":2}", LGX_E_JSON_DOUBLE },
	{ "{\"x\":{\"city\":1,\"name\":2,\"city\":3}}", LGX_E_JSON_DOUBLE },
	{ "{\"x\":[{\"y\":1,\"\\u0079\":2}]}", LGX_E_JSON_DOUBLE },
	{ "{\"\\u0078\":1,\"\\u0078\":2}", LGX_E_JSON_DOUBLE },
};

/* A copy of exactly its bytes, so that a sanitizer sees reading past them. */
static struct lgx_str
exact(const char *z, struct lgx_buf *b)
{
	lgx_buf_release(b);
	lgx_buf_putz(b, z);
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] == '#')
			b->p[i] = '\0';
	if (b->n > 0)
		b->p = lgx_realloc(b->p, b->cap = b->n);
	return lgx_buf_str(b);
}

static void
test_grammar(void)
{
	struct lgx_buf	 b = { 0 };
	int		 st;

	for (size_t i = 0; i < LGX_LEN(valid); i++) {
		st = lgx_rec_parse(&rec, exact(valid[i], &b), LGX_PLACE_NONE, &err);
		ok(st == LGX_OK, "valid %zu%s%s", i, st != LGX_OK ? ": " : "", st != LGX_OK ? err.msg : "");
	}
	for (size_t i = 0; i < LGX_LEN(invalid); i++) {
		st = lgx_rec_parse(&rec, exact(invalid[i].text, &b), LGX_PLACE_NONE, &err);
		ok(st == LGX_REJECT && err.diag == invalid[i].diag, "invalid %zu: %s", i,
		    st != LGX_OK ? lgx_diag_code(err.diag) : "taken");
	}
	lgx_buf_release(&b);
}

/* n brackets around nothing, all of them closed again. */
static int
nest(struct lgx_buf *b, int n)
{
	lgx_buf_clear(b);
	lgx_buf_putz(b, "{\"x\":");
	for (int i = 1; i < n; i++)
		lgx_buf_putc(b, '[');
	for (int i = 1; i < n; i++)
		lgx_buf_putc(b, ']');
	lgx_buf_putc(b, '}');
	return lgx_rec_parse(&rec, lgx_buf_str(b), LGX_PLACE_NONE, &err);
}

static void
test_bounds(void)
{
	struct lgx_buf	 b = { 0 };

	ok(nest(&b, 64) == LGX_OK, "64 levels");
	ok(nest(&b, 65) == LGX_REJECT && err.diag == LGX_E_JSON_DEPTH && err.place.byte == 68,
	    "65 are too deep, at their byte");
	lgx_buf_clear(&b);
	for (int i = 0; i < 50000; i++)
		lgx_buf_putf(&b, "%s\"m%d\":%d", i > 0 ? "," : "{", i * 7919 % 50000, i);
	lgx_buf_putz(&b, ",\"\\u006d49\":0}");
	ok(lgx_rec_parse(&rec, lgx_buf_str(&b), LGX_PLACE_NONE, &err) == LGX_REJECT &&
	    err.diag == LGX_E_JSON_DOUBLE, "one double among 50,000");
	b.n -= strlen(",\"\\u006d49\":0}");
	lgx_buf_putc(&b, '}');
	ok(lgx_rec_parse(&rec, lgx_buf_str(&b), LGX_PLACE_NONE, &err) == LGX_OK, "none");
	lgx_buf_release(&b);
}

/*
 * Every member of every kind, with a value of its type
 */

static void	put_fields(struct lgx_buf *, const struct lgx_field *(*)(const void *, size_t), const void *);

static const struct lgx_field *
sub_field(const void *f, size_t i)
{
	return lgx_field_sub(f, i);
}

static const struct lgx_field *
kind_field(const void *kind, size_t i)
{
	return lgx_kind_field(*(const enum lgx_kind *)kind, i);
}

static const char *const samples[LGX_TYPE_COUNT] = {
	[LGX_T_TEXT] = "\"caf\xC3\xA9 \\\"4\\\" \\u001f, a text that is longer than others\"",
	[LGX_T_DEC] = "\"-0.125\"", [LGX_T_MONEY] = "\"1464.00\"", [LGX_T_LIMIT] = "\"29.286\"",
	[LGX_T_CURRENCY] = "\"USD\"", [LGX_T_DATE] = "\"2024-02-29\"",
	[LGX_T_INSTANT] = "\"2024-02-29T23:59:59Z\"", [LGX_T_LOCAL] = "\"2024-02-29T23:59:59\"",
	[LGX_T_WHEN] = "\"2024-02-29\"", [LGX_T_COUNT] = "1", [LGX_T_BOOL] = "false",
	[LGX_T_OCTETS] = "{\"b64\":\"/wA=\"}", [LGX_T_TEXTS] = "[\"a\",\"b\"]", [LGX_T_MONEYS] = "{\"A\":\"1.00\",\"B\":\"-1.00\"}",
	[LGX_T_DECS] = "{\"A\":\"1\",\"B\":\"-1.5\"}",
	[LGX_T_FREE] = "[[\"B3\",\"\"],{\"b64\":\"AA==\",\"n\":1.5},null]",
	[LGX_T_RECORD] = "{\"kind\":\"status\",\"pro\":\"1\",\"weight\":\"much\",\"new\":1}",
};

static void
put_sample(struct lgx_buf *b, const struct lgx_field *f)
{
	switch (f->type) {
	case LGX_T_WORD:
		lgx_json_str(b, text(lgx_field_words(f)[0]));
		break;
	case LGX_T_OBJECT:
		put_fields(b, sub_field, f);
		break;
	case LGX_T_OBJECTS:
		lgx_buf_putc(b, '[');
		put_fields(b, sub_field, f);
		lgx_buf_putc(b, ',');
		put_fields(b, sub_field, f);
		lgx_buf_putc(b, ']');
		break;
	default:
		lgx_buf_putz(b, samples[f->type]);
	}
}

static void
put_fields(struct lgx_buf *b, const struct lgx_field *(*get)(const void *, size_t), const void *of)
{
	const struct lgx_field	*f;

	lgx_buf_putc(b, '{');
	for (size_t i = 0; (f = get(of, i)) != NULL; i++) {
		lgx_json_key(b, f->name);
		if (f->type == LGX_T_KIND)
			lgx_json_str(b, text(lgx_kind_name(*(const enum lgx_kind *)of)));
		else
			put_sample(b, f);
	}
	lgx_buf_putc(b, '}');
}

static uint32_t
draw(uint32_t below)
{
	static uint64_t	 seed = 20240304;

	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % below);
}

/* The value with its members in another order at every level, and blanks here and there. */
static void
shuffle(struct lgx_rec *r, uint32_t at, struct lgx_buf *b)
{
	uint32_t	 kids[64], n = 0, j, kid;
	bool		 object = r->nodes[at].type == LGX_OBJECT;

	if (r->nodes[at].type < LGX_OBJECT) {
		lgx_buf_puts(b, lgx_node_json(r, at));
		return;
	}
	LGX_NODE_EACH(i, r, at)
		kids[n++] = i;
	lgx_buf_putc(b, object ? '{' : '[');
	for (uint32_t i = 0; i < n; i++) {
		j = object ? i + draw(n - i) : i;
		kid = kids[j];
		kids[j] = kids[i];
		if (object)
			lgx_json_name(b, lgx_node_key(r, kid));
		else
			lgx_json_next(b);
		if (draw(8) == 0)
			lgx_buf_putc(b, ' ');
		shuffle(r, kid, b);
	}
	lgx_buf_putc(b, object ? '}' : ']');
}

static void
test_kind(enum lgx_kind kind)
{
	struct lgx_buf	 line = { 0 }, mixed = { 0 };
	bool		 same = true;

	put_fields(&line, kind_field, &kind);
	ok(lgx_line_kind(lgx_buf_str(&line)) == kind, "a line of kind %s", lgx_kind_name(kind));
	ok(becomes(lgx_buf_z(&line), lgx_buf_z(&line)), "with every member it is canonical");
	for (int i = 0; i < 50 && same; i++) {
		if (lgx_rec_parse(&rec, lgx_buf_str(&line), LGX_PLACE_NONE, &err) != LGX_OK)
			break;
		lgx_buf_clear(&mixed);
		shuffle(&rec, 0, &mixed);
		same = becomes(lgx_buf_z(&mixed), lgx_buf_z(&line));
	}
	ok(same, "and comes from any order of them");
	lgx_buf_release(&line);
	lgx_buf_release(&mixed);
}

static void
test_keep(void)
{
	static const char	 in[] = " {\"x\":null,\"total\":\"1.005\",\"currency\":\"JPY\",\"refs\":7,"
	    "\"charges\":[{\"amount\":\"2.0\",\"code\":5}],\"lgx\":9,\"kind\":\"invoice\"}";
	static const char	 want[] = "{\"lgx\":9,\"kind\":\"invoice\",\"currency\":\"JPY\","
	    "\"charges\":[{\"code\":5,\"amount\":\"2\"}],\"total\":\"1.005\",\"refs\":7}";

	lgx_buf_clear(&out);
	ok(lgx_rec_parse_any(&rec, text(in), LGX_PLACE_NONE, &err) == LGX_OK, "any version is kept");
	lgx_rec_keep(&rec, &out);
	ok(lgx_str_eq(lgx_buf_str(&out), text(want)), "in order, what the schema refuses as it is");
}

static void
test_look(void)
{
	struct lgx_dec	 d = LGX_DEC_ZERO;
	lgx_date	 day = 0;
	lgx_time	 t = 0;
	struct lgx_place place = { .file = "f", .unit = LGX_LINE, .n = 3, .byte = 1000 };
	uint32_t	 at;

	ok(lgx_rec_parse(&rec, text("{\"kind\":\"status\",\"weight\":2.5,\"time\":\"2024-03-04T01:02:03Z\","
	    "\"refs\":[{\"qual\":\"BM\",\"zz\":\"a\\u0062\"}],\"pro\":null,\"lat\":\"x\"}"), place, &err) == LGX_OK &&
	    rec.kind == LGX_K_STATUS, "a record to look at");
	ok(lgx_rec_dec(&rec, LGX_M_weight, &d, &err) == LGX_OK && d.coef == 25 && d.scale == 1, "decimal");
	ok(lgx_rec_time(&rec, LGX_M_time, &t, &err) == LGX_OK && t == INT64_C(1709514123), "instant");
	ok(lgx_rec_date(&rec, LGX_M_time, &day, &err) == LGX_OK && day == 19786, "its day");
	ok(!lgx_rec_has(&rec, LGX_M_pro) && lgx_rec_str(&rec, LGX_M_pro).n == 0, "null is absent");
	ok(lgx_rec_dec(&rec, LGX_M_pieces, &d, &err) == LGX_OK && d.coef == 25, "absent: untouched");
	ok(lgx_rec_dec(&rec, LGX_M_lat, &d, &err) == LGX_REJECT && err.place.byte > 1000 && err.place.n == 3,
	    "a bad decimal says where");
	at = rec.top[LGX_M_refs] + 1;
	ok(lgx_str_eq(lgx_node_get_str(&rec, at, text("zz")), text("ab")), "a nested member, unescaped");
	ok(lgx_node_get(&rec, at, text("value")) == 0 && lgx_node_get(&rec, at, text("nope")) == 0,
	    "absent ones");
	ok(lgx_str_eq(lgx_node_json(&rec, at), text("{\"qual\":\"BM\",\"zz\":\"a\\u0062\"}")), "as JSON");
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
	ok(parse("{}") == LGX_OK && rec.kind == LGX_K_NONE, "an empty object");
	test_order();
	test_values();
	test_text();
	test_grammar();
	test_bounds();
	for (int k = LGX_K_NONE + 1; k < LGX_KIND_COUNT; k++)
		test_kind((enum lgx_kind)k);
	test_keep();
	test_look();
	lgx_rec_release(&rec);
	lgx_buf_release(&out);
	lgx_buf_release(&again);
	return tap_done();
}
