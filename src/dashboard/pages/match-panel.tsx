import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { MatchPreview } from "../../protocol/mix-comparison.js";
import { box } from "../box.js";
import { Drawing } from "../controls/drawing.js";
import { Range } from "../controls/range.js";
import { restLine } from "../match-words.js";
import { mixReading } from "../mix-reading.js";
import { paintProposal } from "../paint/deviation.js";
import { plainly } from "../text.js";
import { mayTry, noteTry, Tried, TryObstacle } from "./tried.js";

/** A suggestion goes no further up or down. */
const MOST_DB = 6;
/** Half the way is what ears take for the same music, only better. */
const FIRST_PERCENT = 50;
/** So long a finger rests before the box is asked. */
const REST_MS = 150;

const amountPercent = signal(FIRST_PERCENT);
const preview = signal<MatchPreview | null>(null);

async function load(): Promise<void> {
  const answer = await box.askQuietly("suggestMatch", { amountPercent: amountPercent.peek() });
  if (answer !== undefined) preview.value = answer;
}

async function apply(): Promise<void> {
  const amount = amountPercent.peek();
  const answer = await box.ask("applyMatch", { amountPercent: amount });
  if (answer !== undefined) noteTry("match", `the EQ goes ${amount} % of the way to the references`, answer);
}

/** An EQ that brings the mix to the references: seen first, applied with one touch, taken back with another. */
export function MatchPanel() {
  const comparison = mixReading.value?.comparison ?? null;
  const isReady = comparison !== null && box.mayControl.value;
  const amount = amountPercent.value;
  useEffect(() => {
    if (!isReady) return undefined;
    const timer = setTimeout(() => void load(), REST_MS);
    return () => clearTimeout(timer);
  }, [isReady, amount, comparison]);
  const shown = preview.value;
  if (comparison === null || shown === null) return null;
  return (
    <section class="panel" aria-label="Match">
      <div class="heads"><h2 class="head">Match the tone with the EQ</h2></div>
      <Tried what="match" />
      <Drawing class="deviation-view short" label={`The EQ that is proposed, ${amount} % of the way, up to ${MOST_DB} dB`} still={() => JSON.stringify(shown)}
        paint={(surface) => paintProposal(surface, shown.freqHz, shown, MOST_DB)} />
      <p class="hint">{restLine(shown)}.</p>
      <Range label="How far" value={amount} max={100} step={5} written={`${amount} %`} isDisabled={!isReady} onMove={(value) => (amountPercent.value = value)} />
      <div class="actions"><button type="button" class="primary" disabled={!isReady || !mayTry() || amount === 0} onClick={() => void apply()}>Apply to the EQ</button></div>
      <TryObstacle />
      <p class="hint">It takes the place of what the EQ does now, at the same loudness, and lifts or cuts nothing by more than {MOST_DB} dB.</p>
      {shown.hints.length > 0 && <ul class="hints">{shown.hints.map((hint) => <li key={hint}>{plainly(hint)}</li>)}</ul>}
    </section>
  );
}
