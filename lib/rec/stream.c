/*
 * rec/stream.c - lines of an input
 * Floor rec.
 */
#include "base/digest.h"
#include "rec/rec.h"

#define HEAD	LGX_DEAD_HEAD	/* what is shown of a line that is too long */

void
lgx_stream_init(struct lgx_stream *s, struct lgx_in *in, size_t max)
{
	*s = (struct lgx_stream){ .in = in, .max = max > 0 ? max : LGX_LINE_MAX };
}

void
lgx_stream_release(struct lgx_stream *s)
{
	lgx_buf_release(&s->head);
}

static struct lgx_place
place_of(const struct lgx_stream *s)
{
	return (struct lgx_place){ .file = lgx_in_name(s->in), .unit = LGX_LINE, .n = s->line,
	    .byte = (int64_t)lgx_in_offset(s->in) };
}

/*
 * Find the end of the line that begins the window: *view is then the line, and
 * *ended says whether a newline follows it.  Without one it may be longer than max.
 */
static int
find_end(struct lgx_stream *s, struct lgx_str *view, bool *ended, struct lgx_err *err)
{
	const char	*newline;
	size_t		 seen = 0, want = 1;

	*ended = false;
	for (;;) {
		if (lgx_in_fill(s->in, want, view, err) != LGX_OK)
			return LGX_FAIL;
		newline = view->n > seen ? memchr(view->p + seen, '\n', view->n - seen) : NULL;
		if (newline != NULL) {
			view->n = (size_t)(newline - view->p);
			*ended = true;
			return LGX_OK;
		}
		if (view->n < want || view->n > s->max)
			return LGX_OK;
		seen = view->n;
		want = seen + 1;
	}
}

/* Move past a line in pieces, hashing it and keeping its head. */
static int
skip_line(struct lgx_stream *s, struct lgx_err *err)
{
	struct lgx_sha	*sha = lgx_sha_new();
	unsigned char	 sum[LGX_SHA_SIZE];
	struct lgx_str	 view;
	const char	*newline = NULL;
	int		 st;

	lgx_buf_clear(&s->head);
	s->length = 0;
	while ((st = lgx_in_fill(s->in, 1, &view, err)) == LGX_OK && view.n > 0) {
		if ((newline = memchr(view.p, '\n', view.n)) != NULL)
			view.n = (size_t)(newline - view.p);
		lgx_sha_add(sha, view);
		lgx_buf_puts(&s->head, lgx_str_head(view, HEAD - s->head.n));
		s->length += view.n;
		lgx_in_take(s->in, view.n + (newline != NULL));
		if (newline != NULL)
			break;
	}
	lgx_sha_end(sha, sum);
	lgx_hex(sum, sizeof(sum), s->sha);
	lgx_sha_free(sha);
	return st;
}

int
lgx_stream_line(struct lgx_stream *s, struct lgx_str *line, struct lgx_place *place,
    struct lgx_err *err)
{
	struct lgx_str	 view;
	bool		 ended;

	lgx_in_take(s->in, s->shown);
	s->shown = 0;
	if (find_end(s, &view, &ended, err) != LGX_OK) {
		*place = place_of(s);
		return LGX_FAIL;
	}
	if (view.n == 0 && !ended) {
		lgx_stream_release(s);
		return LGX_EOF;
	}
	s->line++;
	*place = place_of(s);
	if (view.n > s->max) {
		if (skip_line(s, err) != LGX_OK)
			return LGX_FAIL;
		*line = lgx_buf_str(&s->head);
		return lgx_err_reject(err, LGX_E_JSON_LONG, *place,
		    "a line of %llu bytes, the limit is %zu", (unsigned long long)s->length,
		    s->max);
	}
	s->shown = view.n + ended;
	s->length = view.n;
	*line = view;
	return view.n > 0 ? LGX_OK :
	    lgx_err_reject(err, LGX_E_JSON_SYNTAX, *place, "an empty line");
}

int
lgx_stream_next(struct lgx_stream *s, struct lgx_rec *rec, struct lgx_err *err)
{
	struct lgx_str		 line;
	struct lgx_place	 place;
	int			 st;

	if ((st = lgx_stream_line(s, &line, &place, err)) == LGX_OK)
		return lgx_rec_parse(rec, line, place, err);
	if (st == LGX_REJECT) {
		rec->line = line;
		rec->place = place;
		rec->kind = LGX_K_NONE;
		rec->n = 0;
		memset(rec->top, 0, sizeof(rec->top));
	}
	return st;
}

enum lgx_kind
lgx_line_kind(struct lgx_str line)
{
	struct lgx_str	 head = LGX_STR("{\"lgx\":1,\"kind\":\""), rest;
	const char	*quote;

	if (!lgx_str_starts(line, head))
		return LGX_K_NONE;
	rest = lgx_str_head(lgx_str_from(line, head.n), 32);
	if ((quote = memchr(rest.p, '"', rest.n)) == NULL)
		return LGX_K_NONE;
	rest.n = (size_t)(quote - rest.p);
	return lgx_kind_of(rest);
}
