import { describe, expect, it } from "vitest";
import { pageAddresses } from "../../src/config/page-addresses.js";

const of = (address: string, family: "IPv4" | "IPv6", internal: boolean): never =>
  ({ address, family, internal, netmask: "", mac: "", cidr: null, scopeid: 0 }) as never;

describe("the addresses of the page", () => {
  it("are localhost and each IPv4 address that others see", () => {
    const interfaces = { lo: [of("127.0.0.1", "IPv4", true)], wlan0: [of("192.168.1.20", "IPv4", false), of("fe80::1", "IPv6", false)] };
    expect(pageAddresses(8080, interfaces)).toEqual(["http://localhost:8080", "http://192.168.1.20:8080"]);
  });

  it("leave out port 80, which browsers add", () => {
    expect(pageAddresses(80, {})).toEqual(["http://localhost"]);
  });
});
