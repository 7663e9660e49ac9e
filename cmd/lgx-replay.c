/*
 * lgx-replay - dead letters back into the pipe
 *
 * Letters of files go into the queue of the ledger first (of a scratch one
 * without -l), so that there is one way for all.  What is replayed is counted
 * after the output was closed: a pipe that breaks leaves the letters waiting.
 */
#include <stdlib.h>

#include "cli/cli.h"
#include "ledger/queue.h"

static struct {
	const char	*ledger, *stage, *reason;
	lgx_time	 since;
	int64_t		 max_attempts;
	bool		 list, plan, apply, retryable, again;
} o = { .since = LGX_TIME_NONE, .max_attempts = 5 };

static const struct lgx_option options[] = {
	{ 'l', "ledger", LGX_OPT_TEXT, &o.ledger, "FILE", "the ledger whose queue to use" },
	{ 0, "list", LGX_OPT_FLAG, &o.list, NULL, "show the queue by stage and reason" },
	{ 0, "plan", LGX_OPT_FLAG, &o.plan, NULL, "say what would be replayed" },
	{ 0, "apply", LGX_OPT_FLAG, &o.apply, NULL, "replay, which is the default" },
	{ 0, "stage", LGX_OPT_TEXT, &o.stage, "NAME", "only letters of this stage" },
	{ 0, "reason", LGX_OPT_TEXT, &o.reason, "CODE", "only letters with this reason" },
	{ 0, "since", LGX_OPT_DATE, &o.since, "DATE", "only those that failed on or after" },
	{ 0, "retryable", LGX_OPT_FLAG, &o.retryable, NULL, "only those that may succeed as they are" },
	{ 0, "again", LGX_OPT_FLAG, &o.again, NULL, "also those replayed before" },
	{ 0, "max-attempts", LGX_OPT_COUNT, &o.max_attempts, "N",
	    "park a letter that was replayed so often (5)" },
};

struct pick { int64_t id, filed; bool park; };

static struct {
	struct lgx_cli		*cli;
	struct lgx_ledger	*ledger;
	struct lgx_rec		 rec;
	struct lgx_original	 original;
	struct lgx_buf		 when, since, line;
	struct lgx_letter_filter filter;
	struct pick		*picks;		/* what this run takes, in order */
	size_t			 n, cap;
	/* of the letters picked so far */
	char			 first_stage[64];
	bool			 several, raw;
} r;

/*
 * Letters of files
 */

static int
file_letter(struct lgx_str line, struct lgx_place place, struct lgx_err *err)
{
	int64_t	 id;
	int	 st;

	r.cli->count.in++;
	if ((st = lgx_rec_parse(&r.rec, line, place, err)) == LGX_OK &&
	    r.rec.kind != LGX_K_DEADLETTER) {
		r.cli->count.passed++;	/* letters travel among other records */
		return LGX_OK;
	}
	if (st == LGX_OK)
		st = lgx_queue_file(r.ledger, &r.rec, NULL, NULL, lgx_buf_str(&r.when), &id, err);
	if (st == LGX_OK) {
		r.cli->count.consumed++;
		return lgx_queue_pick(r.ledger, id, err);
	}
	if (st != LGX_REJECT)
		return st;
	lgx_cli_report(r.cli, err);
	r.cli->count.passed++;		/* it stays where it lies */
	return LGX_OK;
}

static int
file_input(struct lgx_in *in, struct lgx_err *err)
{
	struct lgx_stream	 lines;
	struct lgx_place	 place;
	struct lgx_str		 line;
	int			 st = LGX_OK, got;

	lgx_stream_init(&lines, in, r.cli->max_line);
	while (st == LGX_OK && (got = lgx_stream_line(&lines, &line, &place, err)) != LGX_EOF) {
		if (got == LGX_FAIL) {
			lgx_cli_input_failed(r.cli, err);
			break;
		}
		if (got == LGX_OK)
			st = file_letter(line, place, err);
		else
			lgx_cli_report(r.cli, err);
	}
	lgx_stream_release(&lines);
	return st;
}

