/*
 * base/digest.c - SHA-256 (FIPS 180-4), by nettle
 * Floor base.
 *
 * nettle allocates nothing and needs no set-up, which counts at the size of
 * a record, and uses the instructions of the processor.
 */
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"

struct lgx_sha { struct sha256_ctx ctx; };

_Static_assert(LGX_SHA_SIZE == SHA256_DIGEST_SIZE, "a digest is a digest");

struct lgx_sha *
lgx_sha_new(void)
{
	struct lgx_sha	*s = lgx_alloc(sizeof(*s));

	lgx_sha_clear(s);
	return s;
}

void
lgx_sha_free(struct lgx_sha *s)
{
	free(s);
}

void
lgx_sha_clear(struct lgx_sha *s)
{
	sha256_init(&s->ctx);
}

void
lgx_sha_add(struct lgx_sha *s, struct lgx_str text)
{
	sha256_update(&s->ctx, text.n, (const uint8_t *)text.p);
}

void
lgx_sha_copy(struct lgx_sha *s, const struct lgx_sha *from)
{
	*s = *from;
}

void
lgx_sha_end(struct lgx_sha *s, unsigned char out[LGX_SHA_SIZE])
{
	sha256_digest(&s->ctx, LGX_SHA_SIZE, out);	/* starts over, too */
}

void
lgx_sha_of(struct lgx_str text, unsigned char out[LGX_SHA_SIZE])
{
	struct lgx_sha	 s;

	lgx_sha_clear(&s);
	lgx_sha_add(&s, text);
	lgx_sha_end(&s, out);
}

void
lgx_hex(const unsigned char *p, size_t n, char *out)
{
	static const char	 digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
	out[2 * n] = '\0';
}

int
lgx_sha_file(const char *path, char hex[LGX_SHA_HEX], struct lgx_err *err)
{
	unsigned char	 block[65536], out[LGX_SHA_SIZE];
	struct lgx_sha	*s = NULL;
	ssize_t		 n;
	int		 fd, st = LGX_OK;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return lgx_err_errno(err, LGX_E_IO_OPEN, path, "cannot open");
	s = lgx_sha_new();
	while ((n = read(fd, block, sizeof(block))) > 0)
		lgx_sha_add(s, (struct lgx_str){ (const char *)block, (size_t)n });
	if (n < 0)
		st = lgx_err_errno(err, LGX_E_IO_READ, path, "cannot read");
	lgx_sha_end(s, out);
	lgx_hex(out, sizeof(out), hex);
	lgx_sha_free(s);
	close(fd);
	return st;
}
