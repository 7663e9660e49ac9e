/*
 * rec/scan.c - from a line to a tape
 * Floor rec.
 *
 * One pass over the bytes checks RFC 8259 in full (syntax, UTF-8, surrogates,
 * doubled members, depth) and leaves a node for each value.  Text is looked at
 * 16 bytes at a time.  A name is compared first with the one that followed the
 * same name the last time; only a surprise is looked up.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "rec/schema.h"

#define EXPECTED(s, what) fail(s, LGX_E_JSON_SYNTAX, "expected " what)

struct level {			/* an object or array that is open */
	uint32_t	 node;
	bool		 object;
	uint8_t		 owner, prev;	/* numbers of its name, and of the last name in it */
	uint32_t	 strangers;	/* members that no schema has */
	uint64_t	 seen[REC_NAMES / 64];
};

struct scan {
	const char	*p, *end, *start;
	struct lgx_rec	*rec;
	struct lgx_err	*err;
	struct level	*top;
	struct level	 levels[LGX_DEPTH_MAX];
};

static struct lgx_place
place_of(const struct scan *s)
{
	struct lgx_place	 place = s->rec->place;

	place.byte = (place.byte > 0 ? place.byte : 0) + (s->p - s->start);
	return place;
}

static int
fail(const struct scan *s, enum lgx_diag diag, const char *what)
{
	return lgx_err_reject(s->err, diag, place_of(s), "%s", what);
}

static inline void
skip_blanks(struct scan *s)
{
	while (s->p < s->end && (unsigned char)*s->p <= ' ' &&
	    (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')) {
		s->rec->spaced = true;
		s->p++;
	}
}

static inline char
peek(const struct scan *s)	/* NUL at the end, which is no token either */
{
	return s->p < s->end ? *s->p : '\0';
}

/*
 * strings
 */

static inline bool
is_plain(char c)
{
	return (signed char)c >= 0x20 && c != '"' && c != '\\';
}

#ifdef __SSE2__
/* Of 16 bytes a bit for each that is not plain; bytes that are not ASCII are negative here. */
static inline unsigned
special_bits(const char *p)
{
	__m128i	 v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
	    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));
}
#endif

/* The first byte that is a quote, a backslash, a control or not ASCII; end if none. */
static inline const char *
plain_end(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16)
		if (special_bits(p) != 0)
			return p + __builtin_ctz(special_bits(p));
#endif
	while (p < end && is_plain(*p))
		p++;
	return p;
}

