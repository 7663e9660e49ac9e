/*
 * recon/rules.c - what the operator decided: lgx-rules(5)
 * Floor recon: uses base.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "recon/rules.h"

static const char *const scope_words[] = { "total", "line", "weight" };
static const char *const selector_words[] = {	/* ORDER SELECTOR */
	"carrier", "customer", "mode", "lane", "charge",
};
_Static_assert(LGX_LEN(selector_words) == LGX_SEL_COUNT, "a name for each selector");
static const char *const handling_words[] = {	/* ORDER HANDLING */
	"original", "delta", "replace", "cancel", "no-money",
};
/* ORDER enum lgx_ref_class; an invoice number is no key of a shipment */
static const char *const ref_words[] = { "pro", "bol", "load", "invoice" };
static const char *const key_words[] = { "pro", "bol", "load" };
static const char *const check_words[] = { "none", "mod7", "mod11" };	/* as enum lgx_check */

static const char *const file_words[] = {
	"rules", "version", "company", "currency", "recognition", "accrual", "short-pay", "underbilled",
	"auto-approve-max", "match", "normalise", "pod", "unmatched-days", "late", "contest-days",
	"references", "corrections", "duplicates", "payers", "weight-bases", "percent-bases",
	"linehaul", "fuel", "taxes",
	"charge-max", "tolerances",
};
static const char *const audit_words[] = {
	"match", "normalise", "pod", "late", "corrections", "remit-to", "bill-to", "charge-max",
	"tolerances",
};
static const char *const tol_words[] = {
	"name", "of", "over", "under", "seq", "from", "until", "carrier", "customer", "mode", "lane",
	"charge",
};
static const char *const match_words[] = { "keys", "no-reference", "replace-by-pro" };
static const char *const norm_words[] = {
	"sequence", "sequence-tails", "type-letters", "scac", "zeros", "check-digit",
};
static const char *const pod_words[] = { "required", "events", "escalate-days" };
static const char *const late_words[] = { "contract-days", "balance-due-days", "limitation-days" };
static const char *const duplicate_words[] = { "exact-days", "probable-days", "other-payee" };

#define PAGE_SEQ	1	/* rules of a partner page come after those of the file */
#define DAYS_MAX	36500
#define TRY(call)	do { int try_st = (call); if (try_st != LGX_OK) return try_st; } while (0)

bool
lgx_rules_reference(const struct lgx_rules *r, struct lgx_str qual, enum lgx_ref_class *class)
{
	for (size_t i = 0; i < LGX_REF_CLASSES; i++)
		if (lgx_rules_lists(r->reference[i], qual)) {
			*class = (enum lgx_ref_class)i;
			return true;
		}
	return false;
}

bool
lgx_rules_lists(const struct lgx_conf *list, struct lgx_str word)
{
	LGX_CONF_EACH(item, list)
		if (lgx_str_eq(item->text, word))
			return true;
	return false;
}

/*
 * Parts of the file that a partner page may override
 */

static int
section(const struct lgx_conf *parent, const char *key, const char *const *words, size_t n,
    const struct lgx_conf **out, struct lgx_err *err)
{
	*out = lgx_conf_get(parent, key);
	return *out != NULL ? lgx_conf_allow(*out, words, n, err) : LGX_OK;
}

static int
list_of(const struct lgx_conf *parent, const char *key, const struct lgx_conf **out,
    struct lgx_err *err)
{
	const struct lgx_conf *list = lgx_conf_get(parent, key);

	if (list == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(list, LGX_CONF_LIST, err));
	LGX_CONF_EACH(item, list)
		TRY(lgx_conf_expect(item, LGX_CONF_SCALAR, err));
	*out = list;
	return LGX_OK;
}

static int
word_index(const struct lgx_conf *item, const char *const *words, size_t n, int *out,
    struct lgx_err *err)
{
	TRY(lgx_conf_expect(item, LGX_CONF_SCALAR, err));
	for (size_t i = 0; i < n; i++)
		if (lgx_str_eq(item->text, lgx_str_of(words[i]))) {
			*out = (int)i;
			return LGX_OK;
		}
	return lgx_conf_err(item, err, LGX_E_CONF_UNKNOWN, "\"%.*s\" is none of %s, %s, ...",
	    LGX_STR_ARG(item->text), words[0], words[1]);
}

