/** What a knob's readings are made into. */
export interface KnobCalibration {
  /** Readings, 0 to 1, at which the knob counts as turned to its left and right end. */
  readonly low: number;
  readonly high: number;
}

/** The ends of a potentiometer between 0 and 3.3 V at a range of 4.096 V, with a percent to spare. */
export const USUAL_CALIBRATION: KnobCalibration = { low: 0.008, high: 0.797 };

/** Share of a new reading in the smoothed one: settles within 5 % in 10 readings, 100 ms. */
const SHARE = 0.25;
/** A change counts when it is larger than this share of the travel: 1.5 units of a 7-bit value, over the noise of a worn track. */
const HYSTERESIS = 0.004;
/** So near to an end it counts as there. */
const SNAP = 0.01;

/** Makes steady positions of a knob's noisy readings: median of three, smoothed, with hysteresis and calibrated ends. */
export class KnobFilter {
  readonly #calibration: KnobCalibration;
  readonly #last: number[] = [];
  #smooth: number | undefined;
  #told: number | undefined;

  constructor(calibration: KnobCalibration) {
    this.#calibration = calibration;
  }

  /** Takes a reading. Returns the position, 0 at the left end to 1 at the right, when it has changed; the first is always told. */
  take(reading: number): number | undefined {
    const { low, high } = this.#calibration;
    this.#last.push(Math.min(1, Math.max(0, (reading - low) / (high - low))));
    if (this.#last.length < 3) return undefined;
    if (this.#last.length > 3) this.#last.shift();
    const middle = [...this.#last].sort((a, b) => a - b)[1] as number;
    this.#smooth = this.#smooth === undefined ? middle : this.#smooth + SHARE * (middle - this.#smooth);
    const position = this.#smooth < SNAP ? 0 : this.#smooth > 1 - SNAP ? 1 : this.#smooth;
    const isAtEnd = position === 0 || position === 1;
    const told = this.#told;
    if (told !== undefined && (position === told || (!isAtEnd && Math.abs(position - told) <= HYSTERESIS))) return undefined;
    this.#told = position;
    return position;
  }
}
