import type { CDPSession, Page } from "playwright-core";

/** Time between two events of a finger. */
const EVENT_S = 0.012;

/** Real touches on a page, which scroll it where it does not hold them back. */
export class Finger {
  readonly #session: CDPSession;
  /** The time that the page is told of a touch, in seconds: as if the machine were never late. */
  #atS = Date.now() / 1000;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** A finger over `page`. */
  static async over(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  /** Touches at the first of `points`, moves over the others, and lets go. */
  async stroke(points: readonly { readonly x: number; readonly y: number }[]): Promise<void> {
    const [first, ...others] = points;
    if (first === undefined) return;
    await this.#send("touchStart", [first]);
    for (const point of others) await this.#send("touchMove", [point]);
    await this.#send("touchEnd", []);
  }

  async #send(type: "touchStart" | "touchMove" | "touchEnd", touchPoints: readonly { readonly x: number; readonly y: number }[]): Promise<void> {
    this.#atS = type === "touchStart" ? Math.max(this.#atS + EVENT_S, Date.now() / 1000) : this.#atS + EVENT_S;
    await this.#session.send("Input.dispatchTouchEvent", { type, touchPoints: [...touchPoints], timestamp: this.#atS });
  }
}

/** Points on a straight way, both ends among them. */
export function way(from: { readonly x: number; readonly y: number }, to: { readonly x: number; readonly y: number }, steps: number): { x: number; y: number }[] {
  return Array.from({ length: steps + 1 }, (_, n) => ({ x: from.x + ((to.x - from.x) * n) / steps, y: from.y + ((to.y - from.y) * n) / steps }));
}
