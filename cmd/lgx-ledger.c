/*
 * lgx-ledger - look after the books: make, show, export, verify, close
 */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "ledger/export.h"

static struct {
	const char	*ledger, *format, *by, *company, *journal, *reason, *actor;
	lgx_time	 upto;
	bool		 test;
} o = { .upto = LGX_TIME_NONE };

static const struct lgx_option options[] = {
	{ 'l', "ledger", LGX_OPT_TEXT, &o.ledger, "FILE", "the ledger" },
	{ 0, "format", LGX_OPT_TEXT, &o.format, "NAME",
	    "export: ledger, hledger, beancount, csv or ndjson" },
	{ 0, "by", LGX_OPT_TEXT, &o.by, "NAME", "balance: shipment or scac" },
	{ 0, "as-of", LGX_OPT_DATE, &o.upto, "DATE", "balance: up to and with this day" },
	{ 0, "company", LGX_OPT_TEXT, &o.company, "NAME", "export, close, reopen: only this company" },
	{ 0, "journal", LGX_OPT_TEXT, &o.journal, "TYPE", "close, reopen: only this journal type" },
	{ 0, "reason", LGX_OPT_TEXT, &o.reason, "TEXT", "close, reopen: why" },
	{ 0, "actor", LGX_OPT_TEXT, &o.actor, "NAME", "close, reopen: who; the user unless given" },
	{ 0, "test", LGX_OPT_FLAG, &o.test, NULL, "init: a ledger for test records" },
};

static struct lgx_str
text_of(const char *z)
{
	return z != NULL ? lgx_str_of(z) : LGX_STR_EMPTY;
}

static int
emit(void *arg, struct lgx_str text, struct lgx_err *err)
{
	return lgx_cli_emit(arg, text, err);
}

static int
ledger_init(struct lgx_cli *cli, struct lgx_ledger *l, struct lgx_err *err)
{
	(void)err;
	lgx_cli_say(cli, "%s: a new %sledger", o.ledger, lgx_ledger_is_test(l) ? "test " : "");
	return LGX_OK;
}

static int
put_balance(void *arg, const struct lgx_balance *b, struct lgx_err *err)
{
	struct lgx_buf	 amount = { 0 }, line = { 0 };
	int		 st;

	lgx_minor_put(&amount, b->minor, b->digits);
	lgx_buf_putf(&line, "%20.*s %.*s  %.*s", LGX_STR_ARG(lgx_buf_str(&amount)),
	    LGX_STR_ARG(b->currency), LGX_STR_ARG(b->account));
	if (o.by != NULL)
		lgx_buf_putf(&line, "  %.*s", LGX_STR_ARG(b->by.n > 0 ? b->by : LGX_STR("~")));
	lgx_buf_putc(&line, '\n');
	st = lgx_cli_emit(arg, lgx_buf_str(&line), err);
	lgx_buf_release(&amount);
	lgx_buf_release(&line);
	return st;
}

static int
ledger_balance(struct lgx_cli *cli, struct lgx_ledger *l, struct lgx_err *err)
{
	/* ORDER enum lgx_balance_by */
	static const char *const names[] = { "account", "shipment", "scac" };
	size_t	 by = 0;

	while (o.by != NULL && by < LGX_LEN(names) && strcmp(o.by, names[by]) != 0)
		by++;
	if (by == LGX_LEN(names))
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "--by: '%s' is not account, shipment or scac", o.by);
	return lgx_ledger_balance(l, (enum lgx_balance_by)by,
	    o.upto == LGX_TIME_NONE ? LGX_DATE_NONE : lgx_time_date(o.upto), put_balance, cli, err);
}

static int
ledger_export(struct lgx_cli *cli, struct lgx_ledger *l, struct lgx_err *err)
{
	enum lgx_format	 format = lgx_format_of(text_of(o.format));

	if (format == LGX_FORMATS)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "--format ledger, hledger, beancount, csv or ndjson says how");
	return lgx_export(l, format, text_of(o.company), emit, cli, err);
}

static int
ledger_verify(struct lgx_cli *cli, struct lgx_ledger *l, struct lgx_err *err)
{
	struct lgx_verified	 done;
	struct lgx_buf		 line = { 0 };
	int			 st = lgx_ledger_verify(l, &done, err);

	if (st == LGX_REJECT) {
		lgx_cli_report(cli, err);
		cli->exit = LGX_EXIT_DEAD;
		return LGX_OK;
	}
	if (st != LGX_OK)
		return st;
	lgx_buf_putf(&line, "entries %llu, links %llu: all hold together\n",
	    (unsigned long long)done.entries, (unsigned long long)done.links);
	st = lgx_cli_emit(cli, lgx_buf_str(&line), err);
	lgx_buf_release(&line);
	return st;
}

