import { startBox } from "./guest-box.js";
import { sleep } from "./kernel-lines.js";

/** Starts the box and turns a value on and on until the power goes. */
const { link } = await startBox();
const startMs = performance.now();
for (let n = 1; ; n++) {
  const thresholdDb = -20 - 0.5 * (n % 60);
  await link.command("set", { values: { "compressor.thresholdDb": thresholdDb } });
  console.log(`SET ${JSON.stringify({ thresholdDb, atMs: Math.round(performance.now() - startMs) })}`);
  await sleep(200);
}
