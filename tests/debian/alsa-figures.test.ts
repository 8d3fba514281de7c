import { afterEach, describe, expect, it } from "vitest";
import { BYTES_PER_SAMPLE, PCM_FORMATS, type PcmFormat } from "../../src/hal/audio.js";
import { DriverOnCard, longestGapFrames, ROUNDS } from "../support/driver-on-card.js";

const RATES_HZ = [44100, 48000, 88200, 96000, 176400, 192000];
const PERIODS = [2, 3, 4];
/** A count that fills all bytes of a sample, and begins far from 0. */
const FIRST_FRAME = 1_000_000;

/** The n-th frame that the card hears: its count in steps of 2^-23, and minus the same, in the wire's format. */
function heardBytes(format: PcmFormat, frame: number): Buffer {
  const bytes = Buffer.alloc(2 * BYTES_PER_SAMPLE[format]);
  for (const [channel, count] of [frame + 1, -(frame + 1)].entries()) {
    const at = channel * BYTES_PER_SAMPLE[format];
    if (format === "FLOAT_LE") bytes.writeFloatLE(count / 2 ** 23, at);
    else if (format === "S16_LE") bytes.writeInt16LE(roundToEven(count / 256), at);
    else if (format === "S24_3LE") bytes.writeIntLE(count, at, 3);
    else bytes.writeInt32LE(format === "S32_LE" ? count * 256 : count, at);
  }
  return bytes;
}

/** As lrint of C does. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor & 1) : Math.round(value);
}

describe("the ALSA driver at all its figures", () => {
  let driver: DriverOnCard;
  afterEach(() => driver.dispose());

  const figures = RATES_HZ.flatMap((sampleRateHz) => PERIODS.map((periods) => [sampleRateHz, periods] as const));
  it.each(figures)("delays at %i Hz and 64 x %i by the playback buffer, to the frame and without a hole, also after an xrun", (sampleRateHz, periods) => {
    driver = new DriverOnCard({ sampleRateHz, periods });
    driver.begin();
    driver.card.set({ captureXruns: 1 });
    expect(driver.pass()).toBeLessThan(0);
    driver.goOn();
    const heard = driver.recorded();
    // What is in the playback buffer at an xrun and at the end is not heard; a start leaves 8 periods or 12 ms out, to line up.
    expect(heard.length).toBeGreaterThanOrEqual(64 * (2 * ROUNDS - 2 * periods));
    expect(longestGapFrames(heard)).toBeLessThanOrEqual(driver.delayFrames + Math.max(64 * 8, 0.012 * sampleRateHz));
  });

  it.each(PCM_FORMATS)("passes each frame in %s on with all its bits, where that is the one format offered", (format) => {
    const numbers = { S16_LE: 2, S24_LE: 6, S32_LE: 10, FLOAT_LE: 14, S24_3LE: 32 };
    driver = new DriverOnCard({ formats: [format] });
    driver.card.set({ offeredFormat: numbers[format], skipFrames: FIRST_FRAME });
    driver.begin();
    driver.audio.close();
    const recorded = driver.card.recordedBytes();
    const frameBytes = 2 * BYTES_PER_SAMPLE[format];
    const first = Math.floor(recorded.findIndex((byte) => byte !== 0) / frameBytes);
    const frames = recorded.length / frameBytes - first;
    expect(first).toBeGreaterThan(FIRST_FRAME);
    expect(frames).toBeGreaterThanOrEqual(64 * (ROUNDS - 3));
    for (let n = first; n < first + frames; n++) {
      expect(recorded.subarray(n * frameBytes, (n + 1) * frameBytes)).toEqual(heardBytes(format, n - driver.delayFrames));
    }
  });
});
