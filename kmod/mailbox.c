// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that touches a source's hardware happens in its thread. Whoever wants something of
 * it leaves a call here and waits for the answer.
 */
#include <linux/completion.h>
#include <linux/wait.h>

#include "mailbox.h"
#include "source.h"

/**
 * struct call - one thing to be done; lies on the stack of whoever waits for it
 * @node: in the mailbox; empty once the call was taken out, to be done or refused
 * @fn: what to do
 * @arg: for @fn
 * @ret: what it returned
 * @done: it has returned
 */
struct call {
	struct list_head node;
	int (*fn)(struct qrng_source *source, void *arg);
	void *arg;
	int ret;
	struct completion done;
};

/**
 * qrng_mailbox_init() - make an empty, open mailbox
 * @source: the source it belongs to
 */
void qrng_mailbox_init(struct qrng_source *source)
{
	spin_lock_init(&source->mailbox.lock);
	INIT_LIST_HEAD(&source->mailbox.calls);
}

static bool call_put(struct qrng_mailbox *mailbox, struct call *call)
{
	bool open;

	spin_lock(&mailbox->lock);
	open = !mailbox->closed;
	if (open)
		list_add_tail(&call->node, &mailbox->calls);
	spin_unlock(&mailbox->lock);
	return open;
}

static struct call *call_next(struct qrng_mailbox *mailbox)
{
	struct call *call;

	spin_lock(&mailbox->lock);
	call = list_first_entry_or_null(&mailbox->calls, struct call, node);
	if (call)
		list_del_init(&call->node);
	spin_unlock(&mailbox->lock);
	return call;
}

/* Return: true if it is out before it was begun. */
static bool call_withdraw(struct qrng_mailbox *mailbox, struct call *call)
{
	bool waiting;

	spin_lock(&mailbox->lock);
	waiting = !list_empty(&call->node);
	list_del_init(&call->node);
	spin_unlock(&mailbox->lock);
	return waiting;
}

/**
 * qrng_source_call() - have a function run in a source's own thread
 * @source: the source; the caller holds a reference, see qrng_source_find()
 * @fn: runs between two steps of the thread, with the hardware to itself; may sleep, but
 *	not for long: neither reads nor a removal go on meanwhile
 * @arg: for @fn; may lie on the caller's stack
 *
 * A caller that is killed leaves before @fn has begun, or after it has ended.
 *
 * Context: process context, sleeps; not the source's thread, and without locks: the
 * thread takes qrng_sources_lock, too.
 * Return: what @fn returned; -ENODEV, and @fn never runs, when the source is gone;
 * -EINTR when the caller was killed before @fn began.
 */
int qrng_source_call(struct qrng_source *source, int (*fn)(struct qrng_source *source, void *arg),
		     void *arg)
{
	struct call call = { .fn = fn, .arg = arg };

	init_completion(&call.done);
	if (!call_put(&source->mailbox, &call))
		return -ENODEV;
	wake_up(&source->thread_wait);
	if (wait_for_completion_killable(&call.done)) {
		if (call_withdraw(&source->mailbox, &call))
			return -EINTR;
		wait_for_completion(&call.done);
	}
	return call.ret;
}

/** qrng_mailbox_empty() - is there no call to be done? */
bool qrng_mailbox_empty(struct qrng_source *source)
{
	return list_empty_careful(&source->mailbox.calls);
}

/**
 * qrng_mailbox_serve() - do what there is to do
 * @source: the source whose thread this is
 */
void qrng_mailbox_serve(struct qrng_source *source)
{
	struct call *call;

	while ((call = call_next(&source->mailbox))) {
		call->ret = -ENODEV;
		if (qrng_source_state(source) != QRNG_SOURCE_GONE)
			call->ret = call->fn(source, call->arg);
		complete(&call->done);
	}
}

/**
 * qrng_mailbox_close() - refuse the calls that are left, and all to come
 * @source: a source whose thread has ended, or never began
 */
void qrng_mailbox_close(struct qrng_source *source)
{
	struct call *call;

	spin_lock(&source->mailbox.lock);
	source->mailbox.closed = true;
	spin_unlock(&source->mailbox.lock);
	while ((call = call_next(&source->mailbox))) {
		call->ret = -ENODEV;
		complete(&call->done);
	}
}
