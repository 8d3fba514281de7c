import { DelayLine } from "./delay-line";
import { Glide } from "./glide";
import { CONTROL_FRAMES, LIMITER_CEILING_DBTP, READOUT_MATCH_GAIN } from "./layout";
import { LoudnessMatch } from "./loudness-match";
import { dbToLinear, smootherStep } from "./math";
import { allocate, param, setReadout } from "./memory";

const FADE_MS: f64 = 20.0;
const MATCH_LIMIT_DB: f64 = 12.0;
const PEAK_MEMORY_S: f64 = 10.0;
/** Longest delay of the chain, in ms, that the dry path can follow. */
const MAX_DELAY_MS: f64 = 10.0;

/**
 * The dry path around the chain: the untouched input, delayed by the chain's latency, at the chain's loudness
 * if asked, cross-faded with the chain over 20 ms. When the chain's latency changes, two taps cross-fade.
 * Matching never lifts dry sample peaks over the limiter's ceiling: within one control period of a peak's arrival
 * the gain has come down, before the peak leaves the limiter's delay.
 */
export class ChainBypass {
  private line: DelayLine = new DelayLine();
  private match: LoudnessMatch = new LoudnessMatch(MATCH_LIMIT_DB);
  private matchGain: Glide = new Glide();
  // Gain of the dry path at the beginning and the end of the control period, its change a frame, frames done.
  private gain: f64 = 1;
  private endGain: f64 = 1;
  private slope: f64 = 0;
  private framesDone: i32 = 0;
  private fadeFrames: i32 = 1;
  private position: i32 = 0;
  private bypassed: bool = false;
  private matching: bool = false;
  private fresh: bool = true;
  private delayFrames: i32 = 0;
  private oldDelayFrames: i32 = 0;
  private delayFade: i32 = 0;
  private heldPeak: f64 = 0;
  private peakDecay: f64 = 1;
  /** Address of the delayed frames of this run. */
  private dry: usize = 0;
  private faded: usize = 0;
  private levelled: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.line.prepare(<i32>(sampleRateHz * MAX_DELAY_MS * 0.001));
    this.match.prepare(sampleRateHz);
    this.matchGain.prepare(sampleRateHz, 50.0);
    this.fadeFrames = <i32>Math.round(sampleRateHz * FADE_MS * 0.001);
    this.peakDecay = Math.exp(-CONTROL_FRAMES / (PEAK_MEMORY_S * sampleRateHz));
    this.faded = allocate(CONTROL_FRAMES * 16);
    this.levelled = allocate(CONTROL_FRAMES * 16);
  }

  reset(): void {
    this.line.reset();
    this.match.reset();
    this.matchGain.reset();
    this.fresh = true;
    this.heldPeak = 0;
  }

  /** Sets the targets for the next control period. */
  control(bypassed: bool, matching: bool, latencyFrames: i32): void {
    this.bypassed = bypassed;
    if (this.fresh) {
      this.position = bypassed ? 0 : this.fadeFrames;
      this.delayFrames = latencyFrames;
      this.delayFade = 0;
    } else if (latencyFrames != this.delayFrames && this.delayFade == 0) {
      this.oldDelayFrames = this.delayFrames;
      this.delayFrames = latencyFrames;
      this.delayFade = this.fadeFrames;
    }
    if (matching && !this.matching) this.match.reset();
    this.matching = matching;
    const wasFresh = this.fresh;
    this.fresh = false;
    let target: f64 = 1;
    let headroom: f64 = 1;
    if (matching) {
      // gainDb brings the second (the dry path) to the loudness of the first (the chain).
      this.match.control();
      headroom = Math.max(1.0, dbToLinear(param(LIMITER_CEILING_DBTP)) / Math.max(this.heldPeak, 1e-9));
      target = Math.min(dbToLinear(this.match.gainDb), headroom);
    }
    this.heldPeak *= this.peakDecay;
    this.matchGain.next(target);
    // What matching has lifted falls to the headroom at once; a gain below 1 is no lift.
    const endGain = Math.min(this.matchGain.value, headroom);
    this.gain = wasFresh ? endGain : this.endGain;
    this.slope = (endGain - this.gain) / CONTROL_FRAMES;
    this.endGain = endGain;
    setReadout(READOUT_MATCH_GAIN, endGain);
    this.framesDone = 0;
  }

  /**
   * Takes the chain's input frames; call before the chain changes them.
   * @param peak largest magnitude among them
   */
  push(io: usize, frames: i32, peak: f64): void {
    if (peak > this.heldPeak) this.heldPeak = peak;
    this.line.push(io, frames);
    this.dry = this.line.read(frames, this.delayFrames);
    if (this.delayFade == 0) return;
    const old = this.line.read(frames, this.oldDelayFrames);
    for (let i: usize = 0; i < <usize>frames; i++) {
      const weight = smootherStep(<f64>this.delayFade / <f64>this.fadeFrames);
      const dry = v128.load(this.dry + (i << 4));
      const change = f64x2.sub(v128.load(old + (i << 4)), dry);
      v128.store(this.faded + (i << 4), f64x2.add(dry, f64x2.mul(f64x2.splat(weight), change)));
      if (this.delayFade > 0) this.delayFade--;
    }
    this.dry = this.faded;
  }

  /** Address of the frames that `push` took last, as they were `delayFrames` before, at the matched level. */
  delayed(frames: i32, delayFrames: i32): usize {
    const from = this.line.read(frames, delayFrames);
    for (let i = 0; i < frames; i++) {
      const offset = <usize>i << 4;
      v128.store(this.levelled + offset, f64x2.mul(this.gainAt(i), v128.load(from + offset)));
    }
    return this.levelled;
  }

  /** Gain of the dry path at frame `i` of this run. */
  // @ts-ignore: decorator
  @inline
  private gainAt(i: i32): v128 {
    return f64x2.splat(this.gain + this.slope * <f64>(this.framesDone + i));
  }

  /** Mixes the dry path into the chain's output. */
  mix(io: usize, frames: i32): void {
    if (this.matching) this.match.run(io, this.dry, frames);
    if (this.bypassed || this.position < this.fadeFrames) this.fade(io, frames);
    this.framesDone += frames;
  }

  private fade(io: usize, frames: i32): void {
    for (let i = 0; i < frames; i++) {
      const offset = <usize>i << 4;
      if (this.bypassed) {
        if (this.position > 0) this.position--;
      } else if (this.position < this.fadeFrames) {
        this.position++;
      }
      // At either end the sound of one side passes bit for bit, wherever a block begins.
      if (this.position == this.fadeFrames) continue;
      let out = f64x2.mul(this.gainAt(i), v128.load(this.dry + offset));
      if (this.position > 0) {
        const weight = smootherStep(<f64>this.position / <f64>this.fadeFrames);
        const wet = v128.load(io + offset);
        out = f64x2.add(out, f64x2.mul(f64x2.splat(weight), f64x2.sub(wet, out)));
      }
      v128.store(io + offset, out);
    }
  }
}
