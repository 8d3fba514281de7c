import { findingOfId } from "../analysis/diagnosis/diagnose.js";
import type { Heard } from "../analysis/diagnosis/finding.js";
import { trimDb } from "../analysis/diagnosis/levels.js";
import { LiveDiagnosis } from "../analysis/diagnosis/live-diagnosis.js";
import { ProfileRecorder, type ProfileBin } from "../analysis/profile-recorder.js";
import type { SoundProfile } from "../analysis/sound-profile.js";
import { yardstickOf } from "../analysis/yardstick.js";
import type { MeterRecord, Pair } from "../engine/meter-record.js";
import type { TapReader } from "../engine/tap-reader.js";
import type { Finding, FindingId } from "../protocol/diagnosis.js";
import type { Values } from "../protocol/messages.js";
import type { AnalysedSound } from "./live-analysis.js";

/** What the listener knows of the box beside its sound. */
export interface ListenerParts {
  /** The engine, once there is one. */
  readonly sound: () => AnalysedSound | undefined;
  readonly values: () => Values;
  /** Whether the mix goes out, and not a reference in its place. */
  readonly isMixHeard: () => boolean;
  /** Loudness that is aimed at; null where none is asked for. */
  readonly targetLufs: () => number | null;
  /** Profiles of the references to hold the sound against. */
  readonly references: () => readonly SoundProfile[];
  /** Hears of the faults whenever one came, went, or changed its grade. */
  readonly onFindings: (findings: readonly Finding[]) => void;
}

/** Numbers of a frame of the tap ring: left and right of the input, and of the output. */
const TAP_FIELDS = 4;
const OUTPUT_FIELD = 2;
const PIECE_FRAMES = 1024;
/** So much sound is heard at once; the rest of a hold-up comes with the next calls. */
const MOST_S = 0.04;
/** A gap that is shorter is a click in a window of 3 s, of which no figure takes notice. */
const LONGEST_GAP_S = 0.3;
/** Windows of 3 s that count: half a minute. */
const WINDOWS = 10;
/** Programme that a verdict needs. */
const LEAST_S = 6;
const RECORDS_PER_SECOND = 100;
/** What is told anew when it changes: a third of the way from mild to severe. */
const GRADES = 5;
const OFFSET_GATE = 1e-7;

/** The ears on a sound of one rate. */
interface Ears {
  readonly sampleRateHz: number;
  readonly reader: TapReader;
  readonly input: ProfileRecorder;
  readonly output: ProfileRecorder;
}

/**
 * Listens to what comes in and goes out, all the time, and says what is wrong with it. Whatever changes the sound of the box
 * makes the output be heard anew; the input is what it was.
 */
export class SoundListener {
  readonly #parts: ListenerParts;
  readonly #diagnosis = new LiveDiagnosis();
  readonly #piece = new Float32Array(TAP_FIELDS * PIECE_FRAMES);
  readonly #stereo = new Float64Array(2 * PIECE_FRAMES);
  #ears: Ears | undefined;
  #heard: Heard | undefined;
  #heardS = 0;
  #records = 0;
  #limiting = 0;
  #limitingRecords = 0;
  #compression = 0;
  #energy = 0;
  #findings: readonly Finding[] = [];

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** The faults that stand, the worst first. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** What was heard at the last verdict, and the values of then; undefined before the first. */
  get heard(): Heard | undefined {
    return this.#heard;
  }

  /** Seconds that were heard of the output since the sound of the box was changed last. */
  get heardS(): number {
    return this.#heardS;
  }

