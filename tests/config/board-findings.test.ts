import { describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { boardFindings } from "../../src/config/board-findings.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { findBoard } from "../../src/hal/board.js";
import { temporaryFile } from "../support/temporary-file.js";

/** What is wrong with a file beside the board of a card, as "line: problem". */
function findings(text: string, card?: string): string[] {
  const loaded = loadBoxConfig(temporaryFile("lacquer.json", text));
  expect(loaded.findings).toEqual([]);
  return boardFindings(loaded, findBoard(BOARDS, loaded.config.board, card), BOARDS).map(({ line, problem }) => `${line}: ${problem}`);
}

const RATIO = "{ \"name\": \"ratio\", \"kind\": \"encoder\", \"pins\": [22, 12], \"parameter\": \"compressor.ratio\" }";

describe("boardFindings", () => {
  it("has nothing to say of a file that goes with its board, of the simulated board, and where no board is known", () => {
    expect(findings("{ \"version\": 1, \"board\": \"pisound\" }")).toEqual([]);
    expect(findings(`{ "version": 1, "board": "sim", "controls": [${RATIO}] }`)).toEqual([]);
    expect(findings(`{ "version": 1, "controls": [${RATIO}] }`)).toEqual([]);
    expect(findings(`{ "version": 1, "controls": [${RATIO}] }`, "Scarlett")).toEqual([]);
  });

  it("refuses an id that no board has, on its line, and says which there are", () => {
    expect(findings("{ \"version\": 1,\n\"board\": \"pi-sound\" }")).toEqual(["2: board is \"pi-sound\", which is not known; allowed auto, sim, "
      + "hifiberry-dacplusadcpro, iqaudio-codec-zero, pisound, wm8960, audioinjector-stereo, usb."]);
  });

  it.each([["named", "\"board\": \"pisound\",", undefined], ["of the card", "", "pisound"]])(
    "refuses a pin that the board %s takes, on the line of the pins: the pin, who takes it, what is free, and the remedy", (_, board, card) => {
      expect(findings(`{ "version": 1, ${board}\n"controls": [\n${RATIO.replace("\"pins\"", "\n\"pins\"")}] }`, card)).toEqual([
        "4: The control \"ratio\" has pin 12, which the reset of the Pisound takes (Pisound); free are 4, 5, 6, 14, 15, 17, 23, 27. "
        + "Move it to one of them, or leave controls out of the file for the panel of this board."]);
    });

  it("refuses an address, a sample rate and formats that the board does not leave or offer, each on its line", () => {
    expect(findings("{ \"version\": 1, \"board\": \"hifiberry-dacplusadcpro\",\n\"audio\": {\n\"formats\": [\"S24_LE\"] },\n\"panel\": { \"converter\": \"ads1115\",\n\"converterAddress\": 74 } }")).toEqual([
      expect.stringMatching(/^5: panel\.converterAddress is 74, which a chip of the sound card has/),
      "3: audio.formats has S24_LE; the HiFiBerry DAC+ADC Pro or DAC2 ADC Pro has S32_LE, S16_LE, of which one is needed."]);
    expect(findings("{ \"version\": 1, \"board\": \"pisound\", \"audio\": {\n\"sampleRateHz\": 44100 } }")).toEqual([
      "2: audio.sampleRateHz is 44100; the Pisound has 48000, 96000, 192000."]);
    expect(findings("{ \"version\": 1, \"board\": \"pisound\", \"audio\": {\n\"monitorOutput\": true } }")).toEqual([
      "2: audio.monitorOutput is true; the Pisound has no outputs 3 and 4: set it to false, or use a USB interface with four outputs."]);
    expect(findings("{ \"version\": 1, \"board\": \"usb\", \"audio\": { \"monitorOutput\": true } }")).toEqual([]);
  });

  it("leaves a file alone that cannot be read at all", () => {
    const loaded = loadBoxConfig(temporaryFile("lacquer.json", "{"));
    expect(boardFindings(loaded, BOARDS[0], BOARDS)).toEqual([]);
  });
});
