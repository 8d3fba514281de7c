import { expect, it } from "vitest";
import { HISTORY_S, panned, timeMarks, writtenAgo, zoomed } from "../../src/dashboard/history-window.js";

const ALL = { spanS: HISTORY_S, agoS: 0 };

it("keeps what lies under the fingers where it is while it zooms", () => {
  const window = { spanS: 600, agoS: 300 };
  const at = ({ spanS, agoS }: typeof window, share: number): number => agoS + (1 - share) * spanS;
  for (const share of [0.25, 0.5, 0.75]) expect(at(zoomed(window, 0.5, share), share)).toBeCloseTo(at(window, share), 9);
});

it("shows no more than there can be, no less than 30 s, and never what is yet to come", () => {
  expect(zoomed(ALL, 4, 0.5)).toEqual(ALL);
  expect(zoomed(ALL, 0.0001, 1)).toEqual({ spanS: 30, agoS: 0 });
  expect(panned({ spanS: 60, agoS: 0 }, -3)).toEqual({ spanS: 60, agoS: 0 });
  expect(panned({ spanS: 60, agoS: 0 }, 0.5)).toEqual({ spanS: 60, agoS: 30 });
  expect(panned({ spanS: 60, agoS: 0 }, 1000)).toEqual({ spanS: 60, agoS: 1740 });
});

it("writes times at least 56 pixels apart, in steps that people count in", () => {
  for (const spanS of [30, 60, 300, 600, 1800]) {
    const marks = timeMarks({ spanS, agoS: 7 }, 330);
    expect(marks.length).toBeGreaterThanOrEqual(2);
    for (let n = 1; n < marks.length; n++) expect(((marks[n]! - marks[n - 1]!) / spanS) * 330).toBeGreaterThanOrEqual(56);
  }
  expect([0, 40, 150, 900].map(writtenAgo)).toEqual(["now", "\u221240 s", "\u22122:30", "\u221215 min"]);
});
