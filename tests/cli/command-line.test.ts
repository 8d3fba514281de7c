import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.js";
import { openAudio } from "../../src/files/open-audio.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { drums } from "../support/programmes.js";
import { pinkNoise, sine } from "../support/signals.js";

let folder: string;
const path = (name: string): string => join(folder, name);

function writeWav(name: string, left: Float64Array, right = left, sampleRateHz = 48000): string {
  const writer = new WavWriter(path(name), { sampleRateHz, format: "float32", maxFrames: left.length });
  const sound = new Float64Array(2 * left.length);
  left.forEach((x, n) => {
    sound[2 * n] = x;
    sound[2 * n + 1] = right[n]!;
  });
  writer.write(sound, left.length);
  writer.finish();
  return path(name);
}

async function lacquer(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await main(argv, { out: (text) => (out += text), err: (text) => (err += text), isInteractive: false });
  return { code, out, err };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-"));
  const beat = drums(6 * 48000, 48000, -6, 3);
  const hiss = pinkNoise(6 * 48000, -26, 4);
  writeWav("mix.wav", beat.map((x, n) => x + hiss[n]!), beat.map((x, n) => x + hiss[(n + 777) % hiss.length]!));
  writeWav("tone.wav", sine(20 * 48000, 48000, { freqHz: 1000, levelDbfs: -23 }));
  writeWav("silence.wav", new Float64Array(48000));
  writeWav("short.wav", sine(4800, 48000, { freqHz: 1000, levelDbfs: -23 }));
  writeWav("quiet.wav", pinkNoise(4 * 48000, -62, 5));
  // One full-scale sample between zeros: at another rate its peak is another.
  writeWav("impulse-22k.wav", new Float64Array(22050).fill(0.5, 11025, 11026), undefined, 22050);
  symlinkSync(path("mix.wav"), path("link.wav"));
  linkSync(path("mix.wav"), path("hard-link.wav"));
  symlinkSync(path("o.wav"), path("link-to-o.html"));
  writeFileSync(path("notes.wav"), "Dear diary, this is no sound.");
  writeFileSync(path("empty.wav"), "");
  const whole = readFileSync(path("mix.wav"));
  writeFileSync(path("cut.wav"), whole.subarray(0, whole.length / 2));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("measure", () => {
  // EBU Tech 3341 case 1: a stereo 1 kHz sine of -23 dBFS reads -22.9933 LUFS exactly.
  it("reads -22.993 LUFS within 0.005 and a PLR of 0 dB from a stereo 1 kHz tone of -23 dBFS", async () => {
    const { code, out } = await lacquer("measure", path("tone.wav"), "--json");
    const reading = JSON.parse(out) as Record<string, number>;
    expect(code).toBe(0);
    expect(reading["integratedLufs"]).toBeCloseTo(-22.9933, 2);
    expect(reading["maxMomentaryLufs"]).toBeCloseTo(-22.9933, 2);
    expect(reading["maxShortTermLufs"]).toBeCloseTo(-22.9933, 2);
    expect(reading["loudnessRangeLu"]).toBeCloseTo(0, 1);
    expect(reading["samplePeakDbfs"]).toBeCloseTo(-23, 1);
    expect(reading["truePeakDbtp"]).toBeGreaterThan(-23.01);
    expect(reading["plrDb"]).toBeCloseTo(0, 1);
  });

  it("says what the platforms do: Spotify lifts -22.99 LUFS by 8.99 dB, YouTube leaves it", async () => {
    const { out } = await lacquer("measure", path("tone.wav"), "--json");
    const { platforms } = JSON.parse(out) as { platforms: { id: string; adjustmentDb: number }[] };
    const adjustment = (id: string): number | undefined => platforms.find((platform) => platform.id === id)?.adjustmentDb;
    expect(adjustment("spotify")).toBeCloseTo(8.99, 1);
    expect(adjustment("youtube")).toBe(0);
  });

  it.each(["silence.wav", "short.wav"])("gives null, not a number, for the loudness of %s", async (name) => {
    const { code, out } = await lacquer("measure", path(name), "--json");
    const reading = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(0);
    for (const key of ["integratedLufs", "loudnessRangeLu", "maxMomentaryLufs", "maxShortTermLufs", "plrDb"]) expect(reading[key], key).toBeNull();
    if (name === "silence.wav") expect(reading["truePeakDbtp"]).toBeNull();
  });

  // AES17 sample peak: the largest sample that stands in the file, 20 lg 0.5.
  it("reads the sample peak of a 22.05 kHz file from its own samples: -6.02 dBFS", async () => {
    const reading = JSON.parse((await lacquer("measure", path("impulse-22k.wav"), "--json")).out) as { samplePeakDbfs: number };
    expect(reading.samplePeakDbfs).toBeCloseTo(-6.0206, 4);
  });

  it("prints a list for several files", async () => {
    const { out } = await lacquer("measure", path("tone.wav"), path("silence.wav"), "--json");
    expect((JSON.parse(out) as unknown[]).length).toBe(2);
  });
});

describe("master", () => {
  it.each([["16", "pcm16", "spotify", -14], ["24", "pcm24", "apple", -16], ["32f", "float32", "broadcast", -23]])(
    "writes %s bits and lands on %s within 0.1 LU, under -1 dBTP", async (bits, _, target, lufs) => {
      const out = path(`master-${bits}.wav`);
      const run = await lacquer("master", path("mix.wav"), out, "--target", target, "--bits", bits, "--json");
      expect(run.err).toBe("");
      expect(run.code).toBe(0);
      const measured = JSON.parse((await lacquer("measure", out, "--json")).out) as { integratedLufs: number; truePeakDbtp: number };
      expect(Math.abs(measured.integratedLufs - lufs)).toBeLessThanOrEqual(0.1);
      expect(measured.truePeakDbtp).toBeLessThanOrEqual(-1);
      const source = await openAudio(out);
      expect(source.frames).toBe(6 * 48000);
      expect(source.encoding).toContain(bits === "32f" ? "float" : `${bits}-bit`);
      source.close();
    },
  );

  it("stays aligned with its source: the kick of the drum stands at the same frame within 1 ms", async () => {
    const out = path("aligned.wav");
    await lacquer("master", path("mix.wav"), out, "--target", "cd", "--preset", "transparent");
    const onset = async (name: string): Promise<number> => {
      const source = await openAudio(name);
      const sound = new Float64Array(2 * 48000);
      source.read(sound, 48000);
      source.close();
      // The snare falls on frame 12000 with a hard edge; look around it.
      let best = 0;
      for (let n = 11_500; n < 12_500; n++) {
        if (Math.abs(sound[2 * n]! - sound[2 * n - 2]!) > Math.abs(sound[2 * best]! - sound[2 * best - 2]!) || best === 0) best = n;
      }
      return best;
    };
    expect(Math.abs((await onset(out)) - (await onset(path("mix.wav"))))).toBeLessThanOrEqual(48);
  });

  it("converts to 44100 Hz and keeps the target", async () => {
    const out = path("cd.wav");
    expect((await lacquer("master", path("mix.wav"), out, "--lufs", "-16", "--bits", "16", "--rate", "44100")).code).toBe(0);
    const source = await openAudio(out);
    expect(source.sampleRateHz).toBe(44100);
    expect(source.frames).toBe(6 * 44100);
    source.close();
    const measured = JSON.parse((await lacquer("measure", out, "--json")).out) as { integratedLufs: number };
    expect(Math.abs(measured.integratedLufs + 16)).toBeLessThanOrEqual(0.1);
  });

  it("says what stands in the way when -5 LUFS does not fit under the ceiling, and writes the best", async () => {
    const out = path("too-loud.wav");
    const run = await lacquer("master", path("mix.wav"), out, "--lufs", "-5", "--json");
    const report = JSON.parse(run.out) as { landed: string; message: string; meanLimitingDb: number; after: { integratedLufs: number } };
    expect(run.code).toBe(0);
    expect(report.landed).toBe("limiting");
    expect(report.after.integratedLufs).toBeLessThan(-5.5);
    expect(report.meanLimitingDb).toBeCloseTo(6, 0);
    expect(report.message).toMatch(/was not reached.*6 dB of limiting/);
    expect(existsSync(out)).toBe(true);
  });

  it("leaves a silent file silent and says so", async () => {
    const run = await lacquer("master", path("silence.wav"), path("still-silent.wav"));
    expect(run.code).toBe(0);
    expect(run.out).toContain("silent");
  });

  it("takes the trim back for a CD when no preset sets the drive: a mix that the compressor leaves alone keeps its loudness within 0.01 LU", async () => {
    const { before, after } = JSON.parse((await lacquer("master", path("tone.wav"), path("cd-tone.wav"), "--target", "cd", "--set", "compressor.bypass=on", "--json")).out) as Record<string, { integratedLufs: number }>;
    expect(Math.abs(after!.integratedLufs - before!.integratedLufs)).toBeLessThanOrEqual(0.01);
  });

  it("calls a programme of 100 ms too short, not silent", async () => {
    const run = await lacquer("master", path("short.wav"), path("short-master.wav"));
    expect(run.code).toBe(0);
    expect(run.out).toContain("too short");
    expect(run.out).not.toContain("silent");
  });

  it("lands a programme of -62 dBFS on -14 LUFS: the trim takes what is beyond the range of the drive", async () => {
    const run = await lacquer("master", path("quiet.wav"), path("loud-master.wav"), "--json");
    const { landed, after } = JSON.parse(run.out) as { landed: string; after: { integratedLufs: number } };
    expect(landed).toBe("landed");
    expect(Math.abs(after.integratedLufs + 14)).toBeLessThanOrEqual(0.1);
  });

  it("keeps an explicit setting over the preset", async () => {
    const run = await lacquer("master", path("mix.wav"), path("set.wav"), "--preset", "glue", "--set", "input.trimDb=-3", "--json");
    expect((JSON.parse(run.out) as { trimDb: number }).trimDb).toBe(-3);
  });
});

describe("bad input", () => {
  const cases: readonly (readonly [string, () => string[], RegExp])[] = [
    ["a missing file", () => ["measure", path("nothing.wav")], /nothing\.wav/],
    ["a folder", () => ["measure", folder], /folder/],
    ["no sound file", () => ["measure", path("notes.wav")], /no sound file/],
    ["an empty file", () => ["measure", path("empty.wav")], /empty/],
    ["a truncated file", () => ["measure", path("cut.wav")], /cut|truncated/],
    ["a master over its own source", () => ["master", path("mix.wav"), path("./mix.wav")], /is the source itself/],
    ["a master over its source through a symbolic link", () => ["master", path("mix.wav"), path("link.wav")], /is the source itself/],
    ["a master over what a symbolic link leads to", () => ["master", path("link.wav"), path("mix.wav")], /is the source itself/],
    ["a master over its source through a hard link", () => ["master", path("mix.wav"), path("hard-link.wav")], /is the source itself/],
    ["a report over the source", () => ["master", path("mix.wav"), path("o.wav"), "--report", path("link.wav")], /another name/],
    ["an empty name", () => ["measure", ""], /name is empty/],
    ["a file for a command that takes none", () => ["presets", "glue"], /"glue" is too much/],
    ["no command", () => [], /A command is needed: master, measure/],
    ["an unwritable target", () => ["master", path("mix.wav"), "/proc/master.wav"], /\/proc/],
    ["a target in a missing folder", () => ["master", path("mix.wav"), path("no/such/folder/out.wav")], /no.such.folder/],
    ["an unknown option", () => ["master", path("mix.wav"), path("o.wav"), "--loud"], /--loud.*--lufs/],
    ["an unknown target", () => ["master", path("mix.wav"), path("o.wav"), "--target", "spotfy"], /spotfy.*spotify/],
    ["an unknown preset", () => ["master", path("mix.wav"), path("o.wav"), "--preset", "gloo"], /gloo.*glue/],
    ["an unknown parameter", () => ["master", path("mix.wav"), path("o.wav"), "--set", "compressor.treshold=3"], /compressor\.threshold/],
    ["a value out of range", () => ["master", path("mix.wav"), path("o.wav"), "--set", "compressor.ratio=0.5"], /compressor\.ratio is 0\.5; allowed 1:1 to 20:1/],
    ["a loudness out of range", () => ["master", path("mix.wav"), path("o.wav"), "--lufs", "14"], /--lufs is "14"; allowed -40 to -5/],
    ["a wrong bit depth", () => ["master", path("mix.wav"), path("o.wav"), "--bits", "12"], /--bits is "12"; allowed 16, 24, 32f/],
    ["a wrong rate", () => ["master", path("mix.wav"), path("o.wav"), "--rate", "fast"], /--rate is "fast"/],
    ["two loudnesses", () => ["master", path("mix.wav"), path("o.wav"), "--lufs", "-14", "--target", "apple"], /not both/],
    ["a missing value", () => ["master", path("mix.wav"), path("o.wav"), "--preset"], /--preset needs a value/],
    ["no files", () => ["master"], /needs a sound file/],
    ["an unknown command", () => ["mastre"], /mastre.*master/],
  ];

  it.each(cases)("answers %s with one line and exit code 2, and leaves no file", async (_, argv, message) => {
    const before = readdirSync(folder);
    const { code, err } = await lacquer(...argv());
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(before);
  });
});
