import { describe, expect, it } from "vitest";
import { parsePhoneMessage, parseWebMessage } from "../../src/protocol/phone-frames.js";

const read = (name: string): unknown => parsePhoneMessage(JSON.stringify({ name }));

describe("a name", () => {
  it.each([["spaces", " \u3000 "], ["a soft hyphen", "\u00ad"], ["a joiner of graphemes", "\u034f"], ["Hangul fillers", "\u115f\u1160\u3164\uffa0"],
    ["variation selectors", "\ufe0f\ufe0e"], ["a combining accent alone", "\u0301"], ["an empty braille cell", "\u2800"], ["a joiner of emoji", "\u200d"],
    ["an overriding direction", "A\u202eB"], ["a joiner between letters", "A\u200dB"], ["a joiner at the end", "\u{1f469}\u200d"], ["two joiners", "\u{1f469}\u200d\u200d\u{1f680}"],
    ["a zero-width space", "An\u200bna"], ["a line feed", "A\nB"]])("of %s is refused", (_, name) => {
    expect(() => read(name)).toThrow(/characters that can be seen/);
  });

  it.each(["Anna", "Annas Handy 📱", "👩\u200d🚀 Eve", "👩🏽\u200d🚒", "👨\u200d👩\u200d👧\u200d👦", "🏳️\u200d🌈 booth", "❤️", "Zoë", "صوت", "音響 1", "1"])("%s is taken as it is", (name) => {
    expect(read(name)).toEqual({ name });
  });
});

it("the message of the link may say more in a later release; any other message may not", () => {
  const link = { type: "link", isBoxThere: true, sentence: "", pageTag: "1" };
  expect(parseWebMessage(JSON.stringify({ ...link, later: { x: 1 } }))).toEqual(link);
  expect(() => parseWebMessage(JSON.stringify({ type: "forgotten", later: 1 }))).toThrow(/later/);
});
