/*
 * base/find.h - where configuration lies: a search path of folders
 * Floor base.
 *
 * A file is taken from the first folder that has it.  A folder is the union of
 * its files over all folders, by name; the earlier folder wins.
 */
#ifndef LGX_FIND_H
#define LGX_FIND_H

#include "base/err.h"
#include "base/mem.h"

#define LGX_FIND_MAX	16	/* folders in a search path */

struct lgx_find { struct lgx_str dir[LGX_FIND_MAX]; size_t n; };	/* all-zero: nowhere */

/* Append the folders of "a:b:c" (empty parts are skipped); borrowed. */
void		 lgx_find_add(struct lgx_find *, const char *path);
/* The first existing DIR/relative, in the arena; NULL if there is none. */
const char	*lgx_find_file(const struct lgx_find *, const char *relative, struct lgx_arena *);
/* The same, but a missing file is LGX_CONFIG that names it and the folders searched. */
LGX_MUST_USE int lgx_find_must(const struct lgx_find *, const char *relative, struct lgx_arena *,
    const char **path, struct lgx_err *);
/*
 * Paths of the files relative/NAME whose NAME ends in suffix, in order of NAME
 * by bytes.  *paths is an array of *n in the arena.
 */
LGX_MUST_USE int lgx_find_folder(const struct lgx_find *, const char *relative, const char *suffix,
    struct lgx_arena *, const char ***paths, size_t *n, struct lgx_err *);

#endif