  /** A fault with a remedy for the values as they are now; null where too little was heard. */
  finding(id: FindingId): Finding | null {
    if (this.#heard === undefined) return null;
    // What was heard bare is remedied bare, whatever is heard now.
    const { "chain.bypass": bypass = 0 } = this.#heard.values;
    return findingOfId(id, { ...this.#heard, values: { ...this.#parts.values(), "chain.bypass": bypass } });
  }

  /** Takes the next meter record of 10 ms. */
  addRecord({ isShed, input, output, limiterReductionDb, compressorReductionDb }: MeterRecord): void {
    this.#records++;
    if (isShed || this.#ears === undefined) return;
    // The meters sit behind the trim, the tap ring before it.
    this.#ears.input.addBin(scaledBin(input, 10 ** (-trimDb(this.#parts.values()) / 20)));
    if (!this.#parts.isMixHeard()) return;
    this.#ears.output.addBin(output);
    const energy = output.kMeanSquares[0] + output.kMeanSquares[1];
    if (energy < OFFSET_GATE) return;
    this.#limiting += limiterReductionDb;
    this.#limitingRecords++;
    this.#compression += energy * compressorReductionDb;
    this.#energy += energy;
  }

  /** Hears the sound since the last call; to be called many times a second. */
  tick(): void {
    const ears = this.#prepare();
    if (ears === undefined) return;
    if (ears.reader.skipLost() > LONGEST_GAP_S * ears.sampleRateHz) this.#clear(ears);
    const most = MOST_S * ears.sampleRateHz;
    const isMix = this.#parts.isMixHeard();
    if (!isMix) this.changed();
    let done = 0;
    for (let frames = -1; frames !== 0 && done < most; done += frames) {
      frames = ears.reader.read(this.#piece);
      ears.input.add(this.#sideOf(0, frames), frames);
      if (isMix) ears.output.add(this.#sideOf(OUTPUT_FIELD, frames), frames);
    }
    if (ears.output.seconds !== this.#heardS) this.#judge(ears);
  }

  /** The sound of the box was changed: what was heard of the output before says nothing of it now. */
  changed(): void {
    this.#ears?.output.clear();
    this.#heardS = 0;
    this.#limiting = this.#limitingRecords = this.#compression = this.#energy = 0;
  }

  /** Another song begins: nothing that was heard until now is its fault. */
  newSong(): void {
    if (this.#ears !== undefined) this.#clear(this.#ears);
    this.changed();
    this.#diagnosis.clear();
    this.#heard = undefined;
    this.#show([]);
  }

  #judge({ input, output }: Ears): void {
    this.#heardS = output.seconds;
    if (output.seconds < LEAST_S || input.seconds < LEAST_S) return;
    const { values, targetLufs, references } = this.#parts;
    this.#heard = {
      input: input.profile, output: output.profile, yardstick: yardstickOf(references()), values: values(), targetLufs: targetLufs(),
      limitingDb: this.#limitingRecords === 0 ? 0 : this.#limiting / this.#limitingRecords,
      compressionDb: this.#energy === 0 ? 0 : this.#compression / this.#energy,
    };
    this.#show(this.#diagnosis.update(this.#heard, this.#records / RECORDS_PER_SECOND));
  }

  #show(findings: readonly Finding[]): void {
    const grades = (list: readonly Finding[]): string => list.map(({ id, severity }) => `${id} ${Math.floor(GRADES * severity)}`).join();
    const isNews = grades(findings) !== grades(this.#findings);
    this.#findings = findings;
    if (isNews) this.#parts.onFindings(findings);
  }

  #clear({ input, output }: Ears): void {
    input.clear();
    output.clear();
    this.#heardS = 0;
  }

  #sideOf(field: number, frames: number): Float64Array {
    for (let n = 0; n < frames; n++) {
      this.#stereo[2 * n] = this.#piece[TAP_FIELDS * n + field] as number;
      this.#stereo[2 * n + 1] = this.#piece[TAP_FIELDS * n + field + 1] as number;
    }
    return this.#stereo;
  }

  #prepare(): Ears | undefined {
    if (this.#ears !== undefined) return this.#ears;
    const sound = this.#parts.sound();
    const sampleRateHz = sound?.health().format?.sampleRateHz;
    const reader = sound?.createTapReader();
    if (!reader || sampleRateHz === undefined) return undefined;
    const recorder = (only: "faults" | "music"): ProfileRecorder => new ProfileRecorder(sampleRateHz, { windows: WINDOWS, only });
    this.#ears = { sampleRateHz, reader, input: recorder("faults"), output: recorder("music") };
    this.#heardS = 0;
    return this.#ears;
  }
}

function scaledBin({ truePeaks, samplePeaks, kMeanSquares }: ProfileBin, gain: number): ProfileBin {
  const times = ([left, right]: Pair, factor: number): Pair => [factor * left, factor * right];
  return { truePeaks: times(truePeaks, gain), samplePeaks: times(samplePeaks, gain), kMeanSquares: times(kMeanSquares, gain * gain) };
}
