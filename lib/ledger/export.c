/*
 * ledger/export.c - the books in the forms that other programs read
 * Floor ledger: stands on base and rec.
 */
#include "ledger/db.h"
#include "ledger/export.h"

struct export {
	struct lgx_ledger	*ledger;
	const struct format	*format;
	struct lgx_str		 company;
	lgx_export_fn		*fn;
	void			*arg;
	struct lgx_buf		 text;
};

struct format {
	const char	*name;
	/* what stands before the entries: a line for the file, a commodity, an account */
	const char	*head;
	void		(*currency)(struct lgx_buf *, struct lgx_str code, int digits);
	void		(*account)(struct lgx_buf *, struct lgx_str name, lgx_date first);
	void		(*entry)(struct lgx_buf *, const struct lgx_posted *);
};

/* The dimensions of an entry, in the order in which they are shown. */
static const struct { const char *name; size_t at; } dimensions[] = {
	{ "key", offsetof(struct lgx_posted, name) },
	{ "company", offsetof(struct lgx_posted, company) },
	{ "shipment", offsetof(struct lgx_posted, shipment) },
	{ "load", offsetof(struct lgx_posted, load) },
	{ "scac", offsetof(struct lgx_posted, scac) },
	{ "pro", offsetof(struct lgx_posted, pro) },
	{ "bol", offsetof(struct lgx_posted, bol) },
	{ "customer", offsetof(struct lgx_posted, customer) },
	{ "subject", offsetof(struct lgx_posted, subject) },
	{ "reverses", offsetof(struct lgx_posted, reverses_name) },
	{ "run", offsetof(struct lgx_posted, run) },
};

static struct lgx_str
dimension(const struct lgx_posted *p, size_t i)
{
	return *(const struct lgx_str *)((const char *)p + dimensions[i].at);
}

void
lgx_minor_put(struct lgx_buf *b, int64_t minor, int digits)
{
	struct lgx_dec	 amount = { minor, digits };
	bool		 fits = lgx_dec_put_fixed(b, amount, digits);

	(void)fits;	/* its scale is digits */
}

static void
put_journal(struct lgx_buf *b, const struct lgx_posted *p)
{
	unsigned char	 digest[LGX_DIGEST_SIZE];
	char		 name[LGX_KEY_PUBLIC];

	(void)lgx_key_of(p->name, digest);
	lgx_key_public(digest, name);
	lgx_buf_putz(b, name);
}

/* "T3 ABCD L1001" */
static void
put_title(struct lgx_buf *b, const struct lgx_posted *p, void (*put)(struct lgx_buf *,
    struct lgx_str))
{
	lgx_buf_puts(b, p->template);
	if (p->scac.n > 0) {
		lgx_buf_putc(b, ' ');
		put(b, p->scac);
	}
	if (p->load.n > 0) {
		lgx_buf_putc(b, ' ');
		put(b, p->load);
	}
}

/*
 * ledger and hledger: one journal that both read
 */

/* In a comment a comma ends a tag and brackets make a date; '%' is what escapes them. */
static void
put_tag(struct lgx_buf *b, struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char	 c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7F || strchr(",[]%;", c) != NULL)
			lgx_buf_putf(b, "%%%02X", c);
		else
			lgx_buf_putc(b, s.p[i]);
	}
}

static void
hledger_currency(struct lgx_buf *b, struct lgx_str code, int digits)
{
	lgx_buf_putf(b, "commodity 1000.%.*s %.*s\n", digits, "000000000000000000",
	    LGX_STR_ARG(code));
}

static void
ledger_currency(struct lgx_buf *b, struct lgx_str code, int digits)
{
	lgx_buf_putf(b, "commodity %.*s\n    format 1000%s%.*s %.*s\n", LGX_STR_ARG(code),
	    digits > 0 ? "." : "", digits, "000000000000000000", LGX_STR_ARG(code));
}

static void
plain_account(struct lgx_buf *b, struct lgx_str name, lgx_date first)
{
	(void)first;
	lgx_buf_putf(b, "account %.*s\n", LGX_STR_ARG(name));
}

static void
plain_line(struct lgx_buf *b, const struct lgx_posted *p, const struct lgx_posted_line *line)
{
	lgx_buf_putf(b, "    %-40.*s  ", LGX_STR_ARG(line->account));
	lgx_minor_put(b, line->minor, p->digits);
	lgx_buf_putf(b, " %.*s\n", LGX_STR_ARG(p->currency));
}

static void
plain_entry(struct lgx_buf *b, const struct lgx_posted *p)
{
	lgx_buf_putc(b, '\n');
	lgx_date_put(b, p->effective);
	lgx_buf_putz(b, " * (");
	put_journal(b, p);
	lgx_buf_putz(b, ") ");
	put_title(b, p, put_tag);
	lgx_buf_putc(b, '\n');
	for (size_t i = 0; i < LGX_LEN(dimensions); i++)
		if (dimension(p, i).n > 0) {
			lgx_buf_putf(b, "    ; %s: ", dimensions[i].name);
			put_tag(b, dimension(p, i));
			lgx_buf_putc(b, '\n');
		}
	if (p->event != p->effective) {
		lgx_buf_putz(b, "    ; orig-date: ");
		lgx_date_put(b, p->event);
		lgx_buf_putc(b, '\n');
	}
	for (size_t i = 0; i < p->nlines; i++)
		plain_line(b, p, &p->line[i]);
}

