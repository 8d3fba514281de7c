import { BandPowers, LIVELY } from "../analysis/band-powers.js";
import { GoniometerPicker } from "../analysis/goniometer.js";
import { FINE_BANDS, THIRD_OCTAVE_BANDS } from "../analysis/spectrum-bands.js";
import type { TapReader } from "../engine/tap-reader.js";
import type { AudioHealth } from "../hal/audio-health.js";
import { AES17_DB } from "../meters/decibels.js";
import type { Goniometer, MeterWishes, Spectrum } from "../protocol/meter-snapshot.js";
import type { MeterView } from "../server/control-connection.js";

/** Where the sound comes from: the engine. */
export interface AnalysedSound {
  createTapReader(): TapReader | null;
  health(): Pick<AudioHealth, "format">;
}

/** Numbers of a frame of the tap ring: left and right of the input, and of the output. */
const TAP_FIELDS = 4;
const INPUT_FIELD = 0;
const OUTPUT_FIELD = 2;
const PIECE_FRAMES = 1024;
/** The spectrum is brought up to date so often. */
const UPDATES_PER_SECOND = 30;
/** So much sound is analysed at once; a box that was held up for longer passes over the rest. */
const MOST_S = 0.2;
/** Without new sound for so many calls of `tick` there is nothing to show. */
const STALE_TICKS = 15;
const OUTPUT_BANDS = [...FINE_BANDS, ...THIRD_OCTAVE_BANDS];
const FINE = FINE_BANDS.length;
/** Where the bands of the input follow those of the output. */
const INPUT_AT = OUTPUT_BANDS.length;
const ALL = INPUT_AT + FINE;
const FLOOR_DBFS = -150;

/** The analysers of a sound of one rate. */
interface Analysers {
  readonly sampleRateHz: number;
  readonly reader: TapReader;
  readonly input: BandPowers;
  readonly output: BandPowers;
  readonly goniometer: GoniometerPicker;
}

/** What one viewer wants of the analysis, and the mean of the spectra since it looked last. */
export class AnalysisView implements Pick<MeterView, "close"> {
  readonly wishes: MeterWishes;
  readonly #onClose: (view: AnalysisView) => void;
  readonly #goniometer: () => Goniometer | undefined;
  readonly #sums = new Float64Array(ALL);
  #updates = 0;
  #spectrum: Spectrum | undefined;

  constructor(wishes: MeterWishes, goniometer: () => Goniometer | undefined, onClose: (view: AnalysisView) => void) {
    this.wishes = wishes;
    this.#goniometer = goniometer;
    this.#onClose = onClose;
  }

  /** Takes the powers of all bands; none when there is nothing to show any more. */
  add(powers: Float64Array | undefined): void {
    if (powers === undefined) {
      this.#spectrum = undefined;
      this.#sums.fill(0);
      this.#updates = 0;
      return;
    }
    for (let band = 0; band < ALL; band++) this.#sums[band] = (this.#sums[band] as number) + (powers[band] as number);
    this.#updates++;
  }

  /** What was wished for, as far as there is sound to analyse. */
  take(): { readonly spectrum?: Spectrum; readonly goniometer?: Goniometer } {
    const spectrum = this.wishes.spectrum === true ? this.#takeSpectrum() : undefined;
    const goniometer = this.wishes.goniometer === true ? this.#goniometer() : undefined;
    return { ...(spectrum && { spectrum }), ...(goniometer && { goniometer }) };
  }

  close(): void {
    this.#onClose(this);
  }

  #takeSpectrum(): Spectrum | undefined {
    const updates = this.#updates;
    if (updates === 0) return this.#spectrum;
    const dbfs = Float32Array.from(this.#sums, (sum) => levelDbfs(sum / updates));
    this.#sums.fill(0);
    this.#updates = 0;
    this.#spectrum = { fine: dbfs.slice(0, FINE), third: dbfs.slice(FINE, INPUT_AT), inputFine: dbfs.slice(INPUT_AT) };
    return this.#spectrum;
  }
}

/**
 * Spectrum and goniometer of the sound that goes in and out, from the tap ring, while anybody looks at them. Under overload
 * the ring is not written: then there is no sound to analyse, and nothing is shown.
 */