static int
file_inputs(struct lgx_err *err)
{
	struct lgx_in	*in;
	int		 st = lgx_ledger_begin(r.ledger, err);

	while (st == LGX_OK && (in = lgx_cli_input(r.cli)) != NULL)
		st = file_input(in, err);
	if (st == LGX_OK)
		return lgx_ledger_commit(r.ledger, err);
	lgx_ledger_rollback(r.ledger);
	return st;
}

/*
 * List and plan
 */

/* Letters may come from anywhere: nothing in them moves the cursor of a terminal. */
static int
put_line(struct lgx_err *err)
{
	for (size_t i = 0; i + 1 < r.line.n; i++)
		if ((unsigned char)r.line.p[i] < ' ' || r.line.p[i] == 0x7F)
			r.line.p[i] = '?';
	return lgx_cli_emit(r.cli, lgx_buf_str(&r.line), err);
}

static int
put_group(void *arg, const struct lgx_letter_group *g, struct lgx_err *err)
{
	(void)arg;
	lgx_buf_clear(&r.line);
	lgx_buf_putf(&r.line, "%-10.*s %-24.*s %-9.*s %7lld letters, %lld attempts at most, %.*s to %.*s\n",
	    LGX_STR_ARG(g->stage), LGX_STR_ARG(g->reason), LGX_STR_ARG(g->state),
	    (long long)g->count, (long long)g->attempts, LGX_STR_ARG(g->first),
	    LGX_STR_ARG(g->last));
	return put_line(err);
}

static int
put_plan(void *arg, const struct lgx_letter *letter, struct lgx_err *err)
{
	const char	*what = letter->attempts >= o.max_attempts ? "park" : "replay";

	(void)arg;
	lgx_buf_clear(&r.line);
	lgx_buf_putf(&r.line, "%-6s %lld %.*s %.*s %s%.*s%s%.*s\n", what, (long long)letter->id,
	    LGX_STR_ARG(letter->stage), LGX_STR_ARG(letter->reason),
	    letter->retryable ? "" : "(not retryable) ", LGX_STR_ARG(letter->message),
	    letter->blocked_by.n > 0 ? "; blocked by " : "", LGX_STR_ARG(letter->blocked_by));
	return put_line(err);
}

/*
 * Apply
 */

static int
pick_letter(void *arg, const struct lgx_letter *letter, struct lgx_err *err)
{
	struct lgx_str	 stage = lgx_str_head(letter->stage, sizeof(r.first_stage) - 1);
	int		 st;

	(void)arg;
	r.picks = lgx_grow(r.picks, &r.cap, r.n + 1, sizeof(*r.picks));
	r.picks[r.n++] = (struct pick){ letter->id, letter->filed,
	    letter->attempts >= o.max_attempts };
	if (letter->attempts >= o.max_attempts)
		return LGX_OK;
	if (r.first_stage[0] == '\0')
		memcpy(r.first_stage, stage.p, stage.n);
	else
		r.several |= !lgx_str_eq(stage, lgx_str_of(r.first_stage));
	if ((st = lgx_rec_parse(&r.rec, letter->line, LGX_PLACE_NONE, err)) == LGX_OK)
		r.raw |= !lgx_rec_has(&r.rec, LGX_M_record);
	return st;
}

static int
put_letter(void *arg, const struct lgx_letter *letter, struct lgx_err *err)
{
	int	 st;

	(void)arg;
	if (letter->attempts >= o.max_attempts)
		return LGX_OK;
	if ((st = lgx_rec_parse(&r.rec, letter->line, LGX_PLACE_NONE, err)) == LGX_OK &&
	    (st = lgx_original_read(&r.original, &r.rec, err)) == LGX_OK)
		return lgx_cli_emit(r.cli, lgx_buf_str(&r.original.bytes), err);
	if (st != LGX_REJECT)
		return st;
	lgx_cli_report(r.cli, err);
	r.cli->exit = LGX_EXIT_DEAD;
	return LGX_OK;
}

