/*
 * lgx-post - effects of decisions to balanced journals in the ledger
 */
#include "cli/cli.h"
#include "ledger/post.h"

static const char	*ledger_path;

static const struct lgx_option options[] = {
	{ 'l', "ledger", LGX_OPT_TEXT, &ledger_path, "FILE", "the ledger; made if it does not exist" },
};

struct posting {
	struct lgx_cli		*cli;
	struct lgx_ledger	*ledger;
	struct lgx_journals	 journals;
	struct lgx_post		*post;
	struct lgx_rec		 rec;
	struct lgx_buf		 when, line;
};

static int
emit_result(struct posting *p, const struct lgx_post_result *r, struct lgx_err *err)
{
	int	 st;

	for (size_t i = r->first; i < r->first + r->n; i++) {
		lgx_buf_clear(&p->line);
		lgx_post_receipt(p->post, i, &p->line);
		if ((st = lgx_cli_emit(p->cli, lgx_buf_str(&p->line), err)) != LGX_OK)
			return st;
	}
	if (r->refused != NULL) {
		struct lgx_dead dead = { .err = r->refused, .retryable = r->retryable,
		    .blocked_by = r->blocked_by, .record = r->line, .raw = LGX_STR_EMPTY,
		    .src = LGX_SRC_NONE };

		return lgx_cli_dead(p->cli, &dead, err);
	}
	p->cli->count.consumed++;
	return LGX_OK;
}

/* Receipts of a batch leave while the next is booked, and after what they say stands
 * on disk. */
static int
flush(struct posting *p, struct lgx_err *err)
{
	const struct lgx_post_result	*results = NULL;
	size_t				 n;
	int				 st;

	if ((st = lgx_post_flush(p->post, &results, &n, err)) != LGX_OK)
		return st;
	for (size_t i = 0; i < n; i++)
		if ((st = emit_result(p, &results[i], err)) != LGX_OK)
			return st;
	lgx_post_clear(p->post);
	return LGX_OK;
}

/* Only a line that does not begin as a record does is parsed to see what it is. */
static enum lgx_kind
kind_of(struct posting *p, struct lgx_str line)
{
	enum lgx_kind	 kind = lgx_line_kind(line);

	if (kind != LGX_K_NONE)
		return kind;
	return lgx_rec_parse(&p->rec, line, LGX_PLACE_NONE, NULL) == LGX_OK ? p->rec.kind :
	    LGX_K_NONE;
}

static int
pass(struct posting *p, struct lgx_str line, struct lgx_err *err)
{
	p->cli->count.passed++;
	lgx_buf_clear(&p->line);
	lgx_buf_puts(&p->line, line);
	lgx_buf_putc(&p->line, '\n');
	return lgx_cli_emit(p->cli, lgx_buf_str(&p->line), err);
}

static int
take_line(struct posting *p, struct lgx_str line, struct lgx_place place, struct lgx_err *err)
{
	enum lgx_kind	 kind = kind_of(p, line);

	p->cli->count.in++;
	if (kind != LGX_K_NONE && kind != LGX_K_DECISION && kind != LGX_K_DEADLETTER)
		return pass(p, line, err);
	lgx_post_add(p->post, line, place);
	return lgx_post_full(p->post) ? flush(p, err) : LGX_OK;
}

static int
refuse_line(struct posting *p, struct lgx_stream *in, struct lgx_str line, struct lgx_err *why,
    struct lgx_err *err)
{
	struct lgx_dead dead = { .err = why, .blocked_by = LGX_STR_EMPTY, .raw = line,
	    .record = LGX_STR_EMPTY, .src = LGX_SRC_NONE };

	p->cli->count.in++;
	if (in->length > line.n) {
		dead.length = in->length;
		dead.sha = lgx_str_of(in->sha);
	}
	return lgx_cli_dead(p->cli, &dead, err);
}

