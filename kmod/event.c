// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to the multicast group "events". The hardware is the same whichever network
 * namespace listens, so each of them is told.
 */
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "event.h"
#include "netlink.h"
#include "source.h"

/* The family's only group. */
#define GROUP	0

/*
 * Is the family there? What happens before or after must not reach a group number that
 * may by then be somebody else's.
 */
static bool family_there;

static bool anybody_listens(void)
{
	struct net *net;
	bool found = false;

	rcu_read_lock();
	if (READ_ONCE(family_there))
		for_each_net_rcu(net)
			found |= genl_has_listeners(&qrng_netlink_family, net, GROUP) > 0;
	rcu_read_unlock();
	return found;
}

/* An event that is lost on its way here is owned up to, like one that finds no room there. */
static void send_to(struct net *net, struct sk_buff *skb)
{
	struct sk_buff *copy = skb ? skb_clone(skb, GFP_ATOMIC) : NULL;

	if (copy)
		genlmsg_multicast_netns(&qrng_netlink_family, net, copy, 0, GROUP, GFP_ATOMIC);
	else
		genl_set_err(&qrng_netlink_family, net, 0, GROUP, -ENOBUFS);
}

static void send(struct sk_buff *skb)
{
	struct net *net;

	rcu_read_lock();
	if (READ_ONCE(family_there))
		for_each_net_rcu(net)
			if (genl_has_listeners(&qrng_netlink_family, net, GROUP) > 0)
				send_to(net, skb);
	rcu_read_unlock();
	kfree_skb(skb);
}

static struct sk_buff *event_new(enum qrng_event kind, void **head)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*head = genlmsg_put(skb, 0, 0, &qrng_netlink_family, 0, QRNG_CMD_EVENT);
	if (*head && !nla_put_u32(skb, QRNG_A_EVENT_KIND, kind) &&
	    !nla_put_u64_64bit(skb, QRNG_A_EVENT_TIME_MS, ktime_to_ms(ktime_get_boottime()),
			       QRNG_A_EVENT_PAD))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static struct sk_buff *source_message(const struct qrng_source *source, enum qrng_event kind,
				      u32 modules)
{
	void *head;
	struct sk_buff *skb = event_new(kind, &head);

	if (!skb)
		return NULL;
	if (nla_put_string(skb, QRNG_A_EVENT_SOURCE, source->name) ||
	    nla_put_u32(skb, QRNG_A_EVENT_SOURCE_STATE, qrng_source_state(source)) ||
	    nla_put_u32(skb, QRNG_A_EVENT_SOURCE_REASON, qrng_source_reason(source)) ||
	    (modules && nla_put_u32(skb, QRNG_A_EVENT_MODULES, modules))) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, head);
	return skb;
}

static struct sk_buff *drbg_message(enum qrng_event kind, enum qrng_drbg_state state,
				    u64 generation, enum qrng_reseed_reason reason)
{
	void *head;
	struct sk_buff *skb = event_new(kind, &head);

	if (!skb)
		return NULL;
	if (nla_put_u32(skb, QRNG_A_EVENT_DRBG_STATE, state) ||
	    nla_put_u64_64bit(skb, QRNG_A_EVENT_GENERATION, generation, QRNG_A_EVENT_PAD) ||
	    nla_put_u32(skb, QRNG_A_EVENT_RESEED_REASON, reason)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, head);
	return skb;
}

/**
 * qrng_event_source() - tell of a source
 * @source: the source, its state already the new one
 * @kind: what happened
 * @modules: mask of the modules that it happened to, 0: to none in particular
 *
 * Costs a look at each network namespace when nobody listens, and never waits for a
 * listener: one that is too slow gets ENOBUFS. May be called with locks held that allow
 * to sleep.
 *
 * Context: process context, sleeps for memory only.
 */
void qrng_event_source(const struct qrng_source *source, enum qrng_event kind, u32 modules)
{
	if (anybody_listens())
		send(source_message(source, kind, modules));
}

/**
 * qrng_event_drbg() - tell of the root generator
 * @kind: what happened
 * @state: its state, already the new one
 * @generation: of its seed, 0: none yet
 * @reason: of its last reseed
 *
 * Takes what it tells from its caller, and no lock: it may be called under the
 * generator's own. Otherwise like qrng_event_source().
 *
 * Context: process context, sleeps for memory only.
 */
void qrng_event_drbg(enum qrng_event kind, enum qrng_drbg_state state, u64 generation,
		     enum qrng_reseed_reason reason)
{
	if (anybody_listens())
		send(drbg_message(kind, state, generation, reason));
}

/** qrng_event_open() - events may be sent: the family is registered */
void qrng_event_open(void)
{
	WRITE_ONCE(family_there, true);
}

/**
 * qrng_event_close() - no more events: the family is about to go
 *
 * Context: process context, sleeps until none is on its way.
 */
void qrng_event_close(void)
{
	WRITE_ONCE(family_there, false);
	synchronize_rcu();
}
