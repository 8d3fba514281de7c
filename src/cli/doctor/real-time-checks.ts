import { ok, problem, warning, type Finding } from "./finding.js";
import type { Machine } from "./machine.js";
import { listProcesses, runsOur } from "./processes.js";

/** What the audio thread asks for (hw/linux/real-time.ts), and the memory that its sound takes at most. */
const PRIORITY = 70;
const SOUND_MEMORY_MB = 64;
const MB = 2 ** 20;

/** Where the kernel's own guard leaves other programs a twentieth of each second. */
const MIN_RUNTIME_US = 900_000;

/** A soft limit of /proc/PID/limits; undefined when it is not there. */
function softLimit(limits: string, name: string): number | undefined {
  const [, value] = new RegExp(`^${name}\\s+(\\S+)`, "m").exec(limits) ?? [];
  if (value === undefined) return undefined;
  return value === "unlimited" ? Infinity : Number(value);
}

/** Bits of capabilities(7). */
const CAP_IPC_LOCK = 14n;
const CAP_SYS_NICE = 23n;

/** Whether a process has a capability, which stands above the limits. */
function isCapable(status: string, capability: bigint): boolean {
  const [, mask = "0"] = /^CapEff:\s*([0-9a-f]+)/m.exec(status) ?? [];
  return ((BigInt(`0x${mask}`) >> capability) & 1n) === 1n;
}

/** Real-time rights of the running box, or else of this user. */
export function checkLimits(machine: Machine): Finding[] {
  const box = listProcesses(machine).find((process) => runsOur(process, "box"));
  const limits = machine.read(`/proc/${box?.pid ?? "self"}/limits`);
  const rights = machine.read(`/proc/${box?.pid ?? "self"}/status`) ?? "";
  if (limits === undefined) return [ok("Real-time rights", "This system does not tell its limits.")];
  const whose = box === undefined ? "this user" : `the box (process ${box.pid})`;
  const priority = isCapable(rights, CAP_SYS_NICE) ? Infinity : softLimit(limits, "Max realtime priority") ?? 0;
  const memoryMb = isCapable(rights, CAP_IPC_LOCK) ? Infinity : (softLimit(limits, "Max locked memory") ?? 0) / MB;
  const remedy = "Run it as the service (systemd/install.sh), or be of the group audio with systemd/etc/security/limits.d/lacquer.conf in place, and log in again.";
  const findings: Finding[] = [];
  if (priority < PRIORITY) findings.push(warning("Real-time rights", `Real-time priority is allowed up to ${priority} to ${whose}; the audio thread wants ${PRIORITY}.`, remedy));
  if (memoryMb < SOUND_MEMORY_MB) findings.push(warning("Real-time rights", `${Math.floor(memoryMb)} MB may be locked by ${whose}; the sound wants ${SOUND_MEMORY_MB} MB.`, remedy));
  return findings.length > 0 ? findings : [ok("Real-time rights", `Priority ${PRIORITY} and ${SOUND_MEMORY_MB} MB of locked memory are allowed to ${whose}.`)];
}

/** The kernel's guard against real-time threads that never rest. */
export function checkRuntime(machine: Machine): Finding[] {
  const text = machine.read("/proc/sys/kernel/sched_rt_runtime_us");
  if (text === undefined) return [];
  const microseconds = Number(text);
  if (microseconds === -1 || microseconds >= MIN_RUNTIME_US) return [ok("Real-time share", `Real-time threads may use ${microseconds === -1 ? "all" : `${microseconds / 10_000} %`} of a second.`)];
  return [problem("Real-time share", `Real-time threads may use only ${microseconds / 10_000} % of a second (kernel.sched_rt_runtime_us is ${microseconds}).`, "Run sysctl kernel.sched_rt_runtime_us=950000.")];
}

/** Swap, from which a page comes back too late for sound. */
export function checkSwap(machine: Machine): Finding[] {
  const areas = (machine.read("/proc/swaps") ?? "").trim().split("\n").slice(1).map((line) => line.split(/\s+/)[0] ?? "");
  if (areas.length === 0) return [ok("Swap", "There is no swap.")];
  return [warning("Swap", `Memory may be swapped to ${areas.join(", ")}.`, "Run swapoff -a; lacquer-tune.service does it at each start.")];
}

/** The processors' clock, which must not have to speed up first. */
export function checkGovernor(machine: Machine): Finding[] {
  const folder = "/sys/devices/system/cpu";
  const governors = machine.names(folder).filter((name) => /^cpu\d+$/.test(name))
    .flatMap((name) => machine.read(`${folder}/${name}/cpufreq/scaling_governor`)?.trim() ?? []);
  if (governors.length === 0) return [ok("Processor clock", "Its clock cannot be set here.")];
  const others = [...new Set(governors)].filter((name) => name !== "performance");
  if (others.length === 0) return [ok("Processor clock", "Always at full clock (governor performance).")];
  return [warning("Processor clock", `The clock follows the load (governor ${others.join(", ")}), and is slow when a loud passage begins.`,
    "Start lacquer-tune.service, or write performance to /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor.")];
}
