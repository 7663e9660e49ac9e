/*
 * fmt/csv.c - rows of a CSV file, each knowing where it lies
 * Floor fmt: uses base.
 *
 * libcsv says what the cells are, but not where a row began.  So it is fed a
 * line at a time: a row is complete when the line that was fed completes it.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

#include "fmt/csv.h"

struct cell { size_t off, n; };

struct lgx_csv {
	struct lgx_in		*in;
	struct csv_parser	 parser;
	unsigned char		 sep;
	struct lgx_csv_row	 row;
	struct cell		*spans;		/* cells in text, while it grows */
	size_t			 nspans, spans_cap, cells_cap;
	struct lgx_buf		 text;
	size_t			 taken;		/* bytes of the row shown last */
	size_t			 width;		/* cells a row must have; 0: any number */
	bool			 complete;	/* libcsv saw the end of the row */
	bool			 too_big;	/* a cell or the row breaks a bound */
	bool			 started;	/* the byte order mark is behind us */
};

static int
is_row_end(unsigned char c)
{
	return c == '\n';
}

static int
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
start_parser(struct lgx_csv *csv)
{
	if (csv_init(&csv->parser, CSV_REPALL_NL) != 0)
		lgx_oom();
	csv_set_delim(&csv->parser, csv->sep);
	csv_set_term_func(&csv->parser, is_row_end);
	csv_set_space_func(&csv->parser, is_blank);
}

static void
start_row(struct lgx_csv *csv)
{
	csv->text.n = 0;
	csv->nspans = 0;
	csv->complete = csv->too_big = false;
}

struct lgx_csv *
lgx_csv_new(struct lgx_in *in, char sep)
{
	struct lgx_csv	*csv = lgx_calloc(1, sizeof(*csv));

	csv->in = in;
	csv->sep = (unsigned char)sep;
	start_parser(csv);
	return csv;
}

void
lgx_csv_free(struct lgx_csv *csv)
{
	if (csv == NULL)
		return;
	csv_free(&csv->parser);
	lgx_buf_release(&csv->text);
	free(csv->spans);
	free(csv->row.cells);
	free(csv);
}

static void
put_latin1(struct lgx_buf *b, struct lgx_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char	 c = (unsigned char)s.p[i];

		if (c >= 0x80) {
			lgx_buf_putc(b, (char)(0xc0 | c >> 6));
			c = 0x80 | (c & 0x3f);
		}
		lgx_buf_putc(b, (char)c);
	}
}

static void
on_cell(void *p, size_t n, void *arg)
{
	struct lgx_csv	*csv = arg;
	struct lgx_str	 s = { p != NULL ? p : "", n };
	size_t		 off = csv->text.n;

	if (n > LGX_CSV_CELL_MAX || csv->nspans == LGX_CSV_CELLS_MAX) {
		csv->too_big = true;
		return;
	}
	if (lgx_str_utf8(s))
		lgx_buf_puts(&csv->text, s);
	else
		put_latin1(&csv->text, s);
	csv->spans = lgx_grow(csv->spans, &csv->spans_cap, csv->nspans + 1, sizeof(*csv->spans));
	csv->spans[csv->nspans++] = (struct cell){ off, csv->text.n - off };
}

static void
on_row(int end, void *arg)
{
	struct lgx_csv	*csv = arg;

	(void)end;
	csv->complete = true;
}

static void
show_cells(struct lgx_csv *csv)
{
	struct lgx_csv_row	*row = &csv->row;

	row->cells = lgx_grow(row->cells, &csv->cells_cap, csv->nspans, sizeof(*row->cells));
	row->n = csv->nspans;
	for (size_t i = 0; i < csv->nspans; i++)
		row->cells[i] = (struct lgx_str){ csv->text.n > 0 ? csv->text.p + csv->spans[i].off : "",
		    csv->spans[i].n };
}

static void
feed(struct lgx_csv *csv, struct lgx_str bytes)
{
	if (csv_parse(&csv->parser, bytes.p, bytes.n, on_cell, on_row, csv) != bytes.n)
		lgx_oom();	/* without CSV_STRICT nothing else can fail */
}

struct lgx_place
lgx_csv_place(const struct lgx_csv *csv, const struct lgx_csv_row *row)
{
	return (struct lgx_place){ .file = lgx_in_name(csv->in), .unit = LGX_ROW, .n = row->row,
	    .byte = (int64_t)row->offset };
}

