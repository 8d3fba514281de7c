import { circle, figure, joint, path, rectangle, text, wire, type At, type Part } from "./sheet.js";

/** What a part is called and what it is, such as "R1" and "330 ohms". */
export interface Label {
  readonly name: string;
  readonly value: string;
}

/** Parts between two places on a line that runs across or down. */
function isAcross([, y1]: At, [, y2]: At): boolean {
  return y1 === y2;
}

function middle([x1, y1]: At, [x2, y2]: At): At {
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

/** Name and value: above and below a part that lies, beside one that stands. */
function labels(from: At, to: At, { name, value }: Label, room: number): Part[] {
  const [x, y] = middle(from, to);
  if (isAcross(from, to)) return [text([x, y - room - 6], name, { style: "name", anchor: "middle" }), text([x, y + room + 16], value, { anchor: "middle" })];
  return [text([x + room + 8, y - 2], name, { style: "name" }), text([x + room + 8, y + 14], value)];
}

export function resistor(from: At, to: At, label: Label): Part[] {
  const [x, y] = middle(from, to);
  const body = isAcross(from, to) ? rectangle([x - 20, y - 7], 40, 14) : rectangle([x - 7, y - 20], 14, 40);
  return [wire(from, to), body, ...labels(from, to, label, 7)];
}

export function capacitor(from: At, to: At, label: Label): Part[] {
  const [x, y] = middle(from, to);
  const lies = isAcross(from, to);
  const plate = (offset: number): Part => (lies ? wire([x + offset, y - 13], [x + offset, y + 13]) : wire([x - 13, y + offset], [x + 13, y + offset]));
  const leads = lies ? [wire(from, [x - 4, y]), wire([x + 4, y], to)] : [wire(from, [x, y - 4]), wire([x, y + 4], to)];
  return [...leads, plate(-4), plate(4), ...labels(from, to, label, 13)];
}

/** A diode that lets current pass from the first place to the second. */
export function diode(from: At, to: At, label: Label, isSchottky = false): Part[] {
  const [x, y] = middle(from, to);
  // Drawn as if current ran along u; v is across.
  const [ux, uy] = [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
  const at = (u: number, v: number): At => [x + u * ux - v * uy, y + u * uy + v * ux];
  const bar: At[] = isSchottky ? [at(4, -10), at(4, -13), at(8, -13), at(8, 13), at(12, 13), at(12, 10)] : [at(8, -11), at(8, 11)];
  return [wire(from, to), figure([at(-9, -10), at(-9, 10), at(8, 0)]), path(bar, "line"), ...labels(from, to, label, 11)];
}

export function ground([x, y]: At): Part[] {
  return [wire([x, y], [x, y + 8]), wire([x - 12, y + 8], [x + 12, y + 8]), wire([x - 8, y + 13], [x + 8, y + 13]), wire([x - 4, y + 18], [x + 4, y + 18])];
}

/** A supply, with its name above. */
export function supply([x, y]: At, name: string): Part[] {
  return [wire([x, y], [x, y - 8]), wire([x - 10, y - 8], [x + 10, y - 8]), text([x, y - 14], name, { style: "supply", anchor: "middle" })];
}

/** A flag with the name of a pin or a net, at the left end of a wire, or at its right end. */
export function flag([x, y]: At, name: string, side: "left" | "right" = "left"): Part[] {
  const width = 16 + 7.6 * name.length;
  const way = side === "left" ? -1 : 1;
  const outline: At[] = [[x, y], [x + 8 * way, y - 11], [x + width * way, y - 11], [x + width * way, y + 11], [x + 8 * way, y + 11]];
  return [figure(outline), text([x + (12 * way), y + 4.5], name, { style: "net", anchor: side === "left" ? "end" : "start" })];
}

/** A contact that a finger closes, between two places on a standing line. */
export function push([x, y1]: At, [, y2]: At, label: Label): Part[] {
  const y = (y1 + y2) / 2;
  return [
    wire([x, y1], [x, y - 12]), wire([x, y + 12], [x, y2]), circle([x, y - 12], 2.6), circle([x, y + 12], 2.6), wire([x - 9, y - 13], [x - 9, y + 13]),
    wire([x - 9, y], [x - 19, y]), wire([x - 19, y - 6], [x - 19, y + 6]),
    text([x + 12, y - 2], label.name, { style: "name" }), text([x + 12, y + 14], label.value),
  ];
}

/** A light-emitting diode, down. */
export function light(from: At, to: At, label: Label): Part[] {
  const [x, y] = middle(from, to);
  const ray = (offset: number): Part[] => [wire([x - 14, y - 2 + offset], [x - 24, y - 9 + offset]), wire([x - 24, y - 9 + offset], [x - 18, y - 9 + offset]), wire([x - 24, y - 9 + offset], [x - 22, y - 3 + offset])];
  return [...diode(from, to, label), ...ray(0), ...ray(9)];
}

/** A PNP transistor: the emitter above, the base at the left, the collector below. */
export function pnp([x, y]: At, { name, value }: Label): Part[] {
  return [
    circle([x + 6, y], 20), wire([x - 30, y], [x - 4, y]), `<path class="line" d="M${x - 4} ${y - 13} V${y + 13}" stroke-width="3"/>`,
    wire([x - 4, y - 6], [x + 12, y - 17], [x + 12, y - 32]), wire([x - 4, y + 6], [x + 12, y + 17], [x + 12, y + 32]),
    figure([[x - 2, y - 8], [x + 7, y - 8.5], [x + 3, y - 15.5]], "solid"),
    text([x + 34, y - 4], name, { style: "name" }), text([x + 34, y + 12], value),
  ];
}

/** A comparator: its minus input above at the left, its plus input below, its output at the right, 30 away from the middle. */
export function comparator([x, y]: At, { name, value }: Label): Part[] {
  return [
    figure([[x - 34, y - 42], [x - 34, y + 42], [x + 36, y]]), text([x - 29, y - 15], "\u2212", { style: "name" }), text([x - 29, y + 25], "+", { style: "name" }),
    text([x - 16, y + 4], name, { style: "name" }), text([x - 34, y + 58], value, { style: "small" }),
  ];
}

/** A potentiometer on a standing line; its wiper leaves at the left. */
export function potentiometer([x, y1]: At, [, y2]: At, { name, value }: Label): Part[] {
  const y = (y1 + y2) / 2;
  return [
    wire([x, y1], [x, y2]), rectangle([x - 8, y - 24], 16, 48), wire([x - 34, y], [x - 10, y]), figure([[x - 9, y], [x - 17, y - 4.5], [x - 17, y + 4.5]], "solid"),
    text([x + 16, y - 2], name, { style: "name" }), text([x + 16, y + 14], value),
  ];
}

/** A chip or a module with the names of its pins. */
export function chip([x, y]: At, width: number, height: number, label: Label, pins: readonly { readonly side: "left" | "right"; readonly at: number; readonly name: string }[]): Part[] {
  return [
    rectangle([x, y], width, height), text([x + width / 2, y + 20], label.name, { style: "name", anchor: "middle" }), text([x + width / 2, y + 36], label.value, { style: "small", anchor: "middle" }),
    ...pins.flatMap(({ side, at, name }) => {
      const edge = side === "left" ? x : x + width;
      const way = side === "left" ? -1 : 1;
      return [wire([edge, at], [edge + 20 * way, at]), text([edge - 8 * way, at + 4.5], name, { style: "small", anchor: side === "left" ? "start" : "end" })];
    }),
  ];
}

/** A two-way contact at rest: the common place at one end, 44 away the upper contact, closed without current (NC), and the lower one (NO). */
export function contact([x, y]: At, side: "left" | "right" = "left"): Part[] {
  const way = side === "left" ? 1 : -1;
  return [
    joint([x, y]), circle([x + 44 * way, y - 14], 3), circle([x + 44 * way, y + 14], 3),
    `<line class="line" x1="${x}" y1="${y}" x2="${x + 42 * way}" y2="${y - 12}" style="stroke-width:2.6"/>`,
  ];
}

/** The coil of a relay on a standing line. */
export function coil([x, y1]: At, [, y2]: At, { name, value }: Label): Part[] {
  const y = (y1 + y2) / 2;
  return [
    wire([x, y1], [x, y2]), rectangle([x - 20, y - 13], 40, 26), wire([x - 12, y + 13], [x + 12, y - 13]),
    text([x + 28, y - 2], name, { style: "name" }), text([x + 28, y + 14], value),
  ];
}
