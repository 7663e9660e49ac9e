/*
 * ledger/db.c - the ledger's file: schema, statements, transactions, periods
 * Floor ledger: stands on base and rec.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ledger/db.h"

#define APPLICATION_ID	0x6C677831	/* "lgx1", what file(1) sees */
#define BUSY_MS		(15 * 60 * 1000)	/* how long to wait for another writer */
#define RETRY_MS	10

/*
 * An entry and its lines are inserted, never changed; triggers say so to
 * whoever opens the file by hand.  Texts that every entry of a run shares are
 * in run, accounts in account.  Dates are days since 1970-01-01, amounts minor
 * units, debit positive; the view journal shows both for people.
 */
static const char	schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE currency(code TEXT PRIMARY KEY, digits INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE account(id INTEGER PRIMARY KEY, company TEXT NOT NULL, role TEXT NOT NULL,"
    "  name TEXT NOT NULL, control INTEGER NOT NULL, UNIQUE(company, role, name));"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, name TEXT NOT NULL, as_of TEXT NOT NULL,"
    "  rules TEXT NOT NULL, config TEXT NOT NULL, UNIQUE(name, as_of, rules, config));"
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, key BLOB NOT NULL, name TEXT NOT NULL,"
    "  template TEXT NOT NULL, company TEXT NOT NULL, currency TEXT NOT NULL,"
    "  effective INTEGER NOT NULL, event INTEGER NOT NULL, hash BLOB NOT NULL,"
    "  reverses BLOB, run INTEGER NOT NULL REFERENCES run, subject TEXT, shipment TEXT,"
    "  load TEXT, scac TEXT, pro TEXT, bol TEXT, customer TEXT, evidence TEXT, src TEXT);"
    "CREATE UNIQUE INDEX entry_key ON entry(key);"
    "CREATE UNIQUE INDEX entry_reverses ON entry(reverses) WHERE reverses IS NOT NULL;"
    "CREATE TABLE line(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account,"
    "  amount INTEGER NOT NULL);"
    "CREATE TABLE chain(id INTEGER PRIMARY KEY, first INTEGER, last INTEGER, hash BLOB NOT NULL,"
    "  at TEXT NOT NULL, act TEXT, actor TEXT, reason TEXT);"
    "CREATE TABLE period(company TEXT NOT NULL, journal TEXT NOT NULL, month INTEGER NOT NULL,"
    "  PRIMARY KEY(company, journal, month)) WITHOUT ROWID;"
    "CREATE TABLE letter(id INTEGER PRIMARY KEY, origin BLOB NOT NULL UNIQUE, name TEXT,"
    "  stage TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, retryable INTEGER NOT NULL, blocked_by TEXT,"
    "  key BLOB, hash BLOB, state TEXT NOT NULL, attempts INTEGER NOT NULL,"
    "  filed INTEGER NOT NULL,"
    "  first_at TEXT NOT NULL, last_at TEXT NOT NULL, line BLOB NOT NULL);"
    "CREATE INDEX letter_name ON letter(name);"
    "CREATE INDEX letter_state ON letter(state, stage);"
    "CREATE VIEW journal AS SELECT e.id AS entry, date(e.effective * 86400, 'unixepoch') AS date,"
    "  e.template, e.company, a.role, a.name AS account, l.amount, e.currency, e.load, e.scac,"
    "  e.shipment, e.subject, e.name AS key, r.name AS run"
    "  FROM entry e JOIN line l ON l.id BETWEEN e.id << 4 AND (e.id << 4) + 15"
    "  JOIN account a ON a.id = l.account JOIN run r ON r.id = e.run;"
    "CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN"
    "  SELECT RAISE(ABORT, 'entries are never changed'); END;"
    "CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN"
    "  SELECT RAISE(ABORT, 'entries are never changed'); END;"
    "CREATE TRIGGER line_update BEFORE UPDATE ON line BEGIN"
    "  SELECT RAISE(ABORT, 'entries are never changed'); END;"
    "CREATE TRIGGER line_delete BEFORE DELETE ON line BEGIN"
    "  SELECT RAISE(ABORT, 'entries are never changed'); END;"
    "CREATE TRIGGER chain_update BEFORE UPDATE ON chain BEGIN"
    "  SELECT RAISE(ABORT, 'the chain is never changed'); END;"
    "CREATE TRIGGER chain_delete BEFORE DELETE ON chain BEGIN"
    "  SELECT RAISE(ABORT, 'the chain is never changed'); END;";

/*
 * Statements
 */

static struct lgx_place
place_of(const struct lgx_ledger *l)
{
	return (struct lgx_place){ .file = l->path, .byte = -1 };
}

int
lgx_db_fail(const struct lgx_ledger *l, struct lgx_err *err)
{
	return lgx_err_fail(err, LGX_E_LEDGER_WRITE, place_of(l), "%s", sqlite3_errmsg(l->db));
}

sqlite3_stmt *
lgx_db_stmt(struct lgx_ledger *l, const char *sql, struct lgx_err *err)
{
	size_t	 i = 0;

	while (i < l->ncache && l->cache[i].sql != sql)
		i++;
	if (i == l->ncache) {
		assert(i < LGX_DB_STATEMENTS);
		if (sqlite3_prepare_v3(l->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &l->cache[i].stmt,
		    NULL) != SQLITE_OK) {
			(void)lgx_db_fail(l, err);
			return NULL;
		}
		l->cache[l->ncache++].sql = sql;
	}
	sqlite3_reset(l->cache[i].stmt);
	return l->cache[i].stmt;
}

int
lgx_db_step(struct lgx_ledger *l, sqlite3_stmt *stmt, struct lgx_err *err)
{
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		return LGX_OK;
	case SQLITE_DONE:
		sqlite3_reset(stmt);
		return LGX_EOF;
	default:
		(void)lgx_db_fail(l, err);
		sqlite3_reset(stmt);
		return LGX_FAIL;
	}
}

int
lgx_db_run(struct lgx_ledger *l, sqlite3_stmt *stmt, struct lgx_err *err)
{
	int	 st;

	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK)
		;
	return st == LGX_EOF ? LGX_OK : st;
}

