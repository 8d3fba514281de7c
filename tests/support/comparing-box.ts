import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { ComparedTracks, TICK_MS, type ComparedTracksOptions } from "../../src/box/comparison.js";
import { LiveMeters } from "../../src/box/live-meters.js";
import { Notices } from "../../src/box/notices.js";
import { prepareTrack } from "../../src/box/prepare-track.js";
import type { PlayableTrack } from "../../src/box/reference-preparer.js";
import { ReferenceStream } from "../../src/box/reference-stream.js";
import { ReferenceVoice, type PlayerListener } from "../../src/box/reference-voice.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { lufsEnergy } from "../../src/meters/lufs.js";
import { LoudnessCurve } from "../../src/meters/loudness-curve.js";
import type { NoticeMessage, Reference } from "../../src/protocol/messages.js";
import { ComparedChain } from "./compared-chain.js";
import { runLive } from "./live-chain.js";
import type { StereoSignal } from "./run-chain.js";

const RATE = 48_000;
const TICK_FRAMES = (RATE * TICK_MS) / 1000;
const BLOCK_FRAMES = 64;

/** Prepares a sound as the box does; it lies in a new folder in `folder`. */
export async function prepared(folder: string, { left, right }: StereoSignal): Promise<PlayableTrack> {
  const place = mkdtempSync(join(folder, "t"));
  const writer = new WavWriter(join(place, "in.wav"), { sampleRateHz: RATE, format: "float32", maxFrames: left.length });
  writer.write(Float64Array.from({ length: 2 * left.length }, (_, k) => (k % 2 === 0 ? left : right)[k >> 1]!), left.length);
  writer.finish();
  const path = join(place, "out.wav");
  const { frames, stepCentiLufs, ...measured } = await prepareTrack({ path: join(place, "in.wav"), name: "Song", sampleRateHz: RATE, soundPath: path }, () => undefined);
  const { integratedLufs, loudnessRangeLu, maxTruePeakDbtp, loudest, profile } = measured;
  return {
    path, profile, curve: new LoudnessCurve(Float64Array.from(stepCentiLufs, (centi) => lufsEnergy(centi === null ? null : centi / 100))),
    sound: { durationS: frames / RATE, integratedLufs, loudnessRangeLu, maxTruePeakDbtp, loudest },
  };
}

/**
 * A box that compares, in a time of its own: the sound path in WebAssembly, the meters, the disk and the comparison are real,
 * threads and clock are not.
 */
export class ComparingBox {
  readonly sound = new ComparedChain({ taps: "output" });
  readonly compared: ComparedTracks;
  readonly told: NoticeMessage[] = [];
  readonly notices: Notices;
  obstacle: string | undefined;
  isHere = true;
  nowMs = 0;
  readonly #meters = new LiveMeters();
  readonly #stream = new ReferenceStream(this.sound.writer, RATE);
  #listener: PlayerListener | undefined;

  constructor(readonly tracks: Map<string, PlayableTrack>, options: Partial<ComparedTracksOptions> = {}) {
    this.notices = new Notices({ log: () => undefined, nowMs: () => this.nowMs, later: () => undefined });
    this.notices.listen((notice) => this.told.push(notice));
    this.compared = new ComparedTracks({
      tracks: {
        get list() {
          return [...tracks].map(([id, { sound }]): Reference => ({ id, name: id, bytes: 1, addedAt: "", state: "ready", progress: 1, problem: null, sound }));
        },
        find: (id) => tracks.get(id),
      },
      open: (onProblem) => ({
        port: this.sound.port,
        voice: new ReferenceVoice({ port: this.sound.port, sampleRateHz: RATE, onProblem, createPlayer: (listener) => this.#player(listener) }),
      }),
      mixLufs: (seconds) => this.#meters.recentLufs(seconds), obstacle: () => this.obstacle, hasMonitorOutput: () => false, isHere: () => this.isHere, sampleRateHz: RATE,
      reminderMinutes: 0, notices: this.notices, nowMs: () => this.nowMs, ...options,
    });
  }

  /** Lets so much of the mix pass as it has; `each` is called at each tick with the seconds that have passed. Returns what is heard. */
  play(mix: StereoSignal, each: (seconds: number) => void = () => undefined): StereoSignal {
    return runLive(this.sound.chain, mix, BLOCK_FRAMES, (frame) => {
      this.#fill();
      if (frame % TICK_FRAMES >= BLOCK_FRAMES) return;
      this.sound.chain.takeRecords((record) => this.#meters.add(record));
      this.nowMs += TICK_MS;
      this.compared.tick();
      each(frame / RATE);
    });
  }

  /** Plays nothing, and lets time pass. */
  wait(seconds: number): void {
    for (let k = 0; k < (1000 * seconds) / TICK_MS; k++) {
      this.nowMs += TICK_MS;
      this.compared.tick();
    }
  }

  #player(listener: PlayerListener): { tell: (order: Parameters<ReferenceStream["play"]>[0] | null) => void; stop: () => Promise<void> } {
    this.#listener = listener;
    return {
      tell: (order) => (order === null ? this.#stream.stop() : this.#stream.play(order)),
      stop: () => Promise.resolve(this.#stream.stop()),
    };
  }

  #fill(): void {
    const message = this.#stream.fill();
    if (message !== undefined) this.#listener?.hear(message);
  }
}
