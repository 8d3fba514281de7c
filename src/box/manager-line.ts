import type { AudioHealth } from "../hal/audio-health.js";

/** The state of the box in a line, for whoever asks the service manager (`systemctl status`). */
export function managerLine({ state, detail, format, latency }: AudioHealth): string {
  if (state !== "running" || format === null) return `No sound (${state})${detail === "" ? "" : `: ${detail}`}`;
  const { device, sampleRateHz, periodFrames, periods } = format;
  const line = `Sound flows through ${device}: ${sampleRateHz} Hz, ${periodFrames} x ${periods} frames, ${latency.totalMs.toFixed(1)} ms`;
  return detail === "" ? line : `${line}. ${detail}`;
}
