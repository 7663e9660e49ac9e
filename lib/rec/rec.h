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
 * The schema, for those who write mappings, JSON Schema or tables for people.
 */

/* ORDER TYPE: rec/fits.c has a check, rec/put.c a writer, rec/schema.c a name for each. */
enum lgx_type {
	LGX_T_TEXT,		/* a string that is not empty */
	LGX_T_DEC,		/* a decimal, written in shortest form */
	LGX_T_MONEY,		/* a decimal with the digits of the record's currency */
	LGX_T_LIMIT,		/* money, with more digits where it has them */
	LGX_T_CURRENCY,		/* a code of the currency table */
	LGX_T_DATE,		/* 2024-02-29 */
	LGX_T_INSTANT,		/* 2024-02-29T23:59:59Z */
	LGX_T_LOCAL,		/* 2024-02-29T23:59:59 */
	LGX_T_WHEN,		/* any of these three */
	LGX_T_WORD,		/* one of a closed list */
	LGX_T_COUNT,		/* a JSON integer */
	LGX_T_BOOL,		/* true or false */
	LGX_T_KIND,		/* the name of a kind */
	LGX_T_OCTETS,		/* a string, or {"b64":"..."} of what is no text */
	LGX_T_TEXTS,		/* an array of strings */
	LGX_T_OBJECT,		/* an object of a shape */
	LGX_T_OBJECTS,		/* an array of such */
	LGX_T_MONEYS,		/* an object: any name, money; by name */
	LGX_T_DECS,		/* an object: any name, a decimal; by name */
	LGX_T_FREE,		/* any JSON; objects by name */
	LGX_T_RECORD,		/* a whole record, kept as it is */
	LGX_TYPE_COUNT,
	LGX_TYPE_SCALARS = LGX_T_KIND	/* the last that is a string, number or word */
};

struct lgx_field {
	const char	*name;
	enum lgx_type	 type;
	int		 sub;		/* which shape or list of words, by type */
	const char	*means;		/* for people, a few words */
};

/* The i-th member of a kind in canonical order, from 0 ("lgx") to the last ("src"); then NULL. */
const struct lgx_field	*lgx_kind_field(enum lgx_kind, size_t i);
/* The i-th member of the objects in a field; NULL after the last, and if it holds none. */
const struct lgx_field	*lgx_field_sub(const struct lgx_field *, size_t i);
/* The words of a closed list, ended by NULL; NULL of any other field. */
const char *const	*lgx_field_words(const struct lgx_field *);
const char		*lgx_field_shape(const struct lgx_field *);	/* "place"; "" if none */
const char		*lgx_type_name(enum lgx_type);			/* "decimal" */

/*
 * Reading
 */

enum lgx_json { LGX_STRING, LGX_NUMBER, LGX_TRUE, LGX_FALSE, LGX_NULL, LGX_OBJECT, LGX_ARRAY };

struct lgx_node {
	uint32_t	 key;		/* where the name is, inside the quotes: in the line, or in
					 * rec->keys if it had escapes */
	uint32_t	 off;		/* where in the line the value is, inside the quotes */
	uint32_t	 len;		/* of the value's text; an object's or array's with brackets */
	uint32_t	 next;		/* index of the node after this value and all inside it */
	uint32_t	 keylen;	/* 0 in arrays */
	uint8_t		 type;		/* enum lgx_json */
	uint8_t		 escaped;	/* the text holds escapes: bit 0 value, bit 1 name */
	uint16_t	 name;		/* number of a name that some schema has, 0 of any other */
};

#define LGX_GUESSES	1024		/* remembered successions of names, a power of two */

struct lgx_rec {			/* all-zero is an empty record, ready for parse */
	struct lgx_str	 line;		/* as read, without the newline; borrowed */
	enum lgx_kind	 kind;
	struct lgx_node	*nodes;		/* nodes[0] is the record's object */
	size_t		 n, cap;
	uint32_t	 top[LGX_MEMBER_COUNT];	/* node of a member; 0: absent (or null) */
	struct lgx_place place;		/* of the line */
	struct lgx_arena text;		/* unescaped text; cleared at each parse */
	/* private */
	struct lgx_buf	 keys;		/* unescaped names */
	bool		 spaced;	/* blanks outside of strings: not canonical */
	uint8_t		 depth;		/* of the deepest value, 1 is the record */
	uint8_t		 guess[LGX_GUESSES];	/* which name followed which, learned */
	struct lgx_named { uint64_t prefix; uint32_t node; } *list;	/* being sorted, a stack */
	size_t		 nlist, list_cap;
};

