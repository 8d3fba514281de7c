import { describe, expect, it } from "vitest";
import { Cpace } from "../../src/protocol/cpace.js";
import { joinParts } from "../../src/protocol/length-value.js";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString("hex");
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

// draft-irtf-cfrg-cpace-21, B.3: test vectors for CPACE-RISTR255-SHA512.
const input = { secret: ascii("Password"), channel: ascii("\x0bA_initiator\x0bB_responder"), session: bytes("7e4b4791d6a8ef019b936c79fb7f2c57") };
const VECTOR = {
  ya: "da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08",
  shareA: "d6bac480f2c386c394efc7c47adb9925dcd2630b64f240c50f8d0eec482b9157",
  yb: "d2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d",
  shareB: "3ea7e0b19560d7c0b0f5734f63b955286dfa8232b5ebe63324e2d9e7433f7258",
  key: "b69effbf61b51d56401c0f65601abe428de8206feaaf0e32198896dcae7b35cd2b38950a39dfd5d4a79164614c2984f7daa460b588c1e80c3fa2068af7900447",
};
const of = { initiator: ascii("ADa"), responder: ascii("ADb") };

describe("CPace", () => {
  it("gives the shares and the key of the draft's test vectors, on both sides", () => {
    const [a, b] = [new Cpace(input, bytes(VECTOR.ya)), new Cpace(input, bytes(VECTOR.yb))];
    expect(hex(a.share)).toBe(VECTOR.shareA);
    expect(hex(b.share)).toBe(VECTOR.shareB);
    expect(hex(a.key(b.share, { ...of, isInitiator: true }))).toBe(VECTOR.key);
    expect(hex(b.key(a.share, { ...of, isInitiator: false }))).toBe(VECTOR.key);
  });

  it("refuses the invalid shares of the draft: no element, and the neutral element", () => {
    const side = new Cpace(input, bytes("7cd0e075fa7955ba52c02759a6c90dbbfc10e6d40aea8d283e407d88cf538a05"));
    for (const share of ["2b3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c", "00".repeat(32)]) {
      expect(side.key(bytes(share), { ...of, isInitiator: true }), share).toBeUndefined();
    }
  });

  it("gives other keys when the secret differs by a digit", () => {
    const [a, b] = ["12345678", "12345679"].map((code, n) => new Cpace({ ...input, secret: ascii(code) }, new Uint8Array(32).fill(n + 1)));
    expect(hex(a!.key(b!.share, { ...of, isInitiator: true }))).not.toBe(hex(b!.key(a!.share, { ...of, isInitiator: false })));
  });
});

// The same draft, A.1.
it("joins parts as the draft does", () => {
  expect(hex(joinParts(ascii("1234"), ascii("5"), ascii(""), ascii("6789")))).toBe("04313233340135000436373839");
  expect(hex(joinParts(Uint8Array.from({ length: 128 }, (_, n) => n))).slice(0, 8)).toBe("80010001");
});
