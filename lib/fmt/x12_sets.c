/*
 * fmt/x12_sets.c - transaction sets: how far they go, whether they may pass
 * Floor fmt: a part of the X12 reader.
 *
 * A set is measured before it is read, so that whatever is wrong with it
 * costs this set and nothing behind it.
 */
#include <stdio.h>

#include "fmt/x12_read.h"

bool
x12_header_at(struct lgx_x12 *r, size_t at)
{
	struct x12_isa	 isa;
	const char	*why;

	if (r->view.n - at < X12_ISA_LOOK && !r->ended)
		x12_show(r, at + LOOK);
	return x12_isa_here(lgx_str_from(r->view, at)) &&
	    x12_isa_read(lgx_str_from(r->view, at), &isa, &why) == LGX_OK;
}

bool
x12_admitted(const struct lgx_x12 *r)
{
	return r->ic.usage == 'P' || (r->ic.usage == 'T' && r->o.test) ||
	    (r->ic.usage == 'I' && r->o.info);
}

/*
 * Extent
 */

enum extent { WHOLE, NO_TRAILER, CUT, TOO_BIG, LONG_SEGMENT, BAD_BINARY };

/* Does the segment end a set that has no trailer? */
static bool
ends_set(struct lgx_x12 *r, const struct x12_span *span)
{
	switch (span->tag) {
	case X12_ST:
	case X12_GS:
	case X12_GE:
	case X12_IEA:
		return true;
	case X12_ISA:
		return x12_header_at(r, span->start);
	default:
		return false;
	}
}

/* Is the gap before a segment like the first one of the set? */
static void
compare_gap(const struct lgx_x12 *r, struct layout *l, size_t first, size_t *first_n, size_t at,
    size_t n)
{
	if (l->segments == 1)
		*first_n = n;
	else if (n != *first_n || (n > 0 && r->view.p[at] != r->view.p[first]) ||
	    (n > 1 && memcmp(r->view.p + at, r->view.p + first, n) != 0))
		l->regular &= l->segments == 0;
}

/* Where the set at the start of the view ends, and how its segments are laid out. */
static enum extent
measure(struct lgx_x12 *r, size_t *end, struct layout *l, struct x12_span *span)
{
	size_t	 at = 0, first = 0, first_n = 0;

	*l = (struct layout){ .regular = !r->ic.delims.wrapped, .suffix = LGX_STR_EMPTY };
	for (;; at = span->end) {
		enum x12_found	 found = x12_next_segment(r, at, span);

		if (l->segments == 1)
			first = at;
		compare_gap(r, l, first, &first_n, at, span->start - at);
		if (l->segments > 0 && ends_set(r, span)) {
			*end = at;
			return NO_TRAILER;
		}
		if (span->end > r->o.max_set || (found == X12_UNENDED && r->view.n > r->o.max_set))
			return TOO_BIG;
		if (found != X12_SEGMENT)
			return found == X12_UNENDED ? CUT : found == X12_TOO_LONG ? LONG_SEGMENT : BAD_BINARY;
		l->segments++;
		if (span->tag == X12_SE)
			break;
	}
	*end = span->end;
	l->suffix = (struct lgx_str){ r->view.p + first, first_n };
	return WHOLE;
}

/*
 * The piece goes on to the end of the set that begins here, segment by
 * segment, in bounded memory: behind its SE, or before what cannot be in it.
 */
static void
take_set(struct lgx_x12 *r)
{
	struct x12_span	 span;
	enum x12_found	 found;
	bool		 first = true, inside = false;	/* of a segment too long to be shown whole */
	const char	*end;

	for (;; first = false) {
		x12_show(r, LOOK);
		if (r->view.n == 0)
			return;
		if (inside) {
			end = memchr(r->view.p, r->ic.delims.term, r->view.n);
			inside = end == NULL;
			x12_piece_take(r, end != NULL ? (size_t)(end - r->view.p) + 1 : r->view.n);
			continue;
		}
		found = x12_next_segment(r, 0, &span);
		if (!first && ends_set(r, &span))
			return;
		inside = found == X12_UNENDED ||
		    (found == X12_TOO_LONG && r->view.p[span.end - 1] != r->ic.delims.term);
		x12_piece_take(r, inside ? r->view.n : span.end);
		if (span.tag == X12_SE && found == X12_SEGMENT)
			return;
	}
}

/*
 * Refused sets; r->why says for what
 */

static int
refuse_bytes(struct lgx_x12 *r, size_t end, struct lgx_str control)
{
	x12_piece_begin(r);
	x12_piece_take(r, end);
	return x12_piece_end(r, true, control);
}

