/*
 * recon/state.c - generations on disk
 * Floor recon: uses base and rec.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "recon/state.h"

#define TRY(call)	do { int try_st = (call); if (try_st != LGX_OK) return try_st; } while (0)
#define MANIFEST_MAX	((size_t)16 << 20)
#define SEGMENT_MAX	((size_t)1 << 40)

static struct lgx_place
at_file(const char *path)
{
	return (struct lgx_place){ .file = path, .byte = -1 };
}

static const char *
path_of(struct lgx_state *s, const char *folder, const char *name, const char *suffix)
{
	struct lgx_buf	 b = { NULL, 0, 0 };
	const char	*path;

	lgx_buf_putf(&b, "%s/%s/%s%s", s->dir, folder, name, suffix);
	path = lgx_arena_z(&s->text, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return path;
}

static int
make_folder(struct lgx_state *s, const char *name, struct lgx_err *err)
{
	const char	*path = name[0] != '\0' ? path_of(s, name, "", "") : s->dir;

	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return LGX_OK;
	(void)lgx_err_errno(err, LGX_E_STATE_OPEN, path, "cannot make the folder");
	return LGX_CONFIG;
}

/*
 * Manifests
 */

static int
damaged(const char *path, const char *what, struct lgx_err *err)
{
	return lgx_err_config(err, LGX_E_STATE_DAMAGED, at_file(path), "%s", what);
}

static struct lgx_str
kept(struct lgx_state *s, struct lgx_rec *rec, const char *name)
{
	return lgx_arena_str(&s->text, lgx_node_get_str(rec, 0, lgx_str_of(name)));
}

static int
take_manifest(struct lgx_state *s, struct lgx_rec *rec, const char *path,
    struct lgx_generation *out, struct lgx_err *err)
{
	uint32_t	 list = lgx_node_get(rec, 0, LGX_STR("segments"));
	size_t		 n = 0;

	*out = (struct lgx_generation){ .run = kept(s, rec, "run"), .as_of = kept(s, rec, "as_of"),
	    .input = kept(s, rec, "input"), .config = kept(s, rec, "config") };
	if (!lgx_str_u64(lgx_node_get_str(rec, 0, LGX_STR("number")), &out->number) ||
	    out->number == 0 || out->run.n == 0)
		return damaged(path, "a manifest without number or run", err);
	if (list == 0)
		return LGX_OK;
	LGX_NODE_EACH(i, rec, list)
		n++;
	if (n > LGX_STATE_SEGMENTS)
		return damaged(path, "too many segments", err);
	out->segments = lgx_arena_alloc(&s->text, (n + 1) * sizeof(*out->segments));
	LGX_NODE_EACH(i, rec, list) {
		struct lgx_str sha = lgx_node_str(rec, i);

		if (sha.n != 2 * LGX_SHA_SIZE || strspn(lgx_arena_z(&s->text, sha),
		    "0123456789abcdef") != sha.n)
			return damaged(path, "a segment's name is no SHA-256", err);
		out->segments[out->nsegments++] = lgx_arena_str(&s->text, sha);
	}
	return LGX_OK;
}

static int
read_manifest(struct lgx_state *s, const char *name, struct lgx_generation *out,
    struct lgx_err *err)
{
	const char	*path = path_of(s, "generations", name, "");
	struct lgx_buf	 text = { NULL, 0, 0 };
	struct lgx_rec	 rec = { .n = 0 };
	int		 st;

	if ((st = lgx_file_read(path, MANIFEST_MAX, &text, err)) == LGX_OK)
		st = lgx_rec_parse(&rec, lgx_str_trim(lgx_buf_str(&text)), at_file(path), err);
	if (st == LGX_OK)
		st = take_manifest(s, &rec, path, out, err);
	lgx_rec_release(&rec);
	lgx_buf_release(&text);
	return st == LGX_OK ? LGX_OK : LGX_CONFIG;
}

