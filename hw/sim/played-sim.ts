export interface PlayedSimOptions {
  readonly sampleRateHz: number;
  readonly periodFrames: number;
  /** The mixer: fills the front of `target` with the next frames, interleaved stereo. */
  readonly mixer: (target: Float64Array, frames: number) => void;
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
}

/** A sound device without hardware: paced by the clock, with a mixer at its input and nothing at its output. */
export class PlayedSim {
  readonly sampleRateHz: number;
  readonly periodFrames: number;
  readonly #options: PlayedSimOptions;
  readonly #periodMs: number;
  #dueMs: number | undefined;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlayedSimOptions) {
    this.#options = options;
    this.sampleRateHz = options.sampleRateHz;
    this.periodFrames = options.periodFrames;
    this.#periodMs = (1000 * options.periodFrames) / options.sampleRateHz;
  }

  async read(target: Float64Array): Promise<void> {
    // The first period begins with the first read; later ones follow without drift.
    this.#dueMs = (this.#dueMs ?? this.#options.nowMs()) + this.#periodMs;
    const waitMs = this.#dueMs - this.#options.nowMs();
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#timer = setTimeout(resolve, waitMs);
      });
    }
    this.#options.mixer(target, this.periodFrames);
  }

  write(): void {
    // No recorder is connected.
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#wake?.();
  }
}
