import { Chain } from "./chain";
import {
  GATE_SHUT,
  LIVE_GATE,
  LIVE_RESTORE,
  LIVE_SHED,
  LIVE_SKIP,
  LIVE_TAP_COUNT,
  LIVE_TAP_START,
  READOUT_INPUT_PEAK,
  READOUT_LATENCY_FRAMES,
  READOUT_OUTPUT_PEAK,
  SHED_TAPS,
  TAP_RING_FIELDS,
  TAP_RING_INPUT,
  TAP_RING_OUTPUT,
} from "./layout";
import { allocate, liveWord, peakOf, setLiveWord, setReadout, takeLiveWord } from "./memory";
import { Monitor } from "./monitor";
import { OutputGate } from "./output-gate";
import { decode, encode } from "./pcm";

const TAP_FRAME_BYTES: usize = TAP_RING_FIELDS * 4;

/** The chain between two directions of a device: a period in the wire's format goes in, and goes out in its place. */
export class Live {
  /** Address of the period, 16-byte aligned, 8 bytes a frame. */
  readonly period: usize;
  /** Address of the period that is heard: the same, or that of the monitor output. */
  heard: usize;
  /** Address of the tap ring, 16-byte aligned. */
  readonly ring: usize;
  /** To be prepared by whoever made this. */
  readonly monitor: Monitor = new Monitor();
  private readonly gate: OutputGate = new OutputGate();
  private wasTapped: bool = false;
  private wasShut: bool = false;

  /**
   * @param io the sound block of the chain
   * @param ringFrames frames of the tap ring, a power of two; 0 for none
   */
  constructor(
    private readonly chain: Chain,
    private readonly io: usize,
    maxFrames: i32,
    sampleRateHz: f64,
    readonly ringFrames: i32,
  ) {
    this.period = allocate(<usize>maxFrames << 3);
    this.heard = this.period;
    this.ring = ringFrames == 0 ? 0 : allocate(<usize>ringFrames * TAP_FRAME_BYTES);
    this.gate.prepare(sampleRateHz);
    chain.gate = this.gate;
  }

  /** Lets a monitor output play what is compared, and the recorder keep the mix. To be called once, before the first period. */
  addMonitorOutput(maxFrames: i32): void {
    this.heard = allocate(<usize>maxFrames << 3);
  }

  /** Decodes the period, runs the chain and its gate, and encodes the period in place. */
  process(format: i32, frames: i32): void {
    this.gate.command();
    const restored = takeLiveWord(LIVE_RESTORE);
    if (restored != 0) this.chain.restore(restored);
    // Streams that start again are a cut that the meters would take for a peak.
    const isShut = liveWord(LIVE_GATE) == GATE_SHUT;
    if (isShut && !this.wasShut) this.chain.meters.interrupt();
    this.wasShut = isShut;
    const skipped = takeLiveWord(LIVE_SKIP);
    if (skipped != 0) {
      this.gate.frames += skipped;
      this.wasTapped = false;
    }
    const isTapped = this.ringFrames > 0 && liveWord(LIVE_SHED) < SHED_TAPS;
    const frame = this.gate.frames;
    decode(format, this.period, this.io, frames);
    if (isTapped) this.tap(frame, frames, TAP_RING_INPUT);
    setReadout(READOUT_INPUT_PEAK, peakOf(this.io, frames));
    this.chain.process(this.io, frames);
    setReadout(READOUT_OUTPUT_PEAK, peakOf(this.io, frames));
    setReadout(READOUT_LATENCY_FRAMES, <f64>this.chain.latencyFrames);
    if (isTapped) {
      this.tap(frame, frames, TAP_RING_OUTPUT);
      if (!this.wasTapped) setLiveWord(LIVE_TAP_START, frame);
      setLiveWord(LIVE_TAP_COUNT, frame + frames);
    }
    this.wasTapped = isTapped;
    if (this.heard != this.period) encode(format, this.io, this.period, frames);
    // Behind everything that measures and records: what is compared with the mix is never taken for it.
    this.monitor.process(this.io, frames, this.gate);
    encode(format, this.io, this.heard, frames);
  }

  /** Writes the sound block into two fields of the ring's frames; what is not finite as zero. */
  private tap(first: i32, frames: i32, field: i32): void {
    const base = this.ring + (<usize>field << 2);
    const mask = this.ringFrames - 1;
    const zero = f64x2.splat(0.0);
    for (let i = 0; i < frames; i++) {
      const x = v128.load(this.io + (<usize>i << 4));
      const finite = v128.and(x, f64x2.eq(f64x2.sub(x, x), zero));
      v128.store64_lane(base + <usize>((first + i) & mask) * TAP_FRAME_BYTES, f32x4.demote_f64x2_zero(finite), 0);
    }
  }
}
