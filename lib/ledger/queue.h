/*
 * ledger/queue.h - dead letters in the ledger, and their way back
 * Floor ledger: stands on base and rec.
 *
 * A letter is known by its stage and the bytes of its original, so that one
 * that fails again is the same letter, whatever it fails of.  A letter that a
 * person corrected keeps its id and takes the place of the one it was.
 * Nothing here expires.
 */
#ifndef LGX_QUEUE_H
#define LGX_QUEUE_H

#include "ledger/ledger.h"

/* ORDER LETTER STATE: names in queue.c */
enum lgx_letter_state {
	LGX_LETTER_WAITING,	/* refused, nothing done about it yet */
	LGX_LETTER_REPLAYED,	/* put back into the pipe; if it fails again it waits again */
	LGX_LETTER_PARKED,	/* too many attempts: a person decides */
	LGX_LETTER_SETTLED,	/* what it was to book is booked */
	LGX_LETTER_STATES
};

const char	*lgx_letter_state_name(enum lgx_letter_state);

/*
 * File a dead letter, a parsed record of that kind, within a transaction.
 * key: of the entry that was refused, or NULL; hash: of its content, if what
 * is booked under the key is something else.  when: of the failure.  *id gets its number.  LGX_OK; LGX_REJECT, it holds
 * no original; LGX_FAIL.
 */
LGX_MUST_USE int lgx_queue_file(struct lgx_ledger *, struct lgx_rec *letter,
    const struct lgx_key *key, const unsigned char *hash, struct lgx_str when, int64_t *id,
    struct lgx_err *);
/* Letters whose entry is booked by now are settled; within a transaction. */
LGX_MUST_USE int lgx_queue_settle(struct lgx_ledger *, struct lgx_err *);

struct lgx_letter {
	int64_t		 id;
	struct lgx_str	 stage, reason, message, blocked_by, first, last, line;
	bool		 retryable;
	enum lgx_letter_state state;
	int64_t		 attempts, filed;	/* how often replayed, and how often filed */
};

/* What to take; empty text and 0 mean any. */
struct lgx_letter_filter {
	struct lgx_str	 stage, reason;
	struct lgx_str	 since;		/* failed last on or after */
	bool		 retryable;	/* only those */
	bool		 again;		/* those replayed before, too */
	bool		 settled;	/* all states */
	bool		 picked;	/* only those of lgx_queue_pick */
};

/* Remember a letter of this process, for .picked. */
LGX_MUST_USE int lgx_queue_pick(struct lgx_ledger *, int64_t id, struct lgx_err *);

/*
 * The letters of a filter in the order of their filing.  fn must not write to
 * the ledger; what it is shown lasts until it returns.
 */
typedef int	 lgx_letter_fn(void *arg, const struct lgx_letter *, struct lgx_err *);
LGX_MUST_USE int lgx_queue_each(struct lgx_ledger *, const struct lgx_letter_filter *,
    lgx_letter_fn *, void *arg, struct lgx_err *);

struct lgx_letter_group {
	struct lgx_str	 stage, reason, state, first, last;
	int64_t		 count, attempts;	/* attempts: the most of any */
};

/* All letters by stage, reason and state. */
typedef int	 lgx_letter_group_fn(void *arg, const struct lgx_letter_group *, struct lgx_err *);
LGX_MUST_USE int lgx_queue_groups(struct lgx_ledger *, lgx_letter_group_fn *, void *arg,
    struct lgx_err *);

/*
 * A letter's new state, unless it was filed again or settled since it was
 * seen with this `filed`; attempt: count one.  Within a transaction.
 */
LGX_MUST_USE int lgx_queue_mark(struct lgx_ledger *, int64_t id, int64_t filed,
    enum lgx_letter_state, bool attempt, struct lgx_err *);

/*
 * What a letter holds, as it can be read again: a record as a line; other
 * bytes between the letter's lead and tail.  The lead is left out when it is
 * that of the letter before and nothing closed it (the header of a table).
 */
struct lgx_original {
	struct lgx_buf	 bytes;		/* of this letter */
	struct lgx_buf	 lead;		/* still open from the letters before */
	struct lgx_buf	 scratch;
	bool		 is_record;
};

/* The original of a parsed letter.  LGX_OK; LGX_REJECT, only its head was kept. */
LGX_MUST_USE int lgx_original_read(struct lgx_original *, struct lgx_rec *letter, struct lgx_err *);
void		 lgx_original_release(struct lgx_original *);

#endif
