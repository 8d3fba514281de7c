import { createConnection } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { writeCommand } from "../../src/protocol/commands.js";
import { FRAME_BOX, textFrame } from "../../src/protocol/phone-frames.js";
import { KEY } from "../support/handshakes.js";
import { recorded } from "../support/recorded-phone.js";
import { paired, servedBoxes } from "../support/served-box.js";
import { taken } from "../support/taken-phone.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const boxes = servedBoxes();
const MEBIBYTE = 2 ** 20;

describe("who holds connections", () => {
  it("keeps no phone out: 200 that send a head byte by byte are cut to 64 at once, and are gone within 8 s (F49)", async () => {
    const web = await boxes.start();
    const sockets = Array.from({ length: 200 }, () => createConnection(web.port, "127.0.0.1").on("error", () => undefined));
    let open = sockets.length;
    for (const socket of sockets) {
      socket.on("close", () => open--);
      socket.write("GET /live HTTP/1.1\r\nHost: loc");
    }
    await until(() => open <= 64 && web.gateway.connections <= 64);
    const drip = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write("a");
    }, 1000);
    try {
      const phones = [await paired(web), await paired(web, { localAddress: "127.0.0.2" })];
      for (const phone of phones) await until(() => phone.of("welcome").length > 0);
      await until(() => open === 0, 10);
      for (const phone of phones) expect(await phone.client.command("bypass", {})).toEqual({ on: true });
    } finally {
      clearInterval(drip);
      for (const socket of sockets) socket.destroy();
    }
  }, 30_000);

  it("keeps no phone out: 200 WebSockets that say nothing are 64 at most, and are refused after 5 s (F55)", async () => {
    const web = await boxes.start();
    const codes: number[] = [];
    for (let n = 0; n < 200; n++) {
      const socket = new WebSocket(`ws://127.0.0.1:${web.port}/live`, { origin: `http://127.0.0.1:${web.port}` });
      socket.on("error", () => undefined).on("close", (code) => codes.push(code));
    }
    const phone = await paired(web, { localAddress: "127.0.0.3" });
    await until(() => phone.of("welcome").length > 0);
    // 64 strangers and the phone.
    expect(web.gateway.connections).toBeLessThanOrEqual(65);
    await until(() => codes.length === 200, 10);
    expect(new Set(codes)).toEqual(new Set([1006, 4001]));
    expect(await phone.client.command("bypass", {})).toEqual({ on: true });
  }, 30_000);

  it("is ended when it asks and does not read: little is kept for it, and others are answered (F50)", async () => {
    const web = await boxes.start({ logs: () => ({ text: "x".repeat(200_000) }) });
    const [deaf, other] = [await taken(web), await recorded(web)];
    const before = process.memoryUsage.rss();
    deaf.socket.pause();
    // The buffers of the kernel take some megabytes on this machine; 60 answers are 12.
    for (let n = 0; n < 60; n++) deaf.send(textFrame(FRAME_BOX, writeCommand(n, "logs", {})));
    // It answers no ping any more; the other one shows between that it lives.
    for (let n = 0; n < 4; n++) {
      web.clock.skippedMs += 2000;
      await other.phone.client.command("bypass", {});
    }
    await until(() => web.gateway.phones === 1);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * MEBIBYTE);
    expect(await other.phone.client.command("bypass", {})).toEqual({ on: true });
    deaf.socket.terminate();
  });

  it("cannot learn by refusals whether a phone is known: all look alike, to the byte", async () => {
    const web = await boxes.start();
    const { phone } = await web.box.book.add("Anna", "control");
    const heard = await Promise.all([phone, "abcdef012345"].map(async (id) => {
      const one = new TestPhone(web.port, { kind: "paired", phone: id, key: KEY });
      const texts: string[] = [];
      one.socket.on("message", (data) => texts.push(String(data).replace(/[0-9a-f]{32,}/g, "#")));
      return [...texts, await one.closed, texts];
    }));
    expect(heard[0]).toEqual(heard[1]);
  });
});
