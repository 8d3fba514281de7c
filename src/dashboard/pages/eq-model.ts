import { box } from "../box.js";
import { addResponse, EQ_SHAPES, eqSection, passSections } from "../curves/eq-shapes.js";
import { CURVE_HZ, CURVE_POINTS, type EqPicture, type Node } from "../paint/eq.js";

/** Number of bands of the equaliser. */
export const EQ_BANDS = 8;
/** Bands that can move by themselves, in the order of the meters. */
const DYNAMIC_BANDS: readonly number[] = [7, 8];
const NOTCH = 4;
const DEFAULT_RATE_HZ = 48_000;

function value(band: number, name: string): number {
  return box.value(`eq.band${band}.${name}`).value;
}

/** Rate at which the chain runs. */
export function sampleRateHz(): number {
  return box.status.value?.audio.format?.sampleRateHz ?? DEFAULT_RATE_HZ;
}

/** Gain of a band now: what is set, and what a dynamic band has moved. */
function liveGainDb(band: number): number {
  const gainDb = value(band, "gainDb");
  const dynamic = DYNAMIC_BANDS.indexOf(band);
  if (dynamic < 0 || value(band, "dynamic") === 0) return gainDb;
  const moved = Math.abs(box.feed.latest?.reductionDb.eqDynamic[dynamic] ?? 0);
  return gainDb + Math.sign(value(band, "rangeDb")) * moved;
}

function bandCurve(band: number, gainDb: number, rateHz: number): Float32Array {
  const curve = new Float32Array(CURVE_POINTS);
  const shape = EQ_SHAPES[value(band, "type")] ?? "bell";
  addResponse(curve, [eqSection({ shape, freqHz: value(band, "freqHz"), gainDb, q: value(band, "q") }, rateHz)], CURVE_HZ, rateHz);
  return curve;
}

/** Remembers the curve of each band until one of its values changes: a picture a frame costs little. */
export class EqModel {
  #picture: { readonly key: string; readonly picture: EqPicture } | undefined;
  readonly #curves = new Map<number, { readonly key: string; readonly curve: Float32Array }>();

  /** What the equaliser shows while band `chosen` (1..8) is chosen; the same as before while nothing has moved. */
  picture(chosen: number): EqPicture {
    const moved = box.feed.latest?.reductionDb.eqDynamic.map((db) => db.toFixed(1)).join() ?? "";
    const key = `${chosen} ${box.adjusted.peek()?.sequence} ${box.visits.peek()} ${sampleRateHz()} ${moved}`;
    if (this.#picture?.key !== key) this.#picture = { key, picture: this.#draw(chosen) };
    return this.#picture.picture;
  }

  #draw(chosen: number): EqPicture {
    const rateHz = sampleRateHz();
    const sum = new Float32Array(CURVE_POINTS);
    const side = new Float32Array(CURVE_POINTS);
    let isSplit = false;
    let chosenCurve: Float32Array | null = null;
    const nodes: Node[] = [];
    for (let band = 1; band <= EQ_BANDS; band++) {
      const isOn = value(band, "on") === 1;
      const isNotch = value(band, "type") === NOTCH;
      const gainDb = isNotch ? 0 : value(band, "gainDb");
      const isDynamic = DYNAMIC_BANDS.includes(band) && value(band, "dynamic") === 1;
      nodes.push({ label: String(band), freqHz: value(band, "freqHz"), gainDb, isOn, isIdle: gainDb === 0 && !isNotch && !isDynamic });
      if (!isOn) continue;
      const curve = this.#curve(band, liveGainDb(band), rateHz);
      const channel = value(band, "channel");
      if (channel !== 0) isSplit = true;
      if (channel !== 2) add(sum, curve);
      if (channel !== 1) add(side, curve);
      if (band === chosen) chosenCurve = curve;
    }
    return { sum, side: isSplit ? side : null, chosenCurve, nodes, chosen: chosen - 1, isBypassed: box.value("eq.bypass").value === 1 };
  }

  #curve(band: number, gainDb: number, rateHz: number): Float32Array {
    const key = `${gainDb} ${value(band, "type")} ${value(band, "freqHz")} ${value(band, "q")} ${rateHz}`;
    const known = this.#curves.get(band);
    if (known?.key === key) return known.curve;
    const curve = bandCurve(band, gainDb, rateHz);
    this.#curves.set(band, { key, curve });
    return curve;
  }
}

function add(sum: Float32Array, curve: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (curve[i] ?? 0);
}

/** What the filters show: high-pass 0 and low-pass 1 as handles on the line of 0 dB. */
export function filtersPicture(chosen: number): EqPicture {
  const rateHz = sampleRateHz();
  const sum = new Float32Array(CURVE_POINTS);
  const [highHz, lowHz] = [box.value("filters.highpassHz").value, box.value("filters.lowpassHz").value];
  const [highSlope, lowSlope] = [box.value("filters.highpassSlope").value, box.value("filters.lowpassSlope").value];
  addResponse(sum, passSections("high", highHz, highSlope, rateHz), CURVE_HZ, rateHz);
  addResponse(sum, passSections("low", lowHz, lowSlope, rateHz), CURVE_HZ, rateHz);
  return {
    sum, side: null, chosenCurve: null, chosen, isBypassed: box.value("filters.bypass").value === 1,
    nodes: [{ label: "HP", freqHz: highHz, gainDb: 0, isOn: highSlope > 0, isIdle: false }, { label: "LP", freqHz: lowHz, gainDb: 0, isOn: lowSlope > 0, isIdle: false }],
  };
}
