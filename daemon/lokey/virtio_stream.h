/* SPDX-License-Identifier: MIT */
/* Bytes of the queue for virtual machines, as long as a client takes them. */
#ifndef QRNGD_VIRTIO_STREAM_H
#define QRNGD_VIRTIO_STREAM_H

#include "router.h"

/** qrngd_virtio_stream() - answer a request whose parameters are chunk_size and max_bytes */
void qrngd_virtio_stream(struct qrngd_call *call);

#endif /* QRNGD_VIRTIO_STREAM_H */
