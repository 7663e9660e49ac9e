/*
 * base/base.h - words that every floor shares
 * Floor base: the lowest; includes nothing of lgx.
 *
 * Statuses.  Every function that can fail returns one of these.  Bad data is
 * expected and costs one record (LGX_REJECT); a failed operation ends the run
 * (LGX_FAIL); wrong options or configuration are found before anything is read
 * (LGX_CONFIG).  The impossible is an assert.
 */
#ifndef LGX_BASE_H
#define LGX_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lgx_status {
	LGX_OK = 0,
	LGX_EOF,	/* nothing more; results untouched */
	LGX_REJECT,	/* this record is refused, err says why; go on with the next */
	LGX_CONFIG,	/* usage or configuration is wrong, err says where */
	LGX_FAIL,	/* the operation failed (I/O, memory, target), err says how */
};

/* Exit statuses of every filter; "highest need first" when several apply. */
enum lgx_exit {
	LGX_EXIT_DONE = 0,
	LGX_EXIT_DEAD = 1,	/* done, and this filter made dead letters */
	LGX_EXIT_USAGE = 2,	/* usage or configuration; nothing was read */
	LGX_EXIT_FAILED = 3,	/* failed part-way */
};

#define LGX_MUST_USE	__attribute__((warn_unused_result))
#define LGX_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define LGX_LEN(a)	(sizeof(a) / sizeof((a)[0]))

#define LGX_LINE_MAX	((size_t)16 << 20)	/* longest line, bytes without its newline */
#define LGX_DEPTH_MAX	64			/* deepest nesting of JSON, YAML, XML */

#endif
