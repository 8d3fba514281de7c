import { createHash } from "node:crypto";
import { loadState } from "../../../src/config/load-state.js";
import { memoryFiles } from "../memory-files.js";
import { numberOf } from "../numbered-state.js";
import { placeAt, saveOnce } from "../save-once.js";
import { DiskModel, type DiskImage, type Operation } from "./disk-model.js";

/** What was found on the disks that a cut may leave. */
export interface CutReport {
  /** Moments at which the power was cut, and different disks that were looked at. */
  readonly cuts: number;
  readonly disks: number;
  /** Numbers of saves that were acknowledged in the log. */
  readonly acknowledged: number;
  /** Disks on which neither the last acknowledged save was found nor the one that was being made. */
  readonly neither: readonly string[];
  /** Disks from which a box could not go on saving. */
  readonly stuck: number;
}

const RANDOM_VARIANTS = 24;

function keyOf(image: DiskImage): string {
  const hash = createHash("sha256");
  for (const [path, bytes] of [...image].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(path).update(bytes);
  return hash.digest("hex");
}

/** Cuts the power after each operation of a log of save-loop, and loads and saves on every disk that may be left. */
export async function checkCuts(folder: string, log: readonly Operation[], random: () => number): Promise<CutReport> {
  const model = new DiskModel();
  const neither: string[] = [];
  const seen = new Set<string>();
  let acknowledged = 0;
  let stuck = 0;
  for (const [index, operation] of [{ kind: "said", text: "0" } as const, ...log].entries()) {
    model.apply(operation);
    if (operation.kind === "said") acknowledged = Number.parseInt(operation.text, 10);
    for (const image of model.afterCut(RANDOM_VARIANTS, random)) {
      const key = `${acknowledged} ${keyOf(image)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const place = placeAt(folder, { files: memoryFiles(image) });
      const { state } = await loadState(place);
      const found = numberOf(state) ?? 0;
      if (found !== acknowledged && found !== acknowledged + 1) {
        neither.push(`after operation ${index} (${operation.kind}), save ${acknowledged} being acknowledged, ${found} was found`);
      }
      await saveOnce(place, 1000);
      if (numberOf((await loadState(place)).state) !== 1000) stuck++;
    }
  }
  return { cuts: log.length + 1, disks: seen.size, acknowledged, neither, stuck };
}
