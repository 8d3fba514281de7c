import type { PcmFormat, SoundBlock } from "../../src/hal/audio.js";

/** Puts `samples` numbers of full scale 1 on the wire, at the front of the block. Allocates nothing. */
export type PcmEncoder = (source: Float64Array, samples: number) => void;

/** Rounds to a whole number of steps within the range of `bits`; what is no number becomes silence. */
function quantise(x: number, bits: number): number {
  const steps = 2 ** (bits - 1);
  const value = Math.round(x * steps);
  return value >= steps ? steps - 1 : value >= -steps ? value : value < -steps ? -steps : 0;
}

function wordEncoder(words: Int32Array | Int16Array, bits: number): PcmEncoder {
  return (source, samples) => {
    for (let i = 0; i < samples; i++) words[i] = quantise(source[i] as number, bits);
  };
}

function packedEncoder(bytes: Uint8Array): PcmEncoder {
  return (source, samples) => {
    for (let i = 0; i < samples; i++) {
      const value = quantise(source[i] as number, 24);
      bytes[3 * i] = value;
      bytes[3 * i + 1] = value >> 8;
      bytes[3 * i + 2] = value >> 16;
    }
  };
}

function floatEncoder(words: Float32Array): PcmEncoder {
  return (source, samples) => {
    for (let i = 0; i < samples; i++) words[i] = source[i] as number;
  };
}

/** Makes the encoder of a format for a block. FLOAT_LE alone carries values over full scale, NaN and infinities. */
export function pcmEncoder(format: PcmFormat, { buffer, address, bytes }: SoundBlock): PcmEncoder {
  switch (format) {
    case "S32_LE": return wordEncoder(new Int32Array(buffer, address, bytes >> 2), 32);
    case "S24_LE": return wordEncoder(new Int32Array(buffer, address, bytes >> 2), 24);
    case "S24_3LE": return packedEncoder(new Uint8Array(buffer, address, bytes));
    case "S16_LE": return wordEncoder(new Int16Array(buffer, address, bytes >> 1), 16);
    case "FLOAT_LE": return floatEncoder(new Float32Array(buffer, address, bytes >> 2));
  }
}
