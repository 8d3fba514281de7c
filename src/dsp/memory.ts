import { LIVE_WORDS, PARAMETER_SLOTS, READOUT_COUNT, READOUT_PEAK_COUNT } from "./layout";

const parameterBlock = memory.data(PARAMETER_SLOTS * 8, 16);
const readoutBlock = memory.data(READOUT_COUNT * 8, 16);
const liveBlock = memory.data(LIVE_WORDS * 4, 16);

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

/** Sets a readout. */
export function setReadout(slot: i32, value: f64): void {
  store<f64>(readoutBlock + ((<usize>slot) << 3), value);
}

/** Value of a readout. */
export function readout(slot: i32): f64 {
  return load<f64>(readoutBlock + ((<usize>slot) << 3));
}

/** Address of the live block: `LIVE_WORDS` i32. */
export function liveAddress(): usize {
  return liveBlock;
}

/** A word of the live block. */
export function liveWord(word: i32): i32 {
  return atomic.load<i32>(liveBlock + ((<usize>word) << 2));
}

/** Sets a word of the live block; what was stored before is seen by whoever sees the word. */
export function setLiveWord(word: i32, value: i32): void {
  atomic.store<i32>(liveBlock + ((<usize>word) << 2), value);
}

/** Takes `count` from a word of the live block, whatever others store into it meanwhile. */
export function countDownLiveWord(word: i32, count: i32): void {
  atomic.sub<i32>(liveBlock + ((<usize>word) << 2), count);
}

/** Takes a word of the live block, and leaves 0. */
export function takeLiveWord(word: i32): i32 {
  return atomic.xchg<i32>(liveBlock + ((<usize>word) << 2), 0);
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

/** Largest magnitude of either channel among frames of 16 bytes. */
export function peakOf(io: usize, frames: i32): f64 {
  let worst = f64x2.splat(0.0);
  const end = io + (<usize>frames << 4);
  for (let p = io; p < end; p += 16) worst = f64x2.pmax(worst, f64x2.abs(v128.load(p)));
  return larger(worst);
}

/** The larger lane of a pair. */
export function larger(pair: v128): f64 {
  return Math.max(f64x2.extract_lane(pair, 0), f64x2.extract_lane(pair, 1));
}

/** Copies frames of 16 bytes forward or to a lower address. For the short blocks of a kernel it beats memory.copy. */
export function copyFrames(to: usize, from: usize, frames: i32): void {
  const end = from + (<usize>frames << 4);
  for (; from < end; from += 16) {
    v128.store(to, v128.load(from));
    to += 16;
  }
}
