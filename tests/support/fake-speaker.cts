import stream = require("node:stream");
import card = require("./fake-sound-card.cjs");

// The package opens a device while it is loaded, and ends the process without one.
if (card.is("abortAtLoad")) process.abort();
if (card.is("unplugged")) throw new Error("There is no sound device.");

interface Options {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bitDepth: number;
  readonly float: boolean;
  readonly signed: boolean;
  readonly device: string;
  readonly samplesPerFrame: number;
}

/** Stand-in of speaker: it takes whole frames alone, as the package fails at parts of them. */
class FakeSpeaker extends stream.Writable {
  readonly #frameBytes: number;

  constructor(options: Options) {
    super({ highWaterMark: 0 });
    const { channels, sampleRate, bitDepth, float, signed, device, samplesPerFrame } = options;
    const isUnderstood = channels === 2 && sampleRate >= 44100 && [16, 24, 32].includes(bitDepth) && (!float || bitDepth === 32) && signed &&
      typeof device === "string" && samplesPerFrame > 0 && Object.keys(options).length === 7;
    if (!isUnderstood) throw new Error(`speaker does not understand ${JSON.stringify(options)}`);
    this.#frameBytes = (channels * bitDepth) / 8;
  }

  override _write(sound: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    if (sound.length % this.#frameBytes !== 0) {
      done(new Error(`write() failed: ${sound.length - (sound.length % this.#frameBytes)}`));
    } else if (card.is("speakerError")) {
      done(new Error("write() failed: 0"));
    } else if (card.is("full")) {
      card.hang();
    } else {
      card.play(sound);
      setImmediate(done);
    }
  }
}

export = FakeSpeaker;
