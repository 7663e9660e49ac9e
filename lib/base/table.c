/*
 * base/table.c - code tables: small CSV files under mappings/codes
 * Floor base.
 */
#include <csv.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/io.h"
#include "base/table.h"

struct load {
	struct lgx_table	*table;
	struct lgx_err		*err;
	struct lgx_str		*row;
	size_t			 nrow, row_cap, cell_cap;
	uint64_t		 line;
	int			 st;
};

static void
on_field(void *text, size_t n, void *arg)
{
	struct load	*l = arg;

	l->row = lgx_grow(l->row, &l->row_cap, l->nrow + 1, sizeof(*l->row));
	l->row[l->nrow++] = lgx_arena_str(&l->table->text,
	    (struct lgx_str){ text != NULL ? text : "", n });
}

static void
refuse(struct load *l, const char *what)
{
	struct lgx_place place = { .file = l->table->file, .unit = LGX_LINE, .n = l->line,
	    .byte = -1 };

	if (l->st == LGX_OK)
		l->st = lgx_err_config(l->err, LGX_E_CONF_SYNTAX, place, "%s", what);
}

static void
on_row(int end, void *arg)
{
	struct load		*l = arg;
	struct lgx_table	*t = l->table;

	(void)end;
	l->line++;
	if (t->columns == NULL) {
		t->ncolumns = l->nrow;
		t->columns = lgx_arena_alloc(&t->text, l->nrow * sizeof(*l->row));
		memcpy(t->columns, l->row, l->nrow * sizeof(*l->row));
	} else if (l->nrow != t->ncolumns) {
		refuse(l, "row is not as wide as the header");
	} else if (lgx_dict_add(&t->keys, l->row[0]) != t->nrows) {
		refuse(l, "first column stands twice");
	} else {
		t->cells = lgx_grow(t->cells, &l->cell_cap, (t->nrows + 1) * t->ncolumns,
		    sizeof(*t->cells));
		memcpy(t->cells + t->nrows++ * t->ncolumns, l->row, l->nrow * sizeof(*l->row));
	}
	l->nrow = 0;
}

static void
parse(struct load *l, struct lgx_str text)
{
	struct csv_parser	 csv;

	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		lgx_oom();
	if (csv_parse(&csv, text.p, text.n, on_field, on_row, l) != text.n ||
	    csv_fini(&csv, on_field, on_row, l) != 0)
		refuse(l, csv_strerror(csv_error(&csv)));
	csv_free(&csv);
	if (l->table->columns == NULL)
		refuse(l, "no header line");
}

int
lgx_table_load(const char *path, struct lgx_table *t, struct lgx_err *err)
{
	struct load	 l = { .table = t, .err = err };
	struct lgx_buf	 b = { 0 };

	t->file = lgx_arena_z(&t->text, lgx_str_of(path));
	if (lgx_file_read(t->file, LGX_CONF_MAX, &b, err) != LGX_OK) {
		if (err != NULL)
			err->diag = LGX_E_CONF_OPEN;
		l.st = LGX_CONFIG;
	} else {
		parse(&l, lgx_buf_str(&b));
	}
	lgx_buf_release(&b);
	free(l.row);
	return l.st;
}

void
lgx_table_release(struct lgx_table *t)
{
	free(t->cells);
	lgx_dict_release(&t->keys);
	lgx_arena_release(&t->text);
	*t = (struct lgx_table){ 0 };
}

int
lgx_table_column(const struct lgx_table *t, const char *name)
{
	for (size_t i = 0; i < t->ncolumns; i++)
		if (lgx_str_eq(t->columns[i], lgx_str_of(name)))
			return (int)i;
	return -1;
}

const struct lgx_str *
lgx_table_row(const struct lgx_table *t, struct lgx_str key)
{
	uint32_t	 row = lgx_dict_find(&t->keys, key);

	return row != LGX_DICT_NONE ? t->cells + row * t->ncolumns : NULL;
}

static struct lgx_table		 currencies;
static const struct lgx_str	*last;	/* the row asked for last: amounts come in one currency */

int
lgx_currency_load(const char *path, struct lgx_err *err)
{
	int	 st;

	lgx_table_release(&currencies);
	last = NULL;
	if ((st = lgx_table_load(path, &currencies, err)) != LGX_OK)
		return st;
	if (lgx_table_column(&currencies, "digits") != 1)
		return lgx_err_config(err, LGX_E_CONF_VALUE,
		    (struct lgx_place){ .file = currencies.file, .unit = LGX_LINE, .n = 1, .byte = -1 },
		    "the columns must be code,digits,name");
	return LGX_OK;
}

int
lgx_currency_digits(struct lgx_str code)
{
	if (last == NULL || !lgx_str_eq(last[0], code))
		last = lgx_table_row(&currencies, code);
	return last != NULL && last[1].n == 1 && last[1].p[0] >= '0' && last[1].p[0] <= '4' ?
	    last[1].p[0] - '0' : -1;
}
