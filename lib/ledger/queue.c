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

/*
 * The letter that this one is: of the same origin, or one that a person has
 * corrected, which keeps its id and has other bytes.
 */
static int
find_letter(struct lgx_ledger *l, const unsigned char origin[LGX_SHA_SIZE], struct lgx_str name,
    int64_t *id, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT id FROM letter WHERE origin = ?1 OR name = ?2"
	    " ORDER BY origin = ?1 DESC LIMIT 1", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_blob(stmt, 1, origin, LGX_SHA_SIZE);
	lgx_db_text(stmt, 2, name);
	if ((st = lgx_db_step(l, stmt, err)) == LGX_OK)
		*id = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return st;
}

/* What failed again waits again; what is parked stays so. */
static const char	refile[] = "UPDATE letter SET origin = ?1, name = ?2, stage = ?3,"
    " reason = ?4, message = ?5, retryable = ?6, blocked_by = ?7, key = coalesce(?8, key),"
    " hash = coalesce(?9, hash), last_at = ?10, line = ?11,"
    " filed = filed + 1,"
    " state = iif(state = 'parked' AND origin = ?1, state, 'waiting') WHERE id = ?12";
static const char	file_new[] = "INSERT INTO letter(origin, name, stage, reason, message,"
    " retryable, blocked_by, key, hash, first_at, last_at, line, state, attempts,"
    " filed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, 'waiting', 0, 1)";

int
lgx_queue_file(struct lgx_ledger *l, struct lgx_rec *rec, const struct lgx_key *key,
    const unsigned char *hash, struct lgx_str when, int64_t *id, struct lgx_err *err)
{
	unsigned char	 origin[LGX_SHA_SIZE];
	sqlite3_stmt	*stmt;
	int		 found, st;

	if ((st = find_origin(l, rec, origin, err)) != LGX_OK)
		return st;
	if ((found = find_letter(l, origin, lgx_rec_str(rec, LGX_M_id), id, err)) == LGX_FAIL ||
	    (stmt = lgx_db_stmt(l, found == LGX_OK ? refile : file_new, err)) == NULL)
		return LGX_FAIL;
	sqlite3_clear_bindings(stmt);
	lgx_db_blob(stmt, 1, origin, sizeof(origin));
	lgx_db_text(stmt, 2, lgx_rec_str(rec, LGX_M_id));
	bind_all(stmt, 3, lgx_rec_str(rec, LGX_M_stage));
	bind_all(stmt, 4, lgx_rec_str(rec, LGX_M_reason));
	bind_all(stmt, 5, lgx_rec_str(rec, LGX_M_message));
	sqlite3_bind_int(stmt, 6, lgx_str_eq(lgx_rec_str(rec, LGX_M_retryable), LGX_STR("true")));
	lgx_db_text(stmt, 7, lgx_rec_str(rec, LGX_M_blocked_by));
	if (key != NULL)
		lgx_db_blob(stmt, 8, key->b, LGX_KEY_SIZE);
	if (hash != NULL)
		lgx_db_blob(stmt, 9, hash, LGX_DIGEST_SIZE);
	bind_all(stmt, 10, when);
	lgx_db_blob(stmt, 11, rec->line.p, rec->line.n);
	if (found == LGX_OK)
		sqlite3_bind_int64(stmt, 12, *id);
	if ((st = lgx_db_run(l, stmt, err)) == LGX_OK && found != LGX_OK)
		*id = sqlite3_last_insert_rowid(l->db);
	return st;
}

int
lgx_queue_settle(struct lgx_ledger *l, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "UPDATE letter SET state = 'settled'"
	    " WHERE state IN ('waiting', 'replayed', 'parked') AND key IS NOT NULL AND"
	    " EXISTS(SELECT 1 FROM entry e WHERE e.key = letter.key"
	    " AND (letter.hash IS NULL OR e.hash = letter.hash))", err);

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
    " attempts, filed FROM letter WHERE (?1 IS NULL OR stage = ?1) AND (?2 IS NULL OR reason = ?2)"	\
    " AND (?3 IS NULL OR last_at >= ?3) AND (?4 = 0 OR retryable)"	\
    " AND (?6 OR state = 'waiting' OR (?5 AND state = 'replayed'))" more " ORDER BY id"

