import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/analysis/comparison.js";
import { FINDING_IDS } from "../../src/analysis/diagnosis/finding.js";
import { main } from "../../src/cli/main.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { findParameter } from "../../src/params/table.js";
import { bellFilter } from "../support/damages.js";
import type { StereoSignal } from "../support/run-chain.js";
import { whiteNoise } from "../support/signals.js";
import { song } from "../support/song.js";
import { wav } from "../support/wav-bytes.js";
import { requireWellFormed } from "../support/well-formed.js";

const RATE = 48_000;
let folder: string;
const path = (name: string): string => join(folder, name);

function writeWav(name: string, { left, right }: StereoSignal): void {
  const writer = new WavWriter(path(name), { sampleRateHz: RATE, format: "float32", maxFrames: left.length });
  writer.write(Float64Array.from({ length: 2 * left.length }, (_, k) => (k % 2 === 0 ? left : right)[k >> 1]!), left.length);
  writer.finish();
}

async function lacquer(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await main(argv, { out: (text) => (out += text), err: (text) => (err += text), isInteractive: false });
  return { code, out, err };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-"));
  const liked = song(9, RATE);
  writeWav("liked.wav", liked);
  writeWav("muddy.wav", bellFilter(300, 6, 1)(liked, RATE));
  writeWav("blip.wav", song(1, RATE));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("diagnose", () => {
  it("names the mud first, with its remedy, as JSON and as text", async () => {
    const { code, out } = await lacquer("diagnose", path("muddy.wav"), "--reference", path("liked.wav"), "--json");
    expect(code).toBe(0);
    const { findings } = JSON.parse(out) as { findings: { id: string; severity: number; remedy: { values: Record<string, number> } }[] };
    const numbers = { severity: expect.any(Number) as number, confidence: expect.any(Number) as number, figure: expect.any(Number) as number, limit: expect.any(Number) as number, sinceS: 0 };
    const texts = Object.fromEntries(["sentence", "cause", "lesson", "what", "unit", "against"].map((key) => [key, expect.any(String) as string]));
    for (const finding of findings) {
      const { id, remedy: { values } } = finding;
      expect(FINDING_IDS).toContain(id);
      // What the README names, and nothing else.
      expect(finding).toEqual({ id, ...numbers, ...texts, remedy: { sentence: expect.any(String) as string, values, loudnessChangeDb: expect.any(Number) as number } });
      expect(Object.keys(values).filter((key) => findParameter(key) === undefined)).toEqual([]);
    }
    expect(findings.map(({ severity }) => severity)).toEqual(findings.map(({ severity }) => severity).sort((a, b) => b - a));
    expect(findings[0]!.id).toBe("muddy");
    expect(findings[0]!.remedy.values["eq.band3.gainDb"]).toBeLessThan(-1.5);
    const text = (await lacquer("diagnose", path("muddy.wav"), "--reference", path("liked.wav"))).out;
    expect(text).toMatch(/1\. Muddy \((mild|clear|severe), (sure|perhaps)\)\n {3}It sounds muddy/);
    expect(text).toContain("Lesson: High-pass everything but kick and bass.");
  }, 60_000);

  it("refuses what is shorter than 3 s, no file, and 17 references, with exit code 2", async () => {
    expect(await lacquer("diagnose", path("blip.wav"))).toMatchObject({ code: 2, err: expect.stringContaining("shorter than 3 s") as string });
    expect(await lacquer("diagnose")).toMatchObject({ code: 2, err: expect.stringContaining("diagnose needs one sound file") as string });
    const many = Array.from({ length: 17 }, () => ["--reference", path("liked.wav")]).flat();
    expect(await lacquer("diagnose", path("liked.wav"), ...many)).toMatchObject({ code: 2, err: expect.stringContaining("17 references are too many; allowed 16") as string });
  });
});

describe("compare", () => {
  it("says where the mix has more than its reference, and writes a report that is well-formed", async () => {
    const { code, out } = await lacquer("compare", path("muddy.wav"), path("liked.wav"), "--report", path("beside.html"));
    expect(code).toBe(0);
    expect(out).toMatch(/Tone: yours has [4-7]\.\d dB more around (251|316) Hz/);
    const page = readFileSync(path("beside.html"), "utf8");
    requireWellFormed(page);
    expect(page).toContain("Tone of the mix beside the band of its references.");
    const { balance } = JSON.parse((await lacquer("compare", path("muddy.wav"), path("liked.wav"), "--json")).out) as { balance: { mix: number[] } };
    expect(balance.mix).toHaveLength(31);
  }, 60_000);

  it("needs a reference, and leaves no report behind when it fails", async () => {
    expect(await lacquer("compare", path("muddy.wav"))).toMatchObject({ code: 2, err: expect.stringContaining("one reference at least") as string });
    expect((await lacquer("compare", path("muddy.wav"), path("none.wav"), "--report", path("never.html"))).code).toBe(2);
    expect(existsSync(path("never.html"))).toBe(false);
  });
});

describe("master with a reference", () => {
  it("takes most of 6 dB of mud back at 100 %, and says by which bands", async () => {
    const { code, out } = await lacquer("master", path("muddy.wav"), path("master.wav"), "--reference", path("liked.wav"), "--amount", "100", "--json");
    expect(code).toBe(0);
    const { match } = JSON.parse(out) as { match: { amountPercent: number; bands: { freqHz: number; gainDb: number }[] } };
    expect(match.amountPercent).toBe(100);
    const strongest = match.bands.reduce((worst, band) => (band.gainDb < worst.gainDb ? band : worst));
    expect(strongest.gainDb).toBeLessThan(-3);
    expect(strongest.freqHz).toBeGreaterThan(200);
    expect(strongest.freqHz).toBeLessThan(450);
  }, 60_000);

  it("refuses an amount without a reference", async () => {
    expect(await lacquer("master", path("muddy.wav"), path("other.wav"), "--amount", "50")).toMatchObject({ code: 2, err: expect.stringContaining("--amount") as string });
  });
});

describe("sound that is hard to listen to", () => {
  const idsOf = (out: string): string[] => (JSON.parse(out) as { findings: { id: string }[] }).findings.map(({ id }) => id);

  it("a mono file is named narrow, with a remedy at the mixer, and nothing of its image besides", async () => {
    const { left } = song(6, RATE);
    writeFileSync(path("mono.wav"), wav({ channels: 1, sampleRateHz: RATE, tag: 3, bits: 32 }, Buffer.from(Float32Array.from(left).buffer)));
    const { code, out } = await lacquer("diagnose", path("mono.wav"), "--json");
    expect(code).toBe(0);
    expect(idsOf(out)).toContain("narrow");
    for (const id of ["tooWide", "outOfPhase", "lopsided"]) expect(idsOf(out)).not.toContain(id);
  }, 60_000);

  it("a mono file is compared as it is played: as the same sound on both channels, to the last 0.01 dB", async () => {
    const { left } = song(9, RATE);
    writeFileSync(path("one.wav"), wav({ channels: 1, sampleRateHz: RATE, tag: 3, bits: 32 }, Buffer.from(Float32Array.from(left).buffer)));
    writeWav("both.wav", { left, right: left });
    const { balance, width, figures } = JSON.parse((await lacquer("compare", path("one.wav"), path("both.wav"), "--json")).out) as Comparison;
    expect(figures.map(({ id }) => id)).toEqual(expect.arrayContaining(["integratedLufs", "psrDb"]));
    for (const { id, mix, references } of figures) expect(Math.abs(mix - references.middle), id).toBeLessThan(0.01);
    for (const { mix, middle } of [balance, width]) mix.forEach((db, band) => expect(Math.abs(db - middle[band]!), `${band}`).toBeLessThan(0.01));
  }, 60_000);

  it("silence has no fault, and is told as silence; nothing can be compared or matched with it", async () => {
    writeWav("silence.wav", { left: new Float64Array(6 * RATE), right: new Float64Array(6 * RATE) });
    expect(await lacquer("diagnose", path("silence.wav"))).toMatchObject({ code: 0, out: expect.stringContaining("is silent") as string });
    for (const argv of [["diagnose", path("liked.wav")], ["master", path("liked.wav"), path("unmatched.wav")]]) {
      expect(await lacquer(...argv, "--reference", path("silence.wav")), argv[0]).toMatchObject({ code: 2, err: expect.stringContaining("silence.wav is silent") as string });
    }
    expect(existsSync(path("unmatched.wav"))).toBe(false);
    expect(await lacquer("compare", path("silence.wav"), path("liked.wav"))).toMatchObject({ code: 2, err: expect.stringContaining("silent") as string });
  }, 60_000);

  it.each([8000, 192_000])("noise at %d Hz gives finite figures", async (sampleRateHz) => {
    const noise = Int16Array.from(whiteNoise(2 * 4 * sampleRateHz, -20, 3), (x) => 32_767 * x);
    writeFileSync(path("rate.wav"), wav({ channels: 2, sampleRateHz, bits: 16 }, Buffer.from(noise.buffer)));
    const { code, out } = await lacquer("diagnose", path("rate.wav"), "--json");
    expect(code).toBe(0);
    for (const { figure } of (JSON.parse(out) as { findings: { figure: number | null }[] }).findings) expect(figure).toSatisfy(Number.isFinite);
  }, 60_000);

  it("noise 20 dB into the stops is named clipped, and a file of which every tenth number is none is heard", async () => {
    const clipped = whiteNoise(2 * 6 * RATE, 10, 4).map((x) => Math.max(-1, Math.min(1, x)));
    writeFileSync(path("garbage.wav"), wav({ channels: 2, sampleRateHz: RATE, bits: 16 }, Buffer.from(Int16Array.from(clipped, (x) => 32_767 * x).buffer)));
    expect(idsOf((await lacquer("diagnose", path("garbage.wav"), "--json")).out)).toContain("clippedInput");
    const holed = Float32Array.from(whiteNoise(2 * 4 * RATE, -20, 5), (x, k) => (k % 10 === 0 ? NaN : x));
    writeFileSync(path("holes.wav"), wav({ channels: 2, sampleRateHz: RATE, tag: 3, bits: 32 }, Buffer.from(holed.buffer)));
    const { code, out } = await lacquer("diagnose", path("holes.wav"), "--json");
    expect(code).toBe(0);
    expect(out).not.toContain("null");
  }, 60_000);

  it("a broken file is one line and exit code 2, in each command", async () => {
    writeFileSync(path("broken.wav"), Buffer.from("RIFF....WAVEnothing of use"));
    for (const argv of [["diagnose", path("broken.wav")], ["compare", path("muddy.wav"), path("broken.wav")], ["diagnose", path("liked.wav"), "--reference", path("broken.wav")]]) {
      const { code, out, err } = await lacquer(...argv);
      expect([code, out]).toEqual([2, ""]);
      expect(err.trimEnd()).toMatch(/^[^\n]*broken\.wav[^\n]*$/);
    }
  }, 60_000);
});
