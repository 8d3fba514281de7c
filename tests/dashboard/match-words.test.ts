import { expect, it } from "vitest";
import { restLine } from "../../src/dashboard/match-words.js";

it("tells what an EQ leaves of a match where it leaves most, from 0.5 dB on", () => {
  const freqHz = [80, 1000, 2500];
  expect(restLine({ freqHz, wantedDb: [3, -2, 1], gainsDb: [1.7, -2.1, 1.2] })).toBe("What is left: up to 1.3 dB, around 80 Hz");
  expect(restLine({ freqHz, wantedDb: [0, 0, -6], gainsDb: [0, 0, -4] })).toBe("What is left: up to 2.0 dB, around 2.5 kHz");
  expect(restLine({ freqHz, wantedDb: [3, -2, 1], gainsDb: [2.6, -2.1, 1.2] })).toBe("The EQ does all of it, within 0.5 dB");
});
