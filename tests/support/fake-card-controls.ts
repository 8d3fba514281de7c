import { expect } from "vitest";
import type { CardControls, ControlHandle } from "../../hw/alsa/card-controls.js";

/** A control of a fake card, with the values of its channels. */
export type FakeControl = { readonly channels: number; values: number[]; refusal?: number } & (
  | { readonly type: "boolean" }
  | { readonly type: "integer"; readonly min: number; readonly max: number; readonly minDb: number; readonly stepDb: number }
  | { readonly type: "enumerated"; readonly items: readonly string[] }
);

const TYPES = { boolean: 1, integer: 2, enumerated: 3 } as const;
const INTERFACE_MIXER = 2;
const ENOENT = -2;
const EINVAL = -22;
const CARD = 77n;
const SIZE = 64;

/**
 * The controls of a card as control.h of ALSA has them, strict: structures must be as large as it says, an id comes from a
 * description that was filled, every channel is written, and no value outside of its range is taken.
 */
export class FakeCardControls {
  readonly controls: Map<string, FakeControl>;
  isOpen = false;
  opens = 0;
  openError = 0;
  /** Text of each structure: what it describes. */
  readonly #names = new Map<Uint8Array, string>();
  readonly #items = new Map<Uint8Array, number>();
  readonly #filled = new Set<Uint8Array>();
  readonly #written = new Map<Uint8Array, number[]>();

  constructor(controls: Readonly<Record<string, FakeControl>>) {
    this.controls = new Map(Object.entries(controls));
  }

  library(): CardControls {
    const value = (memory: Uint8Array, channel: number, number: number): void => void (this.#values(memory)[channel] = number);
    return {
      open: (handle, _name, mode) => {
        expect(mode).toBe(0);
        this.opens++;
        if (this.openError < 0) return this.openError;
        this.isOpen = true;
        handle[0] = CARD;
        return 0;
      },
      close: (card) => {
        this.#check(card);
        this.isOpen = false;
        return 0;
      },
      strerror: (code) => `error ${-code}`,
      elem_id_sizeof: () => SIZE, elem_info_sizeof: () => SIZE, elem_value_sizeof: () => SIZE,
      elem_info_set_interface: (info, iface) => expect([info.length, iface]).toEqual([SIZE, INTERFACE_MIXER]),
      elem_info_set_name: (info, name) => void this.#names.set(info, name),
      elem_info: (card, info) => this.#describe(card, info),
      elem_info_get_id: (info, id) => {
        expect([id.length, this.#filled.has(info)]).toEqual([SIZE, true]);
        this.#names.set(id, this.#names.get(info) as string);
      },
      elem_info_get_type: (info) => TYPES[this.#of(info).type],
      elem_info_get_count: (info) => this.#of(info).channels,
      elem_info_get_items: (info) => this.#choice(info).length,
      elem_info_set_item: (info, item) => void this.#items.set(info, item),
      elem_info_get_item_name: (info) => this.#choice(info)[this.#items.get(info) as number] as string,
      elem_info_get_min: (info) => this.#level(info).min,
      elem_info_get_max: (info) => this.#level(info).max,
      convert_from_dB: (card, id, hundredthsDb, step, direction) => {
        this.#check(card);
        const control = this.controls.get(this.#names.get(id) as string) as FakeControl;
        if (control.type !== "integer" || control.stepDb === 0) return EINVAL;
        const steps = (hundredthsDb / 100 - control.minDb) / control.stepDb;
        step[0] = BigInt(control.min + (direction > 0 ? Math.ceil(steps) : Math.floor(steps)));
        return 0;
      },
      elem_value_set_id: (memory, id) => {
        expect(memory.length).toBe(SIZE);
        this.#names.set(memory, this.#names.get(id) as string);
        this.#written.set(memory, []);
      },
      elem_value_set_boolean: value, elem_value_set_integer: value, elem_value_set_enumerated: value,
      elem_write: (card, memory) => this.#write(card, memory),
    };
  }

  #check(card: ControlHandle): void {
    expect([card, this.isOpen]).toEqual([CARD, true]);
  }

  #describe(card: ControlHandle, info: Uint8Array): number {
    this.#check(card);
    if (!this.controls.has(this.#names.get(info) as string)) return ENOENT;
    this.#filled.add(info);
    return 0;
  }

  #of(info: Uint8Array): FakeControl {
    expect(this.#filled.has(info), "described before it is asked").toBe(true);
    return this.controls.get(this.#names.get(info) as string) as FakeControl;
  }

  #choice(info: Uint8Array): readonly string[] {
    const control = this.#of(info);
    return control.type === "enumerated" ? control.items : expect.fail("not a choice");
  }

  #level(info: Uint8Array): FakeControl & { readonly type: "integer" } {
    const control = this.#of(info);
    return control.type === "integer" ? control : expect.fail("not a level");
  }

  #values(memory: Uint8Array): number[] {
    return this.#written.get(memory) ?? expect.fail("a value without an id");
  }

  #write(card: ControlHandle, memory: Uint8Array): number {
    this.#check(card);
    const control = this.controls.get(this.#names.get(memory) as string) as FakeControl;
    if (control.refusal !== undefined) return control.refusal;
    const values = this.#values(memory);
    expect(values).toHaveLength(control.channels);
    const last = control.type === "boolean" ? 1 : control.type === "integer" ? control.max : control.items.length - 1;
    const first = control.type === "integer" ? control.min : 0;
    if (values.some((value) => value < first || value > last)) return EINVAL;
    control.values = values;
    return 1;
  }
}
