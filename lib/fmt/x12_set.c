/*
 * fmt/x12_set.c - a transaction set: checked and written as JSON in one pass
 * Floor fmt: a part of the X12 reader.
 *
 * Each element is looked at once: its value is held against the grammar and
 * goes out as JSON.  Segments without odd bytes (see x12_scan.c) take the
 * short way; text outside ASCII, composites and repeats take the long one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fmt/x12_part.h"

struct walk {
	struct x12_set		*set;
	struct x12_walker	*w;
	struct lgx_buf		*out;
	const struct x12_grammar *g;
	const uint32_t		*starts;	/* of segments as sent, when line ends were taken out */
	size_t			 place;		/* node of the last segment that had one */
	uint32_t		 position;	/* of the segment, ST is 1 */
	struct x12_span		 span;
	const char		*limit;		/* end of the text */
	int			 loop;		/* that the segment stands in */
	bool			 line_ends;	/* stand inside a segment */
};

/*
 * Findings
 */

static struct lgx_x12_finding *
find(struct walk *k, enum lgx_diag diag, struct lgx_str value, struct lgx_str due)
{
	struct lgx_x12_finding	*f = x12_find(k->set->findings, diag, value, due);

	f->position = k->position;
	f->offset = k->set->offset +
	    (k->starts != NULL ? k->starts[k->position - 1] : k->span.start);
	memcpy(f->segment, k->span.id, sizeof(f->segment));
	if (k->g != NULL && k->loop >= 0)
		memcpy(f->loop, k->g->loops[k->loop].id, sizeof(f->loop));
	return f;
}

static void
find_number(struct walk *k, enum lgx_diag diag, struct lgx_str value, uint64_t due)
{
	char	 text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)due);
	(void)find(k, diag, value, lgx_str_of(text));
}

/* About the element i (component part) of the segment. */
static void
find_element(struct walk *k, enum lgx_diag diag, size_t i, size_t part, const struct x12_el *el,
    struct lgx_str value, const char *due)
{
	struct lgx_x12_finding	*f = find(k, diag, value, lgx_str_of(due));

	f->element = (uint16_t)i;
	f->component = (uint16_t)part;
	f->ref = el != NULL ? el->ref : 0;
}

/*
 * Values
 */

static struct lgx_str
without_padding(struct lgx_str v)
{
	while (v.n > 0 && v.p[v.n - 1] == ' ')
		v.n--;
	return v;
}

static void
check_length(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v,
    size_t length)
{
	char	 due[8];

	if (length >= el->min && length <= el->max)
		return;
	snprintf(due, sizeof(due), "%d", length < el->min ? el->min : el->max);
	find_element(k, length < el->min ? LGX_E_X12_SHORT : LGX_E_X12_LONG, i, part, el, v, due);
}

/* Nn: digits, a minus in front; its length does not count the minus. */
static void
check_number(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v)
{
	size_t	 sign = v.p[0] == '-', at = sign;
	char	 due[2] = { (char)('0' + el->decimals), '\0' };

	while (at < v.n && v.p[at] >= '0' && v.p[at] <= '9')
		at++;
	if (at == v.n && at > sign)
		check_length(k, el, i, part, v, v.n - sign);
	else if (v.p[at < v.n ? at : 0] == '.' && el->decimals > 0)
		find_element(k, LGX_E_X12_DECIMAL, i, part, el, v, due);
	else
		find_element(k, LGX_E_X12_CHARACTER, i, part, el, v, "N");
}

/* R: digits with at most one point; its length counts neither minus nor point. */
static void
check_real(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v)
{
	size_t	 sign = v.p[0] == '-', points = 0, at;

	for (at = sign; at < v.n; at++) {
		if (v.p[at] == '.')
			points++;
		else if (v.p[at] < '0' || v.p[at] > '9')
			break;
	}
	if (at < v.n || points > 1 || v.n == sign + points)
		find_element(k, LGX_E_X12_CHARACTER, i, part, el, v, "R");
	else
		check_length(k, el, i, part, v, v.n - sign - points);
}

