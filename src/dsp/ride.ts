import { KWeighting } from "./k-weighting";
import {
  CONTROL_FRAMES,
  LOUDNESS_BYPASS,
  LOUDNESS_RIDE,
  LOUDNESS_RIDE_FREEZE_DB,
  LOUDNESS_RIDE_RANGE_DB,
  LOUDNESS_TARGET_LUFS,
  READOUT_LIMITER_REDUCTION_DB,
  READOUT_RIDE_GAIN_DB,
  READOUT_RIDE_STATE,
  RIDE_APPLAUSE,
  RIDE_BOUND,
  RIDE_BYPASSED,
  RIDE_LIMITING,
  RIDE_OFF,
  RIDE_RIDING,
  RIDE_SILENCE,
} from "./layout";
import { param, paramOn, peakOf, readout, setReadout } from "./memory";
import { NoiseJudge } from "./noise-judge";
import { RideWindow } from "./ride-window";

const HOP_S: f64 = 0.1;
/** A silence that lasts this long stops the gain at once: longer than half a period of the bass. */
const SILENT_S: f64 = 0.015;
/** Of the largest reductions of the limiter. */
const LIMITING_S: f64 = 3.0;
/** Nearer than this is on target. */
const DEAD_ZONE_DB: f64 = 0.1;
/** Beyond these errors it moves faster. */
const NEAR_DB: f64 = 1.5;
const FAR_DB: f64 = 6.0;
const NEAR_DB_PER_S: f64 = 0.15;
const UP_DB_PER_S: f64 = 0.5;
const DOWN_DB_PER_S: f64 = 2.0;
const FAR_DB_PER_S: f64 = 3.0;
/** The output of the last minute may bend the aim by so much, once so much was heard. */
const BEND_DB: f64 = 1.5;
const BEND_HOPS: f64 = 300.0;

/**
 * The slow hand on the fader: a gain beside the loudness drive that leads the programme to the target. Ten times a second
 * the loudness that comes in (3 s) and what the drive and the limiter made of it are compared with the target, which the
 * loudness of the output over the last minute bends, so that the programme as a whole lands.
 *
 * It holds still in silence and in applause, does not rise while the limiter works harder than allowed, moves no faster
 * than 3 dB/s where it is far off and 0.15 dB/s where it is near, and stays within its range. Between songs it stays
 * where it is. Switched off it goes back to 0 dB at 3 dB/s. It lives here, beside the sound, so that no other process
 * can make it jump or hang.
 */
export class Ride {
  /** Gain at the end of the present control period, dB. */
  gainDb: f64 = 0;
  private input: KWeighting = new KWeighting();
  private output: KWeighting = new KWeighting();
  private judge: NoiseJudge = new NoiseJudge();
  private window: RideWindow = new RideWindow();
  private isListening: bool = false;
  private limitingDb: f64 = 0;
  private limitingStep: f64 = 0;
  private hopTicks: i32 = 1;
  private ticksLeft: i32 = 0;
  /** Change of the gain a control period until the end of the hop. */
  private stepDb: f64 = 0;
  /** Control periods since something was heard that is loud enough to be programme, and how many of them are a silence. */
  private quietTicks: i32 = 0;
  private silentTicks: i32 = 1;

  prepare(sampleRateHz: f64): void {
    const ticksPerS = sampleRateHz / CONTROL_FRAMES;
    this.hopTicks = <i32>Math.round(HOP_S * ticksPerS);
    this.silentTicks = <i32>Math.ceil(SILENT_S * ticksPerS);
    this.limitingStep = 1.0 - Math.exp(-1.0 / (LIMITING_S * ticksPerS));
    this.input.prepare(sampleRateHz);
    this.output.prepare(sampleRateHz);
    this.judge.prepare(sampleRateHz, HOP_S);
  }

  reset(): void {
    this.forget();
    this.gainDb = 0;
    this.stepDb = 0;
    this.limitingDb = 0;
    this.ticksLeft = this.hopTicks;
  }

