import { confusionTable, damagesOf, HELD_OUT, judgeTrack, loadTrack, missedOf, remediesOf, TUNED, type TrackResult, type Verdict } from "../support/labelled-set.js";

/** Of which half of each track is damaged: what is found depends a little on it. */
const SEEDS = [1, 2, 3];

/** What is found in thirteen real tracks that were damaged in known ways, and whether the remedies help. */
export async function benchDiagnosis(): Promise<string[]> {
  const lines: string[] = [];
  for (const seed of SEEDS) {
    lines.push(
      ...tables(`halves ${seed} of the eight tracks that the limits were set on`, await resultsOf(TUNED, seed)),
      ...tables(`halves ${seed} of five tracks that nothing was tuned on`, await resultsOf(HELD_OUT, seed)),
    );
  }
  return lines;
}

async function resultsOf(paths: readonly string[], seed: number): Promise<TrackResult[]> {
  const results: TrackResult[] = [];
  for (const path of paths) {
    const track = await loadTrack(path, seed);
    results.push(await judgeTrack(track, damagesOf(track), () => true));
  }
  return results;
}

function tables(which: string, results: readonly TrackResult[]): string[] {
  const { taken, tooWeak } = remediesOf(results);
  const list = (texts: readonly string[]): string => (texts.length === 0 ? "none" : texts.join("; "));
  const alarms = (key: "alarms" | "neutralAlarms"): string => list(results.filter((result) => result[key].length > 0).map((result) => `${result.name} ${result[key].join(" ")}`));
  const all = (key: "verdicts" | "neutral"): Verdict[] => results.flatMap((result) => result[key]);
  return [
    `${which}, against the whole undamaged track:`, ...confusionTable(all("verdicts")),
    `missed: ${list(missedOf(results))}`, `false alarms on the undamaged: ${alarms("alarms")}`,
    `remedies taken: ${taken}; too weak: ${list(tooWeak)}`,
    `${which}, against the neutral curve:`, ...confusionTable(all("neutral")), `false alarms on the undamaged: ${alarms("neutralAlarms")}`,
  ];
}
