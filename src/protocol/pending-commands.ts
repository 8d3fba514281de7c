import { readResult, type ReadBoxMessage } from "./box-messages.js";
import { CommandFailure } from "./command-failure.js";
import { writeCommand } from "./commands.js";
import type { CommandName, Commands } from "./messages.js";

type Answer = Extract<ReadBoxMessage, { type: "answer" }>;

interface Pending {
  readonly command: CommandName;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The commands of one connection that wait for their answers. */
export class PendingCommands {
  readonly #waiting = new Map<number, Pending>();
  #lastId = 0;

  /** Numbers a command and hands `send` its message. Settles with the answer, or with what the connection ended by. */
  give<Name extends CommandName>(name: Name, input: Commands[Name]["in"], send: (message: string) => void): Promise<Commands[Name]["out"]> {
    const id = ++this.#lastId;
    send(writeCommand(id, name, input));
    return new Promise((resolve, reject) => this.#waiting.set(id, { command: name, resolve, reject }));
  }

  /** Hands an answer to the command that waits for it: its result, or the CommandFailure that the box refused it by. */
  settle(answer: Answer): void {
    const pending = answer.id === null ? undefined : this.#waiting.get(answer.id);
    if (pending === undefined || answer.id === null) return;
    this.#waiting.delete(answer.id);
    if (!answer.ok) {
      pending.reject(new CommandFailure(answer.error.code, answer.error.sentence, answer.error.parameter));
      return;
    }
    try {
      pending.resolve(readResult(pending.command, answer.result) as never);
    } catch (error) {
      pending.reject(error as Error);
    }
  }

  /** No answer comes any more: each command that waits fails with an error of its own. */
  giveUp(makeError: () => Error): void {
    for (const { reject } of this.#waiting.values()) reject(makeError());
    this.#waiting.clear();
  }
}
