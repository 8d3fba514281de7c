import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { box } from "../box.js";
import { clipLights } from "./clip-lights.js";
import { Drawing } from "../controls/drawing.js";
import { GoniometerPainter } from "../paint/goniometer.js";
import { LevelsPainter } from "../paint/levels.js";
import { LoudnessPainter } from "../paint/loudness.js";
import { ReductionPainter } from "../paint/reduction.js";
import { SpectrumPainter, type SpectrumView } from "../paint/spectrum.js";
import { SmoothBar } from "../paint/ballistics.js";
import { COLOUR } from "../paint/theme.js";
import { clamp } from "../curves/scales.js";
import { Next } from "../controls/icons.js";
import { largestEqDb } from "../feed.js";
import { mixReading, useMixReading } from "../mix-reading.js";
import { go } from "../route.js";
import { figure, shortReduction } from "../text.js";
import { RideLine } from "./ride-line.js";
import { againstTarget, ToGo } from "./to-go.js";
import { HistoryPanel } from "./history-panel.js";
import { SongPanel } from "./song-panel.js";

function BigFigure({ label, value, state }: { readonly label: string; readonly value: string; readonly state?: string | undefined }) {
  return (
    <div class={`big ${state ?? ""}`}>
      <h2 class="head">{label}</h2>
      <output role="group" aria-label={label} aria-live="off">{value}</output>
    </div>
  );
}

function Loudness() {
  const painter = useMemo(() => new LoudnessPainter(), []);
  const snapshot = box.feed.figures.value?.snapshot;
  const target = box.target.value;
  const targetLufs = target?.loudnessLufs ?? null;
  const integrated = snapshot?.integratedLufs ?? null;
  const state = againstTarget(integrated, targetLufs);
  // Red with the light of the output, and not without it.
  const isPeakOver = box.clips.output.value.count > 0;
  return (
    <section class="panel loudness" aria-label="Loudness">
      <div class="bigs">
        <BigFigure label="Short-term LUFS" value={figure(snapshot?.shortTermLufs)} />
        <BigFigure label="Integrated LUFS" value={figure(integrated)} state={state} />
      </div>
      <Drawing class="loudness-bar" paint={(surface, dtMs) => painter.paint(surface, box.feed.latest, box.target.peek()?.loudnessLufs ?? null, dtMs)} />
      <div class="aim-row">
        <ToGo integratedLufs={integrated} />
        <button type="button" class="icon" aria-label="Target, learning and platforms" onClick={() => go("chain", "loudness")}><Next /></button>
      </div>
      <RideLine />
      <dl class="facts">
        <div><dt>Momentary</dt><dd>{figure(snapshot?.momentaryLufs)}</dd></div>
        <div><dt>Range LU</dt><dd>{figure(snapshot?.loudnessRangeLu)}</dd></div>
        <div class={isPeakOver ? "over" : ""}><dt>Peak dBTP</dt><dd>{figure(snapshot?.maxTruePeakDbtp)}</dd></div>
      </dl>
    </section>
  );
}

/** The higher of both sides. */
function higher([left, right]: readonly [number | null, number | null]): string {
  return figure(left === null || right === null ? left ?? right : Math.max(left, right));
}

function Levels() {
  const painter = useMemo(() => new LevelsPainter(), []);
  const figures = box.feed.figures.value;
  return (
    <section class="panel levels" aria-label="Levels, true peak in dBTP">
      <div class="heads"><h2 class="head">In</h2><h2 class="head">dB</h2><h2 class="head">Out</h2></div>
      <Drawing class="level-bars" paint={(surface, dtMs) => {
        const snapshot = box.feed.latest;
        painter.paint(surface, snapshot?.input, snapshot?.output, box.value("limiter.ceilingDbtp").peek(), dtMs);
      }} />
      <div class="feet">
        <output role="group" aria-label="Input true peak" aria-live="off">{higher(figures?.inputPeakDbtp ?? [null, null])}</output>
        <span />
        <output role="group" aria-label="Output true peak" aria-live="off">{higher(figures?.outputPeakDbtp ?? [null, null])}</output>
      </div>
      {clipLights()}
    </section>
  );
}

function Reductions() {
  const painter = useMemo(() => new ReductionPainter(), []);
  const now = box.feed.figures.value?.reduction;
  const bands = now?.multiband ?? [];
  return (
    <section class="panel reductions" aria-label="Gain reduction in dB">
      <div class="heads"><h2 class="head">Gain reduction dB</h2></div>
      <Drawing class="level-bars" paint={(surface, dtMs) => {
        const reduction = box.feed.latest?.reductionDb;
        painter.paint(surface, [
          [largestEqDb(reduction?.eqDynamic ?? [])], [reduction?.compressor ?? 0], reduction?.multiband ?? [0, 0, 0, 0], [reduction?.limiter ?? 0],
        ], dtMs);
      }} />
      <dl class="facts reduction-facts">
        <div><dt>EQ</dt><dd>{shortReduction(now?.eq)}</dd></div>
        <div><dt>CMP</dt><dd>{shortReduction(now?.compressor)}</dd></div>
        <div><dt>MB</dt><dd>{shortReduction(now === undefined ? null : Math.max(0, ...bands))}</dd></div>
        <div><dt>LIM</dt><dd>{shortReduction(now?.limiter)}</dd></div>
      </dl>
    </section>
  );
}

