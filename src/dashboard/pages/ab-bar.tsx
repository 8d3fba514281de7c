import { useState } from "preact/hooks";
import type { Comparison } from "../../protocol/messages.js";
import { box } from "../box.js";
import { Sheet } from "../controls/sheet.js";
import { comparedTrack, matchLine } from "../reference-words.js";
import { duration } from "../text.js";

function ArmSheet({ onClose }: { readonly onClose: () => void }) {
  const arm = (): void => {
    void box.ask("armReferences", { on: true });
    onClose();
  };
  return (
    <Sheet title="The recorder hears what you hear" onClose={onClose}>
      <p>This box has one output. While you hear a reference, the recorder records the reference, and not your mix.</p>
      <p class="hint">It ends by itself: after 15 minutes, when a song or a take begins, and when this phone is gone. You can end it with one touch.</p>
      <div class="actions">
        <button type="button" class="plain" onClick={onClose}>Keep the mix</button>
        <button type="button" class="primary" onClick={arm}>I know, compare</button>
      </div>
    </Sheet>
  );
}

/** What is heard, as the big button says it. */
function heardWords({ heard, isWaiting }: Comparison): { readonly title: string; readonly hint: string } {
  if (isWaiting) return { title: "Reference", hint: "It is on its way: the mix is heard until it is there" };
  return heard === "reference" ? { title: "Reference", hint: "Touch for your mix" } : { title: "Your mix", hint: "Touch for the reference" };
}

function AbButton({ comparison }: { readonly comparison: Comparison }) {
  const { hasMonitorOutput, isArmed, heard, secondsLeft, reference } = comparison;
  const { title, hint } = heardWords(comparison);
  const isReference = heard === "reference";
  const name = comparedTrack(box.references.value, reference)?.name ?? "";
  const isOff = !box.mayControl.value;
  return (
    <>
      <button type="button" class={`ab ${isReference ? "on" : ""}`} aria-pressed={isReference} disabled={isOff} onClick={() => void box.ask("compareReference", { on: !isReference })}>
        <strong>{title}</strong>
        <span>{isReference && !comparison.isWaiting ? `“${name}”. ` : ""}{hint}</span>
      </button>
      <div class="ab-foot">
        {hasMonitorOutput ? <p>{isArmed && `${matchLine(comparison)}. `}The recorder keeps your mix.</p> : (
          <p>{matchLine(comparison)}. <span class="unseen">It ends in</span><output role="group" aria-label="Time left" aria-live="off">{duration(secondsLeft ?? 0)}</output> left.</p>
        )}
        {isArmed && <button type="button" class="plain" disabled={isOff} onClick={() => void box.ask("armReferences", { on: false })}>End</button>}
      </div>
    </>
  );
}

/** Mix against reference, with one big button within reach of the thumb; armed first where the recorder hears it too. */
export function AbBar() {
  const [isAsked, setAsked] = useState(false);
  const comparison = box.comparison.value;
  const isAnyReady = box.references.value.some(({ state }) => state === "ready");
  if (comparison === null || (!isAnyReady && !comparison.isArmed)) return null;
  return (
    <section class={`ab-bar ${comparison.isArmed ? "armed" : ""}`} aria-label="Mix and reference">
      {comparison.isArmed || comparison.hasMonitorOutput ? <AbButton comparison={comparison} /> : (
        <button type="button" class="primary" disabled={!box.mayControl.value} onClick={() => setAsked(true)}>Compare with a reference</button>
      )}
      {isAsked && <ArmSheet onClose={() => setAsked(false)} />}
    </section>
  );
}
