import { appendFileSync } from "node:fs";
import { expect } from "vitest";
import { GATES_FILE } from "./gates-table.js";

/** A measured figure and the bar it has to reach. */
export interface Gate {
  readonly stage: string;
  /** What was measured, with its conditions. */
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** Largest value that passes; `atLeast` turns it into the smallest. */
  readonly must: number;
  /** Better than must: reported, not demanded. */
  readonly stretch?: number;
  readonly atLeast?: boolean;
}

/** Demands that a figure reaches its bar, and puts it into the table that closes a test run. */
export function expectGate(gate: Gate): void {
  appendFileSync(GATES_FILE, `${JSON.stringify(gate)}\n`);
  if (gate.atLeast) expect(gate.measured, gate.what).toBeGreaterThanOrEqual(gate.must);
  else expect(gate.measured, gate.what).toBeLessThanOrEqual(gate.must);
}
