/* SPDX-License-Identifier: MIT */
/*
 * Is this a build with a sanitizer? Such a one looks at its own process from outside at the
 * end, and reads the programs and libraries that it is made of, so its sandbox has holes that
 * the daemon's own does not have.
 */
#ifndef QRNGD_SANITIZED_H
#define QRNGD_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QRNGD_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QRNGD_SANITIZED
#endif
#endif

#endif /* QRNGD_SANITIZED_H */