/* Walk the members of an object or the items of an array: i is a node index. */
#define LGX_NODE_EACH(i, rec, parent)					\
	for (uint32_t i = (parent) + 1; i < (rec)->nodes[parent].next;	\
	    i = (rec)->nodes[i].next)

/*
 * Read one line.  line is borrowed and must outlive the use of rec.  Any
 * valid JSON object is taken, members in any order; kind is LGX_K_NONE when
 * "kind" is absent or unknown.  A record without "lgx" is of version 1.
 * LGX_OK; LGX_REJECT (syntax, UTF-8, doubled member, lone surrogate, depth,
 * a newer schema version), err says line and byte; the byte counts from
 * place.byte, where the line begins.
 */
LGX_MUST_USE int lgx_rec_parse(struct lgx_rec *, struct lgx_str line, struct lgx_place,
    struct lgx_err *);
/* The same for any JSON object: "lgx" is a member like others. */
LGX_MUST_USE int lgx_rec_parse_any(struct lgx_rec *, struct lgx_str line, struct lgx_place,
    struct lgx_err *);
void		 lgx_rec_release(struct lgx_rec *);

static inline bool
lgx_rec_has(const struct lgx_rec *rec, enum lgx_member m)
{
	return rec->top[m] != 0;
}

/* The place of a node's value, for diagnostics: that of the line, at its byte. */
struct lgx_place lgx_node_place(const struct lgx_rec *, uint32_t node);
/* Text of a node: a string unescaped, anything else as it stands.  Valid until the next parse. */
struct lgx_str	 lgx_node_str(struct lgx_rec *, uint32_t node);
struct lgx_str	 lgx_node_key(struct lgx_rec *, uint32_t node);
/* Append the octets of a string or {"b64":"..."}; false, nothing appended, if it is neither. */
LGX_MUST_USE bool lgx_node_octets(struct lgx_rec *, uint32_t node, struct lgx_buf *);
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
/*
 * A date or an instant; *out untouched if absent.  A date is also the day of
 * an instant, an instant also the first second of a date.
 */
LGX_MUST_USE int lgx_rec_date(struct lgx_rec *, enum lgx_member, lgx_date *out, struct lgx_err *);
LGX_MUST_USE int lgx_rec_time(struct lgx_rec *, enum lgx_member, lgx_time *out, struct lgx_err *);

/*
 * Append the canonical bytes of a record (no newline), checking every member
 * of its schema: type, decimal, money digits, date, instant, closed words.
 * A line that is canonical already is copied.  Needs the currency table
 * (lgx_currency_load).  LGX_OK; LGX_REJECT, err names the member and its
 * byte, the buffer is as before.
 */
LGX_MUST_USE int lgx_rec_canon(struct lgx_rec *, struct lgx_buf *, struct lgx_err *);
/* The same without the short way for lines that are canonical already; for tests. */
LGX_MUST_USE int lgx_rec_rewrite(struct lgx_rec *, struct lgx_buf *, struct lgx_err *);
/*
 * Append the canonical bytes of any object, refusing nothing: members in the
 * order of its kind, or by name if it has none; a value that its schema would
 * refuse is written as it is.  This is how a dead letter holds its record.
 */
void		 lgx_rec_keep(struct lgx_rec *, struct lgx_buf *);
/*
 * The digest D of ids: the first 12 hex digits of the SHA-256 of the canonical
 * bytes of the record without its members id, src and received_at, from the
 * opening to the closing brace: {"lgx":1,"kind":"invoice","scac":...}.
 * The same bytes are hashed by lgx_build_digest.  LGX_OK; LGX_REJECT as canon.
 */
LGX_MUST_USE int lgx_rec_digest(struct lgx_rec *, char hex[13], struct lgx_err *);

/*
 * The kind by the first bytes of a canonical line, `{"lgx":1,"kind":"..."`,
 * without reading further; LGX_K_NONE if the line does not begin so.
 */