static int
hex4(const char *p, const char *end)	/* -1 if it is not four hex digits */
{
	int	 v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int	 c = p[i] | 0x20;

		if (p[i] >= '0' && p[i] <= '9')
			v = v * 16 + (p[i] - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* At the u of \u; moves past the escape, both halves of a pair. */
static int
skip_unicode(struct scan *s)
{
	int	 v = hex4(s->p + 1, s->end), low;

	if (v < 0)
		return EXPECTED(s, "four hex digits");
	if (v >= 0xDC00 && v <= 0xDFFF)
		return fail(s, LGX_E_JSON_SURROGATE, "a low surrogate without its high one");
	if (v >= 0xD800 && v <= 0xDBFF) {
		low = s->end - s->p >= 7 && s->p[5] == '\\' && s->p[6] == 'u' ?
		    hex4(s->p + 7, s->end) : -1;
		if (low < 0xDC00 || low > 0xDFFF)
			return fail(s, LGX_E_JSON_SURROGATE, "a high surrogate without its low one");
		s->p += 6;
	}
	s->p += 5;
	return LGX_OK;
}

static int
skip_escape(struct scan *s)	/* at the backslash */
{
	s->p++;
	switch (peek(s)) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
		s->p++;
		return LGX_OK;
	case 'u':
		return skip_unicode(s);
	default:
		return EXPECTED(s, "an escape of JSON after the backslash");
	}
}

/* What ends a run of plain text, other than the closing quote. */
static int
skip_special(struct scan *s, bool *escaped)
{
	size_t	 len;

	if (s->p == s->end)
		return EXPECTED(s, "the closing quote of a string");
	if (*s->p == '\\') {
		*escaped = true;
		return skip_escape(s);
	}
	if ((unsigned char)*s->p < 0x20)
		return fail(s, LGX_E_JSON_SYNTAX, "a control character that is not escaped");
	if ((len = lgx_utf8_sequence(s->p, (size_t)(s->end - s->p))) == 0)
		return fail(s, LGX_E_JSON_UTF8, "a byte that is not UTF-8");
	s->p += len;
	return LGX_OK;
}

/* After the opening quote; leaves p after the closing one. */
static int
skip_string(struct scan *s, bool *escaped)
{
	*escaped = false;
	for (;;) {
		s->p = plain_end(s->p, s->end);
		if (s->p < s->end && *s->p == '"') {
			s->p++;
			return LGX_OK;
		}
		if (skip_special(s, escaped) != LGX_OK)
			return LGX_REJECT;
	}
}

/*
 * names
 */

static inline uint32_t
offset(const struct scan *s, const char *p)
{
	return (uint32_t)(p - s->start);
}

static inline uint8_t *
guess_of(const struct scan *s)
{
	return &s->rec->guess[(s->top->owner * 61u + s->top->prev) % LGX_GUESSES];
}

/* Does `name":` stand at p? */
static inline bool
stands(const struct rec_name *nm, const char *p, const char *end)
{
	uint64_t	 w[2];

	if (end - p < 32)
		return false;
	memcpy(w, p, 16);
	if ((((w[0] ^ nm->word[0]) & nm->mask[0]) | ((w[1] ^ nm->word[1]) & nm->mask[1])) != 0)
		return false;
	return nm->len <= 14 || memcmp(p, nm->quoted, nm->len + 2) == 0;
}

static int
fail_double(struct scan *s, const struct lgx_node *node)
{
	struct lgx_str	 name = lgx_node_key(s->rec, (uint32_t)(node - s->rec->nodes));

	if (!(node->escaped & 2))
		s->p = s->start + node->key - 1;
	return lgx_err_reject(s->err, LGX_E_JSON_DOUBLE, place_of(s), "\"%.*s\" stands twice in one object",
	    LGX_STR_ARG(lgx_str_head(name, 60)));
}

/* Count a name that was read; refuse it if it was there before. */
static int
note_name(struct scan *s, struct lgx_node *node, unsigned name)
{
	uint64_t	*word = &s->top->seen[name / 64], bit = UINT64_C(1) << name % 64;

	node->name = (uint16_t)name;
	s->top->prev = (uint8_t)name;
	if (name == 0) {
		s->top->strangers++;
		return LGX_OK;
	}
	if (*word & bit)
		return fail_double(s, node);
	*word |= bit;
	return LGX_OK;
}

/* Any name, with its colon and the blanks around it. */
static int
scan_name_slowly(struct scan *s, struct lgx_node *node)
{
	struct lgx_str	 text;
	bool		 escaped;
	unsigned	 name;

	if (peek(s) != '"')
		return EXPECTED(s, "the name of a member");
	node->key = offset(s, ++s->p);
	if (skip_string(s, &escaped) != LGX_OK)
		return LGX_REJECT;
	node->keylen = offset(s, s->p) - 1 - node->key;
	if (escaped)
		rec_key_unescape(s->rec, node);
	text = lgx_node_key(s->rec, (uint32_t)(node - s->rec->nodes));
	name = rec_name_find(text.p, text.n);
	*guess_of(s) = (uint8_t)name;
	if (note_name(s, node, name) != LGX_OK)
		return LGX_REJECT;
	skip_blanks(s);
	if (peek(s) != ':')
		return EXPECTED(s, "a colon");
	s->p++;
	skip_blanks(s);
	return LGX_OK;
}

static inline int
scan_name(struct scan *s, struct lgx_node *node)
{
	unsigned		 guess = *guess_of(s);
	const struct rec_name	*nm = &rec_names[guess];

	if (guess == 0 || s->p == s->end || *s->p != '"' || !stands(nm, s->p + 1, s->end))
		return scan_name_slowly(s, node);
	node->key = offset(s, s->p + 1);
	node->keylen = nm->len;
	s->p += nm->len + 3;
	if (note_name(s, node, guess) != LGX_OK)
		return LGX_REJECT;
	skip_blanks(s);
	return LGX_OK;
}

/*
 * values
 */

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline void
skip_digits(struct scan *s)
{
	while (is_digit(peek(s)))
		s->p++;
}

static int
skip_number(struct scan *s)	/* RFC 8259, section 6 */
{
	if (*s->p == '-')
		s->p++;
	if (!is_digit(peek(s)))
		return EXPECTED(s, "a digit");
	if (*s->p++ != '0')
		skip_digits(s);
	if (peek(s) == '.') {
		s->p++;
		if (!is_digit(peek(s)))
			return EXPECTED(s, "a digit after the point");
		skip_digits(s);
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->p++;
		if (peek(s) == '+' || peek(s) == '-')
			s->p++;
		if (!is_digit(peek(s)))
			return EXPECTED(s, "a digit in the exponent");
		skip_digits(s);
	}
	return LGX_OK;
}

static int
skip_word(struct scan *s, struct lgx_str word)
{
	if (!lgx_str_starts((struct lgx_str){ s->p, (size_t)(s->end - s->p) }, word))
		return EXPECTED(s, "a value");
	s->p += word.n;
	return LGX_OK;
}

static int
scan_scalar(struct scan *s, struct lgx_node *node)
{
	int	 st;

	node->off = offset(s, s->p);
	switch (peek(s)) {
	case 't':
		node->type = LGX_TRUE;
		st = skip_word(s, LGX_STR("true"));
		break;
	case 'f':
		node->type = LGX_FALSE;
		st = skip_word(s, LGX_STR("false"));
		break;
	case 'n':
		node->type = LGX_NULL;
		st = skip_word(s, LGX_STR("null"));
		break;
	case '-': case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		node->type = LGX_NUMBER;
		st = skip_number(s);
		break;
	default:
		return EXPECTED(s, "a value");
	}
	node->len = offset(s, s->p) - node->off;
	return st;
}

/* Length of a plain string of less than 16 bytes; 16 of any other.  Most are such. */
static inline unsigned
short_string(const struct scan *s)
{
#ifdef __SSE2__
	unsigned	 bits = s->end - s->p >= 16 ? special_bits(s->p) : 0;

	if (bits != 0 && s->p[__builtin_ctz(bits)] == '"')
		return (unsigned)__builtin_ctz(bits);
#endif
	(void)s;
	return 16;
}

static inline int
scan_string(struct scan *s, struct lgx_node *node)
{
	unsigned	 n;
	bool		 escaped = false;

	node->type = LGX_STRING;
	node->off = offset(s, ++s->p);
	if ((n = short_string(s)) < 16)
		s->p += n + 1;
	else if (skip_string(s, &escaped) != LGX_OK)
		return LGX_REJECT;
	node->len = offset(s, s->p) - 1 - node->off;
	node->escaped |= escaped;
	if (node->name == LGX_M_kind && s->top == s->levels)
		s->top->owner = (uint8_t)(node->len * 37 + (unsigned char)s->start[node->off]);
	return LGX_OK;
}

static int
open_level(struct scan *s, struct lgx_node *node)
{
	struct level	*up = s->top, *l = up == NULL ? s->levels : up + 1;

	if (l == s->levels + LGX_DEPTH_MAX)
		return fail(s, LGX_E_JSON_DEPTH, "a value is nested deeper than 64");
	l->object = *s->p == '{';
	l->node = (uint32_t)(node - s->rec->nodes);
	/* Items of an array go by the array's name, the record by its kind once that is read. */
	l->owner = up == NULL ? 0 : up->object ? (uint8_t)node->name : up->owner;
	l->prev = 0;
	l->strangers = 0;
	memset(l->seen, 0, sizeof(l->seen));
	node->type = l->object ? LGX_OBJECT : LGX_ARRAY;
	node->off = offset(s, s->p++);
	s->top = l;
	if (l - s->levels + 1 > s->rec->depth)
		s->rec->depth = (uint8_t)(l - s->levels + 1);
	return LGX_OK;
}

/* Are the members that no schema has all different? */
static int
check_strangers(struct scan *s)
{
	struct lgx_rec	*rec = s->rec;
	size_t		 base = rec->nlist;
	int		 st = LGX_OK;

	LGX_NODE_EACH(i, rec, s->top->node)
		if (rec->nodes[i].name == 0)
			rec_list_push(rec, i);
	rec_list_sort(rec, base);
	for (size_t i = base + 1; i < rec->nlist && st == LGX_OK; i++) {
		const struct lgx_named *a = &rec->list[i - 1], *b = a + 1;

		if (rec_named_cmp(rec, a, b) == 0)
			st = fail_double(s, &rec->nodes[a->node > b->node ? a->node : b->node]);
	}
	rec->nlist = base;
	return st;
}

static int
close_level(struct scan *s)
{
	struct lgx_node	*node = &s->rec->nodes[s->top->node];

	node->len = offset(s, ++s->p) - node->off;
	node->next = (uint32_t)s->rec->n;
	if (s->top->strangers > 1 && check_strangers(s) != LGX_OK)
		return LGX_REJECT;
	s->top = s->top == s->levels ? NULL : s->top - 1;
	return LGX_OK;
}

static inline struct lgx_node *
add_node(struct scan *s)
{
	struct lgx_rec	*rec = s->rec;
	struct lgx_node	*node;

	if (rec->n == rec->cap)
		rec->nodes = lgx_grow(rec->nodes, &rec->cap, rec->n + 1, sizeof(*rec->nodes));
	node = &rec->nodes[rec->n++];
	node->keylen = node->key = 0;
	node->name = 0;
	node->escaped = 0;
	node->next = (uint32_t)rec->n;
	return node;
}

/* A member or an item, at its first byte; opens a level if it is an object or array. */
static inline int
scan_member(struct scan *s)
{
	struct lgx_node	*node = add_node(s);

	if (s->top->object && scan_name(s, node) != LGX_OK)
		return LGX_REJECT;
	switch (peek(s)) {
	case '"':
		return scan_string(s, node);
	case '{': case '[':
		return open_level(s, node);
	default:
		return scan_scalar(s, node);
	}
}

/* Close what ends here; then at the next member or item, or with no level open. */
static inline int
scan_between(struct scan *s, bool opened)
{
	char	 c;

	for (;;) {
		skip_blanks(s);
		c = peek(s);
		if (c == (s->top->object ? '}' : ']')) {
			if (close_level(s) != LGX_OK)
				return LGX_REJECT;
			if (s->top == NULL)
				return LGX_OK;
			opened = false;
			continue;
		}
		if (opened)
			return LGX_OK;
		if (c != ',')
			return s->top->object ? EXPECTED(s, "a comma or }") :
			    EXPECTED(s, "a comma or ]");
		s->p++;
		skip_blanks(s);
		return LGX_OK;
	}
}

static int
scan_object(struct scan *s)
{
	struct level	*before;

	skip_blanks(s);
	if (peek(s) != '{')
		return EXPECTED(s, "a JSON object");
	if (open_level(s, add_node(s)) != LGX_OK || scan_between(s, true) != LGX_OK)
		return LGX_REJECT;
	while (s->top != NULL) {
		before = s->top;
		if (scan_member(s) != LGX_OK || scan_between(s, s->top != before) != LGX_OK)
			return LGX_REJECT;
	}
	skip_blanks(s);
	return s->p == s->end ? LGX_OK : EXPECTED(s, "nothing after the object");
}

/* Members at the top by number, and the kind. */
static void
index_top(struct lgx_rec *rec)
{
	memset(rec->top, 0, sizeof(rec->top));
	LGX_NODE_EACH(i, rec, 0) {
		const struct lgx_node *node = &rec->nodes[i];

		if (node->name != 0 && node->name < LGX_MEMBER_COUNT && node->type != LGX_NULL)
			rec->top[node->name] = i;
	}
	rec->kind = LGX_K_NONE;
	if (rec->top[LGX_M_kind] != 0 && rec->nodes[rec->top[LGX_M_kind]].type == LGX_STRING)
		rec->kind = lgx_kind_of(lgx_rec_str(rec, LGX_M_kind));
}

int
lgx_rec_parse_any(struct lgx_rec *rec, struct lgx_str line, struct lgx_place place,
    struct lgx_err *err)
{
	struct scan	 s;

	rec_schema_need();
	s.p = s.start = line.p;
	s.end = line.p + line.n;
	s.rec = rec;
	s.err = err;
	s.top = NULL;
	rec->line = line;
	rec->place = place;
	rec->kind = LGX_K_NONE;
	rec->n = rec->nlist = rec->keys.n = 0;
	rec->spaced = false;
	rec->depth = 0;
	lgx_arena_clear(&rec->text);
	if (line.n > UINT32_MAX - 1)
		return fail(&s, LGX_E_JSON_LONG, "a record is longer than 4 GiB");
	if (scan_object(&s) != LGX_OK) {
		memset(rec->top, 0, sizeof(rec->top));
		rec->n = 0;
		return LGX_REJECT;
	}
	index_top(rec);
	return LGX_OK;
}

/* A number without sign, point or exponent, from 1 to the version that is known. */
static int
check_version(struct lgx_rec *rec, struct lgx_err *err)
{
	uint32_t	 at = rec->top[LGX_M_lgx];
	struct lgx_str	 text = lgx_rec_str(rec, LGX_M_lgx);
	uint64_t	 version;

	if (at == 0)
		return LGX_OK;
	if (rec->nodes[at].type != LGX_NUMBER || memchr(text.p, '.', text.n) != NULL ||
	    text.p[0] == '-' || memchr(text.p, 'e', text.n) || memchr(text.p, 'E', text.n))
		return lgx_err_reject(err, LGX_E_REC_TYPE, lgx_node_place(rec, at),
		    "lgx: expected the schema version, a whole number");
	if (lgx_str_u64(text, &version) && version >= 1 && version <= LGX_SCHEMA_VERSION)
		return LGX_OK;
	return lgx_err_reject(err, LGX_E_REC_VERSION, lgx_node_place(rec, at),
	    "a record of schema version %.*s; this lgx reads version %d", LGX_STR_ARG(text),
	    LGX_SCHEMA_VERSION);
}

int
lgx_rec_parse(struct lgx_rec *rec, struct lgx_str line, struct lgx_place place,
    struct lgx_err *err)
{
	int	 st = lgx_rec_parse_any(rec, line, place, err);

	return st == LGX_OK ? check_version(rec, err) : st;
}
