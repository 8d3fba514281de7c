import * as fs from "node:fs";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AudioFileError } from "../../src/files/audio-file-error.js";
import { openAudio } from "../../src/files/open-audio.js";
import { needsRf64, wavHeader } from "../../src/files/wav-layout.js";
import type { WavSampleFormat } from "../../src/files/wav-layout.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { readAll } from "../support/read-source.js";
import { randomUniform } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();
let count = 0;

/** A new empty folder, so that a test sees everything that is left behind. */
function emptyFolder(): string {
  const path = join(folder.path, `case-${++count}`);
  mkdirSync(path);
  return path;
}

function writeWav(path: string, sound: Float64Array, format: WavSampleFormat, sampleRateHz = 48_000): Buffer {
  const writer = new WavWriter(path, { sampleRateHz, format, maxFrames: sound.length / 2 });
  writer.write(sound, sound.length / 2);
  writer.finish();
  return readFileSync(path);
}

function refusal(action: () => unknown): AudioFileError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(AudioFileError);
    return error as AudioFileError;
  }
  throw new Error("Nothing was refused.");
}

const OPTIONS = { sampleRateHz: 48_000, format: "pcm16", maxFrames: 100_000 } as const;
const errno = (code: string): Error => Object.assign(new Error(code), { code });

describe("a file written", () => {
  it("in 16 bits is a canonical 44-byte header and the samples, byte for byte", () => {
    const bytes = writeWav(join(emptyFolder(), "out.wav"), Float64Array.from([0.5, -1]), "pcm16", 44_100);
    // RIFF 40 WAVE fmt 16: PCM, 2 channels, 44100 Hz, 176400 bytes a second, 4 bytes a frame, 16 bits; data 4: 16384, -32768.
    expect(bytes.toString("hex")).toBe("52494646280000005741564566" + "6d7420100000000100020044ac000010b10200040010006461746104000000" + "00400080");
  });

  it.each<[WavSampleFormat, number, string]>([
    ["pcm16", 16, "WAV, 16-bit PCM"], ["pcm24", 24, "WAV, 24-bit PCM"], ["float32", 24, "WAV, 32-bit float"],
  ])("in %s gives back exactly every sample on the %i-bit grid", async (format, bits, encoding) => {
    const random = randomUniform(7);
    const scale = 2 ** (bits - 1);
    const sound = Float64Array.from({ length: 40_000 }, () => Math.floor((random() * 2 - 1) * scale) / scale);
    sound.set([-1, 1 - 1 / scale, 1 / scale, -1 / scale], 0);
    const path = join(emptyFolder(), "out.wav");
    writeWav(path, sound, format);
    const source = await openAudio(path);
    expect([source.encoding, source.frames, source.channels]).toEqual([encoding, 20_000, 2]);
    expect(readAll(source).every((x, n) => x === sound[n])).toBe(true);
    source.close();
  });

  it.each<["pcm16" | "pcm24", number]>([["pcm16", 32_768], ["pcm24", 8_388_608]])(
    "in %s rounds halves to even, clips at full scale and writes NaN as 0", async (format, scale) => {
      const steps = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49, -0.51, 2 * scale, -2 * scale, Infinity, NaN];
      const path = join(emptyFolder(), "out.wav");
      writeWav(path, Float64Array.from(steps, (x) => x / scale), format);
      const source = await openAudio(path);
      const got = [...readAll(source)].map((x) => x * scale + 0);
      expect(got).toEqual([0, 2, 2, 0, -2, -2, 0, -1, scale - 1, -scale, scale - 1, 0]);
      source.close();
    });

  it("is the same whether written in one piece or frame by frame", () => {
    const sound = Float64Array.from({ length: 20_000 }, (_, n) => Math.sin(n));
    const [whole, single] = [join(emptyFolder(), "a.wav"), join(emptyFolder(), "b.wav")];
    writeWav(whole, sound, "pcm24");
    const writer = new WavWriter(single, { ...OPTIONS, format: "pcm24" });
    for (let n = 0; n < 10_000; n += 100) writer.write(sound.subarray(2 * n), 100);
    writer.finish();
    expect(readFileSync(single).equals(readFileSync(whole))).toBe(true);
  });

  it("is not there before it is finished, and alone when it is", () => {
    const path = emptyFolder();
    const writer = new WavWriter(join(path, "out.wav"), OPTIONS);
    writer.write(new Float64Array(2000), 1000);
    expect(readdirSync(path).filter((name) => !name.startsWith("."))).toEqual([]);
    writer.finish();
    writer.abort();
    expect(readdirSync(path)).toEqual(["out.wav"]);
  });

  it("through a symbolic link goes to where the link points", () => {
    const path = emptyFolder();
    writeFileSync(join(path, "real.wav"), "old");
    symlinkSync("real.wav", join(path, "link.wav"));
    const bytes = writeWav(join(path, "link.wav"), new Float64Array(4), "pcm16");
    expect(lstatSync(join(path, "link.wav")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(path, "real.wav")).equals(bytes)).toBe(true);
  });
});

