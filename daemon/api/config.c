// SPDX-License-Identifier: MIT
/* The settings, for administrators. */
#include "api.h"

#include "control.h"
#include "errand.h"

static void handle_show(struct qrngd_call *call)
{
	qrngd_errand_send(call, qrngd_control_show);
}

static void handle_change(struct qrngd_call *call)
{
	qrngd_errand_send(call, qrngd_control_change);
}

static void handle_load(struct qrngd_call *call)
{
	qrngd_errand_send(call, qrngd_control_load);
}

const struct qrngd_route qrngd_routes_config[] = {
	{
		.path = "/v1/config",
		.admin = true,
		.group = "Administration",
		.summary = "All settings: values, where they come from, what is allowed.",
		.type = "application/json",
		.handle = handle_show,
	},
	{
		.path = "/v1/config",
		.method = "PATCH",
		.admin = true,
		.body = "application/json",
		.group = "Administration",
		.summary = "Changes settings that a running daemon can change; all of them or none. "
			   "null goes back to the default. The module takes those of its generator "
			   "and then each source's, up to the first that it refuses.",
		.type = "application/json",
		.handle = handle_change,
	},
	{
		.path = "/v1/config/reload",
		.method = "POST",
		.admin = true,
		.group = "Administration",
		.summary = "Reads file, environment, keys and certificates again, as SIGHUP does; a "
			   "mistake changes nothing.",
		.type = "application/json",
		.handle = handle_load,
	},
	{ 0 },
};
