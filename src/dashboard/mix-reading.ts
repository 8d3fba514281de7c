import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { MixReading } from "../protocol/mix-comparison.js";
import { box } from "./box.js";

/** How often it is asked for: the box hears 3 s at a time. */
const ASK_MS = 1500;
/** Seconds of sound that a verdict needs. */
export const VERDICT_S = 6;

/** What the box has heard of the mix; null until it has said. */
export const mixReading = signal<MixReading | null>(null);

async function load(): Promise<void> {
  const answer = await box.askQuietly("compareMix", {});
  if (answer !== undefined) mixReading.value = answer;
}

/** Keeps `mixReading` fresh while the page that calls it is shown. */
export function useMixReading(): void {
  const isLive = box.phase.value === "live";
  useEffect(() => {
    if (!isLive) return undefined;
    void load();
    const timer = setInterval(() => void load(), ASK_MS);
    return () => clearInterval(timer);
  }, [isLive]);
}
