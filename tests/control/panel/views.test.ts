import { describe, expect, it } from "vitest";
import { letterRows } from "../../../src/control/panel/font.js";
import { Picture } from "../../../src/control/panel/picture.js";
import { drawView, type PanelView } from "../../../src/control/panel/views.js";
import { DISPLAY_WIDTH } from "../../../src/hal/display.js";
import { PARAMETERS } from "../../../src/params/table.js";
import { isLit, readText } from "../../support/read-picture.js";

const QUIET: PanelView = {
  heard: "master", targetName: "Spotify", targetLufs: -14, ceilingDbtp: -1, shortTermLufs: null, integratedLufs: null, gainReductionDb: 0,
  truePeakDbtp: null, fault: null, address: "192.168.1.23", turned: null, pairing: null, message: null, nowMs: 0,
};

function drawn(view: Partial<PanelView>): Uint8Array {
  const picture = new Picture();
  drawView(picture, { ...QUIET, ...view });
  return picture.bytes;
}

/** Lit pixels of a line from `from` to `to`. */
function litIn(picture: Uint8Array, y: number, from: number, to: number): number {
  let count = 0;
  for (let x = from; x < to; x++) if (isLit(picture, x, y)) count++;
  return count;
}

describe("drawView", () => {
  it("writes target, S, I, gain reduction, true peak and address to be read", () => {
    const picture = drawn({ shortTermLufs: -13.24, integratedLufs: -14.6, gainReductionDb: 3.4, truePeakDbtp: -1.2 });
    expect(readText(picture, 0)).toBe("Spotify-14LUFS");
    // The lower edges of the small names look like points among the large figures.
    expect(readText(picture, 11, { scale: 2 }).split(/(?<!\d)\./).join("")).toBe("-13.2-14.6");
    expect(readText(picture, 37)).toBe("GR3.4");
    expect(readText(picture, 46)).toBe("TP-1.2");
    expect(readText(picture, 57)).toBe("192.168.1.23");
  });

  it("draws the bars in proportion: 6 LU a third of 18, 3 dB a quarter of 12, -12 dBTP half of 24", () => {
    const picture = drawn({ shortTermLufs: -20, gainReductionDb: 3, truePeakDbtp: -12 });
    // The frame has one pixel at each side, and the target is marked at 12 of 18 LU.
    expect(litIn(picture, 31, 1, 80)).toBe(Math.round(126 / 3));
    expect(isLit(picture, 1 + Math.round((126 * 12) / 18), 27)).toBe(true);
    expect(litIn(picture, 40, 16, 94)).toBe(Math.round(78 / 4));
    expect(litIn(picture, 49, 16, 80)).toBe(39);
  });

  it("writes a value that is too long for large letters in small ones, whole", () => {
    const turned = { label: "Character", position: 1, knobPosition: null };
    expect(readText(drawn({ turned: { ...turned, text: "-18.0 dB" } }), 15, { scale: 2 })).toBe("-18.0dB");
    expect(readText(drawn({ turned: { ...turned, text: "transformer" } }), 19)).toBe("transformer");
  });

  it("keeps the bars in their frames at any level", () => {
    for (const level of [-200, -70, 0, 40]) {
      const picture = drawn({ shortTermLufs: level, truePeakDbtp: level, gainReductionDb: Math.abs(level) });
      expect(litIn(picture, 40, 95, 96)).toBe(0);
      expect(litIn(picture, 31, 127, 128)).toBe(1);
    }
  });

  it("covers the bars with the word while the input, or a reference, is heard", () => {
    expect(readText(drawn({ heard: "bypass" }), 33, { scale: 2, isInverted: true })).toBe("BYPASS");
    expect(readText(drawn({ heard: "hardBypass" }), 37, { isInverted: true })).toBe("HARDBYPASS");
    expect(readText(drawn({ heard: "reference" }), 33, { scale: 2, isInverted: true })).toBe("REFERENCE");
  });

  it("shows what is wrong inverted in the lowest line, and moves what is too long until all was seen", () => {
    const fault = "The sound card is gone; see that it is plugged in.";
    expect(readText(drawn({ fault: "No clock" }), 57, { isInverted: true })).toBe("Noclock");
    const seen = new Set(Array.from({ length: 120 }, (_, n) => readText(drawn({ fault, nowMs: 100 * n }), 57, { isInverted: true })));
    expect([...seen].some((text) => text.startsWith("Thesoundcard"))).toBe(true);
    expect([...seen].some((text) => text.includes("pluggedin."))).toBe(true);
  });

  it("writes the name and value of every parameter so that they fit", () => {
    for (const { label } of PARAMETERS) expect(label.length, label).toBeLessThanOrEqual(21);
    const picture = drawn({ turned: { label: "Threshold", text: "-18.0 dB", position: 0.5, knobPosition: null } });
    expect(readText(picture, 0)).toBe("Threshold");
    expect(readText(picture, 15, { scale: 2 })).toBe("-18.0dB");
    expect(litIn(picture, 40, 3, 125)).toBe(61);
  });

  it("points to where a knob stands that has not met its value", () => {
    const picture = drawn({ turned: { label: "Drive", text: "3.0 dB", position: 0.8, knobPosition: 0.2 } });
    expect(isLit(picture, 3 + Math.round(122 * 0.2), 46)).toBe(true);
  });

  it("draws a QR code of 29 modules two pixels wide with a light border, and the code to type beside it", () => {
    const modules = Array.from({ length: 29 }, (_, y) => Array.from({ length: 29 }, (__, x) => (x * y) % 3 === 0));
    const picture = drawn({ pairing: { code: "12345678", modules, secondsLeft: 43.2 } });
    modules.forEach((row, y) => row.forEach((isDark, x) => {
      for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) expect(isLit(picture, 3 + 2 * x + dx!, 3 + 2 * y + dy!)).toBe(!isDark);
    }));
    for (let n = 0; n < 64; n++) for (const m of [0, 1, 2, 61, 62, 63]) expect(isLit(picture, n, m) && isLit(picture, m, n)).toBe(true);
    expect(readText(picture, 14, { scale: 2 })).toContain("1234");
    expect(readText(picture, 34, { scale: 2 })).toContain("5678");
  });

  it.each([0, 33])("writes code and address where a QR code of %d modules has no two pixels for each", (count) => {
    const modules = Array.from({ length: count }, () => Array.from({ length: count }, () => true));
    const picture = drawn({ pairing: { code: "12345678", modules, secondsLeft: 5 } });
    expect(readText(picture, 14, { scale: 2 })).toBe("1234");
    expect(readText(picture, 56)).toBe("192.168.1.23");
  });

  it("shows a message alone", () => {
    const picture = drawn({ message: ["let go: PAIR", "hold on: SHUT DOWN"], fault: "No clock" });
    expect(readText(picture, 22)).toBe("letgo:PAIR");
    expect(readText(picture, 34)).toBe("holdon:SHUTDOWN");
    expect(litIn(picture, 57, 0, DISPLAY_WIDTH)).toBe(0);
  });
});

it("has a letter of its own for all that can be written in English", () => {
  const letters = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).filter((letter) => !"$\\^`{|}~".includes(letter));
  expect(new Set(letters.map((letter) => letterRows(letter).join())).size).toBe(letters.length);
});
