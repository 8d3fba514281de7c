/** The command line was given something it cannot use; the message is one sentence for the user. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
