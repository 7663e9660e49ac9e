/*
 * cmd/lgx-reconcile.c - judge bills and shipments
 */
#include "cli/cli.h"
#include "recon/recon.h"

enum { EXIT_EXCEPTIONS = 4, EXIT_NOTHING = 5 };

static struct lgx_recon_options	opts;
static const char		*summary;
static bool			 use_exit;
static struct lgx_recon		*recon;

static const struct lgx_option options[] = {
	{ 'r', "rules", LGX_OPT_TEXT, &opts.rules, "RULES",
	    "judge by this file, not rules/default.yaml" },
	{ 's', "state", LGX_OPT_TEXT, &opts.state, "STATEDIR",
	    "go on from its newest generation and add one" },
	{ 0, "summary", LGX_OPT_TEXT, &summary, "FILE", "write counts and the proof here" },
	{ 0, "redo", LGX_OPT_FLAG, &opts.redo, NULL,
	    "replace the newest run, which had other input" },
	{ 0, "exit-code", LGX_OPT_FLAG, &use_exit, NULL,
	    "exit 4 when bills need a person, 5 when there was none" },
};

static int
refuse(struct lgx_cli *cli, struct lgx_str line, bool is_json, const struct lgx_err *why,
    struct lgx_err *err)
{
	struct lgx_dead	 dead = { .err = why, .blocked_by = LGX_STR_EMPTY,
	    .record = LGX_STR_EMPTY, .raw = LGX_STR_EMPTY, .src = LGX_SRC_NONE };

	if (is_json)
		dead.record = line;
	else
		dead.raw = line;
	return lgx_cli_dead(cli, &dead, err);
}

static int
take_line(struct lgx_cli *cli, struct lgx_str line, struct lgx_place place, int st,
    struct lgx_err *why, struct lgx_err *err)
{
	enum lgx_taken	 taken;
	bool		 whole = st == LGX_OK;

	cli->count.in++;
	if (st == LGX_OK)
		st = lgx_recon_take(recon, line, place, &taken, why);
	if (st == LGX_REJECT)
		return refuse(cli, line, whole, why, err);
	if (st != LGX_OK) {
		*err = *why;
		return st;
	}
	if (taken == LGX_PASSED)
		cli->count.passed++;
	else
		cli->count.consumed++;
	return LGX_OK;
}

static int
read_input(struct lgx_cli *cli, struct lgx_in *in, struct lgx_err *err)
{
	struct lgx_stream	 stream;
	struct lgx_str		 line = LGX_STR_EMPTY;
	struct lgx_place	 place;
	struct lgx_err		 why;
	int			 st = LGX_OK;

	lgx_stream_init(&stream, in, cli->max_line);
	while (st == LGX_OK) {
		st = lgx_stream_line(&stream, &line, &place, &why);
		if (st == LGX_EOF)
			break;
		if (st == LGX_FAIL) {
			lgx_cli_input_failed(cli, &why);
			st = LGX_OK;
			break;
		}
		st = take_line(cli, line, place, st, &why, err);
	}
	lgx_stream_release(&stream);
	return st == LGX_EOF ? LGX_OK : st;
}

static int
emit(void *arg, struct lgx_str line, struct lgx_err *err)
{
	return lgx_cli_emit(arg, line, err);
}

/* An event that came in an earlier run, or in this one, and waited long enough. */
static int
give_up(void *arg, struct lgx_str line, const struct lgx_err *why, struct lgx_err *err)
{
	struct lgx_cli	*cli = arg;

	cli->count.in++;	/* it comes from the state */
	return refuse(cli, line, true, why, err);
}

static int
finish(struct lgx_cli *cli, struct lgx_err *err)
{
	int	 st;

	st = lgx_recon_finish(recon, emit, give_up, cli, err);
	if (summary != NULL && (st == LGX_OK || lgx_recon_summary(recon).n > 0)) {
		int written = lgx_file_write(summary, lgx_recon_summary(recon),
		    st == LGX_OK ? err : NULL);

		st = st == LGX_OK ? written : st;
	}
	if (st == LGX_OK && use_exit)
		cli->exit = lgx_recon_bills(recon) == 0 ? EXIT_NOTHING :
		    lgx_recon_exceptions(recon) > 0 ? EXIT_EXCEPTIONS : 0;
	return st;
}

static int
run(struct lgx_cli *cli, struct lgx_err *err)
{
	struct lgx_in	*in;
	int		 st;

	opts.run = cli->run;
	opts.as_of = cli->as_of;
	if ((st = lgx_recon_open(&recon, &opts, lgx_cli_find(cli), err)) != LGX_OK)
		return st;
	while (st == LGX_OK && (in = lgx_cli_input(cli)) != NULL)
		st = read_input(cli, in, err);
	/* Half of the input would make another night of it: nothing is judged then. */
	return st == LGX_OK && !cli->failed ? finish(cli, err) : st;
}

static int
committed(struct lgx_cli *cli, struct lgx_err *err)
{
	(void)cli;
	return lgx_recon_commit(recon, err);
}

static const struct lgx_program program = {
	.name = "lgx-reconcile", .stage = "reconcile",
	.synopsis = "[-r RULES] [-s STATEDIR] [--run ID] [--as-of DATE] [file ...]",
	.purpose = "Judge carriers' bills against shipments and what happened to them.",
	.takes = LGX_TAKES_FILTER | LGX_TAKES_RUN,
	.options = options, .noptions = LGX_LEN(options), .run = run, .committed = committed,
};

int
main(int argc, char **argv)
{
	int	 status = lgx_cli_main(&program, argc, argv);

	lgx_recon_free(recon);
	return status;
}
