import { useEffect } from "preact/hooks";
import { box } from "../box.js";
import { Drawing } from "../controls/drawing.js";
import { watchPanZoom } from "../controls/pan-zoom.js";
import { HistoryView, SPANS_S } from "../history-view.js";
import { paintHistory } from "../paint/history.js";

const view = new HistoryView();

async function load(): Promise<void> {
  const answer = await box.askQuietly("loudnessHistory", {});
  if (answer !== undefined) box.history.fill(answer.shortTermLufs, answer.momentaryMaxLufs);
}

/** Starts the history; call once. */
export function startHistory(): void {
  box.visits.subscribe((visits) => {
    if (visits > 0) void load();
  });
  box.history.revision.subscribe(() => view.measure(box.history.seconds));
}

function targetLufs(): number | null {
  return box.target.peek()?.loudnessLufs ?? null;
}

/** Loudness over the last half hour. */
export function HistoryPanel() {
  // What came while no meters did, the phone asleep, is fetched.
  useEffect(() => {
    if (box.phase.peek() === "live") void load();
  }, []);
  return (
    <section class="panel history" aria-label="Loudness history">
      <div class="heads"><h2 class="head">History LUFS</h2></div>
      <Drawing class="history-view" label="Short-term loudness over time"
        still={() => `${box.history.revision.peek()} ${JSON.stringify(view.window.peek())} ${targetLufs()}`}
        paint={(surface) => paintHistory(surface, box.history, view.window.peek(), targetLufs())}
        touch={(canvas) => {
          canvas.dataset["drag"] = "";
          return watchPanZoom(canvas, { pan: (share) => view.pan(share), zoom: (factor, share) => view.zoom(factor, share) });
        }} />
      <div class="chips">
        {SPANS_S.map((span) => (
          <button key={span} type="button" aria-pressed={view.shows(span)} onClick={() => view.ask(span)}>{span / 60} min</button>
        ))}
      </div>
    </section>
  );
}
