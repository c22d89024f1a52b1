// SPDX-License-Identifier: MIT
#include "service.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include "clock.h"
#include "log.h"
#include "server.h"

/* So that one look that comes late makes no daemon that works look stuck. */
#define LOOKS_PER_LIMIT 4

void qrngd_service_init(struct qrngd_service *service)
{
	const char *address = getenv("NOTIFY_SOCKET");
	uint64_t limit_us;

	service->asked = address && *address;
	service->watched = service->asked && sd_watchdog_enabled(0, &limit_us) > 0;
	if (!service->watched)
		return;
	service->period_ms = limit_us / 1000 / LOOKS_PER_LIMIT;
	if (!service->period_ms)
		service->period_ms = 1;
	service->next_ms = qrngd_now_ms() + service->period_ms;
}

/* A manager that is not there any more is no reason to serve nobody. */
static void tell(const char *state)
{
	(void)sd_notify(0, state);
}

/*
 * To look at an engine is to ask for it, so that is done when there is news alone. STALE is
 * any that rests between two requests, and not worth telling.
 *
 * Return: whether the state is another than before.
 */
static bool look_at_engine(struct qrngd_server *server)
{
	struct qrngd_service *service = &server->service;
	struct qrngd_engine_status status;
	char text[QRNGD_SERVICE_STATE_MAX];

	service->news = qrngd_engine_news(server->engine);
	qrngd_engine_check(server->engine, &status);
	if (status.health == QRNGD_STALE && service->state[0])
		return false;
	snprintf(text, sizeof(text), "engine %s, %s: %s", status.engine,
		 qrngd_health_word(status.health), status.detail);
	if (strcmp(text, service->state) == 0)
		return false;
	memcpy(service->state, text, sizeof(text));
	return true;
}

static void tell_state(const struct qrngd_service *service, const char *first)
{
	char message[QRNGD_SERVICE_STATE_MAX + 80];

	snprintf(message, sizeof(message), "%sSTATUS=%s%s", first, service->state,
		 service->unread ? "; the settings could not be loaded again" : "");
	tell(message);
}

static void tell_news(struct qrngd_server *server)
{
	if (qrngd_engine_news(server->engine) == server->service.news)
		return;
	if (look_at_engine(server) && !atomic_load(&server->stopping))
		tell_state(&server->service, "");
}

void qrngd_service_ready(struct qrngd_server *server)
{
	if (!server->service.asked)
		return;
	look_at_engine(server);
	tell_state(&server->service, "READY=1\n");
}

void qrngd_service_reloading(struct qrngd_server *server)
{
	struct timespec now;
	char state[64];

	if (!server->service.asked)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%llu",
		 (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000);
	tell(state);
}

void qrngd_service_reloaded(struct qrngd_server *server, bool taken)
{
	server->service.unread = !taken;
	qrngd_service_ready(server);
}

void qrngd_service_stopping(struct qrngd_server *server)
{
	char state[96];

	snprintf(state, sizeof(state), "STOPPING=1\nSTATUS=stopping; connections open: %u",
		 atomic_load(&server->open));
	tell(state);
}

int qrngd_service_wait(const struct qrngd_service *service, const sigset_t *set)
{
	int number;

	do {
		uint64_t now = qrngd_now_ms();
		uint64_t ms = service->next_ms > now ? service->next_ms - now : 0;
		struct timespec wait = { .tv_sec = (time_t)(ms / 1000),
					 .tv_nsec = (long)(ms % 1000) * 1000000 };

		number = sigtimedwait(set, NULL, service->watched ? &wait : NULL);
	} while (number < 0 && errno == EINTR);
	return number < 0 ? 0 : number;
}

static const struct qrngd_worker *find_stuck(const struct qrngd_server *server)
{
	unsigned int turn = atomic_load(&server->turn), i;

	for (i = 0; i < server->worker_count; i++)
		if (!atomic_load(&server->workers[i].ended) &&
		    atomic_load(&server->workers[i].turn) != turn)
			return &server->workers[i];
	return NULL;
}

static void start_turn(struct qrngd_server *server)
{
	unsigned int i;

	atomic_fetch_add(&server->turn, 1);
	for (i = 0; i < server->worker_count; i++)
		if (!atomic_load(&server->workers[i].ended))
			qrngd_worker_wake(&server->workers[i]);
}

static void watch_loops(struct qrngd_server *server)
{
	struct qrngd_service *service = &server->service;
	const struct qrngd_worker *stuck;
	uint64_t now = qrngd_now_ms();

	if (!service->watched || now < service->next_ms)
		return;
	service->next_ms = now + service->period_ms;
	stuck = find_stuck(server);
	if (stuck && !service->stuck)
		qrngd_log("watchdog: thread %u has not come round for %llu ms", stuck->index,
			  (unsigned long long)service->period_ms);
	service->stuck = stuck;
	if (stuck)
		return;
	tell("WATCHDOG=1");
	start_turn(server);
}

void qrngd_service_look(struct qrngd_server *server)
{
	if (server->service.asked)
		tell_news(server);
	watch_loops(server);
}
