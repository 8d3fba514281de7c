import { I2cError, type I2cBus, type I2cErrorKind, type I2cStep } from "../../src/hal/i2c-bus.js";
import { i2cFailure } from "../i2c/i2c-errors.js";

/** A chip on the simulated bus: what it does with the bytes of one transfer. Throws what no datasheet allows. */
export interface SimChip {
  write(bytes: Uint8Array): void;
  read(into: Uint8Array): void;
}

const NAME = "the simulated I2C bus";

/** An I2C bus without hardware: chips are plugged in and pulled out, and the bus is broken, at any time. */
export class SimBus implements I2cBus {
  readonly #chips = new Map<number, SimChip>();
  #tail: Promise<unknown> = Promise.resolve();
  #naks = 0;
  #fault: I2cErrorKind | undefined;
  #isClosed = false;
  /** Transfers that were done, with those that failed. */
  transfers = 0;

  plug(address: number, chip: SimChip): void {
    this.#chips.set(address, chip);
  }

  unplug(address: number): void {
    this.#chips.delete(address);
  }

  /** Lets the next `times` transfers go unanswered. */
  nak(times: number): void {
    this.#naks = times;
  }

  /** Lets every transfer fail, until told undefined. */
  fail(kind: I2cErrorKind | undefined): void {
    this.#fault = kind;
  }

  run(address: number, steps: readonly I2cStep[]): Promise<void> {
    if (this.#isClosed) return Promise.reject(new I2cError("other", `The bus is closed: ${NAME}.`));
    const job = this.#tail.then(() => this.#do(address, steps));
    this.#tail = job.catch(() => undefined);
    return job;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#tail;
  }

  async #do(address: number, steps: readonly I2cStep[]): Promise<void> {
    for (const step of steps) {
      // A transfer takes its time, and others run meanwhile.
      await Promise.resolve();
      this.transfers++;
      const chip = this.#chips.get(address);
      if (this.#fault !== undefined) throw i2cFailure(this.#fault, NAME, address, "as told");
      if (chip === undefined || this.#naks > 0) {
        if (this.#naks > 0) this.#naks--;
        throw i2cFailure("noAnswer", NAME, address, "NAK");
      }
      if ("write" in step) chip.write(step.write);
      else chip.read(step.read);
    }
  }
}
