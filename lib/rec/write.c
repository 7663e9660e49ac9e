/*
 * rec/write.c - pieces of canonical JSON
 * Floor rec.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "rec/rec.h"

/* The first byte that needs an escape; end if none. */
static inline const char *
clean_end(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i	 quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
			 control = _mm_set1_epi8(0x1F);

	for (; end - p >= 16; p += 16) {
		__m128i	 v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i	 low = _mm_cmpeq_epi8(_mm_min_epu8(v, control), v);
		int	 hit = _mm_movemask_epi8(_mm_or_si128(low,
		    _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash))));

		if (hit != 0)
			return p + __builtin_ctz((unsigned)hit);
	}
#endif
	while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
		p++;
	return p;
}

static void
put_escape(struct lgx_buf *b, char c)
{
	static const char	 values[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	static const char	 hex[] = "0123456789abcdef";
	const char		*at = c != '\0' ? strchr(values, c) : NULL;

	lgx_buf_putc(b, '\\');
	if (at != NULL) {
		lgx_buf_putc(b, names[at - values]);
		return;
	}
	lgx_buf_puts(b, LGX_STR("u00"));
	lgx_buf_putc(b, hex[(unsigned char)c >> 4]);
	lgx_buf_putc(b, hex[c & 15]);
}

void
lgx_json_str(struct lgx_buf *b, struct lgx_str text)
{
	const char	*p = text.p, *end = text.p + text.n, *stop;

	lgx_buf_reserve(b, text.n + 2);
	lgx_buf_putc(b, '"');
	for (;;) {
		stop = clean_end(p, end);
		lgx_buf_put(b, p, (size_t)(stop - p));
		if (stop == end)
			break;
		put_escape(b, *stop);
		p = stop + 1;
	}
	lgx_buf_putc(b, '"');
}

/* RFC 4648, section 4 */
static void
put_base64(struct lgx_buf *b, struct lgx_str s)
{
	static const char	 digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char	*p = (const unsigned char *)s.p;
	char			 four[4];

	for (size_t left = s.n; left > 0; p += 3) {
		unsigned v = (unsigned)p[0] << 16 | (left > 1 ? (unsigned)p[1] << 8 : 0) |
		    (left > 2 ? p[2] : 0);

		four[0] = digit[v >> 18];
		four[1] = digit[v >> 12 & 63];
		four[2] = left > 1 ? digit[v >> 6 & 63] : '=';
		four[3] = left > 2 ? digit[v & 63] : '=';
		lgx_buf_put(b, four, 4);
		left -= left < 3 ? left : 3;
	}
}

void
lgx_json_octets(struct lgx_buf *b, struct lgx_str octets)
{
	if (lgx_str_utf8(octets)) {
		lgx_json_str(b, octets);
		return;
	}
	lgx_buf_puts(b, LGX_STR("{\"b64\":\""));
	put_base64(b, octets);
	lgx_buf_puts(b, LGX_STR("\"}"));
}

void
lgx_json_next(struct lgx_buf *b)
{
	if (b->n > 0 && b->p[b->n - 1] != '[' && b->p[b->n - 1] != '{')
		lgx_buf_putc(b, ',');
}

void
lgx_json_key(struct lgx_buf *b, const char *name)
{
	lgx_json_next(b);
	lgx_buf_putc(b, '"');
	lgx_buf_putz(b, name);
	lgx_buf_put(b, "\":", 2);
}

void
lgx_json_name(struct lgx_buf *b, struct lgx_str name)
{
	lgx_json_next(b);
	lgx_json_str(b, name);
	lgx_buf_putc(b, ':');
}

void
lgx_json_member(struct lgx_buf *b, const char *name, struct lgx_str text)
{
	if (text.n == 0)
		return;
	lgx_json_key(b, name);
	lgx_json_str(b, text);
}

void
lgx_json_dec(struct lgx_buf *b, struct lgx_dec d)
{
	lgx_buf_putc(b, '"');
	lgx_dec_put(b, d);
	lgx_buf_putc(b, '"');
}

bool
lgx_json_money(struct lgx_buf *b, struct lgx_dec d, int digits)
{
	size_t	 mark = b->n;

	lgx_buf_putc(b, '"');
	if (!lgx_dec_put_fixed(b, d, digits)) {
		b->n = mark;
		return false;
	}
	lgx_buf_putc(b, '"');
	return true;
}

void
lgx_json_date(struct lgx_buf *b, lgx_date date)
{
	lgx_buf_putc(b, '"');
	lgx_date_put(b, date);
	lgx_buf_putc(b, '"');
}

void
lgx_json_time(struct lgx_buf *b, lgx_time t)
{
	lgx_buf_putc(b, '"');
	lgx_time_put(b, t);
	lgx_buf_putc(b, '"');
}

void
lgx_json_int(struct lgx_buf *b, int64_t v)
{
	if (v < 0)
		lgx_buf_putc(b, '-');
	lgx_buf_putu(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

static bool
stays(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    c == '-' || c == '.' || c == '_' || c == ':';
}

void
lgx_id_part(struct lgx_buf *id, struct lgx_str part)
{
	static const char	 hex[] = "0123456789ABCDEF";

	if (id->n > 0)
		lgx_buf_putc(id, '/');
	if (part.n == 0)
		lgx_buf_putc(id, '~');
	for (size_t i = 0; i < part.n; i++) {
		unsigned char c = (unsigned char)part.p[i];
		char	 escape[3] = { '%', hex[c >> 4], hex[c & 15] };

		if (stays(part.p[i]))
			lgx_buf_putc(id, part.p[i]);
		else
			lgx_buf_put(id, escape, 3);
	}
}

static void
put_count(struct lgx_buf *b, const char *name, int64_t v)
{
	if (v < 0)
		return;
	lgx_json_key(b, name);
	lgx_json_int(b, v);
}

/* File names and control numbers are octets: nothing says that they are text. */
static void
put_octets(struct lgx_buf *b, const char *name, struct lgx_str octets)
{
	if (octets.n == 0)
		return;
	lgx_json_key(b, name);
	lgx_json_octets(b, octets);
}

void
lgx_src_put(struct lgx_buf *b, const struct lgx_src *src)
{
	lgx_buf_putc(b, '{');
	put_octets(b, "file", src->file);
	lgx_json_member(b, "sha", src->sha);
	put_count(b, "offset", src->offset);
	put_count(b, "length", src->length);
	put_octets(b, "isa", src->isa);
	put_octets(b, "gs", src->gs);
	put_octets(b, "st", src->st);
	put_count(b, "row", src->row);
	put_octets(b, "path", src->path);
	lgx_json_member(b, "map", src->map);
	lgx_buf_putc(b, '}');
}
