/*
 * ledger/verify.c - does the ledger hold together
 * Floor ledger: stands on base and rec.
 */
#include "ledger/db.h"

struct verify {
	struct lgx_ledger	*ledger;
	struct lgx_sha		*sha;		/* of the link being walked */
	unsigned char		 head[LGX_SHA_SIZE];
	int64_t			 next;		/* id that the next entry must have */
	struct lgx_verified	*done;
	struct lgx_buf		 text;
};

static int
fault(const struct verify *v, struct lgx_err *err, const char *what, struct lgx_str which)
{
	struct lgx_place place = { .file = v->ledger->path, .byte = -1 };

	return lgx_err_reject(err, LGX_E_LEDGER_VERIFY, place, "%s%s%.*s", what,
	    which.n > 0 ? " " : "", LGX_STR_ARG(which));
}

static int
verify_entry(void *arg, const struct lgx_posted *p, struct lgx_err *err)
{
	struct verify	*v = arg;
	struct lgx_key	 key = lgx_key_of(p->name, NULL);
	lgx_i128	 sum = 0;

	if (p->id != v->next++)
		return fault(v, err, "an entry is missing before", p->name);
	if (lgx_key_cmp(&key, &p->key) != 0)
		return fault(v, err, "the index does not have", p->name);
	for (size_t i = 0; i < p->nlines; i++)
		sum += p->line[i].minor;
	if (sum != 0 || p->nlines == 0)
		return fault(v, err, "debits and credits differ in", p->name);
	lgx_buf_clear(&v->text);
	lgx_posted_hash(&v->text, p);
	lgx_sha_add(v->sha, lgx_buf_str(&v->text));
	v->done->entries++;
	return LGX_OK;
}

/* ORDER: columns of verify_chain */
enum { L_ID, L_FIRST, L_LAST, L_HASH, L_ACT, L_ACTOR, L_REASON };

static int
verify_link(struct verify *v, sqlite3_stmt *link, struct lgx_err *err)
{
	struct lgx_str	 hash = lgx_db_column(link, L_HASH), act = lgx_db_column(link, L_ACT);
	unsigned char	 digest[LGX_SHA_SIZE];
	int64_t		 last = sqlite3_column_int64(link, L_LAST);
	int		 st = LGX_OK;

	if (act.n > 0) {
		lgx_act_digest(act, lgx_db_column(link, L_ACTOR), lgx_db_column(link, L_REASON),
		    digest);
	} else {
		if (sqlite3_column_int64(link, L_FIRST) != v->next)
			return fault(v, err, "the chain leaves out entries", LGX_STR_EMPTY);
		if ((st = lgx_ledger_each_linked(v->ledger, v->next, last, verify_entry, v,
		    err)) != LGX_OK)
			return st;
		if (v->next != last + 1)
			return fault(v, err, "entries of the chain are missing", LGX_STR_EMPTY);
		lgx_sha_end(v->sha, digest);
	}
	lgx_chain_link(v->head, digest, v->head);
	if (!lgx_str_eq(hash, (struct lgx_str){ (const char *)v->head, sizeof(v->head) }))
		return fault(v, err, "the chain is broken: what was booked or done was changed after "
		    "link", lgx_db_column(link, L_ID));
	v->done->links++;
	return LGX_OK;
}

static int
verify_chain(struct verify *v, struct lgx_err *err)
{
	sqlite3_stmt	*link = lgx_db_stmt(v->ledger, "SELECT id, first, last, hash, act, actor,"
	    " reason FROM chain ORDER BY id", err);
	int		 st;

	if (link == NULL)
		return LGX_FAIL;
	while ((st = lgx_db_step(v->ledger, link, err)) == LGX_OK)
		if ((st = verify_link(v, link, err)) != LGX_OK)
			break;
	sqlite3_reset(link);
	return st == LGX_EOF ? LGX_OK : st;
}

/*
 * Questions that have no row in a sound ledger; a row is what is wrong.
 */
static const struct { const char *sql, *what; } questions[] = {
	{ "SELECT name FROM entry WHERE id > (SELECT coalesce(max(last), 0) FROM chain) LIMIT 1",
	    "an entry is not in the chain:" },
	{ "SELECT l.id FROM line l LEFT JOIN entry e ON e.id = l.id >> 4 WHERE e.id IS NULL LIMIT 1",
	    "a line belongs to no entry:" },
	{ "SELECT e.name FROM entry e LEFT JOIN entry o ON o.key = e.reverses"
	    " WHERE e.reverses IS NOT NULL AND o.id IS NULL LIMIT 1",
	    "it reverses an entry that is not there:" },
	{ "SELECT e.name FROM line l JOIN account a ON a.id = l.account"
	    " JOIN entry e ON e.id = l.id >> 4 WHERE a.control AND"
	    " coalesce(e.load, e.shipment) IS NULL LIMIT 1",
	    "a line of a control account names no shipment:" },
	/* the sub-ledger by shipment is made of the lines of the control role */
	{ "SELECT a.name FROM line l JOIN account a ON a.id = l.account JOIN entry e ON"
	    " e.id = l.id >> 4 WHERE a.name IN (SELECT name FROM account WHERE control)"
	    " GROUP BY a.name, a.company, e.currency"
	    " HAVING sum(l.amount) <> sum(iif(a.control AND"
	    " coalesce(e.load, e.shipment) IS NOT NULL, l.amount, 0))"
	    " LIMIT 1", "the sub-ledger by shipment does not sum to its control account" },
};

static int
verify_questions(struct verify *v, struct lgx_err *err)
{
	for (size_t i = 0; i < LGX_LEN(questions); i++) {
		sqlite3_stmt	*stmt = lgx_db_stmt(v->ledger, questions[i].sql, err);
		int		 st;

		if (stmt == NULL)
			return LGX_FAIL;
		if ((st = lgx_db_step(v->ledger, stmt, err)) == LGX_OK)
			st = fault(v, err, questions[i].what, lgx_db_column(stmt, 0));
		sqlite3_reset(stmt);
		if (st != LGX_EOF)
			return st;
	}
	return LGX_OK;
}

/* SQLite's own check of the file, before anything in it is believed. */
static int
verify_file(struct verify *v, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(v->ledger, "PRAGMA integrity_check(1)", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	if ((st = lgx_db_step(v->ledger, stmt, err)) == LGX_OK &&
	    !lgx_str_eq(lgx_db_column(stmt, 0), LGX_STR("ok")))
		st = fault(v, err, "the file is damaged:", lgx_db_column(stmt, 0));
	sqlite3_reset(stmt);
	return st;
}

int
lgx_ledger_verify(struct lgx_ledger *l, struct lgx_verified *done, struct lgx_err *err)
{
	struct verify	 v = { .ledger = l, .sha = lgx_sha_new(), .next = 1, .done = done };
	int		 st;

	*done = (struct lgx_verified){ 0 };
	/* One snapshot: posters may go on meanwhile. */
	if ((st = lgx_db_exec(l, "BEGIN", err)) != LGX_OK)
		goto out;
	if ((st = verify_file(&v, err)) == LGX_OK && (st = verify_chain(&v, err)) == LGX_OK)
		st = verify_questions(&v, err);
	sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
out:
	lgx_sha_free(v.sha);
	lgx_buf_release(&v.text);
	return st;
}
