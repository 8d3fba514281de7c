import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { box } from "../box.js";
import { Drawing } from "../controls/drawing.js";
import { watchPanZoom } from "../controls/pan-zoom.js";
import { HISTORY_S, panned, zoomed, type HistoryWindow } from "../history-window.js";
import { History, paintHistory } from "../paint/history.js";

const SPANS_S = [60, 300, 600, HISTORY_S] as const;
/** What people asked to see; null before they have. */
const asked = signal<HistoryWindow | null>(null);

/** The history of this page: what the box has kept when it comes, and each second since. */
const history = new History();
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
  measureWhole();
  secondBin = bin;
  loudest = null;
}

async function load(): Promise<void> {
  const answer = await box.askQuietly("loudnessHistory", {});
  if (answer === undefined) return;
  history.fill(answer.shortTermLufs, answer.momentaryMaxLufs);
  measureWhole();
}

/** Starts the history; call once. */
export function startHistory(): void {
  box.visits.subscribe((visits) => {
    if (visits > 0) void load();
  });
  box.feed.figures.subscribe(follow);
}

/** The shortest span that holds all that there is. */
const wholeS = signal<number>(SPANS_S[0]);

function measureWhole(): void {
  wholeS.value = SPANS_S.find((span) => span >= history.seconds) ?? HISTORY_S;
}

/** What is shown: what was asked for, else all that there is. */
function view(): HistoryWindow {
  return asked.value ?? { spanS: wholeS.value, agoS: 0 };
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
      <Drawing class="history-view" label="Short-term loudness over time" still={() => `${history.revision} ${view().spanS} ${view().agoS} ${targetLufs()}`}
        paint={(surface) => paintHistory(surface, history, view(), targetLufs())}
        touch={(canvas) => {
          canvas.dataset["drag"] = "";
          return watchPanZoom(canvas, {
            pan: (share) => (asked.value = panned(view(), share)),
            zoom: (factor, share) => (asked.value = zoomed(view(), factor, share)),
          });
        }} />
      <div class="chips">
        {SPANS_S.map((span) => (
          <button key={span} type="button" aria-pressed={view().spanS === span && view().agoS === 0}
            onClick={() => (asked.value = { spanS: span, agoS: 0 })}>{span / 60} min</button>
        ))}
      </div>
    </section>
  );
}
