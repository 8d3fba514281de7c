import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { box } from "../box.js";
import { watchDrag } from "../controls/drag.js";
import { Drawing } from "../controls/drawing.js";
import { Hold } from "../controls/hold.js";
import { placeOfHz } from "../curves/scales.js";
import { EqPainter } from "../paint/eq.js";
import { filtersPicture } from "./eq-model.js";

const chosen = signal(0);
const IDS = ["filters.highpassHz", "filters.lowpassHz"] as const;
/** How near a finger must come to a handle, sideways. */
const REACH_PX = 48;

function watchCurve(canvas: HTMLCanvasElement): () => void {
  let hold: Hold;
  const xOf = (id: string): number => placeOfHz(box.value(id).peek()) * canvas.clientWidth;
  return watchDrag(canvas, {
    begin(at) {
      const [high, low] = [xOf(IDS[0]), xOf(IDS[1])];
      const index = Math.abs(at.x - high) < Math.abs(at.x - low) ? 0 : 1;
      if (Math.abs(at.x - (index === 0 ? high : low)) > REACH_PX) return false;
      chosen.value = index;
      hold = Hold.ofFrequency(IDS[index]);
      return true;
    },
    move: (_, by, isFine) => box.want(hold.move((by.x / canvas.clientWidth) * (isFine ? 1 / 8 : 1))),
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
