import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doctorText } from "../../src/cli/doctor-command.js";
import type { Finding } from "../../src/cli/doctor/finding.js";
import { problem, warning, ok } from "../../src/cli/doctor/finding.js";
import { main } from "../../src/cli/main.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const environment = { HOME: folder.path, LACQUER_SOCKET: join(folder.path, "no.sock"), LACQUER_CONFIG: "" };
  const code = await main(argv, { out: (text) => (out += text), err: (text) => (err += text), isInteractive: false, environment });
  return { code, out, err };
}

describe("lacquer doctor", () => {
  it("runs on this machine without a box, and answers 1 only when it names a problem", async () => {
    const { code, out } = await run("doctor", "--json");
    const findings = JSON.parse(out) as Finding[];
    expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(["Box", "Sound card", "Libraries", "Real-time rights", "Node.js", "Saved state", "Web page"]));
    expect(code).toBe(findings.some(({ level }) => level === "problem") ? 1 : 0);
    for (const finding of findings.filter(({ level }) => level !== "ok")) expect(finding.remedy).toBeTruthy();
  });

  it("writes a line for each finding, the remedy below it, and the sum", () => {
    expect(doctorText([ok("Swap", "There is no swap."), problem("Sound card", "It is held.", "End it."), warning("Heat", "It is warm.", "Cool it.")])).toBe([
      "ok       Swap        There is no swap.",
      "PROBLEM  Sound card  It is held.",
      "                     -> End it.",
      "warning  Heat        It is warm.",
      "                     -> Cool it.",
      "",
      "1 problem, 1 warning.",
      "",
    ].join("\n"));
  });

  it("refuses what it has no use for", async () => {
    expect(await run("doctor", "me")).toMatchObject({ code: 2, err: expect.stringContaining("lacquer doctor [--json]") });
  });
});
