import { describe, expect, it } from "vitest";
import { readSlotText, slotText } from "../../src/config/slot-text.js";
import { stateJson } from "../../src/config/state.js";
import { randomState } from "../support/box-states.js";
import { numberedState } from "../support/numbered-state.js";
import { randomUniform } from "../support/signals.js";

const content = { revision: 41, state: stateJson(numberedState(3)) };
const bytes = Buffer.from(slotText(1, content));

describe("a slot", () => {
  it("is read as it was written", () => {
    expect(readSlotText(bytes, 1, [])).toEqual(content);
  });

  it("is refused for each single bit of it that flips", () => {
    const flipped = Buffer.from(bytes);
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      if ("problem" in readSlotText(flipped, 1, [])) refused++;
      flipped[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(bytes.length).toBeGreaterThan(4096);
    expect(refused).toBe(bytes.length * 8);
  });

  it("is refused when it is cut after any byte, or longer by one", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(readSlotText(bytes.subarray(0, length), 1, []), `${length}`).toEqual({ problem: "its checksum does not match" });
    }
    for (const more of ["\n", "0", "\0"]) expect(readSlotText(Buffer.concat([bytes, Buffer.from(more)]), 1, [])).toHaveProperty("problem");
  });

  it("is refused in 500 random mixtures of two slots, block by block of 512 bytes", () => {
    const random = randomUniform(7);
    for (let n = 0; n < 500; n++) {
      const one = Buffer.from(slotText(1, { revision: 1, state: stateJson(randomState(random)) }));
      const other = Buffer.from(slotText(1, { revision: 2, state: stateJson(randomState(random)) }));
      const mixed = Buffer.from(one);
      const cut = 512 * (1 + Math.floor(random() * Math.floor((Math.min(one.length, other.length) - 1) / 512)));
      other.copy(mixed, cut, cut, Math.min(other.length, one.length));
      if (mixed.equals(one)) continue;
      expect(readSlotText(mixed, 1, [])).toHaveProperty("problem");
    }
  });

  it.each([
    ["another version", slotText(2, content), "it says version 2"],
    ["no number", slotText(1, { ...content, revision: NaN }), "it has no number"],
    ["no state", slotText(1, { revision: 1, state: null as never }), "it holds no state"],
  ])("is refused with a good checksum but %s", (_, text, problem) => {
    expect(readSlotText(Buffer.from(text), 1, [])).toEqual({ problem });
  });
});
