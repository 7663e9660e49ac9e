/*
 * base/digest.h - SHA-256 (FIPS 180-4), by nettle
 * Floor base.
 */
#ifndef LGX_DIGEST_H
#define LGX_DIGEST_H

#include "base/err.h"

#define LGX_SHA_SIZE	32
#define LGX_SHA_HEX	(2 * LGX_SHA_SIZE + 1)	/* with NUL */

struct lgx_sha;		/* a hash under way */

struct lgx_sha	*lgx_sha_new(void);
void		 lgx_sha_free(struct lgx_sha *);	/* NULL is fine */
void		 lgx_sha_clear(struct lgx_sha *);	/* start over */
void		 lgx_sha_add(struct lgx_sha *, struct lgx_str);
/* Go on from where another hash is. */
void		 lgx_sha_copy(struct lgx_sha *, const struct lgx_sha *from);
/* The digest so far; the hash starts over. */
void		 lgx_sha_end(struct lgx_sha *, unsigned char out[LGX_SHA_SIZE]);

/* Digest of one piece of text. */
void	lgx_sha_of(struct lgx_str, unsigned char out[LGX_SHA_SIZE]);
/* The first n bytes of a digest in lower-case hex; out has 2n + 1 bytes. */
void	lgx_hex(const unsigned char *p, size_t n, char *out);
/* Digest in hex of a whole file as stored, what sha256sum prints. */
LGX_MUST_USE int lgx_sha_file(const char *path, char hex[LGX_SHA_HEX], struct lgx_err *);

#endif
