import {
  CONTROL_FRAMES,
  LIVE_FAULTS,
  READOUT_ISOLATED_STAGES,
  READOUT_STAGE_FAULTS,
  READOUT_STAGE_IN,
  READOUT_STAGE_OUT,
} from "./layout";
import { smootherStep } from "./math";
import {
  allocate,
  copyFrames,
  larger,
  liveWord,
  paramOn,
  peakOf,
  readout,
  readoutCount,
  readoutPeak,
  setLiveWord,
  setReadout,
} from "./memory";
import { Stage } from "./stage";

const FADE_MS: f64 = 20.0;
const WARM_MS: f64 = 50.0;
/** Duration of the ramp that follows the muted run of a fault. */
const RECOVERY_MS: f64 = 5.0;
/** A stage that fails for the third time within this is taken out of the chain. */
const FAULT_MEMORY_S: f64 = 10.0;
const LONG_AGO: i64 = i64.MIN_VALUE >> 1;

/**
 * A place in the chain: a stage with its bypass and its guard.
 *
 * Bypass cross-fades over 20 ms between the stage and its undelayed input. A stage that is fully bypassed does
 * not run; before it fades in it runs unheard for 50 ms, so that its filters have settled.
 * A stage that puts out a non-finite sample is muted for that run, reset and counted, and the sound comes back over
 * 5 ms. At the third time within 10 s the stage is isolated: bypassed at once, until `restore` or `reset`. A stage that
 * must not be left out is muted and cleared each time instead, so that without it there is silence.
 */
export class Slot {
  private fadeFrames: i32 = 1;
  private warmFrames: i32 = 0;
  /** fadeFrames: wet; 0: dry; below 0: warming; -warmFrames: idle. */
  private position: i32 = 0;
  private wet: bool = true;
  private fresh: bool = true;
  private dry: usize = 0;
  private isolated: bool = false;
  private recoveryFrames: i32 = 0;
  /** Frames of the ramp after a fault that are left. */
  private recoveryLeft: i32 = 0;
  // Control periods up to now, and those of the last two faults.
  private tick: i64 = 0;
  private lastFault: i64 = LONG_AGO;
  private faultBefore: i64 = LONG_AGO;
  private memoryTicks: i64 = 0;

  constructor(
    readonly stage: Stage,
    private readonly index: i32,
    private readonly bypassSlot: i32,
    private readonly mayBeLeftOut: bool,
  ) {}

  prepare(sampleRateHz: f64): void {
    this.fadeFrames = <i32>Math.round(sampleRateHz * FADE_MS * 0.001);
    this.warmFrames = <i32>Math.round(sampleRateHz * WARM_MS * 0.001);
    this.recoveryFrames = <i32>Math.round(sampleRateHz * RECOVERY_MS * 0.001);
    this.memoryTicks = <i64>((sampleRateHz * FAULT_MEMORY_S) / CONTROL_FRAMES);
    this.dry = allocate(CONTROL_FRAMES * 16);
    this.stage.prepare(sampleRateHz);
  }

  reset(): void {
    this.fresh = true;
    this.recoveryLeft = 0;
    this.restore();
    this.wet = !paramOn(this.bypassSlot);
    this.stage.reset();
  }

  /** Ends the isolation and forgets the faults that led to it. */
  restore(): void {
    this.isolated = false;
    this.lastFault = LONG_AGO;
    this.faultBefore = LONG_AGO;
    setReadout(READOUT_ISOLATED_STAGES, <f64>(<i32>readout(READOUT_ISOLATED_STAGES) & ~(1 << this.index)));
  }

  /** Frames by which this place delays, now that its bypass is set. */
  get latencyFrames(): i32 {
    return this.wet ? this.stage.latencyFrames : 0;
  }

  control(): void {
    this.tick++;
    this.wet = !this.isolated && !paramOn(this.bypassSlot);
    if (this.fresh) {
      this.fresh = false;
      this.position = this.wet ? this.fadeFrames : -this.warmFrames;
    } else if (this.wet && this.idle) {
      this.stage.reset();
      this.position += 1;
    }
    if (!this.idle) this.stage.control();
  }

  private get idle(): bool {
    return this.position == -this.warmFrames;
  }