static int
read_match(const struct lgx_conf *parent, struct lgx_profile *p, struct lgx_err *err)
{
	const struct lgx_conf	*match, *keys = NULL;
	int			 key = 0;

	TRY(section(parent, "match", match_words, LGX_LEN(match_words), &match, err));
	TRY(lgx_conf_bool(match, "replace-by-pro", false, &p->replace_by_pro, err));
	TRY(list_of(match, "keys", &keys, err));
	if (keys == NULL)
		return LGX_OK;
	if (keys->n == 0 || keys->n > LGX_KEYS_MAX)
		return lgx_conf_err(keys, err, LGX_E_CONF_VALUE, "one to %d keys are due", LGX_KEYS_MAX);
	p->nkeys = 0;
	LGX_CONF_EACH(item, keys) {
		TRY(word_index(item, key_words, LGX_LEN(key_words), &key, err));
		p->key[p->nkeys++] = (enum lgx_ref_class)key;
	}
	return LGX_OK;
}

static int
read_norm(const struct lgx_conf *parent, struct lgx_norm *norm, struct lgx_err *err)
{
	const struct lgx_conf	*n;
	int			 check = (int)norm->check;

	TRY(section(parent, "normalise", norm_words, LGX_LEN(norm_words), &n, err));
	TRY(lgx_conf_bool(n, "sequence", false, &norm->sequence, err));
	TRY(lgx_conf_str(n, "sequence-tails", false, &norm->tails, err));
	TRY(lgx_conf_str(n, "type-letters", false, &norm->types, err));
	TRY(lgx_conf_bool(n, "scac", false, &norm->scac, err));
	TRY(lgx_conf_bool(n, "zeros", false, &norm->zeros, err));
	TRY(lgx_conf_word(n, "check-digit", false, check_words, LGX_LEN(check_words), &check, err));
	norm->check = (enum lgx_check)check;
	return LGX_OK;
}

static int
read_corrections(const struct lgx_conf *parent, struct lgx_profile *p, struct lgx_err *err)
{
	const struct lgx_conf	*c = lgx_conf_get(parent, "corrections");
	int			 handling = 0;

	if (c == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(c, LGX_CONF_MAP, err));
	LGX_CONF_EACH(item, c)
		TRY(word_index(item, handling_words, LGX_LEN(handling_words), &handling, err));
	p->corrections = c;
	return LGX_OK;
}

static int
read_charge_max(const struct lgx_conf *parent, struct lgx_profile *p, struct lgx_err *err)
{
	const struct lgx_conf	*max = lgx_conf_get(parent, "charge-max");
	struct lgx_dec		 d;

	if (max == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(max, LGX_CONF_MAP, err));
	LGX_CONF_EACH(item, max)
		if (item->type != LGX_CONF_SCALAR || !lgx_dec_parse(item->text, &d) || d.coef < 0)
			return lgx_conf_err(item, err, LGX_E_CONF_VALUE, "an amount is due");
	p->charge_max = max;
	return LGX_OK;
}

static int
read_profile(const struct lgx_conf *parent, struct lgx_profile *p, struct lgx_err *err)
{
	const struct lgx_conf	*pod, *late;

	TRY(read_match(parent, p, err));
	TRY(read_norm(parent, &p->norm, err));
	TRY(read_corrections(parent, p, err));
	TRY(read_charge_max(parent, p, err));
	TRY(section(parent, "pod", pod_words, LGX_LEN(pod_words), &pod, err));
	TRY(lgx_conf_bool(pod, "required", false, &p->pod_required, err));
	TRY(list_of(pod, "events", &p->pod_events, err));
	TRY(lgx_conf_int(pod, "escalate-days", false, 0, DAYS_MAX, &p->pod_escalate_days, err));
	TRY(section(parent, "late", late_words, LGX_LEN(late_words), &late, err));
	TRY(lgx_conf_int(late, "contract-days", false, 0, DAYS_MAX, &p->contract_days, err));
	TRY(list_of(parent, "remit-to", &p->remit_to, err));
	return list_of(parent, "bill-to", &p->bill_to, err);
}

/*
 * Tolerances
 */

