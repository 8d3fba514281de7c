import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runContainer } from "../support/container.js";
import { writeFakeRelease } from "../support/fake-release.js";

const NODE_MODULES = realpathSync(join(import.meta.dirname, "..", "..", "node_modules"));

/** What both programs try: each answers "ok", or the error code. */
const TRIES = `
import fs from "node:fs";
import net from "node:net";
import { createRequire } from "node:module";
export const { load, errno } = createRequire("/modules/x.js")("koffi");
export function attempt(what) {
  try { return what() ?? "ok"; } catch (error) { return error.code ?? String(error); }
}
export const connect = (where) => new Promise((resolve) => {
  try { net.connect(where).once("connect", () => resolve("ok")).once("error", (error) => resolve(error.code)); } catch (error) { resolve(error.code); }
});
const libc = load("libc.so.6");
const call = (name, kinds, ...values) => (libc.func("int " + name + "(" + kinds + ")")(...values) === 0 ? "ok" : "errno " + errno());
export async function common() {
  return {
    compiler: attempt(() => { new Function("let s = 0; for (let i = 0; i < 1e7; i++) s += Math.sqrt(i); return s")(); }),
    shadow: attempt(() => void fs.readFileSync("/etc/shadow")),
    home: attempt(() => void fs.readdirSync("/home")),
    kernelLog: attempt(() => void fs.readFileSync("/dev/kmsg")),
    otherProcess: attempt(() => void fs.readFileSync("/proc/1/status")),
    writeProgram: attempt(() => fs.writeFileSync("/opt/lacquer/current/x", "")),
    writeConfig: attempt(() => fs.writeFileSync("/etc/lacquer/x", "")),
    writeSysctl: attempt(() => fs.writeFileSync("/proc/sys/kernel/panic", "1")),
    network: await connect({ port: 80, host: "127.0.0.1" }),
    rawSocket: call("socket", "int, int, int", 17, 3, 0),
    namespace: call("unshare", "int", 0x10000000),
    mount: call("mount", "str, str, str, ulong, void *", "none", "/tmp", "tmpfs", 0, null),
    becomeRoot: call("setuid", "int", 0),
    clock: call("settimeofday", "void *, void *", new BigInt64Array(2), null),
    capabilities: /CapEff:\\s*(\\S+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1],
  };
}
`;

const BOX = `
import fs from "node:fs";
import net from "node:net";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { attempt, common, errno, load } from "../tries.js";
const libc = load("libc.so.6");
if (!isMainThread) {
  const memory = new WebAssembly.Memory({ initial: 512, maximum: 512, shared: true });
  const call = (name, kinds, ...values) => (libc.func("int " + name + "(" + kinds + ")")(...values) === 0 ? "ok" : "errno " + errno());
  parentPort.postMessage({
    priority: call("sched_setscheduler", "int, int, void *", 0, 0x40000001, Int32Array.of(70)),
    memoryLock: call("mlock", "void *, size_t", new Uint8Array(memory.buffer), memory.buffer.byteLength),
    alsa: attempt(() => void load("libasound.so.2")),
  });
} else {
  const folder = process.env.RUNTIME_DIRECTORY;
  net.createServer((socket) => socket.end("box")).listen(folder + "/control.sock", async () => {
    const mode = (fs.statSync(folder + "/control.sock").mode & 0o777).toString(8);
    const all = await common();
    const saved = attempt(() => fs.writeFileSync(process.env.STATE_DIRECTORY + "/a", "x"));
    const stateMode = (fs.statSync(process.env.STATE_DIRECTORY).mode & 0o777).toString(8);
    new Worker(new URL(import.meta.url)).on("message", (thread) => {
      fs.writeFileSync(process.env.STATE_DIRECTORY + "/report", JSON.stringify({ ...all, ...thread, mode, saved, stateMode }));
      load("libsystemd.so.0").func("int sd_notify(int, str)")(0, "READY=1");
      setInterval(() => load("libsystemd.so.0").func("int sd_notify(int, str)")(0, "WATCHDOG=1"), 500);
    });
  });
}
`;

const WEB = `
import http from "node:http";
import fs from "node:fs";
import { attempt, common, connect } from "../tries.js";
http.createServer(async (request, response) => response.end(JSON.stringify({
  ...await common(),
  box: await connect("/run/lacquer/control.sock"),
  state: attempt(() => void fs.readdirSync("/var/lib/lacquer")),
  from: request.socket.remoteAddress,
  sound: attempt(() => void fs.readdirSync("/dev/snd")),
}))).listen({ fd: 3 });
`;

