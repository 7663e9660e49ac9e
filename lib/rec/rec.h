/*
 * rec/rec.h - records on the wire: read, look at, write
 * Floor rec: stands on base.  lgx-records(5) describes the bytes.
 *
 * A record is one line of NDJSON.  Reading makes a tape: one node a value, in
 * the order of the text, each knowing where the value after it begins.  Text
 * is never copied unless it holds escapes.  Members at the top are found by
 * number (enum lgx_member), nested ones by name.
 */
#ifndef LGX_REC_H
#define LGX_REC_H

#include "base/date.h"
#include "base/dec.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"

#define LGX_SCHEMA_VERSION	1

/* ORDER KIND: rec/schema.c has a row for each. */
enum lgx_kind {
	LGX_K_NONE,		/* not a record, or of no known kind */
	LGX_K_EDI, LGX_K_ORDER, LGX_K_SHIPMENT, LGX_K_STATUS, LGX_K_INVOICE,
	LGX_K_PARTY, LGX_K_BOOKED, LGX_K_PAYMENT, LGX_K_FXRATE, LGX_K_APPROVAL,
	LGX_K_DECISION, LGX_K_CASE, LGX_K_NOTICE, LGX_K_RECEIPT, LGX_K_DEADLETTER,
	LGX_KIND_COUNT
};

/* Every member name that stands at the top of some kind: LGX_M_scac is "scac". */
enum lgx_member {
	LGX_M_NONE,
#define LGX_MEMBER(name) LGX_M_##name,
#include "rec/member.def"
#undef LGX_MEMBER
	LGX_MEMBER_COUNT
};

const char	*lgx_kind_name(enum lgx_kind);
enum lgx_kind	 lgx_kind_of(struct lgx_str name);	/* LGX_K_NONE if unknown */
const char	*lgx_member_name(enum lgx_member);
enum lgx_member	 lgx_member_of(struct lgx_str name);	/* LGX_M_NONE if unknown */
/* Is the member part of the kind's schema? */
bool		 lgx_kind_has(enum lgx_kind, enum lgx_member);

/*
 * Reading
 */

enum lgx_json { LGX_STRING, LGX_NUMBER, LGX_TRUE, LGX_FALSE, LGX_NULL, LGX_OBJECT, LGX_ARRAY };

struct lgx_node {
	uint32_t	 key, off;	/* where in the line: name and value, inside the quotes */
	uint32_t	 len;		/* of the value's text; an object's or array's with brackets */
	uint32_t	 next;		/* index of the node after this value and all inside it */
	uint16_t	 keylen;	/* 0 in arrays */
	uint8_t		 type;		/* enum lgx_json */
	uint8_t		 escaped;	/* the text holds escapes: bit 0 value, bit 1 name */
};

struct lgx_rec {			/* all-zero is an empty record, ready for parse */
	struct lgx_str	 line;		/* as read, without the newline; borrowed */
	enum lgx_kind	 kind;
	struct lgx_node	*nodes;		/* nodes[0] is the record's object */
	size_t		 n, cap;
	uint32_t	 top[LGX_MEMBER_COUNT];	/* node of a member; 0: absent (or null) */
	struct lgx_place place;		/* of the line */
	struct lgx_arena text;		/* unescaped text; cleared at each parse */
};

/* Walk the members of an object or the items of an array: i is a node index. */
#define LGX_NODE_EACH(i, rec, parent)					\
	for (uint32_t i = (parent) + 1; i < (rec)->nodes[parent].next;	\
	    i = (rec)->nodes[i].next)

/*
 * Read one line.  line is borrowed and must outlive the use of rec.  Any
 * valid JSON object is taken, members in any order; kind is LGX_K_NONE when
 * "kind" is absent or unknown.  LGX_OK; LGX_REJECT (syntax, UTF-8, doubled
 * member, lone surrogate, depth), err says line and byte.
 */
