import type { ReferencePort } from "../engine/reference-port.js";
import { placeInLoop, type Passage } from "../meters/loudness-curve.js";
import type { PlayableTrack } from "./reference-preparer.js";
import type { StreamMessage, StreamOrder } from "./reference-stream.js";

/** Brings what it is ordered from the disk into the sound path. */
export interface Player {
  /** Orders a passage; null for nothing. */
  tell(order: StreamOrder | null): void;
  stop(): Promise<void>;
}

/** Hears what a player says. */
export interface PlayerListener {
  readonly hear: (message: StreamMessage) => void;
  /** It has ended by itself; why, as the end of a sentence. */
  readonly ended: (why: string) => void;
}

export interface ReferenceVoiceOptions {
  readonly port: Pick<ReferencePort, "readFrames">;
  readonly createPlayer: (listener: PlayerListener) => Player;
  readonly sampleRateHz: number;
  /** Hears why nothing is played any more, as the end of a sentence. */
  readonly onProblem: (why: string) => void;
}

interface Playing {
  readonly order: number;
  readonly startS: number;
  readonly loop: Passage;
  /** Count of its first frame in the ring; null until it is known. */
  firstFrame: number | null;
}

/** Plays reference tracks into the sound path, and knows where they are. */
export class ReferenceVoice {
  readonly #options: ReferenceVoiceOptions;
  readonly #player: Player;
  #playing: Playing | undefined;
  #orders = 0;

  constructor(options: ReferenceVoiceOptions) {
    this.#options = options;
    this.#player = options.createPlayer({ hear: (message) => this.#hear(message), ended: options.onProblem });
  }

  /** Goes to a place of a track, and then round in `loop`; `startS` lies before its end. */
  play(track: PlayableTrack, startS: number, loop: Passage): void {
    const { sampleRateHz } = this.#options;
    const frame = (seconds: number): number => Math.round(seconds * sampleRateHz);
    const order: StreamOrder = {
      order: ++this.#orders, path: track.path, startFrame: frame(startS), loopFrom: frame(loop.fromS), loopTo: frame(loop.toS),
    };
    this.#playing = { order: order.order, startS, loop, firstFrame: null };
    this.#player.tell(order);
  }

  /** Plays nothing, and lets go of the file. */
  rest(): void {
    this.#playing = undefined;
    this.#player.tell(null);
  }

  /** The place in the track that comes next, seconds; 0 while nothing is played. */
  get placeS(): number {
    const playing = this.#playing;
    if (playing === undefined) return 0;
    const { startS, loop, firstFrame } = playing;
    const played = firstFrame === null ? 0 : Math.max(0, (this.#options.port.readFrames - firstFrame) | 0);
    return placeInLoop(startS, played / this.#options.sampleRateHz, loop);
  }

  /** Plays no more. */
  async stop(): Promise<void> {
    await this.#player.stop();
  }

  #hear(message: StreamMessage): void {
    if (message.order !== this.#playing?.order) return;
    if ("problem" in message) this.#options.onProblem(message.problem);
    else this.#playing.firstFrame = message.firstFrame;
  }
}