int
lgx_db_exec(struct lgx_ledger *l, const char *sql, struct lgx_err *err)
{
	if (sqlite3_exec(l->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return lgx_db_fail(l, err);
	return LGX_OK;
}

void
lgx_db_text(sqlite3_stmt *stmt, int at, struct lgx_str s)
{
	if (s.n == 0)
		sqlite3_bind_null(stmt, at);
	else
		sqlite3_bind_text(stmt, at, s.p, (int)s.n, SQLITE_STATIC);
}

void
lgx_db_blob(sqlite3_stmt *stmt, int at, const void *p, size_t n)
{
	sqlite3_bind_blob(stmt, at, p, (int)n, SQLITE_STATIC);
}

struct lgx_str
lgx_db_column(sqlite3_stmt *stmt, int at)
{
	const char	*p = sqlite3_column_blob(stmt, at);

	return (struct lgx_str){ p != NULL ? p : "", (size_t)sqlite3_column_bytes(stmt, at) };
}

static int
get_int(struct lgx_ledger *l, const char *sql, int64_t *out, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, sql, err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	if ((st = lgx_db_step(l, stmt, err)) == LGX_OK)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return st;
}

void
lgx_ledger_now(struct lgx_buf *b)
{
	struct timespec	 now;

	clock_gettime(CLOCK_REALTIME, &now);
	lgx_time_put(b, now.tv_sec);
}

/*
 * The same for statements that take locks.  SQLite does not ask its busy
 * handler everywhere: not when the log is made or taken away by another.
 */
static int
exec_patiently(struct lgx_ledger *l, const char *sql, struct lgx_err *err)
{
	const struct timespec	 pause = { .tv_nsec = RETRY_MS * 1000000L };
	int			 st;

	for (int waited = 0; (st = lgx_db_exec(l, sql, err)) != LGX_OK; waited += RETRY_MS) {
		if ((sqlite3_errcode(l->db) & 0xFF) != SQLITE_BUSY || waited > BUSY_MS)
			break;
		nanosleep(&pause, NULL);
	}
	return st;
}

/*
 * Opening
 */

static int
cannot_open(const struct lgx_ledger *l, struct lgx_err *err, const char *why)
{
	return lgx_err_config(err, LGX_E_LEDGER_OPEN, place_of(l), "%s", why);
}

static int
open_file(struct lgx_ledger *l, unsigned how, struct lgx_err *err)
{
	int		 flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	const char	*name = (how & LGX_LEDGER_SCRATCH) != 0 ? "" : l->path;

	if ((how & (LGX_LEDGER_READ | LGX_LEDGER_MUST)) != 0 && access(l->path, R_OK) != 0)
		return cannot_open(l, err, strerror(errno));
	/* A reader opens for writing too, to recover a log that a crash left; it writes nothing. */
	if ((how & LGX_LEDGER_READ) != 0)
		flags = access(l->path, W_OK) == 0 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
	if (sqlite3_open_v2(name, &l->db, flags, NULL) != SQLITE_OK)
		return cannot_open(l, err, sqlite3_errmsg(l->db));
	sqlite3_extended_result_codes(l->db, 1);
	sqlite3_busy_timeout(l->db, BUSY_MS);
	return LGX_OK;
}

/* SQLite reads a file only at the first question, so this is where a stranger is found. */
static int
set_pragmas(struct lgx_ledger *l, unsigned how, struct lgx_err *err)
{
	static const char	common[] =
	    "PRAGMA trusted_schema=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-16384;";
	static const char	writer[] =
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8192;";

	if (lgx_db_exec(l, common, err) != LGX_OK)
		return cannot_open(l, err, sqlite3_errmsg(l->db));
	if ((how & (LGX_LEDGER_READ | LGX_LEDGER_SCRATCH)) != 0)
		return LGX_OK;
	return exec_patiently(l, writer, err) == LGX_OK ? LGX_OK :
	    cannot_open(l, err, sqlite3_errmsg(l->db));
}

static int
make_schema(struct lgx_ledger *l, bool test, struct lgx_err *err)
{
	struct lgx_buf	 b = { 0 };
	int		 st;

	lgx_buf_putf(&b, "PRAGMA application_id=%d; PRAGMA user_version=%d; %s",
	    APPLICATION_ID, LGX_LEDGER_SCHEMA, schema);
	lgx_buf_putf(&b, "INSERT INTO meta VALUES('usage', '%s');", test ? "test" : "production");
	st = lgx_db_exec(l, lgx_buf_z(&b), err);
	lgx_buf_release(&b);
	l->test = test;
	l->made = st == LGX_OK;
	return st;
}

/* An empty file becomes a ledger; anything else must be one. */
static int
check_schema(struct lgx_ledger *l, unsigned how, struct lgx_err *err)
{
	int64_t	 id = 0, version = 0, tables = 0, test = 0;
	int	 st;

	if (get_int(l, "PRAGMA application_id", &id, err) != LGX_OK ||
	    get_int(l, "PRAGMA user_version", &version, err) != LGX_OK ||
	    get_int(l, "SELECT count(*) FROM sqlite_schema", &tables, err) != LGX_OK)
		return cannot_open(l, err, sqlite3_errmsg(l->db));
	if (id == 0 && tables == 0 && (how & (LGX_LEDGER_READ | LGX_LEDGER_MUST)) == 0)
		return make_schema(l, (how & LGX_LEDGER_TEST) != 0, err);
	if (id != APPLICATION_ID)
		return cannot_open(l, err, "this file is no ledger of lgx");
	if (version > LGX_LEDGER_SCHEMA)
		return lgx_err_config(err, LGX_E_LEDGER_VERSION, place_of(l),
		    "the ledger has schema %lld, this lgx knows %d", (long long)version,
		    LGX_LEDGER_SCHEMA);
	if ((how & LGX_LEDGER_NEW) != 0)
		return cannot_open(l, err, "there is a ledger already");
	st = get_int(l, "SELECT value = 'test' FROM meta WHERE name = 'usage'", &test, err);
	l->test = test != 0;
	return st == LGX_EOF ? cannot_open(l, err, "the ledger has no usage") : st;
}

int
lgx_ledger_open(struct lgx_ledger **res, const char *path, unsigned how, struct lgx_err *err)
{
	struct lgx_ledger	*l = lgx_calloc(1, sizeof(*l));
	bool			 read = (how & LGX_LEDGER_READ) != 0;
	int			 st;

	*res = NULL;
	l->path = path;
	l->sha = lgx_sha_new();
	/* In a write transaction, so that two who make it at once make one. */
	if ((st = open_file(l, how, err)) == LGX_OK &&
	    (st = set_pragmas(l, how, err)) == LGX_OK &&
	    (st = exec_patiently(l, read ? "BEGIN" : "BEGIN IMMEDIATE", err)) == LGX_OK &&
	    (st = check_schema(l, how, err)) == LGX_OK)
		st = lgx_db_exec(l, "COMMIT", err);
	if (st == LGX_OK)
		*res = l;
	else
		lgx_ledger_close(l);
	return st;
}

bool
lgx_ledger_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

void
lgx_ledger_close(struct lgx_ledger *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->ncache; i++)
		sqlite3_finalize(l->cache[i].stmt);
	sqlite3_close(l->db);
	lgx_sha_free(l->sha);
	lgx_buf_release(&l->run_text);
	lgx_buf_release(&l->scratch);
	lgx_dict_release(&l->currencies);
	lgx_arena_release(&l->period_text);
	free(l->accounts);
	free(l->periods);
	free(l);
}

bool
lgx_ledger_is_test(const struct lgx_ledger *l)
{
	return l->test;
}

bool
lgx_ledger_is_new(const struct lgx_ledger *l)
{
	return l->made;
}

/*
 * Transactions
 */

static int
month_of(lgx_date d)
{
	struct lgx_civil c = lgx_date_civil(d);

	return c.year * 12 + c.month - 1;
}

static int
load_periods(struct lgx_ledger *l, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT company, journal, month FROM period", err);
	int		 st;

	l->nperiods = 0;
	lgx_arena_clear(&l->period_text);
	if (stmt == NULL)
		return LGX_FAIL;
	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK) {
		l->periods = lgx_grow(l->periods, &l->period_cap, l->nperiods + 1,
		    sizeof(*l->periods));
		l->periods[l->nperiods++] = (struct lgx_db_period){
		    lgx_arena_str(&l->period_text, lgx_db_column(stmt, 0)),
		    lgx_arena_str(&l->period_text, lgx_db_column(stmt, 1)),
		    sqlite3_column_int(stmt, 2) };
	}
	return st == LGX_EOF ? LGX_OK : st;
}

