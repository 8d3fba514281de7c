import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "../../hw/linux/clock.js";
import type { Clock } from "../../src/hal/clock.js";
import { StreamAudio } from "../../hw/stream/stream-audio.js";
import type { StreamOptions } from "../../hw/stream/stream-options.js";

const clock = systemClock();

/** The stream driver on stand-ins of its packages, which take orders from a folder. */
export class StandInStream {
  static readonly packages: StreamOptions = {
    capturePackage: resolve("dist/tests/support/fake-alsa-capture.cjs"),
    speakerPackage: resolve("dist/tests/support/fake-speaker.cjs"),
  };
  readonly folder = mkdtempSync(join(tmpdir(), "lacquer-stream-"));
  /**
   * The stand-ins move as fast as the machine can; by this clock they are always in time, and a machine must be so many
   * times too slow for sound to be late by it.
   */
  slowness = 10;
  #leapMs = 0;
  readonly #slowClock: Clock = {
    read: (into, index) => {
      clock.read(into, index);
      into[index] = (into[index] as number) / this.slowness + this.#leapMs;
    },
  };
  readonly device = new StreamAudio(StandInStream.packages, this.#slowClock);

  /** `periods` are those that the device will be asked for. */
  constructor(periods: number) {
    process.env["FAKE_SOUND_FOLDER"] = this.folder;
    process.env["FAKE_SOUND_PERIODS"] = String(periods);
  }

  /** Lets 10 s pass at once, by the clock of the driver. */
  leap(): void {
    this.#leapMs += 10_000;
  }

  /** Gives an order of `FakeSoundCard` to the stand-ins; they meet it in their next period. */
  order(name: string): void {
    writeFileSync(join(this.folder, name), "");
  }

  takeBack(name: string): void {
    rmSync(join(this.folder, name), { force: true });
  }

  dispose(): void {
    this.device.close();
    rmSync(this.folder, { recursive: true });
  }
}
