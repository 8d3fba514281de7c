import { useMemo, useState } from "preact/hooks";
import { orderFromRank, rankFromOrder } from "../../params/order.js";
import type { StageId } from "../../protocol/meter-snapshot.js";
import { box } from "../box.js";
import { Drawing } from "../controls/drawing.js";
import { Down, Next, Power, Up } from "../controls/icons.js";
import { Sheet } from "../controls/sheet.js";
import { ReductionBar } from "../paint/ballistics.js";
import { StageStrip } from "../paint/stage-strip.js";
import { go, route } from "../route.js";
import { canMove, reductionOf, STAGE_NAMES, stageOrder, stageSummary } from "../stages.js";
import { figure } from "../text.js";
import { StagePage } from "./stage-page.js";

/** Switches a stage on or off; touches the whole square. */
export function StagePower({ stage }: { readonly stage: StageId }) {
  const isOn = box.value(`${stage}.bypass`).value === 0;
  return (
    <button type="button" class="power" role="switch" aria-checked={isOn} aria-label={`${STAGE_NAMES[stage]} on`} aria-disabled={!box.mayControl.value}
      onClick={() => box.want({ [`${stage}.bypass`]: isOn ? 1 : 0 })}><Power /></button>
  );
}

/** Reduction that is not rounded to nothing. */
const LEAST_SHOWN_DB = 0.05;

function StageRow({ stage }: { readonly stage: StageId }) {
  const strip = useMemo(() => new StageStrip(), []);
  const bar = useMemo(() => new ReductionBar(), []);
  const isOn = box.value(`${stage}.bypass`).value === 0;
  const figures = box.feed.figures.value;
  const reduction = figures === null ? null : reductionOf(stage, figures.snapshot);
  const isOpen = route.value.stage === stage;
  return (
    <li class={`stage-row ${isOn ? "" : "off"} ${isOpen ? "open" : ""}`}>
      <StagePower stage={stage} />
      <button type="button" class="stage-open" aria-current={isOpen ? "true" : undefined} onClick={() => go("chain", stage)}>
        <span class="stage-name">{STAGE_NAMES[stage]}<small>{stageSummary(stage)}</small></span>
        <Drawing class="stage-strip" paint={(surface, dtMs) => {
          const snapshot = box.feed.latest;
          const levels = snapshot?.stages.find(({ id }) => id === stage);
          strip.paint(surface, levels, snapshot === null ? null : reductionOf(stage, snapshot), bar, dtMs);
        }} />
        <span class="stage-reduction">{isOn && reduction !== null && reduction >= LEAST_SHOWN_DB ? figure(-reduction) : ""}</span>
        <Next />
      </button>
    </li>
  );
}

function OrderSheet({ onClose }: { readonly onClose: () => void }) {
  const order = orderFromRank(box.value("chain.order").value);
  const move = (index: number, by: number): void => {
    const next = [...order];
    next.splice(index + by, 0, ...next.splice(index, 1));
    const rank = rankFromOrder(next);
    if (rank !== undefined) box.want({ "chain.order": rank });
  };
  return (
    <Sheet title="Order of the tone stages" onClose={onClose}>
      <ol class="order">
        {order.map((stage, index) => (
          <li key={stage}>
            <span>{STAGE_NAMES[stage]}</span>
            <button type="button" class="icon" aria-label={`${STAGE_NAMES[stage]} earlier`} disabled={index === 0} onClick={() => move(index, -1)}><Up /></button>
            <button type="button" class="icon" aria-label={`${STAGE_NAMES[stage]} later`} disabled={index === order.length - 1} onClick={() => move(index, 1)}><Down /></button>
          </li>
        ))}
      </ol>
      <div class="actions"><button type="button" class="plain" onClick={() => box.want({ "chain.order": 0 })}>Default order</button></div>
    </Sheet>
  );
}

/** The stages in the order of the sound; each opens its controls, beside the list where there is room. */
export function ChainPage() {
  const [isOrdering, setOrdering] = useState(false);
  const { stage } = route.value;
  const order = stageOrder();
  return (
    <main class={`page chain ${stage === null ? "" : "has-stage"}`} aria-label="Chain">
      <div class="chain-list">
        <ul class="stages">
          {order.map((id) => <StageRow key={id} stage={id} />)}
        </ul>
        <button type="button" class="plain wide" disabled={!box.mayControl.value} onClick={() => setOrdering(true)}>
          Change the order of {order.filter(canMove).length} tone stages
        </button>
      </div>
      {stage === null ? <p class="choose">Choose a stage to open its controls.</p> : <StagePage key={stage} stage={stage} />}
      {isOrdering && <OrderSheet onClose={() => setOrdering(false)} />}
    </main>
  );
}