LGX_MUST_USE int lgx_rec_parse(struct lgx_rec *, struct lgx_str line, struct lgx_place,
    struct lgx_err *);
void		 lgx_rec_release(struct lgx_rec *);

static inline bool
lgx_rec_has(const struct lgx_rec *rec, enum lgx_member m)
{
	return rec->top[m] != 0;
}

/* Text of a node: a string unescaped, anything else as it stands.  Valid until the next parse. */
struct lgx_str	 lgx_node_str(struct lgx_rec *, uint32_t node);
struct lgx_str	 lgx_node_key(struct lgx_rec *, uint32_t node);
/* The JSON text of a value, brackets and quotes included. */
struct lgx_str	 lgx_node_json(const struct lgx_rec *, uint32_t node);
/* Member of an object by name, 0 if absent. */
uint32_t	 lgx_node_get(struct lgx_rec *, uint32_t object, struct lgx_str name);
/* Text of a member at the top or of an object's member; empty view if absent. */
struct lgx_str	 lgx_rec_str(struct lgx_rec *, enum lgx_member);
struct lgx_str	 lgx_node_get_str(struct lgx_rec *, uint32_t object, struct lgx_str name);
/* A decimal from a string or number; *out untouched if absent.  LGX_REJECT names the member. */
LGX_MUST_USE int lgx_rec_dec(struct lgx_rec *, enum lgx_member, struct lgx_dec *out,
    struct lgx_err *);
/* A date or an instant; *out untouched if absent. */
LGX_MUST_USE int lgx_rec_date(struct lgx_rec *, enum lgx_member, lgx_date *out, struct lgx_err *);
LGX_MUST_USE int lgx_rec_time(struct lgx_rec *, enum lgx_member, lgx_time *out, struct lgx_err *);

/*
 * Append the canonical bytes of a record (no newline), checking every member
 * of its schema: type, decimal, money digits, date, instant, closed words.
 * A line that is canonical already is copied.  LGX_OK; LGX_REJECT.
 */
LGX_MUST_USE int lgx_rec_canon(struct lgx_rec *, struct lgx_buf *, struct lgx_err *);

/*
 * The kind by the first bytes of a canonical line, `{"lgx":1,"kind":"..."`,
 * without reading further; LGX_K_NONE if the line does not begin so.
 */
enum lgx_kind	 lgx_line_kind(struct lgx_str line);

/* Lines of an input.  The stream owns nothing of in. */
struct lgx_stream { struct lgx_in *in; size_t max; uint64_t line; size_t shown; };

void		 lgx_stream_init(struct lgx_stream *, struct lgx_in *, size_t max_line);
/*
 * The next line without its newline, valid until the next call; a last line
 * without newline counts.  LGX_OK; LGX_EOF; LGX_REJECT: longer than max (skipped,
 * *line is its first 64 KiB) or empty; LGX_FAIL.  *place is filled in every case
 * but LGX_EOF.
 */
LGX_MUST_USE int lgx_stream_line(struct lgx_stream *, struct lgx_str *line, struct lgx_place *place,
    struct lgx_err *);
/* The next line, parsed.  On LGX_REJECT rec->line is the refused line. */
LGX_MUST_USE int lgx_stream_next(struct lgx_stream *, struct lgx_rec *, struct lgx_err *);

/*
 * Writing
 */

/* A JSON string with quotes and shortest escapes.  text must be UTF-8. */
void		 lgx_json_str(struct lgx_buf *, struct lgx_str text);
/* The same for octets that may not be text: a string, or {"b64":"..."}. */
void		 lgx_json_octets(struct lgx_buf *, struct lgx_str octets);
/* ,"name":  (no comma after an opening bracket or at the start of the buffer) */
void		 lgx_json_key(struct lgx_buf *, const char *name);
/* lgx_json_key and a string, unless text is empty: absent rather than empty. */
void		 lgx_json_member(struct lgx_buf *, const char *name, struct lgx_str text);
/* A comma between items of an array, when one is due. */
void		 lgx_json_next(struct lgx_buf *);

