/** In place of a device's name: the first sound card that records and plays at the time of opening. */
export const FIRST_CARD = "first card";

/** A sound card that can record and play at once. */
export interface SoundCard {
  /** Number of the card, which may change at the next start of the system. */
  readonly card: number;
  readonly deviceNumber: number;
  /** Name for ALSA, by the card's id, which does not change: "hw:CARD=sndrpihifiberry,DEV=0". */
  readonly device: string;
  /** Name for people. */
  readonly name: string;
}

interface Pcm {
  readonly card: number;
  readonly deviceNumber: number;
  readonly name: string;
}

/** `00-01: MAI PCM i2s-hifi-1 : HDMI 1 : playback 1 : capture 1`: card, device, id, name and the directions it has. */
function duplexPcms(pcmText: string): Pcm[] {
  return pcmText.split("\n").flatMap((line) => {
    const [, card = "", device = "", rest = ""] = /^(\d+)-(\d+): (.*)$/.exec(line) ?? [];
    const parts = rest.split(" : ").map((part) => part.trim());
    const has = (direction: string): boolean => parts.some((part) => part.startsWith(`${direction} `));
    return has("playback") && has("capture") ? [{ card: Number(card), deviceNumber: Number(device), name: parts[0] ?? "" }] : [];
  });
}

/**
 * The sound cards that can record and play through one device, in the order of the system. Cards that only play, as HDMI
 * and the headphone socket of a Raspberry Pi, are left out.
 *
 * @param cardsText - /proc/asound/cards
 * @param pcmText - /proc/asound/pcm
 */
export function duplexCardsOf(cardsText: string, pcmText: string): SoundCard[] {
  const ids = new Map([...cardsText.matchAll(/^\s*(\d+) \[(\S+)\s*\]: (.*)$/gm)].map(([, number, id, name]) => [Number(number), { id, name }]));
  return duplexPcms(pcmText).flatMap(({ card, deviceNumber, name }) => {
    const found = ids.get(card);
    return found === undefined ? [] : [{ card, deviceNumber, device: `hw:CARD=${found.id},DEV=${deviceNumber}`, name: `${found.name}, ${name}` }];
  });
}

/** An ALSA device by the id of its card, which does not change, where its name tells the number: "hw:0" or "hw:0,0". */
export function namedById(device: string, cards: readonly Pick<SoundCard, "card" | "deviceNumber" | "device">[]): string {
  const [, card, deviceNumber = "0"] = /^hw:(\d+)(?:,(\d+))?$/.exec(device) ?? [];
  return cards.find((each) => each.card === Number(card) && each.deviceNumber === Number(deviceNumber))?.device ?? device;
}
