import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultConfigFile } from "../../src/config/files.js";
import { parseBoxMessage, readResult } from "../../src/protocol/box-messages.js";
import { COMMAND_NAMES, parseCommand } from "../../src/protocol/commands.js";
import { protocolDoc } from "../support/protocol-doc.js";

const PAGE = readFileSync(`${dirname(defaultConfigFile())}/protocol.md`, "utf8");

describe("config/protocol.md", () => {
  it("has what the types say (else: npm run docs:protocol)", () => {
    expect(PAGE).toBe(protocolDoc());
  });

  it("names every command, with one sentence or a plain name", () => {
    for (const name of COMMAND_NAMES) expect(PAGE, name).toContain(`| \`${name}\` | `);
  });

  it("shows messages that both ends take", () => {
    const [command = "", ...answers] = (/```json\n([^`]*)```/.exec(PAGE)?.[1] ?? "").trim().split("\n");
    expect(parseCommand(command)).toMatchObject({ command: "set" });
    for (const answer of answers) expect(() => parseBoxMessage(answer), answer).not.toThrow();
    expect(readResult("set", (JSON.parse(answers[0]!) as { result: unknown }).result)).toEqual({ values: { "compressor.ratio": 4 } });
  });
});
