import { createRequire } from "node:module";
import { I2cError, type I2cBus, type I2cStep } from "../../src/hal/i2c-bus.js";
import { i2cErrorOf, i2cFailure } from "./i2c-errors.js";

/** The part of the package `i2c-bus` that is used. Declared here, because the package is optional. */
export interface PackageBusHandle {
  i2cWrite(address: number, length: number, buffer: Buffer): Promise<{ readonly bytesWritten: number }>;
  i2cRead(address: number, length: number, buffer: Buffer): Promise<{ readonly bytesRead: number }>;
  /** Writes one byte and reads up to 32 without letting the bus go. */
  readI2cBlock(address: number, register: number, length: number, buffer: Buffer): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
}
export interface I2cPackage {
  openPromisified(busNumber: number): Promise<PackageBusHandle>;
}

export interface PackageBusOptions {
  /** 1 on the header of every Raspberry Pi. */
  readonly busNumber: number;
  /** Loads the package; throws where it is not installed. */
  readonly load: () => I2cPackage;
  /** A transfer that takes longer counts as stuck; 1500 ms by default. */
  readonly patienceMs?: number;
}

const require = createRequire(import.meta.url);
/** The kernel gives a transfer up after a second. */
const PATIENCE_MS = 1500;
/** Longest read that follows a write in one transfer (I2C_SMBUS_BLOCK_MAX of the kernel). */
const BLOCK_BYTES = 32;

/** Loads the optional package `i2c-bus`. */
export function loadI2cPackage(): I2cPackage {
  return require("i2c-bus") as I2cPackage;
}

/**
 * A bus by the package `i2c-bus` and its asynchronous calls, one transfer at a time. One that does not come back holds a
 * thread of Node's pool, and no other is begun until it does.
 */
export class PackageBus implements I2cBus {
  readonly #options: PackageBusOptions;
  readonly #name: string;
  #handle: Promise<PackageBusHandle> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #isHanging = false;
  #isClosed = false;

  constructor(options: PackageBusOptions) {
    this.#options = options;
    this.#name = `I2C bus ${options.busNumber}`;
  }

  run(address: number, steps: readonly I2cStep[]): Promise<void> {
    if (this.#isClosed) return Promise.reject(new I2cError("other", `The ${this.#name} is closed.`));
    const job = this.#tail.then(() => this.#do(address, steps));
    this.#tail = job.catch(() => undefined);
    return job;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#tail;
    // One that hangs has the file until it comes back.
    if (!this.#isHanging) await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const handle = await this.#handle?.catch(() => undefined);
    this.#handle = undefined;
    await handle?.close();
  }

  async #do(address: number, steps: readonly I2cStep[]): Promise<void> {
    if (this.#isHanging) throw i2cFailure("stuck", this.#name, address, "a transfer has not come back");
    const handle = await this.#open(address);
    try {
      for (const step of joined(steps)) await this.#inTime(transfer(handle, address, step), address);
    } catch (error) {
      throw i2cErrorOf(error, this.#name, address);
    }
  }

  async #open(address: number): Promise<PackageBusHandle> {
    try {
      this.#handle ??= this.#load().openPromisified(this.#options.busNumber);
      return await this.#handle;
    } catch (error) {
      this.#handle = undefined;
      throw i2cErrorOf(error, this.#name, address);
    }
  }

  #load(): I2cPackage {
    try {
      return this.#options.load();
    } catch (error) {
      throw new I2cError("missing", "The I2C bus cannot be used without the package i2c-bus: run `npm install i2c-bus`.", { cause: error });
    }
  }

  /** Waits for a transfer for as long as the patience goes. */
  async #inTime(done: Promise<void>, address: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#isHanging = true;
        void done.catch(() => undefined).then(() => {
          this.#isHanging = false;
          return this.#isClosed ? this.#closeFile() : undefined;
        });
        reject(i2cFailure("stuck", this.#name, address, "no end in sight"));
      }, this.#options.patienceMs ?? PATIENCE_MS);
    });
    await Promise.race([done, late]).finally(() => clearTimeout(timer));
  }
}

/** What is one call of the package: a step, or a register that is chosen and read. */
type Transfer = I2cStep | { readonly register: number; readonly read: Uint8Array };

/** The steps, with each choice of a register joined to its reading: every call goes through a thread of the pool and back. */
function joined(steps: readonly I2cStep[]): Transfer[] {
  const transfers: Transfer[] = [];
  for (const step of steps) {
    const last = transfers.at(-1);
    const isRegister = last !== undefined && "write" in last && last.write.length === 1;
    if (isRegister && "read" in step && step.read.length <= BLOCK_BYTES) transfers[transfers.length - 1] = { register: last.write[0] as number, read: step.read };
    else transfers.push(step);
  }
  return transfers;
}

/** One call. What is read goes through a buffer of its own: a transfer that hangs may fill it long after. */
async function transfer(handle: PackageBusHandle, address: number, step: Transfer): Promise<void> {
  if ("write" in step) {
    const bytes = Buffer.from(step.write);
    const { bytesWritten } = await handle.i2cWrite(address, bytes.length, bytes);
    if (bytesWritten !== bytes.length) throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`);
    return;
  }
  const bytes = Buffer.alloc(step.read.length);
  const { bytesRead } = "register" in step
    ? await handle.readI2cBlock(address, step.register, bytes.length, bytes)
    : await handle.i2cRead(address, bytes.length, bytes);
  if (bytesRead !== bytes.length) throw new Error(`${bytesRead} of ${bytes.length} bytes were read`);
  step.read.set(bytes);
}
