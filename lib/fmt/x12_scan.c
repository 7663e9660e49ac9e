/*
 * fmt/x12_scan.c - bytes to segments, segments to elements
 * Floor fmt: a part of the X12 reader.
 *
 * Segments are found by their terminator.  Elements are found 64 bytes at a
 * time: one mask has a bit for every separator, another for every odd byte,
 * one that cannot go into JSON as it stands or that may mean more than text: a
 * quote, a backslash, a control byte, a byte above ASCII, a component or
 * repetition separator.  A segment without odd bytes needs no second look.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "fmt/x12_part.h"

#define BLOCK	64

/*
 * Segments
 */

static bool
is_eol(char c)
{
	return c == '\n' || c == '\r';
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_later(char c)			/* of an id, behind its first byte */
{
	return is_upper(c) || (c >= '0' && c <= '9');
}

static void
set_id(struct x12_span *span, const char *id, size_t n)
{
	if (n < 2 || n > 3 || !is_upper(id[0]) || !is_later(id[1]) || (n > 2 && !is_later(id[2])))
		return;
	span->id[0] = id[0];
	span->id[1] = id[1];
	span->id[2] = n > 2 ? id[2] : '\0';
	span->idlen = (uint8_t)n;
	span->tag = X12_TAG(id[0], id[1], span->id[2]);
}

/* The segment id at the start of the view: up to a separator. */
static void
read_id(struct lgx_str v, const struct x12_delims *d, struct x12_span *span)
{
	char	 id[4] = "";
	size_t	 n = 0;

	if (v.n > 3 && (v.p[2] == d->el || v.p[3] == d->el))
		set_id(span, v.p, v.p[2] == d->el ? 2 : 3);
	if (span->tag != 0)
		return;
	for (size_t i = 0; i < v.n && v.p[i] != d->el && v.p[i] != d->term && n < 4; i++)
		if (!is_eol(v.p[i]))
			id[n++] = upper(v.p[i]);
	set_id(span, id, n);
}

static size_t
skip_more(struct lgx_str text, size_t at, const struct x12_delims *d)
{
	size_t	 n = (size_t)d->nmore;

	return n > 0 && text.n - at >= n && memcmp(text.p + at, d->more, n) == 0 ? at + n : at;
}

/*
 * Octets of BIN02 or BDS03: where they end, or 0.  The length stands in the
 * element before them.
 */
static size_t
binary_end(struct lgx_str text, size_t start, const struct x12_delims *d, bool bds,
    enum x12_found *found)
{
	struct lgx_str	 rest = lgx_str_from(text, start), head = lgx_str_head(rest, 64), length;
	uint64_t	 n;

	(void)lgx_str_cut(&head, d->el);
	if (bds)
		(void)lgx_str_cut(&head, d->el);
	length = lgx_str_cut(&head, d->el);
	*found = X12_BAD_BINARY;
	if (head.p == length.p + length.n || !lgx_str_u64(length, &n)) {
		if (rest.n < 64 && memchr(rest.p, d->term, rest.n) == NULL)
			*found = X12_UNENDED;
		return 0;
	}
	*found = X12_UNENDED;
	if (n >= rest.n - (size_t)(head.p - rest.p))
		return 0;
	*found = head.p[n] == d->term ? X12_SEGMENT : X12_BAD_BINARY;
	return (size_t)(head.p - text.p) + (size_t)n + 1;
}

enum x12_found
x12_segment(struct lgx_str text, size_t at, const struct x12_delims *d, struct x12_span *span)
{
	enum x12_found	 found;
	const char	*end;

	at = d->nmore > 0 ? skip_more(text, at, d) : at;
	while (at < text.n && x12_is_blank(text.p[at]) && text.p[at] != d->term)
		at++;
	*span = (struct x12_span){ .start = at, .end = at };
	if (at == text.n)
		return X12_UNENDED;
	read_id(lgx_str_from(text, at), d, span);
	if (span->tag == X12_BIN || span->tag == X12_BDS) {
		span->binary = true;
		if ((span->end = binary_end(text, at, d, span->tag == X12_BDS, &found)) > 0 ||
		    found == X12_UNENDED)
			return found;
	}
	end = memchr(text.p + at, d->term, text.n - at);
	span->end = end != NULL ? (size_t)(end - text.p) + 1 : text.n;
	if (span->end - at > LGX_X12_SEGMENT_MAX)
		return X12_TOO_LONG;
	if (end == NULL)
		return X12_UNENDED;
	return span->binary ? X12_BAD_BINARY : X12_SEGMENT;
}

/*
 * Elements
 */

#ifdef __SSE2__

static void
mask16(const char *p, const struct x12_delims *d, uint64_t *sep, uint64_t *odd)
{
	__m128i	 v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i	 s = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(d->el)),
		     _mm_cmpeq_epi8(v, _mm_set1_epi8(d->term)));
	/* signed: control bytes and those above ASCII alike are below a blank */
	__m128i	 o = _mm_cmplt_epi8(v, _mm_set1_epi8(' '));

	o = _mm_or_si128(o, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	o = _mm_or_si128(o, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	o = _mm_or_si128(o, _mm_cmpeq_epi8(v, _mm_set1_epi8(d->comp)));
	o = _mm_or_si128(o, _mm_cmpeq_epi8(v, _mm_set1_epi8(d->rep)));
	*sep = (uint64_t)(unsigned)_mm_movemask_epi8(s);
	*odd = (uint64_t)(unsigned)_mm_movemask_epi8(_mm_andnot_si128(s, o));
}

static void
mask_block(const char *p, const struct x12_delims *d, uint64_t *sep, uint64_t *odd)
{
	uint64_t	 s[4], o[4];

	for (int i = 0; i < 4; i++)
		mask16(p + 16 * i, d, &s[i], &o[i]);
	*sep = s[0] | s[1] << 16 | s[2] << 32 | s[3] << 48;
	*odd = o[0] | o[1] << 16 | o[2] << 32 | o[3] << 48;
}

#else

static void
mask_block(const char *p, const struct x12_delims *d, uint64_t *sep, uint64_t *odd)
{
	*sep = *odd = 0;
	for (int i = 0; i < BLOCK; i++) {
		char	 c = p[i];

		if (c == d->el || c == d->term)
			*sep |= UINT64_C(1) << i;
		else if ((unsigned char)c < ' ' || (unsigned char)c >= 0x80 || c == '"' ||
		    c == '\\' || c == d->comp || c == d->rep)
			*odd |= UINT64_C(1) << i;
	}
}

#endif

static void
load(struct x12_scan *s, size_t base)
{
	char	 last[BLOCK] = { 0 };
	size_t	 left = s->text.n - base;

	s->base = base;
	if (left >= BLOCK) {
		mask_block(s->text.p + base, &s->delims, &s->sep, &s->odd);
		return;
	}
	memcpy(last, s->text.p + base, left);
	mask_block(last, &s->delims, &s->sep, &s->odd);
	s->sep &= (UINT64_C(1) << left) - 1;
	s->odd &= (UINT64_C(1) << left) - 1;
}

void
x12_scan_init(struct x12_scan *s, struct lgx_str text, const struct x12_delims *d)
{
	*s = (struct x12_scan){ .text = text, .delims = *d };
	load(s, 0);
}

/* Forget what lies before `at`. */
static void
seek(struct x12_scan *s, size_t at)
{
	if (at >= s->base + BLOCK)
		load(s, at - at % BLOCK);
	if (at > s->base) {
		uint64_t behind = ~UINT64_C(0) << (at - s->base);

		s->sep &= behind;
		s->odd &= behind;
	}
}

/* A binary segment: its last element is all before the terminator, whatever it holds. */
static void
cut_binary(struct x12_scan *s, const struct x12_span *span, struct x12_cut *cut)
{
	size_t	 elements = span->id[1] == 'D' ? 3 : 2;
	size_t	 at = span->start;

	cut->end = lgx_grow(cut->end, &cut->cap, elements + 1, sizeof(*cut->end));
	for (; cut->n < elements; at++)
		if (s->text.p[at] == s->delims.el)
			cut->end[cut->n++] = (uint32_t)(at - span->start);
	cut->end[cut->n] = (uint32_t)(span->end - 1 - span->start);
	cut->odd = true;
}

/* Elements from start to the terminator; where that is. */
static size_t
cut_text(struct x12_scan *s, size_t start, struct x12_cut *cut)
{
	size_t		 pos;
	uint64_t	 upto;

	seek(s, start);
	for (;; cut->n++) {
		while (s->sep == 0) {
			cut->odd |= s->odd != 0;
			load(s, s->base + BLOCK);
		}
		pos = s->base + (size_t)__builtin_ctzll(s->sep);
		s->sep &= s->sep - 1;
		if (cut->n + 1 >= cut->cap)
			cut->end = lgx_grow(cut->end, &cut->cap, cut->n + 64, sizeof(*cut->end));
		cut->end[cut->n] = (uint32_t)(pos - start);
		if (s->text.p[pos] == s->delims.term)
			break;
	}
	upto = (UINT64_C(2) << (pos - s->base)) - 1;
	cut->odd |= (s->odd & upto) != 0;
	s->odd &= ~upto;
	return pos;
}

bool
x12_scan_next(struct x12_scan *s, struct x12_span *span, struct x12_cut *cut)
{
	const char	*p = s->text.p;
	size_t		 at = s->delims.nmore > 0 ? skip_more(s->text, s->at, &s->delims) : s->at;

	while (at < s->text.n && x12_is_blank(p[at]) && p[at] != s->delims.term)
		at++;
	if (at == s->text.n)
		return false;
	cut->p = p + at;
	cut->n = 0;
	cut->odd = false;
	if (p[at] == 'B' || p[at] == 'b') {
		(void)x12_segment(s->text, at, &s->delims, span);
		if (span->binary) {
			cut_binary(s, span, cut);
			s->at = span->end;
			return true;
		}
	}
	*span = (struct x12_span){ .start = at };
	s->at = span->end = cut_text(s, at, cut) + 1;
	set_id(span, cut->p, cut->end[0]);
	if (span->tag == 0)
		read_id((struct lgx_str){ cut->p, cut->end[0] }, &s->delims, span);
	return true;
}
