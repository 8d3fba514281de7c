import { readFileSync } from "node:fs";
import { duplexCardsOf, type SoundCard } from "../hal/sound-cards.js";

/** The sound cards that can record and play through one device; empty where the system has no ALSA. */
export function duplexSoundCards(folder = "/proc/asound"): SoundCard[] {
  try {
    return duplexCardsOf(readFileSync(`${folder}/cards`, "utf8"), readFileSync(`${folder}/pcm`, "utf8"));
  } catch {
    return [];
  }
}
