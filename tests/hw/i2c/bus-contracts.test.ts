import { describe, expect, it } from "vitest";
import { i2cErrorOf } from "../../../hw/i2c/i2c-errors.js";
import { PackageBus } from "../../../hw/i2c/package-bus.js";
import { SimBus } from "../../../hw/sim/sim-bus.js";
import { describeI2cBus } from "../../contracts/i2c-bus.js";
import { FakeI2cPackage } from "../../support/fake-i2c-package.js";

const ADDRESS = 0x48;
const PATIENCE_MS = 50;
const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describeI2cBus("the package i2c-bus, on a stand-in", async () => {
  const fake = new FakeI2cPackage(ADDRESS);
  return {
    bus: new PackageBus({ busNumber: 1, load: () => fake, patienceMs: PATIENCE_MS }),
    address: ADDRESS,
    fail: async (kind) => {
      fake.fail(kind);
      await turnOfLoop();
    },
    dispose: async () => fake.fail(undefined),
  };
});

describeI2cBus("the simulated bus", async () => {
  const bus = new SimBus();
  let last: readonly number[] = [];
  bus.plug(ADDRESS, { write: (bytes) => void (last = [...bytes]), read: (into) => into.set(last.slice(-into.length)) });
  return { bus, address: ADDRESS, fail: async (kind) => bus.fail(kind) };
});

describe("PackageBus", () => {
  it("begins no transfer while one hangs, answers all others at once, and works again when it came back", async () => {
    const fake = new FakeI2cPackage(ADDRESS);
    const bus = new PackageBus({ busNumber: 1, load: () => fake, patienceMs: PATIENCE_MS });
    fake.fail("stuck");
    const jobs = Array.from({ length: 10 }, () => bus.run(ADDRESS, [{ write: Uint8Array.of(1) }]));
    const results = await Promise.allSettled(jobs);
    expect(results.map((result) => result.status === "rejected" && (result.reason as { kind: string }).kind)).toEqual(Array(10).fill("stuck"));
    expect(fake.transfers).toBe(1);
    fake.fail(undefined);
    await turnOfLoop();
    await bus.run(ADDRESS, [{ write: Uint8Array.of(1) }]);
    await bus.close();
    expect(fake.isClosed).toBe(true);
  });

  it("gives the file back that a transfer held when the bus was closed, once that comes back", async () => {
    const fake = new FakeI2cPackage(ADDRESS);
    const bus = new PackageBus({ busNumber: 1, load: () => fake, patienceMs: 20 });
    fake.fail("stuck");
    await expect(bus.run(ADDRESS, [{ write: Uint8Array.of(1) }])).rejects.toMatchObject({ kind: "stuck" });
    await bus.close();
    expect(fake.isClosed).toBe(false);
    fake.fail(undefined);
    await turnOfLoop();
    expect(fake.isClosed).toBe(true);
  });

  it.each([
    ["ENOENT", "missing", "dtparam=i2c_arm=on"], ["EACCES", "denied", "group i2c"],
  ] as const)("says what to do where the bus cannot be opened for %s, and takes it when it is there", async (code, kind, remedy) => {
    const fake = new FakeI2cPackage(ADDRESS);
    let isThere = false;
    const bus = new PackageBus({
      busNumber: 1,
      load: () => ({ openPromisified: async () => isThere ? await fake.openPromisified() : Promise.reject(Object.assign(new Error(`${code}, open '/dev/i2c-1'`), { code })) }),
    });
    await expect(bus.run(ADDRESS, [])).rejects.toMatchObject({ kind, message: expect.stringContaining(remedy) as string });
    isThere = true;
    await bus.run(ADDRESS, [{ write: Uint8Array.of(1) }]);
    await bus.close();
  });

  it("names the package where it is not installed", async () => {
    const load = (): never => {
      throw new Error("Cannot find module 'i2c-bus'");
    };
    await expect(new PackageBus({ busNumber: 1, load }).run(ADDRESS, [])).rejects.toMatchObject({ kind: "missing", message: expect.stringContaining("npm install i2c-bus") as string });
  });
});

describe("errors of the package i2c-bus", () => {
  it.each([
    [{ code: "", errno: 121, message: ", Remote I/O error" }, "noAnswer"],
    [{ code: "", message: ", Remote I/O error" }, "noAnswer"],
    [{ code: "", errno: 121, message: "" }, "noAnswer"],
    [{ code: "EREMOTEIO", errno: -121, message: "EREMOTEIO: remote I/O error, write" }, "noAnswer"],
    [{ code: "ENXIO", errno: -6, message: "ENXIO: no such device or address, write" }, "noAnswer"],
    [{ code: "ETIMEDOUT", errno: -110, message: "ETIMEDOUT: connection timed out, write" }, "stuck"],
    [{ code: "", message: ", Connection timed out" }, "stuck"],
    [{ code: "EBUSY", errno: 16, message: "EBUSY, Device or resource busy 'setAddr'" }, "busy"],
    [{ code: "ENOENT", errno: -2, message: "ENOENT: no such file or directory, open '/dev/i2c-1'" }, "missing"],
    [{ code: "EACCES", errno: -13, message: "EACCES: permission denied, open '/dev/i2c-1'" }, "denied"],
    [{ code: "EIO", errno: -5, message: "EIO: i/o error, write" }, "other"],
  ] as const)("takes %j as %s", (fields, kind) => {
    const { kind: found, message } = i2cErrorOf(Object.assign(new Error(fields.message), fields), "I2C bus 1", 0x3c);
    expect(found).toBe(kind);
    expect(message).toContain("0x3c");
  });
});
