import type { CommandError } from "./messages.js";

/** A command that is refused or failed. The message is a sentence for people: what is wrong, what is allowed, the remedy. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  /** @param parameter - id of the parameter at fault, where it is one */
  constructor(readonly code: CommandError["code"], sentence: string, readonly parameter?: string) {
    super(sentence);
  }

  /** As it goes over the wire. */
  get wire(): CommandError {
    return { code: this.code, sentence: this.message, ...(this.parameter !== undefined && { parameter: this.parameter }) };
  }
}
