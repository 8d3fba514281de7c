import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_TIMEOUT_MS = 10_000;
/** A test that is ended by force leaves no server behind. */
const DIE_WITH_PARENT = ["--pdeathsig", "KILL"];

/**
 * A reading of jack_iodelay, which finds a delay from the phases of several tones between 800 and 4000 Hz, to a thousandth
 * of a frame; a line later it says by question marks that the phases fit no delay, as behind the filters of a crossover.
 */
const READING = /^\s*(-?\d+\.\d+) frames/;
const VERDICT = /^\s*use \d+ for the backend/;

/**
 * A sound server without hardware, whose clock runs as a card's does, and a PCM of ALSA on it called `bed`: float,
 * stereo. Its left input and output are wired to jack_iodelay, which measures the delay from the one to the other
 * twice a second, buffers included.
 */
export class JackBed {
  readonly folder = mkdtempSync(join(tmpdir(), "lacquer-jack-"));
  static #count = 0;
  readonly #server: ChildProcess;
  readonly #environment: NodeJS.ProcessEnv;
  #meter: ChildProcess | undefined;
  /** Delays in frames, in the order measured; what fits no delay is left out. */
  readonly readings: number[] = [];
  #reading: number | undefined;

  private constructor(periodFrames: number, sampleRateHz: number) {
    const name = `lacquer-${process.pid}-${++JackBed.#count}`;
    const config = join(this.folder, "asoundrc");
    // Not the system's alsa.conf: sound servers of a desktop put themselves in its way.
    writeFileSync(config, `pcm.bed {
  type jack
  name "lacquer"
  playback_ports { 0 jack_delay:in 1 system:playback_2 }
  capture_ports { 0 jack_delay:out 1 jack_delay:out }
}
`);
    this.#environment = {
      ...process.env, JACK_DEFAULT_SERVER: name, JACK_NO_AUDIO_RESERVATION: "1", JACK_NO_START_SERVER: "1", ALSA_CONFIG_PATH: config,
    };
    const settings = ["-n", name, "-R", "-P", "70", "-S", "-d", "dummy", "-r", String(sampleRateHz), "-p", String(periodFrames)];
    this.#server = spawn("setpriv", [...DIE_WITH_PARENT, "jackd", ...settings], { env: this.#environment, stdio: "ignore" });
  }

  /** Starts the server with periods of `periodFrames`, and the measurement. */
  static async start(periodFrames: number, sampleRateHz = 48000): Promise<JackBed> {
    const bed = new JackBed(periodFrames, sampleRateHz);
    execFileSync("jack_wait", ["-w", "-t", String(START_TIMEOUT_MS / 1000)], { env: bed.#environment, stdio: "ignore" });
    // Each line as it is written, not when a buffer is full.
    bed.#meter = spawn("setpriv", [...DIE_WITH_PARENT, "stdbuf", "-oL", "jack_iodelay"], { env: bed.#environment, stdio: ["ignore", "pipe", "ignore"] });
    bed.#meter.stdout?.setEncoding("utf8").on("data", (text: string) => bed.#take(text));
    await once(bed.#meter.stdout as NonNullable<ChildProcess["stdout"]>, "data");
    return bed;
  }

  /** What a program needs in its environment to find the PCM `bed`. */
  get environment(): NodeJS.ProcessEnv {
    return this.#environment;
  }

  async stop(): Promise<void> {
    for (const child of [this.#meter, this.#server]) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 3000);
      await once(child, "exit");
      clearTimeout(force);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Takes the server away as a cable that is pulled. */
  async breakDown(): Promise<void> {
    this.#server.kill("SIGKILL");
    await once(this.#server, "exit");
  }

  #take(text: string): void {
    for (const line of text.split("\n")) {
      const frames = READING.exec(line)?.[1];
      if (frames !== undefined) this.#reading = Number(frames);
      if (this.#reading === undefined || !VERDICT.test(line)) continue;
      if (!line.includes("??")) this.readings.push(this.#reading);
      this.#reading = undefined;
    }
  }
}
