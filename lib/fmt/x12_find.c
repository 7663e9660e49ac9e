/*
 * fmt/x12_find.c - findings: what is wrong, where, and what it is called
 * Floor fmt: a part of the X12 reader.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fmt/x12_part.h"

/*
 * A row for each kind of finding.  code is of list I18 (interchange), 716
 * (group), 718 (set), 720 (segment) or 723 (element).  In the words %e stands
 * for segment and element (B307), %s for the segment, %v for the value as
 * sent, %d for what was due.
 */
static const struct row {
	enum lgx_diag		 diag;
	enum lgx_x12_level	 level;
	const char		*code;
	enum lgx_x12_severity	 severity;
	const char		*words;
} rows[] = {
#define FILE_	LGX_X12_FILE
#define ISA_	LGX_X12_INTERCHANGE
#define GS_	LGX_X12_GROUP
#define ST_	LGX_X12_SET
#define SEG_	LGX_X12_SEGMENT
#define EL_	LGX_X12_ELEMENT
#define NOTE	LGX_X12_NOTE
#define ERROR	LGX_X12_ERROR
#define REFUSE	LGX_X12_REFUSE
{ LGX_E_X12_STRAY,		FILE_,	"",	REFUSE,	"%v" },
{ LGX_E_X12_UTF16,		FILE_,	"",	REFUSE,	"the file is UTF-16; convert it with iconv first" },
{ LGX_E_X12_EDIFACT,		FILE_,	"",	REFUSE,	"an EDIFACT interchange; only X12 is read here" },
{ LGX_E_X12_ISA,		ISA_,	"022",	REFUSE,	"the interchange header cannot be read: %v" },
{ LGX_E_X12_ISA_WIDTH,		ISA_,	"",	NOTE,	"the interchange header has %v bytes, not %d" },
{ LGX_E_X12_ISA_VALUE,		ISA_,	"024",	NOTE,	"%e is '%v', not %d" },
{ LGX_E_X12_WRAP,		ISA_,	"",	NOTE,	"line ends stand inside segments" },
{ LGX_E_X12_ENVELOPE,		FILE_,	"",	REFUSE,	"transaction set %v stands outside any interchange" },
{ LGX_E_X12_USAGE,		ISA_,	"020",	REFUSE,	"ISA15 is '%v': not a production interchange, see --usage" },
{ LGX_E_X12_CUT,		ISA_,	"023",	REFUSE,	"the input ends inside %v" },
{ LGX_E_X12_IEA_MISSING,	ISA_,	"023",	ERROR,	"interchange %v has no IEA" },
{ LGX_E_X12_IEA_COUNT,		ISA_,	"021",	ERROR,	"IEA01 says %v, counted %d" },
{ LGX_E_X12_IEA_CONTROL,	ISA_,	"001",	ERROR,	"IEA02 says '%v', ISA13 '%d'" },
{ LGX_E_X12_GS,			GS_,	"6",	NOTE,	"%e is '%v', not %d" },
{ LGX_E_X12_GS_MISSING,		ISA_,	"024",	ERROR,	"transaction set %v stands outside a group" },
{ LGX_E_X12_GE_MISSING,		GS_,	"3",	ERROR,	"group %v has no GE" },
{ LGX_E_X12_GE_COUNT,		GS_,	"5",	ERROR,	"GE01 says %v, counted %d" },
{ LGX_E_X12_GE_CONTROL,		GS_,	"4",	ERROR,	"GE02 says '%v', GS06 '%d'" },
{ LGX_E_X12_GROUP_ID,		GS_,	"1",	NOTE,	"GS01 is '%v', this set belongs to '%d'" },
{ LGX_E_X12_CONTROL_PAD,	GS_,	"",	NOTE,	"%e says '%v', the header '%d'" },
{ LGX_E_X12_TRAILER_EXTRA,	ISA_,	"022",	ERROR,	"%s without its header" },
{ LGX_E_X12_ST,			ST_,	"7",	REFUSE,	"ST has no set id or control number" },
{ LGX_E_X12_SE_MISSING,		ST_,	"2",	REFUSE,	"transaction set %v has no SE" },
{ LGX_E_X12_COUNT,		ST_,	"4",	REFUSE,	"SE01 says %v, counted %d" },
{ LGX_E_X12_CONTROL,		ST_,	"3",	REFUSE,	"SE02 says '%v', ST02 '%d'" },
{ LGX_E_X12_DOUBLE,		ST_,	"23",	ERROR,	"control number '%v' stands twice in its group" },
{ LGX_E_X12_SET_UNKNOWN,	ST_,	"1",	NOTE,	"no grammar for transaction set '%v'" },
{ LGX_E_X12_RELEASE,		GS_,	"2",	NOTE,	"version '%v' is not described, read as %d" },
{ LGX_E_X12_MAX_SET,		ST_,	"5",	REFUSE,	"transaction set %v is larger than %d bytes" },
{ LGX_E_X12_MAX_SEGMENT,	ST_,	"5",	REFUSE,	"segment %s is longer than %d bytes" },
{ LGX_E_X12_BINARY,		ST_,	"5",	REFUSE,	"%s: length '%v' does not lead to a segment's end" },
{ LGX_E_X12_MORE,		ST_,	"",	NOTE,	"%v more findings" },
{ LGX_E_X12_SEGMENT_ID,		SEG_,	"1",	REFUSE,	"'%v' is no segment id" },
{ LGX_E_X12_SEGMENT_CASE,	SEG_,	"",	NOTE,	"segment id '%v' is in lower case" },
{ LGX_E_X12_SEGMENT_EMPTY,	SEG_,	"8",	NOTE,	"segment %s has no elements" },
{ LGX_E_X12_SEGMENT_UNKNOWN,	SEG_,	"6",	ERROR,	"segment %s is not defined in this set" },
{ LGX_E_X12_SEGMENT_PLACE,	SEG_,	"7",	ERROR,	"segment %s is not expected here" },
{ LGX_E_X12_SEGMENT_HABIT,	SEG_,	"",	NOTE,	"segment %s does not belong here, but is often sent" },
{ LGX_E_X12_SEGMENT_MISSING,	SEG_,	"3",	ERROR,	"mandatory segment %s is missing" },
{ LGX_E_X12_SEGMENT_KEY,	SEG_,	"3",	REFUSE,	"segment %s is missing, without which the set means nothing" },
{ LGX_E_X12_SEGMENT_MANY,	SEG_,	"5",	ERROR,	"segment %s is used more than %d times" },
{ LGX_E_X12_LOOP_MANY,		SEG_,	"4",	ERROR,	"the loop of %s repeats more than %d times" },
{ LGX_E_X12_TRAILING,		SEG_,	"",	NOTE,	"segment %s ends with empty elements" },
{ LGX_E_X12_MISSING,		EL_,	"1",	ERROR,	"%e is missing" },
{ LGX_E_X12_CONDITION,		EL_,	"2",	ERROR,	"%e is required by %d" },
{ LGX_E_X12_EXCLUSION,		EL_,	"10",	ERROR,	"%e must not be used with others of %d" },
{ LGX_E_X12_MANY,		EL_,	"3",	ERROR,	"%s has more than %d elements" },
{ LGX_E_X12_SHORT,		EL_,	"4",	ERROR,	"%e is '%v', shorter than %d" },
{ LGX_E_X12_LONG,		EL_,	"5",	ERROR,	"%e is '%v', longer than %d" },
{ LGX_E_X12_CHARACTER,		EL_,	"6",	ERROR,	"%e is '%v', not of type %d" },
{ LGX_E_X12_DECIMAL,		EL_,	"6",	ERROR,	"%e is '%v', with a decimal point where %d decimals are implied" },
{ LGX_E_X12_CODE,		EL_,	"7",	ERROR,	"%e is '%v', not a code of list %d" },
{ LGX_E_X12_CODE_UNLISTED,	EL_,	"",	NOTE,	"%e is '%v', which our list %d does not have" },
{ LGX_E_X12_DATE,		EL_,	"8",	ERROR,	"%e is '%v', no date" },
{ LGX_E_X12_DATE_WIDTH,		EL_,	"",	NOTE,	"%e is '%v', a date of another release than this" },
{ LGX_E_X12_TIME,		EL_,	"9",	ERROR,	"%e is '%v', no time" },
{ LGX_E_X12_COMPONENTS,		EL_,	"3",	ERROR,	"%e has more than %d components" },
#undef FILE_
#undef ISA_
#undef GS_
#undef ST_
#undef SEG_
#undef EL_
#undef NOTE
#undef ERROR
#undef REFUSE
};

