import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openError } from "../../../hw/alsa/open-errors.js";
import { soundCardHolders, soundCards } from "../../../hw/alsa/sound-cards.js";
import { temporaryFolder } from "../../support/temp-folder.js";

// The forms are those of sound/core/init.c and sound/core/pcm.c of Linux.
const CARDS = ` 0 [sndrpihifiberry]: HifiberryDacp - snd_rpi_hifiberry_dacplusadcpro
                      snd_rpi_hifiberry_dacplusadcpro
 1 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
`;
const PCM = `00-00: HiFiBerry DAC+ADC PRO HiFi multicodec-0 : HiFiBerry DAC+ADC PRO HiFi multicodec-0 : playback 1 : capture 1
01-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
`;

describe("the sound cards of the kernel", () => {
  const folder = temporaryFolder();
  folder.write("cards", Buffer.from(CARDS));
  folder.write("pcm", Buffer.from(PCM));

  it("are named by card id, so that a new numbering changes nothing, with the ways that they have", () => {
    expect(soundCards(folder.path)).toEqual([
      { device: "hw:CARD=sndrpihifiberry,DEV=0", name: "HiFiBerry DAC+ADC PRO HiFi multicodec-0", canCapture: true, canPlay: true },
      { device: "hw:CARD=vc4hdmi0,DEV=0", name: "MAI PCM i2s-hifi-0", canCapture: false, canPlay: true },
    ]);
  });

  it("are none where the kernel has no sound", () => {
    expect(soundCards(join(folder.path, "nowhere"))).toEqual([]);
  });

  it("name the program that holds them, once", () => {
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
