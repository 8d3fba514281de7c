import { AUDIO_FAULTS } from "../../src/hal/audio.js";
import { memorySlope, Soak } from "../support/soak.js";

/**
 * `node --expose-gc --no-memory-reducer dist/tests/scenarios/soak.js [--minutes N] [--seed N]`: plays the simulated board in real
 * time, 30 minutes unless said, with random changes, presets and faults; exit code 1 when it was not as it must be.
 */
const option = (name: string, initial: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? initial : Number(process.argv[at + 1]);
};
const minutes = option("--minutes", 30);
const soak = new Soak(60 * minutes, option("--seed", 1));
await soak.run();

const { report } = soak;
const { health } = report;
if (!health) throw new Error("The soak did not end.");
const slope = memorySlope(report);
const fifths = [1, 2, 3, 4, 5].map((part) => report.residentMb[Math.floor((part * report.residentMb.length) / 5) - 1]);
/** What is told, and whether it is as it must be. A slope says something after minutes only: V8 fills its heap at first. */
const findings: readonly (readonly [text: string, isGood: boolean])[] = [
  [`${report.changes} changes, ${report.presets} presets, ${report.faultsMade} faults made`, report.faultsMade > 0],
  [`faults met: ${AUDIO_FAULTS.map((fault) => `${fault} ${health.faults[fault]}`).join(", ")}; restarts ${health.restarts}, openings again ${health.reopens}`, true],
  [`${(report.framesHeard / 48000).toFixed(1)} s of sound heard, ${report.framesMissed} frames missed by the listener`, report.framesHeard > 24000 * 60 * minutes],
  [`longest without sound while the device was there: ${report.longestOutMs.toFixed(0)} ms`, report.longestOutMs < 3500],
  [`non-finite samples out: ${report.nonfiniteOut} (${health.nonfiniteInputs} came in)`, report.nonfiniteOut === 0],
  [`largest sample against the ceiling: ${report.samplesOverDb.toFixed(3)} dB`, report.samplesOverDb <= 0.01],
  [`largest true peak against the ceiling: ${report.truePeaksOverDb.toFixed(3)} dB`, report.truePeaksOverDb <= 0.05],
  [`garbage collections of the audio thread: ${health.collections}`, health.collections === 0],
  [`stage faults ${health.stageFaults}, isolated: ${health.isolatedStages.join(", ") || "none"}`, health.stageFaults === 0],
  [`file descriptors: ${report.descriptors.join(" at first, ")} in the end`, report.descriptors[1] <= report.descriptors[0]],
  [`resident memory, fifth by fifth: ${fifths.map((mb) => mb?.toFixed(1)).join(", ")} MB, slope ${slope.toFixed(1)} MB an hour`, minutes < 10 || slope < 20],
  [`load: p99 ${health.load.p99Percent} %, largest ${health.load.maxPercent} %`, true],
];
for (const [text, isGood] of findings) console.log(`${isGood ? "  " : "! "}${text}`);
process.exitCode = findings.every(([, isGood]) => isGood) ? 0 : 1;
