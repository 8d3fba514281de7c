/** K-weighted mean square, both channels together, of 0 LUFS (ITU-R BS.1770-5). */
const ZERO_LUFS: f64 = 1.1724653045822963;
/** Short-term: 3 s of hops of 100 ms; momentary: 400 ms; of the output a minute. */
const SHORT_TERM_HOPS: i32 = 30;
const MOMENTARY_HOPS: i32 = 4;
const LONG_HOPS: i32 = 600;
/** What drive and limiter make of it is that of the last second: it changes with the gain. */
const LIMITED_HOPS: i32 = 8;
/** Hops of programme from which on its loudness is believed. */
const LEAST_HOPS: i32 = 10;
/** After so many hops without programme a new one begins, and what was heard short-term is void. */
const PAUSE_HOPS: i32 = 20;
/** Nothing quieter than -50 LUFS is programme, nor what is 20 LU below the programme so far; for a single moment 10 LU less. */
const FLOOR: f64 = ZERO_LUFS * 1e-5;
const RELATIVE_GATE: f64 = 0.01;
const HOP_GATE: f64 = 0.1;
/** Share of a hop in the mean of the programme: 10 s. */
const PROGRAMME_SHARE: f64 = 0.01;
/** What lies between the two gates for long is programme after all: the relative gate comes down to it by 0.5 dB/s. */
const FORGETTING: f64 = 0.9885530946569389;
const OUTPUT_GATE: f64 = 0.1;

/** What the ride has heard: the programme of the last seconds, without its pauses, and what became of it at the output. */
export class RideWindow {
  /** Hops of programme since `reset`. */
  heardHops: i32 = 0;
  /** Whether the last 400 ms are loud enough to be programme. */
  isSounding: bool = false;
  /** Mean square below which no single moment is programme, so that nothing may move in it. */
  hopGate: f64 = 0;
  private inputs: StaticArray<f64> = new StaticArray<f64>(SHORT_TERM_HOPS);
  private ridden: StaticArray<f64> = new StaticArray<f64>(SHORT_TERM_HOPS);
  private outputs: StaticArray<f64> = new StaticArray<f64>(SHORT_TERM_HOPS);
  private recentInputs: StaticArray<f64> = new StaticArray<f64>(MOMENTARY_HOPS);
  private recentOutputs: StaticArray<f64> = new StaticArray<f64>(MOMENTARY_HOPS);
  private longOutputs: StaticArray<f64> = new StaticArray<f64>(LONG_HOPS);
  private hops: i32 = 0;
  private filled: i32 = 0;
  private pausedHops: i32 = 0;
  private programme: f64 = 0;

  reset(): void {
    this.heardHops = 0;
    this.isSounding = false;
    this.hopGate = 0;
    this.recentInputs.fill(0.0);
    this.recentOutputs.fill(0.0);
    this.hops = 0;
    this.filled = 0;
    this.pausedHops = 0;
    this.programme = 0;
  }

  /**
   * Takes the K-weighted mean squares of 100 ms.
   * @param input before the gain of `gainDb` and the drive
   * @param isMusic false for what is no programme, however loud
   * @returns whether it is programme
   */
  add(input: f64, output: f64, gainDb: f64, isMusic: bool): bool {
    this.recentInputs[this.hops % MOMENTARY_HOPS] = input;
    this.recentOutputs[this.hops % MOMENTARY_HOPS] = output;
    this.hops++;
    const momentary = meanOf(this.recentInputs, MOMENTARY_HOPS);
    const gate = Math.max(FLOOR, RELATIVE_GATE * this.programme);
    this.hopGate = HOP_GATE * gate;
    this.isSounding = momentary > gate;
    if (!this.isSounding || !isMusic || this.hops < MOMENTARY_HOPS) {
      if (momentary > FLOOR && isMusic) this.programme *= FORGETTING;
      if (++this.pausedHops == PAUSE_HOPS) this.filled = 0;
      return false;
    }
    this.pausedHops = 0;
    const at = this.heardHops % SHORT_TERM_HOPS;
    this.inputs[at] = input;
    this.ridden[at] = input * Math.pow(10.0, 0.1 * gainDb);
    this.outputs[at] = output;
    this.longOutputs[this.heardHops % LONG_HOPS] = meanOf(this.recentOutputs, MOMENTARY_HOPS);
    this.heardHops++;
    this.filled = min(SHORT_TERM_HOPS, this.filled + 1);
    this.programme += Math.max(PROGRAMME_SHARE, 1.0 / <f64>this.heardHops) * (momentary - this.programme);
    return true;
  }

  /** Whether enough of the present programme was heard to go by it. */
  get isFilled(): bool {
    return this.filled >= LEAST_HOPS;
  }

  /** Short-term loudness that the output would have without the ride: what comes in, and what drive and limiter do to it. */
  get expectedLufs(): f64 {
    const count = min(this.filled, LIMITED_HOPS);
    const madeOfIt = this.sumOf(this.outputs, count) / Math.max(1e-30, this.sumOf(this.ridden, count));
    return lufs((this.sumOf(this.inputs, this.filled) / <f64>this.filled) * madeOfIt);
  }

  /** Loudness of the programme at the output over the last minute, gated at 10 LU below its mean as BS.1770 has it. */
  get outputLufs(): f64 {
    const count = min(LONG_HOPS, this.heardHops);
    const gate = OUTPUT_GATE * meanOf(this.longOutputs, count);
    let sum: f64 = 0;
    let loud = 0;
    for (let k = 0; k < count; k++) {
      const energy = this.longOutputs[k];
      if (energy < gate) continue;
      sum += energy;
      loud++;
    }
    return lufs(sum / <f64>max(1, loud));
  }

  /** Sum over the last `count` hops. */
  private sumOf(ring: StaticArray<f64>, count: i32): f64 {
    let sum: f64 = 0;
    for (let k = 1; k <= count; k++) sum += ring[(this.heardHops - k) % SHORT_TERM_HOPS];
    return sum;
  }
}

function meanOf(values: StaticArray<f64>, count: i32): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < count; k++) sum += values[k];
  return sum / <f64>count;
}

function lufs(meanSquare: f64): f64 {
  return 10.0 * Math.log10(Math.max(1e-30, meanSquare) / ZERO_LUFS);
}
