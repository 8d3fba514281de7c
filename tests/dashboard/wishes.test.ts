import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Wishes } from "../../src/dashboard/wishes.js";
import type { Values } from "../../src/protocol/messages.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("sends the newest of many wishes, never more than one at a time, at most 22 a second", async () => {
  const sent: Values[] = [];
  const wishes = new Wishes(async (values) => void sent.push(values), () => undefined);
  for (let n = 1; n <= 120; n++) {
    wishes.want({ "eq.band2.gainDb": n / 10 });
    await vi.advanceTimersByTimeAsync(1000 / 120);
  }
  await vi.advanceTimersByTimeAsync(200);
  expect(sent.length).toBeLessThanOrEqual(24);
  expect(sent.length).toBeGreaterThan(15);
  expect(sent.at(-1)).toEqual({ "eq.band2.gainDb": 12 });
});

it("shows a wish until the box has answered, and sends what came meanwhile in one message", async () => {
  const answers: (() => void)[] = [];
  const sent: Values[] = [];
  const wishes = new Wishes((values) => new Promise<void>((resolve) => {
    sent.push(values);
    answers.push(resolve);
  }), () => undefined);
  wishes.want({ "compressor.ratio": 2 });
  wishes.want({ "compressor.ratio": 3 });
  wishes.want({ "compressor.kneeDb": 6 });
  expect(sent).toEqual([{ "compressor.ratio": 2 }]);
  expect(wishes.of("compressor.ratio").value).toBe(3);
  answers[0]!();
  await vi.advanceTimersByTimeAsync(50);
  expect(sent[1]).toEqual({ "compressor.ratio": 3, "compressor.kneeDb": 6 });
  answers[1]!();
  await vi.advanceTimersByTimeAsync(50);
  expect(wishes.of("compressor.ratio").value).toBeNull();
});

it("tells of a refusal and forgets the wish, and goes on", async () => {
  const failures: string[] = [];
  const wishes = new Wishes(() => Promise.reject(new Error("allowed 1:1 to 20:1")), (failure) => failures.push(failure.message));
  wishes.want({ "compressor.ratio": 99 });
  await vi.advanceTimersByTimeAsync(100);
  expect(failures).toEqual(["allowed 1:1 to 20:1"]);
  expect(wishes.of("compressor.ratio").value).toBeNull();
});

it("sends nothing that was wished for before the line broke", async () => {
  const sent: Values[] = [];
  let answer = (): void => undefined;
  const wishes = new Wishes((values) => new Promise<void>((resolve) => {
    sent.push(values);
    answer = resolve;
  }), () => undefined);
  wishes.want({ "compressor.ratio": 2 });
  wishes.want({ "compressor.ratio": 3 });
  wishes.clear();
  answer();
  await vi.advanceTimersByTimeAsync(500);
  expect(sent).toHaveLength(1);
});
