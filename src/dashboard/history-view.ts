import { computed, signal } from "@preact/signals";
import { HISTORY_S, panned, zoomed, type HistoryWindow } from "./history-window.js";

/** Spans that a touch shows. */
export const SPANS_S = [60, 300, 600, HISTORY_S] as const;

/** The part of the history that is on the screen: what was asked for, and until then the shortest span that holds all there is. */
export class HistoryView {
  readonly window = computed<HistoryWindow>(() => this.#asked.value ?? { spanS: this.#wholeS.value, agoS: 0 });
  readonly #asked = signal<HistoryWindow | null>(null);
  readonly #wholeS = signal<number>(SPANS_S[0]);

  /** Follows the length of the history. */
  measure(seconds: number): void {
    this.#wholeS.value = SPANS_S.find((span) => span >= seconds) ?? HISTORY_S;
  }

  /** Shows the newest `spanS` seconds. */
  ask(spanS: number): void {
    this.#asked.value = { spanS, agoS: 0 };
  }

  /** Whether just these are shown. */
  shows(spanS: number): boolean {
    const { spanS: shownS, agoS } = this.window.value;
    return shownS === spanS && agoS === 0;
  }

  /** Moves what is shown by a share of its width. */
  pan(share: number): void {
    this.#asked.value = panned(this.window.peek(), share);
  }

  /** Shows `factor` times as much around `share` of the width. */
  zoom(factor: number, share: number): void {
    this.#asked.value = zoomed(this.window.peek(), factor, share);
  }
}
