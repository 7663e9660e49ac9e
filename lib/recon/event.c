/*
 * recon/event.c - what happened to a shipment, from the set of known events
 * Floor recon: uses base.
 */
#include <stdlib.h>

#include "recon/event.h"

static const char *const outcome_names[] = {	/* ORDER EVENT OUTCOME */
	"applied", "duplicate-event", "unknown-shipment", "future-event", "out-of-sequence",
	"stale-status",
};
_Static_assert(LGX_LEN(outcome_names) == LGX_EV_OUTCOMES, "a name for each outcome");

const char *
lgx_event_outcome_name(enum lgx_event_outcome o)
{
	return outcome_names[o];
}

/*
 * The table of milestones
 */

static int
cell_flag(const struct lgx_str *row, int column)
{
	return column >= 0 && lgx_str_eq(row[column], LGX_STR("1"));
}

static int
bad_column(const char *path, const char *what, struct lgx_err *err)
{
	return lgx_err_config(err, LGX_E_CONF_VALUE, (struct lgx_place){ .file = path, .byte = -1 },
	    "%s", what);
}

int
lgx_milestones_load(const char *path, struct lgx_milestones *out, struct lgx_err *err)
{
	int	 st, rank, overlay, leg, pod;

	if ((st = lgx_table_load(path, &out->table, err)) != LGX_OK)
		return st;
	rank = lgx_table_column(&out->table, "rank");
	overlay = lgx_table_column(&out->table, "overlay");
	leg = lgx_table_column(&out->table, "leg");
	pod = lgx_table_column(&out->table, "pod");
	if (rank < 0 || overlay < 0 || leg < 0 || pod < 0)
		return bad_column(path, "the columns are milestone,rank,overlay,leg,pod", err);
	out->n = out->table.nrows;
	out->m = lgx_calloc(out->n + 1, sizeof(*out->m));
	for (size_t i = 0; i < out->n; i++) {
		const struct lgx_str *row = out->table.cells + i * out->table.ncolumns;
		uint64_t	 v = 0;

		if (row[rank].n > 0 && (!lgx_str_u64(row[rank], &v) || v > 1000))
			return bad_column(path, "a rank is a number from 1 to 1000", err);
		out->m[i] = (struct lgx_milestone){ row[0], (int)v, cell_flag(row, overlay),
		    cell_flag(row, leg), cell_flag(row, pod) };
	}
	return LGX_OK;
}

void
lgx_milestones_release(struct lgx_milestones *ms)
{
	lgx_table_release(&ms->table);
	free(ms->m);
	*ms = (struct lgx_milestones){ .m = NULL };
}

const struct lgx_milestone *
lgx_milestone_find(const struct lgx_milestones *ms, struct lgx_str name)
{
	uint32_t	 row = lgx_dict_find(&ms->table.keys, name);

	return row != LGX_DICT_NONE ? &ms->m[row] : NULL;
}

/*
 * Judging.  One sort by stop and time gives the legs, one by arrival the
 * outcomes; the state falls out of a single pass.
 */

