/*
 * bench/gen-night.c - a night of any size, with the answers
 * Stands on floor base.  Used small by tests/gen-night.sh, large by bench/run.sh.
 *
 * gen-night -n LOADS [-s SEED] -o DIR writes into DIR what a TMS and three
 * carriers would send in one night, and truth.csv, which says what the audit
 * must make of it under the shipped rules:
 *
 *	shipments.csv	the TMS batch
 *	214-SCAC.edi	events, about three a load
 *	210-SCAC.edi	bills
 *	truth.csv	bill,SCAC,invoice,correction,load,outcome,billed,approved
 *			load,SCAC,,,load,outcome,,
 *
 * -b SIZE chooses LOADS so that all files together have about SIZE bytes.
 * The same seed gives the same bytes everywhere.  Each load draws from its own
 * random stream, so load 7 is the same among ten and among ten million.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"

#define BLOCK		((size_t)256 << 10)	/* bytes handed to fwrite at once */
#define SETS_MAX	1000			/* transaction sets in an interchange */
#define BYTES_A_LOAD	880			/* of all files, measured; for -b */
#define NIGHT		19786			/* 2024-03-04: the day of every interchange */

/*
 * Random numbers: splitmix64
 */

struct rng { uint64_t state; };

static uint64_t
draw(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int64_t
between(struct rng *r, int64_t low, int64_t high)	/* both included */
{
	return low + (int64_t)(draw(r) % (uint64_t)(high - low + 1));
}

/*
 * Output: a file and its block
 */

struct out { FILE *f; struct lgx_buf b; };

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "gen-night: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void
out_open(struct out *o, const char *dir, const char *name)
{
	struct lgx_buf	 path = { 0 };

	lgx_buf_putf(&path, "%s/%s", dir, name);
	o->b = (struct lgx_buf){ 0 };
	if ((o->f = fopen(lgx_buf_z(&path), "wb")) == NULL)
		die(lgx_buf_z(&path));
	lgx_buf_release(&path);
}

static void
out_flush(struct out *o, size_t below)
{
	if (o->b.n <= below)
		return;
	if (fwrite(o->b.p, 1, o->b.n, o->f) != o->b.n)
		die("write");
	lgx_buf_clear(&o->b);
}

static void
out_close(struct out *o)
{
	out_flush(o, 0);
	if (fclose(o->f) != 0)
		die("close");
	lgx_buf_release(&o->b);
}

/* At least width digits. */
static void
put_padded(struct lgx_buf *b, uint64_t v, int width)
{
	char	 digits[24];
	int	 n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	while (n < width)
		digits[n++] = '0';
	lgx_buf_reserve(b, (size_t)n);
	while (n > 0)
		b->p[b->n++] = digits[--n];
}

static void
put_money(struct lgx_buf *b, int64_t cents)
{
	lgx_buf_putu(b, (uint64_t)(cents / 100));
	lgx_buf_putc(b, '.');
	put_padded(b, (uint64_t)(cents % 100), 2);
}

/*
 * The three carriers
 */

struct carrier {
	const char	*scac, *qualifier, *release, *envelope, *repeat;
	char		 element, component;
	const char	*end;		/* of a segment */
	bool		 century;	/* dates in the set have eight digits */
	bool		 value_first;	/* L11 instead of N9 */
	bool		 bol_only;	/* knows no PRO */
	bool		 q5;		/* old status segment */
	int		 zeros;		/* digits to which it pads its PRO */
	const char	*linehaul, *fuel;
};

static const struct carrier carriers[] = {
	{ "GENA", "02", "004010", "00401", "U", '*', ':', "~\n", true, false, false, false, 0,
	    "400", "405" },
	{ "GENB", "ZZ", "005010", "00501", "^", '|', '>', "\n", true, true, true, false, 0,
	    "BAS", "FSC" },
	{ "GENC", "02", "003040", "00304", "U", '^', '<', "\r\n", false, false, false, true, 10,
	    "", "FUE" },
};

/*
 * X12: a file of interchanges of one kind of set
 */

struct edi {
	struct out		 out;
	const struct carrier	*c;
	const char		*set, *group;
	uint64_t		 control;
	unsigned		 sets, segments, empty;	/* empty: separators not yet written */
};

static void
seg(struct edi *e, const char *id)
{
	e->segments++;
	e->empty = 0;
	lgx_buf_putz(&e->out.b, id);
}

static void
sep(struct edi *e)
{
	for (e->empty++; e->empty > 0; e->empty--)
		lgx_buf_putc(&e->out.b, e->c->element);
}

static void
el(struct edi *e, const char *text)
{
	if (*text == '\0') {
		e->empty++;
		return;
	}
	sep(e);
	lgx_buf_putz(&e->out.b, text);
}

static void
skip(struct edi *e, unsigned n)
{
	e->empty += n;
}

static void
el_num(struct edi *e, uint64_t v, int width)
{
	sep(e);
	put_padded(&e->out.b, v, width);
}

static void
el_padded(struct edi *e, const char *text, size_t width)
{
	sep(e);
	lgx_buf_putz(&e->out.b, text);
	for (size_t n = strlen(text); n < width; n++)
		lgx_buf_putc(&e->out.b, ' ');
}

static void
put_date(struct edi *e, lgx_date d, bool century)
{
	struct lgx_civil c = lgx_date_civil(d);

	sep(e);
	put_padded(&e->out.b, (uint64_t)(century ? c.year : c.year % 100), century ? 4 : 2);
	put_padded(&e->out.b, (uint64_t)c.month, 2);
	put_padded(&e->out.b, (uint64_t)c.day, 2);
}

static void
el_date(struct edi *e, lgx_date d)
{
	put_date(e, d, e->c->century);
}

static void
end(struct edi *e)
{
	lgx_buf_putz(&e->out.b, e->c->end);
}

static void
open_interchange(struct edi *e)
{
	const struct carrier *c = e->c;
	char		 component[2] = { c->component, '\0' };

	seg(e, "ISA");
	el(e, "00"); el_padded(e, "", 10);
	el(e, "00"); el_padded(e, "", 10);
	el(e, c->qualifier); el_padded(e, c->scac, 15);
	el(e, "ZZ"); el_padded(e, "GENSHIPPER", 15);
	put_date(e, NIGHT, false); el(e, "2200");
	el(e, c->repeat); el(e, c->envelope);
	el_num(e, ++e->control, 9);
	el(e, "0"); el(e, "P"); el(e, component); end(e);
	seg(e, "GS");
	el(e, e->group); el(e, c->scac); el(e, "GENSHIPPER");
	el_date(e, NIGHT); el(e, "2200"); el_num(e, e->control, 1);
	el(e, "X"); el(e, c->release); end(e);
}

static void
close_interchange(struct edi *e)
{
	if (e->sets == 0)
		return;
	seg(e, "GE"); el_num(e, e->sets, 1); el_num(e, e->control, 1); end(e);
	seg(e, "IEA"); el(e, "1"); el_num(e, e->control, 9); end(e);
	e->sets = 0;
}

static void
open_set(struct edi *e)
{
	if (e->sets == SETS_MAX)
		close_interchange(e);
	if (e->sets++ == 0)
		open_interchange(e);
	e->segments = 0;
	seg(e, "ST"); el(e, e->set); el_num(e, e->sets, 4); end(e);
}

static void
close_set(struct edi *e)
{
	unsigned segments = e->segments + 1;

	seg(e, "SE"); el_num(e, segments, 1); el_num(e, e->sets, 4); end(e);
	out_flush(&e->out, BLOCK);
}

static void
edi_open(struct edi *e, const struct carrier *c, const char *set, const char *group,
    const char *dir)
{
	char	 name[32];

	*e = (struct edi){ .c = c, .set = set, .group = group };
	snprintf(name, sizeof(name), "%s-%s.edi", set, c->scac);
	out_open(&e->out, dir, name);
}

static void
edi_close(struct edi *e)
{
	close_interchange(e);
	out_close(&e->out);
}

/*
 * The night
 */

struct night {
	uint64_t	 seed;
	struct out	 csv, truth;
	struct edi	 bills[LGX_LEN(carriers)], events[LGX_LEN(carriers)];
};

enum { LHL, FSC, UNL, LFT, CODES };	/* ORDER CODE */
static const char *const codes[] = { "LHL", "FSC", "UNL", "LFT" };

struct load {
	uint64_t	 n;		/* number of the load, in its id, PRO, BOL, ... */
	uint64_t	 bol;		/* n, unless it shares another's */
	size_t		 carrier;
	struct rng	 rng;
	lgx_date	 ship, delivered;
	int64_t		 money[CODES];	/* expected, cents */
	int		 weight;
	const char	*currency, *status;
	bool		 no_pro;	/* the TMS does not know it */
};

struct bill {
	const struct load *load;
	const char	*before, *after; /* the number of the invoice */
	uint64_t	 number;
	uint64_t	 pro, bol;	/* 0: not sent */
	const char	*correction, *terms, *currency;
	lgx_date	 date;
	int64_t		 money[CODES];
	int64_t		 net_off;	/* net minus the sum of the lines */
};

static int64_t
sum(const int64_t money[CODES])
{
	int64_t	 total = 0;

	for (size_t i = 0; i < CODES; i++)
		total += money[i];
	return total;
}

static struct load
make_load(const struct night *night, uint64_t n)
{
	struct load	 l = { .n = n, .bol = n, .rng = { night->seed ^ n * UINT64_C(0xd1342543de82ef95) },
	    .currency = "USD", .status = "delivered" };

	l.carrier = draw(&l.rng) % LGX_LEN(carriers);
	l.ship = NIGHT - (lgx_date)between(&l.rng, 6, 20);
	l.delivered = l.ship + (lgx_date)between(&l.rng, 1, 4);
	l.weight = (int)between(&l.rng, 300, 42000);
	l.money[LHL] = between(&l.rng, 30000, 280000);
	l.money[FSC] = l.money[LHL] / 5;
	return l;
}

static struct bill
make_bill(const struct load *l)
{
	struct bill	 b = { .load = l, .before = "", .after = "", .number = l->n, .pro = l->n, .bol = l->bol,
	    .correction = "", .terms = "PP", .currency = l->currency, .date = NIGHT - 2 };

	if (carriers[l->carrier].bol_only)
		b.pro = 0;
	memcpy(b.money, l->money, sizeof(b.money));
	return b;
}

static void
put_cell(struct lgx_buf *b, const char *text)
{
	lgx_buf_putz(b, text);
	lgx_buf_putc(b, ',');
}

static void
put_key(struct lgx_buf *b, const char *letters, uint64_t n, int width)
{
	lgx_buf_putz(b, letters);
	put_padded(b, n, width);
}

static void
put_day(struct lgx_buf *b, lgx_date d)
{
	lgx_date_put(b, d);
	lgx_buf_putc(b, ',');
}

static const char csv_header[] =
    "load_id,scac,pro,bol,po,order_no,customer_id,mode,service,terms,"
    "origin_name,origin_city,origin_state,origin_postal,origin_country,"
    "dest_name,dest_city,dest_state,dest_postal,dest_country,"
    "ship_date,delivery_due,weight,weight_unit,pieces,freight_class,currency,"
    "charge1_code,charge1_amount,charge2_code,charge2_amount,"
    "charge3_code,charge3_amount,charge4_code,charge4_amount,"
    "total,authorised,status,rate_version,updated_at\n";

static void
put_keys(struct lgx_buf *b, const struct load *l)
{
	const struct carrier *c = &carriers[l->carrier];

	put_key(b, "G", l->n, 9); lgx_buf_putc(b, ',');
	put_cell(b, c->scac);
	if (!l->no_pro && !c->bol_only)
		put_key(b, "", 100000000 + l->n, 9);
	lgx_buf_putc(b, ',');
	put_key(b, "B", l->bol, 9); lgx_buf_putc(b, ',');
	put_key(b, "P", l->n, 9); lgx_buf_putc(b, ',');
	put_key(b, "S", l->n, 9); lgx_buf_putc(b, ',');
	put_key(b, "C", l->n % 997, 3); lgx_buf_putc(b, ',');
}

static void
put_shipment(struct night *night, const struct load *l)
{
	struct lgx_buf	*b = &night->csv.b;

	put_keys(b, l);
	put_cell(b, "LTL,STD,PP,PLANT 1,DAYTON,OH,45402,US,GRANGE TOOL,TOLEDO,OH,43604,US");
	put_day(b, l->ship);
	put_day(b, l->ship + 5);
	lgx_buf_putu(b, (uint64_t)l->weight);
	put_cell(b, ",LB,4,70");
	put_cell(b, l->currency);
	for (size_t i = 0; i < CODES; i++) {
		if (l->money[i] > 0) {
			put_cell(b, codes[i]);
			put_money(b, l->money[i]);
			lgx_buf_putc(b, ',');
		} else
			lgx_buf_putz(b, ",,");
	}
	put_money(b, sum(l->money));
	lgx_buf_putz(b, ",,");
	put_cell(b, l->status);
	lgx_buf_putz(b, "1,");
	lgx_date_put(b, l->ship);
	lgx_buf_putz(b, "T12:00:00Z\n");
	out_flush(&night->csv, BLOCK);
}

/*
 * Events
 */

static void
el_key(struct edi *e, const char *letters, uint64_t n, int width)
{
	sep(e);
	put_key(&e->out.b, letters, n, width);
}

static void
put_pro(struct edi *e, uint64_t pro)
{
	if (pro > 0)
		el_key(e, "", 100000000 + pro, e->c->zeros);
	else
		skip(e, 1);
}

static void
put_ref(struct edi *e, const char *qualifier, const char *letters, uint64_t n, int width)
{
	seg(e, e->c->value_first ? "L11" : "N9");
	if (!e->c->value_first)
		el(e, qualifier);
	el_key(e, letters, n, width);
	if (e->c->value_first)
		el(e, qualifier);
	end(e);
}

static void
put_b10(struct edi *e, const struct load *l)
{
	seg(e, "B10");
	put_pro(e, e->c->bol_only ? 0 : l->n);
	el_key(e, "B", l->bol, 9);
	el(e, e->c->scac);
	if (e->c->bol_only) {		/* B10 wants one of 01 and 06 */
		skip(e, 1);
		el(e, "BM");
		el_key(e, "B", l->bol, 9);
	}
	end(e);
}

static void
put_event(struct night *night, const struct load *l, const char *code, lgx_date day, int minute)
{
	struct edi	*e = &night->events[l->carrier];

	open_set(e);
	put_b10(e, l);
	seg(e, "LX"); el(e, "1"); end(e);
	if (e->c->q5) {
		seg(e, "Q5"); el(e, strcmp(code, "D1") == 0 ? "D" : code);
	} else {
		seg(e, "AT7"); el(e, code); el(e, "NS"); skip(e, 2);
	}
	el_date(e, day);
	el_num(e, (uint64_t)(minute / 60 * 100 + minute % 60), 4);
	el(e, "ET");
	if (e->c->q5) {
		skip(e, 1); el(e, "TOLEDO"); el(e, "OH"); el(e, "US"); end(e);
	} else {
		end(e);
		seg(e, "MS1"); el(e, "TOLEDO"); el(e, "OH"); el(e, "US"); end(e);
	}
	close_set(e);
}

static void
put_events(struct night *night, struct load *l, bool delivered)
{
	int	 minute = (int)between(&l->rng, 360, 1200);

	put_event(night, l, "AF", l->ship, minute);
	if (delivered && between(&l->rng, 0, 9) == 0) {		/* the late one arrives last */
		put_event(night, l, "D1", l->delivered, minute);
		put_event(night, l, "X6", l->ship, minute + 30);
		return;
	}
	put_event(night, l, "X6", l->ship, minute + 30);
	if (delivered)
		put_event(night, l, "D1", l->delivered, minute);
}

/*
 * Bills
 */

static const char *
code_of(const struct carrier *c, size_t code)
{
	return code == LHL ? c->linehaul : code == FSC ? c->fuel : codes[code];
}

/* One LX a charge, as most carriers write them; returns the next LX number. */
static unsigned
put_lines(struct edi *e, const struct bill *b, unsigned lx, bool child)
{
	for (size_t i = 0; i < CODES; i++) {
		if (b->money[i] == 0)
			continue;
		seg(e, "LX"); el_num(e, lx, 1); end(e);
		if (child)
			put_ref(e, "BM", "B", b->bol, 9);
		if (i == LHL) {
			seg(e, "L5"); el_num(e, lx, 1); el(e, "PUMP PARTS"); end(e);
			seg(e, "L0"); el_num(e, lx, 1); skip(e, 2);
			el_num(e, (uint64_t)b->load->weight, 1); el(e, "G"); skip(e, 2);
			el(e, "4"); el(e, "PLT"); skip(e, 1); el(e, "L"); end(e);
		}
		seg(e, "L1"); el_num(e, lx++, 1); skip(e, 2);
		el_num(e, (uint64_t)b->money[i], 1); skip(e, 3);
		el(e, code_of(e->c, i)); end(e);
	}
	return lx;
}

static void
put_invoice(struct lgx_buf *out, const struct bill *b)
{
	put_key(out, b->before, 200000000 + b->number, 9);
	lgx_buf_putz(out, b->after);
}

static void
put_b3(struct edi *e, const struct bill *b, const char *qualifier, int64_t net)
{
	seg(e, "B3"); el(e, qualifier);
	sep(e);
	put_invoice(&e->out.b, b);
	if (b->bol > 0 && *qualifier == '\0')
		el_key(e, "B", b->bol, 9);
	else
		skip(e, 1);
	el(e, b->terms); el(e, "L");
	el_date(e, b->date); el_num(e, (uint64_t)net, 1); el(e, b->correction);
	skip(e, 2); el(e, e->c->scac); end(e);
	if (e->c->century) {
		seg(e, "C3"); el(e, b->currency); end(e);
	}
}

static void
put_parties(struct edi *e, const struct load *l)
{
	seg(e, "G62"); el(e, "86"); el_date(e, l->ship); end(e);
	seg(e, "R3"); el(e, e->c->scac); el(e, "B"); skip(e, 1); el(e, "M"); end(e);
	seg(e, "N1"); el(e, "SH"); el(e, "PLANT 1"); end(e);
	seg(e, "N4"); el(e, "DAYTON"); el(e, "OH"); el(e, "45402"); el(e, "US"); end(e);
	seg(e, "N1"); el(e, "CN"); el(e, "GRANGE TOOL"); end(e);
	seg(e, "N4"); el(e, "TOLEDO"); el(e, "OH"); el(e, "43604"); el(e, "US"); end(e);
}

static void
put_total(struct edi *e, int weight, int64_t net)
{
	seg(e, "L3"); el_num(e, (uint64_t)weight, 1); el(e, "G"); skip(e, 2);
	el_num(e, (uint64_t)net, 1); end(e);
	close_set(e);
}

static void
put_truth(struct night *night, const struct bill *b, const struct load *l, const char *outcome,
    int64_t billed, int64_t approved)
{
	struct lgx_buf	*t = &night->truth.b;

	put_cell(t, "bill");
	put_cell(t, carriers[b->load->carrier].scac);
	put_invoice(t, b);
	lgx_buf_putc(t, ',');
	put_cell(t, b->correction);
	if (l != NULL)
		put_key(t, "G", l->n, 9);
	lgx_buf_putc(t, ',');
	put_cell(t, outcome);
	put_money(t, billed);
	lgx_buf_putc(t, ',');
	put_money(t, approved);
	lgx_buf_putc(t, '\n');
	out_flush(&night->truth, BLOCK);
}

static void
put_load_truth(struct night *night, const struct load *l, const char *outcome)
{
	struct lgx_buf	*t = &night->truth.b;

	put_cell(t, "load");
	put_cell(t, carriers[l->carrier].scac);
	lgx_buf_putz(t, ",,");
	put_key(t, "G", l->n, 9);
	lgx_buf_putc(t, ',');
	lgx_buf_putz(t, outcome);
	lgx_buf_putz(t, ",,\n");
}

/* A bill on its own; l is the load that it must be found to belong to, NULL if none. */
static void
put_bill(struct night *night, const struct bill *b, const struct load *l, const char *outcome,
    int64_t approved)
{
	struct edi	*e = &night->bills[b->load->carrier];
	int64_t		 net = sum(b->money) + b->net_off;

	open_set(e);
	put_b3(e, b, "", net);
	if (b->pro > 0) {
		seg(e, e->c->value_first ? "L11" : "N9");
		if (!e->c->value_first)
			el(e, "CN");
		put_pro(e, b->pro);
		if (e->c->value_first)
			el(e, "CN");
		end(e);
	}
	if (b->bol > 0)
		put_ref(e, "BM", "B", b->bol, 9);
	put_parties(e, b->load);
	put_lines(e, b, 1, false);
	put_total(e, b->load->weight, net);
	put_truth(night, b, l, outcome, net, approved);
}

/*
 * Scenarios.  Each plays one load (some play several, numbered n, n + step, ...).
 */

static void
settled(struct night *night, struct load *l, struct bill *b, const char *outcome, int64_t approved)
{
	put_shipment(night, l);
	put_events(night, l, true);
	put_bill(night, b, l, outcome, approved);
	put_load_truth(night, l, "billed");
}

static void
play_matched(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	settled(night, l, &b, "matched", sum(b.money));
}

static void
play_within(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.money[LHL] += between(&l->rng, 1, 1000);	/* 10.00 passes whatever the amount */
	settled(night, l, &b, "matched-within-tolerance", sum(b.money));
}

static void
play_accessorial(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.money[LFT] = between(&l->rng, 4000, 15000);
	put_shipment(night, l);
	put_events(night, l, true);
	put_bill(night, &b, l, "overbilled", sum(l->money));
	put_load_truth(night, l, "billed");
}

static void
play_underbilled(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.money[LHL] -= l->money[LHL] / 10 + 3000;
	put_shipment(night, l);
	put_events(night, l, true);
	put_bill(night, &b, l, "underbilled", sum(b.money));
	put_load_truth(night, l, "partially-billed");
}

static void
play_no_pod(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	l->status = "dispatched";
	put_shipment(night, l);
	put_events(night, l, false);
	put_bill(night, &b, l, "no-pod", 0);
	put_load_truth(night, l, "not-yet-billable");
}

static void
play_unbilled(struct night *night, struct load *l)
{
	put_shipment(night, l);
	put_events(night, l, true);
	put_load_truth(night, l, "unbilled");
}

static void
play_under_way(struct night *night, struct load *l)
{
	l->status = "dispatched";
	put_shipment(night, l);
	put_events(night, l, false);
	put_load_truth(night, l, "not-yet-billable");
}

static void
play_cancelled(struct night *night, struct load *l)
{
	l->status = "cancelled";
	put_shipment(night, l);
	put_load_truth(night, l, "cancelled");
}

static void
play_duplicate(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	settled(night, l, &b, "matched", sum(b.money));
	b.before = "00-";		/* the same number when normalised */
	b.date++;
	put_bill(night, &b, l, "duplicate-exact", 0);
}

static void
play_probable(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	settled(night, l, &b, "matched", sum(b.money));
	b.before = "X";
	b.date++;
	put_bill(night, &b, l, "duplicate-probable", 0);
}

static void
play_rebill(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.money[LHL] += 50000;
	settled(night, l, &b, "superseded", 0);
	b = make_bill(l);
	b.correction = "RB";
	b.date++;
	put_bill(night, &b, l, "matched", sum(b.money));
}

static void
play_balance_due(struct night *night, struct load *l)
{
	struct bill	 b;

	l->money[UNL] = sum(l->money) / 10 + 3000;
	b = make_bill(l);
	b.money[UNL] = 0;
	settled(night, l, &b, "underbilled", sum(b.money));
	memset(b.money, 0, sizeof(b.money));
	b.money[UNL] = l->money[UNL];
	b.correction = "BD";
	b.after = "-01";
	b.date++;
	put_bill(night, &b, l, "matched", sum(b.money));
}

static void
play_cancellation(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	put_shipment(night, l);
	put_events(night, l, true);
	put_bill(night, &b, l, "superseded", 0);
	b.correction = "CA";
	b.date++;
	put_bill(night, &b, l, "cancellation", 0);
	put_load_truth(night, l, "unbilled");
}

/* A delivered load whose only bill gives it nothing. */
static void
play_refused(struct night *night, struct load *l, struct bill *b, const char *outcome,
    const char *state)
{
	put_shipment(night, l);
	put_events(night, l, true);
	put_bill(night, b, l, outcome, 0);
	put_load_truth(night, l, state);
}

static void
play_orphan(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.correction = "RB";
	play_refused(night, l, &b, "orphan-correction", "unbilled");
}

static void
play_wrong_party(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.terms = "CC";
	play_refused(night, l, &b, "wrong-party", "unbilled");
}

static void
play_arithmetic(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	b.net_off = between(&l->rng, 1, 5000);
	play_refused(night, l, &b, "arithmetic-error", "unbilled");
}

static void
play_currency(struct night *night, struct load *l)
{
	struct bill	 b;

	l->currency = "CAD";
	b = make_bill(l);
	b.currency = "USD";
	play_refused(night, l, &b, "currency-mismatch", "unbilled");
}

static void
play_late(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	l->ship -= 600;			/* a suit for charges runs 18 months */
	l->delivered -= 600;
	play_refused(night, l, &b, "late-bill", "unbilled");
}

static void
play_no_shipment(struct night *night, struct load *l)
{
	struct bill	 b = make_bill(l);

	put_bill(night, &b, NULL, "no-shipment", 0);
}

/* Two loads of one carrier on one BOL, and a bill that names nothing else. */
static void
play_ambiguous(struct night *night, struct load *l)
{
	struct load	 twin = *l;
	struct bill	 b = make_bill(l);

	twin.n += UINT64_C(500000000);
	l->no_pro = twin.no_pro = true;
	l->status = twin.status = "dispatched";
	put_shipment(night, l);
	put_shipment(night, &twin);
	b.pro = 0;
	put_bill(night, &b, NULL, "ambiguous-match", 0);
	put_load_truth(night, l, "not-yet-billable");
	put_load_truth(night, &twin, "not-yet-billable");
}

/* The PRO says one load, the BOL another. */
static void
play_conflict(struct night *night, struct load *l)
{
	struct load	 other = *l;
	struct bill	 b;

	if (carriers[l->carrier].bol_only)
		l->carrier = other.carrier = 0;
	other.n += UINT64_C(500000000);
	other.bol = other.n;
	b = make_bill(l);
	b.bol = other.bol;
	put_shipment(night, l);
	put_shipment(night, &other);
	put_events(night, l, true);
	put_events(night, &other, true);
	put_bill(night, &b, NULL, "reference-conflict", 0);
	put_load_truth(night, l, "unbilled");
	put_load_truth(night, &other, "unbilled");
}

/* One bill over three loads. */
static void
play_consolidated(struct night *night, struct load *l)
{
	struct edi	*e = &night->bills[l->carrier];
	struct load	 child[3];
	struct bill	 b[3], header = make_bill(l);
	unsigned	 lx = 1;
	int64_t		 net = 0;

	for (size_t i = 0; i < 3; i++) {
		child[i] = *l;
		child[i].n += i * UINT64_C(500000000);
		child[i].bol = child[i].n;
		child[i].money[LHL] += (int64_t)i * 1700;
		put_shipment(night, &child[i]);
		put_events(night, &child[i], true);
		b[i] = make_bill(&child[i]);
		b[i].number = l->n;
		b[i].before = header.before = "W";
		net += sum(b[i].money);
	}
	open_set(e);
	put_b3(e, &header, "C", net);
	put_parties(e, l);
	for (size_t i = 0; i < 3; i++) {
		lx = put_lines(e, &b[i], lx, true);
		put_truth(night, &b[i], &child[i], "matched", sum(b[i].money), sum(b[i].money));
		put_load_truth(night, &child[i], "billed");
	}
	put_total(e, l->weight, net);
}

static const struct scenario {
	int	 weight;	/* of a thousand */
	void	(*play)(struct night *, struct load *);
} scenarios[] = {
	{ 712, play_matched }, { 60, play_within }, { 25, play_accessorial },
	{ 12, play_underbilled }, { 20, play_no_pod }, { 40, play_unbilled },
	{ 30, play_under_way }, { 5, play_cancelled }, { 12, play_duplicate },
	{ 12, play_probable }, { 10, play_rebill }, { 10, play_balance_due },
	{ 5, play_cancellation }, { 5, play_orphan }, { 6, play_wrong_party },
	{ 6, play_arithmetic }, { 4, play_currency }, { 4, play_late },
	{ 8, play_no_shipment }, { 4, play_ambiguous }, { 4, play_conflict },
	{ 6, play_consolidated },
};

static void
play(struct night *night, uint64_t n)
{
	struct load	 l = make_load(night, n);
	int64_t		 ticket = between(&l.rng, 0, 999);
	size_t		 i = 0;

	while ((ticket -= scenarios[i].weight) >= 0)
		i++;
	scenarios[i].play(night, &l);
}

static void
run(struct night *night, uint64_t loads, const char *dir)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		die(dir);
	out_open(&night->csv, dir, "shipments.csv");
	out_open(&night->truth, dir, "truth.csv");
	lgx_buf_putz(&night->csv.b, csv_header);
	lgx_buf_putz(&night->truth.b, "what,scac,invoice,correction,load,outcome,billed,approved\n");
	for (size_t i = 0; i < LGX_LEN(carriers); i++) {
		edi_open(&night->bills[i], &carriers[i], "210", "IM", dir);
		edi_open(&night->events[i], &carriers[i], "214", "QM", dir);
	}
	for (uint64_t n = 1; n <= loads; n++)
		play(night, n);
	for (size_t i = 0; i < LGX_LEN(carriers); i++) {
		edi_close(&night->bills[i]);
		edi_close(&night->events[i]);
	}
	out_close(&night->csv);
	out_close(&night->truth);
}

