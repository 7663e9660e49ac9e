/*
 * fmt/x12_part.h - what the parts of the X12 reader share
 * Floor fmt: for fmt/x12*.c only.
 *
 * x12_isa.c   finds and reads interchange headers
 * x12_scan.c  cuts bytes into segments and elements
 * x12_gram.c  compiles grammars
 * x12_set.c   checks a transaction set and writes it as JSON, in one pass
 * x12_find.c  findings
 * x12.c       envelopes, counts, recovery
 */
#ifndef LGX_X12_PART_H
#define LGX_X12_PART_H

#include "fmt/x12.h"

/* Delimiters of an interchange.  NUL stands for none. */
struct x12_delims {
	char	 el, comp, rep, term;
	char	 more[3];	/* bytes that follow term each time: the rest of a UTF-8 character */
	int	 nmore;
	bool	 wrapped;	/* line ends stand inside segments */
};

/* Bytes between a terminator and the next segment that mean nothing. */
static inline bool
x12_is_blank(char c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static inline bool
x12_is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Bytes that file transfers leave around interchanges. */
static inline bool
x12_is_padding(char c)
{
	return x12_is_blank(c) || c == '\0' || c == '\x1a';
}

/*
 * x12_isa.c
 */
#define X12_ISA_LEN	106
#define X12_ISA_ELEMS	16
#define X12_ISA_LOOK	((size_t)1024)	/* bytes that reading a header may need */

struct x12_isa {
	struct x12_delims	 delims;
	struct lgx_str		 el[X12_ISA_ELEMS + 1];	/* from 1, as sent; views of the input */
	size_t			 len;			/* bytes, terminator included */
	bool			 odd_width;		/* not the 106 bytes */
};

/* Could a header begin here?  "ISA" and a byte that is not alphanumeric. */
bool	x12_isa_here(struct lgx_str view);
/*
 * Read the header at the start of the view.  LGX_OK; LGX_EOF: the view ends
 * inside it; LGX_REJECT: it cannot be read, *why says why.
 */
int	x12_isa_read(struct lgx_str view, struct x12_isa *, const char **why);
/* Delimiters for segments that stand without a header; false if it looks like none. */
bool	x12_isa_guess(struct lgx_str view, struct x12_delims *);
/* cp037 to Latin-1, with both EBCDIC line ends as LF. */
extern const unsigned char x12_ebcdic[256];

/*
 * x12_scan.c
 */
enum x12_found {
	X12_SEGMENT,		/* a whole one */
	X12_UNENDED,		/* the text ends before it does */
	X12_TOO_LONG,		/* no terminator within LGX_X12_SEGMENT_MAX */
	X12_BAD_BINARY,		/* BIN or BDS whose length leads nowhere */
};

/* A segment id as a number: X12_TAG('B', '3', 0). */
#define X12_TAG(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

enum {
	X12_ST = X12_TAG('S', 'T', 0), X12_SE = X12_TAG('S', 'E', 0),
	X12_GS = X12_TAG('G', 'S', 0), X12_GE = X12_TAG('G', 'E', 0),
	X12_ISA = X12_TAG('I', 'S', 'A'), X12_IEA = X12_TAG('I', 'E', 'A'),
	X12_TA1 = X12_TAG('T', 'A', '1'), X12_ISB = X12_TAG('I', 'S', 'B'),
	X12_ISE = X12_TAG('I', 'S', 'E'), X12_ISX = X12_TAG('I', 'S', 'X'),
	X12_BIN = X12_TAG('B', 'I', 'N'), X12_BDS = X12_TAG('B', 'D', 'S'),
};

struct x12_span {
	size_t		 start, end;	/* of the segment; end is behind its terminator */
	uint32_t	 tag;		/* X12_TAG of its id; 0 if it is none */
	char		 id[4];		/* the same in upper case, without line ends; empty */
	uint8_t		 idlen;
	bool		 binary;
};

/*
 * The segment at or behind `at`: blanks before it are skipped.  With
 * X12_UNENDED span->start is set, and is text.n when nothing but blanks is left.
 */
enum x12_found x12_segment(struct lgx_str text, size_t at, const struct x12_delims *,
    struct x12_span *);

/* The elements of one segment by their ends. */
struct x12_cut {
	const char	*p;		/* the segment's first byte */
	uint32_t	*end;		/* end[0] of the id, end[i] of element i, from p */
	size_t		 n, cap;	/* elements, id not counted */
	bool		 odd;		/* holds bytes that need a second look: see x12_scan.c */
};

/* A pass over one text, segment by segment. */
struct x12_scan {
	struct lgx_str		 text;
	struct x12_delims	 delims;
	size_t			 at;		/* behind the last segment */
	size_t			 base;		/* of the block that the masks describe */
	uint64_t		 sep, odd;	/* bit i: byte base + i */
};

void	x12_scan_init(struct x12_scan *, struct lgx_str text, const struct x12_delims *);
/*
 * Find and cut the next segment.  The text ends behind a terminator, and its
 * binary segments are whole.  False at its end, *span untouched.
 */
bool	x12_scan_next(struct x12_scan *, struct x12_span *, struct x12_cut *);

static inline struct lgx_str
x12_element(const struct x12_cut *c, size_t i)	/* 0 is the id; empty beyond the last */
{
	size_t	 from = i == 0 || i > c->n ? 0 : (size_t)c->end[i - 1] + 1;

	return i <= c->n ? (struct lgx_str){ c->p + from, c->end[i] - from } : LGX_STR_EMPTY;
}

/*
 * x12_find.c
 */
struct x12_policy { uint8_t severity[LGX_DIAG_COUNT]; };	/* enum lgx_x12_severity */

struct x12_findings {
	struct lgx_x12_finding	*f;
	size_t			 n, cap;
	uint64_t		 unlisted;	/* beyond the limit */
	struct lgx_arena	 text;
	const struct x12_policy	*policy;
};

void	x12_policy_init(struct x12_policy *);
/* From a partner page's edi section (may be NULL).  LGX_OK, LGX_CONFIG. */
LGX_MUST_USE int x12_policy_read(struct x12_policy *, const struct lgx_conf *edi, struct lgx_err *);
/*
 * Add a finding; value and due are copied.  Never NULL; a finding beyond the
 * limit that does not refuse the set is counted and forgotten.
 */
struct lgx_x12_finding *x12_find(struct x12_findings *, enum lgx_diag, struct lgx_str value,
    struct lgx_str due);
void	x12_findings_clear(struct x12_findings *);
void	x12_findings_release(struct x12_findings *);
/* Append the findings of another list, which is empty then. */
void	x12_findings_move(struct x12_findings *, struct x12_findings *from);
/* The first that refuses the set, NULL if none does. */
const struct lgx_x12_finding *x12_findings_refusal(const struct x12_findings *);
/* The items of a JSON array; offsets are written relative to origin. */
void	x12_findings_put(struct lgx_buf *, const struct x12_findings *, uint64_t origin);

/*
 * x12_gram.c
 */
enum x12_type { X12_AN, X12_ID, X12_N, X12_R, X12_DT, X12_TM, X12_B, X12_COMPOSITE };
enum x12_need { X12_OPTIONAL, X12_MANDATORY, X12_KEY, X12_HABIT };

struct x12_codes {
	uint16_t	 ref;		/* data element number */
	bool		 part;		/* a selection of a longer list */
	uint64_t	*slots;		/* packed codes, 0 empty */
	size_t		 nslots;	/* a power of two */
	size_t		 n;
};

struct x12_el {
	uint8_t			 type;		/* enum x12_type */
	uint8_t			 need;		/* optional or mandatory */
	uint8_t			 decimals;	/* implied, of X12_N */
	uint8_t			 nparts;	/* of X12_COMPOSITE */
	uint16_t		 min, max;
	uint16_t		 ref;
	const struct x12_codes	*codes;		/* NULL: any */
	const struct x12_el	*parts;
};

struct x12_syntax { char kind; uint8_t first; uint64_t mask; };	/* bit i: element i */

struct x12_segdef {
	char			 id[4];
	uint8_t			 n;		/* elements */
	uint8_t			 nsyntax;
	uint64_t		 must;		/* mandatory elements, bit i: element i */
	const struct x12_el	*el;		/* el[0] is element 1 */
	const struct x12_syntax	*syntax;
};

#define X12_NO_LOOP	(-1)

struct x12_node {			/* a segment's place in the set */
	const struct x12_segdef	*def;
	uint32_t		 max;
	int16_t			 loop;		/* it stands in; X12_NO_LOOP: the set itself */
	uint8_t			 need;
	bool			 trigger;	/* begins its loop */
	uint16_t		 code;		/* number of its segment id in the grammar */
};

struct x12_loop {
	char			 id[8];
	uint32_t		 max;
	int16_t			 parent;
	uint16_t		 first, last;	/* nodes, nested loops included */
	bool			 any;		/* its segments come in any order */
	bool			 must;		/* has mandatory segments beside its trigger */
};

#define X12_NOWHERE	UINT16_MAX
#define X12_CHECK	0x8000		/* bit of a step: a loop that must be complete is left */

struct x12_grammar {			/* of one set in one release */
	const struct x12_node	*nodes;
	size_t			 nnodes;
	const struct x12_loop	*loops;
	size_t			 nloops;
	size_t			 ncodes;	/* different segment ids */
	const uint16_t		*steps;		/* [node * ncodes + code]: node, or X12_NOWHERE */
	uint32_t		 ids[512];	/* hash of segment ids: tag << 8 | code + 1; 0 empty */
	const uint16_t		*musts;		/* mandatory segments outside loops, as nodes */
	size_t			 nmusts;
	struct lgx_str		 group;		/* functional id that the set belongs to */
	int			 release;	/* 4010 */
};

static inline size_t
x12_id_slot(uint32_t tag)
{
	return (tag * UINT32_C(2654435761)) >> 23;	/* of 512 */
}

static inline int			/* number of an id, -1 if the set does not have it */
x12_grammar_code(const struct x12_grammar *g, uint32_t tag)
{
	for (size_t i = x12_id_slot(tag); g->ids[i] != 0; i = (i + 1) & 511)
		if (g->ids[i] >> 8 == tag)
			return (int)(g->ids[i] & 0xFF) - 1;
	return -1;
}

/* NULL if there is none for the set.  *exact: the version names a release that we describe. */
const struct x12_grammar *x12_grammar_of(struct lgx_x12_grammars *, struct lgx_str set,
    struct lgx_str version, bool *exact);
bool	x12_code_known(const struct x12_codes *, struct lgx_str code);
/* Is it a code of list I05?  Any is, without grammars. */
bool	x12_qualifier_known(const struct lgx_x12_grammars *, struct lgx_str code);

/*
 * x12_set.c
 */
enum x12_charset { X12_ASCII, X12_UTF8, X12_LATIN1 };

struct x12_set {
	struct lgx_str		 text;		/* ST..SE, terminator included */
	const struct x12_delims	*delims;
	uint64_t		 offset;	/* of text in the file */
	const struct x12_grammar *grammar;	/* NULL: not checked */
	enum x12_charset	 charset;
	struct lgx_str		 control;	/* ST02 */
	bool			 loose;		/* segments only, no ST and SE to check */
	struct x12_findings	*findings;
	uint32_t		 segments;	/* out: counted */
	bool			 wrapped;	/* out: line ends stand inside segments; begin again */
};

struct x12_walker {			/* scratch, kept between sets; all-zero is ready */
	struct x12_cut	 cut;
	uint32_t	*count;		/* by node, then by loop */
	size_t		 cap;
	struct lgx_buf	 text;		/* a set without the line ends inside it */
	uint32_t	*starts;	/* of its segments as sent */
	size_t		 starts_cap;
	struct lgx_buf	 utf8;
};

/*
 * Write the segments as a JSON array and collect findings.  When wrapped comes
 * out set and was not among the delimiters, set it there and walk again.
 */
void	x12_set_walk(struct x12_set *, struct x12_walker *, struct lgx_buf *out);
void	x12_walker_release(struct x12_walker *);

#endif
