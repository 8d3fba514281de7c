import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { geometry } from "../../src/dashboard/paint/levels.js";

const RULE = /\.levels \.heads, \.levels \.feet \{[^}]*max-width: (\d+)px;[^}]*grid-template-columns: minmax\(0, 1fr\) (\d+)px minmax\(0, 1fr\)/;

it("draws each pair of bars in the middle of its head and foot, from the width of a phone to that of a desk", () => {
  const [, most = 0, scale = 0] = (RULE.exec(readFileSync("src/dashboard/styles/pages.css", "utf8")) ?? []).map(Number);
  expect(most).toBeGreaterThan(0);
  for (const width of [144, 150, 200, 261, 262, 263, 340, 700]) {
    const { bar, left } = geometry(width, 200);
    const row = Math.min(width, most);
    const middles = [(width - row) / 2 + (row - scale) / 4, (width + row) / 2 - (row - scale) / 4];
    const drawn = [(left(0) + left(1) + bar) / 2, (left(2) + left(3) + bar) / 2];
    drawn.forEach((middle, side) => expect(Math.abs(middle - (middles[side] ?? 0)), `${width} px, side ${side}`).toBeLessThan(1.6));
  }
});
