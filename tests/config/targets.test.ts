import { describe, expect, it } from "vitest";
import { findTarget, loadTargets, platformAdjustment } from "../../src/config/targets.js";
import { temporaryFile } from "../support/temporary-file.js";

const targets = loadTargets();

describe("the targets of the product", () => {
  // ITU-R BS.1770 loudness and ceilings: EBU R 128, ATSC A/85:2013, the platforms' pages named in the file.
  it.each([
    ["spotify", -14, -1],
    ["apple-music", -16, -1],
    ["youtube", -14, -1],
    ["tidal", -14, -1],
    ["amazon", -14, -2],
    ["deezer", -15, -1],
    ["podcast", -16, -1],
    ["ebu-r128", -23, -1],
    ["atsc", -24, -2],
    ["cd", null, -0.3],
    ["vinyl", null, -3],
  ])("has %s at %s LUFS and %d dBTP", (id, loudnessLufs, ceilingDbtp) => {
    expect(findTarget(targets, id)).toMatchObject({ id, loudnessLufs, ceilingDbtp });
  });
});

describe("findTarget", () => {
  it.each([["apple", "apple-music"], ["Apple Music", "apple-music"], ["broadcast", "ebu-r128"], ["R128", "ebu-r128"], ["YT", "youtube"]])(
    "finds %s as %s", (name, id) => {
      expect(findTarget(targets, name).id).toBe(id);
    });

  it("suggests a near name and lists all", () => {
    expect(() => findTarget(targets, "spotfy"))
      .toThrow("There is no target \"spotfy\". Did you mean \"spotify\"? There are spotify, apple-music, youtube");
  });
});

describe("platformAdjustment", () => {
  const adjust = (id: string, lufs: number | null, dbtp: number | null) => platformAdjustment(findTarget(targets, id), lufs, dbtp);

  it.each([
    // Spotify's own example: -20 LUFS with a true peak of -5 dB is lifted to -16 LUFS.
    ["spotify", -20, -5, 4],
    ["spotify", -16, -5, 2],
    ["spotify", -16, -0.5, 0],
    ["spotify", -9, -1, -5],
    ["spotify", -14, -1, 0],
    ["apple-music", -20, -1, 4],
    ["apple-music", -9, -1, -7],
    ["youtube", -9, -1, -5],
    ["youtube", -20, -10, 0],
    ["tidal", -20, -10, 0],
    ["amazon", -9, -1, -5],
    ["amazon", -20, -10, null],
    ["amazon", -14.04, -2, 0],
    ["podcast", -12, -1, null],
    ["ebu-r128", -20, -1, -3],
    ["ebu-r128", -26, -4, 3],
    ["cd", -9, 0, 0],
    ["spotify", -Infinity, -Infinity, null],
    ["spotify", NaN, -1, null],
    ["spotify", null, null, null],
  ])("says that %s turns a master of %s LUFS and %s dBTP by %s dB", (id, lufs, dbtp, adjustment) => {
    expect(adjust(id, lufs, dbtp)).toBe(adjustment);
  });

  it("never turns Spotify's masters over -1 dBTP, nor any master past its level, from -30 to -5 LUFS", () => {
    for (const target of targets) {
      for (let lufs = -30; lufs <= -5; lufs += 0.5) {
        for (const dbtp of [-12, -6, -1, 0]) {
          const byDb = platformAdjustment(target, lufs, dbtp);
          if (byDb === null || target.loudnessLufs === null) continue;
          expect(Math.abs(byDb)).toBeLessThanOrEqual(Math.abs(target.loudnessLufs - lufs));
          if (target.id === "spotify" && byDb > 0) expect(dbtp + byDb).toBeLessThanOrEqual(-1);
        }
      }
    }
  });
});

describe("loadTargets", () => {
  const target = {
    id: "here", name: "Here", aliases: ["h"], loudnessLufs: -14, ceilingDbtp: -1,
    normalisation: { turnsDown: true, turnsUp: null, upToDbtp: null }, source: "A page.", date: "2026-11",
  };
  const file = (...list: readonly unknown[]) =>
    temporaryFile("targets.json", JSON.stringify({ version: 1, targets: list }, null, 1));

  it("reads a file of one's own", () => {
    expect(loadTargets(file(target))).toEqual([target]);
  });

  it.each([
    [{ ...target, loudnessLufs: 14 }, "targets.json:10: targets[0].loudnessLufs is 14; allowed -40 to -5, or null."],
    [{ ...target, ceilingDbtp: 1 }, "targets.json:11: targets[0].ceilingDbtp is 1; allowed -12 to 0."],
    [{ ...target, ceilingDbtp: null }, "targets.json:11: targets[0].ceilingDbtp is null; allowed -12 to 0."],
    [{ ...target, id: "He re" }, "targets.json:5: targets[0].id is \"He re\"; allowed small letters, digits and hyphens."],
    [{ ...target, aliases: [1] }, "targets.json:7: targets[0].aliases is [1]; allowed a list of texts in brackets."],
    [{ ...target, normalisation: { ...target.normalisation, turnsUp: "yes" } },
      "targets.json:14: targets[0].normalisation.turnsUp is \"yes\"; allowed true, false, null."],
    [{ ...target, celingDbtp: 1 }, "Did you mean \"ceilingDbtp\"?"],
  ])("refuses %j", (wrong, message) => {
    expect(() => loadTargets(file(wrong))).toThrow(message);
  });

  it("refuses a name that two targets share, a bad date and a missing list", () => {
    expect(() => loadTargets(file(target, { ...target, id: "there" }))).toThrow("\"h\" names both here and there; keep one.");
    expect(() => loadTargets(file({ ...target, date: "2026" })))
      .toThrow("targets[0].date is \"2026\"; allowed a month, such as 2026-11.");
    expect(() => loadTargets(temporaryFile("targets.json", "{\"version\": 1, \"targets\": {}}")))
      .toThrow("the file.targets is {}; allowed a list in brackets.");
  });
});
