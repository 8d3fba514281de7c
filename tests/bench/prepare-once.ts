/** Prepares one track as the box does, in a process of its own: `prepare-once IN OUT`; prints seconds of CPU and the most memory as JSON. */
import { readFileSync } from "node:fs";
import { prepareTrack } from "../../src/box/prepare-track.js";
import { preparedText } from "../../src/box/prepared-file.js";

const [path = "", soundPath = ""] = process.argv.slice(2);
const peakMb = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
const beforeMb = peakMb();
const start = process.cpuUsage();
const prepared = await prepareTrack({ path, name: "Track", sampleRateHz: 48_000, soundPath }, () => undefined);
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify({ cpuS: (user + system) / 1e6, beforeMb, peakMb: peakMb(), text: preparedText(prepared) }));
