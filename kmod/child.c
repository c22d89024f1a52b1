// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "child.h"
#include "drbg.h"
#include "generation.h"

/* What a CPU has made by itself before it is added to what all made, towards a reseed. */
#define SPEND_BYTES	16384

static DEFINE_PER_CPU(u64, output_bytes);
static atomic_t children;

static void count_output(size_t len)
{
	u64 sum = this_cpu_add_return(output_bytes, len);
	u64 pieces = sum / SPEND_BYTES - (sum - len) / SPEND_BYTES;

	if (pieces)
		qrng_drbg_spend(pieces * SPEND_BYTES);
}

static const struct qrng_generator_type *const types[] = {
	[QRNG_GENERATOR_CHACHA20] = &qrng_generator_chacha20,
	[QRNG_GENERATOR_AES256_CTR] = &qrng_generator_aes256_ctr,
	[QRNG_GENERATOR_CTR_DRBG] = &qrng_generator_ctr_drbg,
	[QRNG_GENERATOR_FORTUNA] = &qrng_generator_fortuna,
};

/**
 * qrng_child_type() - what a number stands for
 * @id: enum qrng_generator_id, or anything else
 *
 * Return: the type, NULL if there is none of that number.
 */
const struct qrng_generator_type *qrng_child_type(u32 id)
{
	return id < ARRAY_SIZE(types) ? types[id] : NULL;
}

static void make(struct qrng_child *child, u32 id)
{
	/* Or the library would refill it, see skcipher.c. */
	BUILD_BUG_ON(IS_ENABLED(CONFIG_64BIT) &&
		     offsetof(struct qrng_child, generator.erasure.state) % QRNG_BLOCK_SIZE);
	qrng_host_ctx_init(&child->ctx, types[id]->cipher);
	qrng_generator_init(&child->generator, types[id], &child->ctx);
	child->id = id;
}

static void unmake(struct qrng_child *child)
{
	qrng_generator_wipe(&child->generator);
	qrng_host_ctx_free(&child->ctx);
}

/**
 * qrng_child_open() - make a child generator; seeded when first drawn from
 * @child: the generator
 * @id: enum qrng_generator_id, one there is
 *
 * Context: process context, sleeps.
 */
void qrng_child_open(struct qrng_child *child, u32 id)
{
	make(child, id);
	child->output_bytes = 0;
	atomic_inc(&children);
}

/**
 * qrng_child_set_type() - make another generator of it; seeded when next drawn from
 * @child: the generator; the caller serialises the calls on it
 * @id: enum qrng_generator_id, or anything else
 *
 * Context: process context, sleeps.
 * Return: 0 or -EINVAL when there is none of that number.
 */
int qrng_child_set_type(struct qrng_child *child, u32 id)
{
	if (!qrng_child_type(id))
		return -EINVAL;
	unmake(child);
	make(child, id);
	return 0;
}

/**
 * qrng_child_release() - wipe a child generator
 * @child: a generator after qrng_child_open()
 */
void qrng_child_release(struct qrng_child *child)
{
	unmake(child);
	atomic_dec(&children);
}

/**
 * qrng_child_renew() - mix a seed of the root's into a child
 * @child: the generator; the caller serialises the calls on it
 * @nowait: rather fail than wait for the root's lock
 *
 * The one place where two readers meet, and only after a reseed.
 *
 * Context: process context, may sleep unless @nowait.
 * Return: 0; -EAGAIN only with @nowait; -EIO when the root never had a seed.
 */
int qrng_child_renew(struct qrng_child *child, bool nowait)
{
	return qrng_drbg_derive(&child->generator, nowait);
}

/**
 * qrng_child_draw() - hand out bytes of a child generator
 * @child: the generator; the caller serialises the calls on it
 * @out: where the bytes go
 * @len: how many
 * @nowait: rather fail than wait for a lock
 *
 * Renews the child first if the generation moved, or the child's type wants a new
 * seed, and asks for a reseed if that is due; the drawing does not wait for it.
 *
 * Context: process context, may sleep unless @nowait.
 * Return: 0; -EAGAIN only with @nowait; -EIO when there never was a seed, which the
 * state READY, once seen, rules out for good.
 */
int qrng_child_draw(struct qrng_child *child, u8 *out, size_t len, bool nowait)
{
	struct qrng_generator *generator = &child->generator;
	int ret;

	qrng_drbg_hurry();
	if (generator->generation != qrng_generation() ||
	    !qrng_generator_draw(generator, out, len)) {
		ret = qrng_child_renew(child, nowait);
		if (ret)
			return ret;
		if (!qrng_generator_draw(generator, out, len))
			return -EIO;
	}
	child->output_bytes += len;
	count_output(len);
	return 0;
}

/**
 * qrng_child_look() - what QRNG_IOC_INFO tells
 * @child: the generator; the caller serialises the calls on it
 * @info: filled in
 *
 * Context: process context, sleeps.
 */
void qrng_child_look(const struct qrng_child *child, struct qrng_file_info *info)
{
	struct qrng_drbg_info root;

	qrng_drbg_look(&root);
	memset(info, 0, sizeof(*info));
	info->state = root.state;
	info->generator = child->id;
	info->generation = child->generator.generation;
	info->current_generation = root.generation;
	info->output_bytes = child->output_bytes;
	info->reseed_age_ms = root.reseed_age_ms;
}

/** qrng_child_output() - bytes that all children, past ones too, have handed out */
u64 qrng_child_output(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(output_bytes, cpu);
	return sum;
}

/** qrng_child_count() - children there are */
unsigned int qrng_child_count(void)
{
	return atomic_read(&children);
}
