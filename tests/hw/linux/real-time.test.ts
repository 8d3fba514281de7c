import { describe, expect, it } from "vitest";
import { linuxRealTime, type RealTimeCalls } from "../../../hw/linux/real-time.js";

const EPERM = 1;
const ENOMEM = 12;
const FIFO_RESET_ON_FORK = 0x40000001;

/** A system that lets a thread have priorities up to `limit`, as setrlimit(2) says, and `lockableBytes` of memory. */
class FakeSystem implements RealTimeCalls {
  readonly policies: number[] = [];
  readonly priorities: number[] = [];
  #errno = 0;

  constructor(readonly limit: number, readonly lockableBytes = 0) {}

  setScheduler(thread: number, policy: number, priority: Int32Array): number {
    expect(thread, "0 is the calling thread").toBe(0);
    this.policies.push(policy);
    this.priorities.push(priority[0]!);
    return this.#answer(priority[0]! <= this.limit, EPERM);
  }

  getLimit(resource: number, limits: Uint32Array): number {
    expect(resource, "RLIMIT_RTPRIO").toBe(14);
    limits[0] = this.limit;
    return 0;
  }

  lock(start: Uint8Array, bytes: number): number {
    expect(start.byteLength).toBe(bytes);
    return this.#answer(bytes <= this.lockableBytes, ENOMEM);
  }

  errno(): number {
    return this.#errno;
  }

  #answer(isGranted: boolean, errno: number): number {
    this.#errno = isGranted ? 0 : errno;
    return isGranted ? 0 : -1;
  }
}

describe("linuxRealTime", () => {
  it("asks for SCHED_FIFO 70, to be reset in threads made later", () => {
    const system = new FakeSystem(99);
    expect(linuxRealTime(system).raisePriority()).toBeUndefined();
    expect(system.policies).toEqual([FIFO_RESET_ON_FORK]);
    expect(system.priorities).toEqual([70]);
  });

  it("takes priority 40 where RLIMIT_RTPRIO is 40", () => {
    const system = new FakeSystem(40);
    expect(linuxRealTime(system).raisePriority()).toBeUndefined();
    expect(system.priorities).toEqual([70, 40]);
  });

  it("says how to allow it where RLIMIT_RTPRIO is 0", () => {
    const refusal = linuxRealTime(new FakeSystem(0)).raisePriority();
    expect(refusal).toContain("LimitRTPRIO=");
    expect(refusal).toContain("CAP_SYS_NICE");
  });

  it("locks 8 MB, and says how many megabytes to allow when it may not", () => {
    const memory = new SharedArrayBuffer(8 * 2 ** 20);
    expect(linuxRealTime(new FakeSystem(0, memory.byteLength)).lockMemory(memory)).toBeUndefined();
    expect(linuxRealTime(new FakeSystem(0, memory.byteLength - 1)).lockMemory(memory)).toMatch(/^8 MB .*LimitMEMLOCK=16M/);
  });

  it("names npm install koffi where the package is not installed", () => {
    const realTime = linuxRealTime(null);
    expect(realTime.raisePriority()).toContain("npm install koffi");
    expect(realTime.lockMemory(new SharedArrayBuffer(4096))).toContain("npm install koffi");
  });
});
