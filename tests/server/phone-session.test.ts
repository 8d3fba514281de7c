import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { bytesFrame, FRAME_UPLOAD } from "../../src/protocol/phone-frames.js";
import { writeChunk } from "../../src/protocol/upload-wire.js";
import { meterSnapshot } from "../support/fake-box.js";
import { KEY } from "../support/handshakes.js";
import { PhoneBox } from "../support/phone-box.js";
import { paired, servedBoxes } from "../support/served-box.js";
import { RawPhone } from "../support/raw-phone.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const served = servedBoxes();
const serve = served.start;

describe("a new phone", () => {
  it("is told by which button of the box it is let in, before it is anybody", async () => {
    const { port } = await serve();
    const asked = async (): Promise<unknown> => await (await fetch(`http://localhost:${port}/pairing.json`)).json();
    while ((await asked() as { button: unknown }).button === null) await setTimeout(10);
    expect(await asked()).toEqual({ button: { name: "target", holdS: 3 } });
  });

  it("is paired by the key of an offer, has a key of its own then, and comes again with that", async () => {
    const web = await serve();
    const { box, port } = web;
    const offer = box.pairing.start("control");
    expect(offer).toMatchObject({ pagePort: port, triesLeft: 5 });
    const phone = new TestPhone(port, { kind: "url", key: offer.key }, { name: "Ben" });
    await until(() => phone.of("welcome").length > 0);
    const [paired] = phone.of("paired");
    expect(paired).toMatchObject({ role: "control" });
    expect(paired!.key).not.toBe(offer.key);
    expect(phone.of("welcome")[0]!.phone).toMatchObject({ id: paired!.phone, name: "Ben", isHere: true });
    expect(box.told).toEqual(['info: "Ben" is paired and may look and adjust.']);
    expect(box.pairing.offers).toEqual([]);
    phone.socket.close();
    const again = new TestPhone(port, { kind: "paired", phone: paired!.phone, key: paired!.key });
    await until(() => again.of("welcome").length > 0);
    expect(await again.client.command("bypass", { on: true })).toEqual({ on: true });
    expect(box.calls).toEqual([["bypass", { on: true }, "phone:Ben"]]);
  });

  it("is paired by the digits of a code, and may only look when the offer says so", async () => {
    const { box, port } = await serve();
    const code = box.pairing.start("view").code!;
    const phone = new TestPhone(port, { kind: "code", code }, { name: "Eve" });
    await until(() => phone.of("welcome").length > 0);
    await expect(phone.client.command("bypass", {})).rejects.toMatchObject({ code: "notAllowed" });
    expect((await phone.client.command("status", {})).board).toBe("fake");
    expect(box.calls).toEqual([["status", {}, "phone:Eve"]]);
  });

  it("meets a dead code after five wrong ones, though the sixth is right, and the box says so", async () => {
    const { box, port } = await serve();
    const { code, key } = box.pairing.start("control");
    for (let n = 0; n < 5; n++) {
      const wrong = new TestPhone(port, { kind: "code", code: String((Number(code) + n + 1) % 1e8).padStart(8, "0") });
      expect(await wrong.closed).toEqual([4001, ""]);
    }
    expect(box.told).toEqual(["warning: Too many wrong codes were typed, so pairing is over; begin again at the box."]);
    for (const credential of [{ kind: "code", code: code! }, { kind: "url", key }] as const) {
      expect(await new TestPhone(port, credential).closed).toEqual([4001, ""]);
    }
    expect(box.book.list).toEqual([]);
  });

  it("meets a dead code after five wrong ones of ten phones at ten addresses, and whoever is in notices nothing (F42)", async () => {
    const web = await serve();
    const inside = await paired(web);
    await until(() => inside.of("welcome").length > 0);
    const code = web.box.pairing.start("control").code!;
    for (let n = 0; n < 10; n++) {
      const wrong = new TestPhone(web.port, { kind: "code", code: String((Number(code) + n + 1) % 1e8).padStart(8, "0") }, { localAddress: `127.0.0.${10 + n}` });
      expect(await wrong.closed).toEqual([4001, ""]);
    }
    expect(await new TestPhone(web.port, { kind: "code", code }, { localAddress: "127.0.0.30" }).closed).toEqual([4001, ""]);
    expect(web.box.told).toEqual(["warning: Too many wrong codes were typed, so pairing is over; begin again at the box."]);
    expect(await inside.client.command("bypass", {})).toEqual({ on: true });
    expect(web.box.book.list).toHaveLength(1);
  });

  it("is too late after 60 s, also when it had begun before", async () => {
    const { box, port } = await serve();
    const { code, key } = box.pairing.start("control");
    box.clock.skippedMs = 60_001;
    for (const credential of [{ kind: "code", code: code! }, { kind: "url", key }] as const) {
      expect(await new TestPhone(port, credential).closed).toEqual([4001, ""]);
    }
  });

  it("is told that 16 phones are paired, and comes in by the same offer when one is forgotten", async () => {
    const { box, port } = await serve();
    const phones = await Promise.all(Array.from({ length: 16 }, (_, n) => box.book.add(`Phone ${n}`, "control")));
    const { key } = box.pairing.start("control");
    expect(await new TestPhone(port, { kind: "url", key }).closed).toEqual([4006, "16 phones are paired already; forget one of them first."]);
    await box.book.forget(phones[0]!.phone);
    const phone = new TestPhone(port, { kind: "url", key });
    await until(() => phone.of("welcome").length > 0);
  });

  it("finds the door closed that another has just come in by", async () => {
    const { box, port } = await serve();
    const { key } = box.pairing.start("control");
    const phones = Array.from({ length: 4 }, (_, n) => new TestPhone(port, { kind: "url", key }, { name: `Phone ${n}` }));
    await until(() => phones.filter(({ socket }) => socket.readyState === 3).length === 3);
    expect(box.book.list).toHaveLength(1);
  });
});

