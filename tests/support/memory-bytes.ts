import type { RandomAccess } from "../../src/files/file-bytes.js";

/** A file in memory; `size` may promise more bytes than there are, as a file that is cut while it is read. */
export class MemoryBytes implements RandomAccess {
  readonly path = "memory.bin";
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, size = bytes.length) {
    this.#bytes = bytes;
    this.size = size;
  }

  read(target: Uint8Array, length: number, position: number): number {
    const piece = this.#bytes.subarray(position, position + length);
    target.set(piece);
    return piece.length;
  }

  take(length: number, position: number): Uint8Array {
    return this.#bytes.slice(position, position + length);
  }

  close(): void {
    // Memory needs no closing.
  }
}
