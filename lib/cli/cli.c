/*
 * cli/cli.c - what every filter shares: options, operands, outputs, counts
 * Floor cli: on top of the library; only cli and cmd print and exit.
 */
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/table.h"
#include "cli/cli.h"

#ifndef LGX_DATADIR
#define LGX_DATADIR "mappings"
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

#define OPTIONS_MAX	64
#define LONG_ONLY	256	/* getopt values of options without a letter */

static struct lgx_cli	cli;	/* one program, one command line */
static bool		help, version;
static const char	*log_form;

/* Shared options; a row is offered when the program takes any of its bits (0: always). */
static const struct { unsigned takes; struct lgx_option option; } shared[] = {
	{ LGX_TAKES_OUTPUT, { 'o', "output", LGX_OPT_TEXT, &cli.output, "FILE",
	    "write to FILE, which appears when complete (.gz is compressed)" } },
	{ LGX_TAKES_DEAD, { 'd', "dead", LGX_OPT_TEXT, &cli.dead_file, "FILE",
	    "write dead letters to FILE instead of the output" } },
	{ LGX_TAKES_DRY, { 'n', "dry-run", LGX_OPT_FLAG, &cli.dry, NULL,
	    "change nothing, say what would be done" } },
	{ LGX_TAKES_RUN, { 0, "run", LGX_OPT_TEXT, &cli.run, "ID", "name of this run" } },
	{ LGX_TAKES_RUN, { 0, "as-of", LGX_OPT_DATE, &cli.as_of, "DATE",
	    "the date (or instant) that stands for now" } },
	{ LGX_TAKES_SOURCE, { 0, "source", LGX_OPT_TEXT, &cli.source, "NAME",
	    "file name to put into the records" } },
	{ LGX_TAKES_SOURCE, { 0, "received", LGX_OPT_DATE, &cli.received, "INSTANT",
	    "when the input reached us" } },
	{ LGX_TAKES_LINE, { 0, "max-line", LGX_OPT_SIZE, &cli.max_line, "SIZE",
	    "longest record line (16M)" } },
	{ 0, { 0, "config", LGX_OPT_TEXT, &cli.config, "DIR",
	    "look for configuration in DIR[:DIR...] first" } },
	{ 0, { 0, "metrics", LGX_OPT_TEXT, &cli.metrics, "FILE",
	    "write Prometheus metrics to FILE" } },
	{ 0, { 0, "log", LGX_OPT_TEXT, &log_form, "FORM", "text or json: form of diagnostics" } },
	{ 0, { 'q', "quiet", LGX_OPT_FLAG, &cli.quiet, NULL, "no diagnostics for single records" } },
	{ 0, { 'v', "verbose", LGX_OPT_FLAG, &cli.verbose, NULL, "print totals at the end" } },
	{ 0, { 'h', "help", LGX_OPT_FLAG, &help, NULL, "this text" } },
	{ 0, { 'V', "version", LGX_OPT_FLAG, &version, NULL, "the version" } },
};

struct options {
	const struct lgx_option	*row[OPTIONS_MAX];
	size_t			 n;
	struct option		 longs[OPTIONS_MAX + 1];
	char			 letters[2 * OPTIONS_MAX + 2];
};

static void
add_option(struct options *o, const struct lgx_option *row)
{
	size_t	 n = strlen(o->letters);

	assert(o->n < OPTIONS_MAX);
	o->longs[o->n] = (struct option){ row->name,
	    row->arg != NULL ? required_argument : no_argument, NULL,
	    row->letter != 0 ? row->letter : LONG_ONLY + (int)o->n };
	if (row->letter != 0) {
		o->letters[n++] = (char)row->letter;
		o->letters[n] = row->arg != NULL ? ':' : '\0';
	}
	o->row[o->n++] = row;
}

