import { describe, expect, it } from "vitest";
import { HandshakeError, readHello, type Credential } from "../../src/protocol/handshake.js";
import { readCode, readKey, writeKey } from "../../src/protocol/pairing-key.js";
import { KEY, OTHER_KEY, seededBytes, shakeHands } from "../support/handshakes.js";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const CREDENTIALS: readonly (readonly [Credential, string])[] = [
  [{ kind: "paired", phone: "p1", key: KEY }, KEY],
  [{ kind: "url", key: KEY }, KEY],
  [{ kind: "code", code: "12345678" }, "12345678"],
];

describe.each(CREDENTIALS)("a handshake with %o", (credential, secret) => {
  it("gives both sides a channel that carries what is said, both ways", () => {
    const { phone, box } = shakeHands(credential, [secret]);
    for (const text of ["one", "two", ""]) {
      expect(box.open(phone.seal(bytes(text)))).toEqual(bytes(text));
      expect(phone.open(box.seal(bytes(text)))).toEqual(bytes(text));
    }
  });

  it("fails when the box has another secret, or none", () => {
    for (const secrets of [[], [credential.kind === "code" ? "12345679" : OTHER_KEY]]) {
      expect(() => shakeHands(credential, secrets)).toThrow(HandshakeError);
    }
  });

  it("fails when any one character of any of its four texts is another", () => {
    const { said } = shakeHands(credential, [secret]);
    said.forEach((text, message) => {
      for (let at = 0; at < text.length; at += 3) {
        const other = text[at] === "1" ? "2" : "1";
        const change = (given: string, n: number): string => (n === message ? given.slice(0, at) + other + given.slice(at + 1) : given);
        expect(() => shakeHands(credential, [secret], change), `text ${message}, character ${at}`).toThrow(HandshakeError);
      }
    });
  });

  it("says nothing from which the secret could be read, nor what is said after it", () => {
    const { phone, said } = shakeHands(credential, [secret]);
    const wire = said.join("") + Buffer.from(phone.seal(bytes("compressor.ratio"))).toString("latin1");
    const hex = Buffer.from(readKey(KEY)!).toString("hex");
    for (const telltale of [secret, secret.toLowerCase(), hex, "compressor"]) expect(wire).not.toContain(telltale);
  });

  it("is of no use a second time: a recorded phone meets another nonce of the box", () => {
    const { said } = shakeHands(credential, [secret]);
    const replay = (text: string, n: number): string => (n === 0 || n === 2 ? said[n]! : text);
    expect(() => shakeHands(credential, [secret], replay, 7)).toThrow(HandshakeError);
  });
});

describe("a phone that does not know the key", () => {
  it("is refused with every prefix of it, with one character more or another, and with the key of another box", () => {
    const wrong = [
      ...Array.from({ length: KEY.length }, (_, length) => KEY.slice(0, length)), `${KEY}A`, ` ${KEY}`, OTHER_KEY,
      ...Array.from({ length: KEY.length }, (_, at) => KEY.slice(0, at) + (KEY[at] === "A" ? "E" : "A") + KEY.slice(at + 1)),
    ].filter((key) => key !== KEY);
    for (const key of wrong) {
      expect(() => shakeHands({ kind: "paired", phone: "p1", key }, [KEY]), key).toThrow(HandshakeError);
      expect(() => shakeHands({ kind: "url", key }, [KEY]), key).toThrow(HandshakeError);
    }
  });

  it("is refused when it plays the box's own words back to it", () => {
    const reflect = (text: string, n: number): string => (n === 2 ? JSON.stringify({ proof: "00".repeat(32) }) : text);
    expect(() => shakeHands({ kind: "url", key: KEY }, [KEY], reflect)).toThrow(HandshakeError);
  });

  it.each([
    ["", "{", "[]", "null", '{"hello":2}', '{"hello":1,"kind":"url","phone":null,"ephemeral":"","nonce":""}'],
    [JSON.stringify({ hello: 3, kind: "url", phone: null, ephemeral: "AB".repeat(32), nonce: "00".repeat(16) })],
    [JSON.stringify({ hello: 3, kind: "root", phone: null, ephemeral: "ab".repeat(32), nonce: "00".repeat(16) })],
    [JSON.stringify({ hello: 3, kind: "url", phone: null, ephemeral: "ab".repeat(32), nonce: "00".repeat(16), more: 1 })],
    [`${" ".repeat(600)}{}`],
  ])("is refused with the words %j", (...messages) => {
    for (const message of messages) expect(() => readHello(message), message).toThrow(HandshakeError);
  });

  // RFC 7748, 6.1: points of low order give a shared secret of zero.
  it("is refused with a point of low order", () => {
    for (const point of ["00".repeat(32), `01${"00".repeat(31)}`, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"]) {
      const change = (text: string, n: number): string => (n === 0 ? JSON.stringify({ ...JSON.parse(text) as object, ephemeral: point }) : text);
      expect(() => shakeHands({ kind: "url", key: KEY }, [KEY], change)).toThrow(HandshakeError);
    }
  });
});

describe("a key for people", () => {
  it("comes back as it was from its 26 characters, in small letters too", () => {
    const random = seededBytes(3);
    for (let n = 0; n < 200; n++) {
      const key = random(16);
      const text = writeKey(key);
      expect(text).toMatch(/^[A-Z2-7]{26}$/);
      expect(readKey(text)).toEqual(key);
      expect(readKey(text.toLowerCase())).toEqual(key);
    }
  });

  // RFC 4648, 10, with its padding left away.
  it("is base32", () => {
    expect(writeKey(Uint8Array.from(Buffer.from("foobarfoobarfoob")))).toBe("MZXW6YTBOJTG633CMFZGM33PMI");
  });

  it("has no second spelling, and a code is eight digits however they are parted", () => {
    expect(readKey(`${KEY.slice(0, -1)}${KEY.endsWith("A") ? "B" : "7"}`)).toBeUndefined();
    expect(["1234 5678", "1234-5678", "12345678", " 1 2 3 4 5 6 7 8 "].map(readCode)).toEqual(Array(4).fill("12345678"));
    expect(["1234567", "123456789", "1234567x", "", "١٢٣٤٥٦٧٨"].map(readCode)).toEqual(Array(5).fill(undefined));
  });
});
