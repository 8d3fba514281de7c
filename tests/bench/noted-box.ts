import { writeFileSync } from "node:fs";
import { MeterWindow } from "../../src/box/meter-window.js";
import { monotonicMs } from "./monotonic.js";

/**
 * The box, with a note of when it first began to make a snapshot of each bin of the meters: `noted-box --config FILE`.
 * SIGUSR2 writes them into the file that BENCH_NOTES names.
 */
const firstMadeMs = new Map<number, number>();
// Snapshots of one bin are made in one go, and go out in it.
const take = Reflect.get(MeterWindow.prototype, "take") as MeterWindow["take"];
MeterWindow.prototype.take = function (): ReturnType<MeterWindow["take"]> {
  const startMs = monotonicMs();
  const snapshot = take.call(this);
  if (!firstMadeMs.has(snapshot.bin)) firstMadeMs.set(snapshot.bin, startMs);
  return snapshot;
};
process.on("SIGUSR2", () => {
  writeFileSync(process.env["BENCH_NOTES"] ?? "", JSON.stringify([...firstMadeMs]));
  firstMadeMs.clear();
});

await import("../../src/bin/box.js");
