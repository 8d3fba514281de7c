import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chain, STAGES, type StageName } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { LoudnessMeter } from "../../src/meters/loudness-meter.js";
import { formatCpu, leastUserSeconds } from "./cpu.js";
import { programme } from "./programme.js";

const RATE = 48000;
const BLOCK_FRAMES = 480;
const TIMES = 2;
const TURNS = 4;

/** Every stage at work: all eight equaliser bands (two of them dynamic), four compressed bands, saturation, 6 dB of drive. */
export const AT_WORK: Readonly<Record<string, number>> = {
  "chain.levelMatch": 0,
  "filters.highpassSlope": 2, "filters.lowpassSlope": 1,
  "eq.band1.gainDb": 1, "eq.band2.gainDb": 1.5, "eq.band3.gainDb": -2, "eq.band4.gainDb": 1, "eq.band5.gainDb": 1.5,
  "eq.band6.gainDb": 1, "eq.band7.gainDb": -1, "eq.band8.gainDb": -1, "eq.band7.dynamic": 1, "eq.band8.dynamic": 1,
  "compressor.thresholdDb": -24, "multiband.bypass": 0,
  "imager.band1.widthPercent": 80, "imager.band3.widthPercent": 120, "imager.monoBass": 1,
  "saturation.bypass": 0, "saturation.driveDb": 6, "loudness.driveDb": 6, "dither.shape": 1,
};

/**
 * The same work in ffmpeg's filters: loudness, peaks and phase at both ends, gain, high-pass, low-pass, eight bands and two
 * dynamic ones, a compressor, four compressed bands, width in four bands, four-fold saturation, gain, a limiter at four times
 * the rate and dither. What ffmpeg lacks it is let off: mono bass, the side chain's high-pass, meters each 10 ms, reductions.
 */
const FFMPEG_GRAPH = [
  "[0:a]ebur128=peak=true+sample:framelog=verbose,aphasemeter=video=0",
  "volume=0dB:precision=double,highpass=f=30:poles=2,highpass=f=30:poles=2,lowpass=f=20000:poles=2",
  "bass=f=100:g=1,equalizer=f=70:t=q:w=1:g=1.5,equalizer=f=250:t=q:w=1:g=-2,equalizer=f=850:t=q:w=1:g=1",
  "equalizer=f=4000:t=q:w=1:g=1.5,treble=f=8000:g=1,equalizer=f=300:t=q:w=1:g=-1,equalizer=f=3000:t=q:w=1:g=-1",
  "adynamicequalizer=threshold=0.1:dfrequency=300:tfrequency=300:ratio=2:range=4:attack=30:release=250",
  "adynamicequalizer=threshold=0.1:dfrequency=3000:tfrequency=3000:ratio=2:range=4:attack=5:release=120",
  "acompressor=threshold=0.063:ratio=2:attack=20:release=150:knee=2.8:detection=rms",
  "acrossover=split=120 1000 6000:order=4th[a][b][c][d];"
    + "[a]acompressor=threshold=0.063:ratio=2:attack=30:release=250[e];[b]acompressor=threshold=0.063:ratio=1.5:attack=15:release=150[f];"
    + "[c]acompressor=threshold=0.032:ratio=1.5:attack=8:release=100[g];[d]acompressor=threshold=0.016:ratio=1.5:attack=3:release=60[h];"
    + "[e][f][g][h]amix=inputs=4:normalize=0",
  "acrossover=split=120 1000 6000:order=4th[i][j][k][l];"
    + "[i]stereotools=slev=0.8[m];[j]stereotools=slev=1[n];[k]stereotools=slev=1.2[o];[l]stereotools=slev=1[p];"
    + "[m][n][o][p]amix=inputs=4:normalize=0",
  "asoftclip=type=tanh:oversample=4,volume=6dB:precision=double",
  "aresample=192000,alimiter=limit=0.891:attack=1.5:release=50:level=0,aresample=48000:osf=s32:dither_method=triangular_hp",
  "ebur128=peak=true+sample:framelog=verbose,aphasemeter=video=0[out]",
].join(",");

