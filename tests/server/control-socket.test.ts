import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { CommandFailure } from "../../src/protocol/command-failure.js";
import { readMeters } from "../../src/protocol/meter-wire.js";
import type { BoxCommands } from "../../src/server/box-commands.js";
import { ControlClient } from "../../src/server/control-client.js";
import { openControlLink, type BoxEvent, type ControlLink } from "../../src/server/control-link.js";
import { controlState, FakeBox, meterSnapshot } from "../support/fake-box.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
const boxes: FakeBox[] = [];
let count = 0;

async function startBox(commands: Partial<BoxCommands> = {}, nowMs = () => performance.now()): Promise<{ box: FakeBox; path: string; link: () => Promise<ControlLink> }> {
  const path = join(folder.path, `${++count}.sock`);
  const box = new FakeBox(path, commands, { nowMs });
  await box.socket.start();
  boxes.push(box);
  return { box, path, link: () => openControlLink({ path, source: "test" }) };
}

/** A connection without the ease of a link: sees and sends bytes as they are. */
async function rawClient(path: string): Promise<WebSocket> {
  const socket = new WebSocket("ws://box/raw", { createConnection: () => createConnection(path) });
  await once(socket, "message");
  return socket;
}

/** Lets 200 turns of the event loop pass, or as many as it takes. */
async function turns(isDone?: () => boolean): Promise<void> {
  for (let turn = 0; isDone ? !isDone() : turn < 200; turn++) await setImmediate();
}

afterEach(async () => {
  await Promise.all(boxes.splice(0).map(({ socket }) => socket.stop()));
});

