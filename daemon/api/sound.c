// SPDX-License-Identifier: MIT
/* Noise that can be heard, as WAV or FLAC, streamed. */
#include "api.h"

#include <FLAC/stream_encoder.h>
#include <string.h>

#include "body.h"
#include "noise.h"
#include "problem.h"

enum { P_NOISE, P_SECONDS, P_RATE, P_CHANNELS, P_BITS, P_FORMAT };

enum { SOUND_WAV, SOUND_FLAC };
static const char *const formats[] = { "wav", "flac", NULL };
static const char *const colours[] = { "white", "pink", "brown", NULL };
static const char *const depths[] = { "8", "16", "24", NULL };

#define WAV_HEAD 44

/* Samples of each channel that are handed to the encoder at a time; one frame of FLAC. */
#define FRAME 1024

/* A frame of noise does not get smaller, and has a head of less than this. */
#define FRAME_MAX (FRAME * QRNGD_CHANNELS_MAX * 4 + 1024)

/**
 * struct sound - sound under way
 * @body: how it is sent
 * @draw: where randomness comes from
 * @noise: the channels
 * @channels: how many
 * @bits: of each sample
 * @rate: samples of each channel in a second
 * @total: samples of each channel
 * @left: of @total
 * @started: the head has been written
 * @flac: the encoder, for FLAC
 * @at: where its next bytes go
 */
struct sound {
	struct qrngd_body body;
	struct qrngd_draw draw;
	struct qrngd_noise noise[QRNGD_CHANNELS_MAX];
	unsigned int channels;
	unsigned int bits;
	uint32_t rate;
	uint64_t total;
	uint64_t left;
	bool started;
	FLAC__StreamEncoder *flac;
	uint8_t *at;
};

static uint64_t wav_bytes(const struct sound *sound)
{
	return sound->total * sound->channels * (sound->bits / 8);
}

static uint8_t *put_le(uint8_t *to, uint32_t value, unsigned int bytes)
{
	for (; bytes; bytes--, value >>= 8)
		*to++ = (uint8_t)value;
	return to;
}

static uint8_t *put_tag(uint8_t *to, const char *tag)
{
	memcpy(to, tag, 4);
	return to + 4;
}

static uint8_t *put_wav_head(const struct sound *sound, uint8_t *to)
{
	uint32_t frame = sound->channels * sound->bits / 8;
	uint32_t data = (uint32_t)wav_bytes(sound);

	to = put_le(put_tag(to, "RIFF"), data + WAV_HEAD - 8, 4);
	to = put_le(put_tag(put_tag(to, "WAVE"), "fmt "), 16, 4);
	to = put_le(put_le(to, 1, 2), sound->channels, 2);
	to = put_le(put_le(to, sound->rate, 4), sound->rate * frame, 4);
	to = put_le(put_le(to, frame, 2), sound->bits, 2);
	return put_le(put_tag(to, "data"), data, 4);
}

/* Samples of 8 bits have no sign in this format; all others do. */
static uint8_t *put_wav_sample(const struct sound *sound, int32_t sample, uint8_t *to)
{
	uint32_t value = (uint32_t)sample + (sound->bits == 8 ? 128 : 0);

	return put_le(to, value, sound->bits / 8);
}

static size_t make_wav(struct qrngd_body *body, uint8_t *bytes, size_t size, bool *end)
{
	struct sound *sound = (struct sound *)body;
	size_t frame = sound->channels * sound->bits / 8;
	uint8_t *to = bytes;
	unsigned int channel;

	if (!sound->started)
		to = put_wav_head(sound, to);
	sound->started = true;
	for (; sound->left && size - (size_t)(to - bytes) >= frame; sound->left--)
		for (channel = 0; channel < sound->channels; channel++)
			to = put_wav_sample(sound,
					    qrngd_noise_sample(&sound->noise[channel], &sound->draw),
					    to);
	*end = !sound->left;
	return (size_t)(to - bytes);
}