static void
collect_options(struct options *o, const struct lgx_program *program)
{
	*o = (struct options){ .letters = ":" };
	for (size_t i = 0; i < program->noptions; i++)
		add_option(o, &program->options[i]);
	for (size_t i = 0; i < LGX_LEN(shared); i++)
		if (shared[i].takes == 0 || (shared[i].takes & program->takes) != 0)
			add_option(o, &shared[i].option);
}

static void
print_help(const struct options *o, const struct lgx_program *program)
{
	printf("usage: %s %s\n%s\n\n", program->name, program->synopsis, program->purpose);
	for (size_t i = 0; i < o->n; i++) {
		const struct lgx_option *row = o->row[i];
		char	 names[40], letter[4] = "   ";

		if (row->letter != 0)
			snprintf(letter, sizeof(letter), "-%c,", row->letter);
		snprintf(names, sizeof(names), "%s --%s%s%s", letter, row->name,
		    row->arg ? " " : "", row->arg ? row->arg : "");
		printf("  %-24s %s\n", names, row->help);
	}
	printf("\nman %s tells the rest.\n", program->name);
}

static int
usage_error(struct lgx_err *err, const char *fmt, const char *name, const char *near)
{
	char	 text[200];

	snprintf(text, sizeof(text), fmt, name);
	return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE, "%s%s%s%s; see %s --help", text,
	    near ? ", did you mean " : "", near ? "--" : "", near ? near : "", cli.program->name);
}

static bool
read_size(struct lgx_str s, size_t *out)
{
	static const char	 units[] = "KMG";
	const char		*unit = s.n > 0 ? memchr(units, s.p[s.n - 1], 3) : NULL;
	uint64_t		 v;
	int			 shift = unit != NULL ? 10 * (int)(unit - units + 1) : 0;

	if (unit != NULL)
		s.n--;
	if (!lgx_str_u64(s, &v) || v > (SIZE_MAX >> shift))
		return false;
	*out = (size_t)v << shift;
	return true;
}

static int
set_option(const struct lgx_option *row, const char *arg, struct lgx_err *err)
{
	struct lgx_words	*words;
	uint64_t		 v;
	bool			 good = true;

	switch (row->type) {
	case LGX_OPT_FLAG:
		*(bool *)row->var = true;
		break;
	case LGX_OPT_TEXT:
		*(const char **)row->var = arg;
		break;
	case LGX_OPT_LIST:
		words = row->var;
		good = words->n < LGX_LEN(words->word);
		if (good)
			words->word[words->n++] = arg;
		break;
	case LGX_OPT_SIZE:
		good = read_size(lgx_str_of(arg), row->var);
		break;
	case LGX_OPT_COUNT:
		good = lgx_str_u64(lgx_str_of(arg), &v) && v <= INT64_MAX;
		if (good)
			*(int64_t *)row->var = (int64_t)v;
		break;
	case LGX_OPT_DATE:
		good = lgx_date_or_time_parse(lgx_str_of(arg), row->var);
		break;
	}
	if (good)
		return LGX_OK;
	return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE, "--%s: '%s' is not a %s", row->name,
	    arg, row->arg);
}

static int
bad_option(const struct options *o, char **argv, int how, struct lgx_err *err)
{
	const char	*names[OPTIONS_MAX], *word = argv[optind - 1];
	char		 letter[3] = { '-', (char)optopt, '\0' };

	if (how == ':')
		return usage_error(err, "%s wants an argument", word, NULL);
	if (optopt != 0 && optopt < LONG_ONLY && word[0] == '-' && word[1] != '-')
		return usage_error(err, "unknown option %s", letter, NULL);
	for (size_t i = 0; i < o->n; i++)
		names[i] = o->row[i]->name;
	word += strspn(word, "-");
	return usage_error(err, "unknown option --%s", word,
	    lgx_str_nearest(lgx_str_of(word), names, o->n));
}

