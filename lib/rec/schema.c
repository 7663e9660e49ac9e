/*
 * rec/schema.c - which members a record has, in which order, of which type
 * Floor rec.
 *
 * The tables are the contract of lgx-records(5), which a test holds against
 * them.  A row is a member; the rows of a shape stand in canonical order.
 * Every kind begins with lgx, kind and id and ends with usage (where it has
 * none of its own) and src.
 */
#include <assert.h>

#include "rec/schema.h"

static const struct rec_row src_rows[] = {
	{ "file",	T_TEXT, 0, "" },
	{ "sha",	T_TEXT, 0, "" },
	{ "offset",	T_COUNT, 0, "" },
	{ "length",	T_COUNT, 0, "" },
	{ "isa",	T_TEXT, 0, "" },
	{ "gs",		T_TEXT, 0, "" },
	{ "st",		T_TEXT, 0, "" },
	{ "row",	T_COUNT, 0, "" },
	{ "path",	T_TEXT, 0, "" },
	{ "map",	T_TEXT, 0, "" },
};

static const struct rec_row place_rows[] = {
	{ "code",	T_TEXT, 0, "" },
	{ "name",	T_TEXT, 0, "" },
	{ "city",	T_TEXT, 0, "" },
	{ "region",	T_TEXT, 0, "" },
	{ "postal",	T_TEXT, 0, "" },
	{ "country",	T_TEXT, 0, "" },
};

static const struct rec_row party_in_rows[] = {
	{ "role",	T_TEXT, 0, "" },
	{ "code",	T_TEXT, 0, "" },
	{ "name",	T_TEXT, 0, "" },
	{ "city",	T_TEXT, 0, "" },
	{ "region",	T_TEXT, 0, "" },
	{ "postal",	T_TEXT, 0, "" },
	{ "country",	T_TEXT, 0, "" },
};

static const struct rec_row ref_rows[] = {
	{ "qual",	T_TEXT, 0, "" },
	{ "value",	T_TEXT, 0, "" },
};

static const struct rec_row charge_rows[] = {
	{ "code",	T_TEXT, 0, "" },
	{ "amount",	T_MONEY, 0, "" },
	{ "basis",	T_TEXT, 0, "" },
	{ "qty",	T_DEC, 0, "" },
	{ "rate",	T_DEC, 0, "" },
	{ "desc",	T_TEXT, 0, "" },
};

/* A charge as judged in a decision. */
static const struct rec_row verdict_rows[] = {
	{ "code",	T_TEXT, 0, "" },
	{ "expected",	T_MONEY, 0, "" },
	{ "billed",	T_MONEY, 0, "" },
	{ "variance",	T_MONEY, 0, "" },
	{ "limit",	T_LIMIT, 0, "" },
	{ "pass",	T_BOOL, 0, "" },
};

static const struct rec_row parent_rows[] = {
	{ "id",		T_TEXT, 0, "" },
	{ "n",		T_COUNT, 0, "" },
	{ "of",		T_COUNT, 0, "" },
	{ "total",	T_MONEY, 0, "" },
};

static const struct rec_row line_rows[] = {
	{ "line",	T_TEXT, 0, "" },
	{ "item",	T_TEXT, 0, "" },
	{ "qty",	T_DEC, 0, "" },
	{ "unit",	T_TEXT, 0, "" },
	{ "weight",	T_DEC, 0, "" },
};

/* expected and billed may be money, a weight, a class or a name. */
static const struct rec_row finding_rows[] = {
	{ "code",	T_TEXT, 0, "" },
	{ "charge",	T_TEXT, 0, "" },
	{ "expected",	T_TEXT, 0, "" },
	{ "billed",	T_TEXT, 0, "" },
	{ "variance",	T_LIMIT, 0, "" },
};

static const struct rec_row reason_rows[] = {
	{ "code",	T_TEXT, 0, "" },
	{ "amount",	T_MONEY, 0, "" },
};

static const struct rec_row match_rows[] = {
	{ "by",		T_TEXT, 0, "" },
	{ "key",	T_TEXT, 0, "" },
	{ "candidates",	T_OBJECTS, S_CANDIDATE, "" },
};

