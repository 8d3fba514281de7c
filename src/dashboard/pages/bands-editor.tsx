import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { box } from "../box.js";
import { Control } from "../controls/controls.js";
import { watchDrag } from "../controls/drag.js";
import { Drawing } from "../controls/drawing.js";
import { Hold } from "../controls/hold.js";
import { placeOfHz } from "../curves/scales.js";
import { effectiveCrossovers } from "../curves/transfer.js";
import { BandsPainter, type BandPicture } from "../paint/bands.js";
import { TransferPainter } from "../paint/transfer.js";
import { transferShape } from "./dynamics-views.js";
import { shownParameters } from "../stages.js";
import { figure } from "../text.js";

const chosen = signal(1);
const CROSSOVERS = ["multiband.crossover1Hz", "multiband.crossover2Hz", "multiband.crossover3Hz"] as const;
const REACH_PX = 30;

/** Number of bands: the first choice is 3. */
function bandCount(): number {
  return 3 + box.value("multiband.bands").value;
}

/** Borders between the bands as they work. */
function crossovers(): number[] {
  const [first, second, third] = CROSSOVERS.map((id) => box.value(id).value);
  return effectiveCrossovers(first ?? 120, second ?? 1000, third ?? 6000).slice(0, bandCount() - 1);
}

/** Lets a finger drag the borders; a tap between them chooses a band. */
function watchBands(canvas: HTMLCanvasElement): () => void {
  let hold: Hold;
  const places = (): number[] => crossovers().map((hz) => placeOfHz(hz) * canvas.clientWidth);
  return watchDrag(canvas, {
    begin(at) {
      const borders = places();
      const nearest = borders.reduce((best, border, index) =>
        Math.abs(border - at.x) < Math.abs((borders[best] ?? Infinity) - at.x) ? index : best, 0);
      const id = CROSSOVERS[nearest];
      if (id === undefined || Math.abs((borders[nearest] ?? Infinity) - at.x) > REACH_PX) return false;
      hold = Hold.ofFrequency(id);
      return true;
    },
    move: (_, by, isFine) => box.want(hold.move((by.x / canvas.clientWidth) * (isFine ? 1 / 8 : 1))),
    tap(at) {
      chosen.value = 1 + places().filter((border) => at.x > border).length;
    },
  });
}

function BandsView({ pictures }: { readonly pictures: () => BandPicture[] }) {
  const painter = useMemo(() => new BandsPainter(), []);
  useEffect(() => box.show("spectrum"), []);
  return (
    <Drawing class="eq-view short" label="Bands over the live spectrum. The controls below set the same values."
      paint={(surface, dtMs) => painter.paint(surface, box.feed.latest?.spectrum, crossovers(), pictures(), dtMs)}
      touch={(canvas) => {
        canvas.dataset["drag"] = "";
        return watchBands(canvas);
      }} />
  );
}

function dynamicsIds(band: number): string[] {
  const prefix = `multiband.band${band}.`;
  return shownParameters(prefix).filter((id) => id !== `${prefix}on` && id !== `${prefix}solo`);
}

function BandCurve({ band }: { readonly band: number }) {
  const painter = useMemo(() => new TransferPainter(), []);
  const reduction = box.feed.figures.value?.reduction.multiband[band - 1];
  return (
    <figure class="view">
      <Drawing class="transfer-view short" label={`Transfer curve of band ${band}, and its reduction over the last seconds`} paint={(surface, dtMs) =>
        painter.paint(surface, transferShape(`multiband.band${band}`), { levelDb: null, reductionDb: box.feed.latest?.reductionDb.multiband[band - 1] ?? 0 }, dtMs)} />
      <figcaption>Gain reduction <output role="group" aria-label="Gain reduction" aria-live="off">{figure(reduction)} dB</output></figcaption>
    </figure>
  );
}

/** The multiband compressor: its bands over the spectrum, and the controls of one. */
export function MultibandEditor() {
  const bands = Array.from({ length: bandCount() }, (_, index) => index + 1);
  const band = Math.min(chosen.value, bands.length);
  const prefix = `multiband.band${band}`;
  return (
    <>
      <BandsView pictures={() => Array.from({ length: 3 + box.value("multiband.bands").peek() }, (_, index) => ({
        label: String(index + 1), isChosen: index + 1 === chosen.peek(), isOn: box.value(`multiband.band${index + 1}.on`).peek() === 1,
        reductionDb: box.feed.latest?.reductionDb.multiband[index] ?? 0,
      }))} />
      <div class="chips bands" role="group" aria-label="Bands">
        {bands.map((number) => (
          <button key={number} type="button" class={box.value(`multiband.band${number}.on`).value === 1 ? "" : "off"} aria-pressed={number === band}
            onClick={() => (chosen.value = number)}>Band {number}</button>
        ))}
      </div>
      <BandCurve key={`curve ${band}`} band={band} />
      <div class="controls" key={band}>
        <Control id={`${prefix}.on`} />
        <Control id={`${prefix}.solo`} />
        {dynamicsIds(band).map((id) => <Control key={id} id={id} />)}
      </div>
      <h3 class="controls-title">Split</h3>
      <div class="controls">
        <Control id="multiband.bands" />
        {CROSSOVERS.slice(0, bands.length - 1).map((id) => <Control key={id} id={id} />)}
      </div>
    </>
  );
}

/** The imager's bands over the spectrum: those of the multiband compressor, with the width of each. */
export function ImagerView() {
  return (
    <BandsView pictures={() => Array.from({ length: 3 + box.value("multiband.bands").peek() }, (_, index) => ({
      label: `${Math.round(box.value(`imager.band${index + 1}.widthPercent`).peek())} %`, isChosen: false, isOn: true, reductionDb: 0,
    }))} />
  );
}
