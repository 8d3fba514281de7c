import { describe, expect, it } from "vitest";
import { SealedChannel, SealError } from "../../src/protocol/sealed-channel.js";
import { KEY, shakeHands } from "../support/handshakes.js";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const pair = (): { phone: SealedChannel; box: SealedChannel } => ({ phone: new SealedChannel(one, two), box: new SealedChannel(two, one) });

describe("a sealed channel", () => {
  it("opens no frame of which one bit is another: all of them", () => {
    const frame = pair().phone.seal(bytes('{"id":1,"command":"undo"}'));
    for (let bit = 0; bit < 8 * frame.length; bit++) {
      const damaged = frame.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => pair().box.open(damaged), `bit ${bit}`).toThrow(SealError);
    }
  });

  it("opens no frame that is cut, or longer, or empty", () => {
    const frame = pair().phone.seal(bytes("undo"));
    for (let length = 0; length < frame.length; length++) expect(() => pair().box.open(frame.subarray(0, length))).toThrow(SealError);
    expect(() => pair().box.open(Uint8Array.from([...frame, 0]))).toThrow(SealError);
  });

  it("opens each frame once and in its turn, and nothing after one that was not", () => {
    const { phone, box } = pair();
    const [one, two, three] = ["one", "two", "three"].map((text) => phone.seal(bytes(text)));
    expect(box.open(one!)).toEqual(bytes("one"));
    expect(() => box.open(one!)).toThrow(SealError);
    expect(() => box.open(two!)).toThrow(SealError);
    const other = pair();
    const frames = ["one", "two"].map((text) => other.phone.seal(bytes(text)));
    expect(() => other.box.open(frames[1]!)).toThrow(SealError);
    expect(() => other.box.open(three!)).toThrow(SealError);
  });

  it("takes back no frame of its own, and none of another session", () => {
    const { phone, box } = pair();
    expect(() => phone.open(phone.seal(bytes("undo")))).toThrow(SealError);
    const later = shakeHands({ kind: "url", key: KEY }, [KEY], undefined, 9);
    expect(() => box.open(later.phone.seal(bytes("undo")))).toThrow(SealError);
  });

  it("seals the same words differently each time", () => {
    const { phone } = pair();
    expect(phone.seal(bytes("undo"))).not.toEqual(phone.seal(bytes("undo")));
  });
});
