import { useMixReading } from "../mix-reading.js";
import { AbBar } from "./ab-bar.js";
import { FindingPanel } from "./finding-panel.js";
import { MatchPanel } from "./match-panel.js";
import { MixPanel } from "./mix-panel.js";
import { PassagePanel } from "./passage-panel.js";
import { ReferencePanel } from "./reference-panel.js";

/** What the box hears: faults and their remedies, the mix beside its references, and the references themselves. */
export function EarsPage() {
  useMixReading();
  return (
    <main class="page ears" aria-label="Ears">
      <div class="column">
        <FindingPanel />
        <ReferencePanel />
        <PassagePanel />
      </div>
      <div class="column">
        <MixPanel />
        <MatchPanel />
      </div>
      <AbBar />
    </main>
  );
}
