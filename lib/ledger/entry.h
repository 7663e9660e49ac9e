/*
 * ledger/entry.h - a journal entry, made from an effect of a decision
 * Floor ledger: stands on base and rec.
 *
 * An effect names a template, a key, a company, a date and signed amounts by
 * account role (debit positive).  It becomes one entry that balances, or it is
 * refused.  Everything here is judged without looking at the ledger.
 */
#ifndef LGX_ENTRY_H
#define LGX_ENTRY_H

#include "base/date.h"
#include "base/digest.h"
#include "ledger/journal.h"
#include "rec/rec.h"

#define LGX_ENTRY_LINES	16	/* lines of an entry */
#define LGX_KEY_TEXT	255	/* longest key, bytes */
#define LGX_KEY_SIZE	16	/* of a key in the index */
#define LGX_HASH_SIZE	16

/*
 * A key as the ledger indexes it: the number inside the shipment's name, then
 * bytes of SHA-256 of the whole key.  Shipments are numbered as they come, so
 * the keys of a night lie side by side and the index grows at its end.
 */
struct lgx_key { unsigned char b[LGX_KEY_SIZE]; };

#define LGX_DIGEST_SIZE	16	/* first bytes of SHA-256, of a key or a content */

struct lgx_line {
	uint8_t		 role;		/* number in the journals */
	int64_t		 minor;		/* debit positive, in minor units; never 0 */
	int64_t		 account;	/* the ledger's number of it; 0: the company's account now */
};

/* Texts are borrowed from the decision or the journals. */
struct lgx_entry {
	struct lgx_str	 name;		/* the key in full */
	struct lgx_key	 key;
	unsigned char	 digest[LGX_DIGEST_SIZE];	/* of the name */
	const struct lgx_template *template;
	const struct lgx_company *company;
	struct lgx_str	 currency;
	int		 digits;	/* of the currency */
	lgx_date	 event;		/* asked for */
	lgx_date	 effective;	/* given by the periods; event until then */
	struct lgx_str	 reverses;	/* key of the mirrored entry, or empty */
	unsigned char	 hash[LGX_DIGEST_SIZE];	/* of what the effect books */
	struct lgx_line	 line[LGX_ENTRY_LINES];	/* by role */
	size_t		 nlines;
};

/* What the entries of one decision share; texts may be empty. */
struct lgx_decision {
	struct lgx_str	 id, subject, run, as_of, company, currency, usage;
	struct lgx_str	 shipment, load, scac, pro, bol, customer, rules, config;
	struct lgx_str	 evidence, src;	/* JSON as it stands */
	uint32_t	 effects;	/* node of the list, 0 if there is none */
};

/* Views of a parsed decision, valid as long as its record. */
void		 lgx_decision_read(struct lgx_decision *, struct lgx_rec *);

/*
 * The effect at a node of rec as an entry.  The views of *e are those of rec
 * and of j; scratch is only worked in.  LGX_OK; LGX_REJECT with the reason, e->name filled if it was read.
 */
LGX_MUST_USE int lgx_entry_read(struct lgx_entry *, struct lgx_rec *, uint32_t effect,
    const struct lgx_decision *, const struct lgx_journals *, struct lgx_buf *scratch,
    struct lgx_err *);

/* digest may be NULL. */
struct lgx_key	 lgx_key_of(struct lgx_str name, unsigned char digest[LGX_DIGEST_SIZE]);
int		 lgx_key_cmp(const struct lgx_key *, const struct lgx_key *);
/* The key as targets know it: "lgx:" and 32 hex of SHA-256. */
#define LGX_KEY_PUBLIC	(4 + 2 * LGX_DIGEST_SIZE + 1)
void		 lgx_key_public(const unsigned char digest[LGX_DIGEST_SIZE],
		    char out[LGX_KEY_PUBLIC]);

/* Sum of the debits, in minor units: how much an entry moves. */
int64_t		 lgx_entry_amount(const struct lgx_entry *);

#endif
