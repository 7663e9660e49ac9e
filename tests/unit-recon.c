/*
 * tests/unit-recon.c - the parts of lgx-reconcile that stand alone
 */
#include "recon/event.h"
#include "recon/norm.h"
#include "recon/tol.h"
#include "tap.h"

#define S(lit)	LGX_STR(lit)

static void
norm_is(struct lgx_norm norm, enum lgx_ref_class class, const char *raw, const char *base,
    const char *seq)
{
	struct lgx_arena	 arena = { NULL, 0 };
	struct lgx_ref		 ref;

	lgx_norm_ref(&norm, class, lgx_str_of(raw), &arena, &ref);
	ok(lgx_str_eq(ref.base, lgx_str_of(base)) && lgx_str_eq(ref.seq, lgx_str_of(seq)),
	    "\"%s\" is %s, sequence \"%s\" (got %.*s, \"%.*s\")", raw, base, seq,
	    LGX_STR_ARG(ref.base), LGX_STR_ARG(ref.seq));
	lgx_arena_release(&arena);
}

static void
test_norm(void)
{
	struct lgx_norm	 n = LGX_NORM_DEFAULT;

	n.prefix[n.nprefixes++] = S("ABCD");
	norm_is(n, LGX_REF_INVOICE, "00-987712", "987712", "");
	norm_is(n, LGX_REF_INVOICE, "ABCD0987712", "987712", "");
	norm_is(n, LGX_REF_INVOICE, " abcd-098.7712 ", "987712", "");
	norm_is(n, LGX_REF_PRO, "7781200-01", "7781200", "1");
	norm_is(n, LGX_REF_PRO, "7781200-00", "7781200", "");
	norm_is(n, LGX_REF_PRO, "7781200-A", "7781200A", "");
	norm_is(n, LGX_REF_BOL, "7781200-01", "778120001", "");
	norm_is(n, LGX_REF_PRO, "77-01", "7701", "");
	norm_is(n, LGX_REF_PRO, "ABCD123", "ABCD123", "");
	norm_is(n, LGX_REF_PRO, "0000", "0", "");
	norm_is(n, LGX_REF_PRO, "", "", "");
	n.tails = S("ABX");
	n.types = S("IDM");
	norm_is(n, LGX_REF_PRO, "7781200-A", "7781200", "A");
	norm_is(n, LGX_REF_INVOICE, "I7781200", "7781200", "");
	norm_is(n, LGX_REF_INVOICE, "D7781200", "7781200", "D");
	ok(lgx_norm_checks(LGX_CHECK_MOD7, S("416278354")), "mod 7 vector");
	ok(!lgx_norm_checks(LGX_CHECK_MOD7, S("416278355")), "mod 7 wrong digit");
	ok(lgx_norm_checks(LGX_CHECK_MOD11, S("1002456136")), "mod 11 vector 6");
	ok(lgx_norm_checks(LGX_CHECK_MOD11, S("100318990X")), "mod 11 vector X");
	ok(lgx_norm_checks(LGX_CHECK_MOD11, S("1006123480")), "mod 11 vector 0");
}

static void
tol_is(const char *text, int64_t v, int64_t e, bool pass, int64_t limit)
{
	struct lgx_tol	 t;

	ok(lgx_tol_parse(lgx_str_of(text), &t), "%s parses", text);
	ok(lgx_tol_pass(&t, v, e, 2) == pass, "%s: %lld of %lld %s", text, (long long)v,
	    (long long)e, pass ? "passes" : "fails");
	ok(lgx_tol_limit(&t, e, 2) == limit, "%s: limit of %lld", text, (long long)e);
}

static void
test_tol(void)
{
	struct lgx_tol	 t;

	tol_is("any(10.00, 2%)", 1500, 146400, true, 2928);
	tol_is("all(10.00, 2%)", 1500, 146400, false, 1000);
	tol_is("any(3.00, 1%)", 300, 26400, true, 300);
	tol_is("any(3.00,1%)", 301, 26400, false, 300);
	tol_is("any(25.00, 5%)", -2700, 84700, true, 4235);
	tol_is("5.00", 500, 0, true, 500);
	tol_is("2%", 1, 0, false, 0);
	tol_is("0", 1, 100000, false, 0);
	/* 1.25 % of 80.03 is 1.000375: the comparison is exact, not of cents */
	tol_is("1.25%", 100, 8003, true, 100);
	tol_is("none", INT64_MIN, 0, true, LGX_TOL_NO_LIMIT);
	ok(!lgx_tol_parse(S("any(10.00)"), &t), "any needs two parts");
	ok(!lgx_tol_parse(S("-1"), &t), "no negative limit");
	ok(!lgx_tol_parse(S("10 or 2%"), &t), "no other words");
}

