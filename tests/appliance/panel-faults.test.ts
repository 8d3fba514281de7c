import { describe, expect, it } from "vitest";
import { dual } from "../support/run-chain.js";
import { pinkNoise } from "../support/signals.js";
import type { FaultsSeen } from "./guest/panel-faults.js";
import { runTask, whyNoMachine } from "./support/machine.js";
import { programmeBytes } from "./support/recording.js";

/** A panel whose bus, display and buttons break while the box plays. */

const reason = whyNoMachine();
const RATE_HZ = 48_000;
const SECONDS = 7;
const CONFIG = {
  version: 1, board: "usb",
  audio: { periodFrames: 64, periods: 4 },
  panel: { converter: "ads1115" },
  // The noise of the dither depends on when the box began.
  start: { values: { "loudness.driveDb": 6, "dither.bypass": "on" } },
  controls: [
    { name: "makeup", kind: "knob", channel: 0, parameter: "compressor.makeupDb" },
    { name: "song", kind: "button", pins: [22], action: "newSong" },
    { name: "bypassed", kind: "led", pins: [8], light: "bypass" },
    { name: "relay", kind: "relay", pins: [25] },
  ],
};

async function seeAll(): Promise<FaultsSeen> {
  const { exitCode, lines, files } = await runTask({
    script: "node $GUEST/panel-faults.js", limitS: 1800,
    files: { "/etc/lacquer/lacquer.json": JSON.stringify(CONFIG), "/root/programme.raw": programmeBytes(dual(pinkNoise(SECONDS * RATE_HZ, -23, 9))) },
  });
  const seen = files.get("seen");
  if (exitCode !== 0 || seen === undefined) {
    throw new Error(`The faults were not seen to their end:\n${lines.join("\n")}\n${files.get("box.log")?.toString()}`);
  }
  return JSON.parse(seen.toString()) as FaultsSeen;
}

describe.skipIf(reason !== undefined)(`a panel that breaks${reason === undefined ? "" : `: ${reason}`}`, async () => {
  const seen = reason === undefined ? await seeAll() : {} as FaultsSeen;
  const told = (sentences: readonly string[], what: string): boolean => sentences.some((sentence) => sentence.includes(`${what} does not work`));

  it("is told of in the status for as long as it lasts", () => {
    expect(told(seen.notices.nak, "The display")).toBe(true);
    expect(told(seen.notices.unplugged, "The display")).toBe(true);
    expect(told(seen.notices.unplugged, "The knob makeup")).toBe(true);
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