  /**
   * Runs the stage and notes its levels.
   * @param peak largest magnitude among the frames
   * @returns that among the frames as they are now
   */
  run(io: usize, frames: i32, peak: f64): f64 {
    readoutPeak(READOUT_STAGE_IN + this.index, peak);
    let left = this.runStage(io, frames, peak);
    if (this.recoveryLeft > 0) {
      this.recover(io, frames);
      left = peakOf(io, frames);
    }
    readoutPeak(READOUT_STAGE_OUT + this.index, left);
    return left;
  }

  private recover(io: usize, frames: i32): void {
    for (let p = io; p < io + (<usize>frames << 4) && this.recoveryLeft > 0; p += 16) {
      const gain = 1.0 - smootherStep(<f64>this.recoveryLeft / <f64>this.recoveryFrames);
      v128.store(p, f64x2.mul(f64x2.splat(gain), v128.load(p)));
      this.recoveryLeft--;
    }
  }

  private runStage(io: usize, frames: i32, peak: f64): f64 {
    if (this.idle) return peak;
    if (this.wet && this.position == this.fadeFrames) return this.runGuarded(io, frames);
    copyFrames(this.dry, io, frames);
    this.runGuarded(io, frames);
    this.fade(io, frames);
    return peakOf(io, frames);
  }

  private runGuarded(io: usize, frames: i32): f64 {
    this.stage.run(io, frames);
    const faultsLeft = liveWord(LIVE_FAULTS + this.index);
    if (faultsLeft > 0) {
      setLiveWord(LIVE_FAULTS + this.index, faultsLeft - 1);
      store<f64>(io, NaN);
    }
    return this.guard(io, frames);
  }

  private fade(io: usize, frames: i32): void {
    for (let i = 0; i < frames; i++) {
      const offset = <usize>i << 4;
      if (this.wet) {
        if (this.position < this.fadeFrames) this.position++;
      } else if (this.position > 0) {
        this.position--;
      }
      // Fully faded in, the stage's sound passes bit for bit, wherever a block begins.
      if (this.position == this.fadeFrames) continue;
      const weight = this.position > 0 ? smootherStep(<f64>this.position / <f64>this.fadeFrames) : 0.0;
      const dry = v128.load(this.dry + offset);
      const wet = v128.load(io + offset);
      const mixed = f64x2.add(dry, f64x2.mul(f64x2.splat(weight), f64x2.sub(wet, dry)));
      v128.store(io + offset, mixed);
    }
    if (!this.wet && this.position <= 0) this.position = -this.warmFrames;
  }

  /** Mutes what is not finite; returns the largest magnitude, which the same pass finds at little cost. */
  private guard(io: usize, frames: i32): f64 {
    // Zero times a sample is zero, or not a number once the sample is not finite. Two sums overlap in the processor.
    const zero = f64x2.splat(0.0);
    let even = zero;
    let odd = zero;
    let evenPeak = zero;
    let oddPeak = zero;
    const end = io + (<usize>frames << 4);
    let p = io;
    for (; p + 16 < end; p += 32) {
      const first = v128.load(p);
      const second = v128.load(p, 16);
      even = f64x2.add(even, f64x2.mul(first, zero));
      odd = f64x2.add(odd, f64x2.mul(second, zero));
      evenPeak = f64x2.pmax(evenPeak, f64x2.abs(first));
      oddPeak = f64x2.pmax(oddPeak, f64x2.abs(second));
    }
    if (p < end) {
      const last = v128.load(p);
      even = f64x2.add(even, f64x2.mul(last, zero));
      evenPeak = f64x2.pmax(evenPeak, f64x2.abs(last));
    }
    const sum = f64x2.add(even, odd);
    if (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) == 0.0) return larger(f64x2.pmax(evenPeak, oddPeak));
    this.fail(io, frames);
    return 0.0;
  }

  /** Mutes a run that is not finite, and clears the stage. */
  private fail(io: usize, frames: i32): void {
    memory.fill(io, 0, <usize>frames << 4);
    this.stage.reset();
    this.stage.control();
    readoutCount(READOUT_STAGE_FAULTS, 1);
    this.recoveryLeft = this.recoveryFrames;
    if (this.mayBeLeftOut && this.tick - this.faultBefore <= this.memoryTicks) this.isolate();
    this.faultBefore = this.lastFault;
    this.lastFault = this.tick;
  }

  private isolate(): void {
    this.isolated = true;
    this.wet = false;
    this.position = -this.warmFrames;
    setReadout(READOUT_ISOLATED_STAGES, <f64>(<i32>readout(READOUT_ISOLATED_STAGES) | (1 << this.index)));
  }
}
