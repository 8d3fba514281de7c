import { describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { NO_HARDWARE } from "../../src/cli/hardware.js";
import { main } from "../../src/cli/main.js";
import { temporaryFile } from "../support/temporary-file.js";

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await main(["config", ...argv], { out: (text) => (out += text), err: (text) => (err += text), isInteractive: false }, { ...NO_HARDWARE, boards: BOARDS });
  return { code, out, err };
}

describe("lacquer config", () => {
  it("check says that a file is in order, with exit code 0", async () => {
    const file = temporaryFile("lacquer.json", "{ \"version\": 1, \"web\": { \"port\": 80 } }");
    expect(await run("check", file)).toEqual({ code: 0, out: `${file} is in order.\n`, err: "" });
  });

  it("check gives all findings, one a line, with exit code 2", async () => {
    const file = temporaryFile("lacquer.json", "{ \"version\": 1,\n\"web\": { \"port\": 0 },\n\"bord\": \"sim\" }");
    expect(await run("check", "--config", file)).toEqual({ code: 2, out: "", err:
      `lacquer: ${file}:2: web.port is 0; allowed 1 to 65535, a whole number.\n`
      + `lacquer: ${file}:3: the configuration has no "bord"; allowed version, board, audio, simulation, record, references, web, start, panel, controls. Did you mean "board"?\n` });
    const { code, out } = await run("check", file, "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ file, findings: [
      { line: 2, problem: "web.port is 0; allowed 1 to 65535, a whole number." },
      { line: 3, problem: expect.stringContaining("Did you mean \"board\"?") as unknown },
    ] });
  });

  it("check knows the boards, and refuses a pin that the board takes, with exit code 2", async () => {
    const file = temporaryFile("lacquer.json", "{ \"version\": 1, \"board\": \"pisound\", \"controls\": [\n{ \"name\": \"byp\", \"kind\": \"button\", \"pins\": [25], \"action\": \"bypass\" }] }");
    expect(await run("check", file)).toEqual({ code: 2, out: "", err: `lacquer: ${file}:2: The control "byp" has pin 25, which the data line of the Pisound takes (Pisound); `
      + "free are 4, 5, 6, 14, 15, 17, 22, 23, 27. Move it to one of them, or leave controls out of the file for the panel of this board.\n" });
    expect((await run("check", temporaryFile("lacquer.json", "{ \"version\": 1, \"board\": \"raspiaudio\" }"))).err).toContain("allowed auto, sim, hifiberry-dacplusadcpro");
  });

  it("show gives every setting with the line that it comes from", async () => {
    const file = temporaryFile("lacquer.json", "{ \"version\": 1,\n\"start\": { \"values\": { \"compressor.ratio\": \"2:1\", \"dither.bits\": \"16\" } } }");
    const text = await run("show", "--config", file);
    expect(text.out).toMatch(/^audio\.periodFrames +64 +\/.*config\/default\.json:9$/m);
    expect(text.out).toContain(`${file}:2\n`);
    const { code, out } = await run("show", "--config", file, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toContainEqual({ key: "start.values", value: { "compressor.ratio": 2, "dither.bits": "16" }, origin: `${file}:2` });
  });

  it("path says which file is used", async () => {
    const file = temporaryFile("lacquer.json", "{}");
    expect((await run("path", "--config", file)).out).toMatch(new RegExp(`^${file} +used\n/.*lacquer.json +absent\n`));
    expect(JSON.parse((await run("path", "--config", file, "--json")).out)).toContainEqual({ file, isUsed: true, exists: true });
  });

  it.each([
    [[], "An action is needed: write lacquer config check [FILE], lacquer config show or lacquer config path; --config FILE and --json may follow."],
    [["test"], "\"test\" is no action: write"],
    [["show", "mine.json"], "\"mine.json\" is too much: write"],
    [["check", "a.json", "--config", "b.json"], "Two files are named, a.json and b.json; keep one."],
  ])("refuses %j with exit code 2", async (argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(`lacquer: ${message}`);
  });
});
