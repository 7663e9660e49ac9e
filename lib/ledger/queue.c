/*
 * ledger/queue.c - dead letters in the ledger, and their way back
 * Floor ledger: stands on base and rec.
 */
#include "ledger/db.h"
#include "ledger/queue.h"

/* ORDER LETTER STATE */
static const char *const state_names[] = { "waiting", "replayed", "parked", "settled" };

_Static_assert(LGX_LEN(state_names) == LGX_LETTER_STATES, "a name for every state");

const char *
lgx_letter_state_name(enum lgx_letter_state s)
{
	return state_names[s];
}

static enum lgx_letter_state
state_of(struct lgx_str name)
{
	for (int i = 0; i < LGX_LETTER_STATES; i++)
		if (lgx_str_eq(name, lgx_str_of(state_names[i])))
			return (enum lgx_letter_state)i;
	return LGX_LETTER_WAITING;
}

/* Where the letter came from, whatever was found wrong with it. */
static int
find_origin(struct lgx_ledger *l, struct lgx_rec *rec, unsigned char origin[LGX_SHA_SIZE],
    struct lgx_err *err)
{
	enum lgx_member	 original = lgx_rec_has(rec, LGX_M_record) ? LGX_M_record : LGX_M_raw;

	if (!lgx_rec_has(rec, original))
		return lgx_err_reject(err, LGX_E_REC_MISSING, rec->place,
		    "a dead letter without record or raw");
	lgx_buf_clear(&l->scratch);
	lgx_buf_puts(&l->scratch, lgx_rec_str(rec, LGX_M_stage));
	lgx_buf_putc(&l->scratch, '\n');
	lgx_buf_puts(&l->scratch, lgx_node_json(rec, rec->top[original]));
	lgx_sha_of(lgx_buf_str(&l->scratch), origin);
	return LGX_OK;
}

static void
bind_all(sqlite3_stmt *stmt, int at, struct lgx_str s)	/* empty is empty, not NULL */
{
	sqlite3_bind_text(stmt, at, s.p, (int)s.n, SQLITE_STATIC);
}

int
lgx_queue_file(struct lgx_ledger *l, struct lgx_rec *rec, const struct lgx_key *key,
    const unsigned char *hash, struct lgx_str when, int64_t *id, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "INSERT INTO letter(origin, stage, reason, message,"
	    " retryable, blocked_by, key, hash, state, attempts, first_at, last_at, line)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?9, ?9, ?10)"
	    " ON CONFLICT(origin) DO UPDATE SET reason = excluded.reason,"
	    " message = excluded.message, retryable = excluded.retryable,"
	    " blocked_by = excluded.blocked_by, last_at = excluded.last_at, line = excluded.line,"
	    " key = coalesce(excluded.key, key), hash = coalesce(excluded.hash, hash),"
	    " state = iif(state = 'parked', state, 'waiting') RETURNING id", err);
	unsigned char	 origin[LGX_SHA_SIZE];
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	if ((st = find_origin(l, rec, origin, err)) != LGX_OK)
		return st;
	sqlite3_clear_bindings(stmt);
	lgx_db_blob(stmt, 1, origin, sizeof(origin));
	bind_all(stmt, 2, lgx_rec_str(rec, LGX_M_stage));
	bind_all(stmt, 3, lgx_rec_str(rec, LGX_M_reason));
	bind_all(stmt, 4, lgx_rec_str(rec, LGX_M_message));
	sqlite3_bind_int(stmt, 5, lgx_str_eq(lgx_rec_str(rec, LGX_M_retryable), LGX_STR("true")));
	lgx_db_text(stmt, 6, lgx_rec_str(rec, LGX_M_blocked_by));
	if (key != NULL && hash != NULL) {
		lgx_db_blob(stmt, 7, key->b, LGX_KEY_SIZE);
		lgx_db_blob(stmt, 8, hash, LGX_DIGEST_SIZE);
	}
	bind_all(stmt, 9, when);
	lgx_db_blob(stmt, 10, rec->line.p, rec->line.n);
	if ((st = lgx_db_step(l, stmt, err)) != LGX_OK)
		return st;
	*id = sqlite3_column_int64(stmt, 0);
	return lgx_db_run(l, stmt, err);
}

int
lgx_queue_settle(struct lgx_ledger *l, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "UPDATE letter SET state = 'settled'"
	    " WHERE state IN ('waiting', 'replayed', 'parked') AND key IS NOT NULL AND"
	    " EXISTS(SELECT 1 FROM entry e WHERE e.key = letter.key AND e.hash = letter.hash)", err);

	return stmt == NULL ? LGX_FAIL : lgx_db_run(l, stmt, err);
}

int
lgx_queue_pick(struct lgx_ledger *l, int64_t id, struct lgx_err *err)
{
	sqlite3_stmt	*stmt;

	if (lgx_db_exec(l, "CREATE TEMP TABLE IF NOT EXISTS picked(id INTEGER PRIMARY KEY)",
	    err) != LGX_OK ||
	    (stmt = lgx_db_stmt(l, "INSERT OR IGNORE INTO picked VALUES(?)", err)) == NULL)
		return LGX_FAIL;
	sqlite3_bind_int64(stmt, 1, id);
	return lgx_db_run(l, stmt, err);
}

#define LETTERS(more)							\
    "SELECT id, stage, reason, message, blocked_by, first_at, last_at, line, retryable, state," \
    " attempts FROM letter WHERE (?1 IS NULL OR stage = ?1) AND (?2 IS NULL OR reason = ?2)"	\
    " AND (?3 IS NULL OR last_at >= ?3) AND (?4 = 0 OR retryable)"	\
    " AND (?6 OR state = 'waiting' OR (?5 AND state = 'replayed'))" more " ORDER BY id"

int
lgx_queue_each(struct lgx_ledger *l, const struct lgx_letter_filter *f, lgx_letter_fn *fn,
    void *arg, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, f->filed ?
	    LETTERS(" AND id IN (SELECT id FROM temp.picked)") : LETTERS(""), err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_text(stmt, 1, f->stage);
	lgx_db_text(stmt, 2, f->reason);
	lgx_db_text(stmt, 3, f->since);
	sqlite3_bind_int(stmt, 4, f->retryable);
	sqlite3_bind_int(stmt, 5, f->again);
	sqlite3_bind_int(stmt, 6, f->settled);
	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK) {
		struct lgx_letter letter = {
			.id = sqlite3_column_int64(stmt, 0),
			.stage = lgx_db_column(stmt, 1), .reason = lgx_db_column(stmt, 2),
			.message = lgx_db_column(stmt, 3), .blocked_by = lgx_db_column(stmt, 4),
			.first = lgx_db_column(stmt, 5), .last = lgx_db_column(stmt, 6),
			.line = lgx_db_column(stmt, 7),
			.retryable = sqlite3_column_int(stmt, 8) != 0,
			.state = state_of(lgx_db_column(stmt, 9)),
			.attempts = sqlite3_column_int64(stmt, 10),
		};

		if ((st = fn(arg, &letter, err)) != LGX_OK)
			break;
	}
	sqlite3_reset(stmt);
	return st == LGX_EOF ? LGX_OK : st;
}

int
lgx_queue_mark(struct lgx_ledger *l, int64_t id, enum lgx_letter_state state, bool attempt,
    struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "UPDATE letter SET state = ?, attempts = attempts + ?"
	    " WHERE id = ?", err);

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_text(stmt, 1, lgx_str_of(state_names[state]));
	sqlite3_bind_int(stmt, 2, attempt);
	sqlite3_bind_int64(stmt, 3, id);
	return lgx_db_run(l, stmt, err);
}
