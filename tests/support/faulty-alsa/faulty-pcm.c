/*
 * A sound card made of nothing, as a plugin of libasound: full duplex on one clock, with faults on demand.
 *
 *   pcm_type.lacquer_faulty { lib "/path/faulty-pcm.so" }
 *   pcm.faulty { type lacquer_faulty control "/path/control" recorder "/path/recorder" }
 *
 * `control` is a file of 64 signed 64-bit words, see the enums; the test writes it while the card runs. The card counts
 * frames from the moment the file was made. What the card hears is made from that count; what it plays is written to
 * `recorder` at its place in that count, so that a frame that was never played is a hole of zeros there.
 *
 * The clock is CLOCK_MONOTONIC, or virtual: then frames pass only while the program waits for them, and a machine that
 * is late changes nothing but how long a test takes.
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 64 };

/* Written by the test. Errors are positive error numbers. */
enum {
  SOURCE,              /* what is heard: 0 the count of frames, 1 a sine, 2 silence, 3 what is played (a cable) */
  IS_VIRTUAL,          /* 1: frames pass only while somebody waits, at once; 2: and the wait takes their time */
  TICK_FRAMES,         /* the card tells its position in steps of this many frames; 0 is 1 */
  START_SKEW_FRAMES,   /* frames that pass at each start, virtual clock only */
  OPEN_ERROR,          /* answer of open */
  OFFERED_RATE_HZ,     /* the one rate offered; 0 for all */
  OFFERED_PERIOD_FRAMES, /* the one period offered; 0 for all */
  OFFERED_FORMAT,      /* the one format offered, as ALSA numbers it; 0 for all */
  CAPTURE_ERROR,       /* answer of transfers */
  CAPTURE_ERROR_COUNT, /* this many times; -1 for ever */
  PLAYBACK_ERROR,
  PLAYBACK_ERROR_COUNT,
  CAPTURE_XRUNS,       /* this many overruns to come */
  PLAYBACK_XRUNS,
  CAPTURE_SUSPENDS,
  PLAYBACK_SUSPENDS,
  IS_STOPPED,          /* 1: the clock stands still */
  CAPTURE_MOST_FRAMES, /* most frames of one transfer; 0 for no limit */
  PLAYBACK_MOST_FRAMES,
  RATE_ERROR_PPM,      /* the clock is wrong by this much */
  BLOCK_MS,            /* each transfer takes this long, inside the driver */
  ODD_FRAMES,          /* at each start playback begins this many frames later; if negative, capture does */
  SKIP_FRAMES,         /* this many frames pass at once, virtual clock only */
  CAPTURE_CHANNELS,    /* the one number of channels offered; 0 is 2 */
  PLAYBACK_CHANNELS,
  IS_HARDWARE,         /* 1: it says that it is no plugin but a card of the kernel */
};

/* Written by the card. */
enum {
  OPENS = 32, CLOSES, CAPTURE_STARTS, PLAYBACK_STARTS, CAPTURE_PREPARES, PLAYBACK_PREPARES, XRUNS_MET, RESUMES,
  CARD_FRAME,          /* the count of frames now */
  REF_NS, REF_FRAME, APPLIED_PPM, APPLIED_STOP, IS_MADE, FRAMES_HEARD, FRAMES_PLAYED,
  IS_SILENCED,         /* 1: what was played is to be overwritten by silence */
};

typedef struct {
  snd_pcm_ioplug_t io;
  volatile int64_t *word;
  int recorder;
  uint8_t *ring;
  unsigned frame_bytes;
  int is_running;
  int64_t start_frame; /* of the card, when this stream began */
  int64_t played;      /* frames of this run that reached the recorder */
  int is_pausing;      /* the last short transfer is to be ended by EAGAIN */
} Stream;

/* A cable needs to know what was played up to now. */
static Stream *player;

static int is_capture(const Stream *s) { return s->io.stream == SND_PCM_STREAM_CAPTURE; }

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static double frames_per_ns(const Stream *s) { return s->io.rate * (1 + s->word[APPLIED_PPM] * 1e-6) * 1e-9; }

/* Frames of the card since it was made, without the step of its reports. */
static int64_t exact_frame(Stream *s) {
  volatile int64_t *w = s->word;
  if (w[IS_VIRTUAL]) {
    w[REF_FRAME] += w[SKIP_FRAMES];
    w[SKIP_FRAMES] = 0;
    return w[REF_FRAME];
  }
  const int64_t now = now_ns();
  if (!w[IS_MADE]) w[REF_NS] = now;
  const int64_t frame = w[REF_FRAME] + (w[APPLIED_STOP] ? 0 : (int64_t)((now - w[REF_NS]) * frames_per_ns(s)));
  if (w[RATE_ERROR_PPM] != w[APPLIED_PPM] || w[IS_STOPPED] != w[APPLIED_STOP] || !w[IS_MADE]) {
    w[REF_FRAME] = frame;
    w[REF_NS] = now;
    w[APPLIED_PPM] = w[RATE_ERROR_PPM];
    w[APPLIED_STOP] = w[IS_STOPPED];
    w[IS_MADE] = 1;
  }
  return frame;
}

