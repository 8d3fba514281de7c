import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AudioFileError } from "../../src/files/audio-file-error.js";
import { openAudio } from "../../src/files/open-audio.js";
import { channelOf, readAll } from "../support/read-source.js";
import { linearToDb, randomUniform } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";

/**
 * The fixtures are 11025 frames at 44.1 kHz of one 1 kHz sine that starts at phase 0, encoded by ffmpeg 5.1:
 * left -12 dBFS, right -18 dBFS; the mono ones hold the left channel. tone-24.flac holds the first 2205 frames,
 * tone-mono.mp3 is at 22.05 kHz, tone-untagged.mp3 has no Info tag.
 */
const fixture = (name: string): string => `tests/fixtures/${name}`;
const bytesOf = (name: string): Buffer => readFileSync(fixture(name));

const folder = temporaryFolder();
const FREQ_HZ = 1000;
/** LAME scales its input, by 0.97 at 192 kbit/s and 0.95 at 64 (presets.c, abr_switch_map). */
const LAME_192_DB = linearToDb(0.97);
const LAME_64_DB = linearToDb(0.95);

/** Least-squares fit of the sine over whole periods in the middle: level, phase, and what is left over. */
function fitSine(signal: Float64Array, sampleRateHz: number): { levelDbfs: number; phaseRad: number; residualDb: number } {
  const step = (2 * Math.PI * FREQ_HZ) / sampleRateHz;
  const [from, count] = [Math.floor(signal.length / 4), 441 * Math.floor(signal.length / 2 / 441)];
  let [s, c] = [0, 0];
  for (let n = from; n < from + count; n++) {
    s += (2 / count) * signal[n]! * Math.sin(step * n);
    c += (2 / count) * signal[n]! * Math.cos(step * n);
  }
  let rest = 0;
  for (let n = from; n < from + count; n++) rest += (signal[n]! - s * Math.sin(step * n) - c * Math.cos(step * n)) ** 2;
  return { levelDbfs: linearToDb(Math.hypot(s, c)), phaseRad: Math.atan2(c, s), residualDb: 10 * Math.log10(rest / count / ((s * s + c * c) / 2)) };
}

async function refusal(name: string, bytes: Uint8Array): Promise<AudioFileError> {
  const path = folder.write(name, bytes);
  const error: unknown = await openAudio(path).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AudioFileError);
  expect((error as AudioFileError).message.startsWith(path)).toBe(true);
  return error as AudioFileError;
}

describe("the decoded tone", () => {
  // Residual under the tone: FLAC at the truncation of its word, the lossy codings at their own noise.
  it.each([
    { name: "tone-16.flac", encoding: "FLAC, 16-bit", rate: 44_100, frames: 11_025, levels: [-12, -18], residual: -70 },
    { name: "tone-24.flac", encoding: "FLAC, 24-bit", rate: 44_100, frames: 2205, levels: [-12, -18], residual: -120 },
    { name: "tone.mp3", encoding: "MP3", rate: 44_100, frames: 11_025, levels: [-12 + LAME_192_DB, -18 + LAME_192_DB], residual: -40 },
    { name: "tone.ogg", encoding: "Ogg Vorbis", rate: 44_100, frames: 11_025, levels: [-12, -18], residual: -40 },
    { name: "tone-mono.ogg", encoding: "Ogg Vorbis", rate: 44_100, frames: 11_025, levels: [-12], residual: -40 },
    { name: "tone-mono.mp3", encoding: "MP3", rate: 22_050, frames: 5513, levels: [-12 + LAME_64_DB], residual: -40 },
  ])("of $name has its exact length, its level within 0.1 dB and its start within a twentieth of a frame", async (expected) => {
    const { name, encoding, rate, frames, levels } = expected;
    const source = await openAudio(fixture(name));
    expect([source.encoding, source.sampleRateHz, source.frames, source.channels]).toEqual([encoding, rate, frames, levels.length]);
    const sound = readAll(source);
    for (const channel of [0, 1] as const) {
      const fit = fitSine(channelOf(sound, channel), rate);
      expect(Math.abs(fit.levelDbfs - (levels[channel] ?? levels[0]!))).toBeLessThan(0.1);
      expect(Math.abs(fit.phaseRad)).toBeLessThan((0.05 * 2 * Math.PI * FREQ_HZ) / rate);
      expect(fit.residualDb).toBeLessThan(expected.residual);
    }
    source.close();
  });

  it("of a 24-bit FLAC is the rounded sine to the last bit", async () => {
    const source = await openAudio(fixture("tone-24.flac"));
    const left = channelOf(readAll(source), 0);
    const scale = 2 ** 23;
    // The double arithmetic of the sine may round a tie the other way: one step is allowed, none is lost.
    left.forEach((x, n) => {
      const exact = 10 ** (-12 / 20) * Math.sin((2 * Math.PI * FREQ_HZ * n) / 44_100) * scale;
      if (!Number.isInteger(x * scale) || Math.abs(x * scale - exact) > 0.5001) throw new Error(`frame ${n}: ${x * scale}, not ${exact}`);
    });
    source.close();
  });

  it("of an MP3 without Info tag keeps the 1152 frames of each MPEG frame", async () => {
    const source = await openAudio(fixture("tone-untagged.mp3"));
    expect(source.frames).toBe(11 * 1152);
    source.close();
  });

  it.each(["tone-16.flac", "tone.mp3", "tone.ogg"])("of %s is the same again after a rewind, in blocks of 17 frames", async (name) => {
    const source = await openAudio(fixture(name));
    const first = readAll(source, 4096);
    source.rewind();
    expect(readAll(source, 17).every((x, n) => x === first[n])).toBe(true);
    source.close();
    expect(source.read(new Float64Array(2), 1)).toBe(0);
  });

  it.each([["tone-16.flac", 11_025], ["tone.mp3", 11_025]] as const)("of %s is found behind two ID3 tags", async (name, frames) => {
    const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 1, 3]), Buffer.alloc(131)]);
    const source = await openAudio(folder.write(`tagged-${name}`, Buffer.concat([tag, tag, bytesOf(name)])));
    expect(source.frames).toBe(frames);
    source.close();
  });

  it("of an MP3 ends before an ID3v1 tag", async () => {
    const tag = Buffer.concat([Buffer.from("TAGA title"), Buffer.alloc(118)]);
    const source = await openAudio(folder.write("tail.mp3", Buffer.concat([bytesOf("tone.mp3"), tag])));
    expect(source.frames).toBe(11_025);
    source.close();
  });
});

