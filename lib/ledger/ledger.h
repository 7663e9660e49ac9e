/*
 * ledger/ledger.h - the books: an SQLite file that only grows
 * Floor ledger: stands on base and rec.  lgx-ledger(1) describes the file.
 *
 * Entries are booked in transactions and never changed.  Each transaction is
 * a link of a hash chain.  What the caller sees here does not depend on
 * SQLite; ledger/db.h does.
 */
#ifndef LGX_LEDGER_H
#define LGX_LEDGER_H

#include "ledger/entry.h"

#define LGX_LEDGER_SCHEMA	1

struct lgx_ledger;

enum {				/* how to open; or-ed */
	LGX_LEDGER_READ = 1,	/* it must exist, nothing is written */
	LGX_LEDGER_NEW = 2,	/* it must not exist (or be empty) */
	LGX_LEDGER_TEST = 4,	/* make it a test ledger */
	LGX_LEDGER_MUST = 16,	/* it must exist */
	LGX_LEDGER_SCRATCH = 8,	/* no file at all: gone when closed */
};

/*
 * Without LGX_LEDGER_READ or MUST a ledger that does not exist is made.  path
 * is borrowed until close, and for places in errors.  LGX_OK; LGX_CONFIG (no such file, no right, no ledger, of a
 * newer lgx); LGX_FAIL.
 */
LGX_MUST_USE int lgx_ledger_open(struct lgx_ledger **, const char *path, unsigned how,
    struct lgx_err *);
bool		 lgx_ledger_exists(const char *path);
void		 lgx_ledger_close(struct lgx_ledger *);		/* NULL is fine */
bool		 lgx_ledger_is_test(const struct lgx_ledger *);
bool		 lgx_ledger_is_new(const struct lgx_ledger *);	/* open made it */

/*
 * A transaction.  One writer at a time; others wait.  What was booked stands
 * when commit returned LGX_OK, on disk, whatever happens then.
 */
LGX_MUST_USE int lgx_ledger_begin(struct lgx_ledger *, struct lgx_err *);
LGX_MUST_USE int lgx_ledger_commit(struct lgx_ledger *, struct lgx_err *);
void		 lgx_ledger_rollback(struct lgx_ledger *);
/* Take back all that was booked since begin or keep, and go on in the same transaction. */
LGX_MUST_USE int lgx_ledger_retry(struct lgx_ledger *, struct lgx_err *);
/* What is booked so far is not taken back by retry; a dry run ends by rollback. */
LGX_MUST_USE int lgx_ledger_keep(struct lgx_ledger *, struct lgx_err *);
void		 lgx_ledger_now(struct lgx_buf *);	/* the clock; for times of entries and letters */

enum lgx_booking {
	LGX_BOOKED,
	LGX_REPEATED,		/* the same is there; nothing was done */
	LGX_CONFLICT,		/* the key is there with other content; nothing was done */
};

/*
 * Book an entry, within a transaction and in the order of keys.  Of one that
 * was booked before, e->effective becomes the date that it has.
 * LGX_OK, *booking says what happened; LGX_FAIL.
 */
LGX_MUST_USE int lgx_ledger_book(struct lgx_ledger *, const struct lgx_journals *,
    struct lgx_entry *, const struct lgx_decision *, enum lgx_booking *, struct lgx_err *);

/* Is the period of a date closed to a journal type of a company? */
bool		 lgx_ledger_closed(const struct lgx_ledger *, struct lgx_str company,
		    struct lgx_str journal, lgx_date);
/*
 * Close or open a month ("2026-01") for a company and journal type, "" for
 * all of them.  The act is chained with who and why.  LGX_OK; LGX_FAIL.
 */
LGX_MUST_USE int lgx_ledger_set_period(struct lgx_ledger *, struct lgx_str company,
    struct lgx_str journal, lgx_date month, bool closed, struct lgx_str actor,
    struct lgx_str reason, struct lgx_err *);

/*
 * An entry as it stands in the ledger.  Texts are valid until the next one.
 */
struct lgx_posted_line { struct lgx_str role, account; int64_t account_id, minor; };

struct lgx_posted {
	int64_t		 id;
	struct lgx_key	 key, reverses;
	bool		 has_reverses;
	struct lgx_str	 name, reverses_name;
	struct lgx_str	 template, company, currency;
	int		 digits;
	lgx_date	 effective, event;
	struct lgx_str	 hash;		/* LGX_DIGEST_SIZE bytes */
	struct lgx_str	 run, as_of, rules, config;
	struct lgx_str	 subject, shipment, load, scac, pro, bol, customer;
	struct lgx_str	 evidence, src;	/* JSON */
	struct lgx_posted_line line[LGX_ENTRY_LINES];
	size_t		 nlines;
};

/* The entry of a key.  LGX_OK; LGX_EOF, there is none; LGX_FAIL. */
LGX_MUST_USE int lgx_ledger_find(struct lgx_ledger *, const struct lgx_key *,
    struct lgx_posted *, struct lgx_err *);
/* Key of the entry that reverses this one.  LGX_OK; LGX_EOF, none does; LGX_FAIL. */
LGX_MUST_USE int lgx_ledger_reversed_by(struct lgx_ledger *, const struct lgx_key *,
    struct lgx_key *by, struct lgx_err *);

/* Every entry, by effective date and then name.  A status other than LGX_OK of fn ends the walk. */
typedef int	 lgx_posted_fn(void *arg, const struct lgx_posted *, struct lgx_err *);
LGX_MUST_USE int lgx_ledger_each(struct lgx_ledger *, lgx_posted_fn *, void *arg,
    struct lgx_err *);

struct lgx_balance {
	struct lgx_str	 by;		/* load or carrier; empty */
	struct lgx_str	 account, currency;
	int		 digits;
	int64_t		 minor;
};

/* A shipment is known by its load: its id is another for each rate version. */
enum lgx_balance_by { LGX_BY_ACCOUNT, LGX_BY_SHIPMENT, LGX_BY_SCAC };

/* Balances other than zero up to a date (LGX_DATE_NONE: all), by account, then `by`. */
typedef int	 lgx_balance_fn(void *arg, const struct lgx_balance *, struct lgx_err *);
LGX_MUST_USE int lgx_ledger_balance(struct lgx_ledger *, enum lgx_balance_by, lgx_date upto,
    lgx_balance_fn *, void *arg, struct lgx_err *);

struct lgx_verified { uint64_t entries, links; };

/*
 * Does it hold together: every entry balances and hashes to its link, the
 * links follow one another, lines of control accounts name their shipment and
 * sum to the account.  LGX_OK; LGX_REJECT, the first fault in err; LGX_FAIL.
 */
LGX_MUST_USE int lgx_ledger_verify(struct lgx_ledger *, struct lgx_verified *, struct lgx_err *);

#endif
