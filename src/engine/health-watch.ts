import { READOUT_GATE_GAIN, READOUT_INPUT_PEAK, READOUT_OUTPUT_PEAK, RECORD_IS_SHED, RECORD_READOUTS } from "../dsp/layout.js";
import { AUDIO_FAULTS, POSITION_CAPTURED, POSITION_TIME_MS, type AudioFormat } from "../hal/audio.js";
import type { SoundState } from "../hal/audio-health.js";
import { ChainMemory } from "./chain-memory.js";
import { ClockWatch } from "./clock-watch.js";
import {
  BYPASS, BYPASS_DEAD, COMMAND_RESET, COMMAND_RESTART, COMMANDS, FAULTS, FRAMES_IN, FRAMES_OUT, HEARTBEAT, PATIENCE_MS, POSITIONS_VERSION, type ControlBlock,
} from "./control-block.js";
import { soundState, type WatchedHealth } from "./health-report.js";
import { LoadFigures } from "./load-figures.js";
import { readMeterRecord } from "./meter-record.js";
import { OutputWatch, type BinLevels, type Remedy } from "./output-watch.js";

/** `tick` is to be called so often. */
export const TICKS_PER_SECOND = 10;
/** A thread without a heartbeat for so long hangs; longer when it opens a device, which may take its time. */
const HANG_MS = { running: 2000, recovering: 2000, waiting: 15_000, starting: 60_000, stopped: Infinity } as const;
const WRONG_CLOCK = AUDIO_FAULTS.indexOf("wrongClock");

/** The sound path once its device was opened. */
export interface PreparedSound {
  readonly format: AudioFormat;
  readonly memory: ChainMemory;
}

/**
 * Watches the audio thread from the box process: whether it lives, frames advance, its clock is right, and the output
 * lives while the input does. It acts through the control block: clears stages, starts streams again, lets the relay go.
 */
export class HealthWatch {
  readonly #control: ControlBlock;
  readonly #words: Int32Array;
  readonly #load: LoadFigures;
  readonly #output: OutputWatch;
  #clock: ClockWatch | undefined;
  /** Its own reader of the records: the box has another. */
  #memory: ChainMemory | undefined;
  #ticks = 0;
  #heartbeat = 0;
  #silentTicks = 0;
  /** State that the silent ticks were counted in. */
  #state: SoundState = "starting";
  #isClockWrong = false;
  #framesIn = 0;
  #framesOut = 0;
  #framesAsked = 0;

  /** @param isSilenceMeant - whether the settings explain that nothing comes out; undefined when that cannot be told */
  constructor(control: ControlBlock, isSilenceMeant: () => boolean | undefined) {
    this.#output = new OutputWatch(isSilenceMeant);
    this.#control = control;
    this.#words = control.words;
    this.#load = new LoadFigures(control.load);
  }

