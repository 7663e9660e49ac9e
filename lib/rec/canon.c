/*
 * rec/canon.c - canonical bytes of whole records
 * Floor rec.
 *
 * A record of which every value fits (rec/fits.c) is copied as it stands, any
 * other is written member by member (rec/put.c).
 */
#include <assert.h>

#include "base/digest.h"
#include "base/table.h"
#include "rec/canon.h"

#define DIGITS_DEFAULT	2	/* of money in a record that names no currency */

const struct lgx_field rec_free_field = { "", LGX_T_FREE, 0, "" };

static int
digits_of(struct lgx_rec *rec, uint32_t currency)
{
	if (currency == 0 || (rec->nodes[currency].type == LGX_STRING &&
	    rec->nodes[currency].len == 0))
		return DIGITS_DEFAULT;
	return rec->nodes[currency].type != LGX_STRING ? -1 :
	    lgx_currency_digits(lgx_node_str(rec, currency));
}

/* The shape of the object at `at` by its own kind, and a writer for it. */
const struct rec_shape *
rec_enter(const struct rec_writer *w, uint32_t at, struct rec_writer *inner)
{
	uint32_t	 kind = lgx_node_get(w->rec, at, LGX_STR("kind"));

	*inner = *w;
	inner->keep = true;
	inner->partial = false;
	inner->digits = digits_of(w->rec, lgx_node_get(w->rec, at, LGX_STR("currency")));
	return &rec_shapes[kind == 0 || rec_node(w, kind)->type != LGX_STRING ? S_NONE :
	    S_KIND + (int)lgx_kind_of(lgx_node_str(w->rec, kind))];
}

/* What every record must have, and what must be known before its money is read. */
static int
check_record(struct lgx_rec *rec, int *digits, struct lgx_err *err)
{
	uint32_t	 kind = rec->top[LGX_M_kind], id = rec->top[LGX_M_id];
	uint32_t	 currency = rec->top[LGX_M_currency];

	if (rec->kind == LGX_K_NONE)
		return kind == 0 ?
		    lgx_err_reject(err, LGX_E_REC_KIND, rec->place, "a record without a kind") :
		    lgx_err_reject(err, LGX_E_REC_KIND, lgx_node_place(rec, kind),
		    "kind: %.*s is not a kind of record",
		    LGX_STR_ARG(lgx_str_head(lgx_node_json(rec, kind), 60)));
	if (id == 0 || rec->nodes[id].type != LGX_STRING || rec->nodes[id].len == 0)
		return lgx_err_reject(err, LGX_E_REC_MISSING, rec->place, "a record without an id");
	if (!lgx_kind_has(rec->kind, LGX_M_currency))
		currency = 0;
	if ((*digits = digits_of(rec, currency)) < 0)
		return lgx_err_reject(err, LGX_E_CURRENCY, lgx_node_place(rec, currency),
		    "currency: %.*s is not a currency of the table",
		    LGX_STR_ARG(lgx_str_head(lgx_node_json(rec, currency), 60)));
	return LGX_OK;
}

static int
rewrite(struct lgx_rec *rec, struct lgx_buf *out, bool partial, bool thorough,
    struct lgx_err *err)
{
	struct rec_writer	 w = { .rec = rec, .out = out, .err = err, .partial = partial,
	    .thorough = thorough };
	size_t			 mark = out->n;

	if (check_record(rec, &w.digits, err) != LGX_OK)
		return LGX_REJECT;
	if (rec_put_members(&w, 0, rec_shape_of(rec->kind), &rec_free_field) == LGX_OK)
		return LGX_OK;
	out->n = mark;
	return LGX_REJECT;
}

int
lgx_rec_rewrite(struct lgx_rec *rec, struct lgx_buf *out, struct lgx_err *err)
{
	return rewrite(rec, out, false, true, err);
}

static bool
is_canonical(struct lgx_rec *rec)
{
	struct rec_writer	 w = { .rec = rec };

	return !rec->spaced && rec->n > 1 && rec->nodes[1].name == LGX_M_lgx &&
	    check_record(rec, &w.digits, NULL) == LGX_OK &&
	    rec_fits_members(&w, 0, rec_shape_of(rec->kind), &rec_free_field);
}

int
lgx_rec_canon(struct lgx_rec *rec, struct lgx_buf *out, struct lgx_err *err)
{
	if (!is_canonical(rec))
		return rewrite(rec, out, false, false, err);
	lgx_buf_puts(out, rec->line);
	return LGX_OK;
}

void
lgx_rec_keep(struct lgx_rec *rec, struct lgx_buf *out)
{
	struct rec_writer	 w = { .rec = rec }, inner;
	const struct rec_shape	*shape = rec_enter(&w, 0, &inner);
	int			 st;

	inner.out = out;
	st = rec_put_members(&inner, 0, shape, &rec_free_field);
	assert(st == LGX_OK);
	(void)st;
}

int
lgx_rec_digest(struct lgx_rec *rec, char hex[13], struct lgx_err *err)
{
	struct lgx_buf	 b = { 0 };
	unsigned char	 sha[LGX_SHA_SIZE];
	int		 st;

	if ((st = rewrite(rec, &b, true, false, err)) == LGX_OK) {
		lgx_sha_of(lgx_buf_str(&b), sha);
		lgx_hex(sha, 6, hex);
	}
	lgx_buf_release(&b);
	return st;
}
