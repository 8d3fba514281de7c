import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { healthWhen, playAndRecord, plugCable, startBox } from "./guest-box.js";
import { openPage } from "./guest-page.js";
import { processorTimes } from "./processor-times.js";

/**
 * The box masters /root/programme.raw for so many seconds into /out/recording.raw. Then the page is opened, and a cable is plugged
 * from the output to the input for the measurement of the delay. What was seen is in /out/seen.json.
 */
const seconds = Number(process.argv[2]);
/** Longer than the measurement takes. */
const CABLE_S = 10;
const { child, link } = await startBox();
const health = async () => (await link.command("status", { count: true })).audio;

const passage = playAndRecord({ programme: "/root/programme.raw", recording: "/out/recording.raw", seconds });
await setTimeout(1000);
const afterFirstSecond = await health();
await setTimeout(1000);
const before = processorTimes(child.pid ?? 0);
await setTimeout((seconds - 3) * 1000);
const after = processorTimes(child.pid ?? 0);
const { lates } = await passage;
const atEnd = await health();

const spent = Object.fromEntries(Object.entries(after).map(([name, ns]) => [name, ns - before[name as keyof typeof before]]));
const seen = { lates, afterFirstSecond, atEnd, spent };
writeFileSync("/out/seen.json", JSON.stringify(seen));

const page = await openPage(link);
void plugCable(CABLE_S);
await healthWhen(link, ({ state }) => state === "running");
const latency = await link.command("latency", {});

writeFileSync("/out/seen.json", JSON.stringify({ ...seen, page, latency }));
child.kill("SIGTERM");
await new Promise((resolve) => child.once("exit", resolve));
process.exit(child.exitCode ?? 1);
