/** The detector between the line of the relay and its coil: the parts of hw/drawings/relay.svg. */
export interface RelayCircuit {
  readonly pumpFarads: number;
  readonly heldFarads: number;
  readonly bleedOhms: number;
  /** High level of the line, which is the supply that the threshold is divided from. */
  readonly lineVolts: number;
  /** Across each of the two diodes, at the small current that flows last. */
  readonly diodeVolts: number;
  /** What the comparator adds to the threshold. */
  readonly offsetVolts: number;
}

/** R1 in ohms: what a pin of the Raspberry Pi has to drive at the most is the line's volts by it. */
export const LINE_OHMS = 330;
export const RELAY_CIRCUIT: RelayCircuit = { pumpFarads: 2.2e-6, heldFarads: 1e-6, bleedOhms: 75e3, lineVolts: 3.3, diodeVolts: 0.17, offsetVolts: 0 };
/** The divider, and the resistor that parts the level of taking from that of letting go. */
const [UPPER_OHMS, LOWER_OHMS, FEEDBACK_OHMS] = [20e3, 10e3, 1e6];
const FEEDBACK_HIGH_VOLTS = 5;
const FEEDBACK_LOW_VOLTS = 0.2;

/** Level of the threshold while the output of the comparator is at `feedbackVolts`. */
function thresholdVolts({ lineVolts, offsetVolts }: RelayCircuit, feedbackVolts: number): number {
  const siemens = 1 / UPPER_OHMS + 1 / LOWER_OHMS + 1 / FEEDBACK_OHMS;
  return (lineVolts / UPPER_OHMS + feedbackVolts / FEEDBACK_OHMS) / siemens + offsetVolts;
}

/**
 * The circuit at work: each rising edge lets the first capacitor fill the second, which empties through a resistor; while
 * there is more than a third of the supply the coils have current.
 */
export class ChargePump {
  readonly #isHigh: () => boolean;
  readonly #circuit: RelayCircuit;
  #before: boolean;
  #volts = 0;
  #isHeld = false;

  constructor(isHigh: () => boolean, circuit: RelayCircuit = RELAY_CIRCUIT) {
    this.#isHigh = isHigh;
    this.#circuit = circuit;
    this.#before = isHigh();
  }

  /** Lets time pass, and looks at the line each tenth of a millisecond. */
  pass(ms: number): void {
    const { pumpFarads, heldFarads, bleedOhms, lineVolts, diodeVolts } = this.#circuit;
    for (let n = 0; n < Math.round(10 * ms); n++) {
      const isHigh = this.#isHigh();
      const missing = lineVolts - 2 * diodeVolts - this.#volts;
      if (isHigh && !this.#before && missing > 0) this.#volts += (missing * pumpFarads) / (pumpFarads + heldFarads);
      this.#before = isHigh;
      this.#volts *= Math.exp(-1e-4 / (bleedOhms * heldFarads));
      this.#isHeld = this.#volts > thresholdVolts(this.#circuit, this.#isHeld ? FEEDBACK_LOW_VOLTS : FEEDBACK_HIGH_VOLTS);
    }
  }

  get isCoilHeld(): boolean {
    return this.#isHeld;
  }
}

/** What parts may be off by: capacitors 10 %, resistors 1 %, the supply 3 %, the comparator 9 mV; diodes from cold to full charge. */
export function circuitCorners(): readonly RelayCircuit[] {
  const ends = [-1, 1];
  return ends.flatMap((pump) => ends.flatMap((held) => ends.flatMap((bleed) => ends.flatMap((line) => ends.flatMap((diode) => ends.map((offset) => ({
    pumpFarads: RELAY_CIRCUIT.pumpFarads * (1 + 0.1 * pump), heldFarads: RELAY_CIRCUIT.heldFarads * (1 + 0.1 * held), bleedOhms: RELAY_CIRCUIT.bleedOhms * (1 + 0.01 * bleed),
    lineVolts: RELAY_CIRCUIT.lineVolts * (1 + 0.03 * line), diodeVolts: RELAY_CIRCUIT.diodeVolts + 0.07 * diode, offsetVolts: 0.009 * offset,
  })))))));
}

/** How long the circuit holds after the last rising edge of a beat that turned the line each `beatMs`; 0 where it does not hold between two. */
export function holdMs(circuit: RelayCircuit, beatMs: number): number {
  let isHigh = false;
  const pump = new ChargePump(() => isHigh, circuit);
  let held = true;
  for (let n = 0; n < 60; n++) {
    isHigh = !isHigh;
    for (let ms = 0; ms < beatMs; ms += 0.1) {
      pump.pass(0.1);
      // After the first rising edges the charge has come to rest.
      if (n > 20 && !pump.isCoilHeld) held = false;
    }
  }
  isHigh = !isHigh;
  let ms = 0;
  for (pump.pass(0.1); pump.isCoilHeld; ms += 0.1) pump.pass(0.1);
  return held ? ms : 0;
}
