import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { Readable, Writable } from "node:stream";
import { workerData } from "node:worker_threads";
import { faultCode } from "../../src/hal/audio.js";
import type { ChildTrouble } from "./child.js";
import { CALL, CLOSE, CLOSED, RUNNING, StreamLink, type StreamLinkMemory, WANTED } from "./stream-link.js";
import type { ChildJob } from "./stream-options.js";

/** What the pump is handed. */
export interface PumpData {
  readonly job: ChildJob;
  readonly link: StreamLinkMemory;
  /** Sound that may wait for a child that does not take it, beyond what the pipe to it holds: what piles up is delay. */
  readonly mostWaitingBytes: number;
}

const IDLE_MS = 1000;

const { job, link: memory, mostWaitingBytes } = workerData as PumpData;
const link = new StreamLink(memory);
const { words } = link;
const childPath = createRequire(import.meta.url).resolve("#hw/stream/child.js");

/** One child process, from a start to its end. */
class Child {
  readonly #process: ChildProcess;
  readonly #start: number;
  #lastWords = "";
  #isOver = false;

  constructor(start: number) {
    this.#start = start;
    this.#process = spawn(process.execPath, [childPath, JSON.stringify(job)], { stdio: ["pipe", "pipe", "pipe", "ipc"] });
    this.#process.on("error", (error) => this.#fail(faultCode("other"), `The process of the stream driver cannot be started: ${error.message}`));
    this.#process.on("message", (trouble: ChildTrouble) => this.#fail(faultCode(trouble.fault), trouble.detail));
    this.#process.on("exit", (code, signal) => {
      this.#fail(faultCode("other"), `The process of the stream driver ended (${signal ?? `code ${code}`}). ${this.#lastWords}`.trim());
    });
    this.#process.stdin?.on("error", () => undefined);
    (this.#process.stdout as Readable).on("data", (sound: Buffer) => this.#take(sound));
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = text.trim().split("\n").at(-1) ?? "";
    });
  }

  /** Sends what the audio thread has put into the ring. */
  play(): void {
    const bytes = link.toPlay.readable;
    if (this.#isOver || bytes === 0) return;
    const input = this.#process.stdin as Writable;
    if (input.writableLength > mostWaitingBytes) {
      this.#fail(faultCode("stalled"), "The package speaker takes no more sound.");
      return;
    }
    const sound = Buffer.allocUnsafe(bytes);
    link.toPlay.read(sound, bytes);
    input.write(sound);
  }

  /**
   * Ends the process by force, as one that spins or hangs knows no other way. Nothing of it is heard any more; once it has
   * ended its devices are free.
   */
  async end(): Promise<void> {
    this.#stop();
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) await once(this.#process, "exit");
  }

  #stop(): void {
    this.#isOver = true;
    this.#process.kill("SIGKILL");
  }

  #take(sound: Buffer): void {
    if (this.#isOver) return;
    if (link.captured.writable < sound.length) {
      this.#fail(faultCode("overrun"), "Sound was fetched too late.");
      return;
    }
    link.captured.write(sound, sound.length);
    Atomics.store(words, RUNNING, this.#start);
    link.pulse();
  }

  #fail(code: number, detail: string): void {
    if (this.#isOver) return;
    this.#stop();
    link.fail(this.#start, code, detail);
  }
}

/** Atomics.waitAsync of ECMAScript 2024, which Node 20 has and its types do not know. */
const { waitAsync } = Atomics as unknown as {
  waitAsync(words: Int32Array, index: number, value: number, timeoutMs: number): { async: boolean; value: Promise<string> | string };
};

let child: Child | undefined;
let started = 0;
// A pending wait does not keep a thread alive.
const alive = setInterval(() => undefined, IDLE_MS);
while (Atomics.load(words, CLOSE) === 0) {
  const called = Atomics.load(words, CALL);
  const wanted = Atomics.load(words, WANTED);
  if (wanted !== started) {
    started = wanted;
    await child?.end();
    // The audio thread waits for RUNNING or a fault meanwhile, so that nobody else touches the rings.
    link.captured.clear();
    link.toPlay.clear();
    child = new Child(wanted);
  }
  child?.play();
  await waitAsync(words, CALL, called, IDLE_MS).value;
}
await child?.end();
clearInterval(alive);
Atomics.store(words, CLOSED, 1);
Atomics.notify(words, CLOSED);