static const struct rec_row candidate_rows[] = {
	{ "id",		T_TEXT, 0, "" },
	{ "why_not",	T_TEXT, 0, "" },
};

static const struct rec_row effect_rows[] = {
	{ "template",	T_TEXT, 0, "" },
	{ "key",	T_TEXT, 0, "" },
	{ "company",	T_TEXT, 0, "" },
	{ "event_date",	T_DATE, 0, "" },
	{ "reverses",	T_TEXT, 0, "" },
	{ "amounts",	T_MONEYS, 0, "" },
};

static const struct rec_row evidence_rows[] = {
	{ "id",		T_TEXT, 0, "" },
	{ "src",	T_OBJECT, S_SRC, "" },
};

static const struct rec_row pod_rows[] = {
	{ "id",		T_TEXT, 0, "" },
	{ "time",	T_INSTANT, 0, "" },
};

static const struct rec_row edi_rows[] = {
	{ "set",	T_TEXT, 0, "" },
	{ "version",	T_TEXT, 0, "" },
	{ "sender",	T_FREE, 0, "" },
	{ "receiver",	T_FREE, 0, "" },
	{ "isa",	T_FREE, 0, "" },
	{ "gs",		T_FREE, 0, "" },
	{ "st",		T_FREE, 0, "" },
	{ "date",	T_TEXT, 0, "" },	/* as sent where it is no date */
	{ "time",	T_TEXT, 0, "" },
	{ "usage",	T_TEXT, 0, "" },
	{ "charset",	T_TEXT, 0, "" },
	{ "delimiters",	T_FREE, 0, "" },
	{ "lead",	T_FREE, 0, "" },
	{ "segments",	T_FREE, 0, "" },
	{ "tail",	T_FREE, 0, "" },
	{ "errors",	T_FREE, 0, "" },
};

