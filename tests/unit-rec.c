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
	ok(refused(STATUS(",\"weight\":\"1000000000000000000\""), LGX_E_BAD_DECIMAL, -1), "19 are not");
	ok(refused(STATUS(",\"weight\":\"1e3\""), LGX_E_BAD_DECIMAL, -1), "no exponent in a string");
	ok(refused(STATUS(",\"weight\":1e400"), LGX_E_BAD_DECIMAL, -1), "no exponent out of bounds");
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
	ok(refused(STATUS(",\"tz\":\"guess\""), LGX_E_REC_VALUE, -1), "closed words");
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
	ok(refused(STATUS(",\"qq\":1,\"rr\":2,\"qq\":null"), LGX_E_JSON_DOUBLE, -1), "doubled unknown");
}

int
main(void)
{
	const char	*src = getenv("LGX_SRC");
	struct lgx_buf	 path = { 0 };

	lgx_buf_putf(&path, "%s/mappings/codes/currencies.csv", src != NULL ? src : ".");
	if (lgx_currency_load(lgx_buf_z(&path), &err) != LGX_OK)
		printf("Bail out! %s\n", err.msg);
	lgx_buf_release(&path);
	ok(parse("{}") == LGX_OK && rec.kind == LGX_K_NONE, "an empty object");
	test_order();
	test_values();
	test_text();
	lgx_rec_release(&rec);
	lgx_buf_release(&out);
	lgx_buf_release(&again);
	return tap_done();
}