describe("a phone that is not paired", () => {
  it("is refused alike: unknown id, wrong key, no offer, silence for 5 s", async () => {
    const web = await serve();
    const { phone } = await web.box.book.add("Anna", "control");
    for (const credential of [
      { kind: "paired", phone: "abcdef012345", key: KEY }, { kind: "paired", phone, key: KEY }, { kind: "url", key: KEY }, { kind: "code", code: "12345678" },
    ] as const) {
      expect(await new TestPhone(web.port, credential).closed, credential.kind).toEqual([4001, ""]);
    }
    expect(web.box.calls).toEqual([]);
    expect(web.gateway.phones).toBe(0);
  });

  it("has to wait a minute after ten wrong proofs, and so has nobody at another address", async () => {
    const web = await serve();
    const { box, clock, port } = web;
    for (let n = 0; n < 10; n++) expect((await new TestPhone(port, { kind: "url", key: KEY }).closed)[0]).toBe(4001);
    const { phone, key } = await box.book.add("Anna", "control");
    expect(await new TestPhone(port, { kind: "paired", phone, key }).closed).toEqual([4005, "There were too many tries from here; wait a minute."]);
    const other = new TestPhone(port, { kind: "paired", phone, key }, { localAddress: "127.0.0.2" });
    await until(() => other.of("welcome").length > 0);
    clock.skippedMs = 61_000;
    const later = new TestPhone(port, { kind: "paired", phone, key });
    await until(() => later.of("welcome").length > 0);
  });
});