describe("4 GiB", () => {
  it("and more is RF64 with ds64 as EBU Tech 3306 has it; less is RIFF", () => {
    expect([needsRf64("pcm24", 715_827_000), needsRf64("pcm24", 715_827_883)]).toEqual([false, true]);
    const header = Buffer.from(wavHeader({ sampleRateHz: 48_000, format: "pcm24", frames: 1_000_000_000, isLong: true }));
    expect(header.length).toBe(80);
    expect(header.toString("latin1", 0, 4) + header.toString("latin1", 8, 16)).toBe("RF64WAVEds64");
    expect([header.readUInt32LE(4), header.readUInt32LE(76)]).toEqual([0xffff_ffff, 0xffff_ffff]);
    expect([20, 28, 36].map((at) => header.readBigUInt64LE(at))).toEqual([6_000_000_072n, 6_000_000_000n, 1_000_000_000n]);
  });

  it("announced but not reached still gives a file that reads back", async () => {
    const path = join(emptyFolder(), "out.wav");
    const writer = new WavWriter(path, { ...OPTIONS, maxFrames: 2 ** 31 });
    writer.write(Float64Array.from([0.5, -0.5]), 1);
    writer.finish();
    const source = await openAudio(path);
    expect([...readAll(source)]).toEqual([0.5, -0.5]);
    source.close();
  });

  it("cannot be reached unannounced", () => {
    const writer = new WavWriter(join(emptyFolder(), "out.wav"), { ...OPTIONS, maxFrames: 10 });
    expect(() => {
      writer.write(new Float64Array(22), 11);
    }).toThrow(RangeError);
    writer.abort();
  });
});

describe("when writing fails", () => {
  it("abort leaves the folder as it was, with the old file", () => {
    const path = emptyFolder();
    writeFileSync(join(path, "out.wav"), "old");
    const writer = new WavWriter(join(path, "out.wav"), OPTIONS);
    writer.write(new Float64Array(2000), 1000);
    writer.abort();
    writer.abort();
    expect(readdirSync(path)).toEqual(["out.wav"]);
    expect(readFileSync(join(path, "out.wav"), "utf8")).toBe("old");
  });

  it.each([
    ["writeSync", "ENOSPC", "disk-full", "the disk is full; free some space"],
    ["writeSync", "EDQUOT", "disk-full", "the disk is full"],
    ["writeSync", "EFBIG", "unwritable", "does not take files of this size"],
    ["fsyncSync", "EIO", "unwritable", "(EIO)"],
    ["renameSync", "EROFS", "unwritable", "the disk is read-only"],
  ] as const)("in %s with %s it says so and leaves nothing behind", (operation, code, expected, words) => {
    const path = emptyFolder();
    let calls = 0;
    // The header passes, the samples fail.
    const failing = { ...fs, [operation]: (...args: Parameters<typeof fs.writeSync>): number => {
      if (operation === "writeSync" && ++calls === 1) return fs.writeSync(...args);
      throw errno(code);
    } };
    const error = refusal(() => {
      const writer = new WavWriter(join(path, "out.wav"), OPTIONS, failing);
      writer.write(new Float64Array(2000), 1000);
      writer.finish();
    });
    expect([error.code, error.message.includes(words)]).toEqual([expected, true]);
    expect(readdirSync(path)).toEqual([]);
  });

  it("goes on after a partial write of the system", () => {
    const path = join(emptyFolder(), "out.wav");
    const slow = { ...fs, writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null): number =>
      fs.writeSync(fd, bytes, offset, Math.min(length, 7), position) };
    const sound = Float64Array.from({ length: 200 }, (_, n) => n / 200);
    const writer = new WavWriter(path, OPTIONS, slow as unknown as typeof fs);
    writer.write(sound, 100);
    writer.finish();
    expect(readFileSync(path).equals(writeWav(join(emptyFolder(), "whole.wav"), sound, "pcm16"))).toBe(true);
  });

  it.each([
    ["a folder that does not exist", "nowhere/out.wav", "unwritable", "does not exist; create it first"],
    ["a folder as its target", ".", "folder", "is a folder; name the file to write in it."],
    ["a name of 300 characters", `${"n".repeat(300)}.wav`, "unwritable", ""],
  ])("refuses %s before any work", (_, name, code, words) => {
    const error = refusal(() => new WavWriter(join(emptyFolder(), name), OPTIONS));
    expect([error.code, error.message.includes(words)]).toEqual([code, true]);
  });

  it("refuses a file as the folder, a device, and a file that may not be written", () => {
    const path = emptyFolder();
    writeFileSync(join(path, "file"), "");
    expect(refusal(() => new WavWriter(join(path, "file", "out.wav"), OPTIONS)).code).toBe("unwritable");
    expect(refusal(() => new WavWriter("/dev/null", OPTIONS)).code).toBe("special");
    const readOnly = { ...fs, accessSync: (): void => {
      throw errno("EACCES");
    } };
    const error = refusal(() => new WavWriter(join(path, "file"), OPTIONS, readOnly));
    expect([error.code, error.message.includes("this user may not write there")]).toEqual(["unwritable", true]);
  });
});
