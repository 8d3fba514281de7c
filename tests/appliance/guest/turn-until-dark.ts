import { startBox } from "./guest-box.js";
import { sleep } from "./kernel-lines.js";

/** Starts the box, tells what it begins with, and turns a value on and on until the power goes. */
const { link } = await startBox();
const { notices } = await link.command("status", {});
const { values } = await link.command("get", { ids: ["compressor.thresholdDb"] });
const begunDb = values["compressor.thresholdDb"] as number;
console.log(`BEGUN ${JSON.stringify({ thresholdDb: begunDb, notices })}`);
const startMs = performance.now();
for (let n = 1; ; n++) {
  const thresholdDb = -20 - 0.5 * (n % 60);
  await link.command("set", { values: { "compressor.thresholdDb": thresholdDb } });
  console.log(`SET ${JSON.stringify({ thresholdDb, atMs: Math.round(performance.now() - startMs) })}`);
  await sleep(200);
}