static const struct rec_row order_rows[] = {
	{ "company",	T_TEXT, 0, "" },
	{ "order",	T_TEXT, 0, "" },
	{ "customer",	T_TEXT, 0, "" },
	{ "state",	T_TEXT, 0, "" },
	{ "order_date",	T_DATE, 0, "" },
	{ "due_date",	T_DATE, 0, "" },
	{ "origin",	T_OBJECT, S_PLACE, "" },
	{ "destination", T_OBJECT, S_PLACE, "" },
	{ "lines",	T_OBJECTS, S_LINE, "" },
	{ "weight",	T_DEC, 0, "" },
	{ "weight_unit", T_TEXT, 0, "" },
	{ "currency",	T_CURRENCY, 0, "" },
	{ "total",	T_MONEY, 0, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
};

static const struct rec_row shipment_rows[] = {
	{ "company",	T_TEXT, 0, "" },
	{ "load",	T_TEXT, 0, "" },
	{ "scac",	T_TEXT, 0, "" },
	{ "pro",	T_TEXT, 0, "" },
	{ "bol",	T_TEXT, 0, "" },
	{ "po",		T_TEXTS, 0, "" },
	{ "customer",	T_TEXT, 0, "" },
	{ "order",	T_TEXT, 0, "" },
	{ "mode",	T_TEXT, 0, "" },
	{ "service",	T_TEXT, 0, "" },
	{ "terms",	T_TEXT, 0, "" },
	{ "state",	T_TEXT, 0, "" },
	{ "origin",	T_OBJECT, S_PLACE, "" },
	{ "destination", T_OBJECT, S_PLACE, "" },
	{ "ship_date",	T_DATE, 0, "" },
	{ "delivery_due", T_WHEN, 0, "" },
	{ "weight",	T_DEC, 0, "" },
	{ "weight_unit", T_TEXT, 0, "" },
	{ "pieces",	T_DEC, 0, "" },
	{ "freight_class", T_TEXT, 0, "" },
	{ "equipment",	T_TEXT, 0, "" },
	{ "currency",	T_CURRENCY, 0, "" },
	{ "charges",	T_OBJECTS, S_CHARGE, "" },
	{ "total",	T_MONEY, 0, "" },
	{ "authorised",	T_TEXTS, 0, "" },
	{ "rate_version", T_TEXT, 0, "" },
	{ "cost_center", T_TEXT, 0, "" },
	{ "updated_at",	T_WHEN, 0, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
};

static const struct rec_row status_rows[] = {
	{ "scac",	T_TEXT, 0, "" },
	{ "pro",	T_TEXT, 0, "" },
	{ "bol",	T_TEXT, 0, "" },
	{ "load",	T_TEXT, 0, "" },
	{ "milestone",	T_TEXT, 0, "" },
	{ "code",	T_TEXT, 0, "" },
	{ "reason",	T_TEXT, 0, "" },
	{ "time",	T_INSTANT, 0, "" },
	{ "time_local",	T_LOCAL, 0, "" },
	{ "tz",		T_WORD, W_TZ, "" },
	{ "stop",	T_TEXT, 0, "" },
	{ "city",	T_TEXT, 0, "" },
	{ "region",	T_TEXT, 0, "" },
	{ "country",	T_TEXT, 0, "" },
	{ "lat",	T_DEC, 0, "" },
	{ "lon",	T_DEC, 0, "" },
	{ "equipment",	T_TEXT, 0, "" },
	{ "eta",	T_WHEN, 0, "" },
	{ "weight",	T_DEC, 0, "" },
	{ "pieces",	T_DEC, 0, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
	{ "received_at", T_INSTANT, 0, "" },
};

static const struct rec_row invoice_rows[] = {
	{ "scac",	T_TEXT, 0, "" },
	{ "invoice",	T_TEXT, 0, "" },
	{ "seq",	T_TEXT, 0, "" },
	{ "correction",	T_TEXT, 0, "" },
	{ "pro",	T_TEXT, 0, "" },
	{ "bol",	T_TEXT, 0, "" },
	{ "load",	T_TEXT, 0, "" },
	{ "po",		T_TEXTS, 0, "" },
	{ "type",	T_TEXT, 0, "" },
	{ "terms",	T_TEXT, 0, "" },
	{ "bill_to",	T_OBJECT, S_PLACE, "" },
	{ "remit_to",	T_OBJECT, S_PLACE, "" },
	{ "date",	T_DATE, 0, "" },
	{ "received_at", T_INSTANT, 0, "" },
	{ "ship_date",	T_DATE, 0, "" },
	{ "delivery_date", T_DATE, 0, "" },
	{ "currency",	T_CURRENCY, 0, "" },
	{ "charges",	T_OBJECTS, S_CHARGE, "" },
	{ "total",	T_MONEY, 0, "" },
	{ "weight",	T_DEC, 0, "" },
	{ "weight_unit", T_TEXT, 0, "" },
	{ "pieces",	T_DEC, 0, "" },
	{ "freight_class", T_TEXT, 0, "" },
	{ "parent",	T_OBJECT, S_PARENT, "" },
	{ "parties",	T_OBJECTS, S_PARTY, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
};

static const struct rec_row party_rows[] = {
	{ "role",	T_TEXT, 0, "" },
	{ "code",	T_TEXT, 0, "" },
	{ "name",	T_TEXT, 0, "" },
	{ "address",	T_TEXT, 0, "" },
	{ "city",	T_TEXT, 0, "" },
	{ "region",	T_TEXT, 0, "" },
	{ "postal",	T_TEXT, 0, "" },
	{ "country",	T_TEXT, 0, "" },
	{ "tz",		T_TEXT, 0, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
};

static const struct rec_row booked_rows[] = {
	{ "type",	T_TEXT, 0, "" },
	{ "company",	T_TEXT, 0, "" },
	{ "scac",	T_TEXT, 0, "" },
	{ "load",	T_TEXT, 0, "" },
	{ "pro",	T_TEXT, 0, "" },
	{ "bol",	T_TEXT, 0, "" },
	{ "invoice",	T_TEXT, 0, "" },
	{ "seq",	T_TEXT, 0, "" },
	{ "correction",	T_TEXT, 0, "" },
	{ "bill_to",	T_OBJECT, S_PLACE, "" },
	{ "date",	T_DATE, 0, "" },
	{ "currency",	T_CURRENCY, 0, "" },
	{ "amount",	T_MONEY, 0, "" },
	{ "account",	T_TEXT, 0, "" },
	{ "open",	T_MONEY, 0, "" },
	{ "charges",	T_OBJECTS, S_CHARGE, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
};

static const struct rec_row payment_rows[] = {
	{ "scac",	T_TEXT, 0, "" },
	{ "invoice",	T_TEXT, 0, "" },
	{ "pro",	T_TEXT, 0, "" },
	{ "bol",	T_TEXT, 0, "" },
	{ "date",	T_DATE, 0, "" },
	{ "currency",	T_CURRENCY, 0, "" },
	{ "amount",	T_MONEY, 0, "" },
	{ "method",	T_TEXT, 0, "" },
	{ "trace",	T_TEXT, 0, "" },
	{ "action",	T_TEXT, 0, "" },
	{ "refs",	T_OBJECTS, S_REF, "" },
};

static const struct rec_row fxrate_rows[] = {
	{ "base",	T_CURRENCY, 0, "" },
	{ "quote",	T_CURRENCY, 0, "" },
	{ "date",	T_DATE, 0, "" },
	{ "rate",	T_DEC, 0, "" },
	{ "source",	T_TEXT, 0, "" },
};

/* An approval names no currency, its proposal does: plain decimals. */
static const struct rec_row approval_rows[] = {
	{ "proposal",	T_TEXT, 0, "" },
	{ "decision",	T_TEXT, 0, "" },
	{ "actor",	T_TEXT, 0, "" },
	{ "reason",	T_TEXT, 0, "" },
	{ "account",	T_TEXT, 0, "" },
	{ "until",	T_DATE, 0, "" },
	{ "amounts",	T_DECS, 0, "" },
};

static const struct rec_row decision_rows[] = {
	{ "subject",	T_TEXT, 0, "" },
	{ "run",	T_TEXT, 0, "" },
	{ "as_of",	T_WHEN, 0, "" },
	{ "company",	T_TEXT, 0, "" },
	{ "corr",	T_TEXT, 0, "" },
	{ "outcome",	T_WORD, W_OUTCOME, "" },
	{ "findings",	T_OBJECTS, S_FINDING, "" },
	{ "reasons",	T_OBJECTS, S_REASON, "" },
	{ "decision",	T_WORD, W_DECISION, "" },
	{ "route",	T_WORD, W_ROUTE, "" },
	{ "due",	T_DATE, 0, "" },
	{ "contest_by",	T_DATE, 0, "" },
	{ "scac",	T_TEXT, 0, "" },
	{ "load",	T_TEXT, 0, "" },
	{ "pro",	T_TEXT, 0, "" },
	{ "bol",	T_TEXT, 0, "" },
	{ "customer",	T_TEXT, 0, "" },
	{ "shipment",	T_TEXT, 0, "" },
	{ "rate_version", T_TEXT, 0, "" },
	{ "invoices",	T_TEXTS, 0, "" },
	{ "pod",	T_OBJECT, S_POD, "" },
	{ "currency",	T_CURRENCY, 0, "" },
	{ "expected",	T_MONEY, 0, "" },
	{ "prior",	T_MONEY, 0, "" },
	{ "billed",	T_MONEY, 0, "" },
	{ "approved",	T_MONEY, 0, "" },
	{ "disputed",	T_MONEY, 0, "" },
	{ "variance",	T_MONEY, 0, "" },
	{ "charges",	T_OBJECTS, S_VERDICT, "" },
	{ "match",	T_OBJECT, S_MATCH, "" },
	{ "effects",	T_OBJECTS, S_EFFECT, "" },
	{ "prior_decision", T_TEXT, 0, "" },
	{ "rules",	T_FREE, 0, "" },
	{ "config",	T_TEXT, 0, "" },
	{ "evidence",	T_OBJECTS, S_EVIDENCE, "" },
	{ "age_days",	T_COUNT, 0, "" },
};

static const struct rec_row case_rows[] = {
	{ "action",	T_WORD, W_CASE, "" },
	{ "type",	T_TEXT, 0, "" },
	{ "corr",	T_TEXT, 0, "" },
	{ "shipment",	T_TEXT, 0, "" },
	{ "customer",	T_TEXT, 0, "" },
	{ "severity",	T_TEXT, 0, "" },
	{ "opened_for",	T_TEXT, 0, "" },
	{ "eta",	T_WHEN, 0, "" },
	{ "eta_impact_hours", T_COUNT, 0, "" },
	{ "summary",	T_TEXT, 0, "" },
	{ "evidence",	T_OBJECTS, S_EVIDENCE, "" },
};

static const struct rec_row notice_rows[] = {
	{ "topic",	T_TEXT, 0, "" },
	{ "corr",	T_TEXT, 0, "" },
	{ "company",	T_TEXT, 0, "" },
	{ "shipment",	T_TEXT, 0, "" },
	{ "order",	T_TEXT, 0, "" },
	{ "customer",	T_TEXT, 0, "" },
	{ "milestone",	T_TEXT, 0, "" },
	{ "time",	T_INSTANT, 0, "" },
	{ "detail",	T_FREE, 0, "" },
};

static const struct rec_row receipt_rows[] = {
	{ "subject",	T_TEXT, 0, "" },
	{ "target",	T_TEXT, 0, "" },
	{ "state",	T_TEXT, 0, "" },
	{ "key",	T_TEXT, 0, "" },
	{ "journal",	T_TEXT, 0, "" },
	{ "period",	T_TEXT, 0, "" },
	{ "attempts",	T_COUNT, 0, "" },
	{ "detail",	T_FREE, 0, "" },
};

static const struct rec_row deadletter_rows[] = {
	{ "stage",	T_TEXT, 0, "" },
	{ "reason",	T_TEXT, 0, "" },
	{ "message",	T_TEXT, 0, "" },
	{ "retryable",	T_BOOL, 0, "" },
	{ "blocked_by",	T_TEXT, 0, "" },
	{ "record",	T_RECORD, 0, "" },
	{ "raw",	T_FREE, 0, "" },
};

/* What every kind begins and ends with. */
static const struct rec_row lgx_row = { "lgx", T_COUNT, 0, "" };
static const struct rec_row kind_row = { "kind", T_KIND, 0, "" };
static const struct rec_row id_row = { "id", T_TEXT, 0, "" };
static const struct rec_row usage_row = { "usage", T_WORD, W_USAGE, "" };
static const struct rec_row src_row = { "src", T_OBJECT, S_SRC, "" };

#define SHAPE(name_, rows_)	{ .name = name_, .rows = rows_, .nrows = LGX_LEN(rows_) }

/* ORDER SHAPE, then ORDER KIND */
struct rec_shape rec_shapes[] = {
	[S_NONE] =	{ .name = "" },
	[S_SRC] =	SHAPE("src", src_rows),
	[S_PLACE] =	SHAPE("place", place_rows),
	[S_PARTY] =	SHAPE("party in a bill", party_in_rows),
	[S_REF] =	SHAPE("reference", ref_rows),
	[S_CHARGE] =	SHAPE("charge", charge_rows),
	[S_VERDICT] =	SHAPE("judged charge", verdict_rows),
	[S_PARENT] =	SHAPE("parent", parent_rows),
	[S_LINE] =	SHAPE("order line", line_rows),
	[S_FINDING] =	SHAPE("finding", finding_rows),
	[S_REASON] =	SHAPE("reason", reason_rows),
	[S_MATCH] =	SHAPE("match", match_rows),
	[S_CANDIDATE] =	SHAPE("candidate", candidate_rows),
	[S_EFFECT] =	SHAPE("effect", effect_rows),
	[S_EVIDENCE] =	SHAPE("evidence", evidence_rows),
	[S_POD] =	SHAPE("proof of delivery", pod_rows),
	[S_KIND + LGX_K_NONE] =		{ .name = "" },
	[S_KIND + LGX_K_EDI] =		SHAPE("edi", edi_rows),
	[S_KIND + LGX_K_ORDER] =	SHAPE("order", order_rows),
	[S_KIND + LGX_K_SHIPMENT] =	SHAPE("shipment", shipment_rows),
	[S_KIND + LGX_K_STATUS] =	SHAPE("status", status_rows),
	[S_KIND + LGX_K_INVOICE] =	SHAPE("invoice", invoice_rows),
	[S_KIND + LGX_K_PARTY] =	SHAPE("party", party_rows),
	[S_KIND + LGX_K_BOOKED] =	SHAPE("booked", booked_rows),
	[S_KIND + LGX_K_PAYMENT] =	SHAPE("payment", payment_rows),
	[S_KIND + LGX_K_FXRATE] =	SHAPE("fxrate", fxrate_rows),
	[S_KIND + LGX_K_APPROVAL] =	SHAPE("approval", approval_rows),
	[S_KIND + LGX_K_DECISION] =	SHAPE("decision", decision_rows),
	[S_KIND + LGX_K_CASE] =		SHAPE("case", case_rows),
	[S_KIND + LGX_K_NOTICE] =	SHAPE("notice", notice_rows),
	[S_KIND + LGX_K_RECEIPT] =	SHAPE("receipt", receipt_rows),
	[S_KIND + LGX_K_DEADLETTER] =	SHAPE("deadletter", deadletter_rows),
};

_Static_assert(LGX_LEN(rec_shapes) == S_COUNT, "a row for every shape and kind");

static const char *const decision_words[] = { "auto-approve", "short-pay", "hold", "dispute",
    "reject", "none", "reverse", "accrue", "project", NULL };
static const char *const outcome_words[] = {
	/* of a bill, in the order in which they are tested */
	"arithmetic-error", "duplicate-exact", "superseded", "no-financial-effect",
	"cancellation", "orphan-correction", "no-shipment", "ambiguous-match",
	"reference-conflict", "wrong-party", "currency-mismatch", "duplicate-probable",
	"no-pod", "late-bill", "overbilled", "underbilled", "matched-within-tolerance",
	"matched",
	/* of a shipment */
	"not-yet-billable", "unbilled", "partially-billed", "billed", "cancelled", NULL };
static const char *const route_words[] = { "post", "finance-review", "carrier-dispute",
    "transport-ops", "customer-case", "master-data", "wait", "ageing", "log", NULL };
static const char *const tz_words[] = { "sent", "partner", "place", "unknown", NULL };
static const char *const usage_words[] = { "T", "I", NULL };
static const char *const case_words[] = { "open", "enrich", "close", NULL };

static const char *const *const word_lists[] = {
	[W_NONE] = NULL, [W_DECISION] = decision_words, [W_OUTCOME] = outcome_words,
	[W_ROUTE] = route_words, [W_TZ] = tz_words, [W_USAGE] = usage_words,
	[W_CASE] = case_words,
};

_Static_assert(LGX_LEN(word_lists) == W_COUNT, "a list for every W_");

bool
rec_word_in(enum rec_words_id list, struct lgx_str s)
{
	for (const char *const *w = word_lists[list]; *w != NULL; w++)
		if (lgx_str_eq(s, lgx_str_of(*w)))
			return true;
	return false;
}

const char *
rec_words_text(enum rec_words_id list)
{
	static struct lgx_buf	 text;

	lgx_buf_clear(&text);
	for (const char *const *w = word_lists[list]; *w != NULL; w++)
		lgx_buf_putf(&text, "%s%s", text.n > 0 ? ", " : "", *w);
	return lgx_buf_z(&text);
}

/*
 * names
 */

#define SLOTS	512	/* of the hash table: a power of two, sparsely filled */

struct rec_name	 rec_names[REC_NAMES] = {
	[LGX_M_NONE] = { .text = "" },
#define LGX_MEMBER(name) [LGX_M_##name] = { .text = #name },
#include "rec/member.def"
#undef LGX_MEMBER
};

static uint8_t	 slots[SLOTS];
static unsigned	 name_count;

static inline uint64_t
load(const char *p, size_t n)	/* n is 4 or 8 */
{
	uint64_t	 w = 0;

	memcpy(&w, p, n);
	return w;
}

/* The first and last bytes tell all names of the schema apart. */
static inline unsigned
slot_of(const char *p, size_t n)
{
	uint64_t	 a, b;

	if (n >= 8) {
		a = load(p, 8);
		b = load(p + n - 8, 8);
	} else if (n >= 4) {
		a = load(p, 4);
		b = load(p + n - 4, 4);
	} else {
		a = n > 0 ? (unsigned char)p[0] : 0;
		b = n > 0 ? (unsigned char)p[n - 1] : 0;
	}
	a = (a ^ (b * 0x9E3779B97F4A7C15u) ^ n) * 0xD6E8FEB86659FD93u;
	return (unsigned)(a >> 55);
}

_Static_assert(SLOTS == 1 << 9, "slot_of gives nine bits");

unsigned
rec_name_find(const char *p, size_t n)
{
	for (unsigned at = slot_of(p, n); slots[at] != 0; at = (at + 1) % SLOTS) {
		const struct rec_name *nm = &rec_names[slots[at]];

		if (nm->len == n && memcmp(nm->text, p, n) == 0)
			return slots[at];
	}
	return 0;
}

/* Take a name into the tables; its number. */
static unsigned
intern(const char *text)
{
	size_t		 n = strlen(text);
	unsigned	 id = rec_name_find(text, n), at;
	char		 ones[REC_NAME_MAX + 2] = "";
	struct rec_name	*nm;

	if (id != 0)
		return id;
	id = name_count++;
	assert(id < REC_NAMES && n <= REC_NAME_MAX);
	nm = &rec_names[id];
	nm->text = text;
	nm->len = (uint32_t)n;
	memcpy(nm->quoted, text, n);
	memcpy(nm->quoted + n, "\":", 2);
	memset(ones, 0xFF, n + 2);
	memcpy(nm->word, nm->quoted, 16);
	memcpy(nm->mask, ones, 16);
	for (at = slot_of(text, n); slots[at] != 0;)
		at = (at + 1) % SLOTS;
	slots[at] = (uint8_t)id;
	return id;
}

/*
 * shapes
 */

static void
add_row(struct rec_shape *s, const struct rec_row *row)
{
	unsigned	 id = intern(row->name);

	assert(s->n < REC_MEMBERS && s->at[id] == 0);
	s->at[id] = ++s->n;
	s->ids[s->n] = (uint8_t)id;
	s->row[s->n] = row;
}

static void
make_shape(struct rec_shape *s, bool kind)
{
	if (kind) {
		add_row(s, &lgx_row);
		add_row(s, &kind_row);
		add_row(s, &id_row);
	}
	for (size_t i = 0; i < s->nrows; i++)
		add_row(s, &s->rows[i]);
	if (kind && s->at[LGX_M_usage] == 0)
		add_row(s, &usage_row);
	s->tail = (uint8_t)(s->n + 1);
	if (kind)
		add_row(s, &src_row);
}

void
rec_schema_need(void)
{
	if (name_count > 0)
		return;
	for (name_count = 1; name_count < LGX_MEMBER_COUNT;)
		intern(rec_names[name_count].text);
	for (int i = S_SRC; i < S_COUNT; i++)
		if (i != S_KIND + LGX_K_NONE)
			make_shape(&rec_shapes[i], i > S_KIND);
}

const char *
lgx_kind_name(enum lgx_kind kind)
{
	return rec_shapes[S_KIND + kind].name;
}

enum lgx_kind
lgx_kind_of(struct lgx_str name)
{
	for (int k = LGX_K_NONE + 1; k < LGX_KIND_COUNT; k++)
		if (lgx_str_eq(name, lgx_str_of(rec_shapes[S_KIND + k].name)))
			return (enum lgx_kind)k;
	return LGX_K_NONE;
}

const char *
lgx_member_name(enum lgx_member m)
{
	return rec_names[m].text;
}

enum lgx_member
lgx_member_of(struct lgx_str name)
{
	unsigned	 id;

	rec_schema_need();
	id = rec_name_find(name.p, name.n);
	return id < LGX_MEMBER_COUNT ? (enum lgx_member)id : LGX_M_NONE;
}

bool
lgx_kind_has(enum lgx_kind kind, enum lgx_member m)
{
	rec_schema_need();
	return m != LGX_M_NONE && rec_shapes[S_KIND + kind].at[m] != 0;
}
