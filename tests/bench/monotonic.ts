/** The bin of a snapshot of the meters, and a time: when the box began to make it, or when a phone had opened it. */
export type Note = readonly [bin: number, atMs: number];

/** Milliseconds of the clock that all processes of a machine share (clock_gettime(2), CLOCK_MONOTONIC). */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
