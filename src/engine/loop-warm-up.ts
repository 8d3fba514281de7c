import {
  faultCode, type AudioDuplex, type AudioFormat, type AudioState, type SoundBlock,
} from "../hal/audio.js";
import type { BypassRelay } from "../hal/bypass-relay.js";
import type { Clock } from "../hal/clock.js";
import { BlockLoop, type LiveChain } from "./block-loop.js";
import { BYPASS, BYPASS_DEAD, BYPASS_WANTED, COMMAND_RESET, COMMAND_RESTART, COMMANDS, ControlBlock, GATE } from "./control-block.js";

/**
 * Kinds of dry devices. V8 fits its code to the kinds of objects that it has met, and falls back to slow code, which
 * makes objects of fractions, when it meets another; having met more than four it no longer minds.
 */
const KINDS = 6;
const DRY_FRAMES = 16;
/** So slow that every countdown of the loop runs out, and so fast that every block takes too long. */
const SLOW_HZ = 50 * DRY_FRAMES;
const FAST_HZ = 1e6 * DRY_FRAMES;
const DRY_PERIODS = 1500;

export interface WarmUpParts {
  readonly chain: LiveChain;
  readonly clock: Clock;
}

/**
 * Makes everything that the loop does run fast before sound depends on it: a block that meets unwarmed code takes
 * milliseconds. The real loop, the real chain and the real clock run on dry devices, which fail in every way.
 */
export function warmUpLoop(parts: WarmUpParts): void {
  for (let kind = 0; kind < KINDS; kind++) {
    const control = new ControlBlock();
    const Kind = class extends DryDuplex {};
    const Relay = class extends DryRelay {};
    const isSlow = kind % 2 === 0;
    const sampleRateHz = isSlow ? SLOW_HZ : FAST_HZ;
    const device = new Kind(control, isSlow);
    new BlockLoop({ ...parts, device, relay: new Relay(isSlow), control, sampleRateHz, periodFrames: DRY_FRAMES }).run();
  }
  // What the late blocks of the last device shed must be there for the first sound.
  parts.chain.setShedding(0);
  parts.chain.reset();
}

/** A relay with contacts or without, whose line goes and comes. */
class DryRelay implements BypassRelay {
  readonly #hasContacts: boolean;
  beats = 0;

  constructor(hasContacts: boolean) {
    this.#hasContacts = hasContacts;
  }

  get isWired(): boolean {
    return this.#hasContacts && this.beats % 64 < 48;
  }

  beat(): void {
    this.beats++;
  }

  release(): void {
    this.beats = 0;
  }
}

/** A device without sound that fails in every way, and is gone after some time. */
class DryDuplex implements AudioDuplex {
  readonly detail = "dry";
  readonly patienceMs = 2000;
  readonly state: AudioState = "running";
  readonly #control: ControlBlock;
  readonly #isGood: boolean;
  #reads = 0;
  #writes = 0;

  /** @param isGood - whether the loop finds good sound between two faults */
  constructor(control: ControlBlock, isGood: boolean) {
    this.#control = control;
    this.#isGood = isGood;
  }

  open(): AudioFormat {
    throw new Error("A dry device is not opened.");
  }

  start(block: SoundBlock): number {
    return block.bytes > 0 ? 0 : faultCode("other");
  }

  read(): number {
    const turn = this.#reads++;
    if (turn === DRY_PERIODS) return faultCode("disconnected");
    const { words } = this.#control;
    if (turn % 64 === 0) words[COMMANDS] = COMMAND_RESET;
    if (turn % 128 === 0) words[COMMANDS] = COMMAND_RESTART;
    words[GATE] = (turn >> 4) & 1;
    words[BYPASS] = (turn >> 6) & (BYPASS_DEAD | BYPASS_WANTED);
    if (this.#isDue(turn)) return turn % 200 === 50 ? DRY_FRAMES - 1 : faultCode("overrun");
    return DRY_FRAMES;
  }

  write(): number {
    return this.#isDue(++this.#writes + 30) ? faultCode("underrun") : DRY_FRAMES;
  }

  /** Whether to fail now. A few times only where the loop finds no good sound between, and waits longer each time. */
  #isDue(turn: number): boolean {
    return turn % 100 === 50 && (this.#isGood || turn < 60);
  }

  positions(into: Float64Array): void {
    into[0] = this.#reads;
  }

  close(): void {
    // Nothing is open.
  }
}
