import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_TIMEOUT_S = 10;
/** Room for eight servers of a machine; the place of one that was killed is given only to its namesake. */
const REGISTRY = "/dev/shm/jack-shm-registry";
const SERVER_NAMES = Array.from({ length: 6 }, (_, n) => `lacquer-${n}`);
/** A test that is ended by force leaves no server behind. */
const DIE_WITH_PARENT = ["--pdeathsig", "TERM"];

/**
 * A reading of jack_iodelay, which finds a delay from the phases of several tones between 800 and 4000 Hz, to a thousandth
 * of a frame; a line later it says by question marks that the phases fit no delay, as behind the filters of a crossover.
 */
const READING = /^\s*(-?\d+\.\d+) frames/;
const VERDICT = /^\s*use \d+ for the backend/;

function isAnyServerAlive(): boolean {
  return readdirSync("/proc").some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/comm`, "utf8") === "jackd\n";
    } catch {
      return false;
    }
  });
}

/**
 * A sound server without hardware, whose clock runs as a card's does, and a PCM of ALSA on it called `bed`: float,
 * stereo. Its left input and output are wired to jack_iodelay, which measures the delay from the one to the other
 * some times a second, buffers included.
 */
export class JackBed {
  readonly folder = mkdtempSync(join(tmpdir(), "lacquer-jack-"));
  readonly #server: ChildProcess;
  readonly #environment: NodeJS.ProcessEnv;
  #meter: ChildProcess | undefined;
  /** Delays in frames, in the order measured. */
  readonly readings: number[] = [];
  /** Readings whose phases fit no delay; they are not among the others. */
  doubtful = 0;
  #reading: number | undefined;

  private constructor(name: string, periodFrames: number, sampleRateHz: number) {
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
    if (!isAnyServerAlive()) rmSync(REGISTRY, { force: true });
    for (const name of SERVER_NAMES) {
      const bed = new JackBed(name, periodFrames, sampleRateHz);
      if (await bed.#isUp()) {
        await bed.#startMeter();
        return bed;
      }
      await bed.stop();
    }
    throw new Error(`No sound server could be started under any of the names ${SERVER_NAMES.join(", ")}.`);
  }

  /** Whether the server answers; it ends at once where another has its name. */
  async #isUp(): Promise<boolean> {
    const waiting = spawn("jack_wait", ["-w", "-t", String(START_TIMEOUT_S)], { env: this.#environment, stdio: "ignore" });
    const isAnswered = once(waiting, "exit").then(([code]) => code === 0);
    const isUp = await Promise.race([isAnswered, once(this.#server, "exit").then(() => false)]);
    waiting.kill();
    return isUp && this.#server.exitCode === null;
  }

  async #startMeter(): Promise<void> {
    // Each line as it is written, not when a buffer is full.
    const meter = spawn("setpriv", [...DIE_WITH_PARENT, "stdbuf", "-oL", "jack_iodelay"], { env: this.#environment, stdio: ["ignore", "pipe", "ignore"] });
    this.#meter = meter;
    meter.stdout.setEncoding("utf8").on("data", (text: string) => this.#take(text));
    await once(meter.stdout, "data");
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

  /** Lets the server's clock stand still. */
  freeze(): void {
    this.#server.kill("SIGSTOP");
  }

  thaw(): void {
    this.#server.kill("SIGCONT");
  }

  #take(text: string): void {
    for (const line of text.split("\n")) {
      const frames = READING.exec(line)?.[1];
      if (frames !== undefined) this.#reading = Number(frames);
      if (this.#reading === undefined || !VERDICT.test(line)) continue;
      if (line.includes("??")) this.doubtful++;
      else this.readings.push(this.#reading);
      this.#reading = undefined;
    }
  }
}
