import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoxKillLoop } from "../support/box-kill-loop.js";

/**
 * `node dist/tests/scenarios/box-kill-loop.js [LOOPS]`: kills boxes with `kill -9` in the middle of changes, saves and
 * sound, 200 unless said; exit code 1 when a change was lost that had been on the disk for certain, 3 s after its answer.
 */
const loops = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), "lacquer-kill-"));
const killing = new BoxKillLoop(folder, 200);
const { report } = killing;
for (let loop = 0; loop < loops; loop++) {
  await killing.run();
  if (process.stdout.isTTY) process.stdout.write(`\r${loop + 1}`);
}
rmSync(folder, { recursive: true });

console.log(`${report.loops} kills, ${report.sounding} of them while sound was flowing: ${report.answered} changes answered; `
  + `${report.promised} states had to be kept, ${report.lost} lost, ${report.bad.length} bad`);
for (const problem of report.bad) console.log(problem);
process.exitCode = report.lost + report.bad.length > 0 ? 1 : 0;
