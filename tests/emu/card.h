/* SPDX-License-Identifier: MIT */
/*
 * The card behind its BARs: what each register does, and which accesses break the rules.
 *
 * No input, no output, no clock of its own: every call is told the card's time in ns, which must
 * never go back. A broken rule is counted and handed to the `violation` callback; the access
 * then does what is the most likely on real hardware, mostly nothing.
 */
#ifndef EMU_CARD_H
#define EMU_CARD_H

#include "fault.h"
#include "fifo.h"
#include "registers.h"
#include "setting.h"

struct card {
	struct settings *settings;
	const struct faults *faults;
	struct counters *count;
	void (*violation)(void *context, const char *what);
	void *context;

	struct fifo fifo;
	bool reset;
	bool error_seen;	 /* FS_RR showed ERROR, no flush since */
	uint32_t control;	 /* the settable bits of MX_SR */
	unsigned int fitted;	 /* modules, one bit each */
	unsigned int never_good; /* of these, HST stays down */
	bool probed;		 /* a register was read since the card was plugged in */
	uint32_t core_version;
	uint32_t last_word;
	uint32_t pattern; /* next word in test mode */
	uint64_t bias_state;
	uint64_t hst_at;  /* card time in ns at which modules are good again */
	uint64_t settled; /* card time in ns up to which production is accounted for */
};

/* One access to a BAR, as it came from the bus. */
struct access {
	bool write;
	unsigned int bar;
	uint64_t offset;
	uint32_t size;	/* bytes: 1, 2, 4 or 8 */
	uint64_t value; /* to be written */
};

/*
 * Plugs a fresh card in, with its modules enabled as after a reset. The pointers and the callback
 * have been set by the caller.
 */
void card_power_on(struct card *card, uint64_t now);

/* Does @access with all its side effects. Returns what a read gives, 0 for a write. */
uint64_t card_access(struct card *card, uint64_t now, const struct access *access);

/*
 * Accounts for all that was produced until @now. To be called before a setting or a fault
 * changes, so that the change does not reach into the past.
 */
void card_settle(struct card *card, uint64_t now);

/* Returns what a read would give, without side effects; only for registers that can be read. */
uint32_t card_peek(const struct card *card, uint64_t now, uint32_t reg);

/* Returns "CC_ER" and so on, or NULL when @reg is reserved. */
const char *card_register_name(uint64_t reg, bool *readable, bool *writable);

#endif
