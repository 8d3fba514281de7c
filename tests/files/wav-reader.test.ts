import { describe, expect, it } from "vitest";
import { AudioFileError } from "../../src/files/audio-file-error.js";
import { openAudio } from "../../src/files/open-audio.js";
import { WavReader } from "../../src/files/wav-reader.js";
import { MemoryBytes } from "../support/memory-bytes.js";
import { readAll } from "../support/read-source.js";
import { randomUniform } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { chunk, formatChunk, integers, riff, wav } from "../support/wav-bytes.js";
import type { WavFormat } from "../support/wav-bytes.js";

const folder = temporaryFolder();
let fileCount = 0;

const save = (bytes: Uint8Array): string => folder.write(`${++fileCount}.wav`, bytes);

async function readBytes(bytes: Uint8Array): Promise<number[]> {
  const source = await openAudio(save(bytes));
  const sound = readAll(source);
  source.close();
  return [...sound];
}

async function refusal(bytes: Uint8Array): Promise<AudioFileError> {
  const path = save(bytes);
  const error: unknown = await openAudio(path).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AudioFileError);
  expect((error as AudioFileError).message.startsWith(path)).toBe(true);
  return error as AudioFileError;
}

const FOUR = integers(2, [16_384, -32_768, 32_767, 1]);

describe("the samples of a WAV", () => {
  it.each([
    [1, 8, Buffer.from([0, 128, 255, 192]), [-1, 0, 127 / 128, 0.5]],
    [2, 16, integers(2, [-32_768, 0, 32_767, 16_384]), [-1, 0, 32_767 / 32_768, 0.5]],
    [3, 24, integers(3, [-8_388_608, 1, 8_388_607, -1]), [-1, 2 ** -23, 1 - 2 ** -23, -(2 ** -23)]],
    [4, 32, integers(4, [-(2 ** 31), 1, 2 ** 31 - 1, -1]), [-1, 2 ** -31, 1 - 2 ** -31, -(2 ** -31)]],
  ])("of %i bytes are divided by 2^(%i - 1), exactly", async (_, bits, data, expected) => {
    expect(await readBytes(wav({ bits }, data))).toEqual(expected);
  });

  it("of 32 and 64-bit float come unchanged, also above full scale", async () => {
    const values = [0.1, -1.5, 3, -0];
    expect(await readBytes(wav({ tag: 3, bits: 64 }, Buffer.from(Float64Array.from(values).buffer)))).toEqual(values);
    const single = Float32Array.from(values);
    expect(await readBytes(wav({ tag: 3, bits: 32 }, Buffer.from(single.buffer)))).toEqual([...single]);
  });

  it("that are not finite are delivered as silence", async () => {
    const values = Float32Array.from([NaN, Infinity, -Infinity, 0.5]);
    expect(await readBytes(wav({ tag: 3, bits: 32 }, Buffer.from(values.buffer)))).toEqual([0, 0, 0, 0.5]);
  });

  it("of a mono file are duplicated into both channels", async () => {
    expect(await readBytes(wav({ channels: 1 }, integers(2, [16_384, -8192])))).toEqual([0.5, 0.5, -0.25, -0.25]);
  });

  it.each<WavFormat>([
    { bits: 24, validBits: 20 }, { bits: 24, validBits: 24 }, { bits: 24 }, { bits: 20, frameBytes: 6 },
  ])("are left-justified in their container: %o", async (format) => {
    expect(await readBytes(wav(format, integers(3, [4_194_304, -8_388_608])))).toEqual([0.5, -1]);
  });
});

describe("the chunks of a WAV", () => {
  it("other than format and sound are skipped, with their pad bytes", async () => {
    const file = riff([
      chunk("LIST", Buffer.from("odd")), formatChunk({}), chunk("bext", Buffer.alloc(7)), chunk("data", FOUR),
      chunk("id3 ", Buffer.from("xyz")),
    ]);
    expect(await readBytes(file)).toEqual([0.5, -1, 32_767 / 32_768, 2 ** -15]);
  });

  it.each([
    ["0 in a header never completed", 0, 0], ["0 under a RIFF size of the header alone", 0, 36],
    ["0xFFFFFFFF", 0xffff_ffff, 0xffff_ffff], ["0x7FFFF000 of sox", 0x7fff_f000, 0x7fff_f024],
  ])("may mark a stream by a data size of %s, which is read to its end", async (_, dataSize, riffSize) => {
    const file = riff([formatChunk({}), chunk("data", FOUR, dataSize)], "RIFF", riffSize);
    expect(await readBytes(file)).toEqual([0.5, -1, 32_767 / 32_768, 2 ** -15]);
  });

  it("may give the size in ds64 (RF64 of EBU Tech 3306)", async () => {
    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(8n, 8);
    const file = riff([chunk("ds64", ds64), formatChunk({}), chunk("data", FOUR, 0xffff_ffff), chunk("LIST", FOUR)], "RF64", 0xffff_ffff);
    expect(await readBytes(file)).toEqual([0.5, -1, 32_767 / 32_768, 2 ** -15]);
  });

  it("may end in a part of a frame, which is left out", async () => {
    expect(await readBytes(wav({}, integers(2, [16_384, 0, 5])))).toEqual([0.5, 0]);
  });
});

