import { FINE_POINTS, type Spectrum } from "../../protocol/meter-snapshot.js";
import { clamp, placeOfHz } from "../curves/scales.js";
import { ReductionBar } from "./ballistics.js";
import { drawSpectrumGrid, fillBelow, FIGURES_HEIGHT, SpectrumLine, traceFine } from "./spectrum.js";
import { Backdrop, type Surface } from "./surface.js";
import { COLOUR, faint, font } from "./theme.js";

/** What one band shows over its part of the spectrum. */
export interface BandPicture {
  readonly label: string;
  readonly isChosen: boolean;
  readonly isOn: boolean;
  /** Hangs from the top: dB of reduction, 0 or more. */
  readonly reductionDb: number;
}

/** Reduction that reaches half way down. */
const HALF_DB = 12;

/** Bands over the live spectrum: borders that a finger can drag, and in each how far it is turned down. */
export class BandsPainter {
  readonly #spectrum = new SpectrumLine(FINE_POINTS);
  readonly #backdrop = new Backdrop();
  readonly #bars = [new ReductionBar(), new ReductionBar(), new ReductionBar(), new ReductionBar()];

  /** Draws `bands`, which `crossoversHz` part: one fewer than bands. */
  paint(surface: Surface, spectrum: Spectrum | undefined, crossoversHz: readonly number[], bands: readonly BandPicture[], dtMs: number): void {
    const { context, width, height } = surface;
    const bottom = height - FIGURES_HEIGHT;
    this.#spectrum.move(spectrum?.fine, dtMs);
    this.#backdrop.cover(surface, "", (own) => {
      own.context.fillStyle = COLOUR.panel;
      own.context.fillRect(0, 0, own.width, own.height);
      drawSpectrumGrid(own, false);
    });
    traceFine(surface, this.#spectrum.db);
    context.strokeStyle = COLOUR.levelDim;
    context.lineWidth = 1;
    context.stroke();
    fillBelow(surface, faint(COLOUR.level, 0.22));
    const edges = [0, ...crossoversHz.map((hz) => placeOfHz(hz) * width), width];
    bands.forEach((band, index) => {
      const bar = this.#bars[index];
      const left = edges[index] ?? 0;
      const right = edges[index + 1] ?? width;
      bar?.move(band.reductionDb, dtMs);
      if (band.isChosen) {
        context.fillStyle = faint(COLOUR.accent, 0.1);
        context.fillRect(left, 0, right - left, bottom);
      }
      context.fillStyle = faint(COLOUR.accent, 0.75);
      context.fillRect(left + 2, 0, right - left - 4, clamp((bar?.db ?? 0) / (2 * HALF_DB), 0, 1) * bottom);
      context.font = font(14, 700);
      context.textAlign = "center";
      context.textBaseline = "bottom";
      context.fillStyle = band.isChosen ? COLOUR.accent : band.isOn ? COLOUR.text : COLOUR.dim;
      context.fillText(band.label, (left + right) / 2, bottom - 6);
    });
    crossoversHz.forEach((hz) => drawBorder(surface, placeOfHz(hz) * width));
  }
}

function drawBorder({ context, height }: Surface, x: number): void {
  const bottom = height - FIGURES_HEIGHT;
  context.fillStyle = COLOUR.text;
  context.fillRect(Math.round(x) - 1, 0, 2, bottom);
  context.beginPath();
  context.arc(x, bottom / 2, 11, 0, 2 * Math.PI);
  context.fillStyle = COLOUR.gridStrong;
  context.fill();
  context.strokeStyle = COLOUR.text;
  context.lineWidth = 1.5;
  context.stroke();
}
