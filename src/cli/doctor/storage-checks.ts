import { boardFindings } from "../../config/board-findings.js";
import type { Environment, LoadedConfig } from "../../config/box-config.js";
import { stateFolder } from "../../config/folders.js";
import { readSlotText } from "../../config/slot-text.js";
import { SLOT_NAMES, slotPath } from "../../config/state-files.js";
import { STATE_MIGRATIONS } from "../../config/state.js";
import type { Board } from "../../hal/board.js";
import { ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";

const SERVICE_UNIT = "/etc/systemd/system/lacquer-box.service";
const SERVICE_STATE = "/var/lib/lacquer";

const MB = 2 ** 20;
/** Enough for the state, for ever; a take of a minute at 48 kHz and 24 bits, twice, needs 33 MB. */
const LOW_SPACE_MB = 64;
/** Two slots of the state and their temporary file. */
const NO_SPACE_MB = 1;

/** File systems in memory, or over one that stays as it was. */
const FORGETFUL = ["tmpfs", "ramfs", "overlay"];

/** The nearest folder on the way to `path` that exists. */
function existingFolder(machine: Machine, path: string): string {
  const parts = path.split("/");
  while (parts.length > 1 && !machine.exists(parts.join("/"))) parts.pop();
  return parts.join("/") || "/";
}

/** Type and options of the file system of `path`, by /proc/mounts (fields: device, folder, type, options). */
function mountOf(machine: Machine, path: string): { readonly type: string; readonly isReadOnly: boolean } {
  const mounts = (machine.read("/proc/mounts") ?? "").split("\n").map((line) => line.split(" "))
    .filter(([, folder = ""]) => folder === "/" || path === folder || path.startsWith(`${folder}/`));
  // The longest folder holds the path; of two mounts on one folder the later one is seen.
  const [, , type = "", options = ""] = mounts.reduce((best, mount) => ((mount[1] ?? "").length >= (best[1] ?? "").length ? mount : best), [] as string[]);
  return { type, isReadOnly: options.split(",").includes("ro") };
}

function savedStateFolder(machine: Machine, environment: Environment): string {
  return machine.exists(SERVICE_UNIT) ? SERVICE_STATE : stateFolder(environment);
}

/** Where the state is saved: whether it can be, and how much room there is. */
export function checkStateFolder(machine: Machine, environment: Environment): Finding[] {
  const folder = savedStateFolder(machine, environment);
  const place = existingFolder(machine, folder);
  const { type, isReadOnly } = mountOf(machine, folder);
  if (isReadOnly) {
    return [problem("Saved state", `${folder} is on a read-only file system: nothing that is adjusted survives a restart.`,
      "Give the state a small partition of its own; systemd/read-only-root.md shows how.")];
  }
  if (FORGETFUL.includes(type)) {
    return [warning("Saved state", `${folder} is on a file system of the kind ${type}: what is saved there may be gone after a restart.`,
      "Give the state a partition of its own, which no overlay covers; systemd/read-only-root.md shows how.")];
  }
  const freeMb = (machine.freeBytes(place) ?? Infinity) / MB;
  if (freeMb < NO_SPACE_MB) return [problem("Saved state", `The file system of ${folder} is full: nothing can be saved.`, "Delete what is not needed, as old takes.")];
  if (freeMb < LOW_SPACE_MB) return [warning("Saved state", `Only ${freeMb.toFixed(0)} MB are free for ${folder}; a take of a minute needs 33 MB.`, "Delete what is not needed, as old takes.")];
  if (machine.exists(SERVICE_UNIT)) return [ok("Saved state", `${folder} is the service's own; there is room.`)];
  if (!machine.mayWrite(place)) return [problem("Saved state", `This user may not write to ${place}, where the state belongs.`, `Run chown $USER ${place}, or set XDG_STATE_HOME.`)];
  return [ok("Saved state", `${folder} can be written; there is room.`)];
}

/** The configuration file, as `lacquer config check` sees it. */
export function checkConfig(loaded: LoadedConfig, board: Board | undefined, boards: readonly Board[]): Finding[] {
  const { file } = loaded;
  if (file === undefined) return [ok("Configuration", "There is no file; the defaults hold.")];
  const findings = [...loaded.findings, ...boardFindings(loaded, board, boards)];
  if (findings.length === 0) return [ok("Configuration", `${file} is in order.`)];
  return findings.map((finding) => problem("Configuration", finding.message, "Correct it; until then the default holds there."));
}

/** The two copies of the saved state, by their checksums. */
export function checkSavedCopies(machine: Machine, environment: Environment): Finding[] {
  const folder = savedStateFolder(machine, environment);
  const version = STATE_MIGRATIONS.length + 1;
  const copies = SLOT_NAMES.map((name) => slotPath(folder, version, name)).flatMap((path) => {
    const text = machine.read(path);
    return text === undefined ? [] : [{ path, content: readSlotText(Buffer.from(text), version, STATE_MIGRATIONS) }];
  });
  if (copies.length === 0) {
    const isHidden = machine.exists(folder) && !machine.mayWrite(folder);
    return [ok("Saved copies", isHidden ? "Only root may look at those of the service: sudo lacquer doctor." : "Nothing was saved yet.")];
  }
  const damaged = copies.flatMap(({ path, content }) => ("problem" in content ? [`${path} (${content.problem})`] : []));
  if (damaged.length === 0) return [ok("Saved copies", copies.length === 1 ? "The one that there is yet is in order." : "Both are in order.")];
  const remedy = "The box sets it aside at its next start, and saves anew.";
  if (damaged.length < copies.length) return [warning("Saved copies", `${damaged.join(" and ")} is damaged; the other one is used.`, remedy)];
  return [problem("Saved copies", `No copy is good: ${damaged.join(" and ")}. The box starts with the settings of its configuration.`, remedy)];
}
