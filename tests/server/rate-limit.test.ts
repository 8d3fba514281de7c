import { describe, expect, it } from "vitest";
import { RateLimit } from "../../src/server/rate-limit.js";

describe("a rate limit of 100 a second with a burst of 200", () => {
  const create = (): RateLimit => new RateLimit({ perSecond: 100, burst: 200 }, 0);

  it("lets 200 through at once, and one each 10 ms after that", () => {
    const limit = create();
    let nowMs = 0;
    const takenAtMs = Array.from({ length: 300 }, () => {
      const atMs = nowMs;
      nowMs += limit.take(nowMs);
      return atMs;
    });
    expect(takenAtMs.slice(0, 200)).toEqual(Array<number>(200).fill(0));
    takenAtMs.slice(200).forEach((atMs, n) => expect(atMs).toBeCloseTo(10 * (n + 1), 6));
  });

  it("gives no more than the burst back, however long nothing is taken", () => {
    const limit = create();
    const waits = Array.from({ length: 200 }, () => limit.take(3_600_000));
    expect(waits.slice(0, 199)).toEqual(Array<number>(199).fill(0));
    expect(waits[199]).toBeCloseTo(10, 6);
  });

  it("makes one that does not wait wait longer each time", () => {
    const limit = create();
    const waits = Array.from({ length: 203 }, () => limit.take(0));
    expect(waits.slice(199).map((waitMs) => Math.round(waitMs))).toEqual([10, 20, 30, 40]);
  });
});
