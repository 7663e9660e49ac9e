/*
 * recon/outcome.c - the closed words of decisions
 * Floor recon: uses base and rec.
 */
#include "recon/outcome.h"

const struct outcome_row recon_outcomes[OUTCOMES] = {	/* ORDER OUTCOME */
	[O_NONE] =		{ "",				D_NONE,		R_LOG },
	[O_ARITHMETIC] =	{ "arithmetic-error",		D_REJECT,	R_CARRIER },
	[O_DUPLICATE_EXACT] =	{ "duplicate-exact",		D_REJECT,	R_LOG },
	[O_SUPERSEDED] =	{ "superseded",			D_NONE,		R_LOG },
	[O_NO_EFFECT] =		{ "no-financial-effect",	D_NONE,		R_LOG },
	[O_CANCELLATION] =	{ "cancellation",		D_REVERSE,	R_POST },
	[O_ORPHAN] =		{ "orphan-correction",		D_HOLD,		R_FINANCE },
	[O_NO_SHIPMENT] =	{ "no-shipment",		D_HOLD,		R_TRANSPORT },
	[O_AMBIGUOUS] =		{ "ambiguous-match",		D_HOLD,		R_TRANSPORT },
	[O_CONFLICT] =		{ "reference-conflict",		D_HOLD,		R_TRANSPORT },
	[O_WRONG_PARTY] =	{ "wrong-party",		D_REJECT,	R_CARRIER },
	[O_CURRENCY] =		{ "currency-mismatch",		D_HOLD,		R_FINANCE },
	[O_DUPLICATE_PROBABLE] = { "duplicate-probable",	D_HOLD,		R_FINANCE },
	[O_NO_POD] =		{ "no-pod",			D_HOLD,		R_WAIT },
	[O_LATE] =		{ "late-bill",			D_DISPUTE,	R_CARRIER },
	[O_OVERBILLED] =	{ "overbilled",			D_HOLD,		R_FINANCE },
	[O_UNDERBILLED] =	{ "underbilled",		D_APPROVE,	R_FINANCE },
	[O_WITHIN] =		{ "matched-within-tolerance",	D_APPROVE,	R_POST },
	[O_MATCHED] =		{ "matched",			D_APPROVE,	R_POST },
	[O_NOT_YET_BILLABLE] =	{ "not-yet-billable",		D_NONE,		R_LOG },
	[O_UNBILLED] =		{ "unbilled",			D_NONE,		R_AGEING },
	[O_PARTLY_BILLED] =	{ "partially-billed",		D_NONE,		R_AGEING },
	[O_BILLED] =		{ "billed",			D_NONE,		R_LOG },
	[O_CANCELLED] =		{ "cancelled",			D_NONE,		R_LOG },
};

static const char *const words[] = {	/* ORDER DECISION */
	"none", "auto-approve", "short-pay", "hold", "dispute", "reject", "reverse", "accrue",
	"project",
};
_Static_assert(LGX_LEN(words) == DECISIONS, "a name for each decision");
static const char *const routes[] = {	/* ORDER ROUTE */
	"log", "post", "finance-review", "carrier-dispute", "transport-ops", "customer-case",
	"master-data", "wait", "ageing",
};
_Static_assert(LGX_LEN(routes) == ROUTES, "a name for each route");
static const char *const buckets[] = {
	"", "approved", "disputed", "held", "rejected", "superseded", "duplicate", "no-effect",
};
_Static_assert(LGX_LEN(buckets) == BUCKETS, "a name for each bucket");

const char *
recon_word_name(enum recon_word w)
{
	return words[w];
}

const char *
recon_route_name(enum recon_route r)
{
	return routes[r];
}

const char *
recon_bucket_name(enum recon_bucket b)
{
	return buckets[b];
}

enum recon_word
recon_word_of(struct lgx_str name)
{
	for (int i = 0; i < DECISIONS; i++)
		if (lgx_str_eq(name, lgx_str_of(words[i])))
			return (enum recon_word)i;
	return D_NONE;
}

enum recon_outcome
recon_outcome_of(struct lgx_str name)
{
	for (int i = 0; i < OUTCOMES; i++)
		if (lgx_str_eq(name, lgx_str_of(recon_outcomes[i].name)))
			return (enum recon_outcome)i;
	return O_NONE;
}

bool
recon_stays_open(enum recon_word w)
{
	return w == D_HOLD || w == D_DISPUTE;
}

enum recon_bucket
recon_bucket_of(enum recon_outcome outcome, enum recon_word word)
{
	switch (outcome) {
	case O_DUPLICATE_EXACT:
		return B_DUPLICATE;
	case O_SUPERSEDED:
		return B_SUPERSEDED;
	case O_NO_EFFECT:
		return B_NO_EFFECT;
	case O_CANCELLATION:
		return B_NONE;	/* counts nothing: its original is superseded */
	default:
		return word == D_REJECT ? B_REJECTED : word == D_HOLD ? B_HELD : B_DISPUTED;
	}
}
