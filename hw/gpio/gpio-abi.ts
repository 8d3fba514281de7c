/**
 * The GPIO character device of Linux, version 2, as include/uapi/linux/gpio.h lays it out: the same on every
 * architecture. All Linux machines that Node runs on and that have such a chip are little endian.
 */

/** Requests of ioctl(2). */
export const GPIO_GET_CHIPINFO = 0x8044b401;
export const GPIO_V2_GET_LINEINFO = 0xc100b405;
export const GPIO_V2_GET_LINE = 0xc250b407;
export const GPIO_V2_LINE_GET_VALUES = 0xc010b40e;
export const GPIO_V2_LINE_SET_VALUES = 0xc010b40f;

/** Flags of a line. */
export const LINE_USED = 1n << 0n;
export const LINE_ACTIVE_LOW = 1n << 1n;
export const LINE_INPUT = 1n << 2n;
export const LINE_OUTPUT = 1n << 3n;
export const LINE_EDGE_RISING = 1n << 4n;
export const LINE_EDGE_FALLING = 1n << 5n;
export const LINE_PULL_UP = 1n << 8n;
export const LINE_PULL_DOWN = 1n << 9n;
export const LINE_BIAS_DISABLED = 1n << 10n;

/** Kinds of attributes of a request. */
export const ATTRIBUTE_OUTPUT_VALUES = 2;
export const ATTRIBUTE_DEBOUNCE = 3;

/** Kinds of events. */
export const EVENT_RISING = 1;
export const EVENT_FALLING = 2;

/** Sizes in bytes, and where the members lie. */
export const NAME_BYTES = 32;
export const CHIP_INFO = { bytes: 68, name: 0, label: 32, lines: 64 } as const;
export const LINE_INFO = { bytes: 256, name: 0, consumer: 32, offset: 64, attributeCount: 68, flags: 72 } as const;
export const LINE_REQUEST = {
  bytes: 592, offsets: 0, consumer: 256, flags: 288, attributeCount: 296, attributes: 320, lineCount: 560, eventBufferSize: 564, fd: 588,
} as const;
export const ATTRIBUTE = { bytes: 24, id: 0, value: 8, mask: 16 } as const;
export const LINE_VALUES = { bytes: 16, bits: 0, mask: 8 } as const;
export const LINE_EVENT = { bytes: 48, timeNs: 0, id: 8, offset: 12, number: 16 } as const;

/** Most lines of one request, and most events that the kernel keeps for it. */
export const MOST_LINES = 64;
export const MOST_EVENTS = 1024;

/** What a request for lines asks. */
export interface LineRequestFields {
  readonly offsets: readonly number[];
  readonly consumer: string;
  readonly flags: bigint;
  readonly debounceUs: number;
  readonly eventBufferSize: number;
}

/** Writes a `struct gpio_v2_line_request`; debounce is for all its lines. */
export function writeLineRequest({ offsets, consumer, flags, debounceUs, eventBufferSize }: LineRequestFields): Uint8Array {
  const bytes = new Uint8Array(LINE_REQUEST.bytes);
  const view = new DataView(bytes.buffer);
  offsets.forEach((offset, index) => view.setUint32(LINE_REQUEST.offsets + 4 * index, offset, true));
  new TextEncoder().encodeInto(consumer, bytes.subarray(LINE_REQUEST.consumer, LINE_REQUEST.consumer + NAME_BYTES - 1));
  view.setBigUint64(LINE_REQUEST.flags, flags, true);
  view.setUint32(LINE_REQUEST.lineCount, offsets.length, true);
  view.setUint32(LINE_REQUEST.eventBufferSize, eventBufferSize, true);
  if (debounceUs === 0) return bytes;
  view.setUint32(LINE_REQUEST.attributeCount, 1, true);
  view.setUint32(LINE_REQUEST.attributes + ATTRIBUTE.id, ATTRIBUTE_DEBOUNCE, true);
  view.setUint32(LINE_REQUEST.attributes + ATTRIBUTE.value, debounceUs, true);
  view.setBigUint64(LINE_REQUEST.attributes + ATTRIBUTE.mask, (1n << BigInt(offsets.length)) - 1n, true);
  return bytes;
}

/** The text of a name, which ends with a zero or fills its field. */
export function nameAt(bytes: Uint8Array, at: number): string {
  const field = bytes.subarray(at, at + NAME_BYTES);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** One `struct gpio_v2_line_event`. */
export interface LineEvent {
  readonly timeMs: number;
  readonly offset: number;
  readonly isRising: boolean;
  /** Counts the events of the request, from 1. */
  readonly number: number;
}

/** The whole events in `bytes`, as read(2) gives them. */
export function readLineEvents(bytes: Uint8Array): LineEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.byteLength / LINE_EVENT.bytes) }, (_, index) => {
    const at = index * LINE_EVENT.bytes;
    return {
      timeMs: Number(view.getBigUint64(at + LINE_EVENT.timeNs, true)) / 1e6,
      offset: view.getUint32(at + LINE_EVENT.offset, true),
      isRising: view.getUint32(at + LINE_EVENT.id, true) === EVENT_RISING,
      number: view.getUint32(at + LINE_EVENT.number, true),
    };
  });
}
