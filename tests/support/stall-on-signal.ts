/** Loaded before a program: SIGUSR2 holds its main thread up for as many milliseconds as STALL_MS says. */
process.on("SIGUSR2", () => {
  const end = performance.now() + Number(process.env["STALL_MS"]);
  while (performance.now() < end);
});
