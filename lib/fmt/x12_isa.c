/*
 * fmt/x12_isa.c - interchange headers: where they are, what they declare
 * Floor fmt: a part of the X12 reader.
 *
 * A header is 106 bytes with its separators at fixed places.  Real ones are
 * also unpadded, overlong, wrapped at a column, or without their last element;
 * those are read by counting separators.
 */
#include "fmt/x12_part.h"

/* Fixed widths of ISA01 to ISA16. */
static const uint8_t widths[X12_ISA_ELEMS + 1] = {
	0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1,
};

static bool
is_eol(char c)
{
	return c == '\n' || c == '\r';
}

/* May c separate?  Not a letter, digit or blank, nor what may be part of a number. */
static bool
can_separate(char c)
{
	return !x12_is_alnum(c) && c != ' ' && c != '\0' && c != '-' && !is_eol(c);
}

static bool
can_terminate(char c, const struct x12_delims *d)
{
	return !x12_is_alnum(c) && c != ' ' && c != '\0' && c != d->el && c != d->comp;
}

bool
x12_isa_here(struct lgx_str v)
{
	return v.n > 3 && memcmp(v.p, "ISA", 3) == 0 && !x12_is_alnum(v.p[3]);
}

/* The 106 bytes with every separator in its place and none elsewhere. */
static bool
read_strict(struct lgx_str v, struct x12_isa *isa)
{
	size_t	 at = 3;

	if (v.n < X12_ISA_LEN)
		return false;
	for (size_t i = 1; i <= X12_ISA_ELEMS; i++) {
		if (v.p[at] != v.p[3])
			return false;
		isa->el[i] = (struct lgx_str){ v.p + at + 1, widths[i] };
		if (memchr(isa->el[i].p, v.p[3], widths[i]) != NULL)
			return false;
		for (size_t k = 0; k < widths[i] && i < X12_ISA_ELEMS; k++)
			if (is_eol(isa->el[i].p[k]))
				return false;
		at += 1u + widths[i];
	}
	isa->len = X12_ISA_LEN;
	return true;
}

/* Elements 1 to 15 by counting; *at is then behind the 16th separator. */
static int
read_counted(struct lgx_str v, struct x12_isa *isa, size_t *at)
{
	size_t	 from = 4, i = 1, k;

	for (k = 4; k < v.n && k < X12_ISA_LOOK && i < X12_ISA_ELEMS; k++) {
		if (is_eol(v.p[k]))
			isa->delims.wrapped = true;
		if (v.p[k] != v.p[3])
			continue;
		isa->el[i++] = (struct lgx_str){ v.p + from, k - from };
		from = k + 1;
	}
	*at = from;
	if (i == X12_ISA_ELEMS)
		return LGX_OK;
	return k == v.n && k < X12_ISA_LOOK ? LGX_EOF : LGX_REJECT;
}

/* Does a segment that may follow a header begin here? */
static bool
segment_follows(struct lgx_str v, size_t at, char el)
{
	static const char *const ids[] = { "GS", "TA1", "ISB", "ISE", "IEA", "ISX" };

	while (at < v.n && x12_is_blank(v.p[at]))
		at++;
	for (size_t i = 0; i < LGX_LEN(ids); i++) {
		size_t	 n = strlen(ids[i]);

		if (v.n - at > n && memcmp(v.p + at, ids[i], n) == 0 && v.p[at + n] == el)
			return true;
	}
	return false;
}

/* Does the line after this one end in c?  Then c ends segments, not the line end. */
static bool
next_line_ends_in(struct lgx_str v, size_t at, char c)
{
	size_t	 k;

	while (at < v.n && x12_is_blank(v.p[at]))
		at++;
	for (k = at; k < v.n && !is_eol(v.p[k]); k++)
		;
	while (k > at && (v.p[k - 1] == ' ' || v.p[k - 1] == '\t'))
		k--;
	return k > at && v.p[k - 1] == c;
}

/*
 * ISA16 and the terminator begin at `at`.  ISA16 is missing when its place is
 * taken by the terminator itself.  In a wrapped file line ends may stand
 * between, but only where no segment begins behind them.
 */
static int
read_end(struct lgx_str v, struct x12_isa *isa, size_t at)
{
	struct x12_delims	*d = &isa->delims;
	size_t			 k = at;

	while (d->wrapped && k < v.n && is_eol(v.p[k]))
		k++;
	if (k + 2 > v.n)
		return LGX_EOF;
	if (segment_follows(v, k + 1, d->el) && (!is_eol(v.p[k + 1]) || is_eol(v.p[k]) ||
	    next_line_ends_in(v, k + 1, v.p[k]))) {
		isa->el[X12_ISA_ELEMS] = LGX_STR_EMPTY;
		isa->len = k + 1;
		return can_terminate(d->term = v.p[k], d) ? LGX_OK : LGX_REJECT;
	}
	d->comp = v.p[k];
	isa->el[X12_ISA_ELEMS] = (struct lgx_str){ v.p + k, 1 };
	for (k++; d->wrapped && k < v.n && is_eol(v.p[k]) && !segment_follows(v, k, d->el);)
		k++;
	if (k == v.n)
		return LGX_EOF;
	d->term = v.p[k];
	isa->len = k + 1;
	return can_separate(d->comp) && d->comp != d->el && can_terminate(d->term, d) ? LGX_OK :
	    LGX_REJECT;
}

