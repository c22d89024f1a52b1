// SPDX-License-Identifier: MIT
/*
 * memsearch: looks through an image of a machine's memory for whatever gives known bytes of output
 * again: the bytes themselves, or a key they come from.
 *
 *   memsearch IMAGE OUTPUT...
 *
 * OUTPUT is a file of hexadecimal digits, at least 256 bytes that were made at once. For each
 * one line: "copies=N keys=N".
 *
 * A copy is 8 bytes in a row, at a multiple of 8, that are in the output too; of any 15 bytes
 * copied together that finds some. A key is 32 bytes at a multiple of 4 that decrypt two blocks of
 * the output by AES-256 to numbers that follow each other, or that make the output by ChaCha20 with
 * a nonce of zeroes and a counter that starts at most 32 blocks back. Only what looks
 * like chance is tried, which all keys but one in 10^9 do.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUTS	 8
#define LENGTH	 4096
#define KEY	 32
#define MARKS	 (1u << 20)
#define DISTINCT 20 /* of 32 bytes; a random key has 30 on average */
#define BLOCK	 64
#define PROBE	 32 /* the counter of the ChaCha20 block that is made of each key */

struct output {
	size_t length;
	unsigned char bytes[LENGTH];
	unsigned long copies, keys;
};

static struct output outputs[OUTPUTS];
static int count;
static uint64_t marks[MARKS / 64];

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "memsearch: %s: %s\n", what, why);
	exit(2);
}

static uint64_t load64(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint32_t mark_of(uint64_t value)
{
	return (uint32_t)((value * 0x9e3779b97f4a7c15u) >> 44);
}

static void load(struct output *output, const char *path)
{
	FILE *file = fopen(path, "re");
	char pair[3];

	if (!file)
		fail(path, "can not be opened");
	while (output->length < LENGTH && fgets(pair, sizeof(pair), file) && isxdigit(pair[0]))
		output->bytes[output->length++] = (unsigned char)strtoul(pair, NULL, 16);
	fclose(file);
	if (output->length < 256)
		fail(path, "holds fewer than 256 bytes");
	for (size_t i = 0; i + 8 <= output->length; i++) {
		uint32_t mark = mark_of(load64(output->bytes + i));

		marks[mark / 64] |= UINT64_C(1) << mark % 64;
	}
}

static void try_copy(const unsigned char *at)
{
	uint32_t mark = mark_of(load64(at));

	if (!(marks[mark / 64] >> mark % 64 & 1))
		return;
	for (int i = 0; i < count; i++)
		outputs[i].copies += memmem(outputs[i].bytes, outputs[i].length, at, 8) != NULL;
}

static bool looks_random(const unsigned char *at)
{
	uint64_t seen[4] = { 0 };
	int distinct = 0;

	if (!load64(at) || load64(at) == load64(at + 8))
		return false;
	for (int i = 0; i < KEY; i++)
		seen[at[i] / 64] |= UINT64_C(1) << at[i] % 64;
	for (int i = 0; i < 4; i++)
		distinct += __builtin_popcountll(seen[i]);
	return distinct >= DISTINCT;
}

static uint32_t rotate(uint32_t x, int bits)
{
	return x << bits | x >> (32 - bits);
}

/* RFC 8439, 2.1 */
static void quarter_round(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 7);
}

/* RFC 8439, 2.3: the first 8 bytes of a block, which is what is looked for. */
static uint64_t chacha20_head(const unsigned char *key, uint32_t counter)
{
	uint32_t begin[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, x[16];

	memcpy(begin + 4, key, KEY);
	begin[12] = counter;
	memcpy(x, begin, sizeof(x));
	for (int i = 0; i < 10; i++) {
		quarter_round(x, 0, 4, 8, 12);
		quarter_round(x, 1, 5, 9, 13);
		quarter_round(x, 2, 6, 10, 14);
		quarter_round(x, 3, 7, 11, 15);
		quarter_round(x, 0, 5, 10, 15);
		quarter_round(x, 1, 6, 11, 12);
		quarter_round(x, 2, 7, 8, 13);
		quarter_round(x, 3, 4, 9, 14);
	}
	return (x[0] + begin[0]) | (uint64_t)(x[1] + begin[1]) << 32;
}

static bool makes_by_chacha20(const struct output *output, uint64_t head)
{
	for (size_t at = 0; at + BLOCK <= output->length; at += BLOCK)
		if (load64(output->bytes + at) == head)
			return true;
	return false;
}

/* Whichever end they count from: a carry leaves the middle alone, but once in 65,536 times. */
static bool makes_by_aes(const struct output *output, gcry_cipher_hd_t aes)
{
	unsigned char plain[32];

	if (gcry_cipher_decrypt(aes, plain, sizeof(plain), output->bytes, sizeof(plain)))
		fail("AES-256", "does not decrypt");
	return !memcmp(plain + 2, plain + 18, 12) && memcmp(plain, plain + 16, 16) != 0;
}

static void try_key(const unsigned char *key, gcry_cipher_hd_t aes)
{
	uint64_t head = chacha20_head(key, PROBE);

	if (gcry_cipher_setkey(aes, key, KEY))
		fail("AES-256", "does not take a key");
	for (int i = 0; i < count; i++)
		outputs[i].keys += makes_by_chacha20(&outputs[i], head) ||
				   makes_by_aes(&outputs[i], aes);
}

static void search(const unsigned char *image, size_t size)
{
	gcry_cipher_hd_t aes;

	if (!gcry_check_version(NULL) ||
	    gcry_cipher_open(&aes, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_ECB, 0))
		fail("AES-256", "is not there");
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	for (size_t at = 0; at + KEY <= size; at += 4) {
		if (at % 8 == 0)
			try_copy(image + at);
		if (looks_random(image + at))
			try_key(image + at, aes);
	}
	gcry_cipher_close(aes);
}

int main(int argc, char **argv)
{
	struct stat info;
	void *image;
	int fd;

	if (argc < 3 || argc - 2 > OUTPUTS) {
		fputs("usage: memsearch IMAGE OUTPUT...\n", stderr);
		return 2;
	}
	for (count = 0; count < argc - 2; count++)
		load(&outputs[count], argv[2 + count]);
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info))
		fail(argv[1], "can not be opened");
	image = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (image == MAP_FAILED)
		fail(argv[1], "can not be mapped");
	search(image, (size_t)info.st_size);
	for (int i = 0; i < count; i++)
		printf("copies=%lu keys=%lu\n", outputs[i].copies, outputs[i].keys);
	return 0;
}