/*
 * beancount
 */

static void
put_quoted(struct lgx_buf *b, struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			lgx_buf_putc(b, '\\');
		if ((unsigned char)s.p[i] < ' ')
			lgx_buf_putf(b, "%%%02X", (unsigned char)s.p[i]);
		else
			lgx_buf_putc(b, s.p[i]);
	}
}

static void
bean_currency(struct lgx_buf *b, struct lgx_str code, int digits)
{
	(void)digits;
	lgx_buf_putf(b, "option \"operating_currency\" \"%.*s\"\n", LGX_STR_ARG(code));
}

static void
bean_account(struct lgx_buf *b, struct lgx_str name, lgx_date first)
{
	lgx_date_put(b, first);
	lgx_buf_putf(b, " open %.*s\n", LGX_STR_ARG(name));
}

static void
bean_entry(struct lgx_buf *b, const struct lgx_posted *p)
{
	lgx_buf_putc(b, '\n');
	lgx_date_put(b, p->effective);
	lgx_buf_putz(b, " * \"");
	put_title(b, p, put_quoted);
	lgx_buf_putz(b, "\"\n  journal: \"");
	put_journal(b, p);
	lgx_buf_putz(b, "\"\n");
	for (size_t i = 0; i < LGX_LEN(dimensions); i++)
		if (dimension(p, i).n > 0) {
			lgx_buf_putf(b, "  %s: \"", dimensions[i].name);
			put_quoted(b, dimension(p, i));
			lgx_buf_putz(b, "\"\n");
		}
	if (p->event != p->effective) {
		lgx_buf_putz(b, "  orig-date: ");
		lgx_date_put(b, p->event);
		lgx_buf_putc(b, '\n');
	}
	for (size_t i = 0; i < p->nlines; i++) {
		lgx_buf_putf(b, "  %-40.*s  ", LGX_STR_ARG(p->line[i].account));
		lgx_minor_put(b, p->line[i].minor, p->digits);
		lgx_buf_putf(b, " %.*s\n", LGX_STR_ARG(p->currency));
	}
}

/*
 * CSV
 */

/* Quoted where needed; a cell that a spreadsheet would run as a formula gets a quote before it. */
void
lgx_cell_put(struct lgx_buf *b, struct lgx_str s)
{
	bool	 formula = s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL;
	bool	 quote = false;

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = memchr(",\"\r\n", s.p[i], 4) != NULL;
	if (quote)
		lgx_buf_putc(b, '"');
	if (formula)
		lgx_buf_putc(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			lgx_buf_putc(b, '"');
		lgx_buf_putc(b, s.p[i]);
	}
	if (quote)
		lgx_buf_putc(b, '"');
}

static void
csv_line(struct lgx_buf *b, const struct lgx_posted *p, const struct lgx_posted_line *line)
{
	lgx_date_put(b, p->effective);
	lgx_buf_putc(b, ',');
	put_journal(b, p);
	lgx_buf_putf(b, ",%.*s,%.*s,%.*s,", LGX_STR_ARG(p->template), LGX_STR_ARG(line->account),
	    LGX_STR_ARG(line->role));
	if (line->minor > 0)
		lgx_minor_put(b, line->minor, p->digits);
	lgx_buf_putc(b, ',');
	if (line->minor < 0)
		lgx_minor_put(b, -line->minor, p->digits);
	lgx_buf_putf(b, ",%.*s,", LGX_STR_ARG(p->currency));
	lgx_date_put(b, p->event);
	for (size_t i = 0; i < LGX_LEN(dimensions); i++) {
		lgx_buf_putc(b, ',');
		lgx_cell_put(b, dimension(p, i));
	}
	lgx_buf_putc(b, '\n');
}

static void
csv_entry(struct lgx_buf *b, const struct lgx_posted *p)
{
	for (size_t i = 0; i < p->nlines; i++)
		csv_line(b, p, &p->line[i]);
}

/*
 * NDJSON
 */

static void
json_line(struct lgx_buf *b, const struct lgx_posted *p, const struct lgx_posted_line *line)
{
	lgx_buf_putc(b, '{');
	lgx_json_member(b, "role", line->role);
	lgx_json_member(b, "account", line->account);
	lgx_json_key(b, "amount");
	lgx_buf_putc(b, '"');
	lgx_minor_put(b, line->minor, p->digits);
	lgx_buf_putz(b, "\"}");
}

