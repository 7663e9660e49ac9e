/*
 * cmd/lgx-parse-edi.c - X12 interchanges to edi records
 */
#include <inttypes.h>

#include "cli/cli.h"
#include "fmt/x12.h"

static const char	*usage;
static size_t		 max_set;

static const struct lgx_option options[] = {
	{ 0, "usage", LGX_OPT_TEXT, &usage, "LETTERS",
	    "admit test (T) or information (I) interchanges too" },
	{ 0, "max-set", LGX_OPT_SIZE, &max_set, "SIZE", "largest transaction set (8M)" },
};

static int
read_usage(struct lgx_x12_opts *o, struct lgx_err *err)
{
	for (const char *p = usage != NULL ? usage : ""; *p != '\0'; p++) {
		if (*p == 'T')
			o->test = true;
		else if (*p == 'I')
			o->info = true;
		else if (*p != 'P' && *p != ',')
			return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
			    "--usage takes the letters P, T and I, not '%s'", usage);
	}
	return LGX_OK;
}

/*
 * What an envelope says wrong is printed; what a set holds wrong stands in
 * its record, and is printed under -v.
 */
static void
report(void *p, const struct lgx_x12_finding *f)
{
	const struct lgx_cli	*c = p;
	struct lgx_err		 err;

	if (c->quiet || (!c->verbose && (lgx_x12_level(f->diag) > LGX_X12_GROUP ||
	    f->severity == LGX_X12_NOTE)))
		return;
	lgx_x12_describe(f, c->next_operand > 0 && c->noperands > 0 ?
	    c->operands[c->next_operand - 1] : "-", &err);
	lgx_cli_report(c, &err);
}

static int
read_input(struct lgx_cli *c, struct lgx_x12 *x, struct lgx_err *err)
{
	struct lgx_dead	 dead;
	struct lgx_str	 line;
	int		 st, put;

	while ((st = lgx_x12_next(x, &line, &dead, err)) != LGX_EOF) {
		if (st == LGX_FAIL) {
			lgx_cli_input_failed(c, err);
			return LGX_OK;
		}
		c->count.in++;
		if (st == LGX_OK) {
			c->count.consumed++;
			put = lgx_cli_emit(c, line, err);
		} else {
			put = lgx_cli_dead(c, &dead, err);
		}
		if (put != LGX_OK)
			return put;
	}
	return LGX_OK;
}

static void
say_totals(const struct lgx_cli *c, const struct lgx_x12_totals *t)
{
	lgx_cli_say(c, "transaction sets: %" PRIu64 " in = %" PRIu64 " records + %" PRIu64
	    " dead letters", t->sets, t->records, t->dead_sets);
	lgx_cli_say(c, "beside them: %" PRIu64 " interchanges without sets, %" PRIu64
	    " other dead letters", t->bare, t->dead_other);
	lgx_cli_say(c, "interchanges %" PRIu64 "; groups %" PRIu64 " (trailers say %" PRIu64
	    "); sets %" PRIu64 " (trailers say %" PRIu64 ")", t->interchanges, t->groups,
	    t->said_groups, t->sets, t->said_sets);
}

static int
run(struct lgx_cli *c, struct lgx_err *err)
{
	struct lgx_partners	 partners = { 0 };
	struct lgx_x12_opts	 o = { .partners = &partners, .max_set = max_set,
		.received = c->received, .report = report, .report_to = c };
	struct lgx_x12		*x = NULL;
	struct lgx_in		*in;
	int			 st;

	if ((st = read_usage(&o, err)) != LGX_OK ||
	    (st = lgx_partners_load(lgx_cli_find(c), &partners, err)) != LGX_OK ||
	    (st = lgx_x12_grammars_load(lgx_cli_find(c), &o.grammars, err)) != LGX_OK ||
	    (st = lgx_x12_open(&x, &o, err)) != LGX_OK)
		goto out;
	while (st == LGX_OK && (in = lgx_cli_input(c)) != NULL) {
		lgx_x12_begin(x, in, lgx_cli_sha(c));
		st = read_input(c, x, err);
	}
	say_totals(c, lgx_x12_totals(x));
out:
	lgx_x12_close(x);
	lgx_x12_grammars_free(o.grammars);
	lgx_partners_release(&partners);
	return st;
}

static const struct lgx_program program = {
	.name = "lgx-parse-edi", .stage = "parse-edi", .synopsis = "[option]... [file]...",
	.purpose = "X12 interchanges to edi records, one for each transaction set",
	.takes = LGX_TAKES_OUTPUT | LGX_TAKES_DEAD | LGX_TAKES_SOURCE | LGX_TAKES_RUN,
	.options = options, .noptions = LGX_LEN(options), .run = run,
};

int
main(int argc, char **argv)
{
	return lgx_cli_main(&program, argc, argv);
}
