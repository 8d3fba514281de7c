import { useEffect } from "preact/hooks";
import { box } from "../box.js";
import { Drawing } from "../controls/drawing.js";
import { watchPanZoom } from "../controls/pan-zoom.js";
import { HistoryView, SPANS_S } from "../history-view.js";
import { History, paintHistory } from "../paint/history.js";

/** The history of this page: what the box has kept when it comes, and each second since. */
const history = new History();
const view = new HistoryView();
let secondBin = 0;
let loudest: number | null = null;

/** Bins of a second: the meters count one each 10 ms of sound. */
const SECOND_BINS = 100;

/** Follows the meters: a step of the history each second of sound. */
function follow(): void {
  const snapshot = box.feed.latest;
  if (snapshot === null) return;
  const { bin, momentaryLufs, shortTermLufs } = snapshot;
  if (momentaryLufs !== null) loudest = Math.max(loudest ?? -Infinity, momentaryLufs);
  if (bin < secondBin) secondBin = bin;
  if (bin - secondBin < SECOND_BINS) return;
  history.add(shortTermLufs, loudest);
  view.measure(history.seconds);
  secondBin = bin;
  loudest = null;
}

async function load(): Promise<void> {
  const answer = await box.askQuietly("loudnessHistory", {});
  if (answer === undefined) return;
  history.fill(answer.shortTermLufs, answer.momentaryMaxLufs);
  view.measure(history.seconds);
}

/** Starts the history; call once. */
export function startHistory(): void {
  box.visits.subscribe((visits) => {
    if (visits > 0) void load();
  });
  box.feed.figures.subscribe(follow);
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
        still={() => `${history.revision} ${JSON.stringify(view.window.peek())} ${targetLufs()}`}
        paint={(surface) => paintHistory(surface, history, view.window.peek(), targetLufs())}
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
