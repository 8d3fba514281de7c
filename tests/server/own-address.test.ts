import type { NetworkInterfaceInfo } from "node:os";
import { expect, it } from "vitest";
import { OwnAddress } from "../../src/server/own-address.js";

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({ address, internal, family: "IPv4", netmask: "", mac: "", cidr: null });

it("is the first IPv4 address of the network, and none without a network", () => {
  const of = (...all: NetworkInterfaceInfo[]): string | undefined => new OwnAddress({ networkInterfaces: () => ({ any: all }), hostname: () => "box" }).address;
  expect(of(ipv4("127.0.0.1", true), ipv4("192.168.1.7"), ipv4("10.0.0.2"))).toBe("192.168.1.7");
  expect(of(ipv4("127.0.0.1", true))).toBeUndefined();
});

it("is the name of the machine where the network is hidden, then the address by which somebody came", () => {
  const networkInterfaces = (): never => {
    throw new Error("uv_interface_addresses returned Unknown system error 97");
  };
  const own = new OwnAddress({ networkInterfaces, hostname: () => "lacquer" });
  expect(own.address).toBe("lacquer.local");
  for (const nobody of [undefined, "127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1"]) own.see(nobody);
  expect(own.address).toBe("lacquer.local");
  own.see("::ffff:192.168.1.7");
  expect(own.address).toBe("192.168.1.7");
  own.see("10.0.0.2");
  expect(own.address).toBe("10.0.0.2");
});