describe("the control socket", () => {
  it.each(["/", "/phone/", "/phone/X", "/phone/cli", "/phone/7f3A", `/phone/${"a".repeat(65)}`, "/phone/a/b", "/CLI", "/cli/", "/cli?x", "//cli", "/phone%2fcli", "/a-name"])(
    "lets nobody in who asks for %j, which is no program and no phone", async (name) => {
      const { box, path } = await startBox();
      const socket = new WebSocket(`ws://box${name}`, { createConnection: () => createConnection(path) });
      let heard = 0;
      socket.on("message", () => heard++);
      expect((await once(socket, "close"))[0]).toBe(1008);
      expect([heard, box.socket.clients]).toEqual([0, 0]);
    });

  it("welcomes with the whole state, carries out commands with their source, and says why it refuses one", async () => {
    const { box, link } = await startBox({ recallScene: () => Promise.reject(new RangeError("Scene B is empty; store it first.")) });
    const client = await link();
    expect(client.welcome).toMatchObject({ protocol: 3, version: "0.0.0", state: controlState() });
    expect(await client.command("bypass", { on: true })).toEqual({ on: true });
    expect(box.calls).toEqual([["bypass", { on: true }, "test"]]);
    await expect(client.command("recallScene", { scene: "B" })).rejects.toEqual(new CommandFailure("badValue", "Scene B is empty; store it first."));
    await expect(client.command("set", { values: { "compressor.ratio": 99 } })).rejects.toMatchObject({ code: "badValue", parameter: "compressor.ratio" });
    expect(box.calls).toHaveLength(1);
    client.close();
    await client.closed;
  });

  it("answers a command that breaks, and reports what it threw", async () => {
    const { box, link } = await startBox({ take: () => Promise.reject(new Error("The disk is full.")) });
    const client = await link();
    await expect(client.command("take", {})).rejects.toEqual(new CommandFailure("failed", "The disk is full."));
    expect(box.errors).toEqual([new Error("The disk is full.")]);
    client.close();
  });

  it("answers 300 commands in their order, though each takes another time", async () => {
    let n = 0;
    const slow = (): Promise<{ values: Record<string, number> }> => setTimeout(n++ % 3, { values: { "loudness.driveDb": n % 20 } });
    const { path } = await startBox({ get: slow });
    const socket = await rawClient(path);
    const ids: number[] = [];
    socket.on("message", (data) => ids.push((JSON.parse(String(data)) as { id: number }).id));
    for (let id = 0; id < 300; id++) socket.send(JSON.stringify({ id, command: "get" }));
    await until(() => ids.length === 300);
    expect(ids).toEqual(Array.from({ length: 300 }, (_, id) => id));
    socket.terminate();
  });

  it("tells 40 clients every one of 200 changes without a gap", async () => {
    const { box, link } = await startBox();
    const clients = await Promise.all(Array.from({ length: 40 }, link));
    for (let n = 1; n <= 200; n++) box.change("loudness.driveDb", n / 10 - 10);
    await until(() => clients.every(({ state }) => state.sequence === 200));
    for (const { state } of clients) expect(state.values["loudness.driveDb"]).toBe(10);
    for (const client of clients) client.close();
  });

  it("keeps a client that asks for 10 snapshots a second at 10, and one that asks for none at none", async () => {
    let nowMs = 1000;
    const { box, link } = await startBox({}, () => nowMs);
    const [ten, none] = [await link(), await link()];
    const events: BoxEvent[] = [];
    const others: BoxEvent[] = [];
    ten.listen((event) => events.push(event));
    none.listen((event) => others.push(event));
    await ten.command("subscribeMeters", { maxRateHz: 10 });
    expect(box.socket.meterRateHz).toBe(10);
    for (let bin = 0; bin < 200; bin++) {
      box.meters(meterSnapshot(bin));
      // The answer comes after the snapshot, and the next command goes after the sign that it was taken in.
      await ten.command("undo", {});
      nowMs += 5;
    }
    // A second in steps of 5 ms: at once, and each 100 ms.
    expect(events).toHaveLength(10);
    expect(others).toEqual([]);
    await ten.command("subscribeMeters", { maxRateHz: 0 });
    expect(box.socket.meterRateHz).toBe(0);
    ten.close();
    none.close();
  });

  it("sends a client that reads nothing three snapshots and then skips 5000, and it gets the newest when it reads again", async () => {
    const { box, path } = await startBox();
    const socket = await rawClient(path);
    const bins: number[] = [];
    socket.send(JSON.stringify({ id: 1, command: "subscribeMeters", maxRateHz: 60 }));
    await once(socket, "message");
    socket.on("message", (data) => bins.push(readMeters(data as Buffer).bin));
    socket.pause();
    for (let bin = 0; bin < 40; bin++) {
      for (let n = 0; n < 125; n++) box.meters(meterSnapshot(bin));
      await setTimeout(20);
    }
    socket.resume();
    await until(() => bins.length === 3);
    await setTimeout(50);
    box.meters(meterSnapshot(99));
    await until(() => bins.length === 4);
    expect(bins[3]).toBe(99);
    socket.terminate();
  });

  it("ends a client that leaves 1 MiB of changes unread: no more than 2 MiB were ever held for it", async () => {
    const { box, path } = await startBox();
    const socket = await rawClient(path);
    socket.pause();
    let sent = 0;
    for (; box.socket.clients === 1 && sent < 100_000; sent++) {
      box.change("loudness.driveDb", sent % 20);
      if (sent % 500 === 0) await setTimeout(1);
    }
    expect(box.socket.clients).toBe(0);
    const bytesEach = JSON.stringify({ type: "change", sequence: 10_000, source: "knob", state: { values: { "loudness.driveDb": 10 } } }).length;
    // 1 MiB here, and the buffers of the kernel (net.core.wmem_default, 208 KiB) on the way.
    expect(sent * bytesEach).toBeLessThan(2 * 2 ** 20);
    socket.terminate();
  });

  it("ends a client that gives no sign of life for 7.5 s, and leaves one that does", async () => {
    let skippedMs = 0;
    const path = join(folder.path, "life.sock");
    const box = new FakeBox(path, {}, { nowMs: () => performance.now() + skippedMs });
    boxes.push(box);
    await box.socket.start();
    const mute = new WebSocket("ws://box/mute", { createConnection: () => createConnection(path), autoPong: false });
    await once(mute, "message");
    const link = await openControlLink({ path, source: "test" });
    skippedMs = 8000;
    // The mute client's pongs are missing; the link shows by its commands that it lives.
    while (box.socket.clients === 2) {
      expect(await link.command("undo", {})).toEqual({ values: {} });
      await setTimeout(20);
    }
    await setTimeout(100);
    expect(box.socket.clients).toBe(1);
    link.close();
  });

  it("slows a client down to 100 commands a second after a burst of 200, and loses none", async () => {
    let nowMs = 0;
    const { box, path } = await startBox({}, () => nowMs);
    const socket = await rawClient(path);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const pass10Ms = async (): Promise<void> => {
      nowMs += 10;
      vi.advanceTimersByTime(10);
      await turns();
    };
    try {
      // A message of 8 KiB each, so that no more than 9 of them come in one piece of 64 KiB.
      for (let id = 0; id < 300; id++) socket.send(`${JSON.stringify({ id, command: "undo" })}${" ".repeat(8000)}`);
      await turns(() => box.calls.length >= 200);
      await turns();
      // The pieces under way when the limit was met, one read and one in the parser, are taken in as well.
      expect(box.calls.length).toBeLessThanOrEqual(200 + 18);
      while (nowMs < 500) await pass10Ms();
      expect(box.calls.length).toBeLessThanOrEqual(200 + 50 + 18);
      while (box.calls.length < 300) await pass10Ms();
    } finally {
      vi.useRealTimers();
    }
    socket.terminate();
  });

  it.each([
    ["a message of 16385 bytes", (socket: WebSocket) => socket.send("x".repeat(16_385)), 1009],
    ["a chunk of no upload", (socket: WebSocket) => socket.send(Buffer.alloc(10)), 1008],
  ])("closes on %s", async (_, misbehave, code) => {
    const { box, path } = await startBox();
    const socket = await rawClient(path);
    const closed = once(socket, "close");
    misbehave(socket);
    expect((await closed)[0]).toBe(code);
    expect(box.calls).toEqual([]);
  });

  it("takes 128 clients and tells the next that it is full", async () => {
    const { box, path, link } = await startBox();
    const clients = await Promise.all(Array.from({ length: 128 }, link));
    const late = new WebSocket("ws://box/late", { createConnection: () => createConnection(path) });
    const [code, reason] = (await once(late, "close")) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1013, "There are 128 clients already."]);
    expect(box.socket.clients).toBe(128);
    for (const client of clients) client.close();
    await until(() => box.socket.clients === 0);
  });
});

