/*
 * tests/unit-ledger.c - keys, entries, the ledger and its queue, in memory
 */
#include <stdlib.h>

#include "base/table.h"
#include "ledger/queue.h"
#include "tap.h"

static struct lgx_journals	 journals;
static struct lgx_rec		 rec;
static struct lgx_buf		 scratch;
static struct lgx_err		 err;

static struct lgx_key
key_of(const char *name)
{
	return lgx_key_of(lgx_str_of(name), NULL);
}

static bool
before(const char *a, const char *b)
{
	struct lgx_key	 x = key_of(a), y = key_of(b);

	return lgx_key_cmp(&x, &y) < 0;
}

static void
test_keys(void)
{
	struct lgx_key	 key = key_of("main|T2|L000123|1|0"), same = key_of("main|T3|L000123|1|0");
	unsigned char	 digest[LGX_DIGEST_SIZE];
	char		 name[LGX_KEY_PUBLIC];

	ok(before("main|T2|L000123|1|0", "main|T2|L000124|1|0"), "keys follow the shipment's number");
	ok(before("main|T3|L000123|1|0", "main|T2|L000124|1|0"), "whatever the template");
	ok(before("main|T2|L9|1|0", "main|T2|L10|1|0"), "as numbers, not as text");
	ok(before("main|T3|invoice/ABCD/9-77001/~/0f3a|1|0", "main|T3|invoice/ABCD/1-77002/~/9f3a|1|0"),
	    "the longest number counts");
	ok(memcmp(key.b, same.b, 6) == 0 && memcmp(&key, &same, sizeof(key)) != 0,
	    "one shipment, two journals: side by side");
	ok(before("nothing", "main|T2|L1|1|0"), "a key without parts is a key");
	(void)lgx_key_of(LGX_STR("abc"), digest);
	lgx_key_public(digest, name);
	ok(strcmp(name, "lgx:ba7816bf8f01cfea414140de5dae2223") == 0,
	    "targets know a key by its SHA-256 (FIPS 180-2, B.1)");
}

static int
read_entry(struct lgx_entry *e, struct lgx_decision *d, const char *effects)
{
	static struct lgx_buf	 line;
	uint32_t		 first;

	lgx_buf_clear(&line);
	lgx_buf_putf(&line, "{\"lgx\":1,\"kind\":\"decision\",\"id\":\"d\",\"subject\":\"s\",\"run\":\"R\","
	    "\"load\":\"L1\",\"currency\":\"USD\",\"effects\":[%s]}", effects);
	if (lgx_rec_parse(&rec, lgx_buf_str(&line), LGX_PLACE_NONE, &err) != LGX_OK)
		return -1;
	lgx_decision_read(d, &rec);
	first = d->effects + 1;
	return lgx_entry_read(e, &rec, first, d, &journals, &scratch, &err);
}

#define T2(key, debit, credit)						\
    "{\"template\":\"T2\",\"key\":\"" key "\",\"event_date\":\"2026-03-04\",\"amounts\":" \
    "{\"ACCRUED_FREIGHT\":\"" credit "\",\"FREIGHT_EXP\":\"" debit "\"}}"

static void
test_entries(void)
{
	struct lgx_decision	 d;
	struct lgx_entry	 a, b;

	ok(read_entry(&a, &d, T2("main|T2|L1|1|0", "10.50", "-10.50")) == LGX_OK, "an entry");
	ok(a.nlines == 2 && lgx_entry_amount(&a) == 1050 && a.digits == 2, "its amount");
	ok(read_entry(&b, &d, "{\"amounts\":{\"FREIGHT_EXP\":10.5,\"ACCRUED_FREIGHT\":-10.5,"
	    "\"COMMIT\":0},\"key\":\"main|T2|L1|1|0\",\"event_date\":\"2026-03-04\",\"template\":\"T2\","
	    "\"company\":\"main\"}") == LGX_OK && memcmp(a.hash, b.hash, sizeof(a.hash)) == 0,
	    "the same content whatever its writing");
	ok(read_entry(&b, &d, T2("main|T2|L1|1|0", "10.51", "-10.51")) == LGX_OK &&
	    memcmp(a.hash, b.hash, sizeof(a.hash)) != 0, "other content");
	ok(read_entry(&b, &d, T2("main|T2|L1|1|0", "10.51", "-10.50")) == LGX_REJECT &&
	    err.diag == LGX_E_POST_BALANCE, "an entry that does not balance");
}

