import { hostname, networkInterfaces } from "node:os";

/** IPv4, also as a socket for both versions of IP writes it. */
const IPV4 = /^(?:::ffff:)?((?:[0-9]{1,3}\.){3}[0-9]{1,3})$/;
const OF_THIS_MACHINE_ALONE = /^127\./;

/** What tells of the network of the machine. */
export interface NetworkFacts {
  networkInterfaces: typeof networkInterfaces;
  hostname: typeof hostname;
}

/**
 * The address at which phones reach this machine. A service without a network of its own cannot see it, but for the
 * connections that come in: until the first it is the name that mDNS tells of.
 */
export class OwnAddress {
  readonly #facts: NetworkFacts;
  #seen: string | undefined;

  constructor(facts: NetworkFacts = { networkInterfaces, hostname }) {
    this.#facts = facts;
  }

  /** Somebody came in by this address of the machine. */
  see(localAddress: string | undefined): void {
    const [, address] = IPV4.exec(localAddress ?? "") ?? [];
    if (address !== undefined && !OF_THIS_MACHINE_ALONE.test(address)) this.#seen = address;
  }

  /** An IPv4 address or a name; undefined without a network. */
  get address(): string | undefined {
    try {
      const all = Object.values(this.#facts.networkInterfaces()).flat();
      return all.find((each) => each !== undefined && !each.internal && each.family === "IPv4")?.address;
    } catch {
      // Without AF_NETLINK (systemd's RestrictAddressFamilies) the kernel does not tell.
      return this.#seen ?? `${this.#facts.hostname()}.local`;
    }
  }
}
