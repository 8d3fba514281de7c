import { loadTargets, platformReadings, type PlatformReading } from "../config/targets.js";
import { printable } from "../files/audio-file-error.js";
import { readArguments } from "./arguments.js";
import { measureSource, type Figures } from "./figures.js";
import { openForProcessing } from "./processing-rate.js";
import { ProgressBar, type Terminal } from "./terminal.js";
import { adjustmentText, figureRows, tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

interface Measurement extends Figures {
  readonly file: string;
  readonly platforms: readonly PlatformReading[];
}

/** `lacquer measure FILE... [--json]`: loudness and peaks of files, and what the platforms would do to them. */
export async function measureCommand(argv: readonly string[], terminal: Terminal): Promise<void> {
  const options = readArguments(argv, { switches: ["json"] });
  if (options.files.length === 0) throw new UsageError("measure needs a sound file: lacquer measure FILE... [--json]");
  const targets = loadTargets();
  const bar = new ProgressBar(terminal);
  const measurements: Measurement[] = [];
  for (const file of options.files) {
    const source = await openForProcessing(file);
    try {
      const figures = await measureSource(source, { onProgress: (share) => bar.update("Measuring", share) });
      measurements.push({ file, ...figures, platforms: platformReadings(targets, figures) });
    } finally {
      bar.clear();
      source.close();
    }
  }
  if (options.isOn("json")) {
    terminal.out(`${JSON.stringify(measurements.length === 1 ? measurements[0] : measurements, null, 2)}\n`);
    return;
  }
  terminal.out(measurements.map(measurementText).join("\n"));
}

function measurementText(measurement: Measurement): string {
  const platforms = measurement.platforms.map((reading) => [reading.name, adjustmentText(reading)]);
  return `${printable(measurement.file)}\n\n${tableText(figureRows([measurement]))}\n${tableText(platforms)}`;
}
