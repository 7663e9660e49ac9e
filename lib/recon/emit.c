/*
 * recon/emit.c - decisions and memories as lines
 * Floor recon: uses base and rec.
 */
#include "recon/effect.h"
#include "recon/emit.h"
#include "recon/outcome.h"

static void
put_text(struct lgx_buf *b, const char *name, struct lgx_str s)
{
	lgx_json_member(b, name, s);
}

static void
put_money(struct lgx_buf *b, const char *name, int64_t v, int digits)
{
	lgx_json_key(b, name);
	lgx_buf_putc(b, '"');
	lgx_money_put(b, v, digits);
	lgx_buf_putc(b, '"');
}

static void
set_money(struct lgx_build *b, enum lgx_member m, int64_t v, int digits)
{
	struct lgx_buf	*out = lgx_build_open(b, m);

	lgx_buf_putc(out, '"');
	lgx_money_put(out, v, digits);
	lgx_buf_putc(out, '"');
	lgx_build_close(b);
}

static void
open_object(struct lgx_buf *b)
{
	lgx_json_next(b);
	lgx_buf_putc(b, '{');
}

/*
 * Parts
 */

static void
put_amounts(struct lgx_buf *b, const struct effect *e, int digits)
{
	lgx_json_key(b, "amounts");
	lgx_buf_putc(b, '{');
	for (int i = 0; i < ROLES; i++)
		if (e->amount[i] != 0)
			put_money(b, recon_role_name(i), e->amount[i], digits);
	lgx_buf_putc(b, '}');
}

static void
put_effect(struct lgx_buf *b, const struct effect *e, int digits)
{
	open_object(b);
	put_text(b, "template", e->template);
	put_text(b, "key", e->key);
	put_text(b, "company", e->company);
	lgx_json_key(b, "event_date");
	lgx_buf_putc(b, '"');
	lgx_date_put(b, e->date);
	lgx_buf_putc(b, '"');
	put_text(b, "reverses", e->reverses);
	put_amounts(b, e, digits);
}

static bool
any_fresh(const struct effect *e)
{
	while (e != NULL && !e->fresh)
		e = e->next;
	return e != NULL;
}

static void
set_effects(struct lgx_build *build, const struct effect *list, int digits)
{
	struct lgx_buf	*b;

	if (!any_fresh(list))
		return;
	b = lgx_build_open(build, LGX_M_effects);
	lgx_buf_putc(b, '[');
	for (const struct effect *e = list; e != NULL; e = e->next) {
		if (!e->fresh)
			continue;
		put_effect(b, e, digits);
		lgx_buf_putc(b, '}');
	}
	lgx_buf_putc(b, ']');
	lgx_build_close(build);
}

static void
set_findings(struct lgx_build *build, const struct finding *list, int digits)
{
	struct lgx_buf	*b;

	if (list == NULL)
		return;
	b = lgx_build_open(build, LGX_M_findings);
	lgx_buf_putc(b, '[');
	for (const struct finding *f = list; f != NULL; f = f->next) {
		open_object(b);
		put_text(b, "code", lgx_str_of(f->code));
		put_text(b, "charge", f->charge);
		put_text(b, "expected", f->expected);
		put_text(b, "billed", f->billed);
		if (f->has_variance)
			put_money(b, "variance", f->variance, digits);
		lgx_buf_putc(b, '}');
	}
	lgx_buf_putc(b, ']');
	lgx_build_close(build);
}

static void
set_reasons(struct lgx_build *build, const struct reason *list, int digits)
{
	struct lgx_buf	*b;
	bool		 any = false;

	for (const struct reason *r = list; r != NULL; r = r->next)
		any |= r->amount != 0;
	if (!any)
		return;
	b = lgx_build_open(build, LGX_M_reasons);
	lgx_buf_putc(b, '[');
	for (const struct reason *r = list; r != NULL; r = r->next) {
		if (r->amount == 0)
			continue;
		open_object(b);
		put_text(b, "code", lgx_str_of(r->code));
		put_money(b, "amount", r->amount, digits);
		lgx_buf_putc(b, '}');
	}
	lgx_buf_putc(b, ']');
	lgx_build_close(build);
}

