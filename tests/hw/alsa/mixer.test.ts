import { describe, expect, it } from "vitest";
import { setMixer } from "../../../hw/alsa/mixer.js";
import { AudioError } from "../../../src/hal/audio.js";
import type { MixerSetting } from "../../../src/hal/mixer.js";
import { FakeCardControls, type FakeControl } from "../../support/fake-card-controls.js";

const CARD = "hw:CARD=sndrpihifiberry";
const EPERM = -1;

/** Controls as the drivers have them: pcm512x.c (-103.5 dB in steps of 0.5), pcm186x.c (signed), hifiberry_adc_controls.h. */
function card(changes: Readonly<Record<string, FakeControl>> = {}): FakeCardControls {
  return new FakeCardControls({
    "Digital Playback Volume": { type: "integer", channels: 2, values: [144, 144], min: 0, max: 207, minDb: -103.5, stepDb: 0.5 },
    "ADC Capture Volume": { type: "integer", channels: 2, values: [10, 10], min: -24, max: 80, minDb: -12, stepDb: 0.5 },
    "Auto Mute Switch": { type: "boolean", channels: 2, values: [1, 1] },
    "ADC Left Input": { type: "enumerated", channels: 1, values: [0], items: ["No Select", "VINL1[SE]", "VINL2[SE]", "VINL2[SE] + VINL1[SE]", "{VIN1P, VIN1M}[DIFF]"] },
    ...changes,
  });
}

const set = (fake: FakeCardControls, ...settings: readonly MixerSetting[]): readonly string[] => setMixer(CARD, settings, () => fake.library());
const valuesOf = (fake: FakeCardControls, name: string): readonly number[] | undefined => fake.controls.get(name)?.values;

describe("setMixer", () => {
  it("sets levels by their dB, switches and choices, on every channel, and closes the card", () => {
    const fake = card();
    expect(set(fake, { control: "Digital Playback Volume", levelDb: 0 }, { control: "ADC Capture Volume", levelDb: -0.2 }, { control: "Auto Mute Switch", isOn: false },
      { control: "ADC Left Input", item: "{VIN1P, VIN1M}[DIFF]" })).toEqual([]);
    expect(valuesOf(fake, "Digital Playback Volume")).toEqual([207, 207]);
    // -0.5 dB is the step below, 1 of -24..80 from -12 dB.
    expect(valuesOf(fake, "ADC Capture Volume")).toEqual([-1, -1]);
    expect(valuesOf(fake, "Auto Mute Switch")).toEqual([0, 0]);
    expect(valuesOf(fake, "ADC Left Input")).toEqual([4]);
    expect([fake.opens, fake.isOpen]).toEqual([1, false]);
  });

  it("names all that the card lacks in one sentence, and sets the others", () => {
    const fake = card();
    expect(set(fake, { control: "Aux Switch", isOn: true }, { control: "Auto Mute Switch", isOn: false }, { control: "Mixin PGA Volume", levelDb: 0 }))
      .toEqual([expect.stringMatching(/lacks "Aux Switch", "Mixin PGA Volume": .*alsamixer/)]);
    expect(valuesOf(fake, "Auto Mute Switch")).toEqual([0, 0]);
  });

  it.each<[what: string, setting: MixerSetting, sentence: RegExp]>([
    ["of another kind", { control: "ADC Left Input", isOn: true }, /"ADC Left Input".*it is no switch/],
    ["of another kind", { control: "Auto Mute Switch", item: "Off" }, /"Auto Mute Switch".*it is no choice/],
    ["of another kind", { control: "Auto Mute Switch", levelDb: 0 }, /"Auto Mute Switch".*it is no level/],
    ["without the item", { control: "ADC Left Input", item: "AUX" }, /has no "AUX"; there are "No Select", "VINL1\[SE\]"/],
    ["out of range", { control: "Digital Playback Volume", levelDb: 24 }, /24 dB is outside of its range/],
    ["without levels in dB", { control: "Blind Volume", levelDb: 0 }, /"Blind Volume".*no levels in dB/],
    ["that is refused", { control: "Locked Switch", isOn: true }, /"Locked Switch".*error 1/],
  ])("leaves a control %s as it is, says why, and sets the next one", (_, setting, sentence) => {
    const fake = card({
      "Blind Volume": { type: "integer", channels: 1, values: [3], min: 0, max: 7, minDb: 0, stepDb: 0 },
      "Locked Switch": { type: "boolean", channels: 1, values: [0], refusal: EPERM },
    });
    const before = [...(valuesOf(fake, setting.control) ?? [])];
    expect(set(fake, setting, { control: "ADC Capture Volume", levelDb: 0 })).toEqual([expect.stringMatching(sentence)]);
    expect(valuesOf(fake, setting.control)).toEqual(before);
    expect(valuesOf(fake, "ADC Capture Volume")).toEqual([0, 0]);
  });

  it("says so when the card cannot be opened, or there is no library, and opens none for nothing", () => {
    const fake = card();
    fake.openError = -19;
    expect(set(fake, { control: "Aux Switch", isOn: true })).toEqual([expect.stringMatching(/stays as it is.*hw:CARD=sndrpihifiberry.*error 19/)]);
    const absent = (): never => {
      throw new AudioError("missing", "Install it.");
    };
    expect(setMixer(CARD, [{ control: "Aux Switch", isOn: true }], absent)).toEqual(["The mixer of the sound card stays as it is. Install it."]);
    expect(setMixer(CARD, [], absent)).toEqual([]);
  });
});
