import { DcWatch } from "./dc-watch";
import {
  GATE_OPEN,
  GATE_SHUT,
  LIVE_CLOSE_MS,
  LIVE_GATE,
  LIVE_OPEN_MS,
  LIVE_PROBE,
  LIVE_PROBES_SENT,
  LIVE_PROBE_FRAME,
  READOUT_DC_MUTED,
  READOUT_GATE_GAIN,
  READOUT_NONFINITE_OUTPUT,
  READOUT_OUTPUT_CLIPS,
} from "./layout";
import { smootherStep } from "./math";
import { liveWord, readoutCount, setLiveWord, setReadout } from "./memory";

/** Ramps of a gate that nobody has told of others, ms. */
const RAMP_MS: i32 = 20;
/** The impulse of the probe: -6 dBFS at its middle, and no edge that a converter would round off. */
const IMPULSE: StaticArray<f64> = [0.125, 0.375, 0.5, 0.375, 0.125];
const IMPULSE_MIDDLE: i32 = 2;

/**
 * The last part of the live chain: the guard, which lets neither a non-finite sample out nor one over full scale; the
 * watch for a constant offset; and the gate, which opens and closes under a ramp without corners. It starts closed.
 *
 * A probe closes the gate, sends one impulse when it is closed, keeps silent for as long as was asked, and opens the
 * gate again. While the gate is shut no impulse goes out.
 */
export class OutputGate {
  /** Frames that went out, modulo 2^32. */
  frames: i32 = 0;
  private watch: DcWatch = new DcWatch();
  private framesPerMs: f64 = 0;
  private wanted: bool = false;
  /** 0 closed, 1 open. */
  private position: f64 = 0;
  private openStep: f64 = 1;
  private closeStep: f64 = 1;
  /** Frames of the probe that are left from its impulse on; 0 without one. */
  private probeLeft: i32 = 0;
  /** Frames since the impulse began; -1 before. */
  private probeAt: i32 = -1;

  prepare(sampleRateHz: f64): void {
    this.framesPerMs = sampleRateHz * 0.001;
    setLiveWord(LIVE_OPEN_MS, RAMP_MS);
    setLiveWord(LIVE_CLOSE_MS, RAMP_MS);
    this.watch.prepare();
    this.reset();
  }

  /** Closes at once. */
  reset(): void {
    this.watch.reset();
    this.position = 0;
    this.probeLeft = 0;
    this.probeAt = -1;
  }

  /** Reads what the host wants, at the beginning of a period. */
  command(): void {
    const gate = liveWord(LIVE_GATE);
    this.wanted = gate == GATE_OPEN;
    if (gate == GATE_SHUT) this.shut();
    this.openStep = this.stepOf(liveWord(LIVE_OPEN_MS));
    this.closeStep = this.stepOf(liveWord(LIVE_CLOSE_MS));
    if (this.probeLeft == 0) {
      this.probeLeft = max(0, liveWord(LIVE_PROBE));
      this.probeAt = -1;
    }
  }

  /** Whether the sound passes in full. */
  get isOpen(): bool {
    return this.position == 1.0;
  }

  /** Whether nothing passes. */
  get isClosed(): bool {
    return this.position == 0.0;
  }

  /** Closes at once; a probe is given up, and none begins. */
  private shut(): void {
    this.position = 0;
    this.probeLeft = 0;
    setLiveWord(LIVE_PROBE, 0);
  }

  private stepOf(rampMs: i32): f64 {
    return 1.0 / Math.max(1.0, <f64>rampMs * this.framesPerMs);
  }

  /** Guards and gates frames in place. */
  run(io: usize, frames: i32): void {
    this.watch.add(this.guard(io, frames));
    const opens = this.wanted && !this.watch.isTripped && this.probeLeft == 0;
    if (opens ? this.position < 1.0 : this.position > 0.0) this.ramp(io, frames, opens);
    else if (!opens) this.silence(io, frames, 0);
    this.frames += frames;
    setReadout(READOUT_GATE_GAIN, smootherStep(this.position));
  }

  /** Ends a bin of 10 ms of the meters. */
  endBin(frames: i32): void {
    this.watch.endBin(frames);
    setReadout(READOUT_DC_MUTED, this.watch.isTripped ? 1.0 : 0.0);
  }

  private ramp(io: usize, frames: i32, opens: bool): void {
    for (let i = 0; i < frames; i++) {
      this.position = opens ? Math.min(1.0, this.position + this.openStep) : Math.max(0.0, this.position - this.closeStep);
      if (this.position == 0.0) return this.silence(io, frames, i);
      if (this.position == 1.0) return;
      const p = io + (<usize>i << 4);
      v128.store(p, f64x2.mul(f64x2.splat(smootherStep(this.position)), v128.load(p)));
    }
  }

  /** Silence from frame `from` of this run on, with what the probe puts into it. */
  private silence(io: usize, frames: i32, from: i32): void {
    memory.fill(io + (<usize>from << 4), 0, <usize>(frames - from) << 4);
    for (let i = from; i < frames && this.probeLeft > 0; i++) {
      this.probeAt++;
      this.probeLeft--;
      if (this.probeAt < IMPULSE.length) v128.store(io + (<usize>i << 4), f64x2.splat(IMPULSE[this.probeAt]));
      if (this.probeAt == IMPULSE_MIDDLE) {
        setLiveWord(LIVE_PROBE_FRAME, this.frames + i);
        setLiveWord(LIVE_PROBES_SENT, liveWord(LIVE_PROBES_SENT) + 1);
      }
      if (this.probeLeft == 0) setLiveWord(LIVE_PROBE, 0);
    }
  }

  /** Makes non-finite samples zero, holds the others within full scale, and returns the sum of the frames. */
  private guard(io: usize, frames: i32): v128 {
    const end = io + (<usize>frames << 4);
    let sum = f64x2.splat(0.0);
    let worst = f64x2.splat(0.0);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      sum = f64x2.add(sum, x);
      worst = f64x2.pmax(worst, f64x2.abs(x));
    }
    const over = v128.or(f64x2.gt(worst, f64x2.splat(1.0)), f64x2.ne(f64x2.sub(sum, sum), f64x2.splat(0.0)));
    if (!v128.any_true(over)) return sum;
    sum = f64x2.splat(0.0);
    for (let p = io; p < end; p += 16) {
      store<f64>(p, guarded(load<f64>(p)));
      store<f64>(p, guarded(load<f64>(p, 8)), 8);
      sum = f64x2.add(sum, v128.load(p));
    }
    return sum;
  }
}

function guarded(sample: f64): f64 {
  if (!isFinite(sample)) {
    readoutCount(READOUT_NONFINITE_OUTPUT, 1);
    return 0.0;
  }
  if (Math.abs(sample) <= 1.0) return sample;
  readoutCount(READOUT_OUTPUT_CLIPS, 1);
  return sample > 0.0 ? 1.0 : -1.0;
}
