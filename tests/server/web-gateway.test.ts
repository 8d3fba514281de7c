import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { createConnection, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { WebGateway } from "../../src/server/web-gateway.js";
import { makePage } from "../support/page-folder.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
const pageFolder = makePage(join(folder.path, "page"));
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Web {
  readonly gateway: WebGateway;
  readonly port: number;
}

async function startGateway(page = pageFolder, nowMs = () => performance.now()): Promise<Web> {
  const gateway = new WebGateway({
    socketPaths: [join(folder.path, "none.sock")], pageFolder: page, names: ["localhost", "Lacquer.local"], nowMs, log: () => undefined,
  });
  await gateway.start({ port: 0, host: "0.0.0.0" });
  stops.push(() => gateway.stop());
  return { gateway, port: (gateway.address as AddressInfo).port };
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

it("names no button while it has not met the box", async () => {
  const { port } = await startGateway();
  const { status, headers, body } = await ask(port, { host: `localhost:${port}` }, { path: "/pairing.json" });
  expect([status, JSON.parse(body)]).toEqual([200, { button: null }]);
  expect(headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store", "cross-origin-resource-policy": "same-origin" });
  expect((await ask(port, { host: "evil.example" }, { path: "/pairing.json" })).status).toBe(403);
});

describe("the page's files", () => {
  it("come with headers that let nothing else in, and are not sent again while they are the same", async () => {
    const { port } = await startGateway();
    const headers = { host: `localhost:${port}` };
    const page = await ask(port, headers);
    expect(page.status).toBe(200);
    expect(page.body).toContain("<title>Lacquer</title>");
    expect(page.headers).toMatchObject({
      "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer", "content-type": expect.stringMatching(/^text\/html; ?charset=utf-8$/) as string,
    });
    const policy = page.headers["content-security-policy"];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ws://localhost:${port};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.headers).not.toHaveProperty("access-control-allow-origin");
    expect((await ask(port, { ...headers, "if-none-match": page.headers.etag! })).status).toBe(304);
  });

  it("come anew each time but for those whose names tell their content", async () => {
    const { port } = await startGateway();
    const headers = { host: `localhost:${port}` };
    expect((await ask(port, headers)).headers["cache-control"]).toBe("no-cache");
    const script = await ask(port, headers, { path: "/assets/page-abc123.js" });
    expect(script.headers).toMatchObject({ "cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff" });
    expect(script.headers["content-type"]).toMatch(/javascript/);
  });

  it("are missed with 503 and the remedy where the page was not built", async () => {
    const { port } = await startGateway(join(folder.path, "nothing"));
    expect(await ask(port, { host: `localhost:${port}` })).toMatchObject({ status: 503, body: "The page is not built; run npm run build.\n" });
  });

  it.each([
    ["POST", "/", 405], ["PUT", "/assets/page-abc123.js", 405], ["OPTIONS", "/", 405], ["DELETE", "/", 405], ["HEAD", "/", 200],
    ["GET", "/../box.sock", 404], ["GET", "/%2e%2e/box.sock", 404], ["GET", "/%252e%252e/x", 404], ["GET", "/.hidden", 404], ["GET", "/assets", 404],
    ["GET", "/assets/page-abc123.js%00", 404], ["GET", "/%", 404], ["GET", "/live", 404], ["GET", "/nothing", 404],
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
    await until(() => gateway.connections === 0);
  });

  it("with two hosts or no host is refused", async () => {
    const { port } = await startGateway();
    expect(await askRaw(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil.example\r\n\r\n`)).toMatch(/ 40[03] /);
    expect(await askRaw(port, "GET / HTTP/1.1\r\n\r\n")).toContain(" 403 ");
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

