import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { playAndRecord, startBox } from "./guest-box.js";

/**
 * The box passes /root/programme.raw for so many seconds into /out/recording.raw, while the processor is held up three times each
 * for the milliseconds that follow. The health of the sound before, between and after is in /out/seen.json.
 */
const [seconds = NaN, ...heldUpMs] = process.argv.slice(2).map(Number);
const TIMES = 3;
const { child, link } = await startBox();

async function holdUp(ms: number): Promise<void> {
  const holding = spawn("hold-up", [String(ms), String(TIMES)], { stdio: "inherit" });
  const code = await new Promise((resolve) => holding.once("exit", resolve));
  if (code !== 0) throw new Error(`hold-up ended with ${String(code)}.`);
}

const passage = playAndRecord({ programme: "/root/programme.raw", recording: "/out/recording.raw", seconds });
await setTimeout(1000);
const healths = [(await link.command("status", {})).audio];
for (const ms of heldUpMs) {
  await holdUp(ms);
  // A start that follows a fault, and the fade that lets the sound in again, take less.
  await setTimeout(200);
  healths.push((await link.command("status", {})).audio);
}
const { lates } = await passage;
writeFileSync("/out/seen.json", JSON.stringify({ lates, healths }));
child.kill("SIGTERM");
await new Promise((resolve) => child.once("exit", resolve));
process.exit(child.exitCode ?? 1);
