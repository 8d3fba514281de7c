import { Cascade } from "./cascade";
import { EqBand } from "./eq-band";
import { EqDesign } from "./eq-design";
import { EqDynamics } from "./eq-dynamics";
import { EQ_BAND_SLOTS, EQ_BANDS, EQ_DYNAMIC_FIRST } from "./layout";
import { Stage } from "./stage";

/**
 * Parametric equaliser: eight bands in series (bell, low and high shelf, tilt, notch) on both channels, the mid or
 * the side, matched to their analog prototypes; the last two can also move with the sound. Minimum phase, no delay.
 * A band of 0 dB passes the sound bit for bit and costs nothing.
 */
export class Eq extends Stage {
  private readonly bands: StaticArray<EqBand> = new StaticArray<EqBand>(EQ_BANDS);
  private readonly cascade: Cascade = new Cascade();
  private readonly design: EqDesign = new EqDesign();
  private readonly dynamics: EqDynamics = new EqDynamics();

  constructor() {
    super();
    for (let i = 0; i < EQ_BANDS; i++) {
      this.bands[i] = new EqBand(i * EQ_BAND_SLOTS);
      this.cascade.add(this.bands[i].biquad);
    }
  }

  prepare(sampleRateHz: f64): void {
    this.design.section.prepare(sampleRateHz);
    for (let i = 0; i < EQ_BANDS; i++) this.bands[i].prepare(sampleRateHz);
    this.dynamics.prepare(sampleRateHz);
  }

  reset(): void {
    for (let i = 0; i < EQ_BANDS; i++) this.bands[i].reset();
    this.dynamics.reset();
  }

  control(): void {
    for (let i = 0; i < EQ_BANDS; i++) {
      const moving = i - EQ_DYNAMIC_FIRST;
      this.bands[i].control(this.design, this.dynamics.moves(moving), this.dynamics.shallMove(moving));
    }
    this.cascade.step();
    this.dynamics.control(this.bands[EQ_DYNAMIC_FIRST], this.bands[EQ_DYNAMIC_FIRST + 1]);
  }

  run(io: usize, frames: i32): void {
    this.cascade.run(io, frames);
    this.dynamics.run(io, frames);
  }
}
