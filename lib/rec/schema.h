/*
 * rec/schema.h - which members a record has, in which order, of which type
 * Floor rec, private to it.
 *
 * A shape is an object with an ordered list of members: one for every kind,
 * and one for every nested object (place, charge, ref, ...).  The tables are
 * in rec/schema.c; here is what the reader and the writer see of them.
 */
#ifndef LGX_REC_SCHEMA_H
#define LGX_REC_SCHEMA_H

#include "rec/rec.h"

/* ORDER SHAPE: rec/schema.c has a row for each; the kinds come after these. */
enum rec_shape_id {
	S_NONE, S_SRC, S_PLACE, S_PARTY, S_REF, S_CHARGE, S_VERDICT, S_PARENT, S_LINE,
	S_FINDING, S_REASON, S_MATCH, S_CANDIDATE, S_EFFECT, S_EVIDENCE, S_POD,
	S_KIND,			/* S_KIND + enum lgx_kind */
	S_COUNT = S_KIND + LGX_KIND_COUNT
};

enum rec_words_id { W_NONE, W_DECISION, W_OUTCOME, W_ROUTE, W_TZ, W_USAGE, W_CASE, W_COUNT };

#define REC_NAMES	256	/* numbered names, 0 is none */
#define REC_NAME_MAX	18	/* longest name, bytes */
#define REC_MEMBERS	64	/* most members of a shape */

struct rec_shape {
	const char	*name;
	const struct lgx_field *rows;
	size_t		 nrows;
	/* made of them at first use: positions count from 1, members before `tail` go
	 * before the unknown ones */
	uint8_t		 n, tail;
	uint8_t		 at[REC_NAMES];			/* position of a name, 0: unknown */
	uint8_t		 ids[REC_MEMBERS + 1];		/* number of the name at a position */
	const struct lgx_field *row[REC_MEMBERS + 1];
};

/* A name and the bytes that follow the opening quote when it stands in a line. */
struct rec_name {
	uint64_t	 word[2], mask[2];	/* `name":`, first 16 bytes */
	const char	*text;
	uint32_t	 len;
	char		 quoted[REC_NAME_MAX + 2];	/* `name":` */
};

extern struct rec_name	 rec_names[REC_NAMES];
extern struct rec_shape	 rec_shapes[S_COUNT];

void		 rec_schema_need(void);		/* make the tables, once */
unsigned	 rec_name_find(const char *p, size_t n);	/* 0 if no schema has it */
bool		 rec_word_in(enum rec_words_id, struct lgx_str);
const char	*rec_words_text(enum rec_words_id);	/* "one of a, b, c", for messages */

/* Of rec/node.c.  A decimal: a JSON number as text; a string or number. */
bool		 rec_number(struct lgx_str, struct lgx_dec *);
bool		 rec_node_dec(struct lgx_rec *, uint32_t node, struct lgx_dec *);
enum lgx_diag	 rec_dec_fault(struct lgx_rec *, uint32_t node);
/* Move a name that has escapes to rec->keys. */
void		 rec_key_unescape(struct lgx_rec *, struct lgx_node *);
/* rec->list is a stack: push nodes, sort those from base on by name, cut back. */
void		 rec_list_push(struct lgx_rec *, uint32_t node);
void		 rec_list_sort(struct lgx_rec *, size_t base);
int		 rec_key_cmp(struct lgx_rec *, uint32_t a, uint32_t b);
int		 rec_named_cmp(struct lgx_rec *, const struct lgx_named *, const struct lgx_named *);

static inline const struct rec_shape *
rec_shape_of(enum lgx_kind kind)
{
	return &rec_shapes[S_KIND + kind];
}

#endif
