// SPDX-License-Identifier: MIT
/*
 * onpty COUNT TEXT COMMAND [ARGUMENT]...: runs a command on a terminal of its own, copies what
 * it draws there, types Ctrl-C when TEXT has come COUNT times, and ends with its exit code.
 */
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Copies what comes; returns when @text has come @count times, or nothing more does. */
static void copy(int terminal, const char *text, long count)
{
	size_t len = strlen(text), matched = 0;
	char c;

	while (count > 0 && read(terminal, &c, 1) == 1) {
		putchar(c);
		matched = c == text[matched] ? matched + 1 : c == text[0];
		if (matched == len) {
			matched = 0;
			count--;
		}
	}
}

int main(int argc, char **argv)
{
	int terminal, status;
	pid_t child;

	if (argc < 4 || !argv[2][0]) {
		fputs("usage: onpty COUNT TEXT COMMAND [ARGUMENT]...\n", stderr);
		return 125;
	}
	child = forkpty(&terminal, NULL, NULL, NULL);
	if (child < 0)
		return 125;
	if (!child) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	copy(terminal, argv[2], strtol(argv[1], NULL, 10));
	if (write(terminal, "\003", 1) != 1)
		return 125;
	/* What is still drawn must find its way, or the command waits for us. */
	copy(terminal, "\377", 1);
	if (waitpid(child, &status, 0) != child || fflush(stdout))
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