int
lgx_queue_each(struct lgx_ledger *l, const struct lgx_letter_filter *f, lgx_letter_fn *fn,
    void *arg, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, f->picked ?
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
			.filed = sqlite3_column_int64(stmt, 11),
		};

		if ((st = fn(arg, &letter, err)) != LGX_OK)
			break;
	}
	sqlite3_reset(stmt);
	return st == LGX_EOF ? LGX_OK : st;
}

/* The reader of the pipe may be faster: what it filed or settled meanwhile stands. */
int
lgx_queue_mark(struct lgx_ledger *l, int64_t id, int64_t filed, enum lgx_letter_state state,
    bool attempt, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "UPDATE letter SET attempts = attempts + ?2,"
	    " state = iif(filed = ?3 AND state <> 'settled', ?1, state) WHERE id = ?4", err);

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_text(stmt, 1, lgx_str_of(state_names[state]));
	sqlite3_bind_int(stmt, 2, attempt);
	sqlite3_bind_int64(stmt, 3, filed);
	sqlite3_bind_int64(stmt, 4, id);
	return lgx_db_run(l, stmt, err);
}

int
lgx_queue_groups(struct lgx_ledger *l, lgx_letter_group_fn *fn, void *arg, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT stage, reason, state, count(*), max(attempts),"
	    " min(first_at), max(last_at) FROM letter GROUP BY stage, reason, state"
	    " ORDER BY stage, reason, state", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK) {
		struct lgx_letter_group g = { .stage = lgx_db_column(stmt, 0),
		    .reason = lgx_db_column(stmt, 1), .state = lgx_db_column(stmt, 2),
		    .count = sqlite3_column_int64(stmt, 3),
		    .attempts = sqlite3_column_int64(stmt, 4),
		    .first = lgx_db_column(stmt, 5), .last = lgx_db_column(stmt, 6) };

		if ((st = fn(arg, &g, err)) != LGX_OK)
			break;
	}
	sqlite3_reset(stmt);
	return st == LGX_EOF ? LGX_OK : st;
}

/*
 * Originals
 */

static struct lgx_str
around(struct lgx_rec *rec, const char *name, struct lgx_buf *b, bool *good)
{
	uint32_t	 node = lgx_node_get(rec, 0, lgx_str_of(name));

	lgx_buf_clear(b);
	if (node != 0 && !lgx_node_octets(rec, node, b))
		*good = false;
	return lgx_buf_str(b);
}

static int
read_raw(struct lgx_original *o, struct lgx_rec *rec, struct lgx_err *err)
{
	struct lgx_buf	*b = &o->bytes;
	bool		 good = true;
	struct lgx_str	 lead = around(rec, "lead", &o->scratch, &good), tail;

	if (!lgx_str_eq(lead, lgx_buf_str(&o->lead)))
		lgx_buf_puts(b, lead);
	lgx_buf_clear(&o->lead);
	lgx_buf_puts(&o->lead, lead);
	if (!good || !lgx_node_octets(rec, rec->top[LGX_M_raw], b)) {
		lgx_buf_clear(&o->lead);
		return lgx_err_reject(err, LGX_E_REPLAY_HEAD, rec->place,
		    "only the head of the original is in the letter; send the file that src names");
	}
	tail = around(rec, "tail", &o->scratch, &good);
	lgx_buf_puts(b, tail);
	if (tail.n > 0)
		lgx_buf_clear(&o->lead);
	else if (b->n > 0 && b->p[b->n - 1] != '\n')
		lgx_buf_putc(b, '\n');
	return LGX_OK;
}

int
lgx_original_read(struct lgx_original *o, struct lgx_rec *rec, struct lgx_err *err)
{
	lgx_buf_clear(&o->bytes);
	o->is_record = lgx_rec_has(rec, LGX_M_record);
	if (!o->is_record)
		return read_raw(o, rec, err);
	lgx_buf_clear(&o->lead);
	lgx_buf_puts(&o->bytes, lgx_node_json(rec, rec->top[LGX_M_record]));
	lgx_buf_putc(&o->bytes, '\n');
	return LGX_OK;
}

void
lgx_original_release(struct lgx_original *o)
{
	lgx_buf_release(&o->bytes);
	lgx_buf_release(&o->lead);
	lgx_buf_release(&o->scratch);
}
