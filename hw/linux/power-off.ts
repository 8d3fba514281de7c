import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The file for which the unit lacquer-poweroff.path looks: the box itself has no right to switch the machine off. */
export const POWER_OFF_FILE = "power-off";

/**
 * Asks the service manager to switch the machine off, by a file in the folder that it made for the box.
 * @throws Error where the box was not started by its service
 */
export async function powerOff(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const folder = environment["RUNTIME_DIRECTORY"];
  if (folder === undefined) throw new Error("The box was started by hand: switch the machine off by hand, too.");
  await writeFile(join(folder, POWER_OFF_FILE), "");
}