static int
read_limit(const struct lgx_conf *rule, const char *key, struct lgx_tol *out, struct lgx_err *err)
{
	const struct lgx_conf	*node = lgx_conf_get(rule, key);

	if (node == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(node, LGX_CONF_SCALAR, err));
	if (!lgx_tol_parse(node->text, out))
		return lgx_conf_err(node, err, LGX_E_CONF_VALUE,
		    "a limit is written any(10.00, 2%%), all(10.00, 2%%), 5.00, 2%% or none");
	return LGX_OK;
}

static int
read_date(const struct lgx_conf *rule, const char *key, lgx_date *out, struct lgx_err *err)
{
	const struct lgx_conf	*node = lgx_conf_get(rule, key);

	*out = LGX_DATE_NONE;
	if (node == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(node, LGX_CONF_SCALAR, err));
	if (!lgx_date_parse(node->text, out))
		return lgx_conf_err(node, err, LGX_E_CONF_VALUE, "a date is written 2026-03-04");
	return LGX_OK;
}

static int
read_tol(const struct lgx_conf *node, struct lgx_str carrier, struct lgx_tol_rule *r,
    struct lgx_err *err)
{
	int	 scope = 0;
	int64_t	 seq = carrier.n > 0 ? PAGE_SEQ : 0;

	TRY(lgx_conf_allow(node, tol_words, LGX_LEN(tol_words), err));
	*r = (struct lgx_tol_rule){ .name = LGX_STR_EMPTY, .at = node,
	    .over = { .how = LGX_TOL_UNLIMITED }, .under = { .how = LGX_TOL_UNLIMITED } };
	TRY(lgx_conf_str(node, "name", true, &r->name, err));
	TRY(lgx_conf_word(node, "of", true, scope_words, LGX_LEN(scope_words), &scope, err));
	r->scope = (enum lgx_tol_scope)scope;
	TRY(read_limit(node, "over", &r->over, err));
	TRY(read_limit(node, "under", &r->under, err));
	TRY(lgx_conf_int(node, "seq", false, 0, 1000000, &seq, err));
	r->seq = (int)seq;
	for (int s = 0; s < LGX_SEL_COUNT; s++) {
		r->sel[s] = s == LGX_SEL_CARRIER ? carrier : LGX_STR_EMPTY;
		TRY(lgx_conf_str(node, selector_words[s], false, &r->sel[s], err));
		r->nselectors += r->sel[s].n > 0;
	}
	TRY(read_date(node, "from", &r->from, err));
	TRY(read_date(node, "until", &r->until, err));
	r->nselectors += r->from != LGX_DATE_NONE || r->until != LGX_DATE_NONE;
	return LGX_OK;
}

static int
add_tols(const struct lgx_conf *parent, struct lgx_str carrier, struct lgx_rules *rules,
    struct lgx_err *err)
{
	const struct lgx_conf	*list = lgx_conf_get(parent, "tolerances");
	struct lgx_tol_rule	*more;

	if (list == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(list, LGX_CONF_LIST, err));
	more = lgx_arena_alloc(&rules->text, (rules->ntol + list->n + 1) * sizeof(*more));
	if (rules->ntol > 0)
		memcpy(more, rules->tol, rules->ntol * sizeof(*more));
	rules->tol = more;
	LGX_CONF_EACH(item, list)
		TRY(read_tol(item, carrier, &rules->tol[rules->ntol++], err));
	return LGX_OK;
}

static int
by_precedence(const void *va, const void *vb)
{
	const struct lgx_tol_rule *a = va, *b = vb;

	if (a->nselectors != b->nselectors)
		return b->nselectors - a->nselectors;
	if (a->seq != b->seq)
		return b->seq - a->seq;
	return lgx_str_cmp(a->name, b->name);
}

static bool
apart(const struct lgx_tol_rule *a, const struct lgx_tol_rule *b)	/* no bill fits both */
{
	if (a->scope != b->scope)
		return true;
	for (int s = 0; s < LGX_SEL_COUNT; s++)
		if (a->sel[s].n > 0 && b->sel[s].n > 0 && !lgx_str_eq(a->sel[s], b->sel[s]))
			return true;
	return (a->until != LGX_DATE_NONE && b->from != LGX_DATE_NONE && a->until < b->from) ||
	    (b->until != LGX_DATE_NONE && a->from != LGX_DATE_NONE && b->until < a->from);
}

