import { beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.js";
import { runTask, whyNoMachine, type TaskResult } from "./support/machine.js";

describe.skipIf(whyNoMachine(45) !== undefined)("the virtual box", () => {
  let result: TaskResult;

  beforeAll(async () => {
    result = await runTask({
      files: { "/root/note": "kept" },
      script: `node -p 'process.arch + process.version'
        cut -d ' ' -f 2,3 /proc/asound/cards | head -n 1
        grep -h pinctrl /sys/class/gpio/*/label
        cat /sys/class/i2c-dev/i2c-1/name "$LINES/sim_gpio17/value" /sys/kernel/panel_bus/khz
        cp note /out/copy
        node "$GUEST/set-mixer.js" > /out/mixer.json
        node "$RELEASE/dist/src/bin/cli.js" doctor --json > /out/doctor.json
        sleep 1000
        exit 3`,
    });
  });
  const told = (name: string): unknown => JSON.parse(result.files.get(name)?.toString() ?? "null");

  test("has the processor, the Node.js and the devices of a box, hands out what a task left, and sleeps 1000 s at once", () => {
    const { exitCode, lines, files, beganS, endedS } = result;
    expect(lines).toEqual([`arm64${process.version}`, "0 [sndrpihifiberry]:", "pinctrl-bcm2711", "panel bus", "1", "400"]);
    expect(exitCode).toBe(3);
    expect(endedS - beganS).toBeGreaterThan(1000);
    expect(files.get("copy")?.toString()).toBe("kept");
  });

  test("has controls of the kernel set by level, switch and item", () => {
    // -103.5 dB and 207 steps of 0.5 dB are 0 dB.
    expect(told("mixer.json")).toEqual({ said: [expect.stringMatching(/lacks "ADC Right Input", "PGA Gain Left"/)], values: [[207, 207], [0, 0], [1]] });
  });

  test("is looked at by the doctor, who knows its board", () => {
    const findings = told("doctor.json") as readonly Finding[];
    const of = (check: string): readonly Finding[] => findings.filter((finding) => finding.check === check);
    expect(of("Sound board")).toMatchObject([{ level: "ok", sentence: expect.stringContaining("sndrpihifiberry is that of the HiFiBerry") as unknown }]);
    expect(of("Sound format")).toMatchObject([{ level: "ok" }]);
    expect(of("Libraries")).toMatchObject([{ level: "ok" }]);
    expect(of("Pins")).toMatchObject([{ level: "ok" }]);
  });
});
