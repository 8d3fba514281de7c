import { PARAMETER_SLOTS, READOUT_COUNT, READOUT_PEAK_COUNT } from "./layout";

const parameterBlock = memory.data(PARAMETER_SLOTS * 8, 16);
const readoutBlock = memory.data(READOUT_COUNT * 8, 16);

/** Address of the parameter block: `PARAMETER_SLOTS` f64, written by the host, read at control ticks. */
export function parameterAddress(): usize {
  return parameterBlock;
}

/** Address of the readouts: `READOUT_COUNT` f64. */
export function readoutAddress(): usize {
  return readoutBlock;
}

/** Value of a parameter slot; switches are 0 or 1, choices an index. */
export function param(slot: i32): f64 {
  return load<f64>(parameterBlock + ((<usize>slot) << 3));
}

/** Whether a switch is on. */
export function paramOn(slot: i32): bool {
  return param(slot) > 0.5;
}

/** Index of a choice. */
export function paramChoice(slot: i32): i32 {
  return <i32>nearest(param(slot));
}

/** Keeps the larger of a peak readout and `value`. */
export function readoutPeak(slot: i32, value: f64): void {
  const address = readoutBlock + ((<usize>slot) << 3);
  if (value > load<f64>(address)) store<f64>(address, value);
}

/** Adds to a counter readout. */
export function readoutCount(slot: i32, count: f64): void {
  const address = readoutBlock + ((<usize>slot) << 3);
  store<f64>(address, load<f64>(address) + count);
}

/** Clears the peak readouts, at the end of a meter bin. */
export function clearPeakReadouts(): void {
  memory.fill(readoutBlock, 0, READOUT_PEAK_COUNT * 8);
}

/** Clears peaks and counters. */
export function clearReadouts(): void {
  memory.fill(readoutBlock, 0, READOUT_COUNT * 8);
}

/** Zeroed block of `bytes`, 16-byte aligned. Only while preparing: it is never freed. */
export function allocate(bytes: usize): usize {
  const address = heap.alloc(bytes);
  memory.fill(address, 0, bytes);
  return address;
}

/** Copies frames of 16 bytes forward or to a lower address. For the short blocks of a kernel it beats memory.copy. */
export function copyFrames(to: usize, from: usize, frames: i32): void {
  const end = from + (<usize>frames << 4);
  for (; from < end; from += 16) {
    v128.store(to, v128.load(from));
    to += 16;
  }
}