static int
check_tols(struct lgx_rules *rules, const struct lgx_conf *root, struct lgx_err *err)
{
	bool	 have[LGX_LEN(scope_words)] = { false };

	if (rules->ntol > 0)
		qsort(rules->tol, rules->ntol, sizeof(*rules->tol), by_precedence);
	for (size_t i = 0; i < rules->ntol; i++) {
		struct lgx_tol_rule *a = &rules->tol[i];

		have[a->scope] |= a->nselectors == 0;
		for (size_t j = i + 1; j < rules->ntol; j++) {
			struct lgx_tol_rule *b = &rules->tol[j];

			if (b->nselectors != a->nselectors || b->seq != a->seq)
				break;
			if (!apart(a, b))
				return lgx_conf_err(b->at, err, LGX_E_CONF_AMBIGUOUS,
				    "\"%.*s\" and \"%.*s\" (line %d) can fit the same charge; give one a "
				    "higher seq", LGX_STR_ARG(b->name), LGX_STR_ARG(a->name), a->at->line);
		}
	}
	for (size_t s = 0; s < LGX_LEN(scope_words); s++)
		if (!have[s])
			return lgx_conf_err(root, err, LGX_E_CONF_MISSING,
			    "a tolerance of %s without selectors is due", scope_words[s]);
	return LGX_OK;
}

/*
 * The file
 */

static int
read_choice(const struct lgx_conf *root, const char *key, const char *first, const char *second,
    bool *out, struct lgx_err *err)
{
	const char	*words[] = { first, second };
	int		 at = *out;

	TRY(lgx_conf_word(root, key, false, words, 2, &at, err));
	*out = at == 1;
	return LGX_OK;
}

static int
read_books(const struct lgx_conf *root, struct lgx_rules *r, struct lgx_err *err)
{
	r->company = LGX_STR("main");
	TRY(lgx_conf_str(root, "rules", true, &r->name, err));
	TRY(lgx_conf_str(root, "version", true, &r->version, err));
	TRY(lgx_conf_str(root, "company", false, &r->company, err));
	TRY(lgx_conf_str(root, "currency", true, &r->currency, err));
	TRY(read_choice(root, "recognition", "delivery", "dispatch", &r->at_dispatch, err));
	TRY(read_choice(root, "accrual", "perpetual", "periodic", &r->periodic, err));
	TRY(read_choice(root, "short-pay", "net", "gross", &r->gross, err));
	TRY(read_choice(root, "underbilled", "keep", "release", &r->release, err));
	r->has_cap = lgx_conf_get(root, "auto-approve-max") != NULL;
	return lgx_conf_dec(root, "auto-approve-max", false, &r->cap, err);
}

static int
read_clocks(const struct lgx_conf *root, struct lgx_rules *r, struct lgx_err *err)
{
	const struct lgx_conf	*late, *dup;

	r->unmatched_days = 14;
	r->contest_days = r->balance_due_days = r->probable_days = 180;
	r->limitation_days = r->exact_days = 548;
	TRY(lgx_tol_parse(LGX_STR("5%"), &r->payee) ? LGX_OK : LGX_CONFIG);
	TRY(lgx_conf_int(root, "unmatched-days", false, 0, DAYS_MAX, &r->unmatched_days, err));
	TRY(lgx_conf_int(root, "contest-days", false, 0, DAYS_MAX, &r->contest_days, err));
	TRY(section(root, "late", late_words, LGX_LEN(late_words), &late, err));
	TRY(lgx_conf_int(late, "balance-due-days", false, 0, DAYS_MAX, &r->balance_due_days, err));
	TRY(lgx_conf_int(late, "limitation-days", false, 0, DAYS_MAX, &r->limitation_days, err));
	TRY(section(root, "duplicates", duplicate_words, LGX_LEN(duplicate_words), &dup, err));
	TRY(lgx_conf_int(dup, "exact-days", false, 0, DAYS_MAX, &r->exact_days, err));
	TRY(lgx_conf_int(dup, "probable-days", false, 0, DAYS_MAX, &r->probable_days, err));
	return read_limit(dup, "other-payee", &r->payee, err);
}

static int
must_list(const struct lgx_conf *parent, const char *key, const struct lgx_conf **out,
    struct lgx_err *err)
{
	TRY(list_of(parent, key, out, err));
	return *out != NULL ? LGX_OK : lgx_conf_err(parent, err, LGX_E_CONF_MISSING,
	    "%s is missing", key);
}

