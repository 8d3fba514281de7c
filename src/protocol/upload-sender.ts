import { CommandFailure } from "./command-failure.js";
import type { Commands, UploadMessage } from "./messages.js";
import { MAX_REFERENCE_BYTES } from "./references.js";
import { MAX_CHUNK_BYTES, UPLOAD_WINDOW_BYTES, writeChunk } from "./upload-wire.js";

/** A file as a browser has it. */
export interface UploadFile {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** An AbortSignal, of which this folder does not know. */
export interface UploadSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** How far it has come: bytes that are on the disk of the box. */
export type UploadProgress = (doneBytes: number) => void;

type UploadCommand = "startUpload" | "finishUpload" | "cancelUpload";

/** The way to the box. */
export interface UploadWay {
  command<Name extends UploadCommand>(name: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]>;
  sendChunk(chunk: Uint8Array): void;
}

/**
 * Sends files to the box, at a connection's end. No more is read of a file, and under way, than the box has room for: it
 * says what is on its disk, and a slow disk makes a slow upload.
 */
export class UploadSender {
  readonly #way: UploadWay;
  readonly #running = new Map<number, RunningUpload>();

  constructor(way: UploadWay) {
    this.#way = way;
  }

  /** Takes what the box says about an upload. */
  receive({ upload, bytes, error }: UploadMessage): void {
    const running = this.#running.get(upload);
    if (error === null) running?.acknowledge(bytes);
    else running?.fail(new CommandFailure(error.code, error.sentence));
  }

  /** Ends all uploads: the box is gone. */
  end(reason: Error): void {
    for (const running of this.#running.values()) running.fail(reason);
  }

  /** Sends a file. Returns the id of the new reference. @throws CommandFailure when the box refuses it, Error when it was given up */
  async send(file: UploadFile, onProgress: UploadProgress, signal?: UploadSignal): Promise<string> {
    const stop = (): never => {
      throw new Error("The upload was stopped.");
    };
    if (signal?.aborted) stop();
    // The box refuses them too, in words for programs.
    if (file.size === 0) throw new CommandFailure("badValue", "The file is empty (0 bytes); copy or export it again.");
    if (file.size > MAX_REFERENCE_BYTES) {
      throw new CommandFailure("badValue", `The file has ${Math.ceil(file.size / 1e6)} MB; allowed are ${MAX_REFERENCE_BYTES / 1e6} MB. Export it as FLAC or MP3, or cut out a part.`);
    }
    const { upload } = await this.#way.command("startUpload", { name: file.name, bytes: file.size });
    const running = new RunningUpload(onProgress);
    this.#running.set(upload, running);
    const abort = (): void => running.fail(new Error("The upload was stopped."));
    signal?.addEventListener("abort", abort);
    try {
      if (signal?.aborted) stop();
      await this.#sendAll(upload, file, running);
      return (await this.#way.command("finishUpload", { upload })).reference;
    } catch (error) {
      // The box may be gone, or have given it up itself.
      await this.#way.command("cancelUpload", { upload }).catch(() => undefined);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#running.delete(upload);
    }
  }

  async #sendAll(upload: number, file: UploadFile, running: RunningUpload): Promise<void> {
    for (let sent = 0; sent < file.size;) {
      await running.until((doneBytes) => doneBytes + UPLOAD_WINDOW_BYTES > sent);
      const room = running.doneBytes + UPLOAD_WINDOW_BYTES - sent;
      const block = new Uint8Array(await file.slice(sent, Math.min(file.size, sent + room)).arrayBuffer());
      running.requireGoing();
      if (block.length === 0) throw new Error("The file has become shorter meanwhile.");
      for (let at = 0; at < block.length; at += MAX_CHUNK_BYTES) {
        this.#way.sendChunk(writeChunk({ upload, offset: sent + at, bytes: block.subarray(at, at + MAX_CHUNK_BYTES) }));
      }
      sent += block.length;
    }
    await running.until((doneBytes) => doneBytes === file.size);
  }
}

/** What the box has said about an upload, and who waits for it. */
class RunningUpload {
  readonly #onProgress: UploadProgress;
  /** Bytes that are on the disk of the box. */
  doneBytes = 0;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(onProgress: UploadProgress) {
    this.#onProgress = onProgress;
  }

  acknowledge(bytes: number): void {
    this.doneBytes = bytes;
    this.#onProgress(bytes);
    this.#wake();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** @throws Error when the upload has failed */
  requireGoing(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits until so much is done. @throws Error when the upload has failed */
  async until(isEnough: (doneBytes: number) => boolean): Promise<void> {
    this.requireGoing();
    while (!isEnough(this.doneBytes)) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.requireGoing();
    }
  }
}