/** Cost of each stage, and of the whole chain with all meters beside ffmpeg doing the same work. */
export function benchChain(): string[] {
  const sound = programme(RATE);
  const frames = sound.length / 2;
  const nsPerFrame = (userS: number): string => `${((userS * 1e9) / frames).toFixed(1)} ns a frame`;
  const bare = runOurs(sound, [], "none");
  const stages = STAGES.map((name) => {
    const userS = runOurs(sound, [name], "none") - bare;
    return `${name.padEnd(12)} ${nsPerFrame(userS)}`;
  });
  const meters = `meters       ${nsPerFrame(runOurs(sound, [], "both") - bare)} (both taps, and the loudness meter)`;
  // Side by side, in turns, so that a busy machine slows both.
  let whole = Infinity;
  let peer: number | undefined = Infinity;
  for (let turn = 0; turn < TURNS; turn++) {
    whole = Math.min(whole, runOurs(sound, STAGES, "both"));
    const seconds = runFfmpeg(sound);
    peer = seconds === undefined || peer === undefined ? undefined : Math.min(peer, seconds);
  }
  const ours = `whole chain with all meters: ${nsPerFrame(whole)}; ${formatCpu(whole, frames / RATE)}`;
  const lines = [`host         ${nsPerFrame(bare)} (sanitising, dry path, copies)`, ...stages, meters, ours];
  if (peer === undefined) return [...lines, "ffmpeg: not available; no ratio."];
  return [
    ...lines,
    `ffmpeg, the same work: ${nsPerFrame(peer)}; ${formatCpu(peer, frames / RATE)}`,
    `ratio to ffmpeg: ${(whole / peer).toFixed(3)} (bar 0.5, aim 0.33)`,
  ];
}

function runOurs(sound: Float64Array, stages: readonly StageName[], taps: "both" | "none"): number {
  const chain = new Chain({ sampleRateHz: RATE, maxFrames: BLOCK_FRAMES, stages, taps }, Object.entries(AT_WORK));
  const meter = new LoudnessMeter();
  const take = (record: Float64Array): void => {
    const { output } = readMeterRecord(record);
    meter.addBin(output.kMeanSquares, Math.max(...output.truePeaks), Math.max(...output.samplePeaks));
  };
  return leastUserSeconds(TIMES, () => {
    for (let at = 0; at < sound.length; at += 2 * BLOCK_FRAMES) {
      const block = sound.subarray(at, at + 2 * BLOCK_FRAMES);
      chain.io.set(block);
      chain.process(block.length / 2);
      if (taps === "both") chain.takeRecords(take);
    }
  });
}

/** User CPU of ffmpeg over the same sound from a WAV file, less that of only reading and writing it; undefined without ffmpeg. */
function runFfmpeg(sound: Float64Array): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
  try {
    const file = join(folder, "programme.wav");
    const writer = new WavWriter(file, { sampleRateHz: RATE, format: "float32", maxFrames: sound.length / 2 });
    writer.write(sound, sound.length / 2);
    writer.finish();
    const filtered = leastFfmpegSeconds(file, ["-filter_complex", FFMPEG_GRAPH, "-map", "[out]"]);
    const copied = leastFfmpegSeconds(file, []);
    return filtered === undefined || copied === undefined ? undefined : filtered - copied;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The least user seconds of several runs, as ffmpeg's own -benchmark reports them. */
function leastFfmpegSeconds(file: string, filters: readonly string[]): number | undefined {
  let least = Infinity;
  for (let time = 0; time < TIMES; time++) {
    const { stderr, status } = spawnSync("ffmpeg",
      ["-nostdin", "-nostats", "-benchmark", "-threads", "1", "-filter_complex_threads", "1", "-i", file, ...filters, "-c:a", "pcm_s24le", "-f", "null", "-"],
      { encoding: "utf8", maxBuffer: 2 ** 28 });
    const user = /bench: utime=([\d.]+)s/.exec(stderr ?? "")?.[1];
    if (status !== 0 || user === undefined) return undefined;
    least = Math.min(least, Number(user));
  }
  return least;
}
