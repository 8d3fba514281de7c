import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { ConnectionGuard } from "../../src/server/connection-guard.js";

class FakeSocket extends EventEmitter {
  isOpen = true;

  constructor(readonly remoteAddress: string) {
    super();
  }

  destroy(): void {
    this.isOpen = false;
    this.emit("close");
  }
}

function open(guard: ConnectionGuard, address: string, requests = 0): FakeSocket {
  const socket = new FakeSocket(address);
  guard.add(socket as unknown as Socket);
  for (let n = 0; n < requests; n++) guard.ask(socket as unknown as Socket);
  return socket;
}

const countOpen = (sockets: readonly FakeSocket[]): number => sockets.filter(({ isOpen }) => isOpen).length;

describe("the guard of the connections", () => {
  it("keeps 64 of strangers, whatever they have asked for, and takes the oldest from whoever has most", () => {
    const guard = new ConnectionGuard();
    const many = Array.from({ length: 200 }, (_, n) => open(guard, "10.0.0.1", n % 2));
    const other = open(guard, "10.0.0.2");
    expect(guard.size).toBe(64);
    expect(countOpen(many)).toBe(63);
    expect(other.isOpen).toBe(true);
    // Those that have asked for something outlive those that have not: of the 200 every second has.
    expect(countOpen(many.filter((_, n) => n % 2 === 1))).toBeGreaterThan(60);
  });

  it("counts all 2^64 addresses that a machine has by IPv6 as one", () => {
    const guard = new ConnectionGuard();
    const browser = Array.from({ length: 6 }, () => open(guard, "2001:db8:0:2::1"));
    for (let n = 0; n < 300; n++) open(guard, `2001:db8:0:1::${n.toString(16)}`, 1);
    expect(countOpen(browser)).toBe(6);
  });

  it("takes from 100 addresses those that ask for nothing, not the six connections of a browser that asks", () => {
    const guard = new ConnectionGuard();
    for (let n = 0; n < 64; n++) open(guard, `10.0.1.${n}`);
    const browser = Array.from({ length: 6 }, () => open(guard, "10.0.0.2", 1));
    for (let n = 64; n < 200; n++) open(guard, `10.0.1.${n}`);
    expect(countOpen(browser)).toBe(6);
    expect(guard.size).toBe(64);
  });

  it("lets a new one have its time to ask, though all others have asked", () => {
    const guard = new ConnectionGuard();
    for (let n = 0; n < 64; n++) open(guard, `10.0.1.${n}`, 1);
    expect(open(guard, "10.0.0.2").isOpen).toBe(true);
  });

  it("keeps 16 more for addresses of proved phones, and a proved phone itself always", () => {
    const guard = new ConnectionGuard();
    const phone = open(guard, "10.0.0.7", 1);
    guard.trust(phone as unknown as Socket);
    for (let n = 0; n < 200; n++) open(guard, `10.0.1.${n}`, n % 2);
    expect(guard.size).toBe(65);
    const files = Array.from({ length: 15 }, () => open(guard, "10.0.0.7"));
    expect(guard.size).toBe(80);
    for (let n = 0; n < 200; n++) open(guard, `10.0.2.${n}`, 1);
    expect(guard.size).toBe(80);
    expect(countOpen([phone, ...files])).toBe(16);
    for (let n = 0; n < 200; n++) open(guard, "10.0.0.7");
    expect(guard.size).toBe(80);
    expect(phone.isOpen).toBe(true);
  });
});
