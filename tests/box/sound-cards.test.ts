import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { duplexSoundCards } from "../../src/box/sound-cards.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();

function proc(name: string, cards: string, pcm: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  writeFileSync(join(path, "cards"), cards);
  writeFileSync(join(path, "pcm"), pcm);
  return path;
}

// The forms are those of snd_card_info_read (sound/core/init.c) and snd_pcm_proc_read (sound/core/pcm.c) of Linux.
const CARDS = ` 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [sndrpihifiberry]: HifiberryDacpAd - snd_rpi_hifiberry_dacplusadc
                      snd_rpi_hifiberry_dacplusadc
 2 [Device         ]: USB-Audio - USB Audio Device
                      C-Media USB Audio Device
`;
const PCM = `00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
01-00: HiFiBerry DAC+ADC : HiFiBerry DAC+ADC : playback 1 : capture 1
02-00: USB Audio : USB Audio : playback 1 : capture 1
`;

describe("the search for a sound card", () => {
  it("finds the cards that record and play, by their ids, and leaves HDMI out", () => {
    expect(duplexSoundCards(proc("pi", CARDS, PCM))).toEqual([
      { card: 1, deviceNumber: 0, device: "hw:CARD=sndrpihifiberry,DEV=0", name: "HifiberryDacpAd - snd_rpi_hifiberry_dacplusadc, HiFiBerry DAC+ADC" },
      { card: 2, deviceNumber: 0, device: "hw:CARD=Device,DEV=0", name: "USB-Audio - USB Audio Device, USB Audio" },
    ]);
  });

  it("finds none where ALSA says \"no soundcards\", nor where there is no ALSA", () => {
    expect(duplexSoundCards(proc("bare", "--- no soundcards ---\n", ""))).toEqual([]);
    expect(duplexSoundCards(join(folder.path, "nowhere"))).toEqual([]);
  });

  it("finds none when one card records and another plays", () => {
    const pcm = "00-00: A : A : playback 1\n01-00: B : B : capture 1\n";
    expect(duplexSoundCards(proc("apart", CARDS, pcm))).toEqual([]);
  });
});
