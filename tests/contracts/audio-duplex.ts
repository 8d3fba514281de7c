import v8 from "node:v8";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AudioError, type AudioDuplex, type AudioFault, type AudioFormat, type AudioRequest, BYTES_PER_SAMPLE, faultCode,
  POSITION_CAPTURED, POSITION_FIELDS, POSITION_PLAYED, POSITION_QUEUED, POSITION_TIME_MS, type SoundBlock,
} from "../../src/hal/audio.js";

/** Troubles that every device is to tell of. */
type Trouble = Extract<AudioFault, "overrun" | "underrun" | "suspended" | "stalled" | "disconnected">;

/** How a trouble is made for a device, and ended where it lasts; or why nobody can make it. */
export type Cause = { readonly begin: () => void; readonly end?: () => void } | { readonly impossible: string };

/** A device, what it can be asked for, and the troubles that can be made for it. */
export interface DuplexUnderTest {
  readonly device: AudioDuplex;
  /** Figures that the device offers. */
  readonly request: AudioRequest;
  /** Whether it has a monitor output, where `request` wants one. */
  readonly hasMonitor?: boolean;
  /** Figures that it does not. */
  readonly refused?: AudioRequest;
  /** Makes one of the next reads or writes meet a trouble: once, but "stalled" and "disconnected" last until their end. */
  readonly causes: Readonly<Record<Trouble, Cause>>;
  readonly dispose?: () => void;
}

const MET_WITHIN_ROUNDS = 20;
const GUARD_BYTES = 64;
const GUARD = 0xa5;
/** A machine that is busy with other work is late now and then; then the stream is started again and the rounds counted anew. */
const TRIES = 20;
const COUNTED_ROUNDS = 500;
/** The compilers leave their own work on the heap until they are done with the loop. */
const COUNTS = 40;
/** The smallest thing on V8's heap, a boxed number, takes 16 bytes. */
const LESS_THAN_A_NUMBER_BYTES = 8;

function frameBytes(format: AudioFormat): number {
  return 2 * BYTES_PER_SAMPLE[format.format];
}

/** A block with bytes around its period that nobody may touch. */
function guardedBlock(bytes: number): SoundBlock {
  const buffer = new SharedArrayBuffer(bytes + 2 * GUARD_BYTES);
  new Uint8Array(buffer).fill(GUARD);
  return { buffer, address: GUARD_BYTES, bytes };
}

/** Reads and writes `rounds` periods without a fault. A late machine gets more tries. */
function flow(device: AudioDuplex, block: SoundBlock, rounds: number, periodFrames: number): void {
  let fault = 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    let done = 0;
    fault = 0;
    while (done < rounds && fault >= 0) {
      fault = device.read();
      if (fault >= 0) fault = device.write();
      if (fault >= 0) expect(fault).toBe(periodFrames);
      done++;
    }
    if (fault >= 0) return;
    device.start(block);
  }
  throw new Error(`no ${rounds} periods in a row: fault ${fault}, ${device.detail}`);
}

function start(device: AudioDuplex, block: SoundBlock): number {
  let answer = device.start(block);
  for (let attempt = 1; attempt < TRIES && answer < 0; attempt++) answer = device.start(block);
  return answer;
}

/** Serves the device until a fault comes. */
function faultWithin(device: AudioDuplex, rounds: number): number {
  for (let round = 0; round < rounds; round++) {
    const read = device.read();
    if (read < 0) return read;
    const written = device.write();
    if (written < 0) return written;
  }
  return 0;
}

