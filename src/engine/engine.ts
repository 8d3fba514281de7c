import { EventEmitter } from "node:events";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { READOUT_GATE_GAIN, READOUT_ISOLATED_STAGES } from "../dsp/layout.js";
import type { AudioFormat, AudioRequest } from "../hal/audio.js";
import type { AudioHealth, LatencyMeasurement } from "../hal/audio-health.js";
import type { AudioThreadData } from "./audio-thread.js";
import { chainMemory, STAGES } from "./chain.js";
import { ChainMemory, checkedValue } from "./chain-memory.js";
import { BYPASS, BYPASS_WANTED, COLLECTION_COUNTS, COMMAND_COUNT, COMMANDS, ControlBlock, GATE, LOAD_MAX, STOP } from "./control-block.js";
import { healthReport, soundState } from "./health-report.js";
import { HealthWatch, TICKS_PER_SECOND, type PreparedSound } from "./health-watch.js";
import { LatencyError, measureLatency } from "./latency-probe.js";
import { ReferencePort } from "./reference-port.js";
import { isSilenceMeant } from "./silence-judge.js";
import { TapReader } from "./tap-reader.js";

export interface EngineOptions<Device> {
  /** The script of the audio thread, which calls `runAudioThread`. */
  readonly threadUrl: URL;
  /** What the thread builds its device from, in plain values. */
  readonly device: Device;
  readonly request: AudioRequest;
  /** Parameters that do not begin at their defaults. */
  readonly values: Iterable<readonly [id: string, value: number]>;
  /** Seconds of sound that the tap ring holds: readers must come more often. */
  readonly tapSeconds: number;
}

const POLL_MS = 20;
const FADE_TIMEOUT_MS = 500;
const STOP_TIMEOUT_MS = 1500;
const COUNT_MS = 1000;
const COUNT_TIMEOUT_MS = 500;
/**
 * Room for what the thread leaves behind beside its loop, such as the 2 kB of each count of collections: it is full after
 * weeks, and V8's own size, 1 MB, after days.
 */
const YOUNG_SPACE_MB = 8;
const YOUNG_GENERATION_MB = 4 * YOUNG_SPACE_MB;

/**
 * The sound path, as the box process holds it: the audio thread, its parameters, meters and health. Emits `death` with a
 * reason when the thread is lost; no sound flows then, and the process should end, so that it is started anew.
 */
export class Engine extends EventEmitter<{ death: [reason: string] }> {
  readonly #control = new ControlBlock();
  readonly #memory = chainMemory();
  readonly #watch = new HealthWatch(this.#control, () => this.#isSilenceMeant());
  readonly #values: Map<string, number>;
  readonly #thread: Worker;
  readonly #timer: NodeJS.Timeout;
  #prepared: PreparedSound | null = null;
  #isEnded = false;
  #isStopping = false;
  #isMeasuring = false;
  #countedMs = -Infinity;

