/*
 * ledger/book.c - entries into the ledger, and out of it again
 * Floor ledger: stands on base and rec.
 *
 * What is inserted and what is read back take the same form (struct
 * lgx_posted), so that the chain hashes both with one function.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/table.h"
#include "ledger/db.h"

/*
 * Numbers of accounts, runs and currencies
 */

static int
insert_account(struct lgx_ledger *l, const struct lgx_company *c, const struct lgx_role *role,
    struct lgx_str account, int64_t *id, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "INSERT INTO account(company, role, name, control)"
	    " VALUES(?, ?, ?, ?) ON CONFLICT(company, role, name) DO UPDATE SET name = name"
	    " RETURNING id", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_text(stmt, 1, c->name);
	lgx_db_text(stmt, 2, role->name);
	lgx_db_text(stmt, 3, account);
	sqlite3_bind_int(stmt, 4, role->control);
	if ((st = lgx_db_step(l, stmt, err)) != LGX_OK)
		return st;
	*id = sqlite3_column_int64(stmt, 0);
	return lgx_db_run(l, stmt, err);
}

static int
account_id(struct lgx_ledger *l, const struct lgx_journals *j, const struct lgx_company *c,
    int role, int64_t *id, struct lgx_err *err)
{
	size_t	 i = 0;

	while (i < l->naccounts && l->accounts[i].company != c)
		i++;
	if (i == l->naccounts) {
		l->accounts = lgx_grow(l->accounts, &l->account_cap, i + 1, sizeof(*l->accounts));
		l->accounts[l->naccounts++] = (struct lgx_db_account){ .company = c };
	}
	*id = l->accounts[i].id[role];
	if (*id != 0)
		return LGX_OK;
	if (insert_account(l, c, &j->role[role], c->account[role], id, err) != LGX_OK)
		return LGX_FAIL;
	l->accounts[i].id[role] = *id;
	return LGX_OK;
}

static int
insert_run(struct lgx_ledger *l, const struct lgx_decision *d, struct lgx_err *err)
{
	const struct lgx_str	 text[] = { d->run, d->as_of, d->rules, d->config };
	sqlite3_stmt		*stmt = lgx_db_stmt(l, "INSERT INTO run(name, as_of, rules, config)"
	    " VALUES(?, ?, ?, ?) ON CONFLICT(name, as_of, rules, config) DO UPDATE"
	    " SET name = name RETURNING id", err);
	int			 st;

	if (stmt == NULL)
		return LGX_FAIL;
	for (int i = 0; i < 4; i++)
		sqlite3_bind_text(stmt, i + 1, text[i].p, (int)text[i].n, SQLITE_STATIC);
	if ((st = lgx_db_step(l, stmt, err)) != LGX_OK)
		return st;
	l->run = sqlite3_column_int64(stmt, 0);
	return lgx_db_run(l, stmt, err);
}

/* Decisions of a run come together, so the last number is remembered. */
static int
run_id(struct lgx_ledger *l, const struct lgx_decision *d, struct lgx_err *err)
{
	struct lgx_buf	*b = &l->scratch;

	lgx_buf_clear(b);
	lgx_buf_puts(b, d->run);
	lgx_buf_putc(b, '\0');
	lgx_buf_puts(b, d->as_of);
	lgx_buf_putc(b, '\0');
	lgx_buf_puts(b, d->rules);
	lgx_buf_putc(b, '\0');
	lgx_buf_puts(b, d->config);
	if (l->run != 0 && lgx_str_eq(lgx_buf_str(b), lgx_buf_str(&l->run_text)))
		return LGX_OK;
	lgx_buf_clear(&l->run_text);
	lgx_buf_puts(&l->run_text, lgx_buf_str(b));
	return insert_run(l, d, err);
}

/* The digits are kept, so that the amounts mean the same whatever a table says later. */
static int
know_currency(struct lgx_ledger *l, const struct lgx_posted *p, struct lgx_err *err)
{
	sqlite3_stmt	*stmt;

	if (lgx_dict_find(&l->currencies, p->currency) != LGX_DICT_NONE)
		return LGX_OK;
	if ((stmt = lgx_db_stmt(l, "INSERT OR IGNORE INTO currency VALUES(?, ?)", err)) == NULL)
		return LGX_FAIL;
	lgx_db_text(stmt, 1, p->currency);
	sqlite3_bind_int(stmt, 2, p->digits);
	if (lgx_db_run(l, stmt, err) != LGX_OK)
		return LGX_FAIL;
	(void)lgx_dict_add(&l->currencies, p->currency);
	return LGX_OK;
}

/*
 * Booking
 */

