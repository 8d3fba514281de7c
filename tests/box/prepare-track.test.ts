import { existsSync, mkdtempSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PREPARED_SCALE, prepareTrack, problemOf, type PrepareJob } from "../../src/box/prepare-track.js";
import { preparedText, readPrepared } from "../../src/box/prepared-file.js";
import { AudioFileError } from "../../src/files/audio-file-error.js";
import { openAudio } from "../../src/files/open-audio.js";
import { wavHeader } from "../../src/files/wav-layout.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { dbToLinear, linearToDb, sine } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";

const place = temporaryFolder();
const FIXTURES = join(import.meta.dirname, "..", "fixtures");

function jobFor(path: string, sampleRateHz = 48_000): PrepareJob {
  return { path, name: "Song", sampleRateHz, soundPath: join(mkdtempSync(join(place.path, "p")), "song.wav") };
}

function writeWav(signal: Float64Array, sampleRateHz: number): string {
  const path = join(mkdtempSync(join(place.path, "w")), "song.wav");
  const writer = new WavWriter(path, { sampleRateHz, format: "float32", maxFrames: signal.length });
  writer.write(Float64Array.from({ length: 2 * signal.length }, (_, k) => signal[k >> 1]!), signal.length);
  writer.finish();
  return path;
}

describe("preparing a track", () => {
  it("measures -20.0 LUFS and -20.0 dBTP of 997 Hz at -20 dBFS in both channels, brought from 44.1 to 48 kHz", async () => {
    // ITU-R BS.1770-5: 0 LUFS is -3.01 LKFS below a full-scale sine of 997 Hz in one channel; both channels give 3.01 dB more.
    const job = jobFor(writeWav(sine(44_100 * 20, 44_100, { freqHz: 997, levelDbfs: -20 }), 44_100));
    const { integratedLufs, maxTruePeakDbtp, frames, sampleRateHz, stepCentiLufs, loudest, profile } = await prepareTrack(job, () => undefined);
    expect(integratedLufs).toBeCloseTo(-20, 1);
    expect(maxTruePeakDbtp).toBeCloseTo(-20, 1);
    expect([frames, sampleRateHz, stepCentiLufs.length]).toEqual([960_000, 48_000, 1000]);
    for (const centi of stepCentiLufs.slice(10, -10)) expect(centi! / 100).toBeCloseTo(-20, 1);
    expect(loudest.toS).toBeLessThanOrEqual(20);
    expect(profile.seconds).toBe(18);
    expect(profile.integratedLufs).toBeCloseTo(-20, 1);
    const prepared = await openAudio(job.soundPath);
    expect([prepared.sampleRateHz, prepared.frames, prepared.encoding]).toEqual([48_000, 960_000, "WAV, 24-bit PCM"]);
    const sound = new Float64Array(2 * 48_000);
    prepared.read(sound, 48_000);
    expect(linearToDb(Math.max(...sound.subarray(48_000).map(Math.abs)) / PREPARED_SCALE)).toBeCloseTo(-20, 2);
    prepared.close();
  });

  it("keeps what lies over full scale, as decoders of lossy files make it: +3 dBFS", async () => {
    const job = jobFor(writeWav(sine(48_000, 48_000, { freqHz: 1000, levelDbfs: 3 }), 48_000));
    expect((await prepareTrack(job, () => undefined)).maxTruePeakDbtp).toBeCloseTo(3, 1);
    const prepared = await openAudio(job.soundPath);
    const sound = new Float64Array(2 * 48_000);
    prepared.read(sound, 48_000);
    prepared.close();
    expect(Math.max(...sound) / PREPARED_SCALE).toBeCloseTo(dbToLinear(3), 4);
  });

  it("is kept as text and read again to the last figure; what is damaged, or of another release, is not", async () => {
    const track = await prepareTrack(jobFor(writeWav(sine(48_000 * 8, 48_000, { freqHz: 300, levelDbfs: -9 }), 48_000)), () => undefined);
    const text = preparedText(track);
    expect(readPrepared(text)).toEqual(track);
    for (const other of ["", "null", "{}", text.slice(0, -9), text.replace('"version":1', '"version":2'), text.replace(/"frames":\d+/, '"frames":"x"')]) {
      expect(readPrepared(other), other.slice(0, 40)).toBeUndefined();
    }
  });

  it.each(["tone.mp3", "tone.ogg", "tone-24.flac"])("decodes %s at each rate of a box, and leaves nothing beside the sound", async (file) => {
    const decoded = await openAudio(join(FIXTURES, file));
    for (const rateHz of [44_100, 48_000, 96_000]) {
      const job = jobFor(join(FIXTURES, file), rateHz);
      const shares: number[] = [];
      const { frames } = await prepareTrack(job, (share) => shares.push(share));
      expect(Math.abs(frames - (decoded.frames * rateHz) / decoded.sampleRateHz)).toBeLessThanOrEqual(1);
      expect(shares).toEqual([...shares].sort((one, next) => one - next));
      expect(readdirSync(join(job.soundPath, ".."))).toEqual(["song.wav"]);
    }
  });

  it("says of a file that is cut short what is wrong, by the name that people gave it, and leaves nothing", async () => {
    const job = jobFor(place.write("cut.flac", new Uint8Array(readFileSync(join(FIXTURES, "tone-24.flac"))).slice(0, 3000)));
    const error = await prepareTrack(job, () => undefined).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AudioFileError);
    expect(problemOf(error as AudioFileError, "Song")).toMatch(/^"Song" is (cut short|damaged)/);
    expect(existsSync(job.soundPath)).toBe(false);
  });

  it("is refused for less than 20 ms, which has no loudness to compare and no passage to play over and over", async () => {
    for (const [rate, frames] of [[48_000, 1], [48_000, 959], [44_100, 881]] as const) {
      const job = jobFor(writeWav(sine(frames, rate, { freqHz: 300, levelDbfs: -9 }), rate));
      await expect(prepareTrack(job, () => undefined)).rejects.toThrow("is shorter than 20 ms: too short to compare with.");
      expect(existsSync(job.soundPath)).toBe(false);
    }
    expect((await prepareTrack(jobFor(writeWav(sine(882, 44_100, { freqHz: 300, levelDbfs: -9 }), 44_100)), () => undefined)).frames).toBe(960);
  });

  it("is refused where the disk keeps less than 200 MB free, and for more than 30 minutes", async () => {
    const short = writeWav(new Float64Array(48_000), 48_000);
    await expect(prepareTrack(jobFor(short), () => undefined, () => ({ bavail: 100, bsize: 1_000_000 })))
      .rejects.toThrow("There is no room for");
    const long = place.write("long.wav", new Uint8Array(wavHeader({ sampleRateHz: 8000, format: "pcm16", frames: 8000 * 1801, isLong: false })));
    truncateSync(long, 44 + 4 * 8000 * 1801);
    await expect(prepareTrack(jobFor(long), () => undefined)).rejects.toThrow("is longer than 30 minutes; cut out the part to compare with.");
  });
});
