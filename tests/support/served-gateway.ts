import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach } from "vitest";
import { WebGateway } from "../../src/server/web-gateway.js";
import { makePage } from "./page-folder.js";
import { temporaryFolder } from "./temp-folder.js";

/** Web processes without a box, on all addresses of this machine, with a clock that can be stopped, put forward and broken. */
export function servedGateways(): {
  readonly start: () => Promise<{ readonly gateway: WebGateway; readonly port: number }>;
  readonly clock: { isStanding: boolean; skippedMs: number };
  readonly breakDown: (isBroken: boolean) => void;
} {
  const folder = temporaryFolder();
  const pageFolder = makePage(join(folder.path, "page"));
  const clock = { isStanding: false, skippedMs: 0 };
  const gateways: WebGateway[] = [];
  let isBroken = false;
  afterEach(async () => {
    clock.isStanding = isBroken = false;
    for (const gateway of gateways.splice(0)) await gateway.stop();
  });
  const nowMs = (): number => {
    if (isBroken) throw new Error("The clock stands still.");
    return clock.skippedMs + (clock.isStanding ? 0 : performance.now());
  };
  return {
    clock,
    breakDown: (broken) => void (isBroken = broken),
    start: async () => {
      const gateway = new WebGateway({ socketPaths: [join(folder.path, "none.sock")], pageFolder, names: ["localhost"], nowMs, log: () => undefined });
      await gateway.start({ port: 0, host: "0.0.0.0" });
      gateways.push(gateway);
      return { gateway, port: (gateway.address as AddressInfo).port };
    },
  };
}
