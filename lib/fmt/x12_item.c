/*
 * fmt/x12_item.c - what the X12 reader hands out: records and dead letters
 * Floor fmt: a part of the X12 reader.
 */
#include "fmt/x12_read.h"

#define HEAD	"{\"lgx\":1,\"kind\":\"edi\""

/*
 * Records
 */

/* Names and numbers must be text: what is not UTF-8 is taken as Latin-1. */
static struct lgx_str
as_text(struct lgx_x12 *r, struct lgx_str s)
{
	if (lgx_str_utf8(s))
		return s;
	lgx_buf_clear(&r->text);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char	 c = (unsigned char)s.p[i];

		if (c >= 0x80)
			lgx_buf_putc(&r->text, (char)(0xC0 | c >> 6));
		lgx_buf_putc(&r->text, (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c));
	}
	return lgx_buf_str(&r->text);
}

static void
put_text(struct lgx_x12 *r, struct lgx_buf *b, const char *name, struct lgx_str s)
{
	lgx_json_member(b, name, as_text(r, s));
}

static void
put_octets(struct lgx_buf *b, const char *name, struct lgx_str s)
{
	if (s.n == 0)
		return;
	lgx_json_key(b, name);
	lgx_json_octets(b, s);
}

static void
put_byte(struct lgx_buf *b, const char *name, char c)
{
	put_octets(b, name, (struct lgx_str){ &c, c != '\0' });
}

static void
put_date(struct lgx_x12 *r, struct lgx_buf *b, struct lgx_str date)
{
	struct lgx_buf	 text = { 0 };
	lgx_date	 d;

	if (lgx_date_parse_x12(date, &d))
		lgx_date_put(&text, d);
	put_text(r, b, "date", text.n > 0 ? lgx_buf_str(&text) : date);
	lgx_buf_release(&text);
}

static void
put_time(struct lgx_x12 *r, struct lgx_buf *b, struct lgx_str time)
{
	struct lgx_buf	 text = { 0 };
	int		 seconds;

	if (lgx_time_parse_x12(time, &seconds)) {
		lgx_buf_putf(&text, "%.2s:%.2s", time.p, time.p + 2);
		if (time.n >= 6)
			lgx_buf_putf(&text, ":%.2s", time.p + 4);
	}
	put_text(r, b, "time", text.n > 0 ? lgx_buf_str(&text) : time);
	lgx_buf_release(&text);
}

static void
put_run(struct lgx_buf *b, struct lgx_str text, size_t from, size_t to)
{
	lgx_json_next(b);
	lgx_buf_putf(b, "[\"%zu\",", from);
	lgx_json_octets(b, (struct lgx_str){ text.p + from, to - from });
	lgx_buf_putc(b, ']');
}

static bool
is_eol(char c)
{
	return c == '\n' || c == '\r';
}

/* Bytes that segments do not show: gaps between them, line ends inside them. */
static void
put_dropped(struct lgx_buf *b, struct lgx_str text, const struct x12_delims *d)
{
	struct x12_span	 span;
	size_t		 at, i, k, had = b->n, none;

	lgx_json_key(b, "dropped");
	lgx_buf_putc(b, '[');
	none = b->n;
	for (at = 0; x12_segment(text, at, d, &span) == X12_SEGMENT; at = span.end) {
		if (span.start > at)
			put_run(b, text, at, span.start);
		for (i = span.start; i + 1 < span.end && !span.binary; i = k) {
			for (k = i; k + 1 < span.end && is_eol(text.p[k]); k++)
				;
			if (k > i)
				put_run(b, text, i, k);
			else
				k++;
		}
	}
	if (b->n > none)
		lgx_buf_putc(b, ']');
	else
		b->n = had;
}

static void
put_delimiters(struct lgx_buf *b, const struct x12_delims *d, const struct layout *l,
    struct lgx_str text)
{
	lgx_json_key(b, "delimiters");
	lgx_buf_putc(b, '{');
	put_byte(b, "component", d->comp);
	if (!l->regular)
		put_dropped(b, text, d);
	put_byte(b, "element", d->el);
	put_byte(b, "repeat", d->rep);
	put_byte(b, "segment", d->term);
	if (l->regular)
		put_octets(b, "suffix", l->suffix);
	lgx_buf_putc(b, '}');
}