static void
check_date(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v)
{
	lgx_date	 date;

	if ((v.n != 6 && v.n != 8) || !lgx_date_parse_x12(v, &date))
		find_element(k, LGX_E_X12_DATE, i, part, el, v, "");
	else if (v.n < el->min || v.n > el->max)
		find_element(k, LGX_E_X12_DATE_WIDTH, i, part, el, v, el->max == 8 ? "8" : "6");
}

static void
check_time(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v)
{
	int	 seconds;

	if (!lgx_time_parse_x12(v, &seconds))
		find_element(k, LGX_E_X12_TIME, i, part, el, v, "");
}

static void
check_code(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v)
{
	char	 due[8];

	if (el->codes == NULL || x12_code_known(el->codes, v))
		return;
	snprintf(due, sizeof(due), "%d", el->ref);
	find_element(k, el->codes->part ? LGX_E_X12_CODE_UNLISTED : LGX_E_X12_CODE, i, part, el, v,
	    due);
}

/* v is not empty. */
static void
check_value(struct walk *k, const struct x12_el *el, size_t i, size_t part, struct lgx_str v)
{
	if (v.p[v.n - 1] == ' ' && el->type != X12_B && (v = without_padding(v)).n == 0) {
		if (el->need == X12_MANDATORY)
			find_element(k, LGX_E_X12_MISSING, i, part, el, v, "");
		return;
	}
	switch (el->type) {
	case X12_ID:
		check_code(k, el, i, part, v);
		/* FALLTHROUGH */
	case X12_AN:
		check_length(k, el, i, part, v, v.n);
		break;
	case X12_N:
		check_number(k, el, i, part, v);
		break;
	case X12_R:
		check_real(k, el, i, part, v);
		break;
	case X12_DT:
		check_date(k, el, i, part, v);
		break;
	case X12_TM:
		check_time(k, el, i, part, v);
		break;
	default:
		break;
	}
}

/*
 * Segments against their definition
 */

static const char *
syntax_name(const struct x12_syntax *s, char out[160])
{
	int	 n = snprintf(out, 160, "%c%02d", s->kind, s->first);

	for (int i = 1; i < 64 && n < 150; i++)
		if ((s->mask >> i & 1) && i != s->first)
			n += snprintf(out + n, 160 - (size_t)n, "%02d", i);
	return out;
}

/* P paired, R at least one, E at most one, C first needs all, L first needs one. */
static void
check_syntax(struct walk *k, const struct x12_segdef *def, const struct x12_syntax *s,
    uint64_t present)
{
	uint64_t	 have = present & s->mask, first = UINT64_C(1) << s->first;
	uint64_t	 lack = s->mask & ~present;
	bool		 first_is = (present & first) != 0, good = true;
	size_t		 i;
	char		 name[160];

	switch (s->kind) {
	case 'P': good = have == 0 || lack == 0; break;
	case 'R': good = have != 0; break;
	case 'E': good = (have & (have - 1)) == 0; break;
	case 'C': good = !first_is || lack == 0; break;
	case 'L': good = !first_is || have != first; break;
	}
	if (good)
		return;
	i = (size_t)__builtin_ctzll(s->kind == 'E' ? have & (have - 1) : lack);
	find_element(k, s->kind == 'E' ? LGX_E_X12_EXCLUSION : LGX_E_X12_CONDITION, i, 0,
	    i <= def->n ? &def->el[i - 1] : NULL, LGX_STR_EMPTY, syntax_name(s, name));
}

static void
check_segment(struct walk *k, const struct x12_segdef *def, uint64_t present)
{
	uint64_t	 lack = def->must & ~present;

	for (; lack != 0; lack &= lack - 1) {
		size_t	 i = (size_t)__builtin_ctzll(lack);

		find_element(k, LGX_E_X12_MISSING, i, 0, &def->el[i - 1], LGX_STR_EMPTY, "");
	}
	for (size_t i = 0; i < def->nsyntax; i++)
		check_syntax(k, def, &def->syntax[i], present);
}

