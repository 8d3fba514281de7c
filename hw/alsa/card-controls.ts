import { AudioError } from "../../src/hal/audio.js";
import { needKoffi } from "../linux/koffi.js";
import { silence } from "./libasound.js";

/** Handle of the open controls of a card. */
export type ControlHandle = bigint;
/** A structure that only the library looks into (`snd_ctl_elem_info_t`). */
type Memory = Uint8Array;

/** Values of alsa/control.h. */
export const INTERFACE_MIXER = 2;
export const TYPE_BOOLEAN = 1;
export const TYPE_INTEGER = 2;
export const TYPE_ENUMERATED = 3;

/**
 * The functions of libasound that the mixer calls, by their own names without the prefix snd_ctl_. Those that answer a number
 * answer negative errno for an error.
 */
export interface CardControls {
  open(handle: BigUint64Array, name: string, mode: number): number;
  close(card: ControlHandle): number;
  strerror(code: number): string;

  elem_id_sizeof(): number;
  elem_info_sizeof(): number;
  elem_info_set_interface(info: Memory, iface: number): void;
  elem_info_set_name(info: Memory, name: string): void;
  /** Fills `info` with all that is known of the control of its interface and name. */
  elem_info(card: ControlHandle, info: Memory): number;
  elem_info_get_id(info: Memory, id: Memory): void;
  elem_info_get_type(info: Memory): number;
  /** Channels. */
  elem_info_get_count(info: Memory): number;
  elem_info_get_items(info: Memory): number;
  /** Chooses the item whose name the next `elem_info` brings. */
  elem_info_set_item(info: Memory, item: number): void;
  elem_info_get_item_name(info: Memory): string;
  elem_info_get_min(info: Memory): number;
  elem_info_get_max(info: Memory): number;
  /** The step of a level, in hundredths of a dB, rounded down, by what the driver says of its steps. */
  convert_from_dB(card: ControlHandle, id: Memory, hundredthsDb: number, step: BigInt64Array, direction: number): number;

  elem_value_sizeof(): number;
  elem_value_set_id(value: Memory, id: Memory): void;
  elem_value_set_boolean(value: Memory, channel: number, isOn: number): void;
  elem_value_set_integer(value: Memory, channel: number, step: number): void;
  elem_value_set_enumerated(value: Memory, channel: number, item: number): void;
  elem_write(card: ControlHandle, value: Memory): number;
}

const CARD = "void *ctl";
const INFO = "void *info";
const ID = "void *id";
const VALUE = "void *value";

/** Name without prefix -> what it answers and its arguments, as C declares them. */
const PROTOTYPES: Readonly<Record<Exclude<keyof CardControls, "strerror">, readonly [returned: string, parameters: string]>> = {
  open: ["int", "void *handle, const char *name, int mode"],
  close: ["int", CARD],
  elem_id_sizeof: ["size_t", "void"],
  elem_info_sizeof: ["size_t", "void"],
  elem_info_set_interface: ["void", `${INFO}, int iface`],
  elem_info_set_name: ["void", `${INFO}, const char *name`],
  elem_info: ["int", `${CARD}, ${INFO}`],
  elem_info_get_id: ["void", `${INFO}, ${ID}`],
  elem_info_get_type: ["int", INFO],
  elem_info_get_count: ["unsigned int", INFO],
  elem_info_get_items: ["unsigned int", INFO],
  elem_info_set_item: ["void", `${INFO}, unsigned int item`],
  elem_info_get_item_name: ["const char *", INFO],
  elem_info_get_min: ["long", INFO],
  elem_info_get_max: ["long", INFO],
  convert_from_dB: ["int", `${CARD}, ${ID}, long level, void *step, int direction`],
  elem_value_sizeof: ["size_t", "void"],
  elem_value_set_id: ["void", `${VALUE}, ${ID}`],
  elem_value_set_boolean: ["void", `${VALUE}, unsigned int channel, long on`],
  elem_value_set_integer: ["void", `${VALUE}, unsigned int channel, long step`],
  elem_value_set_enumerated: ["void", `${VALUE}, unsigned int channel, unsigned int item`],
  elem_write: ["int", `${CARD}, ${VALUE}`],
};

let bound: CardControls | undefined;

/**
 * The controls of ALSA's library, bound once for all.
 * @throws AudioError of kind "missing" where `koffi` or the library is not installed
 */
export function openCardControls(): CardControls {
  bound ??= bindCardControls();
  return bound;
}

function bindCardControls(): CardControls {
  const koffi = needKoffi();
  try {
    const library = koffi.load("libasound.so.2");
    silence(library);
    const calls: Record<string, unknown> = { strerror: library.func("const char *snd_strerror(int code)") };
    for (const [name, [returned, parameters]] of Object.entries(PROTOTYPES)) calls[name] = library.func(`${returned} snd_ctl_${name}(${parameters})`);
    return calls as unknown as CardControls;
  } catch (cause) {
    throw new AudioError("missing", "The ALSA library libasound.so.2 is not installed: run `apt install libasound2`.", { cause });
  }
}
