import type { Goniometer } from "../../protocol/meter-snapshot.js";
import { Backdrop, type Surface } from "./surface.js";
import { COLOUR, font } from "./theme.js";

/** Sets of points that are seen at a time: they fade over a fifth of a second. */
const SETS = 6;
const DOT_PX = 2;

/** Where the sound lies between the channels: mono upright, width to the sides, left and right along the diagonals. */
export class GoniometerPainter {
  readonly #backdrop = new Backdrop();
  /** The newest last. */
  #sets: Goniometer[] = [];

  /** Draws the newest points over those before, which fade with their age. */
  paint(surface: Surface, goniometer: Goniometer | undefined): void {
    this.#backdrop.cover(surface, "", drawGrid);
    if (goniometer === undefined) this.#sets = [];
    else if (goniometer !== this.#sets.at(-1)) this.#sets = [...this.#sets, goniometer].slice(-SETS);
    surface.context.fillStyle = COLOUR.level;
    this.#sets.forEach((set, index) => {
      surface.context.globalAlpha = ((index + 1) / this.#sets.length) ** 2;
      drawPoints(surface, set);
    });
    surface.context.globalAlpha = 1;
  }
}

/** Fills all points of a set at once: a call for each would cost more than the points. */
function drawPoints({ context, width, height }: Surface, { points }: Goniometer): void {
  const scale = (Math.min(width, height) / 2 / 127) * 0.94;
  const [x, y] = [width / 2 - DOT_PX / 2, height / 2 - DOT_PX / 2];
  context.beginPath();
  for (let i = 0; i + 1 < points.length; i += 2) {
    // Left is on the left: side is left less right.
    context.rect(x - (points[i + 1] ?? 0) * scale, y - (points[i] ?? 0) * scale, DOT_PX, DOT_PX);
  }
  context.fill();
}

function drawGrid({ context, width, height }: Surface): void {
  const reach = (Math.min(width, height) / 2) * 0.94;
  const [x, y] = [width / 2, height / 2];
  context.fillStyle = COLOUR.panel;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = COLOUR.gridStrong;
  context.beginPath();
  const half = reach * Math.SQRT1_2;
  context.moveTo(x - half, y - half);
  context.lineTo(x + half, y + half);
  context.moveTo(x + half, y - half);
  context.lineTo(x - half, y + half);
  context.stroke();
  context.strokeStyle = COLOUR.grid;
  context.beginPath();
  context.moveTo(x, y - reach);
  context.lineTo(x, y + reach);
  context.moveTo(x - reach, y);
  context.lineTo(x + reach, y);
  context.stroke();
  context.font = font(12, 600);
  context.fillStyle = COLOUR.dim;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("L", x - half - 9, y - half - 7);
  context.fillText("R", x + half + 9, y - half - 7);
  context.fillText("M", x + 11, y - reach + 8);
}