/** What every AudioDuplex keeps: `make` gives a closed device. */
export function describeAudioDuplex(name: string, make: () => DuplexUnderTest): void {
  describe(`AudioDuplex: ${name}`, () => {
    let test: DuplexUnderTest;
    let device: AudioDuplex;
    beforeEach(() => {
      test = make();
      device = test.device;
    });
    afterEach(() => {
      device.close();
      test.dispose?.();
    });

    function opened(): { format: AudioFormat; block: SoundBlock } {
      const format = device.open(test.request);
      return { format, block: guardedBlock(format.periodFrames * frameBytes(format)) };
    }

    it("opens with exactly the rate, the period and the periods asked for, a format of the list, and a monitor output only where that is wanted", () => {
      expect(device.state).toBe("closed");
      const { format } = opened();
      const { sampleRateHz, periodFrames, periods, formats } = test.request;
      expect(format).toMatchObject({ sampleRateHz, periodFrames, periods, hasMonitor: test.hasMonitor === true });
      expect(formats).toContain(format.format);
      expect(format.device).not.toBe("");
      expect(device.state).toBe("open");
      expect(device.detail).toBe("");
    });

    it("moves whole periods, and nothing beside the block", () => {
      const { format, block } = opened();
      expect(start(device, block)).toBe(0);
      expect(device.state).toBe("running");
      flow(device, block, 30, format.periodFrames);
      const bytes = new Uint8Array(block.buffer);
      expect(bytes.subarray(0, GUARD_BYTES).every((byte) => byte === GUARD)).toBe(true);
      expect(bytes.subarray(GUARD_BYTES + block.bytes).every((byte) => byte === GUARD)).toBe(true);
    });

    it("counts frames captured and played on one clock: what waits to be read and what waits to be played fill the buffer", () => {
      const { format: { periodFrames, periods }, block } = opened();
      expect(start(device, block)).toBe(0);
      const positions = new Float64Array(POSITION_FIELDS);
      const before = new Float64Array(POSITION_FIELDS);
      let isCounted = false;
      for (let attempt = 0; attempt < TRIES && !isCounted; attempt++) {
        device.start(block);
        const isFaulted = faultWithin(device, 10) < 0;
        device.positions(before);
        isCounted = !isFaulted && faultWithin(device, 10) === 0;
        device.positions(positions);
      }
      expect(isCounted, device.detail).toBe(true);
      const unread = (positions[POSITION_CAPTURED] as number) - 20 * periodFrames;
      const queued = positions[POSITION_QUEUED] as number;
      // The two counts are read one after the other, and a device may tell its position once a period.
      expect(Math.abs(unread + queued - periods * periodFrames)).toBeLessThanOrEqual(periodFrames);
      expect((positions[POSITION_PLAYED] as number) + queued).toBe((20 + periods) * periodFrames);
      for (const field of [POSITION_CAPTURED, POSITION_PLAYED, POSITION_TIME_MS]) {
        expect(positions[field]).toBeGreaterThan(before[field] as number);
      }
    });

    it("starts anew while it runs, with the counts from 0 and the buffer full", () => {
      const { format: { periodFrames, periods }, block } = opened();
      expect(start(device, block)).toBe(0);
      flow(device, block, 10, periodFrames);
      expect(start(device, block)).toBe(0);
      const positions = new Float64Array(POSITION_FIELDS);
      device.positions(positions);
      expect((positions[POSITION_PLAYED] as number) + (positions[POSITION_QUEUED] as number)).toBe(periods * periodFrames);
    });

    it("closes twice, answers faults and does not throw while closed, and opens again", () => {
      const { format, block } = opened();
      expect(start(device, block)).toBe(0);
      device.close();
      device.close();
      expect(device.state).toBe("closed");
      expect(device.read()).toBeLessThan(0);
      expect(device.write()).toBeLessThan(0);
      expect(device.start(block)).toBeLessThan(0);
      device.positions(new Float64Array(POSITION_FIELDS));
      device.open(test.request);
      expect(start(device, block)).toBe(0);
      flow(device, block, 5, format.periodFrames);
    });

    it("refuses what it does not offer, names itself and the figure, and stays closed", ({ skip }) => {
      const { refused } = test;
      if (refused === undefined) return skip("this device offers everything");
      let error: unknown;
      try {
        device.open(refused);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(AudioError);
      expect((error as AudioError).kind).toBe("unsupported");
      expect((error as AudioError).message).toMatch(/\d/);
      expect(device.state).toBe("closed");
    });

    it(`leaves no garbage in ${COUNTED_ROUNDS} rounds of read, write and positions once it is warm`, () => {
      const { format: { periodFrames }, block } = opened();
      expect(start(device, block)).toBe(0);
      const positions = new Float64Array(POSITION_FIELDS);
      const rounds = (count: number): void => {
        for (let round = 0; round < count; round++) {
          if (device.read() < 0 || device.write() < 0) device.start(block);
          device.positions(positions);
        }
      };
      let perRound = Infinity;
      // Less than nothing is left where V8 collected meanwhile: that count says nothing.
      const isCounted = (): boolean => perRound >= 0 && perRound < LESS_THAN_A_NUMBER_BYTES;
      for (let count = 0; count < COUNTS && !isCounted(); count++) {
        globalThis.gc?.();
        const before = v8.getHeapStatistics().used_heap_size;
        rounds(COUNTED_ROUNDS);
        perRound = (v8.getHeapStatistics().used_heap_size - before) / COUNTED_ROUNDS;
      }
      expect(perRound).toBeGreaterThanOrEqual(0);
      expect(perRound).toBeLessThan(LESS_THAN_A_NUMBER_BYTES);
      flow(device, block, 1, periodFrames);
    });

    it.for(["overrun", "underrun", "suspended"] as const)("tells of an %s, plays nothing more, and is whole again after start", (fault, { skip }) => {
      const cause = test.causes[fault];
      if ("impossible" in cause) return skip(cause.impossible);
      const { format: { periodFrames, periods }, block } = opened();
      expect(start(device, block)).toBe(0);
      flow(device, block, 10, periodFrames);
      cause.begin();
      expect(faultWithin(device, MET_WITHIN_ROUNDS)).toBe(faultCode(fault));
      expect(device.state).toBe("faulted");
      expect(device.detail).not.toBe("");
      expect(start(device, block)).toBe(0);
      expect(device.state).toBe("running");
      const positions = new Float64Array(POSITION_FIELDS);
      device.positions(positions);
      expect((positions[POSITION_PLAYED] as number) + (positions[POSITION_QUEUED] as number)).toBe(periods * periodFrames);
      flow(device, block, 10, periodFrames);
    });

    it("tells that the clock stands still instead of waiting for ever, and flows again when it goes", ({ skip }) => {
      const cause = test.causes.stalled;
      if ("impossible" in cause) return skip(cause.impossible);
      const { format: { periodFrames }, block } = opened();
      expect(start(device, block)).toBe(0);
      flow(device, block, 10, periodFrames);
      cause.begin();
      expect(faultWithin(device, MET_WITHIN_ROUNDS)).toBe(faultCode("stalled"));
      cause.end?.();
      expect(start(device, block)).toBe(0);
      flow(device, block, 10, periodFrames);
    });

    it("tells that the device is gone, refuses to open without it, and flows again when it is back", ({ skip }) => {
      const cause = test.causes.disconnected;
      if ("impossible" in cause) return skip(cause.impossible);
      const { format: { periodFrames }, block } = opened();
      expect(start(device, block)).toBe(0);
      flow(device, block, 10, periodFrames);
      cause.begin();
      expect(faultWithin(device, MET_WITHIN_ROUNDS)).toBe(faultCode("disconnected"));
      device.close();
      expect(() => device.open(test.request)).toThrow(AudioError);
      expect(device.state).toBe("closed");
      cause.end?.();
      device.open(test.request);
      expect(start(device, block)).toBe(0);
      flow(device, block, 10, periodFrames);
    });
  });
}