static void
again(struct lgx_buf *b, struct lgx_str s)
{
	lgx_buf_clear(b);
	lgx_buf_puts(b, s);
}

static void
stamp_names(struct lgx_x12 *r, struct lgx_str set)
{
	struct stamp	*s = &r->stamp;

	again(&s->names, LGX_STR(HEAD));
	put_text(r, &s->names, "set", set);
	put_text(r, &s->names, "version", r->gr.version);
	put_text(r, &s->names, "sender", r->ic.sender);
	put_text(r, &s->names, "receiver", r->ic.receiver);
	put_text(r, &s->names, "isa", r->ic.control);
	put_text(r, &s->names, "gs", r->gr.control);
	lgx_sha_clear(s->sha);
	lgx_sha_add(s->sha, lgx_buf_str(&s->names));
	lgx_buf_clear(&s->id);
	lgx_id_part(&s->id, LGX_STR("edi"));
	lgx_id_part(&s->id, as_text(r, r->ic.sender));
	lgx_id_part(&s->id, as_text(r, r->ic.control));
	lgx_id_part(&s->id, as_text(r, r->gr.control));
	again(&s->src_file, LGX_STR(",\"src\":{"));
	put_text(r, &s->src_file, "file", lgx_str_of(lgx_in_name(r->in)));
	put_text(r, &s->src_file, "sha", r->sha);
	lgx_json_key(&s->src_file, "offset");
	lgx_buf_clear(&s->src_names);
	put_text(r, &s->src_names, "isa", r->ic.control);
	put_text(r, &s->src_names, "gs", r->gr.control);
}

/* The group's date, else the interchange's. */
static void
stamp_when(struct lgx_x12 *r)
{
	struct lgx_buf	*b = &r->stamp.when;
	lgx_date	 date;
	bool		 by_group = lgx_date_parse_x12(r->gr.date, &date);

	lgx_buf_clear(b);
	put_date(r, b, by_group ? r->gr.date : r->ic.date);
	put_time(r, b, by_group ? r->gr.time : r->ic.time);
	put_text(r, b, "usage", (struct lgx_str){ &r->ic.usage, 1 });
}

/* Make the stamp anew if it is not for this group, set and layout. */
static void
stamp(struct lgx_x12 *r, struct lgx_str set, const struct layout *l)
{
	struct stamp	*s = &r->stamp;

	if (!s->good || !lgx_str_eq(lgx_buf_str(&s->set), set)) {
		stamp_names(r, set);
		stamp_when(r);
		again(&s->set, set);
	}
	if (l->regular && (!s->good || !lgx_str_eq(lgx_buf_str(&s->suffix), l->suffix))) {
		lgx_buf_clear(&s->delims);
		put_delimiters(&s->delims, &r->ic.delims, l, LGX_STR_EMPTY);
		again(&s->suffix, l->suffix);
	}
	s->good = l->regular;
}

/* A member that stands alone in a stamp begins without the comma it needs here. */
static void
put_stamp(struct lgx_buf *b, const struct lgx_buf *stamped)
{
	if (stamped->n == 0)
		return;
	lgx_buf_putc(b, ',');
	lgx_buf_puts(b, lgx_buf_str(stamped));
}

void
x12_record_begin(struct lgx_x12 *r, struct lgx_str set, enum x12_charset charset,
    const struct layout *layout, struct lgx_str text, struct lgx_str lead)
{
	static const char *const charsets[] = { "", "utf-8", "latin-1" };	/* ORDER x12_charset */
	struct lgx_buf	*b = &r->held.body;

	stamp(r, set, layout);
	again(b, lgx_buf_str(&r->stamp.names));
	put_text(r, b, "st", lgx_buf_str(&r->held.st));
	put_stamp(b, &r->stamp.when);
	lgx_json_member(b, "charset", lgx_str_of(r->ebcdic ? "cp037" : charsets[charset]));
	if (layout->regular)
		put_stamp(b, &r->stamp.delims);
	else
		put_delimiters(b, &r->ic.delims, layout, text);
	put_octets(b, "lead", lead);
}

