import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { BoxState, SavedAdjustments } from "../../src/config/state.js";
import { PARAMETERS } from "../../src/params/table.js";
import { valueAt } from "../../src/params/values.js";
import { TARGETS } from "./numbered-state.js";

function adjustments(random: () => number): SavedAdjustments {
  return {
    values: Object.fromEntries(PARAMETERS.map((row) => [row.id, valueAt(row, random())])),
    preset: random() < 0.5 ? null : "Über-Glue \"2\"\n",
    isPresetEdited: random() < 0.5,
    target: TARGETS[Math.floor(random() * TARGETS.length)]!,
  };
}

/** A state with anything that the table allows in it; `random` gives 0..1. */
export function randomState(random: () => number): BoxState {
  return {
    ...adjustments(random),
    scenes: { ...(random() < 0.7 && { A: adjustments(random) }), ...(random() < 0.3 && { D: adjustments(random) }) },
    sceneNames: random() < 0.5 ? {} : { A: "Chorus", C: "" },
    sceneFadesS: random() < 0.5 ? {} : { A: 2.5, D: 10 },
    setList: random() < 0.5 ? { scenes: [], at: null, follows: "hand" } : { scenes: ["D", "A", "D"], at: 1, follows: "sections" },
    calibration: random() < 0.5 ? {} : { "loopFrames": Math.floor(random() * 4096), "knob.trim.max": random() },
  };
}

/** A folder of its own, removed when the test ends. */
export function stateFolderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "lacquer-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
