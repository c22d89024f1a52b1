// SPDX-License-Identifier: MIT
/* Prints the state machine's table as docs/recovery.md shows it. */
#include <stdio.h>

#include "../../kmod/core/recovery.h"

static void print_cell(enum qrng_recovery_state state, enum qrng_recovery_event event)
{
	const struct qrng_recovery_edge *edge = qrng_recovery_edge(state, event);

	if (edge->to == state && !edge->counts)
		printf(" |");
	else
		printf(" %s%s |", qrng_recovery_state_name(edge->to), edge->counts ? " ×" : "");
}

int main(void)
{
	enum qrng_recovery_state state;
	enum qrng_recovery_event event;

	printf("| in state |");
	for (event = 0; event < QRNG_RECOVERY_EVENTS; event++)
		printf(" %s |", qrng_recovery_event_name(event));
	printf("\n|");
	for (event = 0; event <= QRNG_RECOVERY_EVENTS; event++)
		printf(" --- |");
	for (state = 0; state < QRNG_RECOVERY_STATES; state++) {
		printf("\n| **%s** |", qrng_recovery_state_name(state));
		for (event = 0; event < QRNG_RECOVERY_EVENTS; event++)
			print_cell(state, event);
	}
	printf("\n\n| rule | value |\n| --- | --- |\n");
	printf("| wait after a first failure | %u ms |\n", qrng_recovery_rules.backoff_first);
	printf("| which doubles up to | %u ms |\n", qrng_recovery_rules.backoff_max);
	printf("| failures in a row that open the circuit | %u |\n",
	       qrng_recovery_rules.failures_max);
	printf("| wait with the circuit open | %u ms |\n", qrng_recovery_rules.cooldown_first);
	printf("| which doubles up to | %u ms |\n", qrng_recovery_rules.cooldown_max);
	printf("| health that ends a row of failures | %u ms |\n", qrng_recovery_rules.stable);
	return 0;
}
