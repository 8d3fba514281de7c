import { describe, expect, it } from "vitest";
import { readKey } from "../../src/protocol/pairing-key.js";
import { recorded } from "../support/recorded-phone.js";
import { servedBoxes } from "../support/served-box.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const boxes = servedBoxes();

describe("who listens and sends again what was said", () => {
  it("gets no command done a second time: the line is closed (F45)", async () => {
    const web = await boxes.start();
    const { phone, sent, forge } = await recorded(web);
    await phone.client.command("undo", {});
    forge(sent.at(-1) as Uint8Array);
    expect(await phone.closed).toEqual([4001, ""]);
    expect(web.box.calls).toHaveLength(1);
  });

  it("gets no command done out of its turn, nor one of another phone or another day", async () => {
    const web = await boxes.start();
    const [first, second] = [await recorded(web), await recorded(web)];
    await first.phone.client.command("undo", {});
    second.forge(first.sent.at(-1) as Uint8Array);
    expect(await second.phone.closed).toEqual([4001, ""]);
    const later = await recorded(web);
    for (const frame of first.sent.filter((frame) => typeof frame !== "string")) later.forge(frame);
    expect(await later.phone.closed).toEqual([4001, ""]);
    expect(web.box.calls).toHaveLength(1);
  });

  it("gets none done of which it has turned one bit, whichever", async () => {
    const web = await boxes.start();
    const { phone, key } = await web.box.book.add("Anna", "control");
    for (let bit = 0; bit < 12; bit++) {
      web.clock.skippedMs += 61_000;
      const one = new TestPhone(web.port, { kind: "paired", phone, key });
      const send = one.socket.send.bind(one.socket) as (frame: string | Uint8Array) => void;
      await until(() => one.of("welcome").length > 0);
      one.socket.send = ((frame: Uint8Array) => {
        const turned = Uint8Array.from(frame);
        const at = (bit * 103) % (8 * turned.length);
        turned[at >> 3]! ^= 1 << (at & 7);
        send(turned);
      }) as typeof one.socket.send;
      one.client.command("undo", {}).catch(() => undefined);
      expect(await one.closed, `bit ${bit}`).toEqual([4001, ""]);
    }
    expect(web.box.calls).toEqual([]);
  });

  it("learns no key, no code, no command and no name from a pairing, a welcome and a command (F46)", async () => {
    const web = await boxes.start();
    const code = web.box.pairing.start("control").code!;
    const said: Buffer[] = [];
    const phone = new TestPhone(web.port, { kind: "code", code }, { name: "Anna's phone" });
    const send = phone.socket.send.bind(phone.socket) as (frame: string | Uint8Array) => void;
    phone.socket.send = ((frame: string | Uint8Array) => {
      said.push(Buffer.from(frame as Uint8Array));
      send(frame);
    }) as typeof phone.socket.send;
    phone.socket.on("message", (data) => said.push(data as Buffer));
    await until(() => phone.of("welcome").length > 0);
    await phone.client.command("set", { values: { "compressor.ratio": 3 } });
    const { key } = phone.of("paired")[0]!;
    const wire = Buffer.concat(said);
    const forms = [code, `${code.slice(0, 4)} ${code.slice(4)}`, key, key.toLowerCase(), "compressor", "Anna", "welcome", "paired"].map((text) => Buffer.from(text));
    const bytes = Buffer.from(readKey(key)!);
    for (const form of [...forms, bytes, Buffer.from(bytes.toString("hex")), Buffer.from(bytes.toString("base64"))]) expect(wire.includes(form), String(form)).toBe(false);
    expect(wire.length).toBeGreaterThan(5000);
  });
});
