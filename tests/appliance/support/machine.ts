import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { appendFileSync, copyFileSync, constants, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { inject, TestRunner } from "vitest";
import { Archive } from "./cpio.js";
import type { System } from "./system-image.js";
import { whyNoTime } from "./time-left.js";

/** What the machine starts from in this run: the system, and one archive of it and the product. Made by global-setup.ts. */
export interface MachineImage extends Pick<System, "kernel" | "emulator"> {
  readonly image: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** The machine, or why it cannot be had. */
    machine: MachineImage | { readonly reason: string };
    /** Time of Date.now() at which the last machine is to be done; endless by default. */
    endsAtMs: number;
  }
}

/** What the machine is to do between its start and its end. */
export interface Task {
  /** For the shell of busybox, as root, once all devices are there; its exit code is the answer. guest/init.sh has the variables. */
  readonly script: string;
  /** Content of further files of the machine, by their absolute paths. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Raw image of a disk, in the machine /dev/disk. What a plug that is pulled leaves is in it. */
  readonly disk?: string;
  /** Seconds of this machine after which it is ended; 900 by default, which a machine that does much else may need. */
  readonly limitS?: number;
  /** Called with each line of the console as it comes; `pullPlug` ends the machine on the spot. */
  readonly onLine?: (line: string, pullPlug: () => void) => void;
}

export interface TaskResult {
  /** Exit code of the script; null when the plug was pulled. */
  readonly exitCode: number | null;
  /** What the script printed, and the kernel meanwhile. */
  readonly lines: readonly string[];
  /** What the script left in /out, by the path below it; none when the plug was pulled. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Seconds of the machine's own clock when the task began and ended. */
  readonly beganS: number;
  readonly endedS: number;
}

const MEMORY_MB = 1024;
const RESULTS_BYTES = 2 ** 28;
const USUAL_LIMIT_S = 900;
/** What began in time has so much more when the time of all is over. */
const GRACE_S = 45;
/** An instruction takes 1 ns of the machine's time whatever this one does; when it sleeps its time leaps. */
const CLOCK = ["-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm", "-seed", "1", "-smp", "1"];
/** Without the kernel's tests of its own ciphers, 0.8 s of its clock at each start: what loads its modules is all that needs any. */
const BOOT = "console=ttyAMA0 quiet panic=-1 nokaslr norandmaps cryptomgr.notests";
const BEGIN = /^The task begins at ([\d.]+) s\.$/;
const END = /^The task ended with (\d+) at ([\d.]+) s\.$/;

// The run was ended from outside: by itself a worker lives for as long as what it started.
process.once("disconnect", () => process.exit());

/**
 * Why there is no machine here, or undefined where there is one.
 * @param neededS - seconds that the tests of the file may take on two processors that do little else
 */
export function whyNoMachine(neededS: number): string | undefined {
  const image = inject("machine");
  if ("reason" in image) return image.reason;
  const reason = whyNoTime(secondsLeft(), neededS);
  if (reason !== undefined) console.log(`Tests in the virtual box are skipped: ${reason}.`);
  return reason;
}

function secondsLeft(): number {
  return (inject("endsAtMs") - Date.now()) / 1000;
}

/**
 * Starts the machine, lets it do a task, and switches it off: an arm64 with the kernel of Debian, the product, a sound
 * card, lines and an I2C bus, whose clock counts instructions. Starts take 3 to 8 s, what keeps its processor busy 4 s for
 * each second of its clock. Where the test that it is for times out, and where this process ends, it ends too.
 *
 * @throws Error with the console's text where it does not come to its end
 */
