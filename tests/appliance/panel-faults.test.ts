import { describe, expect, it } from "vitest";
import { dual } from "../support/run-chain.js";
import { concat, pinkNoise } from "../support/signals.js";
import type { FaultsSeen } from "./guest/panel-faults.js";
import { runTask, whyNoMachine } from "./support/machine.js";
import { channelOf, levelDbfs, programmeBytes } from "./support/recording.js";

/** A panel whose bus, display and buttons break while the box plays: the same sound as just before, to the last bit. */

const reason = whyNoMachine(130);
const RATE_HZ = 48_000;
const LEAD_S = 0.5;
const SOUND_S = 6;
/** The chain alone makes the same sound again to the last bit after 1.5 s of silence, and not yet after 1 s. */
const SILENCE_S = 2;
/** The same sound begins again after these frames: a multiple of the card's periods and of the chain's control clock, 32 frames. */
const TURN_FRAMES = (SOUND_S + SILENCE_S) * RATE_HZ;
const SECONDS = LEAD_S + 2 * SOUND_S + SILENCE_S + 0.25;
const CONFIG = {
  version: 1, board: "usb",
  audio: { periodFrames: 64, periods: 4 },
  panel: { converter: "ads1115" },
  // Dither is new noise each time, and the slow release remembers a loud passage for longer than the silence.
  start: { values: { "loudness.driveDb": 6, "dither.bypass": "on", "compressor.autoRelease": "off" } },
  controls: [
    { name: "makeup", kind: "knob", channel: 0, parameter: "compressor.makeupDb" },
    { name: "song", kind: "button", pins: [22], action: "newSong" },
    { name: "bypassed", kind: "led", pins: [8], light: "bypass" },
    { name: "relay", kind: "relay", pins: [25] },
  ],
};

async function seeAll(): Promise<{ readonly seen: FaultsSeen; readonly left: Int32Array }> {
  const silence = (seconds: number): Float64Array => new Float64Array(seconds * RATE_HZ);
  const sound = pinkNoise(SOUND_S * RATE_HZ, -23, 9);
  const programme = programmeBytes(dual(concat(silence(LEAD_S), sound, silence(SILENCE_S), sound)));
  const { exitCode, lines, files } = await runTask({
    script: `node $GUEST/panel-faults.js ${SECONDS} ${LEAD_S + SOUND_S + SILENCE_S + 0.2}`, limitS: 1800,
    files: { "/etc/lacquer/lacquer.json": JSON.stringify(CONFIG), "/root/programme.raw": programme },
  });
  const [seen, recording] = ["seen", "recording"].map((name) => files.get(name));
  if (exitCode !== 0 || seen === undefined || recording === undefined) {
    throw new Error(`The faults were not seen to their end:\n${lines.join("\n")}\n${files.get("box.log")?.toString()}`);
  }
  return { seen: JSON.parse(seen.toString()) as FaultsSeen, left: channelOf(recording, 0) };
}

describe.skipIf(reason !== undefined)(`a panel that breaks${reason === undefined ? "" : `: ${reason}`}`, async () => {
  const { seen, left } = reason === undefined ? await seeAll() : { seen: {} as FaultsSeen, left: new Int32Array() };
  const told = (sentences: readonly string[], what: string): boolean => sentences.some((sentence) => sentence.includes(`${what} does not work`));

  it(`leaves the sound as it is, to the last bit of ${SOUND_S} s`, () => {
    const from = LEAD_S * RATE_HZ;
    const frames = SOUND_S * RATE_HZ;
    expect(seen.lates).toBe(0);
    expect(seen.brokenMs).toBeGreaterThan(((from + TURN_FRAMES) * 1000) / RATE_HZ);
    expect(seen.mendedMs).toBeLessThan(((from + TURN_FRAMES + frames) * 1000) / RATE_HZ);
    expect(levelDbfs(left, from, from + frames)).toBeGreaterThan(-20);
    let differing = 0;
    for (let n = from; n < from + frames; n++) if (left[n] !== left[n + TURN_FRAMES]) differing++;
    expect(differing).toBe(0);
  });

  it("is told of in the status for as long as it lasts", () => {
    expect(told(seen.notices.nak, "The display")).toBe(true);
    expect(told(seen.notices.unplugged, "The display")).toBe(true);
    expect(told(seen.notices.unplugged, "The knob makeup")).toBe(true);
    expect(told(seen.notices.chatter, "The button song")).toBe(true);
    expect(told(seen.notices.stuck, "The display")).toBe(true);
    expect(seen.notices.after).toEqual([]);
  });

  it("is tried again once a second: one transfer each for the display and the converter", () => {
    expect(seen.attempts).toBeGreaterThanOrEqual(2);
    expect(seen.attempts).toBeLessThanOrEqual(4);
  });

  it("shows again on a display that was plugged in", () => {
    expect(seen.isBack).toBe(true);
  });
});
