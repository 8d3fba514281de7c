import { describe, expect, it } from "vitest";
import type { NewPhone } from "../../src/protocol/phones.js";
import { PhoneHouse, type Guest } from "../../src/server/phone-house.js";
import { servedBoxes, type ServedBox } from "../support/served-box.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const { start } = servedBoxes();

async function enter({ port }: ServedBox, { phone, key }: NewPhone): Promise<TestPhone> {
  const one = new TestPhone(port, { kind: "paired", phone, key });
  await until(() => one.of("welcome").length > 0);
  return one;
}

async function pairPhones({ box }: ServedBox, count: number): Promise<NewPhone[]> {
  return await Promise.all(Array.from({ length: count }, (_, n) => box.book.add(`Phone ${n}`, n === 0 ? "view" : "control")));
}

const ELSEWHERE = "Another page of this phone took the place of this one. Touch it to go on here.";

describe("a house of 16 phones", () => {
  it("has a place for each of 16, though all are there already, and no 17th can be paired (F55)", async () => {
    const web = await start();
    const ids = await pairPhones(web, 16);
    const phones = await Promise.all(ids.map((id) => enter(web, id)));
    expect(web.gateway.phones).toBe(16);
    const again = await enter(web, ids[3]!);
    expect(await phones[3]!.closed).toEqual([4008, ELSEWHERE]);
    expect(await again.client.command("bypass", {})).toEqual({ on: true });
    expect(web.gateway.phones).toBe(16);
    const { key } = web.box.pairing.start("control");
    expect(await new TestPhone(web.port, { kind: "url", key }).closed).toEqual([4006, "16 phones are paired already; forget one of them first."]);
    phones[0]!.socket.close();
    await until(() => web.gateway.phones === 15);
    await enter(web, ids[0]!);
  });

  it("cannot be filled by a view phone that opens 16 pages: it has four, and the engineer comes in", async () => {
    const web = await start();
    const [viewer, engineer] = await pairPhones(web, 2);
    const pages: TestPhone[] = [];
    for (let n = 0; n < 16; n++) pages.push(await enter(web, viewer!));
    expect(web.gateway.phones).toBe(4);
    const phone = await enter(web, engineer!);
    expect(await phone.client.command("bypass", {})).toEqual({ on: true });
    expect(pages.filter(({ socket }) => socket.readyState === 1)).toHaveLength(4);
  });

  it("lets 16 phones in again at once that lost the network, while their dead connections are still counted", async () => {
    const web = await start();
    const ids = await pairPhones(web, 16);
    const dead = await Promise.all(ids.map((id) => enter(web, id)));
    // Nothing is read and nothing said any more, as when the network is gone.
    for (const { socket } of dead) socket.pause();
    await Promise.all(ids.map((id) => enter(web, id)));
    expect(web.gateway.phones).toBe(16);
    for (const { socket } of dead) socket.terminate();
  });
});

class Visitor implements Guest {
  ended = false;

  constructor(readonly phone: string, readonly seenAtMs: number) {}

  makeRoom(): void {
    this.ended = true;
  }
}

describe("the house", () => {
  it("is full for a 17th phone while each of 16 is there once", () => {
    const house = new PhoneHouse();
    for (let n = 0; n < 16; n++) expect(house.enter(new Visitor(String(n), n))).toBe(true);
    expect(house.enter(new Visitor("new", 99))).toBe(false);
  });

  it("ends the one that was silent longest: of the phone that comes, else of those that are there more than once", () => {
    const house = new PhoneHouse();
    const once = Array.from({ length: 12 }, (_, n) => new Visitor(`once ${n}`, 0));
    const several = [new Visitor("two", 30), new Visitor("two", 20), new Visitor("three", 10), new Visitor("three", 40)];
    for (const guest of [...once, ...several]) house.enter(guest);
    expect(house.enter(new Visitor("two", 50))).toBe(true);
    expect(several.map(({ ended }) => ended)).toEqual([false, true, false, false]);
    expect(house.enter(new Visitor("new", 60))).toBe(true);
    expect(several.map(({ ended }) => ended)).toEqual([false, true, true, false]);
    expect(once.every(({ ended }) => !ended)).toBe(true);
    expect(house.guests.size).toBe(16);
  });
});
