import { AutoTrim, mixerSentence } from "../meters/auto-trim.js";
import { readMeterRecord } from "../engine/meter-record.js";
import { numberOption, readArguments } from "./arguments.js";
import { openForProcessing } from "./processing-rate.js";
import { runSoundPass } from "./sound-pass.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const USAGE = "lacquer trim FILE [--seconds N] [--json]";

/**
 * `lacquer trim FILE [--seconds N] [--json]`: listens to a programme (all of it, or its first seconds) and says which
 * input trim, or which turn of the mixer, brings it to -18 dBFS RMS.
 */
export async function trimCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { values: ["seconds"], switches: ["json"] });
  const [file] = options.files;
  if (file === undefined || options.files.length > 1) throw new UsageError(`trim needs one sound file: ${USAGE}`);
  const text = options.value("seconds");
  const seconds = text === undefined ? Infinity : numberOption("seconds", text, 1, 36000);
  const source = await openForProcessing(file);
  const autoTrim = new AutoTrim();
  try {
    await runSoundPass(source, {
      stages: [],
      taps: "output",
      onRecord: (record) => {
        const { index, output } = readMeterRecord(record);
        if (index < seconds * 100) autoTrim.addBin(output.meanSquares, Math.max(...output.truePeaks));
      },
    });
  } finally {
    source.close();
  }
  const { advice } = autoTrim;
  if (options.isOn("json")) {
    terminal.out(`${JSON.stringify({ file, ...(advice ?? { trimDb: null, mixerDb: null, levelDbfs: null, truePeakDbtp: null }) }, null, 2)}\n`);
  } else if (advice === null) {
    terminal.out("Nothing was louder than -50 dBFS: there is no level to trim.\n");
  } else {
    const sign = advice.trimDb > 0 ? "+" : "";
    terminal.out(`The programme averages ${advice.levelDbfs.toFixed(1)} dBFS RMS, peaks at ${advice.truePeakDbtp.toFixed(1)} dBTP.\n`
      + `input.trimDb = ${sign}${advice.trimDb.toFixed(1)} dB brings it to -18 dBFS RMS. ${mixerSentence(advice.mixerDb)}\n`);
  }
}
