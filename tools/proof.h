/* SPDX-License-Identifier: MIT */
/*
 * Signed answers, as docs/signatures.md describes them: what one says of itself, and
 * whether that is to be believed.
 */
#ifndef _QRNGCTL_PROOF_H
#define _QRNGCTL_PROOF_H

#include <jansson.h>

#include "head.h"
#include "pubkey.h"

/* More than the daemon makes: a signed body, and a head around it. */
#define PROOF_BODY_MAX		((size_t)128 * 1024)
#define PROOF_HEAD_MAX		((size_t)64 * 1024)
#define PROOF_STATEMENT_MAX	4096

/** enum flaw - why an answer is not believed */
enum flaw {
	FLAW_NONE,
	FLAW_UNSIGNED,	/* it has no head, or no signature in that */
	FLAW_MALFORMED,	/* its statement or signature is none */
	FLAW_KEY,	/* another key signed it */
	FLAW_SIGNATURE,	/* the signature is not of this statement */
	FLAW_LENGTH,	/* the body is not whole, or has something behind it */
	FLAW_BODY,	/* the body is another one */
	FLAW_CHALLENGE,	/* it answers another challenge */
	FLAW_TIME,	/* it is too old, or of the future */
};

/**
 * struct proof - a signed answer
 * @statement: what was signed
 * @statement_len: its bytes
 * @signature: of the statement
 * @body: of the answer; points into the input
 * @body_len: its bytes
 * @said: the statement, once it was understood
 * @time_ms: when it was made, since 1970
 * @detail: more about the flaw
 */
struct proof {
	uint8_t statement[PROOF_STATEMENT_MAX];
	size_t statement_len;
	uint8_t signature[PUBKEY_SIGNATURE_SIZE];
	const char *body;
	size_t body_len;
	json_t *said;
	int64_t time_ms;
	char detail[160];
};

/**
 * struct demand - what is asked of an answer
 * @keys: who may have signed it
 * @challenge: what it has to answer, NULL: anything
 * @max_age_ms: how old it may be, -1: any age
 * @now_ms: since 1970
 */
struct demand {
	const struct pubkeys *keys;
	const char *challenge;
	int64_t max_age_ms;
	int64_t now_ms;
};

enum flaw proof_read(struct proof *proof, const struct head *head, const char *body, size_t len);
enum flaw proof_check(struct proof *proof, const struct demand *demand);
const char *proof_text(const struct proof *proof, const char *member);
const char *proof_flaw(enum flaw flaw);
void proof_free(struct proof *proof);

#endif /* _QRNGCTL_PROOF_H */