static int64_t tick_of(const Stream *s) { return s->word[TICK_FRAMES] > 0 ? s->word[TICK_FRAMES] : 1; }

static int64_t card_frame(Stream *s) {
  const int64_t frame = exact_frame(s);
  s->word[CARD_FRAME] = frame;
  return frame - frame % tick_of(s);
}

/* Sends what was queued up to `frame` of this run to the recorder; of a ring that ran dry what it still holds. */
static void play_up_to(Stream *s, int64_t frame) {
  if (frame > (int64_t)s->io.appl_ptr && s->word[IS_SILENCED]) frame = s->io.appl_ptr;
  while (s->played < frame) {
    const int64_t at = s->played % (int64_t)s->io.buffer_size;
    int64_t count = frame - s->played;
    if (count > (int64_t)s->io.buffer_size - at) count = s->io.buffer_size - at;
    const int64_t place = (s->start_frame + s->played) * s->frame_bytes;
    if (pwrite(s->recorder, s->ring + at * s->frame_bytes, count * s->frame_bytes, place) < 0) return;
    s->played += count;
    s->word[FRAMES_PLAYED] += count;
  }
}

static int take(volatile int64_t *count) {
  if (*count == 0) return 0;
  if (*count > 0) --*count;
  return 1;
}

static snd_pcm_sframes_t xrun(Stream *s) {
  s->word[XRUNS_MET]++;
  return -EPIPE;
}

static snd_pcm_sframes_t on_pointer(snd_pcm_ioplug_t *io) {
  Stream *s = io->private_data;
  if (!s->is_running) return 0;
  const int64_t passed = card_frame(s) - s->start_frame;
  if (!is_capture(s)) play_up_to(s, passed);
  if (take(&s->word[is_capture(s) ? CAPTURE_XRUNS : PLAYBACK_XRUNS])) return xrun(s);
  if (take(&s->word[is_capture(s) ? CAPTURE_SUSPENDS : PLAYBACK_SUSPENDS])) {
    snd_pcm_ioplug_set_state(io, SND_PCM_STATE_SUSPENDED);
    return passed > 0 ? passed % io->buffer_size : 0;
  }
  if (passed <= 0) return 0;
  const int64_t left = is_capture(s) ? (int64_t)(io->appl_ptr + io->buffer_size) - passed : (int64_t)io->appl_ptr - passed;
  return left <= 0 ? xrun(s) : passed % (int64_t)io->buffer_size;
}

static int on_start(snd_pcm_ioplug_t *io) {
  Stream *s = io->private_data;
  s->word[is_capture(s) ? CAPTURE_STARTS : PLAYBACK_STARTS]++;
  if (s->word[IS_VIRTUAL]) s->word[REF_FRAME] += s->word[START_SKEW_FRAMES];
  const int64_t odd = s->word[ODD_FRAMES];
  s->start_frame = card_frame(s) + (is_capture(s) && odd < 0 ? -odd : !is_capture(s) && odd > 0 ? odd : 0);
  s->played = 0;
  s->is_running = 1;
  return 0;
}

static int on_stop(snd_pcm_ioplug_t *io) {
  Stream *s = io->private_data;
  if (s->is_running && !is_capture(s)) play_up_to(s, card_frame(s) - s->start_frame);
  s->is_running = 0;
  return 0;
}

static int on_prepare(snd_pcm_ioplug_t *io) {
  Stream *s = io->private_data;
  s->word[is_capture(s) ? CAPTURE_PREPARES : PLAYBACK_PREPARES]++;
  s->frame_bytes = io->channels * snd_pcm_format_physical_width(io->format) / 8;
  s->ring = realloc(s->ring, io->buffer_size * s->frame_bytes);
  s->is_running = 0;
  s->is_pausing = 0;
  return s->ring ? 0 : -ENOMEM;
}

static int on_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params) {
  Stream *s = io->private_data;
  snd_pcm_uframes_t boundary, silence;
  snd_pcm_sw_params_get_boundary(params, &boundary);
  snd_pcm_sw_params_get_silence_size(params, &silence);
  if (!is_capture(s)) s->word[IS_SILENCED] = silence >= boundary;
  return 0;
}

static int on_resume(snd_pcm_ioplug_t *io) {
  Stream *s = io->private_data;
  s->word[RESUMES]++;
  return -ENOSYS;
}

