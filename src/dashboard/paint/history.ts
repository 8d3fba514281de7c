import { placeOfLevel } from "../curves/scales.js";
import type { Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

const LOW_LUFS = -42;
const HIGH_LUFS = -3;
const FIGURES = 16;
/** Longest history that the box keeps, and so the page. */
export const HISTORY_S = 1800;

/** Loudness over the last half hour, a step a second; null where there was silence. */
export class History {
  #shortTerm: (number | null)[] = [];
  #momentary: (number | null)[] = [];
  /** Counts up with each step. */
  revision = 0;

  /** Takes what the box has kept. */
  fill(shortTerm: readonly (number | null)[], momentary: readonly (number | null)[]): void {
    this.#shortTerm = shortTerm.slice(-HISTORY_S);
    this.#momentary = momentary.slice(-HISTORY_S);
    this.revision++;
  }

  /** Takes the next second. */
  add(shortTermLufs: number | null, momentaryLufs: number | null): void {
    this.#shortTerm.push(shortTermLufs);
    this.#momentary.push(momentaryLufs);
    if (this.#shortTerm.length > HISTORY_S) this.#shortTerm.shift();
    if (this.#momentary.length > HISTORY_S) this.#momentary.shift();
    this.revision++;
  }

  /** The last `seconds` of short-term loudness, the newest last. */
  shortTerm(seconds: number): readonly (number | null)[] {
    return this.#shortTerm.slice(-seconds);
  }

  /** The last `seconds` of the loudest moment of each. */
  momentary(seconds: number): readonly (number | null)[] {
    return this.#momentary.slice(-seconds);
  }
}

function y(lufs: number | null, height: number): number {
  return (1 - placeOfLevel(lufs, LOW_LUFS, HIGH_LUFS)) * (height - FIGURES);
}

function drawGrid({ context, width, height }: Surface, seconds: number, targetLufs: number | null): void {
  context.fillStyle = COLOUR.panel;
  context.fillRect(0, 0, width, height);
  context.font = font(12);
  context.textBaseline = "middle";
  for (let lufs = -36; lufs <= -6; lufs += 6) {
    context.fillStyle = COLOUR.grid;
    context.fillRect(0, Math.round(y(lufs, height)), width, 1);
    context.fillStyle = COLOUR.dim;
    context.textAlign = "left";
    if (lufs % 12 === 0) context.fillText(String(lufs).replace("-", "\u2212"), 2, y(lufs, height) - 6);
  }
  const stepS = seconds > 900 ? 300 : seconds > 300 ? 120 : seconds > 120 ? 60 : 15;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (let ago = stepS; ago < seconds; ago += stepS) {
    const x = Math.round(width * (1 - ago / seconds));
    context.fillStyle = COLOUR.grid;
    context.fillRect(x, 0, 1, height - FIGURES);
    context.fillStyle = COLOUR.dim;
    if (x > 14) context.fillText(stepS < 60 ? `${ago} s` : `${ago / 60} min`, x, height);
  }
  if (targetLufs === null) return;
  context.fillStyle = COLOUR.accent;
  context.fillRect(0, Math.round(y(targetLufs, height)), width, 1);
}

/** Draws the last `seconds`: short-term loudness as a line over the loudest moments, the target as a mark. */
export function paintHistory(surface: Surface, history: History, seconds: number, targetLufs: number | null): void {
  const { context, width, height } = surface;
  drawGrid(surface, seconds, targetLufs);
  const shortTerm = history.shortTerm(seconds);
  const momentary = history.momentary(seconds);
  const step = width / seconds;
  const bottom = height - FIGURES;
  context.fillStyle = faint(COLOUR.level, 0.28);
  momentary.forEach((lufs, i) => {
    const top = y(lufs, height);
    context.fillRect(width - (momentary.length - i) * step, top, Math.max(step, 1), bottom - top);
  });
  context.beginPath();
  let isDown = false;
  shortTerm.forEach((lufs, i) => {
    const x = width - (shortTerm.length - i - 0.5) * step;
    if (lufs !== null && isDown) context.lineTo(x, y(lufs, height));
    else if (lufs !== null) context.moveTo(x, y(lufs, height));
    isDown = lufs !== null;
  });
  context.strokeStyle = COLOUR.level;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.stroke();
}
