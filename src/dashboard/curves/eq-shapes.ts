import { blended, inverse, scaled, sectionDb, SectionDesign, type Section } from "./matched-section.js";
import { dbToLinear } from "./scales.js";

/** Shapes of a band, in the order of the parameter's choices. */
export const EQ_SHAPES = ["bell", "lowShelf", "highShelf", "tilt", "notch"] as const;
export type EqShape = (typeof EQ_SHAPES)[number];

/** A shelf's Q above this acts as this. */
export const MAX_SHELF_Q = 2;
const WARPED_SHELF_Q = 0.65;
const FITTED_SHELF_Q = 0.7;
const BELL_REACH = -0.16004;
const SHELF_REACH = -0.237864;

/** What one band of the equaliser does. */
export interface EqBandShape {
  readonly shape: EqShape;
  readonly freqHz: number;
  readonly gainDb: number;
  readonly q: number;
}

/** Octaves from the centre of a resonance of this Q to the edges of its half-power band. */
function halfWidthOctaves(q: number): number {
  return Math.log2(Math.sqrt(1 + 0.25 / (q * q)) + 0.5 / q);
}

function bell(design: SectionDesign, gainDb: number, q: number): Section {
  const a = dbToLinear(0.5 * Math.abs(gainDb));
  const poleQ = a * q;
  const difference = (a * a - 1 / (a * a)) / (q * q);
  const damping = 1 / (poleQ * poleQ) - 2;
  const width = halfWidthOctaves(poleQ);
  const nodes = { offsets: [-1.9 * width, 0, 0.03 + 1.15 * width, 4.46 + 0.25 * width], reach: BELL_REACH, bend: 1.9 + 0.77 * poleQ } as const;
  const section = design.fit([1, damping, 1], nodes, difference, [0, 1]) ?? design.warp([1, damping + difference, 1], [1, damping, 1]);
  return gainDb < 0 ? inverse(section) : section;
}

/** High shelf with a gain of 0 dB or more. */
function boostedShelf(design: SectionDesign, gainDb: number, shelfQ: number): Section {
  const q = Math.min(shelfQ, MAX_SHELF_Q);
  const a = dbToLinear(0.5 * gainDb);
  const power = a * a;
  const damping = a / (q * q) - 2 * a;
  const den = [1 / power, damping / power, 1] as const;
  const warped = design.warp([power, damping, 1], den);
  if (q <= WARPED_SHELF_Q) return warped;
  const width = halfWidthOctaves(q);
  const spread = Math.log2(a);
  const above = 0.83 * width + 0.442 * spread;
  const nodes = {
    offsets: [-1.61 * width - 0.337 * spread, -0.02, above, 3.17 + 0.31 * width + 0.442 * spread], reach: SHELF_REACH, bend: 1.02 + 0.96 * q,
  } as const;
  const fitted = design.fit(den, nodes, 1 - 1 / power, [power + 1, damping]);
  if (fitted === undefined) return warped;
  const share = (FITTED_SHELF_Q - q) / (FITTED_SHELF_Q - WARPED_SHELF_Q);
  return share > 0 ? blended(fitted, warped, share) : fitted;
}

function highShelf(design: SectionDesign, gainDb: number, q: number): Section {
  const section = boostedShelf(design, Math.abs(gainDb), q);
  return gainDb < 0 ? inverse(section) : section;
}

function lowShelf(design: SectionDesign, gainDb: number, q: number): Section {
  const section = boostedShelf(design, Math.abs(gainDb), q);
  return scaled(gainDb >= 0 ? inverse(section) : section, dbToLinear(gainDb));
}

function tilt(design: SectionDesign, gainDb: number): Section {
  const slope = dbToLinear(2 * Math.abs(gainDb));
  const section = design.warp([0, slope, 1], [0, 1, slope]);
  return gainDb < 0 ? inverse(section) : section;
}

function notch(design: SectionDesign, q: number): Section {
  const section = design.warp([1, -2, 1], [1, 1 / (q * q) - 2, 1]);
  return { ...section, num: [section.num[0], 0, section.num[2]] };
}

/** The section that the equaliser makes of a band. */
export function eqSection({ shape, freqHz, gainDb, q }: EqBandShape, sampleRateHz: number): Section {
  const design = new SectionDesign(freqHz, sampleRateHz);
  switch (shape) {
    case "bell":
      return bell(design, gainDb, q);
    case "lowShelf":
      return lowShelf(design, gainDb, q);
    case "highShelf":
      return highShelf(design, gainDb, q);
    case "tilt":
      return tilt(design, gainDb);
    case "notch":
      return notch(design, q);
  }
}

/** Butterworth Q of a filter of order 2, and of both sections of one of order 4. */
const PASS_QS = { 0: [], 1: [Math.SQRT1_2], 2: [0.541196100146197, 1.3065629648763766] } as const;
const PASS_POINT = 0.4;

/** The sections of a high-pass or low-pass; `slope` 0 off, 1 for 12 dB, 2 for 24 dB an octave. */
export function passSections(pass: "high" | "low", freqHz: number, slope: number, sampleRateHz: number): Section[] {
  const design = new SectionDesign(freqHz, sampleRateHz);
  const num = pass === "high" ? [1, 0, 0] as const : [0, 0, 1] as const;
  return PASS_QS[slope as 0 | 1 | 2].map((q) => design.warp(num, [1, 1 / (q * q) - 2, 1], PASS_POINT));
}

/** Adds the response of `sections` in dB at each of `freqsHz` to `curveDb`. */
export function addResponse(curveDb: Float32Array, sections: readonly Section[], freqsHz: Float32Array, sampleRateHz: number): void {
  for (const section of sections) {
    for (let i = 0; i < curveDb.length; i++) curveDb[i] = (curveDb[i] ?? 0) + sectionDb(section, freqsHz[i] ?? 1, sampleRateHz);
  }
}
