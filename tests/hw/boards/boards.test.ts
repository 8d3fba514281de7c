import { describe, expect, it } from "vitest";
import { BOARDS } from "../../../hw/boards/boards.js";
import { loadBoxConfig } from "../../../src/config/box-config.js";

const { config: { audio, controls, panel } } = loadBoxConfig(undefined);
/** I2C 2 and 3, the HAT's identification 0 and 1, I2S 18 to 21 (Raspberry Pi HAT design guide; every I2S board). */
const BUS_PINS = [0, 1, 2, 3, 18, 19, 20, 21];
/** BCM2835 ARM Peripherals, p. 102: GPIO 9 to 27 are pulled down at power-on, 0 to 8 up. */
const PULLED_DOWN = { from: 9, to: 27 };
/** TXD of the serial console, which the firmware drives: a button there would short it to ground. */
const CONSOLE_OUT = 14;

/**
 * What each board needs beside I2C and I2S, from its overlay and driver in the Raspberry Pi kernel or its maker's table of pins. A button that the board
 * bears itself is a button of the panel at most.
 */
const NEEDED: Readonly<Record<string, { readonly pins: readonly number[]; readonly ownButton?: number; readonly addresses: readonly number[] }>> = {
  "hifiberry-dacplusadcpro": { pins: [], addresses: [0x4a, 0x4d] },
  "iqaudio-codec-zero": { pins: [22, 23, 24, 25, 27], addresses: [0x1a] },
  pisound: { pins: [7, 8, 9, 10, 11, 12, 13, 16, 24, 25, 26], ownButton: 17, addresses: [] },
  wm8960: { pins: [17], addresses: [0x1a] },
  "audioinjector-stereo": { pins: [], addresses: [0x1a] },
  usb: { pins: [], addresses: [] },
};

it("knows the boards of the list of needs, each once", () => {
  expect(BOARDS.map(({ id }) => id).sort()).toEqual(Object.keys(NEEDED).sort());
  const cards = BOARDS.flatMap(({ cardIds }) => cardIds);
  expect(new Set(cards).size).toBe(cards.length);
  // ALSA cuts the id of a card to 15 letters and digits (sound/core/init.c).
  for (const card of cards) expect(card).toMatch(/^[A-Za-z0-9]{1,15}$/);
});

it.each(BOARDS)("$name takes what the default configuration asks of the sound, and is named in config.txt where it is no USB device", ({ id, formats, sampleRatesHz, overlays }) => {
  expect(sampleRatesHz).toContain(audio.sampleRateHz);
  expect(formats).toContain(audio.formats[0]);
  for (const overlay of overlays) expect(overlay).toMatch(/^dtoverlay=[a-z0-9-]+$/);
  expect(overlays.length === 0).toBe(id === "usb");
});

describe.each(BOARDS)("the panel beside $name", ({ id, pins, takenPins, takenAddresses }) => {
  const used = [...pins.values()].flat();
  const kindOf = (name: string): string | undefined => controls.find((control) => control.name === name)?.kind;

  it("names controls of the default panel, with as many pins as each takes", () => {
    for (const [name, own] of pins) expect(own, name).toHaveLength(controls.find((control) => control.name === name)?.pins.length ?? NaN);
  });

  it("uses no pin twice, and none that the board, the buses or the sound need", () => {
    const needed = NEEDED[id]?.pins ?? [];
    expect(new Set(used).size).toBe(used.length);
    expect(used.filter((pin) => [...needed, ...BUS_PINS].includes(pin) || pin > 27)).toEqual([]);
    expect(needed.filter((pin) => !takenPins.has(pin))).toEqual([]);
    expect(used.filter((pin) => takenPins.has(pin))).toEqual([]);
  });

  it("presses the board's own button, where it uses that pin, by a button alone", () => {
    const own = [...pins].find(([, list]) => list.includes(NEEDED[id]?.ownButton ?? NaN));
    expect(own === undefined ? "button" : kindOf(own[0])).toBe("button");
  });

  it("has the relay on a pin that is pulled down at power-on, and a light alone on the output of the serial console", () => {
    const [relay] = pins.get("relay") ?? [];
    expect(relay).toBeGreaterThanOrEqual(PULLED_DOWN.from);
    expect(relay).toBeLessThanOrEqual(PULLED_DOWN.to);
    expect([14, 15]).not.toContain(relay);
    const onConsole = [...pins].find(([, list]) => list.includes(CONSOLE_OUT));
    expect(onConsole === undefined ? "led" : kindOf(onConsole[0])).toBe("led");
  });

  it("has a button for each way to pair and to shut down, the bypass, and something to turn", () => {
    for (const name of ["bypass", "target", "song", "threshold", "drive"]) expect(pins.has(name), name).toBe(true);
  });

  it("leaves the addresses of the panel's chips free", () => {
    expect(takenAddresses).toEqual(NEEDED[id]?.addresses);
    expect(takenAddresses).not.toContain(panel.displayAddress);
    expect(takenAddresses).not.toContain(panel.converterAddress);
  });
});
