import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Words of the control file, in the order of the enums of faulty-pcm.c. */
const WORDS = [
  "source", "isVirtual", "tickFrames", "startSkewFrames", "openError", "offeredRateHz", "offeredPeriodFrames", "offeredFormat",
  "captureError", "captureErrorCount", "playbackError", "playbackErrorCount", "captureXruns", "playbackXruns",
  "captureSuspends", "playbackSuspends", "isStopped", "captureMostFrames", "playbackMostFrames",
  "rateErrorPpm", "blockMs", "oddFrames", "skipFrames", "captureChannels", "playbackChannels", "isHardware",
] as const;
const REPORTS = [
  "opens", "closes", "captureStarts", "playbackStarts", "capturePrepares", "playbackPrepares", "xrunsMet", "resumes", "cardFrame",
  "refNs", "refFrame", "appliedPpm", "appliedStop", "isMade", "framesHeard", "framesPlayed", "isSilenced",
] as const;
const FIRST_REPORT = 32;
const WORD_COUNT = 64;
const WORD_BYTES = 8;

export type FaultyWord = (typeof WORDS)[number];
export type FaultyReport = (typeof REPORTS)[number];

/** Rate at which the box is tested. */
const SAMPLE_RATE_HZ = 48000;

let compiled: string | undefined;

/** Compiles the plugin, once for all cards of a process. */
function compiledPlugin(): string {
  if (compiled !== undefined) return compiled;
  const folder = mkdtempSync(join(tmpdir(), "lacquer-plugin-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  compiled = join(folder, "faulty-pcm.so");
  execFileSync("cc", ["-shared", "-fPIC", "-DPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", compiled, "tests/support/faulty-alsa/faulty-pcm.c", "-lasound", "-lm"]);
  return compiled;
}

export const SOURCE_COUNT = 0;
export const SOURCE_SINE = 1;
export const SOURCE_SILENCE = 2;
export const SOURCE_CABLE = 3;

/**
 * The sound card of faulty-pcm.c: compiled with cc (needs libasound2-dev), found by libasound as the PCM `faulty` once
 * ALSA_CONFIG_PATH is `configPath`. One folder of its own; `remove` deletes it.
 */
export class FaultyCard {
  readonly folder = mkdtempSync(join(tmpdir(), "lacquer-faulty-"));
  readonly configPath = join(this.folder, "asoundrc");
  readonly recorderPath = join(this.folder, "recorder");
  readonly #control: number;

  constructor() {
    const plugin = compiledPlugin();
    const control = join(this.folder, "control");
    writeFileSync(control, new Uint8Array(WORD_COUNT * WORD_BYTES));
    writeFileSync(this.recorderPath, "");
    this.#control = openSync(control, "r+");
    writeFileSync(this.configPath,
      `pcm_type.lacquer_faulty { lib "${plugin}" }\n` +
      `pcm.faulty { type lacquer_faulty control "${control}" recorder "${this.recorderPath}" }\n`);
  }

  set(values: Readonly<Partial<Record<FaultyWord, number>>>): void {
    for (const [name, value] of Object.entries(values)) {
      const at = WORDS.indexOf(name as FaultyWord) * WORD_BYTES;
      writeSync(this.#control, new Uint8Array(BigInt64Array.of(BigInt(value)).buffer), 0, WORD_BYTES, at);
    }
  }

  get(name: FaultyWord | FaultyReport): number {
    const word = (WORDS as readonly string[]).indexOf(name);
    const at = (word >= 0 ? word : FIRST_REPORT + REPORTS.indexOf(name as FaultyReport)) * WORD_BYTES;
    const value = new BigInt64Array(1);
    readSync(this.#control, new Uint8Array(value.buffer), 0, WORD_BYTES, at);
    return Number(value[0]);
  }

  /** What reached the recorder, at its place in the card's count of frames, in the format that the card was opened with. */
  recordedBytes(): Buffer {
    return readFileSync(this.recorderPath);
  }

  /** The same of a card that was opened with S32: interleaved; holes are 0. */
  recording(): Int32Array {
    const bytes = this.recordedBytes();
    return new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8) * 2).slice();
  }

  /** Frames of the card at a time of the monotonic clock in milliseconds, of a card that is not virtual. */
  frameAt(timeMs: number): number {
    return this.get("refFrame") + ((timeMs * 1e6 - this.get("refNs")) * SAMPLE_RATE_HZ) / 1e9;
  }

  remove(): void {
    closeSync(this.#control);
    rmSync(this.folder, { recursive: true });
  }
}
