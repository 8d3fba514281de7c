import { beforeAll, describe, expect, it } from "vitest";
import { DAMAGES, type Damage } from "../support/damages.js";
import { confusionTable, damagesOf, judgeTrack, loadTrack, missedOf, remediesOf, TUNED, type TrackResult } from "../support/labelled-set.js";

const SEED = 1;
/** Remedies are taken of one damage of a track in so many. */
const REMEDY_SHARE = 8;

/** Eight tracks with every damage: `npm run bench -- diagnosis` does five more, other halves, and all remedies. */
describe("diagnosis of eight real tracks that were damaged in known ways", () => {
  const results: TrackResult[] = [];
  beforeAll(async () => {
    for (const [k, path] of TUNED.entries()) {
      const track = await loadTrack(path, SEED);
      const turn = (damage: Damage): number => DAMAGES.indexOf(damage) + k;
      results.push(await judgeTrack(track, damagesOf(track), (damage) => turn(damage) % REMEDY_SHARE === 0));
    }
  }, 600_000);

  it("names every damage among its first two findings, with the right remedy, against the whole undamaged track as reference", () => {
    console.log(confusionTable(results.flatMap(({ verdicts }) => verdicts)).join("\n"));
    expect(missedOf(results)).toEqual([]);
  });

  it("raises at most one false alarm on each undamaged track", () => {
    console.log(`false alarms: ${results.map(({ name, alarms }) => `${name} ${alarms.join(" ") || "none"}`).join("; ")}`);
    for (const { name, alarms } of results) expect(alarms.length, name).toBeLessThanOrEqual(1);
  });

  it("brings the figure under its limit by the remedy that it proposes, wherever the box has one", () => {
    const { taken, tooWeak } = remediesOf(results);
    console.log(`${taken} remedies taken`);
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(tooWeak).toEqual([]);
  });

  it("names more than 6 of 10 damages without any reference, with at most one false alarm a track", () => {
    const neutral = results.flatMap((result) => result.neutral);
    console.log(`against the neutral curve:\n${confusionTable(neutral).join("\n")}`);
    expect(neutral.filter(({ isNamed }) => isNamed).length / neutral.length).toBeGreaterThan(0.6);
    for (const { name, neutralAlarms } of results) expect(neutralAlarms.length, name).toBeLessThanOrEqual(1);
  });
});
