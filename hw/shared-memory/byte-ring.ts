const HEAD = 0;
const TAIL = 1;
const WORDS = 2;
const DATA_AT = WORDS * Int32Array.BYTES_PER_ELEMENT;

/**
 * A bounded queue of bytes between two threads: one writes, the other reads, neither waits nor allocates. Both build one
 * upon the same buffer.
 */
export class ByteRing {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #data: Uint8Array;
  readonly #mask: number;

  /** `buffer` comes from `ByteRing.allocate`. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
    this.#data = new Uint8Array(buffer, DATA_AT);
    this.#mask = this.#data.length - 1;
  }

  /** Makes the memory of an empty ring that holds `bytes` or more. */
  static allocate(bytes: number): SharedArrayBuffer {
    return new SharedArrayBuffer(DATA_AT + 2 ** Math.ceil(Math.log2(bytes)));
  }

  /** Bytes that wait to be read. */
  get readable(): number {
    return (Atomics.load(this.#words, HEAD) - Atomics.load(this.#words, TAIL)) | 0;
  }

  /** Bytes that there is room for. */
  get writable(): number {
    return this.#data.length - this.readable;
  }

  /** Appends the first `length` bytes of `source`; the caller has seen that there is room. */
  write(source: Uint8Array, length: number): void {
    const head = Atomics.load(this.#words, HEAD);
    for (let i = 0; i < length; i++) this.#data[(head + i) & this.#mask] = source[i] as number;
    Atomics.store(this.#words, HEAD, (head + length) | 0);
  }

  /** Takes `length` bytes into the front of `target`; the caller has seen that they are there. */
  read(target: Uint8Array, length: number): void {
    const tail = Atomics.load(this.#words, TAIL);
    for (let i = 0; i < length; i++) target[i] = this.#data[(tail + i) & this.#mask] as number;
    Atomics.store(this.#words, TAIL, (tail + length) | 0);
  }

  /** Throws away the next `length` bytes; called by the reader. */
  skip(length: number): void {
    Atomics.add(this.#words, TAIL, length);
  }

  /** Throws away what waits; called by the reader. */
  clear(): void {
    Atomics.store(this.#words, TAIL, Atomics.load(this.#words, HEAD));
  }
}
