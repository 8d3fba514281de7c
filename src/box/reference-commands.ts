import type { BoxCommands } from "../server/box-commands.js";
import type { Reference } from "../protocol/messages.js";
import type { ReferenceShelf } from "./reference-shelf.js";

/** The commands about reference tracks that are there; those of an upload belong to its connection. */
export function referenceCommands(
  { shelf, list }: { readonly shelf: ReferenceShelf; readonly list: () => readonly Reference[] },
): Pick<BoxCommands, "listReferences" | "renameReference" | "deleteReference"> {
  return {
    listReferences: () => ({ references: list() }),
    renameReference: async ({ reference, name }) => {
      await shelf.rename(reference, name);
      return {};
    },
    deleteReference: async ({ reference }) => {
      await shelf.delete(reference);
      return {};
    },
  };
}
