import { joined, type Difference, type Patch } from "./adjustments.js";

/** Steps that can be undone; the oldest is forgotten for the next. */
export const MAX_UNDO_STEPS = 100;
/** Changes of the same thing by the same hand that follow each other within this time are one step. */
const SAME_GESTURE_MS = 1000;

/** Who changed what and when. `gesture` names the thing that is being moved; null for a change that stands by itself. */
export interface Change {
  readonly difference: Difference;
  readonly source: string;
  readonly gesture: string | null;
  readonly timeMs: number;
}

/** The changes that can be taken back and made again. */
export class UndoHistory {
  readonly #done: Change[] = [];
  readonly #undone: Change[] = [];
  #isGestureOver = true;

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Takes a change in; what was undone before can no longer be made again. */
  record(change: Change): void {
    this.#undone.length = 0;
    const last = this.#done.at(-1);
    if (last === undefined || !this.#continues(last, change)) {
      this.#done.push(change);
      if (this.#done.length > MAX_UNDO_STEPS) this.#done.shift();
    } else {
      this.#done.pop();
      const difference = joined(last.difference, change.difference);
      if (difference !== null) this.#done.push({ ...change, difference });
    }
    this.#isGestureOver = false;
  }

  /** What brings back the state before the last change; undefined when there is none. */
  undo(): Patch | undefined {
    return this.#shift(this.#done, this.#undone)?.difference.before;
  }

  /** What makes the change again that was undone last; undefined when there is none. */
  redo(): Patch | undefined {
    return this.#shift(this.#undone, this.#done)?.difference.after;
  }

  /** Forgets everything. */
  clear(): void {
    this.#done.length = 0;
    this.#undone.length = 0;
    this.#isGestureOver = true;
  }

  #continues(last: Change, next: Change): boolean {
    return !this.#isGestureOver && next.gesture !== null && next.gesture === last.gesture
      && next.source === last.source && next.timeMs - last.timeMs <= SAME_GESTURE_MS;
  }

  #shift(from: Change[], to: Change[]): Change | undefined {
    this.#isGestureOver = true;
    const change = from.pop();
    if (change !== undefined) to.push(change);
    return change;
  }
}
