/** A board that carries the sound card: what it takes of the header, and where the front panel hangs beside it. */
export interface Board {
  /** What the configuration calls it. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Ids by which ALSA knows its card, none for a board that is found by no id. */
  readonly cardIds: readonly string[];
  /** BCM numbers that it takes besides those of I2C and I2S -> what for. */
  readonly takenPins: ReadonlyMap<number, string>;
  /** I2C addresses of its chips. */
  readonly takenAddresses: readonly number[];
  /** Controls of the default panel by name -> their pins; a control that is not here has no room beside this board. */
  readonly pins: ReadonlyMap<string, readonly number[]>;
}