void
x12_record_hold(struct lgx_x12 *r, uint64_t offset, uint64_t length)
{
	struct held		*h = &r->held;
	struct x12_findings	 found = r->found;

	h->full = true;
	h->offset = offset;
	h->length = length;
	lgx_buf_clear(&h->tail);
	r->found = h->found;
	h->found = found;
	x12_findings_clear(&r->found);
	r->found.policy = found.policy;
	lgx_buf_clear(&r->lead);
}

/* The digest D of the records' contract: 12 hex over all but id, src and received_at. */
static void
make_id(struct lgx_x12 *r)
{
	unsigned char	 sha[LGX_SHA_SIZE];
	char		 hex[13];

	lgx_sha_copy(r->digest, r->stamp.sha);
	lgx_sha_add(r->digest, lgx_str_from(lgx_buf_str(&r->held.body), r->stamp.names.n));
	lgx_sha_add(r->digest, LGX_STR("}"));
	lgx_sha_end(r->digest, sha);
	lgx_hex(sha, 6, hex);
	again(&r->id, lgx_buf_str(&r->stamp.id));
	lgx_id_part(&r->id, as_text(r, lgx_buf_str(&r->held.st)));
	lgx_buf_putc(&r->id, '/');
	lgx_buf_put(&r->id, hex, 12);
}

static void
put_source(struct lgx_x12 *r, struct lgx_buf *b)
{
	lgx_buf_puts(b, lgx_buf_str(&r->stamp.src_file));
	lgx_buf_putu(b, r->held.offset);
	lgx_buf_puts(b, LGX_STR(",\"length\":"));
	lgx_buf_putu(b, r->held.length);
	put_stamp(b, &r->stamp.src_names);
	put_text(r, b, "st", lgx_buf_str(&r->held.st));
	lgx_buf_putc(b, '}');
}

int
x12_record_release(struct lgx_x12 *r)
{
	struct held	*h = &r->held;
	struct lgx_buf	*b = &h->body, *line = &r->line;

	put_octets(b, "tail", lgx_buf_str(&h->tail));
	if (h->found.n > 0) {
		lgx_json_key(b, "errors");
		lgx_buf_putc(b, '[');
		x12_findings_put(b, &h->found, h->offset);
		lgx_buf_putc(b, ']');
	}
	make_id(r);
	again(line, LGX_STR(HEAD));
	lgx_json_member(line, "id", lgx_buf_str(&r->id));
	lgx_buf_puts(line, lgx_str_from(lgx_buf_str(b), sizeof(HEAD) - 1));
	if (r->o.received != LGX_TIME_NONE) {
		lgx_json_key(line, "received_at");
		lgx_json_time(line, r->o.received);
	}
	put_source(r, line);
	lgx_buf_put(line, "}\n", 2);
	h->full = false;
	return LGX_OK;
}

/*
 * Dead letters
 */

void
x12_describe(struct lgx_x12 *r, enum lgx_diag diag, uint64_t offset, struct lgx_str value)
{
	struct lgx_x12_finding	 f = { .diag = diag, .offset = offset, .value = value,
	    .due = LGX_STR_EMPTY };

	lgx_x12_describe(&f, lgx_in_name(r->in), &r->why);
}

void
x12_piece_begin(struct lgx_x12 *r)
{
	lgx_buf_clear(&r->piece.raw);
	lgx_sha_clear(r->piece.sha);
	r->piece.offset = x12_here(r);
	r->piece.length = 0;
}

void
x12_piece_take(struct lgx_x12 *r, size_t n)
{
	struct piece	*p = &r->piece;
	struct lgx_str	 s = lgx_str_head(r->view, n);
	size_t		 room = LGX_DEAD_WHOLE + 1 - p->raw.n;

	if (p->length + n > LGX_DEAD_WHOLE) {
		if (p->length <= LGX_DEAD_WHOLE)
			lgx_sha_add(p->sha, lgx_buf_str(&p->raw));
		lgx_sha_add(p->sha, s);
	}
	lgx_buf_puts(&p->raw, lgx_str_head(s, p->length > LGX_DEAD_WHOLE ? 0 : room));
	p->length += n;
	x12_take(r, n);
}