static int
load_head(struct lgx_ledger *l, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT hash FROM chain ORDER BY id DESC LIMIT 1", err);
	int64_t		 last = 0;
	int		 st;

	memset(l->head, 0, sizeof(l->head));
	if (stmt == NULL)
		return LGX_FAIL;
	if ((st = lgx_db_step(l, stmt, err)) == LGX_OK &&
	    lgx_db_column(stmt, 0).n == sizeof(l->head))
		memcpy(l->head, lgx_db_column(stmt, 0).p, sizeof(l->head));
	sqlite3_reset(stmt);
	if (st == LGX_FAIL || get_int(l, "SELECT max(id) FROM entry", &last, err) != LGX_OK)
		return LGX_FAIL;
	l->first = l->next = last + 1;
	return LGX_OK;
}

int
lgx_ledger_begin(struct lgx_ledger *l, struct lgx_err *err)
{
	int	 st;

	assert(!l->writing);
	if ((st = exec_patiently(l, "BEGIN IMMEDIATE", err)) != LGX_OK)
		return st;
	l->writing = true;
	lgx_sha_clear(l->sha);
	if ((st = load_head(l, err)) == LGX_OK && (st = load_periods(l, err)) == LGX_OK)
		st = lgx_db_exec(l, "SAVEPOINT clean", err);
	if (st != LGX_OK)
		lgx_ledger_rollback(l);
	return st;
}

