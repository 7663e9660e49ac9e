/*
 * base/partner.h - one partner, one page: mappings/partners/NAME.yaml
 * Floor base.  lgx-partner(5) describes the file.
 *
 * This module reads what every floor needs: who the partner is, by which ids
 * it sends, where its clock stands.  The sections edi, canon, audit and feeds
 * are handed out as trees; each floor reads and checks its own.
 */
#ifndef LGX_PARTNER_H
#define LGX_PARTNER_H

#include "base/conf.h"
#include "base/date.h"
#include "base/find.h"

struct lgx_partner {
	struct lgx_str		 name;		/* partner: */
	struct lgx_str		 scac;		/* scac: the one it is known by; may be empty */
	const struct lgx_conf	*aliases;	/* aliases: list of other SCACs, or NULL */
	const struct lgx_conf	*isa;		/* isa: list of "QQ:ID" it sends as, or NULL */
	struct lgx_str		 zone;		/* zone: IANA name, empty if not said */
	struct lgx_str		 charset;	/* charset: utf-8 or latin-1, empty if not said */
	const struct lgx_conf	*edi, *canon, *audit, *feeds;	/* sections, or NULL */
	const struct lgx_conf	*page;		/* the whole */
};

struct lgx_partners { struct lgx_partner *p; size_t n; struct lgx_arena text; };

/* Every page of the search path.  LGX_OK; LGX_CONFIG (two pages claim one id or SCAC, ...). */
LGX_MUST_USE int lgx_partners_load(const struct lgx_find *, struct lgx_partners *, struct lgx_err *);
void		 lgx_partners_release(struct lgx_partners *);
/* By interchange sender, qualifier and id without padding; NULL if unknown. */
const struct lgx_partner *lgx_partner_by_isa(const struct lgx_partners *, struct lgx_str qualifier,
    struct lgx_str id);
/* By SCAC or alias; NULL if unknown. */
const struct lgx_partner *lgx_partner_by_scac(const struct lgx_partners *, struct lgx_str scac);

#endif
