import { describe, expect, it } from "vitest";
import type { Song } from "../../src/protocol/messages.js";
import { songsCsv } from "../../src/protocol/songs-csv.js";

const SONG: Song = {
  index: 1, name: "Waltz", startedS: 0, durationS: 61.5, integratedLufs: -14.04, loudnessRangeLu: 5.25, maxTruePeakDbtp: -1, startedAt: "2026-11-23T10:00:00.000Z",
  endedAt: "2026-11-23T10:01:01.500Z", faults: { xruns: 0, clips: 2, bypassedS: 1.5 },
};

/** Cells of a line that holds no quoted comma. */
const cells = (text: string, line: number): readonly string[] => text.split("\r\n")[line]!.split(",");

describe("the songs as comma-separated values", () => {
  it("are a head and a line each, ended by CR and LF (RFC 4180)", () => {
    const text = songsCsv([SONG]);
    expect(cells(text, 0)).toHaveLength(11);
    expect(cells(text, 1)).toEqual(["1", "Waltz", SONG.startedAt, SONG.endedAt, "61.50", "-14.04", "5.25", "-1.00", "0", "2", "1.50"]);
    expect(text.endsWith("\r\n")).toBe(true);
  });

  it("leave out what was not measured", () => {
    expect(cells(songsCsv([{ ...SONG, integratedLufs: null, loudnessRangeLu: null, maxTruePeakDbtp: null, endedAt: null }]), 1).slice(3, 8)).toEqual(["", "61.50", "", "", ""]);
  });

  // OWASP, CSV Injection: these characters begin a formula.
  it.each(["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("make no formula of the name %j", (name) => {
    const [, row] = songsCsv([{ ...SONG, name }]).split("\r\n1,");
    expect(row).toMatch(/^"?'/);
  });

  it("quote commas, quotes and line ends, and double the quotes", () => {
    expect(songsCsv([{ ...SONG, name: 'Say "no", then\nyes' }])).toContain('1,"Say ""no"", then\nyes",2026');
  });
});