static void
check_extra(struct walk *k, const struct x12_segdef *def)
{
	const struct x12_cut	*c = &k->w->cut;

	for (size_t i = (size_t)def->n + 1; i <= c->n; i++)
		if (x12_element(c, i).n > 0) {
			char	 due[8];

			snprintf(due, sizeof(due), "%d", def->n);
			find_element(k, LGX_E_X12_MANY, i, 0, NULL, x12_element(c, i), due);
			return;
		}
}

/*
 * Places
 */

static uint32_t *
loop_count(struct walk *k, size_t loop)
{
	return &k->w->count[k->g->nnodes + loop];
}

static void
miss(struct walk *k, const struct x12_node *node)
{
	struct lgx_x12_finding	*f = find(k, node->need == X12_KEY ? LGX_E_X12_SEGMENT_KEY :
				    LGX_E_X12_SEGMENT_MISSING, LGX_STR_EMPTY, LGX_STR_EMPTY);

	memcpy(f->segment, node->def->id, sizeof(f->segment));
}

/* The mandatory segments of a loop but the one that began it. */
static void
check_loop(struct walk *k, int loop)
{
	const struct x12_grammar *g = k->g;

	for (size_t n = g->loops[loop].first + (size_t)1; n <= g->loops[loop].last; n++)
		if (g->nodes[n].loop == loop && g->nodes[n].need == X12_MANDATORY &&
		    k->w->count[n] == 0)
			miss(k, &g->nodes[n]);
}

/* The step leaves, or begins again, loops with mandatory segments. */
static void
leave_loops(struct walk *k, size_t to)
{
	const struct x12_grammar *g = k->g;

	for (int loop = g->nodes[k->place].loop; loop >= 0; loop = g->loops[loop].parent) {
		const struct x12_loop	*l = &g->loops[loop];

		if (l->first < to && to <= l->last)
			return;
		if (l->must)
			check_loop(k, loop);
	}
}

static void
enter_loop(struct walk *k, int loop)
{
	const struct x12_loop	*l = &k->g->loops[loop];

	if (++*loop_count(k, (size_t)loop) == l->max + (uint64_t)1)
		find_number(k, LGX_E_X12_LOOP_MANY, LGX_STR_EMPTY, l->max);
	memset(&k->w->count[l->first], 0, (l->last - l->first + (size_t)1) * sizeof(*k->w->count));
	for (size_t i = (size_t)loop + 1; i < k->g->nloops && k->g->loops[i].first <= l->last; i++)
		*loop_count(k, i) = 0;
}

/* Not reachable from here: the nearest place behind, else the first of the set. */
static size_t
any_place(const struct walk *k, uint16_t code)
{
	const struct x12_grammar *g = k->g;

	for (size_t i = 1; i <= g->nnodes; i++) {
		size_t	 n = (k->place + i) % g->nnodes;

		if (g->nodes[n].code == code)
			return n;
	}
	return k->place;
}

/* Where the segment stands; its definition, NULL if the set has no such segment. */
static const struct x12_segdef *
take_place(struct walk *k, int code)
{
	const struct x12_grammar *g = k->g;
	const struct x12_node	 *node;
	uint16_t		  step;
	size_t			  to;

	if (code < 0) {
		(void)find(k, LGX_E_X12_SEGMENT_UNKNOWN, LGX_STR_EMPTY, LGX_STR_EMPTY);
		return NULL;
	}
	step = k->position == 1 ? 0 : g->steps[k->place * g->ncodes + (size_t)code];
	to = step & ~(unsigned)X12_CHECK;
	if (step == X12_NOWHERE) {
		to = any_place(k, (uint16_t)code);
		k->loop = g->nodes[k->place].loop;
		(void)find(k, LGX_E_X12_SEGMENT_PLACE, LGX_STR_EMPTY, LGX_STR_EMPTY);
	} else if (step & X12_CHECK) {
		leave_loops(k, to);
	}
	node = &g->nodes[to];
	k->place = to;
	k->loop = node->loop;
	if (node->trigger)
		enter_loop(k, node->loop);
	if (node->need == X12_HABIT)
		(void)find(k, LGX_E_X12_SEGMENT_HABIT, LGX_STR_EMPTY, LGX_STR_EMPTY);
	if (++k->w->count[to] == node->max + (uint64_t)1 && !node->trigger)
		find_number(k, LGX_E_X12_SEGMENT_MANY, LGX_STR_EMPTY, node->max);
	return node->def;
}

