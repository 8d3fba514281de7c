import { readArguments } from "./arguments.js";
import { isBoxError, withBox } from "./box-link.js";
import { diagnose } from "./doctor/diagnose.js";
import type { Finding, Level } from "./doctor/finding.js";
import { thisMachine } from "./doctor/machine.js";
import type { Hardware } from "./hardware.js";
import { jsonText, refuseWords } from "./live-text.js";
import type { BoxStatus } from "../protocol/messages.js";
import type { Terminal } from "./terminal.js";

/** Exit code when something stops or spoils the sound. */
const ILL = 1;

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", warning: "warning", problem: "PROBLEM" };

/** `lacquer doctor [--json]`: looks at everything that the sound depends on. Exit code 1 when there is a problem, else 0. */
export async function doctorCommand(argv: readonly string[], terminal: Terminal, hardware: Hardware): Promise<number> {
  const options = readArguments(argv, { switches: ["json"] });
  refuseWords(options.files, "lacquer doctor [--json]");
  const findings = await diagnose({
    machine: thisMachine(),
    hardware,
    environment: terminal.environment ?? {},
    nodeVersion: process.version,
    status: await askStatus(terminal),
  });
  terminal.out(options.isOn("json") ? jsonText(findings) : doctorText(findings));
  return findings.some(({ level }) => level === "problem") ? ILL : 0;
}

async function askStatus(terminal: Terminal): Promise<BoxStatus | string> {
  try {
    return await withBox(terminal, (box) => box.command("status", {}));
  } catch (error) {
    if (isBoxError(error)) return error.message;
    throw error;
  }
}

/** The findings as people read them: a line each, the remedy below, and the sum at the end. */
export function doctorText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, sentence, remedy }) => [
    `${MARKS[level].padEnd(7)}  ${check.padEnd(width)}  ${sentence}`,
    ...(remedy === undefined ? [] : [`${" ".repeat(width + 9)}  -> ${remedy}`]),
  ]);
  return [...lines, "", sumText(findings), ""].join("\n");
}

function sumText(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const problems = count("problem");
  const warnings = count("warning");
  if (problems + warnings === 0) return "All is well.";
  const parts = [[problems, "problem"], [warnings, "warning"]] as const;
  return `${parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}${n === 1 ? "" : "s"}`).join(", ")}.`;
}
