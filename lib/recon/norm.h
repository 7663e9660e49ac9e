/*
 * recon/norm.h - references brought to the form in which they are compared
 * Floor recon: uses base.
 *
 * Carriers write one number in many ways: 00-987712, ABCD0987712, 987712-01.
 * The compare form is what is left when habits of writing are taken away; the
 * raw value always stays in its record.  Every step is a switch, because each
 * step can also merge two numbers that differ.
 */
#ifndef LGX_RECON_NORM_H
#define LGX_RECON_NORM_H

#include "base/mem.h"

enum lgx_check { LGX_CHECK_NONE, LGX_CHECK_MOD7, LGX_CHECK_MOD11 };

#define LGX_NORM_PREFIXES	16	/* SCACs that may stand before a number */
#define LGX_NORM_KEEP		6	/* a prefix goes only if so many characters stay */
#define LGX_NORM_BASE		5	/* a sequence is split only off so many characters */

struct lgx_norm {
	bool		 sequence;	/* a trailing "-01" is a bill sequence */
	struct lgx_str	 tails;		/* letters and digits that are one after a mark ("7781200-A") */
	struct lgx_str	 types;		/* leading letters that say original, corrected, ... ("I12345") */
	bool		 scac;		/* take the carrier's code away */
	bool		 zeros;		/* leading zeros of a number do not count */
	enum lgx_check	 check;		/* scheme of the final check digit */
	struct lgx_str	 prefix[LGX_NORM_PREFIXES];	/* upper case */
	size_t		 nprefixes;
};

/* The house's default: sequence, scac and zeros on, nothing declared. */
#define LGX_NORM_DEFAULT ((struct lgx_norm){ .sequence = true, .scac = true, .zeros = true, \
    .tails = LGX_STR_EMPTY, .types = LGX_STR_EMPTY })

enum lgx_ref_class { LGX_REF_PRO, LGX_REF_BOL, LGX_REF_LOAD, LGX_REF_INVOICE, LGX_REF_CLASSES };

struct lgx_ref {
	struct lgx_str	 base;		/* compare form; empty if nothing is left */
	struct lgx_str	 seq;		/* bill sequence, empty for the original */
	struct lgx_str	 bare;		/* base without a valid check digit, else empty */
};

/*
 * Compare form of raw.  Sequences are split off PRO and invoice numbers only.
 * The views of *out lie in the arena.
 */
void	lgx_norm_ref(const struct lgx_norm *, enum lgx_ref_class, struct lgx_str raw,
	    struct lgx_arena *, struct lgx_ref *out);
/* Does the last character check the others?  LGX_CHECK_NONE: false. */
bool	lgx_norm_checks(enum lgx_check, struct lgx_str digits);

#endif
