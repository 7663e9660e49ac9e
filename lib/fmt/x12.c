/*
 * fmt/x12.c - envelopes: interchanges, groups, their counts and numbers
 * Floor fmt: stands on base and rec.  Reached through fmt/x12.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fmt/x12_read.h"

/*
 * Input
 */

void
x12_show(struct lgx_x12 *r, size_t want)
{
	struct lgx_err	 err;

	if (lgx_in_fill(r->in, want, &r->view, &err) != LGX_OK) {
		if (!r->failed)
			r->failure = err;
		r->failed = true;
	}
	r->ended = r->view.n < want;
}

void
x12_take(struct lgx_x12 *r, size_t n)
{
	lgx_in_take(r->in, n);
	r->view = lgx_str_from(r->view, n);
}

enum x12_found
x12_next_segment(struct lgx_x12 *r, size_t at, struct x12_span *span)
{
	enum x12_found	 found;

	for (;;) {
		found = x12_segment(r->view, at, &r->ic.delims, span);
		if (found != X12_UNENDED || r->ended || r->view.n > r->o.max_set + LOOK)
			return found;
		x12_show(r, r->view.n + LOOK);
	}
}

/*
 * Findings
 */

void
x12_report(const struct lgx_x12 *r, const struct lgx_x12_finding *f)
{
	if (r->o.report != NULL && f->severity != LGX_X12_REFUSE)
		r->o.report(r->o.report_to, f);
}

/* About the envelope segment at the current place. */
static void
find_at(struct lgx_x12 *r, enum lgx_diag diag, const char *segment, int element,
    struct lgx_str value, struct lgx_str due)
{
	struct x12_findings	*l = r->held.full ? &r->held.found : &r->found;
	struct lgx_x12_finding	*f = x12_find(l, diag, value, due);

	f->offset = x12_here(r);
	memcpy(f->segment, segment, strlen(segment));
	f->element = (uint16_t)element;
	x12_report(r, f);
}

const char *
x12_decimal(uint64_t n, char out[24])
{
	snprintf(out, 24, "%llu", (unsigned long long)n);
	return out;
}

/*
 * Elements of envelope segments
 */

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

void
x12_split(struct lgx_x12 *r, const struct x12_span *span, struct x12_fields *f)
{
	struct lgx_str	 rest = { r->view.p + span->start, span->end - span->start };

	lgx_arena_clear(&r->scratch);
	f->n = 0;
	if (rest.n > 0 && rest.p[rest.n - 1] == r->ic.delims.term)
		rest.n--;
	while (f->n < LGX_LEN(f->el) && (rest.n > 0 || f->n == 0)) {
		struct lgx_str	 s = lgx_str_cut(&rest, r->ic.delims.el);

		f->el[f->n++] = lgx_str_trim(without_line_ends(&r->scratch, s));
	}
	for (size_t i = f->n; i < LGX_LEN(f->el); i++)
		f->el[i] = LGX_STR_EMPTY;
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
		find_at(r, diag, id, 1, said, lgx_str_of(x12_decimal(counted, text)));
}

/* Bytes to the next interchange header that can be read, or to the end. */
static int
refuse_to_header(struct lgx_x12 *r, enum lgx_diag diag, struct lgx_str why, bool to_the_end)
{
	x12_describe(r, diag, x12_here(r), why);
	x12_piece_begin(r);
	for (size_t from = 1;;) {
		ptrdiff_t	 at = -1;
		size_t		 n;

		x12_show(r, LOOK);
		if (!to_the_end && r->view.n > from)
			at = lgx_str_find(lgx_str_from(r->view, from), LGX_STR("ISA"));
		n = at >= 0 ? from + (size_t)at : r->ended ? r->view.n : r->view.n - 2;
		if (at >= 0 && x12_header_at(r, n)) {
			x12_piece_take(r, n);
			break;
		}
		x12_piece_take(r, at >= 0 ? n + 1 : n);
		if (r->ended && r->view.n == 0)
			break;
		from = 0;
	}
	return x12_piece_end(r, false, LGX_STR_EMPTY);
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
	x12_take(r, n);
	if (b->n <= BETWEEN_MAX)
		return AGAIN;
	if (r->held.full)
		return x12_record_release(r);
	x12_describe(r, LGX_E_X12_STRAY, x12_here(r) - r->lead.n,
	    LGX_STR("64 KiB of envelopes and blanks without a transaction set"));
	return x12_lead_refuse(r);
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
		find_at(r, LGX_E_X12_ISA_WIDTH, "ISA", 0, lgx_str_of(x12_decimal(isa->len, text)), LGX_STR("106"));
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
	ic->offset = x12_here(r);
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
	r->stamp.good = false;
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
	r->gr.open = r->stamp.good = false;
	r->gr.control = r->gr.version = r->gr.date = r->gr.time = r->gr.id = LGX_STR_EMPTY;
	r->gr.sets = 0;
}

