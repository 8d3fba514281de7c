import { beforeAll, describe, expect, it } from "vitest";
import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import type { FindingId } from "../../src/protocol/diagnosis.js";
import type { Values } from "../../src/protocol/messages.js";
import { ListeningBox } from "../support/listening-box.js";
import { measureProgramme } from "../support/measure-programme.js";
import { profileSignal } from "../support/profile-signal.js";
import type { StereoSignal } from "../support/run-chain.js";
import { song } from "../support/song.js";

const RATE = 48_000;
const SECONDS = 12;
const SONG = song(SECONDS, RATE);
let reference: SoundProfile;

beforeAll(async () => void (reference = await profileSignal(SONG)));

/** Scales the channels, and the side. */
function scaled({ left, right }: StereoSignal, { gain = 1, side = 1, rightGain = 1 }): StereoSignal {
  const half = (sum: number, difference: number): number => (gain * (sum + side * difference)) / 2;
  return {
    left: left.map((x, n) => half(x + right[n]!, x - right[n]!)),
    right: right.map((x, n) => rightGain * half(x + left[n]!, x - left[n]!)),
  };
}

/** The drive is low, so that the limiter has no part in it. */
const QUIET = { "loudness.driveDb": -6 };
const SQUASHED = { "compressor.thresholdDb": -35, "compressor.ratio": 4, "compressor.attackMs": 1, "compressor.releaseMs": 60 };

describe("a remedy is tried at the same loudness", () => {
  // A compressor is reckoned by its mean reduction: what a longer attack or more level does to it is in the 1 LU.
  it.each<[FindingId, string, { readonly values?: Values; readonly sound?: StereoSignal; readonly isBeside?: boolean; readonly withinLu: number }]>([
    ["noPunch", "a compressor that takes 10 dB", { values: SQUASHED, isBeside: true, withinLu: 1 }],
    ["noPunch", "such a one with makeup", { values: { ...SQUASHED, "compressor.makeupDb": 6 }, isBeside: true, withinLu: 1 }],
    ["noPunch", "such a one with automatic makeup", { values: { ...SQUASHED, "compressor.autoMakeup": 1 }, isBeside: true, withinLu: 0.2 }],
    ["tooWide", "a side that is 9 dB up", { sound: scaled(SONG, { side: 2.8 }), isBeside: true, withinLu: 0.2 }],
    ["narrow", "a side that is 9 dB down", { sound: scaled(SONG, { side: 0.35 }), isBeside: true, withinLu: 0.2 }],
    ["lopsided", "a right side that is 6 dB down", { sound: scaled(SONG, { rightGain: 0.5 }), withinLu: 0.2 }],
    ["lopsided", "a balance that stands 6 dB off the middle", { values: { "imager.balancePercent": 50 }, withinLu: 0.2 }],
    ["gainStaging", "an input at -32 dBFS", { sound: scaled(SONG, { gain: 0.2 }), withinLu: 1 }],
  ])("%s: %s", async (finding, _, { values = {}, sound = SONG, isBeside = false, withinLu }) => {
    const box = new ListeningBox({ references: isBeside ? [reference] : [], targetLufs: finding === "gainStaging" ? -14 : null });
    box.store.set({ ...QUIET, ...values }, "test");
    const lufs = (): number => measureProgramme(box.play(sound)).integratedLufs!;
    box.play(sound);
    const before = lufs();
    const { loudnessChangeDb } = await box.commands.tryRemedy({ finding }, "test");
    box.play(sound);
    expect(Math.abs(lufs() - before)).toBeLessThan(withinLu);
    // Half a step of the drive.
    expect(Math.abs(loudnessChangeDb)).toBeLessThan(0.0501);
  });
});

describe("the level of what comes in", () => {
  it("is that of the mixer, whatever the trim is set to, also while the input stage is bypassed", () => {
    const levels = (values: Values): { readonly peakDbtp: number; readonly lufs: number } => {
      const box = new ListeningBox({ targetLufs: -14 });
      // The bypass would take the DC block away, too, and that moves peaks.
      box.store.set({ ...QUIET, "input.dcBlock": 0, ...values }, "test");
      box.play(SONG);
      const { maxTruePeakDbtp, integratedLufs } = box.listener.heard!.input;
      return { peakDbtp: maxTruePeakDbtp!, lufs: integratedLufs! };
    };
    const bare = levels({});
    for (const values of [{ "input.trimDb": 12 }, { "input.trimDb": 12, "input.bypass": 1 }]) {
      const { peakDbtp, lufs } = levels(values);
      expect(Math.abs(peakDbtp - bare.peakDbtp)).toBeLessThan(0.1);
      expect(Math.abs(lufs - bare.lufs)).toBeLessThan(0.1);
    }
  });
});