/*
 * JSON
 */

static void
put_text(struct walk *k, struct lgx_str v)
{
	if (k->set->charset != X12_LATIN1) {
		lgx_json_octets(k->out, v);
		return;
	}
	lgx_buf_clear(&k->w->utf8);
	for (size_t i = 0; i < v.n; i++) {
		unsigned char	 c = (unsigned char)v.p[i];

		if (c >= 0x80)
			lgx_buf_putc(&k->w->utf8, (char)(0xC0 | c >> 6));
		lgx_buf_putc(&k->w->utf8, (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c));
	}
	lgx_json_str(k->out, lgx_buf_str(&k->w->utf8));
}

static bool
has(struct lgx_str v, char c)
{
	return c != '\0' && memchr(v.p, c, v.n) != NULL;
}

/* A value, or its components as an array. */
static void
put_composite(struct walk *k, const struct x12_el *el, size_t i, struct lgx_str v)
{
	bool	 compound = el != NULL ? el->type == X12_COMPOSITE : has(v, k->set->delims->comp);
	size_t	 part = 0;

	if (!compound || !has(v, k->set->delims->comp)) {
		if (compound && el != NULL && el->nparts > 0 && v.n > 0)
			check_value(k, &el->parts[0], i, 1, v);
		put_text(k, v);
		return;
	}
	lgx_buf_putc(k->out, '[');
	for (const char *end = v.p + v.n;;) {
		struct lgx_str	 piece = lgx_str_cut(&v, k->set->delims->comp);

		if (part++ > 0)
			lgx_buf_putc(k->out, ',');
		put_text(k, piece);
		if (el != NULL && part <= el->nparts && piece.n > 0)
			check_value(k, &el->parts[part - 1], i, part, piece);
		if (piece.p + piece.n == end)
			break;
	}
	lgx_buf_putc(k->out, ']');
	if (el != NULL && part > el->nparts) {
		char	 due[8];

		snprintf(due, sizeof(due), "%d", el->nparts);
		find_element(k, LGX_E_X12_COMPONENTS, i, 0, el, LGX_STR_EMPTY, due);
	}
}

/* An element that may hold anything: repeats, components, text outside ASCII. */
static void
put_odd(struct walk *k, const struct x12_el *el, size_t i, struct lgx_str v)
{
	char	 rep = k->set->delims->rep;

	if ((el != NULL && el->type == X12_B) || (k->span.binary && i == k->w->cut.n)) {
		lgx_json_octets(k->out, v);
		return;
	}
	if (memchr(v.p, '\n', v.n) != NULL || memchr(v.p, '\r', v.n) != NULL)
		k->line_ends = true;
	if (!has(v, rep) || (el != NULL && el->type != X12_COMPOSITE)) {
		if (el != NULL && v.n > 0 && el->type != X12_COMPOSITE)
			check_value(k, el, i, 0, v);
		put_composite(k, el, i, v);
		return;
	}
	lgx_buf_putz(k->out, "{\"repeat\":[");
	for (const char *end = v.p + v.n, *from = v.p;;) {
		struct lgx_str	 piece = lgx_str_cut(&v, rep);

		if (piece.p != from)
			lgx_buf_putc(k->out, ',');
		put_composite(k, el, i, piece);
		if (piece.p + piece.n == end)
			break;
	}
	lgx_buf_putz(k->out, "]}");
}

