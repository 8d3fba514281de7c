import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { LoudnessMeter } from "../../src/meters/loudness-meter.js";
import { formatCpu, leastUserSeconds } from "./cpu.js";
import { programme } from "./programme.js";

const RATE = 48000;
const ROUNDS = 5;
const BLOCK_FRAMES = 4800;
const TIMES = 5;
/** libebur128 takes half a minute a run when polled as often as we are: two runs will do for information. */
const POLLED_TIMES = 2;
const PEER_SOURCE = fileURLToPath(new URL("../../../tests/bench/libebur128-meter.c", import.meta.url));

interface Reading {
  readonly userS: number;
  readonly integratedLufs: number;
  readonly rangeLu: number;
  readonly maxMomentaryLufs: number;
  readonly maxShortTermLufs: number;
  readonly truePeakDbtp: number;
}

/** Five minutes of stereo through our meter and through libebur128: user CPU, the least of several runs. */
export function benchMeter(): string[] {
  const samples = programme(RATE);
  const soundS = (ROUNDS * samples.length) / 2 / RATE;
  const folder = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
  try {
    const ours = measureOurs(samples);
    const lines = [line("ours: M and S 100 Hz, I and LRA 1 Hz, TP", ours, soundS)];
    const peer = buildPeer(folder);
    if (peer === undefined) return [...lines, "libebur128: not available (needs gcc and libebur128-dev); no ratio."];
    const file = join(folder, "programme.f64");
    writeFileSync(file, samples);
    const slow = measurePeer(peer, file, 10, TIMES);
    const fast = measurePeer(peer, file, 100, POLLED_TIMES);
    return [
      ...lines,
      line("libebur128: M and S 10 Hz, I and LRA 1 Hz, TP", slow, soundS),
      line("libebur128: M and S 100 Hz, I and LRA 1 Hz, TP", fast, soundS),
      `ratio to libebur128 at 10 Hz: ${(ours.userS / slow.userS).toFixed(3)} (bar 0.5); at 100 Hz: ${(ours.userS / fast.userS).toFixed(3)}`,
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function line(name: string, reading: Reading, soundS: number): string {
  const { integratedLufs, rangeLu, maxMomentaryLufs, maxShortTermLufs, truePeakDbtp } = reading;
  return `${name}\n    ${formatCpu(reading.userS, soundS)}\n    I ${integratedLufs.toFixed(3)} LUFS, LRA ${rangeLu.toFixed(3)} LU, ` +
    `Max M ${maxMomentaryLufs.toFixed(3)}, Max S ${maxShortTermLufs.toFixed(3)} LUFS, TP ${truePeakDbtp.toFixed(3)} dBTP`;
}

function measureOurs(samples: Float64Array): Reading {
  const chain = new Chain({ sampleRateHz: RATE, maxFrames: BLOCK_FRAMES, stages: [], taps: "output" }, [["chain.levelMatch", 0]]);
  let meter = new LoudnessMeter();
  let integratedLufs: number | null = null;
  let rangeLu: number | null = null;
  const take = (fields: Float64Array): void => {
    const { index, output } = readMeterRecord(fields);
    meter.addBin(output.kMeanSquares, Math.max(...output.truePeaks), Math.max(...output.samplePeaks));
    if (index % 100 !== 99) return;
    integratedLufs = meter.integratedLufs;
    rangeLu = meter.loudnessRangeLu;
  };
  const userS = leastUserSeconds(TIMES, () => {
    chain.reset();
    meter = new LoudnessMeter();
    for (let round = 0; round < ROUNDS; round++) feed(chain, samples, take);
  });
  return {
    userS,
    integratedLufs: integratedLufs ?? NaN,
    rangeLu: rangeLu ?? NaN,
    maxMomentaryLufs: meter.maxMomentaryLufs ?? NaN,
    maxShortTermLufs: meter.maxShortTermLufs ?? NaN,
    truePeakDbtp: meter.truePeakDbtp ?? NaN,
  };
}

function feed(chain: Chain, samples: Float64Array, take: (fields: Float64Array) => void): void {
  for (let at = 0; at < samples.length; at += 2 * BLOCK_FRAMES) {
    chain.io.set(samples.subarray(at, at + 2 * BLOCK_FRAMES));
    chain.process(BLOCK_FRAMES);
    chain.takeRecords(take);
  }
}

/** Compiles the peer's program; undefined where there is no compiler or no library. */
function buildPeer(folder: string): string | undefined {
  const program = join(folder, "libebur128-meter");
  try {
    execFileSync("gcc", ["-O2", "-o", program, PEER_SOURCE, "-lebur128", "-lm"], { stdio: "ignore" });
    return program;
  } catch {
    return undefined;
  }
}

function measurePeer(program: string, file: string, pollsPerSecond: number, times: number): Reading {
  const runs = Array.from({ length: times }, () => {
    const out = execFileSync(program, [file, String(RATE), String(pollsPerSecond), String(ROUNDS)], { encoding: "utf8" });
    const [userS = NaN, integratedLufs = NaN, rangeLu = NaN, maxMomentaryLufs = NaN, maxShortTermLufs = NaN, truePeakDbtp = NaN] =
      out.trim().split(" ").map(Number);
    return { userS, integratedLufs, rangeLu, maxMomentaryLufs, maxShortTermLufs, truePeakDbtp };
  });
  return runs.reduce((least, run) => (run.userS < least.userS ? run : least));
}
