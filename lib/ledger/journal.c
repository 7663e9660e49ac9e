/*
 * ledger/journal.c - journal templates and companies: mappings/journals/
 * Floor ledger: stands on base and rec.
 */
#include <stdlib.h>

#include "base/table.h"
#include "ledger/journal.h"

/* A new number for the name of node; a name that stands twice is refused. */
static int
number_name(struct lgx_dict *names, const struct lgx_conf *node, uint32_t *n, struct lgx_err *err)
{
	size_t	 before = names->n;

	*n = lgx_dict_add(names, node->key);
	if (names->n > before)
		return LGX_OK;
	return lgx_conf_err(node, err, LGX_E_CONF_AMBIGUOUS, "%.*s stands twice",
	    LGX_STR_ARG(node->key));
}

static int
read_role(struct lgx_journals *j, const struct lgx_conf *node, struct lgx_err *err)
{
	static const char *const words[] = { "about", "control" };
	struct lgx_role	*role;
	uint32_t	 n;
	int		 st;

	if ((st = number_name(&j->roles, node, &n, err)) != LGX_OK)
		return st;
	if (n >= LGX_ROLES_MAX)
		return lgx_conf_err(node, err, LGX_E_CONF_VALUE, "more than %d roles",
		    LGX_ROLES_MAX);
	role = &j->role[n];
	*role = (struct lgx_role){ .name = node->key, .about = LGX_STR_EMPTY };
	if ((st = lgx_conf_expect(node, LGX_CONF_MAP, err)) == LGX_OK &&
	    (st = lgx_conf_allow(node, words, LGX_LEN(words), err)) == LGX_OK &&
	    (st = lgx_conf_str(node, "about", false, &role->about, err)) == LGX_OK)
		st = lgx_conf_bool(node, "control", false, &role->control, err);
	return st;
}

/* The number of a role that a template or company names. */
static int
find_role(const struct lgx_journals *j, const struct lgx_conf *node, int *role,
    struct lgx_err *err)
{
	if ((*role = lgx_role_of(j, node->key)) >= 0)
		return LGX_OK;
	return lgx_conf_err(node, err, LGX_E_CONF_UNKNOWN, "%.*s is not under roles:",
	    LGX_STR_ARG(node->key));
}

static int
read_sides(const struct lgx_journals *j, struct lgx_template *t, const struct lgx_conf *lines,
    struct lgx_err *err)
{
	/* ORDER enum lgx_side */
	static const char *const sides[] = { "debit", "credit", "either" };
	int	 role, side = 0, st;

	LGX_CONF_EACH(node, lines) {
		if ((st = find_role(j, node, &role, err)) != LGX_OK)
			return st;
		for (side = 0; side < 3; side++)
			if (lgx_str_eq(node->text, lgx_str_of(sides[side])))
				break;
		if (side == 3)
			return lgx_conf_err(node, err, LGX_E_CONF_UNKNOWN,
			    "a side is debit, credit or either");
		t->side[role] = (uint8_t)(side + 1);
	}
	return LGX_OK;
}

static int
read_template(struct lgx_journals *j, const struct lgx_conf *node, struct lgx_err *err)
{
	static const char *const words[] = { "about", "journal", "lines", "mirror" };
	const struct lgx_conf	*lines = lgx_conf_get(node, "lines");
	struct lgx_template	*t;
	uint32_t		 n;
	int			 st;

	if ((st = number_name(&j->templates, node, &n, err)) != LGX_OK)
		return st;
	j->template = lgx_grow(j->template, &j->template_cap, n + 1, sizeof(*j->template));
	t = &j->template[n];
	*t = (struct lgx_template){ .name = node->key, .about = node->key };
	if ((st = lgx_conf_expect(node, LGX_CONF_MAP, err)) != LGX_OK ||
	    (st = lgx_conf_allow(node, words, LGX_LEN(words), err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "about", false, &t->about, err)) != LGX_OK ||
	    (st = lgx_conf_str(node, "journal", true, &t->journal, err)) != LGX_OK ||
	    (st = lgx_conf_bool(node, "mirror", false, &t->mirror, err)) != LGX_OK)
		return st;
	if (t->mirror == (lines != NULL))
		return lgx_conf_err(node, err, LGX_E_CONF_MISSING,
		    "a template has lines:, or mirror: true");
	if (lines != NULL && (st = lgx_conf_expect(lines, LGX_CONF_MAP, err)) != LGX_OK)
		return st;
	return read_sides(j, t, lines, err);
}

/*
 * An account is a path that every plain-text ledger takes: parts of letters,
 * digits and '-', each beginning with a capital or digit, under one of the
 * five roots.
 */