static int
refuse_open_end(struct lgx_x12 *r, struct lgx_str control)
{
	x12_piece_begin(r);
	take_set(r);
	return x12_piece_end(r, true, control);
}

static void
describe_segment(struct lgx_x12 *r, enum lgx_diag diag, const struct x12_span *span,
    struct lgx_str value, struct lgx_str due)
{
	struct lgx_x12_finding	 f = { .diag = diag, .offset = x12_here(r) + span->start,
	    .value = value, .due = due };

	memcpy(f.segment, span->id, sizeof(f.segment));
	lgx_x12_describe(&f, lgx_in_name(r->in), &r->why);
}

/* A set that has no end, or none within the limits. */
static int
refuse_extent(struct lgx_x12 *r, enum extent extent, const struct x12_span *span,
    struct lgx_str control)
{
	const struct x12_span	 whole = { .start = 0 };
	struct x12_fields	 f;
	char			 text[160], limit[24];

	switch (extent) {
	case CUT:
		snprintf(text, sizeof(text), "transaction set %.*s", LGX_STR_ARG(control));
		x12_describe(r, LGX_E_X12_CUT, x12_here(r), lgx_str_of(text));
		break;
	case TOO_BIG:
		describe_segment(r, LGX_E_X12_MAX_SET, &whole, control,
		    lgx_str_of(x12_decimal(r->o.max_set, limit)));
		break;
	case LONG_SEGMENT:
		describe_segment(r, LGX_E_X12_MAX_SEGMENT, span, LGX_STR_EMPTY,
		    lgx_str_of(x12_decimal(LGX_X12_SEGMENT_MAX, limit)));
		break;
	case BAD_BINARY:
		x12_split(r, span, &f);
		describe_segment(r, LGX_E_X12_BINARY, span,
		    lgx_str_head(f.el[span->tag == X12_BDS ? 2 : 1], 20), LGX_STR_EMPTY);
		break;
	default:
		x12_describe(r, LGX_E_X12_SE_MISSING, x12_here(r), control);
		break;
	}
	return refuse_open_end(r, control);
}

/*
 * Sets that may pass
 */

static bool
has_high_bytes(struct lgx_str s)
{
	uint64_t	 high = 0, eight;
	size_t		 i = 0;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&eight, s.p + i, 8);
		high |= eight;
	}
	for (; i < s.n; i++)
		high |= (uint64_t)(unsigned char)s.p[i];
	return (high & UINT64_C(0x8080808080808080)) != 0;
}

/* Text outside binary elements: is it ASCII, UTF-8, or else taken as Latin-1? */
static enum x12_charset
charset_of(const struct lgx_x12 *r, struct lgx_str text)
{
	struct x12_span	 span;
	bool		 high = false;

	if (!has_high_bytes(text))
		return X12_ASCII;
	if (r->ebcdic)
		return X12_LATIN1;
	for (size_t at = 0; x12_segment(text, at, &r->ic.delims, &span) == X12_SEGMENT; at = span.end) {
		struct lgx_str	 s = { text.p + span.start, span.end - span.start - 1 };

		if (span.binary || !has_high_bytes(s))
			continue;
		high = true;
		if (!lgx_str_utf8(s) || (r->ic.partner != NULL &&
		    lgx_str_eq(r->ic.partner->charset, LGX_STR("latin-1"))))
			return X12_LATIN1;
	}
	return high ? X12_UTF8 : X12_ASCII;
}

static void
find(struct lgx_x12 *r, enum lgx_diag diag, struct lgx_str value, struct lgx_str due)
{
	x12_find(&r->checked, diag, value, due)->offset = x12_here(r);
}

/* Its control number was not yet used in this group. */
static void
check_control(struct lgx_x12 *r, struct lgx_str control)
{
	size_t	 n = r->gr.controls.n;

	if (n >= CONTROLS_MAX)
		return;
	(void)lgx_dict_add(&r->gr.controls, control);
	if (r->gr.controls.n == n)
		find(r, LGX_E_X12_DOUBLE, control, LGX_STR_EMPTY);
}

