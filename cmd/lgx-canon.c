/*
 * cmd/lgx-canon.c - anything to canonical records
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "map/map.h"

static struct lgx_words	mappings;
static const char	*from_word;

static const struct lgx_option options[] = {
	{ 'm', "mapping", LGX_OPT_LIST, &mappings, "MAPPING",
	    "read by this mapping: a name, or a file ending in .yaml" },
	{ 0, "from", LGX_OPT_TEXT, &from_word, "FORM", "form of the input: edi, csv or ndjson" },
};

/* What a run holds on to. */
struct canon {
	struct lgx_cli		*cli;
	struct lgx_maps		*maps;
	struct lgx_mapper	*mapper;
	struct lgx_rec		 rec;
	struct lgx_buf		 out;
	struct lgx_buf		 header;	/* of the CSV file, without which no row can be read */
};

static int
emit(struct canon *c, uint64_t records, struct lgx_err *err)
{
	int	 st = records > 0 ? lgx_cli_emit(c->cli, lgx_buf_str(&c->out), err) : LGX_OK;

	if (records > 0)
		c->cli->count.out += records - 1;	/* emit counts the first */
	lgx_buf_clear(&c->out);
	return st;
}

static struct lgx_src
input_src(struct canon *c, struct lgx_in *in)
{
	struct lgx_src	 src = LGX_SRC_NONE;

	src.file = lgx_str_of(lgx_in_name(in));
	src.sha = lgx_cli_sha(c->cli);
	return src;
}

/*
 * Records
 */

/* A line that is no record, or one that its schema or mapping refuses. */
static int
refuse_line(struct canon *c, const struct lgx_stream *lines, const struct lgx_err *why,
    struct lgx_err *err)
{
	struct lgx_dead	 dead = { .err = why, .blocked_by = LGX_STR_EMPTY, .raw = LGX_STR_EMPTY,
	    .src = input_src(c, lines->in), .sha = LGX_STR_EMPTY };

	lgx_dead_line(&dead, lines, c->rec.line, c->rec.place);
	return lgx_cli_dead(c->cli, &dead, err);
}

/* LGX_OK; LGX_REJECT. */
static int
canon_record(struct canon *c, uint64_t *made, struct lgx_err *why)
{
	int	 st;

	if (c->rec.kind == LGX_K_EDI)
		return lgx_mapper_edi(c->mapper, &c->rec, &c->out, made, why);
	if (c->rec.kind == LGX_K_NONE || c->rec.kind == LGX_K_DEADLETTER) {
		if (!lgx_rec_has(&c->rec, LGX_M_kind))
			return lgx_err_reject(why, LGX_E_REC_KIND, c->rec.place, "no kind");
		lgx_buf_puts(&c->out, c->rec.line);	/* not ours to judge */
		st = LGX_OK;
	} else {
		st = lgx_rec_canon(&c->rec, &c->out, why);
	}
	lgx_buf_putc(&c->out, '\n');
	*made = 1;
	return st;
}

static int
take_line(struct canon *c, const struct lgx_stream *lines, int st, struct lgx_err *why,
    struct lgx_err *err)
{
	struct lgx_counts	*count = &c->cli->count;
	uint64_t		 made = 0;

	count->in++;
	if (st == LGX_OK)
		st = canon_record(c, &made, why);
	if (st == LGX_REJECT) {
		lgx_buf_clear(&c->out);
		return refuse_line(c, lines, why, err);
	}
	if (st != LGX_OK) {
		*err = *why;
		return st;
	}
	if (c->rec.kind == LGX_K_NONE || c->rec.kind == LGX_K_DEADLETTER)
		count->passed++;
	else
		count->consumed++;
	return emit(c, made, err);
}

static int
read_records(struct canon *c, struct lgx_in *in, struct lgx_err *err)
{
	struct lgx_stream	 stream;
	struct lgx_err		 why = { .place = LGX_PLACE_NONE };
	int			 st;

	lgx_stream_init(&stream, in, c->cli->max_line);
	while ((st = lgx_stream_next(&stream, &c->rec, &why)) != LGX_EOF) {
		if (st == LGX_FAIL) {
			lgx_cli_input_failed(c->cli, &why);
			return LGX_OK;
		}
		if ((st = take_line(c, &stream, st, &why, err)) != LGX_OK)
			return st;
	}
	return LGX_OK;
}

/*
 * Rows
 */

static int
refuse_row(struct canon *c, struct lgx_src src, const struct lgx_csv_row *row,
    const struct lgx_err *why, struct lgx_err *err)
{
	struct lgx_dead	 dead = { .err = why, .blocked_by = LGX_STR_EMPTY,
	    .record = LGX_STR_EMPTY, .raw = row->raw, .lead = lgx_buf_str(&c->header),
	    .src = src };

	c->cli->count.in++;
	return lgx_cli_dead(c->cli, &dead, err);
}

static struct lgx_src
row_src(struct canon *c, struct lgx_in *in, const struct lgx_csv_row *row)
{
	struct lgx_src	 src = input_src(c, in);

	src.offset = (int64_t)row->offset;
	src.length = (int64_t)row->raw.n;
	src.row = (int64_t)row->row;
	return src;
}

