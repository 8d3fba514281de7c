import { LineButton } from "../../../hw/gpio/line-button.js";
import { LineEncoder } from "../../../hw/gpio/line-encoder.js";
import { LineInput } from "../../../hw/gpio/line-input.js";
import { LineOutput } from "../../../hw/gpio/line-output.js";
import { describeButton } from "../../contracts/button.js";
import { describeDigitalInput } from "../../contracts/digital-input.js";
import { describeDigitalOutput } from "../../contracts/digital-output.js";
import { describeEncoder } from "../../contracts/encoder.js";
import { FREE_LINE } from "../../contracts/lines-under-test.js";
import { turnedBy, wiggled, type Contacts } from "../../support/contacts.js";
import { onoffBed } from "../../support/fake-onoff.js";
import { chipBed, simBed, type LineBed } from "../../support/line-beds.js";

const BEDS: readonly (readonly [name: string, make: () => LineBed])[] = [
  ["simulated lines", simBed], ["the character device, on a stand-in of the kernel", chipBed], ["onoff, on a stand-in of the package", onoffBed],
];
const BOUNCES = 5;

for (const [name, makeBed] of BEDS) {
  describeDigitalInput(name, async () => {
    const { lines, hands } = makeBed();
    return { hands, input: (line, debounceMs) => new LineInput(lines, { line, debounceMs }) };
  });

  describeDigitalOutput(name, async () => {
    const { lines, hands } = makeBed();
    return { hands, output: (line) => new LineOutput(lines, line) };
  });

  describeButton(name, async () => {
    const { lines, hands } = makeBed();
    const { unplug } = hands;
    return {
      button: new LineButton(lines, FREE_LINE),
      move: async (isPressed, ms) => {
        for (let n = 0; n < 2 * BOUNCES; n++) {
          await hands.contact(FREE_LINE, isPressed === (n % 2 === 0));
          await hands.pass(0.5);
        }
        await hands.contact(FREE_LINE, isPressed);
        await hands.pass(ms);
      },
      unplug: typeof unplug === "function" ? async () => {
        await unplug();
        await hands.pass(1);
      } : unplug,
      replug: async () => await hands.replug(),
      ...(hands.dispose && { dispose: hands.dispose }),
    };
  });

  for (const stepsPerDetent of [4, 2, 1] as const) {
    describeEncoder(`${name}, ${stepsPerDetent} steps a detent`, async () => {
      const { lines, hands } = makeBed();
      const { unplug } = hands;
      const [a, b] = [5, 6];
      const contacts: Contacts = { a: false, b: false };
      const follow = async (states: Iterable<Contacts>): Promise<void> => {
        for (const state of states) {
          // One contact moves at a time, and bounces before it rests.
          const line = state.a === contacts.a ? b : a;
          const isClosed = line === a ? state.a : state.b;
          for (let n = 0; n < 2 * BOUNCES; n++) await hands.contact(line, isClosed === (n % 2 === 0));
          await hands.contact(line, isClosed);
          Object.assign(contacts, state);
        }
        await hands.pass(10);
      };
      return {
        encoder: new LineEncoder(lines, { lines: [a, b], stepsPerDetent }),
        turn: async (detents) => await follow(turnedBy(contacts, detents * stepsPerDetent)),
        wiggle: async () => stepsPerDetent === 1 ? undefined : await follow(wiggled(contacts, stepsPerDetent - 1)),
        unplug: typeof unplug === "function" ? async () => {
          await unplug();
          await hands.pass(1);
        } : unplug,
        replug: async () => await hands.replug(),
        ...(hands.dispose && { dispose: hands.dispose }),
      };
    });
  }
}