/* A terminator above ASCII may be the first byte of a UTF-8 character. */
static void
read_more(struct lgx_str v, struct x12_isa *isa)
{
	struct x12_delims	*d = &isa->delims;
	unsigned char		 c = (unsigned char)d->term;
	int			 n = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC2 ? 1 : 0;

	if (n == 0 || isa->len + (size_t)n > v.n ||
	    !lgx_str_utf8((struct lgx_str){ v.p + isa->len - 1, (size_t)n + 1 }))
		return;
	memcpy(d->more, v.p + isa->len, (size_t)n);
	d->nmore = n;
}

/* From 00402 on ISA11 is the repetition separator, unless it is a letter as before. */
static void
read_repeat(struct x12_isa *isa)
{
	struct x12_delims	*d = &isa->delims;
	struct lgx_str		 version = isa->el[12];
	char			 c = isa->el[11].n == 1 ? isa->el[11].p[0] : ' ';

	if (lgx_str_cmp(version, LGX_STR("00402")) >= 0 && can_separate(c) && c != d->el &&
	    c != d->comp && c != d->term)
		d->rep = c;
}

static bool
is_version(struct lgx_str s)
{
	size_t	 digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if (!x12_is_blank(s.p[i]))
			return false;
	}
	return digits >= 3 && digits <= 6;
}

int
x12_isa_read(struct lgx_str v, struct x12_isa *isa, const char **why)
{
	size_t	 at = X12_ISA_LEN - 2;
	int	 st;

	*isa = (struct x12_isa){ .odd_width = false };
	isa->delims.el = v.p[3];
	*why = "the byte behind ISA is no element separator";
	if (!can_separate(v.p[3]))
		return LGX_REJECT;
	*why = "there are not sixteen element separators";
	if (!read_strict(v, isa)) {
		isa->odd_width = true;
		if ((st = read_counted(v, isa, &at)) != LGX_OK)
			return st;
	}
	*why = "ISA12 is no version";
	if (!is_version(isa->el[12]))
		return LGX_REJECT;
	*why = "component separator or segment terminator is a letter, a digit, a blank or used twice";
	if ((st = read_end(v, isa, at)) != LGX_OK)
		return st;
	if (isa->len != X12_ISA_LEN)
		isa->odd_width = true;
	read_more(v, isa);
	read_repeat(isa);
	return LGX_OK;
}

bool
x12_isa_guess(struct lgx_str v, struct x12_delims *d)
{
	size_t	 n = 0;

	while (n < v.n && n < 4 && ((v.p[n] >= 'A' && v.p[n] <= 'Z') ||
	    (n > 0 && v.p[n] >= '0' && v.p[n] <= '9')))
		n++;
	if (n < 2 || n > 3 || n >= v.n || !can_separate(v.p[n]) || v.p[n] == '~' || v.p[n] == '<')
		return false;
	*d = (struct x12_delims){ .el = v.p[n], .comp = ':' };
	if (d->el == ':')
		d->comp = '\0';
	d->term = memchr(v.p, '~', lgx_str_head(v, X12_ISA_LOOK).n) != NULL ? '~' : '\n';
	return true;
}

const unsigned char x12_ebcdic[256] = {
	0x00, 0x01, 0x02, 0x03, 0x9C, 0x09, 0x86, 0x7F, 0x97, 0x8D, 0x8E, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F,
	0x10, 0x11, 0x12, 0x13, 0x9D, 0x0A, 0x08, 0x87, 0x18, 0x19, 0x92, 0x8F, 0x1C, 0x1D, 0x1E, 0x1F,
	0x80, 0x81, 0x82, 0x83, 0x84, 0x0A, 0x17, 0x1B, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x05, 0x06, 0x07,
	0x90, 0x91, 0x16, 0x93, 0x94, 0x95, 0x96, 0x04, 0x98, 0x99, 0x9A, 0x9B, 0x14, 0x15, 0x9E, 0x1A,
	0x20, 0xA0, 0xE2, 0xE4, 0xE0, 0xE1, 0xE3, 0xE5, 0xE7, 0xF1, 0xA2, 0x2E, 0x3C, 0x28, 0x2B, 0x7C,
	0x26, 0xE9, 0xEA, 0xEB, 0xE8, 0xED, 0xEE, 0xEF, 0xEC, 0xDF, 0x21, 0x24, 0x2A, 0x29, 0x3B, 0xAC,
	0x2D, 0x2F, 0xC2, 0xC4, 0xC0, 0xC1, 0xC3, 0xC5, 0xC7, 0xD1, 0xA6, 0x2C, 0x25, 0x5F, 0x3E, 0x3F,
	0xF8, 0xC9, 0xCA, 0xCB, 0xC8, 0xCD, 0xCE, 0xCF, 0xCC, 0x60, 0x3A, 0x23, 0x40, 0x27, 0x3D, 0x22,
	0xD8, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0xAB, 0xBB, 0xF0, 0xFD, 0xFE, 0xB1,
	0xB0, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0xAA, 0xBA, 0xE6, 0xB8, 0xC6, 0xA4,
	0xB5, 0x7E, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0xA1, 0xBF, 0xD0, 0xDD, 0xDE, 0xAE,
	0x5E, 0xA3, 0xA5, 0xB7, 0xA9, 0xA7, 0xB6, 0xBC, 0xBD, 0xBE, 0x5B, 0x5D, 0xAF, 0xA8, 0xB4, 0xD7,
	0x7B, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0xAD, 0xF4, 0xF6, 0xF2, 0xF3, 0xF5,
	0x7D, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x51, 0x52, 0xB9, 0xFB, 0xFC, 0xF9, 0xFA, 0xFF,
	0x5C, 0xF7, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0xB2, 0xD4, 0xD6, 0xD2, 0xD3, 0xD5,
	0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0xB3, 0xDB, 0xDC, 0xD9, 0xDA, 0x9F,
};
