import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./box-config.js";

/** The first of the folders that systemd gives (it parts several by colons), or undefined. */
function fromSystemd(folders: string | undefined): string | undefined {
  return folders?.split(":").find((folder) => folder !== "");
}

/** A folder of this user alone, for a system that gives none. */
function temporaryFolder(): string {
  // By number: a user that systemd has made up for a service has no entry that os.userInfo() could find.
  return join(tmpdir(), `lacquer-${process.getuid?.() ?? 0}`);
}

/** Folder of the saved state: STATE_DIRECTORY of systemd, else XDG_STATE_HOME/lacquer, else ~/.local/state/lacquer. */
export function stateFolder(environment: Environment): string {
  const { STATE_DIRECTORY, XDG_STATE_HOME, HOME } = environment;
  return fromSystemd(STATE_DIRECTORY) ?? join(XDG_STATE_HOME || join(HOME || homedir(), ".local", "state"), "lacquer");
}

/** Folder of what lives as long as the process: RUNTIME_DIRECTORY of systemd, else XDG_RUNTIME_DIR/lacquer, else one in the temporary folder. */
export function runtimeFolder(environment: Environment): string {
  const { RUNTIME_DIRECTORY, XDG_RUNTIME_DIR } = environment;
  return fromSystemd(RUNTIME_DIRECTORY) ?? (XDG_RUNTIME_DIR ? join(XDG_RUNTIME_DIR, "lacquer") : temporaryFolder());
}

const SOCKET_NAME = "control.sock";
/** Where the service has its socket (RuntimeDirectory=lacquer). */
const SERVICE_SOCKET = `/run/lacquer/${SOCKET_NAME}`;

/** Path of the control socket that a box listens on. */
export function controlSocketPath(environment: Environment): string {
  return environment["LACQUER_SOCKET"] || join(runtimeFolder(environment), SOCKET_NAME);
}

/** Paths at which a client looks for a box: its own user's first, then that of the service. */
export function controlSocketPlaces(environment: Environment): readonly string[] {
  const named = environment["LACQUER_SOCKET"];
  return named ? [named] : [...new Set([controlSocketPath(environment), SERVICE_SOCKET])];
}
