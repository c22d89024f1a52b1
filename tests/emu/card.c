// SPDX-License-Identifier: MIT
#include "card.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REGISTER_PAGE 64u

static const struct reg {
	const char *name;
	bool readable, writable;
} regs[COUNT_REGISTERS] = {
	[REG_CC_ER / 4] = {"CC_ER", false, true}, [REG_CC_DR / 4] = {"CC_DR", false, true},
	[REG_CC_SR / 4] = {"CC_SR", true, false}, [REG_CV_SR / 4] = {"CV_SR", true, false},
	[REG_FS_CA / 4] = {"FS_CA", false, true}, [REG_FS_RR / 4] = {"FS_RR", true, false},
	[REG_FD_RR / 4] = {"FD_RR", true, false}, [REG_MX_ER / 4] = {"MX_ER", false, true},
	[REG_MX_DR / 4] = {"MX_DR", false, true}, [REG_MX_SR / 4] = {"MX_SR", true, false},
};

/* From bit n of a mask of modules to the lowest bit of module n's byte, and back. */
static uint32_t spread(unsigned int modules)
{
	return (modules & 1) | (modules & 2) << 7 | (modules & 4) << 14 | (modules & 8) << 21;
}

static unsigned int gather(uint32_t bits)
{
	return (bits | bits >> 7 | bits >> 14 | bits >> 21) & 0xf;
}

static unsigned int with_bit(const struct card *card, uint32_t bit)
{
	return gather(card->control / bit & MX_ALL(1));
}

static unsigned int good_modules(const struct card *card, uint64_t now)
{
	if (card->reset || now < card->hst_at)
		return 0;
	return card->fitted & ~card->never_good & ~fault_modules(card->faults, FAULT_DEAD);
}

static unsigned int producing_modules(const struct card *card, uint64_t now)
{
	if (card->faults->on[FAULT_STARVE])
		return 0;
	return good_modules(card, now) & with_bit(card, MX_SEN) & ~with_bit(card, MX_SD);
}

void card_settle(struct card *card, uint64_t now)
{
	uint64_t from = card->settled > card->hst_at ? card->settled : card->hst_at;
	unsigned int modules = producing_modules(card, now);

	if (card->settings->endless) {
		if (modules)
			fifo_fill(&card->fifo);
	} else if (now > from) {
		fifo_produce(&card->fifo, now - from, (unsigned int)__builtin_popcount(modules),
			     card->settings->overflow_sticky);
	}
	card->settled = now;
}

static void flush(struct card *card)
{
	fifo_flush(&card->fifo);
	card->error_seen = false;
}

static void enter_reset(struct card *card)
{
	if (!card->reset)
		card->count->resets++;
	card->reset = true;
	card->control = 0;
	flush(card);
}

/* Also what happens at power-on. */
static void leave_reset(struct card *card, uint64_t now)
{
	uint64_t delay_ms = card->settings->hst_delay_ms;

	if (card->faults->on[FAULT_SLOW_HST])
		delay_ms = card->faults->value[FAULT_SLOW_HST];
	card->reset = false;
	card->control = card->settings->auto_enable ? spread(card->fitted) * MX_SEN : 0;
	card->never_good = fault_modules(card->faults, FAULT_NEVER_HST);
	card->hst_at = now + delay_ms * 1000000;
	card->settled = now;
	flush(card);
}

void card_power_on(struct card *card, uint64_t now)
{
	card->fifo.count = card->count;
	card->fitted = card->settings->modules;
	card->core_version = card->settings->core_version;
	card->probed = false;
	card->last_word = 0;
	card->pattern = 0;
	card->bias_state = 0;
	leave_reset(card, now);
}

const char *card_register_name(uint64_t reg, bool *readable, bool *writable)
{
	static const struct reg reserved;
	const struct reg *entry = &reserved;

	if (reg % 4 == 0 && reg < REGISTER_PAGE)
		entry = &regs[reg / 4];
	*readable = entry->readable;
	*writable = entry->writable;
	return entry->name;
}

static void violation(struct card *card, const struct access *access, const char *rule)
{
	const char *name = NULL;
	bool readable, writable;
	char what[160];

	if (access->bar == 1)
		name = card_register_name(access->offset & ~UINT64_C(3), &readable, &writable);
	snprintf(what, sizeof(what), "%s of %s (BAR%u+0x%02" PRIx64 "), %u bytes: %s",
		 access->write ? "write" : "read", name ? name : "nothing", access->bar,
		 access->offset, access->size, rule);
	card->count->violations++;
	card->violation(card->context, what);
}

/* A word in which each bit is 1 @permille times in a thousand, if @word was fair. */
static uint32_t biased(uint32_t word, uint32_t permille, uint64_t *state)
{
	uint32_t forced = permille >= 500 ? 2 * permille - 1000 : 1000 - 2 * permille;
	uint32_t share = forced * 65536 / 1000;
	uint32_t mask = share == 65536 ? UINT32_MAX : 0;

	/* each step halves what was there and adds one binary digit of the share */
	for (int i = 0; i < 16 && share < 65536; i++) {
		uint32_t fair = (uint32_t)noise_mix(state);

		mask = share >> i & 1 ? mask | fair : mask & fair;
	}
	return permille >= 500 ? word | mask : word & ~mask;
}

