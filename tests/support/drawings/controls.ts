import { joint, rectangle, sheet, text, wire, type Part } from "./sheet.js";
import { capacitor, flag, ground, light, push, resistor, supply, type Label } from "./symbols.js";

interface Contact {
  /** Where its left edge is. */
  readonly x: number;
  readonly contact: Label;
  readonly series: Label;
  readonly filter: Label;
  readonly pin: string;
}

/** A contact to ground with its pull-up, and the filter between it and its pin. */
function contactToPin({ x, contact, series, filter, pin }: Contact): Part[] {
  return [
    ...supply([x, 140], "+3.3 V"), ...resistor([x, 140], [x, 210], { name: "", value: "10 kΩ" }), joint([x, 210]),
    ...push([x, 210], [x, 310], contact), ...ground([x, 310]),
    ...resistor([x, 210], [x + 120, 210], series), joint([x + 120, 210]), ...capacitor([x + 120, 210], [x + 120, 310], filter), ...ground([x + 120, 310]),
    wire([x + 120, 210], [x + 160, 210]), ...flag([x + 160, 210], pin, "right"),
  ];
}

/** An encoder, a button and a light on their pins: those of the control "threshold", "bypass" and "clip" of the default panel. */
export function controlsDrawing(): string {
  const encoder = { series: { name: "", value: "10 kΩ" }, filter: { name: "", value: "10 nF" } };
  return sheet({
    width: 1160, height: 426, title: "Encoder, button and light",
    notes: [
      "All contacts close to ground; the common pin of an encoder is ground. Turning clockwise closes A before B; exchange the two pins if a value runs the other way.",
      "The box decodes and debounces by itself, so that a short cable needs no filter: it is for long ones, and for noise from outside.",
    ],
  }, [
    rectangle([24, 62], 560, 290, "zone"), text([40, 84], "Encoder (threshold)", { style: "name" }),
    rectangle([596, 62], 300, 290, "zone"), text([612, 84], "Button (bypass)", { style: "name" }),
    rectangle([908, 62], 228, 290, "zone"), text([924, 84], "Light (clip)", { style: "name" }),
    ...contactToPin({ x: 70, contact: { name: "A", value: "" }, ...encoder, pin: "GPIO 5" }),
    ...contactToPin({ x: 346, contact: { name: "B", value: "" }, ...encoder, pin: "GPIO 6" }),
    ...contactToPin({ x: 648, contact: { name: "S", value: "" }, series: { name: "", value: "1 kΩ" }, filter: { name: "", value: "100 nF" }, pin: "GPIO 17" }),
    ...flag([1010, 150], "GPIO 23"), wire([1010, 150], [1030, 150], [1030, 170]), ...resistor([1030, 170], [1030, 230], { name: "", value: "470 Ω" }),
    ...light([1030, 230], [1030, 300], { name: "LED", value: "2 V" }), ...ground([1030, 300]),
  ]);
}
