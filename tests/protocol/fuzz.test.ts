import { expect, it } from "vitest";
import { PARAMETERS } from "../../src/params/table.js";
import { parseBoxMessage } from "../../src/protocol/box-messages.js";
import { HandshakeError, readHello } from "../../src/protocol/handshake.js";
import { SealedChannel, SealError } from "../../src/protocol/sealed-channel.js";
import { CommandFailure } from "../../src/protocol/command-failure.js";
import { COMMAND_NAMES, parseCommand } from "../../src/protocol/commands.js";
import { PROTOCOL_VERSION } from "../../src/protocol/messages.js";
import { parsePhoneMessage, parseWebMessage } from "../../src/protocol/phone-frames.js";
import { boxStatus, controlState } from "../support/fake-box.js";
import { NOTHING_COMPARED } from "../support/references.js";
import { randomUniform } from "../support/signals.js";

const random = randomUniform(77);
const below = (count: number): number => Math.floor(random() * count);
const any = <T>(list: readonly T[]): T => list[below(list.length)] as T;

const NUMBERS = ["0", "-0", "1", "-1", "0.5", "1e999", "-1e999", "1e-999", "9007199254740993", "2147483648", "NaN", "0x10", "1.", ".5", "--1", "1e"];
const TEXTS = ['""', '"A"', '"__proto__"', '"constructor"', '"\\u0000"', '"\\ud800"', '"on"', '"4:1"', '"-18 dB"', '"\u202e\u{1f600}"', '"../x"', `"${"x".repeat(300)}"`];
const KEYS = ["id", "command", "values", "ids", "on", "scene", "preset", "target", "maxRateHz", "action", "seconds", "__proto__", "constructor", "toString", "", "\\u0069d"];

function value(depth: number): string {
  const kind = below(depth > 0 ? 8 : 5);
  if (kind < 2) return any(NUMBERS);
  if (kind < 4) return any(TEXTS);
  if (kind === 4) return any(["true", "false", "null", "undefined", "{}", "[]"]);
  if (kind === 5) return `[${Array.from({ length: below(4) }, () => value(depth - 1)).join(",")}]`;
  return object(depth - 1, []);
}

function object(depth: number, fixed: readonly string[]): string {
  const key = (): string => (random() < 0.3 ? any(PARAMETERS).id : any(KEYS));
  const members = Array.from({ length: below(4) }, () => `"${key()}":${value(depth)}`);
  return `{${[...fixed, ...members].join(",")}}`;
}

/** A text near the grammar: a sound frame with wild fields, and then now and then bytes changed, cut, doubled or thrown in. */
function nearMessage(): string {
  const frame = random() < 0.7 ? [`"id":${below(5)}`, `"command":"${any(COMMAND_NAMES)}"`] : [];
  return damaged(random() < 0.9 ? object(3, frame) : value(12));
}

function damaged(message: string): string {
  let text = message;
  for (let hits = below(3); hits > 0; hits--) {
    const at = below(text.length + 1);
    const end = at + below(6);
    text = any([
      () => text.slice(0, at),
      () => text.slice(0, at) + any(["{", "}", "[", "]", ",", ":", '"', "\\", "\u0000", "\ufffd", "1e999", "__proto__"]) + text.slice(end),
      () => text.slice(0, end) + text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(below(65_536)) + text.slice(at),
    ])();
  }
  return text;
}

it("answers 100000 malformed commands with a sentence each: none crashes, none is misread, no prototype is touched", () => {
  let accepted = 0;
  for (let n = 0; n < 100_000; n++) {
    const message = nearMessage();
    const read = parseCommand(message);
    if ("failure" in read) {
      if (!/^.{5,4000}$/s.test(read.failure.message)) expect.fail(`${message}: ${read.failure.message}`);
      continue;
    }
    accepted++;
    // What is accepted was JSON with that command, and every value lies in its range.
    expect(JSON.parse(message)).toMatchObject({ id: read.id, command: read.command });
    if (read.command !== "set") continue;
    for (const [id, held] of Object.entries(read.input.values)) {
      const row = PARAMETERS.find((candidate) => candidate.id === id);
      if (row === undefined || !(held >= row.min && held <= row.max)) expect.fail(`${message} sets ${id} to ${held}`);
    }
  }
  expect(accepted).toBeGreaterThan(500);
  expect(accepted).toBeLessThan(50_000);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it("refuses 8000 damaged messages of a box and of a page with nothing but a CommandFailure", () => {
  const sound = [
    { type: "welcome", protocol: PROTOCOL_VERSION, version: "1", state: controlState(), phone: null, references: [], comparison: NOTHING_COMPARED },
    { type: "change", sequence: 1, source: "x", state: { values: { "compressor.ratio": 3 } } },
    { type: "answer", id: 1, ok: true, result: boxStatus() },
    { type: "answer", id: 1, ok: false, error: { code: "failed", sentence: "No." } },
    { type: "notice", level: "info", subject: "sound", sentence: "Yes.", times: 1 },
    { drawn: 3 }, { name: "Anna" },
    { type: "link", isBoxThere: true, sentence: "", pageTag: "1" },
  ].map((message) => JSON.stringify(message));
  let refused = 0;
  for (let n = 0; n < 8000; n++) {
    const message = damaged(damaged(any(sound)));
    for (const parse of [parseBoxMessage, parsePhoneMessage, parseWebMessage]) {
      try {
        parse(message);
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        refused++;
      }
    }
  }
  expect(refused).toBeGreaterThan(8000);
});

it("refuses 100000 damaged handshakes with nothing but a HandshakeError", () => {
  const hello = JSON.stringify({ hello: PROTOCOL_VERSION, kind: "paired", phone: "abcdef012345", ephemeral: "ab".repeat(32), nonce: "cd".repeat(16) });
  let refused = 0;
  for (let n = 0; n < 100_000; n++) {
    try {
      readHello(damaged(damaged(hello)));
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(50_000);
});

it("opens none of 100000 frames of noise, and none of them harms", () => {
  const key = new Uint8Array(32).fill(7);
  for (let n = 0; n < 100_000; n++) {
    const frame = Uint8Array.from({ length: below(48) }, () => below(256));
    expect(() => new SealedChannel(key, key).open(frame)).toThrow(SealError);
  }
}, 60_000);
