import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deviceName, openError } from "../../../hw/alsa/open-errors.js";
import { soundCardHolders } from "../../../hw/alsa/sound-card-holders.js";
import { FIRST_CARD } from "../../../src/hal/sound-cards.js";
import { temporaryFolder } from "../../support/temp-folder.js";

describe("the programs that hold a sound card", () => {
  const folder = temporaryFolder();

  it("are named with their process, once", () => {
    for (const [stream, pid] of [["pcm0p", 812], ["pcm0c", 812]] as const) {
      const sub = join(folder.path, "card0", stream, "sub0");
      mkdirSync(sub, { recursive: true });
      writeFileSync(join(sub, "status"), `state: RUNNING\nowner_pid   : ${pid}\ntrigger_time: 1.0\n`);
    }
    mkdirSync(join(folder.path, "812"));
    writeFileSync(join(folder.path, "812", "comm"), "pipewire\n");
    expect(soundCardHolders(folder.path, folder.path)).toEqual(["pipewire (process 812)"]);
    expect(soundCardHolders(join(folder.path, "nowhere"), folder.path)).toEqual([]);
  });
});

describe("the device to open", () => {
  const card = { card: 1, deviceNumber: 0, device: "hw:CARD=Device,DEV=0", name: "USB Audio" };

  it("is the one that is named, or the first card that is there at the time", () => {
    const cards: (typeof card)[] = [];
    const look = (): typeof cards => cards;
    expect(deviceName("hw:2", look)).toBe("hw:2");
    expect(() => deviceName(FIRST_CARD, look)).toThrow(expect.objectContaining({ kind: "missing", message: expect.stringContaining("no sound card") }));
    cards.push(card);
    expect(deviceName(FIRST_CARD, look)).toBe("hw:CARD=Device,DEV=0");
  });
});

describe("an error of opening a sound card", () => {
  it.each([
    [-2, "missing", /card/], [-19, "missing", /card/], [-16, "busy", /PipeWire/], [-13, "denied", /group audio/], [-1, "denied", /group audio/],
    [-12, "other", /12/],
  ] as const)("of number %i is %s and names the remedy", (code, kind, remedy) => {
    const error = openError("hw:CARD=x", code, "reason");
    expect(error.kind).toBe(kind);
    expect(error.message).toContain("hw:CARD=x");
    expect(error.message).toContain("reason");
    expect(error.message).toMatch(remedy);
  });
});
