// SPDX-License-Identifier: MIT
#include "face.h"

#include "api/api.h"
#include "lokey/lokey.h"

static const struct qrngd_route *const own[] = {
	qrngd_routes_random,
	qrngd_routes_integers,
	qrngd_routes_reals,
	qrngd_routes_strings,
	qrngd_routes_games,
	qrngd_routes_images,
	qrngd_routes_plots,
	qrngd_routes_qr,
	qrngd_routes_sound,
	qrngd_routes_stream,
	qrngd_routes_keys,
	qrngd_routes_status,
	qrngd_routes_health,
	qrngd_routes_entropy_data,
	qrngd_routes_entropy_meta,
	qrngd_routes_entropy_sockets,
	qrngd_routes_events,
	qrngd_routes_quota,
	qrngd_routes_config,
	qrngd_routes_describe,
	NULL,
};

static const struct qrngd_route *const lokey_api[] = {
	qrngd_routes_lokey_data,
	qrngd_routes_lokey_config,
	qrngd_routes_lokey_state,
	NULL,
};
static const struct qrngd_route *const lokey_controller[] = { qrngd_routes_controller, NULL };
static const struct qrngd_route *const lokey_fortuna[] = { qrngd_routes_fortuna, NULL };
static const struct qrngd_route *const lokey_virtio[] = { qrngd_routes_virtio, NULL };

/** struct face - what there is to know of one */
struct face {
	const char *prefix;
	const char *title;
	const struct qrngd_route *const *tables;
};

/* The paths of LoKey's API are none of ours, so they need no prefix. */
static const struct face faces[QRNGD_FACES] = {
	[QRNGD_FACE_OWN] = { "", "", own },
	[QRNGD_FACE_LOKEY_API] = { "", "LoKey's API", lokey_api },
	[QRNGD_FACE_LOKEY_CONTROLLER] = { "/controller", "LoKey's controller", lokey_controller },
	[QRNGD_FACE_LOKEY_FORTUNA] = { "/fortuna", "LoKey's Fortuna", lokey_fortuna },
	[QRNGD_FACE_LOKEY_VIRTIO] = { "/virtio", "LoKey's VirtIO", lokey_virtio },
};

const char *qrngd_face_prefix(enum qrngd_face face)
{
	return faces[face].prefix;
}

const char *qrngd_face_title(enum qrngd_face face)
{
	return faces[face].title;
}

const struct qrngd_route *const *qrngd_face_tables(enum qrngd_face face)
{
	return faces[face].tables;
}