_Static_assert(LGX_LEN(rows) == LGX_E_X12_COMPONENTS - LGX_E_X12_STRAY + 1,
    "base/diag.def has the same rows, in this order");

static const char *const level_names[] = {
	"file", "interchange", "group", "set", "segment", "element",
};
static const char *const severity_names[] = { "note", "error", "reject" };

static const struct row *
row_of(enum lgx_diag d)
{
	return &rows[d - LGX_E_X12_STRAY];
}

enum lgx_x12_level
lgx_x12_level(enum lgx_diag d)
{
	return row_of(d)->level;
}

const char *
lgx_x12_code(enum lgx_diag d)
{
	return row_of(d)->code;
}

/*
 * Words
 */

static void
put_word(struct lgx_buf *b, const struct lgx_x12_finding *f, char what)
{
	switch (what) {
	case 'e':
		lgx_buf_putf(b, "%s%02d", f->segment, f->element);
		if (f->component > 0)
			lgx_buf_putf(b, "-%d", f->component);
		break;
	case 's':
		lgx_buf_putz(b, f->segment);
		break;
	case 'v':
		lgx_buf_puts(b, f->value);
		break;
	case 'd':
		lgx_buf_puts(b, f->due);
		break;
	}
}

void
lgx_x12_describe(const struct lgx_x12_finding *f, const char *file, struct lgx_err *err)
{
	struct lgx_place place = { .file = file, .byte = (int64_t)f->offset,
	    .unit = f->position > 0 ? LGX_SEGMENT : LGX_NOWHERE, .n = f->position };
	struct lgx_buf	 b = { 0 };

	for (const char *p = row_of(f->diag)->words; *p != '\0'; p++) {
		if (*p == '%' && p[1] != '\0')
			put_word(&b, f, *++p);
		else
			lgx_buf_putc(&b, *p);
	}
	(void)lgx_err_reject(err, f->diag, place, "%s", lgx_buf_z(&b));
	lgx_buf_release(&b);
}

