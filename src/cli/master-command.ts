import { loadTargets, platformReadings } from "../config/targets.js";
import { printable } from "../files/audio-file-error.js";
import { MATCH_LEAST_S, matchOf, matchValues, type MatchSuggestion } from "../analysis/match.js";
import { MAX_MEAN_LIMITING_DB } from "../meters/landing.js";
import { readMasterOptions, type MasterOptions } from "./master-options.js";
import { MasterReport } from "./master-report.js";
import { masterSource, type MasteringResult } from "./mastering.js";
import { openForProcessing } from "./processing-rate.js";
import { profileFiles, requireProgramme } from "./reference-profiles.js";
import { ProgressBar, type Terminal } from "./terminal.js";
import { adjustmentText, figureRows, figureText, tableText } from "./text.js";

/** `lacquer master IN OUT ...`: masters a file; see MASTER_USAGE. */
export async function masterCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const given = readMasterOptions(argv);
  const match = await matchWith(given, terminal);
  const options = match === undefined ? given : { ...given, values: new Map([...given.values, ...Object.entries(matchValues(match))]) };
  const source = await openForProcessing(options.input, options.rateHz);
  const bar = new ProgressBar(terminal);
  let result: MasteringResult;
  let report: MasterReport | undefined;
  try {
    if (options.reportPath !== undefined) report = new MasterReport(options.reportPath, source, options);
    result = await masterSource(
      { source, outputPath: options.output, format: options.format, values: options.values, targetLufs: options.targetLufs },
      { ...report?.observer, onProgress: (label, share) => bar.update(label, share) },
    );
  } catch (error) {
    report?.abort();
    throw error;
  } finally {
    bar.clear();
    source.close();
  }
  const platforms = platformReadings(loadTargets(), result.master.figures);
  report?.finish({ result, platforms, outcome: outcomeSentence(options, result) });
  if (options.isJson) {
    const { figures, ...master } = result.master;
    terminal.out(`${JSON.stringify({
      input: options.input,
      output: options.output,
      target: options.target?.id ?? null,
      targetLufs: options.targetLufs,
      ceilingDbtp: options.values.get("limiter.ceilingDbtp"),
      preset: options.presetName ?? null,
      trimDb: result.trimDb,
      driveDb: master.driveDb,
      landed: result.reason,
      message: outcomeSentence(options, result),
      meanLimitingDb: master.meanLimitingDb,
      maxLimitingDb: master.maxLimitingDb,
      passes: result.passes,
      before: result.before,
      after: figures,
      platforms,
      ...(match && { match: { references: options.references, amountPercent: options.amountPercent, bands: match.bands, hints: match.hints } }),
    }, null, 2)}\n`);
    return;
  }
  const rows = [["", "before", "after"], ...figureRows([result.before, result.master.figures])];
  terminal.out(`${printable(options.output)}\n\n${tableText(rows)}\n${outcomeSentence(options, result)}\n\n${match === undefined ? "" : matchText(match, options.amountPercent)}`
    + tableText(platforms.map((reading) => [reading.name, adjustmentText(reading)])));
}

/** The match to the references, if there are any; the equaliser of a preset makes room for it. */
async function matchWith({ input, references, amountPercent }: MasterOptions, terminal: Terminal): Promise<MatchSuggestion | undefined> {
  if (references.length === 0) return undefined;
  const profiles = await profileFiles(references, terminal);
  const [mix] = await profileFiles([input], terminal);
  requireProgramme([...references, input], [...profiles, ...(mix === undefined ? [] : [mix])], MATCH_LEAST_S);
  return mix && matchOf(mix, profiles, amountPercent);
}

/** What the match does, and what the equaliser cannot do. */
function matchText({ bands, hints }: MatchSuggestion, amountPercent: number): string {
  const rows = bands.map(({ shape, freqHz, gainDb, q }) => [shape, `${freqHz} Hz`, `${gainDb > 0 ? "+" : ""}${gainDb.toFixed(1)} dB`, `Q ${q}`]);
  const head = `Matched to the references (${amountPercent} % of the way)${bands.length === 0 ? ": nothing to change" : ""}.\n`;
  return `${head}${tableText(rows)}${hints.map((hint) => `${hint}\n`).join("")}\n`;
}

/** What came out, and where it falls short of the target: why, and by how much limiting. */
function outcomeSentence(options: Pick<MasterOptions, "targetLufs">, result: MasteringResult): string {
  const { master, trimDb } = result;
  const work = `Trim ${figureText(trimDb, "dB")}, drive ${figureText(master.driveDb, "dB")}; `
    + `the limiter takes ${master.meanLimitingDb.toFixed(1)} dB on average, ${master.maxLimitingDb.toFixed(1)} dB at most.`;
  const loudness = figureText(master.integratedLufs, "LUFS");
  const target = figureText(options.targetLufs, "LUFS");
  switch (result.reason) {
    case "landed":
      return `Landed on ${target}. ${work}`;
    case "no-target":
      return `No loudness was asked for: ${loudness}. ${work}`;
    case "silent":
      return result.before.samplePeakDbfs === null
        ? "The programme is silent: there is no loudness to land."
        : `The programme is too short (under 400 ms) or too quiet (under -70 LUFS) to have a loudness: it was not landed. ${work}`;
    case "limiting":
      return `${target} was not reached: ${loudness} is the best under this ceiling with at most `
        + `${MAX_MEAN_LIMITING_DB} dB of limiting on average; more would only flatten it. ${work}`;
    case "drive-range":
      return `${target} was not reached: ${loudness} is as near as the range of the drive allows. ${work}`;
    case "passes":
      return `${target} was not met within the tolerance: ${loudness}. ${work}`;
  }
}
