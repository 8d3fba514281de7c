/*
 * The least that a program can do between an input and an output: read a period, write it. What this loop suffers on a
 * machine, no other is spared; the box is compared with it in the same run.
 *
 *   cc -O2 -o duplex-floor duplex-floor.c -lasound
 *   ./duplex-floor PCM PERIOD_FRAMES PERIODS SECONDS PRIORITY
 *
 * Prints one line of JSON: periods moved, times that the streams had to be started again, and the share of a processor.
 */
#include <alsa/asoundlib.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* A clock that gives nothing for so long stands still, as the driver of the box sees it. */
enum { RATE_HZ = 48000, CHANNELS = 2, LIMIT_MS = 20 };

static unsigned long period, buffer;
static float *silence, *sound;

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void check(int code, const char *what) {
  if (code >= 0) return;
  fprintf(stderr, "%s: %s\n", what, snd_strerror(code));
  exit(1);
}

static snd_pcm_t *open_pcm(const char *name, snd_pcm_stream_t stream) {
  snd_pcm_t *pcm;
  snd_pcm_hw_params_t *hw;
  snd_pcm_sw_params_t *sw;
  check(snd_pcm_open(&pcm, name, stream, 0), "open");
  snd_pcm_hw_params_alloca(&hw);
  check(snd_pcm_hw_params_any(pcm, hw), "parameters");
  check(snd_pcm_hw_params_set_access(pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED), "access");
  check(snd_pcm_hw_params_set_format(pcm, hw, SND_PCM_FORMAT_FLOAT_LE), "format");
  check(snd_pcm_hw_params_set_channels(pcm, hw, CHANNELS), "channels");
  check(snd_pcm_hw_params_set_rate(pcm, hw, RATE_HZ, 0), "rate");
  check(snd_pcm_hw_params_set_period_size(pcm, hw, period, 0), "period");
  check(snd_pcm_hw_params_set_buffer_size(pcm, hw, buffer), "buffer");
  check(snd_pcm_hw_params(pcm, hw), "hw_params");
  snd_pcm_sw_params_alloca(&sw);
  check(snd_pcm_sw_params_current(pcm, sw), "parameters");
  check(snd_pcm_sw_params_set_start_threshold(pcm, sw, 0x7fffffff), "start threshold");
  check(snd_pcm_sw_params_set_stop_threshold(pcm, sw, buffer), "stop threshold");
  check(snd_pcm_sw_params_set_avail_min(pcm, sw, period), "avail_min");
  check(snd_pcm_sw_params(pcm, sw), "sw_params");
  return pcm;
}

static int start(snd_pcm_t *capture, snd_pcm_t *playback) {
  snd_pcm_drop(capture);
  snd_pcm_drop(playback);
  int code = snd_pcm_prepare(capture);
  if (code >= 0) code = snd_pcm_prepare(playback);
  if (code >= 0) code = snd_pcm_writei(playback, silence, buffer);
  if (code >= 0) code = snd_pcm_start(playback);
  return code >= 0 ? snd_pcm_start(capture) : code;
}

static int pass_period(snd_pcm_t *capture, snd_pcm_t *playback) {
  int code = snd_pcm_wait(capture, LIMIT_MS);
  if (code <= 0) return code < 0 ? code : -ETIMEDOUT;
  code = snd_pcm_readi(capture, sound, period);
  return code > 0 ? snd_pcm_writei(playback, sound, code) : code;
}

int main(int count, char **argument) {
  if (count != 6) {
    fprintf(stderr, "usage: duplex-floor PCM PERIOD_FRAMES PERIODS SECONDS PRIORITY\n");
    return 2;
  }
  period = strtoul(argument[2], NULL, 10);
  buffer = period * strtoul(argument[3], NULL, 10);
  const double length = strtod(argument[4], NULL);
  const struct sched_param priority = { .sched_priority = atoi(argument[5]) };
  silence = calloc(buffer * CHANNELS, sizeof *silence);
  sound = calloc(buffer * CHANNELS, sizeof *sound);
  snd_pcm_t *capture = open_pcm(argument[1], SND_PCM_STREAM_CAPTURE), *playback = open_pcm(argument[1], SND_PCM_STREAM_PLAYBACK);
  if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0) perror("mlockall");
  if (sched_setscheduler(0, SCHED_FIFO, &priority) < 0) perror("sched_setscheduler");
  long periods = 0, restarts = 0;
  const double begin = seconds(CLOCK_MONOTONIC);
  int code = start(capture, playback);
  while (seconds(CLOCK_MONOTONIC) - begin < length) {
    if (code >= 0) code = pass_period(capture, playback);
    if (code == -ENODEV) check(code, "gone");
    if (code >= 0) periods++;
    else {
      restarts++;
      code = start(capture, playback);
    }
  }
  printf("{\"periods\":%ld,\"restarts\":%ld,\"processorPercent\":%.2f}\n", periods, restarts, seconds(CLOCK_PROCESS_CPUTIME_ID) / length * 100);
  return 0;
}