static void
open_group(struct lgx_x12 *r, const struct x12_span *span)
{
	struct group	*g = &r->gr;
	struct x12_fields	 el;
	lgx_date	 date;
	uint64_t	 n;

	close_group(r, false);
	lgx_arena_clear(&g->text);
	x12_split(r, span, &el);
	g->open = true;
	r->stamp.good = false;
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
	struct x12_fields	 el;

	x12_split(r, span, &el);
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
	struct x12_fields	 el;

	x12_split(r, span, &el);
	close_group(r, false);
	compare_counts(r, LGX_E_X12_IEA_COUNT, "IEA", el.el[1], r->ic.groups, &r->totals.said_groups);
	compare_controls(r, LGX_E_X12_IEA_CONTROL, "IEA", el.el[2], r->ic.control);
}

/* The record of an interchange without sets: its TA1 segments, the rest as lead and tail. */
static void
hold_bare(struct lgx_x12 *r)
{
	struct lgx_buf	 all = r->lead;
	struct lgx_str	 text = { all.p + r->ta1_from, r->ta1_to - r->ta1_from };
	struct x12_set	 set = { .text = text, .delims = &r->ic.delims, .offset = r->ic.offset,
	    .findings = &r->found, .control = LGX_STR_EMPTY, .loose = true };
	struct layout	 layout = { .regular = text.n == 0, .suffix = LGX_STR_EMPTY };
	size_t		 lead = text.n > 0 ? r->ta1_from : all.n;

	r->lead = (struct lgx_buf){ .n = 0 };
	lgx_buf_clear(&r->held.st);
	x12_record_begin(r, LGX_STR("TA1"), X12_ASCII, &layout, text,
	    lgx_str_head(lgx_buf_str(&all), lead));
	if (text.n > 0) {
		lgx_json_key(&r->held.body, "segments");
		x12_set_walk(&set, &r->walker, &r->held.body);
	}
	x12_record_hold(r, x12_here(r) - all.n, all.n);
	lgx_buf_puts(&r->held.tail, lgx_str_from(lgx_buf_str(&all), text.n > 0 ? r->ta1_to : all.n));
	r->totals.bare++;
	lgx_buf_release(&all);
}

static int
close_interchange(struct lgx_x12 *r)
{
	int	 st = AGAIN;

	if (r->ic.bare || r->ic.sets > 0) {
		if (!r->held.full) {	/* its sets were refused, with their envelope */
			lgx_buf_clear(&r->lead);
			x12_findings_clear(&r->found);
		}
	} else if (!x12_admitted(r)) {
		x12_describe(r, LGX_E_X12_USAGE, r->ic.offset, (struct lgx_str){ &r->ic.usage, 1 });
		st = x12_lead_refuse(r);
	} else {
		hold_bare(r);
	}
	r->ic.open = false;
	return st;
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
	char	 text[160];

	if (r->ic.cut)
		return;
	r->ic.cut = true;
	close_group(r, false);
	if (!r->ic.bare)
		find_at(r, LGX_E_X12_IEA_MISSING, "IEA", 0, r->ic.control, LGX_STR_EMPTY);
	snprintf(text, sizeof(text), r->ic.bare ? "a segment" : "interchange %.*s, which has no IEA",
	    LGX_STR_ARG(r->ic.control));
	x12_describe(r, LGX_E_X12_CUT, x12_here(r), lgx_str_of(text));
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
		return x12_record_release(r);
	lgx_buf_clear(&r->lead);
	x12_findings_clear(&r->found);
	if (r->ic.bare && r->view.n == 0) {
		r->ic.open = false;
		return AGAIN;
	}
	x12_piece_begin(r);
	x12_piece_take(r, r->view.n);
	if (r->piece.length == 0)
		lgx_buf_puts(&r->piece.raw, lgx_buf_str(&r->ic.raw));
	(void)x12_piece_end(r, false, LGX_STR_EMPTY);
	r->ic.open = false;
	return LGX_REJECT;
}

/* May a stray segment be followed by this one in the same piece? */
static bool
is_stray(const struct lgx_x12 *r, const struct x12_span *span)
{
	switch (span->tag) {
	case X12_ST:
		return false;
	case X12_GS:
	case X12_GE:
	case X12_IEA:
	case X12_TA1:
		return r->ic.bare;
	default:
		return true;
	}
}