static bool
is_account(struct lgx_str name)
{
	static const char *const roots[] = { "Assets", "Liabilities", "Equity", "Income",
	    "Expenses" };
	struct lgx_str	 rest = name, part = lgx_str_cut(&rest, ':');
	size_t		 i = 0;

	while (i < LGX_LEN(roots) && !lgx_str_eq(part, lgx_str_of(roots[i])))
		i++;
	if (i == LGX_LEN(roots) || rest.n == 0 || name.p[name.n - 1] == ':')
		return false;
	while (rest.n > 0) {
		part = lgx_str_cut(&rest, ':');
		if (part.n == 0 || !((part.p[0] >= 'A' && part.p[0] <= 'Z') ||
		    (part.p[0] >= '0' && part.p[0] <= '9')))
			return false;
		for (i = 0; i < part.n; i++)
			if (memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			    "0123456789-", part.p[i], 63) == NULL)
				return false;
	}
	return true;
}

static int
read_accounts(const struct lgx_journals *j, struct lgx_company *c, const struct lgx_conf *accounts,
    struct lgx_err *err)
{
	int	 role, st;

	LGX_CONF_EACH(node, accounts) {
		if ((st = find_role(j, node, &role, err)) != LGX_OK)
			return st;
		if (node->type != LGX_CONF_SCALAR || !is_account(node->text))
			return lgx_conf_err(node, err, LGX_E_CONF_VALUE, "an account is a path like "
			    "Liabilities:Accrued:Freight under Assets, Liabilities, Equity, Income "
			    "or Expenses");
		for (int other = 0; other < LGX_ROLES_MAX; other++)
			if ((j->role[role].control || j->role[other].control) &&
			    c->account[other].n > 0 && lgx_str_eq(c->account[other], node->text))
				return lgx_conf_err(node, err, LGX_E_CONF_AMBIGUOUS,
				    "a control account has one role; %.*s is this account too",
				    LGX_STR_ARG(j->role[other].name));
		c->account[role] = node->text;
	}
	return LGX_OK;
}

static int
read_currencies(struct lgx_company *c, const struct lgx_conf *list, struct lgx_err *err)
{
	int	 st;

	if ((st = lgx_conf_expect(list, LGX_CONF_LIST, err)) != LGX_OK)
		return st;
	LGX_CONF_EACH(node, list) {
		if (c->ncurrencies == LGX_CURRENCIES_MAX)
			return lgx_conf_err(node, err, LGX_E_CONF_VALUE, "more than %d currencies",
			    LGX_CURRENCIES_MAX);
		if (lgx_currency_digits(node->text) < 0)
			return lgx_conf_err(node, err, LGX_E_CURRENCY,
			    "%.*s is not in codes/currencies.csv", LGX_STR_ARG(node->text));
		c->currency[c->ncurrencies++] = node->text;
	}
	return LGX_OK;
}

static int
read_periods(struct lgx_company *c, const struct lgx_conf *node, struct lgx_err *err)
{
	static const char *const words[] = { "closed", "materiality", "months" };
	/* ORDER enum lgx_closed */
	static const char *const policies[] = { "dead-letter", "next-open" };
	int	 policy = LGX_CLOSED_REFUSE, st;

	if (node == NULL)
		return LGX_OK;
	if ((st = lgx_conf_expect(node, LGX_CONF_MAP, err)) == LGX_OK &&
	    (st = lgx_conf_allow(node, words, LGX_LEN(words), err)) == LGX_OK &&
	    (st = lgx_conf_word(node, "closed", true, policies, LGX_LEN(policies), &policy,
	    err)) == LGX_OK &&
	    (st = lgx_conf_dec(node, "materiality", policy == LGX_CLOSED_NEXT_OPEN,
	    &c->materiality, err)) == LGX_OK)
		st = lgx_conf_int(node, "months", policy == LGX_CLOSED_NEXT_OPEN, 1, 120,
		    &c->months, err);
	c->closed = (enum lgx_closed)policy;
	return st;
}

