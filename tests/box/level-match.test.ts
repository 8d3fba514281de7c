import { afterAll, describe, expect, it } from "vitest";
import { Programme } from "../../hw/sim/programme.js";
import { ComparingBox, prepared } from "../support/comparing-box.js";
import { expectGate } from "../support/gates.js";
import { measureProgramme } from "../support/measure-programme.js";
import { clippedPink, drums } from "../support/programmes.js";
import { dual, type StereoSignal } from "../support/run-chain.js";
import { dbToLinear, pinkNoise } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";

const RATE = 48_000;
const SWITCH_S = 12;
const MIX_S = 18;
const place = temporaryFolder();

/** Seconds of the song of the simulated board from a place on, at a gain. */
function song(fromS: number, seconds: number, gainDb: number): StereoSignal {
  const programme = new Programme();
  programme.prepare(RATE);
  const sound = new Float64Array(2 * (fromS + seconds) * RATE);
  programme.render(sound, (fromS + seconds) * RATE);
  const channel = (side: number): Float64Array => Float64Array.from({ length: seconds * RATE }, (_, n) => dbToLinear(gainDb) * sound[2 * (fromS * RATE + n) + side]!);
  return { left: channel(0), right: channel(1) };
}

const frames = (seconds: number): number => seconds * RATE;
/** What each programme is made of; all within full scale. */
const PROGRAMMES: Readonly<Record<string, (seconds: number) => StereoSignal>> = {
  "pink noise at -24 dBFS": (seconds) => dual(pinkNoise(frames(seconds), -24, 1)),
  "drums at 0 dBFS": (seconds) => dual(drums(frames(seconds), RATE, 0, 4)),
  "drums at -18 dBFS": (seconds) => dual(drums(frames(seconds), RATE, -18, 5)),
  "clipped pink noise at -1 dBFS": (seconds) => dual(clippedPink(frames(seconds), -1, 6, 6)),
  "a song": (seconds) => song(20, seconds, 0),
  "the same song 9 dB down, elsewhere": (seconds) => song(60, seconds, -9),
};
const PAIRS: readonly (readonly [mix: string, reference: string])[] = [
  ["pink noise at -24 dBFS", "clipped pink noise at -1 dBFS"],
  ["pink noise at -24 dBFS", "drums at 0 dBFS"],
  ["drums at 0 dBFS", "drums at -18 dBFS"],
  ["drums at -18 dBFS", "clipped pink noise at -1 dBFS"],
  ["a song", "the same song 9 dB down, elsewhere"],
  ["the same song 9 dB down, elsewhere", "clipped pink noise at -1 dBFS"],
  ["a song", "drums at 0 dBFS"],
];

const part = ({ left, right }: StereoSignal, fromS: number, toS: number): StereoSignal => ({ left: left.slice(frames(fromS), frames(toS)), right: right.slice(frames(fromS), frames(toS)) });

let worstLu = 0;
afterAll(() => expectGate({ stage: "monitor", what: "first 3 s of a reference against the last 3 s of the mix", measured: worstLu, unit: "LU", must: 0.2 }, `${PAIRS.length} pairs`));

describe("a reference is as loud as the mix", () => {
  it.each(PAIRS)("%s beside %s: its first 3 s as the last 3 s of the mix within 0.2 LU, and never over -1 dBTP", async (mix, reference) => {
    const box = new ComparingBox(new Map([["r", await prepared(place.path, PROGRAMMES[reference]!(40))]]));
    box.compared.choose({ loop: "whole" });
    box.compared.arm("cli");
    let mixDb = 0;
    // The switch of the tick at 12 s is heard from that frame on.
    const heard = box.play(PROGRAMMES[mix]!(MIX_S), (seconds) => {
      if (Math.abs(seconds - SWITCH_S) > 0.05) return;
      box.compared.compare(true, "phone");
      // What the mix is turned down by where the reference cannot be turned up so far: both meet below the mix then.
      mixDb = box.compared.state.mixDb;
    });
    const before = measureProgramme(part(heard, SWITCH_S - 3, SWITCH_S)).shortTermLufs!;
    const after = measureProgramme(part(heard, SWITCH_S, SWITCH_S + 3)).shortTermLufs!;
    const { truePeakDbtp } = measureProgramme(part(heard, SWITCH_S + 0.1, MIX_S));
    console.log(`${mix} | ${reference}: mix ${before.toFixed(2)} + ${mixDb.toFixed(2)}, reference ${after.toFixed(2)} LUFS, ${truePeakDbtp?.toFixed(2)} dBTP`);
    const differenceLu = Math.abs(after - before - mixDb);
    worstLu = Math.max(worstLu, differenceLu);
    expect(differenceLu).toBeLessThanOrEqual(0.2);
    expect(truePeakDbtp!).toBeLessThanOrEqual(-0.99);
  }, 60_000);
});