export async function runTask(task: Task): Promise<TaskResult> {
  const machine = inject("machine");
  if ("reason" in machine) throw new Error(machine.reason);
  // Below the folder of the image, which goes at the end of the run whatever becomes of this process.
  const folder = mkdtempSync(join(dirname(machine.image), "machine-"));
  try {
    const console = new Console();
    const isPlugPulled = await watch(start(machine, task, folder), task, console);
    const end = console.end();
    if (end.exitCode === null && !isPlugPulled) throw new Error(`The machine did not come to the end of its task:\n${console.text}`);
    return { ...end, files: end.exitCode === null ? new Map() : results(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function start({ kernel, emulator, image }: MachineImage, task: Task, folder: string): ChildProcess {
  const start = join(folder, "start");
  copyFileSync(image, start, constants.COPYFILE_FICLONE);
  const own = new Archive();
  own.file("/task", task.script);
  for (const [path, content] of Object.entries(task.files ?? {})) own.file(path, content);
  appendFileSync(start, own.bytes());
  const resultsDisk = join(folder, "results");
  writeFileSync(resultsDisk, "");
  truncateSync(resultsDisk, RESULTS_BYTES);
  const disk = (name: string, file: string): string[] =>
    ["-drive", `if=none,format=raw,id=${name},file=${file}`, "-device", `virtio-blk-device,drive=${name},serial=${name}`];
  return spawn("setpriv", [
    "--pdeathsig", "KILL", emulator.program, "-machine", "virt", "-cpu", "cortex-a72", ...CLOCK, "-m", String(MEMORY_MB),
    "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-nic", "none",
    "-kernel", kernel, "-initrd", start, "-append", BOOT,
    ...disk("results", resultsDisk), ...(task.disk === undefined ? [] : disk("disk", task.disk)),
  ], { env: emulator.environment, stdio: ["ignore", "pipe", "pipe"], signal: TestRunner.getCurrentTest()?.context.signal, killSignal: "SIGKILL" });
}

/** Reads the console until the machine is off. Returns whether its plug was pulled. */
async function watch(emulator: ChildProcess, { limitS: ownLimitS = USUAL_LIMIT_S, onLine }: Task, console: Console): Promise<boolean> {
  const limitS = Math.round(Math.min(ownLimitS, secondsLeft() + GRACE_S));
  let isPlugPulled = false;
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    emulator.kill("SIGKILL");
  }, limitS * 1000);
  const pullPlug = (): void => {
    isPlugPulled = true;
    emulator.kill("SIGKILL");
  };
  emulator.stdout?.on("data", (text: Buffer) => {
    for (const line of console.take(text)) if (!isPlugPulled) onLine?.(line, pullPlug);
  });
  emulator.stderr?.on("data", (text: Buffer) => console.complain(text));
  await new Promise<void>((resolve, reject) => {
    emulator.once("error", reject);
    emulator.once("close", () => resolve());
  }).finally(() => clearTimeout(limit));
  if (isLate) throw new Error(`The machine was not done after ${limitS} s:\n${console.text}`);
  return isPlugPulled;
}

/** What the machine says on its serial line. */
class Console {
  text = "";
  #rest = "";
  readonly #lines: string[] = [];

  /** Returns the lines that are complete with this piece. */
  take(piece: Buffer): string[] {
    this.text += piece.toString();
    const lines = (this.#rest + piece.toString()).replaceAll("\r", "").split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines);
    return lines;
  }

  /** What the emulator itself says. */
  complain(piece: Buffer): void {
    this.text += piece.toString();
  }

  /** What became of the task. */
  end(): Omit<TaskResult, "files"> {
    const begin = this.#lines.findIndex((line) => BEGIN.test(line));
    const end = this.#lines.findIndex((line) => END.test(line));
    const [, code, endedS] = END.exec(this.#lines[end] ?? "") ?? [];
    return {
      exitCode: code === undefined ? null : Number(code), lines: this.#lines.slice(begin + 1, end < 0 ? undefined : end),
      beganS: Number(BEGIN.exec(this.#lines[begin] ?? "")?.[1]), endedS: Number(endedS),
    };
  }
}

/** The files of the archive on the disk that the machine wrote at its end. */
function results(folder: string): Map<string, Buffer> {
  const out = join(folder, "out");
  mkdirSync(out);
  const { status, stderr } = spawnSync("tar", ["-x", "-f", join(folder, "results"), "-C", out], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The results of the machine cannot be read: ${stderr}`);
  const files = readdirSync(out, { recursive: true, encoding: "utf8" }).map((name) => join(out, name)).filter((path) => statSync(path).isFile());
  return new Map(files.map((path) => [relative(out, path), readFileSync(path)]));
}