static uint64_t
write_odd(struct walk *k, const struct x12_segdef *def)
{
	const struct x12_cut	*c = &k->w->cut;
	uint64_t		 present = 0;

	for (size_t i = 1; i <= c->n; i++) {
		struct lgx_str		 v = x12_element(c, i);
		const struct x12_el	*el = def != NULL && i <= def->n ? &def->el[i - 1] : NULL;

		if (v.n > 0 && i < 64)
			present |= UINT64_C(1) << i;
		lgx_buf_putc(k->out, ',');
		put_odd(k, el, i, v);
	}
	return present;
}

/* Copy at most 16 bytes the quick way when both sides have room. */
static inline char *
copy(char *to, const char *p, size_t n, const char *limit)
{
	if (n <= 16 && (size_t)(limit - p) >= 16)
		memcpy(to, p, 16);
	else
		memcpy(to, p, n);
	return to + n;
}

static uint64_t
write_plain(struct walk *k, const struct x12_segdef *def)
{
	const struct x12_cut	*c = &k->w->cut;
	size_t			 known = def != NULL ? def->n : 0;
	uint64_t		 present = 0;
	char			*to;

	lgx_buf_reserve(k->out, c->end[c->n] + 3 * c->n + 32);
	to = k->out->p + k->out->n;
	for (size_t i = 1; i <= c->n; i++) {
		struct lgx_str	 v = { c->p + c->end[i - 1] + 1, c->end[i] - c->end[i - 1] - 1 };

		*to++ = ',';
		*to++ = '"';
		if (v.n > 0) {
			to = copy(to, v.p, v.n, k->limit);
			if (i <= known) {
				const struct x12_el *el = &def->el[i - 1];

				present |= UINT64_C(1) << i;
				if (el->type == X12_COMPOSITE && el->nparts > 0)
					check_value(k, &el->parts[0], i, 1, v);
				else
					check_value(k, el, i, 0, v);
			}
		}
		*to++ = '"';
	}
	k->out->n = (size_t)(to - k->out->p);
	return present;
}

static void
begin_segment(struct walk *k)
{
	char	*to;

	lgx_buf_reserve(k->out, 8);
	to = k->out->p + k->out->n;
	if (k->position > 1)
		*to++ = ',';
	*to++ = '[';
	*to++ = '"';
	memcpy(to, k->span.id, 3);
	to += k->span.idlen;
	*to++ = '"';
	k->out->n = (size_t)(to - k->out->p);
}

/* The id as sent was folded to upper case, or freed of line ends; or it is none. */
static void
check_id(struct walk *k)
{
	struct lgx_str	 id = x12_element(&k->w->cut, 0);

	if (k->span.tag == 0)
		(void)find(k, LGX_E_X12_SEGMENT_ID, lgx_str_head(id, 20), LGX_STR_EMPTY);
	else if (memchr(id.p, '\n', id.n) != NULL || memchr(id.p, '\r', id.n) != NULL)
		k->line_ends = true;
	else
		(void)find(k, LGX_E_X12_SEGMENT_CASE, id, LGX_STR_EMPTY);
}

static bool
id_as_sent(const struct walk *k)
{
	const char	*p = k->w->cut.p;

	return k->w->cut.end[0] == k->span.idlen && k->span.tag != 0 &&
	    p[0] == k->span.id[0] && p[1] == k->span.id[1] &&
	    (k->span.idlen == 2 || p[2] == k->span.id[2]);
}

static void
walk_segment(struct walk *k)
{
	const struct x12_cut	*c = &k->w->cut;
	const struct x12_segdef	*def = NULL;
	uint64_t		 present;

	if (!id_as_sent(k))
		check_id(k);
	if (k->g != NULL && k->span.tag != 0)
		def = take_place(k, x12_grammar_code(k->g, k->span.tag));
	begin_segment(k);
	present = c->odd ? write_odd(k, def) : write_plain(k, def);
	lgx_buf_putc(k->out, ']');
	if (c->n == 0)
		(void)find(k, LGX_E_X12_SEGMENT_EMPTY, LGX_STR_EMPTY, LGX_STR_EMPTY);
	else if (x12_element(c, c->n).n == 0)
		(void)find(k, LGX_E_X12_TRAILING, LGX_STR_EMPTY, LGX_STR_EMPTY);
	if (def == NULL || def->n == 0)		/* known by name only */
		return;
	check_segment(k, def, present);
	if (c->n > def->n)
		check_extra(k, def);
}

