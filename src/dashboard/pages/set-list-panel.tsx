import { useState } from "preact/hooks";
import { MAX_SET_LIST, SCENES, type SceneName, type SetList } from "../../protocol/scenes.js";
import { box } from "../box.js";
import { Close, Down, Up } from "../controls/icons.js";
import { Sheet } from "../controls/sheet.js";
import { moved } from "../moved.js";

const FOLLOWS: Readonly<Record<SetList["follows"], string>> = { hand: "By hand", songs: "New song", sections: "Sections too" };

function sceneTitle(scene: SceneName): string {
  const name = box.adjusted.value?.sceneNames[scene] ?? "";
  return name === "" ? scene : `${scene} · ${name}`;
}

function Editor({ list, onClose }: { readonly list: SetList; readonly onClose: () => void }) {
  const { scenes, follows } = list;
  const set = (next: readonly SceneName[]): void => void box.ask("setSetList", { scenes: next });
  return (
    <Sheet title="Set list" onClose={onClose}>
      <p class="hint">The scenes of the evening in their order; one may come more than once.</p>
      <ol class="order">
        {scenes.map((scene, place) => (
          <li key={place}>
            <span>{place + 1}. {sceneTitle(scene)}</span>
            <button type="button" class="icon" aria-label={`Step ${place + 1} earlier`} disabled={place === 0} onClick={() => set(moved(scenes, place, -1))}><Up /></button>
            <button type="button" class="icon" aria-label={`Step ${place + 1} later`} disabled={place === scenes.length - 1} onClick={() => set(moved(scenes, place, 1))}><Down /></button>
            <button type="button" class="icon" aria-label={`Take step ${place + 1} out`} onClick={() => set(scenes.filter((_, at) => at !== place))}><Close /></button>
          </li>
        ))}
      </ol>
      <div class="chips" role="group" aria-label="Add a scene">
        {SCENES.map((scene) => (
          <button key={scene} type="button" disabled={scenes.length >= MAX_SET_LIST} aria-label={`Add scene ${scene}`} onClick={() => set([...scenes, scene])}>+ {scene}</button>
        ))}
      </div>
      <h3>What steps it</h3>
      <div class="segments" role="group" aria-label="What steps it">
        {(Object.keys(FOLLOWS) as SetList["follows"][]).map((each) => (
          <button key={each} type="button" aria-pressed={follows === each} onClick={() => void box.ask("setSetList", { follows: each })}>{FOLLOWS[each]}</button>
        ))}
      </div>
    </Sheet>
  );
}

/** The scenes of an evening: the next by one touch, or by the mark of a song or a section. */
export function SetListPanel() {
  const [isOpen, setOpen] = useState(false);
  const list = box.adjusted.value?.setList;
  if (list === undefined) return null;
  const { scenes, at, follows } = list;
  // The box passes over scenes that were emptied.
  const next = scenes.slice(at === null ? 0 : at + 1).find((scene) => box.adjusted.value?.scenes.includes(scene));
  const isOff = !box.mayControl.value;
  return (
    <section class="panel" aria-label="Set list">
      <div class="heads"><h2 class="head">Set list</h2>{scenes.length > 0 && <span class="hint">{at === null ? "not begun" : `${at + 1} of ${scenes.length}`} · {FOLLOWS[follows].toLowerCase()}</span>}</div>
      {scenes.length === 0 ? <p class="hint">Put scenes in the order of the evening, and step through them with one touch.</p> : (
        <>
          <ol class="set-list">{scenes.map((scene, place) => <li key={place} aria-current={place === at ? "step" : undefined}>{scene}</li>)}</ol>
          <div class="set-steps">
            <button type="button" class="plain" disabled={isOff || at === null || at === 0} onClick={() => void box.ask("stepSetList", { direction: "previous" })}>Back</button>
            <button type="button" class="primary" disabled={isOff || next === undefined} onClick={() => void box.ask("stepSetList", { direction: "next" })}>
              {next === undefined ? "The end" : `Next: ${sceneTitle(next)}`}
            </button>
          </div>
        </>
      )}
      <div class="actions">
        {follows === "sections" && <button type="button" class="plain" disabled={isOff} onClick={() => void box.ask("markSection", {})}>A section begins</button>}
        <button type="button" class="plain" disabled={isOff} onClick={() => setOpen(true)}>{scenes.length === 0 ? "Write a set list" : "Change the list"}</button>
      </div>
      {isOpen && <Editor list={list} onClose={() => setOpen(false)} />}
    </section>
  );
}
