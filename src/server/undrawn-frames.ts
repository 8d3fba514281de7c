import { CommandFailure } from "../protocol/command-failure.js";

/** The snapshots of the meters that a phone was sent and has not on its screen yet. */
export class UndrawnFrames {
  #drawn = 0;
  /** When each was sent, the oldest first. */
  readonly #sentAtMs: number[] = [];

  /** One is sent. */
  send(nowMs: number): void {
    this.#sentAtMs.push(nowMs);
  }

  /** The phone says that `drawn` of all are on its screen. Returns how many that are more than before. @throws CommandFailure when so many were not sent */
  confirm(drawn: number): number {
    const count = drawn - this.#drawn;
    if (count < 0 || count > this.#sentAtMs.length) throw new CommandFailure("badMessage", "More was drawn than was sent.");
    this.#drawn = drawn;
    this.#sentAtMs.splice(0, count);
    return count;
  }

  /** For how long the oldest has been under way; 0 when there is none. */
  ageMs(nowMs: number): number {
    return nowMs - (this.#sentAtMs[0] ?? nowMs);
  }
}