describe("a paired phone", () => {
  it("gets changes, notices and the list of phones, and meters at its own rate that it draws", async () => {
    const web = await serve();
    const { box } = web;
    const phone = await paired(web);
    await until(() => phone.of("welcome").length > 0);
    expect(phone.of("link")[0]).toMatchObject({ isBoxThere: true, sentence: "" });
    await phone.client.command("subscribeMeters", { maxRateHz: 60 });
    box.fake.change("compressor.ratio", 3);
    box.fake.socket.notice({ level: "warning", subject: "sound", sentence: "The card went away.", times: 1 });
    for (let bin = 0; phone.of("meters").length < 10; bin++) {
      box.fake.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    expect(phone.client.state!.values["compressor.ratio"]).toBe(3);
    expect(phone.of("notice")).toEqual([{ type: "notice", level: "warning", subject: "sound", sentence: "The card went away.", times: 1 }]);
    expect(phone.of("meters")[0]!.snapshot.integratedLufs).toBeCloseTo(-14.1, 5);
    expect(box.book.list[0]).toMatchObject({ isHere: true });
    phone.socket.close();
    // Nobody looks: the box need not make snapshots.
    await until(() => box.fake.socket.meterRateHz === 0 && box.book.list[0]!.isHere === false);
  });

  it("that draws nothing gets 3 frames and no more, while another gets all that are due; it is gone 7.5 s later", async () => {
    const web = await serve();
    const { box, clock, gateway } = web;
    const [slow, quick] = [await paired(web, { draws: false }), await paired(web)];
    for (const phone of [slow, quick]) {
      await until(() => phone.of("welcome").length > 0);
      await phone.client.command("subscribeMeters", { maxRateHz: 60 });
    }
    for (let bin = 0; quick.of("meters").length < 20; bin++) {
      box.fake.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    expect(slow.of("meters")).toHaveLength(3);
    clock.skippedMs = 8000;
    await setTimeout(50);
    let end: [number, string] | undefined;
    void slow.closed.then((closed) => (end = closed));
    for (let bin = 0; end === undefined; bin++) {
      box.fake.meters(meterSnapshot(bin));
      await setTimeout(10);
    }
    expect(end[0]).toBe(1006);
    expect(gateway.phones).toBe(1);
    expect(quick.socket.readyState).toBe(1);
  });

  it("is told that the box is gone, its questions end, and it has the whole state again when the box is back", async () => {
    const web = await serve({ take: () => new Promise(() => undefined) });
    const phone = await paired(web);
    await until(() => phone.of("welcome").length > 0);
    const take = phone.client.command("take", {});
    take.catch(() => undefined);
    await web.box.fake.socket.stop();
    await until(() => phone.of("link").at(-1)?.isBoxThere === false);
    await expect(take).rejects.toThrow("ended");
    const second = new PhoneBox(web.place);
    second.fake.change("compressor.ratio", 3);
    await second.start();
    served.atEnd(() => second.fake.socket.stop());
    await until(() => phone.client.state?.sequence === 1, 5);
    expect(phone.of("link").at(-1)).toMatchObject({ isBoxThere: true });
    expect(await phone.client.command("bypass", { on: true })).toEqual({ on: true });
  });

  it("has a new line at once when the box ends the old one: five times a welcome, and no sign of life of the web process, each 2 s, is waited for", async () => {
    const { box, port } = await serve();
    const { phone, key } = await box.book.add("Anna", "control");
    const lines = vi.spyOn(box.book, "arrive");
    const raw = await RawPhone.enter(port, { kind: "paired", phone, key });
    await until(() => lines.mock.calls.length === 1);
    const before = raw.received;
    for (let line = 2; line <= 6; line++) {
      raw.send(bytesFrame(FRAME_UPLOAD, writeChunk({ upload: 9, offset: 0, bytes: Uint8Array.of(1) })));
      await until(() => lines.mock.calls.length === line);
      await setTimeout(50);
    }
    expect(raw.received - before).toBeGreaterThanOrEqual(5);
    expect(raw.received - before).toBeLessThan(10);
    raw.socket.close();
  });

  it("loses its right at once when it is forgotten, and may only look as soon as its role says so", async () => {
    const web = await serve();
    const { box } = web;
    const phone = await paired(web);
    await until(() => phone.of("welcome").length > 0);
    const { id } = box.book.list[0]!;
    await box.book.edit(id, { role: "view" });
    await expect(phone.client.command("undo", {})).rejects.toMatchObject({ code: "notAllowed" });
    await expect(phone.client.command("renamePhone", { phone: id, name: "Mine" })).resolves.toEqual({});
    await expect(phone.client.command("renamePhone", { phone: "other", name: "Mine" })).rejects.toMatchObject({ code: "notAllowed" });
    await until(() => phone.of("phones").at(-1)?.phones[0]?.name === "Mine");
    await box.book.forget(id);
    expect(await phone.closed).toEqual([4004, "This phone is not paired any more."]);
    expect(phone.of("forgotten")).toHaveLength(1);
    expect(box.calls).toEqual([]);
  });

  it.each([
    ["startPairing", {}], ["stopPairing", {}], ["pairingState", {}], ["phoneKey", { phone: "p" }], ["addPhone", { name: "n", secret: "12345678" }],
    ["wrongPairingTry", {}], ["announcePage", { port: 1 }], ["status", { count: true }],
  ] as const)("may never ask for %s", async (command, input) => {
    const web = await serve();
    const phone = await paired(web);
    await until(() => phone.of("welcome").length > 0);
    await expect(phone.client.command(command, input as never)).rejects.toMatchObject({ code: "notAllowed" });
    expect(web.box.book.list).toHaveLength(1);
  });
});