static int
read_references(const struct lgx_conf *root, struct lgx_rules *r, struct lgx_err *err)
{
	const struct lgx_conf	*refs;

	_Static_assert(LGX_LEN(ref_words) == LGX_REF_CLASSES, "a word a class");
	TRY(section(root, "references", ref_words, LGX_LEN(ref_words), &refs, err));
	if (refs == NULL)
		return lgx_conf_err(root, err, LGX_E_CONF_MISSING, "references is missing");
	for (size_t i = 0; i < LGX_LEN(ref_words); i++)
		TRY(list_of(refs, ref_words[i], &r->reference[i], err));
	return LGX_OK;
}

static int
read_lists(const struct lgx_conf *root, struct lgx_rules *r, struct lgx_err *err)
{
	const struct lgx_conf	*unused = NULL;

	TRY(list_of(lgx_conf_get(root, "match"), "no-reference", &r->no_reference, err));
	TRY(list_of(root, "weight-bases", &r->weight_bases, err));
	TRY(list_of(root, "percent-bases", &r->percent_bases, err));
	TRY(list_of(root, "taxes", &r->taxes, err));
	TRY(must_list(root, "linehaul", &r->linehaul, err));
	TRY(must_list(root, "fuel", &r->fuel, err));
	TRY(read_references(root, r, err));
	r->payers = lgx_conf_get(root, "payers");
	if (r->payers == NULL)
		return LGX_OK;
	TRY(lgx_conf_expect(r->payers, LGX_CONF_MAP, err));
	LGX_CONF_EACH(payer, r->payers)
		TRY(list_of(r->payers, lgx_arena_z(&r->text, payer->key), &unused, err));
	return LGX_OK;
}

static void
add_prefix(struct lgx_norm *norm, struct lgx_str scac)
{
	if (norm->nprefixes < LGX_NORM_PREFIXES && scac.n > 0)
		norm->prefix[norm->nprefixes++] = scac;
}

static int
read_pages(struct lgx_rules *r, struct lgx_err *err)
{
	r->profile = lgx_arena_alloc(&r->text, (r->partners.n + 1) * sizeof(*r->profile));
	for (size_t i = 0; i < r->partners.n; i++) {
		const struct lgx_partner	*page = &r->partners.p[i];
		struct lgx_profile		*p = &r->profile[i];

		*p = r->base;
		p->partner = page;
		add_prefix(&p->norm, page->scac);
		LGX_CONF_EACH(alias, page->aliases)
			add_prefix(&p->norm, alias->text);
		if (page->audit == NULL)
			continue;
		TRY(lgx_conf_allow(page->audit, audit_words, LGX_LEN(audit_words), err));
		TRY(read_profile(page->audit, p, err));
		TRY(add_tols(page->audit, page->scac.n > 0 ? page->scac : page->name, r, err));
	}
	return LGX_OK;
}

/*
 * The digest of the configuration: file contents in a fixed order, so that
 * neither folders nor file times count.
 */
static int
digest_file(struct lgx_sha *sha, const char *path, struct lgx_err *err)
{
	struct lgx_buf	 text = { NULL, 0, 0 };
	char		 length[24];
	int		 st;

	if ((st = lgx_file_read(path, LGX_CONF_MAX, &text, err)) == LGX_OK) {
		snprintf(length, sizeof(length), "%zu:", text.n);
		lgx_sha_add(sha, lgx_str_of(length));
		lgx_sha_add(sha, lgx_buf_str(&text));
	}
	lgx_buf_release(&text);
	return st == LGX_FAIL ? LGX_CONFIG : st;
}

static int
digest_all(struct lgx_rules *r, const char *const *paths, size_t n, struct lgx_err *err)
{
	struct lgx_sha	*sha = lgx_sha_new();
	unsigned char	 bytes[LGX_SHA_SIZE];
	int		 st = LGX_OK;

	for (size_t i = 0; i < n && st == LGX_OK; i++)
		st = digest_file(sha, paths[i], err);
	for (size_t i = 0; i < r->partners.n && st == LGX_OK; i++)
		st = digest_file(sha, r->partners.p[i].page->file, err);
	lgx_sha_end(sha, bytes);
	lgx_sha_free(sha);
	lgx_hex(bytes, sizeof(bytes), r->digest);
	return st;
}

