import { ByteRing } from "../shared-memory/byte-ring.js";

/** Words of the link; the pump adds to PULSE and wakes the audio thread after any change. */
export const PULSE = 0;
/** The start that the audio thread asks for, counted from 1; the pump runs one child for each. */
export const WANTED = 1;
/** The start whose child delivers sound. */
export const RUNNING = 2;
export const CLOSE = 3;
export const CLOSED = 4;
/** Changed by the audio thread to wake the pump. */
export const CALL = 5;
/** What befell a child, as a code of `faultCode`, and the start that it was made for. */
const FAULT = 6;
const FAILED_START = 7;
const DETAIL_LENGTH = 8;
const WORDS = 9;
const DETAIL_BYTES = 512;

/** The shared memory of a link; can be handed to another thread. */
export interface StreamLinkMemory {
  readonly words: SharedArrayBuffer;
  readonly captured: SharedArrayBuffer;
  readonly toPlay: SharedArrayBuffer;
  readonly detail: SharedArrayBuffer;
}

/** What the audio thread and the pump share: a ring of sound in each direction, and words of control. */
export class StreamLink {
  readonly memory: StreamLinkMemory;
  readonly words: Int32Array;
  readonly captured: ByteRing;
  readonly toPlay: ByteRing;
  readonly #detail: Uint8Array;

  constructor(memory: StreamLinkMemory) {
    this.memory = memory;
    this.words = new Int32Array(memory.words);
    this.captured = new ByteRing(memory.captured);
    this.toPlay = new ByteRing(memory.toPlay);
    this.#detail = new Uint8Array(memory.detail);
  }

  /** Makes the memory of a link whose rings hold so many bytes. */
  static allocate(ringBytes: number): StreamLinkMemory {
    return {
      words: new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT),
      captured: ByteRing.allocate(ringBytes),
      toPlay: ByteRing.allocate(ringBytes),
      detail: new SharedArrayBuffer(DETAIL_BYTES),
    };
  }

  /** Wakes the audio thread. */
  pulse(): void {
    Atomics.add(this.words, PULSE, 1);
    Atomics.notify(this.words, PULSE);
  }

  /** Wakes the pump. */
  call(): void {
    Atomics.add(this.words, CALL, 1);
    Atomics.notify(this.words, CALL);
  }

  /** Tells what befell the child of a start; its first trouble stands. */
  fail(start: number, code: number, detail: string): void {
    if (Atomics.load(this.words, FAILED_START) === start) return;
    const text = new TextEncoder().encode(detail).subarray(0, DETAIL_BYTES);
    this.#detail.set(text);
    Atomics.store(this.words, DETAIL_LENGTH, text.length);
    Atomics.store(this.words, FAULT, code);
    Atomics.store(this.words, FAILED_START, start);
    this.pulse();
  }

  /** The code of what befell the child of the last start, or 0. */
  get fault(): number {
    return Atomics.load(this.words, FAILED_START) === Atomics.load(this.words, WANTED) ? Atomics.load(this.words, FAULT) : 0;
  }

  /** What was said about the last trouble. */
  get detail(): string {
    return new TextDecoder().decode(this.#detail.slice(0, Atomics.load(this.words, DETAIL_LENGTH)));
  }
}
