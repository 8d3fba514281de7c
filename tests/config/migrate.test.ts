import { describe, expect, it } from "vitest";
import { parseJson, plainValue } from "../../src/config/json-source.js";
import { migrate, type Document, type Migration } from "../../src/config/migrate.js";

/** A step that renames a key and counts the version up. */
function rename(from: string, to: string): Migration {
  return (document): Document => ({
    ...document,
    members: new Map([...document.members].map(([key, node]) => [key === from ? to : key, node])),
  });
}

const STEPS = [rename("period", "periodFrames"), rename("periodFrames", "blockFrames")];
const at = (version: number, key: string): ReturnType<typeof parseJson> => parseJson("f", `{\n"version": ${version},\n"${key}": 64 }`);

describe("migrate", () => {
  it.each([[1, "period"], [2, "periodFrames"], [3, "blockFrames"]])("brings version %d to version 3", (version, key) => {
    const migrated = migrate("f", at(version, key), STEPS);
    expect(plainValue(migrated.members.get("blockFrames")!)).toBe(64);
    expect(migrated.members.get("blockFrames")!.line).toBe(3);
  });

  it("leaves the document that it is given as it was", () => {
    const document = at(1, "period");
    migrate("f", document, STEPS);
    expect(plainValue(document)).toEqual({ version: 1, period: 64 });
  });

  it.each([
    [4, "f:2: version is 4: a newer Lacquer wrote this file. This one reads up to version 3; update it, or set the file aside."],
    [0, "f:2: version is 0; allowed 1 to 3."],
    [1.5, "f:2: version is 1.5; allowed 1 to 3."],
  ])("refuses version %d", (version, message) => {
    expect(() => migrate("f", at(version, "period"), STEPS)).toThrow(message);
  });
});
