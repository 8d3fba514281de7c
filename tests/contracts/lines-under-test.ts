import type { LineErrorKind } from "../../src/hal/digital.js";

/** The hands at a GPIO chip: what a test does to lines from outside. Each may need some time to take effect. */
export interface LineHands {
  /** Closes the contact of a line to ground, or opens it. */
  contact(line: number, isClosed: boolean): void | Promise<void>;
  /** Whether the line is driven high. */
  isHigh(line: number): boolean | Promise<boolean>;
  /** Refuses the line to who asks next, until told undefined; or why nobody can make that. */
  readonly refuse: ((line: number, kind: LineErrorKind | undefined) => void | Promise<void>) | { readonly impossible: string };
  /** Takes the chip away, and brings it back. */
  readonly unplug: (() => void | Promise<void>) | { readonly impossible: string };
  replug(): void | Promise<void>;
  /** Lets so much time pass, and all that was told on the way arrive. */
  pass(ms: number): Promise<void>;
  dispose?(): Promise<void>;
}

/** A line that is free, and one that the chip does not have. */
export const FREE_LINE = 17;
export const NO_LINE = 500;