/*
 * Lists of findings
 */

struct lgx_x12_finding *
x12_find(struct x12_findings *l, enum lgx_diag diag, struct lgx_str value, struct lgx_str due)
{
	enum lgx_x12_severity	 severity = l->policy->severity[diag];
	bool			 room = l->n < LGX_X12_FINDINGS_MAX || severity == LGX_X12_REFUSE;
	struct lgx_x12_finding	*f;

	/* one slot more than is kept takes what is not listed */
	l->f = lgx_grow(l->f, &l->cap, l->n + 1, sizeof(*l->f));
	f = &l->f[l->n];
	*f = (struct lgx_x12_finding){ .diag = diag, .severity = severity,
	    .value = LGX_STR_EMPTY, .due = LGX_STR_EMPTY };
	if (!room || l->n >= 2 * LGX_X12_FINDINGS_MAX) {
		l->unlisted++;
		return f;
	}
	l->n++;
	f->value = lgx_arena_str(&l->text, lgx_str_head(value, 99));
	f->due = lgx_arena_str(&l->text, due);
	return f;
}

void
x12_findings_clear(struct x12_findings *l)
{
	if (l->n > 0 || l->text.used > 0)
		lgx_arena_clear(&l->text);
	l->n = 0;
	l->unlisted = 0;
}

void
x12_findings_release(struct x12_findings *l)
{
	free(l->f);
	lgx_arena_release(&l->text);
	*l = (struct x12_findings){ .policy = l->policy };
}

void
x12_findings_move(struct x12_findings *to, struct x12_findings *from)
{
	struct x12_findings	 was = *to;

	if (to->n == 0 && to->unlisted == 0) {
		*to = *from;
		*from = was;
	}
	to->unlisted += from->unlisted;
	for (size_t i = 0; i < from->n; i++) {
		size_t			 had = to->n;
		struct lgx_x12_finding	*f = x12_find(to, from->f[i].diag, from->f[i].value, from->f[i].due);
		struct lgx_str		 value = f->value, due = f->due;

		*f = from->f[i];
		f->value = to->n > had ? value : LGX_STR_EMPTY;
		f->due = to->n > had ? due : LGX_STR_EMPTY;
	}
	x12_findings_clear(from);
}

const struct lgx_x12_finding *
x12_findings_refusal(const struct x12_findings *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->f[i].severity == LGX_X12_REFUSE)
			return &l->f[i];
	return NULL;
}

static void
put_number(struct lgx_buf *b, const char *name, uint64_t n)
{
	if (n == 0)
		return;
	lgx_json_key(b, name);
	lgx_buf_putc(b, '"');
	lgx_buf_putu(b, n);
	lgx_buf_putc(b, '"');
}