export class LiveAnalysis {
  readonly #sound: () => AnalysedSound | undefined;
  readonly #views = new Set<AnalysisView>();
  readonly #piece = new Float32Array(TAP_FIELDS * PIECE_FRAMES);
  readonly #stereo = new Float64Array(2 * PIECE_FRAMES);
  readonly #powers = new Float64Array(ALL);
  #analysers: Analysers | undefined;
  #framesSinceUpdate = 0;
  #ticksWithout = 0;

  /** @param sound the engine, once there is one */
  constructor(sound: () => AnalysedSound | undefined) {
    this.#sound = sound;
  }

  /** Opens a view for one viewer, which must close it. One without wishes costs nothing. */
  openView(wishes: MeterWishes): AnalysisView {
    const view = new AnalysisView(wishes, () => this.#goniometer, (closed) => this.#views.delete(closed));
    if (wishes.spectrum === true || wishes.goniometer === true) this.#views.add(view);
    return view;
  }

  /** Analyses the sound since the last call; to be called as often as anybody may look. */
  tick(): void {
    if (this.#views.size === 0) this.#analysers = undefined;
    else this.#follow();
  }

  #follow(): void {
    const analysers = this.#prepare();
    if (analysers === undefined) return;
    if (analysers.reader.skipLost() > 0) this.#clear(analysers);
    const most = MOST_S * analysers.sampleRateHz;
    let done = 0;
    for (let frames = -1; frames !== 0 && done < most; done += frames) {
      frames = analysers.reader.read(this.#piece);
      this.#analyse(analysers, frames);
    }
    // What is left is passed over with its reader.
    if (done >= most) this.#analysers = undefined;
    this.#ticksWithout = done > 0 ? 0 : this.#ticksWithout + 1;
    if (this.#ticksWithout === STALE_TICKS) this.#clear(analysers);
  }

  #analyse(analysers: Analysers, frames: number): void {
    const { input, output, goniometer, sampleRateHz } = analysers;
    if (frames === 0) return;
    if (this.#wants("spectrum")) input.add(this.#sideOf(INPUT_FIELD, frames), frames);
    const sound = this.#sideOf(OUTPUT_FIELD, frames);
    if (this.#wants("goniometer")) goniometer.add(sound, frames);
    if (!this.#wants("spectrum")) return;
    output.add(sound, frames);
    this.#framesSinceUpdate += frames;
    if (this.#framesSinceUpdate * UPDATES_PER_SECOND < sampleRateHz) return;
    this.#framesSinceUpdate = 0;
    output.take(this.#powers.subarray(0, INPUT_AT));
    input.take(this.#powers.subarray(INPUT_AT));
    for (const view of this.#views) view.add(this.#powers);
  }

  #clear({ input, output, goniometer }: Analysers): void {
    for (const part of [input, output, goniometer]) part.clear();
    this.#framesSinceUpdate = 0;
    for (const view of this.#views) view.add(undefined);
  }

  #wants(wish: keyof MeterWishes): boolean {
    for (const view of this.#views) if (view.wishes[wish] === true) return true;
    return false;
  }

  get #goniometer(): Goniometer | undefined {
    return this.#ticksWithout < STALE_TICKS ? this.#analysers?.goniometer.points : undefined;
  }

  /** Left and right of one side of the piece. */
  #sideOf(field: number, frames: number): Float64Array {
    for (let n = 0; n < frames; n++) {
      this.#stereo[2 * n] = this.#piece[TAP_FIELDS * n + field] as number;
      this.#stereo[2 * n + 1] = this.#piece[TAP_FIELDS * n + field + 1] as number;
    }
    return this.#stereo;
  }

  #prepare(): Analysers | undefined {
    if (this.#analysers !== undefined) return this.#analysers;
    const sound = this.#sound();
    const sampleRateHz = sound?.health().format?.sampleRateHz;
    const reader = sound?.createTapReader();
    if (!reader || sampleRateHz === undefined) return undefined;
    this.#analysers = {
      sampleRateHz, reader,
      input: new BandPowers(sampleRateHz, FINE_BANDS, LIVELY),
      output: new BandPowers(sampleRateHz, OUTPUT_BANDS, LIVELY),
      goniometer: new GoniometerPicker(sampleRateHz),
    };
    this.#framesSinceUpdate = 0;
    return this.#analysers;
  }
}

/** Level by AES17 of the mean square of a band: a full-scale sine in both channels is 0. */
function levelDbfs(meanSquare: number): number {
  return Math.max(FLOOR_DBFS, 10 * Math.log10(meanSquare) + AES17_DB);
}
