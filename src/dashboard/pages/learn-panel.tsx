import type { LearnState } from "../../protocol/levels.js";
import { box } from "../box.js";
import { costWords, planWords } from "../level-words.js";
import { duration } from "../text.js";

/** Seconds of the passage that are needed. */
const LEAST_S = 5;

async function learn(action: "start" | "stop" | "cancel"): Promise<void> {
  const answer = await box.ask("learn", { action });
  if (answer !== undefined) box.levels.value = answer;
}

function Listening({ heardS }: Pick<LearnState, "heardS">) {
  const isOff = !box.mayControl.value;
  return (
    <div class="learning">
      <p><strong>Listening:</strong> <output role="group" aria-label="Heard" aria-live="off">{duration(heardS)}</output> heard.</p>
      <p class="hint">Play the loudest chorus. Three seconds of silence set the drive too.</p>
      <div class="actions">
        <button type="button" class="plain" disabled={isOff} onClick={() => void learn("cancel")}>Give up</button>
        <button type="button" class="primary" disabled={isOff || heardS < LEAST_S} onClick={() => void learn("stop")}>Set the drive</button>
      </div>
    </div>
  );
}

function Result({ phase, plan, measured }: LearnState) {
  if (plan === null) return null;
  return (
    <>
      <p><strong>{planWords(plan)}</strong></p>
      {plan.reason !== "silent" && <p class="hint">Cost, as foretold: {costWords(plan.predicted)}.</p>}
      {measured !== null && <p class="hint">Measured since: {costWords(measured)}.</p>}
      {phase === "proving" && <p class="hint">Play it again, and the box measures what came of it.</p>}
    </>
  );
}

/** Lets the box find the drive that lands the song on the target with the least limiting. */
export function LearnPanel() {
  const learnt = box.levels.value?.learn;
  if (learnt === undefined) return null;
  const target = box.target.value;
  return (
    <section class="panel" aria-label="Learn the drive">
      <div class="heads"><h2 class="head">Learn the drive</h2></div>
      {learnt.phase === "listening" ? <Listening heardS={learnt.heardS} /> : (
        <>
          <Result {...learnt} />
          {learnt.plan === null && <p class="hint">Play the loudest chorus: the box sets the drive so that the song lands on {target?.name ?? "the target"}, with the least limiting.</p>}
          <div class="actions"><button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => void learn("start")}>{learnt.plan === null ? "Listen and learn" : "Learn anew"}</button></div>
        </>
      )}
    </section>
  );
}
