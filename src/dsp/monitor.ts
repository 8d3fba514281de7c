import { BandSolo } from "./band-solo";
import { Dither } from "./dither";
import { GainRamp } from "./gain-ramp";
import {
  CONTROL_FRAMES,
  DITHER_BYPASS,
  HEARD_REFERENCE,
  LIVE_COMPARE_BAND,
  LIVE_COMPARE_HEARD,
  LIVE_COMPARE_LEASE,
  LIVE_MIX_GAIN,
  LIVE_REFERENCE_GAIN,
  LIVE_REFERENCE_IS_HEARD,
} from "./layout";
import { smootherStep } from "./math";
import { countDownLiveWord, liveWord, paramOn, setLiveWord } from "./memory";
import { OutputGate } from "./output-gate";
import { ReferenceRing } from "./reference-ring";

/** Equal-gain cross-fade between the mix and the reference. */
const FADE_MS: f64 = 5.0;
const REFERENCE_GLIDE_MS: f64 = 50.0;
const MIX_GLIDE_MS: f64 = 50.0;
const DB: f64 = 0.001;

/**
 * What is heard in place of the chain's output, at the monitor output or the only one, while it is compared with a reference:
 * either of the two, each at its own gain, whole or one band of it alone. It stands behind the meters, the tap ring and the gate, so that all of them know the mix
 * alone; with no comparison, and beyond its lease, the output passes bit for bit.
 *
 * The reference is heard only while the gate is open: a fault, a probe or the end of the box takes it away. Where its ring runs
 * dry it gives way to the mix, whose cross-fade needs nothing more than what is in the ring.
 */
export class Monitor {
  private reference: ReferenceRing = new ReferenceRing();
  private referenceGain: GainRamp = new GainRamp();
  private mixGain: GainRamp = new GainRamp();
  private solo: BandSolo = new BandSolo();
  private dither: Dither = new Dither();
  private fadeFrames: i32 = 1;
  /** 0 the mix, fadeFrames the reference. */
  private position: i32 = 0;
  private isComparing: bool = false;
  private isWanted: bool = false;
  private isIdle: bool = true;
  private controlLeft: i32 = 0;

  prepare(sampleRateHz: f64, referenceFrames: i32): void {
    this.reference.prepare(sampleRateHz, referenceFrames);
    this.referenceGain.prepare(sampleRateHz, REFERENCE_GLIDE_MS);
    this.mixGain.prepare(sampleRateHz, MIX_GLIDE_MS);
    this.solo.prepare(sampleRateHz);
    this.dither.prepare(sampleRateHz);
    this.fadeFrames = <i32>Math.round(sampleRateHz * FADE_MS * 0.001);
    this.rest();
  }

  /** Address of the reference ring. */
  get ring(): usize {
    return this.reference.address;
  }

  /** Takes a period of the chain's output in place; any number of frames. */
  process(io: usize, frames: i32, gate: OutputGate): void {
    const lease = liveWord(LIVE_COMPARE_LEASE);
    if (lease > 0) countDownLiveWord(LIVE_COMPARE_LEASE, frames);
    // A gate that was shut at once has cut the sound already: nothing is left to fade.
    if (gate.isClosed) this.rest();
    this.isComparing = lease > 0;
    const isReady = this.reference.isReady(frames, this.fadeFrames, this.position > 0);
    this.isWanted = this.isComparing && gate.isOpen && isReady && liveWord(LIVE_COMPARE_HEARD) == HEARD_REFERENCE;
    if (this.isComparing && !gate.isClosed) this.isIdle = false;
    if (!this.isIdle) this.run(io, frames);
    this.reference.tell();
    setLiveWord(LIVE_REFERENCE_IS_HEARD, this.position > 0 ? 1 : 0);
  }

  private run(io: usize, frames: i32): void {
    while (frames > 0) {
      if (this.controlLeft == 0) {
        this.control();
        this.controlLeft = CONTROL_FRAMES;
      }
      const count = min(frames, this.controlLeft);
      this.mix(io, count);
      this.controlLeft -= count;
      frames -= count;
      io += <usize>count << 4;
    }
  }

  private control(): void {
    // Nobody hears how the gain of the reference gets to where it begins.
    if (this.position == 0) this.referenceGain.reset();
    this.referenceGain.next(<f64>liveWord(LIVE_REFERENCE_GAIN) * DB);
    this.mixGain.next(this.isComparing ? <f64>liveWord(LIVE_MIX_GAIN) * DB : 0.0);
    this.solo.control(this.isComparing ? liveWord(LIVE_COMPARE_BAND) : 0);
    this.dither.control();
    if (!this.isComparing && this.isTransparent) this.rest();
  }

  /** Whether the mix passes as it is. */
  private get isTransparent(): bool {
    return this.position == 0 && !this.isWanted && this.mixGain.now == 1.0 && this.mixGain.slope == 0.0 && this.solo.isOff;
  }

  /** Lets the mix alone be heard from now on, untouched. */
  private rest(): void {
    this.position = 0;
    this.isIdle = true;
    this.mixGain.reset();
    this.mixGain.next(0.0);
    this.solo.reset();
    this.dither.reset();
    this.controlLeft = 0;
  }

  private mix(io: usize, frames: i32): void {
    if (this.isTransparent) return;
    this.fade(io, frames);
    this.solo.run(io, frames);
    // The chain's own dither is in the mix alone, and at another gain.
    if (!paramOn(DITHER_BYPASS)) this.dither.run(io, frames);
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      v128.store(p, f64x2.max(f64x2.splat(-1.0), f64x2.min(f64x2.splat(1.0), v128.load(p))));
    }
  }

  private fade(io: usize, frames: i32): void {
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      if (this.isWanted) {
        if (this.position < this.fadeFrames) this.position++;
      } else if (this.position > 0) {
        this.position--;
      }
      const mix = f64x2.mul(f64x2.splat(this.mixGain.now), v128.load(p));
      this.mixGain.now += this.mixGain.slope;
      if (this.position == 0) {
        v128.store(p, mix);
      } else {
        const weight = f64x2.splat(smootherStep(<f64>this.position / <f64>this.fadeFrames));
        const reference = f64x2.mul(f64x2.splat(this.referenceGain.now), this.reference.take());
        v128.store(p, f64x2.add(mix, f64x2.mul(weight, f64x2.sub(reference, mix))));
      }
      this.referenceGain.now += this.referenceGain.slope;
    }
  }
}
