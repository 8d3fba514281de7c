import { describe, expect, it } from "vitest";
import { CommandFailure } from "../../src/protocol/command-failure.js";
import { FINE_POINTS, GONIOMETER_FRAMES, STAGES, THIRD_OCTAVES, type MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { MAX_METER_BYTES, readMeters, writeMeters } from "../../src/protocol/meter-wire.js";
import { meterSnapshot } from "../support/fake-box.js";
import { randomUniform } from "../support/signals.js";

const random = randomUniform(5);

function fullSnapshot(): MeterSnapshot {
  const levels = (count: number): Float32Array => Float32Array.from({ length: count }, () => -100 * random());
  return {
    ...meterSnapshot(77), isPaused: true, momentaryLufs: null, correlation: null, compressorInputDbfs: null, inputClips: 12,
    input: { truePeakDbtp: [null, -1.5], rmsDbfs: [-20.25, null] },
    stages: STAGES.map((id, index) => ({ id, inDbfs: index % 2 === 0 ? null : -index, outDbfs: -2 * index })),
    spectrum: { fine: levels(FINE_POINTS), inputFine: levels(FINE_POINTS), third: levels(THIRD_OCTAVES) },
    goniometer: { gainDb: 12, points: Int8Array.from({ length: 2 * GONIOMETER_FRAMES }, (_, n) => (n % 255) - 127) },
  };
}

/** Every number of a snapshot as 32 bits hold it, but for the counts, which have 64. */
function rounded(value: unknown, key = ""): unknown {
  if (typeof value === "number") return ["bin", "measuredS"].includes(key) ? value : Math.fround(value);
  if (ArrayBuffer.isView(value) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => rounded(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rounded(item, name)]));
}

describe("the meters on the wire", () => {
  it("come back as they were, to 32 bits, nulls and all", () => {
    const snapshot = meterSnapshot(1234);
    expect(readMeters(writeMeters(snapshot))).toEqual(rounded(snapshot));
    expect(writeMeters(snapshot).length).toBeLessThan(200);
  });

  it("carry the spectrum to 0.005 dB and the goniometer to the bit, in less than 1 kB", () => {
    const snapshot = fullSnapshot();
    const bytes = writeMeters(snapshot);
    expect(bytes.length).toBeLessThan(1100);
    expect(bytes.length).toBeLessThan(MAX_METER_BYTES);
    const { spectrum, ...others } = readMeters(bytes);
    const { spectrum: wanted, ...figures } = snapshot;
    expect(others).toEqual(rounded(figures));
    for (const part of ["fine", "inputFine", "third"] as const) {
      spectrum![part].forEach((db, n) => expect(Math.abs(db - wanted![part][n]!)).toBeLessThanOrEqual(0.00501));
    }
  });

  it("are refused when they are cut at any byte, or longer by one", () => {
    const bytes = writeMeters(fullSnapshot());
    for (let length = 0; length < bytes.length; length++) expect(() => readMeters(bytes.subarray(0, length)), String(length)).toThrow(CommandFailure);
    expect(() => readMeters(Uint8Array.from([...bytes, 0]))).toThrow("longer");
  });

  it("are read or refused with a sentence, whichever of 20000 bytes are changed, and hold finite numbers then", () => {
    const bytes = writeMeters(fullSnapshot());
    let refused = 0;
    for (let n = 0; n < 20_000; n++) {
      const damaged = bytes.slice();
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      try {
        JSON.stringify(readMeters(damaged), (_, value: unknown) => {
          if (typeof value === "number" && !Number.isFinite(value)) throw new Error("not finite");
          return value;
        });
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});
