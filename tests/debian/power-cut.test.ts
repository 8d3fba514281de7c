import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkCuts } from "../support/power-cut/check-cuts.js";
import { DiskModel, parseLog, type Operation } from "../support/power-cut/disk-model.js";
import { randomUniform } from "../support/signals.js";

const SAVES = 6;

let folder: string;
let state: string;
let log: Operation[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-power-"));
  state = join(folder, "state");
  mkdirSync(state);
  const library = join(folder, "log-writes.so");
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, "tests/support/power-cut/log-writes.c", "-ldl", "-pthread"]);
  execFileSync(process.execPath, ["dist/tests/support/save-loop.js", state, String(SAVES)], {
    env: { ...process.env, LD_PRELOAD: library, POWER_CUT_ROOT: state, POWER_CUT_LOG: join(folder, "log") },
  });
  log = parseLog(readFileSync(join(folder, "log"), "utf8"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The log of two saves without the operations of a kind: what a program would do that forgets them. */
function forgetting(kind: Operation["kind"]): Operation[] {
  const end = log.findIndex((operation) => operation.kind === "said" && operation.text.startsWith("2 "));
  return log.slice(0, end + 1).filter((operation) => operation.kind !== kind);
}

describe("a power cut during a save", () => {
  it("is tried on a log that misses nothing: played back, it gives the files that are there", () => {
    const model = new DiskModel();
    for (const operation of log) model.apply(operation);
    expect(new Map([...model.now()].sort())).toEqual(new Map(readdirSync(state).sort().map((name) => [join(state, name), readFileSync(join(state, name))])));
    expect(log.filter(({ kind }) => kind === "sync")).toHaveLength(SAVES);
    expect(log.filter(({ kind }) => kind === "syncdir")).toHaveLength(SAVES);
  });

  it("leaves the old state or the new one, never neither, after any call and with any part of what was not synced", async () => {
    const report = await checkCuts(state, log, randomUniform(27));
    console.log(`${report.cuts} cuts, ${report.disks} disks, ${report.acknowledged} saves: ${report.neither.length} neither old nor new, ${report.stuck} stuck`);
    expect(report.acknowledged).toBe(SAVES);
    expect(report.disks).toBeGreaterThan(report.cuts);
    expect(report.neither).toEqual([]);
    expect(report.stuck).toBe(0);
  });

  // These show that the disks are cruel enough to catch a program that forgets a step.
  it.each<[string, Operation["kind"]]>([["the file", "sync"], ["the folder", "syncdir"]])("would lose states if saving did not sync %s", async (_, kind) => {
    expect((await checkCuts(state, forgetting(kind), randomUniform(27))).neither.length).toBeGreaterThan(0);
  });
});
