import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runKillLoop } from "../support/kill-loop.js";

/** `node dist/tests/scenarios/kill-loop.js [LOOPS] [FOLDER]`: kills in the middle of saves, 200 unless said; exit code 1 when one was lost. */
const [loops = "200", parent = tmpdir()] = process.argv.slice(2);
const folder = mkdtempSync(join(parent, "lacquer-kill-"));
const { acknowledged, lost, bad, saveMs } = await runKillLoop(folder, Number(loops), 200);
rmSync(folder, { recursive: true });

const sorted = [...saveMs].sort((a, b) => a - b);
const percentile = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
console.log(`${loops} kills: ${acknowledged} saves acknowledged, ${lost} lost, ${bad.length} bad; save p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms`);
for (const problem of bad) console.log(problem);
process.exitCode = lost + bad.length > 0 ? 1 : 0;
