/*
 * rec/build.c - a record under construction
 * Floor rec.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/digest.h"
#include "rec/schema.h"

void
lgx_build_start(struct lgx_build *b, enum lgx_kind kind)
{
	assert(kind > LGX_K_NONE && kind < LGX_KIND_COUNT);
	rec_schema_need();
	b->kind = kind;
	b->text.n = b->extra.n = b->nextras = 0;
	b->open = LGX_M_NONE;
	memset(b->slot, 0, sizeof(b->slot));
}

void
lgx_build_release(struct lgx_build *b)
{
	lgx_buf_release(&b->text);
	lgx_buf_release(&b->extra);
	lgx_buf_release(&b->hashed);
	free(b->extras);
	*b = (struct lgx_build){ .kind = LGX_K_NONE };
}

/* The value that was appended at off is the member's; empty ones are dropped. */
static void
set(struct lgx_build *b, enum lgx_member m, size_t off)
{
	const char	*p = b->text.p + off;
	size_t		 n = b->text.n - off;

	assert(m != LGX_M_NONE && m != LGX_M_lgx && m != LGX_M_kind && m != LGX_M_id);
	if (n == 0 || (n == 2 && (memcmp(p, "\"\"", 2) == 0 || memcmp(p, "[]", 2) == 0 ||
	    memcmp(p, "{}", 2) == 0))) {
		b->text.n = off;
	} else if (rec_shape_of(b->kind)->at[m] == 0) {
		lgx_build_extra(b, lgx_str_of(lgx_member_name(m)), (struct lgx_str){ p, n });
		b->text.n = off;
	} else {
		b->slot[m].off = off;
		b->slot[m].n = n;
	}
}

void
lgx_build_str(struct lgx_build *b, enum lgx_member m, struct lgx_str text)
{
	size_t	 off = b->text.n;

	lgx_json_str(&b->text, text);
	set(b, m, off);
}

void
lgx_build_dec(struct lgx_build *b, enum lgx_member m, struct lgx_dec d)
{
	size_t	 off = b->text.n;

	lgx_json_dec(&b->text, d);
	set(b, m, off);
}

bool
lgx_build_money(struct lgx_build *b, enum lgx_member m, struct lgx_dec d, int digits)
{
	size_t	 off = b->text.n;

	if (!lgx_json_money(&b->text, d, digits))
		return false;
	set(b, m, off);
	return true;
}

void
lgx_build_date(struct lgx_build *b, enum lgx_member m, lgx_date date)
{
	size_t	 off = b->text.n;

	lgx_json_date(&b->text, date);
	set(b, m, off);
}

void
lgx_build_time(struct lgx_build *b, enum lgx_member m, lgx_time t)
{
	size_t	 off = b->text.n;

	lgx_json_time(&b->text, t);
	set(b, m, off);
}

void
lgx_build_int(struct lgx_build *b, enum lgx_member m, int64_t v)
{
	size_t	 off = b->text.n;

	lgx_json_int(&b->text, v);
	set(b, m, off);
}

void
lgx_build_bool(struct lgx_build *b, enum lgx_member m, bool v)
{
	lgx_build_json(b, m, v ? LGX_STR("true") : LGX_STR("false"));
}

void
lgx_build_json(struct lgx_build *b, enum lgx_member m, struct lgx_str json)
{
	size_t	 off = b->text.n;

	lgx_buf_puts(&b->text, json);
	set(b, m, off);
}

/* Where among the extras a name is, or would go. */
static size_t
extra_place(const struct lgx_build *b, struct lgx_str name, bool *there)
{
	size_t	 i;
	int	 c = 1;

	for (i = 0; i < b->nextras; i++) {
		const struct lgx_extra *e = &b->extras[i];

		c = lgx_str_cmp((struct lgx_str){ b->extra.p + e->off, e->name }, name);
		if (c >= 0)
			break;
	}
	*there = c == 0;
	return i;
}

