import type { Target } from "../config/targets.js";
import type { ParameterStore } from "../control/parameter-store.js";
import { STAGES } from "../engine/chain.js";
import type { MeterRecord } from "../engine/meter-record.js";
import { DriveForecast, type Forecast } from "../meters/drive-forecast.js";
import { landOnTarget } from "../meters/landing.js";
import { LoudnessMeter } from "../meters/loudness-meter.js";
import { findParameter } from "../params/table.js";
import { snapValue } from "../params/values.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { LearnState, LimitingCost } from "../protocol/levels.js";

const DRIVE = "loudness.driveDb";
/** What changes nothing of the sound that goes into the drive; drive and ceiling are reckoned with. */
const BEHIND = /^(loudness|limiter|dither)\.|^chain\.levelMatch$/;
const LIMITER = STAGES.indexOf("limiter");
/** Less than this of programme says nothing about a song. */
const LEAST_S = 5;
/** A silence of this length ends the passage, once so much was heard. */
const PAUSE_BINS = 300;
const ENDING_S = 10;
const SILENCE_LUFS = -60;
const PROGRAMME_LUFS = -70;
/** The most that the true peak of music exceeds its largest sample. */
const MOST_BETWEEN_SAMPLES = 1.12;

export interface LearnerOptions {
  readonly store: ParameterStore;
  readonly targets: readonly Target[];
  /** Hears of every change of the state; of the seconds heard, once a second. */
  readonly onChange: (state: LearnState) => void;
}

/** What is measured while the learnt drive is heard. */
class Proof {
  readonly #meter = new LoudnessMeter();
  #sum = 0;
  #bins = 0;
  #most = 0;

