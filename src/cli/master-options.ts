import { loadPreset } from "../config/presets.js";
import { findTarget, loadTargets, type Target } from "../config/targets.js";
import { isSameFile } from "../files/same-file.js";
import type { WavSampleFormat } from "../files/wav-layout.js";
import { parseSetting } from "../params/parse.js";
import { findParameter } from "../params/table.js";
import { numberOption, readArguments } from "./arguments.js";
import { referenceFiles } from "./reference-profiles.js";
import { UsageError } from "./usage-error.js";

export const MASTER_USAGE = "lacquer master IN OUT [--target T | --lufs N] [--ceiling DBTP] [--preset P]"
  + " [--set stage.param=value]..."
  + " [--reference FILE]... [--amount PERCENT] [--bits 16|24|32f] [--rate HZ] [--report FILE.html] [--json]";

const DEFAULT_TARGET = "spotify";
/** Half of the way: the references are other songs. */
const MATCH_AMOUNT_PERCENT = 50;
const FORMATS: Readonly<Record<string, { format: WavSampleFormat; values: readonly (readonly [string, number])[] }>> = {
  "16": { format: "pcm16", values: [["dither.bits", 0]] },
  "24": { format: "pcm24", values: [["dither.bits", 2]] },
  "32f": { format: "float32", values: [["dither.bypass", 1]] },
};
const RATE_RANGE_HZ = [44100, 192000] as const;

/** What the user asked `master` to do. */
export interface MasterOptions {
  readonly input: string;
  readonly output: string;
  /** The platform, or undefined where a loudness was given as a number. */
  readonly target: Target | undefined;
  readonly targetLufs: number | null;
  readonly presetName: string | undefined;
  readonly values: ReadonlyMap<string, number>;
  readonly format: WavSampleFormat;
  readonly rateHz: number | undefined;
  /** Sound files whose balance the master is to come near to, and how much of the way, 0..100 %. */
  readonly references: readonly string[];
  readonly amountPercent: number;
  readonly reportPath: string | undefined;
  readonly isJson: boolean;
}

/**
 * Reads the arguments of `master`. Later sources win: defaults, preset, target, `--ceiling` and `--bits`, `--set`.
 * @throws UsageError, ConfigError or RangeError with one sentence for the user
 */
export function readMasterOptions(argv: readonly string[]): MasterOptions {
  const options = readArguments(argv, {
    values: ["target", "lufs", "ceiling", "preset", "bits", "rate", "report", "amount"],
    lists: ["set", "reference"],
    switches: ["json"],
  });
  const [input, output, surplus] = options.files;
  if (input === undefined || output === undefined || surplus !== undefined) {
    throw new UsageError(`master needs a sound file and the name of the master: ${MASTER_USAGE}`);
  }
  if (isSameFile(input, output)) throw new UsageError(`${output} is the source itself; give the master another name.`);
  const reportPath = options.value("report");
  if (reportPath !== undefined && [input, output].some((path) => isSameFile(path, reportPath))) {
    throw new UsageError(`${reportPath} is the source or the master; give the report another name.`);
  }
  const lufs = options.value("lufs");
  if (lufs !== undefined && options.value("target") !== undefined) throw new UsageError("Give --target or --lufs, not both.");
  const target = lufs === undefined ? findTarget(loadTargets(), options.value("target") ?? DEFAULT_TARGET) : undefined;
  const targetLufs = lufs === undefined ? (target?.loudnessLufs ?? null) : numberOption("lufs", lufs, -40, -5);
  const bits = options.value("bits") ?? "24";
  const depth = FORMATS[bits];
  if (depth === undefined) throw new UsageError(`--bits is "${bits}"; allowed ${Object.keys(FORMATS).join(", ")}.`);
  const presetName = options.value("preset");
  const values = new Map(presetName === undefined ? [] : loadPreset(presetName).values);
  if (target) values.set("limiter.ceilingDbtp", target.ceilingDbtp);
  for (const [id, value] of depth.values) values.set(id, value);
  const ceiling = options.value("ceiling");
  if (ceiling !== undefined) values.set("limiter.ceilingDbtp", ceilingOption(ceiling));
  for (const setting of options.list("set")) {
    const parsed = parseSetting(setting);
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const [id, value] = parsed.value;
    if (id === "loudness.driveDb" && targetLufs !== null) {
      throw new UsageError("loudness.driveDb is found by landing on the target; leave it out, or use --target cd.");
    }
    values.set(id, value);
  }
  const rate = options.value("rate");
  const amount = options.value("amount");
  const references = referenceFiles(options.list("reference"));
  if (amount !== undefined && references.length === 0) throw new UsageError("--amount says how far to follow --reference; give one.");
  return {
    input, output, target, targetLufs, presetName, values,
    format: depth.format,
    rateHz: rate === undefined ? undefined : rateOption(rate),
    references,
    amountPercent: amount === undefined ? MATCH_AMOUNT_PERCENT : numberOption("amount", amount, 0, 100),
    reportPath,
    isJson: options.isOn("json"),
  };
}

function ceilingOption(text: string): number {
  const row = findParameter("limiter.ceilingDbtp");
  return numberOption("ceiling", text, row?.min ?? 0, row?.max ?? 0);
}

function rateOption(text: string): number {
  const rate = numberOption("rate", text, ...RATE_RANGE_HZ);
  if (!Number.isInteger(rate)) throw new UsageError(`--rate is "${text}"; allowed whole numbers, ${RATE_RANGE_HZ.join(" to ")}.`);
  return rate;
}
