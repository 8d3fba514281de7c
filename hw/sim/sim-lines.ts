import { LineError, type LineErrorKind } from "../../src/hal/digital.js";
import { lineNames, type HeldLines, type LineListener, type LineRequest, type Lines } from "../gpio/lines.js";

/** Time, and what is to happen later in it. */
export interface SimTime {
  nowMs(): number;
  /** Calls `run` in so many milliseconds, unless the answer is called before. */
  later(ms: number, run: () => void): () => void;
}

/** The system's monotonic time. */
export const systemTime: SimTime = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  later: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

interface HeldSet {
  readonly request: LineRequest;
  readonly listener: LineListener;
  readonly numbers: readonly number[];
  /** Levels that were told last, and what ends the wait of a change that is not told yet. */
  readonly told: boolean[];
  readonly waiting: ((() => void) | undefined)[];
}

/** Lines of the header of a Raspberry Pi. */
const LINES = 28;

/**
 * A GPIO chip without hardware: whoever has it in hand closes and opens contacts to ground, looks at what outputs drive,
 * and breaks it. Lines are known by their number or as "GPIO17".
 */
export class SimLines implements Lines {
  readonly #time: SimTime;
  readonly #closed = new Array<boolean>(LINES).fill(false);
  readonly #driven = new Array<boolean>(LINES).fill(false);
  readonly #sets = new Set<HeldSet>();
  readonly #refusals = new Map<number, LineErrorKind>();
  #isUnplugged = false;
  #isLosing = false;

  constructor(time: SimTime = systemTime) {
    this.#time = time;
  }

  /** Closes the contact of a line to ground, or opens it. */
  contact(line: number, isClosed: boolean): void {
    if (this.#closed[line] === isClosed) return;
    this.#closed[line] = isClosed;
    for (const set of this.#sets) {
      const index = set.numbers.indexOf(line);
      if (index >= 0 && !this.#isLosing) this.#changed(set, index);
    }
  }

  /** Whether an output drives the line high. */
  isHigh(line: number): boolean {
    return this.#driven[line] as boolean;
  }

  /** Whether somebody holds the line. */
  isHeld(line: number): boolean {
    return [...this.#sets].some(({ numbers }) => numbers.includes(line));
  }

  /** Refuses the line to all who ask from now on, until told undefined. */
  refuse(line: number, kind: LineErrorKind | undefined): void {
    if (kind === undefined) this.#refusals.delete(line);
    else this.#refusals.set(line, kind);
  }

  /** Loses all edges until told false; then says so. */
  lose(isLosing: boolean): void {
    this.#isLosing = isLosing;
    if (isLosing) return;
    for (const set of this.#sets) set.listener.lost(this.#time.nowMs());
  }

  /** Takes the chip away. */
  unplug(): void {
    this.#isUnplugged = true;
    for (const set of [...this.#sets]) set.listener.failed(this.#gone(set.request));
  }

  /** Brings the chip back. */
  replug(): void {
    this.#isUnplugged = false;
  }

  async take(request: LineRequest, listener: LineListener): Promise<HeldLines> {
    if (this.#isUnplugged) throw new LineError("missing", `The simulated chip of ${lineNames(request.lines)} is unplugged.`);
    const numbers = request.lines.map((line) => this.#number(line));
    const set: HeldSet = { request, listener, numbers, told: [], waiting: [] };
    for (const index of numbers.keys()) set.told.push(this.#isActive(set, index));
    if (request.direction === "out") for (const line of numbers) this.#driven[line] = request.isActiveLow;
    this.#sets.add(set);
    return {
      isActive: (index) => this.#held(set) && this.#isActive(set, index),
      set: (index, isActive) => {
        if (this.#held(set)) this.#driven[numbers[index] as number] = isActive !== request.isActiveLow;
      },
      close: async () => {
        this.#sets.delete(set);
        for (const stop of set.waiting) stop?.();
      },
    };
  }

  async end(): Promise<void> {
    // Nothing is shared among lines.
  }

  #number(line: number | string): number {
    const number = typeof line === "number" ? line : Number(/^GPIO(\d+)$/.exec(line)?.[1] ?? NaN);
    const named = lineNames([line]);
    if (!(number < LINES)) throw new LineError("missing", `The simulated chip has no ${named}; there are GPIO0 to GPIO${LINES - 1}.`);
    const refusal = this.#refusals.get(number) ?? (this.isHeld(number) ? "busy" : undefined);
    if (refusal !== undefined) throw new LineError(refusal, `The ${named} of the simulated chip is refused: ${refusal}.`);
    return number;
  }

  #held(set: HeldSet): boolean {
    if (!this.#isUnplugged) return true;
    throw this.#gone(set.request);
  }

  #gone(request: LineRequest): LineError {
    return new LineError("disconnected", `The simulated chip of ${lineNames(request.lines)} is gone.`);
  }

  #isActive({ request, numbers }: HeldSet, index: number): boolean {
    const line = numbers[index] as number;
    const isHigh = request.direction === "out" ? this.#driven[line] as boolean : !(this.#closed[line] as boolean);
    return isHigh !== request.isActiveLow;
  }

  /** Tells a change once it has lasted for the time of the request, counted from the last edge, as the kernel does. */
  #changed(set: HeldSet, index: number): void {
    const { request: { debounceMs }, waiting } = set;
    if (debounceMs === 0) return this.#tell(set, index);
    waiting[index]?.();
    waiting[index] = this.#time.later(debounceMs, () => {
      waiting[index] = undefined;
      if (set.told[index] !== this.#isActive(set, index)) this.#tell(set, index);
    });
  }

  #tell(set: HeldSet, index: number): void {
    const isActive = this.#isActive(set, index);
    set.told[index] = isActive;
    set.listener.edge(index, isActive, this.#time.nowMs());
  }
}
