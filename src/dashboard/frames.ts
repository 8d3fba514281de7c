/** Draws something each frame. */
export interface Painter {
  /** Whether it is on the screen, or close to it. */
  isSeen: boolean;
  /** @param nowMs monotonic; @param dtMs since the frame before, at most 100 */
  frame(nowMs: number, dtMs: number): void;
}

const LONGEST_STEP_MS = 100;
/** What is off the screen is drawn so seldom: enough for a picture of the whole page. */
const UNSEEN_MS = 500;

/** Runs the painters that are on the screen at the display's rate, one of the others now and then, and nothing while the page is hidden. */
export class Frames {
  readonly #painters = new Set<Painter>();
  readonly #drawnMs = new WeakMap<Painter, number>();
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
    let oldest: Painter | null = null;
    let oldestMs = nowMs - UNSEEN_MS;
    for (const painter of this.#painters) {
      if (painter.isSeen) {
        painter.frame(nowMs, dtMs);
        continue;
      }
      const drawnMs = this.#drawnMs.get(painter) ?? -Infinity;
      if (drawnMs > oldestMs) continue;
      oldest = painter;
      oldestMs = drawnMs;
    }
    // One a frame, so that no frame bears them all.
    if (oldest !== null) {
      this.#drawnMs.set(oldest, nowMs);
      oldest.frame(nowMs, LONGEST_STEP_MS);
    }
    afterFrame();
  }
}

/** The painters of this page. */
export const frames = new Frames();
