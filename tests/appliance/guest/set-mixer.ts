import { setMixer } from "../../../hw/alsa/mixer.js";
import { BOARDS } from "../../../hw/boards/boards.js";
import { findLibrary } from "../../../hw/linux/koffi.js";

/**
 * Gives the card of this machine controls as a HiFiBerry has them, in the kernel, lets the product set its mixer, and prints
 * what is said, and the values that the kernel holds then.
 */
const CARD = "hw:CARD=sndrpihifiberry";
const MIXER = 2;
/** A scale in hundredths of a dB: its kind, its bytes, the lowest level, and the step (include/uapi/sound/tlv.h). */
const LEVELS = Uint32Array.of(1, 8, -10350, 50);
const INPUTS = ["No Select", "VINL1[SE]", "VINL2[SE]", "VINL2[SE] + VINL1[SE]", "{VIN1P, VIN1M}[DIFF]"];

const library = findLibrary("libasound.so.2");
if (library === undefined) throw new Error("There is no libasound.");
const call = <Call>(prototype: string): Call => library.func<Call>(prototype);
const open = call<(handle: BigUint64Array, name: string, mode: number) => number>("int snd_ctl_open(void *handle, const char *name, int mode)");
const infoBytes = call<() => number>("size_t snd_ctl_elem_info_sizeof(void)")();
const idBytes = call<() => number>("size_t snd_ctl_elem_id_sizeof(void)")();
const valueBytes = call<() => number>("size_t snd_ctl_elem_value_sizeof(void)")();
const infoInterface = call<(info: Uint8Array, iface: number) => void>("void snd_ctl_elem_info_set_interface(void *info, int iface)");
const infoName = call<(info: Uint8Array, name: string) => void>("void snd_ctl_elem_info_set_name(void *info, const char *name)");
const infoId = call<(info: Uint8Array, id: Uint8Array) => void>("void snd_ctl_elem_info_get_id(void *info, void *id)");
const addLevel = call<(...words: unknown[]) => number>("int snd_ctl_add_integer_elem_set(void *ctl, void *info, unsigned int sets, unsigned int channels, long min, long max, long step)");
const addSwitch = call<(...words: unknown[]) => number>("int snd_ctl_add_boolean_elem_set(void *ctl, void *info, unsigned int sets, unsigned int channels)");
const addChoice = call<(...words: unknown[]) => number>("int snd_ctl_add_enumerated_elem_set(void *ctl, void *info, unsigned int sets, unsigned int channels, unsigned int items, const char **labels)");
const writeLevels = call<(card: bigint, id: Uint8Array, levels: Uint32Array) => number>("int snd_ctl_elem_tlv_write(void *ctl, void *id, void *tlv)");
const unlock = call<(card: bigint, id: Uint8Array) => number>("int snd_ctl_elem_unlock(void *ctl, void *id)");
const valueId = call<(value: Uint8Array, id: Uint8Array) => void>("void snd_ctl_elem_value_set_id(void *value, void *id)");
const read = call<(card: bigint, value: Uint8Array) => number>("int snd_ctl_elem_read(void *ctl, void *value)");
const get = call<(value: Uint8Array, channel: number) => number>("long snd_ctl_elem_value_get_integer(void *value, unsigned int channel)");
const getItem = call<(value: Uint8Array, channel: number) => number>("unsigned int snd_ctl_elem_value_get_enumerated(void *value, unsigned int channel)");

const handle = new BigUint64Array(1);
if (open(handle, CARD, 0) < 0) throw new Error(`${CARD} cannot be opened.`);
const card = handle[0] as bigint;

/** Makes a control in the kernel. Returns its id. */
function make(name: string, add: (info: Uint8Array) => number): Uint8Array {
  const info = new Uint8Array(infoBytes);
  infoInterface(info, MIXER);
  infoName(info, name);
  const code = add(info);
  if (code < 0) throw new Error(`The control ${name} cannot be made: ${code}.`);
  const id = new Uint8Array(idBytes);
  infoId(info, id);
  return id;
}

const volume = make("Digital Playback Volume", (info) => addLevel(card, info, 1, 2, 0, 207, 1));
if (writeLevels(card, volume, LEVELS) < 0) throw new Error("The levels cannot be told.");
const mute = make("Auto Mute Switch", (info) => addSwitch(card, info, 1, 2));
const input = make("ADC Left Input", (info) => addChoice(card, info, 1, 1, INPUTS.length, INPUTS));
for (const id of [volume, mute, input]) unlock(card, id);

const said = setMixer(CARD, BOARDS.find(({ id }) => id === "hifiberry-dacplusadcpro")?.mixer ?? []);
const values = [volume, mute, input].map((id) => {
  const value = new Uint8Array(valueBytes);
  valueId(value, id);
  return read(card, value) < 0 ? null : id === input ? [getItem(value, 0)] : [get(value, 0), get(value, 1)];
});
console.log(JSON.stringify({ said, values }));
