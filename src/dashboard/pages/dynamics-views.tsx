import { useMemo } from "preact/hooks";
import { box } from "../box.js";
import { Drawing } from "../controls/drawing.js";
import type { TransferShape } from "../curves/transfer.js";
import { TransferPainter } from "../paint/transfer.js";
import { figure } from "../text.js";

/** The static curve of the dynamics whose parameters begin with `prefix`. */
export function transferShape(prefix: string): TransferShape {
  const value = (name: string): number => box.value(`${prefix}.${name}`).peek();
  return {
    thresholdDb: value("thresholdDb"), ratio: value("ratio"), kneeDb: value("kneeDb"), makeupDb: value("makeupDb"), mixPercent: value("mixPercent"),
  };
}

/** The curve of the compressor with the live point on it, and its reduction over the last seconds. */
export function CompressorView() {
  const painter = useMemo(() => new TransferPainter(), []);
  const reduction = box.feed.figures.value?.reduction.compressor;
  return (
    <figure class="view">
      <Drawing class="transfer-view" label="Transfer curve of the compressor with the live level on it" paint={(surface, dtMs) => {
        const snapshot = box.feed.latest;
        const point = snapshot === null ? null : { levelDb: snapshot.compressorInputDbfs, reductionDb: snapshot.reductionDb.compressor };
        painter.paint(surface, transferShape("compressor"), point, dtMs);
      }} />
      <figcaption>Gain reduction <output role="group" aria-label="Gain reduction" aria-live="off">{figure(reduction)} dB</output></figcaption>
    </figure>
  );
}

/** The limiter as a curve: straight up to the ceiling, and flat. */
export function LimiterView() {
  const painter = useMemo(() => new TransferPainter(), []);
  const figures = box.feed.figures.value;
  return (
    <figure class="view">
      <Drawing class="transfer-view" label="The limiter's ceiling with the live level, and its reduction over the last seconds" paint={(surface, dtMs) => {
        const snapshot = box.feed.latest;
        const shape = { thresholdDb: box.value("limiter.ceilingDbtp").peek(), ratio: 1000, kneeDb: 0, makeupDb: 0, mixPercent: 100 };
        const level = snapshot?.stages.find(({ id }) => id === "limiter")?.inDbfs ?? null;
        painter.paint(surface, shape, { levelDb: level, reductionDb: snapshot?.reductionDb.limiter ?? 0 }, dtMs);
      }} />
      <figcaption>Gain reduction <output role="group" aria-label="Gain reduction" aria-live="off">{figure(figures?.reduction.limiter)} dB</output></figcaption>
    </figure>
  );
}