static uint32_t next_word(struct card *card)
{
	uint32_t word;

	if (card->faults->on[FAULT_STUCK])
		return card->faults->value[FAULT_STUCK];
	if (with_bit(card, MX_TM))
		return card->pattern++;
	word = noise_word(&card->settings->noise);
	if (card->faults->on[FAULT_BIAS])
		word = biased(word, card->faults->value[FAULT_BIAS], &card->bias_state);
	return word;
}

static uint32_t read_data(struct card *card, const struct access *access)
{
	const struct faults *faults = card->faults;

	if (card->reset) {
		violation(card, access, "the card is in reset");
		return card->last_word;
	}
	if (!card->fifo.words) {
		violation(card, access, "the FIFO is empty");
		return card->last_word;
	}
	if (card->error_seen)
		violation(card, access, "FS_RR showed ERROR, and no flush since");
	fifo_pop(&card->fifo,
		 faults->on[FAULT_ERROR_MIDBURST] ? faults->value[FAULT_ERROR_MIDBURST] : 0);
	card->last_word = next_word(card);
	return card->last_word;
}

uint32_t card_peek(const struct card *card, uint64_t now, uint32_t reg)
{
	switch (reg) {
	case REG_CC_SR:
		return card->reset ? CC_RESET : 0;
	case REG_CV_SR:
		return card->core_version;
	case REG_FS_RR:
		return fifo_status(&card->fifo, card->settings->exclusive_levels) |
		       (card->faults->on[FAULT_OVERFLOW] ? FS_ERROR : 0);
	case REG_MX_SR:
		return card->control | spread(card->fitted) * MX_HEN |
		       spread(good_modules(card, now)) * MX_HST;
	default:
		return 0;
	}
}

static uint32_t read_register(struct card *card, uint64_t now, const struct access *access)
{
	uint32_t value;

	if (access->offset == REG_FD_RR)
		return read_data(card, access);
	value = card_peek(card, now, (uint32_t)access->offset);
	if (access->offset == REG_FS_RR && value & FS_ERROR)
		card->error_seen = true;
	return value;
}

static void write_modules(struct card *card, const struct access *access)
{
	uint32_t value = (uint32_t)access->value;

	if (value & ~MX_ALL(MX_SETTABLE))
		violation(card, access, "only bits 0 to 2 of each byte can be changed");
	value &= spread(card->fitted) * MX_SETTABLE;
	if (card->reset)
		return; /* every setting is held at its initial state */
	if (access->offset == REG_MX_ER)
		card->control |= value;
	else
		card->control &= ~value;
}

static void write_core(struct card *card, uint64_t now, const struct access *access)
{
	if (access->value & ~(uint64_t)CC_RESET)
		violation(card, access, "only bit 0 exists");
	if (!(access->value & CC_RESET))
		return;
	if (access->offset == REG_CC_ER)
		enter_reset(card);
	else if (card->reset && !card->faults->on[FAULT_HANG_RESET])
		leave_reset(card, now);
}

static void write_register(struct card *card, uint64_t now, const struct access *access)
{
	switch (access->offset) {
	case REG_CC_ER:
	case REG_CC_DR:
		write_core(card, now, access);
		break;
	case REG_FS_CA:
		card->count->flushes++;
		flush(card);
		break;
	case REG_MX_ER:
	case REG_MX_DR:
		write_modules(card, access);
		break;
	}
}

/* Returns the rule that @access breaks by its place or its width, or NULL. */
static const char *broken_rule(const struct access *access)
{
	bool readable, writable;

	if (access->bar != 1)
		return "only BAR1 may be touched";
	if (access->size != 4 || access->offset % 4)
		return "only aligned 4-byte accesses are allowed";
	if (!card_register_name(access->offset, &readable, &writable))
		return access->offset < REGISTER_PAGE ? "reserved" : "beyond the register page";
	if (access->write && !writable)
		return "read-only";
	if (!access->write && !readable)
		return "write-only";
	return NULL;
}

static void count_access(struct counters *count, const struct access *access, bool lawful)
{
	if (access->write)
		count->writes++;
	else
		count->reads++;
	if (lawful)
		(access->write ? count->reg_writes : count->reg_reads)[access->offset / 4]++;
}

uint64_t card_access(struct card *card, uint64_t now, const struct access *access)
{
	const char *rule = broken_rule(access);

	count_access(card->count, access, !rule);
	if (card->faults->on[FAULT_GONE])
		return access->write ? 0 : UINT64_MAX >> (64 - 8 * access->size);
	if (rule) {
		violation(card, access, rule);
		return 0;
	}
	/* The order of reads proves nothing about a driver that is lied to; writes count. */
	if (card->settings->hostile.on && !access->write) {
		card->probed = true;
		return hostile_register(&card->settings->hostile, access->offset);
	}
	card_settle(card, now);
	if (!access->write)
		return read_register(card, now, access);
	write_register(card, now, access);
	return 0;
}
