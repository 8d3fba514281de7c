import { describe, expect, it } from "vitest";
import type { TestResult } from "./guest/vitest.js";
import { runTask, whyNoMachine } from "./support/machine.js";
import { testRunner } from "./support/test-runner.js";

/** The contract suites of the ports, on the devices of a real kernel: run in the machine, told here one by one. */

const reason = whyNoMachine(110);

async function results(): Promise<readonly TestResult[]> {
  const { exitCode, lines, files } = await runTask({ script: "insmod /modules/evdev.ko; insmod /modules/uinput.ko && node --expose-gc $GUEST/contracts.js", files: testRunner(), limitS: 1800 });
  const text = files.get("results")?.toString() ?? "";
  if (exitCode !== 0 || text === "") throw new Error(`The suites ended with ${exitCode}:\n${lines.join("\n")}`);
  return text.trim().split("\n").map((line) => JSON.parse(line) as TestResult);
}

const told = reason === undefined ? await results() : [];

describe.skipIf(reason !== undefined)(`on the devices of a kernel${reason === undefined ? "" : `: ${reason}`}`, () => {
  it("every port has its suite run", () => {
    const suites = new Set(told.map(({ name }) => name.split(":")[0]));
    expect([...suites].sort()).toEqual([
      "AudioDuplex", "BypassRelay", "Button", "Clock", "DigitalInput", "DigitalOutput", "Display", "Encoder", "I2cBus", "Knob",
    ].sort());
  });

  for (const { name, outcome, reason: why } of told) {
    it(name, ({ skip }) => {
      if (outcome === "skipped") return skip(why);
      expect(outcome, why).toBe("passed");
    });
  }
});
