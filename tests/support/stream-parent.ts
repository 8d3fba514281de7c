/** Runs the child of the stream driver for a minute at most, with more sound than it takes, and prints its process id: `stream-parent JOB`. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

const SOUND_BYTES = 2 ** 17;
const LIFE_MS = 60_000;

const job = process.argv[2] as string;
const child = spawn(process.execPath, [resolve("dist/hw/stream/child.js"), job], { stdio: ["pipe", "ignore", "inherit", "ipc"] });
child.stdin?.write(Buffer.alloc(SOUND_BYTES));
process.stdout.write(`${child.pid}\n`);
setTimeout(() => process.exit(1), LIFE_MS);
