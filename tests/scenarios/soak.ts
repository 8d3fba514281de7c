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
/** Longest that any fault but a plug keeps the sound away, and a plug beyond the time for which it is out. */
const FAULT_S = 0.15;
const REOPEN_S = 3;
const rate = health.format?.sampleRateHz ?? NaN;
const made = AUDIO_FAULTS.reduce((sum, fault) => sum + report.faultsMade[fault], 0);
const met = AUDIO_FAULTS.reduce((sum, fault) => sum + health.faults[fault], 0);
const missedS = report.framesMissed / rate;
const explainedS = FAULT_S * met + REOPEN_S * health.faults.disconnected + report.unpluggedMs / 1000;
const passedS = (report.framesHeard + report.framesMissed) / rate;
const slopes = (["live", "outside"] as const).map((figure) => memorySlope(report, figure));
const fifths = [1, 2, 3, 4, 5].map((part) => report.memory[Math.floor((part * report.memory.length) / 5) - 1]);
/** What is told, and whether it is as it must be. A slope says something after minutes only: V8 fills its heap at first. */
const findings: readonly (readonly [text: string, isGood: boolean])[] = [
  [`${report.changes} changes, ${report.presets} presets, ${made} faults made, and ${report.samplesSpoilt} samples spoilt`, made > 0],
  [`faults met (made): ${AUDIO_FAULTS.map((fault) => `${fault} ${health.faults[fault]} (${report.faultsMade[fault]})`).join(", ")}; restarts ${health.restarts}, openings again ${health.reopens}`,
    AUDIO_FAULTS.every((fault) => health.faults[fault] >= report.faultsMade[fault])],
  [`samples that came in spoilt: ${health.nonfiniteInputs} of ${report.samplesSpoilt}`, health.nonfiniteInputs > 0.9 * report.samplesSpoilt],
  [`${(report.framesHeard / rate).toFixed(1)} s of sound heard; ${missedS.toFixed(1)} s missed, of which the faults explain ${explainedS.toFixed(1)} s at most`, missedS <= explainedS],
  [`heard and missed together: ${passedS.toFixed(1)} s of ${(report.listenedMs / 1000).toFixed(1)} s`, Math.abs(passedS / (report.listenedMs / 1000) - 1) < 0.01],
  [`longest without sound while the device was there: ${report.longestOutMs.toFixed(0)} ms`, report.longestOutMs < 3500],
  [`non-finite samples out: ${report.nonfiniteOut}`, report.nonfiniteOut === 0],
  [`largest sample against the ceiling: ${report.samplesOverDb.toFixed(3)} dB`, report.samplesOverDb <= 0.01],
  [`largest true peak against the ceiling: ${report.truePeaksOverDb.toFixed(3)} dB`, report.truePeaksOverDb <= 0.05],
  [`garbage collections of the audio thread: ${health.collections}`, health.collections === 0],
  [`stage faults ${health.stageFaults}, isolated: ${health.isolatedStages.join(", ") || "none"}`, health.stageFaults === 0],
  [`file descriptors: ${report.descriptors.join(" at first, ")} in the end`, report.descriptors[1] <= report.descriptors[0]],
  ...(["resident", "live", "outside"] as const).map((figure) => [`${figure} memory, fifth by fifth: ${fifths.map((reading) => reading?.[figure].toFixed(2)).join(", ")} MB`, true] as const),
  [`slopes of the last two thirds: live ${slopes[0]?.toFixed(1)}, outside of the main heap ${slopes[1]?.toFixed(1)} MB an hour`, minutes < 10 || slopes.every((slope) => slope < 20)],
  [`load: p99 ${health.load.p99Percent} %, largest ${health.load.maxPercent} %`, true],
];
for (const [text, isGood] of findings) console.log(`${isGood ? "  " : "! "}${text}`);
process.exitCode = findings.every(([, isGood]) => isGood) ? 0 : 1;