static int
parse(struct options *o, int argc, char **argv, struct lgx_err *err)
{
	int	 got, st;

	while ((got = getopt_long(argc, argv, o->letters, o->longs, NULL)) != -1) {
		const struct lgx_option *row = NULL;

		if (got == '?' || got == ':')
			return bad_option(o, argv, got, err);
		for (size_t i = 0; i < o->n && row == NULL; i++)
			if (o->longs[i].val == got)
				row = o->row[i];
		assert(row != NULL);
		if ((st = set_option(row, optarg, err)) != LGX_OK)
			return st;
	}
	if (log_form != NULL && strcmp(log_form, "json") != 0 && strcmp(log_form, "text") != 0)
		return usage_error(err, "--log: '%s' is not text or json", log_form, NULL);
	cli.json_log = log_form != NULL && strcmp(log_form, "json") == 0;
	cli.operands = argv + optind;
	cli.noperands = argc - optind;
	return LGX_OK;
}

/*
 * A child of a pipe may be started with a descriptor missing; opening a file
 * would then become stdout.  And SIGTERM must leave no half-written file.
 */
static void
on_signal(int sig)
{
	lgx_out_abandon_all();
	signal(sig, SIG_DFL);
	raise(sig);
}

static int
prepare_process(struct lgx_err *err)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	if (write(STDOUT_FILENO, "", 0) < 0 && errno == EBADF)
		return lgx_err_errno(err, LGX_E_IO_WRITE, "stdout", "cannot write");
	return LGX_OK;
}

static int
find_configuration(struct lgx_err *err)
{
	struct lgx_arena	 arena = { 0 };
	const char		*path;
	int			 st;

	lgx_find_add(&cli.find, cli.config);
	lgx_find_add(&cli.find, getenv("LGX_CONFIG"));
	lgx_find_add(&cli.find, LGX_DATADIR);
	if ((st = lgx_find_must(&cli.find, "codes/currencies.csv", &arena, &path, err)) == LGX_OK)
		st = lgx_currency_load(path, err);
	lgx_arena_release(&arena);
	return st;
}

static int
open_outputs(struct lgx_err *err)
{
	unsigned	 takes = cli.program->takes;
	int		 st = LGX_OK;

	if ((takes & LGX_TAKES_OUTPUT) != 0)
		st = lgx_out_open(&cli.out, cli.output, err);
	if (st == LGX_OK && (takes & LGX_TAKES_DEAD) != 0 && cli.dead_file != NULL)
		st = lgx_out_open(&cli.dead_out, cli.dead_file, err);
	return st;
}

static int
write_metrics(struct lgx_err *err)
{
	static const struct { const char *name; size_t at; } rows[] = {
		{ "in", offsetof(struct lgx_counts, in) },
		{ "consumed", offsetof(struct lgx_counts, consumed) },
		{ "passed", offsetof(struct lgx_counts, passed) },
		{ "dead", offsetof(struct lgx_counts, dead) },
		{ "out", offsetof(struct lgx_counts, out) },
	};
	struct lgx_buf	 b = { 0 };
	int		 st;

	if (cli.metrics == NULL)
		return LGX_OK;
	lgx_buf_putz(&b, "# HELP lgx_records_total Records by filter and what became of them.\n"
	    "# TYPE lgx_records_total counter\n");
	for (size_t i = 0; i < LGX_LEN(rows); i++)
		lgx_buf_putf(&b, "lgx_records_total{filter=\"%s\",what=\"%s\"} %" PRIu64 "\n",
		    cli.program->stage, rows[i].name,
		    *(const uint64_t *)((const char *)&cli.count + rows[i].at));
	st = lgx_file_write(cli.metrics, lgx_buf_str(&b), err);
	lgx_buf_release(&b);
	return st;
}

