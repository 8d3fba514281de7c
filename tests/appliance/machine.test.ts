import { describe, expect, test } from "vitest";
import { runTask, whyNoMachine } from "./support/machine.js";

describe.skipIf(whyNoMachine() !== undefined)("the virtual box", () => {
  test("has the processor, the Node.js and the devices of a box, hands out what a task left, and sleeps 1000 s at once", async () => {
    const { exitCode, lines, files, beganS, endedS } = await runTask({
      files: { "/root/note": "kept" },
      script: `node -p 'process.arch + process.version'
        cut -d ' ' -f 2,3 /proc/asound/cards | head -n 1
        grep -h pinctrl /sys/class/gpio/*/label
        cat /sys/class/i2c-dev/i2c-1/name "$LINES/sim_gpio17/value" /sys/kernel/panel_bus/khz
        cp note /out/copy
        sleep 1000
        exit 3`,
    });
    expect(lines).toEqual([`arm64${process.version}`, "0 [sndrpihifiberry]:", "pinctrl-bcm2711", "panel bus", "1", "400"]);
    expect(exitCode).toBe(3);
    expect(endedS - beganS).toBeGreaterThan(1000);
    expect(files.get("copy")?.toString()).toBe("kept");
  });
});
