import { ComparedTracks } from "../../src/box/comparison.js";
import { Notices } from "../../src/box/notices.js";
import { ReferenceShelf } from "../../src/box/reference-shelf.js";
import type { BoxReferences } from "../../src/box/box-references.js";

/** A box without reference tracks, which keeps none either. */
export function noReferences(): Pick<BoxReferences, "shelf" | "list" | "compared" | "profiles"> {
  const unused = (): never => { throw new Error("not asked for"); };
  const notices = new Notices({ log: () => undefined, nowMs: () => 0, later: () => undefined });
  return {
    shelf: new ReferenceShelf({ folder: "/nowhere", now: unused, random: unused }), list: [], profiles: [],
    compared: new ComparedTracks({
      tracks: { list: [], find: () => undefined }, open: () => null, mixLufs: () => null, obstacle: () => undefined, hasMonitorOutput: () => false, isHere: () => true, sampleRateHz: 48_000,
      reminderMinutes: 0, notices, nowMs: () => 0,
    }),
  };
}
