/*
 * ledger/post.h - decisions into the books, a batch at a time
 * Floor ledger: stands on base and rec.
 *
 * Decisions and dead letters are gathered; a flush books them in one
 * transaction, in the order of their keys, and then says what became of each.
 * A refused effect blocks the later ones of its shipment; nothing else is
 * held up by it.
 */
#ifndef LGX_POST_H
#define LGX_POST_H

#include "ledger/queue.h"

#define LGX_POST_EFFECTS	8192		/* effects of a batch */
#define LGX_POST_BYTES		((size_t)8 << 20)	/* text of a batch */

struct lgx_post;

struct lgx_post_opts {
	struct lgx_ledger	*ledger;
	const struct lgx_journals *journals;
	struct lgx_str		 run;		/* for decisions that name none */
	struct lgx_str		 when;		/* failure time of letters; empty: the clock */
	bool			 dry;		/* book nothing in the end */
};

enum lgx_effect_state { LGX_EFFECT_BOOKED, LGX_EFFECT_REPEATED, LGX_EFFECT_REFUSED,
    LGX_EFFECT_BLOCKED };

/* What became of a decision; views last until the next clear. */
struct lgx_post_result {
	struct lgx_str	 line;		/* as it came */
	bool		 letter;	/* a dead letter, filed; the rest is empty */
	size_t		 first, n;	/* its effects, for lgx_post_receipt */
	const struct lgx_err *refused;	/* the first reason, or NULL */
	bool		 retryable;	/* nothing is wrong with it, it only waits */
	struct lgx_str	 blocked_by;	/* for what */
};

struct lgx_post	*lgx_post_new(const struct lgx_post_opts *);	/* what opts points to is borrowed */
void		 lgx_post_free(struct lgx_post *);	/* NULL is fine */

/* Take a decision or dead letter, or what turns out to be neither; the line is copied. */
void		 lgx_post_add(struct lgx_post *, struct lgx_str line, struct lgx_place);
bool		 lgx_post_full(const struct lgx_post *);	/* time to flush */
/*
 * Begin to book what was taken, in a thread of its own, and give the results
 * of what the flush before began: an array of *n in the order of taking, which
 * stands on disk; none the first time.  With nothing taken it only waits, so
 * the end of the input wants two.  Call clear before more is taken.
 * LGX_OK; LGX_FAIL: nothing of that batch was booked.
 */
LGX_MUST_USE int lgx_post_flush(struct lgx_post *, const struct lgx_post_result **results,
    size_t *n, struct lgx_err *);
/* Append the receipt of an effect as a line. */
void		 lgx_post_receipt(struct lgx_post *, size_t effect, struct lgx_buf *line);
void		 lgx_post_clear(struct lgx_post *);	/* the results are used */
/* At the end of the input, when all is flushed: settle letters whose entries are booked. */
LGX_MUST_USE int lgx_post_finish(struct lgx_post *, struct lgx_err *);

struct lgx_post_counts { uint64_t booked, repeated, refused, blocked, letters; };
const struct lgx_post_counts *lgx_post_counts(const struct lgx_post *);

#endif
