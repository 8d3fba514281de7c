/** What dsp.wasm offers its host. One instance is one chain; a new sample rate takes a new instance. */
import { Chain } from "./chain";
import { Live } from "./live";
import { allocate, liveAddress, parameterAddress, readoutAddress } from "./memory";

export { liveAddress, parameterAddress, readoutAddress };

let chain: Chain | null = null;
let live: Live | null = null;
let ioBlock: usize = 0;
let largestBlock: i32 = 0;
let rateHz: f64 = 0;

/**
 * Builds the chain. The parameter block must be filled before. Call once.
 * @param sampleRateHz 44100..192000
 * @param maxFrames largest block that `process` will be asked for
 * @param stageMask bit n set: stage n of the layout is part of the chain
 * @param inputTap 1 when the input meter runs
 * @param outputTap 1 when the output meter runs
 */
export function prepare(sampleRateHz: f64, maxFrames: i32, stageMask: i32, inputTap: i32, outputTap: i32): void {
  ioBlock = allocate(<usize>maxFrames << 4);
  const built = new Chain(stageMask, inputTap != 0, outputTap != 0);
  built.prepare(sampleRateHz);
  chain = built;
  largestBlock = maxFrames;
  rateHz = sampleRateHz;
}

/**
 * Adds what sound between two directions of a device needs: the period, the rings and the output gate, closed.
 * Call once, after `prepare`.
 * @param ringFrames frames of the tap ring, a power of two; 0 for none
 * @param referenceFrames frames of the reference ring, a power of two; 0 for none
 * @param hasMonitor 1 when a monitor output plays what is compared
 */
export function prepareLive(ringFrames: i32, referenceFrames: i32, hasMonitor: i32): void {
  const built = new Live(chain!, ioBlock, largestBlock, rateHz, ringFrames);
  if (hasMonitor != 0) built.addMonitorOutput(largestBlock);
  built.monitor.prepare(rateHz, referenceFrames);
  live = built;
}

/** Address of the period: `maxFrames` of 8 bytes, 16-byte aligned, interleaved in the wire's format. */
export function periodAddress(): usize {
  return live!.period;
}

/** Address of the period that is heard: that of the monitor output, or without one the period itself. */
export function heardPeriodAddress(): usize {
  return live!.heard;
}

/** Address of the tap ring: frames of TAP_RING_FIELDS f32. */
export function tapRingAddress(): usize {
  return live!.ring;
}

/** Address of the reference ring: frames of REFERENCE_RING_FIELDS f32. */
export function referenceRingAddress(): usize {
  return live!.monitor.ring;
}

/**
 * Processes the first `frames` of the period in place. Meters, counters and the dry path work as in `process`.
 * @param format a FORMAT_* of the layout
 */
export function processPeriod(format: i32, frames: i32): void {
  live!.process(format, frames);
}

/** Address of the sound: `maxFrames` of interleaved stereo f64, full scale 1.0; input before, output after. */
export function ioAddress(): usize {
  return ioBlock;
}

/** Address of the ring of meter records. */
export function recordsAddress(): usize {
  return chain!.meters.ring;
}

/** Address of the i32 that counts the meter records written since `reset`. */
export function recordCountAddress(): usize {
  return chain!.meters.written;
}

/** Processes the first `frames` of the sound block in place. */
export function process(frames: i32): void {
  chain!.process(ioBlock, frames);
}

/** Clears all signal state, meters and counters; parameters jump to their values. */
export function reset(): void {
  chain!.reset();
}

/** Clears the signal state of the stages, and takes isolated ones back; meters, counters and the gate go on. */
export function resetStages(): void {
  chain!.resetStages();
}

/** Delay from input to output in frames, as of the last processed block. */
export function latencyFrames(): i32 {
  return chain!.latencyFrames;
}
