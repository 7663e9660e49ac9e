/*
 * fmt/x12.c - envelopes: interchanges, groups, counts, recovery
 * Floor fmt: stands on base and rec.  Reached through fmt/x12.h.
 *
 * The reader stands outside or inside an interchange and makes one item a
 * step.  A set's record is held back until the next thing is known, because
 * what follows a set (its group's trailer, line ends) is the record's tail,
 * and what the trailers say wrong is among its errors.  Whatever cannot be
 * used becomes a dead letter as a piece: a run of bytes up to the next place
 * where reading can begin again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/dict.h"
#include "base/digest.h"
#include "fmt/x12_part.h"

#define LOOK		((size_t)64 << 10)	/* shown at least, when there is that much */
#define BETWEEN_MAX	((size_t)64 << 10)	/* envelopes and blanks without a set between them */
#define CONTROLS_MAX	100000			/* set control numbers of a group remembered */
#define HEAD		"{\"lgx\":1,\"kind\":\"edi\""

struct group {
	bool		 open;
	struct lgx_str	 id, control, version, date, time;	/* GS01, 06, 08, 04, 05 */
	struct lgx_buf	 raw;
	uint64_t	 sets;
	struct lgx_dict	 controls;
	struct lgx_arena text;
};

struct interchange {
	bool		 open;
	bool		 bare;			/* no ISA: segments without an envelope */
	struct x12_delims delims;
	struct lgx_str	 control, sender, receiver, date, time;	/* sender as QQ:ID */
	bool		 closing;		/* its trailer was read */
	bool		 cut;			/* the input ended before that */
	char		 usage;
	uint64_t	 offset, groups, sets;
	const struct lgx_partner *partner;
	struct lgx_buf	 raw;			/* ISA */
	struct lgx_arena text;
};

struct held {				/* a record that waits for its tail */
	bool		 full;
	struct lgx_buf	 body, tail;
	struct x12_findings found;
	uint64_t	 offset, length;
	struct lgx_buf	 isa, gs, st, sender;
};

struct piece {				/* bytes on their way to a dead letter */
	struct lgx_buf	 raw;		/* the first of them */
	struct lgx_sha	*sha;
	uint64_t	 offset, length;
	char		 hex[LGX_SHA_HEX];
};

struct page { const struct lgx_partner *partner; struct x12_policy policy; };

struct lgx_x12 {
	struct lgx_x12_opts	 o;
	struct lgx_x12_totals	 totals;
	struct page		*pages;
	struct x12_policy	 policy;	/* of senders without a page */
	/* input */
	struct lgx_in		*in;
	struct lgx_str		 sha, view;
	struct lgx_err		 failure;
	bool			 ended, failed, started, ebcdic;
	/* where we are */
	struct interchange	 ic;
	struct group		 gr;
	struct lgx_buf		 lead;
	size_t			 ta1_from, ta1_to;	/* in lead */
	struct held		 held;
	struct x12_findings	 found;		/* for the next set */
	/* results and scratch */
	struct x12_walker	 walker;
	struct piece		 piece;
	struct lgx_sha		*digest;
	struct lgx_buf		 line, id, dead_lead, dead_tail;
	struct lgx_err		 why;
	struct lgx_dead		*dead;
};

enum { AGAIN = -1 };			/* of a step: nothing to hand out yet */

/*
 * Input
 */

static void
show(struct lgx_x12 *r, size_t want)
{
	struct lgx_err	 err;

	if (lgx_in_fill(r->in, want, &r->view, &err) != LGX_OK) {
		if (!r->failed)
			r->failure = err;
		r->failed = true;
	}
	r->ended = r->view.n < want;
}

static void
take(struct lgx_x12 *r, size_t n)
{
	lgx_in_take(r->in, n);
	r->view = lgx_str_from(r->view, n);
}

static uint64_t
here(const struct lgx_x12 *r)
{
	return lgx_in_offset(r->in);
}

/* The segment at or behind `at` in the view, showing more of the input as it needs. */
static enum x12_found
segment(struct lgx_x12 *r, size_t at, struct x12_span *span)
{
	enum x12_found	 found;

	for (;;) {
		found = x12_segment(r->view, at, &r->ic.delims, span);
		if (found != X12_UNENDED || r->ended || r->view.n > r->o.max_set + LOOK)
			return found;
		show(r, r->view.n + LOOK);
	}
}

/*
 * Findings
 */

static void
report(const struct lgx_x12 *r, const struct lgx_x12_finding *f)
{
	if (r->o.report != NULL && f->severity != LGX_X12_REFUSE)
		r->o.report(r->o.report_to, f);
}

/* About an envelope: goes with the record held, else with the next one. */
static struct lgx_x12_finding *
find(struct lgx_x12 *r, enum lgx_diag diag, uint64_t offset, struct lgx_str value,
    struct lgx_str due)
{
	struct x12_findings	*l = r->held.full ? &r->held.found : &r->found;
	struct lgx_x12_finding	*f = x12_find(l, diag, value, due);

	f->offset = offset;
	return f;
}

static void
find_at(struct lgx_x12 *r, enum lgx_diag diag, const char *segment_id, int element,
    struct lgx_str value, struct lgx_str due)
{
	struct lgx_x12_finding	*f = find(r, diag, here(r), value, due);

	memcpy(f->segment, segment_id, strlen(segment_id));
	f->element = (uint16_t)element;
	report(r, f);
}

static struct lgx_str
decimal(uint64_t n, char out[24])
{
	snprintf(out, 24, "%llu", (unsigned long long)n);
	return lgx_str_of(out);
}

/*
 * Elements of envelope segments
 */

struct fields { struct lgx_str el[24]; size_t n; };	/* el[0] is the id */

