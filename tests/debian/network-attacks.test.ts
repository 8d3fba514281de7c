import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openControlLink, type ControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { frame, HostileCrowd, upgradeHead } from "../support/hostile-sockets.js";
import { seededBytes } from "../support/handshakes.js";
import { RawPhone } from "../support/raw-phone.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const MAX_GROWTH_KB = 20 * 1024;
const ROUNDS = 20;
/** A machine that is busy with other work lets the sound of the simulated board wait; what is asserted is what the box can do. */
const ON_BUSY_MACHINE = { retry: 2, timeout: 120_000 };

const box = new BoxOnSim(join(temporaryFolder().path, "box"), { simulation: { mixer: "programme", recorder: null } });
const noise = seededBytes(7);
let link: ControlLink;
let port = 0;
let key = "";
let phones: TestPhone[] = [];
let silent: RawPhone;
let isSilentHere = true;

/** Memory of the web process itself that is not on the disk. */
function webMemoryKb(): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${box.childId("web")}/status`, "utf8"))?.[1]);
}

/** What no attack may change. */
async function truth(): Promise<object> {
  const { audio } = await link.command("status", {});
  const { faults, restarts, reopens, stageFaults, nonfiniteOutputs, state } = audio;
  const phonesNow = (await link.command("listPhones", {})).phones.map(({ id, name, role }) => ({ id, name, role }));
  return { state: link.state, phones: phonesNow, audio: { faults, restarts, reopens, stageFaults, nonfiniteOutputs, state }, web: box.childId("web"), box: box.childId("box") };
}

/** Bytes after a WebSocket was let in, of which each set must end it. */
function malformed(): readonly Uint8Array[] {
  return [
    Buffer.concat([Buffer.from([0xff]), noise(200)]), frame(0x82, noise(60)), frame(0x81, Buffer.from('{"hello":2')), frame(0x81, Buffer.from("[".repeat(400))), frame(0x81, Buffer.from([0xc3, 0x28])),
    frame(0xc1, Buffer.from("{}")), frame(0x81, Buffer.from("{}"), { isMasked: false }), frame(0x82, noise(8), { length: 2 ** 40 }), frame(0x83, noise(4)),
    frame(0x89, noise(126)), frame(0x88, Buffer.from([0])), Buffer.concat(Array.from({ length: 300 }, () => frame(0x01, Buffer.alloc(0)))),
    Buffer.concat(Array.from({ length: 500 }, () => frame(0x8a, Buffer.from("x")))), frame(0x80, noise(3)), frame(0x81, Buffer.from('{"hello":3}')),
  ];
}

/** Everything at once that strangers may try. Returns how many of their WebSockets were let in, and how many got a page. */
async function attack(crowd: HostileCrowd): Promise<{ readonly letIn: number; readonly pages: number }> {
  const halves = Array.from({ length: 100 }, () => crowd.connect());
  const drip = setInterval(() => halves.forEach(({ socket }) => socket.writable && socket.write("G")), 500);
  let letIn = 0;
  // In turns of thirty: over the limit of connections some would be cut before they are heard.
  for (let round = 0; round < ROUNDS; round++) {
    const lines = await Promise.all([...malformed(), ...malformed()].map((bytes) => crowd.send(upgradeHead(port), bytes)));
    letIn += lines.filter((line) => line.includes(" 101 ")).length;
  }
  const get = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nRange: bytes=5-2\r\n\r\n`;
  const flood = await Promise.all(Array.from({ length: 200 }, () => crowd.send(get.repeat(150))));
  clearInterval(drip);
  await until(() => crowd.open === 0, 30);
  return { letIn, pages: flood.filter((line) => line.includes(" 200 ")).length };
}

beforeAll(async () => {
  box.spawn("start", "--port", "0");
  await until(() => /http:\/\/localhost:\d+\/#[A-Z2-7]{26}/.test(box.log), 60);
  [, port, key] = /http:\/\/localhost:(\d+)\/#([A-Z2-7]{26})/.exec(box.log)!.map((text, n) => (n === 1 ? Number(text) : text)) as [string, number, string];
  await box.untilSound();
  link = await openControlLink({ path: box.environment["LACQUER_SOCKET"]!, source: "test" });
  for (let n = 0; n < 15; n++) {
    const phone = new TestPhone(port, { kind: "url", key }, { name: `Phone ${n}` });
    phones.push(phone);
    await until(() => phone.of("welcome").length > 0);
    await phone.client.command("subscribeMeters", { maxRateHz: 10 });
  }
  // It takes the sixteenth place, asks for meters, and reads nothing.
  const deaf = new TestPhone(port, { kind: "url", key }, { name: "Deaf", draws: false });
  await until(() => deaf.of("paired").length > 0);
  const { phone, key: own } = deaf.of("paired")[0]!;
  deaf.socket.terminate();
  silent = await RawPhone.enter(port, { kind: "paired", phone, key: own });
  silent.socket.pause();
  await until(() => phones[0]!.of("phones").at(-1)?.phones.find((one) => one.id === phone)?.isHere === true);
  link.listen((event) => {
    if (event.type === "phones") isSilentHere = event.phones.some((one) => one.id === phone && one.isHere);
  });
}, 120_000);
afterAll(async () => {
  for (const { socket } of phones) socket.terminate();
  silent.socket.terminate();
  link.close();
  await box.stop();
});

it("serves 15 phones their meters through thousands of malformed frames, a slow reader, 100 half heads and 200 connections at once; nothing else changes", ON_BUSY_MACHINE, async () => {
  const crowd = new HostileCrowd(port);
  try {
    // The heap of the process grows once to what such a load needs; from then on it must not.
    await attack(crowd);
    const [before, beforeKb] = [await truth(), webMemoryKb()];
    const drawn = phones.map((phone) => phone.of("meters").length);
    const { letIn, pages } = await attack(crowd);
    expect(letIn).toBe(2 * ROUNDS * malformed().length);
    expect(pages).toBeGreaterThan(0);
    await until(() => phones.every((phone, n) => phone.of("meters").length >= drawn[n]! + 20), 30);
    for (const phone of phones) expect(phone.socket.readyState).toBe(1);
    // It sees nothing of its end; the box does.
    await until(() => !isSilentHere, 30);
    expect(await truth()).toEqual(before);
    // What was thrown away is collected when the process next needs room.
    await until(() => webMemoryKb() - beforeKb < MAX_GROWTH_KB, 20);
  } finally {
    crowd.end();
  }
});

it("answers a new phone afterwards as before", async () => {
  const { phone, key: own } = phones[0]!.of("paired")[0]!;
  phones[0]!.socket.close();
  const again = new TestPhone(port, { kind: "paired", phone, key: own }, { localAddress: "127.200.0.1" });
  await until(() => again.of("welcome").length > 0);
  expect((await again.client.command("status", {})).audio.state).toBe("running");
  again.socket.terminate();
  phones = phones.slice(1);
});
