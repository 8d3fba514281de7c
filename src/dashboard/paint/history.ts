import { placeOfLevel } from "../curves/scales.js";
import type { History } from "../history.js";
import { HISTORY_S, timeMarks, writtenAgo, type HistoryWindow } from "../history-window.js";
import { wholeOrTenth } from "../text.js";
import type { Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

const LOW_LUFS = -42;
const HIGH_LUFS = -3;
/** Room for the figures below, and at the left. */
const FIGURES = 18;
const LEVELS = 30;

function y(lufs: number | null, height: number): number {
  return 6 + (1 - placeOfLevel(lufs, LOW_LUFS, HIGH_LUFS)) * (height - FIGURES - 6);
}

/** Where a moment lies. */
function xOf(agoS: number, window: HistoryWindow, width: number): number {
  return LEVELS + (1 - (agoS - window.agoS) / window.spanS) * (width - LEVELS);
}

function drawGrid({ context, width, height }: Surface, window: HistoryWindow, targetLufs: number | null): void {
  context.fillStyle = COLOUR.panel;
  context.fillRect(0, 0, width, height);
  context.font = font(12);
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let lufs = -36; lufs <= -6; lufs += 6) {
    context.fillStyle = COLOUR.grid;
    context.fillRect(LEVELS, Math.round(y(lufs, height)), width - LEVELS, 1);
    context.fillStyle = COLOUR.dim;
    const isHidden = targetLufs !== null && Math.abs(y(lufs, height) - y(targetLufs, height)) < 13;
    if (!isHidden) context.fillText(String(lufs).replace("-", "\u2212"), LEVELS - 5, y(lufs, height));
  }
  context.textBaseline = "bottom";
  for (const agoS of timeMarks(window, width - LEVELS)) {
    const x = xOf(agoS, window, width);
    context.fillStyle = COLOUR.grid;
    context.fillRect(Math.round(x), 6, 1, height - FIGURES - 6);
    context.fillStyle = COLOUR.dim;
    context.textAlign = x > width - 20 ? "right" : "center";
    if (x > LEVELS + 20) context.fillText(writtenAgo(agoS), Math.min(x, width), height);
  }
}

function drawTarget({ context, width, height }: Surface, targetLufs: number): void {
  const at = Math.round(y(targetLufs, height));
  context.fillStyle = COLOUR.accent;
  context.fillRect(LEVELS, at, width - LEVELS, 1);
  context.font = font(12, 700);
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText(wholeOrTenth(targetLufs), LEVELS - 5, at);
}

/** Draws a window of the history: short-term loudness as a line over the loudest moments, the target as a mark. */
export function paintHistory(surface: Surface, history: History, window: HistoryWindow, targetLufs: number | null): void {
  const { context, width, height } = surface;
  drawGrid(surface, window, targetLufs);
  const [newest, oldest] = [Math.floor(window.agoS), Math.min(HISTORY_S - 1, Math.ceil(window.agoS + window.spanS))];
  const bottom = height - FIGURES;
  context.save();
  context.beginPath();
  context.rect(LEVELS, 0, width - LEVELS, height);
  context.clip();
  context.beginPath();
  context.moveTo(xOf(oldest, window, width), bottom);
  for (let agoS = oldest; agoS >= newest; agoS--) {
    const top = Math.min(y(history.momentary(agoS), height), bottom);
    context.lineTo(xOf(agoS + 1, window, width), top);
    context.lineTo(xOf(agoS, window, width), top);
  }
  context.lineTo(xOf(newest, window, width), bottom);
  context.fillStyle = faint(COLOUR.level, 0.28);
  context.fill();
  context.beginPath();
  let isDown = false;
  for (let agoS = oldest; agoS >= newest; agoS--) {
    const lufs = history.shortTerm(agoS);
    const x = xOf(agoS + 0.5, window, width);
    if (lufs !== null && isDown) context.lineTo(x, y(lufs, height));
    else if (lufs !== null) context.moveTo(x, y(lufs, height));
    isDown = lufs !== null;
  }
  context.strokeStyle = COLOUR.level;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.stroke();
  context.restore();
  if (targetLufs !== null) drawTarget(surface, targetLufs);
}
