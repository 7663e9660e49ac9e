/*
 * fmt/x12_read.h - the state of an X12 reader
 * Floor fmt: for fmt/x12.c, x12_sets.c and x12_item.c only.
 *
 * The reader stands outside or inside an interchange and makes at most one
 * item a step.  A set's record is held back until the next thing is known,
 * because what follows a set (its group's trailer, line ends) is the record's
 * tail, and what the trailers say wrong is among its errors.  Whatever cannot
 * be used becomes a dead letter as a piece: a run of bytes up to the next
 * place where reading can begin again.
 */
#ifndef LGX_X12_READ_H
#define LGX_X12_READ_H

#include "base/dict.h"
#include "base/digest.h"
#include "fmt/x12_part.h"

#define LOOK		((size_t)64 << 10)	/* shown at least, when there is that much */
#define BETWEEN_MAX	((size_t)64 << 10)	/* envelopes and blanks without a set between them */
#define CONTROLS_MAX	100000			/* set control numbers of a group remembered */

enum { AGAIN = -1 };			/* of a step: nothing to hand out yet */

struct group {
	bool		 open;
	struct lgx_str	 id, control, version, date, time;	/* GS01, 06, 08, 04, 05 */
	struct lgx_buf	 raw;
	uint64_t	 sets;
	struct lgx_dict	 controls;
	struct lgx_arena text;
};

struct interchange {
	bool		 open;
	bool		 bare;			/* no ISA: segments without an envelope */
	bool		 closing;		/* its trailer was read */
	bool		 cut;			/* the input ended before that */
	struct x12_delims delims;
	struct lgx_str	 control, sender, receiver, date, time;	/* sender as QQ:ID */
	char		 usage;
	uint64_t	 offset, groups, sets;
	const struct lgx_partner *partner;
	struct lgx_buf	 raw;			/* ISA */
	struct lgx_arena text;
};

struct held {				/* a record that waits for its tail */
	bool		 full;
	struct lgx_buf	 body, tail, st;
	struct x12_findings found;
	uint64_t	 offset, length;
};

/* JSON that the records of one group have in common. */
struct stamp {
	bool		 good;
	struct lgx_buf	 set, suffix;		/* for which it was made */
	struct lgx_buf	 names;			/* all up to gs */
	struct lgx_sha	*sha;			/* over names */
	struct lgx_buf	 when;			/* date to usage */
	struct lgx_buf	 delims;		/* of a regular layout */
	struct lgx_buf	 id;			/* but the last two parts */
	struct lgx_buf	 src_file, src_names;	/* around offset and length */
};

struct piece {				/* bytes on their way to a dead letter */
	struct lgx_buf	 raw;		/* the first of them */
	struct lgx_sha	*sha;
	uint64_t	 offset, length;
	char		 hex[LGX_SHA_HEX];
	struct lgx_buf	 isa, gs, st, lead, tail;
};

/* How the segments of a set are laid out in the bytes. */
struct layout { bool regular; struct lgx_str suffix; size_t segments; };

struct page { const struct lgx_partner *partner; struct x12_policy policy; };

struct lgx_x12 {
	struct lgx_x12_opts	 o;
	struct lgx_x12_totals	 totals;
	struct page		*pages;
	struct x12_policy	 policy;	/* of senders without a page */
	/* input */
	struct lgx_in		*in;
	struct lgx_str		 sha, view;	/* what is shown from the current place on */
	struct lgx_err		 failure;
	bool			 ended;		/* the view goes to the end of the input */
	bool			 failed, started, ebcdic;
	/* where we are */
	struct interchange	 ic;
	struct group		 gr;
	struct lgx_buf		 lead;		/* of the next record */
	size_t			 ta1_from, ta1_to;	/* in lead */
	struct held		 held;
	struct x12_findings	 found;		/* of envelopes, for the next record */
	struct x12_findings	 checked;	/* of the set at hand */
	/* results and scratch */
	struct x12_walker	 walker;
	struct stamp		 stamp;
	struct piece		 piece;
	struct lgx_sha		*digest;
	struct lgx_buf		 line, id, text;
	struct lgx_arena	 scratch;
	struct lgx_err		 why;		/* of the dead letter under way */
	struct lgx_dead		*dead;
};

/*
 * x12.c
 */
void		x12_show(struct lgx_x12 *, size_t want);
void		x12_take(struct lgx_x12 *, size_t n);
/* The segment at or behind `at` in the view, showing more of the input as it needs. */
enum x12_found	x12_next_segment(struct lgx_x12 *, size_t at, struct x12_span *);
void		x12_report(const struct lgx_x12 *, const struct lgx_x12_finding *);
const char	*x12_decimal(uint64_t n, char out[24]);

static inline uint64_t
x12_here(const struct lgx_x12 *r)
{
	return lgx_in_offset(r->in);
}

/* Elements of a segment of the view, trimmed; valid until the next x12_split or x12_show. */
struct x12_fields { struct lgx_str el[20]; size_t n; };	/* el[0] is the id; empty beyond n */
void		x12_split(struct lgx_x12 *, const struct x12_span *, struct x12_fields *);

/*
 * x12_item.c
 */
/* Begin a record: all members before segments. */
void		x12_record_begin(struct lgx_x12 *, struct lgx_str set, enum x12_charset,
		    const struct layout *, struct lgx_str text, struct lgx_str lead);
/* It is complete but for its tail; findings and lead are its own. */
void		x12_record_hold(struct lgx_x12 *, uint64_t offset, uint64_t length);
int		x12_record_release(struct lgx_x12 *);	/* LGX_OK: r->line is a record */
/* What the dead letter under way is about. */
void		x12_describe(struct lgx_x12 *, enum lgx_diag, uint64_t offset, struct lgx_str value);
void		x12_piece_begin(struct lgx_x12 *);
void		x12_piece_take(struct lgx_x12 *, size_t n);	/* the next n bytes of the view */
/* The piece becomes a dead letter: LGX_REJECT. */
int		x12_piece_end(struct lgx_x12 *, bool set, struct lgx_str control);
/* The lead that waits for a record becomes one: LGX_REJECT. */
int		x12_lead_refuse(struct lgx_x12 *);

/*
 * x12_sets.c
 */
/* Can an interchange be read at this place of the view? */
bool		x12_header_at(struct lgx_x12 *, size_t at);
/* Is it production, or of a usage that was asked for? */
bool		x12_admitted(const struct lgx_x12 *);
int		x12_step_set(struct lgx_x12 *);		/* the view begins with ST */

#endif
