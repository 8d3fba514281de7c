import { FINE_POINTS, THIRD_OCTAVES, type Spectrum } from "../../protocol/meter-snapshot.js";
import { placeOfHz } from "../curves/scales.js";
import { Backdrop, trace, type Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

/** The scale of levels: a band of loud music lies in the upper half. */
export const SPECTRUM_TOP_DB = -6;
export const SPECTRUM_BOTTOM_DB = -84;
/** Figures along the frequencies, and those that are written. */
const LINES_HZ = [20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 20_000];
const WRITTEN_HZ: ReadonlyMap<number, string> = new Map([
  [50, "50"], [100, "100"], [200, "200"], [500, "500"], [1000, "1k"], [2000, "2k"], [5000, "5k"], [10_000, "10k"],
]);
const RISE_MS = 40;
const FALL_MS = 260;
const HOLD_FALL_DB_PER_S = 6;
const HOLD_MS = 2000;

/** How a spectrum is shown. */
export interface SpectrumView {
  readonly isFine: boolean;
  readonly isHeld: boolean;
  readonly isInputShown: boolean;
  /** The references as loud as the output, in dBFS at these frequencies; null where none is to be shown. */
  readonly references: { readonly freqHz: readonly number[]; readonly db: readonly number[] } | null;
}

/** A line of levels that follows a spectrum: up fast, down slowly; with its peaks held for 2 s. */
export class SpectrumLine {
  readonly db: Float32Array;
  readonly held: Float32Array;
  readonly #ages: Float32Array;

  constructor(points: number) {
    this.db = new Float32Array(points).fill(SPECTRUM_BOTTOM_DB);
    this.held = new Float32Array(points).fill(SPECTRUM_BOTTOM_DB);
    this.#ages = new Float32Array(points);
  }

  /** Moves on by `dtMs` toward `target`, or to rest. */
  move(target: Float32Array | undefined, dtMs: number): void {
    const rise = 1 - Math.exp(-dtMs / RISE_MS);
    const fall = 1 - Math.exp(-dtMs / FALL_MS);
    const drop = (HOLD_FALL_DB_PER_S * dtMs) / 1000;
    for (let i = 0; i < this.db.length; i++) {
      const to = Math.max(target?.[i] ?? SPECTRUM_BOTTOM_DB, SPECTRUM_BOTTOM_DB);
      const now = this.db[i] ?? to;
      const next = now + (to - now) * (to > now ? rise : fall);
      this.db[i] = next;
      const age = (this.#ages[i] ?? 0) + dtMs;
      const held = this.held[i] ?? next;
      this.#ages[i] = next >= held ? 0 : age;
      this.held[i] = next >= held ? next : age > HOLD_MS ? Math.max(next, held - drop) : held;
    }
  }

  /** Lets the held peaks go. */
  release(): void {
    this.held.set(this.db);
  }
}

/** Draws the grid of frequencies, and of levels each 12 dB; `figures` writes what the lines stand for. */
export function drawSpectrumGrid({ context, width, height }: Surface, hasLevels: boolean): void {
  context.font = font(12);
  context.textBaseline = "bottom";
  context.textAlign = "center";
  for (const hz of LINES_HZ) {
    const x = Math.round(placeOfHz(hz) * width);
    const written = WRITTEN_HZ.get(hz);
    context.fillStyle = written !== undefined ? COLOUR.gridStrong : COLOUR.grid;
    context.fillRect(x, 0, 1, height - 14);
    context.fillStyle = COLOUR.dim;
    if (written !== undefined && x > 12 && x < width - 12) context.fillText(written, x, height);
  }
  if (!hasLevels) return;
  context.textAlign = "left";
  context.textBaseline = "top";
  for (let db = -12; db > SPECTRUM_BOTTOM_DB; db -= 12) {
    const y = Math.round(spectrumY(db, height));
    context.fillStyle = COLOUR.grid;
    context.fillRect(0, y, width, 1);
    context.fillStyle = COLOUR.dim;
    context.fillText(String(db).replace("-", "\u2212"), 2, y + 2);
  }
}

/** Height of the figures below a spectrum. */
export const FIGURES_HEIGHT = 14;

/** Where a level lies; figures of frequencies are below. */
export function spectrumY(db: number, height: number): number {
  return ((SPECTRUM_TOP_DB - db) / (SPECTRUM_TOP_DB - SPECTRUM_BOTTOM_DB)) * (height - FIGURES_HEIGHT);
}

/** Traces a fine line of levels over the whole width. */
export function traceFine(surface: Surface, db: Float32Array): void {
  const { context, width, height } = surface;
  trace(context, FINE_POINTS, (i) => (i / (FINE_POINTS - 1)) * width, (i) => spectrumY(db[i] ?? SPECTRUM_BOTTOM_DB, height));
}

/** Fills below the line that was traced last. */
export function fillBelow({ context, width, height }: Surface, colour: string): void {
  context.lineTo(width, height - FIGURES_HEIGHT);
  context.lineTo(0, height - FIGURES_HEIGHT);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

/** Lower and upper edge of a third-octave band on the axis: band 0 is centred at 20 Hz, a decade has ten. */
function thirdEdges(band: number, width: number): [number, number] {
  const centre = 20 * 10 ** (band / 10);
  const half = 10 ** (1 / 20);
  return [Math.max(0, placeOfHz(centre / half) * width), Math.min(width, placeOfHz(centre * half) * width)];
}

/** The spectrum of the output: in third octaves or fine, with its peaks held, and the input as a line. */
export class SpectrumPainter {
  readonly #fine = new SpectrumLine(FINE_POINTS);
  readonly #input = new SpectrumLine(FINE_POINTS);
  readonly #third = new SpectrumLine(THIRD_OCTAVES);
  readonly #backdrop = new Backdrop();

  /** Draws the newest spectrum, or lets the lines sink where there is none. */
  paint(surface: Surface, spectrum: Spectrum | undefined, view: SpectrumView, dtMs: number): void {
    this.#fine.move(spectrum?.fine, dtMs);
    this.#input.move(spectrum?.inputFine, dtMs);
    this.#third.move(spectrum?.third, dtMs);
    this.#backdrop.cover(surface, "", (own) => {
      own.context.fillStyle = COLOUR.panel;
      own.context.fillRect(0, 0, own.width, own.height);
      drawSpectrumGrid(own, true);
    });
    if (view.isFine) this.#paintFine(surface, view);
    else this.#paintThirds(surface, view);
    if (view.isInputShown) {
      traceFine(surface, this.#input.db);
      surface.context.strokeStyle = COLOUR.input;
      surface.context.lineWidth = 1.5;
      surface.context.stroke();
    }
    if (view.references !== null) this.#paintReferences(surface, view.references);
  }

  #paintReferences({ context, width, height }: Surface, { freqHz, db }: NonNullable<SpectrumView["references"]>): void {
    trace(context, freqHz.length, (i) => placeOfHz(freqHz[i] ?? 0) * width, (i) => spectrumY(Math.max(db[i] ?? SPECTRUM_BOTTOM_DB, SPECTRUM_BOTTOM_DB), height));
    context.strokeStyle = COLOUR.accent;
    context.lineWidth = 2;
    context.stroke();
  }

  /** Lets the held peaks go. */
  release(): void {
    this.#fine.release();
    this.#third.release();
  }

  #paintFine(surface: Surface, { isHeld }: SpectrumView): void {
    const { context } = surface;
    traceFine(surface, this.#fine.db);
    context.strokeStyle = COLOUR.level;
    context.lineWidth = 2;
    context.stroke();
    fillBelow(surface, faint(COLOUR.level, 0.25));
    if (!isHeld) return;
    traceFine(surface, this.#fine.held);
    context.strokeStyle = COLOUR.text;
    context.lineWidth = 1;
    context.stroke();
  }

  #paintThirds({ context, width, height }: Surface, { isHeld }: SpectrumView): void {
    const bottom = height - FIGURES_HEIGHT;
    const caps = new Path2D();
    const held = new Path2D();
    context.beginPath();
    for (let band = 0; band < THIRD_OCTAVES; band++) {
      const [left, right] = thirdEdges(band, width);
      const [x, wide] = [left + 1, right - left - 2];
      const y = Math.min(bottom, spectrumY(this.#third.db[band] ?? SPECTRUM_BOTTOM_DB, height));
      context.rect(x, y, wide, bottom - y);
      caps.rect(x, y, wide, Math.min(3, bottom - y));
      held.rect(x, spectrumY(this.#third.held[band] ?? SPECTRUM_BOTTOM_DB, height) - 1, wide, 2);
    }
    context.fillStyle = faint(COLOUR.level, 0.5);
    context.fill();
    context.fillStyle = COLOUR.level;
    context.fill(caps);
    context.fillStyle = COLOUR.text;
    if (isHeld) context.fill(held);
  }
}
