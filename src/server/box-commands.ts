import type { CommandInput } from "../protocol/commands.js";
import type { CommandName, Commands } from "../protocol/messages.js";

/** Commands that the box carries out; those about a connection itself are the control socket's own. */
export type BoxCommandName = Exclude<CommandName, "subscribeMeters" | "announcePage" | "startUpload" | "finishUpload" | "cancelUpload">;

/**
 * The box, as clients command it: one function for each command. `input` is well formed and in range; `source` is what
 * the client calls itself ("cli", "phone"). A command is refused by a CommandFailure or, for a bad value, a RangeError,
 * both with a sentence for people; anything else that is thrown is answered as "failed" and reported.
 */
export type BoxCommands = {
  readonly [Name in BoxCommandName]: (input: CommandInput<Name>, source: string) => Commands[Name]["out"] | Promise<Commands[Name]["out"]>;
};
