import type { TapLevels } from "../../protocol/meter-snapshot.js";
import { isOverCeiling } from "../../protocol/over-ceiling.js";
import { meterPlace } from "../curves/scales.js";
import { PeakBar, SmoothBar } from "./ballistics.js";
import { Backdrop, type Surface } from "./surface.js";
import { COLOUR, font } from "./theme.js";

const TICKS_DB = [0, -3, -6, -10, -15, -20, -30, -40, -50] as const;
/** Where the colour of a bar turns: above -9 dB it is loud, above the ceiling too loud. */
const HOT_DB = -9;

/** What one tap shows: RMS as a bar, the true peak as a lighter one and as a line that is held. */
class Channel {
  readonly peak = new PeakBar();
  readonly rms = new SmoothBar(-90);
}

/** Input and output side by side, each left and right, on one scale in dB full scale. */
export class LevelsPainter {
  readonly #channels = [new Channel(), new Channel(), new Channel(), new Channel()] as const;
  readonly #backdrop = new Backdrop();

  /** Draws the taps of a snapshot, or rest; above `ceilingDbtp` the output is red. */
  paint(surface: Surface, input: TapLevels | undefined, output: TapLevels | undefined, ceilingDbtp: number, dtMs: number): void {
    this.#channels.forEach((channel, index) => {
      const tap = index < 2 ? input : output;
      channel.peak.move(tap?.truePeakDbtp[index % 2 === 0 ? 0 : 1] ?? null, dtMs);
      channel.rms.move(tap?.rmsDbfs[index % 2 === 0 ? 0 : 1], dtMs);
    });
    const { context, width, height } = surface;
    this.#backdrop.cover(surface, String(ceilingDbtp), (own) => drawScale(own, ceilingDbtp));
    const { top, bottom, bar, left } = geometry(width, height);
    this.#channels.forEach((channel, index) => {
      const limitDb = index < 2 ? 0 : ceilingDbtp;
      const x = left(index);
      drawBar(context, [x, top, bar, bottom - top], channel.peak.levelDb, limitDb, 0.38);
      drawBar(context, [x, top, bar, bottom - top], channel.rms.value, limitDb, 1);
      const held = channel.peak.heldDb;
      if (held <= -60) return;
      context.fillStyle = isOverCeiling(held, limitDb) ? COLOUR.over : held > HOT_DB ? COLOUR.hot : COLOUR.text;
      context.fillRect(x, Math.round(bottom - meterPlace(held) * (bottom - top)) - 1, bar, 2);
    });
  }
}

/** Where the bars of a picture lie, from the left. */
export interface Geometry {
  readonly top: number;
  readonly bottom: number;
  readonly bar: number;
  readonly left: (index: number) => number;
}

/** The heads and feet of the columns stand over and under them by the same figures in pages.css. */
const SCALE_WIDTH = 30;
const WIDEST_BAR = 56;
/** Figures that would lie nearer to each other than this are left out. */
const FIGURE_PX = 14;

/** Two bars, the scale, two bars. */
export function geometry(width: number, height: number): Geometry {
  const gap = 4;
  const bar = Math.max(6, Math.min(WIDEST_BAR, Math.floor((width - SCALE_WIDTH - 2 * gap) / 4)));
  const start = Math.round((width - SCALE_WIDTH - 4 * bar - 2 * gap) / 2);
  return {
    top: 6, bottom: height - 6, bar,
    left: (index) => start + index * bar + (index % 2) * gap + Math.floor(index / 2) * (SCALE_WIDTH + gap),
  };
}

function drawScale({ context, width, height }: Surface, ceilingDbtp: number): void {
  const { top, bottom, bar, left } = geometry(width, height);
  context.clearRect(0, 0, width, height);
  for (const index of [0, 1, 2, 3]) {
    context.fillStyle = COLOUR.track;
    context.fillRect(left(index), top, bar, bottom - top);
  }
  context.font = font(12);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const middle = (left(1) + bar + left(2)) / 2;
  let writtenAt = -Infinity;
  for (const db of TICKS_DB) {
    const y = Math.round(bottom - meterPlace(db) * (bottom - top)) + 0.5;
    context.fillStyle = COLOUR.dim;
    if (y - writtenAt >= FIGURE_PX) {
      context.fillText(String(Math.abs(db)), middle, y);
      writtenAt = y;
    }
    context.fillStyle = COLOUR.panel;
    for (const index of [0, 1, 2, 3]) context.fillRect(left(index), y - 0.5, bar, 1);
  }
  const y = Math.round(bottom - meterPlace(ceilingDbtp) * (bottom - top));
  context.fillStyle = COLOUR.accent;
  context.fillRect(left(2) - 3, y, 3, 1);
  context.fillRect(left(3) + bar, y, 3, 1);
}

/** Fills a bar up to a level, in the colours of its zones. */
function drawBar(context: CanvasRenderingContext2D, box: readonly [number, number, number, number], levelDb: number, limitDb: number, opacity: number): void {
  const [x, y, width, height] = box;
  const zones = [[-60, HOT_DB, COLOUR.level], [HOT_DB, limitDb, COLOUR.hot], [limitDb, 3, COLOUR.over]] as const;
  context.globalAlpha = opacity;
  for (const [from, to, colour] of zones) {
    if (levelDb <= from) break;
    const low = meterPlace(from);
    const high = meterPlace(Math.min(levelDb, to));
    context.fillStyle = colour;
    context.fillRect(x, y + height * (1 - high), width, height * (high - low));
  }
  context.globalAlpha = 1;
}