static int
compose(struct lgx_ledger *l, const struct lgx_journals *j, const struct lgx_entry *e,
    const struct lgx_decision *d, struct lgx_posted *p, struct lgx_err *err)
{
	*p = (struct lgx_posted){ .id = l->next, .key = e->key, .name = e->name,
	    .has_reverses = e->reverses.n > 0, .reverses_name = e->reverses,
	    .template = e->template->name, .company = e->company->name,
	    .currency = e->currency, .digits = e->digits, .effective = e->effective,
	    .event = e->event, .hash = { (const char *)e->hash, sizeof(e->hash) },
	    .run = d->run, .as_of = d->as_of, .rules = d->rules, .config = d->config,
	    .subject = d->subject, .shipment = d->shipment, .load = d->load, .scac = d->scac,
	    .pro = d->pro, .bol = d->bol, .customer = d->customer, .evidence = d->evidence,
	    .src = d->src, .nlines = e->nlines };
	if (p->has_reverses)
		p->reverses = lgx_key_of(e->reverses, NULL);
	for (size_t i = 0; i < e->nlines; i++) {
		int	 role = e->line[i].role;

		p->line[i] = (struct lgx_posted_line){ j->role[role].name,
		    e->company->account[role], e->line[i].account, e->line[i].minor };
		if (p->line[i].account_id == 0 && account_id(l, j, e->company, role,
		    &p->line[i].account_id, err) != LGX_OK)
			return LGX_FAIL;
	}
	return run_id(l, d, err) == LGX_OK ? know_currency(l, p, err) : LGX_FAIL;
}

static int
insert_entry(struct lgx_ledger *l, const struct lgx_posted *p, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(key) DO NOTHING", err);

	if (stmt == NULL)
		return LGX_FAIL;
	sqlite3_bind_int64(stmt, 1, p->id);
	lgx_db_blob(stmt, 2, p->key.b, LGX_KEY_SIZE);
	lgx_db_text(stmt, 3, p->name);
	lgx_db_text(stmt, 4, p->template);
	lgx_db_text(stmt, 5, p->company);
	lgx_db_text(stmt, 6, p->currency);
	sqlite3_bind_int(stmt, 7, p->effective);
	sqlite3_bind_int(stmt, 8, p->event);
	lgx_db_blob(stmt, 9, p->hash.p, p->hash.n);
	if (p->has_reverses)
		lgx_db_blob(stmt, 10, p->reverses.b, LGX_KEY_SIZE);
	else
		sqlite3_bind_null(stmt, 10);
	sqlite3_bind_int64(stmt, 11, l->run);
	lgx_db_text(stmt, 12, p->subject);
	lgx_db_text(stmt, 13, p->shipment);
	lgx_db_text(stmt, 14, p->load);
	lgx_db_text(stmt, 15, p->scac);
	lgx_db_text(stmt, 16, p->pro);
	lgx_db_text(stmt, 17, p->bol);
	lgx_db_text(stmt, 18, p->customer);
	lgx_db_text(stmt, 19, p->evidence);
	lgx_db_text(stmt, 20, p->src);
	return lgx_db_run(l, stmt, err);
}

static int
insert_lines(struct lgx_ledger *l, const struct lgx_posted *p, struct lgx_err *err)
{
	sqlite3_stmt	*stmt;

	for (size_t i = 0; i < p->nlines; i++) {
		if ((stmt = lgx_db_stmt(l, "INSERT INTO line VALUES(?, ?, ?)", err)) == NULL)
			return LGX_FAIL;
		sqlite3_bind_int64(stmt, 1, p->id << LGX_LINE_BITS | (int64_t)i);
		sqlite3_bind_int64(stmt, 2, p->line[i].account_id);
		sqlite3_bind_int64(stmt, 3, p->line[i].minor);
		if (lgx_db_run(l, stmt, err) != LGX_OK)
			return LGX_FAIL;
	}
	return LGX_OK;
}

/* The key is there: with the same content? */
static int
compare_booked(struct lgx_ledger *l, const struct lgx_posted *p, struct lgx_entry *e,
    enum lgx_booking *booking, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT hash, name, effective FROM entry"
	    " WHERE key = ?", err);

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_blob(stmt, 1, p->key.b, LGX_KEY_SIZE);
	if (lgx_db_step(l, stmt, err) != LGX_OK)
		return LGX_FAIL;
	*booking = lgx_str_eq(lgx_db_column(stmt, 0), p->hash) &&
	    lgx_str_eq(lgx_db_column(stmt, 1), p->name) ? LGX_REPEATED : LGX_CONFLICT;
	if (*booking == LGX_REPEATED)
		e->effective = sqlite3_column_int(stmt, 2);
	sqlite3_reset(stmt);
	return LGX_OK;
}

