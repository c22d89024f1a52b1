// SPDX-License-Identifier: MIT
/* Strings over an alphabet, passwords and passphrases, with the entropy that is in them. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "alphabet.h"
#include "list.h"
#include "problem.h"
#include "words.h"

#define COUNT_MAX  10000
#define LENGTH_MAX 1024
#define PHRASE_MAX 64 /* words */

#define LOWER	"abcdefghijklmnopqrstuvwxyz"
#define UPPER	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"
#define SYMBOLS "!#$%&()*+,-./:;<=>?@[]^_{|}~"

enum { P_COUNT, P_FORMAT, P_LENGTH, P_ALPHABET };

/** struct strings - strings under way */
struct strings {
	struct qrngd_list list;
	struct qrngd_alphabet alphabet;
	size_t length;
};

static size_t put_characters(struct strings *strings, char *to)
{
	size_t i, len = 0;

	for (i = 0; i < strings->length; i++) {
		uint64_t which = qrngd_draw_below(&strings->list.draw, strings->alphabet.count);

		len += qrngd_alphabet_put(&strings->alphabet, (unsigned int)which, to + len);
	}
	return len;
}

/* In JSON, a string with what has to be escaped in it; text goes out as it is. */
static size_t put_string(struct qrngd_list *list, char *to)
{
	struct qrngd_json json = { .text = to, .size = 6 * 4 * LENGTH_MAX + 2 };
	char text[4 * LENGTH_MAX];
	size_t len = put_characters((struct strings *)list, text);

	if (list->json)
		qrngd_json_text(&json, NULL, text, len);
	else
		memcpy(to, text, len);
	qrng_wipe(text, len);
	return list->json ? json.len : len;
}

static void note_entropy(struct qrngd_json *notes, double bits)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", bits);
	qrngd_json_plain(notes, "entropy_bits", text);
}

static void send_strings(struct qrngd_call *call, struct strings *strings)
{
	struct qrngd_json notes = qrngd_list_notes(call);

	strings->length = (size_t)call->values[P_LENGTH].integer;
	note_entropy(&notes, (double)strings->length * log2(strings->alphabet.count));
	qrngd_list_send(call, &strings->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, &notes);
}

static struct strings *strings_new(struct qrngd_call *call)
{
	return qrngd_list_new(call, sizeof(struct strings), put_string, 6 * 4 * LENGTH_MAX + 2);
}

static void handle_strings(struct qrngd_call *call)
{
	const struct qrngd_value *alphabet = &call->values[P_ALPHABET];
	struct strings *strings = strings_new(call);
	const char *wrong = qrngd_alphabet_init(&strings->alphabet, alphabet->text, alphabet->len);

	if (wrong)
		qrngd_problem_value(call, "alphabet", wrong,
				    "2 to 256 different characters, each once");
	else
		send_strings(call, strings);
}

static const char *const password_sets[] = { "letters", "alphanumeric", "printable", "digits",
					     "hex", NULL };
static const char *const password_alphabets[] = {
	LOWER UPPER, LOWER UPPER DIGITS, LOWER UPPER DIGITS SYMBOLS, DIGITS, "0123456789abcdef",
};

static void handle_passwords(struct qrngd_call *call)
{
	const char *alphabet = password_alphabets[call->values[P_ALPHABET].word];
	struct strings *strings = strings_new(call);

	qrngd_alphabet_init(&strings->alphabet, alphabet, strlen(alphabet));
	send_strings(call, strings);
}

enum { P_WORDS = P_FORMAT + 1, P_SEPARATOR };

/** struct phrases - passphrases under way */
struct phrases {
	struct qrngd_list list;
	size_t words;
	const char *separator;
};

static size_t put_phrase(struct qrngd_list *list, char *to)
{
	const struct phrases *phrases = (struct phrases *)list;
	size_t i, len = 0, part;

	for (i = 0; i < phrases->words; i++) {
		const char *word = qrngd_words[qrngd_draw_below(&list->draw, QRNGD_WORDS)];

		if (i)
			to[len++] = *phrases->separator;
		part = strlen(word);
		memcpy(to + len, word, part);
		len += part;
	}
	return len;
}

static const char *const separator_names[] = { "space", "dash", "dot", "underscore", NULL };
static const char *const separators[] = { " ", "-", ".", "_" };

static void handle_phrases(struct qrngd_call *call)
{
	struct qrngd_json notes = qrngd_list_notes(call);
	struct phrases *phrases = qrngd_list_new(call, sizeof(*phrases), put_phrase,
						 PHRASE_MAX * (QRNGD_WORD_MAX + 1));

	phrases->list.quoted = true;
	phrases->words = (size_t)call->values[P_WORDS].integer;
	phrases->separator = separators[call->values[P_SEPARATOR].word];
	note_entropy(&notes, (double)phrases->words * log2(QRNGD_WORDS));
	qrngd_list_send(call, &phrases->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, &notes);
}

#define PARAM_COUNT QRNGD_PARAM_INTEGER("count", 1, COUNT_MAX, 1, "how many")

const struct qrngd_route qrngd_routes_strings[] = {
	{
		.path = "/v1/strings",
		.group = "Strings",
		.summary = "Strings over an alphabet, with their entropy in bits each.",
		.type = "application/json, text/plain",
		.handle = handle_strings,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_LENGTH] = QRNGD_PARAM_INTEGER("length", 1, LENGTH_MAX, 16,
							 "characters in each"),
			[P_ALPHABET] = QRNGD_PARAM_TEXT("alphabet", 1, 1024, LOWER UPPER DIGITS,
							"the characters to choose from"),
		},
	},
	{
		.path = "/v1/passwords",
		.group = "Strings",
		.summary = "Passwords, with their entropy in bits each.",
		.type = "application/json, text/plain",
		.handle = handle_passwords,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_LENGTH] = QRNGD_PARAM_INTEGER("length", 4, LENGTH_MAX, 20,
							 "characters in each"),
			[P_ALPHABET] = QRNGD_PARAM_WORD("set", password_sets, 1,
							"the characters to choose from"),
		},
	},
	{
		.path = "/v1/diceware",
		.group = "Strings",
		.summary = "Passphrases of words from the EFF's long list, with their entropy.",
		.type = "application/json, text/plain",
		.handle = handle_phrases,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_WORDS] = QRNGD_PARAM_INTEGER("words", 1, PHRASE_MAX, 6, "words in each"),
			[P_SEPARATOR] = QRNGD_PARAM_WORD("separator", separator_names, 0,
							 "what stands between two words"),
		},
	},
	{ 0 },
};
