import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { KEY } from "../support/handshakes.js";
import { PhoneBox } from "../support/phone-box.js";
import { servedBoxes } from "../support/served-box.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const { start, atEnd } = servedBoxes();
const NO_BOX = [4003, "The box is not there at present."];

describe("a phone that is not let in", () => {
  it("is told that the box is gone in words that tell a stranger nothing, and 100 tries meanwhile do not lock it out", async () => {
    const web = await start();
    const { phone, key } = await web.box.book.add("Anna", "control");
    const seen = new TestPhone(web.port, { kind: "paired", phone, key });
    await until(() => seen.of("welcome").length > 0);
    await web.box.fake.socket.stop();
    await until(() => seen.of("link").at(-1)?.isBoxThere === false);
    for (let n = 0; n < 100; n++) expect(await new TestPhone(web.port, { kind: "paired", phone, key }).closed).toEqual(NO_BOX);
    const second = await new PhoneBox(web.place).start();
    atEnd(() => second.fake.socket.stop());
    await until(() => seen.of("link").at(-1)?.isBoxThere === true);
    const again = new TestPhone(web.port, { kind: "paired", phone, key });
    await until(() => again.of("welcome").length > 0);
  });

  it("is told so too when the box goes in the middle of its handshake: its key is not blamed", async () => {
    let isAsked = false;
    const web = await start({
      phoneKey: () => {
        isAsked = true;
        return new Promise(() => undefined);
      },
    });
    const phone = new TestPhone(web.port, { kind: "paired", phone: "0123456789ab", key: KEY });
    await until(() => isAsked);
    await web.box.fake.socket.stop();
    expect(await phone.closed).toEqual(NO_BOX);
  });

  it("may come and go 100 times a minute as long as it proves itself", async () => {
    const web = await start();
    const { phone, key } = await web.box.book.add("Anna", "control");
    for (let n = 0; n < 100; n++) {
      const one = new TestPhone(web.port, { kind: "paired", phone, key });
      await until(() => one.of("link").length > 0);
      one.socket.terminate();
      await one.closed;
    }
  });

  it("is told apart when its page is of another release: before anything else, and with or without a box", async () => {
    const web = await start();
    for (const version of [1, 2, 99]) {
      const socket = new WebSocket(`ws://127.0.0.1:${web.port}/live`, { origin: `http://127.0.0.1:${web.port}` });
      await once(socket, "open");
      socket.send(JSON.stringify({ hello: version, kind: "paired", something: "new" }));
      const [code, reason] = (await once(socket, "close")) as [number, Buffer];
      expect([code, String(reason)]).toEqual([4007, "This page is of another release; load it anew."]);
    }
  });
});
