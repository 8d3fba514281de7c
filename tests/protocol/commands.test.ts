import { describe, expect, it } from "vitest";
import { PARAMETERS } from "../../src/params/table.js";
import { COMMAND_NAMES, MAX_COMMAND_BYTES, parseCommand, writeAnswer, writeCommand, writeRefusal } from "../../src/protocol/commands.js";
import { parseBoxMessage } from "../../src/protocol/box-messages.js";
import { CommandFailure } from "../../src/protocol/command-failure.js";

function refusalOf(message: string): [id: number | null, code: string, sentence: string, parameter?: string] {
  const read = parseCommand(message);
  if (!("failure" in read)) throw new Error(`accepted: ${message}`);
  const { code, message: sentence, parameter } = read.failure;
  return parameter === undefined ? [read.id, code, sentence] : [read.id, code, sentence, parameter];
}

describe("the reader of commands", () => {
  it.each([
    ['{"id":1,"command":"status"}', { id: 1, command: "status", input: {} }],
    ['{"id":2,"command":"get","ids":["compressor.ratio"]}', { id: 2, command: "get", input: { ids: ["compressor.ratio"] } }],
    ['{"id":3,"command":"set","values":{"compressor.ratio":"4:1","chain.bypass":"on","dither.bits":2,"compressor.kneeDb":0.5}}',
      { id: 3, command: "set", input: { values: { "compressor.ratio": 4, "chain.bypass": 1, "dither.bits": 2, "compressor.kneeDb": 0.5 } } }],
    ['{"command":"bypass","id":0,"on":false}', { id: 0, command: "bypass", input: { on: false } }],
    ['{"id":4,"command":"bypass"}', { id: 4, command: "bypass", input: {} }],
    ['{"id":5,"command":"recallScene","scene":"D"}', { id: 5, command: "recallScene", input: { scene: "D" } }],
    ['{"id":6,"command":"subscribeMeters","maxRateHz":60}', { id: 6, command: "subscribeMeters", input: { maxRateHz: 60 } }],
    ['{"id":7,"command":"take","seconds":30}', { id: 7, command: "take", input: { seconds: 30 } }],
  ])("reads %s", (message, expected) => {
    expect(parseCommand(message)).toEqual(expected);
  });

  it("takes every value of the table at both ends of its range in one message of legal size", () => {
    for (const end of ["min", "max"] as const) {
      const values = Object.fromEntries(PARAMETERS.map((row) => [row.id, row[end]]));
      const message = writeCommand(1, "set", { values });
      expect(message.length).toBeLessThan(MAX_COMMAND_BYTES);
      expect(parseCommand(message)).toEqual({ id: 1, command: "set", input: { values } });
    }
  });

  it.each([
    ["", null, "badMessage", 'The message is not JSON: "".'],
    ["{", null, "badMessage", 'The message is not JSON: "{".'],
    ["[1]", null, "badMessage", 'The message is no object; write {"id": 1, "command": "status"}.'],
    ["null", null, "badMessage", 'The message is no object; write {"id": 1, "command": "status"}.'],
    ['{"command":"status"}', null, "badValue", "id is missing; allowed whole numbers, 0 to 9007199254740991."],
    ['{"id":-1,"command":"status"}', null, "badValue", "id is -1; allowed whole numbers, 0 to 9007199254740991."],
    ['{"id":1e999,"command":"status"}', null, "badValue", "id is Infinity; allowed whole numbers, 0 to 9007199254740991."],
    ['{"id":"1","command":"status"}', null, "badValue", 'id is "1"; allowed whole numbers, 0 to 9007199254740991.'],
    ['{"id":1,"id":2,"command":"status"}', null, "badMessage", 'The message names "id" twice; name it once.'],
    ['{"id":1,"\\u0069d":2,"command":"status"}', null, "badMessage", 'The message names "id" twice; name it once.'],
    ['{"id":1,"command":"set","values":{"__proto__":{"a":1}}}', null, "badMessage", 'The message names "__proto__", which nothing here is called.'],
    ['{"id":1,"command":"statsu"}', 1, "unknownCommand", `There is no command "statsu". Did you mean "status"? There are ${COMMAND_NAMES.join(", ")}.`],
    ['{"id":1,"command":"toString"}', 1, "unknownCommand", `There is no command "toString". There are ${COMMAND_NAMES.join(", ")}.`],
    ['{"id":1}', 1, "unknownCommand", `The message names no command. There are ${COMMAND_NAMES.join(", ")}.`],
    ['{"id":1,"command":"undo","verbose":true}', 1, "badValue", 'The message has no "verbose".'],
    ['{"id":1,"command":"bypass","onn":true}', 1, "badValue", 'The message has no "onn". Did you mean "on"? It may have on.'],
    ['{"id":1,"command":"bypass","on":"yes"}', 1, "badValue", 'on is "yes"; allowed true or false.'],
    ['{"id":1,"command":"bypass","on":null}', 1, "badValue", "on is null; allowed true or false."],
    ['{"id":1,"command":"set"}', 1, "badValue", "values is missing; allowed an object in braces."],
    ['{"id":1,"command":"recallScene","scene":"E"}', 1, "badValue", 'scene is "E"; allowed A, B, C, D.'],
    ['{"id":1,"command":"get","ids":"compressor.ratio"}', 1, "badValue", 'ids is "compressor.ratio"; allowed a list of at most 183.'],
    ['{"id":1,"command":"subscribeMeters","maxRateHz":61}', 1, "badValue", "maxRateHz is 61; allowed whole numbers, 0 to 60."],
    ['{"id":1,"command":"take","seconds":1e999}', 1, "badValue", "seconds is Infinity; allowed whole numbers, 1 to 3600."],
    ['{"id":1,"command":"applyPreset","preset":"../../etc/passwd"}', 1, "badValue",
      'preset is "../../etc/passwd"; allowed the name of a preset, without folder or ending.'],
    ['{"id":1,"command":"applyPreset","preset":"own.JSON"}', 1, "badValue", 'preset is "own.JSON"; allowed the name of a preset, without folder or ending.'],
    ['{"id":1,"command":"applyPreset","preset":"a\\u001b[2J"}', 1, "badValue", 'preset is "a\\u001b[2J"; allowed a text of at most 64 characters in one line.'],
  ])("refuses %s", (message, id, code, sentence) => {
    const list = sentence.replace("183", String(PARAMETERS.length));
    expect(refusalOf(message)).toEqual([id, code, list]);
  });

  it.each([
    ['"compressor.ratio":1e999', "compressor.ratio is Infinity; allowed 1:1 to 20:1.", "compressor.ratio"],
    ['"compressor.ratio":0.5', "compressor.ratio is 0.5; allowed 1:1 to 20:1.", "compressor.ratio"],
    ['"compressor.ratio":null', "compressor.ratio is no number; allowed 1:1 to 20:1.", "compressor.ratio"],
    ['"compressor.ratio":"fast"', 'compressor.ratio is "fast"; allowed 1:1 to 20:1. Write a number, such as 2.0:1.', "compressor.ratio"],
    ['"chain.bypass":0.5', "chain.bypass is 0.5; allowed on or off, or as a number 0 to 1.", "chain.bypass"],
    ['"compressor.ratoi":2', 'There is no parameter "compressor.ratoi". Did you mean "compressor.ratio"?', "compressor.ratoi"],
    ['"constructor":2', 'There is no parameter "constructor".', "constructor"],
  ])("refuses the value %s with the parameter's name", (member, sentence, parameter) => {
    expect(refusalOf(`{"id":9,"command":"set","values":{${member}}}`)).toEqual([9, "badValue", sentence, parameter]);
  });

  it("refuses a message of 16385 characters and one nested 9 deep, and takes 10000 brackets without harm", () => {
    expect(refusalOf(`{"id":1,"command":"${"x".repeat(MAX_COMMAND_BYTES)}"}`)[2]).toContain("allowed 16384.");
    expect(refusalOf(`{"id":1,"command":"set","values":${"[".repeat(8)}${"]".repeat(8)}}`)[2]).toBe("The message is nested deeper than 8 levels.");
    expect(refusalOf("[".repeat(10_000))[1]).toBe("badMessage");
    expect(refusalOf("[".repeat(8000) + "]".repeat(8000))[1]).toBe("badMessage");
  });

  it("answers within bounds to an id of 16000 letters: no near name is sought for it", () => {
    const [, , sentence] = refusalOf(`{"id":1,"command":"get","ids":["${"x".repeat(16_000)}"]}`);
    expect(sentence.length).toBeLessThan(100);
  });
});

describe("answers", () => {
  it("go over the wire with the id of their command", () => {
    expect(parseBoxMessage(writeAnswer(7, { values: {} }))).toEqual({ type: "answer", id: 7, ok: true, result: { values: {} } });
    const failure = new CommandFailure("badValue", "compressor.ratio is 0; allowed 1:1 to 20:1.", "compressor.ratio");
    expect(parseBoxMessage(writeRefusal(null, failure))).toEqual({
      type: "answer", id: null, ok: false, error: { code: "badValue", sentence: "compressor.ratio is 0; allowed 1:1 to 20:1.", parameter: "compressor.ratio" },
    });
  });
});
