import type { Comparison, Reference } from "../protocol/messages.js";
import { duration, figure } from "./text.js";

/** The track that is compared with: the chosen one, or the first that is ready, which the box takes by itself. */
export function comparedTrack<Track extends Pick<Reference, "id" | "state">>(references: readonly Track[], chosen: string | null | undefined): Track | undefined {
  return references.find(({ id }) => id === chosen) ?? references.find(({ state }) => state === "ready");
}

/** How a reference track stands, in a line of a list. */
export function referenceLine({ state, progress, problem, sound }: Pick<Reference, "state" | "progress" | "problem" | "sound">): string {
  switch (state) {
    case "waiting":
      return "Waits for its turn to be prepared";
    case "preparing":
      return `Being prepared: ${Math.floor(100 * progress)} %`;
    case "failed":
      return problem ?? "It cannot be played.";
    case "ready":
      return sound === null ? "Ready" : `${duration(sound.durationS)} · ${figure(sound.integratedLufs)} LUFS · loudest ${duration(sound.loudest.fromS)}`;
  }
}

/** What was turned so that both are equally loud: "The reference is turned down 3.2 dB, so that both are equally loud". */
export function matchLine({ referenceDb, mixDb }: Pick<Comparison, "referenceDb" | "mixDb">): string {
  const turned = (what: string, db: number): string[] => (Math.abs(db) < 0.05 ? [] : [`${what} is turned ${db < 0 ? "down" : "up"} ${figure(Math.abs(db))} dB`]);
  const parts = [...turned("the reference", referenceDb), ...turned("the mix", mixDb)];
  const words = parts.length === 0 ? "nothing is turned" : parts.join(", ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: both are equally loud`;
}
