import type { Machine } from "./machine.js";

/** A process of this machine. */
export interface RunningProcess {
  readonly pid: number;
  /** Name of the program, at most 15 characters. */
  readonly name: string;
  readonly command: readonly string[];
}

/** The process or thread with a number, or undefined. */
export function processOf(machine: Machine, pid: number): RunningProcess | undefined {
  const name = machine.read(`/proc/${pid}/comm`)?.trim();
  if (name === undefined) return undefined;
  const command = (machine.read(`/proc/${pid}/cmdline`) ?? "").split("\0").filter((word) => word !== "");
  return { pid, name, command };
}

/** All processes that this user may see. */
export function listProcesses(machine: Machine): readonly RunningProcess[] {
  return machine.names("/proc").filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(machine, Number(name)) ?? []);
}

/** Whether a process runs one of our programs ("box", "web"). */
export function runsOur({ command }: RunningProcess, program: "box" | "web"): boolean {
  return command.some((word) => word.endsWith(`dist/src/bin/${program}.js`));
}
