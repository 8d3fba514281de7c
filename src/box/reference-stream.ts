import type { ReferenceWriter } from "../engine/reference-port.js";
import { FileBytes } from "../files/file-bytes.js";
import { WavReader } from "../files/wav-reader.js";
import { PREPARED_SCALE } from "./prepare-track.js";

/** What is to be played: frames of a prepared track, from one place on, and then round and round. */
export interface StreamOrder {
  /** Counts up with each order. */
  readonly order: number;
  readonly path: string;
  readonly startFrame: number;
  readonly loopFrom: number;
  readonly loopTo: number;
}

/** An order has begun to be carried out: its first frame has this count (`ReferencePort.readFrames`). Or why it cannot be. */
export type StreamMessage = { readonly order: number; readonly firstFrame: number } | { readonly order: number; readonly problem: string };

const PIECE_FRAMES = 4096;
/** At the end of a loop what leads to its beginning fades in over so long, with equal gain. */
const SEAM_MS = 10;

/**
 * Fills the reference ring from the disk. To be called often: each time it puts in what there is room for. Where a loop ends,
 * its last 10 ms fade over into the 10 ms before its beginning, so that the seam has no click.
 */
export class ReferenceStream {
  readonly #writer: ReferenceWriter;
  readonly #sampleRateHz: number;
  readonly #piece = new Float64Array(2 * PIECE_FRAMES);
  readonly #lead = new Float64Array(2 * PIECE_FRAMES);
  #order: StreamOrder | undefined;
  #reader: WavReader | undefined;
  #isFlushing = false;
  #next = 0;

  constructor(writer: ReferenceWriter, sampleRateHz: number) {
    this.#writer = writer;
    this.#sampleRateHz = sampleRateHz;
  }

  /** Drops what waits and begins with this. @throws AudioFileError when the file cannot be opened; then nothing is played */
  play(order: StreamOrder): void {
    this.stop();
    this.#reader = new WavReader(new FileBytes(order.path));
    this.#order = order;
    this.#next = order.startFrame;
  }

  /** Drops what waits. */
  stop(): void {
    this.#reader?.close();
    this.#reader = undefined;
    this.#order = undefined;
    this.#writer.flush();
    this.#isFlushing = true;
  }

  /**
   * Puts in what there is room for. Returns what is to be told when an order begins.
   * @throws AudioFileError when the file cannot be read; then nothing is played any more
   */
  fill(): StreamMessage | undefined {
    let begun: StreamMessage | undefined;
    const [order, reader] = [this.#order, this.#reader];
    if (order === undefined || reader === undefined) return undefined;
    if (this.#isFlushing) {
      if (!this.#writer.isFlushed) return undefined;
      this.#isFlushing = false;
      begun = { order: order.order, firstFrame: this.#writer.writtenFrames };
    }
    try {
      while (this.#writer.roomFrames >= PIECE_FRAMES) this.#fillPiece(order, reader);
    } catch (error) {
      this.stop();
      throw error;
    }
    return begun;
  }

  #fillPiece({ loopFrom, loopTo }: StreamOrder, reader: WavReader): void {
    const seam = Math.min(Math.round((this.#sampleRateHz * SEAM_MS) / 1000), Math.floor((loopTo - loopFrom) / 2));
    const seamFrom = loopTo - seam;
    const end = this.#next < seamFrom ? seamFrom : loopTo;
    const frames = Math.min(PIECE_FRAMES, end - this.#next);
    reader.seek(this.#next);
    const read = reader.read(this.#piece, frames);
    this.#piece.fill(0, 2 * read, 2 * frames);
    if (this.#next >= seamFrom) this.#mixLead(reader, { first: this.#next - seamFrom, frames, seam, loopFrom });
    this.#writer.write(this.#piece, frames, 1 / PREPARED_SCALE);
    this.#next += frames;
    if (this.#next >= loopTo) this.#next = loopFrom;
  }

  /** Fades what lies before the beginning of the loop into the piece, which begins at frame `first` of the seam. */
  #mixLead(reader: WavReader, { first, frames, seam, loopFrom }: { readonly first: number; readonly frames: number; readonly seam: number; readonly loopFrom: number }): void {
    const from = loopFrom - seam + first;
    const silent = Math.min(frames, Math.max(0, -from));
    this.#lead.fill(0, 0, 2 * frames);
    reader.seek(Math.max(0, from));
    reader.read(this.#lead.subarray(2 * silent), frames - silent);
    for (let k = 0; k < frames; k++) {
      const weight = (first + k + 1) / (seam + 1);
      for (const at of [2 * k, 2 * k + 1]) {
        const [out, lead] = [this.#piece[at] as number, this.#lead[at] as number];
        this.#piece[at] = out + weight * (lead - out);
      }
    }
  }
}
