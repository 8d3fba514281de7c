import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { I2cError, type I2cBus, type I2cErrorKind } from "../../src/hal/i2c-bus.js";

/** A bus with one device: what is written to it, it gives back when it is read, the last bytes last. */
export interface BusUnderTest {
  readonly bus: I2cBus;
  /** Its address; not NOBODY's. */
  readonly address: number;
  /** Lets all transfers fail as told, until undefined. */
  readonly fail: (kind: I2cErrorKind | undefined) => Promise<void>;
  readonly dispose?: () => Promise<void>;
}

const NOBODY = 0x21;
const KINDS: readonly I2cErrorKind[] = ["noAnswer", "stuck", "busy", "denied", "other"];

/** What every I2cBus keeps. */
export function describeI2cBus(name: string, make: () => Promise<BusUnderTest>): void {
  describe(`I2cBus: ${name}`, () => {
    let test: BusUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(async () => {
      await test.bus.close();
      await test.dispose?.();
    });
    const written = (...bytes: number[]): { readonly write: Uint8Array } => ({ write: Uint8Array.from(bytes) });

    it("does the steps of a job in their order and fills what is read to its end", async () => {
      const read = new Uint8Array(3);
      await test.bus.run(test.address, [written(1, 2, 3), { read }]);
      expect([...read]).toEqual([1, 2, 3]);
      const second = new Uint8Array(2);
      await test.bus.run(test.address, [written(9), written(7, 8), { read: second }]);
      expect([...second]).toEqual([7, 8]);
    });

    it("lets no other job between the steps of one, in the order they were asked for", async () => {
      const reads = Array.from({ length: 20 }, () => new Uint8Array(1));
      await Promise.all(reads.map((read, n) => test.bus.run(test.address, [written(n), { read }])));
      expect(reads.map(([byte]) => byte)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    });

    it("gives the thread back at once, whatever the job takes", async () => {
      const read = new Uint8Array([99]);
      const job = test.bus.run(test.address, [written(1), { read }]);
      // A transfer that waits for the bus within the call would have filled it by now.
      expect([...read]).toEqual([99]);
      await job;
      expect([...read]).toEqual([1]);
    });

    it("names the address of a device that does not answer, and works on with the others", async () => {
      const error: unknown = await test.bus.run(NOBODY, [written(1)]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(I2cError);
      expect(error).toMatchObject({ kind: "noAnswer", message: expect.stringContaining("0x21") as string });
      const read = new Uint8Array(1);
      await test.bus.run(test.address, [written(5), { read }]);
      expect([...read]).toEqual([5]);
    });

    it.each(KINDS)("fails as %s when the bus does, leaves out the steps after, and works again when it is over", async (kind) => {
      await test.bus.run(test.address, [written(1)]);
      await test.fail(kind);
      const read = new Uint8Array([99]);
      await expect(test.bus.run(test.address, [written(2), { read }])).rejects.toMatchObject({ name: "I2cError", kind });
      expect([...read]).toEqual([99]);
      await test.fail(undefined);
      await test.bus.run(test.address, [{ read }]);
      expect([...read]).toEqual([1]);
    });

    it("refuses jobs once it is closed, which may be asked for twice, after those that were asked for before", async () => {
      const before = test.bus.run(test.address, [written(1)]);
      await test.bus.close();
      await test.bus.close();
      await before;
      await expect(test.bus.run(test.address, [written(1)])).rejects.toBeInstanceOf(I2cError);
    });
  });
}
