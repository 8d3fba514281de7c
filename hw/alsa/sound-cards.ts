import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A PCM device of a sound card. */
export interface SoundCardDevice {
  /** The name to open it by, which stays the same when cards are numbered anew: `hw:CARD=id,DEV=n`. */
  readonly device: string;
  /** What the driver calls it. */
  readonly name: string;
  readonly canCapture: boolean;
  readonly canPlay: boolean;
}

const PROC = "/proc/asound";

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Card number → id, of lines like ` 0 [sndrpihifiberry]: HifiberryDacp - snd_rpi_hifiberry_dacplusadc`. */
function cardIds(cards: string): Map<number, string> {
  return new Map([...cards.matchAll(/^ *(\d+) \[(\S+) *\]/gm)].map(([, number, id]) => [Number(number), id as string]));
}

/** The sound cards that the kernel knows, from its `cards` and `pcm` files; none where it has no sound. */
export function soundCards(proc = PROC): readonly SoundCardDevice[] {
  const ids = cardIds(readOrEmpty(join(proc, "cards")));
  // A line: `00-00: HiFiBerry DAC+ADC HiFi multicodec-0 : HiFiBerry DAC+ADC : playback 1 : capture 1`.
  return readOrEmpty(join(proc, "pcm")).split("\n").flatMap((line) => {
    const [, card, device, rest] = /^(\d+)-(\d+): (.*)$/.exec(line) ?? [];
    const id = ids.get(Number(card));
    if (rest === undefined || id === undefined) return [];
    const fields = rest.split(" : ").map((field) => field.trim());
    return [{
      device: `hw:CARD=${id},DEV=${Number(device)}`,
      name: fields[0] ?? id,
      canCapture: fields.some((field) => field.startsWith("capture ")),
      canPlay: fields.some((field) => field.startsWith("playback ")),
    }];
  });
}

/** Files that tell who holds each substream: `card0/pcm0p/sub0/status`. */
function statusFiles(proc: string): string[] {
  const inside = (folder: string, pattern: RegExp): string[] => {
    try {
      return readdirSync(folder).filter((name) => pattern.test(name)).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  return inside(proc, /^card\d+$/).flatMap((card) => inside(card, /^pcm/)).flatMap((pcm) => inside(pcm, /^sub/))
    .map((sub) => join(sub, "status"));
}

/** The programs that hold a PCM open, as `name (process 123)`, each once. */
export function soundCardHolders(proc = PROC, processes = "/proc"): readonly string[] {
  const owners = statusFiles(proc).flatMap((file) => /^owner_pid\s*:\s*(\d+)/m.exec(readOrEmpty(file))?.[1] ?? []);
  return [...new Set(owners)].map((pid) => {
    const name = readOrEmpty(join(processes, pid, "comm")).trim();
    return `${name === "" ? "a program" : name} (process ${pid})`;
  });
}
