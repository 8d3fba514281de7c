import { LineButton } from "../../hw/gpio/line-button.js";
import { LineEncoder } from "../../hw/gpio/line-encoder.js";
import { LineInput } from "../../hw/gpio/line-input.js";
import { LineOutput } from "../../hw/gpio/line-output.js";
import { turnedBy, wiggled, type Contacts } from "../support/contacts.js";
import type { LineBed } from "../support/line-beds.js";
import { describeButton } from "./button.js";
import { describeDigitalInput } from "./digital-input.js";
import { describeDigitalOutput } from "./digital-output.js";
import { describeEncoder, type EncoderUnderTest } from "./encoder.js";
import { FREE_LINE, type LineHands } from "./lines-under-test.js";

const BOUNCES = 5;
/** Edges are told by then, whatever else the program that hears them has to do. */
const TOLD_MS = 50;

/** What every driver of lines keeps with contacts, buttons and lights on it. */
export function describeContactsAndLights(name: string, makeBed: () => LineBed): void {
  describeDigitalInput(name, async () => {
    const { lines, hands } = makeBed();
    return { hands, input: (line, debounceMs) => new LineInput(lines, { line, debounceMs }) };
  });

  describeDigitalOutput(name, async () => {
    const { lines, hands } = makeBed();
    // A light hangs between its line and ground.
    await hands.contact(FREE_LINE, true);
    return { hands, output: (line) => new LineOutput(lines, line) };
  });

  describeButton(name, async () => {
    const { lines, hands, later } = makeBed();
    return {
      button: new LineButton({ lines, line: FREE_LINE, later }),
      move: async (isPressed, ms) => {
        for (let n = 0; n < 2 * BOUNCES; n++) {
          await hands.contact(FREE_LINE, isPressed === (n % 2 === 0));
          await hands.pass(0.5);
        }
        await hands.contact(FREE_LINE, isPressed);
        await hands.pass(ms);
      },
      ...plugs(hands),
    };
  });
}

/** What a driver of lines that loses no edge keeps with encoders on it. */
export function describeLineEncoders(name: string, makeBed: () => LineBed): void {
  for (const stepsPerDetent of [4, 2, 1] as const) {
    describeEncoder(`${name}, ${stepsPerDetent} steps a detent`, async () => {
      const { lines, hands } = makeBed();
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
        await hands.pass(TOLD_MS);
      };
      return {
        encoder: new LineEncoder(lines, { lines: [a, b], stepsPerDetent }),
        turn: async (detents) => await follow(turnedBy(contacts, detents * stepsPerDetent)),
        wiggle: async () => stepsPerDetent === 1 ? undefined : await follow(wiggled(contacts, stepsPerDetent - 1)),
        ...plugs(hands),
      };
    });
  }
}

/** Taking the chip away and bringing it back, with the time that the news of it needs. */
function plugs(hands: LineHands): Pick<EncoderUnderTest, "unplug" | "replug" | "dispose"> {
  const { unplug } = hands;
  return {
    unplug: typeof unplug !== "function" ? unplug : async () => {
      await unplug();
      await hands.pass(1);
    },
    replug: async () => await hands.replug(),
    ...(hands.dispose && { dispose: async () => await hands.dispose?.() }),
  };
}
