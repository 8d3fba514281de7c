import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { systemdNotifier } from "../../hw/linux/notify.js";

const koffi = createRequire(import.meta.url)("koffi") as { load(name: string): { func(prototype: string): (...values: unknown[]) => number } };

/** A datagram socket at `path`, as systemd listens on NOTIFY_SOCKET; Node itself has none. */
function datagramSocket(path: string): { receive(): string; close(): void } {
  const libc = koffi.load("libc.so.6");
  const descriptor = libc.func("int socket(int domain, int type, int protocol)")(1, 2, 0);
  const address = new Uint8Array(110);
  address[0] = 1;
  address.set(Buffer.from(path), 2);
  expect(libc.func("int bind(int socket, void *address, unsigned int bytes)")(descriptor, address, address.length)).toBe(0);
  const receive = libc.func("long recv(int socket, void *buffer, size_t bytes, int flags)");
  const close = libc.func("int close(int descriptor)");
  const buffer = Buffer.alloc(4096);
  const MSG_DONTWAIT = 0x40;
  return {
    receive: () => buffer.toString("utf8", 0, Math.max(0, receive(descriptor, buffer, buffer.length, MSG_DONTWAIT))),
    close: () => void close(descriptor),
  };
}

/** Scheduling policy of each thread of this process, field 41 of proc_pid_stat(5). */
function policies(): number[] {
  return readdirSync("/proc/self/task").map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[38]);
  });
}

describe("the calls to Linux", () => {
  it("sends READY, STATUS, WATCHDOG and STOPPING to the socket of systemd, and reads a watchdog of 2 s", () => {
    const folder = mkdtempSync(join(tmpdir(), "lacquer-notify-"));
    const path = join(folder, "socket");
    const socket = datagramSocket(path);
    process.env["NOTIFY_SOCKET"] = path;
    try {
      const notifier = systemdNotifier({ NOTIFY_SOCKET: path, WATCHDOG_USEC: "2000000", WATCHDOG_PID: String(process.pid) });
      notifier.ready();
      expect(socket.receive()).toBe("READY=1");
      notifier.status("48 kHz, 64 x 3\nno fault");
      expect(socket.receive()).toBe("STATUS=48 kHz, 64 x 3 no fault");
      notifier.feedWatchdog();
      expect(socket.receive()).toBe("WATCHDOG=1");
      notifier.stopping();
      expect(socket.receive()).toBe("STOPPING=1");
      expect(notifier.watchdogMs).toBe(2000);
    } finally {
      delete process.env["NOTIFY_SOCKET"];
      socket.close();
      rmSync(folder, { recursive: true });
    }
  });

  it("gives SCHED_FIFO to the calling thread and to no other of the process, or says how to allow it", async () => {
    const module = new URL("../../dist/hw/linux/real-time.js", import.meta.url).href;
    const worker = new Worker(`
      const { parentPort } = require("node:worker_threads");
      import(${JSON.stringify(module)}).then(({ linuxRealTime }) => parentPort.postMessage(linuxRealTime().raisePriority() ?? "granted"));
      parentPort.on("message", () => process.exit());
    `, { eval: true });
    const answer = await new Promise<string>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    const SCHED_FIFO = 1;
    const raised = policies().filter((policy) => policy === SCHED_FIFO).length;
    await worker.terminate();
    if (answer === "granted") expect(raised).toBe(1);
    else expect([raised, answer.includes("LimitRTPRIO=")]).toEqual([0, true]);
  });
});
