/*
 * ledger/db.h - what the files of this floor share about SQLite
 * Floor ledger, private: nothing outside lib/ledger includes this.
 */
#ifndef LGX_LEDGER_DB_H
#define LGX_LEDGER_DB_H

#include <sqlite3.h>

#include "ledger/ledger.h"

#define LGX_DB_STATEMENTS 48	/* prepared at once */
#define LGX_LINE_BITS	4	/* line.id = entry.id << 4 | position */

_Static_assert(LGX_ENTRY_LINES <= 1 << LGX_LINE_BITS, "a line's id holds its position");

struct lgx_db_account { const struct lgx_company *company; int64_t id[LGX_ROLES_MAX]; };
struct lgx_db_period { struct lgx_str company, journal; int month; };

struct lgx_ledger {
	sqlite3		*db;
	const char	*path;		/* borrowed */
	bool		 test, made, writing;
	struct { const char *sql; sqlite3_stmt *stmt; } cache[LGX_DB_STATEMENTS];
	size_t		 ncache;
	/* of the transaction under way */
	int64_t		 first, next;		/* ids of entries */
	struct lgx_sha	*sha;			/* over its entries */
	unsigned char	 head[LGX_SHA_SIZE];	/* of the chain, when it began */
	/* numbers given by the ledger; forgotten when a transaction is taken back */
	struct lgx_db_account *accounts;
	size_t		 naccounts, account_cap;
	struct lgx_buf	 run_text;		/* the last run, and its number */
	int64_t		 run;
	struct lgx_dict	 currencies;		/* those known to be in the ledger */
	struct lgx_db_period *periods;		/* the closed ones, as of the begin */
	size_t		 nperiods, period_cap;
	struct lgx_arena period_text;
	struct lgx_buf	 scratch;
};

/* The statement of a text, prepared once and reset; the text must be static.  NULL: err filled. */
sqlite3_stmt	*lgx_db_stmt(struct lgx_ledger *, const char *sql, struct lgx_err *);
/* One step: LGX_OK, a row; LGX_EOF, done; LGX_FAIL. */
LGX_MUST_USE int lgx_db_step(struct lgx_ledger *, sqlite3_stmt *, struct lgx_err *);
/* Run to the end, rows thrown away.  LGX_OK or LGX_FAIL. */
LGX_MUST_USE int lgx_db_run(struct lgx_ledger *, sqlite3_stmt *, struct lgx_err *);
/* Statements without arguments.  LGX_OK or LGX_FAIL. */
LGX_MUST_USE int lgx_db_exec(struct lgx_ledger *, const char *sql, struct lgx_err *);
/* LGX_FAIL with what SQLite says. */
int		 lgx_db_fail(const struct lgx_ledger *, struct lgx_err *);

void		 lgx_db_text(sqlite3_stmt *, int at, struct lgx_str);	/* empty is NULL; borrowed */
void		 lgx_db_blob(sqlite3_stmt *, int at, const void *, size_t);
struct lgx_str	 lgx_db_column(sqlite3_stmt *, int at);	/* text or blob; until the next step */

/* Append the stored form of an entry that the chain covers. */
void		 lgx_posted_hash(struct lgx_buf *, const struct lgx_posted *);
/* The entries of a link, in the order in which it hashed them. */
LGX_MUST_USE int lgx_ledger_each_linked(struct lgx_ledger *, int64_t first, int64_t last,
    lgx_posted_fn *, void *arg, struct lgx_err *);
/* The next link: SHA-256 over the one before and the digest of its part. */
void		 lgx_chain_link(const unsigned char head[LGX_SHA_SIZE],
		    const unsigned char digest[LGX_SHA_SIZE], unsigned char out[LGX_SHA_SIZE]);
/* What people did, as the chain covers it. */
void		 lgx_act_digest(struct lgx_str act, struct lgx_str actor, struct lgx_str reason,
		    unsigned char out[LGX_SHA_SIZE]);

#endif
