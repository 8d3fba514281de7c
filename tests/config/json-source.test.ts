import { describe, expect, it } from "vitest";
import { parseJson, plainValue, type JsonNode } from "../../src/config/json-source.js";
import { randomUniform } from "../support/signals.js";

const parse = (text: string) => parseJson("box.json", text);

function randomJson(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 4 ? 4 : 6));
  const count = Math.floor(random() * 4);
  const text = () => Array.from({ length: count }, () => String.fromCodePoint(Math.floor(random() * 0x2100))).join("");
  if (kind === 0) return random() < 0.5;
  if (kind === 1) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
  if (kind === 2) return text();
  if (kind === 3) return null;
  if (kind === 4) return Array.from({ length: count }, () => randomJson(random, depth + 1));
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}${text()}`, randomJson(random, depth + 1)]));
}

describe("parseJson", () => {
  it("reads what JSON.stringify writes, for 300 random values, plain and indented", () => {
    const random = randomUniform(17);
    for (let trial = 0; trial < 300; trial++) {
      const value = randomJson(random, 0);
      for (const indent of [0, 2]) {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.stringify(plainValue(parse(text)))).toBe(JSON.stringify(value));
      }
    }
  });

  it("knows the line of every value, with either end of line and a byte order mark", () => {
    const node = parse("\uFEFF{\r\n \"a\": 1,\n\n \"b\": [\n  true ]\n}") as JsonNode & { kind: "object" };
    const list = node.members.get("b") as JsonNode & { kind: "array" };
    expect([node.line, node.members.get("a")?.line, list.line, list.items[0]?.line]).toEqual([1, 2, 4, 5]);
  });

  it.each([
    ["", "box.json:1: This is not JSON: the end of the file is no value; write a number, true, false or a text in double quotes."],
    ["{\n\"a\": 1,\n}", "box.json:3: This is not JSON: expected a key in double quotes but found }."],
    ["{\n\"a\": 1\n\"b\": 2}", "box.json:3: This is not JSON: expected , but found \"b\"."],
    ["{\"a\" 1}", "box.json:1: This is not JSON: expected : but found 1."],
    ["{\"a\":\n", "box.json:2: This is not JSON: the end of the file is no value; write a number, true, false or a text in double quotes."],
    ["{ a: 1 }", "box.json:1: This is not JSON: expected a key in double quotes but found a."],
    ["[1,\n2", "box.json:2: This is not JSON: expected , but found the end of the file."],
    ["{} {}", "box.json:1: This is not JSON: nothing may follow the end, but { does."],
    ["{\n\"a\": 1,\n\"a\": 2}", "box.json:3: \"a\" is given twice; keep one."],
    ["{\"a\": 1,\u00a0\"b\": 2}", "box.json:1: This is not JSON: there is an invisible character."],
  ])("refuses %j and says where and why", (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ message }));
  });

  it.each(["nan", "Inf", "+Infinity", "01", "+1", "1.", "'a'", "\"a", "\"\\x\"", "\"a\nb\"", "tru", "[1 2]", "// note\n1"])(
    "refuses %j as JSON.parse does", (text) => {
      expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
      expect(() => parse(text)).toThrow("This is not JSON");
    });

  it("lets numbers through that are none, with their line, for whoever knows what is allowed there", () => {
    const node = parse("{\"a\": NaN,\n\"b\": -Infinity, \"c\": [Infinity]}");
    expect(plainValue(node)).toEqual({ a: NaN, b: -Infinity, c: [Infinity] });
    expect(node.kind === "object" && node.members.get("b")?.line).toBe(2);
  });

  it("takes 16 levels and refuses 10000 without a stack overflow", () => {
    expect(plainValue(parse("[".repeat(16) + "]".repeat(16)))).toBeInstanceOf(Array);
    expect(() => parse("[".repeat(10000))).toThrow("more than 16 levels");
  });
});
