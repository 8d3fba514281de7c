import { existsSync, lstatSync, mkdirSync, statSync, unlinkSync } from "node:fs";
import { createConnection, type Server } from "node:net";
import { dirname } from "node:path";

/** The owner and the group may connect: 0660. */
const UMASK = 0o117;
/** Bits of a mode: others may write, and the group or others may. */
const OPEN_TO_ALL = 0o002;
const OPEN = 0o022;
const REMEDY = "set XDG_RUNTIME_DIR to a folder of this user, or LACQUER_SOCKET to a path in one";
const REASONS: Readonly<Record<string, string>> = {
  EACCES: `this user may not write there; start it as the user of the service, or ${REMEDY}`,
  EADDRINUSE: "another process took it at the same moment",
  EINVAL: "the path is longer than the 107 bytes that a socket can have; name a shorter one",
};

function unusable(path: string, { code, message }: NodeJS.ErrnoException): Error {
  return new Error(`The control socket ${path} cannot be used: ${REASONS[code ?? ""] ?? message}.`);
}

/**
 * Makes the folder of the socket `path`, for this user alone, where it is missing. In a folder where everyone may write,
 * such as /tmp, another user could have made it first: only one of this user, that nobody else may write to, is taken there.
 * @throws Error that names the path, the reason and the remedy
 */
export function makeSocketFolder(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(dirname(folder)).mode & OPEN_TO_ALL) === 0) return;
  } catch (error) {
    throw unusable(path, error as NodeJS.ErrnoException);
  }
  const stats = lstatSync(folder);
  const fault = !stats.isDirectory() ? "is no folder but a link" : stats.uid !== process.geteuid?.() ? "belongs to another user"
    : (stats.mode & OPEN) !== 0 ? "is open to other users" : undefined;
  if (fault !== undefined) throw new Error(`The control socket ${path} cannot be used: ${folder} ${fault}; remove it, or ${REMEDY}.`);
}

/** Whether a process answers at the socket `path`. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createConnection(path);
    probe.on("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else if (error.code === "EAGAIN") resolve(true);
      else reject(unusable(path, error));
    });
  });
}

/** Takes away the socket that a dead box left behind. @throws Error when a box lives there, or the file is no socket */
async function clearPath(path: string): Promise<void> {
  // libuv reports a missing folder as EACCES.
  if (!existsSync(dirname(path))) throw new Error(`The control socket ${path} cannot be used: its folder does not exist; make it, or name another path.`);
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (!file.isSocket()) throw new Error(`The control socket ${path} cannot be used: there is a file that is no socket; move it, or name another path.`);
  if (await isAlive(path)) throw new Error(`A box runs already: it answers at ${path}. Stop it first, or name another path for this one.`);
  unlinkSync(path);
}

/**
 * Lets `server` listen on the unix socket `path`, for the owner and the group alone. A socket left by a dead process is
 * replaced.
 * @throws Error that names the path, the reason and the remedy
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  await clearPath(path);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(unusable(path, error)));
    // The file is made within this call, so that nobody else can be let in between its making and a later chmod.
    const umask = process.umask(UMASK);
    server.listen(path, resolve);
    process.umask(umask);
  });
}