static int
read_company(struct lgx_journals *j, const struct lgx_conf *node, struct lgx_err *err)
{
	static const char *const words[] = { "currencies", "periods", "accounts" };
	const struct lgx_conf	*currencies, *accounts;
	struct lgx_company	*c;
	uint32_t		 n;
	int			 st;

	if ((st = number_name(&j->companies, node, &n, err)) != LGX_OK)
		return st;
	j->company = lgx_grow(j->company, &j->company_cap, n + 1, sizeof(*j->company));
	c = &j->company[n];
	*c = (struct lgx_company){ .name = node->key };
	if ((st = lgx_conf_expect(node, LGX_CONF_MAP, err)) != LGX_OK ||
	    (st = lgx_conf_allow(node, words, LGX_LEN(words), err)) != LGX_OK)
		return st;
	currencies = lgx_conf_get(node, "currencies");
	accounts = lgx_conf_get(node, "accounts");
	if (currencies == NULL || accounts == NULL)
		return lgx_conf_err(node, err, LGX_E_CONF_MISSING,
		    "a company has currencies: and accounts:");
	if ((st = read_currencies(c, currencies, err)) != LGX_OK ||
	    (st = read_periods(c, lgx_conf_get(node, "periods"), err)) != LGX_OK ||
	    (st = lgx_conf_expect(accounts, LGX_CONF_MAP, err)) != LGX_OK)
		return st;
	return read_accounts(j, c, accounts, err);
}

typedef int	 section_reader(struct lgx_journals *, const struct lgx_conf *, struct lgx_err *);

/* In this order over all files, since the later ones name the earlier ones. */
static const struct { const char *name; section_reader *read; } sections[] = {
	{ "roles", read_role },
	{ "templates", read_template },
	{ "companies", read_company },
};

static int
read_section(struct lgx_journals *j, const struct lgx_conf *page, size_t which,
    struct lgx_err *err)
{
	const struct lgx_conf	*section = lgx_conf_get(page, sections[which].name);
	int			 st;

	if (section != NULL && (st = lgx_conf_expect(section, LGX_CONF_MAP, err)) != LGX_OK)
		return st;
	LGX_CONF_EACH(node, section)
		if ((st = sections[which].read(j, node, err)) != LGX_OK)
			return st;
	return LGX_OK;
}

static int
load_pages(struct lgx_journals *j, const char **paths, size_t n, const struct lgx_conf **pages,
    struct lgx_err *err)
{
	static const char *const words[] = { "roles", "templates", "companies" };
	int	 st;

	for (size_t i = 0; i < n; i++)
		if ((st = lgx_conf_load(paths[i], &j->text, &pages[i], err)) != LGX_OK ||
		    (st = lgx_conf_expect(pages[i], LGX_CONF_MAP, err)) != LGX_OK ||
		    (st = lgx_conf_allow(pages[i], words, LGX_LEN(words), err)) != LGX_OK)
			return st;
	return LGX_OK;
}

int
lgx_journals_load(struct lgx_journals *j, const struct lgx_find *find, struct lgx_err *err)
{
	const struct lgx_conf	**pages;
	const char		**paths;
	size_t			 n;
	int			 st;

	if ((st = lgx_find_folder(find, "journals", ".yaml", &j->text, &paths, &n, err)) != LGX_OK)
		return st;
	pages = lgx_arena_alloc(&j->text, (n + 1) * sizeof(*pages));
	if ((st = load_pages(j, paths, n, pages, err)) != LGX_OK)
		return st;
	for (size_t which = 0; which < LGX_LEN(sections); which++)
		for (size_t i = 0; i < n; i++)
			if ((st = read_section(j, pages[i], which, err)) != LGX_OK)
				return st;
	if (j->templates.n == 0 || j->companies.n == 0)
		return lgx_err_config(err, LGX_E_CONF_MISSING, LGX_PLACE_NONE,
		    "journals/*.yaml in the configuration folders have no %s",
		    j->templates.n == 0 ? "templates" : "companies");
	return LGX_OK;
}

void
lgx_journals_release(struct lgx_journals *j)
{
	lgx_dict_release(&j->roles);
	lgx_dict_release(&j->templates);
	lgx_dict_release(&j->companies);
	free(j->template);
	free(j->company);
	lgx_arena_release(&j->text);
	*j = (struct lgx_journals){ 0 };
}

const struct lgx_template *
lgx_template_of(const struct lgx_journals *j, struct lgx_str name)
{
	uint32_t	 n = lgx_dict_find(&j->templates, name);

	return n == LGX_DICT_NONE ? NULL : &j->template[n];
}

const struct lgx_company *
lgx_company_of(const struct lgx_journals *j, struct lgx_str name)
{
	uint32_t	 n = lgx_dict_find(&j->companies, name);

	return n == LGX_DICT_NONE ? NULL : &j->company[n];
}

int
lgx_role_of(const struct lgx_journals *j, struct lgx_str name)
{
	uint32_t	 n = lgx_dict_find(&j->roles, name);

	return n == LGX_DICT_NONE ? -1 : (int)n;
}

bool
lgx_company_keeps(const struct lgx_company *c, struct lgx_str currency)
{
	for (size_t i = 0; i < c->ncurrencies; i++)
		if (lgx_str_eq(c->currency[i], currency))
			return true;
	return false;
}
