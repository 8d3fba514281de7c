import events = require("node:events");
import card = require("./fake-sound-card.cjs");

const SAMPLE_BYTES: Readonly<Record<string, number>> = { S32_LE: 4, S24_3LE: 3, S16_LE: 2, FLOAT_LE: 4 };
const POLL_MS = 20;
/** Periods that come by the clock before any sound is played. */
const PERIODS_BEFORE = 3;

interface Options {
  readonly channels: number;
  readonly format: string;
  readonly periodSize: number;
  readonly rate: number;
  readonly device: string;
}

/**
 * Stand-in of alsa-capture with its faults: after an overrun and after every error of reading it delivers the last block
 * once more, and it never stops trying a device that is gone. Each block begins with the process and its number.
 */
class FakeAlsaCapture extends events.EventEmitter {
  readonly #periodBytes: number;
  #delivered = 0;
  /** Periods delivered before the playback buffer was filled. */
  #before = 0;
  #last: Buffer = Buffer.alloc(0);

  constructor(options: Options) {
    super();
    const { channels, format, periodSize, rate, device } = options;
    const sampleBytes = SAMPLE_BYTES[format];
    const isUnderstood = channels === 2 && sampleBytes !== undefined && Number.isInteger(periodSize) && periodSize > 0 && rate >= 44100 &&
      typeof device === "string" && Object.keys(options).length === 5;
    if (!isUnderstood) throw new Error(`alsa-capture does not understand ${JSON.stringify(options)}`);
    this.#periodBytes = 2 * (sampleBytes as number) * periodSize;
    card.on("played", () => this.#deliver());
    setInterval(() => this.#poll(), POLL_MS);
  }

  close(): void {
    throw new Error("alsa-capture is ended by force, for close may hang.");
  }

  #deliver(): void {
    if (card.is("stop")) return;
    if (card.is("unplugged")) {
      this.#fail();
      return;
    }
    if (card.take("crash")) process.kill(process.pid, "SIGSEGV");
    if (card.take("spin")) for (;;);
    if (card.take("shortRead")) this.emit("shortRead", 3);
    if (card.take("readError")) {
      this.emit("readError", "error from read: Input/output error");
      this.emit("audio", this.#last);
    }
    if (card.take("overrun")) {
      this.emit("overrun");
      this.emit("audio", this.#last);
    }
    if (card.take("rush")) for (let n = 0; n < card.periods; n++) this.#send();
    // One for each period that was played beyond the one that opens the speaker and those that fill the buffer.
    const played = card.playedBytes / this.#periodBytes;
    while (played > 1 && this.#delivered - this.#before <= played - 1 - card.periods) this.#send();
  }

  /** Until the playback buffer is filled, some periods come by the clock, and when nothing is played any more. */
  #poll(): void {
    if (card.is("full")) this.#send();
    this.#deliver();
    if (this.#before === PERIODS_BEFORE || card.playedBytes > this.#periodBytes || card.is("stop") || card.is("unplugged")) return;
    this.#send();
    this.#before++;
  }

  #send(): void {
    const sound = Buffer.alloc(this.#periodBytes);
    sound.writeInt32LE(process.pid, 0);
    sound.writeInt32LE(this.#delivered, 4);
    this.#delivered++;
    this.#last = sound;
    this.emit("audio", sound);
  }

  /** What the package does without a device, as fast as it can. */
  #fail(): void {
    this.emit("readError", "error from read: No such device");
    this.emit("audio", this.#last);
    setImmediate(() => this.#fail());
  }
}

export = FakeAlsaCapture;
