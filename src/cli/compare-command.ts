import { basename } from "node:path";
import { comparisonOf, saidOf, type Comparison } from "../analysis/comparison.js";
import type { SoundProfile } from "../analysis/sound-profile.js";
import { AtomicFile } from "../files/atomic-file.js";
import { printable } from "../files/audio-file-error.js";
import { isSameFile } from "../files/same-file.js";
import { tenthsText } from "../meters/decibels.js";
import { readArguments } from "./arguments.js";
import { renderComparison } from "./comparison-report.js";
import { wrapped } from "./painter.js";
import { profileFiles, referenceFiles, requireProgramme } from "./reference-profiles.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

export const COMPARE_USAGE = "lacquer compare MIX REFERENCE... [--json] [--report FILE.html]";

const LINE_COLUMNS = 80;

/** `lacquer compare MIX REFERENCE... [--json] [--report FILE.html]`: a mix beside its references. */
export async function compareCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { values: ["report"], switches: ["json"] });
  const [mix, ...references] = options.files;
  if (mix === undefined || references.length === 0) throw new UsageError(`compare needs a mix and one reference at least: ${COMPARE_USAGE}`);
  const reportPath = options.value("report");
  if (reportPath !== undefined && options.files.some((path) => isSameFile(path, reportPath))) {
    throw new UsageError(`${reportPath} is one of the sounds; give the report another name.`);
  }
  const report = reportPath === undefined ? undefined : new AtomicFile(reportPath);
  try {
    const profiles = await profileFiles([mix, ...referenceFiles(references)], terminal);
    requireProgramme([mix, ...references], profiles);
    const [profile, ...others] = profiles;
    const comparison = comparisonOf(profile as SoundProfile, others);
    report?.write(Buffer.from(renderComparison({ mixName: basename(mix), referenceNames: references.map((path) => basename(path)), comparison })));
    report?.commit();
    terminal.out(options.isOn("json") ? `${JSON.stringify({ mix, references, ...comparison }, null, 2)}\n` : comparisonText(mix, comparison));
  } catch (error) {
    report?.abort();
    throw error;
  }
}

function comparisonText(mix: string, comparison: Comparison): string {
  const rows = comparison.figures.map(({ what, unit, mix: own, references: { low, middle, high } }) =>
    [what, tenthsText(own), tenthsText(middle), low === high ? "" : `${tenthsText(low)} to ${tenthsText(high)}`, unit]);
  const lines = saidOf(comparison).flatMap((sentence) => wrapped(sentence, LINE_COLUMNS));
  return `${printable(mix)}\n\n${tableText([["", "yours", "references", "", ""], ...rows])}\n${lines.map((line) => `${line}\n`).join("")}`;
}
