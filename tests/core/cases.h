/* SPDX-License-Identifier: MIT */
/*
 * The list of all cases, the only one: each harness expands it. CASE(name) is the function
 * `void case_name(struct qrng_case *c)`.
 */
#ifndef _QRNG_TESTS_CASES_H
#define _QRNG_TESTS_CASES_H

#include "case.h"

/* Published answers: each of these compares bytes, so each fails when they are spoilt. */
#define VECTOR_CASES(CASE)                                                                         \
	CASE(aes_ctr_carries_to_the_top)                                                           \
	CASE(aes_ctr_published)                                                                    \
	CASE(aes_ecb_cavp)                                                                         \
	CASE(chacha20_rfc8439)                                                                     \
	CASE(ctr_drbg_no_reseed)                                                                   \
	CASE(ctr_drbg_prediction_resistance)                                                       \
	CASE(ctr_drbg_reseed)                                                                      \
	CASE(fortuna_generator)                                                                    \
	CASE(fortuna_pools)                                                                        \
	CASE(sha256_long_messages)                                                                 \
	CASE(sha256_monte_carlo)                                                                   \
	CASE(sha256_short_messages)

/* What the core promises beyond them. */
#define CORE_CASES(CASE)                                                                           \
	CASE(ctr_drbg_keeps_its_limits)                                                            \
	CASE(ctr_drbg_refuses_wrong_seeds)                                                         \
	CASE(fortuna_keeps_its_limits)                                                             \
	CASE(generator_children_go_their_own_ways)                                                 \
	CASE(generator_counters_forget_what_they_drew)                                             \
	CASE(generator_erasure_as_documented)                                                      \
	CASE(generator_erasure_forgets_what_it_drew)                                               \
	CASE(generator_follows_its_seeds)                                                          \
	CASE(generator_wants_a_seed_first)                                                         \
	CASE(generator_wipes_to_zeroes)                                                            \
	CASE(health_alpha_moves_its_cutoffs)                                                       \
	CASE(health_bits_fail_at_their_cutoffs)                                                    \
	CASE(health_proportion_fails_at_its_cutoffs)                                               \
	CASE(health_repetition_fails_at_its_cutoffs)                                               \
	CASE(health_startup_begins_anew)                                                           \
	CASE(health_stuck_source_always_fails)                                                     \
	CASE(pool_credits_once_and_no_more_than_a_digest)                                          \
	CASE(pool_takes_turns)                                                                     \
	CASE(pool_waits_for_bytes_and_time)                                                        \
	CASE(quantis_fifo_levels)                                                                  \
	CASE(quantis_fifo_never_overpromises)                                                      \
	CASE(quantis_modules_round_trip)                                                           \
	CASE(recovery_backs_off_and_opens)                                                         \
	CASE(recovery_obeys_its_operator)                                                          \
	CASE(recovery_walk_never_skips_a_test)                                                     \
	CASE(selftest_passes)

#define DECLARE_CASE(name) void case_##name(struct qrng_case *c);
VECTOR_CASES(DECLARE_CASE)
CORE_CASES(DECLARE_CASE)

#endif /* _QRNG_TESTS_CASES_H */
