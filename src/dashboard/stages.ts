import { orderFromRank, TONE_STAGES } from "../params/order.js";
import { PARAMETERS } from "../params/table.js";
import { formatValue } from "../params/values.js";
import type { MeterSnapshot, StageId } from "../protocol/meter-snapshot.js";
import { box } from "./box.js";
import { rowOf } from "./controls/rows.js";
import { largestEqDb } from "./feed.js";
import { withMinus } from "./text.js";

/** What a stage is called on the page. */
export const STAGE_NAMES: Readonly<Record<StageId, string>> = {
  input: "Input", filters: "Filters", eq: "EQ", compressor: "Compressor", multiband: "Multiband", imager: "Imager",
  saturation: "Saturation", loudness: "Drive", limiter: "Limiter", dither: "Dither",
};

/** The stages in the order in which the sound passes them. */
export function stageOrder(): readonly StageId[] {
  return ["input", ...orderFromRank(box.value("chain.order").value), "loudness", "limiter", "dither"];
}

/** Whether the tone stages can be put before and behind this one. */
export function canMove(stage: StageId): boolean {
  return (TONE_STAGES as readonly string[]).includes(stage);
}

/** Controls of one kind stand together: what is dragged first, what is switched last. */
const KINDS = ["number", "choice", "switch", "order"] as const;

/** Ids of the parameters that begin with `prefix`, in the order in which their controls are shown. */
export function shownParameters(prefix: string): readonly string[] {
  return PARAMETERS.filter(({ id }) => id.startsWith(prefix)).sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)).map(({ id }) => id);
}

/** Ids of the parameters of a stage, without its bypass and without those of bands. */
export function stageParameters(stage: StageId): readonly string[] {
  return shownParameters(`${stage}.`).filter((id) => id !== `${stage}.bypass` && !/\.band\d\./.test(id));
}

/** Reduction of a stage at a moment, or null where it has none. */
export function reductionOf(stage: StageId, { reductionDb }: MeterSnapshot): number | null {
  switch (stage) {
    case "eq":
      return largestEqDb(reductionDb.eqDynamic);
    case "compressor":
      return reductionDb.compressor;
    case "multiband":
      return Math.max(0, ...reductionDb.multiband);
    case "limiter":
      return reductionDb.limiter;
    default:
      return null;
  }
}

function written(id: string): string {
  return withMinus(formatValue(rowOf(id), box.value(id).value));
}

function filtersSummary(): string {
  const parts = [
    box.value("filters.highpassSlope").value > 0 ? `HP ${written("filters.highpassHz")}` : "",
    box.value("filters.lowpassSlope").value > 0 ? `LP ${written("filters.lowpassHz")}` : "",
  ].filter((part) => part !== "");
  return parts.join(" · ") || "flat";
}

/** How many bands of the equaliser do something. */
function eqSummary(): string {
  let active = 0;
  for (let band = 1; band <= 8; band++) {
    const value = (name: string): number => box.value(`eq.band${band}.${name}`).value;
    const isNotch = rowOf(`eq.band${band}.type`).kind === "choice" && written(`eq.band${band}.type`) === "notch";
    const isDynamic = band > 6 && value("dynamic") === 1;
    if (value("on") === 1 && (value("gainDb") !== 0 || isNotch || isDynamic)) active++;
  }
  return active === 0 ? "flat" : active === 1 ? "1 band" : `${active} bands`;
}

/** What a stage is set to, in a few words for a list. */
export function stageSummary(stage: StageId): string {
  switch (stage) {
    case "input":
      return written("input.trimDb");
    case "filters":
      return filtersSummary();
    case "eq":
      return eqSummary();
    case "compressor":
      return `${written("compressor.thresholdDb")} · ${written("compressor.ratio")}`;
    case "multiband":
      return `${written("multiband.bands")} bands`;
    case "imager":
      return box.value("imager.monoBass").value === 1 ? `mono below ${written("imager.monoBelowHz")}` : "stereo";
    case "saturation":
      return `${written("saturation.character")} · ${written("saturation.driveDb")}`;
    case "loudness":
      return written("loudness.driveDb");
    case "limiter":
      return written("limiter.ceilingDbtp");
    case "dither":
      return `${written("dither.bits")} bit · ${written("dither.shape")}`;
  }
}
