/* SPDX-License-Identifier: MIT */
/*
 * Changing a daemon that runs. All of it happens on the main thread, one change after
 * the other; what won't do changes nothing.
 */
#ifndef QRNGD_CONTROL_H
#define QRNGD_CONTROL_H

#include "errand.h"
#include "server.h"

/**
 * qrngd_control_reload() - read file, environment and command line again
 * @server: the server
 *
 * With all files that they name: keys, certificates, logs. Lines say what came of it.
 *
 * Return: 0, or -1 if all stays as it was.
 */
int qrngd_control_reload(struct qrngd_server *server);

/** qrngd_control_show() - an errand: show the settings */
void qrngd_control_show(struct qrngd_server *server, struct qrngd_errand *errand);

/** qrngd_control_change() - an errand: change settings */
void qrngd_control_change(struct qrngd_server *server, struct qrngd_errand *errand);

/** qrngd_control_load() - an errand: qrngd_control_reload() */
void qrngd_control_load(struct qrngd_server *server, struct qrngd_errand *errand);

#endif /* QRNGD_CONTROL_H */
