import type { Goniometer } from "../../protocol/meter-snapshot.js";
import { Backdrop, type Surface } from "./surface.js";
import { COLOUR, font } from "./theme.js";

/** Time in which a trace fades to a third. */
const FADE_MS = 180;

/** Where the sound lies between the channels: mono upright, width to the sides, left and right along the diagonals. */
export class GoniometerPainter {
  readonly #backdrop = new Backdrop();
  #trail: HTMLCanvasElement | undefined;
  #drawn: Goniometer | undefined;

  /** Draws the newest points over those that fade. */
  paint(surface: Surface, goniometer: Goniometer | undefined, dtMs: number): void {
    const { context, width, height, ratio } = surface;
    this.#backdrop.cover(surface, "", drawGrid);
    const size = Math.round(Math.min(width, height) * ratio);
    const trail = this.#trailOf(size);
    const pen = trail.getContext("2d");
    if (pen === null) return;
    pen.globalCompositeOperation = "destination-out";
    pen.fillStyle = `rgba(0, 0, 0, ${1 - Math.exp(-dtMs / FADE_MS)})`;
    pen.fillRect(0, 0, size, size);
    pen.globalCompositeOperation = "source-over";
    if (goniometer !== undefined && goniometer !== this.#drawn) drawPoints(pen, size, goniometer, ratio);
    this.#drawn = goniometer;
    const edge = Math.min(width, height);
    context.drawImage(trail, (width - edge) / 2, (height - edge) / 2, edge, edge);
  }

  #trailOf(size: number): HTMLCanvasElement {
    if (this.#trail?.width !== size) {
      this.#trail = document.createElement("canvas");
      this.#trail.width = size;
      this.#trail.height = size;
    }
    return this.#trail;
  }
}

function drawPoints(pen: CanvasRenderingContext2D, size: number, { points }: Goniometer, ratio: number): void {
  const scale = size / 2 / 127 * 0.94;
  const dot = 1.6 * ratio;
  pen.fillStyle = COLOUR.level;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const mid = points[i] ?? 0;
    const side = points[i + 1] ?? 0;
    // Left is on the left: side is left less right.
    pen.fillRect(size / 2 - side * scale - dot / 2, size / 2 - mid * scale - dot / 2, dot, dot);
  }
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
