import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { ControlBlock, STOP, TEXT_DETAIL, TEXTS_VERSION } from "../../src/engine/control-block.js";

const MODULE = new URL("../../dist/src/engine/control-block.js", import.meta.url).href;
const READINGS = 5000;

it("gives each text whole while another thread writes another each 0.03 ms", async () => {
  const control = new ControlBlock();
  control.setText(TEXT_DETAIL, "a".repeat(200));
  const source = `import { workerData } from "node:worker_threads";
    const { ControlBlock, STOP, TEXT_DETAIL } = await import(${JSON.stringify(MODULE)});
    const control = new ControlBlock(workerData);
    const texts = ["a".repeat(200), "b".repeat(100)];
    for (let n = 0; Atomics.load(control.words, STOP) === 0; n++) {
      control.setText(TEXT_DETAIL, texts[n % 2]);
      const end = performance.now() + 0.03;
      while (performance.now() < end);
    }`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: control.buffer });
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  while (Atomics.load(control.words, TEXTS_VERSION) < 1000) await new Promise((resolve) => setTimeout(resolve, 5));
  const seen = new Set<string>();
  for (let n = 0; n < READINGS; n++) seen.add(control.text(TEXT_DETAIL));
  control.words[STOP] = 1;
  await ended;
  expect([...seen].filter((text) => text !== "a".repeat(200) && text !== "b".repeat(100))).toEqual([]);
});

it("gives an empty text, and does not wait for ever, when the writer died in the middle", () => {
  const control = new ControlBlock();
  control.setText(TEXT_DETAIL, "half");
  Atomics.add(control.words, TEXTS_VERSION, 1);
  expect(control.text(TEXT_DETAIL)).toBe("");
});
