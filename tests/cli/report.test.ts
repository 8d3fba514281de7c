import { describe, expect, it } from "vitest";
import type { Figures } from "../../src/cli/figures.js";
import { balanceChange } from "../../src/cli/report-charts.js";
import type { ReportData } from "../../src/cli/report-data.js";
import { linearScale, linePath } from "../../src/cli/report-plot.js";
import { renderReport } from "../../src/cli/report.js";
import { changeText, clockText, decimalText, trueMinus } from "../../src/cli/report-text.js";
import { requireWellFormed } from "../support/well-formed.js";

const BEFORE: Figures = {
  integratedLufs: -20, loudnessRangeLu: 8, maxMomentaryLufs: -15, maxShortTermLufs: -17, truePeakDbtp: -3,
  samplePeakDbfs: -3.2, plrDb: 17,
};
const AFTER: Figures = {
  integratedLufs: -14, loudnessRangeLu: 6.5, maxMomentaryLufs: -10.4, maxShortTermLufs: -12, truePeakDbtp: -1,
  samplePeakDbfs: -1.4, plrDb: 13,
};
const SILENT: Figures = {
  integratedLufs: null, loudnessRangeLu: null, maxMomentaryLufs: null, maxShortTermLufs: null, truePeakDbtp: null,
  samplePeakDbfs: null, plrDb: null,
};
const FREQ_HZ = [20, 200, 2000, 20_000];

function data(changes: Partial<ReportData> = {}): ReportData {
  return {
    inputName: "Song.wav", inputFormat: "WAV, 24-bit PCM", outputName: "master.wav", outputFormat: "WAV, 16-bit PCM",
    date: "22 November 2026", targetName: "Spotify", targetLufs: -14, ceilingDbtp: -1, presetName: "glue",
    outcome: "Landed on -14.0 LUFS.", isOnTarget: true, trimDb: -2.5, driveDb: 8.5, meanLimitingDb: 1.2, maxLimitingDb: 4.1,
    before: BEFORE, after: AFTER, platforms: [{ id: "spotify", name: "Spotify", loudnessLufs: -14, adjustmentDb: -1.5 }], platformsDate: "2026-11",
    loudness: {
      stepS: 0.1, beforeMomentaryLufs: [null, -21, -20], beforeShortTermLufs: [null, null, -24],
      afterMomentaryLufs: [null, -15, -13], afterShortTermLufs: [null, -18, -12],
    },
    reduction: { stepS: 0.1, compressorDb: [0, 1, 2], multibandDb: [[0, 0, 0], [0, 3, 0]], limiterDb: [0, 6, 0] },
    spectrumBefore: { freqHz: FREQ_HZ, levelDbfs: [-40, -20, -30, null] },
    spectrumAfter: { freqHz: FREQ_HZ, levelDbfs: [-36, -14, -22, null] },
    ...changes,
  };
}

const SILENCE: Partial<ReportData> = {
  before: SILENT, after: SILENT, targetLufs: null, targetName: null, presetName: null, platforms: [],
  loudness: { stepS: 0.1, beforeMomentaryLufs: [], beforeShortTermLufs: [null], afterMomentaryLufs: [], afterShortTermLufs: [] },
  reduction: { stepS: 0.1, compressorDb: [], multibandDb: [], limiterDb: [] },
  spectrumBefore: { freqHz: FREQ_HZ, levelDbfs: [null, null, null, null] },
  spectrumAfter: { freqHz: FREQ_HZ, levelDbfs: [null, null, null, null] },
};

/** The chart with the title given. */
function chart(page: string, title: string): string {
  return /<figure[\s\S]*?<\/figure>/g[Symbol.match](page)!.find((figure) => figure.includes(`<h2>${title}</h2>`))!;
}

function pathsOf(figure: string, tone: string): string[] {
  return [...figure.matchAll(/<path class="([^"]*)" d="([^"]*)"/g)].filter(([, name]) => name === tone).map(([, , d]) => d!);
}

