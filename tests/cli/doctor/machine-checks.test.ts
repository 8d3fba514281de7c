import { describe, expect, it } from "vitest";
import { checkFrontPanel } from "../../../src/cli/doctor/device-checks.js";
import { checkBoard, checkClock, checkHeat, checkNode, checkSupply } from "../../../src/cli/doctor/machine-checks.js";
import { BOX_PROCESS, fakeMachine, fakeProcess } from "../../support/fake-machine.js";

const THROTTLED = "/sys/devices/platform/soc/soc:firmware/get_throttled";

describe("the doctor's look at the machine", () => {
  it.each([["48312", "ok"], ["71000", "warning"], ["80000", "problem"]])("finds %s thousandths of a degree %s", (temp, level) => {
    const files = { "/sys/class/thermal/thermal_zone0/temp": "30000\n", "/sys/class/thermal/thermal_zone1/temp": `${temp}\n` };
    expect(checkHeat(fakeMachine({ files }))).toMatchObject([{ level }]);
  });

  // Bits as the documentation of vcgencmd get_throttled lists them.
  it.each([
    ["0", "ok", /never held down/],
    ["1", "problem", /supply voltage is too low/],
    ["50005", "problem", /supply voltage is too low, and the processor is throttled/],
    ["50000", "warning", /Since the start/],
    ["80000", "warning", /limit of heat/],
  ])("reads get_throttled %s as %s", (bits, level, sentence) => {
    const [finding] = checkSupply(fakeMachine({ files: { [THROTTLED]: `${bits}\n` } }));
    expect(finding?.level).toBe(level);
    expect(finding?.sentence).toMatch(sentence);
  });

  it("hears the voltage alarm of rpi_volt where the firmware tells no bits", () => {
    const files = { "/sys/class/hwmon/hwmon0/name": "cpu_thermal\n", "/sys/class/hwmon/hwmon1/name": "rpi_volt\n" };
    expect(checkSupply(fakeMachine({ files: { ...files, "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n" } }))).toMatchObject([{ level: "problem" }]);
    expect(checkSupply(fakeMachine({ files: { ...files, "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n" } }))).toMatchObject([{ level: "ok" }]);
    expect(checkSupply(fakeMachine())).toEqual([]);
  });

  it.each([
    ["Raspberry Pi 4 Model B Rev 1.4\0", "ok"],
    ["Raspberry Pi 5 Model B Rev 1.0\0", "warning"],
    ["Raspberry Pi 500 Rev 1.0\0", "warning"],
    ["Raspberry Pi Compute Module 5 Rev 1.0\0", "warning"],
  ])("finds the board %j %s", (model, level) => {
    expect(checkBoard(fakeMachine({ files: { "/proc/device-tree/model": model } }))).toMatchObject([{ level }]);
  });

  it("does not ask for a right wall clock, and says when there is none", () => {
    expect(checkClock(fakeMachine())).toMatchObject([{ level: "ok", sentence: expect.stringContaining("Nothing keeps it right") }]);
    expect(checkClock(fakeMachine({ files: { "/run/systemd/timesync/synchronized": "" } }))[0]?.sentence).toMatch(/kept right/);
    expect(checkClock(fakeMachine({ files: fakeProcess(3, "chronyd") }))[0]?.sentence).toMatch(/kept right/);
  });

  it.each([["v20.19.0", "ok"], ["v24.1.0", "ok"], ["v20.18.3", "problem"], ["v18.20.4", "problem"]])("finds Node.js %s %s", (version, level) => {
    expect(checkNode(fakeMachine(), version)).toMatchObject([{ level }]);
  });

  it("warns of a box that runs with V8's memory reducer", () => {
    expect(checkNode(fakeMachine({ files: BOX_PROCESS }), "v22.1.0")).toMatchObject([{ level: "ok" }]);
    const files = fakeProcess(7, "node", ["node", "dist/src/bin/box.js"]);
    expect(checkNode(fakeMachine({ files }), "v22.1.0")).toMatchObject([{ level: "warning", sentence: expect.stringContaining("--no-memory-reducer") }]);
  });

  it("names the pins and buses that this user may not use, and the group that may", () => {
    const files = { "/dev/gpiochip0": "", "/dev/gpiochip4": "", "/dev/i2c-1": "" };
    expect(checkFrontPanel(fakeMachine({ files, writable: ["/dev"] })).map(({ level }) => level)).toEqual(["ok", "ok"]);
    const [pins, buses] = checkFrontPanel(fakeMachine({ files, writable: ["/dev/gpiochip0", "/dev/i2c-1"] }));
    expect(pins).toMatchObject({ level: "warning", sentence: expect.stringMatching(/gpiochip4; .*group gpio/) });
    expect(buses?.level).toBe("ok");
    expect(checkFrontPanel(fakeMachine()).map(({ level }) => level)).toEqual(["ok", "ok"]);
  });
});
