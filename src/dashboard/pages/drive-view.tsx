import { useMemo, useState } from "preact/hooks";
import { clampValue, snapValue } from "../../params/values.js";
import { box } from "../box.js";
import { rowOf } from "../controls/rows.js";
import { Drawing } from "../controls/drawing.js";
import { Sheet } from "../controls/sheet.js";
import { LoudnessPainter } from "../paint/loudness.js";
import { figure, wholeOrTenth } from "../text.js";
import { RideLine } from "./ride-line.js";
import { ToGo } from "./to-go.js";

const DRIVE = "loudness.driveDb";
/** A difference that is worth a touch. */
const WORTH_LU = 0.1;

function Targets({ onClose }: { readonly onClose: () => void }) {
  const choose = (id: string): void => {
    void box.ask("setTarget", { target: id });
    onClose();
  };
  return (
    <Sheet title="Loudness target" onClose={onClose}>
      <ul class="list">
        {box.targets.value.map(({ id, name, loudnessLufs, ceilingDbtp }) => (
          <li key={id}>
            <button type="button" aria-pressed={id === box.adjusted.value?.target} onClick={() => choose(id)}>
              <strong>{name}</strong>
              <span>{loudnessLufs === null ? "no loudness" : `${wholeOrTenth(loudnessLufs)} LUFS`} · {figure(ceilingDbtp)} dBTP</span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** The loudness against its target, the target itself, and the drive that would reach it. */
export function DriveView() {
  const [isOpen, setOpen] = useState(false);
  const painter = useMemo(() => new LoudnessPainter(), []);
  const snapshot = box.feed.figures.value?.snapshot;
  const target = box.target.value;
  const targetLufs = target?.loudnessLufs ?? null;
  const integrated = snapshot?.integratedLufs ?? null;
  const row = rowOf(DRIVE);
  const missing = integrated === null || targetLufs === null ? 0 : targetLufs - integrated;
  const drive = snapValue(row, clampValue(row, box.value(DRIVE).value + missing));
  return (
    <div class="panel loudness">
      <Drawing class="loudness-bar" paint={(surface, dtMs) => painter.paint(surface, box.feed.latest, box.target.peek()?.loudnessLufs ?? null, dtMs)} />
      <ToGo integratedLufs={integrated} />
      <RideLine />
      <dl class="facts">
        <div><dt>Short-term</dt><dd>{figure(snapshot?.shortTermLufs)}</dd></div>
        <div><dt>Integrated</dt><dd>{figure(integrated)}</dd></div>
        <div><dt>Range LU</dt><dd>{figure(snapshot?.loudnessRangeLu)}</dd></div>
      </dl>
      <div class="actions">
        <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => setOpen(true)}>Change the target</button>
        <button type="button" class="plain" disabled={Math.abs(missing) < WORTH_LU || !box.mayControl.value} onClick={() => box.want({ [DRIVE]: drive })}>
          {Math.abs(missing) < WORTH_LU ? "At the target" : `${missing > 0 ? "Raise" : "Lower"} drive by ${figure(Math.abs(missing))} dB`}
        </button>
      </div>
      {isOpen && <Targets onClose={() => setOpen(false)} />}
    </div>
  );
}