/* Nothing is lost in a pipe: what came in went somewhere. */
static int
check_counts(struct lgx_err *err)
{
	const struct lgx_counts	*c = &cli.count;

	lgx_cli_say(&cli, "in %" PRIu64 " = consumed %" PRIu64 " + passed %" PRIu64 " + dead %" PRIu64
	    "; out %" PRIu64, c->in, c->consumed, c->passed, c->dead, c->out);
	if (c->in == c->consumed + c->passed + c->dead)
		return LGX_OK;
	return lgx_err_fail(err, LGX_E_COUNTS, LGX_PLACE_NONE, "%" PRIu64 " records came in, %" PRIu64
	    " are accounted for", c->in, c->consumed + c->passed + c->dead);
}

/* What went to a pipe is out; a file does not appear, for it is not complete. */
static int
abandon_outputs(void)
{
	int	 st = LGX_OK;

	if (cli.out != NULL && cli.output == NULL)
		st = lgx_out_flush(cli.out, NULL);
	lgx_out_abandon(cli.dead_out);
	lgx_out_abandon(cli.out);
	return st;
}

static int
commit_outputs(struct lgx_err *err)
{
	int	 st;

	if ((st = lgx_out_commit(cli.dead_out, err)) != LGX_OK) {
		lgx_out_abandon(cli.out);
		return st;
	}
	if ((st = lgx_out_commit(cli.out, err)) == LGX_OK && cli.program->committed != NULL)
		st = cli.program->committed(&cli, err);
	return st;
}

static int
finish(struct lgx_err *err)
{
	int	 st;

	if ((st = check_counts(err)) != LGX_OK) {
		(void)abandon_outputs();
		return st;
	}
	st = cli.failed ? abandon_outputs() : commit_outputs(err);
	return st == LGX_OK ? write_metrics(err) : st;
}

static int
run(struct lgx_err *err)
{
	int	 st;

	if ((st = find_configuration(err)) != LGX_OK || (st = open_outputs(err)) != LGX_OK)
		return st;
	st = cli.program->run(&cli, err);
	lgx_in_close(cli.in);
	cli.in = NULL;
	if (st == LGX_OK || st == LGX_REJECT || st == LGX_EOF)
		return finish(err);
	(void)abandon_outputs();
	return st;
}

static int
exit_status(int st)
{
	if (st == LGX_FAIL || cli.failed)
		return LGX_EXIT_FAILED;
	if (st == LGX_CONFIG)
		return LGX_EXIT_USAGE;
	if (cli.exit != 0)
		return cli.exit;
	return cli.count.dead > 0 ? LGX_EXIT_DEAD : LGX_EXIT_DONE;
}

int
lgx_cli_main(const struct lgx_program *program, int argc, char **argv)
{
	struct options	 o;
	struct lgx_err	 err = { .place = LGX_PLACE_NONE };
	int		 st;

	cli = (struct lgx_cli){ .program = program, .as_of = LGX_TIME_NONE,
	    .received = LGX_TIME_NONE, .max_line = LGX_LINE_MAX };
	collect_options(&o, program);
	st = parse(&o, argc, argv, &err);
	if (st == LGX_OK && help) {
		print_help(&o, program);
		return fflush(stdout) == 0 ? LGX_EXIT_DONE : LGX_EXIT_FAILED;
	}
	if (st == LGX_OK && version) {
		printf("%s %s\n", program->name, PACKAGE_VERSION);
		return fflush(stdout) == 0 ? LGX_EXIT_DONE : LGX_EXIT_FAILED;
	}
	if (st == LGX_OK && (st = prepare_process(&err)) == LGX_OK)
		st = run(&err);
	if (st == LGX_FAIL || st == LGX_CONFIG)
		lgx_cli_report(&cli, &err);
	lgx_buf_release(&cli.line);
	return exit_status(st);
}

/* Only a regular file can be read twice: a FIFO has no digest, as stdin has none. */
static bool
is_regular(const char *path)
{
	struct stat	 sb;

	return path != NULL && strcmp(path, "-") != 0 && stat(path, &sb) == 0 && S_ISREG(sb.st_mode);
}

