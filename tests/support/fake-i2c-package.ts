import type { I2cPackage, PackageBusHandle } from "../../hw/i2c/package-bus.js";
import type { I2cErrorKind } from "../../src/hal/i2c-bus.js";

/**
 * Errors as the package i2c-bus 5.2.3 hands them out: from its own calls a NAK has an empty code and stands in the text
 * alone; from those of Node it has a code.
 */
const ERRORS: Readonly<Partial<Record<I2cErrorKind, () => Error>>> = {
  noAnswer: () => Object.assign(new Error(", Remote I/O error"), { code: "", errno: 121, syscall: "" }),
  busy: () => Object.assign(new Error("EBUSY, Device or resource busy 'setAddr'"), { code: "EBUSY", errno: 16, syscall: "setAddr" }),
  denied: () => Object.assign(new Error("EACCES: permission denied, open '/dev/i2c-1'"), { code: "EACCES", errno: -13 }),
  other: () => Object.assign(new Error("EIO: i/o error, write"), { code: "EIO", errno: -5 }),
};

/** The package i2c-bus with one device on its bus, which gives back what was written. */
export class FakeI2cPackage implements I2cPackage {
  readonly #address: number;
  #last: readonly number[] = [];
  #isBusy = false;
  #fault: I2cErrorKind | undefined;
  #hanging: (() => void)[] = [];
  isClosed = false;
  transfers = 0;

  constructor(address: number) {
    this.#address = address;
  }

  /** A stuck bus lets transfers hang until the fault is over. */
  fail(kind: I2cErrorKind | undefined): void {
    this.#fault = kind;
    if (kind !== undefined) return;
    for (const go of this.#hanging.splice(0)) go();
  }

  async openPromisified(): Promise<PackageBusHandle> {
    return {
      i2cWrite: async (address, length, buffer) => {
        const bytes = [...buffer.subarray(0, length)];
        await this.#transfer(address);
        this.#last = bytes;
        return { bytesWritten: length };
      },
      i2cRead: async (address, length, buffer) => {
        await this.#transfer(address);
        buffer.set(this.#last.slice(-length));
        return { bytesRead: length };
      },
      readI2cBlock: async (address, register, length, buffer) => {
        if (length > 32) throw new RangeError(`${length} bytes are more than the kernel reads at once.`);
        await this.#transfer(address);
        this.#last = [register];
        buffer.set(this.#last.slice(-length));
        return { bytesRead: length };
      },
      close: async () => void (this.isClosed = true),
    };
  }

  async #transfer(address: number): Promise<void> {
    // Two at once would take two threads of the pool and mix their steps.
    if (this.#isBusy) throw new Error("A transfer begins before the last has ended.");
    this.#isBusy = true;
    this.transfers++;
    try {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#fault === "stuck") {
        await new Promise<void>((resolve) => this.#hanging.push(resolve));
        throw Object.assign(new Error("ETIMEDOUT: connection timed out, write"), { code: "ETIMEDOUT", errno: -110 });
      }
      if (this.#fault !== undefined) throw (ERRORS[this.#fault] as () => Error)();
      if (address !== this.#address) throw Object.assign(new Error("ENXIO: no such device or address, write"), { code: "ENXIO", errno: -6 });
    } finally {
      this.#isBusy = false;
    }
  }
}