static struct lgx_str
without_line_ends(struct lgx_arena *arena, struct lgx_str s)
{
	char	*p = NULL;
	size_t	 n = 0;

	if (memchr(s.p, '\n', s.n) == NULL && memchr(s.p, '\r', s.n) == NULL)
		return s;
	p = lgx_arena_alloc(arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r')
			p[n++] = s.p[i];
	return (struct lgx_str){ p, n };
}

/* Views of the input, or of the arena where line ends were taken out. */
static void
split(const struct lgx_x12 *r, const struct x12_span *span, struct lgx_arena *arena,
    struct fields *f)
{
	struct lgx_str	 rest = { r->view.p + span->start, span->end - span->start };

	*f = (struct fields){ .n = 0 };
	for (size_t i = 0; i < LGX_LEN(f->el); i++)
		f->el[i] = LGX_STR_EMPTY;
	if (rest.n > 0 && rest.p[rest.n - 1] == r->ic.delims.term)
		rest.n--;
	while (f->n < LGX_LEN(f->el)) {
		struct lgx_str	 s = lgx_str_cut(&rest, r->ic.delims.el);

		f->el[f->n++] = lgx_str_trim(without_line_ends(arena, s));
		if (rest.n == 0)
			break;
	}
}

static bool
same_number(struct lgx_str a, struct lgx_str b)
{
	uint64_t	 x, y;

	return lgx_str_u64(a, &x) && lgx_str_u64(b, &y) && x == y;
}

static void
compare_controls(struct lgx_x12 *r, enum lgx_diag diag, const char *id, struct lgx_str said,
    struct lgx_str header)
{
	if (lgx_str_eq(said, header))
		return;
	find_at(r, same_number(said, header) ? LGX_E_X12_CONTROL_PAD : diag, id, 2, said, header);
}

static void
compare_counts(struct lgx_x12 *r, enum lgx_diag diag, const char *id, struct lgx_str said,
    uint64_t counted, uint64_t *total)
{
	char		 text[24];
	uint64_t	 n = 0;

	if (lgx_str_u64(said, &n))
		*total += n;
	if (n != counted || said.n == 0)
		find_at(r, diag, id, 1, said, decimal(counted, text));
}

/*
 * Records
 */

static void
put_date(struct lgx_buf *b, struct lgx_str date, struct lgx_str time)
{
	struct lgx_buf	 text = { 0 };
	lgx_date	 d;
	int		 seconds;

	if (lgx_date_parse_x12(date, &d))
		lgx_date_put(&text, d);
	else
		lgx_buf_puts(&text, date);
	if (text.n > 0) {
		lgx_json_key(b, "date");
		lgx_json_octets(b, lgx_buf_str(&text));
	}
	lgx_buf_clear(&text);
	if (lgx_time_parse_x12(time, &seconds) && time.n >= 4) {
		lgx_buf_putf(&text, "%.2s:%.2s", time.p, time.p + 2);
		if (time.n >= 6)
			lgx_buf_putf(&text, ":%.2s", time.p + 4);
	} else {
		lgx_buf_puts(&text, time);
	}
	if (text.n > 0) {
		lgx_json_key(b, "time");
		lgx_json_octets(b, lgx_buf_str(&text));
	}
	lgx_buf_release(&text);
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

/* Bytes that segments do not show: gaps between them, line ends inside them. */
static void
put_dropped(struct lgx_buf *b, struct lgx_str text, const struct x12_delims *d)
{
	struct x12_span	 span;
	size_t		 at = 0, i, k;

	lgx_json_key(b, "dropped");
	lgx_buf_putc(b, '[');
	for (; x12_segment(text, at, d, &span) == X12_SEGMENT; at = span.end) {
		for (i = at; i + 1 < span.end; i = k) {
			k = i + 1;
			if (i == at && span.start > at)
				k = span.start;
			else if (!span.binary && (text.p[i] == '\n' || text.p[i] == '\r'))
				while (k + 1 < span.end && (text.p[k] == '\n' || text.p[k] == '\r'))
					k++;
			else
				continue;
			lgx_json_next(b);
			lgx_buf_putf(b, "[\"%zu\",", i);
			lgx_json_octets(b, (struct lgx_str){ text.p + i, k - i });
			lgx_buf_putc(b, ']');
		}
	}
	lgx_buf_putc(b, ']');
}

struct layout { bool regular; struct lgx_str suffix; size_t segments; };

static void
put_delimiters(struct lgx_buf *b, const struct lgx_x12 *r, const struct layout *l,
    struct lgx_str text)
{
	const struct x12_delims	*d = &r->ic.delims;

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

/* The record up to its lead. */
static void
begin_record(struct lgx_x12 *r, struct lgx_str set, enum x12_charset charset,
    const struct layout *layout, struct lgx_str text, struct lgx_str lead)
{
	static const char *const charsets[] = { "", "utf-8", "latin-1" };	/* ORDER x12_charset */
	struct lgx_buf	*b = &r->held.body;
	lgx_date	 date;
	bool		 by_group = r->gr.open && lgx_date_parse_x12(r->gr.date, &date);

	lgx_buf_clear(b);
	lgx_buf_putz(b, HEAD);
	put_octets(b, "set", set);
	put_octets(b, "version", r->gr.version);
	put_octets(b, "sender", r->ic.sender);
	put_octets(b, "receiver", r->ic.receiver);
	put_octets(b, "isa", r->ic.control);
	put_octets(b, "gs", r->gr.control);
	put_octets(b, "st", lgx_buf_str(&r->held.st));
	put_date(b, by_group ? r->gr.date : r->ic.date, by_group ? r->gr.time : r->ic.time);
	put_byte(b, "usage", r->ic.usage);
	lgx_json_member(b, "charset", lgx_str_of(r->ebcdic ? "cp037" : charsets[charset]));
	put_delimiters(b, r, layout, text);
	put_octets(b, "lead", lead);
}

/* Names and place of the record; what is held from now on is this. */
static void
hold(struct lgx_x12 *r, uint64_t offset, uint64_t length)
{
	struct held		*h = &r->held;
	struct x12_findings	 found = r->found;

	h->full = true;
	h->offset = offset;
	h->length = length;
	lgx_buf_clear(&h->isa);
	lgx_buf_puts(&h->isa, r->ic.control);
	lgx_buf_clear(&h->gs);
	lgx_buf_puts(&h->gs, r->gr.control);
	lgx_buf_clear(&h->sender);
	lgx_buf_puts(&h->sender, r->ic.sender);
	lgx_buf_clear(&h->tail);
	r->found = h->found;
	h->found = found;
	x12_findings_clear(&r->found);
	r->found.policy = found.policy;
	lgx_buf_clear(&r->lead);
}

static struct lgx_src
source(const struct lgx_x12 *r, uint64_t offset, uint64_t length)
{
	struct lgx_src	 src = LGX_SRC_NONE;

	src.file = lgx_str_of(lgx_in_name(r->in));
	src.sha = r->sha;
	src.offset = (int64_t)offset;
	src.length = (int64_t)length;
	return src;
}

/* The digest D of the records' contract: 12 hex over all but id, src and received_at. */
static void
make_id(struct lgx_x12 *r)
{
	unsigned char	 sha[LGX_SHA_SIZE];
	char		 hex[13];

	lgx_sha_add(r->digest, lgx_buf_str(&r->held.body));
	lgx_sha_add(r->digest, LGX_STR("}"));
	lgx_sha_end(r->digest, sha);
	lgx_hex(sha, 6, hex);
	lgx_buf_clear(&r->id);
	lgx_id_part(&r->id, LGX_STR("edi"));
	lgx_id_part(&r->id, lgx_buf_str(&r->held.sender));
	lgx_id_part(&r->id, lgx_buf_str(&r->held.isa));
	lgx_id_part(&r->id, lgx_buf_str(&r->held.gs));
	lgx_id_part(&r->id, lgx_buf_str(&r->held.st));
	lgx_id_part(&r->id, lgx_str_of(hex));
}

static int
release(struct lgx_x12 *r)
{
	struct held	*h = &r->held;
	struct lgx_src	 src = source(r, h->offset, h->length);
	struct lgx_buf	*b = &h->body;

	put_octets(b, "tail", lgx_buf_str(&h->tail));
	if (h->found.n > 0) {
		lgx_json_key(b, "errors");
		lgx_buf_putc(b, '[');
		x12_findings_put(b, &h->found, h->offset);
		lgx_buf_putc(b, ']');
	}
	make_id(r);
	src.isa = lgx_buf_str(&h->isa);
	src.gs = lgx_buf_str(&h->gs);
	src.st = lgx_buf_str(&h->st);
	lgx_buf_clear(&r->line);
	lgx_buf_putz(&r->line, HEAD);
	lgx_json_member(&r->line, "id", lgx_buf_str(&r->id));
	lgx_buf_puts(&r->line, lgx_str_from(lgx_buf_str(b), sizeof(HEAD) - 1));
	if (r->o.received != LGX_TIME_NONE) {
		lgx_json_key(&r->line, "received_at");
		lgx_json_time(&r->line, r->o.received);
	}
	lgx_json_key(&r->line, "src");
	lgx_src_put(&r->line, &src);
	lgx_buf_put(&r->line, "}\n", 2);
	h->full = false;
	return LGX_OK;
}

/*
 * Dead letters
 */

static void
piece_begin(struct lgx_x12 *r)
{
	lgx_buf_clear(&r->piece.raw);
	lgx_sha_clear(r->piece.sha);
	r->piece.offset = here(r);
	r->piece.length = 0;
}

/* The next n bytes of the view belong to it. */
static void
piece_take(struct lgx_x12 *r, size_t n)
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
	take(r, n);
}

/* With the set's envelope around it, so that a replay can read it alone. */
static void
put_envelope(struct lgx_x12 *r)
{
	const struct x12_delims	*d = &r->ic.delims;
	struct lgx_buf		*b = &r->dead_tail;

	lgx_buf_clear(&r->dead_lead);
	lgx_buf_clear(b);
	if (r->ic.bare)
		return;
	lgx_buf_puts(&r->dead_lead, lgx_buf_str(&r->ic.raw));
	if (r->gr.open) {
		lgx_buf_puts(&r->dead_lead, lgx_buf_str(&r->gr.raw));
		lgx_buf_putf(b, "GE%c1%c%.*s", d->el, d->el, LGX_STR_ARG(r->gr.control));
		lgx_buf_putc(b, d->term);
		lgx_buf_put(b, d->more, (size_t)d->nmore);
	}
	lgx_buf_putf(b, "IEA%c%d%c%.*s", d->el, r->gr.open, d->el, LGX_STR_ARG(r->ic.control));
	lgx_buf_putc(b, d->term);
	lgx_buf_put(b, d->more, (size_t)d->nmore);
}

/* Would the same bytes pass with another option? */
static bool
may_succeed(enum lgx_diag diag)
{
	return diag == LGX_E_X12_USAGE || diag == LGX_E_X12_MAX_SET;
}

/* The piece becomes a dead letter for what r->why says. */
static int
piece_end(struct lgx_x12 *r, bool set, struct lgx_str control)
{
	struct piece	*p = &r->piece;
	unsigned char	 sha[LGX_SHA_SIZE];
	struct lgx_dead	*d = r->dead;

	*d = (struct lgx_dead){ .err = &r->why, .blocked_by = LGX_STR_EMPTY, .record = LGX_STR_EMPTY,
	    .raw = lgx_buf_str(&p->raw), .sha = LGX_STR_EMPTY, .lead = LGX_STR_EMPTY,
	    .tail = LGX_STR_EMPTY, .src = source(r, p->offset, p->length) };
	if (p->length > LGX_DEAD_WHOLE) {
		lgx_sha_end(p->sha, sha);
		lgx_hex(sha, sizeof(sha), p->hex);
		d->length = p->length;
		d->sha = lgx_str_of(p->hex);
	}
	d->src.isa = r->ic.open ? r->ic.control : LGX_STR_EMPTY;
	d->src.gs = r->gr.open ? r->gr.control : LGX_STR_EMPTY;
	d->src.st = control;
	d->retryable = may_succeed(r->why.diag);
	if (!set) {
		r->totals.dead_other++;
		return LGX_REJECT;
	}
	r->totals.dead_sets++;
	put_envelope(r);
	d->lead = lgx_buf_str(&r->dead_lead);
	d->tail = lgx_buf_str(&r->dead_tail);
	return LGX_REJECT;
}

static void
describe(struct lgx_x12 *r, enum lgx_diag diag, uint64_t offset, struct lgx_str value)
{
	struct lgx_x12_finding	 f = { .diag = diag, .offset = offset, .value = value,
	    .due = LGX_STR_EMPTY };

	lgx_x12_describe(&f, lgx_in_name(r->in), &r->why);
}

/* Can an interchange be read at this place of the view? */
static bool
header_at(struct lgx_x12 *r, size_t at)
{
	struct x12_isa	 isa;
	const char	*why;

	if (r->view.n - at < X12_ISA_LOOK && !r->ended)
		show(r, at + LOOK);
	return x12_isa_here(lgx_str_from(r->view, at)) &&
	    x12_isa_read(lgx_str_from(r->view, at), &isa, &why) == LGX_OK;
}

/* Bytes to the next interchange header that can be read, or to the end. */
static int
refuse_to_header(struct lgx_x12 *r, enum lgx_diag diag, struct lgx_str why, bool to_the_end)
{
	describe(r, diag, here(r), why);
	piece_begin(r);
	for (size_t from = 1;;) {
		ptrdiff_t	 at = -1;
		size_t		 n;

		show(r, LOOK);
		if (!to_the_end && r->view.n > from)
			at = lgx_str_find(lgx_str_from(r->view, from), LGX_STR("ISA"));
		n = at >= 0 ? from + (size_t)at : r->ended ? r->view.n : r->view.n - 2;
		if (at >= 0 && header_at(r, n)) {
			piece_take(r, n);
			break;
		}
		piece_take(r, at >= 0 ? n + 1 : n);
		if (r->ended && r->view.n == 0)
			break;
		from = 0;
	}
	return piece_end(r, false, LGX_STR_EMPTY);
}

static bool
is_id(const struct x12_span *span, const char *id)
{
	return strcmp(span->id, id) == 0;
}

/* Does the segment end a set that has no trailer? */
static bool
ends_set(struct lgx_x12 *r, const struct x12_span *span)
{
	if (is_id(span, "ST") || is_id(span, "GS") || is_id(span, "GE") || is_id(span, "IEA"))
		return true;
	return is_id(span, "ISA") && header_at(r, span->start);
}

/*
 * The piece goes on to the end of the set that begins here, segment by
 * segment, in bounded memory: behind its SE, or before what cannot be in it.
 */
static void
take_set(struct lgx_x12 *r)
{
	struct x12_span	 span;
	bool		 first = true, inside = false;

	for (;; first = false) {
		enum x12_found	 found;
		const char	*end;

		show(r, LOOK);
		if (r->view.n == 0)
			return;
		if (inside) {		/* of a segment that is too long to be shown whole */
			end = memchr(r->view.p, r->ic.delims.term, r->view.n);
			inside = end == NULL;
			piece_take(r, end != NULL ? (size_t)(end - r->view.p) + 1 : r->view.n);
			continue;
		}
		found = segment(r, 0, &span);
		if (!first && ends_set(r, &span))
			return;
		inside = found == X12_UNENDED ||
		    (found == X12_TOO_LONG && r->view.p[span.end - 1] != r->ic.delims.term);
		piece_take(r, inside ? r->view.n : span.end);
		if (is_id(&span, "SE") && found == X12_SEGMENT)
			return;
	}
}

/*
 * Transaction sets
 */

enum extent { WHOLE, NO_TRAILER, CUT, TOO_BIG, LONG_SEGMENT, BAD_BINARY };

/* Where the set at the start of the view ends, and how its segments are laid out. */
static enum extent
measure(struct lgx_x12 *r, size_t *end, struct layout *l, struct x12_span *span)
{
	size_t	 at = 0, suffix = 0, suffix_n = 0;

	*l = (struct layout){ .regular = !r->ic.delims.wrapped, .suffix = LGX_STR_EMPTY };
	for (;; at = span->end) {
		enum x12_found	 found = segment(r, at, span);
		size_t		 gap = span->start - at;

		if (l->segments == 1) {
			suffix = at;
			suffix_n = gap;
		} else if (l->segments > 1 && l->regular && (gap != suffix_n ||
		    memcmp(r->view.p + at, r->view.p + suffix, gap) != 0)) {
			l->regular = false;
		}
		if (l->segments > 0 && ends_set(r, span)) {
			*end = at;
			return NO_TRAILER;
		}
		if (span->end > r->o.max_set || (found == X12_UNENDED && r->view.n > r->o.max_set))
			return TOO_BIG;
		if (found != X12_SEGMENT)
			return found == X12_UNENDED ? CUT : found == X12_TOO_LONG ? LONG_SEGMENT : BAD_BINARY;
		l->segments++;
		if (is_id(span, "SE"))
			break;
	}
	*end = span->end;
	l->suffix = (struct lgx_str){ r->view.p + suffix, suffix_n };
	return WHOLE;
}

/* Text outside binary elements: is it ASCII, UTF-8, or else taken as Latin-1? */
static enum x12_charset
charset_of(const struct lgx_x12 *r, struct lgx_str text)
{
	struct x12_span	 span;
	bool		 ascii = true;
	uint64_t	 high = 0, eight;
	size_t		 i = 0;

	for (; i + 8 <= text.n; i += 8) {
		memcpy(&eight, text.p + i, 8);
		high |= eight;
	}
	for (; i < text.n; i++)
		high |= (uint64_t)(unsigned char)text.p[i];
	if ((high & UINT64_C(0x8080808080808080)) == 0)
		return X12_ASCII;
	if (r->ebcdic)
		return X12_LATIN1;
	if (r->ic.partner != NULL && lgx_str_eq(r->ic.partner->charset, LGX_STR("latin-1")))
		return X12_LATIN1;
	for (size_t at = 0; x12_segment(text, at, &r->ic.delims, &span) == X12_SEGMENT; at = span.end) {
		struct lgx_str	 s = { text.p + span.start, span.end - span.start - 1 };

		if (span.binary)
			continue;
		if (!lgx_str_utf8(s))
			return X12_LATIN1;
		for (size_t k = 0; k < s.n; k++)
			ascii &= (unsigned char)s.p[k] < 0x80;
	}
	return ascii ? X12_ASCII : X12_UTF8;
}

static bool
admitted(const struct lgx_x12 *r)
{
	return r->ic.usage == 'P' || (r->ic.usage == 'T' && r->o.test) ||
	    (r->ic.usage == 'I' && r->o.info);
}

/* Its control number was not yet used in this group. */
static void
check_control(struct lgx_x12 *r, struct x12_findings *found, struct lgx_str control)
{
	size_t	 n = r->gr.controls.n;

	if (control.n == 0 || n >= CONTROLS_MAX)
		return;
	(void)lgx_dict_add(&r->gr.controls, control);
	if (r->gr.controls.n == n)
		x12_find(found, LGX_E_X12_DOUBLE, control, LGX_STR_EMPTY)->offset = here(r);
}

static const struct x12_grammar *
choose_grammar(struct lgx_x12 *r, struct lgx_str set)
{
	struct x12_findings	 *found = &r->found;
	const struct x12_grammar *g;
	bool			  exact;
	char			  release[16];

	if (r->o.grammars == NULL)
		return NULL;
	g = x12_grammar_of(r->o.grammars, set, r->gr.version, &exact);
	if (g == NULL) {
		x12_find(found, LGX_E_X12_SET_UNKNOWN, set, LGX_STR_EMPTY)->offset = here(r);
		return NULL;
	}
	if (!exact && r->gr.open) {
		snprintf(release, sizeof(release), "%06d", g->release);
		x12_find(found, LGX_E_X12_RELEASE, r->gr.version, lgx_str_of(release))->offset = here(r);
	}
	if (r->gr.open && !lgx_str_eq(g->group, r->gr.id))
		x12_find(found, LGX_E_X12_GROUP_ID, r->gr.id, g->group)->offset = here(r);
	return g;
}

/* The set of `end` bytes in the view is refused for what r->why says. */
static int
refuse_bytes(struct lgx_x12 *r, size_t end, struct lgx_str control)
{
	piece_begin(r);
	piece_take(r, end);
	return piece_end(r, true, control);
}

/* Check and write the whole set of the view; hold its record, or refuse it. */
static int
accept_set(struct lgx_x12 *r, size_t end, const struct layout *layout, struct lgx_str id,
    struct lgx_str control)
{
	const struct lgx_x12_finding *no;
	struct x12_set	 set = { .text = { r->view.p, end }, .delims = &r->ic.delims,
	    .offset = here(r), .findings = &r->found, .control = control };
	size_t		 first = r->found.n;

	if (!r->gr.open)
		find(r, LGX_E_X12_GS_MISSING, here(r), control, LGX_STR_EMPTY);
	set.grammar = choose_grammar(r, id);
	set.charset = charset_of(r, set.text);
	check_control(r, &r->found, control);
	begin_record(r, id, set.charset, layout, set.text, lgx_buf_str(&r->lead));
	lgx_json_key(&r->held.body, "segments");
	x12_set_walk(&set, &r->walker, &r->held.body);
	for (size_t i = first; i < r->found.n; i++)
		report(r, &r->found.f[i]);
	if ((no = x12_findings_refusal(&r->found)) != NULL) {
		lgx_x12_describe(no, lgx_in_name(r->in), &r->why);
		r->found.n = first;	/* what the envelope said goes with the next set */
		return refuse_bytes(r, end, control);
	}
	hold(r, here(r), end);
	r->totals.records++;
	take(r, end);
	return AGAIN;
}

/* A set that has no end, or none within the limits. */
static int
refuse_extent(struct lgx_x12 *r, enum extent extent, const struct x12_span *span,
    struct lgx_str control)
{
	static const enum lgx_diag diags[] = { [NO_TRAILER] = LGX_E_X12_SE_MISSING,
	    [CUT] = LGX_E_X12_CUT, [TOO_BIG] = LGX_E_X12_MAX_SET,
	    [LONG_SEGMENT] = LGX_E_X12_MAX_SEGMENT, [BAD_BINARY] = LGX_E_X12_BINARY };
	struct lgx_x12_finding	 f = { .diag = diags[extent], .offset = here(r),
	    .value = control, .due = LGX_STR_EMPTY };
	struct lgx_buf		 name = { 0 };
	char			 limit[24];

	if (extent == CUT) {
		lgx_buf_putf(&name, "transaction set %.*s", LGX_STR_ARG(control));
		f.value = lgx_buf_str(&name);
	}
	if (extent == TOO_BIG)
		f.due = decimal(r->o.max_set, limit);
	if (extent == LONG_SEGMENT)
		f.due = decimal(LGX_X12_SEGMENT_MAX, limit);
	if (extent >= LONG_SEGMENT) {
		memcpy(f.segment, span->id, sizeof(f.segment));
		f.offset += span->start;
	}
	if (extent == BAD_BINARY) {
		struct fields	 el;

		split(r, span, &r->gr.text, &el);
		f.value = lgx_str_head(el.el[span->id[1] == 'D' ? 2 : 1], 20);
	}
	lgx_x12_describe(&f, lgx_in_name(r->in), &r->why);
	lgx_buf_release(&name);
	piece_begin(r);
	take_set(r);
	return piece_end(r, true, control);
}

/* ST01 and ST02; the control number is kept, for views of the input move. */
static struct lgx_str
read_st(struct lgx_x12 *r, struct lgx_str *control)
{
	struct x12_span	 span;
	struct fields	 el;

	if (x12_segment(r->view, 0, &r->ic.delims, &span) != X12_SEGMENT)
		span.end = lgx_str_head(r->view, 200).n;
	split(r, &span, &r->gr.text, &el);
	lgx_buf_clear(&r->held.st);
	lgx_buf_puts(&r->held.st, lgx_str_head(el.el[2], 64));
	*control = lgx_buf_str(&r->held.st);
	return el.el[1];
}

/* A set that cannot be admitted as such, whatever it holds. */
static bool
unwelcome(struct lgx_x12 *r, struct lgx_str control)
{
	if (r->ic.bare)
		describe(r, LGX_E_X12_ENVELOPE, here(r), control);
	else if (!admitted(r))
		describe(r, LGX_E_X12_USAGE, here(r), (struct lgx_str){ &r->ic.usage, 1 });
	return r->ic.bare || !admitted(r);
}

static int
step_set(struct lgx_x12 *r)
{
	struct x12_span	 span;
	struct layout	 layout;
	struct lgx_str	 id, control;
	enum extent	 extent;
	size_t		 end = 0;

	if (r->held.full)
		return release(r);
	r->totals.sets++;
	r->ic.sets++;
	r->gr.sets++;
	extent = measure(r, &end, &layout, &span);
	id = read_st(r, &control);
	if (unwelcome(r, control)) {
		if (extent == WHOLE)
			return refuse_bytes(r, end, control);
		piece_begin(r);
		take_set(r);
		return piece_end(r, true, control);
	}
	if (extent != WHOLE)
		return refuse_extent(r, extent, &span, control);
	if (id.n == 0 || control.n == 0) {
		describe(r, LGX_E_X12_ST, here(r), control);
		return refuse_bytes(r, end, control);
	}
	return accept_set(r, end, &layout, id, control);
}

/*
 * Envelopes
 */

/* Bytes that belong to no set: the tail of the record held, else the lead of the next. */
static int
between(struct lgx_x12 *r, size_t n)
{
	struct lgx_buf	*b = r->held.full ? &r->held.tail : &r->lead;

	lgx_buf_puts(b, lgx_str_head(r->view, n));
	take(r, n);
	if (r->lead.n <= BETWEEN_MAX || r->held.full)
		return r->held.full && b->n > BETWEEN_MAX ? release(r) : AGAIN;
	describe(r, LGX_E_X12_STRAY, here(r) - r->lead.n,
	    LGX_STR("64 KiB of envelopes and blanks without a transaction set"));
	*r->dead = (struct lgx_dead){ .err = &r->why, .blocked_by = LGX_STR_EMPTY,
	    .record = LGX_STR_EMPTY, .sha = LGX_STR_EMPTY, .lead = LGX_STR_EMPTY,
	    .tail = LGX_STR_EMPTY, .src = source(r, here(r) - r->lead.n, r->lead.n) };
	lgx_buf_clear(&r->line);
	lgx_buf_puts(&r->line, lgx_buf_str(&r->lead));
	r->dead->raw = lgx_buf_str(&r->line);
	lgx_buf_clear(&r->lead);
	r->ta1_from = r->ta1_to = 0;
	r->totals.dead_other++;
	return LGX_REJECT;
}

static const struct x12_policy *
policy_of(const struct lgx_x12 *r, const struct lgx_partner *p)
{
	for (size_t i = 0; p != NULL && i < r->o.partners->n; i++)
		if (r->pages[i].partner == p)
			return &r->pages[i].policy;
	return &r->policy;
}

static struct lgx_str
joined(struct lgx_arena *arena, struct lgx_str a, struct lgx_str b)
{
	char	*p = lgx_arena_alloc(arena, a.n + b.n + 1);

	memcpy(p, a.p, a.n);
	p[a.n] = ':';
	memcpy(p + a.n + 1, b.p, b.n);
	return (struct lgx_str){ p, a.n + b.n + 1 };
}

static void
check_header(struct lgx_x12 *r, const struct x12_isa *isa, const struct lgx_str *el)
{
	char			 text[24];
	lgx_date		 date;
	int			 seconds;
	uint64_t		 n;
	static const uint16_t	 codes[] = { 5, 7 };

	if (isa->odd_width)
		find_at(r, LGX_E_X12_ISA_WIDTH, "ISA", 0, decimal(isa->len, text), LGX_STR("106"));
	if (isa->delims.wrapped)
		find_at(r, LGX_E_X12_WRAP, "ISA", 0, LGX_STR_EMPTY, LGX_STR_EMPTY);
	for (size_t i = 0; i < LGX_LEN(codes); i++)
		if (!x12_qualifier_known(r->o.grammars, el[codes[i]]))
			find_at(r, LGX_E_X12_ISA_VALUE, "ISA", codes[i], el[codes[i]],
			    LGX_STR("a known qualifier"));
	if (!lgx_date_parse_x12(el[9], &date))
		find_at(r, LGX_E_X12_ISA_VALUE, "ISA", 9, el[9], LGX_STR("a date"));
	if (!lgx_time_parse_x12(el[10], &seconds))
		find_at(r, LGX_E_X12_ISA_VALUE, "ISA", 10, el[10], LGX_STR("a time"));
	if (!lgx_str_u64(el[13], &n))
		find_at(r, LGX_E_X12_ISA_VALUE, "ISA", 13, el[13], LGX_STR("a number"));
	if (el[15].n != 1 || memchr("PTI", el[15].p[0], 3) == NULL)
		find_at(r, LGX_E_X12_ISA_VALUE, "ISA", 15, el[15], LGX_STR("P, T or I"));
}

static void
open_interchange(struct lgx_x12 *r, const struct x12_isa *isa)
{
	struct interchange	*ic = &r->ic;
	struct lgx_str		 el[X12_ISA_ELEMS + 1];

	ic->open = true;
	ic->bare = ic->closing = ic->cut = false;
	ic->delims = isa->delims;
	ic->offset = here(r);
	ic->groups = ic->sets = 0;
	lgx_arena_clear(&ic->text);
	lgx_buf_clear(&ic->raw);
	lgx_buf_puts(&ic->raw, lgx_str_head(r->view, isa->len + (size_t)isa->delims.nmore));
	el[0] = LGX_STR_EMPTY;
	for (size_t i = 1; i <= X12_ISA_ELEMS; i++)
		el[i] = lgx_str_trim(without_line_ends(&ic->text, isa->el[i]));
	ic->sender = joined(&ic->text, el[5], el[6]);
	ic->receiver = joined(&ic->text, el[7], el[8]);
	ic->date = lgx_arena_str(&ic->text, el[9]);
	ic->time = lgx_arena_str(&ic->text, el[10]);
	ic->control = lgx_arena_str(&ic->text, el[13]);
	ic->usage = el[15].n == 1 && el[15].p[0] == 'p' ? 'P' : el[15].n == 1 ? el[15].p[0] : ' ';
	ic->partner = r->o.partners != NULL ? lgx_partner_by_isa(r->o.partners, el[5], el[6]) : NULL;
	r->found.policy = policy_of(r, ic->partner);
	r->totals.interchanges++;
	r->ta1_from = r->ta1_to = 0;
	check_header(r, isa, el);
}

static void
close_group(struct lgx_x12 *r, bool trailer)
{
	if (!r->gr.open)
		return;
	if (!trailer)
		find_at(r, LGX_E_X12_GE_MISSING, "GE", 0, r->gr.control, LGX_STR_EMPTY);
	lgx_dict_release(&r->gr.controls);
	r->gr.open = false;
	r->gr.control = r->gr.version = r->gr.date = r->gr.time = r->gr.id = LGX_STR_EMPTY;
	r->gr.sets = 0;
}

static void
open_group(struct lgx_x12 *r, const struct x12_span *span)
{
	struct group	*g = &r->gr;
	struct fields	 el;
	lgx_date	 date;
	uint64_t	 n;

	close_group(r, false);
	lgx_arena_clear(&g->text);
	split(r, span, &g->text, &el);
	g->open = true;
	g->sets = 0;
	g->id = lgx_arena_str(&g->text, el.el[1]);
	g->date = lgx_arena_str(&g->text, el.el[4]);
	g->time = lgx_arena_str(&g->text, el.el[5]);
	g->control = lgx_arena_str(&g->text, el.el[6]);
	g->version = lgx_arena_str(&g->text, el.el[8]);
	lgx_buf_clear(&g->raw);
	lgx_buf_puts(&g->raw, (struct lgx_str){ r->view.p + span->start,
	    span->end + (size_t)r->ic.delims.nmore <= r->view.n ?
	    span->end - span->start + (size_t)r->ic.delims.nmore : span->end - span->start });
	r->ic.groups++;
	r->totals.groups++;
	if (!lgx_date_parse_x12(el.el[4], &date))
		find_at(r, LGX_E_X12_GS, "GS", 4, el.el[4], LGX_STR("a date"));
	if (!lgx_str_u64(el.el[6], &n))
		find_at(r, LGX_E_X12_GS, "GS", 6, el.el[6], LGX_STR("a number"));
	if (el.el[8].n < 6)
		find_at(r, LGX_E_X12_GS, "GS", 8, el.el[8], LGX_STR("a version"));
}

static void
end_group(struct lgx_x12 *r, const struct x12_span *span)
{
	struct fields	 el;

	split(r, span, &r->ic.text, &el);
	if (!r->gr.open) {
		find_at(r, LGX_E_X12_TRAILER_EXTRA, "GE", 0, LGX_STR_EMPTY, LGX_STR_EMPTY);
		return;
	}
	compare_counts(r, LGX_E_X12_GE_COUNT, "GE", el.el[1], r->gr.sets, &r->totals.said_sets);
	compare_controls(r, LGX_E_X12_GE_CONTROL, "GE", el.el[2], r->gr.control);
	close_group(r, true);
}

static void
end_interchange(struct lgx_x12 *r, const struct x12_span *span)
{
	struct fields	 el;

	split(r, span, &r->ic.text, &el);
	close_group(r, false);
	compare_counts(r, LGX_E_X12_IEA_COUNT, "IEA", el.el[1], r->ic.groups, &r->totals.said_groups);
	compare_controls(r, LGX_E_X12_IEA_CONTROL, "IEA", el.el[2], r->ic.control);
}

/*
 * The interchange is over.  Without any set it makes a record of its own: its
 * TA1 segments, with the rest as lead and tail.
 */
static int
close_interchange(struct lgx_x12 *r)
{
	struct lgx_buf	 all = { 0 };
	struct x12_set	 set = { .delims = &r->ic.delims, .offset = r->ic.offset,
	    .findings = &r->found, .control = LGX_STR_EMPTY };
	struct layout	 layout = { .regular = true, .suffix = LGX_STR_EMPTY };
	uint64_t	 from = here(r) - r->lead.n;

	r->ic.open = false;
	if (r->ic.bare || r->ic.sets > 0) {
		if (!r->held.full) {	/* all its sets were refused, with their envelope */
			lgx_buf_clear(&r->lead);
			x12_findings_clear(&r->found);
		}
		return AGAIN;
	}
	r->ic.open = true;		/* its names still stand */
	if (!admitted(r)) {
		describe(r, LGX_E_X12_USAGE, r->ic.offset, (struct lgx_str){ &r->ic.usage, 1 });
		lgx_buf_clear(&r->piece.raw);
		lgx_buf_puts(&r->piece.raw, lgx_buf_str(&r->lead));
		r->piece.offset = from;
		r->piece.length = r->lead.n;
		lgx_buf_clear(&r->lead);
		x12_findings_clear(&r->found);
		(void)piece_end(r, false, LGX_STR_EMPTY);
		r->ic.open = false;
		return LGX_REJECT;
	}
	lgx_buf_puts(&all, lgx_buf_str(&r->lead));
	set.text = (struct lgx_str){ all.p + r->ta1_from, r->ta1_to - r->ta1_from };
	lgx_buf_clear(&r->held.st);
	r->gr.control = r->gr.version = r->gr.date = r->gr.time = LGX_STR_EMPTY;
	begin_record(r, LGX_STR("TA1"), X12_ASCII, &layout, set.text, lgx_str_head(lgx_buf_str(&all),
	    r->ta1_to > 0 ? r->ta1_from : all.n));
	if (r->ta1_to > 0) {
		lgx_json_key(&r->held.body, "segments");
		set.loose = true;
		x12_set_walk(&set, &r->walker, &r->held.body);
	}
	hold(r, from, all.n);
	if (r->ta1_to > 0)
		lgx_buf_puts(&r->held.tail, lgx_str_from(lgx_buf_str(&all), r->ta1_to));
	r->totals.bare++;
	r->ic.open = false;
	lgx_buf_release(&all);
	return AGAIN;
}

/*
 * Steps
 */

static bool
only_padding(const struct lgx_x12 *r, size_t at)
{
	while (at < r->view.n && x12_is_padding(r->view.p[at]))
		at++;
	return r->ended && at == r->view.n;
}

static void
say_cut(struct lgx_x12 *r)
{
	struct lgx_buf	 name = { 0 };

	if (r->ic.cut)
		return;
	r->ic.cut = true;
	close_group(r, false);
	if (!r->ic.bare)
		find_at(r, LGX_E_X12_IEA_MISSING, "IEA", 0, r->ic.control, LGX_STR_EMPTY);
	lgx_buf_putf(&name, r->ic.bare ? "a segment" : "interchange %.*s, which has no IEA",
	    LGX_STR_ARG(r->ic.control));
	describe(r, LGX_E_X12_CUT, here(r), lgx_buf_str(&name));
	lgx_buf_release(&name);
}

/*
 * The input ends inside an interchange.  What is left of it is refused; when
 * nothing is, the header stands for it, so that a cut never goes unseen.
 */
static int
step_cut(struct lgx_x12 *r)
{
	say_cut(r);
	if (r->held.full)
		return release(r);
	lgx_buf_clear(&r->lead);
	x12_findings_clear(&r->found);
	if (r->ic.bare && r->view.n == 0) {
		r->ic.open = false;
		return AGAIN;
	}
	piece_begin(r);
	piece_take(r, r->view.n);
	if (r->piece.length == 0)
		lgx_buf_puts(&r->piece.raw, lgx_buf_str(&r->ic.raw));
	(void)piece_end(r, false, LGX_STR_EMPTY);
	r->ic.open = false;
	return LGX_REJECT;
}

/* A segment that belongs to no set: it and all such that follow are one piece. */
static int
step_stray(struct lgx_x12 *r, struct x12_span *span)
{
	static const char *const ids[] = { "ST", "GS", "GE", "IEA", "TA1" };
	struct lgx_buf	 why = { 0 };
	bool		 more = true;

	if (r->held.full)
		return release(r);
	lgx_buf_putf(&why, "'%.*s' belongs to no transaction set",
	    LGX_STR_ARG(lgx_str_head(r->view, span->end < 20 ? span->end : 20)));
	describe(r, LGX_E_X12_STRAY, here(r), lgx_buf_str(&why));
	lgx_buf_release(&why);
	piece_begin(r);
	while (more) {
		piece_take(r, span->end);
		show(r, LOOK);
		if (segment(r, 0, span) != X12_SEGMENT || header_at(r, span->start))
			break;
		for (size_t i = 0; i < LGX_LEN(ids) - (r->ic.bare ? 4 : 0); i++)
			more &= !is_id(span, ids[i]);
	}
	return piece_end(r, false, LGX_STR_EMPTY);
}

static bool
ends_without_terminator(const struct lgx_x12 *r, const struct x12_span *span)
{
	struct x12_span	 whole = { .start = span->start, .end = r->view.n };
	struct fields	 el;
	struct lgx_arena scratch = { 0 };
	bool		 good;

	if (!is_id(span, "IEA"))
		return false;
	split(r, &whole, &scratch, &el);
	/* a number that was cut is another number, and shorter */
	good = el.n == 3 && (same_number(el.el[2], r->ic.control) || el.el[2].n >= r->ic.control.n);
	lgx_arena_release(&scratch);
	return good;
}

/* A segment of the envelope; false if it is none. */
static bool
envelope(struct lgx_x12 *r, const struct x12_span *span)
{
	if (r->ic.bare)
		return false;
	if (is_id(span, "GS")) {
		open_group(r, span);
	} else if (is_id(span, "GE")) {
		end_group(r, span);
	} else if (is_id(span, "IEA")) {
		end_interchange(r, span);
		r->ic.closing = true;
	} else if (is_id(span, "TA1")) {
		if (r->ta1_to == 0)
			r->ta1_from = r->lead.n;
		r->ta1_to = r->lead.n + span->end;
	} else {
		return is_id(span, "ISB") || is_id(span, "ISE") || is_id(span, "ISX");
	}
	return true;
}

/* Behind a terminator and the bytes that belong to it. */
static size_t
behind(const struct lgx_x12 *r, size_t end)
{
	size_t	 n = (size_t)r->ic.delims.nmore;

	return n > 0 && r->view.n - end >= n && memcmp(r->view.p + end, r->ic.delims.more, n) == 0 ?
	    end + n : end;
}

static int
step_inside(struct lgx_x12 *r)
{
	struct x12_span	 span;
	enum x12_found	 found;

	if (r->ic.closing)
		return close_interchange(r);
	show(r, LOOK);
	if (only_padding(r, 0))
		return r->view.n > 0 ? between(r, r->view.n) : step_cut(r);
	found = segment(r, 0, &span);
	if (span.start > 0)
		return between(r, span.start);
	if (header_at(r, 0)) {
		close_group(r, false);
		if (!r->ic.bare)
			find_at(r, LGX_E_X12_IEA_MISSING, "IEA", 0, r->ic.control, LGX_STR_EMPTY);
		return close_interchange(r);
	}
	if (is_id(&span, "ST"))
		return step_set(r);
	if (found == X12_UNENDED && ends_without_terminator(r, &span)) {
		found = X12_SEGMENT;
		span.end = r->view.n;
	}
	if (found == X12_UNENDED)
		return step_cut(r);
	if (!envelope(r, &span))
		return step_stray(r, &span);
	return between(r, behind(r, span.end));
}

static bool
is_utf16(struct lgx_str v)
{
	return v.n >= 4 && (memcmp(v.p, "\xFF\xFE", 2) == 0 || memcmp(v.p, "\xFE\xFF", 2) == 0 ||
	    memcmp(v.p, "I\0S\0", 4) == 0 || memcmp(v.p, "\0I\0S", 4) == 0);
}

/* What only the first bytes of a file can say. */
static int
step_start(struct lgx_x12 *r)
{
	r->started = true;
	if (is_utf16(r->view))
		return refuse_to_header(r, LGX_E_X12_UTF16, LGX_STR_EMPTY, true);
	if (r->view.n >= 3 && memcmp(r->view.p, "\xC9\xE2\xC1", 3) == 0) {
		lgx_in_map(r->in, x12_ebcdic);
		r->ebcdic = true;
	}
	if (r->view.n >= 3 && memcmp(r->view.p, "\xEF\xBB\xBF", 3) == 0)
		return between(r, 3);
	return AGAIN;
}

static int
step_outside(struct lgx_x12 *r)
{
	struct x12_isa	 isa;
	const char	*why = NULL;
	size_t		 n = 0;
	int		 st;

	show(r, LOOK);
	if (!r->started && r->view.n > 0)
		return step_start(r);
	while (n < r->view.n && x12_is_padding(r->view.p[n]))
		n++;
	if (n > 0)
		return between(r, n);
	if (r->held.full)
		return release(r);
	if (r->view.n == 0)
		return r->failed ? LGX_FAIL : LGX_EOF;
	if (x12_isa_here(r->view)) {
		if ((st = x12_isa_read(r->view, &isa, &why)) == LGX_OK) {
			open_interchange(r, &isa);
			return between(r, behind(r, isa.len));
		}
		return refuse_to_header(r, st == LGX_EOF ? LGX_E_X12_CUT : LGX_E_X12_ISA,
		    st == LGX_EOF ? LGX_STR("an interchange header") : lgx_str_of(why), false);
	}
	if (r->view.n > 4 && (memcmp(r->view.p, "UNA", 3) == 0 || memcmp(r->view.p, "UNB+", 4) == 0))
		return refuse_to_header(r, LGX_E_X12_EDIFACT, LGX_STR_EMPTY, false);
	if (x12_isa_guess(r->view, &r->ic.delims)) {
		r->ic.open = r->ic.bare = true;
		r->ic.closing = r->ic.cut = false;
		r->ic.sender = r->ic.control = LGX_STR_EMPTY;
		r->ic.sets = r->ic.groups = 0;
		return AGAIN;
	}
	return refuse_to_header(r, LGX_E_X12_STRAY, LGX_STR("the bytes are no interchange"), false);
}

int
lgx_x12_next(struct lgx_x12 *r, struct lgx_str *line, struct lgx_dead *dead, struct lgx_err *err)
{
	int	 st;

	r->dead = dead;
	do
		st = r->ic.open ? step_inside(r) : step_outside(r);
	while (st == AGAIN);
	if (st == LGX_OK)
		*line = lgx_buf_str(&r->line);
	if (st == LGX_FAIL && err != NULL)
		*err = r->failure;
	return st;
}

/*
 * Life
 */

int
lgx_x12_open(struct lgx_x12 **out, const struct lgx_x12_opts *o, struct lgx_err *err)
{
	struct lgx_x12	*r = lgx_calloc(1, sizeof(*r));
	size_t		 n = o->partners != NULL ? o->partners->n : 0;
	int		 st;

	*out = NULL;
	r->o = *o;
	if (r->o.max_set == 0)
		r->o.max_set = LGX_X12_SET_MAX;
	x12_policy_init(&r->policy);
	r->found.policy = r->held.found.policy = &r->policy;
	r->digest = lgx_sha_new();
	r->piece.sha = lgx_sha_new();
	r->pages = lgx_calloc(n + 1, sizeof(*r->pages));
	for (size_t i = 0; i < n; i++) {
		r->pages[i].partner = &o->partners->p[i];
		if ((st = x12_policy_read(&r->pages[i].policy, o->partners->p[i].edi, err)) != LGX_OK) {
			lgx_x12_close(r);
			return st;
		}
	}
	*out = r;
	return LGX_OK;
}

void
lgx_x12_begin(struct lgx_x12 *r, struct lgx_in *in, struct lgx_str sha)
{
	r->in = in;
	r->sha = sha;
	r->view = LGX_STR_EMPTY;
	r->ended = r->failed = r->started = r->ebcdic = false;
	r->ic.open = r->gr.open = r->held.full = false;
	lgx_buf_clear(&r->lead);
	x12_findings_clear(&r->found);
}

void
lgx_x12_close(struct lgx_x12 *r)
{
	struct lgx_buf	*bufs[] = { &r->ic.raw, &r->gr.raw, &r->lead, &r->held.body, &r->held.tail,
	    &r->held.isa, &r->held.gs, &r->held.st, &r->held.sender, &r->piece.raw, &r->line, &r->id,
	    &r->dead_lead, &r->dead_tail };

	if (r == NULL)
		return;
	for (size_t i = 0; i < LGX_LEN(bufs); i++)
		lgx_buf_release(bufs[i]);
	lgx_arena_release(&r->ic.text);
	lgx_arena_release(&r->gr.text);
	lgx_dict_release(&r->gr.controls);
	x12_findings_release(&r->found);
	x12_findings_release(&r->held.found);
	x12_walker_release(&r->walker);
	lgx_sha_free(r->digest);
	lgx_sha_free(r->piece.sha);
	free(r->pages);
	free(r);
}

const struct lgx_x12_totals *
lgx_x12_totals(const struct lgx_x12 *r)
{
	return &r->totals;
}
