import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { snapValue } from "../../params/values.js";
import { box } from "../box.js";
import { Control } from "../controls/controls.js";
import { watchDrag } from "../controls/drag.js";
import { Drawing } from "../controls/drawing.js";
import { Hold } from "../controls/hold.js";
import { numberOf } from "../controls/rows.js";
import { dbOfPixel, EqPainter, nodeAt } from "../paint/eq.js";
import { signed } from "../text.js";
import { EQ_BANDS, EqModel } from "./eq-model.js";

/** The band whose controls are shown. */
const chosen = signal(2);
const NOTCH = 4;

const id = (band: number, name: string): string => `eq.band${band}.${name}`;

/** Lets a finger take a handle and drag its frequency and gain; a double tap sets the gain to its default. */
function watchCurve(canvas: HTMLCanvasElement, model: EqModel): () => void {
  let freq: Hold;
  let gain: Hold;
  return watchDrag(canvas, {
    isFree: true,
    begin(at) {
      const index = nodeAt(model.picture(chosen.peek()), at.x, at.y, [canvas.clientWidth, canvas.clientHeight]);
      if (index < 0) return false;
      const band = chosen.value = index + 1;
      const row = numberOf(id(band, "gainDb"));
      freq = Hold.ofFrequency(id(band, "freqHz"));
      gain = new Hold(row, { placeOf: (db) => db, valueAt: (db) => snapValue(row, db) });
      return true;
    },
    move(_, by, isFine) {
      const { clientWidth: width, clientHeight: height } = canvas;
      const speed = isFine ? 1 / 8 : 1;
      const isNotch = box.value(id(chosen.peek(), "type")).peek() === NOTCH;
      box.want({ ...freq.move((by.x / width) * speed), ...(isNotch ? {} : gain.move(-by.y * dbOfPixel(height) * speed)) });
    },
    doubleTap: () => box.want({ [id(chosen.peek(), "gainDb")]: 0 }),
  });
}

function BandChips() {
  return (
    <div class="chips bands eight" role="group" aria-label="Bands">
      {Array.from({ length: EQ_BANDS }, (_, index) => index + 1).map((band) => {
        const gainDb = box.value(id(band, "gainDb")).value;
        const isOn = box.value(id(band, "on")).value === 1;
        return (
          <button key={band} type="button" class={isOn ? "" : "off"} aria-pressed={chosen.value === band}
            onClick={() => (chosen.value = band)}><span class="unseen">Band</span> {band} <small>{isOn ? `${signed(gainDb)} dB` : "off"}</small></button>
        );
      })}
    </div>
  );
}

/** The equaliser: its curve over the live spectrum, and the controls of one band. */
export function EqEditor() {
  const painter = useMemo(() => new EqPainter(), []);
  const model = useMemo(() => new EqModel(), []);
  useEffect(() => box.show("spectrum"), []);
  const band = chosen.value;
  const isDynamic = band > 6 && box.value(id(band, "dynamic")).value === 1;
  return (
    <>
      <Drawing class="eq-view" label="Curve of the equaliser over the live spectrum. The controls below set the same values."
        paint={(surface, dtMs) => painter.paint(surface, box.feed.latest?.spectrum, model.picture(chosen.peek()), dtMs)}
        touch={(canvas) => {
          canvas.dataset["drag"] = "";
          return watchCurve(canvas, model);
        }} />
      <BandChips />
      <div class="controls" key={band}>
        <Control id={id(band, "gainDb")} />
        <Control id={id(band, "freqHz")} />
        <Control id={id(band, "q")} />
        <Control id={id(band, "on")} />
        <Control id={id(band, "type")} />
        <Control id={id(band, "channel")} />
        {band > 6 && <Control id={id(band, "dynamic")} />}
        {isDynamic && ["thresholdDb", "rangeDb", "attackMs", "releaseMs"].map((name) => <Control key={name} id={id(band, name)} />)}
      </div>
    </>
  );
}
