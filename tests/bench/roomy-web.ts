import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { WebGateway } from "../../src/server/web-gateway.js";

/** The web process with room for more phones than the product promises: `roomy-web SOCKET PHONES`. Prints its port. */
const [, , socketPath = "", phones = ""] = process.argv;
const gateway = new WebGateway({
  socketPaths: [socketPath], pageFolder: fileURLToPath(new URL("../../dashboard", import.meta.url)), names: ["localhost"],
  nowMs: () => performance.now(), log: () => undefined, maxPhones: Number(phones),
});
await gateway.start({ port: 0, host: "127.0.0.1" });
console.log((gateway.address as AddressInfo).port);
