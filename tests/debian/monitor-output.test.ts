import { afterEach, describe, expect, it } from "vitest";
import { FaultyBox } from "../support/faulty-box.js";
import { SOURCE_SINE } from "../support/faulty-card.js";
import { sine } from "../support/signals.js";
import { soundFile } from "../support/sound-file.js";
import { toneLevelsDb } from "../support/tone-level.js";
import { integers, wav } from "../support/wav-bytes.js";

const RATE = 48_000;
/** What the card hears, and the reference. */
const MIX_HZ = 997;
const REFERENCE_HZ = 440;

/** The n-th channel of a recording in S32 of a card with so many outputs. */
function channelOf(bytes: Buffer, channels: number, n: number): Float64Array {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  return Float64Array.from({ length: Math.floor(words.length / channels) }, (_, frame) => words[channels * frame + n]! / 2 ** 31);
}

describe("the box with a monitor output wanted", () => {
  let faulty: FaultyBox;
  afterEach(async () => await faulty.remove());

  it("plays the reference on outputs 3 and 4 of an ALSA card, the mix on 1 and 2, in the same frames", async () => {
    faulty = new FaultyBox({ source: SOURCE_SINE, captureChannels: 6, playbackChannels: 4, isHardware: 1 });
    await faulty.startSound({ monitorOutput: true });
    const { link } = faulty;
    const tone = sine(20 * RATE, RATE, { freqHz: REFERENCE_HZ, levelDbfs: -12 });
    await link.upload(soundFile(Uint8Array.from(wav({ channels: 1, sampleRateHz: RATE }, integers(2, [...tone.map((x) => Math.round(32_767 * x))])))), () => undefined);
    await expect.poll(async () => (await link.command("listReferences", {})).references[0]?.state, { timeout: 30_000 }).toBe("ready");
    await faulty.plays(1000);
    await link.command("compareReference", { on: true });
    await faulty.plays(3000);
    expect(await link.command("comparison", {})).toMatchObject({ hasMonitorOutput: true, isArmed: true, secondsLeft: null, heard: "reference", isWaiting: false });
    expect((await link.command("status", {})).notices.filter((sentence) => /reference|output/i.test(sentence))).toEqual([]);
    link.close();
    await faulty.box.stop();

    const recorded = faulty.card.recordedBytes();
    const levels = (channel: number, freqHz: number): readonly number[] => toneLevelsDb(channelOf(recorded, 4, channel), RATE, freqHz);
    for (const side of [0, 1]) {
      const [mix, monitor, leaked] = [levels(side, MIX_HZ), levels(2 + side, REFERENCE_HZ), levels(side, REFERENCE_HZ)];
      const loudest = Math.max(...monitor);
      expect(loudest).toBeGreaterThan(-40);
      // Pieces in which the reference plays throughout. A busy machine makes a hole in some, whose edges sound at every pitch.
      const played = monitor.flatMap((db, n) => (db > loudest - 1 ? [n] : []));
      expect(played.length).toBeGreaterThanOrEqual(3);
      for (const n of played) expect(mix[n]).toBeGreaterThan(-40);
      expect(Math.min(...played.map((n) => leaked[n]!))).toBeLessThan(-100);
      expect(Math.max(...played.map((n) => leaked[n]!))).toBeLessThan(-60);
    }
  });

  it("runs on a card of two outputs, says that it has no others, and asks for arming as ever", async () => {
    faulty = new FaultyBox({ source: SOURCE_SINE, isHardware: 1 });
    await faulty.startSound({ monitorOutput: true });
    await expect.poll(async () => (await faulty.link.command("status", {})).notices).toContain("audio.monitorOutput is true, but faulty plays no outputs 3 and 4 at these "
      + "figures: the recorder hears what you compare. Name a card with four outputs as hw:CARD=..., or set it to false.");
    expect(await faulty.link.command("comparison", {})).toMatchObject({ hasMonitorOutput: false, isArmed: false });
    await expect(faulty.link.command("compareReference", { on: true })).rejects.toThrow("References are not armed");
  });
});