/*
 * A record under construction.  Members may be set in any order and come out
 * in that of the schema.  Setting empty text sets nothing.  Setting twice
 * keeps the last.  All-zero is ready for start.
 */
struct lgx_build {
	enum lgx_kind	 kind;
	struct lgx_buf	 text;		/* values as JSON, one after the other */
	struct { size_t off, n; } slot[LGX_MEMBER_COUNT];
	enum lgx_member	 open;		/* being written by open/close */
	struct lgx_buf	 extra;		/* unknown members, as ,"name":value */
};

void		 lgx_build_start(struct lgx_build *, enum lgx_kind);
void		 lgx_build_release(struct lgx_build *);
void		 lgx_build_str(struct lgx_build *, enum lgx_member, struct lgx_str);
void		 lgx_build_dec(struct lgx_build *, enum lgx_member, struct lgx_dec);
/* false, nothing set, if the amount has more decimals than digits */
LGX_MUST_USE bool lgx_build_money(struct lgx_build *, enum lgx_member, struct lgx_dec, int digits);
void		 lgx_build_date(struct lgx_build *, enum lgx_member, lgx_date);
void		 lgx_build_time(struct lgx_build *, enum lgx_member, lgx_time);
void		 lgx_build_int(struct lgx_build *, enum lgx_member, int64_t);	/* a JSON number */
void		 lgx_build_json(struct lgx_build *, enum lgx_member, struct lgx_str canonical);
/* Write a value's JSON by hand: append to what open returns, then close. */
struct lgx_buf	*lgx_build_open(struct lgx_build *, enum lgx_member);
void		 lgx_build_close(struct lgx_build *);
bool		 lgx_build_has(const struct lgx_build *, enum lgx_member);
/* The digest D of design: 12 hex over all members set so far except id, src, received_at. */
void		 lgx_build_digest(struct lgx_build *, char hex[13]);
/* Append the record as a line, newline included, with this id. */
void		 lgx_build_finish(struct lgx_build *, struct lgx_str id, struct lgx_buf *line);

/* One part of an id, percent-escaped; "~" if empty.  A '/' is put before all but the first part. */
void		 lgx_id_part(struct lgx_buf *id, struct lgx_str part);

/* Where a record came from.  Strings empty and numbers negative when they do not apply. */
struct lgx_src {
	struct lgx_str	 file, sha;
	int64_t		 offset, length;
	struct lgx_str	 isa, gs, st;
	int64_t		 row;
	struct lgx_str	 path, map;
};

#define LGX_SRC_NONE	((struct lgx_src){ LGX_STR_EMPTY, LGX_STR_EMPTY, -1, -1, LGX_STR_EMPTY, \
    LGX_STR_EMPTY, LGX_STR_EMPTY, -1, LGX_STR_EMPTY, LGX_STR_EMPTY })

void		 lgx_src_put(struct lgx_buf *, const struct lgx_src *);	/* as a JSON object */

/*
 * Dead letters: input that could not be used, kept whole.
 * record is a JSON record that was refused, raw any other bytes; one of the
 * two.  Input above LGX_DEAD_WHOLE is kept by src and digest with its head.
 */
#define LGX_DEAD_WHOLE	((size_t)1 << 20)
#define LGX_DEAD_HEAD	((size_t)64 << 10)

struct lgx_dead {
	const char	*stage;		/* "parse-edi", "canon", ... */
	const struct lgx_err *err;	/* reason and message */
	bool		 retryable;
	struct lgx_str	 blocked_by;	/* key that must be settled first, or empty */
	struct lgx_str	 record, raw;
	struct lgx_src	 src;
};

/* Append a deadletter record as a line, newline included. */
void		 lgx_dead_put(struct lgx_buf *line, const struct lgx_dead *);

#endif
