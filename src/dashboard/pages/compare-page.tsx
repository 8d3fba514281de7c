import { useState } from "preact/hooks";
import { box } from "../box.js";
import { Toggle } from "../controls/controls.js";
import { Sheet } from "../controls/sheet.js";
import { figure } from "../text.js";
import { PlatformPanel } from "./platform-panel.js";
import { PresetPanel } from "./preset-panel.js";
import { ScenePanel } from "./scene-panel.js";
import { SetListPanel } from "./set-list-panel.js";
import { SongLog } from "./song-panel.js";

/** What the master adds in loudness: the gain that the input needs to be as loud. */
function louder(gainDb: number): string {
  if (Math.abs(gainDb) < 0.05) return "The master is as loud as the input";
  return `The master is ${figure(Math.abs(gainDb))} dB ${gainDb > 0 ? "louder" : "quieter"} than the input`;
}

function BypassButton() {
  const isBypassed = box.value("chain.bypass").value === 1;
  const isMatched = box.value("chain.levelMatch").value === 1;
  const snapshot = box.feed.figures.value?.snapshot;
  const hint = isMatched ? "Both are heard equally loud" : "The louder one may win";
  return (
    <section class="compare-bypass" aria-label="Bypass">
      <button type="button" class={`bypass ${isBypassed ? "on" : ""}`} aria-pressed={isBypassed} disabled={!box.mayControl.value}
        onClick={() => void box.ask("bypass", { on: !isBypassed })}>
        <strong>{isBypassed ? "Bypassed" : "Master"}</strong>
        <span>{isBypassed ? "You hear the input. Touch for the master." : "You hear the master. Touch for the input."}</span>
        <output role="group" aria-live="off" aria-label="Short-term loudness">{figure(snapshot?.shortTermLufs)} LUFS</output>
      </button>
      <Toggle label="Level match" hint={snapshot === undefined ? hint : `${louder(snapshot.matchGainDb)}. ${hint}.`} isOn={isMatched}
        onToggle={() => box.want({ "chain.levelMatch": isMatched ? 0 : 1 })} />
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
        <ScenePanel />
        <SetListPanel />
        <HardBypass />
        <section class="panel wide-only" aria-label="Songs">
          <div class="heads"><h2 class="head">Songs of this box</h2></div>
          <SongLog />
        </section>
      </div>
      <div class="column">
        <PlatformPanel />
        <PresetPanel />
      </div>
    </main>
  );
}
