import { describe, expect, it } from "vitest";
import { BOARDS } from "../../../hw/boards/boards.js";
import { Ads1115Chip } from "../../../hw/sim/ads1115-chip.js";
import { SimBus } from "../../../hw/sim/sim-bus.js";
import { Ssd1306Chip } from "../../../hw/sim/ssd1306-chip.js";
import { checkAddresses, checkBus, checkChips, checkSoundBoard } from "../../../src/cli/doctor/board-checks.js";
import { checkInputs, checkLines } from "../../../src/cli/doctor/device-checks.js";
import type { Finding } from "../../../src/cli/doctor/finding.js";
import type { Machine } from "../../../src/cli/doctor/machine.js";
import { thisBoard } from "../../../src/cli/doctor/this-board.js";
import { loadBoxConfig } from "../../../src/config/box-config.js";
import type { BoxConfig } from "../../../src/config/config-schema.js";
import { fakeMachine } from "../../support/fake-machine.js";

const { config: DEFAULTS } = loadBoxConfig(undefined);
const FIRMWARE = "/boot/firmware/config.txt";

// The form of /proc/asound/cards and pcm (sound/core/init.c, pcm.c).
const cardFiles = (id: string): Record<string, string> => ({
  "/proc/asound/cards": ` 0 [${id.padEnd(15)}]: driver - name\n                      name\n`, "/proc/asound/pcm": "00-00: HiFi : HiFi : playback 1 : capture 1\n",
});

function soundBoard(files: Readonly<Record<string, string>>, config: BoxConfig = DEFAULTS): Finding[] {
  const machine = fakeMachine({ files });
  return checkSoundBoard(machine, thisBoard(machine, config, BOARDS), config, BOARDS);
}

