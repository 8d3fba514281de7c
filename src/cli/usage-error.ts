/** The command line was given something it cannot use; the message is one sentence for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit code of input that cannot be used. */
export const BAD_INPUT = 2;

/** Gives what `read` gives; where that is given what it cannot use, says so in a line and ends the process with 2. */
export function readOrExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`lacquer: ${error.message}\n`);
    return process.exit(BAD_INPUT);
  }
}
