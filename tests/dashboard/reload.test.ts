import { expect, it } from "vitest";
import { Reload } from "../../src/dashboard/reload.js";

function memory(isLocked = false): { readonly page: () => Reload; readonly loads: () => number } {
  const texts = new Map<string, string>();
  const store = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, value: string) => void (isLocked || texts.set(key, value)),
    removeItem: (key: string) => void texts.delete(key),
  };
  let loads = 0;
  return { page: () => new Reload(store, () => loads++), loads: () => loads };
}

it("loads a page once, though it is of the wrong release afterwards as well", () => {
  const { page, loads } = memory();
  for (let n = 0; n < 5; n++) page().now();
  expect(loads()).toBe(1);
});

it("loads it again for the next release, when it was live between", () => {
  const { page, loads } = memory();
  page().now();
  page().done();
  page().now();
  expect(loads()).toBe(2);
});

it("does not load it where the browser keeps nothing: it would do so for ever", () => {
  const { page, loads } = memory(true);
  page().now();
  expect(loads()).toBe(0);
});