static int
apply(struct lgx_err *err)
{
	int	 st = lgx_queue_each(r.ledger, &r.filter, pick_letter, NULL, err);

	if (st == LGX_OK && r.several && r.raw)
		return lgx_err_config(err, LGX_E_REPLAY_STAGE, LGX_PLACE_NONE,
		    "letters of %s and of other stages cannot go into one pipe; --stage names one",
		    r.first_stage);
	return st == LGX_OK ? lgx_queue_each(r.ledger, &r.filter, put_letter, NULL, err) : st;
}

/* The output is closed without error: now the letters count as replayed. */
static int
committed(struct lgx_cli *cli, struct lgx_err *err)
{
	size_t	 parked = 0;
	int	 st;

	if (o.list || o.plan || r.n == 0)
		return LGX_OK;
	if ((st = lgx_ledger_begin(r.ledger, err)) != LGX_OK)
		return st;
	for (size_t i = 0; i < r.n && st == LGX_OK; i++) {
		parked += r.picks[i].park;
		st = lgx_queue_mark(r.ledger, r.picks[i].id, r.picks[i].filed, r.picks[i].park ?
		    LGX_LETTER_PARKED : LGX_LETTER_REPLAYED, !r.picks[i].park, err);
	}
	if (st != LGX_OK) {
		lgx_ledger_rollback(r.ledger);
		return st;
	}
	lgx_cli_say(cli, "replayed %zu, parked %zu", r.n - parked, parked);
	return lgx_ledger_commit(r.ledger, err);
}

static void
set_filter(void)
{
	if (r.cli->as_of != LGX_TIME_NONE)
		lgx_time_put(&r.when, r.cli->as_of);
	else
		lgx_ledger_now(&r.when);
	if (o.since != LGX_TIME_NONE)
		lgx_time_put(&r.since, o.since);
	r.filter = (struct lgx_letter_filter){
		.stage = o.stage != NULL ? lgx_str_of(o.stage) : LGX_STR_EMPTY,
		.reason = o.reason != NULL ? lgx_str_of(o.reason) : LGX_STR_EMPTY,
		.since = lgx_buf_str(&r.since), .retryable = o.retryable, .again = o.again };
}

static int
run(struct lgx_cli *cli, struct lgx_err *err)
{
	bool	 files = o.ledger == NULL || cli->noperands > 0;
	int	 st;

	r.cli = cli;
	if (o.list + o.plan + o.apply > 1)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "one of --list, --plan and --apply");
	if ((st = lgx_ledger_open(&r.ledger, o.ledger != NULL ? o.ledger : "scratch",
	    o.ledger != NULL ? LGX_LEDGER_MUST : LGX_LEDGER_SCRATCH, err)) != LGX_OK)
		return st;
	set_filter();
	if (files && (st = file_inputs(err)) != LGX_OK)
		return st;
	r.filter.picked = files && r.cli->count.consumed > 0;
	if (files && !r.filter.picked)
		return LGX_OK;
	if (o.list)
		return lgx_queue_groups(r.ledger, put_group, NULL, err);
	if (o.plan)
		return lgx_queue_each(r.ledger, &r.filter, put_plan, NULL, err);
	return apply(err);
}

int
main(int argc, char **argv)
{
	static const struct lgx_program program = {
		.name = "lgx-replay", .stage = "replay",
		.synopsis = "[-l LEDGER] [--list | --plan | --apply] [--stage NAME] [--reason CODE]\n"
		    "       [--since DATE] [--retryable] [--again] [--max-attempts N] [file...]",
		.purpose = "Put what was refused back into the pipe.",
		.takes = LGX_TAKES_OUTPUT | LGX_TAKES_RUN | LGX_TAKES_LINE,
		.options = options, .noptions = LGX_LEN(options),
		.run = run, .committed = committed,
	};
	int	 status = lgx_cli_main(&program, argc, argv);

	lgx_ledger_close(r.ledger);
	lgx_original_release(&r.original);
	lgx_rec_release(&r.rec);
	lgx_buf_release(&r.when);
	lgx_buf_release(&r.since);
	lgx_buf_release(&r.line);
	free(r.picks);
	return status;
}
