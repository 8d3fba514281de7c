import { clamp } from "../curves/scales.js";
import { ReductionBar } from "./ballistics.js";
import { Backdrop, type Surface } from "./surface.js";
import { COLOUR, font } from "./theme.js";

/** Reduction that fills a bar. */
export const FULL_REDUCTION_DB = 12;
const TICKS_DB = [0, 3, 6, 9, 12] as const;
const SCALE = 22;
const TOP = 6;
const BOTTOM = 4;

/** Gain reduction by stage: bars that hang down from 0 on one scale; a stage with bands has a bar for each. */
export class ReductionPainter {
  readonly #bars: ReductionBar[] = [];
  readonly #backdrop = new Backdrop();

  /** Draws the reductions of each stage in dB, 0 or more. */
  paint(surface: Surface, stages: readonly (readonly number[])[], dtMs: number): void {
    const { context, height } = surface;
    const bottom = height - BOTTOM;
    this.#backdrop.cover(surface, stages.map(({ length }) => length).join(), (own) => drawScale(own, stages));
    let next = 0;
    context.fillStyle = COLOUR.accent;
    eachBar(surface.width, stages, (x, wide, db) => {
      const bar = this.#bars[next] ?? new ReductionBar();
      this.#bars[next++] = bar;
      bar.move(db, dtMs);
      context.fillRect(x, TOP, wide, clamp(bar.db / FULL_REDUCTION_DB, 0, 1) * (bottom - TOP));
    });
  }
}

/** Calls `draw` with the place of each bar: stages share the width, bands their stage's part of it. */
function eachBar(width: number, stages: readonly (readonly number[])[], draw: (x: number, wide: number, db: number) => void): void {
  const pitch = (width - SCALE) / stages.length;
  const whole = Math.min(34, pitch - 6);
  stages.forEach((bands, stage) => {
    const wide = (whole - (bands.length - 1)) / bands.length;
    const left = SCALE + stage * pitch + (pitch - whole) / 2;
    bands.forEach((db, band) => draw(left + band * (wide + 1), wide, db));
  });
}

function drawScale(surface: Surface, stages: readonly (readonly number[])[]): void {
  const { context, width, height } = surface;
  const bottom = height - BOTTOM;
  context.clearRect(0, 0, width, height);
  context.fillStyle = COLOUR.track;
  eachBar(width, stages, (x, wide) => context.fillRect(x, TOP, wide, bottom - TOP));
  context.font = font(12);
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const db of TICKS_DB) {
    const y = Math.round(TOP + (db / FULL_REDUCTION_DB) * (bottom - TOP));
    context.fillStyle = COLOUR.dim;
    context.fillText(String(db), 0, Math.min(y, bottom - 3));
    context.fillStyle = COLOUR.panel;
    if (db > 0 && db < FULL_REDUCTION_DB) context.fillRect(SCALE, y, width - SCALE, 1);
  }
}
