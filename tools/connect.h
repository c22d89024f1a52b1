/* SPDX-License-Identifier: MIT */
/*
 * How commands reach the module; what goes wrong is said on stderr.
 */
#ifndef _QRNGCTL_CONNECT_H
#define _QRNGCTL_CONNECT_H

#include "../netlink/listener.h"
#include "../netlink/session.h"

int connect_session(struct session *session);
int connect_listener(struct listener *listener, listener_fn tell, void *data);
int connect_listen(struct listener *listener, int timeout_ms);

#endif /* _QRNGCTL_CONNECT_H */
