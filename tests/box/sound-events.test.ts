import { beforeEach, describe, expect, it } from "vitest";
import { managerLine } from "../../src/box/manager-line.js";
import { Notices } from "../../src/box/notices.js";
import { SoundEvents } from "../../src/box/sound-events.js";
import { AUDIO_FAULTS } from "../../src/hal/audio.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { boxStatus } from "../support/fake-box.js";

const HEALTHY = boxStatus().audio;
let told: string[];
let notices: Notices;
let events: SoundEvents;
let nowMs = 0;

beforeEach(() => {
  told = [];
  notices = new Notices({ log: () => undefined, nowMs: () => (nowMs += 2000) });
  notices.listen(({ level, sentence }) => told.push(`${level}: ${sentence}`));
  events = new SoundEvents(notices);
  events.watch(HEALTHY);
});

describe("what is told about the sound", () => {
  it("is nothing while all is well", () => {
    for (let n = 0; n < 10; n++) events.watch(HEALTHY);
    expect(told).toEqual([]);
  });

  it.each(AUDIO_FAULTS)("is a sentence with the cause or the remedy for each %s, once", (fault) => {
    const troubled: AudioHealth = { ...HEALTHY, faults: { ...HEALTHY.faults, [fault]: 3 } };
    events.watch(troubled);
    events.watch(troubled);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^warning: [A-Z].*\.$/);
  });

  it.each<[string, Partial<AudioHealth>, string]>([
    ["a device that is gone", { state: "waiting", detail: "The card is gone." }, "No sound: The card is gone."],
    ["a dead output", { isOutputDead: true }, "The output is silent"],
    ["a constant offset", { isDcMuted: true }, "The output was muted"],
    ["a stage that was left out", { isolatedStages: ["saturation"] }, "Left out of the chain because they failed: saturation."],
    ["overload", { shedding: "meters" }, "The meters stand still, so that the sound goes on"],
  ])("stands in the list while there is %s, and its end is told", (_, trouble, sentence) => {
    events.watch({ ...HEALTHY, ...trouble });
    expect(notices.standing).toHaveLength(1);
    expect(notices.standing[0]).toContain(sentence);
    events.watch(HEALTHY);
    expect(notices.standing).toEqual([]);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^info: /);
  });

  it("does not list a recovery that has nothing to say yet", () => {
    events.watch({ ...HEALTHY, state: "recovering", detail: "" });
    expect(notices.standing).toEqual([]);
  });
});

describe("the line for the service manager", () => {
  it("tells device and delay while sound flows, else what is wrong", () => {
    expect(managerLine(HEALTHY)).toBe("Sound flows through fake: 48000 Hz, 64 x 3 frames, 5.3 ms");
    expect(managerLine({ ...HEALTHY, state: "waiting", detail: "The card is gone." })).toBe("No sound (waiting): The card is gone.");
  });
});
