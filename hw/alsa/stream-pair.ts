import { ENODEV, SKEWED } from "./alsa-constants.js";
import type { AlsaStream } from "./alsa-stream.js";
import type { Libasound } from "./libasound.js";

/**
 * Measurements of the skew must agree for so long, and for two periods: a thread that is held up makes one direction look
 * a tick late for some milliseconds. How far they may differ, and how many such times they get to agree.
 */
const AGREE_MS = 10;
const LEAST_AGREEING = 2;
const ALIGN_TURNS = 4;
const SKEW_TOLERANCE_FRAMES = 4;
const SKEW_TRIES = 10;

/** Both directions of a device, held in step: what comes in goes out one playback buffer later, to the frame. */
export class StreamPair {
  readonly capture: AlsaStream;
  readonly playback: AlsaStream;
  readonly isLinked: boolean;
  readonly #lib: Libasound;
  /** As many frames of silence as the playback buffer holds, from any frame on; and where discarded frames go. */
  readonly #silence: readonly Uint8Array[];
  readonly #discard: readonly Uint8Array[];
  readonly #positions = new Float64Array(3);
  #failed: AlsaStream;

  constructor(lib: Libasound, capture: AlsaStream, playback: AlsaStream, isLinked: boolean) {
    this.capture = capture;
    this.playback = playback;
    this.isLinked = isLinked;
    this.#lib = lib;
    this.#failed = capture;
    const { bufferFrames } = playback.figures;
    // Zero bits are silence in every format.
    const silence = new Uint8Array(bufferFrames * playback.figures.frameBytes);
    const discard = new Uint8Array(bufferFrames * capture.figures.frameBytes);
    this.#silence = Array.from({ length: bufferFrames }, () => silence);
    this.#discard = Array.from({ length: bufferFrames }, () => discard);
  }

  /** The direction in which the last restart failed. */
  get failed(): AlsaStream {
    return this.#failed;
  }

  /**
   * The one way to bring both directions to a known state, at the start and after every trouble: what either held is
   * dropped, the playback buffer is filled with silence, and both start.
   * @returns 0, or a negative error.
   */
  restart(): number {
    const answer = this.#begin();
    if (answer < 0) return answer;
    // From here on the frame that is captured as the n-th is played one buffer later, as the n-th after the silence.
    this.capture.countFrom(0);
    this.playback.countFrom(this.playback.figures.bufferFrames);
    return 0;
  }

  close(): void {
    if (this.isLinked) this.#lib.unlink(this.capture.handle);
    this.capture.close();
    this.playback.close();
  }

  #begin(): number {
    const { capture, playback } = this;
    // Some states refuse to be dropped; what matters is that both can be prepared.
    if (capture.drop() === ENODEV) return this.#fail(ENODEV, capture);
    if (playback.drop() === ENODEV) return this.#fail(ENODEV, playback);
    if (this.isLinked) this.#lib.unlink(capture.handle);
    let answer = capture.prepare();
    if (answer < 0) return this.#fail(answer, capture);
    answer = playback.prepare();
    if (answer < 0) return this.#fail(answer, playback);
    if (this.isLinked) {
      answer = this.#lib.link(capture.handle, playback.handle);
      if (answer < 0) return this.#fail(answer, playback);
    }
    capture.countFrom(0);
    playback.countFrom(0);
    answer = playback.move(this.#silence, playback.figures.bufferFrames);
    if (answer < 0) return this.#fail(answer, playback);
    // The start of linked streams is one call; others are started one by one.
    if (!this.isLinked) {
      answer = playback.start();
      if (answer < 0) return this.#fail(answer, playback);
    }
    answer = capture.start();
    if (answer < 0) return this.#fail(answer, capture);
    return this.#align();
  }

  /**
   * Two starts can straddle a tick of the device, which would leave the delay longer or shorter by it for good. Silence
   * is passed on until the measurements of that skew agree for a while, then it is taken out. Linked streams that have one trigger
   * have no skew, and one measurement says so; but the kernel links any two, and starts some of them one after the other.
   */
  #align(): number {
    const { capture, playback } = this;
    const { periodFrames, sampleRateHz } = capture.figures;
    const enough = Math.max(LEAST_AGREEING, Math.ceil((AGREE_MS * sampleRateHz) / (1000 * periodFrames)));
    let before = 0;
    let agreeing = 0;
    for (let turn = 0; turn < ALIGN_TURNS * enough; turn++) {
      let answer = capture.move(this.#discard, periodFrames);
      if (answer < 0) return this.#fail(answer, capture);
      answer = playback.move(this.#silence, periodFrames);
      if (answer < 0) return this.#fail(answer, playback);
      // The device reports both directions at its tick, but one after the other: the middle of a period is quiet.
      capture.pauseMs((250 * periodFrames) / sampleRateHz);
      const skew = this.#skewFrames();
      if (this.isLinked && Math.abs(skew) <= SKEW_TOLERANCE_FRAMES) return 0;
      agreeing = Math.abs(skew - before) <= SKEW_TOLERANCE_FRAMES ? agreeing + 1 : 1;
      if (agreeing >= enough) return this.#takeOut(skew);
      before = skew;
    }
    return this.#fail(SKEWED, playback);
  }

  /**
   * Frames that the playback is behind the capture, each counted from its own start. A frame may pass between the two
   * readings: they hold when the capture says the same before and after.
   */
  #skewFrames(): number {
    for (let tries = 0; tries < SKEW_TRIES; tries++) {
      this.capture.position(this.#positions, 0);
      this.playback.position(this.#positions, 1);
      this.capture.position(this.#positions, 2);
      if (this.#positions[0] === this.#positions[2]) break;
    }
    return (this.#positions[2] as number) - (this.#positions[1] as number);
  }

  /** Playback that began late makes the delay too long: frames of the capture are left out; early, and silence is put in. */
  #takeOut(skew: number): number {
    const { capture, playback } = this;
    if (Math.abs(skew) > playback.figures.bufferFrames) return this.#fail(SKEWED, playback);
    const late = skew > 0 ? capture.move(this.#discard, skew) : 0;
    if (late < 0) return this.#fail(late, capture);
    const early = skew < 0 ? playback.move(this.#silence, -skew) : 0;
    return early < 0 ? this.#fail(early, playback) : 0;
  }

  #fail(error: number, stream: AlsaStream): number {
    this.#failed = stream;
    return error;
  }
}
