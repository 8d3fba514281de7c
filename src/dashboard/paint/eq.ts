import { FINE_POINTS, type Spectrum } from "../../protocol/meter-snapshot.js";
import { clamp, hzAtPlace, placeOfHz } from "../curves/scales.js";
import { drawSpectrumGrid, fillBelow, FIGURES_HEIGHT, SpectrumLine, traceFine } from "./spectrum.js";
import { Backdrop, trace, type Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

/** Gain at the upper edge; the lower is as far below 0. */
export const EQ_REACH_DB = 18;
/** Points of a drawn curve. */
export const CURVE_POINTS = 240;

/** Frequencies of the points of a curve. */
export const CURVE_HZ: Float32Array = Float32Array.from({ length: CURVE_POINTS }, (_, i) => hzAtPlace(i / (CURVE_POINTS - 1)));

/** A handle that a finger can drag. */
export interface Node {
  readonly label: string;
  readonly freqHz: number;
  readonly gainDb: number;
  readonly isOn: boolean;
  /** It is on and changes nothing: its gain is 0. */
  readonly isIdle: boolean;
}

/** What an equaliser shows. */
export interface EqPicture {
  /** Response in dB at CURVE_HZ, of the middle; of the sides only where it is another. */
  readonly sum: Float32Array;
  readonly side: Float32Array | null;
  /** Response of the chosen band by itself. */
  readonly chosenCurve: Float32Array | null;
  readonly nodes: readonly Node[];
  /** Index of the chosen one. */
  readonly chosen: number;
  readonly isBypassed: boolean;
}

/** Height of a gain. */
export function gainY(gainDb: number, height: number): number {
  const bottom = height - FIGURES_HEIGHT;
  return bottom / 2 - (gainDb / EQ_REACH_DB) * (bottom / 2);
}

/** Gain that a pixel stands for. */
export function dbOfPixel(height: number): number {
  return (2 * EQ_REACH_DB) / (height - FIGURES_HEIGHT);
}

/** How near a finger must come to a handle. */
const REACH_PX = 34;
/** Radius of a handle: of the chosen one, of one that works, and of one that does nothing. */
const CHOSEN_PX = 14;
const WORKING_PX = 11;
const IDLE_PX = 8;

/** Index of the node that a press takes: the chosen one where it is met, for it lies on top; else the nearest within reach; -1 for none. */
export function nodeAt({ nodes, chosen }: Pick<EqPicture, "nodes" | "chosen">, x: number, y: number, [width, height]: readonly [number, number]): number {
  let nearest = -1;
  let least = REACH_PX;
  nodes.forEach(({ freqHz, gainDb }, index) => {
    const distance = Math.hypot(placeOfHz(freqHz) * width - x, gainY(gainDb, height) - y) - (index === chosen ? CHOSEN_PX : 0);
    if (distance < least) {
      least = distance;
      nearest = index;
    }
  });
  return nearest;
}

/** Response curves with their handles over the live spectrum. */
export class EqPainter {
  readonly #spectrum = new SpectrumLine(FINE_POINTS);
  readonly #backdrop = new Backdrop();

  /** Draws a picture over the newest spectrum. */
  paint(surface: Surface, spectrum: Spectrum | undefined, picture: EqPicture, dtMs: number): void {
    const { context } = surface;
    this.#spectrum.move(spectrum?.fine, dtMs);
    this.#backdrop.cover(surface, "", drawGrid);
    traceFine(surface, this.#spectrum.db);
    context.strokeStyle = COLOUR.levelDim;
    context.lineWidth = 1;
    context.stroke();
    fillBelow(surface, faint(COLOUR.level, 0.16));
    const colour = picture.isBypassed ? COLOUR.dim : COLOUR.accent;
    if (picture.chosenCurve !== null) fillCurve(surface, picture.chosenCurve, faint(colour, 0.22));
    if (picture.side !== null) strokeCurve(surface, picture.side, [colour, 1.5], [5, 5]);
    strokeCurve(surface, picture.sum, [colour, 2.5], []);
    picture.nodes.forEach((node, index) => {
      if (index !== picture.chosen) drawNode(surface, node, false);
    });
    const chosen = picture.nodes[picture.chosen];
    if (chosen !== undefined) drawNode(surface, chosen, true);
  }
}

function strokeCurve({ context, width, height }: Surface, curve: Float32Array, [colour, line]: readonly [string, number], dashes: number[]): void {
  trace(context, CURVE_POINTS, (i) => (i / (CURVE_POINTS - 1)) * width, (i) => gainY(clamp(curve[i] ?? 0, -30, 30), height));
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.lineJoin = "round";
  context.setLineDash(dashes);
  context.stroke();
  context.setLineDash([]);
}

function fillCurve({ context, width, height }: Surface, curve: Float32Array, colour: string): void {
  trace(context, CURVE_POINTS, (i) => (i / (CURVE_POINTS - 1)) * width, (i) => gainY(clamp(curve[i] ?? 0, -30, 30), height));
  context.lineTo(width, gainY(0, height));
  context.lineTo(0, gainY(0, height));
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function drawNode({ context, width, height }: Surface, { label, freqHz, gainDb, isOn, isIdle }: Node, isChosen: boolean): void {
  // Whole at both ends of the axis.
  const x = clamp(placeOfHz(freqHz) * width, CHOSEN_PX + 1, width - CHOSEN_PX - 1);
  const y = gainY(gainDb, height);
  context.beginPath();
  const isHollow = !isOn || isIdle;
  context.arc(x, y, isChosen ? CHOSEN_PX : isHollow ? IDLE_PX : WORKING_PX, 0, 2 * Math.PI);
  context.fillStyle = isChosen ? COLOUR.accent : isHollow ? COLOUR.panel : COLOUR.gridStrong;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = isChosen ? COLOUR.text : isHollow ? COLOUR.dim : COLOUR.accent;
  context.stroke();
  context.font = isChosen ? CHOSEN_FONT : isHollow ? IDLE_FONT : WORKING_FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = isChosen ? COLOUR.ground : isOn ? COLOUR.text : COLOUR.dim;
  context.fillText(label, x, y + 0.5);
}

const CHOSEN_FONT = font(14, 700);
const WORKING_FONT = font(12, 700);
const IDLE_FONT = font(10, 700);

function drawGrid(surface: Surface): void {
  const { context, width, height } = surface;
  context.fillStyle = COLOUR.panel;
  context.fillRect(0, 0, width, height);
  drawSpectrumGrid(surface, false);
  context.font = font(12);
  context.textAlign = "left";
  context.textBaseline = "bottom";
  for (let db = -12; db <= 12; db += 6) {
    const y = Math.round(gainY(db, height));
    context.fillStyle = db === 0 ? COLOUR.gridStrong : COLOUR.grid;
    context.fillRect(0, y, width, 1);
    context.fillStyle = COLOUR.dim;
    // Handles lie on the line of zero, which needs no figure.
    if (db !== 0) context.fillText(`${db > 0 ? "+" : "\u2212"}${Math.abs(db)}${db === 12 ? " dB" : ""}`, 2, y - 1);
  }
}