static int
read_input(struct posting *p, struct lgx_in *in, struct lgx_err *err)
{
	struct lgx_stream	 lines;
	struct lgx_place	 place;
	struct lgx_str		 line;
	struct lgx_err		 why;
	int			 st = LGX_OK, got;

	lgx_stream_init(&lines, in, p->cli->max_line);
	while (st == LGX_OK && (got = lgx_stream_line(&lines, &line, &place, &why)) != LGX_EOF) {
		if (got == LGX_FAIL) {
			lgx_cli_input_failed(p->cli, &why);
			break;
		}
		st = got == LGX_OK ? take_line(p, line, place, err) :
		    refuse_line(p, &lines, line, &why, err);
	}
	lgx_stream_release(&lines);
	return st;
}

static int
open_books(struct posting *p, struct lgx_err *err)
{
	struct lgx_post_opts	 opts = { .journals = &p->journals, .dry = p->cli->dry,
	    .run = p->cli->run != NULL ? lgx_str_of(p->cli->run) : LGX_STR_EMPTY };
	bool			 there;
	int			 st;

	if (ledger_path == NULL)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "which ledger? -l FILE names it");
	if ((st = lgx_journals_load(&p->journals, lgx_cli_find(p->cli), err)) != LGX_OK)
		return st;
	there = lgx_ledger_exists(ledger_path);
	if ((st = lgx_ledger_open(&p->ledger, ledger_path, p->cli->dry && !there ?
	    LGX_LEDGER_SCRATCH : 0, err)) != LGX_OK)
		return st;
	if (lgx_ledger_is_new(p->ledger) && !p->cli->dry)
		lgx_cli_say(p->cli, "%s: a new ledger", ledger_path);
	if (p->cli->as_of != LGX_TIME_NONE)
		lgx_time_put(&p->when, p->cli->as_of);
	opts.ledger = p->ledger;
	opts.when = lgx_buf_str(&p->when);
	p->post = lgx_post_new(&opts);
	return LGX_OK;
}

static void
say_counts(const struct posting *p)
{
	const struct lgx_post_counts	*c = lgx_post_counts(p->post);

	lgx_cli_say(p->cli, "booked %llu, repeated %llu, refused %llu, blocked %llu, letters filed "
	    "%llu", (unsigned long long)c->booked, (unsigned long long)c->repeated,
	    (unsigned long long)c->refused, (unsigned long long)c->blocked,
	    (unsigned long long)c->letters);
}

static int
run(struct lgx_cli *cli, struct lgx_err *err)
{
	struct posting	 p = { .cli = cli };
	struct lgx_in	*in;
	int		 st;

	if ((st = open_books(&p, err)) != LGX_OK)
		goto out;
	while (st == LGX_OK && (in = lgx_cli_input(cli)) != NULL)
		st = read_input(&p, in, err);
	if (st == LGX_OK && (st = flush(&p, err)) == LGX_OK && (st = flush(&p, err)) == LGX_OK &&
	    (st = lgx_post_finish(p.post, err)) == LGX_OK)
		say_counts(&p);
out:
	lgx_post_free(p.post);
	lgx_ledger_close(p.ledger);
	lgx_journals_release(&p.journals);
	lgx_rec_release(&p.rec);
	lgx_buf_release(&p.when);
	lgx_buf_release(&p.line);
	return st;
}

int
main(int argc, char **argv)
{
	static const struct lgx_program program = {
		.name = "lgx-post", .stage = "post",
		.synopsis = "-l LEDGER [-n] [-o FILE] [-d FILE] [--run ID] [--as-of DATE] [file...]",
		.purpose = "Book the effects of decisions as balanced journals, once each.",
		.takes = LGX_TAKES_FILTER | LGX_TAKES_RUN | LGX_TAKES_DRY,
		.options = options, .noptions = LGX_LEN(options), .run = run,
	};

	return lgx_cli_main(&program, argc, argv);
}
