/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A noise source: hardware behind a small table of operations, a thread that
 * reads and tests it, and a reserve of tested noise.
 */
#ifndef _QRNG_SOURCE_H
#define _QRNG_SOURCE_H

#include <linux/device.h>
#include <linux/hw_random.h>
#include <linux/list.h>
#include <linux/wait.h>

#include "../uapi/qrng.h"
#include "core/health.h"
#include "core/recovery.h"
#include "mailbox.h"
#include "reserve.h"

struct qrng_source;

/*
 * What of a reserve only the generator may take: two events for each of its 32 pools,
 * which is what a seed takes if this is the only source, and claims half a bit per bit or
 * more. However greedy the readers of noise are, a reseed that is due finds it there.
 */
#define QRNG_SOURCE_SEED_SHARE	2048

/**
 * struct qrng_source_ops - what a driver does for its source
 * @start: bring the hardware into a known state and let it make noise
 * @check: look whether it is there and in order; cheap, called while idle
 * @read: take raw noise, at most @len bytes (a multiple of 4). 0 when there is none
 *	yet; called again after a short sleep then
 * @stop: let the hardware rest; it may already be gone
 * @release: free the memory around the source; its last reference is gone
 *
 * All but @release run in the source's own thread, one at a time, and may sleep.
 * -ENODEV means that the hardware is gone for good, any other error that it
 * failed and may be started again.
 */
struct qrng_source_ops {
	int (*start)(struct qrng_source *source);
	int (*check)(struct qrng_source *source);
	int (*read)(struct qrng_source *source, u8 *buffer, size_t len);
	void (*stop)(struct qrng_source *source);
	void (*release)(struct qrng_source *source);
};

/**
 * struct qrng_source_stats - counters
 * @raw_bytes: read from the hardware and tested
 * @intermittent: bursts that failed a health test at the intermittent level
 * @permanent: the same at the permanent level
 * @startup_passes: start-up tests passed
 * @tests: tests on demand that have come to an end
 * @test_failures: of these, failed
 * @register_reads: bus reads of any register
 * @overflows: FIFO overflows seen and flushed
 * @timeouts: times that no noise came within the limit
 * @module_failures: modules of the hardware that were switched off because they failed
 * @starts: times that the hardware was reset and started
 * @used_bytes: handed to a consumer; all others are written by the thread alone
 */
struct qrng_source_stats {
	u64 raw_bytes;
	u64 intermittent;
	u64 permanent;
	u64 startup_passes;
	u64 tests;
	u64 test_failures;
	u64 register_reads;
	u64 overflows;
	u64 timeouts;
	u64 module_failures;
	u64 starts;
	atomic64_t used_bytes;
};

/**
 * struct qrng_source_modules - the parts of the hardware that make noise, as masks
 * @wanted: those that shall work; set by the operator, honoured by the driver's start
 * @present: told by the driver; 0 if the hardware has no such parts
 * @working: the same; those that make noise now
 */
struct qrng_source_modules {
	u32 wanted;
	u32 present;
	u32 working;
};

/**
 * struct qrng_source - one noise source
 * @ops: its driver
 * @name: as users see it, e.g. "quantis.0"
 * @quality: min-entropy claimed, bits in 1024
 * @modules: which of its parts shall make noise, and which do
 * @poll_us: how long noise takes to gather, for the sleep between two @ops->read; set by
 *	the driver before its start ends
 * @dev: its folder in /sys/class/qrng; holds the memory
 * @number: grows from each to the next in the list; its last byte tells the pool whose
 *	noise it is
 * @node: in the list of sources, guarded by qrng_sources_lock
 * @thread: runs every operation
 * @thread_wait: where the thread sleeps while nobody wants noise
 * @mailbox: what others want done in the thread
 * @data_wait: where consumers wait for noise, or for the end
 * @lock: what others see of @recovery, @reason and @error fits together under it; written
 *	by the thread, and by unregistration once that has ended
 * @state: @recovery's, for everybody, without @lock
 * @recovery: what becomes of the source; the thread's alone, like all from here on but
 *	@reserve, @stats and the counters of @health
 * @reason: why it is in its state
 * @error: why it failed last, 0 if it never did
 * @started: the hardware was started for the start-up test that is under way
 * @testing: a test on demand is under way
 * @health: the tests
 * @filling: reading until the reserve is full
 * @surveying: reading to test, while the reserve needs nothing
 * @looked: jiffies when noise last came, or was looked for
 * @silence: jiffies for which it was looked for since it last came
 * @tested: jiffies when noise was last tested
 * @reserve: tested noise
 * @stats: counters
 * @hwrng: the face to the kernel's own hwrng framework
 * @offered: the claim with which it was offered there; @hwrng's is the framework's to change
 * @withdrawn: that face is being taken away, nobody shall wait there
 * @unwiped: bytes of @burst that are to be wiped
 * @burst: raw noise on its way from @ops to @reserve; the thread's alone
 */
struct qrng_source {
	const struct qrng_source_ops *ops;
	char name[QRNG_SOURCE_NAME_MAX];
	u32 quality;
	struct qrng_source_modules modules;
	u32 poll_us;
	struct device dev;
	u32 number;
	struct list_head node;
	struct task_struct *thread;
	wait_queue_head_t thread_wait;
	struct qrng_mailbox mailbox;
	wait_queue_head_t data_wait;
	spinlock_t lock;
	enum qrng_source_state state;
	struct qrng_recovery recovery;
	enum qrng_source_reason reason;
	int error;
	bool started;
	bool testing;
	struct qrng_health health;
	bool filling;
	bool surveying;
	unsigned long looked;
	unsigned long silence;
	unsigned long tested;
	struct qrng_reserve reserve;
	struct qrng_source_stats stats;
	struct hwrng hwrng;
	u32 offered;
	bool withdrawn;
	u32 unwiped;
	u8 burst[4096];
};

extern struct list_head qrng_sources;
extern struct mutex qrng_sources_lock;
extern unsigned int qrng_sources_sequence;

int qrng_source_register(struct qrng_source *source, struct device *parent);
void qrng_source_unregister(struct qrng_source *source);
size_t qrng_source_take(struct qrng_source *source, u8 *to, size_t len);
size_t qrng_source_take_spare(struct qrng_source *source, u8 *to, size_t len);
struct qrng_source *qrng_source_find(const char *name);
void qrng_source_put(struct qrng_source *source);
int qrng_source_call(struct qrng_source *source, int (*fn)(struct qrng_source *source, void *arg),
		     void *arg);

/** qrng_source_wants() - is its reserve so low that the hardware should be read? */
static inline bool qrng_source_wants(const struct qrng_source *source)
{
	return qrng_reserve_fill(&source->reserve) < QRNG_RESERVE_SIZE / 2;
}

static inline enum qrng_source_state qrng_source_state(const struct qrng_source *source)
{
	return READ_ONCE(source->state);
}

static inline enum qrng_source_reason qrng_source_reason(const struct qrng_source *source)
{
	return READ_ONCE(source->reason);
}

/** qrng_source_spares() - is there noise that others than the generator may take? */
static inline bool qrng_source_spares(const struct qrng_source *source)
{
	return qrng_source_state(source) == QRNG_SOURCE_HEALTHY &&
	       qrng_reserve_fill(&source->reserve) > QRNG_SOURCE_SEED_SHARE;
}

#endif /* _QRNG_SOURCE_H */