/* Numbers that a rollback may have taken back are asked for again. */
static void
forget_numbers(struct lgx_ledger *l)
{
	l->naccounts = 0;
	l->run = 0;
	lgx_dict_release(&l->currencies);
	l->currencies = (struct lgx_dict){ 0 };
}

void
lgx_ledger_rollback(struct lgx_ledger *l)
{
	if (l->writing)
		sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	l->writing = false;
	forget_numbers(l);
}

int
lgx_ledger_retry(struct lgx_ledger *l, struct lgx_err *err)
{
	forget_numbers(l);
	lgx_sha_clear(l->sha);
	l->next = l->first;
	return lgx_db_exec(l, "ROLLBACK TO clean", err);
}

int
lgx_ledger_keep(struct lgx_ledger *l, struct lgx_err *err)
{
	l->first = l->next;
	return lgx_db_exec(l, "RELEASE clean; SAVEPOINT clean", err);
}

void
lgx_chain_link(const unsigned char head[LGX_SHA_SIZE], const unsigned char digest[LGX_SHA_SIZE],
    unsigned char out[LGX_SHA_SIZE])
{
	unsigned char	 both[2 * LGX_SHA_SIZE];

	memcpy(both, head, LGX_SHA_SIZE);
	memcpy(both + LGX_SHA_SIZE, digest, LGX_SHA_SIZE);
	lgx_sha_of((struct lgx_str){ (const char *)both, sizeof(both) }, out);
}

void
lgx_act_digest(struct lgx_str act, struct lgx_str actor, struct lgx_str reason,
    unsigned char out[LGX_SHA_SIZE])
{
	struct lgx_buf	 b = { 0 };

	lgx_buf_putf(&b, "%zu:%.*s%zu:%.*s%zu:%.*s", act.n, LGX_STR_ARG(act), actor.n,
	    LGX_STR_ARG(actor), reason.n, LGX_STR_ARG(reason));
	lgx_sha_of(lgx_buf_str(&b), out);
	lgx_buf_release(&b);
}

