// SPDX-License-Identifier: MIT
#include "alphabet.h"

#include <stdbool.h>
#include <string.h>

static size_t length_at(const struct qrngd_alphabet *alphabet, unsigned int which)
{
	return (size_t)(alphabet->starts[which + 1] - alphabet->starts[which]);
}

static bool same(const struct qrngd_alphabet *alphabet, unsigned int a, unsigned int b)
{
	size_t len = length_at(alphabet, a);

	return len == length_at(alphabet, b) &&
	       memcmp(alphabet->text + alphabet->starts[a], alphabet->text + alphabet->starts[b],
		      len) == 0;
}

static bool repeats(const struct qrngd_alphabet *alphabet)
{
	unsigned int a, b;

	for (a = 1; a < alphabet->count; a++)
		for (b = 0; b < a; b++)
			if (same(alphabet, a, b))
				return true;
	return false;
}

const char *qrngd_alphabet_init(struct qrngd_alphabet *alphabet, const char *text, size_t len)
{
	size_t i;

	alphabet->text = text;
	alphabet->count = 0;
	for (i = 0; i < len; i++) {
		/* Only the first byte of a character is not of the form 10xxxxxx. */
		if (((unsigned char)text[i] & 0xc0) == 0x80)
			continue;
		if (alphabet->count == QRNGD_ALPHABET_MAX)
			return "has too many characters";
		alphabet->starts[alphabet->count++] = (unsigned short)i;
	}
	alphabet->starts[alphabet->count] = (unsigned short)len;
	if (alphabet->count < 2)
		return "has too few characters";
	return repeats(alphabet) ? "has a character twice" : NULL;
}

size_t qrngd_alphabet_put(const struct qrngd_alphabet *alphabet, unsigned int which, char *to)
{
	size_t len = length_at(alphabet, which);

	memcpy(to, alphabet->text + alphabet->starts[which], len);
	return len;
}
