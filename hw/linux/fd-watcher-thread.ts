import { readSync } from "node:fs";
import { receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import { findLibrary } from "./koffi.js";

/** What the thread is told: to watch a file, to forget it, or to end. */
export type WatchOrder = { readonly add: number; readonly id: number } | { readonly remove: number } | { readonly end: true };

/** What the thread tells: what was read from a file, that it ended by an error, or that it is watched no more. */
export interface WatchNews {
  readonly id: number;
  readonly bytes?: Uint8Array;
  /** Name of the error; "end" at the end of the file. */
  readonly ended?: string;
  readonly removed?: true;
}

/** What the thread is made with: where it is told and tells, and the eventfd that wakes it. */
export interface WatcherData {
  readonly port: MessagePort;
  readonly wakeFd: number;
}

const POLLIN = 1;
/** `struct pollfd`: an int, and two shorts. */
const POLL_BYTES = 8;
const READ_BYTES = 48 * 128;
/** The thread can only be ended from outside while it is not waiting. */
const LONGEST_WAIT_MS = 500;
/** Between two rounds at the least: however much a line chatters, there are 1000 messages a second at most. */
const LEAST_WAIT_MS = 1;

const { port, wakeFd } = workerData as WatcherData;
const poll = findLibrary("libc.so.6")?.func<(files: DataView, count: number, timeoutMs: number) => number>(
  "int poll(void *files, unsigned long count, int timeoutMs)");
const pause = new Int32Array(new SharedArrayBuffer(4));
const watched: { readonly id: number; readonly fd: number }[] = [];

/** Returns false when the thread is to end. */
function obey(): boolean {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    const order = next.message as WatchOrder;
    if ("end" in order) return false;
    if ("add" in order) watched.push({ id: order.id, fd: order.add });
    else remove(order.remove);
  }
  return true;
}

function remove(id: number): void {
  forget(id);
  port.postMessage({ id, removed: true } satisfies WatchNews);
}

function forget(id: number): void {
  const at = watched.findIndex((file) => file.id === id);
  if (at >= 0) watched.splice(at, 1);
}

function read(id: number, fd: number): void {
  const bytes = new Uint8Array(READ_BYTES);
  try {
    const count = readSync(fd, bytes);
    if (count > 0) return port.postMessage({ id, bytes: bytes.slice(0, count) } satisfies WatchNews);
    port.postMessage({ id, ended: "end" } satisfies WatchNews);
  } catch (error) {
    port.postMessage({ id, ended: (error as NodeJS.ErrnoException).code ?? String(error) } satisfies WatchNews);
  }
  forget(id);
}

/** Waits for the files, and reads those that have something. Returns false when the thread is to end. */
function round(wait: NonNullable<typeof poll>): boolean {
  const files = new DataView(new ArrayBuffer(POLL_BYTES * (1 + watched.length)));
  [{ fd: wakeFd }, ...watched].forEach(({ fd }, index) => {
    files.setInt32(POLL_BYTES * index, fd, true);
    files.setInt16(POLL_BYTES * index + 4, POLLIN, true);
  });
  const isReady = (index: number): boolean => files.getInt16(POLL_BYTES * index + 6, true) !== 0;
  if (wait(files, 1 + watched.length, LONGEST_WAIT_MS) <= 0) return obey();
  const ready = watched.filter((_, index) => isReady(1 + index));
  for (const { id, fd } of ready) read(id, fd);
  if (isReady(0)) readSync(wakeFd, new Uint8Array(8));
  if (ready.length > 0) Atomics.wait(pause, 0, 0, LEAST_WAIT_MS);
  return obey();
}

if (poll !== undefined) while (round(poll));
port.close();
