import type { StageId } from "../../protocol/meter-snapshot.js";
import { box } from "../box.js";
import { Control } from "../controls/controls.js";
import { Back, Next } from "../controls/icons.js";
import { go } from "../route.js";
import { STAGE_NAMES, stageOrder, stageParameters } from "../stages.js";
import { StagePower } from "./chain-page.js";
import { CompressorView, LimiterView } from "./dynamics-views.js";
import { EqEditor } from "./eq-editor.js";
import { FiltersView } from "./filters-view.js";
import { ImagerView, MultibandEditor } from "./bands-editor.js";
import { DriveView } from "./drive-view.js";
import { LearnPanel } from "./learn-panel.js";
import { PlatformPanel } from "./platform-panel.js";

/** What a stage shows above its controls. */
function StageView({ stage }: { readonly stage: StageId }) {
  switch (stage) {
    case "filters":
      return <FiltersView />;
    case "compressor":
      return <CompressorView />;
    case "imager":
      return <ImagerView />;
    case "loudness":
      return <DriveView />;
    case "limiter":
      return <LimiterView />;
    default:
      return null;
  }
}

function StageBody({ stage }: { readonly stage: StageId }) {
  if (stage === "eq") return <EqEditor />;
  if (stage === "multiband") return <MultibandEditor />;
  return (
    <>
      <StageView stage={stage} />
      <div class="controls">{stageParameters(stage).map((id) => <Control key={id} id={id} />)}</div>
      {stage === "loudness" && <><LearnPanel /><PlatformPanel /></>}
      {stage === "imager" && <div class="controls">{[1, 2, 3, 4].map((band) => <Control key={band} id={`imager.band${band}.widthPercent`} />)}</div>}
    </>
  );
}

/** The controls of one stage. */
export function StagePage({ stage }: { readonly stage: StageId }) {
  const order = stageOrder();
  const place = order.indexOf(stage);
  const isOff = box.value(`${stage}.bypass`).value === 1;
  const [before, after] = [order[place - 1], order[place + 1]];
  return (
    <section class={`stage ${isOff ? "off" : ""}`} aria-label={STAGE_NAMES[stage]}>
      <header class="stage-head">
        <button type="button" class="icon back" aria-label="Back to the chain" onClick={() => go("chain")}><Back /></button>
        <h2>{STAGE_NAMES[stage]}</h2>
        <StagePower stage={stage} />
      </header>
      {isOff && <p class="notice off-note">Off: the sound passes untouched.</p>}
      <StageBody stage={stage} />
      <div class="actions">
        <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => void box.ask("reset", { ids: resetIds(stage) })}>All to default</button>
      </div>
      <nav class="hops" aria-label="Neighbouring stages">
        {before === undefined ? <span /> : <button type="button" class="plain" onClick={() => go("chain", before)}><Back />{STAGE_NAMES[before]}</button>}
        {after !== undefined && <button type="button" class="plain" onClick={() => go("chain", after)}>{STAGE_NAMES[after]}<Next /></button>}
      </nav>
    </section>
  );
}

/** All parameters of a stage, its bands among them; its bypass stays. */
function resetIds(stage: StageId): string[] {
  return box.ids.filter((id) => id.startsWith(`${stage}.`) && id !== `${stage}.bypass`);
}
