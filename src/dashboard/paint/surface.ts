/** What a painter draws on: a context scaled to CSS pixels, and its size in them. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Device pixels in one CSS pixel. */
  readonly ratio: number;
}

/** More device pixels than this in a CSS pixel cost time and show nothing. */
const MAX_RATIO = 2;

/** Sizes `canvas` for its box on the page; undefined while it has none. */
export function surfaceOf(canvas: HTMLCanvasElement, width: number, height: number): Surface | undefined {
  const context = canvas.getContext("2d");
  if (context === null || width < 1 || height < 1) return undefined;
  const ratio = Math.min(MAX_RATIO, Math.max(1, devicePixelRatio));
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height, ratio };
}

/** What seldom changes, grids and their figures: drawn once to a canvas of its own, and copied each frame. */
export class Backdrop {
  #canvas: HTMLCanvasElement | undefined;
  #key = "";

  /** Covers `surface` with what `draw` draws, which is called only when `key` or the size has changed. */
  cover(surface: Surface, key: string, draw: (surface: Surface) => void): void {
    const { width, height, ratio } = surface;
    const whole = `${width} ${height} ${ratio} ${key}`;
    if (this.#canvas === undefined || this.#key !== whole) {
      this.#canvas = document.createElement("canvas");
      this.#key = whole;
      const own = surfaceOf(this.#canvas, width, height);
      if (own !== undefined) draw(own);
    }
    surface.context.drawImage(this.#canvas, 0, 0, width, height);
  }
}

/** Traces `points` as one line: x in steps over the width, y from each value. */
export function trace(context: CanvasRenderingContext2D, count: number, x: (index: number) => number, y: (index: number) => number): void {
  context.beginPath();
  context.moveTo(x(0), y(0));
  for (let i = 1; i < count; i++) context.lineTo(x(i), y(i));
}
