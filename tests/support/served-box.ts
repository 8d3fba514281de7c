import { mkdtempSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { BoxCommands } from "../../src/server/box-commands.js";
import { WebGateway } from "../../src/server/web-gateway.js";
import { makePage } from "./page-folder.js";
import type { FakeBoxParts } from "./fake-box.js";
import { PhoneBox } from "./phone-box.js";
import { temporaryFolder } from "./temp-folder.js";
import { TestPhone } from "./test-phone.js";
import { until } from "./until.js";

/** A box with real phones, and a web process that serves it. */
export interface ServedBox {
  readonly box: PhoneBox;
  readonly gateway: WebGateway;
  readonly port: number;
  /** Folder of the socket and the phones. */
  readonly place: string;
  /** Puts the clock of the web process forward. */
  readonly clock: { skippedMs: number };
}

/** Starts boxes with their web processes on all addresses of this machine, and stops them after each test. */
export function servedBoxes(): { readonly start: (commands?: Partial<BoxCommands>, parts?: FakeBoxParts) => Promise<ServedBox>; readonly atEnd: (stop: () => Promise<void>) => void } {
  const folder = temporaryFolder();
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  return {
    atEnd: (stop) => void stops.push(stop),
    start: async (commands = {}, parts = {}) => {
      const place = mkdtempSync(join(folder.path, "p"));
      const box = await new PhoneBox(place, commands, parts).start();
      stops.push(() => box.fake.socket.stop());
      const clock = { skippedMs: 0 };
      const gateway = new WebGateway({
        socketPaths: [join(place, "box.sock")], pageFolder: makePage(join(place, "page")), names: ["localhost"],
        nowMs: () => performance.now() + clock.skippedMs, log: () => undefined,
      });
      await gateway.start({ port: 0, host: "0.0.0.0" });
      stops.push(() => gateway.stop());
      const { port } = gateway.address as AddressInfo;
      await until(() => box.fake.socket.pagePort === port);
      return { box, gateway, port, place, clock };
    },
  };
}

/** A phone that was paired before and connects now. */
export async function paired({ box, port }: ServedBox, options: ConstructorParameters<typeof TestPhone>[2] & { readonly role?: "control" | "view" } = {}): Promise<TestPhone> {
  const { phone, key } = await box.book.add(options.name ?? "Anna's phone", options.role ?? "control");
  return new TestPhone(port, { kind: "paired", phone, key }, options);
}
