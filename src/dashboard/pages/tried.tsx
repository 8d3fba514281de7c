import { signal } from "@preact/signals";
import type { AppliedMatch } from "../../protocol/mix-comparison.js";
import { Undo } from "../controls/icons.js";
import { box } from "../box.js";
import { step } from "../steps.js";
import { signed } from "../text.js";

type What = "remedy" | "match";

interface Attempt {
  readonly what: What;
  readonly words: string;
  /** Number of the change that it was: another change after it ends the offer, for undo would take that one back. */
  readonly sequence: number;
}

const attempt = signal<Attempt | null>(null);

/** Notes that the newest change of the box was a try, how the loudness changes with it, and whether a bypass ended. */
export function noteTry(what: What, words: string, { values, loudnessChangeDb }: AppliedMatch): void {
  const loudness = Math.abs(loudnessChangeDb) < 0.1 ? "as loud as before" : `${signed(loudnessChangeDb)} dB in loudness`;
  const bypass = values["chain.bypass"] === 0 ? "; the bypass is off, so that it is heard" : "";
  attempt.value = { what, words: `${words} (${loudness}${bypass})`, sequence: box.adjusted.peek()?.sequence ?? 0 };
}

/** Whether something can be tried, and be heard. */
export function mayTry(): boolean {
  return box.mayControl.value && box.adjusted.value?.isHardBypassed !== true;
}

/** Says why nothing that is tried now would be heard. */
export function TryObstacle() {
  if (box.adjusted.value?.isHardBypassed !== true) return null;
  return <p class="hint">Hard bypass: nothing of it would be heard. Go back to the master first.</p>;
}

/** Takes a try back with one touch, as long as nothing was changed after it. */
export function Tried({ what }: { readonly what: What }) {
  const tried = attempt.value;
  if (tried?.what !== what || tried.sequence !== box.adjusted.value?.sequence) return null;
  return (
    <div class="tried" aria-live="polite">
      <p><strong>Tried:</strong> {tried.words}</p>
      <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => void step("undo")}><Undo />Take it back</button>
    </div>
  );
}
