/* SPDX-License-Identifier: MIT */
/*
 * What the service manager that started the daemon is told, if it asked for it:
 * sd_notify(3), sd_watchdog_enabled(3). Of the main thread alone.
 */
#ifndef QRNGD_SERVICE_H
#define QRNGD_SERVICE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct qrngd_server;

#define QRNGD_SERVICE_STATE_MAX 256

/**
 * struct qrngd_service - one for the process
 * @asked: there is somebody to tell
 * @watched: and he wants to hear regularly that the event loops turn
 * @period_ms: how often the loops are looked at then
 * @next_ms: when that is due
 * @stuck: a loop has not turned between the last two looks
 * @unread: the settings could not be loaded again
 * @news: of the engine, when it was looked at last
 * @state: the engine's, as it was told last
 */
struct qrngd_service {
	bool asked;
	bool watched;
	uint64_t period_ms;
	uint64_t next_ms;
	bool stuck;
	bool unread;
	uint64_t news;
	char state[QRNGD_SERVICE_STATE_MAX];
};

/**
 * qrngd_service_init() - find out what is wanted
 * @service: zeroed memory
 */
void qrngd_service_init(struct qrngd_service *service);

/** qrngd_service_ready() - requests are answered from now on */
void qrngd_service_ready(struct qrngd_server *server);

/** qrngd_service_reloading() - settings are being loaded again */
void qrngd_service_reloading(struct qrngd_server *server);

/**
 * qrngd_service_reloaded() - that has come to an end
 * @server: the server
 * @taken: the settings hold; else all is as it was, and the state says so
 */
void qrngd_service_reloaded(struct qrngd_server *server, bool taken);

/** qrngd_service_stopping() - no more is accepted from now on */
void qrngd_service_stopping(struct qrngd_server *server);

/**
 * qrngd_service_wait() - wait for a signal, or until the loops are to be looked at
 * @service: the service
 * @set: the signals
 *
 * Return: the signal's number, or 0.
 */
int qrngd_service_wait(const struct qrngd_service *service, const sigset_t *set);

/**
 * qrngd_service_look() - tell what is new, and that all loops turn if they do
 * @server: the server
 *
 * Each worker is woken, and its loop has to come round until the next look. What one that
 * is stuck leaves out is what the manager waits for.
 */
void qrngd_service_look(struct qrngd_server *server);

#endif /* QRNGD_SERVICE_H */
