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

static const struct lgx_field src_rows[] = {
	{ "file",		LGX_T_OCTETS,	0,		"operand as given, - for stdin" },
	{ "sha",		LGX_T_TEXT,	0,		"SHA-256 of the file as stored" },
	{ "offset",		LGX_T_COUNT,	0,		"first byte in the uncompressed file" },
	{ "length",		LGX_T_COUNT,	0,		"bytes" },
	{ "isa",		LGX_T_OCTETS,	0,		"interchange control number" },
	{ "gs",			LGX_T_OCTETS,	0,		"group control number" },
	{ "st",			LGX_T_OCTETS,	0,		"transaction set control number" },
	{ "row",		LGX_T_COUNT,	0,		"row or line, from 1" },
	{ "path",		LGX_T_OCTETS,	0,		"path of the XML element" },
	{ "map",		LGX_T_TEXT,	0,		"mapping, as name@version" },
};

static const struct lgx_field place_rows[] = {
	{ "code",		LGX_T_TEXT,	0,		"code of the location" },
	{ "name",		LGX_T_TEXT,	0,		"name" },
	{ "city",		LGX_T_TEXT,	0,		"city" },
	{ "region",		LGX_T_TEXT,	0,		"state or province" },
	{ "postal",		LGX_T_TEXT,	0,		"postal code" },
	{ "country",		LGX_T_TEXT,	0,		"country, ISO 3166 alpha-2" },
};

static const struct lgx_field party_in_rows[] = {
	{ "role",		LGX_T_TEXT,	0,		"role (X12 element 98)" },
	{ "code",		LGX_T_TEXT,	0,		"code of the party" },
	{ "name",		LGX_T_TEXT,	0,		"name" },
	{ "city",		LGX_T_TEXT,	0,		"city" },
	{ "region",		LGX_T_TEXT,	0,		"state or province" },
	{ "postal",		LGX_T_TEXT,	0,		"postal code" },
	{ "country",		LGX_T_TEXT,	0,		"country, ISO 3166 alpha-2" },
};

static const struct lgx_field ref_rows[] = {
	{ "qual",		LGX_T_TEXT,	0,		"qualifier (X12 element 128)" },
	{ "value",		LGX_T_TEXT,	0,		"reference as sent" },
};

static const struct lgx_field charge_rows[] = {
	{ "code",		LGX_T_TEXT,	0,		"canonical charge code" },
	{ "amount",		LGX_T_MONEY,	0,		"amount, credits negative" },
	{ "basis",		LGX_T_TEXT,	0,		"what the rate applies to" },
	{ "qty",		LGX_T_DEC,	0,		"quantity rated" },
	{ "rate",		LGX_T_DEC,	0,		"rate" },
	{ "desc",		LGX_T_TEXT,	0,		"description as sent" },
};

/* A charge as judged in a decision. */
static const struct lgx_field verdict_rows[] = {
	{ "code",		LGX_T_TEXT,	0,		"canonical charge code" },
	{ "expected",		LGX_T_MONEY,	0,		"agreed" },
	{ "billed",		LGX_T_MONEY,	0,		"billed, with what was billed before" },
	{ "variance",		LGX_T_MONEY,	0,		"billed less expected" },
	{ "limit",		LGX_T_LIMIT,	0,		"tolerance that applied" },
	{ "pass",		LGX_T_BOOL,	0,		"inside the tolerance?" },
};

static const struct lgx_field parent_rows[] = {
	{ "id",			LGX_T_TEXT,	0,		"id of the header" },
	{ "n",			LGX_T_COUNT,	0,		"number of this child, from 1" },
	{ "of",			LGX_T_COUNT,	0,		"number of children" },
	{ "total",		LGX_T_MONEY,	0,		"header's total" },
};

static const struct lgx_field line_rows[] = {
	{ "line",		LGX_T_TEXT,	0,		"line number" },
	{ "item",		LGX_T_TEXT,	0,		"item" },
	{ "qty",		LGX_T_DEC,	0,		"quantity ordered" },
	{ "unit",		LGX_T_TEXT,	0,		"unit of the quantity" },
	{ "weight",		LGX_T_DEC,	0,		"weight of the line" },
};