static void put(uint8_t *to, snd_pcm_format_t format, double value) {
  const float f = value;
  const int32_t n = format == SND_PCM_FORMAT_S16_LE ? lrint(value * 0x1p15)
    : format == SND_PCM_FORMAT_S32_LE ? llrint(value * 0x1p31) : lrint(value * 0x1p23);
  if (format == SND_PCM_FORMAT_FLOAT_LE) memcpy(to, &f, sizeof f);
  else memcpy(to, &n, snd_pcm_format_physical_width(format) / 8);
}

/* What the card hears at `frame`: left the sound, right its negative, any others a half. A count is 1 to 2^23 - 1, in steps of 2^-23. */
static void hear(Stream *s, uint8_t *to, int64_t frame) {
  const snd_pcm_format_t format = s->io.format;
  const unsigned bytes = snd_pcm_format_physical_width(format) / 8;
  const double count = (frame % 0x7ffffe + 1) * 0x1p-23;
  const double sine = 0.1 * sin(2 * M_PI * fmod(997.0 * frame / s->io.rate, 1));
  const double value = s->word[SOURCE] == 0 ? count : s->word[SOURCE] == 1 ? sine : 0;
  put(to, format, value);
  put(to + bytes, format, -value);
  for (unsigned channel = 2; channel < s->io.channels; channel++) put(to + channel * bytes, format, 0.5);
}

static void hear_cable(Stream *s, uint8_t *to, int64_t frame, int64_t frames) {
  if (player && player->is_running) play_up_to(player, card_frame(player) - player->start_frame);
  memset(to, 0, frames * s->frame_bytes);
  if (pread(s->recorder, to, frames * s->frame_bytes, frame * s->frame_bytes) < 0) return;
}

static snd_pcm_sframes_t on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                     snd_pcm_uframes_t offset, snd_pcm_uframes_t frames) {
  Stream *s = io->private_data;
  volatile int64_t *w = s->word;
  const int64_t error = w[is_capture(s) ? CAPTURE_ERROR : PLAYBACK_ERROR];
  if (w[BLOCK_MS] > 0) usleep(w[BLOCK_MS] * 1000);
  if (error && take(&w[is_capture(s) ? CAPTURE_ERROR_COUNT : PLAYBACK_ERROR_COUNT])) return -error;
  const snd_pcm_uframes_t most = w[is_capture(s) ? CAPTURE_MOST_FRAMES : PLAYBACK_MOST_FRAMES];
  if (most > 0 && s->is_pausing) {
    s->is_pausing = 0;
    return -EAGAIN;
  }
  s->is_pausing = most > 0 && frames > most;
  if (s->is_pausing) frames = most;
  uint8_t *sound = (uint8_t *)areas[0].addr + areas[0].first / 8 + offset * s->frame_bytes;
  if (is_capture(s)) {
    const int64_t first = s->start_frame + io->appl_ptr;
    if (w[SOURCE] == 3) hear_cable(s, sound, first, frames);
    else for (snd_pcm_uframes_t n = 0; n < frames; n++) hear(s, sound + n * s->frame_bytes, first + n);
    w[FRAMES_HEARD] += frames;
  } else {
    for (snd_pcm_uframes_t n = 0; n < frames; n++)
      memcpy(s->ring + ((io->appl_ptr + n) % io->buffer_size) * s->frame_bytes, sound + n * s->frame_bytes, s->frame_bytes);
  }
  return frames;
}

/* Frames of this run after which a whole period can be moved. */
static int64_t target_of(const snd_pcm_ioplug_t *io) {
  const int64_t next = io->appl_ptr + io->period_size;
  return io->stream == SND_PCM_STREAM_CAPTURE ? next : next - (int64_t)io->buffer_size;
}

/*
 * How long to wait for frames that take `ns`, so that what a machine was late is made good: else it would look as if the
 * card's clock were slow. Whoever was late by a second was stopped.
 */
static int64_t pace(Stream *s, int64_t ns) {
  volatile int64_t *w = s->word;
  const int64_t now = now_ns();
  w[REF_NS] += ns;
  if (w[REF_NS] < now - 1000000000) w[REF_NS] = now + ns;
  return w[REF_NS] > now ? w[REF_NS] - now : 1;
}

/* Called before each wait: sets the timer to the moment when a period can be moved, or lets virtual time pass. */
static int on_poll_descriptors(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned space) {
  Stream *s = io->private_data;
  if (space < 1) return 0;
  fds[0] = (struct pollfd){ .fd = io->poll_fd, .events = POLLIN };
  const int64_t tick = tick_of(s);
  const int64_t due = (s->start_frame + target_of(io) + tick - 1) / tick * tick;
  const int64_t missing = due - exact_frame(s);
  const int64_t ns = missing > 0 ? missing / frames_per_ns(s) + 1000 : 1;
  struct itimerspec at = { .it_value = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 } };
  if (s->word[IS_STOPPED] && missing > 0) at = (struct itimerspec){ 0 };
  else if (s->word[IS_VIRTUAL] && missing > 0 && s->is_running) {
    s->word[REF_FRAME] += missing;
    const int64_t wait = s->word[IS_VIRTUAL] == 1 ? 1 : pace(s, ns);
    at = (struct itimerspec){ .it_value = { .tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000 } };
  }
  timerfd_settime(io->poll_fd, 0, &at, NULL);
  return 1;
}

