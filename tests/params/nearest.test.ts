import { describe, expect, it } from "vitest";
import { nearestName, sameName, suggestion } from "../../src/params/nearest.js";

const NAMES = ["glue", "loud", "vocal-presence", "kick-thump"];

describe("nearestName", () => {
  it.each([
    ["gleu", "glue"],
    ["Loud", "loud"],
    ["vocalpresence", "vocal-presence"],
    ["kick", "kick-thump"],
    ["presence", "vocal-presence"],
    ["warm", undefined],
    ["", undefined],
  ])("for \"%s\" finds %s", (name, nearest) => {
    expect(nearestName(name, NAMES)).toBe(nearest);
  });

  it("finds none when several begin alike", () => {
    expect(nearestName("rumble", ["rumble-out-now", "rumble-out-then"])).toBeUndefined();
  });
});

it("takes a name for the same but for case, spaces, hyphens and underscores", () => {
  expect(sameName("Vocal Presence", NAMES)).toBe("vocal-presence");
  expect(sameName("vocal.presence", NAMES)).toBeUndefined();
});

it("suggests in a sentence, or not at all", () => {
  expect(suggestion("gleu", NAMES)).toBe(" Did you mean \"glue\"?");
  expect(suggestion("xyz", NAMES)).toBe("");
});
