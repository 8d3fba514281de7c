import { setTimeout } from "node:timers/promises";
import { holdLines, type ChipLinesOptions } from "../gpio/chip-lines.js";

/** In place of a file: there is no line, and the relay passes the bare input. */
export const NO_LINE = -1;
/** The audio thread may be in the middle of a beat on a line that is given back. */
const LAST_BEAT_MS = 20;

export interface RelayLineOptions extends Omit<ChipLinesOptions, "watcher"> {
  readonly line: number;
  /** One word in memory shared with the audio thread, which beats the line whose file stands there. */
  readonly file: Int32Array;
}

/** The line of the bypass relay: taken low here, and beaten by the audio thread, to which its file is handed. */
export class RelayLine {
  readonly #options: RelayLineOptions;

  constructor(options: RelayLineOptions) {
    this.#options = options;
  }

  /** Takes the line. @throws LineError when it cannot be had */
  async open(): Promise<void> {
    await this.close();
    const { line, file } = this.#options;
    // A process that is killed gives the line back some time after its last beat: pulled up it would make one more edge then.
    const { fd } = holdLines(this.#options, { lines: [line], direction: "out", isActiveLow: false, pull: "down", debounceMs: 0 });
    Atomics.store(file, 0, fd);
  }

  /** Gives the line back, if it is held; the relay lets go. */
  async close(): Promise<void> {
    const fd = Atomics.exchange(this.#options.file, 0, NO_LINE);
    if (fd < 0) return;
    await setTimeout(LAST_BEAT_MS);
    this.#options.files.close(fd);
  }
}
