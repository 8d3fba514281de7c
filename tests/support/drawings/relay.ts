import { LINE_OHMS, RELAY_CIRCUIT } from "../charge-pump.js";
import { joint, rectangle, sheet, text, wire } from "./sheet.js";
import { capacitor, coil, comparator, contact, diode, flag, ground, pnp, resistor, supply } from "./symbols.js";

/** The bypass relay with the detector of its heartbeat. The values are those of charge-pump.ts, which the tests let run. */
export function relayDrawing(): string {
  return sheet({
    width: 1160, height: 748, title: "Bypass relay: held by a heartbeat, wired through without",
    notes: [
      "Contacts are drawn without current: the mixer is wired to the recorder, and the sound board is off the line. K2 switches the right channel in the same way.",
      "Only edges pass C1: a line that stays high or low lets V fall below 1.1 V, and both relays drop. U1 has pin 8 at +3.3 V and pin 4 at ground, with C3 of 100 nF between;",
      "its other half has pin 5 at ground and pin 6 at +3.3 V. Not at +5 V: where 3.3 V alone fails, 1.1 V is gone with it, and U1 would hold Q1 for ever.",
    ],
  }, [
    rectangle([24, 62], 690, 378, "zone"), text([40, 84], "Detector", { style: "name" }),
    rectangle([726, 62], 410, 378, "zone"), text([742, 84], "Switch", { style: "name" }),
    rectangle([24, 452], 1112, 210, "zone"), text([40, 474], "Contacts, left channel (K1)", { style: "name" }),
    // From the pin to the charge.
    ...flag([132, 180], "GPIO 25"), ...resistor([132, 180], [212, 180], { name: "R1", value: `${LINE_OHMS} Ω` }), ...capacitor([212, 180], [292, 180], { name: "C1", value: `${RELAY_CIRCUIT.pumpFarads * 1e6} µF film` }),
    joint([310, 180]), wire([292, 180], [310, 180]), ...diode([310, 262], [310, 180], { name: "D1", value: "BAT85" }, true), ...ground([310, 262]),
    ...diode([310, 180], [430, 180], { name: "D2", value: "BAT85" }, true), wire([430, 180], [626, 180]),
    joint([440, 180]), ...capacitor([440, 180], [440, 262], { name: "C2", value: `${RELAY_CIRCUIT.heldFarads * 1e6} µF film` }), ...ground([440, 262]),
    joint([530, 180]), ...resistor([530, 180], [530, 262], { name: "R2", value: `${RELAY_CIRCUIT.bleedOhms / 1000} kΩ` }), ...ground([530, 262]), text([594, 172], "V", { style: "net" }),
    // The level that it is held against.
    ...comparator([660, 200], { name: "U1", value: "½ LM393" }), wire([626, 220], [606, 220], [606, 350]),
    ...supply([480, 318], "+3.3 V"), wire([480, 318], [480, 350]), ...resistor([480, 350], [560, 350], { name: "R3", value: "20 kΩ" }), wire([560, 350], [606, 350]), joint([574, 350]),
    ...resistor([574, 350], [574, 410], { name: "R4", value: "10 kΩ" }), ...ground([574, 410]),
    joint([606, 350]), ...resistor([606, 350], [700, 350], { name: "R5", value: "1 MΩ" }), wire([700, 350], [756, 350], [756, 200]), text([598, 340], "1.1 V", { style: "net", anchor: "end" }),
    // The switch.
    wire([696, 200], [806, 200]), joint([756, 200]), wire([756, 130], [756, 142]), ...resistor([756, 130], [756, 200], { name: "R7", value: "10 kΩ" }), wire([756, 130], [902, 130]),
    ...resistor([806, 200], [862, 200], { name: "", value: "1 kΩ" }), text([834, 186], "R6", { style: "name", anchor: "middle" }), ...pnp([890, 200], { name: "Q1", value: "BC327-25" }),
    ...supply([902, 120], "+5 V"), wire([902, 120], [902, 168]), joint([902, 130]), wire([902, 232], [902, 280]), joint([902, 280]), wire([800, 280], [1040, 280]),
    ...coil([800, 280], [800, 380], { name: "K1", value: "5 V, 28 mA" }), ...coil([930, 280], [930, 380], { name: "K2", value: "5 V, 28 mA" }), joint([930, 280]),
    ...diode([1040, 380], [1040, 280], { name: "D3", value: "1N4148" }), wire([800, 380], [1040, 380]), joint([930, 380]), ...ground([930, 380]),
    // The contacts.
    ...flag([160, 530], "IN  mixer"), wire([160, 530], [260, 530]), ...contact([260, 530]), text([270, 508], "K1a", { style: "name" }),
    ...flag([1000, 530], "OUT  recorder", "right"), wire([1000, 530], [900, 530]), ...contact([900, 530], "right"), text([864, 508], "K1b", { style: "name" }),
    wire([307, 516], [853, 516]), text([580, 508], "without current: straight through", { style: "note", anchor: "middle" }),
    wire([307, 544], [360, 544], [360, 602], [460, 602]), wire([853, 544], [800, 544], [800, 602], [700, 602]),
    rectangle([460, 570], 240, 64), text([580, 598], "Sound board", { style: "name", anchor: "middle" }), text([580, 617], "input (ADC)   →   output (DAC)", { anchor: "middle" }),
  ]);
}
