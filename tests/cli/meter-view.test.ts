import { describe, expect, it } from "vitest";
import { ASCII, bar, BLOCKS } from "../../src/cli/bars.js";
import { MeterModel } from "../../src/cli/meter-model.js";
import { distanceText } from "../../src/cli/meter-line.js";
import { meterPicture } from "../../src/cli/meter-view.js";
import { painted, widthOf } from "../../src/cli/painter.js";
import { loadTargets } from "../../src/config/targets.js";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { boxStatus, controlState, meterSnapshot } from "../support/fake-box.js";

const NOW_MS = 1000;

function model(snapshot: Partial<MeterSnapshot> = {}): MeterModel {
  const made = new MeterModel(controlState(), loadTargets(), NOW_MS);
  made.status = boxStatus();
  made.addSnapshot({ ...meterSnapshot(0), ...snapshot }, NOW_MS);
  return made;
}

function picture(made: MeterModel, columns = 80, rows = 40, nowMs = NOW_MS): string[] {
  return meterPicture(made, { columns, rows, glyphs: ASCII }, nowMs).map((line) => painted(line, columns, 0));
}

describe("the terminal meter", () => {
  it("fits every terminal from 8 to 140 columns and from 1 to 50 rows", () => {
    const made = model({ inputClips: 3 });
    made.addNotice({ type: "notice", level: "warning", subject: "sound", sentence: "A sentence that is rather long, so that it does not fit into one line of a terminal of usual width.", times: 1 }, NOW_MS);
    for (let columns = 8; columns <= 140; columns += 3) {
      for (const rows of [1, 4, 10, 18, 24, 30, 50]) {
        const lines = meterPicture(made, { columns, rows, glyphs: BLOCKS }, NOW_MS);
        expect(lines.length, `${columns} x ${rows}`).toBeLessThanOrEqual(rows);
        for (const line of lines) expect([...painted(line, columns, 0)].length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it("keeps the loudness figures when there is room for little else", () => {
    expect(picture(model({ integratedLufs: -16.3 }), 80, 3).join("\n")).toContain("I -16.3 LUFS");
  });

  it.each([[-16.3, "2.3 LU to go"], [-13.6, "0.4 LU over"], [-14.04, "on target"], [-13.96, "on target"]])(
    "says of %d LUFS against -14: %s", (lufs, text) => {
      expect(distanceText(lufs, -14)).toBe(text);
      expect(picture(model({ integratedLufs: lufs })).join("\n")).toContain(`-14 LUFS   ${text}`);
    },
  );

  // The scale runs from 27 LU below the target to 9 above it, over 76 cells behind 3 columns.
  it("fills the bar up to the short-term loudness and draws the target at three quarters of the scale", () => {
    const lines = picture(model({ shortTermLufs: -23, momentaryLufs: -41 }));
    const row = lines.find((line) => line.startsWith(" S "))!;
    expect(row.indexOf("|")).toBe(3 + Math.floor(76 * 27 / 36));
    expect([...row].filter((character) => character === "#")).toHaveLength(Math.floor(76 * 18 / 36));
    expect(lines.find((line) => line.startsWith(" M "))).not.toContain("#");
  });

  it("shows dashes, not numbers, where there is nothing to measure", () => {
    const silent = model({
      momentaryLufs: null, shortTermLufs: null, integratedLufs: null, loudnessRangeLu: null, maxMomentaryLufs: null, maxShortTermLufs: null,
      maxTruePeakDbtp: null, correlation: null, output: { truePeakDbtp: [null, null], rmsDbfs: [null, null] },
    });
    const text = picture(silent).join("\n");
    expect(text).toMatch(/I +-- LUFS +S +-- LUFS +M +-- LUFS/);
    expect(text).not.toMatch(/NaN|null|undefined|Infinity/);
  });

  it("draws no loudness target for a CD, which has none", () => {
    const made = model();
    made.addChange({ type: "change", sequence: 1, source: "cli", state: { target: "cd" } });
    const text = picture(made).join("\n");
    expect(text).toContain("no loudness target");
    expect(text).not.toContain("to go");
  });

  it("warns of a bypass, of meters that stand still for more than 500 ms, and of sound that does not flow", () => {
    const made = model();
    expect(picture(made)[0]).toMatch(/ running$/);
    made.addChange({ type: "change", sequence: 1, source: "cli", state: { values: { "chain.bypass": 1 } } });
    expect(picture(made)[1]).toContain("BYPASS");
    expect(picture(made, 80, 40, NOW_MS + 501)[0]).toMatch(/ no sound$/);
    made.status = { ...boxStatus(), audio: { ...boxStatus().audio, state: "waiting", detail: "The card is gone." } };
    expect(picture(made)[0]).toMatch(/ waiting$/);
    expect(picture(made).join("\n")).toContain("The card is gone.");
  });

  it("marks a true peak over the ceiling, and one that is shown as high as the ceiling is none", () => {
    const tones = (peak: number): (string | undefined)[] => {
      const made = model({ maxTruePeakDbtp: peak });
      const lines = meterPicture(made, { columns: 80, rows: 40, glyphs: ASCII }, NOW_MS);
      return lines.flat().filter(([text]) => text.trim() === peak.toFixed(1)).map(([, tone]) => tone);
    };
    expect(tones(-0.9)).toContain("alarm");
    expect(tones(-0.96)).not.toContain("alarm");
  });

  it("holds a peak for 1.5 s of sound and lets it fall by 20 dB a second then", () => {
    const made = model({ bin: 0, output: { truePeakDbtp: [-3, -3], rmsDbfs: [-20, -20] } });
    const quiet = { truePeakDbtp: [-60, -60], rmsDbfs: [-60, -60] } as const;
    for (let bin = 10; bin <= 150; bin += 10) made.addSnapshot({ ...meterSnapshot(bin), output: quiet }, NOW_MS);
    expect(made.outputHolds[0].valueDb).toBe(-3);
    for (let bin = 160; bin <= 250; bin += 10) made.addSnapshot({ ...meterSnapshot(bin), output: quiet }, NOW_MS);
    expect(made.outputHolds[0].valueDb).toBeCloseTo(-23, 6);
  });

  it("uses plain characters alone without Unicode, and no escape sequence without colours", () => {
    const text = picture(model()).join("");
    expect([...text].every((character) => character >= " " && character <= "~")).toBe(true);
  });

  it("shows a notice for 12 s, then what stands", () => {
    const made = model();
    made.status = { ...boxStatus(), notices: ["The settings cannot be saved."] };
    made.addNotice({ type: "notice", level: "info", subject: "sound", sentence: "Sound flows again.", times: 1 }, NOW_MS);
    expect(picture(made).join("\n")).toContain("Sound flows again.");
    expect(picture(made, 80, 40, NOW_MS + 12_001).join("\n")).toContain("The settings cannot be saved.");
  });
});

describe("a bar", () => {
  it.each([[0, 0, ""], [0.5, 5, ""], [0.55, 5, "▌"], [1, 10, ""], [7, 10, ""], [-1, 0, ""], [NaN, 0, ""]])(
    "of 10 cells at %d has %d full ones, then %j", (share, full, part) => {
      const text = bar(BLOCKS, { cells: 10, share, tone: () => "good" }).map(([piece]) => piece).join("");
      expect(text).toBe(`${"█".repeat(full)}${part}`.padEnd(10));
    },
  );

  it("takes exactly its cells, with marks on it", () => {
    for (let share = -0.2; share < 1.2; share += 0.013) {
      const line = bar(BLOCKS, { cells: 33, share, tone: () => "good", marks: [[share, "|", "mark"], [1, "|", "mark"]] });
      expect(widthOf(line)).toBe(33);
    }
  });
});
