/* SPDX-License-Identifier: MIT */
/*
 * The interfaces that this daemon has: its own, and that of each service of LoKey. A
 * listener is for one of them. Where ours is, all are: each under a prefix of its own.
 */
#ifndef QRNGD_FACE_H
#define QRNGD_FACE_H

/** enum qrngd_face - an interface */
enum qrngd_face {
	QRNGD_FACE_OWN,
	QRNGD_FACE_LOKEY_API,
	QRNGD_FACE_LOKEY_CONTROLLER,
	QRNGD_FACE_LOKEY_FORTUNA,
	QRNGD_FACE_LOKEY_VIRTIO,
	QRNGD_FACES,
};

struct qrngd_route;

/** qrngd_face_prefix() - what stands before its paths where ours is: "/fortuna", or "" */
const char *qrngd_face_prefix(enum qrngd_face face);

/** qrngd_face_title() - its name, for people; "" for ours */
const char *qrngd_face_title(enum qrngd_face face);

/**
 * qrngd_face_tables() - its routes
 * @face: the interface
 *
 * Return: tables of routes, those that are asked for most first; NULL behind the last.
 */
const struct qrngd_route *const *qrngd_face_tables(enum qrngd_face face);

#endif /* QRNGD_FACE_H */
