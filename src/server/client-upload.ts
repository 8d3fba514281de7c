import { CommandFailure } from "../protocol/command-failure.js";
import type { CommandInput } from "../protocol/commands.js";
import type { UploadMessage } from "../protocol/messages.js";
import { readChunk, UPLOAD_WINDOW_BYTES } from "../protocol/upload-wire.js";

/** A client that sends nothing for so long has lost its file, or its wish. */
const IDLE_MS = 30_000;

/** A file that comes in; what it throws is a CommandFailure where people can do something about it. */
export interface IncomingFile {
  /** Resolves when the disk has taken the bytes, in the order of the calls. */
  write(bytes: Uint8Array): Promise<void>;
  /** Keeps the file, which is whole. Returns the id of the new reference. */
  finish(): Promise<string>;
  /** Removes what came; may be called at any time, and twice. */
  cancel(): Promise<void>;
}

/** Where uploads go. */
export interface UploadStore {
  /** Makes room for a file. `phone` is the id of the phone that it comes from; null for a program on the box. @throws CommandFailure when there is none */
  begin(upload: { readonly name: string; readonly bytes: number; readonly phone: string | null }): Promise<IncomingFile>;
}

export interface ClientUploadOptions {
  readonly store: UploadStore;
  readonly phone: string | null;
  readonly tell: (message: UploadMessage) => void;
  /** Reads an error as a refusal, and reports what is none. */
  readonly failureOf: (error: unknown) => CommandFailure;
  readonly nowMs: () => number;
}

interface Running {
  readonly upload: number;
  readonly bytes: number;
  readonly file: IncomingFile;
  /** Chunks that are not on their way to the disk yet. */
  waiting: Uint8Array[];
  receivedBytes: number;
  writtenBytes: number;
  writing: Promise<void> | undefined;
  /** Why it was given up. What is under way of it still is thrown away. */
  failure: CommandFailure | undefined;
  movedAtMs: number;
}

/**
 * The uploads of one client, one at a time. The client may have so much under way as UPLOAD_WINDOW_BYTES beyond what is on
 * the disk, so that a slow disk slows it down and nothing grows here.
 */
export class ClientUpload {
  readonly #options: ClientUploadOptions;
  #running: Running | undefined;
  #isStarting = false;
  #isEnded = false;
  #lastUpload = 0;

  constructor(options: ClientUploadOptions) {
    this.#options = options;
  }

  /** Begins an upload. @throws CommandFailure */
  async start({ name, bytes }: CommandInput<"startUpload">): Promise<{ readonly upload: number }> {
    const { store, phone, nowMs } = this.#options;
    if (this.#isStarting || (this.#running !== undefined && this.#running.failure === undefined)) {
      throw new CommandFailure("notNow", "A file is being uploaded already; wait for it, or stop it.");
    }
    this.#isStarting = true;
    try {
      const file = await store.begin({ name, bytes, phone });
      const upload = ++this.#lastUpload;
      this.#running = {
        upload, bytes, file, waiting: [], receivedBytes: 0, writtenBytes: 0, writing: undefined, failure: undefined, movedAtMs: nowMs(),
      };
      if (this.#isEnded) this.end();
      return { upload };
    } finally {
      this.#isStarting = false;
    }
  }

  /** Takes a chunk. @throws CommandFailure for one that no honest client sends */
  take(message: Uint8Array): void {
    const { upload, offset, bytes } = readChunk(message);
    const running = this.#running;
    if (running === undefined || upload !== running.upload) throw new CommandFailure("badMessage", "There is no such upload.");
    const receivedBytes = running.receivedBytes + bytes.length;
    if (offset !== running.receivedBytes || receivedBytes > running.bytes) throw new CommandFailure("badMessage", "The chunk is not the next one of its file.");
    if (receivedBytes - running.writtenBytes > UPLOAD_WINDOW_BYTES) throw new CommandFailure("badMessage", "More was sent than there is room for.");
    running.receivedBytes = receivedBytes;
    running.movedAtMs = this.#options.nowMs();
    if (running.failure !== undefined) return;
    running.waiting.push(bytes);
    running.writing ??= this.#write(running).finally(() => (running.writing = undefined));
  }

  /** Ends an upload of which all has come. @throws CommandFailure when it has not, or cannot be kept */
  async finish(upload: number): Promise<{ readonly reference: string }> {
    const running = this.#ofId(upload);
    await running.writing;
    this.#running = undefined;
    try {
      if (running.failure !== undefined) throw running.failure;
      if (running.writtenBytes !== running.bytes) {
        throw new CommandFailure("badValue", `Only ${running.writtenBytes} of ${running.bytes} bytes came; upload the file again.`);
      }
      return { reference: await running.file.finish() };
    } catch (error) {
      await running.file.cancel();
      throw error;
    }
  }

  /** Gives an upload up. @throws CommandFailure when there is none */
  async cancel(upload: number): Promise<void> {
    const running = this.#ofId(upload);
    this.#running = undefined;
    running.failure ??= new CommandFailure("notNow", "The upload was stopped.");
    await running.writing;
    await running.file.cancel();
  }

  /** Gives up an upload of which nothing has come for long. */
  checkLife(): void {
    const running = this.#running;
    if (running === undefined || running.writing !== undefined || this.#options.nowMs() - running.movedAtMs < IDLE_MS) return;
    this.#fail(running, new CommandFailure("notNow", `Nothing more of the file came for ${IDLE_MS / 1000} s, so it was thrown away; upload it again.`));
  }

  /** The client has gone, and what it was sending with it. */
  end(): void {
    this.#isEnded = true;
    if (this.#running !== undefined) void this.cancel(this.#running.upload).catch(this.#options.failureOf);
  }

  #ofId(upload: number): Running {
    const running = this.#running;
    if (running === undefined || running.upload !== upload) throw new CommandFailure("notNow", "There is no such upload; it may have been stopped.");
    return running;
  }

  /** Writes what waits, as long as anything does; a client hears of each piece that is on the disk. Never rejects. */
  async #write(running: Running): Promise<void> {
    try {
      while (running.waiting.length > 0 && running.failure === undefined) {
        const piece = Buffer.concat(running.waiting);
        running.waiting = [];
        await running.file.write(piece);
        running.writtenBytes += piece.length;
        running.movedAtMs = this.#options.nowMs();
        this.#options.tell({ type: "upload", upload: running.upload, bytes: running.writtenBytes, error: null });
      }
    } catch (error) {
      this.#fail(running, this.#options.failureOf(error));
    }
  }

  #fail(running: Running, failure: CommandFailure): void {
    if (running.failure !== undefined) return;
    running.failure = failure;
    running.waiting = [];
    this.#options.tell({ type: "upload", upload: running.upload, bytes: running.writtenBytes, error: failure.wire });
    void running.file.cancel().catch(this.#options.failureOf);
  }
}