static int
by_number(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_stop_time(const void *va, const void *vb)
{
	const struct lgx_event *a = *(struct lgx_event *const *)va;
	const struct lgx_event *b = *(struct lgx_event *const *)vb;
	int	 c;

	if ((c = lgx_str_cmp(a->stop, b->stop)) != 0 || (c = by_number(a->time, b->time)) != 0 ||
	    (c = lgx_str_cmp(a->code, b->code)) != 0 ||
	    (c = by_number(a->received, b->received)) != 0)
		return c;
	return lgx_str_cmp(a->id, b->id);
}

static int
by_arrival(const void *va, const void *vb)
{
	const struct lgx_event *a = *(struct lgx_event *const *)va;
	const struct lgx_event *b = *(struct lgx_event *const *)vb;
	int	 c;

	if ((c = lgx_str_cmp(a->stop, b->stop)) != 0 ||
	    (c = by_number(a->received, b->received)) != 0 ||
	    (c = by_number(a->time, b->time)) != 0)
		return c;
	return lgx_str_cmp(a->id, b->id);
}

/*
 * Ahead of the run, or ahead of its own receipt: such an event waits until the
 * day it names is over.  Without a zone a day of grace is given.  An estimate
 * is ahead of its receipt by nature.
 */
static bool
is_future(const struct lgx_event *e, lgx_time as_of)
{
	if (as_of == LGX_TIME_NONE || e->estimate)
		return false;
	if (e->time > as_of + (e->zoned ? 0 : LGX_DAY))
		return true;
	return e->zoned && e->received != LGX_TIME_NONE &&
	    e->time > e->received + LGX_EVENT_AHEAD &&
	    lgx_time_date(e->time) >= lgx_time_date(as_of);
}

/* Legs, doubles and events ahead of time; the array is sorted by stop and time. */
static void
cut_legs(struct lgx_event **by, size_t n, lgx_time as_of)
{
	int	 leg = 0, opened = 0;

	for (size_t i = 0; i < n; i++) {
		struct lgx_event	*e = by[i];
		const struct lgx_event	*before = i > 0 ? by[i - 1] : NULL;
		bool			 same_stop = before != NULL && lgx_str_eq(before->stop, e->stop);

		if (!same_stop)
			leg = opened = 0;
		if (same_stop && before->time != e->time)
			leg = opened;	/* only what is later than the opener */
		e->leg = leg;
		e->outcome = LGX_EV_APPLIED;
		if (same_stop && before->time == e->time && lgx_str_eq(before->code, e->code))
			e->outcome = LGX_EV_DUPLICATE;
		else if (is_future(e, as_of))
			e->outcome = LGX_EV_FUTURE;
		else if (e->milestone != NULL && e->milestone->leg)
			opened++;
	}
}

static bool
moves(const struct lgx_event *e)
{
	return e->milestone != NULL && e->milestone->rank > 0 && e->outcome != LGX_EV_DUPLICATE &&
	    e->outcome != LGX_EV_FUTURE;
}

static int
by_standing(const struct lgx_event *a, const struct lgx_event *b)	/* leg, rank, time */
{
	int	 c;

	if ((c = by_number(a->leg, b->leg)) != 0 ||
	    (c = by_number(a->milestone->rank, b->milestone->rank)) != 0)
		return c;
	return by_number(a->time, b->time);
}

static enum lgx_event_outcome
on_arrival(const struct lgx_event *e, const struct lgx_event *state)
{
	if (state == NULL || e->leg > state->leg)
		return LGX_EV_APPLIED;
	if (e->leg < state->leg)
		return LGX_EV_STALE;
	if (e->milestone->rank == state->milestone->rank)
		return e->time > state->time ? LGX_EV_APPLIED : LGX_EV_STALE;
	if (e->milestone->rank > state->milestone->rank)
		return e->time >= state->time ? LGX_EV_APPLIED : LGX_EV_OUT_OF_SEQUENCE;
	return e->time <= state->time ? LGX_EV_STALE : LGX_EV_OUT_OF_SEQUENCE;
}

static void
replay_arrivals(struct lgx_event **by, size_t n)
{
	const struct lgx_event	*state = NULL;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && !lgx_str_eq(by[i - 1]->stop, by[i]->stop))
			state = NULL;
		if (!moves(by[i]))
			continue;
		by[i]->outcome = on_arrival(by[i], state);
		if (state == NULL || by_standing(by[i], state) > 0)
			state = by[i];
	}
}

static void
later(const struct lgx_event *events, size_t *best, size_t i)
{
	if (*best == LGX_EVENT_NONE || events[i].time > events[*best].time ||
	    (events[i].time == events[*best].time &&
	    lgx_str_cmp(events[i].id, events[*best].id) < 0))
		*best = i;
}

/* Delivery holds as long as no later leg was opened at its stop. */
static bool
still_delivered(const struct lgx_event *events, size_t n, size_t pod)
{
	for (size_t i = 0; i < n; i++)
		if (events[i].milestone != NULL && events[i].milestone->leg &&
		    events[i].outcome != LGX_EV_FUTURE && events[i].time > events[pod].time &&
		    lgx_str_eq(events[i].stop, events[pod].stop))
			return false;
	return true;
}

static void
stand(const struct lgx_event *events, size_t n, struct lgx_move *move)
{
	for (size_t i = 0; i < n; i++) {
		const struct lgx_event	*e = &events[i];

		if (e->milestone == NULL || e->estimate || e->outcome == LGX_EV_DUPLICATE ||
		    e->outcome == LGX_EV_FUTURE)
			continue;
		if (e->milestone->overlay)
			later(events, &move->overlay, i);
		if (e->milestone->pod)
			later(events, &move->pod, i);
		if (e->milestone->rank >= LGX_RANK_LOADED && (move->picked_up == LGX_EVENT_NONE ||
		    e->time < events[move->picked_up].time))
			move->picked_up = i;
		if (e->milestone->rank > 0 && (move->state == LGX_EVENT_NONE ||
		    by_standing(e, &events[move->state]) > 0))
			move->state = i;
	}
}

void
lgx_events_judge(struct lgx_event *events, size_t n, lgx_time as_of, struct lgx_move *move)
{
	struct lgx_event	**by = lgx_calloc(n + 1, sizeof(*by));

	*move = (struct lgx_move){ LGX_EVENT_NONE, LGX_EVENT_NONE, LGX_EVENT_NONE, LGX_EVENT_NONE,
	    false };
	for (size_t i = 0; i < n; i++)
		by[i] = &events[i];
	qsort(by, n, sizeof(*by), by_stop_time);
	cut_legs(by, n, as_of);
	qsort(by, n, sizeof(*by), by_arrival);
	replay_arrivals(by, n);
	stand(events, n, move);
	if (move->pod != LGX_EVENT_NONE && !still_delivered(events, n, move->pod))
		move->pod = LGX_EVENT_NONE;
	if (move->overlay != LGX_EVENT_NONE &&
	    lgx_str_eq(events[move->overlay].milestone->name, LGX_STR("cancelled")))
		move->cancelled = move->state == LGX_EVENT_NONE ||
		    events[move->state].time <= events[move->overlay].time;
	free(by);
}