int
lgx_ledger_book(struct lgx_ledger *l, const struct lgx_journals *j, struct lgx_entry *e,
    const struct lgx_decision *d, enum lgx_booking *booking, struct lgx_err *err)
{
	struct lgx_posted	 p;

	assert(l->writing);
	if (compose(l, j, e, d, &p, err) != LGX_OK || insert_entry(l, &p, err) != LGX_OK)
		return LGX_FAIL;
	if (sqlite3_changes(l->db) == 0)
		return compare_booked(l, &p, e, booking, err);
	if (insert_lines(l, &p, err) != LGX_OK)
		return LGX_FAIL;
	lgx_buf_clear(&l->scratch);
	lgx_posted_hash(&l->scratch, &p);
	lgx_sha_add(l->sha, lgx_buf_str(&l->scratch));
	l->next++;
	*booking = LGX_BOOKED;
	return LGX_OK;
}

/*
 * The form that the chain hashes
 */

static void
put_field(struct lgx_buf *b, struct lgx_str s)	/* a netstring: no text can imitate another */
{
	lgx_buf_putu(b, s.n);
	lgx_buf_putc(b, ':');
	lgx_buf_puts(b, s);
}

static void
put_number(struct lgx_buf *b, int64_t v)
{
	lgx_buf_putc(b, v < 0 ? '-' : '+');
	lgx_buf_putu(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void
lgx_posted_hash(struct lgx_buf *b, const struct lgx_posted *p)
{
	const struct lgx_str	 texts[] = { p->name, p->template, p->company, p->currency, p->hash,
	    p->run, p->as_of, p->rules, p->config, p->subject, p->shipment, p->load, p->scac,
	    p->pro, p->bol, p->customer, p->evidence, p->src };

	for (size_t i = 0; i < LGX_LEN(texts); i++)
		put_field(b, texts[i]);
	put_field(b, (struct lgx_str){ (const char *)p->reverses.b,
	    p->has_reverses ? LGX_KEY_SIZE : 0 });
	put_number(b, p->effective);
	put_number(b, p->event);
	for (size_t i = 0; i < p->nlines; i++) {
		put_field(b, p->line[i].role);
		put_field(b, p->line[i].account);
		put_number(b, p->line[i].minor);
	}
	lgx_buf_putc(b, '\n');
}

/*
 * Reading back
 */

/* ORDER read_entry */
#define ENTRY_COLUMNS							\
    "SELECT e.id, e.key, e.name, e.template, e.company, e.currency, c.digits, e.effective," \
    " e.event, e.hash, e.reverses, o.name, r.name, r.as_of, r.rules, r.config, e.subject," \
    " e.shipment, e.load, e.scac, e.pro, e.bol, e.customer, e.evidence, e.src FROM entry e" \
    " JOIN run r ON r.id = e.run JOIN currency c ON c.code = e.currency"	\
    " LEFT JOIN entry o ON o.key = e.reverses "

static void
read_key(struct lgx_key *key, struct lgx_str s)
{
	memset(key->b, 0, LGX_KEY_SIZE);
	memcpy(key->b, s.p, s.n < LGX_KEY_SIZE ? s.n : LGX_KEY_SIZE);
}

static void
read_entry(sqlite3_stmt *stmt, struct lgx_posted *p)
{
	struct lgx_str	*const texts[] = { &p->run, &p->as_of, &p->rules, &p->config, &p->subject,
	    &p->shipment, &p->load, &p->scac, &p->pro, &p->bol, &p->customer, &p->evidence,
	    &p->src };

	p->id = sqlite3_column_int64(stmt, 0);
	read_key(&p->key, lgx_db_column(stmt, 1));
	p->name = lgx_db_column(stmt, 2);
	p->template = lgx_db_column(stmt, 3);
	p->company = lgx_db_column(stmt, 4);
	p->currency = lgx_db_column(stmt, 5);
	p->digits = sqlite3_column_int(stmt, 6);
	p->effective = sqlite3_column_int(stmt, 7);
	p->event = sqlite3_column_int(stmt, 8);
	p->hash = lgx_db_column(stmt, 9);
	p->has_reverses = sqlite3_column_type(stmt, 10) != SQLITE_NULL;
	read_key(&p->reverses, lgx_db_column(stmt, 10));
	p->reverses_name = lgx_db_column(stmt, 11);
	for (int i = 0; i < (int)LGX_LEN(texts); i++)
		*texts[i] = lgx_db_column(stmt, 12 + i);
}

/* The texts of lines belong to l->scratch, those of the entry to its statement. */
static int
read_lines(struct lgx_ledger *l, struct lgx_posted *p, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT l.account, l.amount, a.role, a.name FROM line l"
	    " JOIN account a ON a.id = l.account WHERE l.id BETWEEN ? AND ? ORDER BY l.id", err);
	size_t		 at[LGX_ENTRY_LINES][2], n = 0;
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_buf_clear(&l->scratch);
	sqlite3_bind_int64(stmt, 1, p->id << LGX_LINE_BITS);
	sqlite3_bind_int64(stmt, 2, (p->id << LGX_LINE_BITS) + LGX_ENTRY_LINES - 1);
	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK && n < LGX_ENTRY_LINES) {
		p->line[n].account_id = sqlite3_column_int64(stmt, 0);
		p->line[n].minor = sqlite3_column_int64(stmt, 1);
		p->line[n].role.n = lgx_db_column(stmt, 2).n;
		p->line[n].account.n = lgx_db_column(stmt, 3).n;
		at[n][0] = l->scratch.n;
		lgx_buf_puts(&l->scratch, lgx_db_column(stmt, 2));
		at[n][1] = l->scratch.n;
		lgx_buf_puts(&l->scratch, lgx_db_column(stmt, 3));
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		p->line[i].role.p = l->scratch.p + at[i][0];
		p->line[i].account.p = l->scratch.p + at[i][1];
	}
	p->nlines = n;
	return st == LGX_EOF ? LGX_OK : st;
}

