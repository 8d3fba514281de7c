import { signal } from "@preact/signals";
import type { UploadFile, UploadProgress, UploadSignal } from "../protocol/upload-sender.js";

/** Sends a file; answers the id of the new reference. */
export type SendFile = (file: UploadFile, onProgress: UploadProgress, signal: UploadSignal) => Promise<string>;

/** The file that is on its way to the box, how much of it is there (0..1), and how many wait behind it. */
export interface UploadView {
  readonly name: string;
  readonly share: number;
  readonly waiting: number;
}

/** A file that did not arrive, and why, for people. */
export interface RefusedFile {
  readonly name: string;
  readonly reason: string;
}

/** So many are remembered: as many as one pick may hold. */
const MOST_REFUSED = 16;

/** Sends reference tracks one after the other: the box takes in one file of a phone at a time. */
export class Uploads {
  readonly view = signal<UploadView | null>(null);
  /** Files that did not arrive, until they are sent again or forgotten. */
  readonly refused = signal<readonly RefusedFile[]>([]);
  readonly #send: SendFile;
  readonly #onFailure: (sentence: string) => void;
  #waiting: UploadFile[] = [];
  #abort: AbortController | undefined;

  /** @param onFailure hears why a file did not arrive, for people */
  constructor(send: SendFile, onFailure: (sentence: string) => void) {
    this.#send = send;
    this.#onFailure = onFailure;
  }

  /** Sends these behind those that wait. */
  add(files: readonly UploadFile[]): void {
    this.#waiting.push(...files);
    for (const { name } of files) this.forget(name);
    if (this.#abort === undefined) void this.#run();
    else this.#show({ waiting: this.#waiting.length });
  }

  /** Stops the file that is on its way, and forgets those that wait. */
  stop(): void {
    this.#waiting = [];
    this.#abort?.abort();
  }

  /** Tells no more of a file that did not arrive. */
  forget(wanted: string): void {
    this.refused.value = this.refused.peek().filter(({ name }) => name !== wanted);
  }

  async #run(): Promise<void> {
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      const { name, size } = file;
      const abort = new AbortController();
      this.#abort = abort;
      this.view.value = { name, share: 0, waiting: this.#waiting.length };
      try {
        await this.#send(file, (doneBytes) => this.#show({ share: size === 0 ? 1 : doneBytes / size }), abort.signal);
      } catch (failure) {
        if (!abort.signal.aborted) this.#refuse(name, (failure as Error).message);
      }
    }
    this.#abort = undefined;
    this.view.value = null;
  }

  #refuse(name: string, reason: string): void {
    this.forget(name);
    this.refused.value = [...this.refused.peek(), { name, reason }].slice(-MOST_REFUSED);
    this.#onFailure(`“${name}” did not arrive: ${reason}`);
  }

  #show(change: Partial<UploadView>): void {
    const view = this.view.peek();
    if (view !== null) this.view.value = { ...view, ...change };
  }
}