  /** Forgets what was heard; the gain stays. */
  forget(): void {
    this.input.reset();
    this.output.reset();
    this.judge.reset();
    this.window.reset();
  }

  /** Hears frames on their way into the drive. */
  hearInput(io: usize, frames: i32): void {
    if (!this.isListening) return;
    const peak = peakOf(io, frames);
    if (peak * peak > this.window.hopGate) this.quietTicks = 0;
    this.input.run(io, frames);
    this.judge.run(io, frames);
  }

  /** Hears the same frames behind the limiter. */
  hearOutput(io: usize, frames: i32): void {
    if (this.isListening) this.output.run(io, frames);
  }

  /** Begins a control period. */
  control(): void {
    this.limitingDb += this.limitingStep * (readout(READOUT_LIMITER_REDUCTION_DB) - this.limitingDb);
    if (this.ticksLeft == 0) {
      this.ticksLeft = this.hopTicks;
      this.stepDb = 0;
      setReadout(READOUT_RIDE_STATE, <f64>this.endHop());
    }
    this.ticksLeft--;
    if (++this.quietTicks <= this.silentTicks || !this.isListening) this.gainDb += this.stepDb;
    setReadout(READOUT_RIDE_GAIN_DB, this.gainDb);
  }

  /** Decides where the gain goes in the next hop; returns a RIDE_* state. */
  private endHop(): i32 {
    const wasListening = this.isListening;
    this.isListening = paramOn(LOUDNESS_RIDE) && !paramOn(LOUDNESS_BYPASS);
    if (!paramOn(LOUDNESS_RIDE)) {
      this.move(-this.gainDb, FAR_DB_PER_S);
      return RIDE_OFF;
    }
    if (!this.isListening) return RIDE_BYPASSED;
    if (!wasListening) {
      this.forget();
      return RIDE_SILENCE;
    }
    const input = this.takeMeanSquare(this.input);
    const output = this.takeMeanSquare(this.output);
    this.judge.endHop();
    if (!this.window.add(input, output, this.gainDb, !this.judge.isNoise)) {
      return this.judge.isNoise && this.window.isSounding ? RIDE_APPLAUSE : RIDE_SILENCE;
    }
    return this.window.isFilled ? this.steer() : RIDE_RIDING;
  }

  private takeMeanSquare(weighting: KWeighting): f64 {
    weighting.settle();
    const sum = weighting.takeSum();
    return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) / <f64>(this.hopTicks * CONTROL_FRAMES);
  }

  private steer(): i32 {
    const targetLufs = param(LOUDNESS_TARGET_LUFS);
    const share = Math.min(1.0, <f64>this.window.heardHops / BEND_HOPS);
    const bendDb = share * clamped(targetLufs - this.window.outputLufs, BEND_DB);
    const errorDb = targetLufs + bendDb - (this.window.expectedLufs + this.gainDb);
    const rangeDb = param(LOUDNESS_RIDE_RANGE_DB);
    const wantedDb = clamped(this.gainDb + errorDb, rangeDb);
    const wayDb = wantedDb - this.gainDb;
    const state = Math.abs(this.gainDb + errorDb) > rangeDb ? RIDE_BOUND : RIDE_RIDING;
    if (Math.abs(wayDb) <= DEAD_ZONE_DB) return state;
    if (wayDb > 0.0 && this.limitingDb > param(LOUDNESS_RIDE_FREEZE_DB)) return RIDE_LIMITING;
    const size = Math.abs(wayDb);
    const middling = wayDb > 0.0 ? UP_DB_PER_S : DOWN_DB_PER_S;
    this.move(wayDb, size > FAR_DB ? FAR_DB_PER_S : size > NEAR_DB ? middling : NEAR_DB_PER_S);
    return state;
  }

  private move(wayDb: f64, dbPerS: f64): void {
    this.stepDb = clamped(wayDb, dbPerS * HOP_S) / <f64>this.hopTicks;
  }
}

function clamped(value: f64, limit: f64): f64 {
  return Math.max(-limit, Math.min(limit, value));
}
