/*
 * rec/dead.c - dead letters: input that could not be used, kept whole
 * Floor rec.
 */
#include "base/digest.h"
#include "rec/rec.h"

/* "segment 13, byte 1423: SE01 says 12, counted 13": the file is in src, the code in reason. */
static void
put_message(struct lgx_build *b, const struct lgx_err *err)
{
	struct lgx_err	 bare = *err;
	char		 text[600], *code, *msg;

	bare.place.file = NULL;
	lgx_err_format(&bare, text, sizeof(text));
	if ((code = strstr(text, lgx_diag_code(err->diag))) != NULL) {
		msg = code + strlen(lgx_diag_code(err->diag)) + 2;
		memmove(code, msg, strlen(msg) + 1);
	}
	lgx_build_str(b, LGX_M_message, lgx_str_of(text));
}

/* Text is not cut inside a character. */
static struct lgx_str
head_of(struct lgx_str s)
{
	struct lgx_str	 head = lgx_str_head(s, LGX_DEAD_HEAD);

	for (int i = 0; i < 3 && head.n > 0 && !lgx_str_utf8(head); i++)
		head.n--;
	return lgx_str_utf8(head) ? head : lgx_str_head(s, LGX_DEAD_HEAD);
}

static void
put_head(struct lgx_build *b, const struct lgx_dead *d, struct lgx_str all)
{
	struct lgx_buf	*out = lgx_build_open(b, LGX_M_raw);
	char		 hex[LGX_SHA_HEX];
	unsigned char	 sha[LGX_SHA_SIZE];

	lgx_buf_putc(out, '{');
	lgx_json_key(out, "head");
	lgx_json_octets(out, head_of(all));
	lgx_json_key(out, "length");
	lgx_json_int(out, (int64_t)(d->length > 0 ? d->length : all.n));
	if (d->length == 0) {
		lgx_sha_of(all, sha);
		lgx_hex(sha, sizeof(sha), hex);
		lgx_json_member(out, "sha", lgx_str_of(hex));
	} else {
		lgx_json_member(out, "sha", d->sha);
	}
	lgx_buf_putc(out, '}');
	lgx_build_close(b);
}

/* As JSON, if it is an object and not so deep that it cannot stand in another. */
static bool
put_record(struct lgx_build *b, struct lgx_str record)
{
	struct lgx_rec	 rec = { .kind = LGX_K_NONE };
	bool		 good = lgx_rec_parse_any(&rec, record, LGX_PLACE_NONE, NULL) == LGX_OK &&
	    rec.depth < LGX_DEPTH_MAX;

	if (good) {
		lgx_rec_keep(&rec, lgx_build_open(b, LGX_M_record));
		lgx_build_close(b);
	}
	lgx_rec_release(&rec);
	return good;
}

static void
put_original(struct lgx_build *b, const struct lgx_dead *d)
{
	struct lgx_str	 all = d->record.n > 0 ? d->record : d->raw;

	if (all.n > LGX_DEAD_WHOLE || d->length > 0) {
		put_head(b, d, all);
	} else if (d->record.n == 0 || !put_record(b, d->record)) {
		lgx_json_octets(lgx_build_open(b, LGX_M_raw), all);
		lgx_build_close(b);
	}
}

static void
put_around(struct lgx_build *b, const char *name, struct lgx_str octets)
{
	struct lgx_buf	 json = { 0 };

	if (octets.n == 0)
		return;
	lgx_json_octets(&json, octets);
	lgx_build_extra(b, lgx_str_of(name), lgx_buf_str(&json));
	lgx_buf_release(&json);
}

static void
put_id(struct lgx_build *b, const struct lgx_dead *d, struct lgx_buf *id)
{
	char	 hex[13];

	lgx_build_digest(b, hex);
	lgx_id_part(id, LGX_STR("deadletter"));
	lgx_id_part(id, lgx_str_of(d->stage));
	lgx_id_part(id, lgx_str_of(lgx_diag_code(d->err->diag)));
	lgx_id_part(id, lgx_str_of(hex));
}

void
lgx_dead_put(struct lgx_buf *line, const struct lgx_dead *d)
{
	struct lgx_build	 b = { .kind = LGX_K_NONE };
	struct lgx_buf		 id = { 0 };

	lgx_build_start(&b, LGX_K_DEADLETTER);
	lgx_build_str(&b, LGX_M_stage, lgx_str_of(d->stage));
	lgx_build_str(&b, LGX_M_reason, lgx_str_of(lgx_diag_code(d->err->diag)));
	put_message(&b, d->err);
	lgx_build_bool(&b, LGX_M_retryable, d->retryable);
	lgx_build_str(&b, LGX_M_blocked_by, d->blocked_by);
	put_original(&b, d);
	put_around(&b, "lead", d->lead);
	put_around(&b, "tail", d->tail);
	lgx_src_put(lgx_build_open(&b, LGX_M_src), &d->src);
	lgx_build_close(&b);
	put_id(&b, d, &id);
	lgx_build_finish(&b, lgx_buf_str(&id), line);
	lgx_build_release(&b);
	lgx_buf_release(&id);
}

void
lgx_dead_line(struct lgx_dead *d, const struct lgx_stream *s, struct lgx_str line,
    struct lgx_place place)
{
	d->record = line;
	d->src.offset = place.byte;
	d->src.length = (int64_t)s->length;
	if (s->length > line.n) {
		d->length = s->length;
		d->sha = lgx_str_of(s->sha);
	}
}
