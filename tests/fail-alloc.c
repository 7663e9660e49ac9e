/*
 * tests/fail-alloc.c - preloaded, makes the Nth allocation of a program fail
 *
 * LGX_FAIL_ALLOC=N fails the Nth call of malloc, calloc or realloc, and every
 * one after it; with N absent nothing fails.  At exit the number of calls is
 * written to the file LGX_COUNT_ALLOC, if that is set.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static long	calls, fail_from = -1;

static void __attribute__((constructor))
read_setting(void)
{
	const char	*z = getenv("LGX_FAIL_ALLOC");

	fail_from = z != NULL ? atol(z) : -1;
}

static void __attribute__((destructor))
write_count(void)
{
	const char	*path = getenv("LGX_COUNT_ALLOC");
	FILE		*f;

	fail_from = -1;
	if (path != NULL && (f = fopen(path, "w")) != NULL) {
		fprintf(f, "%ld\n", calls);
		fclose(f);
	}
}

static int
fails(void)
{
	calls++;
	if (fail_from < 0 || calls < fail_from)
		return 0;
	errno = ENOMEM;
	return 1;
}

extern void	*__libc_malloc(size_t);
extern void	*__libc_calloc(size_t, size_t);
extern void	*__libc_realloc(void *, size_t);

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}