static void
set_verdicts(struct lgx_build *build, const struct bill *bill)
{
	struct lgx_buf	*b;

	if (bill->nverdicts == 0)
		return;
	b = lgx_build_open(build, LGX_M_charges);
	lgx_buf_putc(b, '[');
	for (size_t i = 0; i < bill->nverdicts; i++) {
		const struct verdict *v = &bill->verdicts[i];

		open_object(b);
		put_text(b, "code", v->code);
		put_money(b, "expected", v->expected, bill->digits);
		put_money(b, "billed", v->billed, bill->digits);
		put_money(b, "variance", v->variance, bill->digits);
		if (v->limit != LGX_TOL_NO_LIMIT)
			put_money(b, "limit", v->limit, bill->digits);
		lgx_json_key(b, "pass");
		lgx_buf_putz(b, v->pass ? "true" : "false");
		lgx_buf_putc(b, '}');
	}
	lgx_buf_putc(b, ']');
	lgx_build_close(build);
}

static void
set_match(struct lgx_build *build, const struct bill *bill)
{
	struct lgx_buf	*b;
	bool		 any = false;

	if (bill->match_by == NULL)
		return;
	b = lgx_build_open(build, LGX_M_match);
	lgx_buf_putc(b, '{');
	put_text(b, "by", lgx_str_of(bill->match_by));
	put_text(b, "key", bill->match_key);
	for (size_t i = 0; i < bill->ncandidates; i++) {
		const struct candidate *c = &bill->candidates[i];

		if (c->load == bill->load)
			continue;
		if (!any) {
			lgx_json_key(b, "candidates");
			lgx_buf_putc(b, '[');
		}
		any = true;
		open_object(b);
		put_text(b, "id", c->load->now->head.id);
		if (c->why_not != NULL)
			put_text(b, "why_not", lgx_str_of(c->why_not));
		lgx_buf_putc(b, '}');
	}
	if (any)
		lgx_buf_putc(b, ']');
	lgx_buf_putc(b, '}');
	lgx_build_close(build);
}

static void
put_evidence(struct lgx_buf *b, const struct head *h)
{
	open_object(b);
	put_text(b, "id", h->id);
	if (h->src.n > 0) {
		lgx_json_key(b, "src");
		lgx_buf_puts(b, h->src);
	}
	lgx_buf_putc(b, '}');
}

static void
set_pod(struct lgx_build *build, const struct load *load)
{
	const struct event_record	*e;
	struct lgx_buf			*b;

	if (load == NULL || load->move.pod == LGX_EVENT_NONE)
		return;
	e = load->event_of[load->move.pod];
	b = lgx_build_open(build, LGX_M_pod);
	lgx_buf_putc(b, '{');
	put_text(b, "id", e->head.id);
	lgx_json_key(b, "time");
	lgx_buf_putc(b, '"');
	lgx_time_put(b, e->event.time);
	lgx_buf_putz(b, "\"}");
	lgx_build_close(build);
}

/* The records a decision rests on: its own, the version in force, what moved it. */
static void
put_load_evidence(struct lgx_buf *b, const struct load *load)
{
	const struct lgx_move	*m = &load->move;

	put_evidence(b, &load->now->head);
	if (m->pod != LGX_EVENT_NONE)
		put_evidence(b, &load->event_of[m->pod]->head);
	if (m->state != LGX_EVENT_NONE && m->state != m->pod)
		put_evidence(b, &load->event_of[m->state]->head);
}

static void
set_load(struct lgx_build *b, const struct load *load)
{
	const struct version	*now = load->now;

	lgx_build_str(b, LGX_M_load, now->load);
	lgx_build_str(b, LGX_M_customer, now->customer);
	lgx_build_str(b, LGX_M_shipment, now->head.id);
	lgx_build_str(b, LGX_M_rate_version, now->rate_version);
}