static FLAC__StreamEncoderWriteStatus on_flac(const FLAC__StreamEncoder *flac,
					      const FLAC__byte bytes[], size_t len,
					      uint32_t samples, uint32_t frame, void *data)
{
	struct sound *sound = data;

	(void)flac;
	(void)samples;
	(void)frame;
	memcpy(sound->at, bytes, len);
	sound->at += len;
	return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

static bool start_flac(struct sound *sound)
{
	return FLAC__stream_encoder_init_stream(sound->flac, on_flac, NULL, NULL, NULL, sound) ==
	       FLAC__STREAM_ENCODER_INIT_STATUS_OK;
}

static bool encode_frame(struct sound *sound)
{
	FLAC__int32 samples[FRAME * QRNGD_CHANNELS_MAX];
	uint32_t count = sound->left < FRAME ? (uint32_t)sound->left : FRAME, i;
	bool done;

	for (i = 0; i < count * sound->channels; i++)
		samples[i] = qrngd_noise_sample(&sound->noise[i % sound->channels], &sound->draw);
	sound->left -= count;
	done = FLAC__stream_encoder_process_interleaved(sound->flac, samples, count);
	qrng_wipe(samples, sizeof(samples));
	return done;
}

static size_t make_flac(struct qrngd_body *body, uint8_t *bytes, size_t size, bool *end)
{
	struct sound *sound = (struct sound *)body;
	bool done;

	sound->at = bytes;
	done = sound->started || start_flac(sound);
	sound->started = true;
	/* The encoder is a frame behind, and hands that over at the end. */
	while (done && sound->left && size - (size_t)(sound->at - bytes) > 2 * FRAME_MAX)
		done = encode_frame(sound);
	if (done && !sound->left && size - (size_t)(sound->at - bytes) > 2 * FRAME_MAX) {
		done = FLAC__stream_encoder_finish(sound->flac);
		*end = true;
	}
	body->broken = !done;
	return (size_t)(sound->at - bytes);
}

static void dispose(struct qrngd_body *body)
{
	struct sound *sound = (struct sound *)body;

	if (!sound->flac)
		return;
	/* Before its end the encoder would still write what it has. */
	sound->at = (uint8_t[FRAME_MAX]){ 0 };
	FLAC__stream_encoder_delete(sound->flac);
}

static bool set_up_flac(struct sound *sound)
{
	sound->flac = FLAC__stream_encoder_new();
	return sound->flac && FLAC__stream_encoder_set_channels(sound->flac, sound->channels) &&
	       FLAC__stream_encoder_set_bits_per_sample(sound->flac, sound->bits) &&
	       FLAC__stream_encoder_set_sample_rate(sound->flac, sound->rate) &&
	       FLAC__stream_encoder_set_compression_level(sound->flac, 0) &&
	       FLAC__stream_encoder_set_blocksize(sound->flac, FRAME) &&
	       FLAC__stream_encoder_set_streamable_subset(sound->flac, false) &&
	       FLAC__stream_encoder_set_total_samples_estimate(sound->flac, sound->total);
}

static void take_values(struct sound *sound, const struct qrngd_call *call)
{
	unsigned int i;

	sound->draw.supply = &call->worker->supply;
	sound->channels = (unsigned int)call->values[P_CHANNELS].integer;
	sound->bits = 8 * (call->values[P_BITS].word + 1);
	sound->rate = (uint32_t)call->values[P_RATE].integer;
	sound->total = (uint64_t)(call->values[P_SECONDS].real * sound->rate + 0.5);
	sound->left = sound->total;
	for (i = 0; i < sound->channels; i++) {
		sound->noise[i].colour = call->values[P_NOISE].word;
		sound->noise[i].bits = sound->bits;
	}
}

static void send_flac(struct qrngd_call *call, struct sound *sound)
{
	sound->body.make = make_flac;
	sound->body.dispose = dispose;
	if (call->ready && !call->head && !set_up_flac(sound))
		qrngd_problem_send(call, 503, "out of memory");
	else
		qrngd_body_send(call, &sound->body, "audio/flac", QRNGD_LENGTH_UNKNOWN);
}

static void handle_sound(struct qrngd_call *call)
{
	struct sound *sound = qrngd_body_new(call, sizeof(*sound), make_wav);

	take_values(sound, call);
	if (!sound->total)
		qrngd_problem_value(call, "seconds", "is less than a sample lasts",
				    "one sample or more");
	else if (call->values[P_FORMAT].word == SOUND_FLAC)
		send_flac(call, sound);
	else
		qrngd_body_send(call, &sound->body, "audio/wav", WAV_HEAD + wav_bytes(sound));
}

const struct qrngd_route qrngd_routes_sound[] = {
	{
		.path = "/v1/sound",
		.group = "Sound",
		.summary = "Noise to listen to.",
		.type = "audio/wav, audio/flac",
		.handle = handle_sound,
		.signable = true,
		.params = {
			[P_NOISE] = QRNGD_PARAM_WORD("noise", colours, QRNGD_WHITE,
						     "white: each sample evenly random; pink and "
						     "brown: softer towards high frequencies"),
			[P_SECONDS] = QRNGD_PARAM_REAL("seconds", 0.001, 3600, 10, "how long"),
			[P_RATE] = QRNGD_PARAM_INTEGER("rate", 8000, 192000, 44100,
						       "samples in a second"),
			[P_CHANNELS] = QRNGD_PARAM_INTEGER("channels", 1, QRNGD_CHANNELS_MAX, 1,
							   "1 or 2, independent of each other"),
			[P_BITS] = QRNGD_PARAM_WORD("bits", depths, 1, "of each sample"),
			[P_FORMAT] = QRNGD_PARAM_WORD("format", formats, SOUND_WAV,
						      "the kind of file"),
		},
	},
	{ 0 },
};
