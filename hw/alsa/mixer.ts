import { AudioError } from "../../src/hal/audio.js";
import type { MixerSetting } from "../../src/hal/mixer.js";
import { ENOENT } from "./alsa-constants.js";
import {
  INTERFACE_MIXER, openCardControls, TYPE_BOOLEAN, TYPE_ENUMERATED, TYPE_INTEGER, type CardControls, type ControlHandle,
} from "./card-controls.js";

/** Of two steps on both sides of a level the one below is taken: nothing gets louder than it was meant. */
const ROUND_DOWN = 0;

/** A control of the card, as the library describes it. */
interface Found {
  readonly name: string;
  readonly info: Uint8Array;
  readonly id: Uint8Array;
}

/** Why a control could not be set; `undefined` for one that was. */
type Outcome = string | undefined;
const MISSING = "missing";

/**
 * Sets the mixer of a card. Each control by itself: one that is missing or refused leaves the others as they are to be. Every
 * channel of a control gets the same. Answers with a sentence for each that could not be set, and one for all that are missing.
 * @param name - what ALSA calls the controls of the card: "hw:CARD=pisound"
 */
export function setMixer(name: string, settings: readonly MixerSetting[], openLibrary: () => CardControls = openCardControls): readonly string[] {
  if (settings.length === 0) return [];
  try {
    return withCard(openLibrary(), name, (library, card) => {
      const outcomes = settings.map((setting) => ({ setting, outcome: set(library, card, setting) }));
      const missing = outcomes.filter(({ outcome }) => outcome === MISSING).map(({ setting }) => `"${setting.control}"`);
      const refused = outcomes.flatMap(({ outcome }) => (outcome === undefined || outcome === MISSING ? [] : [outcome]));
      return missing.length === 0 ? refused : [missingSentence(missing), ...refused];
    });
  } catch (error) {
    if (error instanceof AudioError) return [`The mixer of the sound card stays as it is. ${error.message}`];
    throw error;
  }
}

function missingSentence(names: readonly string[]): string {
  return `The mixer of the sound card lacks ${names.join(", ")}: the driver of this kernel names them otherwise. See in alsamixer that input and output are open and at 0 dB.`;
}

function withCard<Result>(library: CardControls, name: string, use: (library: CardControls, card: ControlHandle) => Result): Result {
  const handle = new BigUint64Array(1);
  const code = library.open(handle, name, 0);
  if (code < 0) throw new AudioError("other", `Its controls cannot be opened (${name}): ${library.strerror(code)}.`);
  const card = handle[0] as bigint;
  try {
    return use(library, card);
  } finally {
    library.close(card);
  }
}

function set(library: CardControls, card: ControlHandle, setting: MixerSetting): Outcome {
  const info = new Uint8Array(library.elem_info_sizeof());
  library.elem_info_set_interface(info, INTERFACE_MIXER);
  library.elem_info_set_name(info, setting.control);
  const code = library.elem_info(card, info);
  if (code === ENOENT) return MISSING;
  if (code < 0) return refusal(setting.control, library.strerror(code));
  const id = new Uint8Array(library.elem_id_sizeof());
  library.elem_info_get_id(info, id);
  const found = { name: setting.control, info, id };
  const type = library.elem_info_get_type(info);
  if ("isOn" in setting) {
    return type === TYPE_BOOLEAN ? write(library, card, found, (value, channel) => library.elem_value_set_boolean(value, channel, setting.isOn ? 1 : 0))
      : refusal(setting.control, "it is no switch");
  }
  if ("item" in setting) return type === TYPE_ENUMERATED ? choose(library, card, found, setting.item) : refusal(setting.control, "it is no choice");
  return type === TYPE_INTEGER ? setLevel(library, card, found, setting.levelDb) : refusal(setting.control, "it is no level");
}

function refusal(control: string, why: string): string {
  return `The control "${control}" of the sound card stays as it is: ${why}.`;
}

function choose(library: CardControls, card: ControlHandle, found: Found, item: string): Outcome {
  const names = itemNames(library, card, found.info);
  const index = names.indexOf(item);
  if (index < 0) return refusal(found.name, `it has no "${item}"; there are ${names.map((name) => `"${name}"`).join(", ")}`);
  return write(library, card, found, (value, channel) => library.elem_value_set_enumerated(value, channel, index));
}

function itemNames(library: CardControls, card: ControlHandle, info: Uint8Array): string[] {
  return Array.from({ length: library.elem_info_get_items(info) }, (_, item) => {
    library.elem_info_set_item(info, item);
    return library.elem_info(card, info) < 0 ? "" : library.elem_info_get_item_name(info);
  });
}

function setLevel(library: CardControls, card: ControlHandle, found: Found, levelDb: number): Outcome {
  const step = new BigInt64Array(1);
  const code = library.convert_from_dB(card, found.id, Math.round(100 * levelDb), step, ROUND_DOWN);
  if (code < 0) return refusal(found.name, `its driver tells no levels in dB (${library.strerror(code)})`);
  // A long of 32 bits fills the lower half.
  const wanted = new Int32Array(step.buffer)[0] as number;
  const [min, max] = [library.elem_info_get_min(found.info), library.elem_info_get_max(found.info)];
  if (wanted < min || wanted > max) return refusal(found.name, `${levelDb} dB is outside of its range`);
  return write(library, card, found, (value, channel) => library.elem_value_set_integer(value, channel, wanted));
}

function write(library: CardControls, card: ControlHandle, { name, info, id }: Found, put: (value: Uint8Array, channel: number) => void): Outcome {
  const value = new Uint8Array(library.elem_value_sizeof());
  library.elem_value_set_id(value, id);
  for (let channel = 0; channel < library.elem_info_get_count(info); channel++) put(value, channel);
  const code = library.elem_write(card, value);
  return code < 0 ? refusal(name, library.strerror(code)) : undefined;
}