static int on_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned count, unsigned short *revents) {
  uint64_t ticks;
  const int is_due = count > 0 && read(fds[0].fd, &ticks, sizeof ticks) > 0;
  *revents = !is_due ? 0 : io->stream == SND_PCM_STREAM_CAPTURE ? POLLIN : POLLOUT;
  return 0;
}

static int on_close(snd_pcm_ioplug_t *io) {
  Stream *s = io->private_data;
  s->word[CLOSES]++;
  if (player == s) player = NULL;
  munmap((void *)s->word, WORDS * sizeof *s->word);
  close(io->poll_fd);
  close(s->recorder);
  free(s->ring);
  free(s);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
  .start = on_start, .stop = on_stop, .pointer = on_pointer, .transfer = on_transfer, .close = on_close,
  .sw_params = on_sw_params, .prepare = on_prepare, .resume = on_resume, .poll_descriptors = on_poll_descriptors, .poll_revents = on_poll_revents,
};

static int offer(Stream *s) {
  const unsigned access[] = { SND_PCM_ACCESS_RW_INTERLEAVED };
  const unsigned all[] = { SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_FLOAT_LE };
  const unsigned only = s->word[OFFERED_FORMAT];
  const int64_t rate = s->word[OFFERED_RATE_HZ], period = s->word[OFFERED_PERIOD_FRAMES];
  snd_pcm_ioplug_t *io = &s->io;
  const int64_t channels = s->word[is_capture(s) ? CAPTURE_CHANNELS : PLAYBACK_CHANNELS] ? s->word[is_capture(s) ? CAPTURE_CHANNELS : PLAYBACK_CHANNELS] : 2;
  const unsigned width = channels * (only ? snd_pcm_format_physical_width(only) / 8 : 4);
  int r = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 1, access);
  if (r >= 0) r = only ? snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, &only)
                       : snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 5, all);
  if (r >= 0) r = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
  if (r >= 0) r = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate ? rate : 44100, rate ? rate : 192000);
  if (r >= 0) r = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, period ? period * width : 64, period ? period * width : 65536);
  if (r >= 0) r = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 64);
  return r;
}

static int create(Stream *s, const char *control, const char *recorder, snd_pcm_t **pcm, const char *name, snd_pcm_stream_t stream, int mode) {
  const int fd = open(control, O_RDWR);
  if (fd < 0) return -errno;
  s->word = mmap(NULL, WORDS * sizeof *s->word, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (s->word == MAP_FAILED) return -errno;
  s->word[OPENS]++;
  if (s->word[OPEN_ERROR]) return -(int)s->word[OPEN_ERROR];
  s->recorder = open(recorder, O_RDWR | O_CREAT, 0600);
  if (s->recorder < 0) return -errno;
  s->io.version = SND_PCM_IOPLUG_VERSION;
  s->io.name = "A sound card made of nothing";
  s->io.callback = &callbacks;
  s->io.private_data = s;
  s->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  s->io.poll_events = POLLIN;
  int r = snd_pcm_ioplug_create(&s->io, name, stream, mode);
  if (r >= 0) r = offer(s);
  if (r < 0) return r;
  if (stream == SND_PCM_STREAM_PLAYBACK) player = s;
  *pcm = s->io.pcm;
  /* The type is the third of what libasound keeps of a PCM (pcm_local.h), and ioplug has no way to set it. */
  if (s->word[IS_HARDWARE]) ((struct { void *open_func; char *name; snd_pcm_type_t type; } *)(void *)*pcm)->type = SND_PCM_TYPE_HW;
  return 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(lacquer_faulty) {
  const char *control = NULL, *recorder = NULL;
  snd_config_iterator_t i, next;
  (void)root;
  snd_config_for_each(i, next, conf) {
    snd_config_t *entry = snd_config_iterator_entry(i);
    const char *id;
    if (snd_config_get_id(entry, &id) < 0) continue;
    if (strcmp(id, "control") == 0) snd_config_get_string(entry, &control);
    if (strcmp(id, "recorder") == 0) snd_config_get_string(entry, &recorder);
  }
  if (!control || !recorder) return -EINVAL;
  Stream *s = calloc(1, sizeof *s);
  if (!s) return -ENOMEM;
  const int r = create(s, control, recorder, pcmp, name, stream, mode);
  if (r < 0) free(s);
  return r;
}
SND_PCM_PLUGIN_SYMBOL(lacquer_faulty);
