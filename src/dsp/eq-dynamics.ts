import { EqBand } from "./eq-band";
import { DynamicPart } from "./eq-dynamic-part";
import { EQ_DYNAMIC_FIRST, READOUT_EQ_DYNAMIC_DB } from "./layout";
import { flush, onePole } from "./math";
import { readoutPeak } from "./memory";

const PROGRAMME_LOW_HZ: f64 = 100.0;
const PROGRAMME_HIGH_HZ: f64 = 10000.0;

/** The dynamic parts of the last two bands, in series, and the level of the programme that both listen to. */
export class EqDynamics {
  private readonly first: DynamicPart = new DynamicPart(EQ_DYNAMIC_FIRST);
  private readonly second: DynamicPart = new DynamicPart(EQ_DYNAMIC_FIRST + 1);
  private lowStep: f64 = 0;
  private highStep: f64 = 0;
  private idle: bool = true;
  private low: v128 = f64x2.splat(0.0);
  private programme: v128 = f64x2.splat(0.0);
  private squares: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.first.prepare(sampleRateHz);
    this.second.prepare(sampleRateHz);
    this.lowStep = 1.0 - onePole(500.0 / (Math.PI * PROGRAMME_LOW_HZ), sampleRateHz);
    this.highStep = 1.0 - onePole(500.0 / (Math.PI * PROGRAMME_HIGH_HZ), sampleRateHz);
  }

  reset(): void {
    this.first.reset();
    this.second.reset();
    this.clear();
  }

  private clear(): void {
    this.low = f64x2.splat(0.0);
    this.programme = f64x2.splat(0.0);
    this.squares = f64x2.splat(0.0);
  }

  /** Whether dynamic band `index` (0 or 1; another is none) is heard to move. */
  moves(index: i32): bool {
    return (index == 0 && this.first.active) || (index == 1 && this.second.active);
  }

  /** Whether the parameters ask dynamic band `index` (0 or 1; another is none) to move. */
  shallMove(index: i32): bool {
    return (index == 0 && this.first.wanted) || (index == 1 && this.second.wanted);
  }

  /** Begins a control period; call after the bands have moved their glides. */
  control(firstBand: EqBand, secondBand: EqBand): void {
    const sum = f64x2.extract_lane(this.squares, 0) + f64x2.extract_lane(this.squares, 1);
    this.first.control(firstBand, sum);
    this.second.control(secondBand, sum);
    this.squares = f64x2.splat(0.0);
    const idle = !this.first.active && !this.second.active;
    if (idle && !this.idle) this.clear();
    this.idle = idle;
    this.low = flush(this.low);
    this.programme = flush(this.programme);
    readoutPeak(READOUT_EQ_DYNAMIC_DB, this.first.movedDb);
    readoutPeak(READOUT_EQ_DYNAMIC_DB + 1, this.second.movedDb);
  }

  run(io: usize, frames: i32): void {
    if (this.idle) return;
    this.listen(io, frames);
    if (this.first.active) this.first.run(io, frames);
    if (this.second.active) this.second.run(io, frames);
  }

  /** Adds up the programme's power between two first-order filters. */
  private listen(io: usize, frames: i32): void {
    const lowStep = f64x2.splat(this.lowStep);
    const highStep = f64x2.splat(this.highStep);
    let low = this.low;
    let programme = this.programme;
    let squares = this.squares;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      low = f64x2.add(low, f64x2.mul(lowStep, f64x2.sub(x, low)));
      programme = f64x2.add(programme, f64x2.mul(highStep, f64x2.sub(f64x2.sub(x, low), programme)));
      squares = f64x2.add(squares, f64x2.mul(programme, programme));
    }
    this.low = low;
    this.programme = programme;
    this.squares = squares;
  }
}