static void
put_octets(struct lgx_buf *b, const char *name, struct lgx_str s)
{
	if (s.n == 0)
		return;
	lgx_json_key(b, name);
	lgx_json_octets(b, s);
}

/* Members by name.  Offsets count from the set, so that equal sets give equal findings. */
static void
put_finding(struct lgx_buf *b, const struct lgx_x12_finding *f, uint64_t origin)
{
	lgx_json_next(b);
	lgx_buf_putc(b, '{');
	lgx_json_member(b, "code", lgx_str_of(lgx_diag_code(f->diag)));
	put_number(b, "component", f->component);
	put_octets(b, "due", f->due);
	put_number(b, "element", f->element);
	lgx_json_member(b, "level", lgx_str_of(level_names[lgx_x12_level(f->diag)]));
	lgx_json_member(b, "loop", lgx_str_of(f->loop));
	if (f->position > 0 && f->offset >= origin)
		put_number(b, "offset", f->offset - origin);
	put_number(b, "position", f->position);
	put_number(b, "ref", f->ref);
	lgx_json_member(b, "segment", lgx_str_of(f->segment));
	lgx_json_member(b, "severity", lgx_str_of(severity_names[f->severity]));
	put_octets(b, "value", f->value);
	lgx_json_member(b, "x12", lgx_str_of(lgx_x12_code(f->diag)));
	lgx_buf_putc(b, '}');
}

void
x12_findings_put(struct lgx_buf *b, const struct x12_findings *l, uint64_t origin)
{
	struct lgx_x12_finding	 more = { .diag = LGX_E_X12_MORE, .due = LGX_STR_EMPTY };
	char			 n[24];

	for (size_t i = 0; i < l->n; i++)
		put_finding(b, &l->f[i], origin);
	if (l->unlisted == 0)
		return;
	snprintf(n, sizeof(n), "%llu", (unsigned long long)l->unlisted);
	more.value = lgx_str_of(n);
	put_finding(b, &more, origin);
}

/*
 * What a partner's page says about severities
 */

void
x12_policy_init(struct x12_policy *p)
{
	memset(p->severity, LGX_X12_NOTE, sizeof(p->severity));
	for (size_t i = 0; i < LGX_LEN(rows); i++)
		p->severity[rows[i].diag] = (uint8_t)rows[i].severity;
}

static int
read_severity(struct x12_policy *p, const struct lgx_conf *c, struct lgx_err *err)
{
	const char	*names[LGX_LEN(rows)], *near;

	for (size_t i = 0; i < LGX_LEN(rows); i++) {
		names[i] = lgx_diag_code(rows[i].diag);
		if (!lgx_str_eq(c->key, lgx_str_of(names[i])))
			continue;
		for (size_t s = 0; s < LGX_LEN(severity_names); s++) {
			if (!lgx_str_eq(c->text, lgx_str_of(severity_names[s])))
				continue;
			if (rows[i].level < LGX_X12_SET)
				return lgx_conf_err(c, err, LGX_E_CONF_VALUE,
				    "%s is not about a transaction set, its severity is fixed", names[i]);
			p->severity[rows[i].diag] = (uint8_t)s;
			return LGX_OK;
		}
		return lgx_conf_err(c, err, LGX_E_CONF_VALUE, "'%.*s' is not note, error or reject",
		    LGX_STR_ARG(c->text));
	}
	near = lgx_str_nearest(c->key, names, LGX_LEN(rows));
	return lgx_conf_err(c, err, LGX_E_CONF_UNKNOWN, "unknown finding '%.*s'%s%s%s",
	    LGX_STR_ARG(c->key), near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
}

int
x12_policy_read(struct x12_policy *p, const struct lgx_conf *edi, struct lgx_err *err)
{
	static const char *const words[] = { "severity" };
	const struct lgx_conf	*list = lgx_conf_get(edi, "severity");
	int			 st;

	x12_policy_init(p);
	if (edi == NULL)
		return LGX_OK;
	if ((st = lgx_conf_allow(edi, words, LGX_LEN(words), err)) != LGX_OK || list == NULL)
		return st;
	if ((st = lgx_conf_expect(list, LGX_CONF_MAP, err)) != LGX_OK)
		return st;
	LGX_CONF_EACH(c, list)
		if ((st = read_severity(p, c, err)) != LGX_OK)
			return st;
	return LGX_OK;
}
