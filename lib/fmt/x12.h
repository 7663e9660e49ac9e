/*
 * fmt/x12.h - X12 interchanges to edi records
 * Floor fmt: stands on base and rec.
 *
 * A reader turns the bytes of one input after the other into items: an edi
 * record for each transaction set, or a dead letter with its raw bytes.
 * lgx-parse-edi(1) says what becomes of which fault; lgx-edi(5) describes
 * the record and the grammar files.
 */
#ifndef LGX_X12_H
#define LGX_X12_H

#include "base/find.h"
#include "base/io.h"
#include "base/partner.h"
#include "rec/rec.h"

#define LGX_X12_SET_MAX		((size_t)8 << 20)	/* --max-set unless given, bytes */
#define LGX_X12_SEGMENT_MAX	((size_t)64 << 10)	/* longest segment but BIN and BDS, bytes */
#define LGX_X12_FINDINGS_MAX	200			/* listed for one transaction set */

/*
 * Grammars: mappings/x12/segments.yaml, the code lists it names, and one file
 * per transaction set.
 */
struct lgx_x12_grammars;

/* LGX_OK; LGX_CONFIG with file, line and column, *out NULL. */
LGX_MUST_USE int lgx_x12_grammars_load(const struct lgx_find *, struct lgx_x12_grammars **out,
    struct lgx_err *);
void	lgx_x12_grammars_free(struct lgx_x12_grammars *);	/* NULL is fine */

/*
 * Findings: one record of what is wrong, for diagnostics, for the member
 * errors, and for acknowledgments.
 */
enum lgx_x12_level {
	LGX_X12_FILE, LGX_X12_INTERCHANGE, LGX_X12_GROUP, LGX_X12_SET, LGX_X12_SEGMENT,
	LGX_X12_ELEMENT,
};

enum lgx_x12_severity {
	LGX_X12_NOTE,		/* worth knowing, the sender need not be told */
	LGX_X12_ERROR,		/* accepted with errors */
	LGX_X12_REFUSE,		/* costs the transaction set */
};

struct lgx_x12_finding {
	enum lgx_diag		 diag;
	enum lgx_x12_severity	 severity;
	char			 segment[4];	/* its id, upper case; empty: none */
	char			 loop[8];	/* loop id of the grammar; empty: none */
	uint32_t		 position;	/* of the segment in its set, ST is 1; 0: no set */
	uint16_t		 element, component;	/* from 1; 0: the whole */
	uint16_t		 ref;		/* X12 data element number; 0: none */
	uint64_t		 offset;	/* of the segment, from the first byte of the file */
	struct lgx_str		 value;		/* as sent, at most 99 bytes */
	struct lgx_str		 due;		/* what was due (a count, a number, a limit) */
};

enum lgx_x12_level lgx_x12_level(enum lgx_diag);
/* Code of lists I18, 716, 718, 720 or 723, by level; "" if there is none. */
const char	*lgx_x12_code(enum lgx_diag);
/* The finding as a diagnostic: *err gets code, place and words. */
void		 lgx_x12_describe(const struct lgx_x12_finding *, const char *file,
		    struct lgx_err *err);

/*
 * Reading
 */

struct lgx_x12;

struct lgx_x12_opts {
	struct lgx_x12_grammars	*grammars;	/* compiles what it meets; NULL: segments are not checked */
	const struct lgx_partners	*partners;	/* NULL: none is known */
	bool			 test, info;	/* usage T, usage I are admitted */
	size_t			 max_set;	/* 0: LGX_X12_SET_MAX */
	lgx_time		 received;	/* LGX_TIME_NONE: not said */
	/* Told every finding as it is made; NULL: nobody. */
	void			(*report)(void *, const struct lgx_x12_finding *);
	void			*report_to;
};

/* What the inputs held so far. */
struct lgx_x12_totals {
	uint64_t	 interchanges, groups, sets;	/* as found */
	uint64_t	 said_groups, said_sets;	/* as IEA01 and GE01 say */
	uint64_t	 records;	/* of sets */
	uint64_t	 bare;		/* of interchanges without sets */
	uint64_t	 dead_sets;	/* dead letters of sets */
	uint64_t	 dead_other;	/* of anything else */
};

/*
 * Refuses partner pages with a wrong edi section.  opts is copied, what it
 * points to is borrowed.  LGX_OK; LGX_CONFIG, *out NULL.
 */
LGX_MUST_USE int lgx_x12_open(struct lgx_x12 **out, const struct lgx_x12_opts *, struct lgx_err *);
void		 lgx_x12_close(struct lgx_x12 *);	/* NULL is fine */
/* The next input.  in and sha are borrowed until the next begin or close. */
void		 lgx_x12_begin(struct lgx_x12 *, struct lgx_in *, struct lgx_str sha);
/*
 * The next item, in the order of the input.
 * LGX_OK: *line is an edi record, newline included.
 * LGX_REJECT: *dead is a dead letter (stage is left to the caller).
 * LGX_EOF: this input is done.  LGX_FAIL: it cannot be read further; what came
 * before was given as items.  Results are valid until the next call.
 */
LGX_MUST_USE int lgx_x12_next(struct lgx_x12 *, struct lgx_str *line, struct lgx_dead *dead,
    struct lgx_err *);
const struct lgx_x12_totals *lgx_x12_totals(const struct lgx_x12 *);

#endif
