import { describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { fitBoard, type FittedBoard } from "../../src/box/fit-board.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import type { BoxConfig } from "../../src/config/config-schema.js";

const DEFAULTS = loadBoxConfig(undefined).config;

function fitted(device: string, { config = DEFAULTS, hasOwnControls = false }: { config?: BoxConfig; hasOwnControls?: boolean } = {}): FittedBoard {
  const driver = device === "" ? "sim" as const : "alsa" as const;
  return fitBoard({ config, hasOwnControls, board: config.board, sound: { driver, captureDevice: device, playbackDevice: device, lines: [] } }, BOARDS, device);
}

const pinsOf = ({ controls }: FittedBoard, name: string): readonly number[] | undefined => controls.find((control) => control.name === name)?.pins;

describe("fitBoard", () => {
  it("knows a board by its card, and moves the default panel to the pins that it leaves", () => {
    const codec = fitted("hw:CARD=IQaudIOCODEC,DEV=0");
    expect(codec.board).toBe("iqaudio-codec-zero");
    expect(pinsOf(codec, "relay")).toEqual([26]);
    expect(codec.controls.map(({ name }) => name)).toEqual(DEFAULTS.controls.map(({ name }) => name));
    expect(codec.faults).toEqual([]);
  });

  it("names the controls of the card, and what they are set to; none where nothing is", () => {
    expect(fitted("hw:CARD=sndrpihifiberry,DEV=0").mixer).toMatchObject({ name: "hw:CARD=sndrpihifiberry" });
    expect(fitted("hw:CARD=sndrpihifiberry,DEV=0").mixer?.settings).toContainEqual({ control: "ADC Left Input", item: "VINL1[SE]" });
    expect(fitted("hw:CARD=pisound,DEV=0").mixer).toBeUndefined();
    expect(fitted("hw:CARD=Scarlett,DEV=0").mixer).toBeUndefined();
  });

  it("leaves out what has no room, as the ratio beside a Pisound", () => {
    const pisound = fitted("hw:CARD=pisound,DEV=0");
    expect(pinsOf(pisound, "ratio")).toBeUndefined();
    expect(pinsOf(pisound, "song")).toEqual([17]);
  });

  it("takes a card that it does not know for a USB interface, which leaves the default panel where it is", () => {
    const usb = fitted("hw:CARD=Scarlett,DEV=0");
    expect(usb.board).toBe("usb");
    expect(usb.controls).toEqual(DEFAULTS.controls);
  });

  it("takes the board that the configuration names, whatever the card is called", () => {
    const named = fitted("first card", { config: { ...DEFAULTS, board: "pisound" } });
    expect([named.board, pinsOf(named, "relay")]).toEqual(["pisound", [27]]);
  });

  it("touches no pin while it is not known which card will come", () => {
    const config: BoxConfig = { ...DEFAULTS, controls: [...DEFAULTS.controls, { ...DEFAULTS.controls[0]!, name: "tilt", kind: "knob", pins: [], channel: 0 }] };
    for (const hasOwnControls of [true, false]) {
      expect(fitted("first card", { config, hasOwnControls }).controls.map(({ name }) => name)).toEqual(["tilt"]);
    }
  });

  it("leaves everything as it is for a card whose id is not known, and on the simulated board", () => {
    expect(fitted("hw:0,0")).toEqual({ board: "auto", controls: DEFAULTS.controls, mixer: undefined, faults: [] });
    expect(fitted("", { config: { ...DEFAULTS, board: "sim" } })).toEqual({ board: "sim", controls: DEFAULTS.controls, mixer: undefined, faults: [] });
  });

  it("names the boards when the configuration names none of them, and takes that of the card: pins of the default panel would drive its chips", () => {
    const { board, faults, controls } = fitted("hw:CARD=pisound,DEV=0", { config: { ...DEFAULTS, board: "pi-sound" } });
    expect(faults).toEqual(["board is \"pi-sound\", which is not known; allowed auto, sim, hifiberry-dacplusadcpro, iqaudio-codec-zero, pisound, wm8960, "
      + "audioinjector-stereo, usb. The board of the sound card is taken."]);
    expect(board).toBe("pisound");
    const taken = BOARDS.find(({ id }) => id === "pisound")!.takenPins;
    expect(controls.flatMap(({ pins }) => pins).filter((pin) => taken.has(pin))).toEqual([]);
    expect(fitted("first card", { config: { ...DEFAULTS, board: "pi-sound" } }).controls.flatMap(({ pins }) => pins)).toEqual([]);
  });

  it("leaves a user's own controls where they are, but for those on a pin of the board: it names the pin, who takes it, and what is free", () => {
    const own = DEFAULTS.controls.filter(({ name }) => name === "threshold" || name === "ratio");
    const { controls, faults } = fitted("hw:CARD=pisound,DEV=0", { config: { ...DEFAULTS, controls: own }, hasOwnControls: true });
    expect(controls.map(({ name, pins }) => [name, pins])).toEqual([["threshold", [5, 6]]]);
    expect(faults).toEqual(["The control \"ratio\" has pin 12, which the reset of the Pisound takes (Pisound); free are 4, 14, 15, 17, 22, 23, 27. "
      + "Move it to one of them, or leave controls out of the file for the panel of this board. It is left out."]);
  });

  it("says when the display or the converter has an address of the sound card's", () => {
    const config: BoxConfig = { ...DEFAULTS, panel: { ...DEFAULTS.panel, converter: "ads1115", converterAddress: 0x4a } };
    expect(fitted("hw:CARD=sndrpihifiberry,DEV=0", { config }).faults).toEqual(["panel.converterAddress is 74, which a chip of the sound card has "
      + "(HiFiBerry DAC+ADC Pro or DAC2 ADC Pro); set another one at the converter."]);
    const elsewhere: BoxConfig = { ...config, panel: { ...config.panel, i2cBus: 3 } };
    expect(fitted("hw:CARD=sndrpihifiberry,DEV=0", { config: elsewhere }).faults).toEqual([]);
  });
});
