/*
 * base/find.c - where configuration lies: a search path of folders
 * Floor base.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/find.h"

void
lgx_find_add(struct lgx_find *f, const char *path)
{
	struct lgx_str	 rest = path != NULL ? lgx_str_of(path) : LGX_STR_EMPTY, dir;

	while (rest.n > 0 && f->n < LGX_FIND_MAX)
		if ((dir = lgx_str_cut(&rest, ':')).n > 0)
			f->dir[f->n++] = dir;
}

static char *
join(struct lgx_arena *arena, struct lgx_str dir, const char *relative, const char *name)
{
	struct lgx_buf	 b = { 0 };
	char		*path;

	lgx_buf_putf(&b, "%.*s/%s%s%s", LGX_STR_ARG(dir), relative, name[0] != '\0' ? "/" : "", name);
	path = lgx_arena_z(arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return path;
}

const char *
lgx_find_file(const struct lgx_find *f, const char *relative, struct lgx_arena *arena)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *path = join(arena, f->dir[i], relative, "");

		if (access(path, F_OK) == 0)
			return path;
	}
	return NULL;
}

int
lgx_find_must(const struct lgx_find *f, const char *relative, struct lgx_arena *arena,
    const char **path, struct lgx_err *err)
{
	struct lgx_buf	 where = { 0 };

	if ((*path = lgx_find_file(f, relative, arena)) != NULL)
		return LGX_OK;
	for (size_t i = 0; i < f->n; i++)
		lgx_buf_putf(&where, "%s%.*s", i > 0 ? ", " : "", LGX_STR_ARG(f->dir[i]));
	(void)lgx_err_config(err, LGX_E_CONF_OPEN, LGX_PLACE_NONE, "no %s in %s", relative,
	    where.n > 0 ? lgx_buf_z(&where) : "any configuration folder (--config, LGX_CONFIG)");
	lgx_buf_release(&where);
	return LGX_CONFIG;
}

struct listing {
	struct found { const char *name, *path; } *files;
	size_t		 n, cap;
};

static void
list_one(struct listing *l, struct lgx_str dir, const char *relative, const char *suffix,
    DIR *d, struct lgx_arena *arena)
{
	struct dirent	*e;

	while ((e = readdir(d)) != NULL) {
		size_t	 i = 0;

		if (e->d_name[0] == '.' || !lgx_str_ends(lgx_str_of(e->d_name), lgx_str_of(suffix)))
			continue;
		while (i < l->n && strcmp(l->files[i].name, e->d_name) != 0)
			i++;
		if (i < l->n)
			continue;	/* an earlier folder has it */
		l->files = lgx_grow(l->files, &l->cap, l->n + 1, sizeof(*l->files));
		l->files[l->n++] = (struct found){ lgx_arena_z(arena, lgx_str_of(e->d_name)),
		    join(arena, dir, relative, e->d_name) };
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

int
lgx_find_folder(const struct lgx_find *f, const char *relative, const char *suffix,
    struct lgx_arena *arena, const char ***paths, size_t *n, struct lgx_err *err)
{
	struct listing	 l = { 0 };
	int		 st = LGX_OK;

	for (size_t i = 0; i < f->n && st == LGX_OK; i++) {
		const char	*folder = join(arena, f->dir[i], relative, "");
		DIR		*d = opendir(folder);

		if (d != NULL) {
			list_one(&l, f->dir[i], relative, suffix, d, arena);
			closedir(d);
		} else if (errno != ENOENT) {
			(void)lgx_err_errno(err, LGX_E_CONF_OPEN, folder, "cannot list");
			st = LGX_CONFIG;
		}
	}
	if (l.n > 0)
		qsort(l.files, l.n, sizeof(*l.files), by_name);
	*n = l.n;
	*paths = lgx_arena_alloc(arena, (l.n + 1) * sizeof(**paths));
	for (size_t i = 0; i < l.n; i++)
		(*paths)[i] = l.files[i].path;
	free(l.files);
	return st;
}
