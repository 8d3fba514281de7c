import { expect, it } from "vitest";
import { Programme } from "../../../hw/sim/programme.js";
import { BARS_PER_SECTION, BEATS_PER_MINUTE, SECTIONS } from "../../../hw/sim/song.js";
import { Chain } from "../../../src/engine/chain.js";
import { readMeterRecord } from "../../../src/engine/meter-record.js";
import { rmsDb } from "../../support/measure.js";

const FS = 44100;
const SECTION_FRAMES = (BARS_PER_SECTION * 4 * 60 * FS) / BEATS_PER_MINUTE;
/** The part of the song with the highest true peaks: the end of the second lift and the second chorus, s. */
const LOUD_S = [95, 122] as const;
/** Low, to play the whole song fast. */
const LOW_FS = 3000;

function play(fs: number, frames: number): Float64Array {
  const programme = new Programme();
  programme.prepare(fs);
  const sound = new Float64Array(2 * frames);
  programme.render(sound, frames);
  return sound;
}

/** Frames of the named section at its first turn. */
function section(sound: Float64Array, name: string): Float64Array {
  const index = SECTIONS.findIndex((one) => one.name === name);
  return sound.subarray(2 * Math.round(index * SECTION_FRAMES), 2 * Math.round((index + 1) * SECTION_FRAMES));
}

/** Strokes a second: moments where the highs of 10 ms are 6 dB over those of the 10 ms before. */
function strokesPerSecond(section: Float64Array): number {
  const sound = section.map((x, i) => x - (section[i - 2] ?? x));
  const length = 2 * Math.round(FS / 100);
  let strokes = 0;
  let before = Infinity;
  for (let i = 0; i + length <= sound.length; i += length) {
    const level = rmsDb(sound.subarray(i, i + length));
    if (level > before + 6) strokes++;
    before = level;
  }
  return strokes / (sound.length / 2 / FS);
}

/** Energy of the difference of both channels against that of their sum, dB. */
function widthDb(sound: Float64Array): number {
  let sum = 0;
  let difference = 0;
  for (let i = 0; i < sound.length; i += 2) {
    sum += (sound[i]! + sound[i + 1]!) ** 2;
    difference += (sound[i]! - sound[i + 1]!) ** 2;
  }
  return 10 * Math.log10(difference / sum);
}

it("plays the same 3.5 minutes at every start, over and over, in blocks of any size, and peaks between -6 and -1 dBFS", () => {
  const frames = Math.round((SECTIONS.length * BARS_PER_SECTION * 4 * 60 * LOW_FS) / BEATS_PER_MINUTE);
  expect(frames / LOW_FS).toBeGreaterThan(210);
  const whole = play(LOW_FS, frames);
  expect(Buffer.from(whole.buffer).equals(Buffer.from(play(LOW_FS, frames).buffer))).toBe(true);
  const programme = new Programme();
  programme.prepare(LOW_FS);
  const block = new Float64Array(2 * 1024);
  const sizes = [1, 64, 1023, 16];
  for (let done = 0, n = 0; done < frames; n++) {
    const size = Math.min(sizes[n % sizes.length]!, frames - done);
    programme.render(block, size);
    if (!block.subarray(0, 2 * size).every((x, i) => x === whole[2 * done + i])) expect.fail(`differs from frame ${done}`);
    done += size;
  }
  const peak = whole.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  expect(20 * Math.log10(peak)).toBeGreaterThan(-6);
  expect(20 * Math.log10(peak)).toBeLessThan(-1);
});

it("has a chorus at least 3 dB louder than the verse and 9 dB louder than the intro, and denser, and wider than the bare drums", () => {
  const sound = play(FS, Math.round(4 * SECTION_FRAMES));
  const [intro, verse, chorus] = ["intro", "verse", "chorus"].map((name) => section(sound, name)) as [Float64Array, Float64Array, Float64Array];
  expect(rmsDb(chorus) - rmsDb(verse)).toBeGreaterThan(3);
  expect(rmsDb(chorus) - rmsDb(intro)).toBeGreaterThan(9);
  expect(strokesPerSecond(intro)).toBeLessThan(0.5);
  expect(strokesPerSecond(verse)).toBeGreaterThan(0.5);
  expect(strokesPerSecond(chorus)).toBeGreaterThan(1.5 * strokesPerSecond(verse));
  expect(widthDb(intro)).toBeGreaterThan(-12);
});

it("stays under the ceiling of -1 dBTP by the box's own meter: its highs end as those of a converter do", () => {
  const rate = 48000;
  const sound = play(rate, LOUD_S[1] * rate);
  const chain = new Chain({ sampleRateHz: rate, maxFrames: 480, taps: "output" }, [["loudness.driveDb", 8.5]]);
  let highest = 0;
  for (let at = 2 * LOUD_S[0] * rate; at < sound.length; at += 960) {
    chain.io.set(sound.subarray(at, at + 960));
    chain.process(480);
    chain.takeRecords((record) => { highest = Math.max(highest, ...readMeterRecord(record).output.truePeaks); });
  }
  expect(20 * Math.log10(highest)).toBeLessThanOrEqual(-1);
  expect(20 * Math.log10(highest)).toBeGreaterThan(-1.2);
});
