/*
 * rec/canon.h - what fits.c, put.c and canon.c share
 * Floor rec, private to it.
 */
#ifndef LGX_REC_CANON_H
#define LGX_REC_CANON_H

#include "rec/schema.h"

struct rec_writer {
	struct lgx_rec	*rec;
	struct lgx_buf	*out;
	struct lgx_err	*err;
	int		 digits;	/* of the record's currency; -1: it is not in the table */
	bool		 keep;		/* write what the schema refuses as it is */
	bool		 partial;	/* leave out id, src and received_at */
	bool		 thorough;	/* take no short way */
};

/* What a member is that no schema has. */
extern const struct lgx_field rec_free_field;

static inline const struct lgx_node *
rec_node(const struct rec_writer *w, uint32_t at)
{
	return &w->rec->nodes[at];
}

/* The bytes of a value, inside its quotes. */
static inline struct lgx_str
rec_raw(const struct rec_writer *w, uint32_t at)
{
	const struct lgx_node	*node = rec_node(w, at);

	return (struct lgx_str){ w->rec->line.p + node->off, node->len };
}

/* null, "", [] or {} */
static inline bool
rec_is_empty(const struct rec_writer *w, uint32_t at)
{
	const struct lgx_node	*node = rec_node(w, at);

	return node->type == LGX_NULL || (node->type == LGX_STRING && node->len == 0) ||
	    (node->type >= LGX_OBJECT && node->next == at + 1);
}

/*
 * Of rec/fits.c.  Is the value canonical as a member of the field's type, are
 * the members of an object (`other` is the type of those that the shape lacks)?
 */
bool	rec_fits_value(const struct rec_writer *, uint32_t at, const struct lgx_field *);
bool	rec_fits_members(const struct rec_writer *, uint32_t at, const struct rec_shape *,
	    const struct lgx_field *other);
/* Is the text one of a type that has one form only: a date, a currency, a word? */
bool	rec_is_word(struct lgx_str, const struct lgx_field *);
/* {"b64":"..."}, how octets stand that are no text */
bool	rec_is_base64(const struct rec_writer *, uint32_t at);
/* The type of the values in an LGX_T_MONEYS or LGX_T_DECS. */
const struct lgx_field *rec_map_field(const struct lgx_field *);

/* Of rec/put.c.  Write an object; LGX_REJECT, with err filled unless w->keep. */
int	rec_put_members(struct rec_writer *, uint32_t at, const struct rec_shape *,
	    const struct lgx_field *other);

/* Of rec/canon.c.  The shape of a record in a record, and a writer that keeps it. */
const struct rec_shape *rec_enter(const struct rec_writer *, uint32_t at,
	    struct rec_writer *inner);

#endif
