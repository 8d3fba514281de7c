import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { codeOf, writeWhole, type StateFileSystem } from "../config/state-files.js";
import { isSoundHead } from "../files/sound-head.js";
import { READABLE_FORMATS } from "../files/limits.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { IncomingFile } from "../server/client-upload.js";

/** Brought to the disk after so many bytes each: a heap of them at the end would keep the state from being saved meanwhile. */
const SYNC_BYTES = 4_194_304;

export interface IncomingTrackOptions {
  readonly files: StateFileSystem;
  /** Its name until it is whole. */
  readonly path: string;
  /** Keeps the file, which is on the disk. Returns the id of the reference. */
  readonly keep: () => Promise<string>;
  /** Is told, once, that it has ended, in whatever way. */
  readonly onEnd: () => void;
}

/** A reference track on its way in. Nothing is left of it unless it is finished. */
export class IncomingTrack implements IncomingFile {
  readonly #options: IncomingTrackOptions;
  readonly #handle: FileHandle;
  #writtenBytes = 0;
  #unsyncedBytes = 0;
  #isOpen = true;
  /** The call of the system that runs at present: the file is not closed in the middle of it. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: IncomingTrackOptions, handle: FileHandle) {
    this.#options = options;
    this.#handle = handle;
  }

  /** Makes the file. @throws CommandFailure when it cannot be made */
  static async open(options: IncomingTrackOptions): Promise<IncomingTrack> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    return new IncomingTrack(options, await options.files.open(options.path, flags, 0o600).catch(refuse));
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#writtenBytes === 0 && !isSoundHead(bytes)) {
      throw new CommandFailure("badValue", `This is no sound file that can be read; ${READABLE_FORMATS} are supported.`);
    }
    await this.#inTurn(async () => {
      await writeWhole(this.#handle, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), this.#writtenBytes);
      this.#writtenBytes += bytes.length;
      this.#unsyncedBytes += bytes.length;
      if (this.#unsyncedBytes < SYNC_BYTES) return;
      await this.#handle.datasync();
      this.#unsyncedBytes = 0;
    });
  }

  async finish(): Promise<string> {
    await this.#inTurn(() => this.#handle.sync());
    await this.#close();
    return await this.#options.keep().catch(refuse).finally(this.#options.onEnd);
  }

  async cancel(): Promise<void> {
    const { files, path, onEnd } = this.#options;
    if (!this.#isOpen) return;
    await this.#close();
    await files.unlink(path).catch(refuse).finally(onEnd);
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    await this.#turn;
    await this.#handle.close();
  }

  async #inTurn(act: () => Promise<void>): Promise<void> {
    if (!this.#isOpen) throw new CommandFailure("notNow", "The upload was stopped.");
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    await turn.catch(refuse);
  }
}

function refuse(error: unknown): never {
  if (error instanceof CommandFailure) throw error;
  const code = codeOf(error);
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  throw new CommandFailure("failed", isFull ? "The disk of the box is full; delete takes or reference tracks." : `The file cannot be kept (${code}).`);
}
