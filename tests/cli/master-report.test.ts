import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { main } from "../../src/cli/main.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { dbToLinear } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { requireWellFormed } from "../support/well-formed.js";

const folder = temporaryFolder();
const path = (name: string): string => join(folder.path, name);

/** A 1 kHz tone in both channels, 6 s at -30 dBFS, then 4 s at -20 dBFS. */
function writeMix(name: string): string {
  const frames = 10 * 48_000;
  const sound = new Float64Array(2 * frames);
  for (let n = 0; n < frames; n++) {
    const x = dbToLinear(n < 6 * 48_000 ? -30 : -20) * Math.sin((2 * Math.PI * 1000 * n) / 48_000);
    sound.fill(x, 2 * n, 2 * n + 2);
  }
  const writer = new WavWriter(path(name), { sampleRateHz: 48_000, format: "pcm24", maxFrames: frames });
  writer.write(sound, frames);
  writer.finish();
  return path(name);
}

async function master(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await main(["master", ...argv], { out: (text) => (out += text), err: (text) => (err += text), isInteractive: false });
  return { code, out, err };
}

it("writes a report whose figures are those of the command, and draws 10 s in steps of 100 ms", async () => {
  const { code, out } = await master(writeMix("mix.wav"), path("out.wav"), "--lufs", "-18", "--report", path("report.html"), "--json");
  expect(code).toBe(0);
  const result = JSON.parse(out) as { after: { integratedLufs: number; truePeakDbtp: number }; trimDb: number };
  const page = readFileSync(path("report.html"), "utf8");
  requireWellFormed(page);
  for (const value of [result.after.integratedLufs, result.after.truePeakDbtp]) {
    expect(page).toContain(`<td class="now">\u2212${Math.abs(value).toFixed(1)}</td>`);
  }
  expect(page).toContain("<h1>mix.wav</h1>");
  expect(page).toContain("WAV, 24-bit PCM, stereo, 10.0 s");
  // Short-term loudness begins with the first full window, at 3 s of the 10: 71 points, from 3/10 of the width.
  const before = [...page.matchAll(/class="line before" d="M([\d.]+) /g)].map(([, x]) => Number(x));
  expect(before[0]).toBe(300);
  expect(page.match(/class="line before" d="([^"]*)"/)![1]!.split("L").length).toBe(71);
});

it("refuses a report that cannot be written before any work, and leaves nothing behind", async () => {
  const mix = writeMix("other.wav");
  const before = readdirSync(folder.path);
  const { code, err } = await master(mix, path("unmade.wav"), "--report", path("nowhere/report.html"));
  expect(code).toBe(2);
  expect(err).toContain("create it first");
  expect(existsSync(path("unmade.wav"))).toBe(false);
  expect(readdirSync(folder.path)).toEqual(before);
});

it("leaves no report when the master cannot be written", async () => {
  const { code } = await master(writeMix("third.wav"), path("nowhere/out.wav"), "--report", path("lost.html"));
  expect(code).toBe(2);
  expect(readdirSync(folder.path).filter((name) => name.includes("lost") || name.startsWith("."))).toEqual([]);
});

it("refuses to write the report over the source or the master", async () => {
  const mix = writeMix("fourth.wav");
  for (const name of ["fourth.wav", "out4.wav"]) {
    const { code, err } = await master(mix, path("out4.wav"), "--report", path(name));
    expect([code, err.includes("give the report another name")]).toEqual([2, true]);
  }
});
