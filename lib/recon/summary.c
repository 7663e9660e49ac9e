/*
 * recon/summary.c - counts, and the proof that no bill fell through
 * Floor recon: uses base and rec.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "recon/summary.h"

static struct sums *
row_of(struct summary *s, struct sums_list *list, struct lgx_str currency, int digits)
{
	for (size_t i = 0; i < list->n; i++)
		if (lgx_str_eq(list->s[i].currency, currency))
			return &list->s[i];
	list->s = lgx_grow(list->s, &list->cap, list->n + 1, sizeof(*list->s));
	list->s[list->n] = (struct sums){ .currency = lgx_arena_str(&s->text, currency),
	    .digits = digits };
	return &list->s[list->n++];
}

static void
add(struct summary *s, int64_t *sum, int64_t more)
{
	if (!lgx_money_add(sum, more))
		s->overflow = true;
}

static void
sum_bill_in(struct summary *s, struct sums *row, const struct bill *b)
{
	enum recon_bucket rest = recon_bucket_of(b->outcome, b->decision);

	row->count++;
	if (rest == B_NONE)		/* a cancellation counts nothing */
		return;
	add(s, &row->billed, b->total);
	if (b->decision == D_APPROVE || b->decision == D_SHORT_PAY) {
		add(s, &row->bucket[B_APPROVED], b->approved);
		add(s, &row->bucket[B_DISPUTED], b->disputed);
	} else {
		add(s, &row->bucket[rest], b->total);
	}
}

void
recon_sum_bill(struct summary *s, const struct bill *b)
{
	sum_bill_in(s, row_of(s, &s->outcome[b->outcome], b->currency, b->digits), b);
	sum_bill_in(s, row_of(s, &s->proof, b->currency, b->digits), b);
	s->bills++;
	s->exceptions += b->outcome != O_MATCHED && b->outcome != O_WITHIN &&
	    recon_outcomes[b->outcome].route != R_LOG && b->outcome != O_CANCELLATION;
}

void
recon_sum_load(struct summary *s, const struct load *load)
{
	struct sums	*row = row_of(s, &s->outcome[load->outcome], load->now->currency,
	    load->now->digits);

	row->count++;
	add(s, &row->expected, load->expected);
	add(s, &row->billed, load->live);
	add(s, &row->open, -load->balance[ACCRUED_FREIGHT]);
}

static bool
holds(const struct sums *row)
{
	int64_t	 sum = 0;

	for (int b = B_APPROVED; b < BUCKETS; b++)
		if (!lgx_money_add(&sum, row->bucket[b]))
			return false;
	return sum == row->billed;
}

int
recon_prove(const struct summary *s, struct lgx_err *err)
{
	for (size_t i = 0; i < s->proof.n; i++)
		if (s->overflow || !holds(&s->proof.s[i]))
			return lgx_err_fail(err, LGX_E_RECON_PROOF, LGX_PLACE_NONE,
			    "what was billed in %.*s is not the sum of approved, disputed, held, "
			    "rejected, superseded, duplicate and without effect",
			    LGX_STR_ARG(s->proof.s[i].currency));
	return LGX_OK;
}

/*
 * Rows
 */

static void
put_money(struct lgx_buf *b, const char *name, int64_t v, int digits)
{
	lgx_json_key(b, name);
	lgx_buf_putc(b, '"');
	lgx_money_put(b, v, digits);
	lgx_buf_putc(b, '"');
}

static void
put_count(struct lgx_buf *b, const char *name, uint64_t v)
{
	lgx_json_key(b, name);
	lgx_buf_putu(b, v);
}

static void
start_row(struct lgx_buf *b, const char *level, const char *outcome)
{
	lgx_buf_putc(b, '{');
	lgx_json_member(b, "level", lgx_str_of(level));
	lgx_json_member(b, "outcome", lgx_str_of(outcome));
}

static void
put_bill_row(struct lgx_buf *b, const struct sums *row)
{
	lgx_json_member(b, "currency", row->currency);
	put_count(b, "count", row->count);
	put_money(b, "billed", row->billed, row->digits);
	for (int i = B_APPROVED; i < BUCKETS; i++)
		put_money(b, recon_bucket_name((enum recon_bucket)i), row->bucket[i], row->digits);
}

static int
by_currency(const void *va, const void *vb)
{
	const struct sums *a = va, *b = vb;

	return lgx_str_cmp(a->currency, b->currency);
}

static void
put_outcome(struct lgx_buf *b, int outcome, const struct sums_list *list)
{
	if (list->n > 1)
		qsort(list->s, list->n, sizeof(*list->s), by_currency);
	for (size_t i = 0; i < list->n; i++) {
		const struct sums *row = &list->s[i];

		if (outcome < O_NOT_YET_BILLABLE) {
			start_row(b, "bill", recon_outcomes[outcome].name);
			put_bill_row(b, row);
		} else {
			start_row(b, "shipment", recon_outcomes[outcome].name);
			lgx_json_member(b, "currency", row->currency);
			put_count(b, "count", row->count);
			put_money(b, "expected", row->expected, row->digits);
			put_money(b, "billed", row->billed, row->digits);
			put_money(b, "open", row->open, row->digits);
		}
		lgx_buf_putz(b, "}\n");
	}
}

void
recon_put_summary(const struct summary *s, struct lgx_str run, lgx_time as_of, struct lgx_buf *b)
{
	start_row(b, "run", "");
	lgx_json_member(b, "run", run);
	lgx_json_key(b, "as_of");
	lgx_buf_putc(b, '"');
	lgx_date_put(b, lgx_time_date(as_of));
	lgx_buf_putc(b, '"');
	put_count(b, "bills", s->bills);
	put_count(b, "exceptions", s->exceptions);
	put_count(b, "redelivered", s->redelivered);
	lgx_json_key(b, "audited");
	lgx_buf_putz(b, s->bills > 0 ? "true}\n" : "false}\n");
	for (int i = O_NONE + 1; i < OUTCOMES; i++)
		put_outcome(b, i, &s->outcome[i]);
	for (int i = 0; i < LGX_EV_OUTCOMES; i++) {
		if (s->events[i] == 0)
			continue;
		start_row(b, "event", lgx_event_outcome_name((enum lgx_event_outcome)i));
		put_count(b, "count", s->events[i]);
		lgx_buf_putz(b, "}\n");
	}
	if (s->proof.n > 1)
		qsort(s->proof.s, s->proof.n, sizeof(*s->proof.s), by_currency);
	for (size_t i = 0; i < s->proof.n; i++) {
		start_row(b, "proof", "");
		put_bill_row(b, &s->proof.s[i]);
		lgx_json_key(b, "holds");
		lgx_buf_putz(b, holds(&s->proof.s[i]) ? "true}\n" : "false}\n");
	}
}

void
recon_summary_release(struct summary *s)
{
	for (int i = 0; i < OUTCOMES; i++)
		free(s->outcome[i].s);
	free(s->proof.s);
	lgx_arena_release(&s->text);
	*s = (struct summary){ .bills = 0 };
}
