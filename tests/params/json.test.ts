import { expect, it } from "vitest";
import { jsonOfValue } from "../../src/params/json.js";
import { parseJsonValue } from "../../src/params/parse.js";
import { PARAMETERS } from "../../src/params/table.js";

it("writes every parameter so that it is read again, at both ends and the default", () => {
  for (const row of PARAMETERS) {
    for (const value of [row.min, row.default, row.max]) {
      const json: unknown = JSON.parse(JSON.stringify(jsonOfValue(row, value)));
      expect(parseJsonValue(row, json), row.id).toEqual({ value });
    }
  }
});