static enum lgx_booking
book(struct lgx_ledger *l, const char *effect)
{
	struct lgx_decision	 d;
	struct lgx_entry	 e;
	enum lgx_booking	 booking = LGX_CONFLICT;

	if (read_entry(&e, &d, effect) != LGX_OK || lgx_ledger_begin(l, &err) != LGX_OK ||
	    lgx_ledger_book(l, &journals, &e, &d, &booking, &err) != LGX_OK ||
	    lgx_ledger_commit(l, &err) != LGX_OK)
		printf("# %s\n", err.msg);
	return booking;
}

static void
test_ledger(struct lgx_ledger *l)
{
	struct lgx_key		 key = key_of("main|T2|L1|1|0"), none = key_of("main|T2|L2|1|0");
	struct lgx_posted	 p;
	struct lgx_verified	 done;

	ok(book(l, T2("main|T2|L1|1|0", "10.50", "-10.50")) == LGX_BOOKED, "booked");
	ok(book(l, T2("main|T2|L1|1|0", "10.50", "-10.50")) == LGX_REPEATED, "repeated");
	ok(book(l, T2("main|T2|L1|1|0", "10.51", "-10.51")) == LGX_CONFLICT, "in conflict");
	ok(lgx_ledger_find(l, &key, &p, &err) == LGX_OK && p.nlines == 2 && p.line[0].minor == 1050 &&
	    lgx_str_eq(p.load, LGX_STR("L1")) && lgx_str_eq(p.run, LGX_STR("R")), "found again");
	ok(lgx_ledger_find(l, &none, &p, &err) == LGX_EOF, "what is not there is not found");
	ok(lgx_ledger_begin(l, &err) == LGX_OK, "begin");
	lgx_ledger_rollback(l);
	ok(lgx_ledger_verify(l, &done, &err) == LGX_OK && done.entries == 1 && done.links == 1,
	    "it holds together");
}

static void
test_queue(struct lgx_ledger *l)
{
	static const char	 letter[] = "{\"lgx\":1,\"kind\":\"deadletter\",\"id\":\"x\","
	    "\"stage\":\"canon\",\"reason\":\"map.value\",\"raw\":{\"b64\":\"/wo=\"},\"lead\":\"h\\n\"}";
	struct lgx_original	 original = { .is_record = false };
	int64_t			 id = 0, again = 0;

	ok(lgx_rec_parse(&rec, lgx_str_of(letter), LGX_PLACE_NONE, &err) == LGX_OK &&
	    lgx_ledger_begin(l, &err) == LGX_OK &&
	    lgx_queue_file(l, &rec, NULL, NULL, LGX_STR("2026-03-04"), &id, &err) == LGX_OK &&
	    lgx_queue_file(l, &rec, NULL, NULL, LGX_STR("2026-03-05"), &again, &err) == LGX_OK &&
	    lgx_ledger_commit(l, &err) == LGX_OK && id == again, "a letter filed twice is one");
	ok(lgx_original_read(&original, &rec, &err) == LGX_OK &&
	    lgx_str_eq(lgx_buf_str(&original.bytes), LGX_STR("h\n\377\n")), "its original, under its header");
	ok(lgx_original_read(&original, &rec, &err) == LGX_OK &&
	    lgx_str_eq(lgx_buf_str(&original.bytes), LGX_STR("\377\n")), "which the next one shares");
	lgx_original_release(&original);
}

int
main(void)
{
	struct lgx_find		 find = { .n = 0 };
	struct lgx_arena	 arena = { .used = 0 };
	struct lgx_ledger	*l = NULL;
	const char		*path;

	lgx_find_add(&find, getenv("LGX_CONFIG"));
	if (lgx_find_must(&find, "codes/currencies.csv", &arena, &path, &err) != LGX_OK ||
	    lgx_currency_load(path, &err) != LGX_OK ||
	    lgx_journals_load(&journals, &find, &err) != LGX_OK ||
	    lgx_ledger_open(&l, "scratch", LGX_LEDGER_SCRATCH, &err) != LGX_OK) {
		printf("Bail out! %s\n", err.msg);
		return 1;
	}
	test_keys();
	test_entries();
	test_ledger(l);
	test_queue(l);
	lgx_ledger_close(l);
	lgx_journals_release(&journals);
	lgx_rec_release(&rec);
	lgx_buf_release(&scratch);
	lgx_arena_release(&arena);
	return tap_done();
}