static uint64_t
number(const char *text)
{
	struct lgx_str	 s = lgx_str_of(text);
	uint64_t	 v, unit = 1;

	if (s.n > 0 && strchr("KMG", s.p[s.n - 1]) != NULL) {
		unit = s.p[s.n - 1] == 'K' ? 1000 : s.p[s.n - 1] == 'M' ? 1000000 : 1000000000;
		s.n--;
	}
	if (!lgx_str_u64(s, &v) || v > UINT64_C(400000000000) / unit) {
		fprintf(stderr, "gen-night: not a number, or too big: %s\n", text);
		exit(2);
	}
	return v * unit;
}

int
main(int argc, char **argv)
{
	struct night	 night = { .seed = 1 };
	uint64_t	 loads = 0;
	const char	*dir = NULL;
	int		 c;

	while ((c = getopt(argc, argv, "n:b:s:o:")) != -1) {
		if (c == 'n')
			loads = number(optarg);
		else if (c == 'b')
			loads = number(optarg) / BYTES_A_LOAD;
		else if (c == 's')
			night.seed = number(optarg);
		else if (c == 'o')
			dir = optarg;
		else
			return 2;
	}
	if (dir == NULL || loads == 0 || loads > 400000000 || optind != argc) {
		fputs("usage: gen-night -n LOADS | -b BYTES [-s SEED] -o DIR\n", stderr);
		return 2;
	}
	run(&night, loads, dir);
	return 0;
}