void
lgx_build_extra(struct lgx_build *b, struct lgx_str name, struct lgx_str json)
{
	bool		 there;
	size_t		 i = extra_place(b, name, &there);

	if (!there) {
		b->extras = lgx_grow(b->extras, &b->extras_cap, b->nextras + 1,
		    sizeof(*b->extras));
		memmove(b->extras + i + 1, b->extras + i,
		    (b->nextras++ - i) * sizeof(*b->extras));
	}
	b->extras[i] = (struct lgx_extra){ b->extra.n, name.n, json.n };
	lgx_buf_puts(&b->extra, name);
	lgx_buf_puts(&b->extra, json);
}

struct lgx_buf *
lgx_build_open(struct lgx_build *b, enum lgx_member m)
{
	assert(b->open == LGX_M_NONE);
	b->open = m;
	b->opened = b->text.n;
	return &b->text;
}

void
lgx_build_close(struct lgx_build *b)
{
	enum lgx_member	 m = b->open;

	assert(m != LGX_M_NONE);
	b->open = LGX_M_NONE;
	set(b, m, b->opened);
}

bool
lgx_build_has(const struct lgx_build *b, enum lgx_member m)
{
	bool	 there = b->slot[m].n > 0;

	if (!there && b->nextras > 0)
		(void)extra_place(b, lgx_str_of(lgx_member_name(m)), &there);
	return there;
}

static void
put_slots(const struct lgx_build *b, unsigned from, unsigned to, bool hashing,
    struct lgx_buf *out)
{
	const struct rec_shape	*shape = rec_shape_of(b->kind);

	for (unsigned pos = from; pos < to; pos++) {
		unsigned m = shape->ids[pos];

		if (b->slot[m].n == 0 ||
		    (hashing && (m == LGX_M_src || m == LGX_M_received_at)))
			continue;
		lgx_json_key(out, rec_names[m].text);
		lgx_buf_put(out, b->text.p + b->slot[m].off, b->slot[m].n);
	}
}

static void
put_extras(const struct lgx_build *b, bool hashing, struct lgx_buf *out)
{
	for (size_t i = 0; i < b->nextras; i++) {
		const struct lgx_extra *e = &b->extras[i];
		struct lgx_str name = { b->extra.p + e->off, e->name };

		if (hashing && lgx_str_eq(name, LGX_STR("received_at")))
			continue;
		lgx_json_name(out, name);
		lgx_buf_put(out, name.p + name.n, e->n);
	}
}

/* The whole record; without id, src and received_at for the digest. */
static void
put_record(const struct lgx_build *b, struct lgx_str id, bool hashing, struct lgx_buf *out)
{
	const struct rec_shape	*shape = rec_shape_of(b->kind);

	lgx_buf_puts(out, LGX_STR("{\"lgx\":1,\"kind\":\""));
	lgx_buf_putz(out, lgx_kind_name(b->kind));
	lgx_buf_putc(out, '"');
	if (!hashing)
		lgx_json_member(out, "id", id);
	put_slots(b, 1, shape->tail, hashing, out);
	put_extras(b, hashing, out);
	put_slots(b, shape->tail, shape->n + 1u, hashing, out);
	lgx_buf_putc(out, '}');
}

void
lgx_build_digest(struct lgx_build *b, char hex[13])
{
	unsigned char	 sha[LGX_SHA_SIZE];

	lgx_buf_clear(&b->hashed);
	put_record(b, LGX_STR_EMPTY, true, &b->hashed);
	lgx_sha_of(lgx_buf_str(&b->hashed), sha);
	lgx_hex(sha, 6, hex);
}

void
lgx_build_finish(struct lgx_build *b, struct lgx_str id, struct lgx_buf *line)
{
	assert(b->open == LGX_M_NONE && id.n > 0);
	put_record(b, id, false, line);
	lgx_buf_putc(line, '\n');
}
