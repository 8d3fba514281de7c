/** Builds WAV files byte by byte, independent of the product's own writer. */

/** One RIFF chunk; `declaredSize` overrides the true size. A pad byte makes the length even. */
export function chunk(id: string, body: Uint8Array, declaredSize = body.length): Uint8Array {
  const bytes = Buffer.alloc(8 + body.length + (body.length % 2));
  bytes.write(id, 0, "latin1");
  bytes.writeUInt32LE(declaredSize, 4);
  bytes.set(body, 8);
  return bytes;
}

export interface WavFormat {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRateHz?: number;
  readonly bits?: number;
  readonly frameBytes?: number;
  /** Makes it WAVE_FORMAT_EXTENSIBLE with this many valid bits. */
  readonly validBits?: number;
}

export function formatChunk(format: WavFormat): Uint8Array {
  const { tag = 1, channels = 2, sampleRateHz = 48_000, bits = 16, validBits } = format;
  const frameBytes = format.frameBytes ?? (channels * bits) / 8;
  const body = Buffer.alloc(validBits === undefined ? 16 : 40);
  body.writeUInt16LE(validBits === undefined ? tag : 0xfffe, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(sampleRateHz, 4);
  body.writeUInt32LE((sampleRateHz * frameBytes) >>> 0, 8);
  body.writeUInt16LE(frameBytes, 12);
  body.writeUInt16LE(bits, 14);
  if (validBits !== undefined) {
    body.writeUInt16LE(22, 16);
    body.writeUInt16LE(validBits, 18);
    body.writeUInt32LE(channels === 1 ? 4 : 3, 20);
    body.writeUInt16LE(tag, 24);
    body.set(Buffer.from("000000001000800000aa00389b71", "hex"), 26);
  }
  return chunk("fmt ", body);
}

/** A whole file of the chunks given. */
export function riff(chunks: readonly Uint8Array[], id = "RIFF", declaredSize?: number): Uint8Array {
  const body = Buffer.concat([Buffer.from("WAVE"), ...chunks]);
  return chunk(id, body, declaredSize);
}

/** A whole file of one format and the sample bytes given. */
export function wav(format: WavFormat, data: Uint8Array): Uint8Array {
  return riff([formatChunk(format), chunk("data", data)]);
}

/** Integers as little-endian samples of `bytes` bytes each. */
export function integers(bytes: number, values: readonly number[]): Uint8Array {
  const data = Buffer.alloc(bytes * values.length);
  values.forEach((value, k) => data.writeIntLE(value, k * bytes, bytes));
  return data;
}
