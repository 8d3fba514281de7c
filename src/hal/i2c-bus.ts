/**
 * Why a transfer of the I2C bus failed.
 *
 * - noAnswer: nobody acknowledged: no device has this address, or it is busy or was unplugged
 * - stuck: a wire is held down, or the transfer did not end in time
 * - busy: a driver of the kernel owns the address, or another master the bus
 * - missing: there is no such bus, or no driver for it
 * - denied: this user may not use the bus
 * - other: any other error of the driver
 */
export type I2cErrorKind = "noAnswer" | "stuck" | "busy" | "missing" | "denied" | "other";

/** A transfer that failed. The message names the bus, the address, the reason and the remedy. */
export class I2cError extends Error {
  override readonly name = "I2cError";
  constructor(readonly kind: I2cErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** One transfer: bytes that are written, or the buffer that is filled to its end. */
export type I2cStep = { readonly write: Uint8Array } | { readonly read: Uint8Array };

/** An I2C bus with its devices; it is shared, and jobs wait for their turn in the order they were asked for. */
export interface I2cBus {
  /**
   * Does the steps with the device at a 7-bit `address`, in their order and with no other job between. The event loop
   * goes on meanwhile. The buffers belong to the bus until the promise settles.
   * @throws I2cError for the first step that fails; the steps after it are not done
   */
  run(address: number, steps: readonly I2cStep[]): Promise<void>;

  /** Refuses jobs from now on, and resolves when the last has ended; may be called twice. */
  close(): Promise<void>;
}
