import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HeldPress } from "../../src/dashboard/controls/held-press.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("presses once for a tap, and for a hold of 1 s nine times: not once more at its end", () => {
  let presses = 0;
  const button = new HeldPress(() => presses++);
  const hold = (ms: number): void => {
    button.begin();
    vi.advanceTimersByTime(ms);
    button.release();
    button.click();
    vi.advanceTimersByTime(1000);
  };
  hold(100);
  expect(presses).toBe(1);
  hold(1000);
  // At 420 ms, and each 70 ms from there on.
  expect(presses).toBe(1 + 9);
  hold(100);
  expect(presses).toBe(11);
});

it("takes a click of the keyboard after a hold that ended beside the button", () => {
  let presses = 0;
  const button = new HeldPress(() => presses++);
  button.begin();
  button.release();
  button.click();
  button.click();
  expect(presses).toBe(2);
});