  add({ output, limiterReductionDb }: MeterRecord): void {
    this.#meter.addBin(output.kMeanSquares, 0, 0);
    this.#most = Math.max(this.#most, limiterReductionDb);
    if ((this.#meter.momentaryLufs ?? -Infinity) < PROGRAMME_LUFS) return;
    this.#sum += limiterReductionDb;
    this.#bins++;
  }

  get cost(): LimitingCost {
    return { integratedLufs: this.#meter.integratedLufs, meanLimitingDb: this.#bins === 0 ? 0 : this.#sum / this.#bins, maxLimitingDb: this.#most };
  }
}

/**
 * Learns the drive from a passage that is played, the loudest chorus or a whole song: listens until it is told to stop, the
 * passage ends in a silence, or ten minutes are heard; sets the drive that lands it on the target, or the most that the
 * limiter can stand; and measures what it came to when the passage is played again.
 */
export class Learner {
  readonly #options: LearnerOptions;
  #state: LearnState = { phase: "idle", heardS: 0, plan: null, measured: null };
  #forecast: DriveForecast | undefined;
  #loudness = new LoudnessMeter();
  #proof: Proof | undefined;
  #source = "";
  #programmeBins = 0;
  #silentBins = 0;

  constructor(options: LearnerOptions) {
    this.#options = options;
    options.store.onChange(({ state }) => {
      if (state.values !== undefined) this.#follow(Object.keys(state.values));
    });
  }

  get state(): LearnState {
    return this.#state;
  }

  /** Begins to listen. @throws CommandFailure while something is on that would make it learn nonsense */
  start(source: string): void {
    this.#require();
    this.#source = source;
    this.#listenAnew();
  }

  /** Ends the listening, and sets the drive. @throws CommandFailure when too little was heard; it listens on then */
  async stop(): Promise<void> {
    if (this.#state.phase !== "listening") throw new CommandFailure("notNow", "Nothing is being learnt; start first.");
    this.#require();
    const heardS = this.#programmeBins / 100;
    if (heardS < LEAST_S) throw new CommandFailure("notNow", `${heardS.toFixed(1)} s of sound were heard; play ${LEAST_S} s at least.`);
    await this.#set();
  }

  /** Gives up; what was set stays. */
  cancel(): void {
    this.#forecast = undefined;
    this.#tell({ ...this.#state, phase: "idle" });
  }

  /** Another song begins: it proves nothing about the plan. */
  newSong(): void {
    if (this.#state.phase === "proving") this.#tell({ ...this.#state, phase: "idle" });
  }

  /** Takes the next 10 ms of the meters. */
  add(record: MeterRecord): void {
    const { phase } = this.#state;
    if (phase === "idle" || record.isShed) return;
    this.#loudness.addBin(record.output.kMeanSquares, 0, 0);
    const isSounding = (this.#loudness.momentaryLufs ?? -Infinity) > SILENCE_LUFS;
    this.#silentBins = isSounding ? 0 : this.#silentBins + 1;
    if (isSounding) this.#programmeBins++;
    if (phase === "listening") this.#listen(record);
    else this.#prove(record, isSounding);
  }

  /** The sound of the box was changed: what was heard says nothing of it, nor what is heard of the plan. */
  #follow(ids: readonly string[]): void {
    const { phase } = this.#state;
    if (phase === "proving" && ids.some((id) => id === DRIVE || !BEHIND.test(id))) this.#tell({ ...this.#state, phase: "idle" });
    if (phase !== "listening") return;
    if (this.#obstacle !== undefined) this.cancel();
    else if (ids.some((id) => !BEHIND.test(id))) this.#listenAnew();
  }

  #listenAnew(): void {
    this.#forecast = new DriveForecast();
    this.#begin();
    this.#tell({ phase: "listening", heardS: 0, plan: null, measured: null });
  }

  #begin(): void {
    this.#loudness = new LoudnessMeter();
    this.#programmeBins = 0;
    this.#silentBins = 0;
  }

  #require(): void {
    if (this.#targetLufs === null) throw new CommandFailure("notNow", "The target asks for no loudness; choose one that does.");
    if (this.#obstacle !== undefined) throw new CommandFailure("notNow", this.#obstacle);
  }

  /** What is on that would make it learn nonsense, and what to do about it. */
  get #obstacle(): string | undefined {
    const { store } = this.#options;
    for (const [stage, name] of [["chain", "master"], ["loudness", "drive"], ["limiter", "limiter"]] as const) {
      if (store.get(`${stage}.bypass`) === 1) return `The ${name} is bypassed; switch ${stage}.bypass off first.`;
    }
    return store.get("loudness.ride") === 1 ? "The ride leads the loudness already; switch loudness.ride off first." : undefined;
  }

  get #targetLufs(): number | null {
    const { store, targets } = this.#options;
    const { target } = store.state;
    return targets.find(({ id }) => id === target)?.loudnessLufs ?? null;
  }

  #listen(record: MeterRecord): void {
    const forecast = this.#forecast;
    if (forecast === undefined) return;
    const drive = 10 ** (this.#options.store.get(DRIVE) / 20);
    const [left, right] = record.output.kMeanSquares;
    const gain = drive * record.limiterMeanGain;
    forecast.addBin((left + right) / gain ** 2, peakBeforeLimiter(record) / drive);
    const heardS = Math.floor(this.#programmeBins / 100);
    if (heardS !== this.#state.heardS) this.#tell({ ...this.#state, heardS });
    const hasEnded = this.#silentBins >= PAUSE_BINS && this.#programmeBins >= 100 * ENDING_S;
    if (hasEnded || (forecast.isFull && this.#programmeBins >= 100 * LEAST_S)) void this.#set();
    else if (forecast.isFull) this.cancel();
  }

  async #set(): Promise<void> {
    const { store } = this.#options;
    const forecast = this.#forecast;
    const targetLufs = this.#targetLufs;
    const row = findParameter(DRIVE);
    if (forecast === undefined || targetLufs === null || row === undefined) return this.cancel();
    this.#forecast = undefined;
    const settings = { ceilingDbtp: store.get("limiter.ceilingDbtp"), releaseMs: store.get("limiter.releaseMs") };
    const driveBeforeDb = store.get(DRIVE);
    const { pass, reason } = await landOnTarget<Forecast>(targetLufs, driveBeforeDb, [row.min, row.max], (driveDb) => Promise.resolve(forecast.at(driveDb, settings)));
    const driveDb = snapValue(row, pass.driveDb);
    const { integratedLufs, meanLimitingDb, maxLimitingDb } = forecast.at(driveDb, settings);
    const heardS = Math.floor(this.#programmeBins / 100);
    store.set({ [DRIVE]: driveDb }, this.#source);
    this.#begin();
    this.#proof = new Proof();
    const plan = { targetLufs, driveBeforeDb, driveDb, reason, predicted: { integratedLufs, meanLimitingDb, maxLimitingDb } };
    this.#tell({ phase: "proving", heardS, plan, measured: null });
  }

  /** Measures from the first sound on, for as long as was listened, or until the passage ends. */
  #prove(record: MeterRecord, isSounding: boolean): void {
    const proof = this.#proof;
    if (proof === undefined || (this.#programmeBins === 0 && !isSounding)) return;
    proof.add(record);
    const hasEnded = this.#silentBins >= PAUSE_BINS && this.#programmeBins >= 100 * LEAST_S;
    if (!hasEnded && this.#programmeBins < 100 * this.#state.heardS) return;
    this.#proof = undefined;
    this.#tell({ ...this.#state, phase: "idle", measured: proof.cost });
  }

  #tell(state: LearnState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}

/** The largest true peak on its way into the limiter: what the samples show, or what came out shows before it was turned down. */
export function peakBeforeLimiter({ stageInPeaks, output, limiterReductionDb }: MeterRecord): number {
  const sample = stageInPeaks[LIMITER] ?? 0;
  const cameOut = Math.max(...output.truePeaks) * 10 ** (limiterReductionDb / 20);
  return Math.max(sample, Math.min(cameOut, MOST_BETWEEN_SAMPLES * sample));
}