const isFine = signal(false);
const isHeld = signal(true);
const isInputShown = signal(false);
const areReferencesShown = signal(true);
/** A full-scale sine is 0 dBFS by AES17, and its mean square -3.01 dB. */
const AES17_DB = 3.01;

/** The middle of the references in dBFS, as loud as the output is now. */
function referencesNow(): SpectrumView["references"] {
  const balance = mixReading.peek()?.comparison?.balance;
  const loudness = box.feed.latest?.shortTermLufs ?? null;
  if (!areReferencesShown.peek() || balance === undefined || loudness === null) return null;
  return { freqHz: balance.freqHz, db: balance.middle.map((db) => db + loudness + AES17_DB) };
}

/** Asks what the references sound like for as long as they are drawn. */
function ReferencesHeard() {
  useMixReading();
  return null;
}

function Spectrum() {
  const hasReferences = box.references.value.some(({ state }) => state === "ready");
  const painter = useMemo(() => new SpectrumPainter(), []);
  useEffect(() => box.show("spectrum"), []);
  return (
    <section class="panel spectrum" aria-label="Spectrum">
      <div class="heads"><h2 class="head">Spectrum dBFS</h2></div>
      <Drawing class="spectrum-view" label="Live spectrum of the output" paint={(surface, dtMs) =>
        painter.paint(surface, box.feed.latest?.spectrum, {
          isFine: isFine.peek(), isHeld: isHeld.peek(), isInputShown: isInputShown.peek(), references: referencesNow(),
        }, dtMs)} />
      <div class="chips">
        <button type="button" aria-pressed={!isFine.value} onClick={() => (isFine.value = false)}>⅓ octave</button>
        <button type="button" aria-pressed={isFine.value} onClick={() => (isFine.value = true)}>Fine</button>
        <button type="button" aria-pressed={isHeld.value} onClick={() => {
          isHeld.value = !isHeld.value;
          painter.release();
        }}>Peak hold</button>
        <button type="button" aria-pressed={isInputShown.value} onClick={() => (isInputShown.value = !isInputShown.value)}>Input</button>
        {hasReferences && (
          <button type="button" aria-pressed={areReferencesShown.value} onClick={() => (areReferencesShown.value = !areReferencesShown.value)}>References</button>
        )}
        {hasReferences && areReferencesShown.value && <ReferencesHeard />}
      </div>
    </section>
  );
}

function Stereo() {
  const painter = useMemo(() => new GoniometerPainter(), []);
  const phase = useMemo(() => new SmoothBar(0, 120), []);
  useEffect(() => box.show("goniometer"), []);
  const correlation = box.feed.figures.value?.snapshot.correlation ?? null;
  return (
    <section class="panel stereo" aria-label="Stereo image">
      <div class="heads">
        <h2 class="head">Stereo</h2>
        <output role="group" class={correlation !== null && correlation < 0 ? "bad" : ""} aria-label="Correlation" aria-live="off">
          {figure(correlation, 2)}
        </output>
      </div>
      <Drawing class="goniometer" label="Goniometer of the output" paint={(surface) => painter.paint(surface, box.feed.latest?.goniometer)} />
      <Drawing class="correlation" paint={({ context, width, height }, dtMs) => {
        phase.move(box.feed.latest?.correlation ?? 0, dtMs);
        const at = ((clamp(phase.value, -1, 1) + 1) / 2) * width;
        context.fillStyle = COLOUR.track;
        context.fillRect(0, 0, width, height);
        context.fillStyle = phase.value < 0 ? COLOUR.over : COLOUR.level;
        context.fillRect(Math.min(at, width / 2), 0, Math.abs(at - width / 2), height);
        context.fillStyle = COLOUR.text;
        context.fillRect(at - 2, 0, 4, height);
      }} />
      <div class="ends" aria-hidden="true"><span>−1</span><span>0</span><span>+1</span></div>
    </section>
  );
}

/** What an engineer looks at all night. */
export function MetersPage() {
  return (
    <main class="page meters" aria-label="Meters">
      <Loudness />
      <div class="bars">
        <Levels />
        <Reductions />
      </div>
      <SongPanel />
      <Spectrum />
      <Stereo />
      <HistoryPanel />
    </main>
  );
}