static struct lgx_str
without_line_end(struct lgx_str s)
{
	if (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

/* Refuse the first n bytes of what is shown and go on behind them. */
static int
refuse(struct lgx_csv *csv, struct lgx_str shown, enum lgx_diag diag, const char *why,
    struct lgx_err *err)
{
	csv->row.raw = without_line_end(shown);
	csv->row.n = 0;
	csv->taken = shown.n;
	csv_free(&csv->parser);
	start_parser(csv);
	return lgx_err_reject(err, diag, lgx_csv_place(csv, &csv->row), "%s", why);
}

/* A stray quote swallowed rows: its line is given up, what follows is read anew. */
static int
refuse_line(struct lgx_csv *csv, struct lgx_str shown, enum lgx_diag diag, const char *why,
    struct lgx_err *err)
{
	const char	*lf = memchr(shown.p, '\n', shown.n);

	if (lf != NULL)
		shown.n = (size_t)(lf - shown.p) + 1;
	return refuse(csv, shown, diag, why, err);
}

static int
refuse_width(struct lgx_csv *csv, struct lgx_str shown, struct lgx_err *err)
{
	char	 why[80];

	snprintf(why, sizeof(why), "%zu cells, the header has %zu", csv->nspans, csv->width);
	return refuse_line(csv, shown, LGX_E_CSV_WIDTH, why, err);
}

/*
 * Show the line that begins `from` bytes behind the position: its length with
 * its LF, or up to the end of the input, or just above LGX_CSV_ROW_MAX.
 */
static int
show_line(struct lgx_csv *csv, size_t from, struct lgx_str *view, size_t *n, struct lgx_err *err)
{
	size_t		 want = from + 1;
	const char	*lf = NULL;
	int		 st;

	while ((st = lgx_in_fill(csv->in, want, view, err)) == LGX_OK) {
		*n = view->n > from ? view->n - from : 0;
		if (*n > 0 && (lf = memchr(view->p + from, '\n', *n)) != NULL)
			*n = (size_t)(lf - (view->p + from)) + 1;
		if (lf != NULL || view->n < want || *n > LGX_CSV_ROW_MAX)
			break;
		want = view->n + 1;
	}
	return st;
}

/*
 * Feed lines from the position to libcsv until it has a row.  A last line
 * without LF gets one; a row that is not complete then has an open quote, as
 * has one that grows beyond bounds.
 */
static int
feed_row(struct lgx_csv *csv, struct lgx_str *view, size_t *used, struct lgx_err *err)
{
	size_t	 n;
	int	 st = LGX_OK;

	for (*used = 0; !csv->complete; *used += n) {
		if ((st = show_line(csv, *used, view, &n, err)) != LGX_OK || *used + n == 0)
			return st == LGX_OK ? LGX_EOF : st;
		feed(csv, (struct lgx_str){ view->p + *used, n });
		if (n == 0 || (!csv->complete && *used + n > LGX_CSV_ROW_MAX))
			return refuse_line(csv, lgx_str_head(*view, *used + n), LGX_E_CSV_ROW,
			    "a quote in this row is never closed", err);
		if (!csv->complete && view->p[*used + n - 1] != '\n')
			feed(csv, LGX_STR("\n"));
	}
	return LGX_OK;
}

/* Take in the row at the position; its end stands in csv->taken. */
static int
read_row(struct lgx_csv *csv, struct lgx_err *err)
{
	struct lgx_str	 shown;
	size_t		 used;
	int		 st;

	start_row(csv);
	if ((st = feed_row(csv, &shown, &used, err)) != LGX_OK)
		return st;
	shown.n = used;
	if (csv->too_big || used > LGX_CSV_ROW_MAX)
		return refuse(csv, shown, LGX_E_CSV_ROW, "a row or cell is longer than the limit", err);
	csv->row.raw = without_line_end(shown);
	csv->taken = used;
	if (csv->width > 0 && csv->nspans != csv->width && csv->row.raw.n > 0)
		return refuse_width(csv, shown, err);
	show_cells(csv);
	return LGX_OK;
}

void
lgx_csv_expect(struct lgx_csv *csv, size_t width)
{
	csv->width = width;
}

static int
skip_byte_order_mark(struct lgx_csv *csv, struct lgx_err *err)
{
	struct lgx_str	 view;
	int		 st;

	csv->started = true;
	if ((st = lgx_in_fill(csv->in, 3, &view, err)) == LGX_OK &&
	    lgx_str_starts(view, LGX_STR("\xef\xbb\xbf")))
		lgx_in_take(csv->in, 3);
	return st;
}

int
lgx_csv_next(struct lgx_csv *csv, const struct lgx_csv_row **row, struct lgx_err *err)
{
	int	 st = LGX_OK;

	*row = &csv->row;
	if (!csv->started)
		st = skip_byte_order_mark(csv, err);
	while (st == LGX_OK) {
		lgx_in_take(csv->in, csv->taken);
		csv->taken = 0;
		csv->row.offset = lgx_in_offset(csv->in);
		csv->row.row++;
		if ((st = read_row(csv, err)) != LGX_OK || csv->row.raw.n > 0)
			break;
	}
	return st;
}