static int
is_manifest(const struct dirent *e)
{
	struct lgx_str	 name = lgx_str_of(e->d_name);

	return name.n > 12 && name.p[0] != '.' && lgx_str_ends(name, LGX_STR(".json"));
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Names sort by number; the run is in the manifest. */
static int
look(struct lgx_state *s, struct dirent **names, int n, struct lgx_str run, struct lgx_err *err)
{
	struct lgx_generation	 before = { .number = 0 }, g = { .number = 0 };

	for (int i = 0; i < n; i++) {
		TRY(read_manifest(s, names[i]->d_name, &g, err));
		if (g.number != before.number + 1)
			return damaged(path_of(s, "generations", names[i]->d_name, ""),
			    "its predecessor is missing", err);
		if (lgx_str_eq(g.run, run)) {
			s->again = g;
			s->base = before;
		}
		before = g;
	}
	s->newest = s->again.number > 0 && s->again.number == g.number;
	if (s->again.number == 0)
		s->base = g;
	return LGX_OK;
}

int
lgx_state_open(struct lgx_state *s, const char *dir, struct lgx_str run, struct lgx_err *err)
{
	struct dirent	**names = NULL;
	int		  n, st;

	*s = (struct lgx_state){ .dir = dir };
	TRY(make_folder(s, "", err));
	TRY(make_folder(s, "generations", err));
	TRY(make_folder(s, "segments", err));
	n = scandir(path_of(s, "generations", "", ""), &names, is_manifest, by_name);
	if (n < 0) {
		(void)lgx_err_errno(err, LGX_E_STATE_OPEN, dir, "cannot read the state");
		return LGX_CONFIG;
	}
	st = look(s, names, n, run, err);
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	s->next = (struct lgx_generation){ .number = s->base.number + 1,
	    .run = lgx_arena_str(&s->text, run) };
	return st;
}

/*
 * Segments
 */

static int
check_segment(struct lgx_str text, struct lgx_str sha, const char *path, struct lgx_err *err)
{
	unsigned char	 bytes[LGX_SHA_SIZE];
	char		 hex[LGX_SHA_HEX];

	lgx_sha_of(text, bytes);
	lgx_hex(bytes, sizeof(bytes), hex);
	if (lgx_str_eq(lgx_str_of(hex), sha))
		return LGX_OK;
	return lgx_err_fail(err, LGX_E_STATE_DAMAGED, at_file(path),
	    "the segment is not what it was: its SHA-256 is %s", hex);
}

int
lgx_state_read(struct lgx_state *s,
    int (*line)(void *arg, struct lgx_str line, unsigned segment, struct lgx_err *), void *arg,
    struct lgx_err *err)
{
	struct lgx_buf	 text = { NULL, 0, 0 };
	int		 st = LGX_OK;

	for (size_t i = 0; i < s->base.nsegments && st == LGX_OK; i++) {
		const char	*path = path_of(s, "segments",
		    lgx_arena_z(&s->text, s->base.segments[i]), ".ndjson");
		struct lgx_str	 rest;

		if ((st = lgx_file_read(path, SEGMENT_MAX, &text, err)) != LGX_OK ||
		    (st = check_segment(lgx_buf_str(&text), s->base.segments[i], path, err)) != LGX_OK)
			break;
		for (rest = lgx_buf_str(&text); rest.n > 0 && st == LGX_OK;)
			st = line(arg, lgx_str_cut(&rest, '\n'), (unsigned)i + 1, err);
	}
	lgx_buf_release(&text);
	return st;
}

int
lgx_state_add(struct lgx_state *s, struct lgx_sorter *lines, struct lgx_err *err)
{
	unsigned char	 bytes[LGX_SHA_SIZE];
	char		 hex[LGX_SHA_HEX];
	struct lgx_buf	 text = { NULL, 0, 0 };
	struct lgx_generation *next = &s->next;
	int		 st;

	next->segments = lgx_arena_alloc(&s->text,
	    (s->base.nsegments + 1) * sizeof(*next->segments));
	next->nsegments = s->base.nsegments;
	if (next->nsegments > 0)
		memcpy(next->segments, s->base.segments, next->nsegments * sizeof(*next->segments));
	if (lines->n == 0)
		return LGX_OK;
	lgx_sorter_sort(lines);
	for (size_t i = 0; i < lines->n; i++)
		lgx_buf_puts(&text, lgx_sorter_line(lines, i));
	lgx_sha_of(lgx_buf_str(&text), bytes);
	lgx_hex(bytes, sizeof(bytes), hex);
	st = lgx_file_write(path_of(s, "segments", hex, ".ndjson"), lgx_buf_str(&text), err);
	next->segments[next->nsegments++] = lgx_arena_str(&s->text, lgx_str_of(hex));
	lgx_buf_release(&text);
	return st;
}

/*
 * Runs
 */

int
lgx_state_admit(struct lgx_state *s, struct lgx_str as_of, struct lgx_str input,
    struct lgx_str config, bool redo, bool *commits, struct lgx_err *err)
{
	bool	 same = lgx_str_eq(s->again.input, input) && lgx_str_eq(s->again.config, config) &&
	    lgx_str_eq(s->again.as_of, as_of);

	s->next.as_of = lgx_arena_str(&s->text, as_of);
	s->next.input = lgx_arena_str(&s->text, input);
	s->next.config = lgx_arena_str(&s->text, config);
	*commits = s->again.number == 0 || s->newest;
	if (s->again.number == 0 || same)
		return LGX_OK;
	if (!s->newest)
		return lgx_err_config(err, LGX_E_STATE_RUN, at_file(s->dir),
		    "run %.*s was done with other input or rules, and is not the newest",
		    LGX_STR_ARG(s->again.run));
	if (!redo)
		return lgx_err_config(err, LGX_E_STATE_RUN, at_file(s->dir),
		    "run %.*s was done with other input or rules; --redo replaces it",
		    LGX_STR_ARG(s->again.run));
	return LGX_OK;
}

static void
put_manifest(const struct lgx_generation *g, struct lgx_str predecessor, struct lgx_buf *b)
{
	lgx_buf_putz(b, "{\"lgx\":1,\"kind\":\"generation\"");
	lgx_json_key(b, "number");
	lgx_buf_putu(b, g->number);
	lgx_json_member(b, "run", g->run);
	lgx_json_member(b, "predecessor", predecessor);
	lgx_json_member(b, "as_of", g->as_of);
	lgx_json_member(b, "input", g->input);
	lgx_json_member(b, "config", g->config);
	lgx_json_key(b, "segments");
	lgx_buf_putc(b, '[');
	for (size_t i = 0; i < g->nsegments; i++) {
		lgx_json_next(b);
		lgx_json_str(b, g->segments[i]);
	}
	lgx_buf_putz(b, "]}\n");
}

/* The run's name as a file name: anything unusual is escaped, so that no path comes out. */
static void
put_name(const struct lgx_generation *g, struct lgx_buf *b)
{
	lgx_buf_putf(b, "%06llu-", (unsigned long long)g->number);
	for (size_t i = 0; i < g->run.n && i < 100; i++) {
		char c = g->run.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    c == '-' || c == '_' || c == '.')
			lgx_buf_putc(b, c);
		else
			lgx_buf_putf(b, "%%%02X", (unsigned char)c);
	}
	lgx_buf_putz(b, ".json");
}

int
lgx_state_commit(struct lgx_state *s, struct lgx_err *err)
{
	struct lgx_buf	 text = { NULL, 0, 0 }, name = { NULL, 0, 0 };
	int		 st;

	put_manifest(&s->next, s->base.run, &text);
	put_name(&s->next, &name);
	st = lgx_file_write(path_of(s, "generations", lgx_buf_z(&name), ""), lgx_buf_str(&text), err);
	lgx_buf_release(&name);
	lgx_buf_release(&text);
	return st;
}

void
lgx_state_release(struct lgx_state *s)
{
	lgx_arena_release(&s->text);
	*s = (struct lgx_state){ .dir = NULL };
}
