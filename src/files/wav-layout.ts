/** How samples are written into a WAV. */
export type WavSampleFormat = "pcm16" | "pcm24" | "float32";

export const WAV_SAMPLE_BYTES: Readonly<Record<WavSampleFormat, number>> = { pcm16: 2, pcm24: 3, float32: 4 };

export interface WavLayout {
  readonly sampleRateHz: number;
  readonly format: WavSampleFormat;
  readonly frames: number;
  /** RF64 with a ds64 chunk (EBU Tech 3306) instead of RIFF, for files of 4 GiB and more. */
  readonly isLong: boolean;
}

const UINT32_MAX = 0xffff_ffff;
const CHANNELS = 2;
const DS64_BYTES = 28;

/** Bytes of the samples of a stereo file. */
export function wavDataBytes(format: WavSampleFormat, frames: number): number {
  return CHANNELS * WAV_SAMPLE_BYTES[format] * frames;
}

/** Whether a file of so many frames needs RF64: its sizes do not fit in 32 bits. */
export function needsRf64(format: WavSampleFormat, frames: number): boolean {
  return wavDataBytes(format, frames) + 1024 > UINT32_MAX;
}

/**
 * The bytes of a stereo WAV before its first sample. PCM of 24 bits has the plain format tag 1 and not
 * WAVE_FORMAT_EXTENSIBLE: two channels of full words need no more, and older players refuse the extension.
 */
export function wavHeader(layout: WavLayout): Uint8Array {
  const { sampleRateHz, format, frames, isLong } = layout;
  const isFloat = format === "float32";
  const frameBytes = wavDataBytes(format, 1);
  const dataBytes = wavDataBytes(format, frames);
  // A format other than PCM has an extension size and a fact chunk (Multimedia Data Standards Update, 1994).
  const fmtBytes = isFloat ? 18 : 16;
  const riffBytes = 4 + (isLong ? 8 + DS64_BYTES : 0) + 8 + fmtBytes + (isFloat ? 12 : 0) + 8 + dataBytes;
  const size = (bytes: number): Field => [4, isLong ? UINT32_MAX : bytes];
  return encode([
    isLong ? "RF64" : "RIFF", size(riffBytes), "WAVE",
    ...(isLong ? ds64(riffBytes, dataBytes, frames) : []),
    "fmt ", [4, fmtBytes], [2, isFloat ? 3 : 1], [2, CHANNELS], [4, sampleRateHz], [4, sampleRateHz * frameBytes],
    [2, frameBytes], [2, 8 * WAV_SAMPLE_BYTES[format]],
    ...(isFloat ? fact(frames) : []),
    "data", size(dataBytes),
  ]);
}

function ds64(riffBytes: number, dataBytes: number, frames: number): Field[] {
  return ["ds64", [4, DS64_BYTES], [8, riffBytes], [8, dataBytes], [8, frames], [4, 0]];
}

function fact(frames: number): Field[] {
  return [[2, 0], "fact", [4, 4], [4, Math.min(frames, UINT32_MAX)]];
}

/** A four-character code, or an unsigned little-endian number of so many bytes. */
type Field = string | readonly [bytes: 2 | 4 | 8, value: number];

function encode(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(fields.map((field) => {
    if (typeof field === "string") return Buffer.from(field, "latin1");
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(field[1]));
    return bytes.subarray(0, field[0]);
  }));
}
