import { expect, it } from "vitest";
import { COMMAND_NAMES, type ReadCommand } from "../../src/protocol/commands.js";
import { LOCAL_COMMANDS, mayPhone, type Role } from "../../src/protocol/phones.js";

const may = (role: Role, command: string, input: object = {}): boolean => mayPhone({ id: "me", role }, { command, input } as ReadCommand);

// What changes the sound, the box or other phones, as the threat model has it: looking needs less than that.
const LOOKING = [
  "compareMix", "comparison", "diagnosis", "exportPreset", "get", "levels", "listPhones", "listPresets", "listReferences", "listSongs", "listTargets",
  "loudnessHistory", "platforms", "status", "subscribeMeters",
];

it("lets a phone that may look ask for these and no others", () => {
  expect(COMMAND_NAMES.filter((name) => may("view", name)).sort()).toEqual(LOOKING);
  expect(may("view", "renamePhone", { phone: "me", name: "x" })).toBe(true);
  expect(may("view", "renamePhone", { phone: "other", name: "x" })).toBe(false);
  expect(may("view", "forgetPhone", { phone: "me" })).toBe(false);
});

it("lets a phone that may adjust ask for all but what opens the door, holds its keys, or costs the audio thread garbage", () => {
  const never = ["addPhone", "announcePage", "pairingState", "phoneKey", "startPairing", "stopPairing", "wrongPairingTry"];
  expect([...LOCAL_COMMANDS].sort()).toEqual(never);
  expect(COMMAND_NAMES.filter((name) => !may("control", name)).sort()).toEqual(never);
  expect(may("control", "status", { count: true })).toBe(false);
});
