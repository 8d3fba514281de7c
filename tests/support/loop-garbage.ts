/**
 * Runs the sound's loop, warmed as for a real device, over periods with faults now and then, and prints as JSON what it
 * left behind: `node loop-garbage.js PERIODS`; "bytes" in the second half, which begins when V8 has settled. A process of
 * its own, so that nothing else allocates.
 */
import { getHeapStatistics } from "node:v8";
import { BlockLoop } from "../../src/engine/block-loop.js";
import { chainMemory } from "../../src/engine/chain.js";
import { collectGarbage } from "../../src/engine/collections.js";
import { COLLECTIONS, ControlBlock, GATE, RESTARTS, STOP } from "../../src/engine/control-block.js";
import { DeviceChain } from "../../src/engine/device-chain.js";
import { warmUpLoop } from "../../src/engine/loop-warm-up.js";
import { faultCode, type AudioDuplex, type AudioFormat, type AudioState } from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";

const FORMAT: AudioFormat = {
  device: "quiet", sampleRateHz: 48000, periodFrames: 64, periods: 3, format: "S32_LE", isLinked: true, isPaced: false, hasMonitor: false,
};
const FAULT_EVERY = 1000;

/** A clock without a system call: 10 us later at each reading. */
class StepClock implements Clock {
  readonly #ms = new Float64Array(1);

  read(into: Float64Array, index: number): void {
    this.#ms[0] = (this.#ms[0] as number) + 0.01;
    into[index] = this.#ms[0];
  }
}

class QuietDuplex implements AudioDuplex {
  readonly state: AudioState = "running";
  readonly detail = "quiet";
  readonly patienceMs = 2000;
  readonly heap: number[] = [0, 0];
  #reads = 0;

  constructor(readonly control: ControlBlock, readonly periods: number) {}

  open(): AudioFormat {
    return FORMAT;
  }

  start(): number {
    return 0;
  }

  read(): number {
    const turn = this.#reads++;
    if (turn === this.periods >> 1) this.heap[0] = getHeapStatistics().used_heap_size;
    if (turn === this.periods) {
      this.heap[1] = getHeapStatistics().used_heap_size;
      this.control.words[STOP] = 1;
    }
    return turn % FAULT_EVERY === FAULT_EVERY - 1 ? faultCode("overrun") : FORMAT.periodFrames;
  }

  write(): number {
    return FORMAT.periodFrames;
  }

  positions(into: Float64Array): void {
    into[0] = this.#reads;
  }

  close(): void {
    // Nothing is open.
  }
}

const control = new ControlBlock();
control.words[GATE] = 1;
const periods = Number(process.argv[2]);
const clock = new StepClock();
const chain = new DeviceChain(FORMAT, { memory: chainMemory(), tapFrames: 4096, values: [] });
const device = new QuietDuplex(control, periods);
const relay = { isWired: true, beat: () => undefined, release: () => undefined };
warmUpLoop({ chain, clock });
collectGarbage();
new BlockLoop({ device, chain, relay, clock, control, sampleRateHz: FORMAT.sampleRateHz, periodFrames: FORMAT.periodFrames }).run();
const [before = 0, after = 0] = device.heap;
console.log(JSON.stringify({ collections: control.words[COLLECTIONS], restarts: control.words[RESTARTS], bytes: after - before }));
