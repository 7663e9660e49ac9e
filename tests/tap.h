/*
 * tests/tap.h - C unit tests that print TAP
 *
 * ok(condition, "what holds") prints one line a check; tap_done() prints the
 * plan and is what main() returns.
 */
#ifndef LGX_TAP_H
#define LGX_TAP_H

#include <stdio.h>

static int	tap_count, tap_bad;

#define ok(cond, ...)							\
	do {								\
		int	 tap_good = !!(cond);				\
									\
		printf("%sok %d - ", tap_good ? "" : "not ", ++tap_count); \
		printf(__VA_ARGS__);					\
		printf("\n");						\
		if (!tap_good) {					\
			printf("# at %s:%d: %s\n", __FILE__, __LINE__, #cond); \
			tap_bad++;					\
		}							\
	} while (0)

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_bad > 0;
}

#endif
