import { execFileSync, spawnSync } from "node:child_process";

/** What ffmpeg's ebur128 filter reads from a file: an independent BS.1770 meter. */
export interface FfmpegReading {
  readonly integratedLufs: number;
  readonly loudnessRangeLu: number;
  readonly truePeakDbtp: number;
}

export function ffmpegLoudness(path: string): FfmpegReading {
  const { stderr } = spawnSync("ffmpeg", ["-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"], { encoding: "utf8", maxBuffer: 2 ** 28 });
  const summary = stderr.slice(stderr.lastIndexOf("Summary:"));
  const read = (label: string): number => {
    const match = new RegExp(`^ +${label}: +(-?[\\d.]+)`, "m").exec(summary);
    if (!match) throw new Error(`ffmpeg printed no ${label} for ${path}: ${stderr.slice(-400)}`);
    return Number(match[1]);
  };
  return { integratedLufs: read("I"), loudnessRangeLu: read("LRA"), truePeakDbtp: read("Peak") };
}

/** Integrated loudness to 0.001 LU from the filter's metadata, where the summary rounds to 0.1. */
export function ffmpegIntegratedLufs(path: string): number {
  const out = execFileSync("ffmpeg", ["-v", "error", "-nostats", "-i", path, "-af", "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-", "-f", "null", "-"], { encoding: "utf8", maxBuffer: 2 ** 28 });
  const readings = [...out.matchAll(/lavfi\.r128\.I=(-?[\d.]+)/g)];
  const last = readings.at(-1)?.[1];
  if (last === undefined) throw new Error(`ffmpeg read no loudness from ${path}.`);
  return Number(last);
}
