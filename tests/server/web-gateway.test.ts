import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { createConnection, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { PageMessage } from "../../src/protocol/page-messages.js";
import { WebGateway } from "../../src/server/web-gateway.js";
import { FakeBox, meterSnapshot } from "../support/fake-box.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
const stops: (() => Promise<void>)[] = [];
let count = 0;

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function startBox(path: string): Promise<FakeBox> {
  const box = new FakeBox(path);
  await box.socket.start();
  stops.push(() => box.socket.stop());
  return box;
}

interface Web {
  readonly gateway: WebGateway;
  readonly port: number;
  readonly socketPath: string;
  readonly clock: { skippedMs: number };
}

async function startGateway(): Promise<Web> {
  const socketPath = join(folder.path, `${++count}.sock`);
  const clock = { skippedMs: 0 };
  const gateway = new WebGateway({
    socketPaths: [socketPath], names: ["localhost", "Lacquer.local"], nowMs: () => performance.now() + clock.skippedMs, log: () => undefined,
  });
  await gateway.start({ port: 0, host: "127.0.0.1" });
  stops.push(() => gateway.stop());
  return { gateway, port: (gateway.address as AddressInfo).port, socketPath, clock };
}

/** A page as a browser would open it: notes its messages, and draws at once what it is sent unless told not to. */
class Page {
  readonly messages: PageMessage[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<[number, string]>;

  constructor(port: number, draws = true) {
    const authority = `127.0.0.1:${port}`;
    this.socket = new WebSocket(`ws://${authority}/live`, { origin: `http://${authority}` });
    this.closed = once(this.socket, "close").then(([code, reason]) => [code as number, String(reason)]);
    this.socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as PageMessage;
      this.messages.push(message);
      if (draws && message.type === "meters") this.socket.send(JSON.stringify({ drawn: message.frame }));
    });
  }

  of<Type extends PageMessage["type"]>(type: Type): Extract<PageMessage, { type: Type }>[] {
    return this.messages.filter((message): message is Extract<PageMessage, { type: Type }> => message.type === type);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(port: number, headers: Record<string, string | string[]>, options: { path?: string; method?: string } = {}): Promise<Answer> {
  const request = httpRequest({ port, host: "127.0.0.1", setHost: false, headers, path: "/", agent: false, ...options });
  request.end();
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** The first line of what a server says to bytes that are sent as they are. */
async function askRaw(port: number, text: string): Promise<string> {
  const socket = createConnection(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(text);
  const [data] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return String(data).split("\r\n", 1)[0] ?? "";
}

const upgradeHeaders = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };

describe("the page's files", () => {
  it("come with headers that let nothing else in, and are not sent again while they are the same", async () => {
    const { port } = await startGateway();
    const headers = { host: `localhost:${port}` };
    const page = await ask(port, headers);
    expect(page.status).toBe(200);
    expect(page.body).toContain("<title>Lacquer</title>");
    expect(page.headers).toMatchObject({
      "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer", "content-type": "text/html; charset=utf-8",
    });
    const policy = page.headers["content-security-policy"];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://localhost:${port};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.headers).not.toHaveProperty("access-control-allow-origin");
    expect((await ask(port, { ...headers, "if-none-match": page.headers.etag! })).status).toBe(304);
  });

  it("are all there, have nothing inline that the policy forbids, and name no other host", async () => {
    const { port } = await startGateway();
    const headers = { host: `localhost:${port}` };
    const { body } = await ask(port, headers);
    const links = [...body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => link ?? "");
    expect(links).toHaveLength(4);
    for (const path of [...links, "/meters.js"]) {
      const file = await ask(port, headers, { path });
      expect(file.status, path).toBe(200);
      expect(file.body.replace("http://www.w3.org/2000/svg", ""), path).not.toMatch(/https?:\/\/|\bon\w+="|style="|innerHTML|eval\(/);
    }
  });

  it.each([
    ["POST", "/", 405], ["PUT", "/style.css", 405], ["OPTIONS", "/", 405], ["DELETE", "/", 405], ["HEAD", "/", 200],
    ["GET", "/../package.json", 404], ["GET", "/%2e%2e/package.json", 404], ["GET", "//", 404], ["GET", "/index.html/", 404], ["GET", "/live", 404],
  ])("answer %s %s with %i", async (method, path, status) => {
    const { port } = await startGateway();
    expect((await ask(port, { host: `localhost:${port}` }, { method, path })).status).toBe(status);
  });
});

/** Host, Origin (PORT stands for the port) and what a visit and a WebSocket must get. */
const F43: readonly (readonly [host: string, origin: string | undefined, visit: number, upgrade: number])[] = [
  ["localhost:PORT", undefined, 200, 403],
  ["localhost:PORT", "http://localhost:PORT", 200, 101],
  ["LOCALHOST:PORT", "http://localhost:PORT", 200, 101],
  ["127.0.0.1:PORT", "http://127.0.0.1:PORT", 200, 101],
  ["lacquer.local:PORT", "http://lacquer.local:PORT", 200, 101],
  ["lacquer.local", "http://lacquer.local", 200, 101],
  ["lacquer.local:80", "http://lacquer.local", 200, 101],
  ["evil.example:PORT", "http://evil.example:PORT", 403, 403],
  ["evil.example:PORT", undefined, 403, 403],
  ["localhost:PORT", "http://evil.example:PORT", 403, 403],
  ["localhost:PORT", "http://localhost:9", 403, 403],
  ["localhost:PORT", "http://localhost", 403, 403],
  ["localhost:PORT", "https://localhost:PORT", 403, 403],
  ["localhost:PORT", "null", 403, 403],
  ["localhost:PORT", "", 403, 403],
  ["localhost:PORT", "http://lacquer.local:PORT", 403, 403],
  ["localhost.:PORT", "http://localhost.:PORT", 403, 403],
  ["localhost.evil.example:PORT", "http://localhost.evil.example:PORT", 403, 403],
  ["evil-localhost:PORT", "http://evil-localhost:PORT", 403, 403],
  ["user@localhost:PORT", "http://user@localhost:PORT", 403, 403],
  ["127.1:PORT", "http://127.1:PORT", 403, 403],
  ["2130706433:PORT", "http://2130706433:PORT", 403, 403],
  ["192.168.7.7:PORT", "http://192.168.7.7:PORT", 403, 403],
  ["[::1]:PORT", "http://[::1]:PORT", 403, 403],
  ["[::ffff:127.0.0.1]:PORT", "http://[::ffff:7f00:1]:PORT", 403, 403],
  ["localhost:99999", "http://localhost:99999", 403, 403],
  ["localhost:PORT, evil.example", "http://localhost:PORT", 403, 403],
  ["", undefined, 403, 403],
];

describe("a request", () => {
  it.each(F43)("to host %j from origin %j gets %i, and a WebSocket %i", async (host, origin, visit, upgrade) => {
    const { port, gateway } = await startGateway();
    const headers = {
      host: host.replace("PORT", String(port)), ...(origin !== undefined && { origin: origin.replace("PORT", String(port)) }),
    };
    expect((await ask(port, headers)).status).toBe(visit);
    const line = await askRaw(port, `GET /live HTTP/1.1\r\n${Object.entries({ ...headers, ...upgradeHeaders }).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
    expect(line).toContain(` ${upgrade} `);
    await until(() => gateway.phones === 0);
  });

  it("with two hosts or no host is refused", async () => {
    const { port } = await startGateway();
    expect(await askRaw(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil.example\r\n\r\n`)).toMatch(/ 40[03] /);
    expect(await askRaw(port, "GET / HTTP/1.1\r\n\r\n")).toContain(" 400 ");
    expect(await askRaw(port, "GET / HTTP/1.0\r\n\r\n")).toContain(" 403 ");
  });

  it("that a page of another site makes is refused, but a link to the page works", async () => {
    const { port } = await startGateway();
    const host = `localhost:${port}`;
    expect((await ask(port, { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" })).status).toBe(403);
    expect((await ask(port, { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" })).status).toBe(403);
    expect((await ask(port, { host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" })).status).toBe(200);
  });

  it("whose head stays unfinished is dropped, and one with a head of 9 KiB at once", async () => {
    const { port } = await startGateway();
    expect(await askRaw(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nx: ${"y".repeat(9000)}\r\n\r\n`)).toContain(" 431 ");
    const slow = createConnection(port, "127.0.0.1");
    slow.write("GET / HTTP/1.1\r\nHos");
    slow.resume();
    await once(slow, "end");
    slow.destroy();
  });
});

describe("a page", () => {
  it("gets the state of the box, its targets, its status, changes and notices, and meters that it draws", async () => {
    const { port, socketPath } = await startGateway();
    const box = await startBox(socketPath);
    const page = new Page(port);
    await until(() => page.of("status").length > 0 && page.of("targets").some(({ targets }) => targets.length > 0) && box.socket.meterRateHz === 30);
    expect(page.of("link").at(-1)).toMatchObject({ isBoxThere: true, sentence: "" });
    expect(page.of("welcome").at(-1)?.state.values["compressor.ratio"]).toBe(2);
    box.change("compressor.ratio", 3);
    box.socket.notice({ level: "warning", sentence: "The card went away." });
    for (let bin = 0; page.of("meters").length < 10; bin++) {
      box.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    expect(page.of("change").at(-1)?.state).toEqual({ values: { "compressor.ratio": 3 } });
    expect(page.of("notice")).toEqual([{ type: "notice", level: "warning", sentence: "The card went away." }]);
    page.socket.close();
    // Nobody looks: the box need not make snapshots.
    await until(() => box.socket.meterRateHz === 0);
    expect(box.calls.every((call) => ["status", "listTargets"].includes((call as [string])[0]))).toBe(true);
  });

  it("is told that the box is gone, and has its whole state again when it is back", async () => {
    const { port, socketPath } = await startGateway();
    const first = await startBox(socketPath);
    const page = new Page(port);
    await until(() => page.of("welcome").length > 0);
    await first.socket.stop();
    await until(() => page.of("link").at(-1)?.isBoxThere === false);
    const second = new FakeBox(socketPath);
    second.change("compressor.ratio", 3);
    await second.socket.start();
    stops.push(() => second.socket.stop());
    await until(() => page.of("welcome").at(-1)?.state.sequence === 1, 5);
    expect(page.of("link").at(-1)).toMatchObject({ isBoxThere: true });
    // The meters come again by themselves.
    await until(() => second.socket.meterRateHz === 30);
  });

  it("that draws nothing gets 3 frames and no more, while another gets all that are due; it is gone 7.5 s later", async () => {
    const { gateway, port, socketPath, clock } = await startGateway();
    const box = await startBox(socketPath);
    const [slow, quick] = [new Page(port, false), new Page(port)];
    await until(() => box.socket.meterRateHz === 30 && gateway.phones === 2);
    for (let bin = 0; quick.of("meters").length < 20; bin++) {
      box.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    expect(slow.of("meters")).toHaveLength(3);
    clock.skippedMs = 8000;
    let end: [number, string] | undefined;
    void slow.closed.then((closed) => (end = closed));
    for (let bin = 0; end === undefined; bin++) {
      box.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    expect(end[0]).toBe(1006);
    expect(gateway.phones).toBe(1);
    expect(quick.socket.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ["a command", '{"id":1,"command":"undo"}', 1008],
    ["a command in disguise", '{"drawn":1,"command":"undo"}', 1008],
    ["no JSON", "drawn", 1008],
    ["a frame that is none", '{"drawn":-1}', 1008],
    ["a prototype", '{"__proto__":{"drawn":1}}', 1008],
    ["a message of 4097 bytes", `{"drawn":1${" ".repeat(4097 - 11)}}`, 1009],
    ["bytes", Buffer.from('{"drawn":1}'), 1008],
  ])("that sends %s is closed, and nothing reaches the box", async (_, message, code) => {
    const { port, socketPath } = await startGateway();
    const box = await startBox(socketPath);
    const page = new Page(port);
    await until(() => page.of("welcome").length > 0);
    page.socket.send(message);
    expect((await page.closed)[0]).toBe(code);
    expect(box.calls.map((call) => (call as [string])[0])).not.toContain("undo");
  });

  it("that confirms 500 frames at once is closed", async () => {
    const { port } = await startGateway();
    const page = new Page(port);
    await until(() => page.messages.length > 0);
    for (let frame = 0; frame < 500; frame++) page.socket.send(`{"drawn":${frame}}`);
    expect((await page.closed)[0]).toBe(1008);
  });
});

describe("a swarm", () => {
  it("of 50 pages in a second: 16 are served, 34 are told that it is full, and each that leaves makes room for one", async () => {
    const { gateway, port, socketPath } = await startGateway();
    const box = await startBox(socketPath);
    const pages = Array.from({ length: 50 }, () => new Page(port));
    const full: [number, string][] = [];
    for (const page of pages) void page.closed.then((end) => full.push(end));
    await until(() => full.length === 34);
    expect(new Set(full.map(String))).toEqual(new Set(["1013,16 phones look on already; close the page on one of them."]));
    expect(gateway.phones).toBe(16);
    const served = pages.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
    expect(served).toHaveLength(16);
    await until(() => box.socket.meterRateHz === 30);
    for (let bin = 0; served.some((page) => page.of("meters").length < 5); bin++) {
      box.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    served[0]!.socket.close();
    await until(() => gateway.phones === 15);
    const next = new Page(port);
    await until(() => next.messages.length > 0);
    expect(gateway.phones).toBe(16);
  });
});
