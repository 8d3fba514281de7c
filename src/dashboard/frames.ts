/** Draws something each frame. */
export interface Painter {
  /** @param nowMs monotonic; @param dtMs since the frame before, at most 100 */
  frame(nowMs: number, dtMs: number): void;
}

const LONGEST_STEP_MS = 100;

/** Runs the painters that are on the screen at the display's rate, and nothing while the page is hidden. */
export class Frames {
  readonly #painters = new Set<Painter>();
  #beforeMs = 0;

  /** Begins to draw; `afterFrame` is called when all that is fresh has been drawn. */
  start(afterFrame: () => void): void {
    requestAnimationFrame((nowMs) => this.#frame(nowMs, afterFrame));
  }

  /** Takes a painter in; call the answer to let it go. */
  add(painter: Painter): () => void {
    this.#painters.add(painter);
    return () => this.#painters.delete(painter);
  }

  #frame(nowMs: number, afterFrame: () => void): void {
    // Asked for first: a picture that fails must not take the others with it.
    requestAnimationFrame((nextMs) => this.#frame(nextMs, afterFrame));
    const dtMs = Math.min(nowMs - this.#beforeMs, LONGEST_STEP_MS);
    this.#beforeMs = nowMs;
    for (const painter of this.#painters) painter.frame(nowMs, dtMs);
    afterFrame();
  }
}

/** The painters of this page. */
export const frames = new Frames();
