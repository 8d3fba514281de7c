import { Worker } from "node:worker_threads";
import type { ReferencePort } from "../engine/reference-port.js";
import { placeInLoop, type Passage } from "../meters/loudness-curve.js";
import type { PlayerData } from "./reference-player.js";
import type { PlayableTrack } from "./reference-preparer.js";
import type { StreamMessage, StreamOrder } from "./reference-stream.js";

export interface ReferenceVoiceOptions {
  readonly port: ReferencePort;
  /** The script `reference-player`. */
  readonly playerUrl: URL;
  readonly sampleRateHz: number;
  /** Hears why nothing is played any more. */
  readonly onProblem: (sentence: string) => void;
}

interface Playing {
  readonly order: number;
  readonly startS: number;
  readonly loop: Passage;
  /** Count of its first frame in the ring; null until it is known. */
  firstFrame: number | null;
}

/** Plays reference tracks into the sound path by a thread of its own, which lives until `stop`, and knows where they are. */
export class ReferenceVoice {
  readonly #options: ReferenceVoiceOptions;
  readonly #worker: Worker;
  #playing: Playing | undefined;
  #orders = 0;
  #isStopped = false;

  constructor(options: ReferenceVoiceOptions) {
    const { port: { memory: { buffer, addresses } }, playerUrl, sampleRateHz, onProblem } = options;
    this.#options = options;
    this.#worker = new Worker(playerUrl, { workerData: { buffer, addresses, sampleRateHz } satisfies PlayerData });
    this.#worker.on("message", (message: StreamMessage) => this.#hear(message));
    this.#worker.once("error", (error) => onProblem(`the thread that plays it broke (${error instanceof Error ? error.message : String(error)})`));
    this.#worker.once("exit", () => {
      if (!this.#isStopped) onProblem("the thread that plays it ended");
    });
  }

  /** Goes to a place of a track, and then round in `loop`; `startS` lies before its end. */
  play(track: PlayableTrack, startS: number, loop: Passage): void {
    const { sampleRateHz } = this.#options;
    const frame = (seconds: number): number => Math.round(seconds * sampleRateHz);
    const order: StreamOrder = {
      order: ++this.#orders, path: track.path, startFrame: frame(startS), loopFrom: frame(loop.fromS), loopTo: frame(loop.toS),
    };
    this.#playing = { order: order.order, startS, loop, firstFrame: null };
    this.#worker.postMessage(order);
  }

  /** Plays nothing, and lets go of the file. */
  rest(): void {
    this.#playing = undefined;
    this.#worker.postMessage(null);
  }

  /** The place in the track that comes next, seconds; 0 while nothing is played. */
  get placeS(): number {
    const playing = this.#playing;
    if (playing === undefined) return 0;
    const { startS, loop, firstFrame } = playing;
    const played = firstFrame === null ? 0 : Math.max(0, (this.#options.port.readFrames - firstFrame) | 0);
    return placeInLoop(startS, played / this.#options.sampleRateHz, loop);
  }

  /** Ends the thread. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#worker.terminate();
  }

  #hear(message: StreamMessage): void {
    if (message.order !== this.#playing?.order) return;
    if ("problem" in message) this.#options.onProblem(message.problem);
    else this.#playing.firstFrame = message.firstFrame;
  }
}