describe("the file of the control socket", () => {
  it("may be used by the owner and the group alone, and goes with the box", async () => {
    const { box, path } = await startBox();
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await box.socket.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("replaces the socket of a box that was killed", async () => {
    const path = join(folder.path, "dead.sock");
    const child = spawn(process.execPath, ["-e", `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log())`]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(path)).toBe(true);
    const box = new FakeBox(path);
    boxes.push(box);
    await box.socket.start();
    const link = await openControlLink({ path, source: "test" });
    link.close();
  });

  it("is not taken from a box that lives, nor from a file that is no socket, nor made in a folder that is not there", async () => {
    const { path } = await startBox();
    await expect(new FakeBox(path).socket.start()).rejects.toThrow(`A box runs already: it answers at ${path}. Stop it first`);
    const file = join(folder.path, "notes.txt");
    writeFileSync(file, "mine");
    await expect(new FakeBox(file).socket.start()).rejects.toThrow("there is a file that is no socket; move it, or name another path.");
    await expect(new FakeBox(join(folder.path, "no", "x.sock")).socket.start()).rejects.toThrow("its folder does not exist; make it, or name another path.");
  });
});

describe("a client", () => {
  it("is told that no box runs, and that a box of another protocol does", async () => {
    const path = join(folder.path, "none.sock");
    await expect(openControlLink({ path, source: "test" })).rejects.toThrow(`No box is running: nothing answers at ${path}.`);
    const old = new WebSocketServer({ noServer: true });
    const server = createServer().listen(path);
    server.on("upgrade", (request, socket, head) => old.handleUpgrade(request, socket, head, (client) => {
      client.send(JSON.stringify({ type: "welcome", protocol: 99, version: "9.9.9", state: {} }));
    }));
    await once(server, "listening");
    await expect(openControlLink({ path, source: "test" })).rejects.toThrow("The box (version 9.9.9) speaks protocol 99, this program protocol 3;");
    server.close();
  });

  it("fails what is under way when the box goes, and finds the next box by itself with its whole state", async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const { box, path } = await startBox({ latency: never });
    const downs: string[] = [];
    const links: ControlLink[] = [];
    const client = new ControlClient({ paths: [path], source: "web", onUp: (link) => links.push(link), onDown: (reason) => downs.push(reason), onEvent: () => undefined });
    client.start();
    await until(() => links.length === 1);
    const failing = expect(links[0]!.command("latency", {})).rejects.toThrow("The box has ended, or closed the connection.");
    await until(() => box.socket.clients === 1);
    await box.socket.stop();
    await failing;
    await until(() => downs.length === 2);
    expect(downs).toEqual(["The box has ended, or closed the connection.", expect.stringContaining("No box is running")]);
    const next = new FakeBox(path);
    boxes.push(next);
    await next.socket.start();
    next.change("loudness.driveDb", 3);
    // The longest wait between two tries is 1.6 s.
    await until(() => links.length === 2, 4);
    expect(links[1]!.state.sequence).toBe(1);
    client.stop();
    await until(() => next.socket.clients === 0);
  });
});
