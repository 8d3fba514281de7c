import { GATE_CLOSE, GATE_OPEN, GATE_SHUT } from "../dsp/layout.js";
import { AUDIO_FAULTS, faultCode, type AudioDuplex, type SoundBlock } from "../hal/audio.js";
import { SOUND_STATES } from "../hal/audio-health.js";
import type { BypassRelay } from "../hal/bypass-relay.js";
import type { Clock } from "../hal/clock.js";
import { CollectionCounter } from "./collections.js";
import {
  BYPASS, BYPASS_DEAD, BYPASS_WANTED, COLLECTION_COUNTS, COLLECTIONS, COMMAND_COUNT, COMMAND_RESET, COMMAND_RESTART, COMMANDS, FAULTS, FRAMES_IN, FRAMES_OUT, GATE,
  HEARTBEAT, POSITIONS_VERSION, RELAY_HELD, RESTARTS, STATE, STOP, TEXT_DETAIL, type ControlBlock,
} from "./control-block.js";
import { LoadWatch } from "./load-watch.js";

/** What the loop needs of the chain in WebAssembly. None of the calls allocates. */
export interface LiveChain {
  /** The period in the wire's format: input before `processPeriod`, output after. */
  readonly block: SoundBlock;
  /** Decodes, processes and encodes the first frames of the block, in place. */
  processPeriod(frames: number): void;
  /** Opens, closes or shuts the output's gate: a GATE_* command of the layout, and how long its ramp takes. */
  setGate(command: number, rampMs: number): void;
  /** Leaves out what SHEDDING names at this index. */
  setShedding(index: number): void;
  /** Lets so many frames count as passed that never came in. */
  skipFrames(frames: number): void;
  /** Clears the signal state of all stages; meters and counters go on. */
  resetStages(): void;
  /** Clears everything, as if the chain were new. */
  reset(): void;
}

export interface BlockLoopParts {
  readonly device: AudioDuplex;
  readonly chain: LiveChain;
  readonly relay: BypassRelay;
  readonly clock: Clock;
  readonly control: ControlBlock;
  readonly sampleRateHz: number;
  readonly periodFrames: number;
}

const OVERRUN = faultCode("overrun");
const UNDERRUN = faultCode("underrun");
const SHORT_TRANSFER = faultCode("shortTransfer");
const DISCONNECTED = faultCode("disconnected");
/** The box asks for a restart: no fault, and counted as none. */
const RESTART_WANTED = -1000;

const FAULT_KINDS = AUDIO_FAULTS.length;
const OTHER = AUDIO_FAULTS.indexOf("other");

const RUNNING = SOUND_STATES.indexOf("running");
const RECOVERING = SOUND_STATES.indexOf("recovering");

/** Starts after which not one period was moved, and starts without good sound after them, before the device is closed. */
const MAX_FAILURES = 3;
const MAX_TROUBLES = 20;
/** Between one start and the next, when the first did not help: longer each time, up to five times as long. */
const PAUSE_MS = 15;
const LONGEST_PAUSE = 5;
/** After so many starts without good sound the relay is left to fall. */
const HELD_TROUBLES = 2;
/** After so much good sound a fault is a new one. */
const GOOD_MS = 50;
/** After so much good sound the relay is held. */
const ENGAGE_MS = 100;
const BEAT_MS = 5;
/** For so long after a start the gate stays shut: what the chain holds of before is not heard. */
const HOLD_MS = 3;
/** Ramps of the gate: at the first start of a device, after a fault, when the box wants silence, and before a restart. */
const FIRST_OPEN_MS = 400;
const REOPEN_MS = 20;
const CLOSE_MS = 100;
const FADE_MS = 20;
/** The fullest playback buffer: a fade is heard once it was played. */
const MOST_PERIODS = 4;
/** A relay has come to rest so long after it was held. */
const SETTLE_MS = 100;
const POSITIONS_MS = 1000;
/** Reading the counter leaves 2 kB behind: unasked it is read so rarely that it never adds up to a collection of its own. */
const COLLECTIONS_MS = 600_000;

/**
 * The sound's loop: read a period, process it, write it, for as long as nobody asks to stop. It leaves no garbage and
 * throws nothing; all that it says goes through the control block. After any fault it shuts the gate, drops the block
 * and starts the streams again. Starts in vain, or a device that is gone, end it.
 */
export class BlockLoop {
  readonly #device: AudioDuplex;
  readonly #chain: LiveChain;
  readonly #relay: BypassRelay;
  readonly #control: ControlBlock;
  readonly #words: Int32Array;
  readonly #load: LoadWatch;
  readonly #collections = new CollectionCounter();
  readonly #periodFrames: number;
  readonly #goodPeriods: number;
  readonly #engagePeriods: number;
  readonly #beatPeriods: number;
  readonly #holdPeriods: number;
  readonly #fadePeriods: number;
  readonly #settlePeriods: number;
  readonly #positionPeriods: number;
  readonly #collectionPeriods: number;
  /** Faults since a period was moved, and since there was good sound. */
  #failures = 0;
  #troubles = 0;
  #collected = 0;
  /** Periods since the streams were started, up to those after which the relay is held. */
  #age = 0;
  #untilBeat = 0;
  #untilPositions = 0;
  #untilCollections = 0;
  /** Periods of the fade before a restart that are left; 0 without one. */
  #untilRestart = 0;
  /** Periods until the fade before a person's bypass has been played, and until sound may be heard after the relay was held. */
  #untilSilent = 0;
  #untilHeard = 0;
  #gate = GATE_SHUT;
  #openMs = FIRST_OPEN_MS;
  #shed = 0;
  #isWired: boolean;