describe("the doctor's look at the sound board", () => {
  it("names the board of the card", () => {
    expect(soundBoard(cardFiles("IQaudIOCODEC"))).toMatchObject([{ level: "ok", sentence: "The card IQaudIOCODEC is that of the IQaudio Codec Zero." }]);
    expect(soundBoard(cardFiles("Scarlett"))[0]?.sentence).toContain("USB audio interface");
    expect(soundBoard({}, { ...DEFAULTS, board: "sim" })).toMatchObject([{ level: "ok" }]);
  });

  it("sees that another board is built in than the configuration names", () => {
    expect(soundBoard(cardFiles("sndrpihifiberry"), { ...DEFAULTS, board: "pisound" })).toMatchObject([{ level: "problem",
      sentence: "The configuration names the Pisound, but the card is sndrpihifiberry (HiFiBerry DAC+ADC Pro or DAC2 ADC Pro).",
      remedy: expect.stringContaining("\"hifiberry-dacplusadcpro\" or \"auto\"") as unknown }]);
  });

  it.each([
    ["dtoverlay=pisound\n", "pisound", /has the line of the Pisound, but its card did not come/, /all 40 pins/],
    ["dtparam=i2c_arm=on\ndtoverlay=rpi-codeczero,foo\n", "auto", /has the line of the IQaudio Codec Zero, but/, /dmesg/],
    ["#dtoverlay=pisound\n", "pisound", /has no line for the Pisound/, /^Add dtoverlay=pisound to it, and restart\.$/],
    ["dtoverlay=pisound2\n", "pisound", /has no line for the Pisound/, /Add dtoverlay=pisound/],
  ])("says why no card came, with %j and board %s", (text, board, sentence, remedy) => {
    const [finding, ...rest] = soundBoard({ [FIRMWARE]: text }, { ...DEFAULTS, board });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ level: "problem" });
    expect(finding?.sentence).toMatch(sentence);
    expect(finding?.remedy).toMatch(remedy);
  });

  // Filters and models by the documentation of config.txt and the device trees of the kernel (arch/arm64/boot/dts/broadcom).
  it.each([
    ["Raspberry Pi 4 Model B Rev 1.5", "[pi5]\ndtoverlay=pisound\n", false],
    ["Raspberry Pi 4 Model B Rev 1.5", "[pi5]\n[pi4]\ndtoverlay=pisound\n", true],
    ["Raspberry Pi 4 Model B Rev 1.5", "[pi5]\n[all]\ndtoverlay=pisound\n", true],
    ["Raspberry Pi Compute Module 4 Rev 1.0", "[pi4]\ndtoverlay=pisound\n", true],
    ["Raspberry Pi Zero 2 W Rev 1.0", "[pi3]\ndtoverlay=pisound\n", false],
    ["Raspberry Pi 5 Model B Rev 1.0", "[none]\ndtoverlay=pisound\n", false],
    ["Raspberry Pi 5 Model B Rev 1.0", "[EDID=VSC-TD2220]\ndtoverlay=pisound\n", true],
  ])("reads on a %s of %j what holds for it", (model, text, holds) => {
    const [finding] = soundBoard({ [FIRMWARE]: text, "/proc/device-tree/model": `${model}\0` }, { ...DEFAULTS, board: "pisound" });
    expect(finding?.sentence).toContain(holds ? "has the line of the Pisound" : "has no line for the Pisound");
  });

  it("has nothing to add where no board is named and none is in config.txt, or there is no such file", () => {
    expect(soundBoard({ [FIRMWARE]: "dtparam=audio=on\n" })).toEqual([]);
    expect(soundBoard({})).toEqual([]);
  });

  it("looks at the card that the configuration names", () => {
    const numbered = { ...DEFAULTS.audio, captureDevice: "hw:0,0" };
    expect(thisBoard(fakeMachine({ files: cardFiles("pisound") }), { board: "auto", audio: numbered }, BOARDS).board?.id).toBe("pisound");
    const audio = { ...DEFAULTS.audio, captureDevice: "hw:CARD=pisound,DEV=0" };
    expect(thisBoard(fakeMachine({ files: cardFiles("pisound") }), { board: "auto", audio }, BOARDS)).toMatchObject({ card: "pisound", board: { id: "pisound" } });
    expect(thisBoard(fakeMachine({ files: cardFiles("Scarlett") }), { board: "auto", audio }, BOARDS).card).toBeUndefined();
  });
});

