import type { Finding } from "../../protocol/diagnosis.js";
import { box } from "../box.js";
import { mixReading, VERDICT_S } from "../mix-reading.js";
import { gradeOf, lasting } from "../severity.js";
import { plainly, withMinus } from "../text.js";
import { mayTry, noteTry, Tried, TryObstacle } from "./tried.js";

/** How many faults are read out in full; the others stand behind a touch. */
const FIRST_FINDINGS = 3;

async function tryRemedy({ id, remedy }: Finding): Promise<void> {
  const answer = await box.ask("tryRemedy", { finding: id });
  if (answer !== undefined) noteTry("remedy", plainly(remedy.sentence).replace(/\.$/, ""), answer);
}

function Severity({ severity }: Pick<Finding, "severity">) {
  const { name, bars } = gradeOf(severity);
  return (
    <span class={`grade ${name}`}>
      <span class="grade-bars" aria-hidden="true">{[1, 2, 3].map((bar) => <i key={bar} class={bar <= bars ? "full" : ""} />)}</span>
      {name}
    </span>
  );
}

function FindingCard({ finding }: { readonly finding: Finding }) {
  const { severity, sentence, cause, remedy, lesson, what, figure, unit, limit } = finding;
  const bin = box.feed.figures.value?.snapshot.bin ?? 0;
  const isBypassed = box.value("chain.bypass").value === 1;
  const helps = Object.keys(remedy.values).length > 0;
  return (
    <li class={`finding ${gradeOf(severity).name}`}>
      <p class="finding-head"><Severity severity={severity} /><span>{lasting(finding, bin)}</span></p>
      <h3>{plainly(sentence)}</h3>
      <dl>
        <div><dt>At the mixer</dt><dd>{plainly(cause)}</dd></div>
        <div><dt>On this box</dt><dd>{plainly(remedy.sentence)}</dd></div>
      </dl>
      {helps && <button type="button" class="primary" disabled={!mayTry()} onClick={() => void tryRemedy(finding)}>{isBypassed ? "Try it, without bypass" : "Try it"}</button>}
      {helps && <TryObstacle />}
      <details>
        <summary>The lesson behind it</summary>
        <p>{plainly(lesson)}</p>
        <p class="hint">Heard: {what} {withMinus(`${figure.toFixed(1)}`)} {unit}; too much from {withMinus(`${limit.toFixed(1)}`)} {unit}.</p>
      </details>
    </li>
  );
}

/** What is said while no fault is named. */
function Calm() {
  const reading = mixReading.value;
  const snapshot = box.feed.figures.value?.snapshot;
  if (snapshot?.shortTermLufs === null) return <p class="calm">Silence. Play some music, and the box listens.</p>;
  const heardS = reading?.heardS ?? 0;
  if (heardS < VERDICT_S) return <p class="calm">Listening … {Math.floor(heardS)} of {VERDICT_S} s heard.</p>;
  const against = reading === null || reading.references === 0 ? "most music" : reading.references === 1 ? "your reference" : `your ${reading.references} references`;
  return <p class="calm good"><strong>Nothing is wrong.</strong> Held against {against}.</p>;
}

/** What is wrong with the sound, the worst first, and what helps. */
export function FindingPanel() {
  const findings = box.findings.value ?? [];
  const isAnew = findings.length > 0 && (mixReading.value?.heardS ?? VERDICT_S) < VERDICT_S;
  const [first, others] = [findings.slice(0, FIRST_FINDINGS), findings.slice(FIRST_FINDINGS)];
  return (
    <section class="panel" aria-label="What is wrong">
      <div class="heads"><h2 class="head">What the box hears</h2>{isAnew && <span class="hint">listening anew …</span>}</div>
      <Tried what="remedy" />
      {findings.length === 0 ? <Calm /> : <ul class="findings">{first.map((finding) => <FindingCard key={finding.id} finding={finding} />)}</ul>}
      {others.length > 0 && (
        <details class="more">
          <summary>{others.length} smaller {others.length === 1 ? "thing" : "things"}</summary>
          <ul class="findings">{others.map((finding) => <FindingCard key={finding.id} finding={finding} />)}</ul>
        </details>
      )}
    </section>
  );
}