struct lgx_str
recon_decision_id(const struct run *run, struct lgx_str subject, struct lgx_arena *arena)
{
	struct lgx_buf	 b = { NULL, 0, 0 };
	struct lgx_str	 id;

	lgx_buf_putz(&b, "decision");
	lgx_id_part(&b, run->id);
	lgx_buf_putc(&b, '/');
	lgx_buf_puts(&b, subject);
	id = lgx_arena_str(arena, lgx_buf_str(&b));
	lgx_buf_release(&b);
	return id;
}

static void
start(struct run *run, const struct group *g, struct lgx_str subject, struct lgx_str company,
    enum recon_outcome outcome, enum recon_word word, enum recon_route route)
{
	struct lgx_build	*b = &run->build;

	lgx_build_start(b, LGX_K_DECISION);
	lgx_build_str(b, LGX_M_subject, subject);
	lgx_build_str(b, LGX_M_run, run->id);
	if (run->as_of % LGX_DAY == LGX_DAY - 1)	/* a whole day */
		lgx_build_date(b, LGX_M_as_of, lgx_time_date(run->as_of));
	else
		lgx_build_time(b, LGX_M_as_of, run->as_of);
	lgx_build_str(b, LGX_M_company, company);
	lgx_build_str(b, LGX_M_corr, g->corr);
	lgx_build_str(b, LGX_M_outcome, lgx_str_of(recon_outcomes[outcome].name));
	lgx_build_str(b, LGX_M_decision, lgx_str_of(recon_word_name(word)));
	lgx_build_str(b, LGX_M_route, lgx_str_of(recon_route_name(route)));
	lgx_build_str(b, LGX_M_rules, run->rules);
	lgx_build_str(b, LGX_M_config, run->config);
}

static void
finish(struct run *run, struct lgx_str subject, struct lgx_buf *out)
{
	struct lgx_buf	 id = { NULL, 0, 0 };

	lgx_buf_putz(&id, "decision");
	lgx_id_part(&id, run->id);
	lgx_buf_putc(&id, '/');
	lgx_buf_puts(&id, subject);
	lgx_build_finish(&run->build, lgx_buf_str(&id), out);
	lgx_buf_release(&id);
}

static void
set_age(struct lgx_build *b, lgx_time as_of, lgx_date since)
{
	int64_t	 days = (int64_t)lgx_time_date(as_of) - since;

	if (since != LGX_DATE_NONE && days >= 0)
		lgx_build_int(b, LGX_M_age_days, days);
}

/*
 * A bill
 */

static void
set_bill_money(struct lgx_build *b, const struct bill *bill)
{
	lgx_build_str(b, LGX_M_currency, bill->currency);
	set_money(b, LGX_M_billed, bill->total, bill->digits);
	set_money(b, LGX_M_approved, bill->approved, bill->digits);
	set_money(b, LGX_M_disputed, bill->disputed, bill->digits);
	if (!bill->has_expected)
		return;
	set_money(b, LGX_M_expected, bill->expected, bill->digits);
	set_money(b, LGX_M_prior, bill->prior, bill->digits);
	set_money(b, LGX_M_variance, bill->variance, bill->digits);
}

static void
set_bill_evidence(struct lgx_build *build, const struct bill *bill)
{
	struct lgx_buf	*b = lgx_build_open(build, LGX_M_evidence);

	lgx_buf_putc(b, '[');
	put_evidence(b, &bill->head);
	if (bill->load != NULL)
		put_load_evidence(b, bill->load);
	if (bill->original != NULL)
		put_evidence(b, &bill->original->head);
	if (bill->twin != NULL)
		put_evidence(b, &bill->twin->head);
	if (bill->likely != NULL)
		put_evidence(b, &bill->likely->head);
	if (bill->superseded_by != NULL)
		put_evidence(b, &bill->superseded_by->head);
	lgx_buf_putc(b, ']');
	lgx_build_close(build);
}

void
recon_emit_bill(struct run *run, const struct group *g, const struct bill *bill,
    struct lgx_buf *out)
{
	struct lgx_build	*b = &run->build;

