import { CommandFailure } from "./command-failure.js";
import {
  FINE_POINTS, GONIOMETER_FRAMES, RIDE_STATES, STAGES, THIRD_OCTAVES, type Goniometer, type MeterSnapshot, type Spectrum, type StageLevels, type TapLevels,
} from "./meter-snapshot.js";

/**
 * The meters as bytes, little-endian, in this order:
 *
 * - u8 version of this form, u8 flags (FLAG_*)
 * - f64 bin, f64 measuredS, f64 inputClips, u32 songIndex
 * - f32 each, NaN for null: FIGURES; f32 matchGainDb; f32 gain of the ride, u8 index of its state in RIDE_STATES
 * - f32 each, NaN for null: true peak left, right, RMS left, right of the input; the same of the output
 * - f32 reduction of the compressor, of the limiter
 * - u8 count and f32 each: reductions of the dynamic bands of the equaliser; u8 count and f32 each: of the multiband
 * - u8 count of stages; for each u8 index in STAGES, f32 in, f32 out, NaN for null
 * - with FLAG_SPECTRUM: i16 in hundredths of a decibel: fine, inputFine, third
 * - with FLAG_GONIOMETER: f32 gain, i8 each point
 */
export const METER_WIRE_VERSION = 2;

const FLAG_PAUSED = 1;
const FLAG_SPECTRUM = 2;
const FLAG_GONIOMETER = 4;
const ALL_FLAGS = FLAG_PAUSED | FLAG_SPECTRUM | FLAG_GONIOMETER;

/** Figures that are null where nothing can be said, in their order on the wire. */
const FIGURES = [
  "momentaryLufs", "shortTermLufs", "integratedLufs", "loudnessRangeLu", "maxMomentaryLufs", "maxShortTermLufs", "maxTruePeakDbtp",
  "correlation", "compressorInputDbfs",
] as const;
/** Most items of a counted list. */
const MAX_ITEMS = 16;
const CENTS = 100;

/** Room for the longest snapshot. */
export const MAX_METER_BYTES = 2048;

class Writer {
  readonly bytes = new Uint8Array(MAX_METER_BYTES);
  readonly #view = new DataView(this.bytes.buffer);
  at = 0;

  u8(value: number): void {
    this.#view.setUint8(this.at, value);
    this.at += 1;
  }

  u32(value: number): void {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  f32(value: number | null): void {
    this.#view.setFloat32(this.at, value ?? NaN, true);
    this.at += 4;
  }

  f64(value: number): void {
    this.#view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  list(values: readonly number[]): void {
    this.u8(values.length);
    for (const value of values) this.f32(value);
  }

  levels({ truePeakDbtp, rmsDbfs }: TapLevels): void {
    for (const value of [...truePeakDbtp, ...rmsDbfs]) this.f32(value);
  }

  cents(values: Float32Array): void {
    for (const value of values) {
      const cents = Math.max(-32_768, Math.min(32_767, Math.round(CENTS * value)));
      this.#view.setInt16(this.at, cents, true);
      this.at += 2;
    }
  }
}

/** Writes a snapshot; numbers are rounded to 32 bits, the spectrum to hundredths of a decibel. */
export function writeMeters(snapshot: MeterSnapshot): Uint8Array {
  const { spectrum, goniometer, reductionDb } = snapshot;
  const writer = new Writer();
  writer.u8(METER_WIRE_VERSION);
  writer.u8((snapshot.isPaused ? FLAG_PAUSED : 0) | (spectrum ? FLAG_SPECTRUM : 0) | (goniometer ? FLAG_GONIOMETER : 0));
  writer.f64(snapshot.bin);
  writer.f64(snapshot.measuredS);
  writer.f64(snapshot.inputClips);
  writer.u32(snapshot.songIndex);
  for (const figure of FIGURES) writer.f32(snapshot[figure]);
  writer.f32(snapshot.matchGainDb);
  writer.f32(snapshot.ride.gainDb);
  writer.u8(RIDE_STATES.indexOf(snapshot.ride.state));
  writer.levels(snapshot.input);
  writer.levels(snapshot.output);
  writer.f32(reductionDb.compressor);
  writer.f32(reductionDb.limiter);
  writer.list(reductionDb.eqDynamic);
  writer.list(reductionDb.multiband);
  writer.u8(snapshot.stages.length);
  for (const { id, inDbfs, outDbfs } of snapshot.stages) {
    writer.u8(STAGES.indexOf(id));
    writer.f32(inDbfs);
    writer.f32(outDbfs);
  }
  if (spectrum) {
    writer.cents(spectrum.fine);
    writer.cents(spectrum.inputFine);
    writer.cents(spectrum.third);
  }
  if (goniometer) {
    writer.f32(goniometer.gainDb);
    writer.bytes.set(new Uint8Array(goniometer.points.buffer, goniometer.points.byteOffset, goniometer.points.length), writer.at);
    writer.at += goniometer.points.length;
  }
  return writer.bytes.slice(0, writer.at);
}

function refuse(sentence: string): never {
  throw new CommandFailure("badMessage", `The meters cannot be read: ${sentence}.`);
}

class WireReader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#view.byteLength) refuse("they end too early");
    this.#at += count;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A count or a time: finite, 0 or more. */
  f64(): number {
    const value = this.#view.getFloat64(this.#take(8), true);
    return Number.isFinite(value) && value >= 0 ? value : refuse(`a count is ${value}`);
  }

