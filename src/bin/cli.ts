#!/usr/bin/env node
import { main } from "../cli/main.js";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe may go away early, as `head` does.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true,
});