/* expected and billed may be money, a weight, a class or a name. */
static const struct lgx_field finding_rows[] = {
	{ "code",		LGX_T_TEXT,	0,		"finding" },
	{ "charge",		LGX_T_TEXT,	0,		"charge code it concerns" },
	{ "expected",		LGX_T_TEXT,	0,		"what was expected" },
	{ "billed",		LGX_T_TEXT,	0,		"what was billed" },
	{ "variance",		LGX_T_LIMIT,	0,		"its effect in money" },
};

static const struct lgx_field reason_rows[] = {
	{ "code",		LGX_T_TEXT,	0,		"reason code" },
	{ "amount",		LGX_T_MONEY,	0,		"part of the variance" },
};

static const struct lgx_field match_rows[] = {
	{ "by",			LGX_T_TEXT,	0,		"rule that matched" },
	{ "key",		LGX_T_TEXT,	0,		"value it matched, normalised" },
	{ "candidates",		LGX_T_OBJECTS,	S_CANDIDATE,	"shipments that were rejected" },
};

static const struct lgx_field candidate_rows[] = {
	{ "id",			LGX_T_TEXT,	0,		"id of the shipment" },
	{ "why_not",		LGX_T_TEXT,	0,		"test that it failed" },
};

static const struct lgx_field effect_rows[] = {
	{ "template",		LGX_T_TEXT,	0,		"journal template (T1 to T9)" },
	{ "key",		LGX_T_TEXT,	0,		"company|template|shipment or bill|version|seq" },
	{ "company",		LGX_T_TEXT,	0,		"company whose books it concerns" },
	{ "event_date",		LGX_T_DATE,	0,		"day it takes effect unless its period is closed" },
	{ "reverses",		LGX_T_TEXT,	0,		"key of the entry that it mirrors" },
	{ "amounts",		LGX_T_MONEYS,	0,		"account role to amount, debit positive; the sum is zero" },
};

static const struct lgx_field evidence_rows[] = {
	{ "id",			LGX_T_TEXT,	0,		"id of the record" },
	{ "src",		LGX_T_OBJECT,	S_SRC,		"where that came from" },
};

static const struct lgx_field pod_rows[] = {
	{ "id",			LGX_T_TEXT,	0,		"id of the status that proves delivery" },
	{ "time",		LGX_T_INSTANT,	0,		"its instant" },
};

static const struct lgx_field edi_rows[] = {
	{ "set",		LGX_T_OCTETS,	0,		"transaction set (210), TA1 for an interchange without sets" },
	{ "version",		LGX_T_OCTETS,	0,		"version and release" },
	{ "sender",		LGX_T_OCTETS,	0,		"sender, as qualifier:id" },
	{ "receiver",		LGX_T_OCTETS,	0,		"receiver, as qualifier:id" },
	{ "isa",		LGX_T_OCTETS,	0,		"interchange control number" },
	{ "gs",			LGX_T_OCTETS,	0,		"group control number" },
	{ "st",			LGX_T_OCTETS,	0,		"transaction set control number" },
	{ "date",		LGX_T_OCTETS,	0,		"date of the group or interchange, as sent if it is none" },
	{ "time",		LGX_T_OCTETS,	0,		"hh:mm or hh:mm:ss" },
	{ "usage",		LGX_T_OCTETS,	0,		"usage indicator: P, T, I" },
	{ "charset",		LGX_T_TEXT,	0,		"character set it was read in" },
	{ "delimiters",		LGX_T_FREE,	0,		"delimiters of the interchange" },
	{ "lead",		LGX_T_OCTETS,	0,		"bytes before the set" },
	{ "segments",		LGX_T_FREE,	0,		"the set as sent, segment by segment" },
	{ "tail",		LGX_T_OCTETS,	0,		"bytes after the set" },
	{ "errors",		LGX_T_FREE,	0,		"what is wrong with it" },
};