describe("the doctor's look at the I2C bus", () => {
  const bus = (text: string, files: Readonly<Record<string, string>> = { "/dev/i2c-1": "" }, panel = DEFAULTS.panel): Finding[] =>
    checkBus(fakeMachine({ files: { ...files, [FIRMWARE]: text } }), { panel });

  it.each([
    ["dtparam=i2c_arm=on,i2c_arm_baudrate=400000\n", "ok", /400 kHz/],
    ["dtparam=i2c_arm=on\n", "warning", /100 kHz/],
    ["dtparam=i2c_arm_baudrate=50000\n", "warning", /50 kHz/],
    ["dtparam=i2c_arm_baudrate=400000\ndtparam=i2c_arm_baudrate=100000\n", "warning", /100 kHz/],
  ])("finds %j %s", (text, level, sentence) => {
    const [finding] = bus(text);
    expect(finding?.level).toBe(level);
    expect(finding?.sentence).toMatch(sentence);
  });

  it("says how to switch the bus on, and asks for none where nothing hangs on it", () => {
    expect(bus("", {})).toMatchObject([{ level: "warning", remedy: expect.stringMatching(/dtparam=i2c_arm=on/) as unknown }]);
    expect(bus("", {}, { ...DEFAULTS.panel, display: "none" })).toEqual([]);
    expect(bus("", {}, { ...DEFAULTS.panel, gpio: "off" })).toEqual([]);
  });

  it("misses the chips of the board, and names the driver that keeps an address of the panel's", () => {
    const device = (address: string, name: string): Record<string, string> => ({ [`/sys/bus/i2c/devices/1-00${address}/name`]: `${name}\n` });
    const check = (files: Readonly<Record<string, string>>): Finding[] => {
      const machine = fakeMachine({ files: { ...files, ...cardFiles("sndrpihifiberry") } });
      return checkAddresses(machine, thisBoard(machine, DEFAULTS, BOARDS), DEFAULTS);
    };
    const both = { ...device("4a", "pcm1863"), ...device("4d", "pcm5122") };
    expect(check(both)).toMatchObject([{ level: "ok" }]);
    expect(check(device("4d", "pcm5122"))).toMatchObject([{ level: "warning", sentence: expect.stringContaining("no chip at 0x4a") as unknown }]);
    expect(check({ ...both, ...device("3c", "ssd1306fb") })).toMatchObject([{ level: "problem", sentence: expect.stringMatching(/0x3c.*ssd1306fb.*display/) as unknown }]);
    expect(check({})).toEqual([]);
  });

  it("asks the chips of the panel whether they are there, and says what is to be done where one is not", async () => {
    const bus = new SimBus();
    const [display, converter] = [new Ssd1306Chip("ssd1306"), new Ads1115Chip(() => 0)];
    bus.plug(0x3c, display);
    bus.plug(0x48, converter);
    const panel = { ...DEFAULTS.panel, display: "ssd1306", converter: "ads1115" } as const;
    const check = async (files: Readonly<Record<string, string>>, config: BoxConfig["panel"] = panel): Promise<Finding[]> =>
      await checkChips(fakeMachine({ files }), { panel: config }, () => ({ run: async (address, steps) => await bus.run(address, steps), close: async () => undefined }));
    const there = { "/dev/i2c-1": "" };
    // Switched on, with its supply, 64 lines and two rows of pins a page: it shows what it has.
    display.write(Uint8Array.of(0x00, 0x8d, 0x14, 0xa8, 0x3f, 0xda, 0x12, 0xaf));
    const before = [...display.picture];
    expect(Math.max(...before)).toBeGreaterThan(0);
    expect(await check(there)).toMatchObject([{ check: "Display", level: "ok" }, { check: "Converter", level: "ok" }]);
    expect([...display.picture]).toEqual(before);
    bus.unplug(0x48);
    expect(await check(there)).toMatchObject([{ level: "ok" }, { level: "warning", sentence: expect.stringContaining("0x48") as unknown, remedy: expect.stringMatching(/wires.*i2cdetect -y 1.*panel\.converter to "none"/) as unknown }]);
    bus.fail("stuck");
    expect(await check(there)).toMatchObject([{ level: "warning" }, { level: "warning" }]);
    expect(await check({})).toEqual([]);
    expect(await check(there, { ...panel, gpio: "off" })).toEqual([]);
    expect(await check(there, { ...panel, display: "none", converter: "none" })).toEqual([]);
    // The kernel's own are for another check.
    expect(await check({ ...there, "/sys/bus/i2c/devices/1-003c/name": "ssd1306fb\n" })).toMatchObject([{ check: "Converter" }]);
  });

  it("looks for the chips of the board on the bus of the header, on whatever bus the panel is", () => {
    const panel = { ...DEFAULTS.panel, i2cBus: 3 };
    const machine = (name: string): Machine => fakeMachine({ files: {
      "/sys/bus/i2c/devices/1-004a/name": "pcm1863\n", "/sys/bus/i2c/devices/1-004d/name": "pcm5122\n", [name]: "ssd1306fb\n", ...cardFiles("sndrpihifiberry"),
    } });
    const check = (name: string): Finding[] => checkAddresses(machine(name), thisBoard(machine(name), DEFAULTS, BOARDS), { panel });
    expect(check("/sys/bus/i2c/devices/1-003c/name")).toMatchObject([{ level: "ok" }]);
    expect(check("/sys/bus/i2c/devices/3-003c/name")).toMatchObject([{ level: "problem", sentence: expect.stringMatching(/0x3c.*display/) as unknown }]);
  });

  it("does not speak of the bus of the header where the panel is on another one", () => {
    const panel = { ...DEFAULTS.panel, i2cBus: 3 };
    expect(bus("dtparam=i2c_arm=on\n", {}, panel)).toMatchObject([{ level: "warning", sentence: expect.stringContaining("/dev/i2c-3") as unknown, remedy: expect.not.stringContaining("i2c_arm") as unknown }]);
    expect(bus("dtparam=i2c_arm=on\n", { "/dev/i2c-3": "" }, panel)).toEqual([]);
  });
});