  level(): number | null {
    const value = this.#view.getFloat32(this.#take(4), true);
    if (Math.abs(value) === Infinity) refuse("a level is infinite");
    return Number.isNaN(value) ? null : value;
  }

  number(): number {
    return this.level() ?? refuse("a number is missing");
  }

  count(): number {
    const count = this.u8();
    return count <= MAX_ITEMS ? count : refuse(`a list has ${count} items`);
  }

  list(): number[] {
    return Array.from({ length: this.count() }, () => this.number());
  }

  pair(): readonly [number | null, number | null] {
    return [this.level(), this.level()];
  }

  levels(): TapLevels {
    return { truePeakDbtp: this.pair(), rmsDbfs: this.pair() };
  }

  stage(): StageLevels {
    return { id: STAGES[this.u8()] ?? refuse("there is no such stage"), inDbfs: this.level(), outDbfs: this.level() };
  }

  cents(count: number): Float32Array {
    const at = this.#take(2 * count);
    return Float32Array.from({ length: count }, (_, index) => this.#view.getInt16(at + 2 * index, true) / CENTS);
  }

  spectrum(): Spectrum {
    return { fine: this.cents(FINE_POINTS), inputFine: this.cents(FINE_POINTS), third: this.cents(THIRD_OCTAVES) };
  }

  goniometer(): Goniometer {
    const gainDb = this.number();
    const at = this.#take(2 * GONIOMETER_FRAMES);
    return { gainDb, points: Int8Array.from({ length: 2 * GONIOMETER_FRAMES }, (_, index) => this.#view.getInt8(at + index)) };
  }

  end(): void {
    if (this.#at !== this.#view.byteLength) refuse("they are longer than they say");
  }
}

/** Reads a snapshot. @throws CommandFailure when the bytes are none */
export function readMeters(bytes: Uint8Array): MeterSnapshot {
  const reader = new WireReader(bytes);
  const version = reader.u8();
  if (version !== METER_WIRE_VERSION) refuse(`they are of version ${version}, this program reads ${METER_WIRE_VERSION}`);
  const flags = reader.u8();
  if ((flags & ~ALL_FLAGS) !== 0) refuse(`their flags are ${flags}`);
  const [bin, measuredS, inputClips, songIndex] = [reader.f64(), reader.f64(), reader.f64(), reader.u32()];
  const figures = Object.fromEntries(FIGURES.map((figure) => [figure, reader.level()])) as Pick<MeterSnapshot, (typeof FIGURES)[number]>;
  const matchGainDb = reader.number();
  const ride = { gainDb: reader.number(), state: RIDE_STATES[reader.u8()] ?? refuse("the ride is in no state") };
  const [input, output] = [reader.levels(), reader.levels()];
  const [compressor, limiter, eqDynamic, multiband] = [reader.number(), reader.number(), reader.list(), reader.list()];
  const stages = Array.from({ length: reader.count() }, () => reader.stage());
  const snapshot: MeterSnapshot = {
    ...figures, bin, measuredS, inputClips, songIndex, matchGainDb, ride, input, output, stages, isPaused: (flags & FLAG_PAUSED) !== 0,
    reductionDb: { eqDynamic, compressor, multiband, limiter },
    ...((flags & FLAG_SPECTRUM) !== 0 && { spectrum: reader.spectrum() }),
    ...((flags & FLAG_GONIOMETER) !== 0 && { goniometer: reader.goniometer() }),
  };
  reader.end();
  return snapshot;
}
