import { expect, it } from "vitest";
import { phonesInOrder } from "../../src/dashboard/phones-in-order.js";
import { guessedName } from "../../src/dashboard/text.js";
import type { Phone } from "../../src/protocol/phones.js";

const phone = (id: string, isHere: boolean, lastSeen: string | null): Phone =>
  ({ id, name: id, role: "control", pairedAt: "2026-01-01T00:00:00.000Z", lastSeen, isHere });

it("lists this phone first, then those that are here, then those that were seen last", () => {
  const phones = [
    phone("old", false, "2026-01-02T00:00:00.000Z"), phone("never", false, null), phone("here", true, "2026-02-01T00:00:00.000Z"),
    phone("recent", false, "2026-02-02T00:00:00.000Z"), phone("me", true, "2026-01-03T00:00:00.000Z"),
  ];
  expect(phonesInOrder(phones, "me").map(({ id }) => id)).toEqual(["me", "here", "recent", "old", "never"]);
});

it.each([
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1", "iPhone"],
  ["Mozilla/5.0 (Linux; Android 13; Pixel 6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36", "Android · Chrome"],
  ["Mozilla/5.0 (Linux; Android 13; SM-A515F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36", "Android · Samsung"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Linux · Firefox"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", "Mac · Safari"],
  ["", "Phone"],
])("calls the browser %s %s", (agent, name) => {
  expect(guessedName(agent)).toBe(name);
});
