import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { Supervisor } from "../../src/box/supervisor.js";

/** A supervisor over small Node programs: the nth start runs the nth, the last one again and again. */
function fixture(...programs: string[]): { supervisor: Supervisor; said: string[]; starts: () => number; child: () => ReturnType<typeof spawn> } {
  const said: string[] = [];
  const children: ReturnType<typeof spawn>[] = [];
  const supervisor = new Supervisor({
    name: "The toy",
    say: (sentence) => said.push(sentence),
    haste: 0.1,
    spawn: () => {
      const child = spawn(process.execPath, ["-e", programs[Math.min(children.length, programs.length - 1)]!], { stdio: ["ignore", "pipe", "ignore"] });
      children.push(child);
      return child;
    },
  });
  return { supervisor, said, starts: () => children.length, child: () => children.at(-1)! };
}

describe("the supervisor", () => {
  it("starts a process again that was killed or failed, and ends with it when it ends with 0", async () => {
    const { supervisor, said, starts } = fixture("process.kill(process.pid, 'SIGKILL')", "process.exit(70)", "process.exit(0)");
    supervisor.start();
    expect(await supervisor.ended).toEqual({ code: 0, signal: null });
    expect(starts()).toBe(3);
    expect(said).toEqual([
      "The toy ended unexpectedly (SIGKILL); it is started again.",
      "The toy ended unexpectedly (exit code 70); it is started again.",
    ]);
  });

  it("does not start a process again that refuses its input with exit code 2", async () => {
    const { supervisor, said, starts } = fixture("process.exit(2)");
    supervisor.start();
    expect(await supervisor.ended).toEqual({ code: 2, signal: null });
    expect(starts()).toBe(1);
    expect(said).toEqual([]);
  });

  it("ends a process with SIGTERM and gives its own exit code on", async () => {
    const { supervisor, child, said } = fixture("process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000)");
    supervisor.start();
    await once(child().stdout!, "data");
    await supervisor.stop();
    expect(await supervisor.ended).toEqual({ code: 7, signal: null });
    expect(said).toEqual([]);
  });

  it("kills a process that takes no notice of SIGTERM", async () => {
    const { supervisor, child, said } = fixture("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)");
    supervisor.start();
    await once(child().stdout!, "data");
    await supervisor.stop();
    expect(await supervisor.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(said).toEqual(["The toy did not end within 3 s and is ended by force."]);
  });

  it("does not start it again when it is told to end while it waits after a crash", async () => {
    const { supervisor, child, starts } = fixture("process.exit(1)");
    supervisor.start();
    await once(child(), "exit");
    await supervisor.stop();
    expect(starts()).toBe(1);
  });
});
