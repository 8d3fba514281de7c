import type { Deviation } from "../curves/balance.js";
import { placeOfHz } from "../curves/scales.js";
import { figure } from "../text.js";
import { trace, type Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

/** Room for the figures below, and at the left. */
const FOOT = 18;
const LEFT = 30;
const TOP = 6;
const WRITTEN_HZ: readonly (readonly [number, string])[] = [[50, "50"], [100, "100"], [200, "200"], [500, "500"], [1000, "1k"], [2000, "2k"], [5000, "5k"], [10_000, "10k"]];

/** What stands for dB in a picture of ±`mostDb`. */
interface Axes {
  readonly x: (hz: number) => number;
  readonly y: (db: number) => number;
}

function axesOf({ width, height }: Surface, mostDb: number): Axes {
  const middle = TOP + (height - FOOT - TOP) / 2;
  return { x: (hz) => LEFT + placeOfHz(hz) * (width - LEFT), y: (db) => middle - (db / mostDb) * ((height - FOOT - TOP) / 2) };
}

function drawGrid({ context, width, height }: Surface, { x, y }: Axes, mostDb: number): void {
  context.font = font(12);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const [hz, written] of WRITTEN_HZ) {
    context.fillStyle = COLOUR.grid;
    context.fillRect(Math.round(x(hz)), TOP, 1, height - FOOT - TOP);
    context.fillStyle = COLOUR.dim;
    context.fillText(written, x(hz), height);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const db of [-mostDb, -mostDb / 2, 0, mostDb / 2, mostDb]) {
    context.fillStyle = db === 0 ? COLOUR.gridStrong : COLOUR.grid;
    context.fillRect(LEFT, Math.round(y(db)), width - LEFT, 1);
    context.fillStyle = COLOUR.dim;
    context.fillText(`${db > 0 ? "+" : ""}${figure(db, 0)}`, LEFT - 5, y(db));
  }
}

/** Draws how a mix leaves the middle of its references: their band, and the mix as a line. */
export function paintDeviation(surface: Surface, { freqHz, mixDb, lowDb, highDb }: Deviation, mostDb: number): void {
  const { context } = surface;
  const axes = axesOf(surface, mostDb);
  const { x, y } = axes;
  const xOf = (k: number): number => x(freqHz[k] ?? 0);
  drawGrid(surface, axes, mostDb);
  trace(context, freqHz.length, xOf, (k) => y(highDb[k] ?? 0));
  for (let k = freqHz.length - 1; k >= 0; k--) context.lineTo(xOf(k), y(lowDb[k] ?? 0));
  context.closePath();
  context.fillStyle = faint(COLOUR.input, 0.3);
  context.fill();
  // A single reference is a line and no area.
  context.strokeStyle = COLOUR.input;
  context.lineWidth = 1;
  context.stroke();
  trace(context, freqHz.length, xOf, (k) => y(mixDb[k] ?? 0));
  context.strokeStyle = COLOUR.level;
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  context.stroke();
}

/** Draws an equaliser that is proposed: what is wanted as a thin line, and what the bands do as a filled one. */
export function paintProposal(surface: Surface, freqHz: readonly number[], curves: { readonly wantedDb: readonly number[]; readonly gainsDb: readonly number[] }, mostDb: number): void {
  const { context } = surface;
  const axes = axesOf(surface, mostDb);
  const { x, y } = axes;
  drawGrid(surface, axes, mostDb);
  const line = (db: readonly number[]): void => trace(context, freqHz.length, (k) => x(freqHz[k] ?? 0), (k) => y(db[k] ?? 0));
  line(curves.gainsDb);
  context.lineTo(x(freqHz.at(-1) ?? 0), y(0));
  context.lineTo(x(freqHz[0] ?? 0), y(0));
  context.closePath();
  context.fillStyle = faint(COLOUR.accent, 0.25);
  context.fill();
  line(curves.wantedDb);
  context.strokeStyle = COLOUR.dim;
  context.lineWidth = 1;
  context.stroke();
  line(curves.gainsDb);
  context.strokeStyle = COLOUR.accent;
  context.lineWidth = 2.5;
  context.stroke();
}