  /** To be called TICKS_PER_SECOND times a second. Returns why the thread has to end, if it has to. */
  tick(prepared: PreparedSound | null): string | undefined {
    this.#countFrames();
    if (++this.#ticks % TICKS_PER_SECOND === 0) this.#load.tick();
    if (prepared) {
      this.#watchClock(prepared.format);
      if (this.#watchOutput(prepared.memory)) return "The output stays silent although the input lives, whatever was tried.";
    }
    return this.#hangs() ? "The audio thread does not answer." : undefined;
  }

  get health(): WatchedHealth {
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      load: { p50Percent: this.#load.percentile(0.5), p99Percent: this.#load.percentile(0.99) },
      measuredRateHz: this.#clock?.rateHz ?? null,
      isOutputDead: this.#output.isDead,
      detail: this.#detail(),
    };
  }

  /**
   * Whether frames went in and out since the last call. While the device is opened or started none can: then the thread
   * must not have been in that for longer than its driver may take.
   */
  isAlive(): boolean {
    this.#countFrames();
    const frames = Math.min(this.#framesIn, this.#framesOut);
    const isMoving = frames > this.#framesAsked;
    this.#framesAsked = frames;
    const state = soundState(this.#control);
    return isMoving || ((state === "waiting" || state === "recovering") && !this.#isSilent(state));
  }

  /** The words count modulo 2^32; each call adds what has passed since the last, at most 3 hours. */
  #countFrames(): void {
    const since = (index: number, total: number): number => (Atomics.load(this.#words, index) - total) >>> 0;
    this.#framesIn += since(FRAMES_IN, this.#framesIn);
    this.#framesOut += since(FRAMES_OUT, this.#framesOut);
  }

  #hangs(): boolean {
    const heartbeat = Atomics.load(this.#words, HEARTBEAT);
    const state = soundState(this.#control);
    // The silence of a long start must not count against a thread that has just begun to run.
    this.#silentTicks = heartbeat === this.#heartbeat && state === this.#state ? this.#silentTicks + 1 : 0;
    this.#heartbeat = heartbeat;
    this.#state = state;
    return this.#isSilent(state);
  }

  /** Whether the heart has not beaten for longer than it may in this state. */
  #isSilent(state: SoundState): boolean {
    const patienceMs = state === "running" ? 0 : Atomics.load(this.#words, PATIENCE_MS);
    return (1000 * this.#silentTicks) / TICKS_PER_SECOND > Math.max(HANG_MS[state], patienceMs);
  }

  #watchClock({ sampleRateHz, isPaced }: AudioFormat): void {
    const version = Atomics.load(this.#words, POSITIONS_VERSION);
    const [frames = 0, timeMs = 0] = [this.#control.positions[POSITION_CAPTURED], this.#control.positions[POSITION_TIME_MS]];
    if (!isPaced || version === 0 || version % 2 === 1 || Atomics.load(this.#words, POSITIONS_VERSION) !== version) return;
    this.#clock ??= new ClockWatch(sampleRateHz);
    this.#clock.add(frames, timeMs);
    if (this.#clock.isWrong && !this.#isClockWrong) {
      Atomics.add(this.#words, FAULTS + WRONG_CLOCK, 1);
      Atomics.or(this.#words, COMMANDS, COMMAND_RESTART);
    }
    this.#isClockWrong = this.#clock.isWrong;
  }

  /** Returns whether the thread has to end. */
  #watchOutput({ buffer, addresses }: ChainMemory): boolean {
    this.#memory ??= new ChainMemory(buffer, addresses);
    let mustEnd = false;
    this.#memory.takeRecords((record) => {
      const levels = record[RECORD_IS_SHED] === 1 ? shedLevels(record) : readMeterRecord(record);
      const remedy = this.#output.add(levels, record[RECORD_READOUTS + READOUT_GATE_GAIN] === 1);
      if (remedy === "end") mustEnd = true;
      else if (remedy !== undefined) this.#apply(remedy);
    });
    return mustEnd;
  }

  #apply(remedy: Exclude<Remedy, "end"> | "recovered"): void {
    if (remedy === "bypass") Atomics.or(this.#words, BYPASS, BYPASS_DEAD);
    else if (remedy === "recovered") Atomics.and(this.#words, BYPASS, ~BYPASS_DEAD);
    else Atomics.or(this.#words, COMMANDS, remedy === "reset" ? COMMAND_RESET : COMMAND_RESTART);
  }

  #detail(): string {
    if (this.#output.isDead) return "The output is silent although sound comes in; the chain was cleared and the streams started again.";
    const rateHz = this.#clock?.rateHz;
    if (!this.#isClockWrong || !rateHz) return "";
    return `The device runs at ${Math.round(rateHz)} Hz by the system's clock and not at the rate it was set to; check its clock or its driver.`;
  }
}

/** Levels of a bin in which the meters rested: by the peaks of its last period, as if they were those of a sine. */
function shedLevels(record: Float64Array): { readonly input: BinLevels; readonly output: BinLevels } {
  const levels = (readout: number): BinLevels => {
    const peak = record[RECORD_READOUTS + readout] ?? 0;
    return { meanSquares: [peak ** 2 / 2, peak ** 2 / 2], samplePeaks: [peak, peak] };
  };
  return { input: levels(READOUT_INPUT_PEAK), output: levels(READOUT_OUTPUT_PEAK) };
}