static void
json_entry(struct lgx_buf *b, const struct lgx_posted *p)
{
	lgx_buf_putc(b, '{');
	lgx_json_key(b, "date");
	lgx_json_date(b, p->effective);
	lgx_json_key(b, "journal");
	lgx_buf_putc(b, '"');
	put_journal(b, p);
	lgx_buf_putc(b, '"');
	lgx_json_member(b, "template", p->template);
	for (size_t i = 0; i < LGX_LEN(dimensions); i++)
		lgx_json_member(b, dimensions[i].name, dimension(p, i));
	lgx_json_key(b, "event_date");
	lgx_json_date(b, p->event);
	lgx_json_member(b, "currency", p->currency);
	lgx_json_key(b, "lines");
	lgx_buf_putc(b, '[');
	for (size_t i = 0; i < p->nlines; i++) {
		lgx_json_next(b);
		json_line(b, p, &p->line[i]);
	}
	lgx_buf_putc(b, ']');
	lgx_json_member(b, "rules", p->rules);
	lgx_json_member(b, "config", p->config);
	if (p->evidence.n > 0) {
		lgx_json_key(b, "evidence");
		lgx_buf_puts(b, p->evidence);
	}
	lgx_buf_putz(b, "}\n");
}

/*
 * Walking
 */

/* ledger --pedantic wants tags declared: those of dimensions, and orig-date. */
#define TAGS "tag key\ntag company\ntag shipment\ntag load\ntag scac\ntag pro\ntag bol\n" \
    "tag customer\ntag subject\ntag reverses\ntag run\ntag orig-date\n"

/* ORDER FORMAT */
static const struct format formats[] = {
	{ "ledger", "; lgx journal\n" TAGS, ledger_currency, plain_account, plain_entry },
	{ "hledger", "; lgx journal\n", hledger_currency, plain_account, plain_entry },
	{ "beancount", "; lgx journal\n", bean_currency, bean_account, bean_entry },
	{ "csv", "date,journal,template,account,role,debit,credit,currency,event_date,key,company,"
	    "shipment,load,scac,pro,bol,customer,subject,reverses,run\n", NULL, NULL, csv_entry },
	{ "ndjson", "", NULL, NULL, json_entry },
};

_Static_assert(LGX_LEN(formats) == LGX_FORMATS, "a row for every format");

enum lgx_format
lgx_format_of(struct lgx_str name)
{
	int	 f = 0;

	while (f < LGX_FORMATS && !lgx_str_eq(name, lgx_str_of(formats[f].name)))
		f++;
	return (enum lgx_format)f;
}

static int
hand_over(struct export *x, struct lgx_err *err)
{
	int	 st = x->text.n > 0 ? x->fn(x->arg, lgx_buf_str(&x->text), err) : LGX_OK;

	lgx_buf_clear(&x->text);
	return st;
}

static int
export_entry(void *arg, const struct lgx_posted *p, struct lgx_err *err)
{
	struct export	*x = arg;

	if (x->company.n > 0 && !lgx_str_eq(x->company, p->company))
		return LGX_OK;
	x->format->entry(&x->text, p);
	return hand_over(x, err);
}

static int
export_currencies(struct export *x, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(x->ledger,
	    "SELECT code, digits FROM currency ORDER BY code", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	while ((st = lgx_db_step(x->ledger, stmt, err)) == LGX_OK)
		x->format->currency(&x->text, lgx_db_column(stmt, 0), sqlite3_column_int(stmt, 1));
	return st == LGX_EOF ? LGX_OK : st;
}

static int
export_accounts(struct export *x, struct lgx_err *err)
{
	sqlite3_stmt	*stmt = lgx_db_stmt(x->ledger, "SELECT DISTINCT name,"
	    " (SELECT min(effective) FROM entry) FROM account"
	    " WHERE ?1 IS NULL OR company = ?1 ORDER BY name", err);
	int		 st;

	if (stmt == NULL)
		return LGX_FAIL;
	lgx_db_text(stmt, 1, x->company);
	while ((st = lgx_db_step(x->ledger, stmt, err)) == LGX_OK)
		x->format->account(&x->text, lgx_db_column(stmt, 0), sqlite3_column_int(stmt, 1));
	return st == LGX_EOF ? LGX_OK : st;
}

int
lgx_export(struct lgx_ledger *l, enum lgx_format format, struct lgx_str company,
    lgx_export_fn *fn, void *arg, struct lgx_err *err)
{
	struct export	 x = { .ledger = l, .format = &formats[format], .company = company,
	    .fn = fn, .arg = arg };
	int		 st;

	/* One snapshot: posters may go on meanwhile. */
	if ((st = lgx_db_exec(l, "BEGIN", err)) != LGX_OK)
		return st;
	lgx_buf_putz(&x.text, x.format->head);
	if (x.format->currency != NULL)
		st = export_currencies(&x, err);
	if (st == LGX_OK && x.format->account != NULL)
		st = export_accounts(&x, err);
	if (st == LGX_OK && (st = hand_over(&x, err)) == LGX_OK)
		st = lgx_ledger_each(l, export_entry, &x, err);
	sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	lgx_buf_release(&x.text);
	return st;
}
