import { encode } from "uqr";
import type { Bindings } from "../control/panel/bindings.js";
import type { PairingView, PanelView } from "../control/panel/views.js";
import type { StoreState } from "../control/store-change.js";
import type { Target } from "../config/targets.js";
import type { Comparison } from "../protocol/messages.js";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import type { PairingOffer } from "../protocol/phones.js";

/** What the display is drawn from. */
export interface PanelSources {
  readonly state: () => StoreState;
  readonly targets: readonly Target[];
  /** The meters since the last call. */
  readonly meters: () => MeterSnapshot;
  /** What is wrong, the gravest first. */
  readonly faults: () => readonly string[];
  /** Whether the relay passes the bare input, by whosever wish. */
  readonly isBare: () => boolean;
  /** What was asked to be heard beside the mix. */
  readonly compared: () => Comparison["heard"];
  readonly offers: () => readonly PairingOffer[];
  /** Where the page is; null when nobody serves it. */
  readonly page: () => { readonly port: number; readonly address: string | null } | null;
  readonly bindings: Pick<Bindings, "shownAt" | "hintAt">;
}

/** So long the largest peak, and the largest reduction, stand. */
const PEAK_MS = 1000;
const REDUCTION_MS = 300;
const HTTP_PORT = 80;

/** The largest of what came in the last so many milliseconds. */
class HeldMaximum {
  readonly #holdMs: number;
  #value: number | null = null;
  #atMs = 0;

  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  take(value: number | null, nowMs: number): number | null {
    if (value !== null && (this.#value === null || value >= this.#value || nowMs - this.#atMs > this.#holdMs)) {
      this.#value = value;
      this.#atMs = nowMs;
    } else if (value === null && nowMs - this.#atMs > this.#holdMs) this.#value = null;
    return this.#value;
  }
}

/** Gathers what the display and the lights show. */
export class PanelViewer {
  readonly #sources: PanelSources;
  readonly #peak = new HeldMaximum(PEAK_MS);
  readonly #reduction = new HeldMaximum(REDUCTION_MS);
  #code: { readonly url: string; readonly modules: readonly (readonly boolean[])[] } = { url: "", modules: [] };
  #clips = 0;
  #clippedMs = -Infinity;

  constructor(sources: PanelSources) {
    this.#sources = sources;
  }

  /** The view at `nowMs`; `message` goes before everything else. */
  viewAt(nowMs: number, message: readonly string[] | null): PanelView {
    const { state, targets, meters, faults, isBare, bindings, compared } = this.#sources;
    const { values, target: targetId, isHardBypassed } = state();
    const { shortTermLufs, integratedLufs, output, reductionDb, inputClips } = meters();
    if (inputClips > this.#clips) this.#clippedMs = nowMs;
    this.#clips = inputClips;
    const target = targets.find(({ id }) => id === targetId);
    const [left, right] = output.truePeakDbtp;
    const reduction = reductionDb.compressor + reductionDb.limiter + Math.max(0, ...reductionDb.multiband);
    return {
      heard: isHardBypassed || isBare() ? "hardBypass" : compared() === "reference" ? "reference" : values["chain.bypass"] === 1 ? "bypass" : "master",
      targetName: target?.name ?? "", targetLufs: target?.loudnessLufs ?? null, ceilingDbtp: values["limiter.ceilingDbtp"] ?? 0,
      shortTermLufs, integratedLufs,
      gainReductionDb: this.#reduction.take(reduction, nowMs) ?? 0,
      truePeakDbtp: this.#peak.take(left === null ? right : Math.max(left, right ?? left), nowMs),
      fault: faults()[0] ?? null,
      address: this.#address,
      turned: bindings.shownAt(nowMs),
      pairing: this.#pairing,
      message: bindings.hintAt(nowMs) ?? message,
      nowMs,
    };
  }

  /** Whether the input clipped within the last second before `nowMs`. */
  hasClipped(nowMs: number): boolean {
    return nowMs - this.#clippedMs < PEAK_MS;
  }

  get #address(): string | null {
    const page = this.#sources.page();
    if (page === null || page.address === null) return null;
    return page.port === HTTP_PORT ? page.address : `${page.address}:${page.port}`;
  }

  /** The door that is open for a minute; one that stands is nothing for the display. */
  get #pairing(): PairingView | null {
    const offer = this.#sources.offers().find(({ secondsLeft }) => secondsLeft !== null);
    if (offer === undefined || offer.secondsLeft === null) return null;
    const address = this.#address;
    // Without a slash before the fragment: 53 bytes are the most that make a code of 29 modules.
    return { code: offer.code, secondsLeft: offer.secondsLeft, modules: address === null ? [] : this.#modules(`http://${address}#${offer.key}`) };
  }

  /** The QR code of an address, made once for each. */
  #modules(url: string): readonly (readonly boolean[])[] {
    if (url !== this.#code.url) this.#code = { url, modules: encode(url, { ecc: "L", border: 0 }).data };
    return this.#code.modules;
  }
}
