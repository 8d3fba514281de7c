import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { FakeBox } from "../support/fake-box.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const WEB = "dist/src/bin/web.js";
const socketPath = join(temporaryFolder().path, "box.sock");
const children: ChildProcess[] = [];

interface Web {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(command: string, argv: readonly string[], extra: number[] = []): Web {
  const child = spawn(command, argv, { env: { ...process.env, LACQUER_SOCKET: socketPath }, stdio: ["ignore", "pipe", "pipe", ...extra] });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += String(text)));
  return { child, output: () => output };
}

async function portOf({ output }: Web): Promise<number> {
  await until(() => /on port \d+/.test(output()));
  return Number(/on port (\d+)/.exec(output())?.[1]);
}

/** Answer to a visit by a name. */
async function statusFor(port: number, name: string): Promise<number> {
  const [answer] = await once(get({ port, headers: { host: `${name}:${port}` } }), "response") as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

describe("the web process", () => {
  it("serves the page without a box, finds the box when it comes, survives its end, and ends by SIGTERM with 0", async () => {
    const web = start(process.execPath, [WEB, "--port", "0", "--name", "mixer.example"]);
    const port = await portOf(web);
    // The page itself is there after a build of it alone.
    expect([200, 503]).toContain((await fetch(`http://localhost:${port}/`)).status);
    const [host = ""] = hostname().split(".");
    // As the network calls it, also where another box has the name already (F56); no other name.
    for (const [name, isServed] of [[`${host}.local`, true], [`${host}-2.local`, true], [`${host}-10.local`, false], [`${host}-2.example`, false]] as const) {
      expect(await statusFor(port, name) !== 403, name).toBe(isServed);
    }
    const box = new FakeBox(socketPath);
    await box.socket.start();
    await until(() => box.socket.pagePort === port);
    await box.socket.stop();
    await until(() => web.output().includes("The box is not there: "));
    const again = new FakeBox(socketPath);
    await again.socket.start();
    await until(() => again.socket.pagePort === port, 5);
    await again.socket.stop();
    const ended = once(web.child, "exit");
    web.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  // Browsers keep a connection in reserve, over which they have sent nothing yet.
  it("ends by SIGTERM with 0 although a connection is open over which no byte came, and a second signal changes nothing", async () => {
    const web = start(process.execPath, [WEB, "--port", "0"]);
    const spare = connect(await portOf(web), "127.0.0.1").on("error", () => undefined);
    await once(spare, "connect");
    const ended = once(web.child, "exit");
    web.child.kill("SIGTERM");
    web.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    spare.destroy();
  });

  it("serves on a socket that systemd opened", async () => {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const { fd } = (listener as unknown as { _handle: { fd: number } })._handle;
    const web = start("/bin/sh", ["-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" ${WEB}`, process.execPath], [fd]);
    expect(await portOf(web)).toBe(port);
    listener.close();
    expect([200, 503]).toContain((await fetch(`http://127.0.0.1:${port}/`)).status);
  });

  it("says in one line that its port is taken, or none, and ends with 2", async () => {
    const listener = createServer().listen(0, "0.0.0.0");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const taken = start(process.execPath, [WEB, "--port", String(port)]);
    expect((await once(taken.child, "close"))[0]).toBe(2);
    expect(taken.output()).toBe(`Port ${port} is taken by another program; take another one with --port N.\n`);
    const wrong = start(process.execPath, [WEB, "--port", "http"]);
    expect((await once(wrong.child, "close"))[0]).toBe(2);
    expect(wrong.output()).toBe('--port is "http"; allowed 0 to 65535, where 0 takes a free one.\n');
    listener.close();
  });
});
