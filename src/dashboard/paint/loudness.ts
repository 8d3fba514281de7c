import { placeOfLevel } from "../curves/scales.js";
import { SmoothBar } from "./ballistics.js";
import { Backdrop, type Surface } from "./surface.js";
import { COLOUR, font } from "./theme.js";

/** What the scale is drawn around when no target asks for a loudness: that of EBU R 128. */
const PLAIN_LUFS = -23;
/** The scale reaches so far to either side of the target: the EBU +9 scale of Tech 3341. */
const BELOW_LU = 18;
const ABOVE_LU = 9;

/** What the loudness bar shows. */
export interface LoudnessReading {
  readonly momentaryLufs: number | null;
  readonly shortTermLufs: number | null;
  readonly maxMomentaryLufs: number | null;
}

/** Momentary loudness as a bar, short-term as a line across it, the target as a mark: an EBU +9 scale that is read in LUFS. */
export class LoudnessPainter {
  readonly #momentary = new SmoothBar(-70, 60);
  readonly #shortTerm = new SmoothBar(-70, 60);
  readonly #backdrop = new Backdrop();

  /** Draws a reading; `targetLufs` is null when none is asked for. */
  paint(surface: Surface, reading: LoudnessReading | null, targetLufs: number | null, dtMs: number): void {
    const { context, width, height } = surface;
    const centre = targetLufs ?? PLAIN_LUFS;
    const low = centre - BELOW_LU;
    const high = centre + ABOVE_LU;
    this.#momentary.move(reading?.momentaryLufs, dtMs);
    this.#shortTerm.move(reading?.shortTermLufs, dtMs);
    this.#backdrop.cover(surface, String(targetLufs), (own) => drawScale(own, [low, high], targetLufs));
    const bottom = height - SCALE;
    const at = (lufs: number): number => placeOfLevel(lufs, low, high) * width;
    const end = at(this.#momentary.value);
    const turn = at(centre);
    context.fillStyle = COLOUR.level;
    context.fillRect(0, 0, Math.min(end, turn), bottom);
    if (end > turn && targetLufs !== null) {
      context.fillStyle = COLOUR.hot;
      context.fillRect(turn, 0, end - turn, bottom);
    } else if (end > turn) {
      context.fillRect(turn, 0, end - turn, bottom);
    }
    context.fillStyle = COLOUR.text;
    if (this.#shortTerm.value > low) context.fillRect(Math.round(at(this.#shortTerm.value)) - 2, 0, 4, bottom);
    const most = reading?.maxMomentaryLufs ?? null;
    if (most !== null && most > low) context.fillRect(Math.round(at(most)) - 1, 0, 1, bottom);
    if (targetLufs === null) return;
    context.fillStyle = COLOUR.accent;
    context.fillRect(Math.round(turn) - 1, 0, 2, bottom + 4);
  }
}

const SCALE = 18;
/** Least room between two figures of the scale. */
const LABEL_GAP = 6;

function drawScale({ context, width, height }: Surface, [low, high]: readonly [number, number], targetLufs: number | null): void {
  const bottom = height - SCALE;
  context.clearRect(0, 0, width, height);
  context.fillStyle = COLOUR.track;
  context.fillRect(0, 0, width, bottom);
  context.textBaseline = "bottom";
  const targetX = targetLufs === null ? -Infinity : placeOfLevel(targetLufs, low, high) * width;
  context.font = font(12, 700);
  const apart = context.measureText("\u221288").width + LABEL_GAP;
  context.font = font(12);
  for (let lufs = Math.ceil(low / 3) * 3; lufs <= high; lufs += 3) {
    const x = placeOfLevel(lufs, low, high) * width;
    context.fillStyle = COLOUR.gridStrong;
    context.fillRect(Math.round(x), bottom, 1, 4);
    if (lufs % 6 !== 0 || Math.abs(x - targetX) < apart) continue;
    context.fillStyle = COLOUR.dim;
    context.textAlign = x < 12 ? "left" : x > width - 12 ? "right" : "center";
    context.fillText(String(lufs).replace("-", "\u2212"), x, height + 1);
  }
  if (targetLufs === null) return;
  context.fillStyle = COLOUR.accent;
  context.font = font(12, 700);
  context.textAlign = "center";
  context.fillText(String(targetLufs).replace("-", "\u2212"), targetX, height + 1);
}
