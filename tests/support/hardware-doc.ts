import { BOARDS } from "../../hw/boards/boards.js";
import { FIRST_KEY } from "../../hw/boards/panel.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import type { Board } from "../../src/hal/board.js";
import type { MixerSetting } from "../../src/hal/mixer.js";
import type { Control } from "../../src/hal/panel.js";
import { circuitCorners, holdMs, LINE_OHMS, RELAY_CIRCUIT } from "./charge-pump.js";
import { controlsDrawing } from "./drawings/controls.js";
import { headerDrawing, headerPin } from "./drawings/header.js";
import { busDrawing } from "./drawings/i2c.js";
import { relayDrawing } from "./drawings/relay.js";

const { config: { controls } } = loadBoxConfig(undefined);
const BEAT_MS = 5;
const LONGEST_BEAT_MS = 1024 / 44.1;
const CONSOLE_PINS: readonly number[] = [14, 15];

/** Boards whose panel hangs on the same pins, one drawing for each such set: by its file. */
function headers(): ReadonlyMap<string, readonly Board[]> {
  const sets = new Map<string, Board[]>();
  for (const board of BOARDS) {
    const same = [...sets.values()].find(([first]) => first !== undefined && first.pins === board.pins && first.takenPins.size === board.takenPins.size);
    if (same === undefined) sets.set(`header-${board.id}.svg`, [board]);
    else same.push(board);
  }
  return sets;
}

/** The drawings of hw/drawings by their file names; `npm run docs:hardware` writes them. */
export function hardwareDrawings(): ReadonlyMap<string, string> {
  const panels = [...headers()].map(([file, boards]) => [file, headerDrawing(boards[0] as Board, boards.map(({ name }) => name).join(", "))] as const);
  return new Map([["relay.svg", relayDrawing()], ["controls.svg", controlsDrawing()], ["i2c.svg", busDrawing()], ...panels]);
}

function places(pins: readonly number[]): string {
  return pins.map((pin) => `${pin} (${headerPin(pin)})`).join(", ");
}

function wiringRow({ name, kind, pins }: Control): string {
  const columns = [...headers().values()].map(([board]) => places(board?.pins.get(name) ?? (pins.length === 0 ? pins : [])));
  return `| ${name} | ${kind === "led" ? "light" : kind} | ${columns.join(" | ")} |`;
}

function boardRow({ id, name, cardIds, overlays, formats, sampleRatesHz, mayHaveMonitor, takenAddresses }: Board): string {
  const rates = sampleRatesHz.map((rate) => rate / 1000).join(", ");
  const addresses = takenAddresses.map((address) => `0x${address.toString(16)}`).join(", ");
  return `| ${name} | \`${id}\` | ${cardIds.map((card) => `\`${card}\``).join(", ") || "any other"} | ${overlays.map((line) => `\`${line}\``).join(" or ") || "none"} | ${formats.join(", ")} | ${rates} | ${mayHaveMonitor ? "with four outputs" : "no"} | ${addresses || "none"} |`;
}

function settingText(setting: MixerSetting): string {
  if ("isOn" in setting) return setting.isOn ? "on" : "off";
  return "item" in setting ? setting.item : `${setting.levelDb} dB`;
}

function mixerRows({ name, mixer }: Board): string[] {
  const byValue = new Map<string, string[]>();
  for (const setting of mixer) {
    const value = settingText(setting);
    byValue.set(value, [...byValue.get(value) ?? [], setting.control]);
  }
  return [...byValue].map(([value, names], n) => `| ${n === 0 ? name : ""} | ${value} | ${names.join(", ")} |`);
}

/** What the kernel calls the device of an overlay: by its first pin. */
function deviceName(kind: "rotary" | "button", [pin = NaN]: readonly number[]): string {
  return `${kind}@${pin.toString(16)}`;
}

/** The building of a box as a Markdown page: hw/README.md holds it. */
export function hardwareDoc(): string {
  const corners = circuitCorners();
  const [latest, earliest] = [Math.max(...corners.map((circuit) => holdMs(circuit, BEAT_MS))), Math.min(...corners.map((circuit) => holdMs(circuit, LONGEST_BEAT_MS)))];
  const typical = holdMs(RELAY_CIRCUIT, BEAT_MS);
  const sets = [...headers()];
  const pinsOf = (name: string): readonly number[] => controls.find((control) => control.name === name)?.pins ?? [];
  const [threshold, bypass] = [pinsOf("threshold"), pinsOf("bypass")];
  const onConsole = BOARDS.filter(({ pins }) => [...pins.values()].flat().some((pin) => CONSOLE_PINS.includes(pin))).map(({ name }) => name);
  return `# The hardware

