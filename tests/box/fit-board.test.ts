import { describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { fitBoard } from "../../src/box/fit-board.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import type { BoxConfig } from "../../src/config/config-schema.js";

const DEFAULTS = loadBoxConfig(undefined).config;

function fitted(device: string, { config = DEFAULTS, hasOwnControls = false }: { config?: BoxConfig; hasOwnControls?: boolean } = {}): ReturnType<typeof fitBoard> {
  const driver = device === "" ? "sim" as const : "alsa" as const;
  return fitBoard({ config, hasOwnControls, board: config.board, faults: [], sound: { driver, captureDevice: device, playbackDevice: device, lines: [] } }, BOARDS);
}

const pinsOf = ({ config }: { readonly config: BoxConfig }, name: string): readonly number[] | undefined =>
  config.controls.find((control) => control.name === name)?.pins;

describe("fitBoard", () => {
  it("knows a board by its card, and moves the default panel to the pins that it leaves", () => {
    const codec = fitted("hw:CARD=IQaudIOCODEC,DEV=0");
    expect(codec.board).toBe("iqaudio-codec-zero");
    expect(pinsOf(codec, "relay")).toEqual([26]);
    expect(codec.config.controls.map(({ name }) => name)).toEqual(DEFAULTS.controls.map(({ name }) => name));
    expect(codec.faults).toEqual([]);
  });

  it("leaves out what has no room, as the ratio beside a Pisound", () => {
    const pisound = fitted("hw:CARD=pisound,DEV=0");
    expect(pinsOf(pisound, "ratio")).toBeUndefined();
    expect(pinsOf(pisound, "song")).toEqual([17]);
  });

  it("takes a card that it does not know for a USB interface, which leaves the default panel where it is", () => {
    const usb = fitted("hw:CARD=Scarlett,DEV=0");
    expect(usb.board).toBe("usb");
    expect(usb.config).toEqual(DEFAULTS);
  });

  it("takes the board that the configuration names, whatever the card is called", () => {
    const named = fitted("first card", { config: { ...DEFAULTS, board: "pisound" } });
    expect([named.board, pinsOf(named, "relay")]).toEqual(["pisound", [27]]);
  });

  it("leaves everything as it is while no card is known, and on the simulated board", () => {
    expect(fitted("first card").config).toEqual(DEFAULTS);
    expect(fitted("", { config: { ...DEFAULTS, board: "sim" } })).toMatchObject({ board: "sim", config: { controls: DEFAULTS.controls }, faults: [] });
  });

  it("names the boards when the configuration names none of them", () => {
    const { faults, config } = fitted("hw:CARD=pisound,DEV=0", { config: { ...DEFAULTS, board: "pi-sound" } });
    expect(faults).toEqual(["board is \"pi-sound\", which is not known; allowed auto, sim, hifiberry-dacplusadcpro, iqaudio-codec-zero, pisound, wm8960, "
      + "audioinjector-stereo, usb. The pins of the default panel are used."]);
    expect(config.controls).toEqual(DEFAULTS.controls);
  });

  it("leaves a user's own controls where they are, but for those on a pin of the board, which it names", () => {
    const controls = DEFAULTS.controls.filter(({ name }) => name === "threshold" || name === "ratio");
    const { config, faults } = fitted("hw:CARD=pisound,DEV=0", { config: { ...DEFAULTS, controls }, hasOwnControls: true });
    expect(config.controls.map(({ name, pins }) => [name, pins])).toEqual([["threshold", [5, 6]]]);
    expect(faults).toEqual(["The control \"ratio\" is left out: pin 12 belongs to the reset of the Pisound (Pisound)."]);
  });

  it("says when the display or the converter has an address of the sound card's", () => {
    const config: BoxConfig = { ...DEFAULTS, panel: { ...DEFAULTS.panel, converter: "ads1115", converterAddress: 0x4a } };
    expect(fitted("hw:CARD=sndrpihifiberry,DEV=0", { config }).faults).toEqual(["panel.converterAddress is 74, which a chip of the sound card has "
      + "(HiFiBerry DAC+ADC Pro or DAC2 ADC Pro); set another one at the converter."]);
  });
});
