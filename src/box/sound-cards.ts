import { readFileSync } from "node:fs";

/** A sound card that can record and play at once. */
export interface SoundCard {
  /** Name for ALSA, by the card's id, which unlike its number does not change: "hw:CARD=sndrpihifiberry,DEV=0". */
  readonly device: string;
  /** Name for people. */
  readonly name: string;
}

interface Pcm {
  readonly card: number;
  readonly device: number;
  readonly name: string;
}

/** `00-01: MAI PCM i2s-hifi-1 : HDMI 1 : playback 1 : capture 1`: card, device, id, name and the directions it has. */
function duplexPcms(pcmText: string): Pcm[] {
  return pcmText.split("\n").flatMap((line) => {
    const [, card = "", device = "", rest = ""] = /^(\d+)-(\d+): (.*)$/.exec(line) ?? [];
    const parts = rest.split(" : ").map((part) => part.trim());
    const has = (direction: string): boolean => parts.some((part) => part.startsWith(`${direction} `));
    return has("playback") && has("capture") ? [{ card: Number(card), device: Number(device), name: parts[0] ?? "" }] : [];
  });
}

/**
 * The sound cards that can record and play through one device, in the order of the system. Cards that only play, as HDMI
 * and the headphone socket of a Raspberry Pi, are left out. Empty where the system has no ALSA.
 */
export function duplexSoundCards(folder = "/proc/asound"): SoundCard[] {
  let cards: string;
  let pcms: string;
  try {
    cards = readFileSync(`${folder}/cards`, "utf8");
    pcms = readFileSync(`${folder}/pcm`, "utf8");
  } catch {
    return [];
  }
  const ids = new Map([...cards.matchAll(/^\s*(\d+) \[(\S+)\s*\]: (.*)$/gm)].map(([, number, id, name]) => [Number(number), { id, name }]));
  return duplexPcms(pcms).flatMap((pcm) => {
    const card = ids.get(pcm.card);
    return card === undefined ? [] : [{ device: `hw:CARD=${card.id},DEV=${pcm.device}`, name: `${card.name}, ${pcm.name}` }];
  });
}
