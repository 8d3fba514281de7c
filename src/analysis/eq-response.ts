import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";

/** Shapes of an equaliser band that a suggestion uses, by the order of `eq.bandN.type`. */
export const EQ_SHAPES = ["bell", "lowShelf", "highShelf", "tilt", "notch"] as const;

/** Bands of the equaliser, as their ids count them. */
export const EQ_BANDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];
/** The value of `eq.bandN.type` that is a notch. */
export const NOTCH = EQ_SHAPES.indexOf("notch");

/** Whether band `n` is a notch at work, on whichever channel: it works without a gain. */
export function isNotch(values: Readonly<Record<string, number>>, n: number): boolean {
  return values[`eq.band${n}.on`] !== 0 && values[`eq.band${n}.type`] === NOTCH;
}

/** One band of the equaliser. */
export interface EqBand {
  readonly shape: "bell" | "lowShelf" | "highShelf";
  readonly freqHz: number;
  readonly gainDb: number;
  readonly q: number;
}

/**
 * Gain in dB of a band at a frequency, by its analog prototype (R. Bristow-Johnson, Audio EQ Cookbook), which the box's
 * equaliser follows within 0.3 dB up to 20 kHz.
 */
export function bandGainDb({ shape, freqHz, gainDb, q }: EqBand, atHz: number): number {
  const w = shape === "lowShelf" ? freqHz / atHz : atHz / freqHz;
  const a = 10 ** (gainDb / 40);
  const square = w * w;
  const size = (x: number, y: number): number => x * x + y * y * square;
  if (shape === "bell") return 10 * Math.log10(size(1 - square, a / q) / size(1 - square, 1 / (a * q)));
  // A low shelf is a high shelf seen from the other end.
  const root = Math.sqrt(a) / q;
  return 10 * Math.log10((a * a * size(1 - a * square, root)) / size(a - square, root));
}

/** Gain in dB of bands together, at the centre of each third-octave band. */
export function eqGainsDb(bands: readonly EqBand[]): number[] {
  return THIRD_OCTAVE_FREQ_HZ.map((hz) => bands.reduce((sum, band) => sum + bandGainDb(band, hz), 0));
}
