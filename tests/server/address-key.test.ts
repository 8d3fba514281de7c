import { describe, expect, it } from "vitest";
import { addressKey } from "../../src/server/address-key.js";

describe("an address", () => {
  it.each([
    ["192.168.1.7", "192.168.1.7"], ["::ffff:192.168.1.7", "192.168.1.7"], ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"], ["2001:db8:1:2::9", "2001:db8:1:2"],
    ["fe80::1%wlan0", "fe80:0:0:0"], ["::1", "0:0:0:0"], ["2001:db8::", "2001:db8:0:0"], ["2001:0db8::7", "2001:db8:0:0"], ["", ""],
  ])("%s is %s: one machine, or the 2^64 addresses that one has by IPv6", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
