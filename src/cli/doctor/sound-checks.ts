import { duplexCardsOf, type SoundCard } from "../../hal/sound-cards.js";
import { notPermitted, ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";
import { listProcesses, processOf, runsOur } from "./processes.js";

const SOUND_SERVERS = ["pipewire", "wireplumber", "pulseaudio", "jackd"];

/** Whoever has opened a direction of a card, by /proc/asound; null where nobody has. */
function ownerOf(machine: Machine, { card, deviceNumber }: SoundCard, direction: "p" | "c"): number | null {
  const status = machine.read(`/proc/asound/card${card}/pcm${deviceNumber}${direction}/sub0/status`);
  const [, pid] = /^owner_pid\s*:\s*(\d+)/m.exec(status ?? "") ?? [];
  return pid === undefined ? null : Number(pid);
}

/** What a program has to open for the sound of a card, and for its mixer. */
function deviceFiles({ card, deviceNumber }: SoundCard): readonly string[] {
  return [`/dev/snd/pcmC${card}D${deviceNumber}c`, `/dev/snd/pcmC${card}D${deviceNumber}p`, `/dev/snd/controlC${card}`];
}

function checkUse(machine: Machine, card: SoundCard): Finding {
  const owners = [...new Set([ownerOf(machine, card, "c"), ownerOf(machine, card, "p")])].filter((pid) => pid !== null);
  const strangers = owners.map((pid) => ({ pid, owner: processOf(machine, pid) })).filter(({ owner }) => owner === undefined || !runsOur(owner, "box"));
  const [stranger] = strangers;
  if (stranger !== undefined) {
    const name = stranger.owner?.name ?? "a program";
    return problem("Sound card", `${card.device} is held by ${name} (process ${stranger.pid}).`, `End ${name}, or choose another card in the configuration (audio.captureDevice).`);
  }
  const closed = deviceFiles(card).filter((path) => machine.exists(path) && !machine.mayWrite(path));
  if (owners.length === 0 && closed.length > 0) return notPermitted("Sound card", closed, "audio");
  return ok("Sound card", `${card.device} (${card.name}) records and plays${owners.length > 0 ? "; the box has it" : ""}.`);
}

/** Sound cards that can carry the box, and who has them. */
export function checkSoundCards(machine: Machine): Finding[] {
  const cards = machine.read("/proc/asound/cards");
  if (cards === undefined) {
    return [warning("Sound card", "This system has no ALSA: the box plays on the simulated board.", "Connect a sound card, or enable the HAT in /boot/firmware/config.txt (dtoverlay=...), and restart.")];
  }
  const duplex = duplexCardsOf(cards, machine.read("/proc/asound/pcm") ?? "");
  if (duplex.length > 0) return duplex.map((card) => checkUse(machine, card));
  return [warning("Sound card", "No sound card here records and plays: the box plays on the simulated board.",
    "Enable the HAT in /boot/firmware/config.txt (dtoverlay=...) or plug in a USB interface with inputs; aplay -l and arecord -l list them.")];
}

/** Programs that would take the card before the box, or mix into it. */
export function checkSoundServers(machine: Machine): Finding[] {
  const servers = [...new Set(listProcesses(machine).map(({ name }) => name).filter((name) => SOUND_SERVERS.includes(name)))];
  if (servers.length === 0) return [ok("Sound servers", "No desktop sound server runs.")];
  return [warning("Sound servers", `${servers.join(" and ")} ${servers.length === 1 ? "runs" : "run"} and may take the card first.`,
    "Use the Lite image; or keep them off the cards with systemd/etc/udev/rules.d/70-lacquer.rules, which install.sh puts in place.")];
}

/** The libraries through which the box reaches the card. */
export function checkLibraries(machine: Machine): Finding[] {
  const koffi = machine.tryNode("require('koffi')");
  if (koffi !== undefined) {
    return [problem("Libraries", `The package koffi does not load (${koffi}): there is no way to the sound card.`, "Run npm install koffi in the folder of Lacquer.")];
  }
  const alsa = machine.tryNode("require('koffi').load('libasound.so.2')");
  if (alsa !== undefined) {
    return [problem("Libraries", `libasound.so.2 does not load (${alsa}).`, "Install it: apt install libasound2t64 (Debian 13) or libasound2 (Debian 12).")];
  }
  const systemd = machine.tryNode("require('koffi').load('libsystemd.so.0')");
  return [ok("Libraries", `koffi and libasound load${systemd === undefined ? ", libsystemd too" : "; libsystemd is absent, so no watchdog guards the box"}.`)];
}
