#!/usr/bin/env node
import { BOARDS } from "../../hw/boards/boards.js";
import { lineUses } from "../../hw/gpio/line-uses.js";
import { loadI2cPackage, PackageBus } from "../../hw/i2c/package-bus.js";
import { main } from "../cli/main.js";
import { processTerminal } from "../cli/process-terminal.js";
import { abandonUnfinishedFiles } from "../files/atomic-file.js";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  abandonUnfinishedFiles();
  // The reader of a pipe may go away early, as `head` does.
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`lacquer: the result could not be written (${error.code}).\n`);
  process.exit(2);
});

let stop: (() => void) | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    abandonUnfinishedFiles();
    // A command that runs until it is ended gives the terminal back first.
    if (stop !== undefined) stop();
    // Without a listener now, the signal ends the process as the shell expects.
    else process.kill(process.pid, signal);
  });
}

process.exitCode = await main(process.argv.slice(2), processTerminal(process, (handler) => (stop = handler)), {
  boards: BOARDS, lineUses: () => lineUses(), i2cBus: (busNumber) => new PackageBus({ busNumber, load: loadI2cPackage }),
});
