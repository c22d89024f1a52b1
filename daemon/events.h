/* SPDX-License-Identifier: MIT */
/*
 * What befell the sources and generators: told once, kept for a while, read by any number
 * of listeners on any thread. The shape is that of the module's events, whoever tells them.
 */
#ifndef QRNGD_EVENTS_H
#define QRNGD_EVENTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "netlink/event.h"

/* One event as JSON: a name of 63 characters, each escaped, and all else there can be. */
#define QRNGD_EVENT_MAX 768

/* A listener that is further behind is told that it has missed some. */
#define QRNGD_EVENTS_KEPT 128

/* The module's kinds, those it may learn, and ours. */
#define QRNGD_EVENT_KINDS 32

/** enum qrngd_note - what befell the daemon itself; words as qrngctl monitor has them */
enum qrngd_note {
	QRNGD_NOTE_LOST,      /* the module told faster than we listened */
	QRNGD_NOTE_UNLOADED,  /* the module went */
	QRNGD_NOTE_LISTENING, /* the module is there, and heard */
	QRNGD_NOTE_DEVICE,    /* the engine is now the device */
	QRNGD_NOTE_EMBEDDED,  /* the engine is now the embedded one */
	QRNGD_NOTES,
};

/**
 * struct qrngd_events - one for the process
 * @lock: for all but the counters
 * @run: tells this run of the daemon from others
 * @count: events so far; read without the lock, too
 * @texts: the last of them, event i in place i modulo %QRNGD_EVENTS_KEPT
 * @kinds: how many there were of each kind: the module's, unknown ones, our notes
 * @wake: called after each, NULL: nobody listens yet
 * @data: given to it
 */
struct qrngd_events {
	pthread_mutex_t lock;
	uint64_t run;
	_Atomic uint64_t count;
	char texts[QRNGD_EVENTS_KEPT][QRNGD_EVENT_MAX];
	_Atomic uint64_t kinds[QRNGD_EVENT_KINDS];
	void (*wake)(void *data);
	void *data;
};

/** qrngd_events_init() - start with none */
void qrngd_events_init(struct qrngd_events *events);

/**
 * qrngd_events_listen() - have somebody woken by each event from now on
 * @events: the events
 * @wake: called on whatever thread tells one, with locks held: only to wake another
 * @data: given to it
 */
void qrngd_events_listen(struct qrngd_events *events, void (*wake)(void *data), void *data);

/**
 * qrngd_events_tell() - an event of the module, or one like it
 * @events: the events
 * @event: a record of event_object
 * @said: a line has said it already
 */
void qrngd_events_tell(struct qrngd_events *events, const struct record *event, bool said);

/**
 * qrngd_events_source() - something befell a source of our own
 * @events: the events
 * @kind: enum qrng_event
 * @name: of the source
 * @state: enum qrng_source_state
 * @reason: enum qrng_source_reason
 */
void qrngd_events_source(struct qrngd_events *events, unsigned int kind, const char *name,
			 unsigned int state, unsigned int reason);

/**
 * qrngd_events_drbg() - something befell our own root generator
 * @events: the events
 * @kind: enum qrng_event
 * @state: enum qrng_drbg_state
 * @generation: of the generator
 * @reason: enum qrng_reseed_reason
 */
void qrngd_events_drbg(struct qrngd_events *events, unsigned int kind, unsigned int state,
		       uint64_t generation, unsigned int reason);

/** qrngd_events_note() - something befell the daemon itself */
void qrngd_events_note(struct qrngd_events *events, enum qrngd_note note);

/**
 * qrngd_events_read() - read one event
 * @events: the events
 * @next: the number of the event, from 0 on; moved on to the one behind it, and when that
 *	event is kept no more, first up to the oldest that is
 * @text: the event as a JSON object, or that some are lost
 *
 * Return: its length, 0 when it has not happened yet.
 */
size_t qrngd_events_read(struct qrngd_events *events, uint64_t *next, char text[QRNGD_EVENT_MAX]);

/** qrngd_events_count() - how many there have been */
uint64_t qrngd_events_count(const struct qrngd_events *events);

/** qrngd_events_expose() - write the counters, see exposition.h */
void qrngd_events_expose(FILE *out, const struct qrngd_events *events);

#endif /* QRNGD_EVENTS_H */
