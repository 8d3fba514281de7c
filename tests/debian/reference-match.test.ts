import { mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { openAudio } from "../../src/files/open-audio.js";
import { ResampledSource } from "../../src/files/resampler.js";
import { ComparingBox, prepared } from "../support/comparing-box.js";
import { measureProgramme } from "../support/measure-programme.js";
import type { StereoSignal } from "../support/run-chain.js";
import { temporaryFolder } from "../support/temp-folder.js";

// Game music from Debian's extremetuxracer-data and neverball-data: a mix, and a reference for it.
const PAIRS = [
  ["/usr/share/games/etr/music/race1-jt.ogg", "/usr/share/games/neverball/bgm/track1.ogg"],
  ["/usr/share/games/neverball/bgm/track2.ogg", "/usr/share/games/etr/music/freezingpoint.ogg"],
  ["/usr/share/games/etr/music/spunkyrace-ks.ogg", "/usr/share/games/neverball/bgm/track3.ogg"],
  ["/usr/share/games/neverball/bgm/track3.ogg", "/usr/share/games/etr/music/race1-jt.ogg"],
  ["/usr/share/games/etr/music/freezingpoint.ogg", "/usr/share/games/neverball/bgm/track6.ogg"],
] as const;

const RATE = 48_000;
const FROM_S = 30;
const PART_S = 40;
/** Of a high-pass at 5 Hz. */
const OFFSET_POLE = 1 - (2 * Math.PI * 5) / RATE;
const SWITCH_S = 12;
const MIX_S = 18;
const place = temporaryFolder();

async function part(path: string, seconds: number): Promise<StereoSignal> {
  const source = new ResampledSource(await openAudio(path), RATE);
  const sound = new Float64Array(2 * (FROM_S + seconds) * RATE);
  source.read(sound, (FROM_S + seconds) * RATE);
  source.close();
  const channel = (side: number): Float64Array => {
    // One of them has an offset of -26 dBFS, at which the box mutes; the high-pass of its first stage takes it away, and here this one.
    let [before, out] = [0, 0];
    return Float64Array.from({ length: seconds * RATE }, (_, n) => {
      const x = sound[2 * (FROM_S * RATE + n) + side]!;
      out = x - before + OFFSET_POLE * out;
      before = x;
      return out;
    });
  };
  return { left: channel(0), right: channel(1) };
}

const cut = ({ left, right }: StereoSignal, fromS: number, toS: number): StereoSignal => ({ left: left.slice(fromS * RATE, toS * RATE), right: right.slice(fromS * RATE, toS * RATE) });

it.each(PAIRS)("%s beside %s: the first 3 s of the reference are as loud as the last 3 s of the mix within 0.2 LU, under -1 dBTP", async (mix, reference) => {
  const folder = mkdtempSync(join(place.path, "r"));
  const box = new ComparingBox(new Map([["r", await prepared(folder, await part(reference, PART_S))]]));
  box.compared.arm("cli");
  let mixDb = 0;
  const heard = box.play(await part(mix, MIX_S), (seconds) => {
    if (Math.abs(seconds - SWITCH_S) > 0.05) return;
    box.compared.compare(true, "phone");
    mixDb = box.compared.state.mixDb;
  });
  const [before, after] = [cut(heard, SWITCH_S - 3, SWITCH_S), cut(heard, SWITCH_S, SWITCH_S + 3)].map((part) => measureProgramme(part).shortTermLufs!) as [number, number];
  const { truePeakDbtp } = measureProgramme(cut(heard, SWITCH_S + 0.1, MIX_S));
  console.log(`${basename(mix)} | ${basename(reference)}: mix ${before.toFixed(2)} + ${mixDb.toFixed(2)}, reference ${after.toFixed(2)} LUFS, ${truePeakDbtp?.toFixed(2)} dBTP`);
  expect(Math.abs(after - before - mixDb)).toBeLessThanOrEqual(0.2);
  expect(truePeakDbtp!).toBeLessThanOrEqual(-0.99);
}, 120_000);
