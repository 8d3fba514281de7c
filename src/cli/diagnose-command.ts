import { diagnose } from "../analysis/diagnosis/diagnose.js";
import type { Finding, FindingId } from "../analysis/diagnosis/finding.js";
import type { SoundProfile } from "../analysis/sound-profile.js";
import { yardstickOf } from "../analysis/yardstick.js";
import { printable } from "../files/audio-file-error.js";
import { PARAMETERS } from "../params/table.js";
import { readArguments } from "./arguments.js";
import { wrapped } from "./painter.js";
import { profileFiles, referenceFiles, requireProgramme } from "./reference-profiles.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

export const DIAGNOSE_USAGE = "lacquer diagnose FILE [--reference FILE]... [--json]";

const LINE_COLUMNS = 80;
const DEFAULTS = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));

const TITLES: Readonly<Record<FindingId, string>> = {
  clippedInput: "Clipped", outOfPhase: "Out of phase", hum: "Hum", noise: "Noise", gainStaging: "Wrong level", lopsided: "Lopsided",
  muddy: "Muddy", boxy: "Boxy", boomy: "Boomy", thin: "Thin", harsh: "Harsh", sibilant: "Sibilant", dull: "Dull", noPunch: "No punch",
  overCompressed: "Over-compressed", tooLoud: "Too loud", tooQuiet: "Too quiet", narrow: "Narrow", tooWide: "Too wide", flat: "Flat",
};

/** `lacquer diagnose FILE [--reference FILE]... [--json]`: what is wrong with a mix, in plain words, and what helps. */
export async function diagnoseCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { lists: ["reference"], switches: ["json"] });
  const [file, ...surplus] = options.files;
  if (file === undefined || surplus.length > 0) throw new UsageError(`diagnose needs one sound file: ${DIAGNOSE_USAGE}`);
  const references = await profileFiles(referenceFiles(options.list("reference")), terminal);
  requireProgramme(options.list("reference"), references);
  const [profile] = await profileFiles([file], terminal);
  const heard = profile as SoundProfile;
  if (heard.seconds === 0) throw new UsageError(`${printable(file)} is shorter than 3 s: too short for a verdict.`);
  const findings = diagnose({
    input: heard, output: heard, yardstick: yardstickOf(references), values: DEFAULTS, limitingDb: null, compressionDb: 0, targetLufs: null,
  });
  terminal.out(options.isOn("json") ? `${JSON.stringify({ file, references: options.list("reference"), findings }, null, 2)}\n` : diagnosisText(file, findings, heard.countedSeconds));
}

function diagnosisText(file: string, findings: readonly Finding[], countedSeconds: number): string {
  if (findings.length === 0 && countedSeconds === 0) return `${printable(file)} is silent, or under -70 LUFS: there is nothing to judge.\n`;
  if (findings.length === 0) return `${printable(file)}: nothing is wrong.\n`;
  const head = `${printable(file)}: ${findings.length === 1 ? "one thing" : `${findings.length} things`} to mend, the worst first.\n`;
  return head + findings.map((finding, k) => `\n${findingText(finding, k + 1)}`).join("");
}

function findingText(finding: Finding, number: number): string {
  const { id, severity, confidence, sentence, cause, remedy, lesson, what, figure, limit, unit, against } = finding;
  const grade = severity < 0.55 ? "mild" : severity < 0.8 ? "clear" : "severe";
  const withUnit = (value: string): string => `${value} ${unit}`.trim();
  return [
    `${number}. ${TITLES[id]} (${grade}, ${confidence < 0.6 ? "perhaps" : "sure"})\n`,
    indented(3, sentence), labelled("Why:", cause), labelled("Do:", remedy.sentence), labelled("Lesson:", lesson),
    indented(3, `Measured, ${what}: ${withUnit(figure.toFixed(1))}; the limit is ${withUnit(`${limit}`)} (against ${against}).`),
  ].join("");
}

/** Text behind a label, in lines of the usual 80 columns. */
function labelled(label: string, text: string): string {
  return `   ${label.padEnd(8)}${indented(11, text).trimStart()}`;
}

function indented(columns: number, text: string): string {
  return wrapped(text, LINE_COLUMNS - columns).map((line) => `${" ".repeat(columns)}${line}\n`).join("");
}
