import type { CDPSession, Page } from "playwright-core";

/** Time between two events of a finger. */
const EVENT_S = 0.012;

/** A place on a page, in CSS pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
}

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
  async stroke(points: readonly Place[]): Promise<void> {
    const [first, ...others] = points;
    if (first === undefined) return;
    await this.down(first);
    for (const point of others) await this.move(point);
    await this.up();
  }

  /** Touches at a point, and stays there. */
  async down(point: Place): Promise<void> {
    await this.#send("touchStart", [point]);
  }

  /** Moves to a point. */
  async move(point: Place): Promise<void> {
    await this.#send("touchMove", [point]);
  }

  /** Lets go. */
  async up(): Promise<void> {
    await this.#send("touchEnd", []);
  }

  async #send(type: "touchStart" | "touchMove" | "touchEnd", touchPoints: readonly Place[]): Promise<void> {
    this.#atS = type === "touchStart" ? Math.max(this.#atS + EVENT_S, Date.now() / 1000) : this.#atS + EVENT_S;
    await this.#session.send("Input.dispatchTouchEvent", { type, touchPoints: [...touchPoints], timestamp: this.#atS });
  }
}

/** Points on a straight way, both ends among them. */
export function way(from: Place, to: Place, steps: number): { x: number; y: number }[] {
  return Array.from({ length: steps + 1 }, (_, n) => ({ x: from.x + ((to.x - from.x) * n) / steps, y: from.y + ((to.y - from.y) * n) / steps }));
}