How to build a box, and what the software takes for granted about it. \`npm run docs:hardware\` writes this page and its drawings
from hw/boards, config/default.json and the circuit that the tests let run. Values are calculated and simulated; no box was built
by them yet, so go through [the first power-on](#first-power-on) step by step.

## Parts

| part | value or type | pieces | to be had from |
|---|---|---|---|
| computer | Raspberry Pi 4, 3B+ or Zero 2 W (a Raspberry Pi 5 is not advised: its I2S may not start again after a stop) | 1 | Raspberry Pi resellers |
| supply | 5 V, 3 A, made for it | 1 | Raspberry Pi resellers |
| sound board | one of [the boards](#boards) | 1 | its maker |
| threshold, ratio, drive | rotary encoder, 24 detents, 24 pulses a turn (four steps a detent) | 3 | electronics distributors |
| bypass, compare, target, song | push button, closes to ground | 4 | electronics distributors |
| clip, reduction, bypassed, network | light-emitting diode, 2 V, 2 mA is enough | 4 | electronics distributors |
| series resistors of the lights | 470 Ω | 4 | electronics distributors |
| display | 128 x 64 pixels, SSD1306 or SH1106, I2C, 3.3 V | 1 | makers' shops |
| converter (where knobs are wanted) | ADS1115 or ADS1015 on a board | 1 | makers' shops |
| knobs (where wanted) | potentiometer 10 kΩ linear, with 100 nF each | up to 4 | electronics distributors |
| K1, K2 | signal relay, two changeover contacts with gold, coil 5 V, 178 Ω, 28 mA (140 mW) | 2; 4 for balanced lines | electronics distributors |
| Q1 | BC327-25 | 1 | electronics distributors |
| U1 | LM393 | 1 | electronics distributors |
| D1, D2 | BAT85 | 2 | electronics distributors |
| D3 | 1N4148 | 1 | electronics distributors |
| C1, C2 | film, ${RELAY_CIRCUIT.pumpFarads * 1e6} µF and ${RELAY_CIRCUIT.heldFarads * 1e6} µF, 10 % | 1 each | electronics distributors |
| C3 | 100 nF, ceramic | 1 | electronics distributors |
| R1; R2; R3; R4; R5; R6; R7 | ${LINE_OHMS} Ω; ${RELAY_CIRCUIT.bleedOhms / 1000} kΩ; 20 kΩ; 10 kΩ; 1 MΩ; 1 kΩ; 10 kΩ; all 1 % | 1 each | electronics distributors |
| sockets for IN and OUT, to fit the mixer and the recorder | 6.3 mm or RCA for two channels; XLR for balanced lines | 4 | electronics distributors |
| header extender | 2 x 20 pins, stacking: the panel is wired to the pins that the sound board lets through | 1 | makers' shops |
| filters at long cables | 10 kΩ twice and 10 nF for each contact of an encoder; 10 kΩ, 1 kΩ and 100 nF for a button | as needed | electronics distributors |

## Boards

| board | \`board\` | card | line of config.txt | formats | rates, kHz | monitor output | its I2C addresses |
|---|---|---|---|---|---|---|---|
${BOARDS.map(boardRow).join("\n")}

Into \`/boot/firmware/config.txt\`, beside the line of the board:

\`\`\`
dtparam=i2c_arm=on,i2c_arm_baudrate=400000
dtparam=audio=off
\`\`\`

Beside ${onConsole.join(" and ")} the panel uses GPIO 14 and 15, which are those of the serial console: leave it off (no
\`enable_uart=1\`; \`raspi-config\`, Interface Options, Serial Port).

The WM8960 boards have microphones in place of a line input; they are for trying things out. A format with more than 16 bits is
taken where there is one. \`lacquer doctor\` compares all this with the machine.

### The mixer

When the box starts, or a card comes for the first time, its controls are set as below, once: what is changed in \`alsamixer\`
later stays until the box is started again. A control that the driver does not have is named in \`lacquer status\`. Everything is
at 0 dB, and no way leads around the box. Other cards are left as they are.

| board | is set to | controls |
|---|---|---|
${BOARDS.flatMap(mixerRows).join("\n")}

## The panel

BCM numbers, in brackets the pin of the 40-pin header. Every control has its second wire at ground. An empty field is a control that
has no room beside that board; \`config/settings.md\` tells how to bind controls otherwise.

| control | kind | ${sets.map(([, boards]) => boards.map(({ name }) => name).join(", ")).join(" | ")} |
|---|---|${"---|".repeat(sets.length)}
${controls.map(wiringRow).join("\n")}

${sets.map(([file, boards]) => `![The 40-pin header with the panel beside ${boards.map(({ name }) => name).join(", ")}](drawings/${file})`).join("\n\n")}

### Encoders, buttons, lights

![An encoder, a button and a light on their pins](drawings/controls.svg)

The filter of an encoder settles within 0.3 ms: at 20 turns a second and 24 detents of four steps a contact rests for 0.52 ms. The
wetting current is 0.33 mA, and 1 kΩ keeps the discharge of 100 nF under 3.3 mA. A light has (3.3 V - 2 V) / 470 Ω = 2.8 mA; a pin
gives 16 mA, all pins together 50 mA.

### Encoders and buttons that the kernel reads

The box reads its pins by itself, and that is the usual way. In place of it the kernel can do it, for an encoder or a button at a
time, by a line of config.txt:

\`\`\`
dtoverlay=rotary-encoder,pin_a=${threshold.join(",pin_b=")},relative_axis=1,steps-per-period=1
dtoverlay=gpio-key,gpio=${bypass.join()},active_low=1,gpio_pull=up,label=bypass,keycode=${FIRST_KEY}
\`\`\`

and a control in the configuration that has the kernel's name of the device in place of pins, \`${deviceName("rotary", threshold)}\` and \`${deviceName("button", bypass)}\`
here: the number is the first pin, in hexadecimal. \`cat /sys/class/input/event*/device/name\` lists the names.

\`\`\`json
{ "name": "threshold", "kind": "encoder", "inputDevice": "${deviceName("rotary", threshold)}", "parameter": "compressor.thresholdDb" }
\`\`\`

### Display and knobs

![The display and the converter on the I2C bus](drawings/i2c.svg)

A knob at full travel reads 3.3 V of the converter's 4.096 V, 26400 of 32768 steps. The wiper's 2.5 kΩ and 100 nF let 640 Hz through,
far above a hand and far below the converter's noise. Four knobs are read 100 times a second each, beside the display.

## The relay

![The bypass relay with the detector of its heartbeat](drawings/relay.svg)

Without current the relays wire the input to the output and take the sound board off both. The box turns GPIO 25 (another one beside
some boards) each 5 ms, or each period where that is longer, and only while sound is good. Each rising edge moves charge through C1
into C2, R2 drains it, and below a third of 3.3 V the coils are let go. A line that is stuck, high or low, moves no charge: a
crash, a hang, a lost supply and a pin that nobody drives all end at the straight wire.

| figure | calculated | held to by tests/hw/relay/circuit.test.ts |
|---|---|---|
| hold after the last edge | ${RELAY_CIRCUIT.bleedOhms / 1000} kΩ x ${RELAY_CIRCUIT.heldFarads * 1e6} µF x ln(2.8 V / 1.09 V) = ${typical.toFixed(0)} ms | ${latest.toFixed(0)} ms at the most, with 5 ms of the relay ${(latest + 5).toFixed(0)} ms: under 100 ms |
| hold between two edges | longest beat, 1024 frames at 44.1 kHz: an edge each ${(2 * LONGEST_BEAT_MS).toFixed(1)} ms | ${earliest.toFixed(1)} ms at the least |
| current of the pin | 3.3 V / ${LINE_OHMS} Ω = 10 mA at the first moment | under 16 mA |
| coils | 2 x 5 V / 178 Ω = 56 mA; Q1 has (5 V - 0.7 V - 0.2 V) / 1 kΩ = 4.1 mA at its base, a fourteenth | |
| voltage of the coils | 4.7 V of a weak supply - 0.3 V of Q1 = 4.4 V; they pull at 75 %, 3.75 V | |
| U1 | sinks 4.1 mA + 0.5 mA of R7; it may sink 6 mA at the least. Without U1, or without its 3.3 V, R7 keeps Q1 off | |
| inputs of U1 | V goes up to 2.9 V, over the 1.3 V (3.3 V - 2 V) up to which U1 compares: allowed where the other input stays below, as 1.1 V does | |
| D3 | carries the 56 mA of the coils when Q1 opens; it may carry 200 mA | |

"At the most" and "at the least" are over all corners of capacitors at 10 %, resistors at 1 %, the supply at 3 %, diodes from
${(RELAY_CIRCUIT.diodeVolts - 0.07).toFixed(2)} to ${(RELAY_CIRCUIT.diodeVolts + 0.07).toFixed(2)} V and the comparator at 9 mV. Match the levels of mixer and recorder to those of the sound board, so that the
bypass is as loud as the box at rest.

## First power-on

1. Without the Raspberry Pi: an ohmmeter finds IN wired to OUT, left and right, and no way from 5 V or 3.3 V to ground.
2. With the Raspberry Pi, without the sound board, and no configuration: the relays stay down while it starts; sound passes.
3. Switch off, fit the sound board, add its line to config.txt, start, and install the service (\`systemd/install.sh\`).
4. \`lacquer doctor\`: every line is ok; each warning says what to do.
5. The display shows the target and the address within half a minute, and the relays click once. \`lacquer status\` names no control.
6. Turn each encoder one detent clockwise: the value rises by one step. If it falls, exchange A and B.
7. Press each button once; hold bypass for half a second: both relays drop, and the mixer is heard as it is.
8. \`lacquer latency\` with a cable from OUT to IN tells the delay of the box; then play a tone and compare the level with and without
   bypass.
9. Under a tone: \`sudo systemctl kill -s KILL lacquer-box\`. The tone goes on within a tenth of a second, from the mixer, and comes
   back through the box after some seconds. Pull the plug: the tone goes on.
`;
}
