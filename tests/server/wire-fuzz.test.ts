import { once } from "node:events";
import { createConnection, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { parseCommand } from "../../src/protocol/commands.js";
import { openControlLink } from "../../src/server/control-link.js";
import { WebGateway } from "../../src/server/web-gateway.js";
import { FakeBox, meterSnapshot } from "../support/fake-box.js";
import { makePage } from "../support/page-folder.js";
import { randomUniform } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const path = join(temporaryFolder().path, "box.sock");
const box = new FakeBox(path);
const gateway = new WebGateway({ socketPaths: [path], pageFolder: makePage(join(temporaryFolder().path, "page")), names: ["localhost"], nowMs: () => performance.now(), log: () => undefined });
let authority = "";

beforeAll(async () => {
  await box.socket.start();
  await gateway.start({ port: 0, host: "127.0.0.1" });
  authority = `localhost:${(gateway.address as AddressInfo).port}`;
  await until(() => box.socket.clients === 1);
});
afterAll(async () => {
  await gateway.stop();
  await box.socket.stop();
});

const HANDSHAKE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** A connection that is a WebSocket already and from here on sends bytes as they are. */
async function opened(end: "box" | "page"): Promise<Socket> {
  const socket = end === "box" ? createConnection(path) : createConnection({ port: Number(authority.split(":")[1]), host: "127.0.0.1" });
  socket.on("error", () => undefined);
  const head = end === "box" ? "GET /raw HTTP/1.1\r\nHost: box\r\n" : `GET /live HTTP/1.1\r\nHost: ${authority}\r\nOrigin: http://${authority}\r\n`;
  socket.write(head + HANDSHAKE);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(String(answer)).toContain("101 Switching Protocols");
  socket.resume();
  return socket;
}

/** Header of a frame from a client, with mask 0. */
function frame(first: number, length: number, payload = Buffer.alloc(length)): Buffer {
  const head = length < 126 ? Buffer.from([first, 0x80 | length]) : Buffer.from([first, 0x80 | 126, length >> 8, length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

const TEXT = 0x81;
const random = randomUniform(47);
const noise = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));

const ATTACKS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["a length of 2^63", Buffer.concat([Buffer.from([TEXT, 0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 0]), noise(100)])],
  ["a length of 100 MiB", Buffer.concat([Buffer.from([TEXT, 0x80 | 127, 0, 0, 0, 0, 6, 0x40, 0, 0]), noise(100)])],
  ["a frame without a mask", Buffer.from([TEXT, 2, 123, 125])],
  ["reserved bits", frame(TEXT | 0x70, 2)],
  ["a reserved opcode", frame(0x83, 2)],
  ["a ping of 200 bytes", frame(0x89, 200)],
  ["a ping in two parts", frame(0x09, 2)],
  ["a continuation of nothing", frame(0x80, 2)],
  ["bad UTF-8", frame(TEXT, 3, Buffer.from([0xc3, 0x28, 0xff]))],
  ["a close with an unknown code", frame(0x88, 2, Buffer.from([0, 5]))],
  ["9 fragments of a byte", Buffer.concat([frame(0x01, 1), ...Array.from({ length: 8 }, () => frame(0x00, 1))])],
  ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
];

describe.each(["box", "page"] as const)("the socket of the %s", (end) => {
  it(`ends clients that send ${ATTACKS.map(([name]) => name).join(", ")}, though they do nothing to end it themselves`, async () => {
    const left = new Set(ATTACKS.map(([name]) => name));
    for (const [name, bytes] of ATTACKS) {
      const socket = await opened(end);
      socket.on("close", () => left.delete(name));
      socket.write(bytes);
    }
    // The server says why, and hangs up 1 s later.
    await until(() => left.size === 0, 5).catch(() => expect([...left]).toEqual([]));
    await until(() => box.socket.clients === 1 && gateway.phones === 0);
  });

  it("outlives 100 clients that send 1 to 3000 bytes of noise each, and one beside them gets its meters throughout", async () => {
    const bins: number[] = [];
    const link = await openControlLink({ path, source: "test" });
    await link.command("subscribeMeters", { maxRateHz: 60 });
    link.listen((event) => {
      if (event.type === "meters") bins.push(event.snapshot.bin);
    });
    for (let n = 0; n < 100; n++) {
      const socket = await opened(end);
      socket.write(noise(1 + Math.floor(random() * 3000)));
      box.meters(meterSnapshot(n));
      await setTimeout(5);
      socket.destroy();
    }
    await until(() => (bins.at(-1) ?? 0) > 90);
    // A snapshot each 16.7 ms at most was due, of those offered in each round of 5 ms or more.
    expect(bins.length).toBeGreaterThan(10);
    link.close();
    await until(() => box.socket.clients === 1 && gateway.phones === 0);
  });
});

describe("malformed commands on the control socket", () => {
  it("change nothing: 2000 of them on 10 connections are each answered, and none reaches the box", async () => {
    const bad = ["", "{", "[]", "null", '{"id":1}', '{"id":1,"command":"set","values":{"compressor.ratio":1e999}}', '{"id":1,"command":"undo","x":1}',
      '{"id":1,"id":1,"command":"undo"}', '{"id":1,"command":"set","values":{"__proto__":{}}}', '{"id":-1,"command":"undo"}', '{"id":1,"command":"bypass","on":1}'];
    expect(bad.every((message) => "failure" in parseCommand(message))).toBe(true);
    box.calls.length = 0;
    let answers = 0;
    const sockets = Array.from({ length: 10 }, () => new WebSocket("ws://box/fuzz", { createConnection: () => createConnection(path) }));
    await Promise.all(sockets.map((socket) => once(socket, "message")));
    for (const socket of sockets) {
      socket.on("message", (data) => {
        const { ok } = JSON.parse(String(data)) as { ok?: boolean };
        if (ok === false) answers++;
      });
      for (let n = 0; n < 200; n++) socket.send(bad[n % bad.length] ?? "");
    }
    await until(() => answers === 2000);
    expect(box.calls.filter((call) => (call as string[])[2] !== "web")).toEqual([]);
    expect(box.errors).toEqual([]);
    for (const socket of sockets) socket.terminate();
  });
});
