import { expect, it } from "vitest";
import { Feed } from "../../src/dashboard/feed.js";
import { PeakBar, ReductionBar } from "../../src/dashboard/paint/ballistics.js";
import { readRoute } from "../../src/dashboard/route.js";
import { clock, distance, duration, figure, signed } from "../../src/dashboard/text.js";
import { snapshot } from "../support/snapshots.js";

it("shows numbers twice a second, the largest peak of the time between", () => {
  const feed = new Feed();
  let changes = -1;
  feed.figures.subscribe(() => changes++);
  for (let n = 0; n < 90; n++) {
    const peak = n === 70 ? -1 : -20;
    feed.take(snapshot({ output: { truePeakDbtp: [peak, -30], rmsDbfs: [-40, -40] } }), n * (1000 / 30));
  }
  expect(changes).toBe(6);
  expect(feed.figures.value?.outputPeakDbtp).toEqual([-1, -30]);
});

it("is stale half a second after the newest figures, and fresh with the next", () => {
  const feed = new Feed();
  expect(feed.isStale.value).toBe(true);
  feed.take(snapshot({}), 1000);
  feed.watch(1499);
  expect(feed.isStale.value).toBe(false);
  feed.watch(1501);
  expect(feed.isStale.value).toBe(true);
  feed.take(snapshot({}), 1600);
  expect(feed.isStale.value).toBe(false);
});

it("lets a peak bar fall by 20 dB in 1.7 s, and holds the highest for 1.5 s", () => {
  const bar = new PeakBar();
  bar.move(-6, 16);
  for (let ms = 0; ms < 1496; ms += 17) bar.move(null, 17);
  expect(bar.heldDb).toBe(-6);
  for (let ms = 0; ms < 204; ms += 17) bar.move(null, 17);
  expect(bar.levelDb).toBeCloseTo(-26, 0);
  expect(bar.heldDb).toBeLessThan(-6);
});

it("shows a reduction at once and lets it go to less than a tenth within 0.3 s", () => {
  const bar = new ReductionBar();
  bar.move(6, 16);
  expect(bar.db).toBe(6);
  for (let ms = 0; ms < 300; ms += 15) bar.move(0, 15);
  expect(bar.db).toBeLessThan(0.6);
});

it("writes figures as people read them", () => {
  expect([figure(-14.24), figure(null), figure(-0.04), figure(3, 0)]).toEqual(["\u221214.2", "–", "0.0", "3"]);
  expect([signed(2.14), signed(-0.4), signed(0)]).toEqual(["+2.1", "\u22120.4", "0.0"]);
  expect([distance(-16.1, -14), distance(-13.2, -14), distance(-14.01, -14), distance(null, -14)])
    .toEqual(["2.1 LU to go", "0.8 LU over", "on target", ""]);
  expect([duration(187), duration(3753)]).toEqual(["3:07", "1:02:33"]);
  expect(clock(new Date(2026, 10, 23, 4, 5, 6).getTime())).toBe("04:05:06");
});

it("reads the page and the stage behind the # of an address, and nothing else", () => {
  expect(readRoute("#chain/eq")).toEqual({ page: "chain", stage: "eq" });
  expect(readRoute("#box/eq")).toEqual({ page: "box", stage: null });
  expect(readRoute("#chain/<b>")).toEqual({ page: "chain", stage: null });
  expect(readRoute("#I7DULFSALMQRJ7EBVCC7QHYO3Y")).toEqual({ page: "meters", stage: null });
});
