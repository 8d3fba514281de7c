import { DB_PER_OCTAVE, exp2, log2 } from "./math";
import { FitNodes, MatchedSection } from "./matched-section";

export const BELL: i32 = 0;
export const LOW_SHELF: i32 = 1;
export const HIGH_SHELF: i32 = 2;
export const TILT: i32 = 3;
export const NOTCH: i32 = 4;

/** A shelf's Q above this acts as this: its edge would ring by more than 5 dB. */
export const MAX_SHELF_Q: f64 = 2.0;
// Near Q 1/2 a shelf is two equal first-order shelves, and four nodes do not determine it: there the warp serves.
const WARPED_SHELF_Q: f64 = 0.65;
const FITTED_SHELF_Q: f64 = 0.7;
/** Octaves from Nyquist below which the nodes stay: at 0.895 and 0.848 of it. */
const BELL_REACH: f64 = -0.160040;
const SHELF_REACH: f64 = -0.237864;

/**
 * Designs the shapes of an equaliser band. Cuts are the exact inverses of boosts, and so is a low shelf of the
 * high shelf, but for its gain.
 *
 * Analog prototypes, s relative to f0, A = 10^(G/40) (the shapes of R. Bristow-Johnson's cookbook):
 * bell (s^2 + A/Q s + 1) / (s^2 + s/(AQ) + 1); high shelf A (A s^2 + sqrt(A)/Q s + 1) / (s^2 + sqrt(A)/Q s + A);
 * tilt (A^2 s + 1) / (s + A^2), 0 dB at f0, -G below and +G above; notch (s^2 + 1) / (s^2 + s/Q + 1).
 *
 * The nodes of bell and shelf were found by minimising the largest error against the prototype up to 20 kHz over
 * f0 20 Hz..20 kHz, all Q and gain, at 44.1 to 192 kHz. Figures: tests/dsp/eq-accuracy.test.ts.
 */
export class EqDesign {
  /** Receives the design, at the frequency it is tuned to. */
  readonly section: MatchedSection = new MatchedSection();
  private readonly nodes: FitNodes = new FitNodes();

  /** Designs shape `type` with the gain in dB (either sign, unused by the notch) and the Q. */
  design(type: i32, gainDb: f64, q: f64): void {
    if (type == BELL) this.bell(gainDb, q);
    else if (type == LOW_SHELF) this.lowShelf(gainDb, q);
    else if (type == HIGH_SHELF) this.highShelf(gainDb, q);
    else if (type == TILT) this.tilt(gainDb);
    else this.notch(q);
  }

  private bell(gainDb: f64, q: f64): void {
    const section = this.section;
    const a = linear(0.5 * Math.abs(gainDb));
    const poleQ = a * q;
    const difference = (a * a - 1.0 / (a * a)) / (q * q);
    const damping = 1.0 / (poleQ * poleQ) - 2.0;
    section.numerator(1.0, damping + difference, 1.0);
    section.denominator(1.0, damping, 1.0);
    const width = halfWidthOctaves(poleQ);
    const nodes = this.nodes;
    nodes.offsets(-1.9 * width, 0.0, 0.03 + 1.15 * width, 4.46 + 0.25 * width);
    nodes.reach = BELL_REACH;
    nodes.bend = 1.9 + 0.77 * poleQ;
    if (!section.fit(nodes, difference, 0.0, 1.0)) section.warp();
    if (gainDb < 0.0) section.invert();
  }

  private highShelf(gainDb: f64, q: f64): void {
    this.boostedShelf(Math.abs(gainDb), Math.min(q, MAX_SHELF_Q));
    if (gainDb < 0.0) this.section.invert();
  }

  private lowShelf(gainDb: f64, q: f64): void {
    this.boostedShelf(Math.abs(gainDb), Math.min(q, MAX_SHELF_Q));
    if (gainDb >= 0.0) this.section.invert();
    this.section.scale(linear(gainDb));
  }

  /** High shelf with a gain of 0 dB or more. */
  private boostedShelf(gainDb: f64, q: f64): void {
    const section = this.section;
    const a = linear(0.5 * gainDb);
    const damping = a / (q * q) - 2.0 * a;
    const power = a * a;
    // Divided by A^2 above and below, so that it is 1 at zero frequency.
    section.numerator(power, damping, 1.0);
    section.denominator(1.0 / power, damping / power, 1.0);
    section.warp();
    if (q <= WARPED_SHELF_Q) return;
    const n2 = section.n2;
    const n1 = section.n1;
    const d2 = section.d2;
    const d1 = section.d1;
    const fitted = this.fitShelf(a, q, damping);
    if (fitted && q < FITTED_SHELF_Q) {
      const warped = (FITTED_SHELF_Q - q) / (FITTED_SHELF_Q - WARPED_SHELF_Q);
      section.n2 += warped * (n2 - section.n2);
      section.n1 += warped * (n1 - section.n1);
      section.d2 += warped * (d2 - section.d2);
      section.d1 += warped * (d1 - section.d1);
    }
  }

  private fitShelf(a: f64, q: f64, damping: f64): bool {
    const width = halfWidthOctaves(q);
    const spread = log2(a);
    const nodes = this.nodes;
    const above = 0.83 * width + 0.442 * spread;
    nodes.offsets(-1.61 * width - 0.337 * spread, -0.02, above, 3.17 + 0.31 * width + 0.442 * spread);
    nodes.reach = SHELF_REACH;
    nodes.bend = 1.02 + 0.96 * q;
    return this.section.fit(nodes, 1.0 - 1.0 / (a * a), a * a + 1.0, damping);
  }

  private tilt(gainDb: f64): void {
    const slope = linear(2.0 * Math.abs(gainDb));
    this.section.numerator(0.0, slope, 1.0);
    this.section.denominator(0.0, 1.0, slope);
    this.section.warp();
    if (gainDb < 0.0) this.section.invert();
  }

  private notch(q: f64): void {
    const section = this.section;
    section.numerator(1.0, -2.0, 1.0);
    section.denominator(1.0, 1.0 / (q * q) - 2.0, 1.0);
    section.warp();
    // Exact zeros on the unit circle, where the root of a rounded difference would leave -160 dB.
    section.n1 = 0.0;
  }
}

/** Octaves from the centre of a resonance of this Q to the edges of its half-power band. */
function halfWidthOctaves(q: f64): f64 {
  const half = 0.5 / q;
  return log2(Math.sqrt(1.0 + half * half) + half);
}

/** `dbToLinear` at the speed that a moving band needs. */
function linear(db: f64): f64 {
  return exp2(db * (1.0 / DB_PER_OCTAVE));
}
