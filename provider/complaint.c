// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>

#include "complaint.h"

/* OpenSSL takes no const for the text. */
#define SAY(reason, text) { reason, (void *)(text) }

/** complaint_reasons - what OpenSSL says of each of our errors, before the details */
const OSSL_ITEM complaint_reasons[] = {
	SAY(REASON_SETTING, "setting not allowed"),
	SAY(REASON_MEMORY, "no memory"),
	SAY(REASON_OPEN, "device can not be opened"),
	SAY(REASON_NO_DEVICE, "not a device"),
	SAY(REASON_READ, "device gives an error"),
	SAY(REASON_ENDED, "device gives no more"),
	SAY(REASON_TIMEOUT, "device gives nothing in time"),
	SAY(REASON_RESEED, "device can not be reseeded"),
	SAY(REASON_STRENGTH, "security strength too high"),
	SAY(REASON_PREDICTION, "no prediction resistance"),
	SAY(REASON_STATE, "not instantiated"),
	SAY(REASON_LENGTH, "length not allowed"),
	{ 0, NULL },
};

/**
 * complaint_init() - find out how to complain
 * @complaint: filled in
 * @core: the program that loads us
 * @calls: what it offers
 */
void complaint_init(struct complaint *complaint, const OSSL_CORE_HANDLE *core,
		    const OSSL_DISPATCH *calls)
{
	*complaint = (struct complaint){ .core = core };
	for (; calls->function_id; calls++) {
		if (calls->function_id == OSSL_FUNC_CORE_NEW_ERROR)
			complaint->new_error = OSSL_FUNC_core_new_error(calls);
		else if (calls->function_id == OSSL_FUNC_CORE_SET_ERROR_DEBUG)
			complaint->set_debug = OSSL_FUNC_core_set_error_debug(calls);
		else if (calls->function_id == OSSL_FUNC_CORE_VSET_ERROR)
			complaint->set_text = OSSL_FUNC_core_vset_error(calls);
	}
}

/**
 * complaint_begin() - begin an error
 * @complaint: who is told
 * @file: where it happened
 * @line: the same
 * @function: the same
 */
void complaint_begin(const struct complaint *complaint, const char *file, int line,
		     const char *function)
{
	if (complaint->new_error)
		complaint->new_error(complaint->core);
	if (complaint->set_debug)
		complaint->set_debug(complaint->core, file, line, function);
}

/**
 * complaint_say() - say what the error is
 * @complaint: who is told
 * @reason: enum reason
 * @format: the details
 */
void complaint_say(const struct complaint *complaint, enum reason reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (complaint->set_text)
		complaint->set_text(complaint->core, reason, format, args);
	va_end(args);
}
