/* SPDX-License-Identifier: MIT */
/*
 * What the emulator counts. The counters belong to the process, not to the card:
 * they go on over unplugging and plugging in again, until `count reset`.
 */
#ifndef EMU_COUNT_H
#define EMU_COUNT_H

#include <stdint.h>

#define COUNT_REGISTERS 16

struct counters {
	uint64_t reads; /* accesses to any BAR, lawful or not */
	uint64_t writes;
	uint64_t reg_reads[COUNT_REGISTERS]; /* by word of BAR1, lawful width only */
	uint64_t reg_writes[COUNT_REGISTERS];
	uint64_t words_produced; /* = popped + dropped + flushed + in the FIFO */
	uint64_t words_popped;
	uint64_t words_dropped; /* produced while the FIFO was full */
	uint64_t words_flushed; /* emptied out by FS_CA or a reset */
	uint64_t overflows;	/* times that ERROR came up */
	uint64_t flushes;	/* writes to FS_CA */
	uint64_t resets;	/* times that CC_ER put the card into reset */
	uint64_t violations;
	uint64_t config_reads;
	uint64_t config_writes;
	uint64_t device_resets; /* resets of the PCI bus */
	uint64_t connections;
	uint64_t protocol_errors;
};

#endif
