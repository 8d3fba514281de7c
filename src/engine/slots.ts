import * as layout from "../dsp/layout.js";

const constants: ReadonlyMap<string, number> = new Map(Object.entries(layout));

/** Slot of a parameter in the chain's parameter block, by the naming rule of the layout. */
export function slotOf(id: string): number {
  const [, stage = "", band, name = ""] = /^(\w+)\.(?:band(\d+)\.)?(\w+)$/.exec(id) ?? [];
  const upper = `${stage}${band ? "Band" : ""}${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase();
  const slot = constants.get(upper);
  const stride = band ? constants.get(`${stage.toUpperCase()}_BAND_SLOTS`) : 0;
  if (slot === undefined || stride === undefined) throw new Error(`The chain has no slot for parameter ${id}.`);
  return slot + (band ? (Number(band) - 1) * stride : 0);
}
