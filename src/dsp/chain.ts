import { ChainBypass } from "./chain-bypass";
import {
  CHAIN_BYPASS,
  CHAIN_LEVEL_MATCH,
  CHAIN_ORDER,
  CONTROL_FRAMES,
  READOUT_INPUT_CLIPS,
  READOUT_NONFINITE_INPUT,
  READOUT_ORDER,
  STAGE_COUNT,
  STAGE_INPUT,
  STAGE_LIMITER,
  STAGE_LOUDNESS,
  TONE_STAGE_COUNT,
  TONE_STAGE_FIRST,
} from "./layout";
import { clearReadouts, paramChoice, paramOn, peakOf, readoutCount, setReadout } from "./memory";
import { Loudness } from "./loudness";
import { MeterBins } from "./meter-bins";
import { OrderFade } from "./order-fade";
import { OutputGate } from "./output-gate";
import { Ride } from "./ride";
import { Slot } from "./slot";
import { createSlot } from "./stages";
import { toneOrder } from "./tone-order";

const FULL_SCALE: f64 = 0.9999;
const CLIP_RUN: i32 = 3;
/** Largest input sample that is let in, +36 dBFS; beyond it a converter or a file is broken. */
const MAX_INPUT: f64 = 64.0;
const ORDER_SETTLE_MS: f64 = 50.0;

/**
 * The mastering chain: sanitised input, the stages in their order, the bypass around them, and the meters.
 * Built from a mask of stages, so that one stage alone, or the meters alone, are chains too.
 */
export class Chain {
  readonly meters: MeterBins = new MeterBins();
  /** Guards and gates the output in live use. */
  gate: OutputGate | null = null;
  private slots: StaticArray<Slot | null> = new StaticArray<Slot | null>(STAGE_COUNT);
  private order: StaticArray<i32> = new StaticArray<i32>(STAGE_COUNT);
  private tones: StaticArray<i32> = new StaticArray<i32>(TONE_STAGE_COUNT);
  private bypass: ChainBypass = new ChainBypass();
  private orderFade: OrderFade = new OrderFade();
  private ride: Ride = new Ride();
  /** The stage that applies the ride; without it there is none. */
  private loudness: Loudness | null = null;
  private orderDelayFrames: i32 = 0;
  private orderRank: i32 = 0;
  private orderSettle: i32 = 0;
  private orderSettleTicks: i32 = 0;
  private controlLeft: i32 = 0;
  private fresh: bool = true;
  private clipRunLeft: i32 = 0;
  private clipRunRight: i32 = 0;

  /**
   * @param stageMask bit n set: stage n is part of the chain
   * @param inputTap whether the input meter runs
   * @param outputTap whether the output meter runs
   */
  constructor(
    stageMask: i32,
    private readonly inputTap: bool,
    private readonly outputTap: bool,
  ) {
    for (let stage = 0; stage < STAGE_COUNT; stage++) {
      this.slots[stage] = (stageMask >> stage) & 1 ? createSlot(stage) : null;
      this.order[stage] = stage;
    }
    const slot = this.slots[STAGE_LOUDNESS];
    if (slot) this.loudness = slot.stage as Loudness;
  }

  prepare(sampleRateHz: f64): void {
    for (let i = 0; i < STAGE_COUNT; i++) {
      const slot = this.slots[i];
      if (slot) slot.prepare(sampleRateHz);
    }
    this.orderSettleTicks = <i32>((sampleRateHz * ORDER_SETTLE_MS * 0.001) / CONTROL_FRAMES);
    this.orderFade.prepare(sampleRateHz);
    this.ride.prepare(sampleRateHz);
    this.bypass.prepare(sampleRateHz);
    this.meters.prepare(sampleRateHz);
    this.reset();
  }

  reset(): void {
    this.ride.reset();
    this.resetStages();
    this.meters.reset();
    const gate = this.gate;
    if (gate) gate.reset();
    clearReadouts();
    this.clipRunLeft = 0;
    this.clipRunRight = 0;
  }

  /** Clears the signal state of the stages, and takes isolated ones back; meters, counters and the gate go on. */
  resetStages(): void {
    for (let i = 0; i < STAGE_COUNT; i++) {
      const slot = this.slots[i];
      if (slot) slot.reset();
    }
    this.orderFade.reset();
    this.ride.forget();
    this.bypass.reset();
    this.controlLeft = 0;
    this.fresh = true;
  }

  /** Takes isolated stages back into the chain; bit n stands for stage n. */
  restore(stages: i32): void {
    for (let i = 0; i < STAGE_COUNT; i++) {
      const slot = this.slots[i];
      if (slot && ((stages >> i) & 1) != 0) slot.restore();
    }
  }

  /** Delay of the chain, in frames, with its present bypasses. */
  get latencyFrames(): i32 {
    let sum = 0;
    for (let i = 0; i < STAGE_COUNT; i++) {
      const slot = this.slots[i];
      if (slot) sum += slot.latencyFrames;
    }
    return sum;
  }

