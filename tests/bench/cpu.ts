/** User CPU seconds of this process that `run` takes, the least of several times. */
export function leastUserSeconds(times: number, run: () => void): number {
  let least = Infinity;
  for (let time = 0; time < times; time++) {
    const start = process.cpuUsage();
    run();
    least = Math.min(least, process.cpuUsage(start).user / 1e6);
  }
  return least;
}

/** Seconds of CPU, and what they are for each second of sound. */
export function formatCpu(seconds: number, soundSeconds: number): string {
  const percent = (100 * seconds) / soundSeconds;
  return `${seconds.toFixed(3)} s user CPU for ${soundSeconds} s of sound (${percent.toFixed(2)} % of one core)`;
}
