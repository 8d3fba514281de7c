/** Steps between two rests of the knob: 4 where both contacts rest open, 2 where they rest alike, 1 where it rests anywhere. */
export type StepsPerDetent = 1 | 2 | 4;

/**
 * Direction of each way from one state of the two contacts to another, at 4 * from + to with A as the higher bit: +1 is
 * clockwise (A closes before B), 0 is no way, or one that no single contact can make.
 */
const WAYS = [
  0, -1, 1, 0,
  1, 0, 0, -1,
  -1, 0, 0, 1,
  0, 1, -1, 0,
] as const;

/**
 * Counts the detents of a rotary encoder from the states of its two contacts, by the full table: a contact that bounces
 * goes forth and back and adds up to nothing, so that neither time nor debouncing is needed while one contact bounces at
 * a time. Where the state changes in both contacts at once an edge was missed; the detent at the next rest then goes the
 * way that most of its steps went, so that a missed edge costs one detent at most.
 */
export class Quadrature {
  readonly #stepsPerDetent: StepsPerDetent;
  #state = 0;
  /** Steps since the last rest, and since the beginning. */
  #steps = 0;
  #travel = 0;

  constructor(stepsPerDetent: StepsPerDetent) {
    this.#stepsPerDetent = stepsPerDetent;
  }

  /** Steps that were counted up to now, clockwise less counter-clockwise. */
  get travel(): number {
    return this.#travel;
  }

  /** Begins anew, with the contacts as they stand: nothing is counted for how they came there. */
  reset(isAClosed: boolean, isBClosed: boolean): void {
    this.#state = stateOf(isAClosed, isBClosed);
    this.#steps = 0;
  }

  /** Takes the contacts as they stand now. Returns the detents that this completes: 1 clockwise, -1 counter-clockwise, mostly 0. */
  take(isAClosed: boolean, isBClosed: boolean): number {
    const state = stateOf(isAClosed, isBClosed);
    const way = WAYS[4 * this.#state + state] as number;
    this.#steps += way;
    this.#travel += way;
    this.#state = state;
    if (!this.#isAtRest) return 0;
    const detents = Math.sign(this.#steps) * Math.round(Math.abs(this.#steps) / this.#stepsPerDetent);
    this.#steps = 0;
    return detents + 0;
  }

  get #isAtRest(): boolean {
    switch (this.#stepsPerDetent) {
      case 4: return this.#state === 0;
      case 2: return this.#state === 0 || this.#state === 3;
      case 1: return true;
    }
  }
}

function stateOf(isAClosed: boolean, isBClosed: boolean): number {
  return (isAClosed ? 2 : 0) + (isBClosed ? 1 : 0);
}
