/**
 * The circuit between the line and the coil: each rising edge fills a capacitor, which empties through a resistor; a transistor
 * holds the coil while there is enough. 1 uF and 47 kilohms, half of the charge needed: 33 ms after the last edge it lets go.
 */
export class ChargePump {
  readonly #isHigh: () => boolean;
  #before: boolean;
  #charge = 0;

  constructor(isHigh: () => boolean) {
    this.#isHigh = isHigh;
    this.#before = isHigh();
  }

  /** Lets time pass, and looks at the line each tenth of a millisecond. */
  pass(ms: number): void {
    for (let n = 0; n < 10 * ms; n++) {
      const isHigh = this.#isHigh();
      // Two capacitors of the same size: with each edge half of what is missing goes over.
      if (isHigh && !this.#before) this.#charge += 0.5 * (1 - this.#charge);
      this.#before = isHigh;
      this.#charge *= Math.exp(-0.1 / 47);
    }
  }

  get isCoilHeld(): boolean {
    return this.#charge > 0.5;
  }
}
