import { writeFileSync } from "node:fs";
import { playAndRecord, startBox } from "./guest-box.js";

/** Starts the box, lets a programme pass through it, and keeps the recording and what the box tells about the sound. */
const seconds = Number(process.argv[2]);
const { link } = await startBox();
const before = await link.command("status", { count: true });
const passage = await playAndRecord({ programme: "/root/programme.raw", recording: "/out/recording.raw", seconds });
const after = await link.command("status", { count: true });
writeFileSync("/out/result.json", JSON.stringify({ before, after, passage: { ...passage, startNs: String(passage.startNs) } }));
process.exit(0);
