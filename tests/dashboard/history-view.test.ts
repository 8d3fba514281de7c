import { effect } from "@preact/signals";
import { expect, it } from "vitest";
import { HistoryView, SPANS_S } from "../../src/dashboard/history-view.js";

it("lights the span that the axis shows before anybody has touched one, as the history grows from 0 to 30 minutes", () => {
  const view = new HistoryView();
  const lit: (readonly number[])[] = [];
  const leave = effect(() => void lit.push(SPANS_S.filter((span) => view.shows(span))));
  for (const seconds of [0, 59, 60, 61, 299, 301, 700, 1800]) {
    view.measure(seconds);
    expect(lit.at(-1), `${seconds} s`).toEqual([view.window.value.spanS]);
  }
  expect(lit.flat()).toEqual([60, 300, 600, 1800]);
  leave();
});

it("keeps what was asked for while the history grows, and lights nothing for a part that was moved to", () => {
  const view = new HistoryView();
  view.measure(700);
  view.ask(300);
  view.measure(1800);
  expect(SPANS_S.filter((span) => view.shows(span))).toEqual([300]);
  view.pan(0.5);
  expect(view.window.value).toEqual({ spanS: 300, agoS: 150 });
  expect(SPANS_S.filter((span) => view.shows(span))).toEqual([]);
  view.ask(60);
  view.zoom(2, 1);
  expect(view.window.value).toEqual({ spanS: 120, agoS: 0 });
});
