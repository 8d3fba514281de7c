import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { HEADER } from "../support/drawings/header.js";
import { hardwareDoc, hardwareDrawings } from "../support/hardware-doc.js";
import { temporaryFile } from "../support/temporary-file.js";

const read = (file: string): string => readFileSync(new URL(`../../hw/${file}`, import.meta.url), "utf8");
const PAGE = read("README.md");

describe("hw/README.md and its drawings", () => {
  it("have what the boards and the circuit say (else: npm run docs:hardware)", () => {
    expect(PAGE).toBe(hardwareDoc());
    expect(readdirSync(new URL("../../hw/drawings", import.meta.url)).sort()).toEqual([...hardwareDrawings().keys()].sort());
    for (const [file, drawing] of hardwareDrawings()) expect(read(`drawings/${file}`), file).toBe(drawing);
  });

  it("show every drawing", () => {
    for (const file of hardwareDrawings().keys()) expect(PAGE).toContain(`(drawings/${file})`);
  });

  it("list every part of the relay's drawing with the value that is drawn", () => {
    const drawing = read("drawings/relay.svg");
    for (const value of ["330 Ω", "75 kΩ", "20 kΩ", "10 kΩ", "1 MΩ", "1 kΩ", "2.2 µF", "1 µF", "100 nF", "BC327-25", "LM393", "BAT85", "1N4148", "28 mA"]) {
      expect(drawing, value).toContain(value);
      expect(PAGE, value).toContain(value);
    }
  });

  it("name each board with its card and its line of config.txt", () => {
    for (const { id, name, cardIds, overlays } of BOARDS) for (const word of [id, name, ...cardIds, ...overlays]) expect(PAGE).toContain(word);
  });

  it("have the lines of config.txt by which the kernel reads a control, and the control that goes with them", () => {
    // Parameters by overlays/README of the Raspberry Pi kernel; BTN_0 is 0x100 (input-event-codes.h).
    expect(PAGE).toContain("\ndtoverlay=rotary-encoder,pin_a=5,pin_b=6,relative_axis=1,steps-per-period=1\n");
    expect(PAGE).toContain("\ndtoverlay=gpio-key,gpio=17,active_low=1,gpio_pull=up,label=bypass,keycode=256\n");
    const [, control = ""] = /```json\n(.*)\n```/.exec(PAGE) ?? [];
    const file = temporaryFile("lacquer.json", `{ "version": 1, "controls": [${control}] }`);
    const { config: { controls }, findings } = loadBoxConfig(file);
    expect(findings).toEqual([]);
    expect(controls).toMatchObject([{ kind: "encoder", inputDevice: "rotary@5", pins: [] }]);
    expect(PAGE).toContain("`button@11`");
  });

  it("ask for the pins of the serial console beside each board whose panel has one", () => {
    const [, sentence = ""] = /Beside (.*) the panel uses GPIO 14 and 15/.exec(PAGE) ?? [];
    for (const { name, pins } of BOARDS) {
      const uses = [...pins.values()].flat().some((pin) => pin === 14 || pin === 15);
      expect(sentence.includes(name), name).toBe(uses);
    }
  });

  it("draw a header of 40 pins: 28 lines, each once, 8 grounds and 4 supplies, with pins 1, 6, 40 where they are", () => {
    expect(HEADER).toHaveLength(40);
    expect(HEADER.filter((pin) => typeof pin === "number").sort((a, b) => a - b)).toEqual([...Array(28).keys()]);
    expect(["GND", "3V3", "5V"].map((name) => HEADER.filter((pin) => pin === name).length)).toEqual([8, 2, 2]);
    // The documentation of the Raspberry Pi: BCM 17 is pin 11, 25 is 22, 5 is 29, 21 is 40.
    expect([0, 5, 10, 21, 28, 39].map((index) => HEADER[index])).toEqual(["3V3", "GND", 17, 25, 5, 21]);
  });
});

it("has mixer settings that name each control once, none without a name", () => {
  for (const { name, mixer } of BOARDS) {
    const controls = mixer.map(({ control }) => control);
    expect(new Set(controls).size, name).toBe(controls.length);
    // The kernel keeps 44 bytes of a name, its end included (struct snd_ctl_elem_id).
    for (const control of controls) expect(control, name).toMatch(/^\S.{1,41}\S$/);
  }
});