	start(run, g, bill->subject, bill->load != NULL ? bill->load->now->company :
	    g->rules->company, bill->outcome, bill->decision, bill->route);
	set_findings(b, bill->findings, bill->digits);
	if (bill->has_expected)
		set_reasons(b, bill->reasons, bill->digits);
	if (bill->contest_by != LGX_DATE_NONE)
		lgx_build_date(b, LGX_M_contest_by, bill->contest_by);
	lgx_build_str(b, LGX_M_scac, bill->scac);
	lgx_build_str(b, LGX_M_pro, bill->pro);
	lgx_build_str(b, LGX_M_bol, bill->bol);
	if (bill->load != NULL)
		set_load(b, bill->load);
	set_pod(b, bill->load);
	set_bill_money(b, bill);
	set_verdicts(b, bill);
	set_match(b, bill);
	set_effects(b, bill->effects, bill->digits);
	if (bill->memory != NULL)
		lgx_build_str(b, LGX_M_prior_decision, bill->memory->prior);
	set_bill_evidence(b, bill);
	if (recon_stays_open(bill->decision) && bill->received != LGX_TIME_NONE)
		set_age(b, run->as_of, lgx_time_date(bill->received));
	lgx_build_str(b, LGX_M_usage, bill->head.usage);
	finish(run, bill->subject, out);
}

/*
 * A shipment
 */

static void
set_invoices(struct lgx_build *build, const struct load *load)
{
	struct lgx_buf	*b;

	if (load->nbills == 0)
		return;
	b = lgx_build_open(build, LGX_M_invoices);
	lgx_buf_putc(b, '[');
	for (size_t i = 0; i < load->nbills; i++) {
		lgx_json_next(b);
		lgx_json_str(b, load->bills[i]->subject);
	}
	lgx_buf_putc(b, ']');
	lgx_build_close(build);
}

static void
put_code(struct lgx_buf *b, const char *code, struct lgx_str billed)
{
	if (b->n > 0 && b->p[b->n - 1] == '}')
		lgx_buf_putc(b, ',');
	lgx_buf_putc(b, '{');
	put_text(b, "code", lgx_str_of(code));
	put_text(b, "billed", billed);
	lgx_buf_putc(b, '}');
}

static bool
worth_telling(enum lgx_event_outcome o)
{
	return o == LGX_EV_OUT_OF_SEQUENCE || o == LGX_EV_FUTURE;
}

static void
set_load_findings(struct lgx_build *build, const struct load *load)
{
	struct lgx_buf	 b = { NULL, 0, 0 };

	if (load->rate_conflict)
		put_code(&b, "rate-version-conflict", load->now->rate_version);
	for (size_t i = 0; i < load->nevents; i++)
		if (worth_telling(load->events[i].outcome))
			put_code(&b, lgx_event_outcome_name(load->events[i].outcome),
			    load->events[i].id);
	if (b.n > 0) {
		struct lgx_buf *out = lgx_build_open(build, LGX_M_findings);

		lgx_buf_putc(out, '[');
		lgx_buf_puts(out, lgx_buf_str(&b));
		lgx_buf_putc(out, ']');
		lgx_build_close(build);
	}
	lgx_buf_release(&b);
}

void
recon_emit_load(struct run *run, const struct group *g, const struct load *load,
    struct lgx_buf *out)
{
	const struct version	*now = load->now;
	struct lgx_build	*b = &run->build;
	struct lgx_buf		*evidence;

	start(run, g, now->head.id, now->company, load->outcome, load->decision, load->route);
	set_load_findings(b, load);
	lgx_build_str(b, LGX_M_scac, now->scac);
	lgx_build_str(b, LGX_M_pro, now->pro);
	lgx_build_str(b, LGX_M_bol, now->bol);
	set_load(b, load);
	set_invoices(b, load);
	set_pod(b, load);
	lgx_build_str(b, LGX_M_currency, now->currency);
	set_money(b, LGX_M_expected, load->expected, now->digits);
	set_money(b, LGX_M_billed, load->live, now->digits);
	set_money(b, LGX_M_approved, load->prior, now->digits);
	set_effects(b, load->effects, now->digits);
	if (load->memory != NULL)
		lgx_build_str(b, LGX_M_prior_decision, load->memory->prior);
	evidence = lgx_build_open(b, LGX_M_evidence);
	lgx_buf_putc(evidence, '[');
	put_load_evidence(evidence, load);
	lgx_buf_putc(evidence, ']');
	lgx_build_close(b);
	if (load->outcome == O_UNBILLED || load->outcome == O_PARTLY_BILLED)
		set_age(b, run->as_of, load->delivered);
	lgx_build_str(b, LGX_M_usage, now->head.usage);
	finish(run, now->head.id, out);
}

