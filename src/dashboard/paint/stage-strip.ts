import type { StageLevels } from "../../protocol/meter-snapshot.js";
import { clamp, meterPlace } from "../curves/scales.js";
import { PeakBar, type ReductionBar } from "./ballistics.js";
import type { Surface } from "./surface.js";
import { COLOUR } from "./theme.js";

/** Reduction that fills the strip. */
const FULL_DB = 12;
const HOT_DB = -9;

/** What a stage does, in a line of a list: the level that comes in, the level that goes out, and between them what it takes away. */
export class StageStrip {
  readonly #in = new PeakBar();
  readonly #out = new PeakBar();

  /** Draws the levels of a stage; `reductionDb` is null for a stage that reduces nothing. */
  paint(surface: Surface, levels: StageLevels | undefined, reductionDb: number | null, bar: ReductionBar, dtMs: number): void {
    const { context, width, height } = surface;
    this.#in.move(levels?.inDbfs ?? null, dtMs);
    this.#out.move(levels?.outDbfs ?? null, dtMs);
    const thick = Math.floor((height - 6) / 3);
    drawLevel(context, [0, width, thick], this.#in.levelDb, COLOUR.input);
    drawLevel(context, [2 * (thick + 3), width, thick], this.#out.levelDb, COLOUR.level);
    context.fillStyle = COLOUR.track;
    context.fillRect(0, thick + 3, width, thick);
    if (reductionDb === null) return;
    bar.move(reductionDb, dtMs);
    const share = clamp(bar.db / FULL_DB, 0, 1);
    context.fillStyle = COLOUR.accent;
    context.fillRect(width * (1 - share), thick + 3, width * share, thick);
  }
}

function drawLevel(context: CanvasRenderingContext2D, [y, width, thick]: readonly [number, number, number], db: number, colour: string): void {
  context.fillStyle = COLOUR.track;
  context.fillRect(0, y, width, thick);
  context.fillStyle = colour;
  const end = meterPlace(db) * width;
  const turn = meterPlace(HOT_DB) * width;
  context.fillRect(0, y, Math.min(end, turn), thick);
  if (end <= turn) return;
  context.fillStyle = db > 0 ? COLOUR.over : COLOUR.hot;
  context.fillRect(turn, y, end - turn, thick);
}
