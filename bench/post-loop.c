/*
 * bench/post-loop - the floor under lgx-post: a bare loop of SQLite
 *
 * usage: post-loop LEDGER NEW
 * Reads the rows of entry and line of a ledger into memory, then inserts them
 * into a new file of the same schema, in the same order, in transactions of
 * the same size and with the same durability.  Prints the seconds of that alone.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define BATCH	8192	/* LGX_POST_EFFECTS */

struct rows {
	sqlite3_value	**values;
	size_t		 n, cap;
	int		 columns;
};

static sqlite3	*from, *to;

static void
check(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "post-loop: %s\n", sqlite3_errmsg(db));
	exit(3);
}

static void
load(const char *sql, struct rows *rows)
{
	sqlite3_stmt	*stmt;

	check(from, sqlite3_prepare_v2(from, sql, -1, &stmt, NULL));
	rows->columns = sqlite3_column_count(stmt);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < rows->columns; i++) {
			rows->values = lgx_grow(rows->values, &rows->cap, rows->n + 1,
			    sizeof(sqlite3_value *));
			rows->values[rows->n++] = sqlite3_value_dup(sqlite3_column_value(stmt, i));
		}
	sqlite3_finalize(stmt);
}

static void
copy_schema(void)
{
	sqlite3_stmt	*stmt;

	check(from, sqlite3_prepare_v2(from, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
	    " ORDER BY type = 'table' DESC, type = 'index' DESC", -1, &stmt, NULL));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		check(to, sqlite3_exec(to, (const char *)sqlite3_column_text(stmt, 0), NULL, NULL,
		    NULL));
	sqlite3_finalize(stmt);
}

static void
insert(sqlite3_stmt *stmt, const struct rows *rows, size_t row)
{
	for (int i = 0; i < rows->columns; i++)
		sqlite3_bind_value(stmt, i + 1, rows->values[row * (size_t)rows->columns + (size_t)i]);
	check(to, sqlite3_step(stmt));
	sqlite3_reset(stmt);
}

static double
seconds(void)
{
	struct timespec	 t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	struct rows	 entries = { 0 }, lines = { 0 };
	sqlite3_stmt	*entry, *line;
	size_t		 n, nlines, at = 0;
	double		 start;

	if (argc != 3) {
		fputs("usage: post-loop LEDGER NEW\n", stderr);
		return 2;
	}
	check(from, sqlite3_open(argv[1], &from));
	unlink(argv[2]);
	check(to, sqlite3_open(argv[2], &to));
	check(to, sqlite3_exec(to, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	    "PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=8192", NULL, NULL, NULL));
	copy_schema();
	load("SELECT * FROM entry ORDER BY id", &entries);
	load("SELECT * FROM line ORDER BY id", &lines);
	n = entries.n / (size_t)entries.columns;
	nlines = lines.n / (size_t)lines.columns;
	check(to, sqlite3_prepare_v2(to, "INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(key) DO NOTHING", -1, &entry, NULL));
	check(to, sqlite3_prepare_v2(to, "INSERT INTO line VALUES(?, ?, ?)", -1, &line, NULL));
	start = seconds();
	for (size_t i = 0; i < n; i++) {
		int64_t	 id = sqlite3_value_int64(entries.values[i * (size_t)entries.columns]);

		if (i % BATCH == 0)
			check(to, sqlite3_exec(to, "BEGIN IMMEDIATE", NULL, NULL, NULL));
		insert(entry, &entries, i);
		for (; at < nlines && sqlite3_value_int64(lines.values[at * 3]) >> 4 == id; at++)
			insert(line, &lines, at);
		if (i % BATCH == BATCH - 1 || i == n - 1)
			check(to, sqlite3_exec(to, "COMMIT", NULL, NULL, NULL));
	}
	printf("%.3f\n", seconds() - start);
	sqlite3_finalize(entry);
	sqlite3_finalize(line);
	sqlite3_close(to);
	return 0;
}
