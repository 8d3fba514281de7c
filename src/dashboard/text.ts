import type { PairButton } from "../protocol/phones.js";
import { findParameter } from "../params/table.js";

/** "−14.2"; a dash for what is not known. Zero has no sign. */
export function figure(value: number | null | undefined, decimals = 1): string {
  if (value === null || value === undefined) return "–";
  const text = value.toFixed(decimals);
  return (/[1-9]/.test(text) ? text : text.replace("-", "")).replace("-", "\u2212");
}

/** "+2.1", "−0.4", "0.0". */
export function signed(value: number, decimals = 1): string {
  const text = figure(value, decimals);
  return /[1-9]/.test(text) && value > 0 ? `+${text}` : text;
}

/** Puts a true minus before a number that was written for machines. */
export function withMinus(text: string): string {
  return text.replace(/^-/, "\u2212");
}

/** A sentence of the box as people read it: parameters by their labels, and true minus signs. */
export function plainly(sentence: string): string {
  const named = sentence.replace(/\b[a-z]+(?:\.[a-zA-Z0-9]+)+/g, (id) => findParameter(id)?.label ?? id);
  return named.replace(/(^|[\s"(])-(?=[\d.])/g, "$1\u2212");
}

/** What was typed as a number, with a point where people of other countries write a comma. */
export function withPoint(typed: string): string {
  return typed.replace(",", ".");
}

/** A loudness as short as it is exact: "−14", "−13.5". */
export function wholeOrTenth(value: number): string {
  return figure(value, Number.isInteger(value) ? 0 : 1);
}

/** A reduction in the room of three digits: "0.4", "9.9", "12". */
export function shortReduction(db: number | null | undefined): string {
  return figure(db, db !== null && db !== undefined && db >= 9.95 ? 0 : 1);
}

/** A place in a song as people type it, "1:05" or "65", in seconds; undefined for what is none. */
export function readPlace(typed: string): number | undefined {
  const parts = withPoint(typed.trim()).split(":");
  const isPlace = parts.length <= 2 && parts.every((part, n) => (n === parts.length - 1 ? /^\d{1,4}(\.\d+)?$/ : /^\d{1,3}$/).test(part));
  return isPlace ? parts.reduce((sum, part) => 60 * sum + Number(part), 0) : undefined;
}

/** "turned down by 2.1 dB"; what a platform does to a master. */
export function adjustment(db: number | null): string {
  if (db === null) return "not known yet";
  return Math.abs(db) < 0.05 ? "played as it is" : `turned ${db < 0 ? "down" : "up"} by ${figure(Math.abs(db))} dB`;
}

/** "3:07", "1:02:33". */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A name made for files as people would write it: "bass-definition" is "Bass definition". */
export function spelled(name: string): string {
  const spaced = name.replace(/-/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** Parts of a browser's agent -> how people call it; the first that fits, for browsers name those that they descend from as well. */
const SYSTEMS = [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["CrOS", "Chromebook"], ["Macintosh", "Mac"], ["Windows", "Windows"], ["Linux", "Linux"]] as const;
const BROWSERS = [["Firefox", "Firefox"], ["SamsungBrowser", "Samsung"], ["Edg", "Edge"], ["OPR", "Opera"], ["Chrom", "Chrome"], ["Safari", "Safari"]] as const;

function named(agent: string, names: readonly (readonly [string, string])[]): string | undefined {
  return names.find(([part]) => agent.includes(part))?.[1];
}

/** What a phone calls itself until people name it, by the agent that its browser says it is: "iPhone", "Android · Chrome". */
export function guessedName(agent: string): string {
  const system = named(agent, SYSTEMS) ?? "Phone";
  if (system === "iPhone" || system === "iPad") return system;
  const browser = named(agent, BROWSERS);
  return browser === undefined ? system : `${system} · ${browser}`;
}

/** "21:04:09" by the clock of the phone. */
export function clock(epochMs: number): string {
  return new Date(epochMs).toTimeString().slice(0, 8);
}

/** How far the integrated loudness is from the target: "2.1 LU to go", "0.8 LU over", "on target". */
export function distance(integratedLufs: number | null, targetLufs: number | null): string {
  if (integratedLufs === null || targetLufs === null) return "";
  const over = integratedLufs - targetLufs;
  if (Math.abs(over) < 0.05) return "on target";
  return over < 0 ? `${figure(-over)} LU to go` : `${figure(over)} LU over`;
}

/** What hands do at the box to pair a phone. */
export function byButton({ name, holdS }: PairButton): string {
  return holdS === 0 ? `Press the button “${name}”` : `Hold the button “${name}” for ${holdS} s`;
}