static struct lgx_str
actor(void)
{
	const struct passwd	*user = o.actor == NULL ? getpwuid(getuid()) : NULL;

	return o.actor != NULL ? lgx_str_of(o.actor) :
	    user != NULL ? lgx_str_of(user->pw_name) : LGX_STR("unknown");
}

/* A word that no configuration knows would close nothing. */
static int
check_words(const struct lgx_journals *j, struct lgx_err *err)
{
	size_t	 i = 0;

	if (o.company != NULL && lgx_company_of(j, lgx_str_of(o.company)) == NULL)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE, "--company: no company %s",
		    o.company);
	while (i < j->templates.n && !lgx_str_eq(j->template[i].journal, text_of(o.journal)))
		i++;
	if (o.journal != NULL && i == j->templates.n)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "--journal: no template is of type %s", o.journal);
	return LGX_OK;
}

static int
set_period(struct lgx_cli *cli, struct lgx_ledger *l, bool closed, struct lgx_err *err)
{
	const char	*month = cli->noperands > 1 ? cli->operands[1] : "";
	struct lgx_journals journals = { .template_cap = 0 };
	struct lgx_buf	 day = { 0 };
	lgx_date	 first;
	bool		 good;
	int		 st;

	lgx_buf_putf(&day, "%s-01", month);
	good = cli->noperands == 2 && lgx_date_parse(lgx_buf_str(&day), &first);
	lgx_buf_release(&day);
	if (!good)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE, "which month? like 2026-01");
	if ((st = lgx_journals_load(&journals, lgx_cli_find(cli), err)) == LGX_OK &&
	    (st = check_words(&journals, err)) == LGX_OK)
		st = lgx_ledger_set_period(l, text_of(o.company), text_of(o.journal), first, closed,
		    actor(), text_of(o.reason), err);
	lgx_journals_release(&journals);
	return st;
}

static int
ledger_close(struct lgx_cli *cli, struct lgx_ledger *l, struct lgx_err *err)
{
	return set_period(cli, l, true, err);
}

static int
ledger_reopen(struct lgx_cli *cli, struct lgx_ledger *l, struct lgx_err *err)
{
	return set_period(cli, l, false, err);
}

static const struct command {
	const char	*name;
	unsigned	 how;		/* to open the ledger */
	int		(*run)(struct lgx_cli *, struct lgx_ledger *, struct lgx_err *);
} commands[] = {
	{ "init", LGX_LEDGER_NEW, ledger_init },
	{ "balance", LGX_LEDGER_READ, ledger_balance },
	{ "export", LGX_LEDGER_READ, ledger_export },
	{ "verify", LGX_LEDGER_READ, ledger_verify },
	{ "close", LGX_LEDGER_MUST, ledger_close },
	{ "reopen", LGX_LEDGER_MUST, ledger_reopen },
};

static int
find_command(const struct lgx_cli *cli, const struct command **found, struct lgx_err *err)
{
	const char	*names[LGX_LEN(commands)], *near;
	const char	*word = cli->noperands > 0 ? cli->operands[0] : NULL;

	for (size_t i = 0; i < LGX_LEN(commands); i++) {
		names[i] = commands[i].name;
		*found = &commands[i];
		if (word != NULL && strcmp(word, names[i]) == 0)
			return LGX_OK;
	}
	if (word == NULL)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "init, balance, export, verify, close or reopen?");
	near = lgx_str_nearest(lgx_str_of(word), names, LGX_LEN(names));
	return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE, "no command %s%s%s", word,
	    near != NULL ? ", did you mean " : "", near != NULL ? near : "");
}

static int
run(struct lgx_cli *cli, struct lgx_err *err)
{
	const struct command	*command;
	struct lgx_ledger	*l = NULL;
	int			 st;

	if ((st = find_command(cli, &command, err)) != LGX_OK)
		return st;
	if (o.ledger == NULL)
		return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
		    "which ledger? -l FILE names it");
	if ((st = lgx_ledger_open(&l, o.ledger, command->how | (o.test ? LGX_LEDGER_TEST : 0),
	    err)) == LGX_OK)
		st = command->run(cli, l, err);
	lgx_ledger_close(l);
	return st;
}

int
main(int argc, char **argv)
{
	static const struct lgx_program program = {
		.name = "lgx-ledger", .stage = "ledger",
		.synopsis = "-l LEDGER [option...] init | balance | export | verify |\n"
		    "       close MONTH | reopen MONTH",
		.purpose = "Make, show, export, verify the books; close and reopen periods.",
		.takes = LGX_TAKES_OUTPUT, .options = options, .noptions = LGX_LEN(options),
		.run = run,
	};

	return lgx_cli_main(&program, argc, argv);
}