  /** Processes interleaved stereo f64 in place; any number of frames. */
  process(io: usize, frames: i32): void {
    while (frames > 0) {
      if (this.controlLeft == 0) {
        this.control();
        this.controlLeft = CONTROL_FRAMES;
      }
      const count = min(frames, min(this.controlLeft, this.meters.framesLeft));
      this.run(io, count);
      this.controlLeft -= count;
      frames -= count;
      io += <usize>count << 4;
    }
  }

  private control(): void {
    const loudness = this.loudness;
    if (loudness) {
      this.ride.control();
      loudness.rideDb = this.ride.gainDb;
    }
    for (let i = 0; i < STAGE_COUNT; i++) {
      const slot = this.slots[i];
      if (slot) slot.control();
    }
    this.controlOrder(paramChoice(CHAIN_ORDER));
    this.bypass.control(paramOn(CHAIN_BYPASS), paramOn(CHAIN_LEVEL_MATCH), this.latencyFrames);
  }

  /** Takes a new order behind the dry sound, and lets it be heard once its filters have settled. */
  private controlOrder(rank: i32): void {
    if (this.fresh) {
      this.fresh = false;
      this.setOrder(rank);
      this.orderSettle = 0;
    } else if (this.orderSettle > 0) {
      this.orderSettle--;
    } else if (rank != this.orderRank && this.orderFade.isHidden) {
      this.setOrder(rank);
      this.orderSettle = this.orderSettleTicks;
    }
    const limiter = this.slots[STAGE_LIMITER];
    if (!this.orderFade.isActive) this.orderDelayFrames = this.latencyFrames - (limiter ? limiter.latencyFrames : 0);
    this.orderFade.control(rank != this.orderRank || this.orderSettle > 0);
  }

  private setOrder(rank: i32): void {
    this.orderRank = rank;
    setReadout(READOUT_ORDER, <f64>rank);
    toneOrder(rank, this.tones);
    for (let i = 0; i < TONE_STAGE_COUNT; i++) this.order[TONE_STAGE_FIRST + i] = this.tones[i];
  }

  private run(io: usize, frames: i32): void {
    let peak = this.sanitise(io, frames);
    this.bypass.push(io, frames, peak);
    for (let i = 0; i < STAGE_COUNT; i++) {
      if (i == STAGE_LIMITER && this.orderFade.isActive) {
        this.orderFade.mix(io, this.bypass.delayed(frames, this.orderDelayFrames), frames);
        peak = peakOf(io, frames);
      }
      if (i == STAGE_LOUDNESS) this.ride.hearInput(io, frames);
      const slot = this.slots[this.order[i]];
      if (slot) peak = slot.run(io, frames, peak);
      if (i == STAGE_LIMITER) this.ride.hearOutput(io, frames);
      if (i == STAGE_INPUT && this.inputTap && !this.meters.areResting) this.meters.input.run(io, frames);
    }
    this.bypass.mix(io, frames);
    const gate = this.gate;
    if (gate) {
      gate.run(io, frames);
      if (frames == this.meters.framesLeft) gate.endBin(this.meters.binFrames);
    }
    if (this.outputTap && !this.meters.areResting) this.meters.output.run(io, frames);
    this.meters.advance(frames);
  }

  /** Replaces non-finite samples by zero, bounds absurd ones, counts clipped runs; returns the largest magnitude. */
  private sanitise(io: usize, frames: i32): f64 {
    const full = f64x2.splat(FULL_SCALE);
    const zero = f64x2.splat(0.0);
    let worst = zero;
    let poison = zero;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      worst = f64x2.pmax(worst, f64x2.abs(x));
      poison = f64x2.add(poison, f64x2.mul(x, zero)); // not a number once a sample is not finite
    }
    if (v128.any_true(v128.or(f64x2.ge(worst, full), f64x2.ne(poison, poison)))) {
      for (let p = io; p < end; p += 8) {
        const x = load<f64>(p);
        if (!isFinite(x)) {
          store<f64>(p, 0.0);
          readoutCount(READOUT_NONFINITE_INPUT, 1);
        } else if (Math.abs(x) > MAX_INPUT) {
          store<f64>(p, x > 0.0 ? MAX_INPUT : -MAX_INPUT);
        }
      }
      this.countClips(io, end);
    } else {
      this.clipRunLeft = 0;
      this.clipRunRight = 0;
    }
    const peak = Math.max(f64x2.extract_lane(worst, 0), f64x2.extract_lane(worst, 1));
    return Math.min(peak, MAX_INPUT);
  }

  private countClips(io: usize, end: usize): void {
    for (let p = io; p < end; p += 16) {
      this.clipRunLeft = Math.abs(load<f64>(p)) >= FULL_SCALE ? this.clipRunLeft + 1 : 0;
      this.clipRunRight = Math.abs(load<f64>(p + 8)) >= FULL_SCALE ? this.clipRunRight + 1 : 0;
      if (this.clipRunLeft == CLIP_RUN) readoutCount(READOUT_INPUT_CLIPS, 1);
      if (this.clipRunRight == CLIP_RUN) readoutCount(READOUT_INPUT_CLIPS, 1);
    }
  }
}
