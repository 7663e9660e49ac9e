/*
 * cli/cli.h - what every filter shares: options, operands, outputs, counts
 * Floor cli: on top of the library; only cli and cmd print and exit.
 *
 * A command declares its options in a table and names its run function;
 * lgx_cli_main() parses, runs, closes the outputs, prints the totals and gives
 * the exit status of the house (base/base.h).
 */
#ifndef LGX_CLI_H
#define LGX_CLI_H

#include "base/conf.h"
#include "base/find.h"
#include "base/io.h"
#include "rec/rec.h"

enum lgx_opt_type {
	LGX_OPT_FLAG,		/* bool * */
	LGX_OPT_TEXT,		/* const char **, the last one counts */
	LGX_OPT_LIST,		/* struct lgx_words *, every one counts */
	LGX_OPT_SIZE,		/* size_t *, with K, M or G */
	LGX_OPT_COUNT,		/* int64_t *, zero or more */
	LGX_OPT_DATE,		/* lgx_time *, a date or an instant */
};

struct lgx_words { const char *word[64]; size_t n; };

struct lgx_option {
	int		 letter;	/* 0: long name only */
	const char	*name;		/* without the dashes */
	enum lgx_opt_type type;
	void		*var;
	const char	*arg;		/* how --help calls the argument, NULL for flags */
	const char	*help;		/* a line */
};

/* Shared options a program takes, beside -q -v -h -V --log --config --metrics. */
enum {
	LGX_TAKES_OUTPUT = 1,		/* -o FILE */
	LGX_TAKES_DEAD = 2,		/* -d FILE */
	LGX_TAKES_RUN = 4,		/* --run ID, --as-of DATE */
	LGX_TAKES_SOURCE = 8,		/* --source NAME, --received INSTANT */
	LGX_TAKES_DRY = 16,		/* -n */
	LGX_TAKES_LINE = 32,		/* --max-line SIZE */
	LGX_TAKES_FILTER = 1 | 2 | 32,
};

struct lgx_cli;

struct lgx_program {
	const char		*name;		/* "lgx-canon" */
	const char		*stage;		/* "canon": in dead letters and metrics */
	const char		*synopsis;	/* after the name, for --help */
	const char		*purpose;	/* one line */
	unsigned		 takes;
	const struct lgx_option	*options;
	size_t			 noptions;
	/* Options are set, outputs open.  A status; LGX_REJECT counts as LGX_OK. */
	int			(*run)(struct lgx_cli *, struct lgx_err *);
	/* After all was read and the outputs were closed without error (state); may be NULL. */
	int			(*committed)(struct lgx_cli *, struct lgx_err *);
};

struct lgx_counts { uint64_t in, consumed, passed, dead, out; };

struct lgx_cli {
	const struct lgx_program *program;
	char			**operands;
	int			 noperands, next_operand;
	/* shared options */
	const char		*output, *dead_file, *config, *metrics, *run, *source;
	lgx_time		 as_of, received;	/* LGX_TIME_NONE if not given */
	size_t			 max_line;
	bool			 quiet, verbose, dry, json_log;
	/* what happened */
	struct lgx_counts	 count;
	bool			 failed;		/* an operand could not be read */
	int			 exit;			/* status of the program's own (--exit-code); 0 none */
	/* private */
	struct lgx_out		*out, *dead_out;
	struct lgx_in		*in;
	char			 sha[65];
	struct lgx_find		 find;
	struct lgx_buf		 line;
};

int		lgx_cli_main(const struct lgx_program *, int argc, char **argv);

/*
 * The next operand, opened; stdin when there are none.  It stays open until
 * the next call.  An operand that cannot be opened is reported, makes the
 * exit status 3, and the next one is taken.  NULL when all are done.
 */
struct lgx_in	*lgx_cli_input(struct lgx_cli *);
/* SHA-256 in hex of the file that lgx_cli_input opened last, as sha256sum prints; "" for stdin. */
struct lgx_str	 lgx_cli_sha(const struct lgx_cli *);
/* Reading an operand failed part-way: report, go on with the next, exit 3. */
void		 lgx_cli_input_failed(struct lgx_cli *, const struct lgx_err *);

/* Write finished lines (newline included) to the output. */
LGX_MUST_USE int lgx_cli_emit(struct lgx_cli *, struct lgx_str lines, struct lgx_err *);
/*
 * Report a refused record and send its dead letter to -d or into the stream.
 * d->stage is filled here.  Counts it as dead.
 */
LGX_MUST_USE int lgx_cli_dead(struct lgx_cli *, struct lgx_dead *, struct lgx_err *);
/* One diagnostic line on stderr, in the form asked for (--log). */
void		 lgx_cli_report(const struct lgx_cli *, const struct lgx_err *);
/* "lgx-canon: words" on stderr, under -v only. */
void		 lgx_cli_say(const struct lgx_cli *, const char *fmt, ...) LGX_PRINTF(2, 3);

/* The search path of configuration: --config, $LGX_CONFIG, the installed data folder. */
const struct lgx_find	*lgx_cli_find(const struct lgx_cli *);

#endif