/** The capabilities are for a machine that may not raise limits (this one may be a container itself); the filters stay. */
const RIGHTS = `[Service]
PrivateUsers=no
CapabilityBoundingSet=CAP_SYS_NICE CAP_IPC_LOCK
AmbientCapabilities=CAP_SYS_NICE CAP_IPC_LOCK
`;

/** A partition for the state that is broken: the mount fails. */
const BROKEN_PARTITION = "[Unit]\nBefore=local-fs.target\n[Mount]\nWhat=/trial/absent\nWhere=/var/lib/lacquer\nType=ext4\nOptions=loop\n";

const SCRIPT = `
exec 2>&1
systemctl daemon-reload; systemctl start var-lib-lacquer.mount 2>/dev/null
/release/systemd/install.sh --no-packages --watch 1 >/trial/install 2>&1 || { cat /trial/install; journalctl --no-pager; exit 1; }
cat /var/lib/lacquer/report; echo
curl -sS http://127.0.0.1/; echo
mkdir -p /etc/systemd/system/lacquer-box.service.d
printf '%s' '${RIGHTS}' >/etc/systemd/system/lacquer-box.service.d/rights.conf
systemctl daemon-reload && systemctl restart lacquer-box && cat /var/lib/lacquer/report; echo
cat /proc/self/limits >/dev/null
systemctl show -P Result var-lib-lacquer.mount; systemctl show -P ActiveState lacquer-box
systemctl show -P Requires -P RequiresMountsFor lacquer-box | grep -c var-lib-lacquer
prlimit --rtprio=80 true 2>/dev/null && echo may || echo "may not"
echo done
`;

let folder: string;
let box: Record<string, string>;
let web: Record<string, string>;
let boxWithRights: Record<string, string>;
let mayRaiseLimits: boolean;
let partition: string | undefined;
let state: string | undefined;
let requirements: string | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-sandbox-"));
  writeFakeRelease(folder, { version: "1.0.0", files: {
    "dist/src/bin/box.js": BOX, "dist/src/bin/web.js": WEB, "dist/src/tries.js": TRIES, "dist/src/bin/cli.js": "console.log('doctor')",
  } });
  const lines = runContainer({ files: { "etc/systemd/system/var-lib-lacquer.mount": BROKEN_PARTITION }, sees: [`${folder}:/release`, `${NODE_MODULES}:/modules/node_modules`], script: SCRIPT }).trim().split("\n");
  [box, web, boxWithRights] = lines.slice(0, 3).map((line) => JSON.parse(line) as Record<string, string>) as [typeof box, typeof web, typeof boxWithRights];
  [, , , partition, state, requirements] = lines;
  mayRaiseLimits = lines[6] === "may";
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What no program of ours may do, with the answers that it may get. */
const REFUSED = {
  shadow: ["EACCES"], home: ["EACCES"], kernelLog: ["EPERM", "EACCES", "ENOENT"], otherProcess: ["ENOENT"],
  writeProgram: ["EROFS", "EACCES"], writeSysctl: ["EROFS", "EACCES", "ENOENT"], network: ["EAFNOSUPPORT"],
  rawSocket: ["errno 97", "errno 1"], namespace: ["errno 1"], mount: ["errno 1"], becomeRoot: ["errno 1"], clock: ["errno 1"],
} as const;

describe("the units under systemd", () => {
  it("let V8 compile, workers run, koffi and libasound load, and the state be saved", () => {
    expect(box).toMatchObject({ compiler: "ok", alsa: "ok", saved: "ok" });
    expect(web).toMatchObject({ compiler: "ok" });
  });

  it("let the audio thread have priority 70 and lock 32 MB through the same system call filter", () => {
    expect(boxWithRights).toMatchObject({ priority: "ok", memoryLock: "ok" });
    if (mayRaiseLimits) expect(box).toMatchObject({ priority: "ok", memoryLock: "ok" });
  });

  it.each(Object.entries(REFUSED))("refuse %s to both programs", (what, answers) => {
    expect(answers).toContain(box[what]);
    expect(answers).toContain(web[what]);
  });

  // StateDirectory= would require the mount, and no sound would be left (systemd.exec(5)).
  it("play although the partition of the state cannot be mounted, and need no mount", () => {
    expect(partition).not.toBe("success");
    expect([state, requirements]).toEqual(["active", "0"]);
  });

  it("leave neither program a capability", () => {
    expect([box["capabilities"], web["capabilities"]]).toEqual(["0000000000000000", "0000000000000000"]);
  });

  it("hand port 80 to a page that can open no connection, and let it ask the box, and nothing of the box but that", () => {
    expect(web).toMatchObject({ from: expect.stringContaining("127.0.0.1"), box: "ok", network: "EAFNOSUPPORT", state: "EACCES", sound: "ENOENT" });
    expect(box).toMatchObject({ mode: "770", stateMode: "710" });
  });
});
