/*
 * base/digest.c - SHA-256 (FIPS 180-4), by libcrypto
 * Floor base.
 *
 * The algorithm is fetched once and contexts are reused: at the size of a
 * record the set-up would otherwise cost more than the hashing.
 */
#include <assert.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"

struct lgx_sha { EVP_MD_CTX *ctx; };

static const EVP_MD *
sha256(void)
{
	static EVP_MD	*md;

	if (md == NULL && (md = EVP_MD_fetch(NULL, "SHA256", NULL)) == NULL)
		lgx_oom();
	return md;
}

struct lgx_sha *
lgx_sha_new(void)
{
	struct lgx_sha	*s = lgx_alloc(sizeof(*s));

	if ((s->ctx = EVP_MD_CTX_new()) == NULL)
		lgx_oom();
	lgx_sha_clear(s);
	return s;
}

void
lgx_sha_free(struct lgx_sha *s)
{
	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->ctx);
	free(s);
}

void
lgx_sha_clear(struct lgx_sha *s)
{
	if (EVP_DigestInit_ex2(s->ctx, sha256(), NULL) != 1)
		lgx_oom();
}

void
lgx_sha_add(struct lgx_sha *s, struct lgx_str text)
{
	if (EVP_DigestUpdate(s->ctx, text.p, text.n) != 1)
		lgx_oom();
}

void
lgx_sha_end(struct lgx_sha *s, unsigned char out[LGX_SHA_SIZE])
{
	if (EVP_DigestFinal_ex(s->ctx, out, NULL) != 1)
		lgx_oom();
	lgx_sha_clear(s);
}

void
lgx_sha_of(struct lgx_str text, unsigned char out[LGX_SHA_SIZE])
{
	static struct lgx_sha	*s;	/* filters have one thread */

	if (s == NULL)
		s = lgx_sha_new();
	lgx_sha_add(s, text);
	lgx_sha_end(s, out);
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