describe("reading", () => {
  const long = wav({ bits: 24, sampleRateHz: 44_100 }, integers(3, Array.from({ length: 60_000 }, (_, n) => (n * 7919) % 8_388_608)));

  it("gives the same samples in blocks of 1, 17 and 100000 frames and after a rewind", async () => {
    const source = await openAudio(save(long));
    expect([source.frames, source.sampleRateHz, source.channels, source.encoding]).toEqual([30_000, 44_100, 2, "WAV, 24-bit PCM"]);
    const expected = Float64Array.from({ length: 60_000 }, (_, n) => ((n * 7919) % 8_388_608) / 8_388_608);
    for (const blockFrames of [1, 17, 100_000]) {
      source.rewind();
      expect(readAll(source, blockFrames).every((x, n) => x === expected[n])).toBe(true);
    }
    expect(source.read(new Float64Array(2), 1)).toBe(0);
    source.close();
    source.close();
  });
});

describe("a WAV is refused", () => {
  it("when it becomes shorter while it is read", () => {
    const bytes = wav({}, integers(2, Array.from({ length: 100 }, () => 1)));
    const source = new WavReader(new MemoryBytes(bytes.subarray(0, 100), bytes.length));
    expect(() => source.read(new Float64Array(100), 50)).toThrow("became shorter while it was read");
  });

  it("when it is cut short, with the seconds promised and the seconds there", async () => {
    const file = wav({ sampleRateHz: 8000 }, new Uint8Array(4 * 8000 * 90)).subarray(0, 44 + 4 * 8000 * 12 + 2);
    const error = await refusal(file);
    expect(error.code).toBe("truncated");
    expect(error.message).toContain("promises 1:30 min of sound, 12.0 s are there");
  });

  it.each<[string, WavFormat, string, string]>([
    ["6 channels", { channels: 6 }, "channels", "has 6 channels; mono and stereo are supported; fold it down first."],
    ["no channels", { channels: 0, frameBytes: 4 }, "channels", "has 0 channels"],
    ["7999 Hz", { sampleRateHz: 7999 }, "sample-rate", "7999 Hz; 8000 to 192000 Hz are supported"],
    ["192001 Hz", { sampleRateHz: 192_001 }, "sample-rate", "192001 Hz"],
    ["ADPCM", { tag: 0x11, bits: 4, frameBytes: 512 }, "coding", "IMA ADPCM"],
    ["an unnamed coding", { tag: 0x777 }, "coding", "format 0x777"],
    ["16-bit float", { tag: 3 }, "coding", "16-bit float in 4 bytes a frame"],
    ["more bits than bytes", { bits: 24, frameBytes: 4 }, "damaged", "24 bits a sample in 4 bytes a frame"],
    ["no bytes", { frameBytes: 0 }, "damaged", "0 bytes a frame"],
    ["more valid bits than bits", { bits: 24, validBits: 25 }, "damaged", "WAV"],
  ])("with %s", async (_, format, code, words) => {
    const error = await refusal(wav(format, FOUR));
    expect([error.code, error.message.includes(words)]).toEqual([code, true]);
  });

  it("with an unknown sub-format", async () => {
    const bytes = wav({ bits: 16, validBits: 16 }, FOUR);
    bytes[20 + 30] = 0x99;
    expect((await refusal(bytes)).code).toBe("coding");
  });

  it.each<[string, Uint8Array, string]>([
    ["no chunks", riff([]), "damaged"],
    ["no sound chunk", riff([formatChunk({})]), "empty"],
    ["an empty sound chunk", wav({}, new Uint8Array(0)), "empty"],
    ["less than a frame of sound", wav({}, new Uint8Array(2)), "empty"],
    ["its format after its sound", riff([chunk("data", FOUR), formatChunk({})]), "damaged"],
    ["a short format chunk", riff([chunk("fmt ", new Uint8Array(14)), chunk("data", FOUR)]), "damaged"],
    ["RF64 without ds64", riff([formatChunk({}), chunk("data", FOUR)], "RF64"), "damaged"],
  ])("with %s", async (_, bytes, code) => {
    expect((await refusal(bytes)).code).toBe(code);
  });
});

describe("mutated files", () => {
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(8n, 8);
  const seeds = [
    wav({}, FOUR), wav({ bits: 24, validBits: 20 }, integers(3, [1, 2, 3, 4])), wav({ tag: 3, bits: 32 }, FOUR),
    riff([chunk("LIST", Buffer.from("odd")), formatChunk({ channels: 1 }), chunk("data", FOUR), chunk("cue ", FOUR)]),
    riff([chunk("ds64", ds64), formatChunk({}), chunk("data", FOUR, 0xffff_ffff)], "RF64", 0xffff_ffff),
  ];
  const EDGES = [0, 1, 2, 4, 0x7f, 0x80, 0xff, 0xfe];

  it("are read or refused with an AudioFileError, in 4000 seeded cases", () => {
    const random = randomUniform(20_240_501);
    const below = (n: number): number => Math.floor(random() * n);
    let read = 0;
    for (let round = 0; round < 4000; round++) {
      const seed = Buffer.from(seeds[below(seeds.length)]!);
      for (let k = below(6); k >= 0; k--) seed[12 + below(seed.length - 12)] = random() < 0.5 ? below(256) : EDGES[below(8)]!;
      const bytes = random() < 0.3 ? seed.subarray(0, 12 + below(seed.length - 12)) : seed;
      try {
        const source = new WavReader(new MemoryBytes(bytes));
        const sound = readAll(source);
        if (source.frames > bytes.length || !sound.every((x) => Number.isFinite(x))) throw new Error(`case ${round}`);
        source.close();
        read++;
      } catch (error) {
        if (!(error instanceof AudioFileError)) throw error;
      }
    }
    // Both outcomes must occur, or the mutations test nothing.
    expect(read).toBeGreaterThan(200);
    expect(read).toBeLessThan(3800);
  });
});
