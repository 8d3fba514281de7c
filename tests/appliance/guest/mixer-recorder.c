/*
 * What is connected to the box: a mixer that plays a programme into it, and a recorder that takes what comes out, on the other
 * side of the loop card and with one clock. It plays and records frame for frame: what it plays first is at the box when it
 * begins to record, so that the delay of the box is where the sound lies in the recording.
 *
 * usage: mixer-recorder PROGRAMME RECORDING SECONDS    silence follows a programme that is shorter
 *        mixer-recorder --cable SECONDS                plays what it records, CABLE_FRAMES later
 *
 * Files are interleaved stereo of 32 bits at 48 kHz without a head. Prints when its first frame was taken, by the monotonic
 * clock, and how often it was itself too late, as a line of JSON.
 */
#include <alsa/asoundlib.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define DEVICE "hw:CARD=sndrpihifiberry,DEV=1"
#define RATE_HZ 48000
#define PERIOD 64
/* Long enough to live through what makes the box late. */
#define CABLE_FRAMES (64 * PERIOD)
#define FRAME_BYTES 8
/* Over the box, so that it is never the one who is late. */
#define PRIORITY 80

static void check(int answer, const char *what)
{
	if (answer >= 0)
		return;
	fprintf(stderr, "mixer-recorder: %s: %s\n", what, snd_strerror(answer));
	exit(1);
}

static snd_pcm_t *open_stream(snd_pcm_stream_t stream)
{
	snd_pcm_t *pcm;
	snd_pcm_hw_params_t *hardware;
	snd_pcm_sw_params_t *software;

	check(snd_pcm_open(&pcm, DEVICE, stream, 0), DEVICE);
	snd_pcm_hw_params_alloca(&hardware);
	snd_pcm_sw_params_alloca(&software);
	check(snd_pcm_hw_params_any(pcm, hardware), "configuration");
	check(snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED), "access");
	check(snd_pcm_hw_params_set_format(pcm, hardware, SND_PCM_FORMAT_S32_LE), "format");
	check(snd_pcm_hw_params_set_channels(pcm, hardware, 2), "channels");
	check(snd_pcm_hw_params_set_rate(pcm, hardware, RATE_HZ, 0), "rate");
	check(snd_pcm_hw_params_set_period_size(pcm, hardware, PERIOD, 0), "period");
	check(snd_pcm_hw_params_set_buffer_size(pcm, hardware, CABLE_FRAMES), "buffer");
	check(snd_pcm_hw_params(pcm, hardware), "configuration");
	check(snd_pcm_sw_params_current(pcm, software), "settings");
	/* Both directions are started together, by hand. */
	check(snd_pcm_sw_params_set_start_threshold(pcm, software, 1 << 30), "start");
	check(snd_pcm_sw_params(pcm, software), "settings");
	return pcm;
}

/* Reads a programme and lengthens it by silence. */
static int32_t *load(const char *path, long frames)
{
	int32_t *programme = calloc(frames, FRAME_BYTES);
	FILE *file = fopen(path, "rb");

	if (programme == NULL || file == NULL) {
		perror(path);
		exit(1);
	}
	if (fread(programme, FRAME_BYTES, frames, file) == 0)
		fprintf(stderr, "mixer-recorder: %s is empty\n", path);
	fclose(file);
	return programme;
}

static void save(const char *path, const int32_t *recording, long frames)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(recording, FRAME_BYTES, frames, file) != (size_t)frames || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static void set_policy(int policy, int priority)
{
	struct sched_param wanted = { .sched_priority = priority };

	if (sched_setscheduler(0, policy, &wanted) != 0) {
		perror("mixer-recorder: priority");
		exit(1);
	}
}

int main(int count, char **words)
{
	int is_cable = count == 3 && strcmp(words[1], "--cable") == 0;
	long frames, at, lates = 0;
	int32_t *programme, *recording;
	snd_pcm_t *mixer, *recorder;
	struct timespec start;

	if (!is_cable && count != 4) {
		fprintf(stderr, "usage: mixer-recorder PROGRAMME RECORDING SECONDS | --cable SECONDS\n");
		return 2;
	}
	frames = (long)(atof(words[count - 1]) * RATE_HZ) / PERIOD * PERIOD;
	recording = calloc(frames, FRAME_BYTES);
	programme = is_cable ? calloc(frames + CABLE_FRAMES, FRAME_BYTES) : load(words[1], frames + CABLE_FRAMES);
	mixer = open_stream(SND_PCM_STREAM_PLAYBACK);
	recorder = open_stream(SND_PCM_STREAM_CAPTURE);
	check(snd_pcm_link(recorder, mixer), "link");
	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		perror("mixer-recorder: memory");
	set_policy(SCHED_FIFO, PRIORITY);
	check(snd_pcm_writei(mixer, programme, CABLE_FRAMES), "first sound");
	check(snd_pcm_start(recorder), "start");
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (at = 0; at < frames; at += PERIOD) {
		int32_t *taken = recording + 2 * at;

		if (snd_pcm_readi(recorder, taken, PERIOD) != PERIOD ||
		    snd_pcm_writei(mixer, is_cable ? taken : programme + 2 * (at + CABLE_FRAMES), PERIOD) != PERIOD) {
			/* Nothing that follows would be where it belongs. */
			lates++;
			break;
		}
	}
	/* What is left to do is in nobody's way. */
	set_policy(SCHED_OTHER, 0);
	snd_pcm_close(mixer);
	snd_pcm_close(recorder);
	if (!is_cable)
		save(words[2], recording, at);
	printf("{\"startNs\":\"%lld%09ld\",\"frames\":%ld,\"lates\":%ld}\n", (long long)start.tv_sec, start.tv_nsec, at, lates);
	return lates > 0;
}
