import type { Song } from "./messages.js";

const HEAD = [
  "number", "name", "start", "end", "duration_s", "integrated_lufs", "loudness_range_lu", "max_true_peak_dbtp", "xruns", "clips", "bypassed_s",
] as const;

/**
 * Text of a cell (RFC 4180). What a table program would take for a formula gets an apostrophe in front, so that the name of
 * a song runs nothing there (OWASP, CSV Injection).
 */
function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function numberCell(value: number | null, digits: number): string {
  return value === null ? "" : value.toFixed(digits);
}

/** The songs as a table of comma-separated values (RFC 4180), a line each; figures that nothing was measured for are empty. */
export function songsCsv(songs: readonly Song[]): string {
  const rows = songs.map((song) => [
    String(song.index), textCell(song.name), textCell(song.startedAt), textCell(song.endedAt ?? ""), numberCell(song.durationS, 2),
    numberCell(song.integratedLufs, 2), numberCell(song.loudnessRangeLu, 2), numberCell(song.maxTruePeakDbtp, 2),
    String(song.faults.xruns), String(song.faults.clips), numberCell(song.faults.bypassedS, 2),
  ]);
  return [HEAD, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}
