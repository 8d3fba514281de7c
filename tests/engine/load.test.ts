import { describe, expect, it } from "vitest";
import { ControlBlock, LOAD_BUCKETS, LOAD_MAX, SHED } from "../../src/engine/control-block.js";
import { LoadFigures } from "../../src/engine/load-figures.js";
import { LoadWatch } from "../../src/engine/load-watch.js";
import { SHEDDING } from "../../src/hal/audio-health.js";
import { ManualTime } from "../support/manual-time.js";

/** A period of 1 ms. */
const RATE = 48000;
const PERIOD = 48;

function watched(): { control: ControlBlock; blocks: (count: number, loadPercent: number) => void; watch: LoadWatch } {
  const control = new ControlBlock();
  const time = new ManualTime();
  const watch = new LoadWatch(time, control, RATE, PERIOD);
  const blocks = (count: number, loadPercent: number): void => {
    for (let k = 0; k < count; k++) {
      watch.begin();
      time.nowMs += loadPercent / 100;
      watch.end();
    }
  };
  return { control, blocks, watch };
}

const shed = (control: ControlBlock): string => SHEDDING[control.words[SHED] as number] as string;

describe("LoadFigures", () => {
  it("gives 3.1 % at p50, 40.1 % at p99 and 91 % at most for 98 blocks of 3 %, 1.5 of 40 % and 0.5 of 91 % in a hundred", () => {
    const { control, blocks } = watched();
    const figures = new LoadFigures(control.load);
    blocks(980, 3.05);
    blocks(15, 40.05);
    blocks(5, 91.05);
    // A bucket is 0.1 % wide; its upper edge is given.
    expect(figures.percentile(0.5)).toBeCloseTo(3.1, 9);
    expect(figures.percentile(0.99)).toBeCloseTo(40.1, 9);
    expect(figures.percentile(1)).toBeCloseTo(91.1, 9);
    expect(control.words[LOAD_MAX]).toBe(910);
  });

  it("forgets blocks after 10 s, and keeps the largest until it is reset", () => {
    const { control, blocks } = watched();
    const figures = new LoadFigures(control.load);
    blocks(1000, 50.05);
    for (let second = 0; second < 10; second++) {
      expect(figures.percentile(0.5)).toBeGreaterThan(0);
      figures.tick();
    }
    expect(figures.percentile(0.99)).toBe(0);
    blocks(1000, 2.05);
    expect(figures.percentile(0.99)).toBeCloseTo(2.1, 9);
    expect(control.words[LOAD_MAX]).toBe(500);
  });

  it("counts a block of several periods in its last bucket, and its true length as the largest", () => {
    const { control, blocks } = watched();
    blocks(1, 700.05);
    expect(control.load[LOAD_BUCKETS - 1]).toBe(1);
    expect(control.words[LOAD_MAX]).toBe(7000);
  });
});

describe("LoadWatch", () => {
  it("sheds nothing at 80 %, however long", () => {
    const { control, blocks } = watched();
    blocks(60_000, 80);
    expect(shed(control)).toBe("none");
  });

  it("sheds the meters within 0.1 s of blocks at 90 %, the analysis within another, and never more", () => {
    const { control, blocks } = watched();
    blocks(100, 90);
    expect(shed(control)).toBe("meters");
    blocks(100, 90);
    expect(shed(control)).toBe("analysis");
    blocks(10_000, 99);
    expect(shed(control)).toBe("analysis");
  });

  it("bears one late block in twenty, and not one in ten", () => {
    const seldom = watched();
    const often = watched();
    for (let k = 0; k < 1000; k++) {
      seldom.blocks(19, 30);
      seldom.blocks(1, 120);
      often.blocks(9, 30);
      often.blocks(1, 120);
    }
    expect(shed(seldom.control)).toBe("none");
    expect(shed(often.control)).not.toBe("none");
  });

  it("brings back first the analysis and then the meters, after 10 s of calm each", () => {
    const { control, blocks } = watched();
    blocks(200, 95);
    blocks(9_990, 50);
    expect(shed(control)).toBe("analysis");
    blocks(20, 50);
    expect(shed(control)).toBe("meters");
    blocks(9_980, 50);
    expect(shed(control)).toBe("meters");
    blocks(20, 50);
    expect(shed(control)).toBe("none");
  });

  it("sheds the meters at the third lost block within half a second when the load is 40 %, and not when it is 5 %", () => {
    for (const [loadPercent, expected] of [[40, "meters"], [5, "none"]] as const) {
      const { control, blocks, watch } = watched();
      blocks(1000, loadPercent);
      for (let k = 0; k < 3; k++) {
        watch.countXrun();
        blocks(100, loadPercent);
      }
      expect(shed(control)).toBe(expected);
    }
  });
});