  /** Starts the thread. Resolves when sound flows, or the device is being waited for; rejects when the thread is lost. */
  static async start<Device>(options: EngineOptions<Device>): Promise<Engine> {
    const engine = new Engine(options);
    let death: string | undefined;
    const listener = (reason: string): void => {
      death = reason;
    };
    engine.once("death", listener);
    while (death === undefined && soundState(engine.#control) === "starting") await delay(POLL_MS);
    engine.off("death", listener);
    if (death !== undefined) throw new Error(death);
    engine.#prepare();
    return engine;
  }

  private constructor(options: EngineOptions<unknown>) {
    super();
    this.#values = new Map(options.values);
    for (const [id, value] of this.#values) checkedValue(id, value);
    this.#control.words[GATE] = 1;
    const data: AudioThreadData<unknown> = {
      device: options.device,
      request: options.request,
      values: [...this.#values],
      tapSeconds: options.tapSeconds,
      control: this.#control.buffer,
      memory: this.#memory,
    };
    setFlagsFromString(`--min-semi-space-size=${YOUNG_SPACE_MB}`);
    this.#thread = new Worker(options.threadUrl, { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB } });
    this.#thread.once("error", (error) => this.#die(`The audio thread broke: ${error instanceof Error ? error.message : String(error)}`));
    this.#thread.once("exit", () => this.#die("The audio thread ended."));
    this.#timer = setInterval(() => this.#tick(), 1000 / TICKS_PER_SECOND);
  }

  /**
   * Sets targets of parameters; the chain glides to them. All are checked before the first is set.
   * @throws RangeError for an unknown parameter, or a value outside its range
   */
  set(values: Iterable<readonly [id: string, value: number]>): void {
    const list = [...values];
    for (const [id, value] of list) checkedValue(id, value);
    for (const [id, value] of list) {
      this.#values.set(id, value);
      this.#prepared?.memory.set(id, value);
    }
    this.restoreStages(list.map(([id]) => id));
  }

  /** Takes the stages of these parameters back into the chain, where they were left out of it because they failed. */
  restoreStages(ids: Iterable<string>): void {
    const stages = new Set(Array.from(ids, (id) => id.slice(0, id.indexOf("."))));
    const bits = STAGES.reduce((sum, name, stage) => sum | (Number(stages.has(name)) << stage), 0);
    this.#prepared?.memory.restoreStages(bits & this.#prepared.memory.readout(READOUT_ISOLATED_STAGES));
  }

  /** Lets the bypass relay go, so that the bare input is heard, or has it held again as soon as the sound is good. */
  setHardBypass(isOn: boolean): void {
    if (isOn) Atomics.or(this.#control.words, BYPASS, BYPASS_WANTED);
    else Atomics.and(this.#control.words, BYPASS, ~BYPASS_WANTED);
  }

  /** Hands out the meter records since the last call, as `ChainMemory.takeRecords` does; none before the device was opened. */
  takeRecords(take: (record: Float64Array) => void): void {
    this.#prepare()?.memory.takeRecords(take);
  }

  /** Makes a reader of the sound that goes in and out, from now on; null before the device was opened. */
  createTapReader(): TapReader | null {
    const prepared = this.#prepare();
    return prepared && new TapReader(prepared.memory);
  }

  /** Makes the way by which a reference is let into the sound; null before the device was opened. */
  createReferencePort(): ReferencePort | null {
    const prepared = this.#prepare();
    return prepared && new ReferencePort(prepared.memory);
  }

  /** What the device was opened with; null before that. */
  get format(): AudioFormat | null {
    return this.#prepare()?.format ?? null;
  }

  /** What the sound path tells about itself. It sums up the histogram of the load: not for each frame of a display. */
  health(): AudioHealth {
    return healthReport(this.#control, this.#prepare(), this.#watch.health);
  }

  /**
   * Brings `collections` of the health up to date, which costs the audio thread 2 kB of garbage: at most once a second, and
   * while sound flows; it is true by itself when none does.
   */
  async countCollections(): Promise<void> {
    const { words } = this.#control;
    if (soundState(this.#control) !== "running" || performance.now() - this.#countedMs < COUNT_MS) return;
    this.#countedMs = performance.now();
    const counted = Atomics.load(words, COLLECTION_COUNTS);
    Atomics.or(words, COMMANDS, COMMAND_COUNT);
    const end = this.#countedMs + COUNT_TIMEOUT_MS;
    while (Atomics.load(words, COLLECTION_COUNTS) === counted && performance.now() < end) await delay(POLL_MS);
  }

  /** Forgets the largest load. */
  resetHealth(): void {
    Atomics.store(this.#control.words, LOAD_MAX, 0);
  }

  /** Whether sound went in and out since the last call, or the thread lives and waits for its device: food for a watchdog. */
  isAlive(): boolean {
    return !this.#isEnded && this.#watch.isAlive();
  }

  /**
   * Measures the way from the output to the input through a cable; the output is silent for a second.
   * @throws LatencyError when no sound flows, a measurement is under way, or the impulse does not come back
   */
  async measureLatency(): Promise<LatencyMeasurement> {
    const prepared = this.#prepare();
    if (!prepared || soundState(this.#control) !== "running") throw new LatencyError("No sound flows at present; see `lacquer status`.");
    if (this.#isMeasuring) throw new LatencyError("A measurement is under way already.");
    this.#isMeasuring = true;
    try {
      await this.fadeOut();
      return await measureLatency(prepared.memory, prepared.format.sampleRateHz);
    } finally {
      this.#isMeasuring = false;
      if (!this.#isStopping) this.fadeIn();
    }
  }

  /** Fades the output to silence; resolves when the recorder hears it, or after half a second at the latest. */
  async fadeOut(): Promise<void> {
    Atomics.store(this.#control.words, GATE, 0);
    const prepared = this.#prepare();
    if (!prepared || soundState(this.#control) !== "running") return;
    const end = performance.now() + FADE_TIMEOUT_MS;
    while (prepared.memory.readout(READOUT_GATE_GAIN) > 0 && performance.now() < end) await delay(POLL_MS);
    const { periods, periodFrames, sampleRateHz } = prepared.format;
    await delay((1000 * periods * periodFrames) / sampleRateHz);
  }

  /** Lets the output rise again after `fadeOut`. */
  fadeIn(): void {
    Atomics.store(this.#control.words, GATE, 1);
  }

  /** Ends the thread: the relay falls, the device is closed. Takes 1.5 s at most. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    Atomics.store(this.#control.words, STOP, 1);
    Atomics.notify(this.#control.words, STOP);
    const end = performance.now() + STOP_TIMEOUT_MS;
    while (!this.#isEnded && performance.now() < end) await delay(POLL_MS);
    clearInterval(this.#timer);
    if (!this.#isEnded) this.#thread.unref();
  }

  /** Sees the memory of the chain once the thread has prepared it, and gives it what was set in the meantime. */
  #prepare(): PreparedSound | null {
    if (this.#prepared) return this.#prepared;
    const published = this.#control.published();
    if (published === null) return null;
    const memory = new ChainMemory(this.#memory.buffer, published.addresses);
    for (const [id, value] of this.#values) memory.set(id, value);
    this.#prepared = { format: published.format, memory };
    return this.#prepared;
  }

  #isSilenceMeant(): boolean | undefined {
    const { format, memory } = this.#prepared ?? {};
    return format && memory && isSilenceMeant({ memory, sampleRateHz: format.sampleRateHz, values: this.#values });
  }

  #tick(): void {
    const reason = this.#watch.tick(this.#prepare());
    if (reason !== undefined && !this.#isStopping) this.#die(reason);
  }

  #die(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearInterval(this.#timer);
    if (!this.#isStopping) this.emit("death", reason);
  }
}

async function delay(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