describe("the doctor's look at the lines of the panel", () => {
  const controls = DEFAULTS.controls.filter(({ name }) => name === "threshold" || name === "relay");

  it("names who else holds a pin, and of which control", () => {
    expect(checkLines(controls, [{ pin: 6, holder: "rotary@5" }, { pin: 25, holder: "lacquer" }, { pin: 4, holder: "onewire" }], DEFAULTS)).toMatchObject([
      { level: "problem", sentence: "GPIO6, the pin of the control \"threshold\", is held by rotary@5.", remedy: expect.stringContaining("config.txt") as unknown }]);
  });

  it("is content with lines that the box holds, or nobody", () => {
    expect(checkLines(controls, [{ pin: 5, holder: "lacquer" }], DEFAULTS)).toMatchObject([{ level: "ok", sentence: expect.stringContaining("The box holds") as unknown }]);
    expect(checkLines(controls, [{ pin: 4, holder: "onewire" }], DEFAULTS)).toMatchObject([{ level: "ok", sentence: expect.stringContaining("Nobody") as unknown }]);
    expect(checkLines(controls, [], DEFAULTS)).toEqual([]);
  });

  it("knows the lines that the box holds by onoff, and takes them for somebody else's where it uses none", () => {
    const uses = [{ pin: 5, holder: "sysfs" }];
    expect(checkLines(controls, uses, { panel: { ...DEFAULTS.panel, gpio: "onoff" } })).toMatchObject([{ level: "ok" }]);
    expect(checkLines(controls, uses, DEFAULTS)).toMatchObject([{ level: "problem", sentence: expect.stringContaining("held by sysfs") as unknown }]);
  });
});

describe("the doctor's look at input devices", () => {
  const [encoder] = DEFAULTS.controls;
  const controls = encoder === undefined ? [] : [{ ...encoder, pins: [], inputDevice: "rotary@5" }];
  const named = (event: string, device: string): Record<string, string> => ({ [`/sys/class/input/${event}/device/name`]: `${device}\n` });
  const check = (files: Readonly<Record<string, string>>, writable: readonly string[] = ["/dev/input"]): Finding[] => checkInputs(fakeMachine({ files, writable }), controls, DEFAULTS);

  it("names the one that the kernel lacks, its control, and those that there are", () => {
    expect(check(named("event0", "rotary@c"))).toMatchObject([{ level: "warning", sentence: "There is no input device \"rotary@5\" for the control \"threshold\"; there are \"rotary@c\".",
      remedy: expect.stringContaining("config.txt") as unknown }]);
    expect(check({})).toMatchObject([{ level: "warning", sentence: expect.stringContaining("there are none") as unknown }]);
  });

  it("names the one that this user may not use, and no other", () => {
    const both = { ...named("event0", "gpio_ir"), ...named("event1", "rotary@5") };
    expect(check(both, [])).toMatchObject([{ level: "warning", sentence: expect.stringMatching(/may not use \/dev\/input\/event1; .*group input/) as unknown }]);
    expect(check(both)).toMatchObject([{ level: "ok" }]);
  });

  it("has nothing to say of a panel without", () => {
    expect(checkInputs(fakeMachine(), DEFAULTS.controls, DEFAULTS)).toEqual([]);
  });
});