static void
test_money(void)
{
	int64_t		 even[] = { 1, 1, 1 }, uneven[] = { 70, 20, 10 }, parts[3], sum = INT64_MAX;
	struct lgx_buf	 b = { NULL, 0, 0 };

	lgx_money_split(10000, even, 3, parts);
	ok(parts[0] == 3334 && parts[1] == 3333 && parts[2] == 3333, "100.00 over 1:1:1");
	lgx_money_split(1001, uneven, 3, parts);
	ok(parts[0] == 701 && parts[1] == 200 && parts[2] == 100, "10.01 over 70:20:10");
	lgx_money_split(-10000, even, 3, parts);
	ok(parts[0] == -3334 && parts[2] == -3333, "symmetric in sign");
	ok(!lgx_money_add(&sum, 1) && sum == INT64_MAX, "overflow is seen");
	lgx_money_put(&b, -5, 2);
	lgx_buf_putc(&b, ' ');
	lgx_money_put(&b, 146400, 2);
	lgx_buf_putc(&b, ' ');
	lgx_money_put(&b, 7, 0);
	ok(lgx_str_eq(lgx_buf_str(&b), S("-0.05 1464.00 7")), "written: %s", lgx_buf_z(&b));
	lgx_buf_release(&b);
}

/*
 * Worked example 10 in all orders of receipt.
 */

static const struct lgx_milestone D1 = { { "delivered", 9 }, 70, false, false, true };
static const struct lgx_milestone AF = { { "departed-pickup", 15 }, 20, false, false, false };
static const struct lgx_milestone X6 = { { "en-route", 8 }, 30, false, false, false };
static const struct lgx_milestone A7 = { { "refused", 7 }, 0, true, true, false };

static struct lgx_event
event(const char *id, const char *code, const struct lgx_milestone *m, lgx_time t, lgx_time got)
{
	return (struct lgx_event){ .id = lgx_str_of(id), .stop = LGX_STR_EMPTY,
	    .code = lgx_str_of(code), .milestone = m, .time = t, .received = got, .zoned = true };
}

static void
test_events(void)
{
	struct lgx_event	 e[4] = {
		event("a", "D1", &D1, 1510, 2000), event("b", "AF", &AF, 100, 2001),
		event("c", "X6", &X6, 1600, 2002), event("d", "D1", &D1, 1510, 2003) };
	struct lgx_move		 move;

	lgx_events_judge(e, 4, 100000, &move);
	ok(e[0].outcome == LGX_EV_APPLIED, "D1 applied");
	ok(e[1].outcome == LGX_EV_STALE, "AF stale");
	ok(e[2].outcome == LGX_EV_OUT_OF_SEQUENCE, "X6 out of sequence");
	ok(e[3].outcome == LGX_EV_DUPLICATE, "second D1 is a duplicate");
	ok(move.state == 0 && move.pod == 0 && move.picked_up == 1, "state delivered");

	e[1].received = 1000;
	e[2].received = 1900;
	lgx_events_judge(e, 4, 100000, &move);
	ok(e[1].outcome == LGX_EV_APPLIED && e[2].outcome == LGX_EV_APPLIED, "AF, X6 first: applied");
	ok(e[0].outcome == LGX_EV_OUT_OF_SEQUENCE, "then D1 is out of sequence");
	ok(move.state == 0 && move.pod == 0, "but takes the state");

	e[3] = event("d", "A7", &A7, 1700, 2003);
	lgx_events_judge(e, 4, 100000, &move);
	ok(move.pod == LGX_EVENT_NONE && move.overlay == 3, "a later refusal withdraws the proof");
	e[1] = event("b", "D1", &D1, 1800, 2500);
	lgx_events_judge(e, 4, 100000, &move);
	ok(move.pod == 1 && e[1].leg == 1, "redelivery in a new leg");
	lgx_events_judge(e, 4, 1750, &move);
	ok(move.pod == LGX_EVENT_NONE && e[1].outcome == LGX_EV_FUTURE, "not before it happened");
}

int
main(void)
{
	test_norm();
	test_tol();
	test_money();
	test_events();
	return tap_done();
}