describe("the page", () => {
  it.each([["a run", {}], ["silence", SILENCE]])("is well-formed for %s, without a number that is none", (_, changes) => {
    const page = renderReport(data(changes));
    requireWellFormed(page);
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it("needs nothing from elsewhere: no script, no address, no other file", () => {
    expect(renderReport(data())).not.toMatch(/<script|https?:|src=|href=|url\(|@import|\bon\w+=/i);
  });

  it("escapes every text that comes from outside", () => {
    const evil = "</title><script>alert(\"x\")</script>&\u0000'";
    const page = renderReport(data({
      inputName: evil, inputFormat: evil, outputName: evil, outputFormat: evil, date: evil, targetName: evil, presetName: evil,
      outcome: evil, platformsDate: evil, platforms: [{ id: evil, name: evil, loudnessLufs: -14, adjustmentDb: 1 }],
    }));
    requireWellFormed(page);
    expect(page).not.toContain("<script");
    expect(page.match(/&lt;script&gt;alert\(&quot;x&quot;\)/g)).toHaveLength(11);
  });

  it("shows each figure before, after, and its change", () => {
    const rows = renderReport(data()).replace(/\s+/g, " ");
    for (const [name, ...cells] of [
      ["Integrated loudness", "\u221220.0", "\u221214.0", "+6.0"], ["Max momentary", "\u221215.0", "\u221210.4", "+4.6"],
      ["Max short-term", "\u221217.0", "\u221212.0", "+5.0"], ["Loudness range", "8.0", "6.5", "\u22121.5"],
      ["True peak", "\u22123.0", "\u22121.0", "+2.0"], ["Sample peak", "\u22123.2", "\u22121.4", "+1.8"],
      ["Peak to loudness", "17.0", "13.0", "\u22124.0"],
    ] as const) {
      const row = new RegExp(`<th scope="row">${name}<small>[A-Za-z]+</small></th> <td>${cells[0]}</td><td class="now">${cells[1]}</td> `
        + `<td class="soft">${cells[2].replace("+", "\\+")}</td>`);
      expect(rows).toMatch(row);
    }
  });

  it("shows target, ceiling, preset, trim, drive, limiting and what the platforms do", () => {
    const page = renderReport(data());
    for (const text of ["Spotify, \u221214.0 LUFS", "\u22121.0 dBTP", "glue", "\u22122.5<small>dB", "+8.5<small>dB", "1.2<small>dB",
      "4.1<small>dB", "turned down by 1.5 dB", "Landed on \u221214.0 LUFS.", "22 November 2026"]) {
      expect(page).toContain(text);
    }
    expect(page).toContain('class="outcome good"');
    expect(renderReport(data({ isOnTarget: false }))).toContain('class="outcome"');
  });
});

describe("the charts", () => {
  it("draw the loudness against time and level: 1000 wide, 400 high", () => {
    const figure = chart(renderReport(data()), "Loudness over time");
    // The loudest moment is -12, the quietest -24: the axis runs from -6 to -30; 0.2 s are the whole width.
    expect(figure).toContain('<span class="start" style="top:0%">\u22126</span>');
    expect(figure).toContain('<span class="end" style="top:100%">\u221230</span>');
    const [after] = pathsOf(figure, "line after");
    const [target] = pathsOf(figure, "line target");
    const y = (lufs: number): number => Math.round((4000 * (-6 - lufs)) / 24) / 10;
    expect(after).toBe(`M500 ${y(-18)}h0L1000 ${y(-12)}`);
    expect(target).toBe(`M0 ${y(-14)}H1000`);
    expect(pathsOf(figure, "line before")).toEqual([`M1000 ${y(-24)}h0`]);
  });

  it("hang the reductions from the top and leave out what is idle", () => {
    const figure = chart(renderReport(data()), "Gain reduction");
    // 6 dB at most: the range is 6 dB over 400 units.
    expect(pathsOf(figure, "area limiter")).toEqual(["M0 0L0 0L500 400L1000 0L1000 0Z"]);
    expect(pathsOf(figure, "line compressor")).toEqual(["M0 0h0L500 66.7L1000 133.3"]);
    expect(pathsOf(figure, "line band2")).toEqual(["M0 0h0L500 200L1000 0"]);
    expect(pathsOf(figure, "line band1")).toEqual([]);
    expect(figure).not.toContain("Band 1");
  });

  it("place decades of frequency at equal distances, and break where there is no level", () => {
    const [after] = pathsOf(chart(renderReport(data()), "Spectrum"), "line after");
    expect([...after!.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x))).toEqual([0, 333.3, 666.7]);
  });

  it("compare the balance at equal loudness: 6 LU louder and 6 dB more is no change", () => {
    expect(balanceChange(data())).toEqual([-2, 0, 2, null]);
    const [after] = pathsOf(chart(renderReport(data()), "Change of balance"), "line after");
    expect(after).toBe("M0 333.3h0L333.3 200L666.7 66.7");
  });

  it("say so when there is nothing to draw", () => {
    const page = renderReport(data(SILENCE));
    expect(page).toContain("The programme is silent");
    expect(page).toContain("no gain was reduced");
    expect(page.match(/There is no sound to show\./g)).toHaveLength(2);
  });

  it("keep the largest level of each step when hours are thinned out to 500 points", () => {
    const limiterDb = new Array<number>(50_000).fill(0);
    limiterDb[31_234] = 3;
    const page = renderReport(data({ reduction: { stepS: 0.1, compressorDb: [], multibandDb: [], limiterDb } }));
    const [area] = pathsOf(chart(page, "Gain reduction"), "area limiter");
    expect(area!.match(/L/g)!.length).toBeLessThanOrEqual(502);
    expect(area!.match(/ 400L/g)).toHaveLength(1);
    expect(page.length).toBeLessThan(60_000);
  });
});

describe("the parts", () => {
  it("a line breaks at null and NaN, and a lone point is a dot", () => {
    const y = linearScale(0, 10, 100, 0);
    expect(linePath([0, 1, 2, 3, 4, 5], [0, 5, null, 10, NaN, 20], y)).toBe("M0 100h0L1 50M3 0h0M5 0h0");
    expect(linePath([], [], y)).toBe("");
  });

  it("numbers have one decimal and a true minus; nothing is -0.0", () => {
    expect([-1.26, -0.04, 0, 3, null, NaN].map(decimalText)).toEqual(["\u22121.3", "0.0", "0.0", "3.0", "\u2013", "\u2013"]);
    expect([0.04, 2, -2, null].map(changeText)).toEqual(["0.0", "+2.0", "\u22122.0", "\u2013"]);
    expect([0, 61, 3725].map(clockText)).toEqual(["0:00", "1:01", "1:02:05"]);
    expect(trueMinus("from -6 to 3-4 in mix-2.wav")).toBe("from \u22126 to 3-4 in mix-2.wav");
  });
});