int
lgx_ledger_find(struct lgx_ledger *l, const struct lgx_key *key, struct lgx_posted *p,
    struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, ENTRY_COLUMNS "WHERE e.key = ?", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_blob(stmt, 1, key->b, LGX_KEY_SIZE);
	if ((st = lgx_db_step(l, stmt, err)) != LGX_OK)
		return st;
	read_entry(stmt, p);
	return read_lines(l, p, err);
}

int
lgx_ledger_reversed_by(struct lgx_ledger *l, const struct lgx_key *key, struct lgx_key *by,
    struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, "SELECT key FROM entry WHERE reverses = ?", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_blob(stmt, 1, key->b, LGX_KEY_SIZE);
	if ((st = lgx_db_step(l, stmt, err)) == LGX_OK)
		read_key(by, lgx_db_column(stmt, 0));
	sqlite3_reset(stmt);
	return st;
}

static int
each(struct lgx_ledger *l, sqlite3_stmt *stmt, lgx_posted_fn *fn, void *arg, struct lgx_err *err)
{
	struct lgx_posted	 p;
	int			 st;

	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK) {
		read_entry(stmt, &p);
		if ((st = read_lines(l, &p, err)) != LGX_OK || (st = fn(arg, &p, err)) != LGX_OK)
			break;
	}
	sqlite3_reset(stmt);
	return st == LGX_EOF ? LGX_OK : st;
}

int
lgx_ledger_each(struct lgx_ledger *l, lgx_posted_fn *fn, void *arg, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, ENTRY_COLUMNS "ORDER BY e.effective, e.name", err);

	return stmt == NULL ? LGX_FAIL : each(l, stmt, fn, arg, err);
}

int
lgx_ledger_each_linked(struct lgx_ledger *l, int64_t first, int64_t last, lgx_posted_fn *fn,
    void *arg, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, ENTRY_COLUMNS "WHERE e.id BETWEEN ? AND ?"
	    " ORDER BY e.id", err);

	if (stmt == NULL)
		return LGX_FAIL;
	sqlite3_bind_int64(stmt, 1, first);
	sqlite3_bind_int64(stmt, 2, last);
	return each(l, stmt, fn, arg, err);
}

/*
 * Balances
 */

#define BALANCE(by)							\
    "SELECT " by ", a.name, e.currency, c.digits, sum(l.amount) AS s FROM entry e"	\
    " JOIN line l ON l.id BETWEEN e.id << 4 AND (e.id << 4) + 15"	\
    " JOIN account a ON a.id = l.account JOIN currency c ON c.code = e.currency" \
    " WHERE e.effective <= ? GROUP BY 2, 1, 3 HAVING s <> 0 ORDER BY 2, 1, 3"

/* ORDER enum lgx_balance_by */
static const char *const balances[] = {
	BALANCE("''"), BALANCE("coalesce(e.load, e.shipment)"), BALANCE("e.scac"),
};

int
lgx_ledger_balance(struct lgx_ledger *l, enum lgx_balance_by by, lgx_date upto,
    lgx_balance_fn *fn, void *arg, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(l, balances[by], err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	sqlite3_bind_int(stmt, 1, upto == LGX_DATE_NONE ? INT32_MAX : upto);
	while ((st = lgx_db_step(l, stmt, err)) == LGX_OK) {
		struct lgx_balance b = { lgx_db_column(stmt, 0), lgx_db_column(stmt, 1),
		    lgx_db_column(stmt, 2), sqlite3_column_int(stmt, 3),
		    sqlite3_column_int64(stmt, 4) };

		if ((st = fn(arg, &b, err)) != LGX_OK)
			break;
	}
	sqlite3_reset(stmt);
	return st == LGX_EOF ? LGX_OK : st;
}
