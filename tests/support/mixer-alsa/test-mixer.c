/*
 * The controls of a sound card made of nothing, as a plugin of libasound:
 *
 *   ctl_type.lacquer_mixer { lib "/path/test-mixer.so" }
 *   ctl.lacquer { type lacquer_mixer state "/path/state" }
 *
 * Three controls, one of each kind, as the drivers of real boards have them. After each write their values are put into the
 * file `state`, a line each: name, then the values.
 */
#include <alsa/asoundlib.h>
#include <alsa/control_external.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VOLUME, SWITCH, CHOICE, COUNT };

static const char *const names[COUNT] = { "Digital Playback Volume", "Auto Mute Switch", "ADC Left Input" };
static const char *const items[] = { "No Select", "VINL1[SE]", "VINL2[SE] + VINL1[SE]", "{VIN1P, VIN1M}[DIFF]" };
static const unsigned int channels[COUNT] = { 2, 2, 1 };
static const int types[COUNT] = { SND_CTL_ELEM_TYPE_INTEGER, SND_CTL_ELEM_TYPE_BOOLEAN, SND_CTL_ELEM_TYPE_ENUMERATED };

/* -103.5 dB in steps of 0.5, the lowest mutes (0x10000): digital_tlv of sound/soc/codecs/pcm512x.c. */
static const unsigned int volume_tlv[] = { SND_CTL_TLVT_DB_SCALE, 2 * sizeof(int), (unsigned int)-10350, 50 | 0x10000 };

typedef struct {
  snd_ctl_ext_t ext;
  char state[512];
  long values[COUNT][2];
} Mixer;

static void save(const Mixer *mixer) {
  FILE *file = fopen(mixer->state, "w");
  if (!file) return;
  for (int key = 0; key < COUNT; key++) {
    fprintf(file, "%s:", names[key]);
    for (unsigned int n = 0; n < channels[key]; n++) fprintf(file, " %ld", mixer->values[key][n]);
    fprintf(file, "\n");
  }
  fclose(file);
}

static void on_close(snd_ctl_ext_t *ext) { free(ext->private_data); }

static int elem_count(snd_ctl_ext_t *ext) {
  (void)ext;
  return COUNT;
}

static int elem_list(snd_ctl_ext_t *ext, unsigned int offset, snd_ctl_elem_id_t *id) {
  (void)ext;
  if (offset >= COUNT) return -ENOENT;
  snd_ctl_elem_id_set_interface(id, SND_CTL_ELEM_IFACE_MIXER);
  snd_ctl_elem_id_set_name(id, names[offset]);
  return 0;
}

static snd_ctl_ext_key_t find_elem(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id) {
  (void)ext;
  if (snd_ctl_elem_id_get_interface(id) != SND_CTL_ELEM_IFACE_MIXER) return SND_CTL_EXT_KEY_NOT_FOUND;
  for (int key = 0; key < COUNT; key++) {
    if (strcmp(snd_ctl_elem_id_get_name(id), names[key]) != 0) continue;
    /* The kernel numbers a control that is asked for by its name; the library hands the same memory on. */
    snd_ctl_elem_id_set_numid((snd_ctl_elem_id_t *)id, key + 1);
    return key;
  }
  return SND_CTL_EXT_KEY_NOT_FOUND;
}

static int get_attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *type, unsigned int *access, unsigned int *count) {
  (void)ext;
  *type = types[key];
  *access = SND_CTL_EXT_ACCESS_READWRITE | (key == VOLUME ? SND_CTL_EXT_ACCESS_TLV_READ : 0);
  *count = channels[key];
  return 0;
}

static int get_integer_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *min, long *max, long *step) {
  (void)ext;
  *min = 0;
  *max = key == VOLUME ? 207 : 1;
  *step = 1;
  return 0;
}

static int get_enumerated_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, unsigned int *count) {
  (void)ext;
  (void)key;
  *count = sizeof(items) / sizeof(items[0]);
  return 0;
}

static int get_enumerated_name(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, unsigned int item, char *name, size_t room) {
  (void)ext;
  (void)key;
  if (item >= sizeof(items) / sizeof(items[0])) return -EINVAL;
  snprintf(name, room, "%s", items[item]);
  return 0;
}

static int read_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value) {
  memcpy(value, ((Mixer *)ext->private_data)->values[key], channels[key] * sizeof(long));
  return 0;
}

static int write_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value) {
  Mixer *mixer = ext->private_data;
  for (unsigned int n = 0; n < channels[key]; n++) {
    if (value[n] < 0 || value[n] > (key == VOLUME ? 207 : 1)) return -EINVAL;
    mixer->values[key][n] = value[n];
  }
  save(mixer);
  return 1;
}

static int read_enumerated(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, unsigned int *item) {
  *item = ((Mixer *)ext->private_data)->values[key][0];
  return 0;
}

static int write_enumerated(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, unsigned int *item) {
  Mixer *mixer = ext->private_data;
  if (*item >= sizeof(items) / sizeof(items[0])) return -EINVAL;
  mixer->values[key][0] = *item;
  save(mixer);
  return 1;
}

static int read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned int *mask) {
  (void)ext;
  (void)id;
  (void)mask;
  return -EAGAIN;
}

static const snd_ctl_ext_callback_t callbacks = {
  .close = on_close, .elem_count = elem_count, .elem_list = elem_list, .find_elem = find_elem, .get_attribute = get_attribute,
  .get_integer_info = get_integer_info, .get_enumerated_info = get_enumerated_info, .get_enumerated_name = get_enumerated_name,
  .read_integer = read_integer, .write_integer = write_integer, .read_enumerated = read_enumerated, .write_enumerated = write_enumerated,
  .read_event = read_event,
};

SND_CTL_PLUGIN_DEFINE_FUNC(lacquer_mixer) {
  (void)root;
  const char *state = NULL;
  snd_config_iterator_t i, next;
  snd_config_for_each(i, next, conf) {
    snd_config_t *entry = snd_config_iterator_entry(i);
    const char *id;
    if (snd_config_get_id(entry, &id) >= 0 && strcmp(id, "state") == 0) snd_config_get_string(entry, &state);
  }
  if (!state) return -EINVAL;
  Mixer *mixer = calloc(1, sizeof(*mixer));
  if (!mixer) return -ENOMEM;
  snprintf(mixer->state, sizeof(mixer->state), "%s", state);
  mixer->values[VOLUME][0] = mixer->values[VOLUME][1] = 144;
  mixer->values[SWITCH][0] = mixer->values[SWITCH][1] = 1;
  mixer->ext.version = SND_CTL_EXT_VERSION;
  mixer->ext.card_idx = 0;
  mixer->ext.poll_fd = -1;
  mixer->ext.callback = &callbacks;
  mixer->ext.private_data = mixer;
  mixer->ext.tlv.p = volume_tlv;
  strcpy(mixer->ext.id, "lacquer");
  strcpy(mixer->ext.driver, "lacquer");
  strcpy(mixer->ext.name, "test mixer");
  int error = snd_ctl_ext_create(&mixer->ext, name, mode);
  if (error < 0) {
    free(mixer);
    return error;
  }
  *handlep = mixer->ext.handle;
  return 0;
}

SND_CTL_PLUGIN_SYMBOL(lacquer_mixer);
