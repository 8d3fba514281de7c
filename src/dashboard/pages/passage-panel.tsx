import { useState } from "preact/hooks";
import { SOLO_BANDS, type Comparison, type Reference, type SoloBand } from "../../protocol/messages.js";
import { box } from "../box.js";
import { clamp } from "../curves/scales.js";
import { comparedTrack } from "../reference-words.js";
import { duration, readPlace } from "../text.js";

const BAND_NAMES: Readonly<Record<SoloBand, string>> = { low: "Low", lowMid: "Low mid", highMid: "High mid", high: "High" };
/** A passage that is begun has this length until its end is set. */
const FIRST_PASSAGE_S = 20;

type Passage = NonNullable<Comparison["passage"]>;

function choose(choice: Parameters<typeof box.ask<"setComparison">>[1]): void {
  void box.ask("setComparison", choice);
}

/** Sets one end of the passage where the reference is; the other end gives way. */
function setEnd(end: "A" | "B", placeS: number, passage: Passage | null, durationS: number): void {
  const at = clamp(placeS, 0, durationS);
  if (end === "A") choose({ loop: "passage", fromS: at, toS: passage !== null && passage.toS > at + 1 ? passage.toS : Math.min(durationS, at + FIRST_PASSAGE_S) });
  else choose({ loop: "passage", fromS: passage !== null && passage.fromS < at - 1 ? passage.fromS : Math.max(0, at - FIRST_PASSAGE_S), toS: at });
}

function PlaceField({ label, placeS, onPlace }: { readonly label: string; readonly placeS: number; readonly onPlace: (placeS: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const place = typed === null ? placeS : readPlace(typed);
  const commit = (): void => {
    if (typed !== null && place !== undefined) onPlace(place);
    setTyped(null);
  };
  return (
    <label>{label}
      <input value={typed ?? duration(placeS)} inputMode="numeric" autocomplete="off" enterkeyhint="done" aria-invalid={place === undefined} disabled={!box.mayControl.value}
        onInput={(event) => setTyped(event.currentTarget.value)} onBlur={commit} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
    </label>
  );
}

function Where({ comparison, sound }: { readonly comparison: Comparison; readonly sound: NonNullable<Reference["sound"]> }) {
  const { placeS, loop, passage } = comparison;
  const { durationS, loudest } = sound;
  const part = loop === "loudest" ? loudest : loop === "passage" ? passage : null;
  const at = (seconds: number): string => `${100 * clamp(seconds / durationS, 0, 1)}%`;
  const { fromS, toS } = part ?? { fromS: 0, toS: durationS };
  return (
    <div class="where">
      <span class="range" aria-hidden="true">
        <i class="range-band" style={{ left: at(fromS), width: at(toS - fromS) }} />
        <i class="range-hand" style={{ left: at(placeS) }} />
      </span>
      <p class="hint"><output role="group" aria-label="Place in the reference" aria-live="off">{duration(placeS)}</output> of {duration(durationS)} · loops {duration(fromS)} to {duration(toS)}</p>
    </div>
  );
}

function Ends({ comparison, durationS }: { readonly comparison: Comparison; readonly durationS: number }) {
  const { passage, placeS, isArmed } = comparison;
  const { fromS, toS } = passage ?? { fromS: 0, toS: durationS };
  const isOff = !box.mayControl.value || !isArmed;
  return (
    <>
      <div class="ends-fields">
        <PlaceField label="A, from" placeS={fromS} onPlace={(place) => setEnd("A", place, passage, durationS)} />
        <PlaceField label="B, to" placeS={toS} onPlace={(place) => setEnd("B", place, passage, durationS)} />
      </div>
      <div class="actions">
        <button type="button" class="plain" disabled={isOff} onClick={() => setEnd("A", placeS, passage, durationS)}>A is here</button>
        <button type="button" class="plain" disabled={isOff} onClick={() => setEnd("B", placeS, passage, durationS)}>B is here</button>
      </div>
    </>
  );
}

/** What of the chosen reference is heard: the part that is played over and over, and one band alone. */
export function PassagePanel() {
  const comparison = box.comparison.value;
  const track = comparedTrack(box.references.value, comparison?.reference);
  const isOff = !box.mayControl.value;
  if (comparison === null || track === undefined || track.sound === null) return null;
  const { loop, solo } = comparison;
  const { durationS } = track.sound;
  const first = { fromS: comparison.placeS, toS: Math.min(durationS, comparison.placeS + FIRST_PASSAGE_S) };
  const passage = comparison.passage ?? (first.toS - first.fromS > 1 ? first : { fromS: 0, toS: durationS });
  return (
    <section class="panel" aria-label="What is compared">
      <div class="heads"><h2 class="head">Part of “{track.name}”</h2></div>
      <div class="chips" role="group" aria-label="Part">
        <button type="button" disabled={isOff} aria-pressed={loop === "loudest"} onClick={() => choose({ loop: "loudest" })}>Loudest part</button>
        <button type="button" disabled={isOff} aria-pressed={loop === "passage"} onClick={() => choose({ loop: "passage", ...passage })}>A to B</button>
        <button type="button" disabled={isOff} aria-pressed={loop === "whole"} onClick={() => choose({ loop: "whole" })}>Whole</button>
      </div>
      <Where comparison={comparison} sound={track.sound} />
      {loop === "passage" && <Ends comparison={comparison} durationS={durationS} />}
      <h3>Hear one band alone</h3>
      <div class="chips bands-alone" role="group" aria-label="Band">
        <button type="button" disabled={isOff} aria-pressed={solo === null} onClick={() => choose({ solo: null })}>All</button>
        {SOLO_BANDS.map((band) => <button key={band} type="button" disabled={isOff} aria-pressed={solo === band} onClick={() => choose({ solo: band })}>{BAND_NAMES[band]}</button>)}
      </div>
    </section>
  );
}
