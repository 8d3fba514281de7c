import { AudioError, type AudioDuplex, type AudioFormat, type AudioRequest } from "../hal/audio.js";
import { SOUND_STATES, type SoundState } from "../hal/audio-health.js";
import type { BypassRelay } from "../hal/bypass-relay.js";
import type { Clock } from "../hal/clock.js";
import type { RealTime } from "../hal/real-time.js";
import { BlockLoop, type LiveChain } from "./block-loop.js";
import type { ChainAddresses } from "./chain-memory.js";
import { collectGarbage } from "./collections.js";
import {
  FRAMES_OUT, HEARTBEAT, PATIENCE_MS, REOPENS, STATE, STOP, TEXT_DETAIL, TEXT_LOCK_REFUSAL, TEXT_PRIORITY_REFUSAL, type ControlBlock,
} from "./control-block.js";
import { warmUpLoop } from "./loop-warm-up.js";

export interface AudioLoopParts {
  readonly device: AudioDuplex;
  readonly relay: BypassRelay;
  readonly clock: Clock;
  readonly realTime: RealTime;
  readonly control: ControlBlock;
  readonly request: AudioRequest;
  /** Builds the chain for what the device was opened with; called once, the first time that it opens. */
  readonly createChain: (format: AudioFormat) => LiveChain & { readonly addresses: ChainAddresses };
}

/** A device that is gone is tried again after a quarter of a second, then after twice that, up to the longest. */
const FIRST_WAIT_MS = 250;
/** Sound is to be back 3 s after a cable, so the longest wait and the start that follows stay within that. */
const LONGEST_WAIT_MS = 2000;
/** A device that gave sound for so long was no mere flicker. */
const SOUND_MS = 2000;
/** Longest nap, so that the heartbeat shows a thread that waits. */
const NAP_MS = 250;

/**
 * The life of the audio thread: opens the device, makes the chain warm, moves sound for as long as it flows, and opens
 * the device again, ever more slowly, when it is gone. Ends when STOP is set in the control block.
 */
export class AudioLoop {
  readonly #parts: AudioLoopParts;
  readonly #words: Int32Array;
  #blocks: BlockLoop | undefined;
  #format: AudioFormat | undefined;
  #waitMs = FIRST_WAIT_MS;

  constructor(parts: AudioLoopParts) {
    this.#parts = parts;
    this.#words = parts.control.words;
  }

  /** Runs until STOP. Blocks the thread. */
  run(): void {
    this.#words[PATIENCE_MS] = this.#parts.device.patienceMs;
    this.#setState("starting");
    while (Atomics.load(this.#words, STOP) === 0) {
      if (this.#open()) this.#play();
      this.#setState("waiting");
      this.#parts.device.close();
      this.#wait();
    }
    this.#parts.relay.release();
    this.#setState("stopped");
  }

  /** Opens the device. Returns whether it is there and like it was before. */
  #open(): boolean {
    const { device, request, control } = this.#parts;
    try {
      const format = device.open(request);
      requireSame(format, this.#format);
      if (this.#format) this.#words[REOPENS] = ((this.#words[REOPENS] as number) + 1) | 0;
      else this.#prepare(format);
      return true;
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      control.setText(TEXT_DETAIL, error.message);
      return false;
    }
  }

  #prepare(format: AudioFormat): void {
    const { clock, control, createChain, device, realTime, relay } = this.#parts;
    const { sampleRateHz, periodFrames } = format;
    const chain = createChain(format);
    warmUpLoop({ chain, clock });
    control.setText(TEXT_LOCK_REFUSAL, realTime.lockMemory(chain.block.buffer) ?? realTime.lockMemory(control.buffer) ?? "");
    this.#format = format;
    this.#blocks = new BlockLoop({ device, chain, relay, clock, control, sampleRateHz, periodFrames });
    // The streams are open, so that a driver's own threads keep their priority below this one's.
    control.setText(TEXT_PRIORITY_REFUSAL, realTime.raisePriority() ?? "");
    control.publish(format, chain.addresses);
  }

  /** Moves sound until the device has to be closed, or STOP. */
  #play(): void {
    collectGarbage();
    const before = this.#words[FRAMES_OUT] as number;
    this.#blocks?.run();
    const frames = ((this.#words[FRAMES_OUT] as number) - before) >>> 0;
    if (1000 * frames > SOUND_MS * (this.#format?.sampleRateHz ?? 0)) this.#waitMs = FIRST_WAIT_MS;
  }

  /** Waits before the next attempt, longer each time; STOP ends it. */
  #wait(): void {
    for (let leftMs = this.#waitMs; leftMs > 0 && Atomics.load(this.#words, STOP) === 0; leftMs -= NAP_MS) {
      Atomics.wait(this.#words, STOP, 0, Math.min(leftMs, NAP_MS));
      Atomics.add(this.#words, HEARTBEAT, 1);
    }
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }

  #setState(state: SoundState): void {
    Atomics.store(this.#words, STATE, SOUND_STATES.indexOf(state));
  }
}

/** @throws AudioError when a device came back unlike it was: the chain and all delays are made for what it was. */
function requireSame(now: AudioFormat, before: AudioFormat | undefined): void {
  if (before === undefined) return;
  const text = (format: AudioFormat): string =>
    `${format.sampleRateHz} Hz, ${format.periods} periods of ${format.periodFrames} frames, ${format.format}${format.hasMonitor ? ", a monitor output" : ""}`;
  if (text(now) === text(before)) return;
  throw new AudioError("unsupported", `${now.device} came back with ${text(now)}; the box runs with ${text(before)}. `
    + "Give it back its old settings, or restart the box.");
}
