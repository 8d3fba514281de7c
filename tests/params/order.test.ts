import { expect, it } from "vitest";
import { orderFromRank, rankFromOrder, TONE_ORDERS, TONE_STAGES } from "../../src/params/order.js";

it("numbers all 720 orders of the six tone stages once, and reads each back", () => {
  const seen = new Set<string>();
  for (let rank = 0; rank < TONE_ORDERS; rank++) {
    const order = orderFromRank(rank);
    expect([...order].sort()).toEqual([...TONE_STAGES].sort());
    expect(rankFromOrder(order)).toBe(rank);
    seen.add(order.join());
  }
  expect(seen.size).toBe(720);
});

it("has no rank for too few stages, one named twice or a stranger", () => {
  expect(rankFromOrder(["eq"])).toBeUndefined();
  expect(rankFromOrder(["eq", "eq", "filters", "compressor", "multiband", "imager"])).toBeUndefined();
  expect(rankFromOrder(["gate", "eq", "filters", "compressor", "multiband", "imager"])).toBeUndefined();
});