static const struct lgx_field order_rows[] = {
	{ "company",		LGX_T_TEXT,	0,		"company whose books it concerns" },
	{ "order",		LGX_T_TEXT,	0,		"order number" },
	{ "customer",		LGX_T_TEXT,	0,		"customer" },
	{ "state",		LGX_T_TEXT,	0,		"open, closed, ..." },
	{ "order_date",		LGX_T_DATE,	0,		"day it was ordered" },
	{ "due_date",		LGX_T_DATE,	0,		"day it is due" },
	{ "origin",		LGX_T_OBJECT,	S_PLACE,	"where it is picked up" },
	{ "destination",	LGX_T_OBJECT,	S_PLACE,	"where it is delivered" },
	{ "lines",		LGX_T_OBJECTS,	S_LINE,		"order lines" },
	{ "weight",		LGX_T_DEC,	0,		"gross weight" },
	{ "weight_unit",	LGX_T_TEXT,	0,		"LB or KG" },
	{ "currency",		LGX_T_CURRENCY,	0,		"of every amount in the record" },
	{ "total",		LGX_T_MONEY,	0,		"value of the order" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
};

static const struct lgx_field shipment_rows[] = {
	{ "company",		LGX_T_TEXT,	0,		"company whose books it concerns" },
	{ "load",		LGX_T_TEXT,	0,		"shipper's load or shipment number" },
	{ "scac",		LGX_T_TEXT,	0,		"carrier, by its SCAC" },
	{ "pro",		LGX_T_TEXT,	0,		"carrier's number, if known" },
	{ "bol",		LGX_T_TEXT,	0,		"bill of lading" },
	{ "po",			LGX_T_TEXTS,	0,		"purchase orders" },
	{ "customer",		LGX_T_TEXT,	0,		"customer" },
	{ "order",		LGX_T_TEXT,	0,		"order it ships" },
	{ "mode",		LGX_T_TEXT,	0,		"LTL, TL, ..." },
	{ "service",		LGX_T_TEXT,	0,		"service level" },
	{ "terms",		LGX_T_TEXT,	0,		"who pays: PP, CC, TP" },
	{ "state",		LGX_T_TEXT,	0,		"planned, dispatched, delivered or cancelled" },
	{ "origin",		LGX_T_OBJECT,	S_PLACE,	"where it is picked up" },
	{ "destination",	LGX_T_OBJECT,	S_PLACE,	"where it is delivered" },
	{ "ship_date",		LGX_T_DATE,	0,		"day it was shipped" },
	{ "delivery_due",	LGX_T_WHEN,	0,		"when delivery is due" },
	{ "weight",		LGX_T_DEC,	0,		"gross weight" },
	{ "weight_unit",	LGX_T_TEXT,	0,		"LB or KG" },
	{ "pieces",		LGX_T_DEC,	0,		"handling units" },
	{ "freight_class",	LGX_T_TEXT,	0,		"freight class" },
	{ "equipment",		LGX_T_TEXT,	0,		"trailer or container" },
	{ "currency",		LGX_T_CURRENCY,	0,		"of every amount in the record" },
	{ "charges",		LGX_T_OBJECTS,	S_CHARGE,	"agreed charges" },
	{ "total",		LGX_T_MONEY,	0,		"agreed total" },
	{ "authorised",		LGX_T_TEXTS,	0,		"charge codes allowed beside the agreed ones" },
	{ "rate_version",	LGX_T_TEXT,	0,		"version of the agreed charges" },
	{ "cost_center",	LGX_T_TEXT,	0,		"cost centre" },
	{ "updated_at",		LGX_T_WHEN,	0,		"when the TMS last changed it" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
};

static const struct lgx_field status_rows[] = {
	{ "scac",		LGX_T_TEXT,	0,		"carrier, by its SCAC" },
	{ "pro",		LGX_T_TEXT,	0,		"carrier's number of the shipment (PRO, waybill)" },
	{ "bol",		LGX_T_TEXT,	0,		"bill of lading" },
	{ "load",		LGX_T_TEXT,	0,		"shipper's load or shipment number" },
	{ "milestone",		LGX_T_TEXT,	0,		"canonical milestone" },
	{ "code",		LGX_T_TEXT,	0,		"status code as sent" },
	{ "reason",		LGX_T_TEXT,	0,		"status reason as sent" },
	{ "time",		LGX_T_INSTANT,	0,		"instant of the event" },
	{ "time_local",		LGX_T_LOCAL,	0,		"wall time of the event as sent" },
	{ "tz",			LGX_T_WORD,	W_TZ,		"how the zone was known" },
	{ "stop",		LGX_T_TEXT,	0,		"stop of the route" },
	{ "city",		LGX_T_TEXT,	0,		"city" },
	{ "region",		LGX_T_TEXT,	0,		"state or province" },
	{ "country",		LGX_T_TEXT,	0,		"country, ISO 3166 alpha-2" },
	{ "lat",		LGX_T_DEC,	0,		"latitude, degrees north" },
	{ "lon",		LGX_T_DEC,	0,		"longitude, degrees east" },
	{ "equipment",		LGX_T_TEXT,	0,		"trailer or container" },
	{ "eta",		LGX_T_WHEN,	0,		"estimated arrival" },
	{ "weight",		LGX_T_DEC,	0,		"gross weight" },
	{ "pieces",		LGX_T_DEC,	0,		"handling units" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
	{ "received_at",	LGX_T_INSTANT,	0,		"when the input reached us" },
};

static const struct lgx_field invoice_rows[] = {
	{ "scac",		LGX_T_TEXT,	0,		"carrier, by its SCAC" },
	{ "invoice",		LGX_T_TEXT,	0,		"carrier's invoice number" },
	{ "seq",		LGX_T_TEXT,	0,		"suffix that tells bills of one number apart" },
	{ "correction",		LGX_T_TEXT,	0,		"correction indicator (X12 element 202)" },
	{ "pro",		LGX_T_TEXT,	0,		"carrier's number of the shipment (PRO, waybill)" },
	{ "bol",		LGX_T_TEXT,	0,		"bill of lading" },
	{ "load",		LGX_T_TEXT,	0,		"shipper's load or shipment number" },
	{ "po",			LGX_T_TEXTS,	0,		"purchase orders" },
	{ "type",		LGX_T_TEXT,	0,		"consolidated, or absent" },
	{ "terms",		LGX_T_TEXT,	0,		"who pays: PP, CC, TP" },
	{ "bill_to",		LGX_T_OBJECT,	S_PLACE,	"who is billed" },
	{ "remit_to",		LGX_T_OBJECT,	S_PLACE,	"who is paid" },
	{ "date",		LGX_T_DATE,	0,		"date of the bill" },
	{ "received_at",	LGX_T_INSTANT,	0,		"when the input reached us" },
	{ "ship_date",		LGX_T_DATE,	0,		"day it was shipped" },
	{ "delivery_date",	LGX_T_DATE,	0,		"day of delivery as billed" },
	{ "currency",		LGX_T_CURRENCY,	0,		"of every amount in the record" },
	{ "charges",		LGX_T_OBJECTS,	S_CHARGE,	"billed charges" },
	{ "total",		LGX_T_MONEY,	0,		"net amount" },
	{ "weight",		LGX_T_DEC,	0,		"gross weight" },
	{ "weight_unit",	LGX_T_TEXT,	0,		"LB or KG" },
	{ "pieces",		LGX_T_DEC,	0,		"handling units" },
	{ "freight_class",	LGX_T_TEXT,	0,		"freight class" },
	{ "parent",		LGX_T_OBJECT,	S_PARENT,	"header of a consolidated bill" },
	{ "parties",		LGX_T_OBJECTS,	S_PARTY,	"parties named in the bill" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
};

static const struct lgx_field party_rows[] = {
	{ "role",		LGX_T_TEXT,	0,		"customer, carrier or location" },
	{ "code",		LGX_T_TEXT,	0,		"its code" },
	{ "name",		LGX_T_TEXT,	0,		"its name" },
	{ "address",		LGX_T_TEXT,	0,		"street" },
	{ "city",		LGX_T_TEXT,	0,		"city" },
	{ "region",		LGX_T_TEXT,	0,		"state or province" },
	{ "postal",		LGX_T_TEXT,	0,		"postal code" },
	{ "country",		LGX_T_TEXT,	0,		"country, ISO 3166 alpha-2" },
	{ "tz",			LGX_T_TEXT,	0,		"time zone" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
};

static const struct lgx_field booked_rows[] = {
	{ "type",		LGX_T_TEXT,	0,		"accrual, bill, ..." },
	{ "company",		LGX_T_TEXT,	0,		"company whose books it concerns" },
	{ "scac",		LGX_T_TEXT,	0,		"carrier, by its SCAC" },
	{ "load",		LGX_T_TEXT,	0,		"shipper's load or shipment number" },
	{ "pro",		LGX_T_TEXT,	0,		"carrier's number of the shipment (PRO, waybill)" },
	{ "bol",		LGX_T_TEXT,	0,		"bill of lading" },
	{ "invoice",		LGX_T_TEXT,	0,		"carrier's invoice number" },
	{ "seq",		LGX_T_TEXT,	0,		"suffix that tells bills of one number apart" },
	{ "correction",		LGX_T_TEXT,	0,		"correction indicator (X12 element 202)" },
	{ "bill_to",		LGX_T_OBJECT,	S_PLACE,	"who is billed" },
	{ "date",		LGX_T_DATE,	0,		"effective date" },
	{ "currency",		LGX_T_CURRENCY,	0,		"of every amount in the record" },
	{ "amount",		LGX_T_MONEY,	0,		"amount booked" },
	{ "account",		LGX_T_TEXT,	0,		"account" },
	{ "open",		LGX_T_MONEY,	0,		"what of it is still open" },
	{ "charges",		LGX_T_OBJECTS,	S_CHARGE,	"charges" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
};

static const struct lgx_field payment_rows[] = {
	{ "scac",		LGX_T_TEXT,	0,		"carrier, by its SCAC" },
	{ "invoice",		LGX_T_TEXT,	0,		"carrier's invoice number" },
	{ "pro",		LGX_T_TEXT,	0,		"carrier's number of the shipment (PRO, waybill)" },
	{ "bol",		LGX_T_TEXT,	0,		"bill of lading" },
	{ "date",		LGX_T_DATE,	0,		"day of payment" },
	{ "currency",		LGX_T_CURRENCY,	0,		"of every amount in the record" },
	{ "amount",		LGX_T_MONEY,	0,		"amount paid" },
	{ "method",		LGX_T_TEXT,	0,		"check, ACH, ..." },
	{ "trace",		LGX_T_TEXT,	0,		"trace or check number" },
	{ "action",		LGX_T_TEXT,	0,		"what the payment does" },
	{ "refs",		LGX_T_OBJECTS,	S_REF,		"references as sent" },
};

static const struct lgx_field fxrate_rows[] = {
	{ "base",		LGX_T_CURRENCY,	0,		"one unit of this" },
	{ "quote",		LGX_T_CURRENCY,	0,		"is so many of that" },
	{ "date",		LGX_T_DATE,	0,		"day it is valid" },
	{ "rate",		LGX_T_DEC,	0,		"rate" },
	{ "source",		LGX_T_TEXT,	0,		"who published it" },
};

/* An approval names no currency, its proposal does: plain decimals. */
static const struct lgx_field approval_rows[] = {
	{ "proposal",		LGX_T_TEXT,	0,		"id of the decision" },
	{ "decision",		LGX_T_TEXT,	0,		"what the person decided" },
	{ "actor",		LGX_T_TEXT,	0,		"who" },
	{ "reason",		LGX_T_TEXT,	0,		"why" },
	{ "account",		LGX_T_TEXT,	0,		"account to charge instead" },
	{ "until",		LGX_T_DATE,	0,		"day until which it is parked" },
	{ "amounts",		LGX_T_DECS,	0,		"reason code to amount, in the currency of the proposal" },
};

static const struct lgx_field decision_rows[] = {
	{ "subject",		LGX_T_TEXT,	0,		"id of the bill or shipment judged" },
	{ "run",		LGX_T_TEXT,	0,		"run that made it" },
	{ "as_of",		LGX_T_WHEN,	0,		"date for which it was judged" },
	{ "company",		LGX_T_TEXT,	0,		"company whose books it concerns" },
	{ "corr",		LGX_T_TEXT,	0,		"one id for everything about a shipment" },
	{ "outcome",		LGX_T_WORD,	W_OUTCOME,	"what was found" },
	{ "findings",		LGX_T_OBJECTS,	S_FINDING,	"all deviations" },
	{ "reasons",		LGX_T_OBJECTS,	S_REASON,	"the variance by reason" },
	{ "decision",		LGX_T_WORD,	W_DECISION,	"what to do" },
	{ "route",		LGX_T_WORD,	W_ROUTE,	"who acts" },
	{ "due",		LGX_T_DATE,	0,		"day by which someone must act" },
	{ "contest_by",		LGX_T_DATE,	0,		"last day to contest the bill" },
	{ "scac",		LGX_T_TEXT,	0,		"carrier, by its SCAC" },
	{ "load",		LGX_T_TEXT,	0,		"shipper's load or shipment number" },
	{ "pro",		LGX_T_TEXT,	0,		"carrier's number of the shipment (PRO, waybill)" },
	{ "bol",		LGX_T_TEXT,	0,		"bill of lading" },
	{ "customer",		LGX_T_TEXT,	0,		"customer" },
	{ "shipment",		LGX_T_TEXT,	0,		"id of the shipment" },
	{ "rate_version",	LGX_T_TEXT,	0,		"version of the agreed charges" },
	{ "invoices",		LGX_T_TEXTS,	0,		"ids of the bills counted" },
	{ "pod",		LGX_T_OBJECT,	S_POD,		"proof of delivery" },
	{ "currency",		LGX_T_CURRENCY,	0,		"of every amount in the record" },
	{ "expected",		LGX_T_MONEY,	0,		"agreed total" },
	{ "prior",		LGX_T_MONEY,	0,		"approved before" },
	{ "billed",		LGX_T_MONEY,	0,		"billed now" },
	{ "approved",		LGX_T_MONEY,	0,		"approved now" },
	{ "disputed",		LGX_T_MONEY,	0,		"not approved" },
	{ "variance",		LGX_T_MONEY,	0,		"prior and billed less expected" },
	{ "charges",		LGX_T_OBJECTS,	S_VERDICT,	"charge by charge" },
	{ "match",		LGX_T_OBJECT,	S_MATCH,	"how the shipment was found" },
	{ "effects",		LGX_T_OBJECTS,	S_EFFECT,	"journals to book, in order" },
	{ "prior_decision",	LGX_T_TEXT,	0,		"decision that this replaces" },
	{ "rules",		LGX_T_FREE,	0,		"rules that decided" },
	{ "config",		LGX_T_TEXT,	0,		"digest of the configuration in force" },
	{ "evidence",		LGX_T_OBJECTS,	S_EVIDENCE,	"records it rests on" },
	{ "age_days",		LGX_T_COUNT,	0,		"days since it opened" },
};

static const struct lgx_field case_rows[] = {
	{ "action",		LGX_T_WORD,	W_CASE,		"what the case system shall do" },
	{ "type",		LGX_T_TEXT,	0,		"kind of trouble" },
	{ "corr",		LGX_T_TEXT,	0,		"one id for everything about a shipment" },
	{ "shipment",		LGX_T_TEXT,	0,		"id of the shipment" },
	{ "customer",		LGX_T_TEXT,	0,		"customer" },
	{ "severity",		LGX_T_TEXT,	0,		"how bad" },
	{ "opened_for",		LGX_T_TEXT,	0,		"what it was opened for" },
	{ "eta",		LGX_T_WHEN,	0,		"estimated arrival" },
	{ "eta_impact_hours",	LGX_T_COUNT,	0,		"delay, hours" },
	{ "summary",		LGX_T_TEXT,	0,		"in words" },
	{ "evidence",		LGX_T_OBJECTS,	S_EVIDENCE,	"records it rests on" },
};

static const struct lgx_field notice_rows[] = {
	{ "topic",		LGX_T_TEXT,	0,		"shipment.delivered, ..." },
	{ "corr",		LGX_T_TEXT,	0,		"one id for everything about a shipment" },
	{ "company",		LGX_T_TEXT,	0,		"company whose books it concerns" },
	{ "shipment",		LGX_T_TEXT,	0,		"id of the shipment" },
	{ "order",		LGX_T_TEXT,	0,		"order number" },
	{ "customer",		LGX_T_TEXT,	0,		"customer" },
	{ "milestone",		LGX_T_TEXT,	0,		"milestone" },
	{ "time",		LGX_T_INSTANT,	0,		"when it happened" },
	{ "detail",		LGX_T_FREE,	0,		"more, by topic" },
};

static const struct lgx_field receipt_rows[] = {
	{ "subject",		LGX_T_TEXT,	0,		"id of the record" },
	{ "target",		LGX_T_TEXT,	0,		"where it was booked or delivered" },
	{ "state",		LGX_T_TEXT,	0,		"booked, refused, reversed; sent, confirmed, ..." },
	{ "key",		LGX_T_TEXT,	0,		"key at the target" },
	{ "journal",		LGX_T_TEXT,	0,		"journal entry" },
	{ "period",		LGX_T_TEXT,	0,		"period it hit" },
	{ "attempts",		LGX_T_COUNT,	0,		"how often it was tried" },
	{ "detail",		LGX_T_FREE,	0,		"what the target said" },
};

static const struct lgx_field deadletter_rows[] = {
	{ "stage",		LGX_T_TEXT,	0,		"filter that refused it" },
	{ "reason",		LGX_T_TEXT,	0,		"code of lgx-diagnostics(7)" },
	{ "message",		LGX_T_TEXT,	0,		"in words, with the place" },
	{ "retryable",		LGX_T_BOOL,	0,		"may it succeed later unchanged?" },
	{ "blocked_by",		LGX_T_TEXT,	0,		"key that must be settled first" },
	{ "record",		LGX_T_RECORD,	0,		"the record that was refused, kept as it is" },
	{ "raw",		LGX_T_FREE,	0,		"other bytes that were refused" },
};

/* What every kind begins and ends with. */
static const struct lgx_field lgx_row = { "lgx", LGX_T_COUNT, 0, "schema version, now 1" };
static const struct lgx_field kind_row = { "kind", LGX_T_KIND, 0, "kind of record" };
static const struct lgx_field id_row = { "id", LGX_T_TEXT, 0, "business key with a digest" };
static const struct lgx_field usage_row = { "usage", LGX_T_WORD, W_USAGE,
    "made from a test or information interchange" };
static const struct lgx_field src_row = { "src", LGX_T_OBJECT, S_SRC, "where it came from" };

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

static inline bool
is_word(struct lgx_str s, const char *word)
{
	return s.n > 0 && s.p[0] == word[0] && lgx_str_eq(s, lgx_str_of(word));
}

bool
rec_word_in(enum rec_words_id list, struct lgx_str s)
{
	for (const char *const *w = word_lists[list]; *w != NULL; w++)
		if (is_word(s, *w))
			return true;
	return false;
}

const char *
rec_words_text(enum rec_words_id list)
{
	static struct lgx_buf	 text;

	lgx_buf_clear(&text);
	for (const char *const *w = word_lists[list]; *w != NULL; w++)
		lgx_buf_putf(&text, "%s%s", text.n > 0 ? ", " : "one of ", *w);
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
add_row(struct rec_shape *s, const struct lgx_field *row)
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
		if (is_word(name, rec_shapes[S_KIND + k].name))
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

const struct lgx_field *
lgx_kind_field(enum lgx_kind kind, size_t i)
{
	rec_schema_need();
	return i < rec_shape_of(kind)->n ? rec_shape_of(kind)->row[i + 1] : NULL;
}

static bool
holds_shape(const struct lgx_field *f)
{
	return f->type == LGX_T_OBJECT || f->type == LGX_T_OBJECTS;
}

const struct lgx_field *
lgx_field_sub(const struct lgx_field *f, size_t i)
{
	const struct rec_shape	*shape = &rec_shapes[f->sub];

	return holds_shape(f) && i < shape->nrows ? &shape->rows[i] : NULL;
}

const char *const *
lgx_field_words(const struct lgx_field *f)
{
	return f->type == LGX_T_WORD ? word_lists[f->sub] : NULL;
}

const char *
lgx_field_shape(const struct lgx_field *f)
{
	return holds_shape(f) ? rec_shapes[f->sub].name : "";
}

/* ORDER TYPE */
static const char *const type_names[] = {
	"text", "decimal", "money", "limit", "currency", "date", "instant", "local time", "when",
	"word", "number", "boolean", "kind", "octets", "texts", "object", "objects", "money by name",
	"decimal by name", "any JSON", "record",
};

_Static_assert(LGX_LEN(type_names) == LGX_TYPE_COUNT, "a name for every type");

const char *
lgx_type_name(enum lgx_type type)
{
	return type_names[type];
}
