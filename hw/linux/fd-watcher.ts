import { writeSync, closeSync } from "node:fs";
import { createRequire } from "node:module";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { WatchNews, WatchOrder, WatcherData } from "./fd-watcher-thread.js";
import { findLibrary } from "./koffi.js";

/** Hears of a file that is watched. Neither call may throw. */
export interface FdListener {
  /** What one read(2) gave. */
  data(bytes: Uint8Array): void;
  /** Nothing will come any more: name of the error such as "ENODEV", or "end". */
  ended(reason: string): void;
}

/** Waits for what device files have to tell. */
export interface FdWatcher {
  /** Begins to watch. What it answers ends that, and closes the file. */
  watch(fd: number, listener: FdListener): () => Promise<void>;
  /** Ends the thread; files that are still watched are left open. */
  end(): Promise<void>;
}

interface WatchThread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly wakeFd: number;
}

interface Watched {
  readonly fd: number;
  readonly listener: FdListener;
  onRemoved: (() => void) | undefined;
}

const require = createRequire(import.meta.url);
const EFD_CLOEXEC = 0x80000;
const WAKE = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);

/**
 * Watches device files by poll(2) on a thread of its own, which sleeps while nothing happens: Node can wait for no
 * character device but by a thread of its pool for each. The thread starts with the first file. Needs `koffi`.
 */
export class PollWatcher implements FdWatcher {
  readonly #files = new Map<number, Watched>();
  #thread: WatchThread | undefined;
  #lastId = 0;

  watch(fd: number, listener: FdListener): () => Promise<void> {
    const id = ++this.#lastId;
    const watched: Watched = { fd, listener, onRemoved: undefined };
    this.#files.set(id, watched);
    this.#tell({ add: fd, id });
    let closing: Promise<void> | undefined;
    return () => (closing ??= this.#close(id, watched));
  }

  async end(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    const ended = new Promise((resolve) => thread.worker.once("exit", resolve));
    this.#tell({ end: true });
    this.#thread = undefined;
    await ended;
    closeSync(thread.wakeFd);
  }

  async #close(id: number, watched: Watched): Promise<void> {
    const isRemoved = new Promise<void>((resolve) => (watched.onRemoved = resolve));
    // A file that is closed while poll(2) waits for it could be another one by the time it wakes.
    if (this.#thread !== undefined) {
      this.#tell({ remove: id });
      await isRemoved;
    }
    this.#files.delete(id);
    closeSync(watched.fd);
  }

  #tell(order: WatchOrder): void {
    this.#thread ??= this.#start();
    this.#thread.port.postMessage(order);
    writeSync(this.#thread.wakeFd, WAKE);
  }

  #start(): WatchThread {
    const eventfd = findLibrary("libc.so.6")?.func<(start: number, flags: number) => number>("int eventfd(unsigned int start, int flags)");
    if (eventfd === undefined) throw new Error("Device files cannot be watched without the package koffi: run `npm install koffi`.");
    const { port1: port, port2 } = new MessageChannel();
    const wakeFd = eventfd(0, EFD_CLOEXEC);
    const data: WatcherData = { port: port2, wakeFd };
    const worker = new Worker(require.resolve("#hw/linux/fd-watcher-thread.js"), { workerData: data, transferList: [port2], trackUnmanagedFds: false });
    port.on("message", (news: WatchNews) => this.#hear(news));
    worker.unref();
    port.unref();
    return { worker, port, wakeFd };
  }

  #hear({ id, bytes, ended, removed }: WatchNews): void {
    const watched = this.#files.get(id);
    if (watched === undefined) return;
    if (removed) return watched.onRemoved?.();
    // What was on its way when the file was given back is nobody's.
    if (watched.onRemoved !== undefined) return;
    if (bytes !== undefined) watched.listener.data(bytes);
    if (ended !== undefined) watched.listener.ended(ended);
  }
}