describe("a compressed file is refused", () => {
  it.each([["tone-opus.ogg", "Opus"], ["tone-flac.ogg", "FLAC"]])("when it is an Ogg with another coding (%s)", async (name, coding) => {
    const error = await refusal(name, bytesOf(name));
    expect([error.code, error.message.includes(`is an Ogg with ${coding};`)]).toEqual(["coding", true]);
  });

  it.each([
    ["tone-16.flac", 13_000, "promises 0.250 s of sound"], ["tone.mp3", 4000, "is cut short"],
    ["tone-untagged.mp3", 4000, "its last frame is incomplete"], ["tone.ogg", 5000, "its last page is missing"],
  ])("when %s is cut after %i bytes", async (name, length, words) => {
    const error = await refusal(name, bytesOf(name).subarray(0, length));
    expect([error.code, error.message.includes(words)]).toEqual(["truncated", true]);
  });

  it("when an MP3 lacks whole frames that its Info tag counts", async () => {
    const bytes = bytesOf("tone.mp3");
    const lastFrame = bytes.lastIndexOf(Buffer.from([0xff, 0xfb]));
    const error = await refusal("short.mp3", bytes.subarray(0, lastFrame));
    expect([error.code, error.message.includes("its header promises")]).toEqual(["truncated", true]);
  });

  it.each(["tone-16.flac", "tone.ogg"])("when one bit of the sound of %s is wrong", async (name) => {
    const bytes = Buffer.from(bytesOf(name));
    const at = bytes.length - 300;
    bytes[at] = bytes[at]! ^ 4;
    expect(["damaged", "truncated"]).toContain((await refusal(name, bytes)).code);
  });

  it("when there is a hole between the frames of an MP3", async () => {
    const bytes = Buffer.from(bytesOf("tone-untagged.mp3"));
    bytes.fill(0, 2000, 2300);
    expect((await refusal("hole.mp3", bytes)).code).toBe("damaged");
  });

  it("when a FLAC has 6 channels, before anything is decoded", async () => {
    const bytes = Buffer.from(bytesOf("tone-16.flac"));
    // STREAMINFO, RFC 9639: 20 bits of rate, 3 bits of channels - 1, 5 bits of depth - 1, from byte 18 on.
    bytes[20] = (bytes[20]! & 0xf1) | (5 << 1);
    expect(await refusal("six.flac", bytes)).toMatchObject({ code: "channels" });
  });

  it.each([["fLaC", "damaged"], ["OggS", "truncated"], ["ID3\x04\0\0\0\0\0\0", "not-audio"]])(
    "when it is only a beginning: %j", async (content, code) => {
      const error = await refusal("start", Buffer.from(content, "latin1"));
      // An Ogg without one whole page names no coding.
      expect(error.code).toBe(code === "truncated" ? "coding" : code);
    });
});

describe("mutated files", () => {
  it.each(["tone-24.flac", "tone.mp3", "tone.ogg"])("made from %s are read or refused with an AudioFileError, silently, in 150 seeded cases", async (name) => {
    const random = randomUniform(4711);
    const below = (n: number): number => Math.floor(random() * n);
    const printed: unknown[] = [];
    const original = console.error;
    console.error = (...parts: unknown[]): void => void printed.push(parts);
    try {
      for (let round = 0; round < 150; round++) {
        const bytes = Buffer.from(bytesOf(name));
        for (let k = below(4); k >= 0; k--) {
          const at = below(random() < 0.5 ? 200 : bytes.length);
          if (random() < 0.8) bytes[at] = below(256);
          else bytes.fill(below(256), at, Math.min(bytes.length, at + below(200)));
        }
        const mutant = random() < 0.2 ? bytes.subarray(0, 1 + below(bytes.length - 1)) : bytes;
        const outcome: unknown = await openAudio(folder.write("mutant", mutant)).then((source) => readAll(source), (error: unknown) => error);
        if (outcome instanceof Float64Array ? !outcome.every(Number.isFinite) : !(outcome instanceof AudioFileError)) throw outcome;
      }
    } finally {
      console.error = original;
    }
    expect(printed).toEqual([]);
  });
});
