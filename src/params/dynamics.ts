import { choice, number, onOff, type Parameter } from "./parameter.js";

/** Defaults in which compressors differ. */
export interface DynamicsDefaults {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly attackMs: number;
  readonly releaseMs: number;
  readonly kneeDb: number;
}

/** The parameters of one compressor: the whole-band one's, and those of each band of the multiband compressor. */
export function dynamicsParameters(prefix: string, defaults: DynamicsDefaults): Parameter[] {
  return [
    number(`${prefix}.thresholdDb`, "Threshold", { range: [-60, 0], default: defaults.thresholdDb, unit: "dB", step: 0.5 },
      "Level above which it turns the sound down."),
    number(`${prefix}.ratio`, "Ratio", { range: [1, 20], default: defaults.ratio, unit: ":1", step: 0.1, taper: "log" },
      "How firmly it holds: at 2:1 every 2 dB over the threshold come out as 1 dB."),
    number(`${prefix}.attackMs`, "Attack", { range: [0.05, 300], default: defaults.attackMs, unit: "ms", step: 0.05, taper: "log" },
      "How fast it grabs (time to 63 %); longer lets drums punch through."),
    number(`${prefix}.releaseMs`, "Release", { range: [5, 3000], default: defaults.releaseMs, unit: "ms", step: 1, taper: "log" },
      "How fast it lets go (time to 63 %); too short pumps, too long dulls."),
    onOff(`${prefix}.autoRelease`, "Auto release", true,
      "Lets go fast after a single hit and slowly after a loud passage."),
    number(`${prefix}.kneeDb`, "Knee", { range: [0, 24], default: defaults.kneeDb, unit: "dB", step: 0.5 },
      "How softly it sets in around the threshold; 0 sets in at once."),
    number(`${prefix}.makeupDb`, "Makeup", { range: [-12, 24], default: 0, unit: "dB", step: 0.1 },
      "Gain after the compression."),
    onOff(`${prefix}.autoMakeup`, "Auto makeup", false,
      "Gives back the loudness that the compressor takes, so that on and off compare fairly."),
    choice(`${prefix}.detector`, "Detector", ["peak", "rms"], "rms",
      "Whether it listens to peaks or to the average level."),
    number(`${prefix}.linkPercent`, "Stereo link", { range: [0, 100], default: 100, unit: "%", step: 1 },
      "At 100 % both channels are turned down together, so the image stands still."),
    number(`${prefix}.mixPercent`, "Mix", { range: [0, 100], default: 100, unit: "%", step: 1 },
      "Parallel compression: share of the compressed sound in the result."),
  ];
}