static int
open_operand(struct lgx_cli *c, const char *path, struct lgx_err *err)
{
	int	 st;

	c->sha[0] = '\0';
	if ((st = lgx_in_open(&c->in, path, err)) != LGX_OK)
		return st;
	if ((c->program->takes & LGX_TAKES_SOURCE) != 0 && is_regular(path))
		st = lgx_sha_file(path, c->sha, err);
	if (st == LGX_OK && c->source != NULL)
		lgx_in_rename(c->in, c->source);
	return st;
}

struct lgx_in *
lgx_cli_input(struct lgx_cli *c)
{
	struct lgx_err	 err;
	const char	*path;

	for (;;) {
		lgx_in_close(c->in);
		c->in = NULL;
		if (c->next_operand >= (c->noperands > 0 ? c->noperands : 1))
			return NULL;
		path = c->noperands > 0 ? c->operands[c->next_operand] : NULL;
		c->next_operand++;
		if (open_operand(c, path, &err) == LGX_OK)
			return c->in;
		lgx_cli_input_failed(c, &err);
	}
}

struct lgx_str
lgx_cli_sha(const struct lgx_cli *c)
{
	return lgx_str_of(c->sha);
}

void
lgx_cli_input_failed(struct lgx_cli *c, const struct lgx_err *err)
{
	c->failed = true;
	lgx_cli_report(c, err);
}

int
lgx_cli_emit(struct lgx_cli *c, struct lgx_str lines, struct lgx_err *err)
{
	c->count.out++;
	return lgx_out_put(c->out, lines, err);
}

int
lgx_cli_dead(struct lgx_cli *c, struct lgx_dead *d, struct lgx_err *err)
{
	d->stage = c->program->stage;
	c->count.dead++;
	if (!c->quiet)
		lgx_cli_report(c, d->err);
	lgx_buf_clear(&c->line);
	lgx_dead_put(&c->line, d);
	return lgx_out_put(c->dead_out != NULL ? c->dead_out : c->out, lgx_buf_str(&c->line), err);
}

static void
report_json(const struct lgx_cli *c, const struct lgx_err *err)
{
	static const char *const units[] = { "", "line", "segment", "row", "column" };
	const struct lgx_place	*at = &err->place;
	struct lgx_buf		 b = { 0 };

	lgx_buf_putc(&b, '{');
	lgx_json_member(&b, "program", lgx_str_of(c->program->name));
	lgx_json_member(&b, "code", lgx_str_of(lgx_diag_code(err->diag)));
	lgx_json_member(&b, "file", lgx_str_of(at->file != NULL ? at->file : ""));
	if (at->unit != LGX_NOWHERE && at->n > 0) {
		lgx_json_key(&b, units[at->unit]);
		lgx_buf_putu(&b, at->n);
	}
	if (at->column > 0) {
		lgx_json_key(&b, "column");
		lgx_buf_putu(&b, at->column);
	}
	if (at->byte >= 0) {
		lgx_json_key(&b, "byte");
		lgx_buf_putu(&b, (uint64_t)at->byte);
	}
	lgx_json_member(&b, "message", lgx_str_of(err->msg));
	lgx_buf_putz(&b, "}\n");
	fwrite(b.p, 1, b.n, stderr);
	lgx_buf_release(&b);
}

void
lgx_cli_report(const struct lgx_cli *c, const struct lgx_err *err)
{
	char	 line[1024];

	if (c->json_log) {
		report_json(c, err);
		return;
	}
	lgx_err_format(err, line, sizeof(line));
	fprintf(stderr, "%s: %s\n", c->program->name, line);
}

void
lgx_cli_say(const struct lgx_cli *c, const char *fmt, ...)
{
	va_list	 ap;

	if (!c->verbose)
		return;
	fprintf(stderr, "%s: ", c->program->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

const struct lgx_find *
lgx_cli_find(const struct lgx_cli *c)
{
	return &c->find;
}
