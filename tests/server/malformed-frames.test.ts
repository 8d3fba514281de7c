import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { FRAME_BOX, FRAME_WEB, MAX_PHONE_FRAME_BYTES, textFrame } from "../../src/protocol/phone-frames.js";
import { seededBytes } from "../support/handshakes.js";
import type { RawPhone } from "../support/raw-phone.js";
import { servedBoxes, type ServedBox } from "../support/served-box.js";
import { randomUniform } from "../support/signals.js";
import { taken } from "../support/taken-phone.js";
import { until } from "../support/until.js";

// A hundred thousand each of commands, handshakes and sealed frames: tests/protocol/fuzz.test.ts. Here is a sample on the network.
const boxes = servedBoxes();
const random = randomUniform(4711);
const below = (count: number): number => Math.floor(random() * count);
const noise = seededBytes(99);
const MEBIBYTE = 2 ** 20;

/** A WebSocket of no phone. */
async function stranger({ port }: ServedBox): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { origin: `http://127.0.0.1:${port}` });
  socket.on("error", () => undefined);
  await once(socket, "open");
  return socket;
}

describe("who sends what nobody understands", () => {
  const HELLO = JSON.stringify({ hello: 3, kind: "url", phone: null, ephemeral: "ab".repeat(32), nonce: "cd".repeat(16) });

  it("is refused 200 times before it proved itself; nothing reaches the box and no memory is kept (F47)", async () => {
    const web = await boxes.start();
    const before = process.memoryUsage.rss();
    const codes = new Map<number, number>();
    for (let round = 0; round < 4; round++) {
      web.clock.skippedMs += 61_000;
      await Promise.all(Array.from({ length: 50 }, async () => {
        const socket = await stranger(web);
        const closed = once(socket, "close");
        const text = HELLO.slice(0, below(HELLO.length)) + String.fromCharCode(below(0xd800)) + HELLO.slice(below(HELLO.length));
        socket.send(random() < 0.5 ? text : noise(1 + below(600)));
        // The rest of a handshake out of turn, or a second hello at once.
        socket.send(random() < 0.5 ? HELLO : '{"proof":"00"}');
        const [code] = (await closed) as [number];
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }));
    }
    expect([...codes.keys()].sort()).toEqual([4001]);
    expect(web.box.calls).toEqual([]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * MEBIBYTE);
    await until(() => web.gateway.connections === 0);
  });

  it("may be paired: 160 malformed commands are each refused with a sentence, and none changes anything (F48)", async () => {
    const web = await boxes.start();
    const phone = await taken(web);
    const bad = ['{"id":1,"command":"set","values":{"compressor.ratio":1e999}}', '{"id":1,"command":"undo","x":1}', '{"id":1,"id":1,"command":"undo"}',
      '{"id":1,"command":"set","values":{"__proto__":{"a":1}}}', "[".repeat(9000), '{"id":1,"command":"renamePhone","phone":"x","name":"\\u202e"}', "", "{"];
    const before = phone.received;
    for (let n = 0; n < 160; n++) {
      phone.send(textFrame(FRAME_BOX, bad[n % bad.length]!));
      if (n % 20 !== 19) continue;
      web.clock.skippedMs += 1000;
      await until(() => phone.received - before >= n - 40, 30);
    }
    await until(() => phone.received - before >= 160, 30);
    expect(web.box.calls).toEqual([]);
    expect(web.box.fake.errors).toEqual([]);
    expect(phone.socket.readyState).toBe(WebSocket.OPEN);
  }, 60_000);

  it.each([
    ["a frame that is one byte too long", (phone: RawPhone) => phone.send(new Uint8Array(MAX_PHONE_FRAME_BYTES - 15)), 1009],
    ["a frame of no kind", (phone: RawPhone) => phone.send(Uint8Array.from([9, 1, 2])), 1008],
    ["a frame of nothing", (phone: RawPhone) => phone.send(new Uint8Array(0)), 1008],
    ["more drawn than was sent", (phone: RawPhone) => phone.send(textFrame(FRAME_WEB, '{"drawn":5}')), 1008],
    ["a name though it has one", (phone: RawPhone) => phone.send(textFrame(FRAME_WEB, '{"name":"Eve"}')), 1008],
    ["16 bytes of noise", (phone: RawPhone) => phone.socket.send(noise(16)), 4001],
    ["a text after the handshake", (phone: RawPhone) => phone.socket.send(HELLO), 4001],
    ["500 frames at once", (phone: RawPhone) => {
      for (let n = 0; n < 500; n++) phone.send(textFrame(FRAME_WEB, '{"drawn":0}'));
    }, 1008],
    ["500 pongs", (phone: RawPhone) => {
      for (let n = 0; n < 500; n++) phone.socket.pong("x");
    }, 1008],
    ["500 pings", (phone: RawPhone) => {
      for (let n = 0; n < 500; n++) phone.socket.ping("x");
    }, 1008],
  ])("is closed for %s", async (_, misbehave, code) => {
    const web = await boxes.start();
    const phone = await taken(web);
    misbehave(phone);
    // Cut off in the middle of a flood, a client may see the end before the reason.
    expect([code, 1006]).toContain(await phone.closed);
    expect(web.box.calls).toEqual([]);
  });
});
