import { DISPLAY_HEIGHT, DISPLAY_WIDTH } from "../../hal/display.js";
import { LINE_LETTERS, textWidth, type Picture } from "./picture.js";

/** What sounds: the master, the level-matched input, the bare input through the relay, or a reference track. */
export type Heard = "master" | "bypass" | "hardBypass" | "reference";

/** What covers the meters so that nobody takes it for the master, and the size of its letters. */
const COVERS: Readonly<Record<Exclude<Heard, "master">, { readonly text: string; readonly scale: 1 | 2; readonly y: number }>> = {
  bypass: { text: "BYPASS", scale: 2, y: 33 }, hardBypass: { text: "HARD BYPASS", scale: 1, y: 37 }, reference: { text: "REFERENCE", scale: 2, y: 33 },
};

/** A value that somebody turns. */
export interface TurnedValue {
  readonly label: string;
  /** As people write it: "-18.0 dB". */
  readonly text: string;
  /** Where it stands on its travel, 0 to 1. */
  readonly position: number;
  /** Where the knob stands that has not met the value yet; null when it moves the value. */
  readonly knobPosition: number | null;
}

/** An open door for phones. */
export interface PairingView {
  /** Eight digits; null while no code is given out. */
  readonly code: string | null;
  /** Rows of the QR code, lit where the code is dark; empty where nobody knows the address. */
  readonly modules: readonly (readonly boolean[])[];
  readonly secondsLeft: number;
}

/** All that the display shows. */
export interface PanelView {
  readonly heard: Heard;
  readonly targetName: string;
  /** Null where the target asks for no loudness. */
  readonly targetLufs: number | null;
  readonly ceilingDbtp: number;
  /** Null where nothing was measured yet. */
  readonly shortTermLufs: number | null;
  readonly integratedLufs: number | null;
  /** 0 or more. */
  readonly gainReductionDb: number;
  readonly truePeakDbtp: number | null;
  /** What is wrong, the gravest first; null while all is well. */
  readonly fault: string | null;
  /** Where a phone finds the page; null without a network. */
  readonly address: string | null;
  readonly turned: TurnedValue | null;
  readonly pairing: PairingView | null;
  /** Lines in place of everything else: what holding on does, or what was done. */
  readonly message: readonly string[] | null;
  /** Monotonic time: moves what is too long for its line. */
  readonly nowMs: number;
}

const LETTERS_A_SECOND = 5;
const REST_LETTERS = 8;
/** The bars: from where to where the loudness goes about the target, the most reduction, the least peak. */
const LOUDNESS_BELOW_LU = 12;
const LOUDNESS_ABOVE_LU = 6;
const LOUDNESS_WITHOUT_TARGET_LUFS = -14;
const MOST_REDUCTION_DB = 12;
const LEAST_PEAK_DBTP = -24;
const QUIET_MODULES = 1;
/** A module of one pixel, a sixth of a millimetre, is too small for the cameras of phones. */
const LEAST_MODULE_PIXELS = 2;

/** Draws the view: a message, pairing, the value that is turned, or the meters, in this order. */
export function drawView(picture: Picture, view: PanelView): void {
  picture.clear();
  if (view.message !== null) return drawMessage(picture, view.message);
  if (view.pairing !== null) return drawPairing(picture, view.pairing, view.address);
  if (view.turned !== null) drawTurned(picture, view.turned);
  else drawMeters(picture, view);
  drawFoot(picture, view);
}

function drawMessage(picture: Picture, lines: readonly string[]): void {
  const top = Math.floor((DISPLAY_HEIGHT - 12 * lines.length) / 2) + 2;
  lines.forEach((line, n) => picture.textInMiddle(top + 12 * n, line.slice(0, LINE_LETTERS)));
}

function drawPairing(picture: Picture, { code, modules, secondsLeft }: PairingView, address: string | null): void {
  const drawn = drawCode(picture, modules);
  const left = drawn === 0 ? 0 : drawn + 4;
  picture.text(left, 0, "PAIR");
  picture.textTo(DISPLAY_WIDTH, 0, `${Math.ceil(secondsLeft)}`);
  picture.text(left, 14, (code ?? "").slice(0, 4), 2);
  picture.text(left, 34, (code ?? "").slice(4), 2);
  if (drawn === 0) picture.text(0, 56, (address ?? "no network").slice(0, LINE_LETTERS));
  else picture.text(left, 56, code === null ? "no code" : "or type");
}

/** Draws a QR code as large as it goes, dark on light; none that would be too small. Returns its width, 0 for none. */
function drawCode(picture: Picture, modules: readonly (readonly boolean[])[]): number {
  const count = modules.length;
  const scale = Math.floor(DISPLAY_HEIGHT / (count + 2 * QUIET_MODULES));
  if (count === 0 || scale < LEAST_MODULE_PIXELS) return 0;
  const start = Math.floor((DISPLAY_HEIGHT - scale * count) / 2);
  picture.fill(0, 0, { width: DISPLAY_HEIGHT, height: DISPLAY_HEIGHT });
  modules.forEach((row, y) => row.forEach((isDark, x) => {
    if (isDark) picture.fill(start + scale * x, start + scale * y, { width: scale, height: scale }, false);
  }));
  return DISPLAY_HEIGHT;
}

