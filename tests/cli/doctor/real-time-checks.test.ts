import { describe, expect, it } from "vitest";
import { checkGovernor, checkLimits, checkRuntime, checkSwap } from "../../../src/cli/doctor/real-time-checks.js";
import { BOX_PROCESS, fakeMachine } from "../../support/fake-machine.js";

/** The form of proc_pid_limits (fs/proc/base.c of Linux). */
function limits(priority: string, lockedBytes: string): string {
  return `Limit                     Soft Limit           Hard Limit           Units     
Max locked memory         ${lockedBytes.padEnd(20)} ${lockedBytes.padEnd(20)} bytes     
Max realtime priority     ${priority.padEnd(20)} ${priority.padEnd(20)}           
`;
}

describe("the doctor's look at real-time rights", () => {
  it("is content with priority 80 and 128 MB, and with no limits at all", () => {
    for (const granted of [limits("80", String(128 * 2 ** 20)), limits("unlimited", "unlimited")]) {
      expect(checkLimits(fakeMachine({ files: { "/proc/self/limits": granted } }))).toMatchObject([{ level: "ok" }]);
    }
  });

  it("warns of each right that Debian's defaults lack: priority 0 and 8 MB", () => {
    const findings = checkLimits(fakeMachine({ files: { "/proc/self/limits": limits("0", String(8 * 2 ** 20)) } }));
    expect(findings.map(({ level }) => level)).toEqual(["warning", "warning"]);
    expect(findings[0]?.sentence).toMatch(/up to 0 to this user; the audio thread wants 70/);
    expect(findings[1]?.sentence).toMatch(/^8 MB may be locked/);
  });

  it("looks at the running box rather than at the user who asks", () => {
    const files = { ...BOX_PROCESS, "/proc/700/limits": limits("80", "unlimited"), "/proc/self/limits": limits("0", "0") };
    expect(checkLimits(fakeMachine({ files }))).toMatchObject([{ level: "ok", sentence: expect.stringContaining("process 700") }]);
  });

  it("knows that CAP_SYS_NICE (bit 23) and CAP_IPC_LOCK (bit 14) stand above the limits", () => {
    const files = { "/proc/self/limits": limits("0", "0"), "/proc/self/status": "Name:\tnode\nCapEff:\t0000000000804000\n" };
    expect(checkLimits(fakeMachine({ files }))).toMatchObject([{ level: "ok" }]);
  });

  it.each([["950000\n", "ok"], ["-1\n", "ok"], ["500000\n", "problem"], ["0\n", "problem"]])("finds kernel.sched_rt_runtime_us %j %s", (text, level) => {
    expect(checkRuntime(fakeMachine({ files: { "/proc/sys/kernel/sched_rt_runtime_us": text } }))).toMatchObject([{ level }]);
  });

  it("names the swap file of Raspberry Pi OS", () => {
    const heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    expect(checkSwap(fakeMachine({ files: { "/proc/swaps": heading } }))).toMatchObject([{ level: "ok" }]);
    const [finding] = checkSwap(fakeMachine({ files: { "/proc/swaps": `${heading}/var/swap                               file\t\t102396\t\t0\t\t-2\n` } }));
    expect(finding).toMatchObject({ level: "warning", sentence: expect.stringContaining("/var/swap") });
  });

  it("warns when one of four processors follows its load", () => {
    const governor = (cpu: number): string => `/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`;
    const files = Object.fromEntries([0, 1, 2, 3].map((cpu) => [governor(cpu), "performance\n"]));
    expect(checkGovernor(fakeMachine({ files }))).toMatchObject([{ level: "ok" }]);
    expect(checkGovernor(fakeMachine({ files: { ...files, [governor(2)]: "ondemand\n" } }))).toMatchObject([{ level: "warning" }]);
  });
});
