import { useState } from "preact/hooks";
import { SCENES, type SceneName } from "../../protocol/scenes.js";
import { box } from "../box.js";
import { Toggle } from "../controls/controls.js";
import { More } from "../controls/icons.js";
import { NameForm } from "../controls/name-form.js";
import { Sheet } from "../controls/sheet.js";
import { Sure } from "../controls/sure.js";
import { figure, signed } from "../text.js";
import { PresetPanel } from "./preset-panel.js";
import { SongTable } from "./song-panel.js";

function BypassButton() {
  const isBypassed = box.value("chain.bypass").value === 1;
  const isMatched = box.value("chain.levelMatch").value === 1;
  const snapshot = box.feed.figures.value?.snapshot;
  const gain = snapshot === undefined || !isMatched ? "" : ` · input ${signed(snapshot.matchGainDb)} dB`;
  return (
    <section class="compare-bypass" aria-label="Bypass">
      <button type="button" class={`bypass ${isBypassed ? "on" : ""}`} aria-pressed={isBypassed} disabled={!box.mayControl.value}
        onClick={() => void box.ask("bypass", { on: !isBypassed })}>
        <strong>{isBypassed ? "Bypassed" : "Master"}</strong>
        <span>{isBypassed ? "You hear the input. Touch for the master." : "You hear the master. Touch for the input."}</span>
        <output role="group" aria-live="off" aria-label="Short-term loudness">{figure(snapshot?.shortTermLufs)} LUFS</output>
      </button>
      <Toggle label="Level match" hint={isMatched ? `Both are equally loud${gain}` : "The louder one may win"} isOn={isMatched}
        onToggle={() => box.want({ "chain.levelMatch": isMatched ? 0 : 1 })} />
    </section>
  );
}

function SceneSheet({ scene, onClose }: { readonly scene: SceneName; readonly onClose: () => void }) {
  const isHeld = box.adjusted.value?.scenes.includes(scene) ?? false;
  const give = (work: Promise<unknown>): void => {
    void work;
    onClose();
  };
  const store = (): void => give(box.ask("storeScene", { scene }));
  return (
    <Sheet title={`Scene ${scene}`} onClose={onClose}>
      <NameForm label="Name" initial={box.adjusted.value?.sceneNames[scene] ?? ""} action="Rename" mayBeEmpty
        onName={(name) => give(box.ask("renameScene", { scene, name }))} />
      <div class="actions">
        {isHeld
          ? <Sure class="plain" label="Store the present sound" question={`What scene ${scene} holds is lost.`} onSure={store} />
          : <button type="button" class="plain" onClick={store}>Store the present sound</button>}
        <Sure label="Clear" question={`What scene ${scene} holds is lost.`} isDisabled={!isHeld} onSure={() => give(box.ask("clearScene", { scene }))} />
      </div>
    </Sheet>
  );
}

function Scenes() {
  const [open, setOpen] = useState<SceneName | null>(null);
  const held = box.adjusted.value?.scenes ?? [];
  return (
    <section class="panel" aria-label="Scenes">
      <div class="heads"><h2 class="head">Scenes</h2><span class="hint">Touch to recall or store</span></div>
      <ul class="scenes">
        {SCENES.map((scene) => {
          const isHeld = held.includes(scene);
          const name = box.adjusted.value?.sceneNames[scene] ?? "";
          return (
            <li key={scene} class={isHeld ? "held" : ""}>
              <button type="button" class="scene" disabled={!box.mayControl.value}
                onClick={() => void box.ask(isHeld ? "recallScene" : "storeScene", { scene })}>
                <span class="unseen">{isHeld ? "Recall scene" : "Store scene"}</span><strong>{scene}</strong> <span>{name || (isHeld ? "stored" : "empty")}</span>
              </button>
              <button type="button" class="icon" aria-label={`More for scene ${scene}`} disabled={!box.mayControl.value} onClick={() => setOpen(scene)}><More /></button>
            </li>
          );
        })}
      </ul>
      {open !== null && <SceneSheet scene={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function HardBypass() {
  const [isAsked, setAsked] = useState(false);
  const isOn = box.adjusted.value?.isHardBypassed ?? false;
  const set = (on: boolean): void => {
    void box.ask("hardBypass", { on });
    setAsked(false);
  };
  return (
    <section aria-label="Hard bypass">
      <Toggle label="Hard bypass" hint="The relay wires the input to the output, at its own level." isOn={isOn}
        onToggle={() => (isOn ? set(false) : setAsked(true))} />
      {isAsked && (
        <Sheet title="Hard bypass" onClose={() => setAsked(false)}>
          <p class="hint">The relay falls: the bare input is heard at its own loudness, without the limiter, until it is switched back.</p>
          <div class="actions">
            <button type="button" class="plain" onClick={() => setAsked(false)}>Keep the master</button>
            <button type="button" class="danger" onClick={() => set(true)}>Let the relay fall</button>
          </div>
        </Sheet>
      )}
    </section>
  );
}

/** What is compared: master and input, scenes, presets. */
export function ComparePage() {
  return (
    <main class="page compare" aria-label="Compare">
      <div class="column">
        <BypassButton />
        <Scenes />
        <HardBypass />
        <section class="panel wide-only" aria-label="Songs">
          <div class="heads"><h2 class="head">Songs of this session</h2></div>
          <SongTable />
        </section>
      </div>
      <div class="column"><PresetPanel /></div>
    </main>
  );
}