/* Headers and fitting trailers, so that a replay can read the set alone. */
static void
put_envelope(struct lgx_x12 *r)
{
	const struct x12_delims	*d = &r->ic.delims;
	struct lgx_buf		*b = &r->piece.tail;

	lgx_buf_clear(&r->piece.lead);
	lgx_buf_clear(b);
	if (r->ic.bare)
		return;
	lgx_buf_puts(&r->piece.lead, lgx_buf_str(&r->ic.raw));
	if (r->gr.open) {
		lgx_buf_puts(&r->piece.lead, lgx_buf_str(&r->gr.raw));
		lgx_buf_putf(b, "GE%c1%c", d->el, d->el);
		lgx_buf_puts(b, r->gr.control);
		lgx_buf_putc(b, d->term);
		lgx_buf_put(b, d->more, (size_t)d->nmore);
	}
	lgx_buf_putf(b, "IEA%c%d%c", d->el, r->gr.open, d->el);
	lgx_buf_puts(b, r->ic.control);
	lgx_buf_putc(b, d->term);
	lgx_buf_put(b, d->more, (size_t)d->nmore);
}

/* Would the same bytes pass with another option? */
static bool
may_succeed(enum lgx_diag diag)
{
	return diag == LGX_E_X12_USAGE || diag == LGX_E_X12_MAX_SET;
}

static struct lgx_dead
empty_letter(const struct lgx_x12 *r)
{
	return (struct lgx_dead){ .err = &r->why, .retryable = may_succeed(r->why.diag),
	    .blocked_by = LGX_STR_EMPTY, .record = LGX_STR_EMPTY, .raw = LGX_STR_EMPTY,
	    .src = LGX_SRC_NONE, .sha = LGX_STR_EMPTY, .lead = LGX_STR_EMPTY, .tail = LGX_STR_EMPTY };
}

static struct lgx_str
kept_text(struct lgx_x12 *r, struct lgx_buf *b, struct lgx_str s)
{
	again(b, as_text(r, s));
	return lgx_buf_str(b);
}

int
x12_piece_end(struct lgx_x12 *r, bool set, struct lgx_str control)
{
	struct piece	*p = &r->piece;
	struct lgx_dead	*d = r->dead;
	unsigned char	 sha[LGX_SHA_SIZE];

	*d = empty_letter(r);
	d->raw = lgx_buf_str(&p->raw);
	if (p->length > LGX_DEAD_WHOLE) {
		lgx_sha_end(p->sha, sha);
		lgx_hex(sha, sizeof(sha), p->hex);
		d->length = p->length;
		d->sha = lgx_str_of(p->hex);
	}
	d->src.file = lgx_str_of(lgx_in_name(r->in));
	d->src.sha = r->sha;
	d->src.offset = (int64_t)p->offset;
	d->src.length = (int64_t)p->length;
	if (r->ic.open)
		d->src.isa = kept_text(r, &p->isa, r->ic.control);
	if (r->gr.open)
		d->src.gs = kept_text(r, &p->gs, r->gr.control);
	d->src.st = kept_text(r, &p->st, control);
	if (!set) {
		r->totals.dead_other++;
		return LGX_REJECT;
	}
	r->totals.dead_sets++;
	put_envelope(r);
	d->lead = lgx_buf_str(&p->lead);
	d->tail = lgx_buf_str(&p->tail);
	return LGX_REJECT;
}

int
x12_lead_refuse(struct lgx_x12 *r)
{
	struct piece	*p = &r->piece;

	again(&p->raw, lgx_buf_str(&r->lead));
	p->offset = x12_here(r) - r->lead.n;
	p->length = r->lead.n;
	lgx_buf_clear(&r->lead);
	x12_findings_clear(&r->found);
	r->ta1_from = r->ta1_to = 0;
	return x12_piece_end(r, false, LGX_STR_EMPTY);
}
