/** Records of the input devices of Linux: include/uapi/linux/input.h and input-event-codes.h. */

/** Requests of ioctl(2). The clock of an event device's times: */
export const EVIOCSCLOCKID = 0x400445a0;
/** The keys that are down, a bit each, in KEY_BYTES. */
export const EVIOCGKEY = 0x80604518;
export const KEY_BYTES = 96;
export const CLOCK_MONOTONIC = 1;

/** Kinds of events. */
export const EV_SYN = 0;
export const EV_KEY = 1;
export const EV_REL = 2;
/** Of EV_SYN: events were lost because nobody read them in time. */
export const SYN_DROPPED = 3;

/** The times of a `struct input_event` are words of the architecture's size. */
const WORD = ["arm", "ia32", "mipsel"].includes(process.arch) ? 4 : 8;
export const INPUT_EVENT_BYTES = 2 * WORD + 8;

export interface InputEvent {
  readonly timeMs: number;
  readonly type: number;
  readonly code: number;
  readonly value: number;
}

/** The whole events in `bytes`, as read(2) gives them. */
export function readInputEvents(bytes: Uint8Array): InputEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => (WORD === 8 ? Number(view.getBigInt64(at, true)) : view.getUint32(at, true));
  return Array.from({ length: Math.floor(bytes.byteLength / INPUT_EVENT_BYTES) }, (_, index) => {
    const at = index * INPUT_EVENT_BYTES;
    return {
      timeMs: word(at) * 1e3 + word(at + WORD) / 1e3,
      type: view.getUint16(at + 2 * WORD, true),
      code: view.getUint16(at + 2 * WORD + 2, true),
      value: view.getInt32(at + 2 * WORD + 4, true),
    };
  });
}

/** Writes one event, as the kernel does. */
export function writeInputEvent({ timeMs, type, code, value }: InputEvent): Uint8Array {
  const bytes = new Uint8Array(INPUT_EVENT_BYTES);
  const view = new DataView(bytes.buffer);
  const word = (at: number, number: number): void => (WORD === 8 ? view.setBigInt64(at, BigInt(number), true) : view.setUint32(at, number, true));
  word(0, Math.floor(timeMs / 1e3));
  word(WORD, Math.round((timeMs % 1e3) * 1e3));
  view.setUint16(2 * WORD, type, true);
  view.setUint16(2 * WORD + 2, code, true);
  view.setInt32(2 * WORD + 4, value, true);
  return bytes;
}