static int
add_link(struct lgx_ledger *l, const unsigned char digest[LGX_SHA_SIZE], struct lgx_str act,
    struct lgx_str actor, struct lgx_str reason, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "INSERT INTO chain(first, last, hash, at, act, actor,"
	    " reason) VALUES(?, ?, ?, ?, ?, ?, ?)", err);
	unsigned char	 hash[LGX_SHA_SIZE];
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_chain_link(l->head, digest, hash);
	lgx_buf_clear(&l->scratch);
	lgx_ledger_now(&l->scratch);
	sqlite3_clear_bindings(stmt);
	if (act.n == 0) {
		sqlite3_bind_int64(stmt, 1, l->first);
		sqlite3_bind_int64(stmt, 2, l->next - 1);
	}
	lgx_db_blob(stmt, 3, hash, sizeof(hash));
	lgx_db_text(stmt, 4, lgx_buf_str(&l->scratch));
	lgx_db_text(stmt, 5, act);
	lgx_db_text(stmt, 6, actor);
	lgx_db_text(stmt, 7, reason);
	if ((st = lgx_db_run(l, stmt, err)) == LGX_OK)
		memcpy(l->head, hash, sizeof(hash));
	return st;
}

int
lgx_ledger_commit(struct lgx_ledger *l, struct lgx_err *err)
{
	unsigned char	 digest[LGX_SHA_SIZE];
	int		 st = LGX_OK;

	assert(l->writing);
	if (l->next > l->first) {
		lgx_sha_end(l->sha, digest);
		st = add_link(l, digest, LGX_STR_EMPTY, LGX_STR_EMPTY, LGX_STR_EMPTY, err);
	}
	if (st == LGX_OK)
		st = lgx_db_exec(l, "COMMIT", err);
	if (st != LGX_OK)
		lgx_ledger_rollback(l);
	l->writing = false;
	return st;
}

/*
 * Periods
 */

bool
lgx_ledger_closed(const struct lgx_ledger *l, struct lgx_str company, struct lgx_str journal,
    lgx_date date)
{
	for (size_t i = 0; i < l->nperiods; i++) {
		const struct lgx_db_period *p = &l->periods[i];

		if (p->month == month_of(date) &&
		    (p->company.n == 0 || lgx_str_eq(p->company, company)) &&
		    (p->journal.n == 0 || lgx_str_eq(p->journal, journal)))
			return true;
	}
	return false;
}

static int
write_period(struct lgx_ledger *l, struct lgx_str company, struct lgx_str journal, lgx_date month,
    bool closed, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, closed ?
	    "INSERT OR IGNORE INTO period VALUES(?, ?, ?)" :
	    "DELETE FROM period WHERE company = ? AND journal = ? AND month = ?", err);

	if (stmt == NULL)
		return LGX_FAIL;
	sqlite3_bind_text(stmt, 1, company.p, (int)company.n, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, journal.p, (int)journal.n, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 3, month_of(month));
	return lgx_db_run(l, stmt, err);
}

int
lgx_ledger_set_period(struct lgx_ledger *l, struct lgx_str company, struct lgx_str journal,
    lgx_date month, bool closed, struct lgx_str actor, struct lgx_str reason, struct lgx_err *err)
{
	struct lgx_civil c = lgx_date_civil(month);
	unsigned char	 digest[LGX_SHA_SIZE];
	struct lgx_buf	 act = { 0 };
	int		 st;

	lgx_buf_putf(&act, "%s %04d-%02d", closed ? "close" : "reopen", c.year, c.month);
	if (company.n > 0)
		lgx_buf_putf(&act, " company %.*s", LGX_STR_ARG(company));
	if (journal.n > 0)
		lgx_buf_putf(&act, " journal %.*s", LGX_STR_ARG(journal));
	if ((st = lgx_ledger_begin(l, err)) != LGX_OK)
		goto out;
	lgx_act_digest(lgx_buf_str(&act), actor, reason, digest);
	if ((st = write_period(l, company, journal, month, closed, err)) == LGX_OK &&
	    sqlite3_changes(l->db) > 0)
		st = add_link(l, digest, lgx_buf_str(&act), actor, reason, err);
	if (st == LGX_OK)
		st = lgx_ledger_commit(l, err);
	else
		lgx_ledger_rollback(l);
out:
	lgx_buf_release(&act);
	return st;
}
