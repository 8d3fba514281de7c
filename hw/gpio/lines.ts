import type { LineError } from "../../src/hal/digital.js";

/** What holds a line up or down while nothing drives it. */
export type Pull = "up" | "down" | "none";

/** What is asked of some lines of one chip. */
export interface LineRequest {
  /** Places on the chip, which on a Raspberry Pi are the BCM numbers, or names of lines such as "GPIO17". */
  readonly lines: readonly (number | string)[];
  readonly direction: "in" | "out";
  /** Whether a low level counts as active: a contact to ground. */
  readonly isActiveLow: boolean;
  /** Of an output, where it goes when it is given back; "none" leaves that to the chip. */
  readonly pull: Pull;
  /** A change counts when it has lasted so long; 0 tells every edge. */
  readonly debounceMs: number;
}

/** Hears of the edges of all lines of a request. Neither call may throw. */
export interface LineListener {
  /** Line `index` of the request changed. */
  edge(index: number, isActive: boolean, timeMs: number): void;

  /** Edges were lost, or their order is in doubt: the levels that hold now are those of `isActive`. */
  lost(timeMs: number): void;

  /** The lines work no more. */
  failed(error: LineError): void;
}

/** Lines that are held. */
export interface HeldLines {
  /** Level of line `index`. @throws LineError */
  isActive(index: number): boolean;

  /** Drives line `index` of an output. @throws LineError */
  set(index: number, isActive: boolean): void;

  /** Gives the lines back. No edge is told from the call on. */
  close(): Promise<void>;
}

/** The lines of a GPIO chip. Edges of lines that were asked for together come in their order. */
export interface Lines {
  /** Takes lines. @throws LineError when one of them cannot be had; none is held then */
  take(request: LineRequest, listener: LineListener): Promise<HeldLines>;

  /** Lets go of what the driver shares among its lines. */
  end(): Promise<void>;
}

/** Inputs of contacts to ground. */
export const CONTACT = { direction: "in", isActiveLow: true, pull: "up" } as const;

/** Names lines for people: "line GPIO17", "lines 5 and 6". */
export function lineNames(lines: readonly (number | string)[]): string {
  const names = lines.map((line) => (typeof line === "number" ? `GPIO${line}` : line));
  return names.length === 1 ? `line ${names[0]}` : `lines ${names.join(" and ")}`;
}
