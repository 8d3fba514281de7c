import { loadBoxConfig } from "../../../src/config/box-config.js";
import type { Board } from "../../../src/hal/board.js";
import type { ControlKind } from "../../../src/hal/panel.js";
import { circle, sheet, text, type At, type Part } from "./sheet.js";

/** What each pin of the header carries: a BCM number, or a name (raspberrypi.com, documentation of the 40-pin header). */
export const HEADER: readonly (number | "3V3" | "5V" | "GND")[] = [
  "3V3", "5V", 2, "5V", 3, "GND", 4, 14, "GND", 15, 17, 18, 27, "GND", 22, 23, "3V3", 24, 10, "GND",
  9, 25, 11, 8, "GND", 7, 0, 1, 5, "GND", 6, 12, 13, "GND", 19, 16, 26, 20, "GND", 21,
];

/** Number on the header of a BCM number. */
export function headerPin(pin: number): number {
  return HEADER.indexOf(pin) + 1;
}

const BUSES: ReadonlyMap<number, string> = new Map([
  [0, "identification of the HAT"], [1, "identification of the HAT"], [2, "I2C SDA: display, knobs"], [3, "I2C SCL: display, knobs"],
  [18, "I2S bit clock"], [19, "I2S frame clock"], [20, "I2S sound in"], [21, "I2S sound out"],
]);
const COLOURS: Readonly<Record<ControlKind, string>> = { encoder: "#0b57d0", button: "#146c2e", led: "#a15c00", relay: "#b3261e", knob: "#51606f" };
const KINDS: readonly (readonly [kind: ControlKind, words: string])[] = [["encoder", "encoder"], ["button", "button"], ["led", "light"], ["relay", "relay"]];
const FIXED: Readonly<Record<string, string>> = { "3V3": "#e0603f", "5V": "#b3261e", GND: "#1b2a3a" };
const GREY = "#8793a0";
const TOP = 96;
const STEP = 24;
const MIDDLE = 480;

interface Use {
  readonly words: string;
  readonly colour: string;
  readonly isPanel: boolean;
}

/** What the board and the panel do with a BCM number. */
function useOf(pin: number, board: Board): Use {
  for (const { name, kind } of loadBoxConfig(undefined).config.controls) {
    const index = board.pins.get(name)?.indexOf(pin) ?? -1;
    if (index >= 0) return { words: kind === "encoder" ? `${name} ${"AB"[index]}` : name, colour: COLOURS[kind], isPanel: true };
  }
  const bus = BUSES.get(pin);
  const owner = bus ?? board.takenPins.get(pin);
  return { words: owner ?? "free", colour: owner === undefined ? "#c5ccd3" : GREY, isPanel: false };
}

function pinParts(index: number, board: Board): Part[] {
  const carried = HEADER[index] as (typeof HEADER)[number];
  const isLeft = index % 2 === 0;
  const way = isLeft ? -1 : 1;
  const y = TOP + STEP * (index >> 1);
  const at: At = [MIDDLE + 14 * way, y];
  const anchor = isLeft ? "end" : "start";
  const number = text([at[0], y + 4], String(index + 1), { style: "small", anchor: "middle" });
  const fixed = typeof carried === "string" ? FIXED[carried] : undefined;
  if (typeof carried === "string") return [circle(at, 10).replace("/>", ` style="fill:${fixed}"/>`), number.replace(">", " style=\"fill:#fff\">"), text([MIDDLE + 36 * way, y + 4.5], carried, { anchor })];
  const { words, colour, isPanel } = useOf(carried, board);
  const fill = isPanel ? ` style="fill:${colour}"` : "";
  const width = 20 + 6.7 * words.length;
  const x = MIDDLE + 112 * way;
  const tag = `<rect x="${isLeft ? x - width : x}" y="${y - 10}" width="${width}" height="20" rx="10" fill="${isPanel ? colour : "#fff"}" stroke="${colour}"/>`;
  return [
    circle(at, 10).replace("/>", `${fill}/>`), isPanel ? number.replace(">", " style=\"fill:#fff\">") : number, text([MIDDLE + 36 * way, y + 4.5], `GPIO ${carried}`, { anchor }),
    `<line x1="${MIDDLE + 90 * way}" y1="${y}" x2="${x}" y2="${y}" stroke="${colour}" stroke-width="1.6"/>`, tag,
    text([x + 10 * way, y + 4.5], words, { anchor }).replace(">", ` style="fill:${isPanel ? "#fff" : "#51606f"}">`),
  ];
}

/** The header with the panel beside a board: what is wired to which pin. */
export function headerDrawing(board: Board, names: string): string {
  const legend = KINDS.flatMap(([kind, words], n) => [circle([250 + 140 * n, 66], 8).replace("/>", ` style="fill:${COLOURS[kind]}"/>`), text([266 + 140 * n, 70.5], words)]);
  return sheet({
    width: 960, height: 630, title: `The panel on the 40-pin header: ${names}`,
    notes: ["Seen from above, pin 1 at the corner of the board that is next to the memory card. Every control has its second wire at GND, knobs and display also at 3V3."],
  }, [...legend, `<rect class="zone" x="${MIDDLE - 30}" y="${TOP - 16}" width="60" height="${19 * STEP + 32}" rx="6"/>`, ...HEADER.flatMap((_, index) => pinParts(index, board))]);
}
