import { describe, expect, it } from "vitest";
import { RECORD_FIELDS, RECORD_INDEX, RECORD_RING } from "../../src/dsp/layout.js";
import { TapMemory } from "../support/tap-memory.js";

/** A memory whose records up to `written` hold their number, but the next `torn`, which are being written. */
function recordsAt(written: number, torn: number): readonly number[] {
  const { memory } = new TapMemory(64);
  const { buffer, addresses } = memory;
  const records = new Float64Array(buffer, addresses.records, RECORD_RING * RECORD_FIELDS);
  for (let index = 0; index < written + torn; index++) {
    records[(index % RECORD_RING) * RECORD_FIELDS + RECORD_INDEX] = index < written ? index : NaN;
  }
  Atomics.store(new Int32Array(buffer, addresses.recordCount, 1), 0, written);
  const taken: number[] = [];
  memory.takeRecords((record) => taken.push(record[RECORD_INDEX] as number));
  return taken;
}

describe("the records of the meters", () => {
  it("come each once and in order", () => {
    expect(recordsAt(100, 0)).toEqual(Array.from({ length: 100 }, (_, k) => k));
  });

  it("come without those that are being overwritten when nobody took any for 10 s: 80 ms of them are left to the writer", () => {
    const taken = recordsAt(1000, 8);
    expect(taken).toEqual(Array.from({ length: RECORD_RING - 8 }, (_, k) => 1000 - RECORD_RING + 8 + k));
  });
});
