import { once } from "node:events";
import { createConnection } from "node:net";
import { gunzipSync } from "node:zlib";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { servedHost } from "../../src/server/request-rule.js";
import type { IncomingMessage } from "node:http";
import { servedGateways } from "../support/served-gateway.js";
import { readAll, type RawAnswer } from "../support/raw-http.js";

const { start, clock, breakDown } = servedGateways();
const get = (port: number, path = "/", more = ""): string => `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${more}\r\n`;
const LAST = "Connection: close\r\n";

/** What no answer may lack. */
function expectSafe({ head }: RawAnswer): void {
  expect(head).toMatch(/^x-content-type-options: nosniff$/im);
  expect(head).toMatch(/^x-frame-options: DENY$/im);
  expect(head).toMatch(/^content-security-policy: default-src 'none';.*frame-ancestors 'none'$/im);
}

describe("the page's files", () => {
  it.each(["bytes=5-2", "bytes=0-0", "bytes=-0", "bytes=99999999-", "bytes=0-1,3-2", "lines=1-2", "bytes=a-b"])(
    "are sent whole with 200 to a range of %j", async (range) => {
      const { port } = await start();
      const [answer] = await readAll(port, get(port, "/", `Range: ${range}\r\n${LAST}`));
      expect(answer).toMatchObject({ status: 200 });
      expect(answer!.body.toString()).toContain("<title>Lacquer</title>");
    });

  it("are packed for whom takes gzip, and are the same then; each form has a tag of its own", async () => {
    const { port } = await start();
    const [plain] = await readAll(port, get(port, "/", LAST));
    for (const codings of ["gzip", "deflate, gzip, br", "gzip;q=0.5"]) {
      const [packed] = await readAll(port, get(port, "/", `Accept-Encoding: ${codings}\r\n${LAST}`));
      expect(packed!.head).toMatch(/^content-encoding: gzip$/im);
      expect(gunzipSync(packed!.body)).toEqual(plain!.body);
      expect(/^etag: (.+)$/im.exec(packed!.head)![1]).not.toBe(/^etag: (.+)$/im.exec(plain!.head)![1]);
    }
    for (const codings of ["identity", "gzip;q=0", "gzip; q=0.0", "xgzip"]) {
      expect((await readAll(port, get(port, "/", `Accept-Encoding: ${codings}\r\n${LAST}`)))[0]!.head, codings).not.toMatch(/content-encoding/i);
    }
  });

  it("are sent 100 times over one connection, and then it ends", async () => {
    const { port } = await start();
    const answers = await readAll(port, get(port, "/assets/page-abc123.js").repeat(120));
    expect(answers.map(({ status }) => status)).toEqual(new Array<number>(100).fill(200));
    expect(answers.at(-1)!.head).toMatch(/^connection: close$/im);
  });

  it("are in memory: 1400 requests that are sent ahead open no file", async () => {
    const { port } = await start();
    const before = readdirSync("/proc/self/fd").length;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, readdirSync("/proc/self/fd").length)), 1);
    // What is sent after the end may make the kernel throw away what was answered before it.
    const answers = await readAll(port, get(port, "/assets/page-abc123.js").repeat(1400));
    clearInterval(watch);
    expect(answers.length).toBeLessThanOrEqual(100);
    // The two ends of the connection itself, the folder that is looked at, and what else of this process opens at the time.
    expect(most).toBeLessThan(before + 20);
    expect((await readAll(port, get(port, "/", LAST), "127.0.0.2"))[0]).toMatchObject({ status: 200 });
  });
});

describe("every refusal", () => {
  it.each([
    [403, "another host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"],
    [403, "a WebSocket of another origin", "GET /live HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"],
    [404, "no such file", "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    [405, "a POST", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"],
    [400, "no HTTP", "\0\0\0\0 HTTP/1.1\r\n\r\n"],
    [400, "a WebSocket without a key", "GET /live HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"],
    [431, "a head of 9 KiB", `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${"y".repeat(9000)}\r\n\r\n`],
    [417, "an expectation", "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: the-moon\r\n\r\n"],
  ])("with %i (%s) has the headers that keep other sites out, is kept by nobody, and ends the connection", async (status, _, request) => {
    const { port } = await start();
    // The other half stays open: this process must end the connection by itself.
    const [answer] = await readAll(port, request);
    expect(answer).toMatchObject({ status });
    expectSafe(answer!);
    expect(answer!.head).toMatch(/^cache-control: no-store$/im);
  });

  it("with 408 has them too: a head that stays unfinished", async () => {
    const { port } = await start();
    const [answer] = await readAll(port, "GET / HTTP/1.1\r\nHos");
    expect(answer).toMatchObject({ status: 408 });
    expectSafe(answer!);
  });

  it("with 500 has them too, and the next request is answered", async () => {
    const { port } = await start();
    breakDown(true);
    const [answer] = await readAll(port, get(port));
    expect(answer).toMatchObject({ status: 500 });
    expectSafe(answer!);
    breakDown(false);
    expect((await readAll(port, get(port, "/", LAST)))[0]).toMatchObject({ status: 200 });
  });

  it("with 429 has them too, and comes for the 201st request of an address at once; another address is answered, and this one a second later", async () => {
    const { port } = await start();
    clock.isStanding = true;
    for (let n = 0; n < 2; n++) expect(await readAll(port, get(port).repeat(100))).toHaveLength(100);
    const [answer] = await readAll(port, get(port));
    expect(answer).toMatchObject({ status: 429 });
    expectSafe(answer!);
    expect((await readAll(port, get(port, "/", LAST), "127.0.0.2"))[0]).toMatchObject({ status: 200 });
    clock.skippedMs += 1000;
    const answers = await readAll(port, get(port).repeat(51));
    expect(answers.map(({ status }) => status)).toEqual([...new Array<number>(50).fill(200), 429]);
  });
});

describe("a request", () => {
  it("that offers another protocol gets the page", async () => {
    const { port } = await start();
    const [answer] = await readAll(port, get(port, "/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer!.body.toString()).toContain("<title>Lacquer</title>");
  });

  it("is looked at by the headers as they came: one named __proto__ changes nothing", async () => {
    const { port } = await start();
    expect((await readAll(port, get(port, "/", `__proto__: x\r\n__proto__: y\r\n${LAST}`)))[0]).toMatchObject({ status: 200 });
    const request = {
      rawHeaders: ["__proto__", "x", "Host", "localhost"], socket: { localAddress: "127.0.0.1" },
      get headersDistinct(): never {
        throw new TypeError("dest[field].push is not a function");
      },
    } as unknown as IncomingMessage;
    expect(servedHost(request, new Set(["localhost"]), false)).toBe("localhost");
  });

  it("whose sender goes away in the middle is forgotten", async () => {
    const { port, gateway } = await start();
    const socket = createConnection(port, "127.0.0.1").on("error", () => undefined);
    await once(socket, "connect");
    socket.write(get(port).repeat(50));
    socket.resetAndDestroy();
    expect((await readAll(port, get(port, "/", LAST)))[0]).toMatchObject({ status: 200 });
    expect(gateway.connections).toBeLessThanOrEqual(1);
  });
});