  constructor(parts: BlockLoopParts) {
    const { sampleRateHz, periodFrames } = parts;
    const periodsIn = (ms: number): number => Math.max(1, Math.floor((ms * sampleRateHz) / (1000 * periodFrames)));
    this.#device = parts.device;
    this.#chain = parts.chain;
    this.#relay = parts.relay;
    this.#isWired = parts.relay.isWired;
    this.#control = parts.control;
    this.#words = parts.control.words;
    this.#load = new LoadWatch(parts.clock, parts.control, sampleRateHz, periodFrames);
    this.#periodFrames = periodFrames;
    this.#goodPeriods = periodsIn(GOOD_MS);
    this.#engagePeriods = Math.ceil((ENGAGE_MS * sampleRateHz) / (1000 * periodFrames));
    this.#beatPeriods = periodsIn(BEAT_MS);
    this.#holdPeriods = periodsIn(HOLD_MS) + 1;
    this.#fadePeriods = periodsIn(FADE_MS) + 1 + MOST_PERIODS;
    this.#settlePeriods = periodsIn(SETTLE_MS);
    this.#positionPeriods = periodsIn(POSITIONS_MS);
    this.#collectionPeriods = periodsIn(COLLECTIONS_MS);
  }

  /** Starts the streams and moves sound until STOP, or until the device has to be closed. */
  run(): void {
    this.#collected = this.#words[COLLECTIONS] as number;
    this.#collections.start();
    this.#failures = 0;
    this.#troubles = 0;
    this.#openMs = FIRST_OPEN_MS;
    let code = this.#start();
    while (Atomics.load(this.#words, STOP) === 0) {
      if (code >= 0) code = this.#move();
      else if (this.#take(code)) code = this.#restart();
      else break;
    }
    this.#shutGate();
    this.#letGo();
    this.#countCollections();
  }

  /** Moves one period. Returns 0, or the code of a fault. */
  #move(): number {
    let frames = this.#device.read();
    if (frames !== this.#periodFrames) return frames < 0 ? frames : SHORT_TRANSFER;
    this.#words[FRAMES_IN] = ((this.#words[FRAMES_IN] as number) + frames) | 0;
    this.#load.begin();
    if (this.#age === 0) this.#chain.skipFrames(this.#load.lostFrames());
    const commands = Atomics.exchange(this.#words, COMMANDS, 0);
    if ((commands & COMMAND_RESET) !== 0) this.#chain.resetStages();
    this.#chain.processPeriod(frames);
    this.#shedAsNeeded(this.#load.end());
    frames = this.#device.write();
    if (frames !== this.#periodFrames) return frames < 0 ? frames : SHORT_TRANSFER;
    this.#words[FRAMES_OUT] = ((this.#words[FRAMES_OUT] as number) + frames) | 0;
    this.#attend();
    if ((commands & COMMAND_COUNT) !== 0) this.#countCollections();
    if ((commands & COMMAND_RESTART) !== 0 && this.#untilRestart === 0) this.#untilRestart = this.#fade();
    return this.#untilRestart > 0 && --this.#untilRestart === 0 ? RESTART_WANTED : 0;
  }

  /** Fades out, so that what follows cuts nothing that is heard. Returns the periods until the end of it was played. */
  #fade(): number {
    this.#gate = GATE_CLOSE;
    this.#chain.setGate(GATE_CLOSE, FADE_MS);
    return this.#fadePeriods;
  }

  /** What is due now and then while sound flows. */
  #attend(): void {
    this.#pulse();
    if (this.#age < this.#engagePeriods) this.#grow();
    if (this.#age >= this.#holdPeriods && this.#untilRestart === 0) this.#followGate();
    if (--this.#untilBeat <= 0) this.#beat();
    if (--this.#untilPositions <= 0) this.#readPositions();
    if (--this.#untilCollections <= 0) this.#countCollections();
  }

  #grow(): void {
    // Streams that were started have moved nothing yet: sound flows from the first period on.
    if (this.#age === 0) this.#tellFlow();
    this.#failures = 0;
    if (++this.#age === this.#goodPeriods) this.#troubles = 0;
  }

  #tellFlow(): void {
    Atomics.store(this.#words, STATE, RUNNING);
    this.#control.setText(TEXT_DETAIL, "");
  }

  #pulse(): void {
    this.#words[HEARTBEAT] = ((this.#words[HEARTBEAT] as number) + 1) | 0;
  }

  #followGate(): void {
    this.#followBypass();
    const isMuted = this.#untilHeard > 0 || this.#isRelayComing();
    const wanted = isMuted || Atomics.load(this.#words, GATE) === 0 ? GATE_CLOSE : GATE_OPEN;
    // A gate that is shut stays so under a mute; one that somebody else wants closed lets a probe's impulse out.
    if (wanted === this.#gate || (isMuted && this.#gate === GATE_SHUT)) return;
    this.#gate = wanted;
    this.#chain.setGate(wanted, wanted === GATE_CLOSE ? CLOSE_MS : this.#openMs);
    if (wanted === GATE_OPEN) this.#openMs = REOPEN_MS;
  }

  /** Whether contacts are about to switch from the bare input to the output: that is not to be heard. */
  #isRelayComing(): boolean {
    return this.#relay.isWired && this.#words[RELAY_HELD] === 0 && Atomics.load(this.#words, BYPASS) === 0;
  }

  /** Around a person's bypass the output is silent when the relay switches, there and back. */
  #followBypass(): void {
    if ((Atomics.load(this.#words, BYPASS) & BYPASS_WANTED) !== 0) {
      if (this.#untilHeard === 0) this.#untilSilent = this.#fade();
      else if (this.#untilSilent > 0) this.#untilSilent--;
      this.#untilHeard = this.#settlePeriods;
    } else if (this.#untilHeard > 0 && this.#age >= this.#goodPeriods) this.#untilHeard--;
  }

  #shedAsNeeded(shed: number): void {
    if (shed === this.#shed) return;
    this.#shed = shed;
    this.#chain.setShedding(shed);
  }

  #beat(): void {
    this.#untilBeat = this.#beatPeriods;
    if (this.#relay.isWired !== this.#isWired) this.#rewire();
    const bypass = Atomics.load(this.#words, BYPASS);
    const isHeld = this.#words[RELAY_HELD] === 1;
    // A dead output is bypassed at once; a person's bypass waits until the fade before it was heard.
    if ((bypass & BYPASS_DEAD) !== 0 || (bypass !== 0 && this.#untilHeard > 0 && this.#untilSilent === 0)) {
      if (isHeld) this.#letGo();
    } else if (isHeld ? this.#troubles <= HELD_TROUBLES || this.#age >= this.#goodPeriods : bypass === 0 && this.#age === this.#engagePeriods) {
      if (!isHeld && this.#relay.isWired) this.#untilHeard = this.#settlePeriods;
      this.#relay.beat();
      this.#words[RELAY_HELD] = 1;
    }
  }

  /** The relay got its line, or lost it: it is held anew, after good sound and under a mute. */
  #rewire(): void {
    this.#isWired = this.#relay.isWired;
    this.#letGo();
    this.#age = Math.min(this.#age, 1);
  }

  #letGo(): void {
    this.#relay.release();
    this.#words[RELAY_HELD] = 0;
  }

  #readPositions(): void {
    this.#untilPositions = this.#positionPeriods;
    Atomics.add(this.#words, POSITIONS_VERSION, 1);
    this.#device.positions(this.#control.positions);
    Atomics.add(this.#words, POSITIONS_VERSION, 1);
  }

  #countCollections(): void {
    this.#untilCollections = this.#collectionPeriods;
    this.#collected += this.#collections.stop();
    this.#words[COLLECTIONS] = this.#collected;
    this.#words[COLLECTION_COUNTS] = ((this.#words[COLLECTION_COUNTS] as number) + 1) | 0;
    this.#collections.start();
  }

  #shutGate(): void {
    this.#gate = GATE_SHUT;
    this.#chain.setGate(GATE_SHUT, 0);
  }

  /** Takes a fault down, and waits where the last start did not help. Returns whether to start again, or to close the device. */
  #take(code: number): boolean {
    this.#shutGate();
    Atomics.store(this.#words, STATE, RECOVERING);
    if (code === RESTART_WANTED) return true;
    const fault = code >= -FAULT_KINDS ? -1 - code : OTHER;
    this.#words[FAULTS + fault] = ((this.#words[FAULTS + fault] as number) + 1) | 0;
    this.#control.setText(TEXT_DETAIL, this.#device.detail);
    if (code === OVERRUN || code === UNDERRUN) this.#load.countXrun();
    this.#failures++;
    this.#troubles++;
    if (this.#troubles > HELD_TROUBLES && this.#words[RELAY_HELD] === 1) this.#letGo();
    if (code === DISCONNECTED || this.#failures > MAX_FAILURES || this.#troubles > MAX_TROUBLES) return false;
    const pauses = this.#troubles < LONGEST_PAUSE ? this.#troubles - 1 : LONGEST_PAUSE;
    if (pauses > 0) Atomics.wait(this.#words, STOP, 0, PAUSE_MS * pauses);
    return true;
  }

  /** Starts again. Returns 0, or the code of the fault that was met. */
  #restart(): number {
    const code = this.#start();
    if (code >= 0) this.#words[RESTARTS] = ((this.#words[RESTARTS] as number) + 1) | 0;
    return code;
  }

  #start(): number {
    this.#shutGate();
    this.#age = 0;
    this.#untilRestart = 0;
    this.#untilPositions = this.#positionPeriods;
    this.#pulse();
    return this.#device.start(this.#chain.block);
  }
}
