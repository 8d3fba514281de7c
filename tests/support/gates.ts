import { appendFileSync } from "node:fs";
import { expect } from "vitest";
import { GATES_FILE_VARIABLE } from "./gates-table.js";
import type { StereoSignal } from "./run-chain.js";

/** A measured figure and the bar it has to reach. */
export interface Gate {
  readonly stage: string;
  /** What was measured, with its conditions. Figures of the same name fill one row of the table: the worst of them. */
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** Largest value that passes; `atLeast` turns it into the smallest. */
  readonly must: number;
  /** Better than must: reported, not demanded. */
  readonly stretch?: number;
  readonly atLeast?: boolean;
}

/** Demands that a figure reaches its bar, and puts it into the table that closes a test run; `at` tells where it failed. */
export function expectGate(gate: Gate, at = ""): void {
  const file = process.env[GATES_FILE_VARIABLE];
  if (file) appendFileSync(file, `${JSON.stringify(gate)}\n`);
  const message = `${gate.what} ${at}`;
  if (gate.atLeast) expect(gate.measured, message).toBeGreaterThanOrEqual(gate.must);
  else expect(gate.measured, message).toBeLessThanOrEqual(gate.must);
}

/** Frames of which a channel is not the same to the last bit. */
export function differingFrames(actual: StereoSignal, expected: StereoSignal): number {
  let count = Math.abs(actual.left.length - expected.left.length);
  expected.left.forEach((x, n) => {
    if (!Object.is(actual.left[n], x) || !Object.is(actual.right[n], expected.right[n])) count++;
  });
  return count;
}
