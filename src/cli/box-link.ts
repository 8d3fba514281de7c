import { controlSocketPlaces } from "../config/folders.js";
import { CommandFailure } from "../protocol/command-failure.js";
import { LinkError, openControlLink, type ControlLink } from "../server/control-link.js";
import type { Terminal } from "./terminal.js";

const SOURCE = "cli";

/** Runs `use` with a connection to the box, and closes it. @throws LinkError when no box answers */
export async function withBox<T>(terminal: Terminal, use: (box: ControlLink) => Promise<T>): Promise<T> {
  const box = await openBox(controlSocketPlaces(terminal.environment ?? {}));
  try {
    return await use(box);
  } finally {
    box.close();
  }
}

/** Whether an error is the box's own answer, or the lack of one: its message is for the user. */
export function isBoxError(error: unknown): error is LinkError | CommandFailure {
  return error instanceof LinkError || error instanceof CommandFailure;
}

/** Connects to the first of `places` where a box answers. */
async function openBox(places: readonly string[]): Promise<ControlLink> {
  let first: unknown;
  for (const path of places) {
    try {
      return await openControlLink({ path, source: SOURCE });
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
