import events = require("node:events");
import fs = require("node:fs");
import path = require("node:path");

/** Orders that a test gives to the stand-ins of alsa-capture and speaker: a file of this name in their folder. */
type Order =
  /** Met once. */
  | "overrun" | "shortRead" | "readError" | "crash" | "spin" | "rush"
  /** In force while the file is there. */
  | "stop" | "full" | "unplugged" | "abortAtLoad" | "speakerError";

/**
 * The sound card of one child process, which moves in step with what is played: capture delivers a period when another
 * has been written, so that no machine is too slow for it. `FAKE_SOUND_FOLDER` is the folder of orders and
 * `FAKE_SOUND_PERIODS` the periods of the playback buffer.
 */
class FakeSoundCard extends events.EventEmitter {
  readonly periods = Number(process.env["FAKE_SOUND_PERIODS"]);
  readonly #folder = process.env["FAKE_SOUND_FOLDER"] as string;
  playedBytes = 0;

  is(order: Order): boolean {
    return fs.existsSync(path.join(this.#folder, order));
  }

  take(order: Order): boolean {
    if (!this.is(order)) return false;
    fs.unlinkSync(path.join(this.#folder, order));
    return true;
  }

  /** Never comes back, and says so by a file, as the thread of speaker that waits for a device. */
  hang(): void {
    fs.writeFileSync(path.join(this.#folder, "isFull"), "");
    setInterval(() => undefined, 1000);
  }

  play(sound: Buffer): void {
    fs.appendFileSync(path.join(this.#folder, "played.raw"), sound);
    this.playedBytes += sound.length;
    this.emit("played");
  }
}

export = new FakeSoundCard();
