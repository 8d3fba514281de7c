import { joint, rectangle, sheet, text, wire, type Part } from "./sheet.js";
import { capacitor, chip, ground, potentiometer, supply } from "./symbols.js";

/** Where the first pin of each chip is. */
const FIRST = 314;
const BUS = [["+3.3 V", 110, 1], ["SDA", 136, 3], ["SCL", 162, 5], ["GND", 188, 9]] as const;

/** Wires from the bus down to the pins of a chip at its left, each with a place of its own. */
function taps(x: number, edge: number, firstY: number): Part[] {
  return BUS.flatMap(([, busY], n) => {
    const at = x + 12 * n;
    const pinY = firstY + 26 * n;
    return [joint([at, busY]), wire([at, busY], [at, pinY], [edge - 20, pinY])];
  });
}

function pins(firstY: number): { readonly side: "left"; readonly at: number; readonly name: string }[] {
  return ["VCC", "SDA", "SCL", "GND"].map((name, n) => ({ side: "left", at: firstY + 26 * n, name }));
}

/** The display and the converter of the knobs on the I2C bus. */
export function busDrawing(): string {
  return sheet({
    width: 1160, height: 540, title: "Display and knobs on the I2C bus",
    notes: [
      "The Raspberry Pi pulls SDA and SCL up with 1.8 kΩ. Keep the cable under 30 cm at 400 kHz, and run the display from 3.3 V: its pull-ups must never lift the bus to 5 V.",
      "ADDR at ground is 0x48; at VDD 0x49. The HiFiBerry DAC+ADC Pro has chips at 0x4a and 0x4d of its own. The same knob, with its capacitor, at A1, A2 and A3.",
    ],
  }, [
    rectangle([24, 62], 1112, 412, "zone"),
    rectangle([44, 92], 110, 116), text([99, 84], "40-pin header", { style: "name", anchor: "middle" }),
    ...BUS.flatMap(([name, y, pin], n) => [text([54, y + 4.5], `pin ${pin}`, { style: "small" }), text([146, y + 4.5], name, { style: name === "+3.3 V" ? "supply" : "net", anchor: "end" }), wire([154, y], [524 + 12 * n, y])]),
    ...taps(190, 290, FIRST), ...chip([290, 250], 170, 166, { name: "Display 128 × 64", value: "SSD1306 or SH1106, 0x3c" }, pins(FIRST)),
    ...taps(524, 640, FIRST), ...chip([640, 250], 150, 206, { name: "ADS1115", value: "or ADS1015, 0x48" }, [
      ...pins(FIRST), { side: "left", at: 428, name: "ADDR" },
      ...["A0", "A1", "A2", "A3"].map((name, n) => ({ side: "right" as const, at: FIRST + 26 * n, name })),
    ]),
    wire([620, 392], [606, 392], [606, 428], [620, 428]), joint([606, 392]),
    wire([810, FIRST], [1006, FIRST]), joint([900, FIRST]), ...capacitor([900, FIRST], [900, 396], { name: "", value: "100 nF" }), ...ground([900, 396]),
    ...supply([1040, 244], "+3.3 V"), ...potentiometer([1040, 244], [1040, 384], { name: "Knob", value: "10 kΩ lin" }), ...ground([1040, 384]),
    ...[1, 2, 3].map((n) => wire([810, FIRST + 26 * n], [826, FIRST + 26 * n])),
  ]);
}
