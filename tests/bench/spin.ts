/** Loaded before a program, keeps its main thread in a loop for 40 ms of each 50. */
const SPIN_MS = 40;
const EVERY_MS = 50;

setInterval(() => {
  const end = performance.now() + SPIN_MS;
  while (performance.now() < end);
}, EVERY_MS).unref();