static int
load_file(const struct lgx_find *find, const char *path, struct lgx_rules *r, struct lgx_err *err)
{
	const struct lgx_conf	*root;

	TRY(lgx_conf_load(path, &r->text, &root, err));
	TRY(lgx_conf_allow(root, file_words, LGX_LEN(file_words), err));
	TRY(lgx_partners_load(find, &r->partners, err));
	r->base = (struct lgx_profile){ .norm = LGX_NORM_DEFAULT, .pod_required = true,
	    .key = { LGX_REF_PRO, LGX_REF_BOL, LGX_REF_LOAD }, .nkeys = 3, .pod_escalate_days = 5 };
	TRY(read_books(root, r, err));
	TRY(read_clocks(root, r, err));
	TRY(read_lists(root, r, err));
	TRY(read_profile(root, &r->base, err));
	TRY(add_tols(root, LGX_STR_EMPTY, r, err));
	TRY(read_pages(r, err));
	return check_tols(r, root, err);
}

int
lgx_rules_load(const struct lgx_find *find, const char *file, struct lgx_rules *r,
    struct lgx_err *err)
{
	const char	*paths[3];

	*r = (struct lgx_rules){ .name = LGX_STR_EMPTY };
	paths[0] = file;
	if (file == NULL)
		TRY(lgx_find_must(find, "rules/default.yaml", &r->text, &paths[0], err));
	TRY(lgx_find_must(find, "codes/milestones.csv", &r->text, &paths[1], err));
	TRY(lgx_find_must(find, "codes/currencies.csv", &r->text, &paths[2], err));
	TRY(lgx_milestones_load(paths[1], &r->milestones, err));
	TRY(load_file(find, paths[0], r, err));
	return digest_all(r, paths, LGX_LEN(paths), err);
}

void
lgx_rules_release(struct lgx_rules *r)
{
	lgx_partners_release(&r->partners);
	lgx_milestones_release(&r->milestones);
	lgx_arena_release(&r->text);
	*r = (struct lgx_rules){ .name = LGX_STR_EMPTY };
}

/*
 * Questions
 */

const struct lgx_profile *
lgx_rules_profile(const struct lgx_rules *r, struct lgx_str scac)
{
	const struct lgx_partner *p = lgx_partner_by_scac(&r->partners, scac);

	return p != NULL ? &r->profile[p - r->partners.p] : &r->base;
}

struct lgx_str
lgx_rules_carrier(const struct lgx_rules *r, struct lgx_str scac)
{
	const struct lgx_partner *p = lgx_partner_by_scac(&r->partners, scac);

	return p != NULL && p->scac.n > 0 ? p->scac : p != NULL ? p->name : scac;
}

static bool
fits(const struct lgx_tol_rule *rule, const struct lgx_tol_query *q)
{
	if (rule->scope != q->scope)
		return false;
	for (int s = 0; s < LGX_SEL_COUNT; s++)
		if (rule->sel[s].n > 0 && !lgx_str_eq(rule->sel[s], q->sel[s]))
			return false;
	if (rule->from == LGX_DATE_NONE && rule->until == LGX_DATE_NONE)
		return true;
	return q->ship_date != LGX_DATE_NONE &&
	    (rule->from == LGX_DATE_NONE || rule->from <= q->ship_date) &&
	    (rule->until == LGX_DATE_NONE || q->ship_date <= rule->until);
}

const struct lgx_tol_rule *
lgx_rules_tol(const struct lgx_rules *r, const struct lgx_tol_query *q)
{
	for (size_t i = 0; i < r->ntol; i++)
		if (fits(&r->tol[i], q))
			return &r->tol[i];
	return NULL;	/* unreached: check_tols() asked for a default */
}

enum lgx_handling
lgx_rules_handling(const struct lgx_profile *p, struct lgx_str code)
{
	LGX_CONF_EACH(item, p->corrections)
		if (lgx_str_eq(item->key, code))
			for (size_t i = 0; i < LGX_LEN(handling_words); i++)
				if (lgx_str_eq(item->text, lgx_str_of(handling_words[i])))
					return (enum lgx_handling)i;
	return LGX_ORIGINAL;
}

struct lgx_str
lgx_rules_payer(const struct lgx_rules *r, struct lgx_str terms)
{
	LGX_CONF_EACH(payer, r->payers)
		if (lgx_rules_lists(payer, terms))
			return payer->key;
	return LGX_STR_EMPTY;
}