function drawTurned(picture: Picture, { label, text, position, knobPosition }: TurnedValue): void {
  picture.textInMiddle(0, label.slice(0, LINE_LETTERS));
  if (textWidth(text, 2) <= DISPLAY_WIDTH) picture.textInMiddle(15, text, 2);
  else picture.textInMiddle(19, text.slice(0, LINE_LETTERS));
  const travel = DISPLAY_WIDTH - 6;
  frame(picture, 2, 36, DISPLAY_WIDTH - 4, 8);
  picture.fill(3, 38, { width: Math.round(travel * position), height: 4 });
  if (knobPosition === null) return;
  // A hand that has not met the value yet: an arrow under the bar.
  const at = 3 + Math.round(travel * knobPosition);
  for (let row = 0; row < 4; row++) picture.fill(at - row, 46 + row, { width: 2 * row + 1, height: 1 });
}

function drawMeters(picture: Picture, view: PanelView): void {
  const { heard, targetName, targetLufs, shortTermLufs, integratedLufs, gainReductionDb, truePeakDbtp, ceilingDbtp } = view;
  picture.text(0, 0, targetName.slice(0, 12));
  picture.textTo(DISPLAY_WIDTH, 0, targetLufs === null ? "no goal" : `${targetLufs} LUFS`);
  picture.text(0, 18, "S");
  picture.textTo(63, 11, figure(shortTermLufs), 2);
  picture.text(66, 18, "I");
  picture.textTo(DISPLAY_WIDTH, 11, figure(integratedLufs), 2);
  const goal = targetLufs ?? LOUDNESS_WITHOUT_TARGET_LUFS;
  const loudness = (lufs: number): number => (lufs - goal + LOUDNESS_BELOW_LU) / (LOUDNESS_BELOW_LU + LOUDNESS_ABOVE_LU);
  bar(picture, { y: 28, from: 0, share: shortTermLufs === null ? 0 : loudness(shortTermLufs), mark: targetLufs === null ? null : loudness(goal) });
  picture.text(0, 37, "GR");
  bar(picture, { y: 37, from: 15, to: 95, share: gainReductionDb / MOST_REDUCTION_DB, mark: null });
  picture.textTo(DISPLAY_WIDTH, 37, gainReductionDb.toFixed(1));
  const peak = (dbtp: number): number => (dbtp - LEAST_PEAK_DBTP) / -LEAST_PEAK_DBTP;
  picture.text(0, 46, "TP");
  bar(picture, { y: 46, from: 15, to: 95, share: truePeakDbtp === null ? 0 : peak(truePeakDbtp), mark: peak(ceilingDbtp) });
  picture.textTo(DISPLAY_WIDTH, 46, figure(truePeakDbtp));
  if (heard === "master") return;
  // Nobody must take the input for the master: half the meters are covered.
  picture.fill(0, 27, { width: DISPLAY_WIDTH, height: 28 }, false);
  const { text, scale, y } = COVERS[heard];
  picture.textInMiddle(y, text, scale);
  picture.invert(29, 22);
}

/** The lowest line: what is wrong, inverted, or else where the page is. */
function drawFoot(picture: Picture, { fault, address, nowMs }: PanelView): void {
  const text = fault ?? address ?? "no network";
  picture.text(0, 57, moved(text, nowMs));
  if (fault !== null) picture.invert(56, 8);
}

/** The part of a text that is to be seen now: one that is too long runs through, and rests at its beginning. */
function moved(text: string, nowMs: number): string {
  if (text.length <= LINE_LETTERS) return text;
  const round = `${text}   `;
  const at = Math.max(0, (Math.floor((nowMs / 1000) * LETTERS_A_SECOND) % (round.length + REST_LETTERS)) - REST_LETTERS);
  return (round + round).slice(at, at + LINE_LETTERS);
}

function figure(value: number | null): string {
  return value === null || value <= -100 ? "--.-" : value.toFixed(1);
}

interface Bar {
  readonly y: number;
  readonly from: number;
  readonly to?: number;
  /** How far it is filled, 0 to 1. */
  readonly share: number;
  /** Where a line stands through it, 0 to 1. */
  readonly mark: number | null;
}

function bar(picture: Picture, { y, from, to = DISPLAY_WIDTH, share, mark }: Bar): void {
  const travel = to - from - 2;
  const place = (part: number): number => Math.round(travel * Math.min(1, Math.max(0, part)));
  frame(picture, from, y, to - from, 7);
  picture.fill(from + 1, y + 2, { width: place(share), height: 3 });
  if (mark !== null) picture.fill(from + 1 + place(mark), y - 1, { width: 1, height: 9 });
}

function frame(picture: Picture, x: number, y: number, width: number, height: number): void {
  picture.fill(x, y, { width, height });
  picture.fill(x + 1, y + 1, { width: width - 2, height: height - 2 }, false);
}
