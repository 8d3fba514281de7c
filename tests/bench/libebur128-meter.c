/*
 * The measurement of tests/bench/meter.ts done with libebur128: momentary and short-term loudness `polls` times
 * a second, integrated loudness and range once a second, true peak. Prints user CPU seconds of the measurement
 * alone, then I, LRA, the highest M and S polled, and the true peak in dBTP.
 *
 *   libebur128-meter FILE RATE POLLS ROUNDS      FILE: raw interleaved stereo f64, measured ROUNDS times over
 */
#include <ebur128.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static double user_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}

static double *read_all(const char *path, size_t *frames) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  double *samples = malloc((size_t)bytes);
  *frames = (size_t)bytes / (2 * sizeof(double));
  if (samples && fread(samples, 2 * sizeof(double), *frames, file) != *frames) {
    free(samples);
    samples = NULL;
  }
  fclose(file);
  return samples;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  size_t frames = 0;
  double *samples = read_all(argv[1], &frames);
  if (!samples) return 1;
  unsigned long rate = strtoul(argv[2], NULL, 10);
  int polls = atoi(argv[3]);
  int rounds = atoi(argv[4]);
  size_t block = rate / (unsigned long)polls;
  int mode = EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK;
  ebur128_state *state = ebur128_init(2, rate, mode);
  double m, s, i = 0, lra = 0, max_m = -HUGE_VAL, max_s = -HUGE_VAL, left, right;
  long blocks = 0;
  double start = user_seconds();
  for (int round = 0; round < rounds; round++) {
    for (size_t at = 0; at + block <= frames; at += block) {
      ebur128_add_frames_double(state, samples + 2 * at, block);
      ebur128_loudness_momentary(state, &m);
      ebur128_loudness_shortterm(state, &s);
      max_m = fmax(max_m, m);
      max_s = fmax(max_s, s);
      if (++blocks % polls == 0) {
        ebur128_loudness_global(state, &i);
        ebur128_loudness_range(state, &lra);
      }
    }
  }
  ebur128_true_peak(state, 0, &left);
  ebur128_true_peak(state, 1, &right);
  double seconds = user_seconds() - start;
  printf("%.6f %.5f %.5f %.5f %.5f %.5f\n", seconds, i, lra, max_m, max_s, 20 * log10(fmax(left, right)));
  ebur128_destroy(&state);
  free(samples);
  return 0;
}