static int
take_row(struct canon *c, struct lgx_in *in, const struct lgx_csv *csv,
    const struct lgx_csv_row *row, struct lgx_err *err)
{
	struct lgx_src	 src = row_src(c, in, row);
	struct lgx_err	 why = { .place = LGX_PLACE_NONE };
	uint64_t	 made = 0;

	if (lgx_mapper_row(c->mapper, row, lgx_csv_place(csv, row), src, &c->out, &made,
	    &why) != LGX_OK)
		return refuse_row(c, src, row, &why, err);
	c->cli->count.in++;
	c->cli->count.consumed++;
	return emit(c, made, err);
}

/* A file whose header lacks a column is refused as a whole: a failed operand. */
static int
read_header(struct canon *c, struct lgx_csv *csv, bool *go_on)
{
	const struct lgx_csv_row *row;
	struct lgx_err		 why = { .place = LGX_PLACE_NONE };
	int			 st = lgx_csv_next(csv, &row, &why);

	if (st == LGX_OK)
		st = lgx_mapper_header(c->mapper, row, lgx_csv_place(csv, row), &why);
	if (st == LGX_OK) {
		lgx_csv_expect(csv, row->n);
		lgx_buf_clear(&c->header);
		lgx_buf_puts(&c->header, row->raw);
		lgx_buf_putc(&c->header, '\n');
	}
	*go_on = st == LGX_OK;
	if (st != LGX_OK && st != LGX_EOF)
		lgx_cli_input_failed(c->cli, &why);
	return LGX_OK;
}

static int
read_rows(struct canon *c, struct lgx_in *in, struct lgx_err *err)
{
	struct lgx_csv		 *csv = lgx_csv_new(in, lgx_mapper_separator(c->mapper));
	const struct lgx_csv_row *row;
	struct lgx_err		  why = { .place = LGX_PLACE_NONE };
	bool			  go_on;
	int			  st = read_header(c, csv, &go_on), got;

	while (st == LGX_OK && go_on && (got = lgx_csv_next(csv, &row, &why)) != LGX_EOF) {
		if (got == LGX_FAIL) {
			lgx_cli_input_failed(c->cli, &why);
			break;
		}
		st = got == LGX_OK ? take_row(c, in, csv, row, err) :
		    refuse_row(c, row_src(c, in, row), row, &why, err);
	}
	lgx_csv_free(csv);
	return st;
}

/*
 * The run
 */

static int
choose_form(const struct lgx_maps *maps, enum lgx_map_from *from, struct lgx_err *err)
{
	static const struct { const char *word; enum lgx_map_from from; } forms[] = {
		{ "edi", LGX_FROM_EDI }, { "csv", LGX_FROM_CSV }, { "ndjson", LGX_FROM_NDJSON },
	};

	*from = mappings.n > 0 ? lgx_maps_from(maps) : LGX_FROM_EDI;
	if (from_word == NULL)
		return LGX_OK;
	for (size_t i = 0; i < LGX_LEN(forms); i++)
		if (strcmp(from_word, forms[i].word) == 0) {
			if (forms[i].from == LGX_FROM_CSV && *from != LGX_FROM_CSV)
				return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE,
				    "--from csv wants the mapping that reads it: -m NAME");
			*from = forms[i].from;
			return LGX_OK;
		}
	return lgx_err_config(err, LGX_E_USAGE, LGX_PLACE_NONE, "--from: '%s' is not edi, csv or ndjson",
	    from_word);
}

static int
run(struct lgx_cli *cli, struct lgx_err *err)
{
	struct canon		 c = { .cli = cli };
	enum lgx_map_from	 from;
	struct lgx_in		*in;
	int			 st;

	if ((st = lgx_maps_load(lgx_cli_find(cli), mappings.word, mappings.n, &c.maps, err)) != LGX_OK ||
	    (st = choose_form(c.maps, &from, err)) != LGX_OK)
		goto out;
	c.mapper = lgx_mapper_new(c.maps, cli->received);
	while (st == LGX_OK && (in = lgx_cli_input(cli)) != NULL)
		st = from == LGX_FROM_CSV ? read_rows(&c, in, err) : read_records(&c, in, err);
out:
	lgx_buf_release(&c.out);
	lgx_buf_release(&c.header);
	lgx_rec_release(&c.rec);
	lgx_mapper_free(c.mapper);
	lgx_maps_free(c.maps);
	return st;
}

static const struct lgx_program program = {
	.name = "lgx-canon",
	.stage = "canon",
	.synopsis = "[-m MAPPING]... [--from edi|csv|ndjson] [-d FILE] [-o FILE] [FILE...]",
	.purpose = "Turn edi records and CSV files into canonical records.",
	.takes = LGX_TAKES_FILTER | LGX_TAKES_SOURCE,
	.options = options,
	.noptions = LGX_LEN(options),
	.run = run,
};

int
main(int argc, char **argv)
{
	return lgx_cli_main(&program, argc, argv);
}