/*
 * Memory
 */

static void
put_memory_effects(struct lgx_buf *b, const struct effect *list, int digits)
{
	if (list == NULL)
		return;
	lgx_json_key(b, "effects");
	lgx_buf_putc(b, '[');
	for (const struct effect *e = list; e != NULL; e = e->next) {
		put_effect(b, e, digits);
		put_text(b, "state", lgx_str_of(recon_effect_state_name(e->state)));
		lgx_buf_putc(b, '}');
	}
	lgx_buf_putc(b, ']');
}

static void
start_memory(struct lgx_buf *b, const char *class, struct lgx_str subject)
{
	struct lgx_buf	 id = { NULL, 0, 0 };

	lgx_buf_putz(b, "{\"lgx\":1,\"kind\":\"memory\"");
	lgx_buf_putz(&id, class);
	lgx_buf_puts(&id, subject);
	put_text(b, "id", lgx_buf_str(&id));
	lgx_buf_release(&id);
}

static int64_t
approved_of(const struct verdict *v)
{
	return v->mine + v->settles - v->cut;
}

static int64_t
cut_of(const struct verdict *v)
{
	return v->cut - v->settles;
}

static void
put_memory_lines(struct lgx_buf *b, const char *name, const struct bill *bill,
    int64_t (*amount)(const struct verdict *))
{
	bool	 any = false;

	for (size_t i = 0; i < bill->nverdicts; i++) {
		const struct verdict *v = &bill->verdicts[i];

		if (amount(v) == 0)
			continue;
		if (!any) {
			lgx_json_key(b, name);
			lgx_buf_putc(b, '[');
		}
		any = true;
		open_object(b);
		put_text(b, "code", v->code);
		put_money(b, "amount", amount(v), bill->digits);
		lgx_buf_putc(b, '}');
	}
	if (any)
		lgx_buf_putc(b, ']');
}

void
recon_emit_bill_memory(const struct bill *bill, struct lgx_str prior, struct lgx_buf *b)
{
	start_memory(b, "bill/", bill->subject);
	put_text(b, "outcome", lgx_str_of(recon_outcomes[bill->outcome].name));
	put_text(b, "decision", lgx_str_of(recon_word_name(bill->decision)));
	put_text(b, "prior_decision", prior);
	if (bill->load != NULL)
		put_text(b, "load", bill->load->name);
	put_text(b, "rate_version", bill->version);
	put_text(b, "currency", bill->currency);
	put_money(b, "approved", bill->approved, bill->digits);
	put_money(b, "disputed", bill->disputed, bill->digits);
	if (bill->settles != 0)
		put_money(b, "settles", bill->settles, bill->digits);
	if (bill->decision == D_APPROVE || bill->decision == D_SHORT_PAY) {
		put_memory_lines(b, "charges", bill, approved_of);
		put_memory_lines(b, "cuts", bill, cut_of);
	}
	put_memory_effects(b, bill->effects, bill->digits);
	lgx_buf_putz(b, "}\n");
}

void
recon_emit_load_memory(const struct load *load, struct lgx_str prior, struct lgx_buf *b)
{
	const struct version	*now = load->now;

	start_memory(b, "load/", load->name);
	put_text(b, "outcome", lgx_str_of(recon_outcomes[load->outcome].name));
	put_text(b, "decision", lgx_str_of(recon_word_name(load->decision)));
	put_text(b, "prior_decision", prior);
	put_text(b, "rate_version", now->rate_version);
	put_text(b, "currency", now->currency);
	put_money(b, "total", load->expected, now->digits);
	put_memory_effects(b, load->effects, now->digits);
	lgx_buf_putz(b, "}\n");
}
