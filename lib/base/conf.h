/*
 * base/conf.h - configuration: YAML as a tree that knows its places
 * Floor base.
 *
 * The YAML that lgx reads is the plain part of 1.1: mappings, lists, scalars.
 * Anchors, aliases, tags and doubled keys are refused.  Every node knows its
 * line and column, so that whoever finds a wrong value can say where it is.
 * Scalars stay text; `yes`, `0123` and `1e3` mean nothing by themselves.
 */
#ifndef LGX_CONF_H
#define LGX_CONF_H

#include "base/dec.h"
#include "base/err.h"
#include "base/mem.h"

#define LGX_CONF_MAX	((size_t)8 << 20)	/* largest configuration file, bytes */

enum lgx_conf_type { LGX_CONF_SCALAR, LGX_CONF_MAP, LGX_CONF_LIST };

struct lgx_conf {
	enum lgx_conf_type	 type;
	const char		*file;		/* as it was named */
	int			 line, column;	/* of the value, from 1 */
	struct lgx_str		 key;		/* within a mapping; else empty */
	int			 key_line, key_column;
	struct lgx_str		 text;		/* of a scalar */
	const struct lgx_conf	*first, *next;	/* children in file order */
	size_t			 n;		/* children */
};

/* Walk the members of a mapping or the items of a list. */
#define LGX_CONF_EACH(child, node)					\
	for (const struct lgx_conf *child = (node) != NULL ? (node)->first : NULL; \
	    child != NULL; child = child->next)

/*
 * Read a file; the tree lives in the arena.  LGX_OK; LGX_CONFIG with file,
 * line and column (a missing file is LGX_CONFIG too).
 */
LGX_MUST_USE int lgx_conf_load(const char *path, struct lgx_arena *, const struct lgx_conf **root,
    struct lgx_err *);
/* The same from memory; name is used in messages and must outlive the arena. */
LGX_MUST_USE int lgx_conf_parse(struct lgx_str text, const char *name, struct lgx_arena *,
    const struct lgx_conf **root, struct lgx_err *);

/* Member of a mapping, NULL if absent or if node is NULL or no mapping. */
const struct lgx_conf *lgx_conf_get(const struct lgx_conf *, const char *key);
/* Scalar text of a member, `otherwise` if absent. */
struct lgx_str	lgx_conf_text(const struct lgx_conf *, const char *key, const char *otherwise);

/* The place of a node, for lgx_err_*(). */
struct lgx_place lgx_conf_place(const struct lgx_conf *);
/* LGX_CONFIG at this node. */
int		lgx_conf_err(const struct lgx_conf *, struct lgx_err *, enum lgx_diag,
		    const char *fmt, ...) LGX_PRINTF(4, 5);
/*
 * Typed reading.  LGX_OK; LGX_CONFIG when the member is there but wrong, or
 * is missing and `must` is set.  *out is untouched when it is absent.
 */
LGX_MUST_USE int lgx_conf_str(const struct lgx_conf *, const char *key, bool must,
    struct lgx_str *out, struct lgx_err *);
LGX_MUST_USE int lgx_conf_int(const struct lgx_conf *, const char *key, bool must,
    int64_t min, int64_t max, int64_t *out, struct lgx_err *);
LGX_MUST_USE int lgx_conf_dec(const struct lgx_conf *, const char *key, bool must,
    struct lgx_dec *out, struct lgx_err *);
LGX_MUST_USE int lgx_conf_bool(const struct lgx_conf *, const char *key, bool must,
    bool *out, struct lgx_err *);	/* true or false, nothing else */
/* One of n words; *out gets its index. */
LGX_MUST_USE int lgx_conf_word(const struct lgx_conf *, const char *key, bool must,
    const char *const *words, size_t n, int *out, struct lgx_err *);
/* The node must be of this type. */
LGX_MUST_USE int lgx_conf_expect(const struct lgx_conf *, enum lgx_conf_type, struct lgx_err *);
/* Every key of the mapping must be one of n words; else the nearest one is named. */
LGX_MUST_USE int lgx_conf_allow(const struct lgx_conf *, const char *const *words, size_t n,
    struct lgx_err *);

#endif
