import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { snapValue } from "../../params/values.js";
import { box } from "../box.js";
import { rowOf } from "../controls/controls.js";
import { watchDrag } from "../controls/drag.js";
import { Drawing } from "../controls/drawing.js";
import { clamp, hzAtPlace, placeOfHz } from "../curves/scales.js";
import { EqPainter } from "../paint/eq.js";
import { filtersPicture } from "./eq-model.js";

const chosen = signal(0);
const IDS = ["filters.highpassHz", "filters.lowpassHz"] as const;
/** How near a finger must come to a handle, sideways. */
const REACH_PX = 48;

function watchCurve(canvas: HTMLCanvasElement): () => void {
  let x = 0;
  const xOf = (id: string): number => placeOfHz(box.value(id).peek()) * canvas.clientWidth;
  return watchDrag(canvas, {
    begin(at) {
      const [high, low] = [xOf(IDS[0]), xOf(IDS[1])];
      const index = Math.abs(at.x - high) < Math.abs(at.x - low) ? 0 : 1;
      x = index === 0 ? high : low;
      if (Math.abs(at.x - x) > REACH_PX) return false;
      chosen.value = index;
      return true;
    },
    move(_, by, isFine) {
      x = clamp(x + by.x * (isFine ? 1 / 8 : 1), -canvas.clientWidth, 2 * canvas.clientWidth);
      const id = IDS[chosen.peek()] ?? IDS[0];
      box.want({ [id]: snapValue(rowOf(id), hzAtPlace(x / canvas.clientWidth)) });
    },
  });
}

/** The curve of both filters over the live spectrum, with a handle for each. */
export function FiltersView() {
  const painter = useMemo(() => new EqPainter(), []);
  useEffect(() => box.show("spectrum"), []);
  return (
    <Drawing class="eq-view short" label="Curve of the filters over the live spectrum. The controls below set the same values."
      paint={(surface, dtMs) => painter.paint(surface, box.feed.latest?.spectrum, filtersPicture(chosen.peek()), dtMs)}
      touch={(canvas) => {
        canvas.dataset["drag"] = "";
        return watchCurve(canvas);
      }} />
  );
}
