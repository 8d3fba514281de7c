import {
  LIVE_SHED,
  READOUT_COUNT,
  RECORDS_PER_SECOND,
  RECORD_FIELDS,
  RECORD_FRAMES,
  RECORD_INDEX,
  RECORD_INPUT,
  RECORD_IS_SHED,
  RECORD_OUTPUT,
  RECORD_READOUTS,
  RECORD_RING,
  SHED_METERS,
  TAP_FIELDS,
} from "./layout";
import { allocate, clearPeakReadouts, liveWord, readoutAddress } from "./memory";
import { MeterTap } from "./meter-tap";

/** The meters of the chain: an input and an output tap, and the ring of their 10 ms records. */
export class MeterBins {
  readonly input: MeterTap = new MeterTap();
  readonly output: MeterTap = new MeterTap();
  /** Frames that the present bin still lacks. */
  framesLeft: i32 = 0;
  /** Frames of the present bin. */
  binFrames: i32 = 0;
  /** Whether the host lets the taps rest in the present bin. */
  areResting: bool = false;
  /** Address of the ring: RECORD_RING records of RECORD_FIELDS f64. */
  ring: usize = 0;
  /** Address of an i32: records written since `reset`. */
  written: usize = 0;
  private sampleRateHz: f64 = 0;
  private index: i32 = 0;
  /** Whether the taps run in this bin for the first time after a gap: they meet sound that began in the middle, and read too much. */
  private areFilling: bool = false;

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.ring = allocate(RECORD_RING * RECORD_FIELDS * 8);
    this.written = allocate(16);
    this.input.prepare(sampleRateHz);
    this.output.prepare(sampleRateHz);
  }

  reset(): void {
    this.input.reset();
    this.output.reset();
    this.areResting = false;
    this.areFilling = false;
    this.index = 0;
    atomic.store<i32>(this.written, 0);
    this.startBin();
  }

  /** Lets the taps begin anew within this bin, which counts as shed: the sound before it and after it are not of a piece. */
  interrupt(): void {
    this.input.reset();
    this.output.reset();
    this.areFilling = true;
  }

  /** Counts `frames` (at most `framesLeft`) as measured; ends the bin when it is full. */
  advance(frames: i32): void {
    this.framesLeft -= frames;
    if (this.framesLeft > 0) return;
    const record = this.ring + <usize>((this.index % RECORD_RING) * RECORD_FIELDS * 8);
    store<f64>(record + RECORD_FRAMES * 8, <f64>this.binFrames);
    store<f64>(record + RECORD_INDEX * 8, <f64>this.index);
    this.input.endBin(record + RECORD_INPUT * 8, this.binFrames);
    this.output.endBin(record + RECORD_OUTPUT * 8, this.binFrames);
    const isShed = this.areResting || this.areFilling;
    store<f64>(record + RECORD_IS_SHED * 8, isShed ? 1.0 : 0.0);
    if (isShed) {
      memory.fill(record + RECORD_INPUT * 8, 0, TAP_FIELDS * 8);
      memory.fill(record + RECORD_OUTPUT * 8, 0, TAP_FIELDS * 8);
    }
    memory.copy(record + RECORD_READOUTS * 8, readoutAddress(), READOUT_COUNT * 8);
    clearPeakReadouts();
    this.index++;
    atomic.store<i32>(this.written, this.index);
    this.startBin();
  }

  /** Bin k ends at round((k + 1) fs / 100), so that bins keep time at every rate. The taps begin anew after a rest. */
  private startBin(): void {
    const wereResting = this.areResting;
    this.areResting = liveWord(LIVE_SHED) >= SHED_METERS;
    this.areFilling = wereResting && !this.areResting;
    if (this.areFilling) this.interrupt();
    const begin = Math.round((<f64>this.index * this.sampleRateHz) / RECORDS_PER_SECOND);
    const end = Math.round((<f64>(this.index + 1) * this.sampleRateHz) / RECORDS_PER_SECOND);
    this.binFrames = <i32>(end - begin);
    this.framesLeft = this.binFrames;
  }
}
