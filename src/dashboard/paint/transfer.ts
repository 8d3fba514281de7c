import { placeOfLevel } from "../curves/scales.js";
import { gainAtReductionDb, transferDb, type TransferShape } from "../curves/transfer.js";
import { ReductionBar, SmoothBar } from "./ballistics.js";
import { Backdrop, trace, type Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

const LOW_DB = -60;
const HIGH_DB = 6;
const POINTS = 133;
/** Seconds of gain reduction beside the curve. */
const TRAIL_S = 5;
const TRAIL_STEPS = 150;
const TRAIL_DB = 15;

/** What moves on a transfer curve: the level at the detector, and the reduction that it makes. */
export interface LivePoint {
  readonly levelDb: number | null;
  readonly reductionDb: number;
}

/** The static curve of a compressor with the live point on it, and the reduction of the last seconds beside it. */
export class TransferPainter {
  readonly #backdrop = new Backdrop();
  readonly #level = new SmoothBar(LOW_DB - 20, 60);
  readonly #reduction = new ReductionBar();
  readonly #trail = new Float32Array(TRAIL_STEPS);
  #next = 0;
  #restMs = 0;

  /** Draws the curve of `shape`; the point lies where the sound is. */
  paint(surface: Surface, shape: TransferShape, point: LivePoint | null, dtMs: number): void {
    const { context, width, height } = surface;
    const side = Math.min(height - FIGURES, width * 0.6);
    this.#level.move(point?.levelDb, dtMs);
    this.#reduction.move(point?.reductionDb ?? 0, dtMs);
    this.#advance(dtMs);
    this.#backdrop.cover(surface, `${side} ${JSON.stringify(shape)}`, (own) => {
      own.context.fillStyle = COLOUR.panel;
      own.context.fillRect(0, 0, width, height);
      drawCurve(own, side, shape);
      drawTrailGrid(own, side + GAP, side);
    });
    this.#paintPoint(context, side, shape);
    this.#paintTrail(surface, side + GAP, side);
  }

  #advance(dtMs: number): void {
    this.#restMs += dtMs;
    const stepMs = (TRAIL_S * 1000) / TRAIL_STEPS;
    for (; this.#restMs >= stepMs; this.#restMs -= stepMs) {
      this.#trail[this.#next] = this.#reduction.db;
      this.#next = (this.#next + 1) % TRAIL_STEPS;
    }
  }

  #paintPoint(context: CanvasRenderingContext2D, side: number, shape: TransferShape): void {
    const level = this.#level.value;
    if (level <= LOW_DB) return;
    const x = place(level) * side;
    const y = (1 - place(level + gainAtReductionDb(shape, this.#reduction.db))) * side;
    context.fillStyle = faint(COLOUR.text, 0.35);
    context.fillRect(x - 0.5, y, 1, side - y);
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.fillStyle = COLOUR.text;
    context.fill();
  }

  #paintTrail({ context, width: whole }: Surface, left: number, height: number): void {
    const width = whole - TRAIL_FIGURES;
    const wide = width - left;
    context.beginPath();
    context.moveTo(left, 0);
    for (let i = 0; i < TRAIL_STEPS; i++) {
      const db = this.#trail[(this.#next + i) % TRAIL_STEPS] ?? 0;
      context.lineTo(left + (i / (TRAIL_STEPS - 1)) * wide, Math.min(1, db / TRAIL_DB) * height);
    }
    context.lineTo(width, 0);
    context.closePath();
    context.fillStyle = faint(COLOUR.accent, 0.8);
    context.fill();
  }
}

const GAP = 10;
/** Room for figures: below the curve, and to the right of the trail, where nothing is drawn over them. */
const FIGURES = 16;
const TRAIL_FIGURES = 32;
/** Least room for a figure below the curve. */
const FIGURE_PX = 32;

function place(db: number): number {
  return placeOfLevel(db, LOW_DB, HIGH_DB);
}

function drawCurve({ context }: Surface, side: number, shape: TransferShape): void {
  context.font = font(12);
  context.textBaseline = "bottom";
  context.textAlign = "center";
  const figureDb = place(LOW_DB + 12) * side < FIGURE_PX ? 24 : 12;
  for (let db = -48; db <= 0; db += 12) {
    const at = Math.round(place(db) * side);
    context.fillStyle = COLOUR.grid;
    context.fillRect(at, 0, 1, side);
    context.fillRect(0, side - at, side, 1);
    context.fillStyle = COLOUR.dim;
    if (db % figureDb === 0) context.fillText(db === 0 ? "0 dB" : String(db).replace("-", "\u2212"), at, side + FIGURES);
  }
  context.strokeStyle = COLOUR.gridStrong;
  context.setLineDash([3, 4]);
  context.beginPath();
  context.moveTo(0, side);
  context.lineTo(side, 0);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = faint(COLOUR.accent, 0.5);
  context.fillRect(Math.round(place(shape.thresholdDb) * side), 0, 1, side);
  const at = (i: number): number => LOW_DB + (i / (POINTS - 1)) * (HIGH_DB - LOW_DB);
  trace(context, POINTS, (i) => place(at(i)) * side, (i) => (1 - place(transferDb(shape, at(i)))) * side);
  context.strokeStyle = COLOUR.accent;
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  context.stroke();
}

function drawTrailGrid({ context, width }: Surface, left: number, height: number): void {
  context.font = font(12);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let db = 0; db <= TRAIL_DB; db += 3) {
    const y = Math.round((db / TRAIL_DB) * height);
    context.fillStyle = COLOUR.grid;
    context.fillRect(left, Math.min(y, height - 1), width - TRAIL_FIGURES - left, 1);
    context.fillStyle = COLOUR.dim;
    context.fillText(db === 0 ? "0 dB" : `\u2212${db}`, width, Math.min(Math.max(y, 6), height - 6));
  }
}