static const struct x12_grammar *
choose_grammar(struct lgx_x12 *r, struct lgx_str set)
{
	const struct x12_grammar *g;
	bool			  exact;
	char			  release[16];

	if (r->o.grammars == NULL)
		return NULL;
	if ((g = x12_grammar_of(r->o.grammars, set, r->gr.version, &exact)) == NULL) {
		find(r, LGX_E_X12_SET_UNKNOWN, set, LGX_STR_EMPTY);
		return NULL;
	}
	if (!exact && r->gr.open) {
		snprintf(release, sizeof(release), "%06d", g->release);
		find(r, LGX_E_X12_RELEASE, r->gr.version, lgx_str_of(release));
	}
	if (r->gr.open && !lgx_str_eq(g->group, r->gr.id))
		find(r, LGX_E_X12_GROUP_ID, r->gr.id, g->group);
	return g;
}

/* A file may turn out to be wrapped only here: the layout is another then. */
static void
write_set(struct lgx_x12 *r, struct lgx_str id, struct x12_set *set, struct layout *layout)
{
	size_t	 findings = r->checked.n;

	for (;;) {
		x12_record_begin(r, id, set->charset, layout, set->text, lgx_buf_str(&r->lead));
		lgx_json_key(&r->held.body, "segments");
		x12_set_walk(set, &r->walker, &r->held.body);
		if (!set->wrapped || r->ic.delims.wrapped)
			break;
		r->checked.n = findings;
		x12_find(&r->checked, LGX_E_X12_WRAP, LGX_STR_EMPTY, LGX_STR_EMPTY)->offset = x12_here(r);
		r->ic.delims.wrapped = true;
		layout->regular = false;
	}
}

/* Check and write the whole set of the view; hold its record, or refuse it. */
static int
accept_set(struct lgx_x12 *r, size_t end, struct layout *layout, struct lgx_str id,
    struct lgx_str control)
{
	const struct lgx_x12_finding *no;
	struct x12_set	 set = { .text = { r->view.p, end }, .delims = &r->ic.delims,
	    .offset = x12_here(r), .findings = &r->checked, .control = control };

	x12_findings_clear(&r->checked);
	r->checked.policy = r->found.policy;
	if (!r->gr.open)
		find(r, LGX_E_X12_GS_MISSING, control, LGX_STR_EMPTY);
	set.grammar = choose_grammar(r, id);
	set.charset = charset_of(r, set.text);
	check_control(r, control);
	write_set(r, id, &set, layout);
	for (size_t i = 0; i < r->checked.n; i++)
		x12_report(r, &r->checked.f[i]);
	if ((no = x12_findings_refusal(&r->checked)) != NULL) {
		lgx_x12_describe(no, lgx_in_name(r->in), &r->why);
		return refuse_bytes(r, end, control);
	}
	x12_findings_move(&r->found, &r->checked);
	x12_record_hold(r, x12_here(r), end);
	r->totals.records++;
	x12_take(r, end);
	return AGAIN;
}

/* ST01 and ST02; the control number is kept, for views of the input move. */
static struct lgx_str
read_st(struct lgx_x12 *r, struct lgx_str *control)
{
	struct x12_span		 span;
	struct x12_fields	 f;

	if (x12_segment(r->view, 0, &r->ic.delims, &span) != X12_SEGMENT)
		span.end = lgx_str_head(r->view, 200).n;
	x12_split(r, &span, &f);
	lgx_buf_clear(&r->held.st);
	lgx_buf_puts(&r->held.st, lgx_str_head(f.el[2], 64));
	*control = lgx_buf_str(&r->held.st);
	return f.el[1];
}

/* A set that must not pass, whatever it holds. */
static bool
unwelcome(struct lgx_x12 *r, struct lgx_str control)
{
	if (r->ic.bare)
		x12_describe(r, LGX_E_X12_ENVELOPE, x12_here(r), control);
	else if (!x12_admitted(r))
		x12_describe(r, LGX_E_X12_USAGE, x12_here(r), (struct lgx_str){ &r->ic.usage, 1 });
	else
		return false;
	return true;
}

int
x12_step_set(struct lgx_x12 *r)
{
	struct x12_span	 span;
	struct layout	 layout;
	struct lgx_str	 id, control;
	enum extent	 extent;
	size_t		 end = 0;

	if (r->held.full)
		return x12_record_release(r);
	r->totals.sets++;
	r->ic.sets++;
	r->gr.sets++;
	extent = measure(r, &end, &layout, &span);
	id = read_st(r, &control);
	if (unwelcome(r, control))
		return extent == WHOLE ? refuse_bytes(r, end, control) : refuse_open_end(r, control);
	if (extent != WHOLE)
		return refuse_extent(r, extent, &span, control);
	if (id.n == 0 || control.n == 0) {
		x12_describe(r, LGX_E_X12_ST, x12_here(r), control);
		return refuse_bytes(r, end, control);
	}
	return accept_set(r, end, &layout, id, control);
}
