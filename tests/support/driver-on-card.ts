import { expect } from "vitest";
import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { type Libasound, openLibasound } from "../../hw/alsa/libasound.js";
import { systemClock } from "../../hw/linux/clock.js";
import { type AudioRequest, BYTES_PER_SAMPLE, type SoundBlock } from "../../src/hal/audio.js";
import { FaultyCard } from "./faulty-card.js";
import { heardCounts, type HeardCount } from "./heard-counts.js";

/** Rounds that sound is passed on for. */
export const ROUNDS = 50;

/** The ALSA driver on a `FaultyCard` whose time passes only while it is waited for. */
export class DriverOnCard {
  readonly card = new FaultyCard();
  readonly audio: AlsaAudio;
  readonly request: AudioRequest;
  readonly block: SoundBlock;

  constructor(request: Partial<AudioRequest> = {}, openLibrary: () => Libasound = openLibasound) {
    process.env["ALSA_CONFIG_PATH"] = this.card.configPath;
    this.card.set({ isVirtual: 1 });
    this.audio = new AlsaAudio({ captureDevice: "faulty", playbackDevice: "faulty" }, systemClock(), openLibrary);
    this.request = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S32_LE"], ...request };
    const bytes = 2 * BYTES_PER_SAMPLE[this.request.formats[0]!] * this.request.periodFrames;
    this.block = { buffer: new SharedArrayBuffer(bytes), address: 0, bytes };
  }

  /** The playback buffer: how late everything is to be played. */
  get delayFrames(): number {
    return this.request.periods * this.request.periodFrames;
  }

  /** Passes sound on until a fault or the last round; returns the fault, or 0. */
  pass(rounds = ROUNDS): number {
    for (let round = 0; round < rounds; round++) {
      const read = this.audio.read();
      if (read < 0) return read;
      const written = this.audio.write();
      if (written < 0) return written;
    }
    return 0;
  }

  /** Opens the card, and passes sound on. */
  begin(): void {
    this.audio.open(this.request);
    this.goOn();
  }

  /** Starts the card, and passes sound on. */
  goOn(): void {
    expect(this.audio.start(this.block), this.audio.detail).toBe(0);
    expect(this.pass(), this.audio.detail).toBe(0);
  }

  /** What the recorder got: every frame at most once, in order, both channels whole, and as late as the playback buffer is long. */
  recorded(): readonly HeardCount[] {
    this.audio.close();
    const heard = heardCounts(this.card.recording());
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.filter(({ right, count }) => right !== -count)).toEqual([]);
    expect(heard.filter(({ count }, n) => n > 0 && count <= heard[n - 1]!.count)).toEqual([]);
    expect(new Set(heard.map(({ place, count }) => place - count))).toEqual(new Set([this.delayFrames]));
    return heard;
  }

  dispose(): void {
    this.audio.close();
    this.card.remove();
  }
}

/** The longest hole in what a recorder got. */
export function longestGapFrames(heard: readonly HeardCount[]): number {
  return Math.max(...heard.slice(1).map(({ place }, n) => place - heard[n]!.place - 1));
}
