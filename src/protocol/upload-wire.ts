import { CommandFailure } from "./command-failure.js";
import { MAX_COMMAND_BYTES } from "./commands.js";

/** Number of the upload and position in the file, 32 bits each, little-endian; the bytes of the file follow. */
const HEAD_BYTES = 8;
/** Most bytes of a file in a chunk, which is no longer than the longest command. */
export const MAX_CHUNK_BYTES = MAX_COMMAND_BYTES - HEAD_BYTES;
/** Bytes of a file that may be under way: sent, and not yet said to be on the disk of the box. */
export const UPLOAD_WINDOW_BYTES = 16 * MAX_CHUNK_BYTES;

/** A piece of a file. */
export interface Chunk {
  /** The upload, by its number. */
  readonly upload: number;
  /** Position in the file; each chunk begins where the one before it ended. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Writes a chunk: a binary message on the unix socket, a sealed frame of its own kind from a phone. */
export function writeChunk({ upload, offset, bytes }: Chunk): Uint8Array {
  const message = new Uint8Array(HEAD_BYTES + bytes.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, upload, true);
  view.setUint32(4, offset, true);
  message.set(bytes, HEAD_BYTES);
  return message;
}

/** Reads a chunk; its bytes are a view of the message. @throws CommandFailure when it holds none, or too many */
export function readChunk(message: Uint8Array): Chunk {
  const count = message.length - HEAD_BYTES;
  if (count < 1 || count > MAX_CHUNK_BYTES) throw new CommandFailure("badMessage", `A chunk holds ${count} bytes; allowed 1 to ${MAX_CHUNK_BYTES}.`);
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  return { upload: view.getUint32(0, true), offset: view.getUint32(4, true), bytes: message.subarray(HEAD_BYTES) };
}