/*
 * The trailer
 */

static void
check_trailer(struct walk *k)
{
	const struct x12_cut	*c = &k->w->cut;
	struct lgx_str		 said = lgx_str_trim(x12_element(c, 1));
	struct lgx_str		 control = lgx_str_trim(x12_element(c, 2));
	uint64_t		 n, a, b;

	k->loop = X12_NO_LOOP;
	if (!lgx_str_u64(said, &n) || n != k->position)
		find_number(k, LGX_E_X12_COUNT, said, k->position);
	if (lgx_str_eq(control, k->set->control))
		return;
	if (lgx_str_u64(control, &a) && lgx_str_u64(k->set->control, &b) && a == b)
		find(k, LGX_E_X12_CONTROL_PAD, control, k->set->control)->element = 2;
	else
		(void)find(k, LGX_E_X12_CONTROL, control, k->set->control);
}

static void
walk(struct walk *k, struct lgx_str text)
{
	struct x12_scan	 scan;

	k->limit = text.p + text.n;
	x12_scan_init(&scan, text, k->set->delims);
	lgx_buf_putc(k->out, '[');
	while (x12_scan_next(&scan, &k->span, &k->w->cut)) {
		k->position++;
		k->loop = X12_NO_LOOP;
		walk_segment(k);
	}
	lgx_buf_putc(k->out, ']');
	k->set->segments = k->position;
	if (k->set->loose)
		return;
	for (size_t i = 0; k->g != NULL && i < k->g->nmusts; i++)
		if (k->w->count[k->g->musts[i]] == 0)
			miss(k, &k->g->nodes[k->g->musts[i]]);
	check_trailer(k);
}

/* A copy without the line ends inside segments, and where its segments began. */
static struct lgx_str
unwrap(struct walk *k)
{
	struct lgx_str		 text = k->set->text;
	struct x12_walker	*w = k->w;
	struct x12_span		 span;
	size_t			 at = 0, n = 0;

	lgx_buf_clear(&w->text);
	for (; x12_segment(text, at, k->set->delims, &span) == X12_SEGMENT; at = span.end) {
		w->starts = lgx_grow(w->starts, &w->starts_cap, n + 1, sizeof(*w->starts));
		w->starts[n++] = (uint32_t)span.start;
		if (span.binary) {
			lgx_buf_put(&w->text, text.p + span.start, span.end - span.start);
			continue;
		}
		for (size_t i = span.start; i < span.end; i++)
			if ((text.p[i] != '\n' && text.p[i] != '\r') || i + 1 == span.end)
				lgx_buf_putc(&w->text, text.p[i]);
	}
	k->starts = w->starts;
	return lgx_buf_str(&w->text);
}

static void
start(struct walk *k, struct x12_set *set, struct x12_walker *w, struct lgx_buf *out)
{
	*k = (struct walk){ .set = set, .w = w, .out = out, .g = set->grammar };
	if (k->g == NULL)
		return;
	w->count = lgx_grow(w->count, &w->cap, k->g->nnodes + k->g->nloops, sizeof(*w->count));
	memset(w->count, 0, (k->g->nnodes + k->g->nloops) * sizeof(*w->count));
}

void
x12_set_walk(struct x12_set *set, struct x12_walker *w, struct lgx_buf *out)
{
	struct walk	 k;

	start(&k, set, w, out);
	walk(&k, set->delims->wrapped ? unwrap(&k) : set->text);
	set->wrapped = k.line_ends;
}

void
x12_walker_release(struct x12_walker *w)
{
	free(w->cut.end);
	free(w->count);
	free(w->starts);
	lgx_buf_release(&w->text);
	lgx_buf_release(&w->utf8);
	*w = (struct x12_walker){ .cap = 0 };
}
