/*
 * ledger/journal.h - journal templates and companies: mappings/journals/
 * Floor ledger: stands on base and rec.  lgx-journal(5) describes the files.
 *
 * A template says which account roles a journal touches and on which side; a
 * company says which GL account each role is, in which currencies it keeps its
 * books, and what happens to an entry whose period is closed.  What is booked
 * comes finished from the decision; nothing here calculates.
 */
#ifndef LGX_JOURNAL_H
#define LGX_JOURNAL_H

#include "base/conf.h"
#include "base/dict.h"
#include "base/find.h"

#define LGX_ROLES_MAX	32	/* roles of a house */
#define LGX_CURRENCIES_MAX 32	/* currencies of a company */

/* Bits: a side that a role may stand on in a template. */
enum lgx_side { LGX_SIDE_NONE = 0, LGX_DEBIT = 1, LGX_CREDIT = 2, LGX_EITHER = 3 };

struct lgx_role {
	struct lgx_str	 name, about;
	bool		 control;	/* open per shipment: its lines must name one */
};

struct lgx_template {
	struct lgx_str	 name, about;
	struct lgx_str	 journal;	/* type, for periods */
	bool		 mirror;	/* the opposite of the entry it reverses */
	uint8_t		 side[LGX_ROLES_MAX];	/* enum lgx_side by role */
};

/* What happens to an entry whose period is closed. */
enum lgx_closed { LGX_CLOSED_REFUSE, LGX_CLOSED_NEXT_OPEN };

struct lgx_company {
	struct lgx_str	 name;
	struct lgx_str	 currency[LGX_CURRENCIES_MAX];	/* the first is its own */
	size_t		 ncurrencies;
	struct lgx_str	 account[LGX_ROLES_MAX];	/* by role; empty: it has none */
	enum lgx_closed	 closed;
	struct lgx_dec	 materiality;	/* largest amount that may move to a later period */
	int64_t		 months;	/* furthest it may move */
};

struct lgx_journals {		/* all-zero is empty */
	struct lgx_role		 role[LGX_ROLES_MAX];
	struct lgx_dict		 roles, templates, companies;	/* names to numbers */
	struct lgx_template	*template;	/* by number */
	struct lgx_company	*company;
	size_t			 template_cap, company_cap;
	struct lgx_arena	 text;
};

/* All of journals/(name).yaml on the search path.  LGX_OK; LGX_CONFIG with the place. */
LGX_MUST_USE int lgx_journals_load(struct lgx_journals *, const struct lgx_find *,
    struct lgx_err *);
void		 lgx_journals_release(struct lgx_journals *);

/* By name; NULL or -1 if unknown. */
const struct lgx_template *lgx_template_of(const struct lgx_journals *, struct lgx_str name);
const struct lgx_company *lgx_company_of(const struct lgx_journals *, struct lgx_str name);
int		 lgx_role_of(const struct lgx_journals *, struct lgx_str name);
bool		 lgx_company_keeps(const struct lgx_company *, struct lgx_str currency);

#endif
