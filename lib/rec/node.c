/*
 * rec/node.c - looking at a record that was read
 * Floor rec.
 */
#include <assert.h>
#include <stdlib.h>

#include "rec/schema.h"

void
lgx_rec_release(struct lgx_rec *rec)
{
	free(rec->nodes);
	free(rec->list);
	lgx_buf_release(&rec->keys);
	lgx_arena_release(&rec->text);
	*rec = (struct lgx_rec){ .kind = LGX_K_NONE };
}

struct lgx_place
lgx_node_place(const struct lgx_rec *rec, uint32_t node)
{
	struct lgx_place	 place = rec->place;

	place.byte = (place.byte > 0 ? place.byte : 0) + rec->nodes[node].off;
	return place;
}

static int
hex4(const char *p)
{
	int	 v = 0;

	for (int i = 0; i < 4; i++)
		v = v * 16 + (p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
	return v;
}

static char *
put_utf8(char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xC0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*to++ = (char)(0xE0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (char)(0x80 | (c & 0x3F));
	} else {
		*to++ = (char)(0xF0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3F));
		*to++ = (char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (char)(0x80 | (c & 0x3F));
	}
	return to;
}

/* One escape at p, which the scanner found well-formed; moves p past it. */
static char *
unescape_one(const char **p, char *to)
{
	static const char	 names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	unsigned		 c;

	if ((*p)[1] != 'u') {
		*to++ = values[strchr(names, (*p)[1]) - names];
		*p += 2;
		return to;
	}
	c = (unsigned)hex4(*p + 2);
	*p += 6;
	if (c >= 0xD800 && c <= 0xDBFF) {
		c = 0x10000 + ((c - 0xD800) << 10) + ((unsigned)hex4(*p + 2) - 0xDC00);
		*p += 6;
	}
	return put_utf8(to, c);
}

/* Text without its escapes, at most as long as with them; the length. */
static size_t
unescape(struct lgx_str s, char *text)
{
	const char	*p = s.p, *end = s.p + s.n, *slash;
	char		*to = text;

	while ((slash = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		memcpy(to, p, (size_t)(slash - p));
		to += slash - p;
		p = slash;
		to = unescape_one(&p, to);
	}
	memcpy(to, p, (size_t)(end - p));
	return (size_t)(to + (end - p) - text);
}

/* The name is unescaped once, since looking for doubles may compare it often. */
void
rec_key_unescape(struct lgx_rec *rec, struct lgx_node *node)
{
	struct lgx_buf	*b = &rec->keys;

	lgx_buf_reserve(b, node->keylen + 1);
	node->keylen = (uint32_t)unescape((struct lgx_str){ rec->line.p + node->key, node->keylen },
	    b->p + b->n);
	node->key = (uint32_t)b->n;
	b->n += node->keylen;
	node->escaped |= 2;
}

struct lgx_str
lgx_node_str(struct lgx_rec *rec, uint32_t at)
{
	const struct lgx_node	*node = &rec->nodes[at];
	struct lgx_str		 raw = { rec->line.p + node->off, node->len };
	char			*text;

	if (!(node->escaped & 1))
		return raw;
	text = lgx_arena_alloc(&rec->text, raw.n);
	return (struct lgx_str){ text, unescape(raw, text) };
}

struct lgx_str
lgx_node_key(struct lgx_rec *rec, uint32_t at)
{
	const struct lgx_node	*node = &rec->nodes[at];
	const char		*text = node->escaped & 2 ? rec->keys.p : rec->line.p;

	return (struct lgx_str){ text + node->key, node->keylen };
}

struct lgx_str
lgx_node_json(const struct lgx_rec *rec, uint32_t at)
{
	const struct lgx_node	*node = &rec->nodes[at];
	size_t			 quote = node->type == LGX_STRING;

	return (struct lgx_str){ rec->line.p + node->off - quote, node->len + 2 * quote };
}

uint32_t
lgx_node_get(struct lgx_rec *rec, uint32_t object, struct lgx_str name)
{
	unsigned	 id = rec_name_find(name.p, name.n);

	LGX_NODE_EACH(i, rec, object) {
		const struct lgx_node *node = &rec->nodes[i];

		if (node->name != id || (id == 0 && !lgx_str_eq(lgx_node_key(rec, i), name)))
			continue;
		return node->type != LGX_NULL ? i : 0;
	}
	return 0;
}

struct lgx_str
lgx_rec_str(struct lgx_rec *rec, enum lgx_member m)
{
	return rec->top[m] != 0 ? lgx_node_str(rec, rec->top[m]) : LGX_STR_EMPTY;
}

struct lgx_str
lgx_node_get_str(struct lgx_rec *rec, uint32_t object, struct lgx_str name)
{
	uint32_t	 at = lgx_node_get(rec, object, name);

	return at != 0 ? lgx_node_str(rec, at) : LGX_STR_EMPTY;
}

/*
 * decimals: a string of digits, or a JSON number, whose exponent is expanded
 */

#define EXPONENT_MAX	99	/* beyond 18 digits nothing fits anyway */

static bool
shift(struct lgx_dec d, int exponent, struct lgx_dec *out)
{
	struct lgx_dec	 ten = { 10, 0 };

	if (d.coef == 0)
		exponent = 0;
	for (; exponent < 0; exponent++) {	/* first drop the zeros that can go */
		while (d.scale >= LGX_DEC_DIGITS && d.coef % 10 == 0) {
			d.coef /= 10;
			d.scale--;
		}
		if (d.scale++ == LGX_DEC_DIGITS)
			return false;
	}
	for (; exponent > 0; exponent--) {
		if (d.scale > 0)
			d.scale--;
		else if (!lgx_dec_mul(d, ten, &d))
			return false;
	}
	*out = d;
	return true;
}

bool
rec_number(struct lgx_str text, struct lgx_dec *out)
{
	struct lgx_str	 digits = text;
	struct lgx_dec	 d;
	uint64_t	 exponent = 0;
	bool		 minus = false;
	size_t		 e;

	for (e = 0; e < text.n && (text.p[e] | 0x20) != 'e'; e++)
		;
	digits.n = e;
	if (e < text.n) {
		text = lgx_str_from(text, e + 1);
		minus = text.p[0] == '-';
		if (text.p[0] == '-' || text.p[0] == '+')
			text = lgx_str_from(text, 1);
		if (!lgx_str_u64(text, &exponent) || exponent > EXPONENT_MAX)
			exponent = EXPONENT_MAX;
	}
	return lgx_dec_parse(digits, &d) && shift(d, minus ? -(int)exponent : (int)exponent, out);
}

bool
rec_node_dec(struct lgx_rec *rec, uint32_t at, struct lgx_dec *out)
{
	enum lgx_json	 type = (enum lgx_json)rec->nodes[at].type;

	return type == LGX_STRING ? lgx_dec_parse(lgx_node_str(rec, at), out) :
	    type == LGX_NUMBER && rec_number(lgx_node_str(rec, at), out);
}

/* Why rec_node_dec said no: a decimal with too many digits, or no decimal at all? */
enum lgx_diag
rec_dec_fault(struct lgx_rec *rec, uint32_t at)
{
	struct lgx_str	 text = lgx_node_str(rec, at);
	size_t		 digits = 0, points = 0;

	if (rec->nodes[at].type == LGX_NUMBER)
		return LGX_E_DECIMAL_RANGE;
	if (text.n > 0 && text.p[0] == '-')
		text = lgx_str_from(text, 1);
	for (size_t i = 0; i < text.n; i++) {
		digits += text.p[i] >= '0' && text.p[i] <= '9';
		points += text.p[i] == '.';
	}
	return digits > 0 && points <= 1 && digits + points == text.n ? LGX_E_DECIMAL_RANGE :
	    LGX_E_BAD_DECIMAL;
}

static int
bad_value(struct lgx_rec *rec, enum lgx_member m, enum lgx_diag diag, const char *what,
    struct lgx_err *err)
{
	struct lgx_str	 text = lgx_str_head(lgx_node_json(rec, rec->top[m]), 60);

	return lgx_err_reject(err, diag, lgx_node_place(rec, rec->top[m]), "%s: %.*s is not %s",
	    lgx_member_name(m), LGX_STR_ARG(text), what);
}

int
lgx_rec_dec(struct lgx_rec *rec, enum lgx_member m, struct lgx_dec *out, struct lgx_err *err)
{
	if (rec->top[m] == 0 || rec_node_dec(rec, rec->top[m], out))
		return LGX_OK;
	return bad_value(rec, m, rec_dec_fault(rec, rec->top[m]), "a decimal of at most 18 digits", err);
}

int
lgx_rec_time(struct lgx_rec *rec, enum lgx_member m, lgx_time *out, struct lgx_err *err)
{
	if (rec->top[m] == 0 || lgx_date_or_time_parse(lgx_rec_str(rec, m), out))
		return LGX_OK;
	return bad_value(rec, m, LGX_E_BAD_DATE, "an instant", err);
}

int
lgx_rec_date(struct lgx_rec *rec, enum lgx_member m, lgx_date *out, struct lgx_err *err)
{
	lgx_time	 t;

	if (rec->top[m] == 0)
		return LGX_OK;
	if (!lgx_date_or_time_parse(lgx_rec_str(rec, m), &t))
		return bad_value(rec, m, LGX_E_BAD_DATE, "a date", err);
	*out = lgx_time_date(t);
	return LGX_OK;
}

/*
 * octets
 */

static int
base64_value(char c)
{
	static const char	 digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char		*at = memchr(digit, c, 64);

	return at != NULL ? (int)(at - digit) : -1;
}

/* RFC 4648, section 4, with its padding and nothing else. */
static bool
put_decoded(struct lgx_buf *b, struct lgx_str s)
{
	size_t	 pad = s.n > 0 && s.p[s.n - 1] == '=' ? 1 + (s.p[s.n - 2] == '=') : 0;

	for (size_t i = 0; i < s.n; i += 4) {
		size_t		 have = i + 4 == s.n ? 4 - pad : 4;
		unsigned	 v = 0;
		char		 three[3];

		for (size_t k = 0; k < 4; k++) {
			int	 six = k < have ? base64_value(s.p[i + k]) : 0;

			if (six < 0)
				return false;
			v = v << 6 | (unsigned)six;
		}
		for (int k = 0; k < 3; k++)
			three[k] = (char)(v >> (16 - 8 * k));
		lgx_buf_put(b, three, have - 1);
	}
	return true;
}

bool
lgx_node_octets(struct lgx_rec *rec, uint32_t node, struct lgx_buf *b)
{
	size_t		 before = b->n;
	struct lgx_str	 text;
	uint32_t	 coded;

	if (rec->nodes[node].type == LGX_STRING) {
		lgx_buf_puts(b, lgx_node_str(rec, node));
		return true;
	}
	if (rec->nodes[node].type != LGX_OBJECT ||
	    (coded = lgx_node_get(rec, node, LGX_STR("b64"))) == 0)
		return false;
	text = lgx_node_str(rec, coded);
	if (text.n % 4 == 0 && put_decoded(b, text))
		return true;
	b->n = before;
	return false;
}

/*
 * a stack of nodes, sorted by name
 */

/* The first eight bytes of a name as a number: most names differ in them. */
static uint64_t
prefix_of(struct lgx_str name)
{
	uint64_t	 v = 0;

	for (size_t i = 0; i < 8; i++)
		v = v << 8 | (i < name.n ? (unsigned char)name.p[i] : 0);
	return v;
}

void
rec_list_push(struct lgx_rec *rec, uint32_t node)
{
	if (rec->nlist == rec->list_cap)
		rec->list = lgx_grow(rec->list, &rec->list_cap, rec->nlist + 1,
		    sizeof(*rec->list));
	rec->list[rec->nlist++] = (struct lgx_named){ prefix_of(lgx_node_key(rec, node)), node };
}

int
rec_key_cmp(struct lgx_rec *rec, uint32_t a, uint32_t b)
{
	return lgx_str_cmp(lgx_node_key(rec, a), lgx_node_key(rec, b));
}

int
rec_named_cmp(struct lgx_rec *rec, const struct lgx_named *a, const struct lgx_named *b)
{
	return a->prefix != b->prefix ? (a->prefix > b->prefix) - (a->prefix < b->prefix) :
	    rec_key_cmp(rec, a->node, b->node);
}

static void
sift(struct lgx_rec *rec, struct lgx_named *heap, size_t root, size_t n)
{
	struct lgx_named	 one = heap[root];
	size_t			 child;

	while ((child = 2 * root + 1) < n) {
		if (child + 1 < n && rec_named_cmp(rec, &heap[child], &heap[child + 1]) < 0)
			child++;
		if (rec_named_cmp(rec, &one, &heap[child]) >= 0)
			break;
		heap[root] = heap[child];
		root = child;
	}
	heap[root] = one;
}

static bool
is_sorted(struct lgx_rec *rec, const struct lgx_named *p, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (rec_named_cmp(rec, &p[i - 1], &p[i]) > 0)
			return false;
	return true;
}

/* Heap sort: no memory of its own, and no input makes it slow. */
void
rec_list_sort(struct lgx_rec *rec, size_t base)
{
	size_t			 n = rec->nlist - base;
	struct lgx_named	*heap, last;

	if (n < 2 || is_sorted(rec, heap = rec->list + base, n))
		return;
	for (size_t i = n / 2; i-- > 0;)
		sift(rec, heap, i, n);
	while (n-- > 1) {
		last = heap[n];
		heap[n] = heap[0];
		heap[0] = last;
		sift(rec, heap, 0, n);
	}
}
