import { useState } from "preact/hooks";
import { MAX_FADE_S, SCENES, type SceneName } from "../../protocol/scenes.js";
import { box } from "../box.js";
import { More } from "../controls/icons.js";
import { NameForm } from "../controls/name-form.js";
import { Range } from "../controls/range.js";
import { Sheet } from "../controls/sheet.js";
import { Sure } from "../controls/sure.js";
import { figure } from "../text.js";

function fadeWords(fadeS: number): string {
  return fadeS === 0 ? "at once" : `over ${figure(fadeS, Number.isInteger(fadeS) ? 0 : 1)} s`;
}

function Fade({ scene }: { readonly scene: SceneName }) {
  const held = box.adjusted.value?.sceneFadesS[scene] ?? 0;
  const [moved, setMoved] = useState<number | null>(null);
  const set = (fadeS: number): void => void box.ask("setSceneFade", { scene, fadeS }).then(() => setMoved(null));
  const fadeS = moved ?? held;
  return <Range label="Fades in" value={fadeS} max={MAX_FADE_S} step={0.5} written={fadeWords(fadeS)} isDisabled={!box.mayControl.value} onMove={setMoved} onSet={set} />;
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
      <Fade scene={scene} />
      <div class="actions">
        {isHeld
          ? <Sure class="plain" label="Store the present sound" question={`What scene ${scene} holds is lost.`} onSure={store} />
          : <button type="button" class="plain" onClick={store}>Store the present sound</button>}
        <Sure label="Clear" question={`What scene ${scene} holds is lost.`} isDisabled={!isHeld} onSure={() => give(box.ask("clearScene", { scene }))} />
      </div>
    </Sheet>
  );
}

function SceneKey({ scene, onMore }: { readonly scene: SceneName; readonly onMore: () => void }) {
  const adjusted = box.adjusted.value;
  const isHeld = adjusted?.scenes.includes(scene) ?? false;
  const isFading = adjusted?.fadingTo === scene;
  const fadeS = adjusted?.sceneFadesS[scene] ?? 0;
  const name = adjusted?.sceneNames[scene] ?? "";
  const state = isFading ? "fading in …" : isHeld ? name || "stored" : name || "empty";
  return (
    <li class={`${isHeld ? "held" : ""} ${isFading ? "fading" : ""}`}>
      <button type="button" class="scene" disabled={!box.mayControl.value} onClick={() => void box.ask(isHeld ? "recallScene" : "storeScene", { scene })}>
        <span class="unseen">{isHeld ? "Recall scene" : "Store scene"}</span><strong>{scene}</strong> <span>{state}{isHeld && !isFading && fadeS > 0 && <small> {figure(fadeS, Number.isInteger(fadeS) ? 0 : 1)} s</small>}</span>
      </button>
      <button type="button" class="icon" aria-label={`More for scene ${scene}`} disabled={!box.mayControl.value} onClick={onMore}><More /></button>
    </li>
  );
}

/** Four whole sounds; a touch recalls one, over its own time. */
export function ScenePanel() {
  const [open, setOpen] = useState<SceneName | null>(null);
  return (
    <section class="panel" aria-label="Scenes">
      <div class="heads"><h2 class="head">Scenes</h2><span class="hint">Touch to recall or store</span></div>
      <ul class="scenes">{SCENES.map((scene) => <SceneKey key={scene} scene={scene} onMore={() => setOpen(scene)} />)}</ul>
      {open !== null && <SceneSheet scene={open} onClose={() => setOpen(null)} />}
    </section>
  );
}