/* A segment that belongs to no set: it and all such that follow are one piece. */
static int
step_stray(struct lgx_x12 *r, struct x12_span *span)
{
	struct lgx_str	 start = lgx_str_head(r->view, span->end < 20 ? span->end : 20);
	char		 text[80];

	if (r->held.full)
		return x12_record_release(r);
	snprintf(text, sizeof(text), "'%.*s' belongs to no transaction set", LGX_STR_ARG(start));
	x12_describe(r, LGX_E_X12_STRAY, x12_here(r), lgx_str_of(text));
	x12_piece_begin(r);
	do {
		x12_piece_take(r, span->end);
		x12_show(r, LOOK);
	} while (x12_next_segment(r, 0, span) == X12_SEGMENT && is_stray(r, span) &&
	    !x12_header_at(r, span->start));
	return x12_piece_end(r, false, LGX_STR_EMPTY);
}

/* A last IEA may lack its terminator: a number that was cut is another number, and shorter. */
static bool
ends_without_terminator(struct lgx_x12 *r, struct x12_span *span)
{
	struct x12_fields	 el;

	if (span->tag != X12_IEA)
		return false;
	span->end = r->view.n;
	x12_split(r, span, &el);
	return el.n == 3 && (same_number(el.el[2], r->ic.control) || el.el[2].n >= r->ic.control.n);
}

/* A segment of the envelope; false if it is none. */
static bool
envelope(struct lgx_x12 *r, const struct x12_span *span)
{
	if (r->ic.bare)
		return false;
	switch (span->tag) {
	case X12_GS:
		open_group(r, span);
		return true;
	case X12_GE:
		end_group(r, span);
		return true;
	case X12_IEA:
		end_interchange(r, span);
		r->ic.closing = true;
		return true;
	case X12_TA1:
		if (r->ta1_to == 0)
			r->ta1_from = r->lead.n;
		r->ta1_to = r->lead.n + span->end;
		return true;
	case X12_ISB:
	case X12_ISE:
	case X12_ISX:
		return true;
	default:
		return false;
	}
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
	x12_show(r, LOOK);
	if (only_padding(r, 0))
		return r->view.n > 0 ? between(r, r->view.n) : step_cut(r);
	found = x12_next_segment(r, 0, &span);
	if (span.start > 0)
		return between(r, span.start);
	if (x12_header_at(r, 0)) {
		close_group(r, false);
		if (!r->ic.bare)
			find_at(r, LGX_E_X12_IEA_MISSING, "IEA", 0, r->ic.control, LGX_STR_EMPTY);
		return close_interchange(r);
	}
	if (span.tag == X12_ST)
		return x12_step_set(r);
	if (found == X12_UNENDED && !ends_without_terminator(r, &span))
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

	x12_show(r, LOOK);
	if (!r->started && r->view.n > 0)
		return step_start(r);
	while (n < r->view.n && x12_is_padding(r->view.p[n]))
		n++;
	if (n > 0)
		return between(r, n);
	if (r->held.full)
		return x12_record_release(r);
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
	r->stamp.sha = lgx_sha_new();
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
	r->ic.open = r->gr.open = r->held.full = r->stamp.good = false;
	r->gr.id = r->gr.control = r->gr.version = r->gr.date = r->gr.time = LGX_STR_EMPTY;
	lgx_buf_clear(&r->lead);
	x12_findings_clear(&r->found);
}

void
lgx_x12_close(struct lgx_x12 *r)
{
	if (r == NULL)
		return;
	struct lgx_buf	*bufs[] = { &r->ic.raw, &r->gr.raw, &r->lead, &r->held.body, &r->held.tail,
	    &r->held.st, &r->stamp.set, &r->stamp.suffix, &r->stamp.names, &r->stamp.when,
	    &r->stamp.delims, &r->stamp.id, &r->stamp.src_file, &r->stamp.src_names, &r->piece.raw,
	    &r->piece.isa, &r->piece.gs, &r->piece.st, &r->piece.lead, &r->piece.tail, &r->line,
	    &r->id, &r->text };

	for (size_t i = 0; i < LGX_LEN(bufs); i++)
		lgx_buf_release(bufs[i]);
	lgx_arena_release(&r->ic.text);
	lgx_arena_release(&r->gr.text);
	lgx_arena_release(&r->scratch);
	lgx_dict_release(&r->gr.controls);
	x12_findings_release(&r->found);
	x12_findings_release(&r->checked);
	x12_findings_release(&r->held.found);
	x12_walker_release(&r->walker);
	lgx_sha_free(r->digest);
	lgx_sha_free(r->stamp.sha);
	lgx_sha_free(r->piece.sha);
	free(r->pages);
	free(r);
}

const struct lgx_x12_totals *
lgx_x12_totals(const struct lgx_x12 *r)
{
	return &r->totals;
}
