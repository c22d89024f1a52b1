// SPDX-License-Identifier: MIT
#include "emulator.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static uint64_t real_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t card_now(const struct emulator *emulator)
{
	uint64_t passed = real_now() - emulator->real_base;

	return emulator->card_base + (uint64_t)((double)passed * emulator->settings.speed);
}

/* Accounts for the past under the old rules, and restarts the clock from here. */
static void settle(struct emulator *emulator)
{
	uint64_t now = card_now(emulator);

	emulator->real_base = real_now();
	emulator->card_base = now;
	if (emulator->plugged)
		card_settle(&emulator->card, now);
}

static void on_violation(void *context, const char *what)
{
	struct emulator *emulator = context;

	journal_violation(&emulator->journal, what);
}

void emulator_init(struct emulator *emulator)
{
	memset(emulator, 0, sizeof(*emulator));
	setting_init(&emulator->settings);
	emulator->real_base = real_now();
	emulator->card.settings = &emulator->settings;
	emulator->card.faults = &emulator->faults;
	emulator->card.count = &emulator->count;
	emulator->card.violation = on_violation;
	emulator->card.context = emulator;
}

void emulator_destroy(struct emulator *emulator)
{
	setting_destroy(&emulator->settings);
	journal_close(&emulator->journal);
}

static void power_on(struct emulator *emulator)
{
	config_power_on(&emulator->config, &emulator->settings);
	card_power_on(&emulator->card, card_now(emulator));
}

void emulator_plug(struct emulator *emulator)
{
	emulator->count.connections++;
	emulator->plugged = true;
	noise_restart(&emulator->settings.noise);
	power_on(emulator);
	journal_line(&emulator->journal, "plugged in");
}

void emulator_unplug(struct emulator *emulator, const char *why)
{
	emulator->plugged = false;
	emulator->faults.on[FAULT_GONE] = false;
	journal_line(&emulator->journal, "unplugged: %s", why);
}

void emulator_bus_reset(struct emulator *emulator)
{
	emulator->count.device_resets++;
	power_on(emulator);
}

uint64_t emulator_bar_access(struct emulator *emulator, struct access *access, uint64_t address,
			     bool memory)
{
	int bar = config_find_bar(&emulator->config, address, memory, &access->offset);
	char what[96];

	if (bar >= 0) {
		access->bar = (unsigned int)bar;
		return card_access(&emulator->card, card_now(emulator), access);
	}
	snprintf(what, sizeof(what), "%s of %s address 0x%" PRIx64 ", which no BAR decodes",
		 access->write ? "write" : "read", memory ? "memory" : "I/O", address);
	emulator->count.violations++;
	journal_violation(&emulator->journal, what);
	return UINT64_MAX >> (64 - 8 * access->size);
}

uint32_t emulator_config_read(struct emulator *emulator, uint32_t address, uint32_t size)
{
	struct settings *settings = &emulator->settings;
	uint32_t value;

	emulator->count.config_reads++;
	if (emulator->faults.on[FAULT_GONE])
		return UINT32_MAX >> (32 - 8 * size);
	value = config_read(&emulator->config, address, size);
	if (settings->hostile.on && settings->hostile_config && emulator->card.probed)
		return hostile_config(&settings->hostile, value, size);
	return value;
}

void emulator_config_write(struct emulator *emulator, uint32_t address, uint32_t size,
			   uint32_t value)
{
	emulator->count.config_writes++;
	if (!emulator->faults.on[FAULT_GONE])
		config_write(&emulator->config, address, size, value);
}

const char *emulator_set(struct emulator *emulator, const char *name, const char *value)
{
	settle(emulator);
	return setting_apply(&emulator->settings, name, value);
}

const char *emulator_fault(struct emulator *emulator, const char *command)
{
	settle(emulator);
	return fault_apply(&emulator->faults, command);
}

void emulator_clear_faults(struct emulator *emulator)
{
	settle(emulator);
	fault_clear(&emulator->faults);
}

void emulator_reset_count(struct emulator *emulator)
{
	settle(emulator);
	memset(&emulator->count, 0, sizeof(emulator->count));
}

static void report_registers(const struct emulator *emulator, struct text *text, bool writes)
{
	const struct counters *count = &emulator->count;
	const uint64_t *by_register = writes ? count->reg_writes : count->reg_reads;

	text_add_object(text, writes ? "writes" : "reads");
	text_add_number(text, "total", writes ? count->writes : count->reads);
	for (unsigned int i = 0; i < COUNT_REGISTERS; i++) {
		bool readable, writable;
		const char *name = card_register_name(4 * i, &readable, &writable);

		if (writes ? writable : readable)
			text_add_number(text, name, by_register[i]);
	}
	text_add(text, "}");
}

void emulator_report_count(struct emulator *emulator, struct text *text)
{
	const struct counters *count = &emulator->count;

	settle(emulator);
	text_add(text, "{");
	report_registers(emulator, text, false);
	report_registers(emulator, text, true);
	text_add_number(text, "words_produced", count->words_produced);
	text_add_number(text, "words_popped", count->words_popped);
	text_add_number(text, "words_dropped", count->words_dropped);
	text_add_number(text, "words_flushed", count->words_flushed);
	text_add_number(text, "overflows", count->overflows);
	text_add_number(text, "flushes", count->flushes);
	text_add_number(text, "resets", count->resets);
	text_add_number(text, "violations", count->violations);
	text_add_number(text, "config_reads", count->config_reads);
	text_add_number(text, "config_writes", count->config_writes);
	text_add_number(text, "device_resets", count->device_resets);
	text_add_number(text, "connections", count->connections);
	text_add_number(text, "protocol_errors", count->protocol_errors);
	text_add(text, "}");
}

void emulator_report_state(struct emulator *emulator, struct text *text)
{
	static const uint32_t shown[] = {REG_CC_SR, REG_CV_SR, REG_FS_RR, REG_MX_SR};
	uint64_t now;

	settle(emulator);
	now = emulator->card_base;
	text_add(text, "{");
	text_add_bool(text, "plugged", emulator->plugged);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		bool readable, writable;
		const char *name = card_register_name(shown[i], &readable, &writable);

		text_add_hex(text, name, card_peek(&emulator->card, now, shown[i]));
	}
	text_add_number(text, "fifo_words", emulator->card.fifo.words);
	text_add_number(text, "noise_wraps", emulator->settings.noise.wraps);
	text_add_object(text, "faults");
	fault_report(&emulator->faults, text);
	text_add(text, "}}");
}
