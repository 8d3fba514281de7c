import { findConfigFile, loadBoxConfig, type Environment } from "../../config/box-config.js";
import { stateFolder } from "../../config/folders.js";
import { ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";

const SERVICE_UNIT = "/etc/systemd/system/lacquer-box.service";
const SERVICE_STATE = "/var/lib/lacquer";

const MB = 2 ** 20;
/** Enough for the state, for ever; a take of a minute at 48 kHz and 24 bits, twice, needs 33 MB. */
const LOW_SPACE_MB = 64;
/** Two slots of the state and their temporary file. */
const NO_SPACE_MB = 1;

/** The nearest folder on the way to `path` that exists. */
function existingFolder(machine: Machine, path: string): string {
  const parts = path.split("/");
  while (parts.length > 1 && !machine.exists(parts.join("/"))) parts.pop();
  return parts.join("/") || "/";
}

/** Whether the file system of `path` is mounted read-only, by /proc/mounts (fields: device, folder, type, options). */
function isReadOnly(machine: Machine, path: string): boolean {
  const mounts = (machine.read("/proc/mounts") ?? "").split("\n").map((line) => line.split(" "))
    .filter(([, folder = ""]) => folder === "/" || path === folder || path.startsWith(`${folder}/`));
  // The longest folder holds the path; of two mounts on one folder the later one is seen.
  const [, , , options = ""] = mounts.reduce((best, mount) => ((mount[1] ?? "").length >= (best[1] ?? "").length ? mount : best), [] as string[]);
  return options.split(",").includes("ro");
}

/** Where the state is saved: whether it can be, and how much room there is. */
export function checkStateFolder(machine: Machine, environment: Environment): Finding[] {
  const folder = machine.exists(SERVICE_UNIT) ? SERVICE_STATE : stateFolder(environment);
  const place = existingFolder(machine, folder);
  if (isReadOnly(machine, folder)) {
    return [problem("Saved state", `${folder} is on a read-only file system: nothing that is adjusted survives a restart.`,
      "Give the state a small partition of its own; systemd/read-only-root.md shows how.")];
  }
  const freeMb = (machine.freeBytes(place) ?? Infinity) / MB;
  if (freeMb < NO_SPACE_MB) return [problem("Saved state", `The file system of ${folder} is full: nothing can be saved.`, "Delete what is not needed, as old takes.")];
  if (freeMb < LOW_SPACE_MB) return [warning("Saved state", `Only ${freeMb.toFixed(0)} MB are free for ${folder}; a take of a minute needs 33 MB.`, "Delete what is not needed, as old takes.")];
  if (machine.exists(SERVICE_UNIT)) return [ok("Saved state", `${folder} is the service's own; there is room.`)];
  if (!machine.mayWrite(place)) return [problem("Saved state", `This user may not write to ${place}, where the state belongs.`, `Run chown $USER ${place}, or set XDG_STATE_HOME.`)];
  return [ok("Saved state", `${folder} can be written; there is room.`)];
}

/** The configuration file, as `lacquer config check` sees it. */
export function checkConfig(environment: Environment): Finding[] {
  const file = findConfigFile(environment);
  if (file === undefined) return [ok("Configuration", "There is no file; the defaults hold.")];
  const { findings } = loadBoxConfig(file);
  if (findings.length === 0) return [ok("Configuration", `${file} is in order.`)];
  return findings.map((finding) => problem("Configuration", finding.message, "Correct it; until then the default holds there."));
}
