import { describe, expect, it } from "vitest";
import { ClockWatch } from "../../src/engine/clock-watch.js";
import type { TapReading } from "../../src/engine/meter-record.js";
import { OutputWatch } from "../../src/engine/output-watch.js";

describe("ClockWatch", () => {
  function rate(framesPerMs: number, seconds: number, lateMs: (second: number) => number = () => 0): ClockWatch {
    const watch = new ClockWatch(48000);
    for (let second = 0; second <= seconds; second++) {
      // A reading that comes late is late in its time; the frames of its period are those of before.
      watch.add(framesPerMs * 1000 * second, 1000 * second + lateMs(second));
    }
    return watch;
  }

  it("knows nothing before 10 s have passed, and then the rate to 0.01 Hz", () => {
    expect(rate(48, 9).rateHz).toBeNull();
    expect(rate(48, 10).rateHz).toBeCloseTo(48000, 2);
    expect(rate(48.048, 30).rateHz).toBeCloseTo(48048, 2);
  });

  it("finds a clock that is off by 0.5 % either way within 10 s (F11), and lets 0.1 % pass", () => {
    expect(rate(48.24, 10).isWrong).toBe(true);
    expect(rate(47.76, 10).isWrong).toBe(true);
    expect(rate(48.048, 60).isWrong).toBe(false);
  });

  it("is not misled by readings that come up to 31 ms late, wherever they fall", () => {
    for (let late = 0; late <= 20; late++) {
      const watch = rate(48, 20, (second) => (second === late || second === (late + 7) % 20 ? 31 : 0));
      expect(Math.abs((watch.rateHz as number) - 48000)).toBeLessThan(48);
    }
  });

  it("does not call a clock wrong that stood still for 40 ms now and then, and was right in between", () => {
    const watch = new ClockWatch(48000);
    let lostMs = 0;
    for (let second = 0; second <= 60; second++) {
      if (second % 3 === 1) lostMs += 40;
      watch.add(48 * (1000 * second - lostMs), 1000 * second);
      expect(watch.isWrong).toBe(false);
    }
    expect(watch.rateHz).toBeLessThan(48000 * 0.995);
  });

  it("begins anew when the device was started again, and keeps the last figure until then", () => {
    const watch = rate(48.24, 10);
    for (let second = 0; second <= 10; second++) {
      if (second < 10) expect(watch.isWrong).toBe(true);
      watch.add(48000 * second, 20_000 + 1000 * second);
    }
    expect(watch.rateHz).toBeCloseTo(48000, 2);
    expect(watch.isWrong).toBe(false);
  });
});

describe("OutputWatch", () => {
  const level = (dbfs: number): TapReading => {
    const meanSquare = 0.5 * 10 ** (dbfs / 10);
    const peak = Math.sqrt(2 * meanSquare);
    return {
      samplePeaks: [peak, peak], truePeaks: [peak, peak], meanSquares: [meanSquare, 0], kMeanSquares: [0, 0], rmsDbfs: [dbfs, null],
      correlation: null, midMeanSquare: 0, sideMeanSquare: 0,
    };
  };
  const SILENT = level(-Infinity);
  const LIVE = level(-20);

  /** What is tried in so many bins of 10 ms, and when. */
  function bins(watch: OutputWatch, count: number, input: TapReading, output: TapReading, isOpen = true): string[] {
    return Array.from({ length: count }, (_, k) => [k + 1, watch.add({ input, output }, isOpen)] as const)
      .filter(([, remedy]) => remedy !== undefined).map(([bin, remedy]) => `${bin} ${remedy}`);
  }

  it("clears the stages after 0.5 s of zeros under a live input (F18), restarts after 1 s, bypasses after 1.5 s, ends after 6.5 s", () => {
    const watch = new OutputWatch(() => false);
    expect(bins(watch, 700, LIVE, SILENT)).toEqual(["50 reset", "100 restart", "150 bypass", "650 end"]);
    expect(watch.isDead).toBe(true);
  });

  it("leaves alone a silence that the settings explain, and looks at it again each 5.5 s", () => {
    let looks = 0;
    let isMeant = true;
    const watch = new OutputWatch(() => (looks++, isMeant));
    expect(bins(watch, 2250, LIVE, SILENT)).toEqual([]);
    expect([looks, watch.isDead]).toEqual([5, false]);
    isMeant = false;
    expect(bins(watch, 600, LIVE, SILENT)).toEqual(["550 reset", "600 restart"]);
    isMeant = true;
    expect(bins(watch, 50, LIVE, SILENT)).toEqual(["50 recovered"]);
  });

  it("clears the stages and does nothing else where nobody can tell whether the settings explain it", () => {
    expect(bins(new OutputWatch(() => undefined), 3000, LIVE, SILENT)).toEqual(["50 reset"]);
  });

  it("takes the bypass back as soon as the output lives", () => {
    const watch = new OutputWatch(() => false);
    bins(watch, 160, LIVE, SILENT);
    expect(bins(watch, 2, LIVE, LIVE)).toEqual(["1 recovered"]);
    expect(watch.isDead).toBe(false);
    expect(bins(watch, 60, LIVE, SILENT)).toEqual(["50 reset"]);
  });

  it("ends after 6.5 s as well where the output rang off at first", () => {
    const watch = new OutputWatch(() => false);
    expect(bins(watch, 10, LIVE, level(-100))).toEqual([]);
    expect(bins(watch, 690, LIVE, SILENT)).toEqual(["40 reset", "90 restart", "140 bypass", "640 end"]);
  });

  it("never ends the thread while something comes out, be it at -100 dBFS", () => {
    expect(bins(new OutputWatch(() => false), 3000, LIVE, level(-100))).toEqual(["50 reset", "100 restart", "150 bypass"]);
  });

  it("lets a quiet input pass (-51 dBFS), and a quiet output (-79 dBFS)", () => {
    expect(bins(new OutputWatch(() => false), 1000, level(-51), SILENT)).toEqual([]);
    expect(bins(new OutputWatch(() => false), 1000, LIVE, level(-79))).toEqual([]);
    expect(bins(new OutputWatch(() => false), 60, level(-49), level(-81))).toEqual(["50 reset"]);
  });

  it("does not mind a dead output while the gate is closed, or for less than half a second at a time", () => {
    const watch = new OutputWatch(() => false);
    expect(bins(watch, 1000, LIVE, SILENT, false)).toEqual([]);
    for (let k = 0; k < 20; k++) {
      expect(bins(watch, 49, LIVE, SILENT)).toEqual([]);
      expect(bins(watch, 1, LIVE, LIVE)).toEqual([]);
    }
  });
});
