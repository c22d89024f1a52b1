// SPDX-License-Identifier: MIT
#include "noise.h"

#include "text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t noise_mix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void noise_init(struct noise *noise)
{
	*noise = (struct noise){.kind = NOISE_OS, .file = -1};
}

void noise_destroy(struct noise *noise)
{
	if (noise->file >= 0)
		close(noise->file);
	noise->file = -1;
}

void noise_restart(struct noise *noise)
{
	noise->generator = noise->seed;
	noise->next = noise->filled = 0;
	noise->wraps = 0;
	if (noise->file >= 0)
		lseek(noise->file, 0, SEEK_SET);
}

static int open_recording(const char *path)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	/* anything else could block, or end without a way to start over */
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size >= 4)
		return fd;
	close(fd);
	return -1;
}

bool noise_select(struct noise *noise, const char *spec)
{
	enum noise_kind kind;
	uint64_t seed = 0;
	int file = -1;

	if (strcmp(spec, "os") == 0) {
		kind = NOISE_OS;
	} else if (strncmp(spec, "seed:", 5) == 0) {
		kind = NOISE_SEED;
		if (!text_parse_number(spec + 5, 0, UINT64_MAX, &seed))
			return false;
	} else if (strncmp(spec, "file:", 5) == 0) {
		kind = NOISE_FILE;
		file = open_recording(spec + 5);
		if (file < 0)
			return false;
	} else {
		return false;
	}
	noise_destroy(noise);
	noise->kind = kind;
	noise->seed = seed;
	noise->file = file;
	noise_restart(noise);
	return true;
}

static size_t fill_from_file(struct noise *noise)
{
	ssize_t got = read(noise->file, noise->buffer, sizeof(noise->buffer));

	if (got < 4) { /* the end; an odd rest is left out */
		noise->wraps++;
		lseek(noise->file, 0, SEEK_SET);
		got = read(noise->file, noise->buffer, sizeof(noise->buffer));
	}
	return got < 4 ? 0 : (size_t)got & ~(size_t)3;
}

static size_t fill_from_seed(struct noise *noise)
{
	for (size_t i = 0; i < sizeof(noise->buffer); i += sizeof(uint64_t)) {
		uint64_t word = noise_mix(&noise->generator);

		memcpy(noise->buffer + i, &word, sizeof(word));
	}
	return sizeof(noise->buffer);
}

static size_t fill_from_os(struct noise *noise)
{
	ssize_t got = getrandom(noise->buffer, sizeof(noise->buffer), 0);

	return got < 4 ? 0 : (size_t)got & ~(size_t)3;
}

static void refill(struct noise *noise)
{
	noise->next = 0;
	switch (noise->kind) {
	case NOISE_OS:
		noise->filled = fill_from_os(noise);
		break;
	case NOISE_SEED:
		noise->filled = fill_from_seed(noise);
		break;
	case NOISE_FILE:
		noise->filled = fill_from_file(noise);
		break;
	}
}

uint32_t noise_word(struct noise *noise)
{
	const unsigned char *byte;

	if (noise->next == noise->filled)
		refill(noise);
	if (noise->next == noise->filled)
		return 0; /* a recording cut short behind our back: a stuck card, which tests see */
	byte = noise->buffer + noise->next;
	noise->next += 4;
	return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}
