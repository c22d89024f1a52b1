// SPDX-License-Identifier: MIT
#include "events.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "clock.h"
#include "count.h"
#include "log.h"
#include "metric.h"

static const char *const notes[QRNGD_NOTES] = {
	[QRNGD_NOTE_LOST] = "lost-events",	   [QRNGD_NOTE_UNLOADED] = "module-unloaded",
	[QRNGD_NOTE_LISTENING] = "listening",	   [QRNGD_NOTE_DEVICE] = "engine-device",
	[QRNGD_NOTE_EMBEDDED] = "engine-embedded",
};

static const char *const note_meanings[QRNGD_NOTES] = {
	[QRNGD_NOTE_LOST] = "events of the module were lost; what they were about is looked up",
	[QRNGD_NOTE_UNLOADED] = "the module was unloaded; waiting for it",
	[QRNGD_NOTE_LISTENING] = "listening to the module",
	[QRNGD_NOTE_DEVICE] = "seeds come from the module from now on",
	[QRNGD_NOTE_EMBEDDED] = "no source left, so seeds come from the embedded engine",
};

/* Behind the kinds that have a word: one for all that have none, then our notes. */
static size_t unknown_kind(void)
{
	return words_event.count;
}

static size_t note_kind(enum qrngd_note note)
{
	return words_event.count + 1 + note;
}

void qrngd_events_init(struct qrngd_events *events)
{
	struct timespec now;

	pthread_mutex_init(&events->lock, NULL);
	clock_gettime(CLOCK_REALTIME, &now);
	events->run = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void qrngd_events_listen(struct qrngd_events *events, void (*wake)(void *data), void *data)
{
	pthread_mutex_lock(&events->lock);
	events->wake = wake;
	events->data = data;
	pthread_mutex_unlock(&events->lock);
}

static void keep(struct qrngd_events *events, size_t kind, const char *text)
{
	atomic_fetch_add(&events->kinds[kind], 1);
	pthread_mutex_lock(&events->lock);
	snprintf(events->texts[events->count % QRNGD_EVENTS_KEPT], QRNGD_EVENT_MAX, "%s", text);
	qrngd_count(&events->count, 1);
	if (events->wake)
		events->wake(events->data);
	pthread_mutex_unlock(&events->lock);
}

/* What event.h prints ends with a newline, or with the last byte there is room for. */
static void take_newline(char *text)
{
	text[strcspn(text, "\n")] = '\0';
}

static void say(const struct record *event)
{
	char text[QRNGD_EVENT_MAX];
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (!out)
		return;
	event_describe(out, event);
	fclose(out);
	qrngd_log("event: %s", text);
}

void qrngd_events_tell(struct qrngd_events *events, const struct record *event, bool said)
{
	const struct value *kind = record_value(&event_object, event, QRNG_A_EVENT_KIND);
	const struct timespec time = event_time(event);
	char text[QRNGD_EVENT_MAX];
	FILE *out;

	if (!said)
		say(event);
	out = fmemopen(text, sizeof(text), "w");
	if (!out)
		return;
	event_print(out, true, event, &time);
	fclose(out);
	take_newline(text);
	keep(events, kind->number < unknown_kind() ? kind->number : unknown_kind(), text);
}

static struct record new_event(unsigned int kind)
{
	struct record event = { 0 };

	record_put(&event_object, &event, QRNG_A_EVENT_KIND, kind);
	record_put(&event_object, &event, QRNG_A_EVENT_TIME_MS, qrngd_now_ms());
	return event;
}

void qrngd_events_source(struct qrngd_events *events, unsigned int kind, const char *name,
			 unsigned int state, unsigned int reason)
{
	struct record event = new_event(kind);

	record_put_text(&event_object, &event, QRNG_A_EVENT_SOURCE, name);
	record_put(&event_object, &event, QRNG_A_EVENT_SOURCE_STATE, state);
	record_put(&event_object, &event, QRNG_A_EVENT_SOURCE_REASON, reason);
	qrngd_events_tell(events, &event, true);
}

void qrngd_events_drbg(struct qrngd_events *events, unsigned int kind, unsigned int state,
		       uint64_t generation, unsigned int reason)
{
	struct record event = new_event(kind);

	record_put(&event_object, &event, QRNG_A_EVENT_DRBG_STATE, state);
	record_put(&event_object, &event, QRNG_A_EVENT_GENERATION, generation);
	record_put(&event_object, &event, QRNG_A_EVENT_RESEED_REASON, reason);
	qrngd_events_tell(events, &event, kind != QRNG_EVENT_RESEED);
}

void qrngd_events_note(struct qrngd_events *events, enum qrngd_note note)
{
	const struct timespec time = event_time(NULL);
	char text[QRNGD_EVENT_MAX];
	FILE *out;

	qrngd_log("event: %s: %s", notes[note], note_meanings[note]);
	out = fmemopen(text, sizeof(text), "w");
	if (!out)
		return;
	event_note(out, true, notes[note], &time);
	fclose(out);
	take_newline(text);
	keep(events, note_kind(note), text);
}

static size_t read_lost(char text[QRNGD_EVENT_MAX])
{
	const struct timespec time = event_time(NULL);
	FILE *out = fmemopen(text, QRNGD_EVENT_MAX, "w");

	if (!out)
		return 0;
	event_note(out, true, notes[QRNGD_NOTE_LOST], &time);
	fclose(out);
	take_newline(text);
	return strlen(text);
}

size_t qrngd_events_read(struct qrngd_events *events, uint64_t *next, char text[QRNGD_EVENT_MAX])
{
	size_t len = 0;
	bool lost;

	pthread_mutex_lock(&events->lock);
	lost = events->count - *next > QRNGD_EVENTS_KEPT;
	if (lost)
		*next = events->count - QRNGD_EVENTS_KEPT;
	else if (*next < events->count)
		len = (size_t)snprintf(text, QRNGD_EVENT_MAX, "%s",
				       events->texts[(*next)++ % QRNGD_EVENTS_KEPT]);
	pthread_mutex_unlock(&events->lock);
	return lost ? read_lost(text) : len;
}

uint64_t qrngd_events_count(const struct qrngd_events *events)
{
	return qrngd_counted(&events->count);
}

static void expose(FILE *out, const struct qrngd_events *events, size_t kind, const char *word)
{
	qrngd_metric_of(out, "qrngd_events_total", "kind", word);
	fprintf(out, "%" PRIu64 "\n", qrngd_counted(&events->kinds[kind]));
}

void qrngd_events_expose(FILE *out, const struct qrngd_events *events)
{
	size_t i;

	qrngd_metric_begin(out, "qrngd_events_total", "counter", "Events, by kind.");
	for (i = 0; i < words_event.count; i++)
		expose(out, events, i, words_event.list[i].word);
	expose(out, events, unknown_kind(), "unknown");
	for (i = 0; i < QRNGD_NOTES; i++)
		expose(out, events, note_kind(i), notes[i]);
}