enum lgx_kind	 lgx_line_kind(struct lgx_str line);

/* Lines of an input.  The stream owns nothing of in. */
struct lgx_stream {
	struct lgx_in	*in;
	size_t		 max;
	uint64_t	 line;		/* number of the last line, from 1 */
	size_t		 shown;		/* bytes of it still in the input's window */
	uint64_t	 length;	/* of the last line, without its newline */
	struct lgx_buf	 head;		/* of a line that was too long, */
	char		 sha[65];	/* and the SHA-256 of all of it */
};

/* max_line: bytes without the newline; 0 means LGX_LINE_MAX. */
void		 lgx_stream_init(struct lgx_stream *, struct lgx_in *, size_t max_line);
/* Needed only when reading stops before LGX_EOF; in stays open. */
void		 lgx_stream_release(struct lgx_stream *);
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
/* The same with a name that may need escapes. */
void		 lgx_json_name(struct lgx_buf *, struct lgx_str name);
/* Values as strings: a decimal in shortest form, a date, an instant. */
void		 lgx_json_dec(struct lgx_buf *, struct lgx_dec);
void		 lgx_json_date(struct lgx_buf *, lgx_date);
void		 lgx_json_time(struct lgx_buf *, lgx_time);
/* Money with the digits of its currency; false, nothing written, if it has more. */
LGX_MUST_USE bool lgx_json_money(struct lgx_buf *, struct lgx_dec, int digits);
void		 lgx_json_int(struct lgx_buf *, int64_t);	/* a JSON number */
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
	enum lgx_member	 open;		/* being written by open/close, */
	size_t		 opened;	/* from here on */
	struct lgx_buf	 extra;		/* unknown members: name and JSON, one after the other */
	struct lgx_extra { size_t off, name, n; } *extras;	/* sorted by name */
	size_t		 nextras, extras_cap;
	struct lgx_buf	 hashed;	/* what lgx_build_digest hashes */
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
void		 lgx_build_bool(struct lgx_build *, enum lgx_member, bool);	/* true or false */
void		 lgx_build_json(struct lgx_build *, enum lgx_member, struct lgx_str canonical);
/* A member that no schema has: comes out just before src, sorted by name. */
void		 lgx_build_extra(struct lgx_build *, struct lgx_str name, struct lgx_str canonical);
/* Write a value's JSON by hand: append to what open returns, then close. */
struct lgx_buf	*lgx_build_open(struct lgx_build *, enum lgx_member);	/* [], {} and "" set nothing */
void		 lgx_build_close(struct lgx_build *);
bool		 lgx_build_has(const struct lgx_build *, enum lgx_member);
/* The digest D over all members set so far except id, src, received_at; see lgx_rec_digest. */
void		 lgx_build_digest(struct lgx_build *, char hex[13]);
/* Append the record as a line, newline included, with this id. */
void		 lgx_build_finish(struct lgx_build *, struct lgx_str id, struct lgx_buf *line);

/*
 * One part of an id; "~" if empty.  Letters, digits and - . _ : stay, every
 * other byte becomes %XX.  A '/' is put before all but the first part.
 */
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
 * record is a line that was refused, raw any other bytes; one of the two.  A
 * record stays JSON if it is (lgx_rec_keep), else it becomes raw: a string, or
 * {"b64":...} if it is not text.  Above LGX_DEAD_WHOLE raw is
 * {"head":...,"length":...,"sha":...}, head its first LGX_DEAD_HEAD bytes.
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
	/* when record or raw is only the head of what was refused: */
	uint64_t	 length;	/* of the whole, else 0 */
	struct lgx_str	 sha;		/* its SHA-256 in hex */
	/* bytes that must stand before and behind raw to read it again, or empty */
	struct lgx_str	 lead, tail;
};

/*
 * Fill record (or its head, length and sha), src.offset and src.length from
 * the line that the stream gave last, with the place that it gave.
 */
void		 lgx_dead_line(struct lgx_dead *, const struct lgx_stream *, struct lgx_str line,
		    struct lgx_place);
/* Append a deadletter record as a line, newline included. */
void		 lgx_dead_put(struct lgx_buf *line, const struct lgx_dead *);

#endif
